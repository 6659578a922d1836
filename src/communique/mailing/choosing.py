"""Which versions of a release may go out now, and the letter of each.

What comes in: everything that was read, and the instant. What goes out: `Letter`s. A copy under
embargo is made as if its release alone were public by now, so nothing else that is not can be in
it, and the last look is the same as for what is published.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeAlias

from communique.amending import choose, versions_of
from communique.cards import Card, Stub, is_due
from communique.catalogue import Catalogue, status_of
from communique.diagnostics import Diagnostic
from communique.disk import FileChangedError, NewsroomFolder
from communique.edition import Edition, PublicRelease
from communique.holdings import Holdings, weigh
from communique.instants import instant_at, microseconds
from communique.layouts import LayoutError
from communique.leaks import Lookout
from communique.mailing import MailingError
from communique.mailing.letter import Letter, unlinked, write_letter
from communique.pdf_writer import PdfError
from communique.release import Status
from communique.rendering import Workbench, diagnostics_of
from communique.renditions.pdf import PdfSubject, pictures_of
from communique.renditions.pdf import render as render_pdf
from communique.site import Site, sites_of

PdfChoice: TypeAlias = Literal["attach", "link", "none", "auto"]
ATTACHED_UP_TO = 2_000_000
"""Bytes of a PDF that is attached where nobody says otherwise; many servers take 10 MB in all."""


class UnwritableError(MailingError):
    """The letter cannot be written as it is; `diagnostics` say why."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Carry the problems."""
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(each.message for each in self.diagnostics))


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a release that may go out now."""

    card: Card
    embargo: dt.datetime | None
    """The instant it becomes public, in the newsroom's zone; None where it is."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What goes out of a release."""

    first: Version
    """For those who want no language, or one in which there is nothing."""
    others: tuple[Version, ...]
    held_back: tuple[str, ...]
    """Why some versions do not go out."""

    def in_language(self, language: str) -> Version:
        """Return the version for somebody who wants a language."""
        versions = (self.first, *self.others)
        return next((each for each in versions if each.card.language == language), self.first)


