"""The office itself: its name, languages, series and contacts, as `newsroom.yaml` says.

`communique.newsroom_file` reads the file; this is what the rest of the program knows of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from communique.diagnostics import Severity
from communique.limits import Limits
from communique.reference import Reference, ReferencePattern


@dataclass(frozen=True, slots=True)
class Localized:
    """A text in the languages it was written in."""

    texts: Mapping[str, str]
    """Language → text; under the empty language, a text that serves every language."""

    def in_language(self, language: str) -> str:
        """Return the text in `language`, or else the first one written."""
        for candidate in (language, ""):
            if candidate in self.texts:
                return self.texts[candidate]
        return next(iter(self.texts.values()))


@dataclass(frozen=True, slots=True)
class Organization:
    """Who publishes."""

    name: Localized
    short_name: Localized
    address: Localized | None
    """Postal, on one line."""
    url: str | None
    """Its own website, not the newsroom's."""


@dataclass(frozen=True, slots=True)
class Series:
    """One run of numbers, such as the press releases in English."""

    code: str
    kind: str
    """``release``, ``advisory``…; its name stands in the phrases."""
    language: str | None
    """None where the series serves every language under the same number."""


@dataclass(frozen=True, slots=True)
class ContactEntry:
    """Whom journalists call."""

    name: Localized
    role: Localized | None
    phone: str | None
    email: str | None
    hours: Localized | None


@dataclass(frozen=True, slots=True)
class FooterLink:
    """A link at the foot of every page: social networks, the organization's site."""

    label: Localized
    url: str


Format: TypeAlias = Literal[
    "feeds",
    "calendar",
    "text",
    "ninjs",
    "newsml",
    "index",
    "news-sitemap",
    "search",
    "pictures",
    "pack",
]
FORMATS: Mapping[Format, str] = {
    "feeds": "Atom and JSON Feed beside RSS; feeds of countries, kinds and years; OPML",
    "calendar": "events for calendars (iCalendar)",
    "text": "plain text, ready to paste",
    "ninjs": "IPTC's ninjs, for editorial systems",
    "newsml": "IPTC's NewsML-G2, for agencies",
    "index": "JSON lists of the archive",
    "news-sitemap": "the sitemap of the last two days, for news search",
    "search": "a search in the browser over the whole archive",
    "pictures": "pictures in several widths, as AVIF and WebP, for pages that load sooner",
    "pack": "PDF, text and full-size pictures of a release in one ZIP, for journalists",
}
"""What may be made beside pages, PDFs and RSS → what it is."""
ON_REQUEST: tuple[Format, ...] = ("newsml", "pack")
"""What is made only where an office asks for it: one is for agencies alone, the other takes as much
room again as all PDFs and pictures, which no update of this program should take unasked."""
USUAL_FORMATS: tuple[Format, ...] = tuple(name for name in FORMATS if name not in ON_REQUEST)
"""What is made where an office does not choose."""


