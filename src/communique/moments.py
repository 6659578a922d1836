"""Dates and times as officers write them, each with its zone.

What comes in: the text of a value. What goes out: a `datetime.date`, or an aware
`datetime.datetime` that exists exactly once.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from calendar import monthrange
from contextlib import suppress
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from communique.diagnostics import nearest
from communique.faults import fault, shape_of

DATE_TIME = re.compile(
    r"(?P<date>\d{4}-\d{1,2}-\d{1,2})(?:[T ]+(?P<hour>\d{1,2}):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:\.\d+)?)?)?\s*(?P<zone>\S.*)?",
    re.IGNORECASE | re.ASCII,
)
OFFSET = re.compile(r"(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>[0-5]\d)", re.I | re.A)
TWELVE_HOURS = re.compile(r"(?P<half>[AP])\.?M\.?(?:\s+(?P<zone>\S.*))?", re.IGNORECASE)
DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4})", re.ASCII)
PROPER_ZONE = re.compile(r"[A-Z][\w+-]*(?:/[A-Z][\w+-]*)*", re.ASCII)
ABBREVIATION = re.compile(r"[A-Z]{2,5}|[A-Z]{3}\d[A-Z]{3}")
YEARS = range(1800, 2200)
"""A year outside of these is a slip of the keyboard."""


def read_time_zone(value: object) -> ZoneInfo:
    """Read a time zone of the IANA database, such as ``America/New_York``.

    Abbreviations are refused, ``UTC`` and ``GMT`` aside: the database has ``EST`` as a zone without
    summer time, and no ``EDT``.
    """
    return _zone(value.strip() if isinstance(value, str) else "", "")


def read_moment(value: object, zone: ZoneInfo | None) -> dt.date | dt.datetime:
    """Read a date, or a date with a time: ``2014-11-18 10:00 America/Bogota``.

    A time without a zone of its own is in `zone`. Raises a `fault` for nothing (`empty-value`),
    what is no date (`date-malformed`), a day or hour that does not exist (`date-impossible`), an
    unknown zone (`unknown-time-zone`), and a local time that a clock change skips (`time-skipped`)
    or repeats (`time-repeated`).
    """
    if not isinstance(value, str):
        raise fault("date-malformed", f"here belongs a date, not {shape_of(value)}")
    text = value.strip()
    if not text:
        raise fault("empty-value", "nothing is written here", "write a date, as in `2014-11-18`")
    match = DATE_TIME.fullmatch(text)
    if match is None:
        advice = _likely_date(text)
        raise fault("date-malformed", f"`{text}` is not a date as it is written here", advice)
    date = _date(text, match["date"])
    if match["hour"] is None:
        if match["zone"] is None:
            return date
        words = f"after the date stands `{match['zone']}`, which is no time"
        raise fault("date-malformed", words, f"write {_likely_time(date, match['zone'])}")
    local = dt.datetime.combine(date, _time(text, date, match))
    if match["zone"] and (half := TWELVE_HOURS.fullmatch(match["zone"])):
        hour = local.hour % 12 + (12 if half["half"].upper() == "P" else 0)
        proper = f"{local.replace(hour=hour):%Y-%m-%d %H:%M} {half['zone'] or ''}".strip()
        words = f"`{text}`: hours are written from 0 to 23"
        raise fault("date-malformed", words, f"write `{proper}`")
    return _in_zone(local, match["zone"], zone)


def start_of(moment: dt.date | dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Return an instant itself, or the start of a day, in `zone`."""
    if isinstance(moment, dt.datetime):
        return moment.astimezone(zone)
    return dt.datetime.combine(moment, dt.time(), zone)


def _date(text: str, written: str) -> dt.date:
    year, month, day = (int(part) for part in written.split("-"))
    if year not in YEARS:
        reason = f"the year has to be between {YEARS.start} and {YEARS.stop - 1}"
        advice = "write it in four digits, as in `2014-11-18`"
    elif not 1 <= month <= 12:
        reason, advice = "a year has 12 months", "the month stands second, as in `2014-11-18`"
        if 1 <= day <= 12 and 1 <= month <= monthrange(year, day)[1]:
            advice = f"the month stands second: write `{year}-{day:02}-{month:02}`"
    elif not 1 <= day <= monthrange(year, month)[1]:
        last = monthrange(year, month)[1]
        reason = f"that month has {last} days"
        advice = f"its last day is `{year}-{month:02}-{last}`"
    else:
        return dt.date(year, month, day)
    raise fault("date-impossible", f"`{text}` does not exist: {reason}", advice)