@dataclass(frozen=True)
class Mailroom:
    """Where letters are written, at one instant."""

    folder: NewsroomFolder
    holdings: Holdings
    instant: dt.datetime

    def choose(self, reference: str, language: str | None, *, embargoed: bool) -> Choice:
        """Return which versions of a release go out.

        A release that is not public goes out only as a copy under embargo, which has to be said.
        Raises: `MailingError`, or `communique.amending.AmendingError` where there is no such
        release.
        """
        versions = versions_of(self.holdings, reference)
        card = versions.named[0] if language is None else choose(versions, language)
        first = self._version(card, embargoed)
        if embargoed and first.embargo is None:
            raise MailingError(f"{card.reference} is public: give the command without --embargoed")
        others, held_back = [], []
        for each in versions.all:
            if each is card:
                continue
            try:
                others.append(self._version(each, embargoed))
            except MailingError as reason:
                held_back.append(str(reason))
        return Choice(first, tuple(others), tuple(held_back))

    def _version(self, card: Card, embargoed: bool) -> Version:
        status = status_of(card, microseconds(self.instant))
        name = f"{card.reference} ({card.language})"
        if status is Status.DRAFT:
            raise MailingError(f"{name} is a draft: delete its line `draft: yes` first")
        if status.is_public:
            return Version(card, None)
        public_from = instant_at(card.public_from, self.holdings.newsroom.time_zone)
        if not embargoed:
            raise MailingError(
                f"{name} is not public before {public_from:%Y-%m-%d %H:%M %Z}: --embargoed makes "
                "copies that say so"
            )
        return Version(card, public_from)

    def weigh(
        self, found: Iterable[Diagnostic], versions: Iterable[Version]
    ) -> tuple[Diagnostic, ...]:
        """Return what was found, with warnings for errors that concern nothing that goes out."""
        paths = {version.card.path for version in versions}
        moment = microseconds(self.instant)

        def is_pending(item: Card | Stub) -> bool:
            return item.path not in paths and not is_due(item, moment)

        return weigh((each for each in found if not each.is_note), is_pending, self.holdings)

    def is_published(self, version: Version) -> bool:
        """Tell whether `build/` has the page that the letter leads to."""
        return (self.folder.build / version.card.address / "index.html").is_file()

    def letter(self, version: Version, pdf: PdfChoice, *, leads_out: bool) -> Letter:
        """Write the letter of a version.

        Raises: `MailingError`, or `communique.pdf_libraries.PdfUnavailableError`.
        """
        try:
            return self._letter(version, pdf, leads_out)
        except (LayoutError, PdfError, FileChangedError) as error:
            path = f"{version.card.address}{version.card.slug}.pdf"
            span = self.holdings.span_of(path)
            raise UnwritableError(diagnostics_of(error, path, span)) from error

    def _letter(self, version: Version, pdf: PdfChoice, leads_out: bool) -> Letter:
        if version.embargo and pdf == "link":
            raise MailingError(
                "the PDF of a release under embargo is not on the website yet: attach it"
            )
        edition = self._as_if_public(version).at(self.instant)
        entry = next(each for each in edition.entries if each.address == version.card.address)
        release = edition.open(entry)
        if version.embargo:
            body = unlinked(release.body, self._there)
            release = replace(release, updated=release.published, body=body)
        site = self._sites[release.language]
        printed = self._print(release, site, version.embargo) if pdf in ("attach", "auto") else None
        attached = printed
        if pdf == "auto" and not version.embargo and printed and len(printed) > ATTACHED_UP_TO:
            attached = None
        letter = write_letter(
            release,
            site,
            self._bench,
            translations=entry.translations,
            embargo=version.embargo,
            pdf=attached,
            links_pdf=pdf in ("link", "auto"),
            leads_out=leads_out,
        )
        self.look_for_secrets(letter, version)
        return letter

    def _as_if_public(self, version: Version) -> Catalogue:
        """Return the catalogue in which one release is public by now, and all others as they are.

        Its own instant stays in what is shown of it.
        """
        catalogue = self.holdings.catalogue
        if version.embargo is None:
            return catalogue
        by_now = version.card._replace(public_from=microseconds(self.instant))
        cards = (by_now if card is version.card else card for card in catalogue.cards)
        return replace(catalogue, cards=tuple(cards))

    def look_for_secrets(self, letter: Letter, version: Version) -> None:
        """Look at a letter as at all that is published: nothing of another release is in it.

        Raises: `UnwritableError`.
        """
        lookout = Lookout(self._as_if_public(version), self.holdings.layouts, self.instant)
        release = letter.release
        files: Sequence[tuple[str, bytes]] = (
            (release.page_path, letter.html.encode()),
            (release.file_path(".txt"), f"{letter.subject}\n{letter.text}".encode()),
            (release.pdf_path, letter.pdf or b""),
        )
        for path, data in files:
            leak = lookout.find(path, data) if data else None
            if leak is not None:
                raise UnwritableError((leak,))

    def _print(self, release: PublicRelease, site: Site, embargo: dt.datetime | None) -> bytes:
        assets = {each.asset.digest: self.folder.read(each.asset) for each in pictures_of(release)}
        return self._bench.make(render_pdf, PdfSubject(release, site, embargo), assets, {})

    @cached_property
    def _bench(self) -> Workbench:
        return Workbench(self.holdings.layouts)

    @cached_property
    def _sites(self) -> dict[str, Site]:
        return sites_of(self.holdings.newsroom)

    @cached_property
    def _there(self) -> frozenset[str]:
        """The addresses of what is public."""
        edition: Edition = self.holdings.catalogue.at(self.instant)
        return frozenset(entry.address for entry in edition.entries)
