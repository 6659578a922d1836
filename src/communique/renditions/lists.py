"""Front pages, years and topics: lists of releases for those who read on the web.

They are laid out so that a new release touches few of them, however large the archive is: the
front page and a topic's page show the latest, and each year has a page of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

from communique.digest import digest_of
from communique.edition import Edition, Entry, PublicRelease, Section, Topic, by_year
from communique.layouts import templates_of
from communique.output import Output, Shelf, Stage, Stationery, Workshop, key_of
from communique.site import Site

FRONT = "page/front.html.j2"
YEAR = "page/year.html.j2"
TOPIC = "page/topic.html.j2"
LATEST = 20
"""How many releases a front page and a topic's page show."""

UPCOMING = 5
"""How many events to come a front page shows."""


class Listed(NamedTuple):
    """All that a list shows of a release, so that an edit of its text touches no list."""

    reference: str
    address: str
    language: str
    kind: str
    title: str
    lead: str
    """Of the latest releases; in the list of a year it is empty."""
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
    upcoming: tuple[Listed, ...]
    """What announces an event that is still to come, the next one first."""


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
        section = edition.in_language(language)
        listings = {entry.address: entry.listing for entry in section.entries}
        lists = _Lists(site, stationery.site_keys[language], listings, edition.open)
        yield from lists.fronts_and_years(section)
        for topic, on_topic in section.by_topic.items():
            yield from lists.of_topic(topic, on_topic)


def topic_address(site: Site, topic: Topic) -> str:
    """Return where a topic's page lives, below the root."""
    return f"{site.home}topics/{topic.slug}/"


def render_front(subject: FrontSubject, workshop: Workshop) -> bytes:
    """Render a front page."""
    return workshop.layouts.render(
        FRONT,
        subject.site,
        entries=subject.entries,
        years=subject.years,
        topics=subject.topics,
        upcoming=subject.upcoming,
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


def _listed(entry: Entry, lead: str = "") -> Listed:
    return Listed(
        entry.reference,
        entry.address,
        entry.language,
        entry.kind,
        entry.title,
        lead,
        dt.date.fromisoformat(entry.date),
        entry.status,
    )


@dataclass(frozen=True, slots=True)
class _Lists:
    """The lists of one language. Subjects are made only of those that have to be rendered."""

    site: Site
    site_key: str
    listings: Mapping[str, str]
    """Address → what stands for the release's line."""
    open: Callable[[Entry], PublicRelease]

    def fronts_and_years(self, section: Section) -> Iterator[Shelf]:
        """Plan the front page, and the page of every year."""
        years, topics = tuple(section.by_year), tuple(section.by_topic)
        latest = section.entries[:LATEST]
        upcoming = self._upcoming(section)

        def front() -> FrontSubject:
            listed = tuple(map(_listed, upcoming))
            return FrontSubject(self.site, self._with_leads(latest), years, topics, listed)

        shown = [entry.listing for entry in upcoming]
        key = self._key(latest, *(entry.lead for entry in latest), years, topics, shown)
        yield self._shelf(self.site.home, key, front, render_front, FRONT)
        for year, of_year in section.by_year.items():
            yield self._shelf(
                f"{self.site.home}{year}/",
                self._key(of_year, years),
                partial(self._year, year, of_year, years),
                render_year,
                YEAR,
            )

    def _upcoming(self, section: Section) -> tuple[Entry, ...]:
        if "calendar" not in self.site.formats:
            return ()
        ahead = [entry for entry in section.events if entry.lies_ahead]
        return tuple(reversed(ahead))[:UPCOMING]

    def of_topic(self, topic: Topic, entries: Sequence[Entry]) -> Iterator[Shelf]:
        """Plan a topic's page, and that of each of its years."""
        address = topic_address(self.site, topic)
        grouped = by_year(entries)
        years = tuple(grouped)
        latest = entries[:LATEST]

        def latest_on_topic() -> TopicSubject:
            return TopicSubject(self.site, topic, self._with_leads(latest), years, None)

        key = self._key(latest, *(entry.lead for entry in latest), topic, years)
        yield self._shelf(address, key, latest_on_topic, render_topic, TOPIC)
        for year, of_year in grouped.items():
            yield self._shelf(
                f"{address}{year}/",
                self._key(of_year, topic, years),
                partial(self._year_of_topic, topic, of_year, years, year),
                render_topic,
                TOPIC,
            )

    def _year(self, year: int, entries: Sequence[Entry], years: tuple[int, ...]) -> YearSubject:
        return YearSubject(self.site, year, _months(map(_listed, entries)), years)

    def _year_of_topic(
        self, topic: Topic, entries: Sequence[Entry], years: tuple[int, ...], year: int
    ) -> TopicSubject:
        return TopicSubject(self.site, topic, tuple(map(_listed, entries)), years, year)

    def _with_leads(self, entries: Iterable[Entry]) -> tuple[Listed, ...]:
        return tuple(_listed(entry, self.open(entry).lead) for entry in entries)

    def _key(self, entries: Iterable[Entry], *others: object) -> str:
        lines = "\x1e".join([self.listings[entry.address] for entry in entries])
        digest = digest_of(lines.encode("utf-8", "surrogatepass"))
        return key_of(self.site_key, digest, *others)

    def _shelf(
        self,
        address: str,
        key: str,
        subject: Callable[[], FrontSubject | YearSubject | TopicSubject],
        render: Callable[[Any, Workshop], bytes],
        template: str,
    ) -> Shelf:
        """Return the shelf of one list, which shares its address with nothing else."""
        files = templates_of(self.site, template)
        path = f"{address}index.html"
        return Shelf(
            address,
            key,
            files,
            lambda: (Output(path, Stage.LIST, key, subject(), render, files),),
        )


def _months(lines: Iterable[Listed]) -> tuple[Month, ...]:
    """Group the releases of a year, newest first, by their month."""
    by_date = sorted(lines, key=lambda each: each.date, reverse=True)
    return tuple(
        Month(first_day, tuple(group))
        for first_day, group in groupby(by_date, key=lambda each: each.date.replace(day=1))
    )
