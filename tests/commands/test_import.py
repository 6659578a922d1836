"""`communique import`: releases that were written elsewhere, each brought in once."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from communique.bringing import importing
from communique.commands import importing as command
from tests.bringing.test_recognizing import ENGLISH
from tests.office import Office
from tests.word import ferries

LEGACY = (
    "Media Center\n\nPress Release\n\nQuay {0}\n\n  March 2, 2014\n\n{1}\n\nReference: E-{0}/14\n"
)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.open(tmp_path)


def legacy(office: Office, *numbers: str) -> None:
    for number in numbers:
        office.write(f"old/{number}.txt", LEGACY.format(number, ENGLISH))


def sources(office: Office) -> dict[str, bytes]:
    paths = office.folder.releases.rglob("*.*")
    return {path.name: path.read_bytes() for path in paths if path.is_file()}


def rows(office: Office) -> list[list[str]]:
    with (office.root / command.REPORT).open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.reader(file)][1:]


def test_legacy_text_is_published_without_a_touch(office: Office) -> None:
    legacy(office, "012")

    ran = office.run("import", "--published", "old/012.txt")
    assert (ran.code, ran.out, ran.err) == (0, "E-012/14  releases/2014/E-012-14.md\n", "")
    assert office.run("check").out == "1 release checked: no problems\n"
    assert office.build().diagnostics == ()
    assert ENGLISH in office.page("E-012/14/index.html")


def test_what_is_imported_is_a_draft_unless_it_was_published(office: Office) -> None:
    legacy(office, "012")
    office.write(
        "ahead.txt", LEGACY.format("013", ENGLISH).replace("2014", "2027").replace("/14", "/27")
    )

    office.run("import", "old/012.txt")
    office.run("import", "--published", "ahead.txt")
    drafts = [path.read_text().count("draft: yes") for path in office.folder.releases.rglob("*.md")]
    assert drafts == [1, 1]


def test_word_file_takes_the_next_number_and_its_pictures_lie_beside_it(office: Office) -> None:
    (office.root / "ferries.docx").write_bytes(ferries())
    office.write_release("E-007/26")

    ran = office.run("import", "ferries.docx", "--series", "e")
    assert (ran.code, ran.out) == (0, "E-008/26  releases/2026/E-008-26.md\n")
    assert "(<E-008-26-1.png>)" in (office.root / "releases/2026/E-008-26.md").read_text()
    assert office.run("check").out == "2 releases checked: no problems\n"


def test_without_pandoc_the_command_that_installs_it_is_said(office: Office) -> None:
    (office.root / "ferries.docx").write_bytes(ferries())
    without = "import sys; sys.modules['pypandoc'] = None; from communique.cli import main; main()"

    ran = subprocess.run(
        [sys.executable, "-c", without, "import", "ferries.docx"],
        cwd=office.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (
        3,
        "error: Word and HTML are read by pandoc, which is not installed: "
        "pip install 'communique[import]'\n",
    )


def test_notes_are_repeated_until_they_are_deleted(office: Office) -> None:
    office.write("new.txt", f"A quay for all\n\n{ENGLISH}\n\nE-012/26\n")

    ran = office.run("import", "--published", "new.txt")
    assert ran.out.endswith("  note: no date was found: write it into `date`\n")
    path = office.root / "releases/2026/E-012-26.md"
    assert "note[import-note]: no date was found" in office.run("check").err
    text = path.read_text()
    assert "draft: yes" in text
    path.write_text(
        text.replace('  - "no date was found: write it into `date`"\n', "").replace(
            "date:\n", "date: 2026-03-01\n"
        )
    )
    assert office.run("check").out == "1 release checked: no problems\n"


def test_number_that_is_taken_is_never_taken_again(office: Office) -> None:
    legacy(office, "012")
    path = office.write_release("E-012/14", "date: 2014-03-02")
    before = path.read_bytes()

    ran = office.run("import", "old/012.txt")
    assert (ran.code, ran.err) == (
        1,
        "error: old/012.txt was not imported: "
        "releases/E-012-14.md has the reference E-012/14 already\n",
    )
    assert path.read_bytes() == before
    assert [*office.folder.releases.rglob("*.md")] == [path]


def test_text_without_a_number_is_not_given_one_unasked(office: Office) -> None:
    office.write("new.txt", f"A quay for all\n\nMarch 2, 2026\n\n{ENGLISH}\n")

    ran = office.run("import", "new.txt")
    assert ran.code == 1
    assert "`--series E` gives it the next number" in ran.err


def test_folder_is_reported_on_in_figures_and_as_a_table(office: Office) -> None:
    legacy(office, "012", "013")
    office.write("old/doubt.txt", LEGACY.format("014", ENGLISH).replace("March 2, 2014", ""))
    office.write("old/=formula.txt", "A quay")
    office.write("old/.hidden.txt", "A quay")

    ran = office.run("import", "old", "--published")
    assert (ran.code, ran.out.splitlines()) == (
        1,
        [
            "4 files: 3 imported, 0 imported earlier, 1 not imported",
            "1 need eyes:",
            "  releases/2014/E-014-14.md: no date was found: write it into `date`",
            "import-report.csv says what became of each file",
        ],
    )
    assert [row[:2] for row in rows(office)] == [
        ["old/012.txt", "imported"],
        ["old/013.txt", "imported"],
        ["old/=formula.txt", "failed"],
        ["old/doubt.txt", "imported"],
    ]


def test_import_that_was_killed_goes_on_with_nothing_lost_or_twice(office: Office) -> None:
    legacy(office, "012", "013")
    office.write("old/unnumbered.txt", f"A quay for all\n\nMarch 2, 2026\n\n{ENGLISH}\n")
    office.run("import", "old", "--series", "E")
    before = sources(office)
    # As a kill leaves it: a line of a release that was not written yet, and one that is cut off.
    (office.root / "releases/2014/E-013-14.md").unlink()
    (office.root / "releases/2026/E-001-26.md").unlink()
    with (office.folder.private / importing.RECORDS).open("a") as file:
        file.write('\n{"digest": "cut o')

    ran = office.run("import", "old", "--series", "E")
    assert ran.out.startswith("3 files: 2 imported, 1 imported earlier, 0 not imported\n")
    assert sources(office) == before
    again = office.run("import", "old", "--series", "E")
    assert again.out.startswith("3 files: 0 imported, 3 imported earlier, 0 not imported\n")
    assert sources(office) == before


def test_formula_in_the_report_is_a_text() -> None:
    assert [command._as_text(each) for each in ("=1+1", "a=1", "")] == ["'=1+1", "a=1", ""]
