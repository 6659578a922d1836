"""The attentive editor notices what is amiss, in four languages, and keeps quiet otherwise."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from communique.checks import CODES, RULES, remarks_on_versions
from communique.checks.number_book import Book
from communique.checks.register import out_of_order, skipped
from communique.checks.related import unseen
from communique.checks.rule import AnyRule, BookRule, RelatedRule, Rule, VersionsRule
from communique.desk import Desk
from communique.diagnostics import Severity
from communique.glyphs import unprintable
from communique.idle import files_standing
from communique.instants import microseconds
from communique.manuscript import read_release
from communique.newsroom_file import read_newsroom
from communique.premises import Premises
from communique.release import Manuscript
from communique.source import Source
from tests.bench import corpus
from tests.harbour import ENGLISH, Beside
from tests.office import NOON, Office

TESTS = Path(__file__).parent
SERIES = {"en": "E", "es": "C", "pt": "P", "fr": "F"}
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
    assert "note[file-named-otherwise]: " in human.err
    assert short.err.startswith(
        "releases/E-002-26.md:2:12: note[file-named-otherwise]: the file is named"
    )


def test_build_counts_notes_once_and_is_not_kept_from_being_done(office: Office) -> None:
    built = office.run("build", "--no-pdf")

    assert (built.code, built.err) == (0, "")
    assert built.out.endswith("1 note on what was published: `communique check` shows them\n")
    assert "note" not in office.run("build", "--no-pdf").out
    assert files_standing(Premises(office.root), NOON, offers_pdf=False) is not None


@pytest.mark.parametrize(
    ("severity", "code"), [("off", 0), ("note", 0), ("warning", 0), ("error", 1)]
)
def test_newsroom_decides_what_is_made_of_a_finding(
    office: Office, severity: str, code: int
) -> None:
    make_of_file_names(office, severity)

    checked = office.run("check")

    assert checked.code == code
    assert (f"{severity}[file-named-otherwise]" in checked.err) == (severity != "off")


@pytest.mark.parametrize(("severity", "is_published"), [("warning", True), ("error", False)])
def test_build_shows_what_is_more_than_a_note(
    office: Office, severity: str, is_published: bool
) -> None:
    make_of_file_names(office, severity)

    report = office.build()

    assert bool(report.published) == is_published
    shown = [(found.code, found.severity) for found in report.diagnostics]
    assert shown == [("file-named-otherwise", Severity(severity))]


def make_of_file_names(office: Office, severity: str) -> None:
    text = (office.root / "newsroom.yaml").read_text(encoding="utf-8")
    office.write("newsroom.yaml", f"{text}checks: {{file-named-otherwise: {severity}}}\n")


def test_finding_in_a_draft_is_no_error_and_a_note_stays_one(office: Office) -> None:
    office.write_release("E-001/26", "draft: yes", **OTHER_NAME)

    assert "note[file-named-otherwise]" in office.run("check").err


def test_silence_with_a_reason_changes_no_page(office: Office) -> None:
    before = office.build()
    office.write_release(
        "E-001/26", "silence: {file-named-otherwise: it was filed so}", **OTHER_NAME
    )

    after = office.build()

    assert before.published
    assert after.published == ()
    assert office.run("check").err == ""


def test_silence_quiets_what_is_found_among_the_numbers(tmp_path: Path) -> None:
    office = Office.open(tmp_path / "office")
    for number in (1, 2, 3, 4):
        office.write_release(f"E-00{number}/26")
    office.write_release("E-006/26")
    assert "note[number-skipped]" in office.run("check").err

    office.write_release("E-006/26", "silence: {number-skipped: the minister took it}")

    assert office.run("check").err == ""


@dataclass(frozen=True)
class Line:
    """One text of `remarks.txt`."""

    code: str
    language: str
    is_found: bool
    text: str

    def __str__(self) -> str:
        return f"{self.code}: {self.text}"


def rows_of(name: str) -> Iterator[str]:
    text = (TESTS / name).read_text(encoding="utf-8")
    yield from (row for row in text.splitlines() if row and not row.startswith("# "))


def line_of(code: str, language: str, mark: str, text: str, found: str) -> Line:
    for written, meant in (
        ("⏎", "\n"),
        ("¶", "\n\n"),
        ("\\u00a0", "\u00a0"),
        ("\\u202f", "\u202f"),
    ):
        text = text.replace(written, meant)
    return Line(code, language, mark == found, text)


def lines_of(name: str) -> Iterator[Line]:
    code = ""
    for row in rows_of(name):
        if row.startswith("## "):
            code = row[3:]
        else:
            language, mark, text = row.split(" ", 2)
            yield line_of(code, language, mark, text, "✗")


def planted() -> Iterator[Line]:
    for row in rows_of("planted.txt"):
        language, mark, code, text = row.split(" ", 3)
        yield line_of(code, language, mark, text, "✓")


LINES = [*lines_of("remarks.txt")]


FONTS = TESTS.parent / "layouts/print/fonts"


@cache
def four_languages(checks: str = "") -> Desk:
    """Return the desk of a newsroom in which a check is on that is off elsewhere."""
    text = (TESTS / "cases/checks/newsroom.yaml").read_text(encoding="utf-8")
    source = Source.of_text("newsroom.yaml", f"{text}checks: {{{checks}}}\n")
    newsroom = read_newsroom(source).value
    assert newsroom is not None
    fonts = {path.name: path.read_bytes() for path in FONTS.iterdir()}
    marks = dict.fromkeys(SERIES, ENGLISH)
    return Desk(newsroom, marks, lambda path: Beside(), unprintable(fonts, None))


def found_in(language: str, text: str, *, switched_on: str = "") -> list[str]:
    """Return the codes of what is found in a text; keys of its release may stand before ``||``."""
    manuscript = manuscript_of(language, text, switched_on)
    return [found.code for found in manuscript.diagnostics]


def manuscript_of(language: str, text: str, switched_on: str = "") -> Manuscript:
    source = source_of(language, text)
    manuscript = read_release(source, four_languages(switched_on))
    assert manuscript.release is not None, manuscript.diagnostics
    return manuscript


def source_of(language: str, text: str) -> Source:
    head, _, body = text.rpartition(" || ")
    keys = dict(line.split(": ", 1) for line in head.splitlines())
    reference = f"{SERIES[language]}-502/14"
    if keys.pop("kind", "") == "advisory":
        reference, keys["language"] = "AVI-502/14", language
    keys = {"reference": reference, "title": "Title", "date": "2014-11-18", **keys}
    top = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return Source.of_text(f"releases/{language}.md", f"---\n{top}---\n\n{body}\n")


def found_between(original: str, language: str, version: str) -> list[str]:
    """Return the codes of what is found in a translation of an English text."""
    sources = [source_of("en", original), source_of(language, version)]
    by_path = {source.path: source for source in sources}
    facts = [read_release(source, four_languages()).facts for source in sources]
    found = remarks_on_versions(facts, four_languages().newsroom, by_path.get)
    return [each.code for each in found]


@pytest.mark.parametrize("line", LINES, ids=str)
def test_remark_is_made_where_it_is_due(line: Line) -> None:
    is_off = CODES[line.code].severity is None

    found = found_in(line.language, line.text, switched_on=f"{line.code}: note" * is_off)

    assert set(found) == ({line.code} if line.is_found else set())


def test_every_rule_is_shown_failing_and_passing() -> None:
    shown = {(line.code, line.is_found) for line in LINES}

    assert shown == {
        (rule.code, either)
        for rule in RULES
        if isinstance(rule, Rule) and rule.code != "file-named-otherwise"
        for either in (True, False)
    }


VERSIONS = [*lines_of("versions.txt")]


@pytest.mark.parametrize("line", VERSIONS, ids=str)
def test_version_is_remarked_where_it_differs_from_the_original(line: Line) -> None:
    original, version = line.text.split(" === ")

    found = found_between(original, line.language, version)

    assert set(found) == ({line.code} if line.is_found else set())


def test_every_rule_for_translations_is_shown_failing_and_passing_in_each_language() -> None:
    shown = {(line.code, line.is_found, line.language) for line in VERSIONS}

    assert shown == {
        (rule.code, either, language)
        for rule in RULES
        if isinstance(rule, VersionsRule)
        for either in (True, False)
        for language in ("es", "pt", "fr")
    }


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_example_of_the_manual_is_true(rule: AnyRule) -> None:
    assert set(codes_of_example(rule, rule.fails)) == {rule.code}
    assert codes_of_example(rule, rule.passes) == []


def codes_of_example(rule: AnyRule, example: str) -> list[str]:
    if isinstance(rule, RelatedRule):
        moment = microseconds(NOON)
        return [rule.code for _ in rule.look([*related_cards(example)], moment)]
    if isinstance(rule, VersionsRule):
        texts = [text.replace("\n---\n", " || ") for text in example.split("\n===\n")]
        return found_between(texts[0], "es", texts[1])
    if isinstance(rule, BookRule):
        return [rule.code for _ in rule.compare(book_of(example))]
    head, _, body = example.rpartition("\n---\n")
    if rule.code == "file-named-otherwise":
        file, reference = re.findall(r"`releases/(\S+)` with `reference: (\S+)`", example)[0]
        source = Source.of_text(
            f"releases/{file}", f"---\nreference: {reference}\ntitle: T\ndate: 2014-11-18\n---\n"
        )
        return [each.code for each in read_release(source, four_languages()).diagnostics]
    keys = [line for line in head.splitlines() if not line.startswith("language: ")]
    language = head.partition("language: ")[2][:2] or "en"
    kind = ["kind: advisory"] if rule.code == "time-without-zone" else []
    text = f"{chr(10).join([*keys, *kind])} || {body}" if keys or kind else body
    return found_in(language, text, switched_on=f"{rule.code}: note")


class Related(NamedTuple):
    """A release as `related` sees it."""

    path: str
    reference: str
    public_from: int
    draft: bool = False
    withdrawn: int | None = None
    related: tuple[str, ...] = ()


def related_cards(text: str) -> Iterator[Related]:
    """Read references with their dates and keys, a line each."""
    for line in text.splitlines():
        reference, date, *rest = line.split()
        keys = dict(key.split("=") for key in rest)
        yield Related(
            reference,
            reference,
            day(date),
            "draft" in keys,
            day(keys["withdrawn"]) if "withdrawn" in keys else None,
            (keys["related"],) if "related" in keys else (),
        )


def day(text: str) -> int:
    return microseconds(dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("others", "keys", "expected"),
    [
        pytest.param("E-002/26 2026-03-03", "", "is not public yet", id="later"),
        pytest.param("E-002/26 2026-01-01 draft=yes", "", "is not public yet", id="draft"),
        pytest.param(
            "E-002/26 2026-01-01 withdrawn=2026-02-01", "", "is withdrawn", id="withdrawn"
        ),
        pytest.param("E-002/26 2026-01-01 withdrawn=2026-04-01", "", None, id="to be withdrawn"),
        pytest.param("E-002/26 2026-03-03\nE-002/26 2026-02-02", "", None, id="in one language"),
        pytest.param("E-002/26 2026-03-03", "withdrawn=2026-02-01", None, id="itself withdrawn"),
        pytest.param("E-003/26 2026-01-01", "", None, id="faulty"),
        pytest.param("E-002/26 2026-03-03", "draft=yes", None, id="of a draft"),
    ],
)
def test_related_release_is_noticed_that_nobody_sees(
    others: str, keys: str, expected: str | None
) -> None:
    cards = [*related_cards(f"E-001/26 2026-01-05 related=E-002/26 {keys}\n{others}")]

    found = [why for _, _, why in unseen(cards, microseconds(NOON))]

    assert found == ([] if expected is None else [expected])


def test_release_that_lies_ahead_may_name_what_is_public_by_then() -> None:
    cards = [*related_cards("E-001/26 2026-04-05 related=E-002/26\nE-002/26 2026-04-05")]

    assert [*unseen(cards, microseconds(NOON))] == []


class Numbered(NamedTuple):
    """A release as the number book sees it."""

    path: str
    kind: str
    series: str
    year: int
    number: int
    date: str
    draft: bool = False


def book_of(text: str, unused: str = "", faulty: Sequence[str] = ()) -> Book:
    """Return the book of references with their dates, a line each."""
    newsroom = four_languages().newsroom
    cards = []
    for reference, date, *draft in (line.split() for line in text.splitlines()):
        read = newsroom.pattern.recognize(reference)
        assert read is not None
        kind = newsroom.series[read.series].kind
        cards.append(
            Numbered(reference, kind, read.series, read.year, read.number, date, bool(draft))
        )
    return Book.of(cards, faulty, replace(newsroom, unused_numbers=frozenset(unused.split())))


SOME = "E-001/26 2026-01-05\nE-004/26 2026-01-06\nE-008/26 2026-01-07"
FOUR = "E-001/26 2026-01-05\nC-002/26 2026-01-06\nE-003/26 2026-01-07\nE-004/26 2026-01-08\n"


@pytest.mark.parametrize(
    ("numbers", "unused", "faulty", "expected"),
    [
        pytest.param(f"{FOUR}E-006/26 2026-01-09", "", [], ["E-006/26"], id="skipped"),
        pytest.param(f"{FOUR}E-006/26 2026-01-09", "C-005/26", [], [], id="declared"),
        pytest.param(f"{FOUR}E-006/26 2026-01-09", "", ["C-005/26"], [], id="faulty"),
        pytest.param(f"{FOUR}AVI-009/26 2026-01-09", "", [], [], id="of another kind"),
        pytest.param("E-003/26 2026-05-05\nE-004/26 2026-05-05", "", [], [], id="begun mid-year"),
        pytest.param("E-001/26 2026-01-05\nE-100/26 2026-05-05", "", [], [], id="only a selection"),
        pytest.param(
            f"E-001/27 2027-01-09\n{FOUR}E-006/26 2026-01-09",
            "",
            [],
            [],
            id="closed, and read later",
        ),
        pytest.param(SOME, "", [], [], id="not most of them"),
        pytest.param(f"{FOUR}E-006/26 2026-01-09\nE-001/27 2027-01-09", "", [], [], id="closed"),
    ],
)
def test_skipped_number_is_noticed_in_the_open_book(
    numbers: str, unused: str, faulty: list[str], expected: list[str]
) -> None:
    assert [remark.path for remark in skipped(book_of(numbers, unused, faulty))] == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        pytest.param("E-001/26 2026-01-05\nE-002/26 2026-03-06\nE-003/26 2026-01-07", "E-002/26"),
        pytest.param("E-001/26 2026-03-05\nE-002/26 2026-01-06\nE-003/26 2026-03-07", "E-002/26"),
        pytest.param("E-001/26 2026-01-05\nE-002/26 2026-02-03\nE-003/26 2026-01-07", None),
        pytest.param("E-001/26 2026-03-05 draft\nE-002/26 2026-01-06\nE-003/26 2026-01-07", None),
        pytest.param(
            "E-001/26 2026-03-05 draft\nC-001/26 2026-03-06\nE-002/26 2026-01-07", "C-001/26"
        ),
        pytest.param("E-001/26 2026-01-05\nC-001/26 2026-02-05\nE-002/26 2026-01-06", None),
    ],
)
def test_release_is_noticed_that_is_dated_out_of_order(numbers: str, expected: str | None) -> None:
    found = [remark.path for remark in out_of_order(book_of(numbers))]

    assert found == ([] if expected is None else [expected])


PLANTED = [*planted()]


@pytest.mark.parametrize("line", PLANTED, ids=str)
def test_planted_mistake_is_found_unless_it_is_known_to_be_missed(line: Line) -> None:
    original, _, version = line.text.rpartition(" === ")

    found = (
        found_between(original, line.language, version)
        if original
        else found_in(line.language, line.text)
    )

    assert found == [line.code] * line.is_found


def test_manual_tells_how_many_planted_mistakes_are_found() -> None:
    found = sum(line.is_found for line in PLANTED)

    said = (TESTS.parent / "docs/checks.md").read_text(encoding="utf-8")

    assert f"Of {len(PLANTED)} planted mistakes, {found} are found" in said


def test_sample_newsroom_has_nothing_that_is_remarked(tmp_path: Path) -> None:
    for name in ("newsroom.yaml", "releases"):
        copy_of(TESTS.parent / name, tmp_path / name)

    ran = Office(tmp_path).run("check")

    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("releases checked: no problems\n")


def copy_of(path: Path, target: Path) -> None:
    if path.is_dir():
        shutil.copytree(path, target)
    else:
        shutil.copyfile(path, target)


def test_archive_that_is_measured_has_nothing_that_is_remarked(tmp_path: Path) -> None:
    corpus.write_newsroom(tmp_path / "office", corpus.generate(120))

    found = Office(tmp_path / "office").run("check", "--format", "short").err.splitlines()

    assert [line for line in found if "embargo-far-from-date" not in line] == []
