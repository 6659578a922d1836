"""`communique list`: every release and where it stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.office import Office

AT_NIGHT = ("E-006/26", "en", "2026-04-01")
IN_PARIS = ("E-005/26", "en", "2026-03-01")
EVERYWHERE = "2026-03-02 09:00 EST (2026-03-02 15:00 Europe/Paris)"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return a newsroom with a release of every status."""
    office = Office.open(tmp_path)
    office.write_release("E-001/26", "date: 2026-02-01")
    office.write_release("E-002/26", "corrections: [{when: 2026-03-02, note: The number}]")
    office.write_release("E-003/26", "withdrawn: {when: 2026-03-02, reason: Sent in error}")
    office.write_release("E-004/26", "draft: yes")
    office.write_release("E-005/26", "embargo: 2026-03-02 15:00 Europe/Paris")
    office.write_release("E-006/26", "date: 2026-04-01")
    office.write_release("N-001/26", "language: es", "title: 会议 aplazada")
    return office


def test_table_says_where_each_release_stands(office: Office) -> None:
    ran = office.run("list")

    assert (ran.code, ran.err) == (0, "")
    assert [line.rstrip() for line in ran.out.splitlines()] == [
        f"{reference}  {language}  {date}  {words:<68}  {title}"
        for reference, language, date, words, title in (
            (*AT_NIGHT, "scheduled for 2026-04-01 00:00 EDT", "Title of E-006/26"),
            (*IN_PARIS, f"embargoed until {EVERYWHERE}", "Title of E-005/26"),
            ("E-004/26", "en", "2026-03-01", "draft", "Title of E-004/26"),
            ("E-003/26", "en", "2026-03-01", "withdrawn", "Title of E-003/26"),
            ("E-002/26", "en", "2026-03-01", "corrected", "Title of E-002/26"),
            ("N-001/26", "es", "2026-03-01", "published", "会议 aplazada"),
            ("E-001/26", "en", "2026-02-01", "published", "Title of E-001/26"),
        )
    ]


def test_now_tells_where_they_will_stand(office: Office) -> None:
    said = office.run("list", "--now", "2026-03-02 15:00 Europe/Paris").out.splitlines()

    assert said[1].split()[3] == "published"


def test_json_has_the_same_for_other_programs(office: Office) -> None:
    rows = json.loads(office.run("list", "--json").out)

    assert [row["status"] for row in rows] == [
        *("scheduled", "embargoed", "draft", "withdrawn", "corrected", "published", "published"),
    ]
    assert rows[1] == {
        "reference": "E-005/26",
        "language": "en",
        "status": "embargoed",
        "date": "2026-03-01",
        "public_from": "2026-03-02T09:00:00-05:00",
        "title": "Title of E-005/26",
        "file": "releases/E-005-26.md",
        "url": "https://press.example.org/E-005/26/",
    }
    assert rows[5]["url"] == "https://press.example.org/N-001/26/es/"


def test_faulty_and_duplicate_files_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    office = Office.open(tmp_path)
    office.write("releases/faulty.md", "x")
    office.write_release("E-001/26", "title: First")
    office.write_release("E-001/26", "title: Second", name="second")

    ran = office.run("list")
    assert [line.split()[-1] for line in ran.out.splitlines()] == ["First", "Second"]
    assert ran.err == (
        "not listed, because it has errors: releases/faulty.md; `communique check` shows them\n"
    )


def test_empty_newsroom_says_what_to_do(tmp_path: Path) -> None:
    office = Office.open(tmp_path)

    assert office.run("list").out == "no releases yet; write one with `communique new`\n"
    assert json.loads(office.run("list", "--json").out) == []
