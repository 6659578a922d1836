"""The one composition of the stages: from the newsroom's folder to `build/`.

What comes in: a `NewsroomFolder` and the instant. What goes out: a `BuildReport`. This is the way
of a release, from top to bottom; each stage is a module of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version

from communique.diagnostics import Diagnostic, Span
from communique.disk import FileChangedError, NewsroomFolder, program_digest
from communique.holdings import Holdings, read_holdings, weigh
from communique.layouts import LayoutError, Layouts
from communique.ledger import Record, open_ledger
from communique.output import Output, Stationery
from communique.pdf_standard import DocumentInfo
from communique.pdf_writer import PdfError, PdfWriter
from communique.plan import plan_outputs
from communique.publishing import (
    Finished,
    WorkFolder,
    obstacles,
    only_one,
    publish,
    stands,
    unknown_files,
)
from communique.release import Asset
from communique.renditions.pdf import LOGO
from communique.site import sites_of

LIBRARIES = ("babel", "feedgen", "jinja2", "markdown-it-py", "pillow", "pydyf", "weasyprint")
"""Whose versions may change the bytes of an output."""

Progress = Callable[[Sequence[Output]], Iterable[Output]]
"""Shows how far rendering has come: yields each output when it is about to be rendered."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did, or why it did nothing."""

    diagnostics: tuple[Diagnostic, ...]
    published: tuple[str, ...] = ()
    """Paths below `build/` that are new or changed."""
    removed: tuple[str, ...] = ()
    kept: int = 0
    unknown: tuple[str, ...] = ()
    """Files in `build/` that are not ours; they were left alone."""

    @property
    def stopped(self) -> bool:
        """Tell whether an error stopped the build; `build/` is as it was then."""
        return any(found.is_error for found in self.diagnostics)


def build(
    folder: NewsroomFolder,
    instant: dt.datetime,
    *,
    offers_pdf: bool,
    progress: Progress,
    on_wait: Callable[[], None],
) -> BuildReport:
    """Publish what the public may see at `instant`.

    An error in a release that would be public stops the build before anything is published.
    Raises: `communique.pdf_libraries.PdfUnavailableError` if a PDF is to be made and the machine
    lacks the libraries.
    """
    # Read only when it is our turn: else a build that waited would undo what was published since.
    with only_one(folder.private / "build.lock", on_wait):
        holdings = read_holdings(folder)
        if holdings.value is None:
            return BuildReport(holdings.diagnostics)
        found = weigh(holdings.diagnostics, lambda each: not each.is_due(instant), holdings.value)
        if any(each.is_error for each in found):
            return BuildReport(found)
        stationery = stationery_of(holdings.value, offers_pdf)
        outputs = plan_outputs(holdings.value.catalogue.at(instant), stationery)
        return _render_and_publish(folder, holdings.value, outputs, found, progress)


def stationery_of(holdings: Holdings, offers_pdf: bool) -> Stationery:
    """Return what the newsroom's editions are put on."""
    return Stationery(holdings.layouts, sites_of(holdings.newsroom), offers_pdf)


class Workbench:
    """What renderers use (see `communique.output.Workshop`); one serves a whole build."""

    def __init__(
        self, folder: NewsroomFolder, layouts: Layouts, size_of: Callable[[str], int]
    ) -> None:
        """Lay out the tools; the PDF writer is made when the first PDF is."""
        self._folder = folder
        self._layouts = layouts
        self._size_of = size_of

    @property
    def layouts(self) -> Layouts:
        """The look."""
        return self._layouts

    def read(self, asset: Asset) -> bytes:
        """Return the bytes of a file beside a release."""
        return self._folder.read(asset)

    def size_of(self, path: str) -> int:
        """Return the size in bytes of an output of an earlier stage."""
        return self._size_of(path)

    def write_pdf(
        self, html: str, base_url: str, info: DocumentInfo, files: Mapping[str, bytes]
    ) -> bytes:
        """Turn HTML into a PDF."""
        return self._pdf_writer.write(html, base_url, info, files)

    @cached_property
    def _pdf_writer(self) -> PdfWriter:
        stylesheet = self._layouts.data("print/print.css").decode()
        # One logo serves the pages and the letterhead.
        resources = {**self._layouts.below("print"), "logo.svg": self._layouts.data(LOGO)}
        return PdfWriter(stylesheet, resources)


