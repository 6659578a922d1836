"""One release as its file has it: what the rules look at, each character in its place.

What comes in: a file's `Source`, and the sound `Release` that was read from it. What goes out:
`Copy`, whose `text` is as long as the file. What is no prose of the body (code, addresses, HTML)
is blanks there, so every finding has its exact place.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from communique.checks.clock_times import ClockTime, find_times
from communique.checks.dates_in_text import DateInText, find_dates
from communique.checks.names_in_text import Name, find_names
from communique.checks.quotations import MARKS, Quotation, find_quotations
from communique.checks.words import COMMON
from communique.newsroom import Newsroom
from communique.release import Release
from communique.source import Source
from communique.yaml_text import Path, Place

BODY = "body"
BLANK = "\u2060"
"""Stands for what is no prose. It is no space: a comma behind a link has no space before it."""
BLANK_LINE = re.compile(r"\n[ \t\r]*\n\s*|\r\r\s*")
BLOCK_MARK = re.compile(r"[|>][-+0-9]*[ \t]*(?=[\r\n])")
DIGITS = re.compile(r"\d+")
"""Digits are few, and quickly found; what stands around them is looked at afterwards."""
PARTING = ",.;:"
"""What stands between words; a pattern would take five times as long."""
MASKS = (
    ("```", re.compile(r"^ {0,3}(`{3,}).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)),
    ("~~~", re.compile(r"^ {0,3}(~{3,}).*?(?:^ {0,3}\1|\Z)", re.MULTILINE | re.DOTALL)),
    ("`", re.compile(r"(`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)\1(?!`)", re.DOTALL)),
    ("](", re.compile(r"\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)")),
    ("]:", re.compile(r"^ {0,3}\[[^\]\n]+\]:[^\r\n]*", re.MULTILINE)),
    ("<", re.compile(r"</?[A-Za-z][^<>]*>|<!--.*?-->", re.DOTALL)),
    ("://", re.compile(r"\bhttps?://[^\s<>\])]+")),
    ("www.", re.compile(r"\bwww\.[^\s<>\])]+")),
    ("@", re.compile(r"[\w.+-]+@[\w.-]+\w")),
    ("\\", re.compile(r"\\(?=[!-/:-@\[-`{-~])")),
)
"""What stands in a text that has one → what is no prose of it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A value of the front matter, or a paragraph."""

    key: str
    """The key, or `BODY`."""
    start: int
    end: int


@dataclass(frozen=True)
class Copy:
    """A sound release, and the file it was read from."""

    source: Source
    places: Mapping[Path, Place]
    """Where each value of the front matter stands."""
    body_start: int
    release: Release
    newsroom: Newsroom
    unprintable: re.Pattern[str] | None = None
    """Finds a character that the PDF's fonts do not have."""

    @cached_property
    def text(self) -> str:
        """Return the file's text, with blanks for what is no prose of the body."""
        whole = self.source.text
        return whole[: self.body_start] + masked(whole[self.body_start :])

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Return everything that readers read, in the order of the file."""
        return (*self._values(), *self.paragraphs)

    @cached_property
    def paragraphs(self) -> tuple[Passage, ...]:
        """Return what the body's blank lines part."""
        return tuple(_paragraphs(self.text, self.body_start))

    @cached_property
    def words(self) -> tuple[list[str], ...]:
        """Return the words of each passage, in small letters."""
        text = self.text.lower()
        if len(text) != len(self.text):  # some capital is two small letters, as İ is
            text = self.text
        for mark in PARTING:
            text = text.replace(mark, " ")
        return tuple(text[each.start : each.end].split() for each in self.passages)

    @cached_property
    def quotations(self) -> tuple[tuple[Quotation, ...], ...]:
        """Return the quotations of each passage."""
        if not any(mark in self.text for mark in MARKS):
            return tuple(() for _ in self.passages)
        return tuple(
            find_quotations(self.text, each.start, each.end, is_yaml=each.key != BODY)
            for each in self.passages
        )

    @cached_property
    def numbers(self) -> tuple[list[int], ...]:
        """Return where the numbers of one or two digits begin, of each passage."""
        found = [
            match.start()
            for match in DIGITS.finditer(self.text)
            if match.end() - match.start() <= 2
        ]
        return tuple(
            found[bisect_left(found, each.start) : bisect_left(found, each.end)]
            for each in self.passages
        )

    @cached_property
    def dates(self) -> tuple[DateInText, ...]:
        """Return every date that the passages name."""
        language = self.release.language
        return tuple(
            found
            for passage, numbers in zip(self.passages, self.numbers, strict=True)
            for found in find_dates(self.text, passage.start, passage.end, numbers, language)
        )

    @cached_property
    def times(self) -> tuple[ClockTime, ...]:
        """Return every time of day that the passages name."""
        return tuple(
            found
            for passage, numbers in zip(self.passages, self.numbers, strict=True)
            for found in find_times(self.text, passage.end, numbers)
        )

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """Return the names of the passages, but for those in quotations of another language."""
        found: list[Name] = []
        for passage, quotations in zip(self.passages, self.quotations, strict=True):
            foreign = [each for each in quotations if not self._is_own(each)]
            names = find_names(self.text, passage.start, passage.end)
            if not foreign:
                found += names
                continue
            found += [
                name
                for name in names
                if not any(_encloses(each, name.words[0][1]) for each in foreign)
            ]
        return tuple(found)

    def _is_own(self, quotation: Quotation) -> bool:
        """Tell whether a quotation is a sentence in the release's language."""
        if quotation.opened is None or quotation.closed is None:
            return True
        words = set(self.text[quotation.opened + 1 : quotation.closed].lower().split())
        own = len(words & COMMON.get(self.main_language, frozenset()))
        return own > 0 and own >= max(len(words & common) for common in COMMON.values())

    @property
    def main_language(self) -> str:
        """Return the main part of the release's language tag: ``pt`` of ``pt-BR``."""
        return self.release.language.partition("-")[0]

    @property
    def days(self) -> frozenset[dt.date]:
        """Return the days that “today” may be: the date, and the day it becomes public."""
        zone = self.newsroom.time_zone
        return frozenset({self.release.date, self.release.public_from.astimezone(zone).date()})

    def place_of(self, *path: str | int) -> tuple[int, int]:
        """Return the offsets of a value, or of the reference where the value is not written."""
        place = self.places.get(path) or self.places[("reference",)]
        return place.start, place.end

    def place_of_key(self, *path: str | int) -> tuple[int, int]:
        """Return the offsets of a key, or of the reference where the key is not written."""
        place = self.places.get(path)
        return (place.key_start, place.key_end) if place else self.place_of("reference")

    def line_of(self, *path: str | int) -> int:
        """Return the line of a value."""
        return self.source.span(*self.place_of(*path)).line

    def _values(self) -> Iterator[Passage]:
        for path, place in self.places.items():
            is_prose = path in PROSE or (path[0] == "images" and path[-1] in ("alt", "caption"))
            if is_prose and place.end > place.start:
                mark = BLOCK_MARK.match(self.text, place.start)
                yield Passage(str(path[-1]), mark.end() if mark else place.start, place.end)


def _encloses(quotation: Quotation, at: int) -> bool:
    opened, closed = quotation.opened, quotation.closed
    return opened is not None and closed is not None and opened < at < closed


PROSE: frozenset[Path] = frozenset(
    {("title",), ("subtitle",), ("summary",), ("event", "what"), ("event", "where")}
)
"""The values that are read as text."""


def masked(text: str) -> str:
    """Return a Markdown text in which what is no prose is blanks; line breaks stay."""
    for sign, pattern in MASKS:
        if sign in text:
            text = pattern.sub(_blank, text)
    return text


def _blank(match: re.Match[str]) -> str:
    found = match[0]
    if "\n" in found or "\r" in found:
        return re.sub(r"[^\r\n]", BLANK, found)
    return BLANK * len(found)


def _paragraphs(text: str, start: int) -> Iterator[Passage]:
    for gap in BLANK_LINE.finditer(text, start):
        if text[start : gap.start()].strip():
            yield Passage(BODY, start, gap.start())
        start = gap.end()
    if text[start:].strip():
        yield Passage(BODY, start, len(text))
