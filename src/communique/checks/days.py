"""Days: weekdays, dates that cannot be, today and tomorrow, events and embargoes."""

from __future__ import annotations

import datetime as dt
import re
from calendar import isleap, monthrange
from collections.abc import Iterator

from communique.checks.copy import Copy
from communique.checks.dates_in_text import DateInText, calendar_words
from communique.checks.rule import Remark, Rule
from communique.checks.words import RELATIVE
from communique.diagnostics import Severity
from communique.moments import start_of

FAMILY = "Days"
COUNTED = re.compile(r"\s+[a-z]{3}")
MORNING = re.compile(r"\b(?:la|de|esta|por|une|el)\s+$", re.IGNORECASE)
"""Before `mañana`, which is the morning then."""
NIGHT = range(1, 6)
LONG = dt.timedelta(days=31)


def weekday(copy: Copy) -> Iterator[Remark]:
    """Find a weekday that is not that of the date beside it."""
    written = {each.year for each in copy.dates if each.year}
    for found in copy.dates:
        day = None if found.weekday is None else found.near(copy.release.date)
        if day is None or day.weekday() == found.weekday:
            continue
        # Without a year, it may also be of the release's own, or of one that the text names.
        years = () if found.year else (*written, copy.release.date.year)
        others = (found.in_year(year) for year in years)
        if any(other is not None and other.weekday() == found.weekday for other in others):
            continue
        right = calendar_words(copy.release.language).names[day.weekday()]
        year = "" if found.year else f" in {day.year}"
        shown = " ".join(copy.text[found.start : found.end].split())
        yield Remark(
            found.start,
            found.end,
            f"`{shown}`: that day{year} is a {day:%A}",
            f"write `{right}`, or correct the date",
        )


def impossible(copy: Copy) -> Iterator[Remark]:
    """Find a day that its month does not have."""
    year = copy.release.date.year
    for found in copy.dates:
        leap = isleap(found.year) if found.year else any(map(isleap, range(year - 1, year + 2)))
        last = monthrange(2000 if leap else 2001, found.month)[1]
        if not 1 <= found.day <= last and _is_surely_date(copy, found):
            shown = " ".join(copy.text[found.start : found.end].split())
            yield Remark(
                found.start,
                found.end,
                f"`{shown}` does not exist: that month has {last} days",
                "correct the day or the month",
            )


def _is_surely_date(copy: Copy, found: DateInText) -> bool:
    """Leave out what counts something: ``32 March sailings``, ``By April 31 ships had come``."""
    if found.year is not None or found.weekday is not None:
        return True
    counts = COUNTED.match(copy.text, found.end) and not copy.text[found.start].isdigit()
    return found.day < 32 and (not counts or copy.text[: found.start].endswith("on "))


def event_before_date(copy: Copy) -> Iterator[Remark]:
    """Find an event that is over when it is announced."""
    event, zone = copy.release.event, copy.newsroom.time_zone
    if event is None:
        return
    last = start_of(event.until or event.when, zone).date()
    if last < copy.release.date:
        key = ("event", "until" if event.until else "when")
        start, end = copy.place_of(*key)
        yield Remark(
            start,
            end,
            f"the event is over before the date of the release, {copy.release.date}",
            "correct the day of the event, or `date`",
        )


def embargo_at_night(copy: Copy) -> Iterator[Remark]:
    """Find an embargo that ends between one and six in the morning, where it was written for."""
    embargo = copy.release.embargo
    if embargo is not None and embargo.hour in NIGHT:
        yield Remark(
            *copy.place_of("embargo"),
            "the embargo ends in the night, when no office is open",
            f"if the afternoon is meant, write the hour as {embargo.hour + 12}",
        )


