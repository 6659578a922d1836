"""The number book: no number is given twice, whatever lies in the folder and whoever asks."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from communique.numbering import NumberingError, create_release, create_translation
from tests.office import NEWSROOM, NOON, Office, newsroom_of

TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.open(tmp_path)


def next_in(
    office: Office, series: str, *, newsroom: str = NEWSROOM, today: dt.date = TODAY
) -> str:
    created = create_release(office.folder, newsroom_of(newsroom), series, None, "", today)
    return created.reference.text


@pytest.mark.parametrize(
    ("used", "series", "reference"),
    [
        ([], "E", "E-001/26"),
        (["E-001/26", "E-007/26"], "E", "E-008/26"),
        (["C-041/26"], "E", "E-042/26"),  # another series of the same kind
        (["N-041/26"], "E", "E-001/26"),  # another kind
        (["E-500/25"], "E", "E-001/26"),  # another year
        (["e-9/26"], "E", "E-010/26"),  # written carelessly
        (["E-999/26"], "E", "E-1000/26"),
    ],
)
def test_next_number_is_free_in_every_series_of_the_kind(
    office: Office, used: list[str], series: str, reference: str
) -> None:
    for each in used:
        office.write_release(each)

    assert next_in(office, series) == reference


@pytest.mark.parametrize(
    "text",
    [
        "---\nreference: E-007/26\ntitle: [never closed\n",
        "---\nreference : 'E-007/26' # ours\n---\n",
        '\ufeff---\r\n"reference": "E-007/26"\r\n---\r\n',
        "---\ntitle: x\nreference:\n  E-007/26\n---\n",
        "---\n  reference: E-007/26\n  title: x\n---\n",
    ],
)
def test_number_of_a_faulty_file_is_taken(office: Office, text: str) -> None:
    office.write("releases/any name.md", text)

    assert next_in(office, "C") == "C-008/26"


def test_number_that_is_declared_unused_is_passed_over(office: Office) -> None:
    office.write_release("E-007/26")

    reference = next_in(office, "E", newsroom=f"{NEWSROOM}unused_numbers: [C-008/26]\n")

    assert reference == "E-009/26"


@pytest.mark.parametrize("name", ["E-001-26.md", "2026/C-001-26.md", "deep/er/E-001-26.md"])
def test_number_of_a_file_that_says_nothing_is_that_of_its_name(office: Office, name: str) -> None:
    office.write(f"releases/{name}", "")

    assert next_in(office, "E") == "E-002/26"


@pytest.mark.parametrize(
    ("pattern", "used", "reference"),
    [
        ("{series}/{year:2}/{number:4}", ["E/25/0009", "E/26/0002"], "E/26/0003"),
        ("{series}-{year}.{number}", ["E-2025.9", "E-2026.2"], "E-2026.3"),
        ("{series}/{number}", ["E/11233"], "E/11234"),  # without a year, numbers run on
    ],
)
def test_numbers_follow_the_offices_pattern(
    office: Office, pattern: str, used: list[str], reference: str
) -> None:
    newsroom = f'{NEWSROOM}reference: "{pattern}"\n'
    for at, each in enumerate(used):
        office.write_release(each, name=str(at))

    assert next_in(office, "E", newsroom=newsroom) == reference


def test_numbers_begin_again_with_the_year(office: Office) -> None:
    office.write_release("E-500/26")

    assert next_in(office, "E", today=dt.date(2027, 1, 1)) == "E-001/27"


ASK = """
import sys
from communique.cli import run
sys.stdin.readline()
for _ in range(3):
    assert run(["new", sys.argv[1], "--now", "2026-03-02 09:00", *sys.argv[2:]]) == 0
