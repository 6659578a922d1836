from __future__ import annotations

import pytest

from communique.source import Source, read_source


def test_byte_order_mark_takes_no_column() -> None:
    source = read_source("a.md", b"\xef\xbb\xbfHarbour").value

    assert source is not None
    assert source.text == "Harbour"
    assert source.span(0, 7).column == 1


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_every_line_break_counts_once(line_break: str) -> None:
    text = line_break.join(["one", "", "thrée"])
    source = Source.of_text("a.md", text)

    span = source.span(len(text) - 5, len(text))

    assert (span.line, span.column, span.end_column, span.text) == (3, 1, 6, "thrée")


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029", "\x0b", "\x0c"])
def test_what_only_looks_like_a_line_break_is_none(separator: str) -> None:
    source = Source.of_text("a.md", f"one{separator}two")

    assert source.span(4, 7).line == 1


def test_latin_1_is_refused_at_its_first_letter() -> None:
    checked = read_source("a.md", "Port\nÉlection: São".encode("latin-1"))

    (found,) = checked.diagnostics
    assert checked.value is None
    assert (found.code, found.span.line, found.span.column) == ("not-utf-8", 2, 1)


def test_place_of_a_bad_byte_counts_characters_and_not_bytes() -> None:
    (found,) = read_source("a.md", "🎉é".encode() + b"\xff").diagnostics

    assert found.span.column == 3


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x1b", "\x7f", "\x85", "\ufeff", "\uffff"])
def test_invisible_character_is_shown_in_its_place(sign: str) -> None:
    (found,) = read_source("a.md", f"é🎉{sign}".encode()).diagnostics

    assert (found.code, found.span.column) == ("control-character", 3)
    assert f"U+{ord(sign):04X}" in found.message


@pytest.mark.parametrize("text", ["\t", "a\u00a0b", "e\u0301", "\u200d", "\u2028", "🎉"])
def test_what_officers_need_is_no_control_character(text: str) -> None:
    assert read_source("a.md", text.encode()).diagnostics == ()


def test_place_past_the_end_is_the_end() -> None:
    span = Source.of_text("a.md", "ab\n").span(99, 200)

    assert (span.line, span.column) == (2, 1)


@pytest.mark.parametrize("sign", "\u202e\u2066\u200b\u2060\u180e\U000e0041")
def test_character_that_misleads_is_a_warning_in_its_place(sign: str) -> None:
    (found,) = read_source("a.md", f"ab\nc{sign}d".encode()).diagnostics

    assert (found.code, found.is_error) == ("unseen-character", False)
    assert (found.span.line, found.span.column) == (2, 2)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a\u200db", 1),
        ("\u200ea", 1),
        ("\U0001f468\u200d\U0001f469", 0),
        ("\u0645\u06cc\u200c\u062e", 0),
        ("\u05d0\u200e a", 0),
        ("\U0001f3f4\U000e0067\U000e0062\U000e007f", 0),
        ("soft\u00adhyphen", 0),
    ],
)
def test_joiners_and_marks_of_direction_are_let_be_where_scripts_need_them(
    text: str, count: int
) -> None:
    assert len(read_source("a.md", text.encode()).diagnostics) == count


def test_text_of_nothing_but_faults_is_reported_in_part() -> None:
    found = read_source("a.md", ("\x00\u202e" * 50_000).encode()).diagnostics

    assert len(found) == 200
    assert len({id(each.span.text) for each in found}) == 1
