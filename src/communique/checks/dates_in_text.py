"""Dates as a text names them: ``Friday, March 10``, ``viernes 10 de marzo de 2014``.

What comes in: a stretch of text and its language. What goes out: `DateInText`s, as they are
written, possible or not. The names of months and weekdays are Babel's (Unicode CLDR).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from babel.core import Locale

DAY = re.compile(r"(?<![\d.,:/$€£-])\b\d{1,2}(?![\d:/%]|[.,]\d)")
ORDINAL = r"(?:st|nd|rd|th|er|re|[ºª°])?"
OF = r"(?:de\s+|del\s+|of\s+)?"
ARTICLE = r"(?:the\s+|el\s+|le\s+|o\s+|d[ií]a\s+)?"
AND = r"(?:and|or|to|through|until|y|o|al?|e|ou|et|au|[-–])"


@dataclass(frozen=True, slots=True)
class DateInText:
    """A day as it is written."""

    start: int
    end: int
    day: int
    month: int
    year: int | None
    weekday: int | None
    """Monday is 0."""

    def in_year(self, year: int) -> dt.date | None:
        """Return the day in a year, or None if it has no such day."""
        with suppress(ValueError):
            return dt.date(year, self.month, self.day)
        return None

    def near(self, date: dt.date) -> dt.date | None:
        """Return the day that is meant in a text of `date`: without a year, the nearest one."""
        if self.year is not None:
            return self.in_year(self.year)
        days = [self.in_year(date.year + years) for years in (0, -1, 1)]
        return min(
            (day for day in days if day is not None),
            key=lambda day: abs(day - date),
            default=None,
        )


@dataclass(frozen=True, slots=True)
class CalendarWords:
    """How one language names days."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    names: tuple[str, ...]
    """The weekdays, Monday first, as they are written in full."""
    day_first: re.Pattern[str]
    """What follows the day: the month, and perhaps the year."""
    month_first: re.Pattern[str]
    """What precedes it."""
    year: re.Pattern[str]
    weekday_before: re.Pattern[str]
    weekday_after: re.Pattern[str]
    earlier: re.Pattern[str]
    """A weekday and a day before this one, of the same month: ``viernes 10 al``."""


@lru_cache(maxsize=16)
def calendar_words(language: str) -> CalendarWords:
    """Return the names of months and weekdays in a language."""
    locale = Locale.parse(language, sep="-")
    months, weekdays = locale.months, locale.days
    of_month = dict(_spellings(months["format"]["wide"], months["format"]["abbreviated"]))
    of_day = dict(_spellings(weekdays["format"]["wide"], weekdays["format"]["abbreviated"]))
    for name, day in list(of_day.items()):
        if name.lower().endswith("-feira"):  # Portuguese says `sexta` for `sexta-feira`
            of_day[name[: -len("-feira")]] = day
    month, weekday = _one_of(of_month), _one_of(of_day)
    year = r"(?:,?\s+(?:de\s+|del\s+)?(?P<year>[12]\d{3})\b)?"
    return CalendarWords(
        of_month,
        of_day,
        tuple(weekdays["format"]["wide"][day] for day in range(7)),
        re.compile(rf"{ORDINAL}\s+{OF}(?P<month>{month}){year}"),
        re.compile(rf"(?P<month>{month})\s+$"),
        re.compile(rf"{ORDINAL}{year}"),
        re.compile(rf"(?P<weekday>{weekday}),?\s*\(?{ARTICLE}$"),
        re.compile(rf"\s*\((?P<weekday>{weekday})\)"),
        re.compile(rf"(?P<weekday>{weekday}),?\s+(?P<day>\d{{1,2}}){ORDINAL}\s*{AND}\s*{ARTICLE}$"),
    )


def _spellings(wide: Mapping[int, str], short: Mapping[int, str]) -> Iterator[tuple[str, int]]:
    """Yield each name as it may be written; one that is cut off has a full stop."""
    for number, name in wide.items():
        yield from ((each, number) for each in _cases(name))
    for number, name in short.items():
        yield from ((f"{each}.", number) for each in _cases(name.rstrip(".")))


def _cases(name: str) -> Iterable[str]:
    capital = name[:1].upper() + name[1:]
    # Where such names have capitals, those in small letters are other words: `may`, `march`.
    return dict.fromkeys((name, capital, name.upper()))


def _one_of(words: Iterable[str]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return "(?<![^\\W_])(?:" + "|".join(map(re.escape, longest_first)) + ")(?![^\\W_])"


def find_dates(
    text: str, start: int, end: int, numbers: Iterable[int], language: str
) -> Iterator[DateInText]:
    """Yield the dates between two offsets; `numbers` are where short ones begin."""
    words = calendar_words(language)
    for number in numbers:
        digits = DAY.match(text, number, end)
        if digits is None:
            continue
        match = words.day_first.match(text, digits.end(), end)
        if match is not None:
            begin, month = digits.start(), words.months[match["month"]]
        else:
            around = max(start, digits.start() - 24)
            before = words.month_first.search(text[around : digits.start()])
            if before is None or _is_count(text, start, around + before.start(), language):
                continue
            match = words.year.match(text, digits.end(), end)
            assert match is not None, "it matches nothing as well"
            begin, month = around + before.start(), words.months[before["month"]]
        year = int(match["year"]) if match["year"] else None
        yield from _with_weekday(
            text, start, end, words, (begin, match.end(), int(digits[0]), month, year)
        )


def _is_count(text: str, start: int, at: int, language: str) -> bool:
    """Tell whether a number after a month counts something: ``In March 30 ships came``."""
    return text[max(start, at - 3) : at].lower() in ("in ", "en ", "em ")


def _with_weekday(
    text: str,
    start: int,
    end: int,
    words: CalendarWords,
    found: tuple[int, int, int, int, int | None],
) -> Iterator[DateInText]:
    begin, close, day, month, year = found
    weekday = None
    around = max(start, begin - 32)
    before = words.weekday_before.search(text[around:begin])
    if before is not None:
        weekday, begin = words.weekdays[before["weekday"]], around + before.start()
    elif after := words.weekday_after.match(text, close, end):
        weekday, close = words.weekdays[after["weekday"]], after.end()
    around = max(start, begin - 40)
    if earlier := words.earlier.search(text[around:begin]):
        at = around + earlier.start()
        first = int(earlier["day"])
        if first < day:
            stop = around + earlier.end("day")
            yield DateInText(at, stop, first, month, year, words.weekdays[earlier["weekday"]])
    yield DateInText(begin, close, day, month, year, weekday)