"""


def test_officers_at_once_get_different_numbers(office: Office) -> None:
    asking = [["E"], ["C"], ["N", "--language", "en"], ["N", "--language", "es"]] * 2
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ASK, *arguments],
            cwd=office.root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for arguments in asking
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = "".join(process.communicate()[0] for process in processes)

    given = [line.split()[0] for line in said.splitlines()]
    releases = sorted(each.partition("-")[2] for each in given if each[0] in "EC")
    advisories = sorted(each for each in given if each[0] == "N")
    assert [process.returncode for process in processes] == [0] * 8
    assert releases == [f"{number:03}/26" for number in range(1, 13)]
    assert advisories == [f"N-{number:03}/26" for number in range(1, 13)]


@pytest.mark.parametrize(
    ("series", "language", "said"),
    [
        ("X", None, "there is no series X; known are E, C, N"),
        ("E", "es", "series E is in en, not in es"),
        ("N", "fr", "fr is not among the newsroom's languages"),
    ],
)
def test_what_cannot_be_numbered_is_refused(
    office: Office, series: str, language: str | None, said: str
) -> None:
    with pytest.raises(NumberingError) as caught:
        create_release(office.folder, newsroom_of(), series, language, "", TODAY)

    assert str(caught.value) == said
    assert not office.folder.releases.exists()


def translate(office: Office, original: str, language: str) -> tuple[str, str]:
    created = create_translation(office.folder, newsroom_of(), original, language)
    return created.path.relative_to(office.root).as_posix(), created.path.read_text()


def test_translation_keeps_everything_but_what_is_its_own(office: Office) -> None:
    office.write(
        "releases/2026/march/E-007-26.md",
        "---\r\nreference: E-007/26\r\ntitle: Quays\r\nembargo: 2026-03-09 10:00\r\n"
        "event:\r\n  what: Draft: a reading\r\ndraft : no\r\n---\r\n\r\nText.\r\n---\r\nMore.",
    )

    assert translate(office, "e-7/26", "es") == (
        "releases/2026/march/C-007-26.md",
        "---\nreference: C-007/26\ntitle: Quays\nembargo: 2026-03-09 10:00\n"
        "event:\n  what: Draft: a reading\ndraft: yes\n---\n\nText.\n---\nMore.",
    )


def test_translation_within_a_series_of_every_language_names_its_own(office: Office) -> None:
    office.write_release("N-003/26", "language: en", name="N-003-26.en")

    path, text = translate(office, "N-003/26", "es")
    assert path == "releases/N-003-26.es.md"
    assert text.startswith("---\nreference: N-003/26\nlanguage: es\ntitle: ")


def test_translation_lies_beside_a_release_whose_reference_has_no_year(office: Office) -> None:
    newsroom = newsroom_of(f'{NEWSROOM}reference: "{{series}}/{{number}}"\n')
    office.write_release("E/11234", name="2026/E-11234")

    created = create_translation(office.folder, newsroom, "E/11234", "es")
    assert created.path == office.folder.releases / "2026/C-11234.md"


@pytest.mark.parametrize(
    ("original", "language", "said"),
    [
        ("E-404/26", "es", "there is no release E-404/26"),
        ("nonsense", "es", "there is no release nonsense"),
        ("E-001/26", "fr", "fr is not among the newsroom's languages"),
        ("E-001/26", "en", "releases/E-001-26.md exists already"),
        (
            "E-002/26",
            "es",
            "releases/E-002-26.md has errors that keep it from being translated; "
            "`communique check` shows them",
        ),
    ],
)
def test_what_cannot_be_translated_is_refused(
    office: Office, original: str, language: str, said: str
) -> None:
    office.write_release("E-001/26")
    office.write("releases/E-002-26.md", "---\nreference: E-002/26\ntitle: never closed\n")

    with pytest.raises(NumberingError) as caught:
        translate(office, original, language)
    assert str(caught.value) == said


def test_kind_without_a_series_in_the_language_is_refused(office: Office) -> None:
    office.write_release("S-001/26")
    newsroom = newsroom_of(NEWSROOM.replace("  N: {", "  S: {kind: speech, language: en}\n  N: {"))

    with pytest.raises(NumberingError, match="no series of the kind `speech` is in es"):
        create_translation(office.folder, newsroom, "S-001/26", "es")


def test_new_release_can_be_read_and_is_a_draft(office: Office) -> None:
    title = 'Council: "rules" #3, don’t \\ and [more]'
    ran = office.run("new", "E", "--title", title)

    assert (ran.code, ran.out) == (0, "E-001/26  releases/2026/E-001-26.md\n")
    assert office.run("check").out == "1 release checked: no problems\n"
    assert NOON.date().isoformat() in (office.root / "releases/2026/E-001-26.md").read_text()
    assert office.build().published
    assert "E-001" not in repr(office.published())
