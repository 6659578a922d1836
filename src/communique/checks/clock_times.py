"""Times of day as a text names them, with the zone behind them: ``15:00 EST (20:00 GMT)``.

What comes in: a stretch of text. What goes out: `ClockTime`s.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

TIME = re.compile(
    r"(?<![\d:.,/])(?P<hour>[01]?\d|2[0-4])"
    r"(?:(?P<mark>:|\s?h\s?)(?P<minute>[0-5]\d)(?![\d:])|(?P<dot>\.[0-5]\d)?(?=\s?[ap]\.?\s?m\b)"
    r"|\s?h(?![^\W\d_]))"
    r"(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
ZONE = re.compile(r"[\s,(]{1,3}(?P<zone>[A-Z]{2,4})\b")
GREENWICH = ("GMT", "UTC")
PAIRS = {
    ("EST", "EDT"): "America/New_York",
    ("CST", "CDT"): "America/Chicago",
    ("MST", "MDT"): "America/Denver",
    ("PST", "PDT"): "America/Los_Angeles",
    ("AST", "ADT"): "America/Halifax",
    ("WET", "WEST"): "Europe/Lisbon",
    ("CET", "CEST"): "Europe/Paris",
    ("EET", "EEST"): "Europe/Athens",
}
"""Winter time and summer time → a place that has them both."""
GENERAL = {"ET": "America/New_York", "PT": "America/Los_Angeles"}
"""What is either, by the season; `CT` and `MT` are other words as well."""


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day as it is written."""

    start: int
    end: int
    """With the zone, if there is one."""
    minutes: int
    """Since midnight."""
    zone: str | None


@dataclass(frozen=True, slots=True)
class NamedZone:
    """One of the two names of a zone."""

    place: str
    minutes: int
    """East of Greenwich."""
    other: str
    """The name in the other half of the year."""
    is_summer: bool


def find_times(text: str, end: int, numbers: Iterable[int]) -> Iterator[ClockTime]:
    """Yield the times up to an offset; `numbers` are where short ones begin."""
    for number in numbers:
        match = TIME.match(text, number, end)
        if match is None:
            continue
        hour = int(match["hour"])
        minute = int(match["minute"] or (match["dot"] or ".0")[1:])
        if match["half"]:
            if not 1 <= hour <= 12:
                continue
            hour = hour % 12 + (12 if match["half"] in "pP" else 0)
        zone = ZONE.match(text, match.end(), end)
        known = zone is not None and is_zone(zone["zone"])
        yield ClockTime(
            match.start(),
            zone.end() if zone and known else match.end(),
            hour * 60 + minute,
            zone["zone"] if zone and known else None,
        )


def is_zone(name: str) -> bool:
    """Tell whether letters name a zone."""
    return name in GREENWICH or name in GENERAL or name in named_zones()


@lru_cache(maxsize=1)
def named_zones() -> Mapping[str, NamedZone]:
    """Return what each name says of the distance from Greenwich."""
    zones = {}
    for names, place in PAIRS.items():
        for name, month, other in zip(names, (1, 7), reversed(names), strict=True):
            offset = ZoneInfo(place).utcoffset(dt.datetime(2014, month, 15))  # noqa: DTZ001
            assert offset is not None
            minutes = int(offset.total_seconds() // 60)
            zones[name] = NamedZone(place, minutes, other, is_summer=month == 7)
    return zones


def name_at(place: str, day: dt.date) -> str:
    """Return what a zone is called at noon of a day."""
    noon = dt.datetime.combine(day, dt.time(12), ZoneInfo(place))
    return noon.tzname() or ""


def distance_at(place: str, day: dt.date) -> int:
    """Return how many minutes east of Greenwich a zone is at noon of a day."""
    offset = dt.datetime.combine(day, dt.time(12), ZoneInfo(place)).utcoffset()
    assert offset is not None
    return int(offset.total_seconds() // 60)
