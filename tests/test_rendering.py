"""Tasks are rendered on several processes: none harms another, and all of them can be stopped."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from communique.build import stationery_of
from communique.diagnostics import Diagnostic, Span
from communique.holdings import read_holdings
from communique.layouts import LayoutError, Layouts
from communique.pdf_writer import PdfError
from communique.plan import plan_outputs
from communique.production import ARCHIVE_BATCH
from communique.rendering import (
    BATCH,
    BATCH_SIZE,
    PressHere,
    PressOfProcesses,
    Rendered,
    Task,
    Workbench,
    in_batches,
)
from communique.renditions.channels import ITEMS
from tests.office import NOON, Office
from tests.sampling import few_first

LAYOUTS = Layouts({}, {})
PATIENCE_S = 60


def shout(subject: str, workshop: Any) -> bytes:
    return subject.upper().encode()


def die(subject: str, workshop: Any) -> bytes:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody survives that")


def die_once(subject: str, workshop: Any) -> bytes:
    """Kill the process that comes first; `subject` is a file that tells the next one of it."""
    if Path(subject).exists():
        return b"at last"
    Path(subject).touch()
    return die(subject, workshop)


def fail(subject: str, workshop: Any) -> bytes:
    raise PdfError([f"no {subject}"])


def fail_as_a_template(subject: str, workshop: Any) -> bytes:
    raise LayoutError(Diagnostic("layout-broken", subject, Span.of_file("layouts/a.j2")))


def task(path: str, render: Any = shout, subject: str = "text", is_slow: bool = False) -> Task:
    return Task(path, render, subject, {}, {}, is_slow)


def rendered(*tasks: Task, jobs: int = 2) -> dict[str, Rendered]:
    with PressOfProcesses(LAYOUTS, jobs) as press:
        found = list(press.render(iter(tasks)))
    assert len({each.path for each in found}) == len(found)
    return {each.path: each for each in found}


def tell_process(subject: str, workshop: Any) -> bytes:
    return str(os.getpid()).encode()


def test_only_what_is_slow_is_sent_to_another_process() -> None:
    found = rendered(task("quick", tell_process), task("slow", tell_process, is_slow=True))

    assert found["quick"].data == str(os.getpid()).encode()
    assert found["slow"].data != found["quick"].data


@pytest.mark.parametrize("is_slow", few_first([True, False], 1))
def test_task_that_kills_its_process_takes_no_other_with_it(is_slow: bool) -> None:
    tasks = [task(str(at), is_slow=is_slow) for at in range(2 * BATCH + 5)]
    tasks[7:7] = [task("killer", die, is_slow=True)]

    found = rendered(*tasks)
    assert found.pop("killer") == Rendered("killer", None)
    assert {each.data for each in found.values()} == {b"TEXT"}
    assert len(found) == 2 * BATCH + 5


def test_task_whose_process_died_is_tried_once_more(tmp_path: Path) -> None:
    late = task("late", die_once, str(tmp_path / "came"), is_slow=True)
    found = rendered(late, task("other"))

    assert found == {"late": Rendered("late", b"at last"), "other": Rendered("other", b"TEXT")}


def test_task_that_died_twice_is_reported_in_an_officers_words(tmp_path: Path) -> None:
    office = Office.open(tmp_path)
    office.write_release("E-001/26")
    office.write_release("E-002/26")

    report = office.build(offers_pdf=True, press_of=PressThatLoses)
    assert [(each.code, each.span.path) for each in report.diagnostics] == [
        ("rendering-crashed", "releases/E-001-26.md")
    ]
    assert report.stopped
    assert not office.folder.build.exists()


class PressThatLoses(PressHere):
    """A press whose process dies with the PDF of E-001/26; of others it prints none for real."""

    def render(self, tasks: Iterable[Task]) -> Iterator[Rendered]:
        for each in tasks:
            if each.is_slow:
                lost = each.path.endswith("E-001-26.pdf")
                yield Rendered(each.path, None if lost else b"%PDF")
            else:
                yield from super().render([each])


@pytest.mark.parametrize("render", [fail, fail_as_a_template])
def test_mistake_comes_back_from_another_process_as_it_was(render: Any) -> None:
    (here,) = PressHere(LAYOUTS).render([task("a", render, "glyph")])

    there = rendered(task("a", render, "glyph"), task("b"))
    assert there["b"].data == b"TEXT"
    assert there["a"].data is None
    assert type(there["a"].error) is type(here.error)
    assert str(there["a"].error) == str(here.error)


def test_results_are_those_of_one_process_with_any_number(tmp_path: Path) -> None:
    office = Office.open(tmp_path)
    for number in range(1, 4):
        office.write_release(f"E-{number:03}/26", "topics: [quays]")
    found = read_holdings(office.folder).value
    assert found is not None
    stationery = stationery_of(found, offers_pdf=True)
    outputs = [
        output for output in plan_outputs(found.catalogue.at(NOON), stationery) if not output.needs
    ]
    tasks = [
        Task(output.path, output.render, output.subject, {}, {}, output.path.endswith(".pdf"))
        for output in outputs
    ]

    here = {each.path: each for each in PressHere(found.layouts).render(tasks)}
    with PressOfProcesses(found.layouts, 2) as press:
        there = {each.path: each for each in press.render(tasks)}
    assert len(here) == len(tasks)
    assert there == here


def test_press_serves_again_after_a_process_died() -> None:
    with PressOfProcesses(LAYOUTS, 2) as press:
        list(press.render([task("killer", die, is_slow=True)]))

        assert [each.data for each in press.render([task("a")])] == [b"TEXT"]


def is_alive(process: int) -> bool:
    """Tell whether a process runs; one that only waits to be buried does not."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] not in "ZX"


