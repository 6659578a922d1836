"""Versions of a release are compared when one of them changed, and what was found is kept."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.office import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return a newsroom in which a translation has another number than its original."""
    office = Office.open(tmp_path / "office")
    office.write_release("E-001/26", body="The mission has 24 observers.")
    office.write_release("C-001/26", body="La misión tiene 26 observadores.")
    return office


def said(office: Office) -> list[str]:
    lines = office.run("check", "--format", "short").err.splitlines()
    return [line.partition("[")[2].partition("]")[0] for line in lines]


def test_what_was_found_is_said_again_without_anything_being_opened(office: Office) -> None:
    assert said(office) == ["translation-number"]
    store = sqlite3.connect(office.folder.store_path())
    with store:
        store.execute("DELETE FROM facts")
    store.close()

    assert said(office) == ["translation-number"]


@pytest.mark.parametrize("reference", ["E-001/26", "C-001/26"])
def test_version_is_compared_again_when_either_changed(office: Office, reference: str) -> None:
    said(office)
    office.write_release(reference, body="25")

    assert said(office) == ["translation-number"]
    office.write_release("E-001/26", body="25")
    office.write_release("C-001/26", body="25")
    assert said(office) == []


def test_draft_of_a_translation_is_compared_before_it_is_public(office: Office) -> None:
    office.write_release("C-001/26", "draft: yes", body="La misión tiene 26 observadores.")

    assert said(office) == ["translation-number"]


@pytest.mark.parametrize(
    "line",
    ["withdrawn: {when: 2026-03-01, reason: Mistaken.}", "silence: {translation-number: so}"],
)
def test_version_is_left_alone(office: Office, line: str) -> None:
    office.write_release("C-001/26", line, body="La misión tiene 26 observadores.")

    assert said(office) == []


def test_version_that_went_is_compared_no_more(office: Office) -> None:
    said(office)
    (office.root / "releases/C-001-26.md").unlink()

    assert said(office) == []
