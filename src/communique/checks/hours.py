"""Hours and zones: names of zones against the season, local time against Greenwich's."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import pairwise

from babel.core import get_global

from communique.checks.clock_times import (
    GENERAL,
    GREENWICH,
    ClockTime,
    NamedZone,
    distance_at,
    name_at,
    named_zones,
)
from communique.checks.copy import BODY, Copy
from communique.checks.rule import Remark, Rule
from communique.diagnostics import Severity
from communique.moments import start_of

FAMILY = "Hours and zones"
ADVISORY = "advisory"
SENTENCE_END = re.compile(r"[.!?…]\s")
LINK = re.compile(r"[\s,]*(?:on|el|le|del?|do|no|em|dia|día|the)?\s*(?:d[ií]a\s+)?", re.IGNORECASE)
"""What may stand between a time and the date that follows it."""
NEAR = 80
"""How far before a time, in characters, the date that belongs to it stands."""
SAYS_ZONE = re.compile(
    r"\b(?:GMT|UTC|[ECMPAW][DS]?T|[CEW]ES?T|(?i:time|local|hora|horário|heure|fuso|zone?))\b"
    r"|[+\u2212-]\d{1,2}:?\d{2}\b"
)
SUMMERS_OF_FEW = ("CDT", "MDT", "ADT")
"""Most countries in these zones have no summer time: Costa Rica is on CST all year."""


def zone_of_season(copy: Copy) -> Iterator[Remark]:
    """Find the winter's name of a zone in summer, and the other way round."""
    zones = named_zones()
    following = dict(pairwise(copy.times))
    for found in copy.times:
        zone = zones.get(found.zone or "")
        if zone is None:
            continue
        days = _days_of(copy, found)
        if any(name_at(zone.place, day) == found.zone for day in days):
            continue
        then = following.get(found)
        stated = _greenwich_after(copy, found, then)
        if not zone.is_summer and (
            stated == (found.minutes - zone.minutes) % 1440
            or _may_be_all_year(copy, zone)
            or any(_is_used_there(copy, found.zone or "", day) for day in days)
        ):
            continue
        yield Remark(
            found.start,
            found.end,
            f"`{found.zone}` is not the time of {days[0]:%d %B %Y}: clocks show {zone.other} then",
            f"write `{zone.other}` if the hour is that of the place, or correct the date",
        )


def _days_of(copy: Copy, time: ClockTime) -> list[dt.date]:
    """Return the day that a time belongs to; where the text does not say, those it may be."""
    release = copy.release
    before = [
        each for each in copy.dates if each.end <= time.start and time.start - each.end < NEAR
    ]
    if before and (day := before[-1].near(release.date)):
        between = copy.text[before[-1].end : time.start]
        if not SENTENCE_END.search(between) and "\n\n" not in between:
            return [day]
    after = [each for each in copy.dates if each.start >= time.end]
    is_linked = after and LINK.fullmatch(copy.text[time.end : after[0].start])
    if is_linked and (day := after[0].near(release.date)):
        return [day]
    event = [start_of(release.event.when, copy.newsroom.time_zone).date()] if release.event else []
    others = [day for each in copy.dates if (day := each.near(release.date))]
    return [release.date, *event, *others]


def _may_be_all_year(copy: Copy, zone: NamedZone) -> bool:
    """Tell whether other places than the office's keep a zone's winter name all year."""
    return zone.other in SUMMERS_OF_FEW and zone.other != name_at(
        copy.newsroom.time_zone.key, dt.date(copy.release.date.year, 7, 15)
    )


def _is_used_there(copy: Copy, name: str, day: dt.date) -> bool:
    """Tell whether a country of the release, or the office, has that name all year."""
    if name_at(copy.newsroom.time_zone.key, day) == name:
        return True
    zones = get_global("territory_zones")
    return any(
        name_at(zone, day) == name
        for country in copy.release.countries
        for zone in zones.get(country, ())
        if "/" in zone
    )


