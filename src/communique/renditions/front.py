"""The front page of each language: what is new, what is to come, what was put right, whom to call.

All that it shows is bounded, however large the archive is; the rest is reached by its links.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from communique.edition import Contact, Edition, Entry
from communique.instants import instant_at
from communique.output import Shelf, Stationery, Workshop
from communique.release import Event, Image
from communique.renditions.listing import Listed, Lists, listed
from communique.renditions.rubrics import FAMILIES, TOPICS, Rubric, rubrics_of
from communique.site import Site

TEMPLATE = "page/front.html.j2"
LATEST = 12
"""How many releases it shows; the newest of them leads."""
UPCOMING = 6
"""How many events to come it shows."""
CHANGES = 3
"""How many corrections and withdrawals it shows."""
TOPICS_SHOWN = 12
"""How many topics it shows, those with most releases."""


class Upcoming(NamedTuple):
    """A release that announces an event which is not over."""

    release: Listed
    event: Event


class Change(NamedTuple):
    """A release that was corrected or withdrawn, and on which day."""

    release: Listed
    date: dt.date


@dataclass(frozen=True, slots=True)
class FrontSubject:
    """What a front page shows."""

    site: Site
    entries: tuple[Listed, ...]
    """The newest first."""
    picture: Image | None
    """Of the newest release."""
    upcoming: tuple[Upcoming, ...]
    """The next one first."""
    changes: tuple[Change, ...]
    """The last one first."""
    contacts: tuple[Contact, ...]
    topics: tuple[tuple[Rubric, int], ...]
    """Each with the number of its releases, by name."""
    families: tuple[str, ...]
    """Of which there is a page that lists them all."""
    years: tuple[int, ...]


def shelves(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan the front page of every language."""
    for language in stationery.sites:
        lists = Lists.of(edition, stationery, language)
        yield _shelf(lists, stationery.contacts.get(language, ()))


def render(subject: FrontSubject, workshop: Workshop) -> bytes:
    """Render a front page."""
    return workshop.layouts.render(
        TEMPLATE,
        subject.site,
        entries=subject.entries,
        picture=subject.picture,
        upcoming=subject.upcoming,
        changes=subject.changes,
        contacts=subject.contacts,
        topics=subject.topics,
        families=subject.families,
        years=subject.years,
    ).encode()


def _shelf(lists: Lists, contacts: tuple[Contact, ...]) -> Shelf:
    site, section = lists.site, lists.section
    latest = section.entries[:LATEST]
    ahead = tuple(entry for entry in section.events if entry.lies_ahead)[::-1][:UPCOMING]
    changed = section.changed[:CHANGES]
    counts = [(rubric, len(entries)) for rubric, entries in rubrics_of(section, TOPICS)]
    topics = _most_used(counts)
    families = tuple(family for family in FAMILIES if any(rubrics_of(section, family)))
    years = tuple(section.by_year)

    def subject() -> FrontSubject:
        return FrontSubject(
            site,
            lists.with_leads(latest),
            next((image for entry in latest[:1] for image in lists.open(entry).images), None),
            tuple(_upcoming(lists, ahead)),
            tuple(_changes(changed, ZoneInfo(site.time_zone))),
            contacts,
            topics,
            families,
            years,
        )

    key = lists.key(
        (*latest, *ahead, *changed),
        [entry.lead for entry in latest],
        [entry.picture for entry in latest[:1]],
        [entry.occasion for entry in ahead],
        [entry.updated for entry in changed],
        contacts,
        topics,
        families,
        years,
    )
    return lists.shelf(site.home, key, subject, render, TEMPLATE)


def _most_used(counts: list[tuple[Rubric, int]]) -> tuple[tuple[Rubric, int], ...]:
    """Return the topics with most releases, in the order that they came in."""
    kept = sorted(counts, key=lambda each: each[1], reverse=True)[:TOPICS_SHOWN]
    return tuple(each for each in counts if each in kept)


def _upcoming(lists: Lists, entries: Iterable[Entry]) -> Iterator[Upcoming]:
    for entry in entries:
        event = lists.open(entry).event
        assert event is not None, "only what announces an event lies ahead"
        yield Upcoming(listed(entry), event)


def _changes(entries: Iterable[Entry], zone: ZoneInfo) -> Iterator[Change]:
    for entry in entries:
        yield Change(listed(entry), instant_at(entry.updated, zone).date())