def children_of(process: int) -> list[int]:
    return [
        int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()
    ]


def eventually(condition: Any) -> bool:
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_S:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def archive(tmp_path: Path) -> Office:
    """Return an office that has much to print; its pages are published already."""
    office = Office.open(tmp_path / "office")
    for number in range(1, 61):
        office.write_release(f"E-{number:03}/26", body="The council met.\n\n" * 40)
    office.build()
    return office


@pytest.fixture
def temporary() -> Iterator[Path]:
    """Return where a build puts its temporary files; its name is short, as those of sockets are."""
    with TemporaryDirectory() as folder:
        yield Path(folder)


def left_in(temporary: Path) -> list[str]:
    """Return the names of temporary files that a build of ours left; Python's own are its own."""
    return [each.name for each in temporary.glob("communique-*")]


def printing(office: Office, temporary: Path) -> tuple[subprocess.Popen[bytes], list[int]]:
    """Begin a build on two processes; return it and them as soon as they are at work."""
    process = subprocess.Popen(
        [sys.executable, "-m", "communique", "build", "--jobs", "2", "--now", "2026-03-02 12:00"],
        cwd=office.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary)},
        start_new_session=True,  # as a terminal has it: Ctrl-C reaches the whole group
    )
    work = office.folder.private / "work"
    # A page or PDF waits in the private folder: the processes are warm and rendering.
    assert eventually(lambda: work.is_dir() and any(work.iterdir()))
    children = children_of(process.pid)
    assert len(children) == 2
    return process, children


@pytest.mark.parametrize("sign", few_first([signal.SIGKILL, signal.SIGINT, signal.SIGTERM], 1))
def test_build_that_is_stopped_leaves_at_once_with_all_its_processes(
    archive: Office, temporary: Path, sign: signal.Signals
) -> None:
    before = archive.published()
    process, children = printing(archive, temporary)
    began = time.monotonic()
    if sign == signal.SIGINT:
        os.killpg(process.pid, sign)
    else:
        process.send_signal(sign)
    _, said = process.communicate(timeout=PATIENCE_S)  # its processes hold the pipe open as well
    took_s = time.monotonic() - began

    assert process.returncode == (130 if sign == signal.SIGINT else -sign)
    assert took_s < 5
    assert eventually(lambda: not any(map(is_alive, children)))
    assert archive.published() == before
    assert eventually(lambda: left_in(temporary) == [])
    assert b"Traceback" not in said
    assert (b"stopped" in said) == (sign == signal.SIGINT)


def test_build_leaves_no_temporary_file(tmp_path: Path, temporary: Path) -> None:
    office = Office.open(tmp_path / "office")
    office.write_release("E-001/26")
    subprocess.run(
        [sys.executable, "-m", "communique", "build", "--jobs", "2", "--now", "2026-03-02 12:00"],
        cwd=office.root,
        env={**os.environ, "TMPDIR": str(temporary)},
        check=True,
        capture_output=True,
    )

    assert (office.folder.build / "E-001/26/E-001-26.pdf").is_file()
    assert left_in(temporary) == []


class QuickPress(PressHere):
    """A press that prints PDFs in no time, and notes what was published before each of them."""

    def __init__(self, layouts: Layouts, office: Office, faulty: str = "") -> None:
        super().__init__(layouts)
        self.office = office
        self.faulty = faulty
        self.bench = Workbench(layouts)
        self.printed: list[str] = []
        self.new_before: list[int] = []
        """Of each PDF, how many of the new look were published when it was printed."""

    def render(self, tasks: Iterable[Task]) -> Iterator[Rendered]:
        look = b"%PDF " + self.bench.layouts.data("print/print.css")[-40:]
        for each in tasks:
            if not each.is_slow:
                yield self.bench.do(each)
                continue
            self.new_before.append(self.count_of(look))
            self.printed.append(each.path)
            if each.path == self.faulty:
                yield Rendered(each.path, None, PdfError(["a letter has no glyph"]))
            else:
                yield Rendered(each.path, look)

    def count_of(self, look: bytes) -> int:
        """Return how many of the PDFs printed so far are published."""
        paths = (self.office.folder.build / path for path in self.printed)
        return sum(path.is_file() and path.read_bytes() == look for path in paths)


