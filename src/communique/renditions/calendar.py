"""Events for calendars (iCalendar, RFC 5545): one file beside each page, and one per language.

The UID is the release's lasting name, and SEQUENCE counts its corrections, so that a calendar moves
the event that it has. A withdrawn one is CANCELLED: of what it was, only the time is left. Times
are instants in UTC, which need no table of zones.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from communique.edition import Edition, PublicRelease
from communique.layouts import templates_of
from communique.moments import start_of
from communique.output import Output, Shelf, Stage, Stationery, Workshop, key_of
from communique.phrases import Phrases, heading_of, phrase
from communique.release import CALENDAR
from communique.renditions.channels import xml_text
from communique.site import Site

EVENTS = 100
"""How many events the calendar of a language holds, those that begin last."""
PROGRAM = "-//communique//communique//EN"


@dataclass(frozen=True, slots=True)
class CalendarSubject:
    """What a calendar shows."""

    site: Site
    releases: tuple[PublicRelease, ...]


def outputs(release: PublicRelease, key: str, stationery: Stationery) -> Iterator[Output]:
    """Plan the calendar of one release, if it announces an event."""
    site = stationery.sites[release.language]
    if "calendar" in site.formats and (release.event or release.called_off):
        path = release.file_path(CALENDAR)
        subject = CalendarSubject(site, (release,))
        yield Output(path, Stage.ASSET, key, subject, render, templates_of(site))


def shelves(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan the calendar of every language; there is one also while there are no events."""
    for language, site in stationery.sites.items():
        if "calendar" in site.formats:
            yield _shelf(edition, stationery, site, language)


def render(subject: CalendarSubject, workshop: Workshop) -> bytes:
    """Render a calendar."""
    from icalendar import Calendar  # takes its time, and most builds render none

    site = subject.site
    phrases = workshop.layouts.phrases[site.language]
    calendar = Calendar()
    calendar.add("PRODID", PROGRAM)
    calendar.add("VERSION", "2.0")
    name = phrase(phrases, "feed_title").format(
        organization=site.organization, newsroom=phrase(phrases, "newsroom")
    )
    calendar.add("X-WR-CALNAME", xml_text(name))
    for release in subject.releases:
        calendar.add_component(_event(release, site, phrases))
    data: bytes = calendar.to_ical()
    return data


def _event(release: PublicRelease, site: Site, phrases: Phrases) -> Any:
    from icalendar import Event

    announced = release.event or release.called_off
    assert announced is not None, "only releases with an event are in a calendar"
    event = Event()
    begin, end = _span(announced.when, announced.until, ZoneInfo(site.time_zone))
    url = site.url + quote(release.address)
    event.add("UID", release.guid)
    event.add("DTSTAMP", release.updated.astimezone(dt.UTC))
    event.add("LAST-MODIFIED", release.updated.astimezone(dt.UTC))
    event.add("SEQUENCE", release.revision)
    event.add("STATUS", "CANCELLED" if release.withdrawal else "CONFIRMED")
    event.add("DTSTART", begin)
    if end is not None:
        event.add("DTEND", end)
    said = release.withdrawal.reason if release.withdrawal else release.lead
    event.add("SUMMARY", xml_text(announced.what or heading_of(release, phrases)))
    event.add("DESCRIPTION", xml_text(f"{said}\n\n{release.reference}\n{url}"))
    event.add("URL", url)
    if announced.where:
        event.add("LOCATION", xml_text(announced.where))
    for contact in release.contacts:
        ways = (contact.name, contact.phone, contact.email)
        event.add("CONTACT", xml_text(", ".join(filter(None, ways))))
    return event


def _span(
    when: dt.date | dt.datetime, until: dt.date | dt.datetime | None, zone: ZoneInfo
) -> tuple[dt.date, dt.date | None]:
    """Return begin and end as iCalendar has them: of whole days, the day after is the end."""
    day = dt.timedelta(days=1)
    if not isinstance(when, dt.datetime):
        last = until.astimezone(zone).date() if isinstance(until, dt.datetime) else until
        return when, (last or when) + day
    begin = when.astimezone(dt.UTC)
    if until is None:
        return begin, None
    end = until if isinstance(until, dt.datetime) else start_of(until + day, zone)
    return begin, end.astimezone(dt.UTC)


def _shelf(edition: Edition, stationery: Stationery, site: Site, language: str) -> Shelf:
    entries = edition.in_language(language).events[:EVENTS]
    key = key_of(stationery.site_keys[language], [entry.key for entry in entries])
    files = templates_of(site)

    def make() -> Iterable[Output]:
        releases = tuple(edition.open(entry) for entry in entries)
        subject = CalendarSubject(site, releases)
        yield Output(site.calendar, Stage.FEED, key, subject, render, files)

    return Shelf(site.calendar, key, files, make)
