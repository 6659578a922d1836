"""`communique remember`: what was announced stays announced, or is withdrawn properly."""

from __future__ import annotations

import csv
import datetime as dt
from hashlib import sha256
from pathlib import Path

import pytest

from tests.office import NEWSROOM, NOON, Office

AFTERNOON = dt.datetime(2026, 3, 2, 21, tzinfo=dt.UTC)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return an office that has announced a release in English and one in two languages."""
    office = Office.open(tmp_path)
    office.write_release("E-001/26", "date: 2026-02-01", body="First.")
    office.write_release("N-001/26", "language: en", name="n.en")
    office.write_release("N-001/26", "language: es", name="n.es")
    office.write_release("E-002/26", "embargo: 2026-03-02 15:00")
    office.write_release("E-003/26", "draft: yes")
    return office


def remembered(office: Office) -> Office:
    assert office.run("remember").code == 0
    return office


def test_register_names_what_is_public_and_nothing_else(office: Office) -> None:
    ran = office.run("remember")

    digest = sha256((office.root / "releases/E-001-26.md").read_bytes()).hexdigest()
    rows = list(csv.reader((office.root / "announced.csv").read_text().splitlines()))
    assert (ran.code, ran.out) == (0, "noted 3 releases in announced.csv, 3 in all\n")
    assert rows[:2] == [
        ["reference", "language", "published", "address", "guid", "digest"],
        [
            *("E-001/26", "en", "2026-02-01T00:00:00-05:00", "E-001/26/"),
            *("tag:press.example.org,2026:E-001/26", digest),
        ],
    ]
    assert [row[:2] for row in rows[2:]] == [["N-001/26", "en"], ["N-001/26", "es"]]


def test_lines_that_are_there_stay_and_new_ones_follow(office: Office) -> None:
    remembered(office)
    register = office.root / "announced.csv"
    before = register.read_bytes().rstrip(b"\n").replace(b"\n", b"\r\n")
    register.write_bytes(b"\xef\xbb\xbf" + before)

    assert office.run("remember").out == "noted 0 releases in announced.csv, 3 in all\n"
    assert office.run("remember", now=AFTERNOON).out == (
        "noted 1 release in announced.csv, 4 in all\n"
    )

    after = register.read_bytes()
    assert after.startswith(b"\xef\xbb\xbf" + before + b"\r\nE-002/26,en,")
    assert after.count(b"\n") == after.count(b"\r\n") == 5


def test_two_copies_of_the_folder_note_the_same(office: Office, tmp_path: Path) -> None:
    other = Office.open(tmp_path / "copy")
    for path in (office.root / "releases").iterdir():
        other.write(f"releases/{path.name}", path.read_text())

    assert office.run("remember").code == other.run("remember", now=AFTERNOON).code == 0

    ours, theirs = (
        (each.root / "announced.csv").read_text().splitlines() for each in (office, other)
    )
    assert theirs[: len(ours)] == ours


def problems(office: Office, now: dt.datetime = NOON) -> list[tuple[str, str | None]]:
    report = office.build(now)
    return [(found.code, found.help) for found in report.diagnostics if found.is_error]


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("date: 2026-02-02",), "announced-date"),
        (("date: 2026-02-01", "embargo: 2026-02-01 10:00"), "announced-date"),
        (("date: 2026-02-01", "embargo: 2026-04-01 10:00"), "announced-date"),
        (("date: 2026-02-01", "draft: yes"), "announced-draft"),
        (("date: 2026-02-01", "title: Another title"), None),
        (("date: 2026-02-01", "withdrawn: {when: 2026-03-01, reason: An error}"), None),
        (("date: 2026-02-01", "corrections: {when: 2026-03-01, note: An error}"), None),
    ],
)
def test_change_that_readers_would_suffer_from_stops_the_build(
    office: Office, lines: tuple[str, ...], code: str | None
) -> None:
    remembered(office)
    office.build()
    before = office.published()

    office.write_release("E-001/26", *lines)

    found = problems(office)
    assert [each for each, _ in found] == ([code] if code else [])
    assert all("communique" in (advice or "") for _, advice in found)
    assert (office.published() == before) is (code is not None)


def test_release_that_is_gone_is_an_error_until_it_is_withdrawn_or_struck_out(
    office: Office,
) -> None:
    remembered(office)
    path = office.root / "releases/E-001-26.md"
    text = path.read_text()
    path.unlink()

    ran = office.run("build", "--no-pdf", "--format", "short")
    assert ran.code == 1
    assert ran.err.startswith(
        "announced.csv:2:1: error[announced-missing]: `E-001/26` (en) is no longer there, which "
        "was announced on 2026-02-01\n"
    )
    path.write_text(text)
    assert office.run("withdraw", "E-001/26", "An error.").code == 0
    assert problems(office) == []

    path.unlink()
    register = office.root / "announced.csv"
    lines = register.read_text().splitlines(keepends=True)
    register.write_text("".join(line for line in lines if "E-001" not in line))
    assert problems(office) == []


def test_release_whose_file_is_faulty_is_not_said_to_be_gone(office: Office) -> None:
    remembered(office)
    office.write_release("E-001/26", "date: 2026-02-30")

    assert [code for code, _ in problems(office)] == ["date-impossible"]


@pytest.mark.parametrize(
    ("old", "new", "code", "advice"),
    [
        (
            "url: https://press.example.org",
            "url: https://news.example.org",
            "announced-guid",
            "write `tag_authority: press.example.org` in `newsroom.yaml`",
        ),
        (
            "E: {kind: release, language: en}",
            "E: {kind: release, language: all}",
            "announced-address",
            "put back what `newsroom.yaml` said of the series `E`",
        ),
    ],
)
def test_change_of_the_newsroom_that_moves_what_was_announced_is_said_once(
    office: Office, old: str, new: str, code: str, advice: str
) -> None:
    (office.root / "releases/E-003-26.md").unlink()
    office.write_release("E-001/26", "date: 2026-02-01", "language: en")
    office.write_release("E-002/26", "language: en")
    assert office.run("remember", now=AFTERNOON).code == 0

    office.write("newsroom.yaml", NEWSROOM.replace(old, new))

    report = office.build(AFTERNOON)
    found = [each for each in report.diagnostics if each.code == code]
    assert [each.help for each in found] == [advice]
    assert ("and 3 others as well" in found[0].message) is (code == "announced-guid")
    assert report.published == ()


def test_office_without_a_register_is_left_alone(office: Office) -> None:
    office.build()
    (office.root / "releases/E-001-26.md").unlink()

    assert problems(office) == []
    assert not (office.root / "announced.csv").exists()


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        ("<<<<<<< HEAD", "delete this line and keep those on both sides of it"),
        ("E-009/26;en", "a line has 6 values with commas between: reference, language, "),
        ("E-009/26,en,2026-03-01T10:00,E-009/26/,tag:x,d", "a line has 6 values with commas"),
        ("E-009/26,en,yesterday,E-009/26/,tag:x,d", "a line has 6 values with commas"),
    ],
)
def test_line_that_is_none_is_shown_and_nothing_is_noted(
    office: Office, line: str, advice: str
) -> None:
    remembered(office)
    register = office.root / "announced.csv"
    register.write_text(register.read_text() + line + "\n")
    before = register.read_bytes()

    ran = office.run("remember", now=AFTERNOON)

    assert ran.code == 1
    assert "announced.csv:5:1" in ran.err
    assert f"= help: {advice}" in ran.err
    assert ran.err.endswith("nothing was noted: 1 error\n")
    assert register.read_bytes() == before


def test_nothing_is_noted_of_what_a_build_would_not_publish(office: Office) -> None:
    office.write_release("E-004/26", "date: 2026-02-30")

    ran = office.run("remember")
    assert ran.code == 1
    assert "error[date-impossible]" in ran.err
    assert not (office.root / "announced.csv").exists()


def test_build_with_nothing_else_to_do_sees_a_change_of_the_register(office: Office) -> None:
    remembered(office)
    assert office.run("build", "--no-pdf").code == 0
    assert office.run("build", "--no-pdf").code == 0
    register = office.root / "announced.csv"

    register.write_text(register.read_text().replace("2026-02-01T", "2026-02-03T"))

    assert "error[announced-date]" in office.run("build", "--no-pdf").err
