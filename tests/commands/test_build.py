"""`communique build`: what it says, and how it leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office.open(tmp_path)
    office.write_release("E-001/26")
    return office


def test_build_says_what_it_did(office: Office) -> None:
    first = office.run("build", "--no-pdf")
    assert first.code == 0
    number = len(office.published())
    assert first.out == f"published {number} files to build/, 0 unchanged, 0 removed\n"

    office.write_release("E-001/26", "draft: yes")
    second = office.run("build", "--no-pdf")
    removed = [line for line in second.out.splitlines() if line.startswith("removed ")]
    assert "removed build/E-001/26/index.html" in removed
    assert second.out.endswith(f", {len(removed)} removed\n")


def test_errors_are_shown_and_nothing_is_published(office: Office) -> None:
    office.write_release("E-002/26", "topics: [unheard-of]")

    ran = office.run("build", "--no-pdf")
    assert (ran.code, ran.out) == (1, "")
    assert "error[unknown-topic]" in ran.err
    assert ran.err.endswith("nothing was published: 1 error\n")
    assert not office.folder.build.exists()


@pytest.mark.parametrize("state", ["draft: yes", "embargo: 2026-03-02 10:00", "date: 2026-03-03"])
def test_errors_in_what_is_not_due_are_warnings(office: Office, state: str) -> None:
    office.write_release("E-002/26", "topics: [unheard-of]", state)

    ran = office.run("build", "--no-pdf")
    assert ran.code == 0
    assert "warning[unknown-topic]" in ran.err


def test_half_written_draft_that_others_name_stops_nobody(office: Office) -> None:
    office.write_release("E-001/26", "related: [E-002/26]")
    office.write_release("E-002/26", "topics: [unheard-of]", "draft: yes")

    ran = office.run("build", "--no-pdf")
    assert ran.code == 0
    assert "E-002" not in repr(office.published())


def test_json_is_all_that_programs_read(office: Office) -> None:
    office.write_release("E-002/26", "topics: [unheard-of]")
    office.write("build/mine.txt", "mine")

    stopped = office.run("build", "--no-pdf", "--format", "json")
    assert [json.loads(line)["code"] for line in stopped.err.splitlines()] == ["unknown-topic"]
    office.write_release("E-002/26")
    assert office.run("build", "--no-pdf", "--format", "json").err == ""
    assert "build/mine.txt" in office.run("build", "--no-pdf").err


@pytest.mark.parametrize(
    ("now", "is_public"),
    [
        ("2026-03-02 09:00", True),
        ("2026-03-02T09:00", True),
        ("2026-03-02 08:59", False),
        ("2026-03-02 14:00 UTC", True),
        ("2026-03-02T13:59:59Z", False),
        ("2026-03-02 15:00 Europe/Paris", True),
        ("2026-03-02 08:59 -05:00", False),
        ("2026-03-02", False),
        ("2026-03-03", True),
    ],
)
def test_now_is_read_as_officers_write_it(office: Office, now: str, is_public: bool) -> None:
    office.write_release("E-002/26", "embargo: 2026-03-02 09:00")

    assert office.run("build", "--no-pdf", "--now", now).code == 0
    assert (office.folder.build / "E-002/26/index.html").exists() == is_public


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (
            "tomorrow",
            "`tomorrow` is not a date as it is written here; write year, month and day in digits",
        ),
        ("2026-02-30", "`2026-02-30` does not exist: that month has 28 days"),
        ("2026-03-02 10:00 Bogota", "`Bogota` is not a time zone"),
        ("2026-03-08 02:30", "02:30 does not exist on 2026-03-08 in America/New_York"),
        ("2026-11-01 01:30", "happens twice on 2026-11-01 in America/New_York"),
    ],
)
def test_now_that_is_no_time_is_refused(office: Office, now: str, said: str) -> None:
    ran = office.run("build", "--no-pdf", "--now", now)

    assert ran.code == 2
    assert said in " ".join(ran.err.split())
    assert not office.folder.build.exists()
