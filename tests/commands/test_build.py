"""`communique build`: what it says, and how it leaves."""

from __future__ import annotations

import datetime as dt
import json
import time
from pathlib import Path

import pytest

from communique.processes import fork_context
from communique.publishing import only_one
from tests.office import NOON, Office, never_waits


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
    office.write_release("E-003/26")
    assert "build/mine.txt" in office.run("build", "--no-pdf").err
    assert "build/mine.txt" in office.run("build", "--no-pdf", "--verify").err


def test_reason_is_given_for_each_file_that_is_made_again(office: Office) -> None:
    office.run("build", "--no-pdf")
    office.write("layouts/page/release.html.j2", "{{ release.title }}")
    office.write_release("N-002/26", "language: en")

    said = office.run("build", "--no-pdf", "--explain").out.splitlines()
    assert "build/E-001/26/index.html: a layout file changed" in said
    assert "build/N-002/26/en/index.html: it is new" in said
    assert "build/en/index.html: what it shows changed" in said
    assert "build/404.html" not in " ".join(said)


def test_file_that_somebody_changed_is_restored_when_all_are_looked_at(office: Office) -> None:
    office.run("build", "--no-pdf")
    before = office.published()
    office.write("build/E-001/26/index.html", "defaced")

    trusting = office.run("build", "--no-pdf")
    verified = office.run("build", "--no-pdf", "--verify", "--explain")
    assert trusting.out.startswith("published 0 files ")
    assert verified.out.splitlines() == [
        "build/E-001/26/index.html: the file in build/ was changed or removed",
        f"published 1 file to build/, {len(before) - 1} unchanged, 0 removed",
    ]
    assert office.published() == before


def test_edition_that_was_rendered_ahead_is_published_at_its_instant(office: Office) -> None:
    office.write_release("E-002/26", "embargo: 2026-03-02 07:30")
    early = office.run("build", "--no-pdf").out

    late = office.run("build", "--no-pdf", now=NOON + dt.timedelta(minutes=30))
    assert "E-002" not in early
    assert "which were rendered ahead, 0 removed\n" in late.out
    assert "Title of E-002/26" in office.page("en/index.html")


def test_what_keeps_the_next_edition_from_being_rendered_is_a_warning(office: Office) -> None:
    template = "{% if release.number == 2 %}{{ release.colour }}{% endif %}"
    office.write("layouts/page/release.html.j2", template)
    office.write_release("E-002/26", "embargo: 2026-03-02 07:30")

    early = office.run("build", "--no-pdf", "--format", "short")
    late = office.run("build", "--no-pdf", now=NOON + dt.timedelta(minutes=30))
    assert early.code == 0
    assert early.err.startswith("layouts/page/release.html.j2:1:1: warning[layout-broken]: ")
    assert late.code == 1
    assert not (office.folder.build / "E-002").exists()


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_number_of_processors_makes_no_difference(
    office: Office, tmp_path: Path, jobs: str
) -> None:
    twin = Office.open(tmp_path / "twin")
    twin.write_release("E-001/26")

    assert office.run("build", "--no-pdf").code == 0
    assert twin.run("build", "--no-pdf", "--jobs", jobs).code == 0
    assert twin.published() == office.published()


def test_build_on_no_processor_is_refused(office: Office) -> None:
    assert office.run("build", "--jobs", "0").code == 2


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


def test_process_that_is_still_ending_keeps_no_build_waiting(office: Office) -> None:
    with only_one(office.folder.private / "build.lock", never_waits):
        child = fork_context().Process(target=time.sleep, args=(20,))  # type: ignore[attr-defined]
        child.start()

    ran = office.run("build", "--no-pdf")
    child.kill()
    child.join()
    assert (ran.code, ran.err) == (0, "")
