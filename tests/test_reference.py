from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.diagnostics import Span
from communique.reference import Reference, ReferencePattern

HERE = Span.of_file("releases/case.md")
PATTERNS = (
    "{series}-{number:3}/{year:2}",
    "{series}/{year:2}/{number}",
    "{series}/{year}/{number:4}",
    "{year:4}.{number}_{series}",
    "{series}/{number}",
    "{series}{number}",
    "{series}{number:5}",
)
series_codes = st.from_regex(r"[A-Z]{1,12}", fullmatch=True)
numbers = st.integers(1, 999_999_999)
years = st.integers(1900, 2199)


@pytest.mark.parametrize("template", PATTERNS)
@given(series=series_codes, number=numbers, year=years)
@settings(deadline=None, derandomize=True, max_examples=60)
def test_written_reference_is_read_back(template: str, series: str, number: int, year: int) -> None:
    pattern = ReferencePattern.of_template(template)
    reference = pattern.compose(series, number, year)

    checked = pattern.parse(reference.text, year, HERE)

    assert (checked.value, checked.diagnostics) == (reference, ())
    assert reference.series == series
    assert reference.number == number


@pytest.mark.parametrize("template", PATTERNS)
@given(
    text=st.text(max_size=30) | st.from_regex(r"[A-Za-z]{0,3}[-/._]?[0-9]{0,4}[-/._]?[0-9]{0,4}")
)
@settings(deadline=None, derandomize=True, max_examples=60)
def test_any_text_is_a_reference_or_explained(template: str, text: str) -> None:
    pattern = ReferencePattern.of_template(template)

    checked = pattern.parse(text, 2014, HERE)

    recognized = pattern.recognize(text)
    assert (checked.value is None) <= bool(checked.diagnostics)
    assert (checked.value and checked.value.series) == (recognized and recognized.series)


@given(one=st.tuples(years, numbers, series_codes), other=st.tuples(years, numbers, series_codes))
@settings(deadline=None, derandomize=True)
def test_references_sort_by_year_then_number_then_series(
    one: tuple[int, int, str], other: tuple[int, int, str]
) -> None:
    pattern = ReferencePattern.of_template(PATTERNS[0])

    first, second = (pattern.compose(code, number, year) for year, number, code in (one, other))

    assert (first < second) == (one < other)


@pytest.mark.parametrize(
    ("text", "year_of_date", "expected"),
    [
        ("E-502/14", 2014, 2014),
        ("E-502/99", 1999, 1999),
        ("E-502/99", 2000, 1999),
        ("E-001/00", 1999, 2000),
        ("E-001/00", 2100, 2100),
        ("E-502/14", None, 2014),
    ],
)
def test_century_comes_from_the_date(text: str, year_of_date: int | None, expected: int) -> None:
    pattern = ReferencePattern.of_template(PATTERNS[0])

    reference = pattern.parse(text, year_of_date, HERE).value

    assert reference is not None
    assert reference.year == expected


@pytest.mark.parametrize(("text", "slug"), [("E-502/14", "E-502-14"), ("AVI-030/14", "AVI-030-14")])
def test_slug_is_a_file_name(text: str, slug: str) -> None:
    reference = ReferencePattern.of_template(PATTERNS[0]).recognize(text)

    assert reference is not None
    assert reference.slug == slug


@pytest.mark.parametrize("text", ["E-٥٠٢/14", "E-5O2/14", "É-502/14", "E-502/2014", "E--502/14"])
def test_what_only_looks_like_a_reference_is_none(text: str) -> None:
    assert ReferencePattern.of_template(PATTERNS[0]).recognize(text) is None


@given(series=series_codes, number=numbers, year=years)
@settings(deadline=None, derandomize=True)
def test_zeros_and_capitals_are_proposed(series: str, number: int, year: int) -> None:
    pattern = ReferencePattern.of_template(PATTERNS[0])
    proper = pattern.compose(series, number, year)
    sloppy = f"{series.lower()}-{number}/{year % 100:02}"

    checked = pattern.parse(sloppy, year, HERE)

    assert checked.value == proper
    assert [found.help for found in checked.diagnostics] == [f"write `{proper}`"]


def test_reference_keeps_its_text_apart_from_its_order() -> None:
    assert str(Reference(2014, 502, "E", "E-502/14")) == "E-502/14"