Security: TypeAlias = Literal["starttls", "tls", "none"]
PORTS: Mapping[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
"""How a connection to a mail server is secured → where such a server listens."""


@dataclass(frozen=True, slots=True)
class Mail:
    """How releases go out by mail."""

    sender: str
    """An address."""
    sender_name: Localized | None = None
    """Without it, the organization's name."""
    reply_to: str | None = None
    list_id: str | None = None
    """``releases.press.example.org`` (RFC 2919)."""
    unsubscribe: tuple[str, ...] = ()
    """Addresses, ``mailto:`` or ``https:``; ``{address}`` stands for the recipient's."""
    unsubscribed: str | None = None
    """The file of those who get nothing, below the newsroom's folder."""
    host: str | None = None
    port: int = PORTS["starttls"]
    security: Security = "starttls"
    user: str | None = None
    per_minute: int | None = None


@dataclass(frozen=True, slots=True, eq=False)  # two are one only if they are; so it can be hashed
class RegisteredName:
    """How a name is spelt, and what its bearer was called on which days."""

    name: Localized
    title: Localized | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    """The last day."""

    def title_in(self, language: str) -> str | None:
        """Return the title in a language, None where it is not given in that one."""
        texts = self.title.texts if self.title else {}
        return texts.get(language) or texts.get("")

    def holds_on(self, day: dt.date) -> bool:
        """Tell whether the title is right on a day."""
        return (self.since or day) <= day <= (self.until or day)


@dataclass(frozen=True, slots=True)
class Newsroom:
    """Everything that holds for all releases of an office."""

    organization: Organization
    url: str
    """Where `build/` is published; ends with a slash."""
    time_zone: ZoneInfo
    languages: tuple[str, ...]
    """BCP 47 tags; the first is the default."""
    pattern: ReferencePattern
    series: Mapping[str, Series]
    topics: Mapping[str, Localized]
    """Slug → name."""
    contacts: Mapping[str, ContactEntry]
    default_contacts: tuple[str, ...]
    """Shown where a release names none."""
    boilerplate: Localized | None
    """"About the organization"; paragraphs are parted by a blank line."""
    links: tuple[FooterLink, ...]
    notice: Localized | None
    """A line at the foot of every page and PDF."""
    paper: str
    """``A4`` or ``Letter``."""
    limits: Limits
    headers: bool
    """Whether `build/` has a file `_headers` for its host."""
    tag_authority: str
    """The authority of the feed's tag URIs (RFC 4151): a host name, which outlives a move."""
    checks: Mapping[str, Severity | None] = field(default_factory=dict)
    """Code → what is made of it, None if nothing; without an entry, what the check proposes."""
    legacy_addresses: tuple[str, ...] = ()
    """Where an older site had its releases, below the root, with ``{reference}``."""
    redirects: frozenset[str] = frozenset()
    """For which servers `build/` has lists of other addresses; ``pages`` are short ones' pages."""
    unused_numbers: frozenset[str] = frozenset()
    """References that no release has, which is known."""
    formats: tuple[Format, ...] = USUAL_FORMATS
    """What is made beside pages, PDFs and RSS, in the order of `FORMATS`."""
    hub: str | None = None
    """The WebSub hub that is told of new releases."""

    names: tuple[RegisteredName, ...] = ()
    """How names are spelt."""
    pending_translations: Mapping[str, dt.date] = field(default_factory=dict)
    """Language → the date from which on releases are translated into it."""
    mail: Mail | None = None

    def pending_in(self, kind: str, date: str) -> tuple[str, ...]:
        """Return the languages that readers may expect a release in; `date` is in ISO 8601."""
        return tuple(
            language
            for language in self.languages
            if language in self.pending_translations
            and self.pending_translations[language].isoformat() <= date
            and any(
                series.kind == kind and series.language in (None, language)
                for series in self.series.values()
            )
        )

    @property
    def default_language(self) -> str:
        """Return the language that `/` leads to."""
        return self.languages[0]

    @property
    def root(self) -> str:
        """Return the path of the newsroom on its host: ``/``, or ``/press/``."""
        return urlsplit(self.url).path

    def address_of(self, reference: Reference, language: str) -> str:
        """Return where a release lives below the root: ``E-502/14/``, ``AVI-030/14/es/``."""
        if self.series[reference.series].language is None:
            return f"{reference.text}/{language}/"
        return f"{reference.text}/"

    def slug_of(self, reference: Reference, language: str) -> str:
        """Return the stem of a release's file names: ``E-502-14``, ``AVI-030-14-es``."""
        if self.series[reference.series].language is None:
            return f"{reference.slug}-{language}"
        return reference.slug

    def guid_of(self, reference: Reference, language: str) -> str:
        """Return a feed's name of a release, a tag URI: ``tag:press.example.org,2014:E-502/14``.

        It depends on nothing that an officer may put right: not on the title, nor the address of
        the site. RFC 4151 §2.1.
        """
        specific = self.address_of(reference, language).rstrip("/")
        return f"tag:{self.tag_authority},{reference.year:04}:{specific}"
