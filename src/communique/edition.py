"""What the public may see at one instant.

Everything after this point (pages, PDFs, feeds, lists) accepts only an `Edition`, and nothing in
these types can hold an embargoed or drafted release: that is how nothing leaks.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from communique.release import Attachment, Body, Correction, Event, Image, MediaLink, Withdrawal


class Topic(NamedTuple):
    """A subject that readers can follow, named in the release's language."""

    slug: str
    name: str


class Country(NamedTuple):
    """A country concerned, named in the release's language."""

    code: str
    """ISO 3166-1 alpha-2."""
    name: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a journalist can call, in the release's language."""

    name: str
    role: str | None
    phone: str | None
    email: str | None
    hours: str | None


class ReleaseLink(NamedTuple):
    """All that another page may show of a release: a translation, or one that is related."""

    reference: str
    language: str
    title: str
    """Empty when withdrawn."""
    address: str


class Connections(NamedTuple):
    """Which releases the page of one leads to. No other format shows them.

    So what becomes of another release touches pages alone, and of these a bounded number: the two
    beside it in its series, its translations, those that name it and that it names, and the few
    after it on its topics.
    """

    translations: tuple[ReleaseLink, ...] = ()
    """The other languages, in the newsroom's order; the release itself is not among them."""
    pending: tuple[str, ...] = ()
    """The languages that it is to appear in, and in which nothing is public yet."""
    related: tuple[ReleaseLink, ...] = ()
    """Those that the officer named, then those that name this one, the newest first."""
    background: tuple[ReleaseLink, ...] = ()
    """Without any related: those before it on its first topic, the newest first."""
    previous: ReleaseLink | None = None
    """The one before it in its series, by number."""
    following: ReleaseLink | None = None
    """The one after it in its series, by number."""

    @property
    def key(self) -> str:
        """Stand for all of it: equal keys, equal connections."""
        none = ("", "", "", "")
        return "\x1e".join(
            (
                *("\x1f".join(link) for link in self.translations),
                "pending",
                *self.pending,
                "related",
                *("\x1f".join(link) for link in self.related),
                "background",
                *("\x1f".join(link) for link in self.background),
                "series",
                "\x1f".join(self.previous or none),
                "\x1f".join(self.following or none),
            )
        )


ALONE = Connections()


@dataclass(frozen=True, slots=True)
class PublicRelease:
    """What the public may see of one release; of a withdrawn one, no more than the notice."""

    reference: str
    """``E-502/14``"""
    slug: str
    """``E-502-14``, the stem of file names; with the language where the series has several."""
    address: str
    """Below the newsroom's root, with a slash at the end: ``E-502/14/``."""
    language: str
    kind: str
    """``release``, ``advisory``…; its name stands in the phrases."""
    series: str
    number: int
    year: int
    """The reference's, in four digits."""
    title: str
    """Empty when withdrawn: the title is part of the old text."""
    subtitle: str | None
    summary: str | None
    place: str | None
    """The dateline's."""
    date: dt.date
    published: dt.datetime
    """The instant it became public; aware, in the newsroom's zone."""
    updated: dt.datetime
    """The instant of the last correction or withdrawal, else `published`."""
    body: Body
    topics: tuple[Topic, ...]
    countries: tuple[Country, ...]
    contacts: tuple[Contact, ...]
    images: tuple[Image, ...]
    attachments: tuple[Attachment, ...]
    links: tuple[MediaLink, ...]
    event: Event | None
    corrections: tuple[Correction, ...]
    """Those made so far, the latest last."""
    withdrawal: Withdrawal | None
    guid: str
    """A tag URI (RFC 4151) made of the reference: it survives a move and a new title."""
    called_off: Event | None = None
    """Of a withdrawn release, when its event would have been: calendars have to strike it out."""
    revision: int = 0
    """How often it was corrected so far; a withdrawal counts as well."""

    @property
    def lead(self) -> str:
        """The summary, or the body's first paragraph: what lists and previews show."""
        return self.summary or self.body.lead

    @property
    def pdf_path(self) -> str:
        """Where its PDF lies, below the newsroom's root."""
        return f"{self.address}{self.slug}.pdf"

    @property
    def page_path(self) -> str:
        """Where its page lies, below the newsroom's root."""
        return f"{self.address}index.html"

    def file_path(self, suffix: str) -> str:
        """Return where it lies in another format: ``E-502/14/E-502-14.txt``."""
        return f"{self.address}{self.slug}{suffix}"


