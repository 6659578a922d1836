"""Measure communique beside its peers: `make bench`, or `python -m tests.bench.run --help`.

Whole processes, timed from outside, in rounds: communique, then each peer, then communique again,
so that whatever the machine does meanwhile meets all of them. A figure is the median of the rounds
with the least and the most; a ratio is the median of the rounds' own ratios. The table goes to the
standard output, progress to the standard error stream.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from tests.bench import peers, programs
from tests.bench.corpus import EMBARGO, Item, embargoed, generate, release_path, write_newsroom
from tests.bench.measure import Run, run, weigh
from tests.bench.programs import COMMUNIQUE, ROOT, Program
from tests.bench.report import Row, ratio, table

FULL_SIZE = 20_000
"""Releases of the archive that the targets are for."""
CLI_DOCUMENTS = 10
"""How many documents the `weasyprint` command prints: it takes a second for each."""
EMBARGO_AHEAD = dt.timedelta(seconds=60)
"""How long before its instant a release is written: enough to render it ahead."""
MOST_REAL_PDFS = 5_000
"""Larger archives stand with stand-ins for PDFs (`stand_ins`); what is edited is printed."""
PAGE_LIMIT_KB, PDF_LIMIT_KB = 30, 60
MAIN_LIMIT_MB, WORKER_LIMIT_MB = 300, 200


@dataclass(frozen=True, slots=True)
class Bench:
    """What the cases are run with."""

    work: Path
    runs: int
    jobs: int
    documents: int
    """How many PDFs are printed to compare printers."""
    long_run: int
    """How many PDFs are printed to see whether memory stays flat."""
    has_jobs: bool
    """Whether `communique build` knows `--jobs`."""
    rows: list[Row]

    def rounds(self, program: Program) -> Iterable[int]:
        """Count the rounds, saying so."""
        for number in range(self.runs):
            say(f"    round {number + 1} of {self.runs} ({program.folder.parent.name})")
            yield number

    def jobs_option(self, jobs: int) -> tuple[str, ...]:
        """Return the option that sets the number of processes, if there is one."""
        return ("--jobs", str(jobs)) if self.has_jobs else ()

    def add(self, row: Row) -> None:
        """Keep a row, and show it."""
        self.rows.append(row)
        say(table([row]).splitlines()[-1])


@dataclass(frozen=True, slots=True)
class Archive:
    """One corpus, written for every program."""

    items: tuple[Item, ...]
    folder: Path

    @property
    def size(self) -> int:
        """Return how many releases there are."""
        return len(self.items)

    def peers(self) -> tuple[Program, Program, Program]:
        """Return the other programs."""
        return (
            programs.hugo(self.folder / "hugo"),
            programs.eleventy(self.folder / "eleventy"),
            programs.pelican(self.folder / "pelican"),
        )


def say(text: str) -> None:
    """Tell whoever waits how far it is."""
    print(text, file=sys.stderr, flush=True)


def archive_of(bench: Bench, size: int) -> Archive:
    """Return a corpus, written anew if what it is made of has changed."""
    items = generate(size)
    folder = bench.work / str(size)
    stamp, made_of = folder / "made-of", _digest()
    if not stamp.is_file() or stamp.read_text() != made_of:
        say(f"writing {size:,} releases for each program")
        shutil.rmtree(folder, ignore_errors=True)
        for name in ("ours", "ours-pdf"):
            write_newsroom(folder / name, items)
        for name, write in peers.WRITERS.items():
            write(folder / name, items)
        stamp.write_text(made_of)
    return Archive(items, folder)


def full_build(bench: Bench, archive: Archive) -> None:
    """Everything from nothing, without PDFs: on all cores, and on one."""
    mine, others = programs.ours(archive.folder / "ours", "--no-pdf"), archive.peers()
    for core, where in ((None, "all cores"), (0, "one core")):
        runs: dict[str, list[Run]] = {}
        for _ in bench.rounds(mine):
            for program in (mine, *others):
                program.clean()
                done = run(program.command, program.folder, core)
                program.verify(archive.items)
                runs.setdefault(program.name, []).append(done)
        ours = runs[mine.name]
        for other in others:
            theirs = runs[other.name]
            row = Row(
                f"everything, no PDFs, {where}",
                archive.size,
                seconds(ours),
                "s",
                other.name,
                seconds(theirs),
                note=f"processor {cpu(ours):.1f} s, {other.name} {cpu(theirs):.1f} s; "
                f"largest process {peak(ours):.0f} MB, {other.name} {peak(theirs):.0f} MB",
            )
            if other.name == "Hugo" and core is None:
                row = judged(row, 1, "≥ 1.0 (not slower than Hugo)")
            bench.add(row)


def nothing_changed(bench: Bench, archive: Archive) -> None:
    """Build again with nothing to do."""
    mine, other = standing(bench, archive), archive.peers()[0]
    ours: list[Run] = []
    theirs: list[Run] = []
    for _ in bench.rounds(mine):
        ours.append(run(mine.command, mine.folder))
        theirs.append(run(other.command, other.folder))
    fast_enough = archive.size == FULL_SIZE
    quick = Row(
        "nothing changed",
        archive.size,
        seconds(ours),
        "s",
        "Hugo",
        seconds(theirs),
    )
    bench.add(within(quick, 0.25) if fast_enough else quick)
    if fast_enough:
        bench.add(judged(quick, 40, "Hugo / ours ≥ 40"))


def one_edit(bench: Bench, archive: Archive) -> None:
    """Change the text of the newest release: its page, its PDF, lists and feeds."""
    mine, other = standing(bench, archive), archive.peers()[0]
    item = newest(archive)
    our_file = release_path(mine.folder, item)
    slug = item.reference.replace("/", "-")
    their_file = other.folder / "content" / item.language / f"{slug}.md"
    originals = {path: path.read_text(encoding="utf-8") for path in (our_file, their_file)}
    ours: list[Run] = []
    theirs: list[Run] = []
    for number in bench.rounds(mine):
        for program, path, runs in ((mine, our_file, ours), (other, their_file, theirs)):
            path.write_text(_edited(originals[path], number), encoding="utf-8")
            before = _pdf_time(mine, item)
            runs.append(run(program.command, program.folder))
            page = program.folder / program.output / item.address / "index.html"
            assert _mark(number) in page.read_text(encoding="utf-8"), program.name
            assert program is other or _pdf_time(mine, item) > before, "the PDF is the old one"
    for path, text in originals.items():
        path.write_text(text, encoding="utf-8")
    row = Row(
        "one release edited, its PDF included",
        archive.size,
        seconds(ours),
        "s",
        "Hugo, no PDF,",
        seconds(theirs),
    )
    bench.add(within(row, 1.0) if archive.size == FULL_SIZE else row)


def embargo_lifts(bench: Bench, archive: Archive) -> None:
    """Build at the very instant that one release becomes public, as a scheduled job does."""
    mine, other = standing(bench, archive), archive.peers()[0]
    page = mine.folder / mine.output / embargoed().address / "index.html"
    path = release_path(mine.folder, embargoed())
    original = path.read_text(encoding="utf-8")
    ours: list[Run] = []
    theirs: list[Run] = []
    for _ in bench.rounds(mine):
        instant = dt.datetime.now(dt.UTC).replace(microsecond=0) + EMBARGO_AHEAD
        text = original.replace(EMBARGO, f"{instant:%Y-%m-%d %H:%M:%S} UTC")
        path.write_text(text, encoding="utf-8")
        run(mine.command, mine.folder)
        assert not page.exists(), "the release is public before its time"
        time.sleep((instant - dt.datetime.now(dt.UTC)).total_seconds())
        lifted = run(mine.command, mine.folder)
        assert page.exists(), "the release is not public"
        assert "rendered ahead" in lifted.output
        ours.append(lifted)
        theirs.append(run(other.command, other.folder))
    path.write_text(original, encoding="utf-8")
    run(mine.command, mine.folder)
    assert not page.exists(), "the release is still public"
    row = Row(
        "an embargo lifts", archive.size, seconds(ours), "s", "Hugo, no PDF,", seconds(theirs)
    )
    bench.add(within(row, 0.5) if archive.size == FULL_SIZE else row)


def check_after_edit(bench: Bench, archive: Archive) -> None:
    """Check all releases after the text of one has changed."""
    mine = standing(bench, archive)
    path = release_path(mine.folder, newest(archive))
    original = path.read_text(encoding="utf-8")
    command = (COMMUNIQUE, "check")
    run(command, mine.folder)
    ours = []
    for number in bench.rounds(mine):
        path.write_text(_edited(original, number), encoding="utf-8")
        ours.append(run(command, mine.folder))
    path.write_text(original, encoding="utf-8")
    row = Row("`check` after one edit", archive.size, seconds(ours), "s")
    bench.add(within(row, 0.5) if archive.size == FULL_SIZE else row)


def printing(bench: Bench) -> None:
    """Print the same documents with each printer, on one core; then ours on several."""
    archive = archive_of(bench, bench.documents)
    count = archive.size
    mine = programs.ours(archive.folder / "ours-pdf", *bench.jobs_option(1))
    pages_only = programs.ours(archive.folder / "ours", "--no-pdf")
    sheets = archive.folder / "sheets"
    few = archive.folder / "few-sheets"
    python = ROOT / ".venv" / "bin" / "python"
    shutil.rmtree(sheets, ignore_errors=True)
    shutil.rmtree(few, ignore_errors=True)
    run((python, "-m", "tests.bench.sheets", mine.folder, sheets), ROOT)
    chosen = sorted(sheets.glob("*.html"))[:: max(1, count // CLI_DOCUMENTS)][:CLI_DOCUMENTS]
    shutil.copytree(sheets, few, ignore=shutil.ignore_patterns("*.html"))
    for sheet in chosen:
        shutil.copy(sheet, few)
    printers: dict[str, tuple[Path, int, tuple[str | Path, ...]]] = {
        "naive WeasyPrint loop": (sheets, count, (python, "-m", "tests.bench.naive", sheets)),
        "Chromium, one warm page": (sheets, count, (python, "-m", "tests.bench.chromium", sheets)),
        "`weasyprint` command": (few, len(chosen), ("sh", "-c", _each_alone(), "sh", few)),
    }
    whole: list[float] = []
    alone: list[float] = []
    theirs: dict[str, list[float]] = {name: [] for name in printers}
    our_cpu: list[float] = []
    their_cpu: dict[str, list[float]] = {name: [] for name in printers}
    for _ in bench.rounds(mine):
        pages_only.clean()
        without = run(pages_only.command, pages_only.folder, 0)
        mine.clean()
        done = run(mine.command, mine.folder, 0)
        mine.verify(archive.items, pdf=True)
        whole.append(1000 * done.seconds / count)
        alone.append(1000 * (done.seconds - without.seconds) / count)
        our_cpu.append(1000 * (done.cpu_s - without.cpu_s) / count)
        for name, (folder, documents, command) in printers.items():
            for old in folder.glob("*.pdf"):
                old.unlink()
            printed = run(command, ROOT, 0)
            assert len(list(folder.glob("*.pdf"))) == documents, name
            theirs[name].append(1000 * printed.seconds / documents)
            their_cpu[name].append(1000 * printed.cpu_s / documents)
    targets = {"naive WeasyPrint loop": 1.7, "Chromium, one warm page": 2.5}
    for name, figures in theirs.items():
        note = f"processor {median(our_cpu):.0f} ms, peer {median(their_cpu[name]):.0f} ms"
        if name.startswith("Chromium"):
            note = ""  # nobody waits for its children, so their processor time is unknown
        row = Row("a PDF, on one core", count, alone, "ms", name, figures, note=note)
        if name in targets:
            row = judged(row, targets[name], f"≥ {targets[name]} times")
        bench.add(row)
    note = "starting, pages, lists, feeds and publishing included"
    bench.add(Row("a PDF and all the rest, on one core", count, whole, "ms", note=note))
    _on_all_cores(bench, archive)


def _on_all_cores(bench: Bench, archive: Archive) -> None:
    """Print with one process and with several, in turns."""
    case = f"PDFs a second, {bench.jobs} jobs beside 1"
    if not bench.has_jobs:
        bench.add(Row(case, archive.size, (), "", note="`communique build` has no `--jobs` yet"))
        return
    one, several = (
        programs.ours(archive.folder / "ours-pdf", *bench.jobs_option(jobs))
        for jobs in (1, bench.jobs)
    )
    rates: dict[int, list[float]] = {1: [], bench.jobs: []}
    for _ in bench.rounds(one):
        for jobs, program in ((1, one), (bench.jobs, several)):
            program.clean()
            rates[jobs].append(archive.size / run(program.command, program.folder).seconds)
            program.verify(archive.items, pdf=True)
    faster = [b / a for a, b in zip(rates[1], rates[bench.jobs], strict=True)]
    bench.add(Row(case, archive.size, rates[bench.jobs], "/s", target="approach 20 on two cores"))
    bench.add(Row("PDFs a second, 1 job", archive.size, rates[1], "/s"))
    row = Row(f"times as fast with {bench.jobs} jobs", archive.size, faster, "×")
    bench.add(aimed(row, "≥ 1.9", median(faster) >= 1.9))


def memory(bench: Bench) -> None:
    """Watch the memory over a long run of PDFs."""
    archive = archive_of(bench, bench.long_run)
    program = programs.ours(archive.folder / "ours-pdf", *bench.jobs_option(bench.jobs))
    program.clean()
    found = weigh(program.command, program.folder)
    program.verify(archive.items, pdf=True)
    size = archive.size
    main = Row("memory of the main process", size, (found.main_mb,), "MB")
    bench.add(aimed(main, f"≤ {MAIN_LIMIT_MB} MB", found.main_mb <= MAIN_LIMIT_MB))
    if found.child_mb:
        worker = Row("memory of a worker", size, (found.child_mb,), "MB")
        bench.add(aimed(worker, f"≤ {WORKER_LIMIT_MB} MB", found.child_mb <= WORKER_LIMIT_MB))
    note = f"{found.early_mb:.0f} MB in the second quarter, {found.late_mb:.0f} MB in the last"
    growth = found.late_mb - found.early_mb
    flat = Row("growth of the largest process", size, (growth,), "MB", note=note)
    bench.add(aimed(flat, "flat (≤ 5 MB)", growth <= 5))
    bench.add(Row("memory of all processes together (PSS)", size, (found.total_mb,), "MB"))


def sizes(bench: Bench) -> None:
    """Weigh the page and the PDF of the sample newsroom's release."""
    folder = bench.work / "sample"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "newsroom.yaml", folder)
    shutil.copytree(ROOT / "releases", folder / "releases")
    run((COMMUNIQUE, "build"), folder)
    address = folder / "build" / "E-502" / "14"
    for name, limit in (("E-502-14.pdf", PDF_LIMIT_KB), ("index.html", PAGE_LIMIT_KB)):
        kilobytes = (address / name).stat().st_size / 1000
        row = Row(f"size of `E-502/14/{name}`", 1, (kilobytes,), "KB")
        bench.add(aimed(row, f"≤ {limit} KB", kilobytes <= limit))


