"""Where the time goes, stage by stage: `python -m tests.bench.profile`.

A clock of processor time interrupts the program a thousand times a second; what has passed since is
booked on the innermost call that belongs to a stage of the tables below. So the program runs at its
own speed, and a table survives a change of the program's functions. Medians of several rounds.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from statistics import median
from types import FrameType

from communique.build import stationery_of
from communique.cli import communique
from communique.disk import NewsroomFolder
from communique.holdings import read_holdings
from communique.moments import read_moment
from communique.output import Stage
from communique.pdf_standard import DocumentInfo
from communique.pdf_writer import PdfWriter
from communique.plan import plan_outputs
from communique.renditions.pdf import LOGO, TEMPLATE, PdfSubject
from tests.bench.corpus import NOW, generate, write_newsroom

INTERVAL_S = 0.001

RELEASE_STAGES: tuple[tuple[str, str], ...] = (
    ("/communique/yaml_text.py", "YAML: nodes and places"),
    ("/yaml/", "YAML: nodes and places"),
    ("/communique/fields.py", "front matter: types (pydantic)"),
    ("/communique/front_matter.py", "front matter: types (pydantic)"),
    ("/pydantic", "front matter: types (pydantic)"),
    ("/communique/moments.py", "front matter: types (pydantic)"),
    ("/communique/markdown.py", "Markdown: ours (links, print, text)"),
    ("/markdown_it/", "Markdown: markdown-it-py"),
    ("/mdit_py_plugins/", "Markdown: markdown-it-py"),
    ("/communique/manuscript.py", "release: the rest of reading it"),
    ("/communique/", "communique/{module}"),
    ("/jinja2/", "Jinja2"),
    (".j2", "Jinja2"),
    ("/markupsafe/", "Jinja2"),
    ("/babel/", "Babel (dates)"),
    ("/feedgen/", "feedgen and lxml"),
    ("/click/", "progress bar (click)"),
    ("<frozen importlib", "imports"),
)
"""Part of a code's file name → stage; the first that fits. Other code counts for its caller."""

PDF_STAGES: tuple[tuple[str, str], ...] = (
    ("/tinyhtml5/", "HTML parsing"),
    ("/weasyprint/css/", "cascade and computed values"),
    ("/tinycss2/", "cascade and computed values"),
    ("/cssselect2/", "cascade and computed values"),
    ("/weasyprint/formatting_structure/", "boxes"),
    ("/weasyprint/text/", "text: Pango and HarfBuzz"),
    ("/weasyprint/layout/", "layout"),
    ("/weasyprint/draw/", "drawing"),
    ("/weasyprint/pdf/fonts.py", "fonts: subsetting"),
    ("/fontTools/", "fonts: subsetting"),
    ("/weasyprint/pdf/tags.py", "tags"),
    ("/weasyprint/pdf/stream.py", "drawing"),
    ("/weasyprint/pdf/", "PDF objects"),
    ("/pydyf/", "serialization and compression"),
    ("/weasyprint/svg/", "logo (SVG)"),
    ("/weasyprint/images.py", "logo (SVG)"),
    ("/weasyprint/stacking.py", "drawing"),
    ("/weasyprint/", "WeasyPrint, the rest"),
    ("/communique/", "communique: fetching, PDF/UA, checks"),
)
"""As `RELEASE_STAGES`."""