def embargo_far_away(copy: Copy) -> Iterator[Remark]:
    """Find an embargo that ends more than a month after the date of the release."""
    release = copy.release
    day = release.public_from.astimezone(copy.newsroom.time_zone).date()
    if release.embargo and day - release.date > LONG:
        start, end = copy.place_of("embargo")
        yield Remark(
            start,
            end,
            f"the embargo ends {(day - release.date).days} days after the date of the release",
            f"correct the day, or set `date` (line {copy.line_of('date')}) to {day}",
        )


def relative_day(copy: Copy) -> Iterator[Remark]:
    """Find a today, tomorrow or yesterday that is not the day beside it."""
    words = RELATIVE.get(copy.main_language)
    if words is None:
        return
    pattern = re.compile(rf"\b(?P<word>{'|'.join(words)})\b[\s,(–—]{{1,3}}$", re.IGNORECASE)
    for found in copy.dates:
        around = max(0, found.start - 20)
        match = pattern.search(copy.text[around : found.start])
        day = found.near(copy.release.date) if match else None
        if match is None or day is None:
            continue
        if match["word"].lower() == "mañana" and MORNING.search(
            copy.text[max(0, around + match.start() - 8) : around + match.start()]
        ):
            continue
        distance = dt.timedelta(days=words[match["word"].lower()])
        if day - distance not in copy.days:
            yield _not_that_day(copy, around + match.start(), found, match["word"], distance)


def _not_that_day(
    copy: Copy, start: int, found: DateInText, word: str, distance: dt.timedelta
) -> Remark:
    meant = copy.release.date + distance
    return Remark(
        start,
        found.end,
        f"`{word}` is {meant:%Y-%m-%d}, since the release is of {copy.release.date}",
        "correct the day, or `date`",
    )


RULES = (
    Rule(
        "weekday-of-date",
        FAMILY,
        Severity.WARNING,
        "A weekday beside a date that falls on another one. Without a year, it may be the "
        "date nearest to that of the release, or one of a year that the text names.",
        "Half of the guests come on the Friday, the others on the 10th.",
        "The council meets on Friday, March 10, 2014.",
        "The council meets on Monday, March 10, 2014.",
        weekday,
    ),
    Rule(
        "date-in-text",
        FAMILY,
        Severity.WARNING,
        "A date in the text that no calendar has. February 29 without a year is fine where one of "
        "the years around the release's has it.",
        "It is plain to everybody, and nobody knows what was meant.",
        "The quay opens on February 30.",
        "The quay opens on February 28.",
        impossible,
    ),
    Rule(
        "event-before-date",
        FAMILY,
        Severity.WARNING,
        "An `event` that is over before the date of the release.",
        "Most often it is last year's, or the month is mistyped.",
        "event: {when: 2013-12-10 10:00}\n---\nThe council meets at the quay.",
        "event: {when: 2014-12-10 10:00}\n---\nThe council meets at the quay.",
        event_before_date,
    ),
    Rule(
        "embargo-at-night",
        FAMILY,
        Severity.NOTE,
        "An embargo that ends between one and six in the morning, by the clock it is written in. "
        "Midnight is fine.",
        "`04:00` is often meant to be four in the afternoon.",
        "embargo: 2014-11-20 04:00\n---\nThe council met.",
        "embargo: 2014-11-20 16:00\n---\nThe council met.",
        embargo_at_night,
    ),
    Rule(
        "embargo-far-from-date",
        FAMILY,
        Severity.NOTE,
        "An embargo that ends more than a month after `date`.",
        "The page shows `date`: the release would be old on its first day. Or the month is "
        "mistyped.",
        "embargo: 2015-01-20 10:00\n---\nThe council met.",
        "embargo: 2014-11-20 10:00\n---\nThe council met.",
        embargo_far_away,
    ),
    Rule(
        "relative-day",
        FAMILY,
        Severity.WARNING,
        "A “today”, “tomorrow” or “yesterday” beside a date that is another day, counted from the "
        "date of the release or from the day it becomes public.",
        "The release was moved by a day, and its text was not.",
        "The council meets today, November 17.",
        "The council meets today, November 18.",
        relative_day,
    ),
)
