"""The content of one release in one language: validated, frozen, complete at birth.

These are the words of the newsroom. `Release` is what an officer wrote, public or not; what the
public may see of it at one instant is `communique.edition.PublicRelease`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from communique.diagnostics import Diagnostic, Span, in_reading_order
from communique.reference import Reference

SITE_ROOT = "\x00"
"""Stands in a body's HTML for the newsroom's address, which only a rendition knows.

Markdown turns U+0000 into U+FFFD (CommonMark 0.31 §2.3), so no officer's text contains it.
"""

MOST = 100
"""How many problems of one file are shown."""
TEXT, CALENDAR, NINJS, NEWSML, PACK = OTHER_FORMS = (".txt", ".ics", ".json", ".xml", ".zip")
"""What the file names of a release end with in the formats beside page and PDF."""
WEB_WIDTH = 1280
"""Pixels: the widest picture that a page shows; the original stays for download."""
NARROW_WIDTHS = (400, 720)
"""Pixels: what a telephone needs, and one with a fine screen; they fill 328 of its own."""
PICTURE_FORMS = ("avif", "webp")
"""What browsers are offered before a picture's own format, that which is smaller first."""


class Status(StrEnum):
    """Where a release stands at one instant."""

    DRAFT = "draft"
    EMBARGOED = "embargoed"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"

    @property
    def is_public(self) -> bool:
        """Tell whether the public may see the release, or the notice of its withdrawal."""
        return self in (Status.PUBLISHED, Status.CORRECTED, Status.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Asset:
    """A file beside a release that is published with it."""

    path: str
    """Where it lies, below the newsroom's folder."""
    name: str
    """Its file name, also in `build/`, beside the release's page."""
    digest: str
    """Of the file as it was given."""
    size: int
    """In bytes, as it is published: what a picture tells of the place is taken out."""


class Words(NamedTuple):
    """What a release says of a picture; empty texts say nothing."""

    alt: str = ""
    caption: str = ""
    credit: str = ""
    rights: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A photograph or drawing, with what a newspaper needs to print it."""

    asset: Asset
    """The file, its pixels as they were given; journalists download it."""
    alt: str
    width: int
    """In pixels."""
    height: int
    caption: str | None = None
    credit: str | None = None
    rights: str | None = None
    moves: bool = False
    """Whether it is animated, so that a copy would stand still."""

    @property
    def words(self) -> Words:
        """Return what its file says of it, too."""
        return Words(self.alt, self.caption or "", self.credit or "", self.rights or "")

    @property
    def web_name(self) -> str:
        """Return the file that the page shows: a smaller copy where the original is wide."""
        if self.width <= WEB_WIDTH:
            return self.asset.name
        stem, _, suffix = self.asset.name.rpartition(".")
        return f"{stem}-{WEB_WIDTH}.{suffix}"

    @property
    def widths(self) -> tuple[int, ...]:
        """Return the widths in which a page offers it, in pixels; it is never scaled up."""
        if self.moves:
            return ()
        # One that is little smaller would save little.
        narrow = (each for each in NARROW_WIDTHS if each * 4 <= self.web_width * 3)
        return (*narrow, self.web_width)

    def name_in(self, width: int, form: str) -> str:
        """Return the name of a copy: ``quay.jpg.400.avif``."""
        return f"{self.asset.name}.{width}.{form}"

    @property
    def web_width(self) -> int:
        """Return the width of what the page shows, in pixels."""
        return min(self.width, WEB_WIDTH)

    @property
    def web_height(self) -> int:
        """Return the height of what the page shows, in pixels."""
        return max(1, round(self.height * self.web_width / self.width))


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document offered beside the text."""

    asset: Asset
    title: str


@dataclass(frozen=True, slots=True)
class MediaLink:
    """A photo gallery, video or audio kept elsewhere."""

    kind: str
    """One of `gallery`, `video`, `audio`."""
    url: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What an advisory announces. A date without a time is a whole day."""

    what: str | None
    when: dt.datetime | dt.date
    until: dt.datetime | dt.date | None
    where: str | None


@dataclass(frozen=True, slots=True)
class Correction:
    """What was wrong, and when it was put right."""

    when: dt.datetime | dt.date
    note: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Why and when a release was taken back."""

    when: dt.datetime | dt.date
    reason: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Another release named in this one, and where."""

    reference: str
    span: Span


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a release, rendered once.

    Addresses inside the newsroom begin with `SITE_ROOT`.
    """

    html: str = ""
    print_html: str = ""
    """As `html`, with nothing but text inside a link, as PDF/UA needs it of WeasyPrint."""
    text: str = ""
    """Plain text, a blank line between blocks."""
    lead: str = ""
    """The first paragraph, as plain text."""
    images: tuple[Image, ...] = ()
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """One release in one language, as the officer wrote it."""

    path: str
    """Its Markdown file, below the newsroom's folder."""
    span: Span
    """The place of its reference, for problems that concern the release as a whole."""
    reference: Reference
    language: str
    kind: str
    title: str
    date: dt.date
    public_from: dt.datetime
    """The instant of the embargo; without one, the start of `date` in the newsroom's zone."""
    embargo: dt.datetime | None
    """The instant of the embargo in the zone it was written in."""
    draft: bool
    body: Body
    subtitle: str | None = None
    summary: str | None = None
    place: str | None = None
    topics: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    links: tuple[MediaLink, ...] = ()
    event: Event | None = None
    related: tuple[Mention, ...] = ()
    aliases: tuple[str, ...] = ()
    """Older addresses, below the newsroom's root."""
    corrections: tuple[Correction, ...] = ()
    withdrawn: Withdrawal | None = None
    silences: Mapping[str, str] = field(default_factory=dict)
    """The checks that have nothing to say of this release, each with the officer's reason."""

    @property
    def lead(self) -> str:
        """Return the summary, or the body's first paragraph: what lists and previews show."""
        return self.summary or self.body.lead


@dataclass(frozen=True, slots=True)
class Manuscript:
    """One release file as it was read: the release if it is sound, and what was found in it.

    Whether it is meant for the public yet is known even of a faulty one, as far as its front
    matter can be read: an error in a draft must not stop the others.
    """

    path: str
    release: Release | None
    diagnostics: tuple[Diagnostic, ...]
    draft: bool
    public_from: dt.datetime | None
    """None where it could not be read: then the release counts as public."""
    reference: str | None = None
    """As far as it can be read: others may name a release that is still faulty."""
    facts: bytes = field(default=b"", compare=False)
    """What is compared with its translations, packed (`communique.checks.facts`); it has offsets,
    which are others where lines end otherwise."""

    def after(self, earlier: tuple[Diagnostic, ...]) -> Manuscript:
        """Return the manuscript with what was found before its text was read; the first of it all.

        Diagnostics: `too-many-problems`.
        """
        sound = self.release if not any(found.is_error for found in earlier) else None
        found = (*earlier, *self.diagnostics)
        if len(found) > MOST:
            found = in_reading_order(found)
            message = f"there are more than {MOST} problems here; the others are not shown"
            found = (*found[:MOST], Diagnostic("too-many-problems", message, found[MOST].span))
        return replace(self, release=sound, diagnostics=found)