class Sampler:
    """Book processor time on stages."""

    def __init__(self, stages: Sequence[tuple[str, str]]) -> None:
        """Prepare to book on `stages`."""
        self._stages = stages
        self._known: dict[str, str | None] = {}
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Book what the block costs."""
        self._last = time.process_time()
        before = signal.signal(signal.SIGPROF, self._book)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL_S, INTERVAL_S)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)

    def _book(self, _number: int, frame: FrameType | None) -> None:
        # A long call into C is interrupted only at its end: the time that passed counts, not the
        # number of interruptions.
        now = time.process_time()
        self.seconds[self._stage_of(frame)] += now - self._last
        self._last = now

    def _stage_of(self, frame: FrameType | None) -> str:
        while frame is not None:
            file = frame.f_code.co_filename
            if file not in self._known:
                self._known[file] = self._find(file)
            stage = self._known[file]
            if stage is not None:
                return stage
            frame = frame.f_back
        return "elsewhere"

    def _find(self, file: str) -> str | None:
        for folder in ("/site-packages", "/src"):  # what lies above may bear any name
            _, found, below = file.rpartition(f"{folder}/")
            file = f"/{below}" if found else file
        for part, stage in self._stages:
            if part in file:
                return stage.format(module=file.removeprefix("/communique/"))
        return None


def profile_release(count: int, rounds: int) -> str:
    """Profile a build without PDFs from nothing; return a table of µs a release."""
    with tempfile.TemporaryDirectory() as folder:
        newsroom = Path(folder, "newsroom")
        write_newsroom(newsroom, generate(count))

        def clean() -> None:
            for name in ("build", ".communique"):
                shutil.rmtree(newsroom / name, ignore_errors=True)

        def build() -> None:
            arguments = ["build", "--no-pdf", "--now", NOW]
            with _within(newsroom):
                communique.main(arguments, standalone_mode=False)

        return _table(RELEASE_STAGES, clean, build, count, rounds, "a release", "µs", 1e6)


def profile_pdf(count: int, rounds: int) -> str:
    """Profile the printing of finished HTML; return a table of ms a document."""
    with tempfile.TemporaryDirectory() as folder:
        newsroom = Path(folder, "newsroom")
        write_newsroom(newsroom, generate(count))
        holdings = read_holdings(NewsroomFolder(newsroom)).value
        assert holdings is not None
        instant = read_moment(NOW, holdings.newsroom.time_zone)
        assert isinstance(instant, dt.datetime)
        stationery = stationery_of(holdings, True)
        layouts = stationery.layouts
        documents = []
        for output in plan_outputs(holdings.catalogue.at(instant), stationery):
            if output.stage == Stage.PDF and isinstance(output.subject, PdfSubject):
                release, site = output.subject.release, output.subject.site
                html = layouts.render(TEMPLATE, site, release=release)
                info = DocumentInfo(
                    title=release.title,
                    author=site.organization,
                    language=site.language,
                    subject=release.lead,
                    keywords=(release.reference,),
                    reference=release.reference,
                    created=release.published,
                    modified=release.updated,
                )
                documents.append((html, site.url + release.address, info))
        resources = {**layouts.below("print"), "logo.svg": layouts.data(LOGO)}
        with PdfWriter(layouts.data("print/print.css").decode(), resources) as writer:

            def print_all() -> None:
                for html, address, info in documents:
                    writer.write(html, address, info, {})

            return _table(
                PDF_STAGES, lambda: None, print_all, len(documents), rounds, "a PDF", "ms", 1e3
            )


def _table(
    stages: Sequence[tuple[str, str]],
    prepare: Callable[[], None],
    work: Callable[[], None],
    count: int,
    rounds: int,
    subject: str,
    unit: str,
    factor: float,
) -> str:
    """Run `work`, once to warm up, and write what each stage costs."""
    work()
    found = []
    for _ in range(rounds):
        prepare()
        sampler = Sampler(stages)
        with sampler.watching():
            work()
        found.append({name: factor * cost / count for name, cost in sampler.seconds.items()})
    names = {name for each in found for name in each}
    medians = {name: median(each.get(name, 0.0) for each in found) for name in names}
    whole = median(sum(each.values()) for each in found)
    lines = [f"| {subject} | {unit} | share |", "|---|--:|--:|"]
    for name, cost in sorted(medians.items(), key=lambda each: -each[1]):
        if cost >= whole / 500:
            lines.append(f"| {name} | {cost:.1f} | {cost / whole:.0%} |")
    lines.append(f"| **all** | **{whole:.1f}** | of {count:,}, {rounds} rounds |")
    return "\n".join(lines) + "\n"


@contextmanager
def _within(folder: Path) -> Iterator[None]:
    """Work in a folder, with nothing printed."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        with (
            Path(os.devnull).open("w") as nowhere,
            redirect_stdout(nowhere),
            redirect_stderr(nowhere),
        ):
            yield
    finally:
        os.chdir(before)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--releases", type=int, default=2_000)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    # With one processor, the program does everything in this process, where it is seen.
    os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
    for name, write, count in (
        ("release", profile_release, arguments.releases),
        ("PDF", profile_pdf, arguments.documents),
    ):
        print(f"profiling the {name}", file=sys.stderr, flush=True)
        print(write(count, arguments.rounds))


if __name__ == "__main__":
    main()
