"""`communique correct` and `communique withdraw`: one entry more in a file that stays as it is."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from communique.amending import AmendingError, replace_file, write_moment
from tests.office import NOON, Office, newsroom_of

NOTE = "The last boat leaves at 23:30. An earlier version said 23:00."
ADDED = b"corrections:\n  - when: 2026-03-02 07:00\n    note: " + NOTE.encode() + b"\n"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.open(tmp_path)


def test_correction_is_noted_and_what_to_do_next_is_said(office: Office) -> None:
    path = office.write_release("E-007/26")
    before = path.read_bytes()

    ran = office.run("correct", "E-007/26", NOTE)

    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "E-007/26  en  correction noted in releases/E-007-26.md, line 5\n"
        "next: see that the text itself is right, then `communique check`; a build publishes it\n"
    )
    assert path.read_bytes() == before.replace(b"\n---\n\n", b"\n" + ADDED + b"---\n\n")
    assert office.run("check").out == "1 release checked: no problems\n"


def test_withdrawal_takes_the_text_off_and_the_reason_stands_in_its_place(office: Office) -> None:
    path = office.write_release("E-007/26", body="The secret text.")
    office.build()

    ran = office.run("withdraw", "E-007/26", "The vote will be repeated.")

    assert (ran.code, ran.err) == (0, "")
    assert (
        path.read_text()
        .split("---")[1]
        .endswith("\nwithdrawn:\n  when: 2026-03-02 07:00\n  reason: The vote will be repeated.\n")
    )
    office.build()
    assert "The vote will be repeated." in office.page("E-007/26/index.html")
    assert "secret" not in office.page("E-007/26/index.html")


def test_file_keeps_its_bytes_permissions_and_place(office: Office, tmp_path: Path) -> None:
    before = (
        b"\xef\xbb\xbf---\r\nreference: E-007/26   # seven\r\ntitle:   T\r\ndate: 2026-03-01\r\n"
        b"\r\n---\r\nText\r\n\r\nno line break at the end"
    )
    kept_elsewhere = tmp_path / "elsewhere.md"
    kept_elsewhere.write_bytes(before)
    kept_elsewhere.chmod(0o640)
    (tmp_path / "releases").mkdir()
    link = tmp_path / "releases/E-007-26.md"
    link.symlink_to(kept_elsewhere)

    assert office.run("correct", "E-007/26", NOTE).code == 0

    added = ADDED.replace(b"\n", b"\r\n")
    assert kept_elsewhere.read_bytes() == before.replace(b"---\r\nText", added + b"---\r\nText")
    assert kept_elsewhere.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *(".communique", "elsewhere.md", "newsroom.yaml", "releases"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        *("E-007/26", "e-7/26", "releases/E-007-26.md", "E-007/26/"),
        "https://press.example.org/E-007/26/",
    ],
)
def test_release_is_known_by_any_of_its_names(office: Office, name: str) -> None:
    path = office.write_release("E-007/26")

    assert office.run("correct", name, NOTE).code == 0
    assert ADDED in path.read_bytes()


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (("draft: yes",), "E-007/26 (en) is a draft: nobody has read it yet; change its text"),
        (
            ("embargo: 2026-03-02 15:00",),
            "E-007/26 (en) is not public before 2026-03-02 15:00 EST: nobody has read it yet; "
            "change its text",
        ),
        (
            ("date: 2026-04-01",),
            "E-007/26 (en) is not public before 2026-04-01 00:00 EDT: nobody has read it yet; "
            "change its text",
        ),
        (
            ("withdrawn: {when: 2026-03-02, reason: Sent in error}",),
            "E-007/26 (en) was withdrawn on 2026-03-02 already",
        ),
        (
            ("withdrawn: {when: 2026-03-05, reason: Sent in error}",),
            "E-007/26 (en) is to be withdrawn on 2026-03-05 already",
        ),
        (
            ("date: yesterday",),
            "releases/E-007-26.md has errors; `communique check` shows them",
        ),
        (
            ('corrections: ""', 'withdrawn: ""'),
            "the keys in releases/E-007-26.md are written in a way that `KEY` cannot be added to; "
            "write it by hand",
        ),
    ],
)
@pytest.mark.parametrize("command", ["correct", "withdraw"])
def test_what_cannot_be_corrected_is_refused_in_a_sentence(
    office: Office, command: str, lines: tuple[str, ...], problem: str
) -> None:
    path = office.write_release("E-007/26", *lines)
    before = path.read_bytes()

    ran = office.run(command, "E-007/26", NOTE)

    key = "corrections" if command == "correct" else "withdrawn"
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"error: {problem.replace('KEY', key)}\n"
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("E-999/26", NOTE), 1, "error: there is no release E-999/26"),
        (("E-007/26", " \n"), 1, "error: say in a sentence what readers have to know"),
        (("E-007/26", "a\x07b"), 1, "error: the sentence has a character that does not show"),
        (("E-007/26", "a\udce9b"), 1, "error: the sentence has a character that does not show"),
        (("E-007/26", NOTE, "--all", "--language", "en"), 2, "Error: --language is for one"),
        (("E-007/26", NOTE, "--language", "es"), 1, "error: E-007/26 is not there in es, only"),
        (("N-001/26", NOTE), 2, "Error: N-001/26 is there in en, es: say which, as in --language"),
    ],
)
def test_wrong_words_change_nothing(
    office: Office, arguments: tuple[str, ...], code: int, words: str
) -> None:
    paths = [
        office.write_release("E-007/26"),
        office.write_release("N-001/26", "language: en", name="n.en"),
        office.write_release("N-001/26", "language: es", name="n.es"),
    ]
    before = [path.read_bytes() for path in paths]

    ran = office.run("correct", *arguments)

    assert ran.code == code
    assert words in ran.err
    assert [path.read_bytes() for path in paths] == before


def test_number_that_stands_in_two_files_is_refused(office: Office) -> None:
    office.write_release("E-007/26")
    office.write_release("E-007/26", name="other")

    ran = office.run("correct", "E-007/26", NOTE)
    assert (ran.code, ran.err) == (
        1,
        "error: E-007/26 stands in two files, one of which is releases/other.md; "
        "`communique check` shows them\n",
    )


def test_one_version_is_chosen_by_its_language_and_the_others_are_named(office: Office) -> None:
    office.write_release("N-001/26", "language: en", name="n.en")
    spanish = office.write_release("N-001/26", "language: es", name="n.es")

    ran = office.run("correct", "N-001/26", NOTE, "--language", "es")

    assert ADDED in spanish.read_bytes()
    assert ran.out.splitlines()[0] == "N-001/26  es  correction noted in releases/n.es.md, line 6"
    assert ran.out.splitlines()[2] == ("not touched, though it is the same release: N-001/26 (en)")


def test_every_version_is_withdrawn_and_those_that_nobody_saw_are_passed_over(
    office: Office,
) -> None:
    english = office.write_release("E-007/26")
    spanish = office.write_release("C-007/26", "draft: yes")
    untouched = spanish.read_bytes()

    ran = office.run("withdraw", "E-007/26", "Sent in error.", "--all")

    assert b"withdrawn:" in english.read_bytes()
    assert spanish.read_bytes() == untouched
    assert ran.out.splitlines()[1] == (
        "left as it is: C-007/26 (es) is a draft: nobody has read it yet; change its text"
    )


def test_file_that_somebody_changed_meanwhile_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "release.md"
    path.write_bytes(b"changed by somebody else")

    with pytest.raises(AmendingError, match=r"release\.md was changed meanwhile"):
        replace_file(path, b"as it was read", b"with a correction")

    assert path.read_bytes() == b"changed by somebody else"
    assert [each.name for each in tmp_path.iterdir()] == ["release.md"]


@pytest.mark.parametrize(
    ("instant", "after", "written"),
    [
        ("2026-03-02 12:04:05", "2026-03-01 00:00:00", "2026-03-02 07:04"),
        ("2026-03-02 12:04:05", "2026-03-02 12:04:00", "2026-03-02 07:04:05"),
        ("2026-11-01 06:30:00", "2026-03-01 00:00:00", "2026-11-01 01:30-05:00"),
    ],
    ids=["minute", "second change within the minute", "hour that happens twice"],
)
def test_time_is_written_as_the_office_writes_it(instant: str, after: str, written: str) -> None:
    moments = [dt.datetime.fromisoformat(each).replace(tzinfo=dt.UTC) for each in (instant, after)]

    assert write_moment(moments[0], newsroom_of(), moments[1]) == written


def test_correction_after_a_correction_raises_the_release_once_more(office: Office) -> None:
    office.write_release("E-007/26")
    said = []
    for second in (0, 20):
        now = NOON + dt.timedelta(seconds=second)
        assert office.run("correct", "E-007/26", f"Number {second}.", now=now).code == 0
        office.build(now=now)
        said.append(office.page("E-007/26/index.html"))

    assert "2026-03-02T07:00:00-05:00" in said[0]
    assert "2026-03-02T07:00:20-05:00" in said[1]