class Entry(NamedTuple):
    """One public release as lists, feeds and maps know it, without its text.

    An edition may have tens of thousands; a release is opened when it is shown.
    """

    reference: str
    slug: str
    address: str
    language: str
    kind: str
    title: str
    """Empty when withdrawn."""
    lead: str
    """The digest of its lead; empty when withdrawn."""
    date: str
    """ISO 8601."""
    published: int
    """In microseconds since 1970, like `updated`."""
    updated: int
    status: str
    """``published``, ``corrected`` or ``withdrawn``."""
    topics: tuple[Topic, ...]
    guid: str
    changes: str
    """The digest of what its corrections and its withdrawal say; empty without any."""
    content: str
    """The digest of its text and of all else that it shows."""
    countries: tuple[Country, ...] = ()
    event: tuple[int, int] | None = None
    """When its event begins and ends, in microseconds since 1970; also of a withdrawn one."""
    lies_ahead: bool = False
    """Whether its event is still to come, or under way."""
    is_news: bool = False
    """Whether it became public in the last two days."""
    aliases: tuple[str, ...] = ()
    """Older addresses, below the root, which no page shows."""
    picture: str = ""
    """The digest of its first picture; empty if it has none, or was withdrawn."""
    occasion: str = ""
    """The digest of what its event is; empty if it has none, or was withdrawn."""
    connections: Connections = ALONE
    """Which other releases its page leads to."""

    @property
    def translations(self) -> tuple[ReleaseLink, ...]:
        """Return the other languages, in the newsroom's order."""
        return self.connections.translations

    @property
    def pdf_path(self) -> str:
        """Where its PDF lies, below the newsroom's root."""
        return f"{self.address}{self.slug}.pdf"

    @property
    def listing(self) -> str:
        """Stand for all that a list shows of the release but its lead: equal texts, equal lines."""
        parts = (self.address, self.reference, self.kind, self.title, self.date, self.status)
        return "\x1f".join(parts)

    @property
    def key(self) -> str:
        """Stand for everything that the public sees of the release but its connections.

        Equal keys, equal `PublicRelease`s.
        """
        return "\x1e".join(
            (
                self.content,
                self.address,
                self.slug,
                self.guid,
                self.status,
                str(self.updated),
                self.title,
            )
        )


@dataclass(frozen=True)
class Section:
    """What is public in one language, newest first."""

    entries: tuple[Entry, ...]

    @cached_property
    def listings(self) -> dict[str, str]:
        """Return what stands for each release's line in a list, by address."""
        return {entry.address: entry.listing for entry in self.entries}

    @cached_property
    def by_year(self) -> dict[int, list[Entry]]:
        """Group the releases by the year of their date, the newest year first."""
        return by_year(self.entries)

    @cached_property
    def changed(self) -> tuple[Entry, ...]:
        """Return what was corrected or withdrawn, that which was last first."""
        found = [entry for entry in self.entries if entry.status != "published"]
        return tuple(sorted(found, key=lambda entry: entry.updated, reverse=True))

    @cached_property
    def by_topic(self) -> dict[Topic, list[Entry]]:
        """Group the releases by topic, and the topics by name."""
        found: defaultdict[Topic, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            for topic in entry.topics:
                found[topic].append(entry)
        return dict(sorted(found.items(), key=lambda item: (item[0].name.casefold(), item[0].slug)))

    @cached_property
    def by_country(self) -> dict[Country, list[Entry]]:
        """Group the releases by country, and the countries by name; not those withdrawn."""
        found: defaultdict[Country, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            for country in entry.countries:
                found[country].append(entry)
        return dict(sorted(found.items(), key=lambda item: (item[0].name.casefold(), item[0].code)))

    @cached_property
    def by_kind(self) -> dict[str, list[Entry]]:
        """Group the releases by kind."""
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            found[entry.kind].append(entry)
        return dict(sorted(found.items()))

    @cached_property
    def events(self) -> tuple[Entry, ...]:
        """Return the releases that announce an event, that which begins last first."""
        found = [(entry.event, entry) for entry in self.entries if entry.event is not None]
        found.sort(key=lambda pair: (-pair[0][0], pair[1].address))
        return tuple(entry for _, entry in found)


@dataclass(frozen=True)
class Edition:
    """Everything public at one instant, newest first."""

    entries: tuple[Entry, ...]
    open: Callable[[Entry], PublicRelease]
    """Returns the whole release of one of `entries`."""

    def in_language(self, language: str) -> Section:
        """Return what is public in one language."""
        return self._sections.get(language) or Section(())

    def in_common_with(self, other: Edition) -> frozenset[str]:
        """Return the addresses of the releases that are the same in both editions."""
        theirs = {entry.address: entry for entry in other.entries}
        return frozenset(
            entry.address for entry in self.entries if theirs.get(entry.address) == entry
        )

    @cached_property
    def _sections(self) -> dict[str, Section]:
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            found[entry.language].append(entry)
        return {language: Section(tuple(entries)) for language, entries in found.items()}


def by_year(entries: Iterable[Entry]) -> dict[int, list[Entry]]:
    """Group releases by the year of their date, the newest year first."""
    years: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        years[entry.date[:4]].append(entry)
    return {int(year): years[year] for year in sorted(years, reverse=True)}
