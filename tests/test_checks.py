"""The attentive editor notices what is amiss, in four languages, and keeps quiet otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from communique.diagnostics import Severity
from communique.idle import files_standing
from communique.premises import Premises
from tests.office import NOON, Office

OTHER_NAME = {"name": "E-002-26"}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return a newsroom with one release, whose file has another release's name."""
    office = Office.open(tmp_path / "office")
    office.write_release("E-001/26", **OTHER_NAME)
    return office


def test_note_is_shown_and_counted_by_check_which_succeeds(office: Office) -> None:
    human, short = office.run("check"), office.run("check", "--format", "short")

    assert human.code == short.code == 0
    assert "1 release checked: 1 note\n" in human.out
    assert "note[file-name]: " in human.err
    assert short.err.startswith("releases/E-002-26.md:2:12: note[file-name]: the file is named")


def test_build_neither_prints_notes_nor_is_kept_from_being_done(office: Office) -> None:
    built = office.run("build", "--no-pdf")

    assert (built.code, built.err) == (0, "")
    assert files_standing(Premises(office.root), NOON, offers_pdf=False) is not None


@pytest.mark.parametrize(
    ("severity", "code", "is_built"),
    [("off", 0, True), ("note", 0, True), ("warning", 0, True), ("error", 1, False)],
)
def test_newsroom_decides_what_is_made_of_a_finding(
    office: Office, severity: str, code: int, is_built: bool
) -> None:
    text = (office.root / "newsroom.yaml").read_text(encoding="utf-8")
    office.write("newsroom.yaml", f"{text}checks: {{file-name: {severity}}}\n")

    checked = office.run("check")
    built = office.build()

    assert checked.code == code
    assert (f"{severity}[file-name]" in checked.err) == (severity != "off")
    assert bool(built.published) == is_built
    shown = [(each.code, each.severity) for each in built.diagnostics]
    assert shown == (
        [("file-name", Severity(severity))] if severity in ("warning", "error") else []
    )


def test_finding_in_a_draft_is_no_error_and_a_note_stays_one(office: Office) -> None:
    office.write_release("E-001/26", "draft: yes", **OTHER_NAME)

    assert "note[file-name]" in office.run("check").err


def test_silence_with_a_reason_changes_no_page(office: Office) -> None:
    before = office.build()
    office.write_release("E-001/26", "silence: {file-name: it was filed so}", **OTHER_NAME)

    after = office.build()

    assert before.published
    assert after.published == ()
    assert office.run("check").err == ""
