"""What has to be the same in every version of a release: numbers, days, hours, links and the like.

What comes in: a `Copy`. What goes out: `Facts`, which are kept with the release, so that a version
is compared with the others without their files being read again.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from communique.checks.copy import BLANK, DIGITS, Copy
from communique.checks.dates_in_text import AND, ARTICLE
from communique.checks.names_in_text import folded
from communique.checks.words import NUMBER_WORDS, SCALES, TITLES
from communique.moments import start_of

NUMBER = re.compile(
    r"(?<![^\W_])(?<!\d[.,])\d+(?:(?:[.,]|(?<!\d{4})[ \u00a0\u202f](?=\d{3}(?!\d)))\d+)*"
)
ROMAN = re.compile(r"(?<![^\W_])[IVXLC]{1,7}(?![^\W_])")
NUMERALS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
SCALE = re.compile(r"[ \u00a0\u202f]?(?:de\s+)?([^\W\d_]+)(?:\s+([^\W\d_]+))?")
UNTIL = re.compile(rf"\s*{AND}\s*(?P<day>\d{{1,2}})(?![\d:%]|[.,]\d|\s*(?:[ap]\.?\s?m|h)\b)")
FROM = re.compile(rf"(?<![\d.,:/-])(?P<day>\d{{1,2}})(?:er|º|°)?\s*,?\s*{AND}\s*{ARTICLE}$")
AFTERNOON = re.compile(
    r"\s*(?:horas\s+)?(?:de\s+la\s+(?:tarde|noche)|da\s+(?:tarde|noite)|du\s+soir"
    r"|de\s+l[’']après-midi|in\s+the\s+(?:afternoon|evening))",
    re.IGNORECASE,
)
TARGET = re.compile(
    r"\]\(<?(?P<inline>[^\s)>]+)|^ {0,3}\[[^\]\n^]+\]:\s*<?(?P<named>[^\s>]+)"
    r"|\bhttps?://(?P<bare>[^\s<>\])\"']+)",
    re.MULTILINE,
)
PICTURE_BEFORE = re.compile(r"!\[[^\]\n]*$")
HOUR = 60


class Figure(NamedTuple):
    """A number as it is written, with everything that it may mean."""

    start: int
    end: int
    text: str
    values: frozenset[float]


class Day(NamedTuple):
    """A day that is named."""

    start: int
    end: int
    text: str
    month: int
    day: int


class Hour(NamedTuple):
    """A time of day that is named."""

    start: int
    end: int
    text: str
    minutes: int


class Target(NamedTuple):
    """What a link leads to, as far as translations have it in common."""

    start: int
    end: int
    host: str
    """Of an address elsewhere; empty of a release, since another may be there in the language."""


class FullName(NamedTuple):
    """Two words of a name, side by side."""

    start: int
    end: int
    first: str
    second: str


class Amended(NamedTuple):
    """A correction, and its day."""

    start: int
    end: int
    day: str
    """ISO 8601."""


class Facts(NamedTuple):
    """What one version says that is no matter of language."""

    path: str
    language: str
    place: tuple[int, int]
    """Of its reference."""
    silences: tuple[str, ...]
    public_from: str
    """The day, in ISO 8601."""
    figures: tuple[Figure, ...]
    """But for those of days and hours."""
    said: frozenset[float]
    """Everything that any number in it may mean, in words and in days as well."""
    days: tuple[Day, ...]
    hours: tuple[Hour, ...]
    targets: tuple[Target, ...]
    names: tuple[FullName, ...]
    words: frozenset[str]
    """Every word of its names."""
    quoted: int
    """How many characters stand between quotation marks."""
    pictures: int
    paragraphs: int
    length: int
    """Of the text, in characters."""
    corrections: tuple[Amended, ...]


def packed(facts: Facts) -> bytes:
    """Return facts as bytes, which are the same for equal facts."""
    return json.dumps(facts, default=sorted, separators=(",", ":")).encode()


def unpacked(data: bytes) -> Facts:
    """Return what was packed."""
    facts = Facts(*json.loads(data))
    return facts._replace(
        place=(facts.place[0], facts.place[1]),
        figures=tuple(
            Figure(start, end, text, frozenset(values))
            for start, end, text, values in facts.figures
        ),
        said=frozenset(facts.said),
        days=tuple(Day(*each) for each in facts.days),
        hours=tuple(Hour(*each) for each in facts.hours),
        targets=tuple(Target(*each) for each in facts.targets),
        names=tuple(FullName(*each) for each in facts.names),
        words=frozenset(facts.words),
        corrections=tuple(Amended(*each) for each in facts.corrections),
    )


def facts_of(copy: Copy) -> Facts:
    """Note what is to be compared with other versions."""
    release = copy.release
    days = (*_days(copy), *_days_of_event(copy))
    hours = tuple(_hours(copy))
    taken = [
        *((each.start, each.end) for each in copy.dates),
        *((each.start, each.end) for each in copy.times),
        *((each.start, each.end) for each in days),
    ]
    every = tuple(_figures(copy))
    figures = tuple(
        each for each in every if not any(start <= each.start < end for start, end in taken)
    )
    quotations = [
        each.closed - each.opened
        for of_passage in copy.quotations
        for each in of_passage
        if each.is_outermost and each.opened is not None and each.closed is not None
    ]
    zone = copy.newsroom.time_zone
    written = (copy.text[each.start : each.end] for each in copy.paragraphs)
    bare = (text.replace(BLANK, "").strip() for text in written)
    paragraphs = [text for text in bare if text and not text.startswith("![")]
    return Facts(
        release.path,
        release.language,
        copy.place_of("reference"),
        tuple(release.silences),
        release.public_from.astimezone(zone).date().isoformat(),
        figures,
        frozenset(_said(copy, every, days, hours)),
        days,
        hours,
        tuple(_targets(copy)),
        tuple(_names(copy)),
        frozenset(word for name in copy.names for word, _, _ in name.words),
        sum(quotations),
        len(release.images) + len(release.body.images),
        len(paragraphs),
        sum(map(len, paragraphs)),
        tuple(
            Amended(*copy.place_of("corrections", at), start_of(each.when, zone).date().isoformat())
            for at, each in enumerate(release.corrections)
        ),
    )


def _figures(copy: Copy) -> Iterator[Figure]:
    text, scales = copy.text, SCALES.get(copy.main_language, {})
    starts = [each.start for each in copy.passages]
    end = 0
    for digits in DIGITS.finditer(text):
        start = digits.start()
        if start < end or (match := NUMBER.match(text, start)) is None:
            continue
        end = match.end()
        at = bisect_right(starts, start) - 1
        if at < 0 or start >= copy.passages[at].end:
            continue
        written, values = match[0], plausible(match[0])
        if behind := SCALE.match(text, end):
            scale = _scale(behind, scales)
            if scale > 1:
                values |= {round(value * scale, 6) for value in values}
        if len(written) == 4 and text[end : end + 1] == "s":
            values |= {float(int(written) % 100)}  # the 1990s are los años 90
        yield Figure(start, end, written, values)


def _scale(behind: re.Match[str], scales: Mapping[str, int]) -> int:
    scale = 1
    for word in behind.groups():
        factor = scales.get(word.lower()) if word else None
        if factor is None:
            break
        scale *= factor
    return scale


@lru_cache(maxsize=10_000)
def plausible(written: str) -> frozenset[float]:
    """Return what a number may mean, in whatever language: ``1,234`` is 1234 or 1.234."""
    digits = re.sub(r"\s", "", written)
    marks = [sign for sign in digits if not sign.isdigit()]
    if not marks:
        return frozenset({float(digits), *(() if digits == written else _parts(written))})
    whole, _, rest = digits.rpartition(marks[-1])
    bare = re.sub(r"\D", "", whole)
    values = set()
    if len(marks) == 1 or marks[-1] not in whole:
        values.add(float(f"{bare}.{rest}"))
    if len(rest) == 3 and len(set(marks)) == 1:
        values.add(float(bare + rest))
    return frozenset(values or _parts(digits))


def _parts(written: str) -> set[float]:
    return {float(part) for part in re.findall(r"\d+", written)}


def _said(
    copy: Copy, figures: tuple[Figure, ...], days: tuple[Day, ...], hours: tuple[Hour, ...]
) -> Iterator[float]:
    for figure in figures:
        yield from figure.values
    for date in copy.dates:
        yield from (date.day, date.month, date.year or date.day)
    for day in days:
        yield from (day.day, day.month)
    for hour in hours:
        yield from (hour.minutes // HOUR, hour.minutes // HOUR % 12, hour.minutes % HOUR)
    words = NUMBER_WORDS.get(copy.main_language, {})
    written: set[str] = set().union(*copy.words)
    written.update(*(word.split("-") for word in written if "-" in word))
    values = {words[word] for word in written & words.keys()}
    yield from values
    tens = [value for value in values if 20 <= value <= 100]
    units = [value for value in values if 0 < value < 20]
    yield from (ten + unit for ten in tens for unit in units)
    yield from (unit * 100 for unit in units if 100 in values)
    yield from (unit * 1000 for unit in units if 1000 in values)
    yield from (_roman(match[0]) for match in ROMAN.finditer(copy.text))


def _roman(written: str) -> int:
    values = [NUMERALS[letter] for letter in written]
    return sum(-value if value < after else value for value, after in pairwise([*values, 0]))


def _days(copy: Copy) -> Iterator[Day]:
    """Yield every day, and of ``March 10-14`` the first and the last."""
    for found in copy.dates:
        start, end, other = found.start, found.end, None
        if found.year is None and not copy.text[start].isdigit():
            if until := UNTIL.match(copy.text, end):
                other, end = int(until["day"]), until.end()
        elif before := FROM.search(copy.text[max(0, start - 24) : start]):
            other, start = int(before["day"]), max(0, start - 24) + before.start()
        if other is not None and not 1 <= other <= 31:
            start, end, other = found.start, found.end, None
        shown = " ".join(copy.text[start:end].split())
        for day in (found.day,) if other is None else (found.day, other):
            yield Day(start, end, shown, found.month, day)


def _days_of_event(copy: Copy) -> Iterator[Day]:
    event = copy.release.event
    for key in ("when", "until") if event else ():
        value: dt.datetime | dt.date | None = getattr(event, key)
        if value is not None:
            day = start_of(value, copy.newsroom.time_zone)
            yield Day(*copy.place_of("event", key), f"{day:%Y-%m-%d}", day.month, day.day)


def _hours(copy: Copy) -> Iterator[Hour]:
    for found in copy.times:
        minutes = found.minutes
        if 0 < minutes < 12 * HOUR and AFTERNOON.match(copy.text, found.end):
            minutes += 12 * HOUR
        shown = " ".join(copy.text[found.start : found.end].split())
        yield Hour(found.start, found.end, shown, minutes)
    event = copy.release.event
    if event and isinstance(event.when, dt.datetime):
        local = event.when.astimezone(copy.newsroom.time_zone)
        minutes = local.hour * HOUR + local.minute
        yield Hour(*copy.place_of("event", "when"), f"{local:%H:%M}", minutes)


def _targets(copy: Copy) -> Iterator[Target]:
    text = copy.source.text
    signs = ("](", "://", "]:")
    if any(text.find(sign, copy.body_start) >= 0 for sign in signs):
        for match in TARGET.finditer(text, copy.body_start):
            group = str(match.lastgroup)
            if group == "inline" and PICTURE_BEFORE.search(
                text[max(copy.body_start, match.start() - 300) : match.start()]
            ):
                continue
            address = match[0] if group == "bare" else match[group]
            yield from _target(copy, address, match.span(group))
    for at, link in enumerate(copy.release.links):
        yield from _target(copy, link.url, copy.place_of("links", at, "url"))


def _target(copy: Copy, address: str, place: tuple[int, int]) -> Iterator[Target]:
    if copy.newsroom.pattern.recognize(address.partition("#")[0]) is not None:
        yield Target(*place, "")
    elif address.startswith(("http://", "https://")):
        with suppress(ValueError):  # no address at all
            host = (urlsplit(address).hostname or "").removeprefix("www.")
            if host:
                yield Target(*place, host)


def _names(copy: Copy) -> Iterator[FullName]:
    for name in copy.names:
        for (one, start, close), (other, begin, end) in pairwise(name.words):
            if begin - close == 1 and not {folded(one), folded(other)} & TITLES:
                yield FullName(start, end, one, other)
