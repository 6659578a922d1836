"""Which feeds there are, and what they say: the same in RSS, Atom and JSON Feed.

Each language has a feed of all releases, of each topic, country, kind and year, and of what was
corrected and withdrawn. Each holds the latest releases, complete.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from communique.edition import Country, Entry, PublicRelease, Section, Topic
from communique.output import Workshop
from communique.phrases import Phrases, heading_of, phrase
from communique.renditions.rubrics import (
    COUNTRIES,
    KINDS,
    TOPICS,
    address_of,
    name_of_kind,
    slug_of_country,
    slug_of_kind,
)
from communique.site import Site

TEMPLATE = "feed/item.html.j2"
ITEMS = 50
"""How many releases a feed holds."""
NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML can hold, not even escaped (XML 1.0 §2.2), nor UTF-8."""
INSTEAD = "\ufffd"
UTC = dt.UTC


class Channel(NamedTuple):
    """Which feed of a language it is."""

    folder: str
    """Where it lies, below the root, beside the page of what it tells: ``en/topics/ferries/``."""
    topic: Topic | None = None
    is_of_changes: bool = False
    """Whether it tells of corrections and withdrawals."""
    country: Country | None = None
    kind: str = ""
    year: int | None = None

    @property
    def address(self) -> str:
        """Return the address of its RSS, below the root."""
        return f"{self.folder}feed.xml"

    @property
    def atom(self) -> str:
        """Return the address of its Atom, below the root."""
        return f"{self.folder}atom.xml"

    @property
    def json(self) -> str:
        """Return the address of its JSON Feed, below the root."""
        return f"{self.folder}feed.json"

    @property
    def encloses(self) -> bool:
        """Tell whether its RSS encloses the PDFs, whose sizes it then states.

        Those of countries, kinds and years do not: else a new letterhead would have nearly every
        PDF of the archive made before today's release is out.
        """
        return self.country is None and not self.kind and self.year is None


@dataclass(frozen=True, slots=True)
class FeedSubject:
    """What a feed says."""

    site: Site
    channel: Channel
    releases: tuple[PublicRelease, ...]
    """Newest first; of changes, the latest change."""
    offers_pdf: bool
    keys: tuple[str, ...] = ()
    """What stands for all that each release shows, so that its text is made once for all feeds."""


def channels_of(section: Section, site: Site) -> Iterator[tuple[Channel, Sequence[Entry]]]:
    """Yield the feeds of a language, each with the releases that it is about, the newest first."""
    yield Channel(site.home), section.entries
    for topic, entries in section.by_topic.items():
        yield Channel(address_of(site, TOPICS, topic.slug), topic), entries
    if "feeds" in site.formats:
        for country, entries in section.by_country.items():
            folder = address_of(site, COUNTRIES, slug_of_country(country))
            yield Channel(folder, country=country), entries
        for kind, entries in section.by_kind.items():
            yield Channel(address_of(site, KINDS, slug_of_kind(kind)), kind=kind), entries
        for year, entries in section.by_year.items():
            yield Channel(f"{site.home}{year}/", year=year), entries
    yield Channel(site.corrections, is_of_changes=True), section.changed


def title_of(channel: Channel, site: Site, phrases: Phrases) -> str:
    """Return the title of a feed."""
    organization = site.organization
    if channel.is_of_changes:
        page = phrase(phrases, "corrections_page")
        return phrase(phrases, "corrections_feed_title").format(
            organization=organization, corrections=page
        )
    label = label_of(channel, phrases)
    if label:
        words = phrase(phrases, "topic_feed_title")
        return words.format(organization=organization, topic=label)
    newsroom = phrase(phrases, "newsroom")
    return phrase(phrases, "feed_title").format(organization=organization, newsroom=newsroom)


def label_of(channel: Channel, phrases: Phrases) -> str:
    """Return the name of what a feed is about; empty for one of all releases."""
    if channel.is_of_changes:
        return phrase(phrases, "corrections_page")
    if channel.topic is not None:
        return channel.topic.name
    if channel.country is not None:
        return channel.country.name
    if channel.kind:
        return name_of_kind(channel.kind, phrases)
    return str(channel.year) if channel.year is not None else ""


def about(channel: Channel, site: Site, phrases: Phrases) -> str:
    """Return what a feed is, in a sentence."""
    if channel.is_of_changes:
        return phrase(phrases, "corrections_text")
    return phrase(phrases, "feed_description").format(organization=site.organization)


def summary_of(release: PublicRelease, phrases: Phrases) -> str:
    """Return the lead, after the news that the release was corrected or withdrawn."""
    if release.withdrawal:
        return release.withdrawal.reason
    if release.corrections:
        note = release.corrections[-1].note
        return f"{phrase(phrases, 'corrected')}: {note} {release.lead}"
    return release.lead


def title_of_item(release: PublicRelease, phrases: Phrases) -> str:
    """Return the title of a release, as XML can hold it."""
    return xml_text(heading_of(release, phrases))


def name_of_item(release: PublicRelease, channel: Channel) -> str:
    """Return the name that an item keeps: in a feed of changes, each change has its own.

    RFC 4151 §2.1: a tag may end with a fragment.
    """
    if not channel.is_of_changes:
        return release.guid
    return f"{release.guid}#{release.updated.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def text_of_item(subject: FeedSubject, at: int, workshop: Workshop) -> str:
    """Return the HTML of a release, complete."""
    release = subject.releases[at]

    def make() -> str:
        return xml_text(workshop.layouts.render(TEMPLATE, subject.site, release=release))

    return workshop.once(subject.keys[at], make) if subject.keys else make()


def xml_text(text: str) -> str:
    """Return a text as XML can hold it: a feed that is not well-formed is lost as a whole."""
    return NO_XML.sub(INSTEAD, text)