PER_SIZE: dict[str, Callable[[Bench, Archive], None]] = {
    "full": full_build,
    "nothing": nothing_changed,
    "edit": one_edit,
    "embargo": embargo_lifts,
    "check": check_after_edit,
}
"""Cases that are measured on an archive of each size."""
ONCE: dict[str, Callable[[Bench], None]] = {
    "pdf": printing,
    "memory": memory,
    "size": sizes,
}


def standing(bench: Bench, archive: Archive) -> Program:
    """Return communique and leave Hugo where everything, PDFs too, is built and nothing changed."""
    mine = programs.ours(archive.folder / "ours-pdf", *bench.jobs_option(bench.jobs))
    if archive.size > MOST_REAL_PDFS:
        say(f"  building {archive.size:,} releases with stand-ins for PDFs, unless they stand")
        run((sys.executable, "-m", "tests.bench.stand_ins", mine.folder), ROOT)
    else:
        say(f"  building {archive.size:,} PDFs, unless they stand")
    run(mine.command, mine.folder)
    mine.verify(archive.items, pdf=True)
    other = archive.peers()[0]
    run(other.command, other.folder)
    other.verify(archive.items)
    return mine


def newest(archive: Archive) -> Item:
    """Return the newest release in the first language: every list and feed has it on top."""
    kinds = (each for each in reversed(archive.items) if each.kind == "release")
    return next(each for each in kinds if each.language == "en")


