"""Pages that lead elsewhere: `/`, a reference that has several languages, and the missing page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from communique.addresses import short_addresses
from communique.edition import Edition, ReleaseLink
from communique.layouts import templates_of
from communique.output import Output, Shelf, Stage, Stationery, Workshop, key_of
from communique.phrases import Phrases, phrases_path
from communique.site import Site

REDIRECT = "page/redirect.html.j2"
NOT_FOUND = "page/not-found.html.j2"


@dataclass(frozen=True, slots=True)
class RedirectSubject:
    """Where a page leads."""

    site: Site
    target: str
    alternatives: tuple[ReleaseLink, ...]


@dataclass(frozen=True, slots=True)
class NotFoundSubject:
    """What the missing page says: the same in every language."""

    site: Site


@dataclass(frozen=True, slots=True)
class InLanguage:
    """The phrases of one language, for a page that speaks several."""

    language: str
    home: str
    phrases: Phrases


def shelves(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan the landing pages."""
    default = stationery.default_site
    yield _redirect("", RedirectSubject(default, default.home, ()))
    yield _not_found(default)
    ranks = {language: at for at, language in enumerate(stationery.sites)}
    for address, versions in _shared_references(edition).items():
        versions.sort(key=lambda link: ranks[link.language])
        site = stationery.sites[versions[0].language]
        subject = RedirectSubject(site, versions[0].address, tuple(versions))
        yield _redirect(address, subject, _short(address, stationery))


def render_redirect(subject: RedirectSubject, workshop: Workshop) -> bytes:
    """Render a page that leads on by itself, with a link for those whom it does not."""
    return workshop.layouts.render(
        REDIRECT, subject.site, target=subject.target, alternatives=subject.alternatives
    ).encode()


def render_not_found(subject: NotFoundSubject, workshop: Workshop) -> bytes:
    """Render the page for addresses that lead nowhere."""
    all_phrases = tuple(
        InLanguage(each.language, each.home, workshop.layouts.phrases[each.language])
        for each in subject.site.languages
    )
    return workshop.layouts.render(NOT_FOUND, subject.site, all_phrases=all_phrases).encode()


def _short(address: str, stationery: Stationery) -> tuple[str, ...]:
    """Return the short addresses of a reference that has several languages."""
    if not stationery.moves.has_pages:
        return ()
    slug = re.sub(r"[^A-Za-z0-9]+", "-", address.rstrip("/"))
    return tuple(f"{each}/" for each in short_addresses(slug, address))


def _redirect(address: str, subject: RedirectSubject, also_at: tuple[str, ...] = ()) -> Shelf:
    files = templates_of(subject.site, REDIRECT)
    key = key_of(subject)
    stage = Stage.LIST if address else Stage.ENTRANCE
    outputs = tuple(
        Output(f"{each}index.html", stage, key, subject, render_redirect, files)
        for each in (address, *also_at)
    )
    return Shelf(address, key_of(key, also_at), files, lambda: outputs)


def _not_found(site: Site) -> Shelf:
    languages = (link.language for link in site.languages)
    files = (NOT_FOUND, *map(phrases_path, languages))
    subject, key = NotFoundSubject(site), key_of(site)
    output = Output("404.html", Stage.ENTRANCE, key, subject, render_not_found, files)
    return Shelf(output.path, key, files, lambda: (output,))


def _shared_references(edition: Edition) -> dict[str, list[ReleaseLink]]:
    """Return the addresses that stand for several languages: ``AVI-030/14/``."""
    shared: dict[str, list[ReleaseLink]] = {}
    for entry in edition.entries:
        address = f"{entry.reference}/"
        if entry.address != address:
            link = ReleaseLink(entry.reference, entry.language, entry.title, entry.address)
            shared.setdefault(address, []).append(link)
    return shared
