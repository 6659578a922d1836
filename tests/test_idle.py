"""A build that has nothing to do finds that out at once, and is never wrong about it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from communique.idle import files_standing
from tests.office import NEWSROOM, NOON, Office
from tests.sampling import few_of

HEAVY = (
    *("pydantic", "jinja2", "babel", "markdown_it", "weasyprint", "lxml"),
    *("PIL", "yaml", "feedgen", "starlette"),
)
HOUR = dt.timedelta(hours=1)
EARLIER_NS = 3_600_000_000_000


def settled(office: Office) -> Office:
    """Return an office whose files were written an hour ago, and which has just been built."""
    for path in office.root.rglob("*"):
        changed = path.stat().st_mtime_ns - EARLIER_NS
        os.utime(path, ns=(changed, changed))
    assert not office.build().diagnostics
    return office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return an office at rest; its next embargo ends two hours later."""
    office = Office.open(tmp_path / "office")
    office.write_release("E-001/26", "attachments: [{file: plan.txt, title: Plan}]")
    office.write_release("E-002/26", "date: 2026-02-27")
    office.write_release("E-003/26", "embargo: 2026-03-02 09:00")
    office.write("releases/plan.txt", "The plan.")
    office.write("layouts/assets/brand.css", ":root {}")
    return settled(office)


def is_idle(office: Office, now: dt.datetime = NOON, *, offers_pdf: bool = False) -> bool:
    return files_standing(office.folder, now, offers_pdf) is not None


def in_a_process(office: Office, now: dt.datetime) -> list[str]:
    """Build in a process of its own; return what it said, and which heavy modules it imported."""
    script = textwrap.dedent(f"""
        import datetime as dt, sys
        from communique.cli import run
        from communique.commands.common import Machine
        assert run(["build", "--no-pdf"], Machine(dt.datetime.fromisoformat("{now}"))) == 0
        print(sorted(set({HEAVY!r}) & set(sys.modules)))
        """)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=office.root, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_nothing_heavy_is_imported_where_nothing_changed(office: Office) -> None:
    number = len(office.published())

    assert in_a_process(office, NOON) == [
        f"published 0 files to build/, {number} unchanged, 0 removed",
        "[]",
    ]


def test_nothing_heavy_is_imported_to_publish_what_lies_ready(office: Office) -> None:
    said, imported = in_a_process(office, NOON + 2 * HOUR)

    assert "which were rendered ahead" in said
    assert imported == "[]"


def edit(path: str, text: str) -> Callable[[Office], object]:
    return lambda office: office.write(path, text)


def remove(path: str) -> Callable[[Office], object]:
    return lambda office: (office.root / path).unlink()


def replace_build(office: Office) -> None:
    """Put a copy in the place of `build/`, as somebody does who restores it from elsewhere."""
    shutil.copytree(office.folder.build, office.root / "copy")
    shutil.rmtree(office.folder.build)
    (office.root / "copy").rename(office.folder.build)


CHANGES: dict[str, Callable[[Office], object]] = {
    "release edited": lambda office: office.write_release("E-001/26", body="It dined."),
    "release added": lambda office: office.write_release("E-004/26"),
    "release removed": remove("releases/E-002-26.md"),
    "release renamed": lambda office: (office.root / "releases/E-002-26.md").rename(
        office.root / "releases/budget.md"
    ),
    "release touched": lambda office: os.utime(office.root / "releases/E-002-26.md"),
    "attachment edited": edit("releases/plan.txt", "Another."),
    "attachment removed": remove("releases/plan.txt"),
    "layout edited": edit("layouts/assets/brand.css", ":root { --brand: navy }"),
    "layout added": edit("layouts/page/release.html.j2", "{{ release.title }}"),
    "layout removed": remove("layouts/assets/brand.css"),
    "newsroom edited": edit("newsroom.yaml", NEWSROOM.replace("Press Desk", "Front Desk")),
    "build removed": lambda office: shutil.rmtree(office.folder.build),
    "build replaced": replace_build,
    "file in build removed": remove("build/index.html"),
    "ledger removed": remove(".communique/ledger.sqlite"),
}


@pytest.mark.parametrize(
    "change",
    few_of(CHANGES, {"release edited", "release removed", "layout edited", "build replaced"}),
)
def test_office_is_not_idle_after_a_change(
    office: Office, change: Callable[[Office], object]
) -> None:
    assert is_idle(office)
    change(office)

    assert not is_idle(office)


def test_office_is_idle_from_the_last_change_of_its_edition_to_the_next(office: Office) -> None:
    began = dt.datetime(2026, 3, 1, 5, tzinfo=dt.UTC)  # E-001/26: midnight in New York
    tick = dt.timedelta(microseconds=1)

    moments = [began - tick, began, NOON + 2 * HOUR - tick, NOON + 2 * HOUR]
    assert [is_idle(office, moment) for moment in moments] == [False, True, True, False]


def test_office_is_not_idle_when_pdfs_are_wanted_again(office: Office) -> None:
    assert not is_idle(office, offers_pdf=True)


def test_office_with_a_warning_is_never_idle(office: Office) -> None:
    office.write_release("E-004/26", "topics: [unheard-of]", "draft: yes")

    settled_with_warning = office.build()
    assert settled_with_warning.diagnostics
    assert not is_idle(office)
    assert "warning" in office.run("build", "--no-pdf").err


def test_change_within_the_tick_of_the_last_build_is_not_missed(office: Office) -> None:
    path = office.write_release("E-002/26", "date: 2026-02-27", body="It met.")
    later = path.stat().st_mtime_ns + EARLIER_NS  # as a clock shows that has not ticked since
    os.utime(path, ns=(later, later))
    office.build()
    path.write_text(path.read_text().replace("It met.", "It ate."))
    os.utime(path, ns=(later, later))

    assert not is_idle(office)
    office.build()
    assert "It ate." in office.page("E-002/26/index.html")


def test_note_of_a_build_is_void_once_another_has_published(office: Office) -> None:
    path = office.root / "releases/E-002-26.md"
    original = path.rename(office.root / "original.md")
    office.write_release("E-002/26", "date: 2026-02-27", body="By mistake.")
    office.write("build/E-002/26/notes.txt", "mine")
    assert office.build().unknown == ("E-002/26/notes.txt",)
    original.rename(path)  # the same file as before, to the nanosecond

    assert office.run("build", "--no-pdf").code == 0
    assert "By mistake." not in office.page("E-002/26/index.html")


def test_note_of_a_build_is_void_once_an_edition_rendered_ahead_is_published(
    tmp_path: Path,
) -> None:
    office = Office.open(tmp_path)
    notes = ("One o’clock.", "Two o’clock.")
    office.write_release(
        "E-001/26",
        f"corrections: [{{when: 2026-03-02 08:00, note: {notes[0]}}}, "
        f"{{when: 2026-03-02 09:00, note: {notes[1]}}}]",
    )
    settled(office)
    assert "rendered ahead" in office.run("build", "--no-pdf", now=NOON + HOUR).out
    assert notes[0] in office.page("E-001/26/index.html")

    office.run("build", "--no-pdf")  # the clock was wrong, and was put right
    assert notes[0] not in office.page("E-001/26/index.html")
