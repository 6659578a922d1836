"""Front pages, years and topics: lists of releases for those who read on the web."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from communique.edition import Edition, PublicRelease, Topic
from communique.layouts import templates_of
from communique.output import Output, Stage, Stationery, Workshop
from communique.site import Site

LATEST = 20
"""How many releases a front page shows."""


@dataclass(frozen=True, slots=True)
class Entry:
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
    entries: tuple[Entry, ...]
    years: tuple[int, ...]
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """The releases of one month."""

    first_day: dt.date
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class YearSubject:
    """What the page of a year shows."""

    site: Site
    year: int
    months: tuple[Month, ...]
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TopicSubject:
    """What the page of a topic shows."""

    site: Site
    topic: Topic
    entries: tuple[Entry, ...]


def plan(edition: Edition, stationery: Stationery) -> Iterator[Output]:
    """Plan the lists of every language."""
    for language, site in stationery.sites.items():
        releases = edition.in_language(language)
        years = tuple(sorted({release.date.year for release in releases}, reverse=True))
        topics = topics_of(releases)
        front = FrontSubject(site, tuple(map(entry_of, releases[:LATEST])), years, topics)
        yield _list(site.home, front, render_front, "page/front.html.j2")
        for year in years:
            of_year = [release for release in releases if release.date.year == year]
            subject = YearSubject(site, year, _months(of_year), years)
            yield _list(f"{site.home}{year}/", subject, render_year, "page/year.html.j2")
        for topic in topics:
            on_topic = tuple(entry_of(each) for each in releases if topic in each.topics)
            address = topic_address(site, topic)
            on_it = TopicSubject(site, topic, on_topic)
            yield _list(address, on_it, render_topic, "page/topic.html.j2")


def topic_address(site: Site, topic: Topic) -> str:
    """Return where a topic's page lives, below the root."""
    return f"{site.home}topics/{topic.slug}/"


def topics_of(releases: Iterable[PublicRelease]) -> tuple[Topic, ...]:
    """Return the topics of some releases, by name."""
    found = {topic for release in releases for topic in release.topics}
    return tuple(sorted(found, key=lambda topic: (topic.name.casefold(), topic.slug)))


def entry_of(release: PublicRelease) -> Entry:
    """Return what a list shows of a release."""
    status = "corrected" if release.corrections else "published"
    return Entry(
        release.reference,
        release.address,
        release.language,
        release.kind,
        release.title,
        release.lead,
        release.date,
        "withdrawn" if release.withdrawal else status,
    )


def render_front(subject: FrontSubject, workshop: Workshop) -> bytes:
    """Render a front page."""
    return workshop.layouts.render(
        "page/front.html.j2",
        subject.site,
        entries=subject.entries,
        years=subject.years,
        topics=subject.topics,
    ).encode()


def render_year(subject: YearSubject, workshop: Workshop) -> bytes:
    """Render the page of a year."""
    return workshop.layouts.render(
        "page/year.html.j2",
        subject.site,
        year=subject.year,
        months=subject.months,
        years=subject.years,
    ).encode()


def render_topic(subject: TopicSubject, workshop: Workshop) -> bytes:
    """Render the page of a topic."""
    return workshop.layouts.render(
        "page/topic.html.j2",
        subject.site,
        topic=subject.topic,
        entries=subject.entries,
        feed=f"{topic_address(subject.site, subject.topic)}feed.xml",
    ).encode()


def _list(
    address: str,
    subject: FrontSubject | YearSubject | TopicSubject,
    render: Callable[[Any, Workshop], bytes],
    template: str,
) -> Output:
    templates = templates_of(subject.site, template)
    return Output(f"{address}index.html", Stage.LIST, subject, render, templates)


def _months(releases: Iterable[PublicRelease]) -> tuple[Month, ...]:
    """Group the releases of a year, newest first, by their month."""
    by_date = sorted(releases, key=lambda each: each.date, reverse=True)
    return tuple(
        Month(first_day, tuple(map(entry_of, group)))
        for first_day, group in groupby(by_date, key=lambda each: each.date.replace(day=1))
    )