def _time(text: str, date: dt.date, match: re.Match[str]) -> dt.time:
    hour, minute, second = (int(match[each] or 0) for each in ("hour", "minute", "second"))
    if hour < 24 and minute < 60 and second < 60:
        return dt.time(hour, minute, second)
    advice = f"write hour and minute, as in `{date} 10:00`"
    if (hour, minute, second) == (24, 0, 0):
        advice = f"write `{date + dt.timedelta(days=1)} 00:00{_suffix(match['zone'])}`"
    reason = "hours go from 0 to 23, minutes and seconds to 59"
    raise fault("date-impossible", f"`{text}` does not exist: {reason}", advice)


def _in_zone(local: dt.datetime, written: str | None, default: ZoneInfo | None) -> dt.datetime:
    if written is None:
        zone: dt.tzinfo = default or dt.UTC
    elif written.upper() in ("Z", "UTC", "GMT"):
        zone = dt.UTC
    elif (match := OFFSET.fullmatch(written)) and int(match["hours"]) < 15:
        offset = dt.timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
        zone = dt.timezone(offset if match["sign"] == "+" else -offset)
    else:
        zone = _zone(written, f"{local:%Y-%m-%d %H:%M} ")
    moment = local.replace(tzinfo=zone)
    real = moment.astimezone(dt.UTC).astimezone(zone)
    if real.replace(tzinfo=None) != local:
        after = f"{real:%Y-%m-%d %H:%M}{_suffix(written)}"
        raise fault(
            "time-skipped",
            f"{local:%H:%M} does not exist on {local:%Y-%m-%d} in {zone}: clocks skip it",
            f"write a time before the change or after it, as in `{after}`",
        )
    if moment.utcoffset() != moment.replace(fold=1).utcoffset():
        raise fault(
            "time-repeated",
            f"{local:%H:%M} happens twice on {local:%Y-%m-%d} in {zone}: clocks are set back",
            f"write `{_with_offset(moment, 0)}` for the first time, "
            f"or `{_with_offset(moment, 1)}` for the second",
        )
    return moment


def _suffix(zone: str | None) -> str:
    return f" {zone}" if zone else ""


def _likely_time(date: dt.date, written: str) -> str:
    """Propose how to write a time with what was found after a date: ``10h30``."""
    if match := re.search(r"\b(\d{1,2})[h:.](\d\d)\b(.*)", written):
        return f"`{date} {int(match[1]):02}:{match[2]}{_suffix(match[3].strip())}`"
    zone = _suffix(written) if PROPER_ZONE.fullmatch(written) else ""
    return f"hour and minute after the date, as in `{date} 10:00{zone}`"


def _with_offset(moment: dt.datetime, fold: int) -> str:
    text = moment.replace(fold=fold).strftime("%Y-%m-%d %H:%M %z")
    return f"{text[:-2]}:{text[-2:]}"


def _likely_date(text: str) -> str:
    if match := re.fullmatch(r"(\d{4})[./](\d{1,2})[./](\d{1,2})", text):
        return f"write `{match[1]}-{match[2]:0>2}-{match[3]:0>2}`"
    match = DAY_FIRST.fullmatch(text)
    if match is None:
        return "write year, month and day in digits, as in `2014-11-18`"
    day, month = int(match["day"]), int(match["month"])
    day_first = f"`{match['year']}-{month:02}-{day:02}`"
    month_first = f"`{match['year']}-{day:02}-{month:02}`"
    if day > 12 or day == month:
        return f"write {day_first}"
    if month > 12:
        return f"write {month_first}"
    return f"write {day_first}, or {month_first} if the month stands first"


def _zone(name: str, before: str) -> ZoneInfo:
    """Find a zone; `before` is the date and time that it follows, for the proposals."""
    is_short = ABBREVIATION.fullmatch(name) is not None
    if name in ("UTC", "GMT") or (PROPER_ZONE.fullmatch(name) and not is_short):
        # A folder of the database (`America`) is an OSError; asking for the list costs 60 ms.
        with suppress(ZoneInfoNotFoundError, OSError):
            return ZoneInfo(name)
    likely = _likely_zone(name)
    advice = f"write a place, as in `{before}America/New_York`"
    if likely:
        advice = f"write `{before}{likely}`"
    elif before:
        advice += f", or the distance from GMT, as in `{before}-05:00`"
    if not name:
        raise fault("empty-value", "nothing is written here", advice)
    raise fault("unknown-time-zone", f"`{name}` is not a time zone", advice)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _likely_zone(name: str) -> str | None:
    """Return the zone that is written otherwise, or that has the city: ``Bogotá``."""
    if ABBREVIATION.fullmatch(name.upper()):
        return None
    folded = _folded(name)
    by_name = {_folded(zone): zone for zone in sorted(_zones())}
    by_city = {_folded(zone.rpartition("/")[2]): zone for zone in sorted(_zones())}
    if folded in by_name or folded in by_city:
        return by_name.get(folded) or by_city[folded]
    if "/" not in name:
        return None  # `EDT` is near `EST`, and an hour away
    return nearest(name, sorted(_zones()))


def _folded(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return letters.strip().replace(" ", "_").casefold()