def _greenwich_after(copy: Copy, time: ClockTime, then: ClockTime | None) -> int | None:
    """Return the Greenwich time that stands right behind a time: ``(20:00 GMT)``."""
    if then is None or then.zone not in GREENWICH:
        return None
    between = copy.text[time.end : then.start]
    return then.minutes if re.fullmatch(r"[\s()\[\],;/=–—-]{1,5}", between) else None


def greenwich(copy: Copy) -> Iterator[Remark]:
    """Find a local time and a Greenwich time of one phrase that are not the same."""
    zones = named_zones()
    for found, then in pairwise(copy.times):
        stated = _greenwich_after(copy, found, then)
        if stated is None or found.zone is None or found.zone in GREENWICH:
            continue
        days = _days_of(copy, found)
        if found.zone in GENERAL:
            distances = {distance_at(GENERAL[found.zone], day) for day in days}
        else:
            zone = zones[found.zone]
            # That the name is of the other season is the finding of another rule.
            distances = {zone.minutes, *(distance_at(zone.place, day) for day in days)}
        if all((found.minutes - distance) % 1440 != stated for distance in distances):
            right = (found.minutes - min(distances)) % 1440
            yield Remark(
                found.start,
                then.end,
                f"{_clock(found.minutes)} {found.zone} is not {_clock(stated)} {then.zone}",
                f"write `{_clock(right)} {then.zone}`, or correct the local time",
            )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def without_zone(copy: Copy) -> Iterator[Remark]:
    """Find a time in an advisory whose paragraph does not say of which place it is."""
    if copy.release.kind != ADVISORY:
        return
    for passage in copy.passages:
        inside = [
            each for each in copy.times if passage.start <= each.start and each.end <= passage.end
        ]
        # Behind the times, or anywhere in their paragraph: “all times are local”.
        text = copy.text[passage.start : passage.end]
        if (
            passage.key == BODY
            and inside
            and not SAYS_ZONE.search(_without(text, copy, passage.start))
        ):
            yield Remark(
                inside[0].start,
                inside[0].end,
                "the time has no zone: whoever covers the event may be elsewhere",
                "write it behind the hour, as in `10:00 EDT (14:00 GMT)`",
            )


def _without(text: str, copy: Copy, start: int) -> str:
    """Return a paragraph without “at that time”, which names no zone."""
    return re.sub(
        r"(?i)\b(?:at (?:that|the same|any) time|first time|à tout(?:e)? heure)\b", "", text
    )


RULES = (
    Rule(
        "zone-of-season",
        FAMILY,
        Severity.WARNING,
        "The winter's name of a zone with a summer's day, or the other way round. Not where a "
        "country of the release keeps that name all year, nor where the Greenwich time beside "
        "it agrees. `CST`, `MST` and `AST` are looked at where they are the office's own: most "
        "of Central America and the Caribbean has no summer time.",
        "In July, `EST` is an hour away from what New York's clocks show.",
        "The council meets on July 10, 2014, at 15:00 EST.",
        "The council meets on July 10, 2014, at 15:00 EDT.",
        zone_of_season,
    ),
    Rule(
        "greenwich-of-local",
        FAMILY,
        Severity.WARNING,
        "A local time and a Greenwich time in one phrase that are not the same instant.",
        "Whoever follows from another continent comes an hour late.",
        "The council meets today at 15:00 EST (19:00 GMT).",
        "The council meets today at 15:00 EST (20:00 GMT).",
        greenwich,
    ),
    Rule(
        "time-without-zone",
        FAMILY,
        Severity.NOTE,
        "A time in the text of an advisory, in a paragraph that names no zone and no place's time.",
        "An advisory is read where clocks show something else.",
        "The press conference begins at 10:00 in the Harbour House.",
        "The press conference begins at 10:00 EST (15:00 GMT) in the Harbour House.",
        without_zone,
    ),
)
