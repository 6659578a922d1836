"""What the catalogue knows of a release without opening it: one line, cheap to keep and to compare.

An archive holds tens of thousands of releases, and a build that follows one edit must not open
them all: lists, links and decisions are made from cards, and a release is opened when it is shown.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import NamedTuple

from communique.diagnostics import Span
from communique.digest import digest_of
from communique.instants import Microseconds, microseconds
from communique.moments import start_of
from communique.newsroom import Newsroom
from communique.release import Event, Manuscript, Release


class Card(NamedTuple):
    """One release on the catalogue's card: only texts, numbers and tuples of them."""

    path: str
    reference: str
    series: str
    number: int
    year: int
    """The reference's, in four digits."""
    language: str
    kind: str
    address: str
    slug: str
    guid: str
    title: str
    lead: str
    """The digest of its lead, which is opened where it is shown."""
    date: str
    """ISO 8601."""
    public_from: Microseconds
    embargoed: bool
    elsewhere: str
    """The instant of its embargo in the zone it was written in, if that is not the newsroom's."""
    draft: bool
    topics: tuple[str, ...]
    related: tuple[str, ...]
    """References."""
    mentions: tuple[str, ...]
    """References that the text links to."""
    aliases: tuple[str, ...]
    """Older addresses, below the root."""
    corrections: tuple[Microseconds, ...]
    """When each takes effect, the earliest first."""
    withdrawn: Microseconds | None
    changes: str
    """The digest of what its corrections and its withdrawal say; empty without any."""
    content: str
    """The digest of all that any page may show of it."""
    countries: tuple[str, ...] = ()
    event: tuple[Microseconds, Microseconds] | None = None
    """When its event begins, and when it is over."""
    picture: str = ""
    """The digest of its first picture; empty without one."""
    occasion: str = ""
    """The digest of its event: what, where and when; empty without one."""


class Stub(NamedTuple):
    """What is known of a release file that is too faulty for a card."""

    path: str
    reference: str | None
    draft: bool
    public_from: Microseconds | None
    """None where it could not be read: then the release counts as public."""


def card_of(release: Release, newsroom: Newsroom) -> Card:
    """Write the card of a release."""
    zone = newsroom.time_zone
    language = release.language
    names = (
        *(newsroom.topics[topic].in_language(language) for topic in release.topics),
        *(newsroom.contacts[contact] for contact in release.contacts),
    )
    # Where something stands in a file is the check's business; nobody is shown it.
    bare = replace(
        release,
        path="",
        span=Span.of_file(""),
        body=replace(release.body, mentions=()),
        related=(),
        aliases=(),  # no page shows them
        silences={},
    )
    return Card(
        path=release.path,
        reference=release.reference.text,
        series=release.reference.series,
        number=release.reference.number,
        year=release.reference.year,
        language=language,
        kind=release.kind,
        address=newsroom.address_of(release.reference, language),
        slug=newsroom.slug_of(release.reference, language),
        guid=newsroom.guid_of(release.reference, language),
        title=release.title,
        lead=digest_of(release.lead.encode("utf-8", "surrogatepass")),
        date=release.date.isoformat(),
        public_from=microseconds(release.public_from),
        embargoed=release.embargo is not None,
        elsewhere=_elsewhere(release.embargo, zone),
        draft=release.draft,
        topics=release.topics,
        related=tuple(mention.reference for mention in release.related),
        mentions=tuple(mention.reference for mention in release.body.mentions),
        aliases=release.aliases,
        corrections=tuple(
            sorted(microseconds(start_of(each.when, zone)) for each in release.corrections)
        ),
        withdrawn=(
            microseconds(start_of(release.withdrawn.when, zone)) if release.withdrawn else None
        ),
        changes=_changes(release),
        content=_digest((bare, names)),
        countries=release.countries,
        event=_span_of(release.event, zone) if release.event else None,
        picture=_digest(release.images[0]) if release.images else "",
        occasion=_digest(release.event) if release.event else "",
    )


def _elsewhere(embargo: dt.datetime | None, zone: dt.tzinfo) -> str:
    if embargo is None or embargo.utcoffset() == embargo.astimezone(zone).utcoffset():
        return ""
    return f"{embargo:%Y-%m-%d %H:%M} {getattr(embargo.tzinfo, 'key', None) or f'{embargo:%Z}'}"


def _span_of(event: Event, zone: dt.tzinfo) -> tuple[Microseconds, Microseconds]:
    last = event.until or event.when
    if not isinstance(last, dt.datetime):
        last += dt.timedelta(days=1)  # a whole day is over when the next one begins
    return microseconds(start_of(event.when, zone)), microseconds(start_of(last, zone))


def _changes(release: Release) -> str:
    if not release.corrections and release.withdrawn is None:
        return ""
    return _digest((release.corrections, release.withdrawn))


def _digest(value: object) -> str:
    return digest_of(repr(value).encode("utf-8", "surrogatepass"))


def stub_of(manuscript: Manuscript) -> Stub:
    """Return what is known of a faulty manuscript."""
    due = manuscript.public_from
    return Stub(
        manuscript.path,
        manuscript.reference,
        manuscript.draft,
        None if due is None else microseconds(due),
    )


def is_due(item: Card | Stub, instant: Microseconds) -> bool:
    """Tell whether the public should see a release at `instant`."""
    return not item.draft and (item.public_from is None or item.public_from <= instant)
