"""Dates and times as officers write them, each with its zone.

What comes in: the text of a value. What goes out: a `datetime.date`, or an aware
`datetime.datetime` that exists exactly once.
"""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from communique.diagnostics import nearest
from communique.faults import fault, shape_of

DATE_TIME = re.compile(
    r"(?P<date>\d{4}-\d{1,2}-\d{1,2})(?:[T ]+(?P<hour>\d{1,2}):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:\.\d+)?)?)?\s*(?P<zone>\S.*)?",
    re.IGNORECASE,
)
OFFSET = re.compile(r"(?:UTC|GMT)?(?P<sign>[+-])(?P<hours>\d\d):?(?P<minutes>\d\d)", re.IGNORECASE)
DAY_FIRST = re.compile(r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{4})")


def read_time_zone(value: object) -> ZoneInfo:
    """Read a time zone of the IANA database, such as ``America/New_York``."""
    name = value.strip() if isinstance(value, str) else ""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        likely = nearest(name, available_timezones())
        raise fault(
            "unknown-time-zone",
            f"`{name}` is not a time zone",
            f"write `{likely}`" if likely else "write a place, as in `America/New_York`",
        ) from None


def read_date(value: object) -> dt.date:
    """Read a calendar date, ``2014-11-18``."""
    moment = read_moment(value, None)
    return moment.date() if isinstance(moment, dt.datetime) else moment


def read_moment(value: object, zone: ZoneInfo | None) -> dt.date | dt.datetime:
    """Read a date, or a date with a time: ``2014-11-18 10:00 America/Bogota``.

    A time without a zone of its own is in `zone`. Raises a `fault` for what is no date
    (`date-malformed`), a day or hour that does not exist (`date-impossible`), an unknown zone
    (`unknown-time-zone`), and a local time that a clock change skips (`time-skipped`) or repeats
    (`time-repeated`).
    """
    if not isinstance(value, str):
        raise fault("date-malformed", f"here belongs a date, not {shape_of(value)}")
    match = DATE_TIME.fullmatch(value.strip())
    if match is None:
        raise fault(
            "date-malformed",
            f"`{value.strip()}` is not a date as it is written here",
            _likely_date(value.strip()),
        )
    year, month, day = (int(part) for part in match["date"].split("-"))
    try:
        date = dt.date(year, month, day)
        if match["hour"] is None:
            if match["zone"] is None:
                return date
            raise fault(
                "date-malformed",
                f"a zone, `{match['zone']}`, without a time",
                f"write a time before it, as in `{date} 10:00 {match['zone']}`",
            )
        time = dt.time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    except ValueError as error:
        raise fault(
            "date-impossible", f"`{value.strip()}` does not exist: {_reason(error, year, month)}"
        ) from None
    return _in_zone(dt.datetime.combine(date, time), match["zone"], zone)


def start_of(moment: dt.date | dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Return an instant itself, or the start of a day, in `zone`."""
    if isinstance(moment, dt.datetime):
        return moment.astimezone(zone)
    return dt.datetime.combine(moment, dt.time(), zone)


def _in_zone(local: dt.datetime, written: str | None, default: ZoneInfo | None) -> dt.datetime:
    if written is None:
        zone: dt.tzinfo = default or dt.UTC
    elif written.upper() in ("Z", "UTC", "GMT"):
        zone = dt.UTC
    elif match := OFFSET.fullmatch(written):
        offset = dt.timedelta(hours=int(match["hours"]), minutes=int(match["minutes"]))
        zone = dt.timezone(offset if match["sign"] == "+" else -offset)
    else:
        zone = read_time_zone(written)
    moment = local.replace(tzinfo=zone)
    if moment.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != local:
        after = moment.astimezone(dt.UTC).astimezone(zone)
        raise fault(
            "time-skipped",
            f"{local:%H:%M} does not exist on {local:%Y-%m-%d} in {zone}: clocks skip it",
            f"write `{after:%Y-%m-%d %H:%M}` or an hour before the change",
        )
    earlier, later = (moment.replace(fold=fold).utcoffset() for fold in (0, 1))
    if earlier != later:
        raise fault(
            "time-repeated",
            f"{local:%H:%M} happens twice on {local:%Y-%m-%d} in {zone}: clocks are set back",
            f"say which: `{_with_offset(moment, 0)}` or `{_with_offset(moment, 1)}`",
        )
    return moment


def _with_offset(moment: dt.datetime, fold: int) -> str:
    text = moment.replace(fold=fold).strftime("%Y-%m-%d %H:%M %z")
    return f"{text[:-2]}:{text[-2:]}"


def _likely_date(text: str) -> str:
    match = DAY_FIRST.fullmatch(text)
    if match is None:
        return "write year, month and day in digits, as in `2014-11-18`"
    day, month = int(match["day"]), int(match["month"])
    if day > 12 or day == month:
        return f"write `{match['year']}-{month:02}-{day:02}`"
    if month > 12:
        return f"write `{match['year']}-{day:02}-{month:02}`"
    return (
        f"write `{match['year']}-{month:02}-{day:02}`, or "
        f"`{match['year']}-{day:02}-{month:02}` if the month stands first"
    )


def _reason(error: ValueError, year: int, month: int) -> str:
    text = str(error)
    if text.startswith("day") and 1 <= month <= 12:
        last = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day
        return f"that month has {last} days"
    if text.startswith("month"):
        return "a year has 12 months"
    return "hours go from 0 to 23, minutes and seconds to 59"
