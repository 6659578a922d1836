"""Front pages, years and topics: lists of releases for those who read on the web.

They are laid out so that a new release touches few of them, however large the archive is: the
front page and a topic's page show the latest, and each year has a page of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

from communique.edition import Edition, Entry, Topic
from communique.layouts import templates_of
from communique.output import Output, Shelf, Stage, Stationery, Workshop, key_of
from communique.site import Site

FRONT = "page/front.html.j2"
YEAR = "page/year.html.j2"
TOPIC = "page/topic.html.j2"
LATEST = 20
"""How many releases a front page and a topic's page show."""


class Listed(NamedTuple):
    """All that a list shows of a release, so that an edit of its text touches no list."""

    reference: str
    address: str
    language: str
    kind: str
    title: str
    lead: str
    date: dt.date
    status: str
    """``published``, ``corrected`` or ``withdrawn``."""


@dataclass(frozen=True, slots=True)
class FrontSubject:
    """What a front page shows."""

    site: Site
    entries: tuple[Listed, ...]
    years: tuple[int, ...]
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """The releases of one month."""

    first_day: dt.date
    entries: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class YearSubject:
    """What the page of a year shows."""

    site: Site
    year: int
    months: tuple[Month, ...]
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TopicSubject:
    """What the page of a topic shows: the latest, or all of one year."""

    site: Site
    topic: Topic
    entries: tuple[Listed, ...]
    years: tuple[int, ...]
    year: int | None


def shelves(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan the lists of every language."""
    for language, site in stationery.sites.items():
        entries = edition.in_language(language)
        listed = {entry.address: _listed(entry) for entry in entries}
        site_key = stationery.site_keys[language]
        yield from _fronts_and_years(site, site_key, entries, listed)
        for topic in topics_of(entries):
            on_topic = [entry for entry in entries if topic in entry.topics]
            yield from _of_topic(site, site_key, topic, on_topic, listed)


def topic_address(site: Site, topic: Topic) -> str:
    """Return where a topic's page lives, below the root."""
    return f"{site.home}topics/{topic.slug}/"


def topics_of(entries: Iterable[Entry]) -> tuple[Topic, ...]:
    """Return the topics of some releases, by name."""
    found = {topic for topics in {entry.topics for entry in entries} for topic in topics}
    return tuple(sorted(found, key=lambda topic: (topic.name.casefold(), topic.slug)))


def by_year(entries: Iterable[Entry]) -> dict[int, list[Entry]]:
    """Group releases by the year of their date, the newest year first."""
    years: dict[int, list[Entry]] = {}
    for entry in entries:
        years.setdefault(entry.year, []).append(entry)
    return dict(sorted(years.items(), reverse=True))


def render_front(subject: FrontSubject, workshop: Workshop) -> bytes:
    """Render a front page."""
    return workshop.layouts.render(
        FRONT,
        subject.site,
        entries=subject.entries,
        years=subject.years,
        topics=subject.topics,
    ).encode()


def render_year(subject: YearSubject, workshop: Workshop) -> bytes:
    """Render the page of a year."""
    return workshop.layouts.render(
        YEAR,
        subject.site,
        year=subject.year,
        months=subject.months,
        years=subject.years,
    ).encode()


def render_topic(subject: TopicSubject, workshop: Workshop) -> bytes:
    """Render the page of a topic."""
    return workshop.layouts.render(
        TOPIC,
        subject.site,
        topic=subject.topic,
        entries=subject.entries,
        years=subject.years,
        year=subject.year,
        feed=f"{topic_address(subject.site, subject.topic)}feed.xml",
    ).encode()


def _listed(entry: Entry) -> Listed:
    return Listed(
        entry.reference,
        entry.address,
        entry.language,
        entry.kind,
        entry.title,
        entry.lead,
        dt.date.fromisoformat(entry.date),
        entry.status,
    )


def _fronts_and_years(
    site: Site, site_key: str, entries: Sequence[Entry], listed: Mapping[str, Listed]
) -> Iterator[Shelf]:
    grouped = by_year(entries)
    years, topics = tuple(grouped), topics_of(entries)
    latest = tuple(listed[entry.address] for entry in entries[:LATEST])
    front = FrontSubject(site, latest, years, topics)
    key = key_of(site_key, latest, years, topics)
    yield _shelf(site.home, key, front, render_front, FRONT)
    for year, of_year in grouped.items():
        lines = tuple(listed[entry.address] for entry in of_year)
        subject = YearSubject(site, year, _months(lines), years)
        key = key_of(site_key, lines, years)
        yield _shelf(f"{site.home}{year}/", key, subject, render_year, YEAR)


def _of_topic(
    site: Site, site_key: str, topic: Topic, entries: Sequence[Entry], listed: Mapping[str, Listed]
) -> Iterator[Shelf]:
    grouped = by_year(entries)
    years = tuple(grouped)
    pages: list[tuple[int | None, Sequence[Entry]]] = [(None, entries[:LATEST])]
    for year, of_page in [*pages, *grouped.items()]:
        lines = tuple(listed[entry.address] for entry in of_page)
        subject = TopicSubject(site, topic, lines, years, year)
        address = topic_address(site, topic) + (f"{year}/" if year else "")
        key = key_of(site_key, topic, lines, years)
        yield _shelf(address, key, subject, render_topic, TOPIC)


def _shelf(
    address: str,
    key: str,
    subject: FrontSubject | YearSubject | TopicSubject,
    render: Callable[[Any, Workshop], bytes],
    template: str,
) -> Shelf:
    """Return the shelf of one list, which shares its address with nothing else."""
    files = templates_of(subject.site, template)
    output = Output(f"{address}index.html", Stage.LIST, key, subject, render, files)
    return Shelf(address, key, files, lambda: (output,))


def _months(lines: Iterable[Listed]) -> tuple[Month, ...]:
    """Group the releases of a year, newest first, by their month."""
    by_date = sorted(lines, key=lambda each: each.date, reverse=True)
    return tuple(
        Month(first_day, tuple(group))
        for first_day, group in groupby(by_date, key=lambda each: each.date.replace(day=1))
    )