def diagnostics_of(
    error: LayoutError | PdfError | FileChangedError, output: Output, holdings: Holdings
) -> Iterable[Diagnostic]:
    """Say in the officer's words what kept an output from being rendered, and in which file."""
    if isinstance(error, LayoutError):
        yield error.diagnostic
        return
    span = Span.of_file(f"build/{output.path}")
    for release in holdings.catalogue.releases:
        address = holdings.newsroom.address_of(release.reference, release.language)
        if output.path.startswith(address):
            span = release.span
    if isinstance(error, FileChangedError):
        yield Diagnostic("file-changed", str(error), span, help="build again")
        return
    for problem in error.problems:
        yield Diagnostic("pdf-problem", f"the PDF cannot be made: {problem}", span)


def _render_and_publish(
    folder: NewsroomFolder,
    holdings: Holdings,
    outputs: Sequence[Output],
    found: tuple[Diagnostic, ...],
    progress: Progress,
) -> BuildReport:
    with open_ledger(folder.private / "ledger.sqlite") as ledger:
        records = ledger.records()
        work = WorkFolder(folder.private / "work")
        try:
            finished, problems = _render(folder, holdings, outputs, records, work, progress)
            problems += _obstructions(folder, finished)
            if problems:
                return BuildReport((*found, *problems))
            planned = {output.path for output in outputs}
            gone = [record for path, record in records.items() if path not in planned]
            publish(folder.build, finished, gone, ledger)
        finally:
            work.remove()
        return BuildReport(
            found,
            published=tuple(each.path for each in finished),
            removed=tuple(record.path for record in gone),
            kept=len(outputs) - len(finished),
            unknown=unknown_files(folder.build, planned),
        )


def _render(
    folder: NewsroomFolder,
    holdings: Holdings,
    outputs: Sequence[Output],
    records: Mapping[str, Record],
    work: WorkFolder,
    progress: Progress,
) -> tuple[list[Finished], list[Diagnostic]]:
    """Render what does not stand in `build/` yet, into the private folder."""
    sizes = {path: record.size for path, record in records.items()}
    bench = Workbench(folder, holdings.layouts, sizes.__getitem__)
    program = " ".join([program_digest(), *(f"{name} {version(name)}" for name in LIBRARIES)])
    finished: list[Finished] = []
    problems: list[Diagnostic] = []
    for output in progress(outputs):
        if problems and output.needs:
            continue  # what it needs may be what failed
        try:
            fingerprint = output.fingerprint(holdings.layouts, sizes.__getitem__, program)
            if stands(folder.build, records.get(output.path), fingerprint):
                continue
            data = output.render(output.subject, bench)
        except (LayoutError, PdfError, FileChangedError) as error:
            problems.extend(diagnostics_of(error, output, holdings))
            continue
        sizes[output.path] = len(data)
        finished.append(work.keep(output.path, output.stage, fingerprint, data))
    return finished, list(dict.fromkeys(problems))


def _obstructions(folder: NewsroomFolder, finished: Iterable[Finished]) -> Iterable[Diagnostic]:
    """Report what stands in `build/` where a file or folder of ours must go."""
    for path in obstacles(folder.build, (each.path for each in finished)):
        place = "build" if path == "." else f"build/{path}"
        yield Diagnostic(
            "build-obstructed",
            f"`{place}` stands where this newsroom has something to publish",
            Span.of_file(place),
            help="no build has made it: move it elsewhere, then build again",
        )