def seconds(runs: Iterable[Run]) -> list[float]:
    """Return how long each run took."""
    return [each.seconds for each in runs]


def cpu(runs: Iterable[Run]) -> float:
    """Return the processor time of a run in seconds, the median of several."""
    return median(each.cpu_s for each in runs)


def peak(runs: Iterable[Run]) -> float:
    """Return the most memory that one process of any run held, in megabytes."""
    return max(each.peak_mb for each in runs)


def judged(row: Row, least: float, target: str) -> Row:
    """Compare a row's ratio with the least that it should be."""
    return aimed(row, target, ratio(row) >= least)


def within(row: Row, most_s: float) -> Row:
    """Compare a row's median with the most that it may be."""
    return aimed(row, f"≤ {most_s} s", median(row.ours) <= most_s)


def aimed(row: Row, target: str, met: bool) -> Row:
    """Say what a row should have reached, and whether it did."""
    return replace(row, target=target, met=met)


def _mark(number: int) -> str:
    return f"edition {number} of this text"


def _edited(text: str, number: int) -> str:
    """Add a sentence to the first paragraph."""
    head, fence, body = text.rpartition("\n---\n\n")
    first, line_end, rest = body.partition("\n")
    return f"{head}{fence}{first} This is {_mark(number)}.{line_end}{rest}"


