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
