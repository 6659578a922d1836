"""`communique check`: everything that is wrong at once; only what matters fails."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from tests.office import NEWSROOM, Office

FAULT = "topics: [unheard-of]"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office.open(tmp_path)
    office.write_release("E-001/26")
    return office


def test_sound_newsroom_has_no_problems(office: Office) -> None:
    ran = office.run("check")

    assert (ran.code, ran.out, ran.err) == (0, "1 release checked: no problems\n", "")
    left = sorted(path.name for path in office.root.iterdir())
    assert left == [".communique", "newsroom.yaml", "releases"]


@pytest.mark.parametrize(
    ("state", "code", "said"),
    [
        ("", 1, "2 releases checked: 1 error\n"),
        ("embargo: 2027-01-01 10:00", 1, "2 releases checked: 1 error\n"),
        ("draft: yes", 0, "2 releases checked: 1 warning\n"),
    ],
)
def test_mistake_in_a_draft_is_a_warning(office: Office, state: str, code: int, said: str) -> None:
    office.write_release("E-002/26", FAULT, *([state] if state else []))

    ran = office.run("check")
    assert (ran.code, ran.out) == (code, said)
    assert "[unknown-topic]: " in ran.err


def test_release_that_leads_nowhere_is_not_passed_over(office: Office) -> None:
    link = office.root / "releases/E-002-26.md"
    link.symlink_to(office.root / "elsewhere.md")

    lost = office.run("check", "--format", "short")
    office.write(
        "elsewhere.md", "---\nreference: E-002/26\ntitle: A\ndate: 2026-03-01\n---\n\nA.\n"
    )
    found = office.run("check")
    assert (lost.code, found.code) == (1, 0)
    assert lost.err.startswith("releases/E-002-26.md:1:1: error[file-unreadable]: ")
    assert found.out == "2 releases checked: no problems\n"


def test_all_files_are_checked_at_once(office: Office) -> None:
    office.write_release("E-002/26", FAULT)
    office.write_release("E-003/26", "date: yesterday")
    office.write_release("E-001/26", name="again")
    office.write("newsroom.yaml", NEWSROOM.replace("quays: {en: Quays, es", "quays: {es"))

    said = office.run("check", "--format", "short")
    assert said.code == 1
    assert said.out == ""
    assert [line.partition(":")[0] for line in said.err.splitlines()] == [
        "newsroom.yaml",
        "releases/E-001-26.md"
        if "E-001-26.md:2" in said.err.splitlines()[1]
        else "releases/E-002-26.md",
        "releases/E-003-26.md",
        "releases/again.md",
    ]


def test_every_line_of_json_is_a_problem(office: Office) -> None:
    office.write_release("E-002/26", FAULT, "date: yesterday")

    ran = office.run("check", "--format", "json")
    rows = [json.loads(line) for line in ran.err.splitlines()]
    assert ran.out == ""
    assert {row["path"] for row in rows} == {"releases/E-002-26.md"}
    assert {tuple(row) for row in rows} == {
        ("code", "severity", "message", "help", "path", "line", "column", "end_line", "end_column")
    }


def test_check_names_what_lies_ahead_in_its_own_zone_and_the_newsrooms(tmp_path: Path) -> None:
    office = Office.open(tmp_path)
    office.write_release("E-001/26", "embargo: 2026-03-02 15:00 Europe/Paris")
    office.write_release("E-002/26", "embargo: 2026-03-02 15:00")
    office.write_release("E-003/26", "embargo: 2026-03-02 15:00", "draft: yes")
    office.write_release("E-004/26", "date: 2026-03-08")

    ran = office.run("check")

    assert ran.out.splitlines()[1:] == [
        "E-001/26 (en): embargoed until 2026-03-02 09:00 EST (2026-03-02 15:00 Europe/Paris)",
        "E-002/26 (en): embargoed until 2026-03-02 15:00 EST",
        "E-004/26 (en): scheduled for 2026-03-08 00:00 EST",
    ]
    assert office.run("check", now=dt.datetime(2026, 3, 9, tzinfo=dt.UTC)).out.count("\n") == 1


def test_check_names_the_first_of_many_that_lie_ahead(tmp_path: Path) -> None:
    office = Office.open(tmp_path)
    for number in range(1, 13):
        office.write_release(f"E-{number:03}/26", "date: 2026-03-08")

    assert office.run("check").out.splitlines()[-1] == "and 2 more; `communique list` shows all"