def _pdf_time(program: Program, item: Item) -> int:
    path = program.folder / program.output / item.address / f"{item.slug}.pdf"
    return path.stat().st_mtime_ns


def _each_alone() -> str:
    weasyprint = ROOT / ".venv" / "bin" / "weasyprint"
    return (
        f'for f in "$1"/*.html; do {weasyprint} -q --pdf-variant pdf/a-2a "$f" "${{f%.html}}.pdf"'
        " || exit; done"
    )


def _digest() -> str:
    """Return the digest of everything that a corpus is made of."""
    here = Path(__file__).parent
    files = [here / name for name in ("corpus.py", "texts.py", "peers.py")]
    files += [path for path in sorted((here / "sites").rglob("*")) if path.is_file()]
    files += sorted((ROOT / "layouts" / "phrases").iterdir())
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def _program() -> str:
    """Return the digest of the program and its look: a change makes every build a full one."""
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "layouts").rglob("*.*")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(files))).hexdigest()


def _head(arguments: argparse.Namespace, command: str) -> str:
    each = ", ".join(f"{name} {version}" for name, version in programs.versions().items())
    return (
        f"Measured on {arguments.date}. Median of {arguments.runs} rounds (least–most); the ratio "
        "is the median of the rounds' own.\n\n"
        f"- Machine: {programs.machine()}\n- Versions: {each}\n- Command: `{command}`\n"
    )


