"""The numbers of all releases, as the rules of the register compare them.

What comes in: cards, and the references of faulty files. What goes out: `Book`, whose pages are the
newest year of each kind: the book of an older year is closed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from communique.newsroom import Newsroom


class Numbered(Protocol):
    """What the register knows of a sound release; a `Card` is one."""

    @property
    def path(self) -> str:
        """Return its file."""

    @property
    def kind(self) -> str:
        """Return its kind: translations share a number, and the kind."""

    @property
    def series(self) -> str:
        """Return the letters of its series."""

    @property
    def year(self) -> int:
        """Return the reference's year, in four digits."""

    @property
    def number(self) -> int:
        """Return its number."""

    @property
    def date(self) -> str:
        """Return its date, in ISO 8601."""

    @property
    def draft(self) -> bool:
        """Tell whether it is a draft."""


class Number(NamedTuple):
    """A number, with the release that had it first."""

    number: int
    date: str
    path: str
    series: str
    draft: bool
    """Whether there are only drafts: their dates are not settled."""


@dataclass(frozen=True, slots=True)
class Page:
    """The numbers of one kind in one year."""

    year: int
    numbers: tuple[Number, ...]
    """In order, each once."""
    taken: frozenset[int]
    """Those of faulty files as well, and those that are declared unused."""


@dataclass(frozen=True, slots=True)
class Book:
    """The open pages of the number book, one for each kind."""

    newsroom: Newsroom
    pages: tuple[Page, ...]

    @classmethod
    def of(
        cls, cards: Iterable[Numbered], faulty: Iterable[str | None], newsroom: Newsroom
    ) -> Book:
        """Put the newest year of each kind in order; `faulty` are references without a card."""
        years = newsroom.pattern.year_width > 0
        newest: dict[str, int] = {}
        kept: dict[str, list[Numbered]] = {}
        for card in cards:
            kind, year = card.kind, card.year if years else 0
            known = newest.get(kind)
            if known is None or year > known:
                newest[kind], kept[kind] = year, [card]
            elif year == known:
                kept[kind].append(card)
        lost = tuple(_taken((*faulty, *newsroom.unused_numbers), newsroom))
        return cls(
            newsroom, tuple(_page(kind, newest[kind], kept[kind], lost) for kind in sorted(kept))
        )


def _taken(faulty: Iterable[str | None], newsroom: Newsroom) -> Iterator[tuple[str, int, int]]:
    """Yield kind, year and number of references that no sound release has."""
    for text in faulty:
        reference = newsroom.pattern.recognize(text) if text else None
        if reference is not None and reference.series in newsroom.series:
            kind = newsroom.series[reference.series].kind
            yield kind, reference.year % 100, reference.number


def _page(
    kind: str, year: int, cards: Iterable[Numbered], faulty: Iterable[tuple[str, int, int]]
) -> Page:
    first: dict[int, Number] = {}
    for card in cards:
        number = Number(card.number, card.date, card.path, card.series, card.draft)
        known = first.get(number.number)
        if known is None or _rank(number) < _rank(known):
            first[number.number] = number
    lost = {
        number for of_kind, of_year, number in faulty if of_kind == kind and of_year == year % 100
    }
    return Page(year, tuple(first[number] for number in sorted(first)), frozenset(first) | lost)


def _rank(number: Number) -> tuple[bool, str, str]:
    return number.draft, number.date, number.path


def day_of(number: Number) -> dt.date:
    """Return the date of the release that had a number first."""
    return dt.date.fromisoformat(number.date)