RELEASES = ITEMS + ARCHIVE_BATCH + 10


@pytest.fixture(scope="module")
def printed_archive(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Return an office that published more PDFs than the feed states and a batch takes."""
    office = Office.open(tmp_path_factory.mktemp("archive") / "office")
    for number in range(1, RELEASES + 1):
        office.write_release(f"E-{number:03}/26")
    report = office.build(offers_pdf=True, press_of=partial(QuickPress, office=office))
    assert len(report.published) > RELEASES
    return office


def restyle(printed_archive: Office, folder: Path, faulty: str = "") -> tuple[Office, QuickPress]:
    """Return a copy of the office with another print stylesheet, and a press for it."""
    shutil.copytree(printed_archive.root, folder / "office", symlinks=True)
    office = Office(folder / "office")
    office.build(offers_pdf=True, press_of=partial(QuickPress, office=office))
    shipped = Path(__file__).parents[1] / "layouts/print/print.css"
    office.write(
        "layouts/print/print.css", shipped.read_text(encoding="utf-8") + "/* another look */" * 3
    )
    checked = read_holdings(office.folder).value
    assert checked is not None
    return office, QuickPress(checked.layouts, office, faulty)


def test_pdfs_in_another_look_are_published_newest_first_and_in_batches(
    printed_archive: Office, tmp_path: Path
) -> None:
    office, press = restyle(printed_archive, tmp_path)

    report = office.build(offers_pdf=True, press_of=lambda layouts: press)
    newest_first = [f"E-{number:03}/26/E-{number:03}-26.pdf" for number in range(RELEASES, 0, -1)]
    assert not report.failed
    assert press.printed == newest_first
    # The feed states the size of the newest; the others follow when these are published.
    batches = [0] * ITEMS + [ITEMS] * ARCHIVE_BATCH + [ITEMS + ARCHIVE_BATCH] * 10
    assert press.new_before == batches
    assert {reason for _, reason in report.reasons} <= {
        "a layout file changed",
        "the size of a file that it states changed",
    }
    assert office.build(offers_pdf=True, press_of=lambda layouts: press).published == ()


@pytest.mark.long
def test_one_document_that_fails_in_another_look_holds_up_no_other(
    printed_archive: Office, tmp_path: Path
) -> None:
    faulty = "E-003/26/E-003-26.pdf"
    office, press = restyle(printed_archive, tmp_path, faulty)
    old = (office.folder.build / faulty).read_bytes()

    report = office.build(offers_pdf=True, press_of=lambda layouts: press)
    assert [(each.code, each.span.path) for each in report.diagnostics] == [
        ("pdf-problem", "releases/E-003-26.md")
    ]
    assert (report.failed, report.stopped) == (True, False)
    assert (office.folder.build / faulty).read_bytes() == old
    look = b"%PDF " + press.bench.layouts.data("print/print.css")[-40:]
    assert press.count_of(look) == RELEASES - 1
    press.faulty = ""
    again = office.build(offers_pdf=True, press_of=lambda layouts: press)
    assert again.published == (faulty,)


def test_document_that_fails_in_another_look_is_said_with_exit_code_1(tmp_path: Path) -> None:
    office = Office.open(tmp_path)
    for number in range(1, ITEMS + 3):
        office.write_release(f"E-{number:03}/26")
    office.build(offers_pdf=True, press_of=partial(QuickPress, office=office))
    template = (Path(__file__).parents[1] / "layouts/print/release.html.j2").read_text()
    broken = "{% if release.number == 1 %}{{ release.colour }}{% endif %}"
    office.write("layouts/print/release.html.j2", template + broken)

    ran = office.run("build", "--format", "short", "--now", "2026-03-02 12:00")
    assert ran.code == 1
    assert "error[layout-broken]" in ran.err
    assert ran.err.endswith("not everything could be made again: 1 error\n")
    assert ran.out.startswith("published ")
    assert (office.folder.build / "E-001/26/E-001-26.pdf").read_bytes().startswith(b"%PDF ")
    assert (office.folder.build / "E-002/26/E-002-26.pdf").read_bytes().startswith(b"%PDF-1")


def test_large_files_are_not_held_in_memory_together() -> None:
    def large(size: int) -> Task:
        return Task("a", shout, "text", {"digest": bytes(size)}, {}, is_slow=False)

    sizes = [BATCH_SIZE // 2, BATCH_SIZE // 2, 1, BATCH_SIZE, *([1] * BATCH)]

    batches = in_batches(map(large, sizes))

    assert [len(batch) for batch in batches] == [2, 2, BATCH]