def main() -> None:
    """Run the cases that were asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", nargs="+", type=int, default=[500, 5_000, FULL_SIZE])
    parser.add_argument("--runs", type=int, default=5, help="rounds of each case")
    every = [*PER_SIZE, *ONCE]
    parser.add_argument("--cases", nargs="+", choices=every, default=every)
    parser.add_argument("--jobs", type=int, default=2, help="processes that print PDFs")
    parser.add_argument("--documents", type=int, default=200, help="PDFs to compare printers with")
    parser.add_argument("--long-run", type=int, default=5_000, help="PDFs to watch memory over")
    parser.add_argument("--date", required=True, help="the day, for the head of the table")
    parser.add_argument("--work", type=Path, default=ROOT / ".bench", help="where corpora are kept")
    arguments = parser.parse_args()
    arguments.work.mkdir(exist_ok=True)
    (arguments.work / ".gitignore").write_text("*\n")
    bench = Bench(
        arguments.work.resolve(),
        arguments.runs,
        arguments.jobs,
        arguments.documents,
        arguments.long_run,
        "--jobs" in programs.options_of_build(),
        [],
    )
    program = _program()
    for size in arguments.sizes:
        for name, measure in PER_SIZE.items():
            if name in arguments.cases:
                say(f"{name}, {size:,} releases")
                measure(bench, archive_of(bench, size))
    for name, measure_once in ONCE.items():
        if name in arguments.cases:
            say(name)
            measure_once(bench)
    if _program() != program:
        say("the program was changed meanwhile: these figures are of no use")
        sys.exit(1)
    print(_head(arguments, f"python -m tests.bench.run {' '.join(sys.argv[1:])}"))
    print(table(bench.rows))


if __name__ == "__main__":
    main()
