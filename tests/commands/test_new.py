"""`communique new`: the next number, and the file to fill in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.office import NEWSROOM, Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.open(tmp_path)


def test_skeleton_has_the_keys_to_fill_in_and_is_a_draft(office: Office) -> None:
    assert office.run("new").out == "E-001/26  releases/2026/E-001-26.md\n"

    assert (office.root / "releases/2026/E-001-26.md").read_text() == (
        '---\nreference: E-001/26\ntitle: ""\ndate: 2026-03-02\nsummary:\nplace:\ntopics: []\n'
        "draft: yes\n---\n\n"
    )


def test_series_may_be_written_small(office: Office) -> None:
    assert office.run("new", "c").out.startswith("C-001/26")


def test_series_of_every_language_begins_in_the_one_that_is_asked_for(office: Office) -> None:
    said = [office.run("new", "N", *language).out for language in ([], ["--language", "es"])]

    assert said == [
        "N-001/26  releases/2026/N-001-26.en.md\n",
        "N-002/26  releases/2026/N-002-26.es.md\n",
    ]
    assert "language: es\n" in (office.root / "releases/2026/N-002-26.es.md").read_text()


def test_date_is_the_offices(office: Office) -> None:
    just_after_midnight_gmt = dt.datetime(2026, 1, 1, 0, 30, tzinfo=dt.UTC)

    assert office.run("new", now=just_after_midnight_gmt).out.startswith("E-001/25")
    assert office.run("new", "--now", "2027-05-04").out.startswith("E-001/27")


def test_mistakes_in_other_releases_keep_nobody_from_beginning_one(office: Office) -> None:
    office.write("releases/faulty.md", "---\nreference: E-008/26\ntitle: [\n")

    ran = office.run("new")
    assert (ran.code, ran.out, ran.err) == (0, "E-009/26  releases/2026/E-009-26.md\n", "")


def test_faulty_settings_are_shown(office: Office) -> None:
    office.write("newsroom.yaml", NEWSROOM.replace("New_York", "New_Yorck"))

    ran = office.run("new")
    assert ran.code == 1
    assert "error[unknown-time-zone]" in ran.err
    assert ran.err.endswith("1 error\n")
    assert not office.folder.releases.exists()


def test_unknown_series_is_named_with_those_there_are(office: Office) -> None:
    ran = office.run("new", "x")

    assert (ran.code, ran.err) == (1, "error: there is no series X; known are E, C, N\n")


def test_translation_is_begun_under_the_same_number(office: Office) -> None:
    office.write_release("E-007/26")

    ran = office.run("new", "--translate", "E-007/26", "--language", "es")
    assert ran.out == "C-007/26  releases/C-007-26.md\n"
    again = office.run("new", "--translate", "E-007/26", "--language", "es")
    assert (again.code, again.err) == (1, "error: releases/C-007-26.md exists already\n")
