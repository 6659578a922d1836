"""Pages that lead elsewhere: `/`, a reference that has several languages, and the missing page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communique.edition import Edition, ReleaseLink
from communique.layouts import templates_of
from communique.output import Output, Stage, Stationery, Workshop
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


def plan(edition: Edition, stationery: Stationery) -> Iterator[Output]:
    """Plan the landing pages."""
    default = stationery.default_site
    to_home = RedirectSubject(default, default.home, ())
    yield _redirect("index.html", to_home)
    yield Output(
        "404.html",
        Stage.PAGE,
        NotFoundSubject(default),
        render_not_found,
        (NOT_FOUND, *(phrases_path(language) for language in stationery.sites)),
    )
    for address, versions in _shared_references(edition).items():
        order = {language: at for at, language in enumerate(stationery.sites)}
        versions.sort(key=lambda link: order[link.language])
        site = stationery.sites[versions[0].language]
        subject = RedirectSubject(site, versions[0].address, tuple(versions))
        yield _redirect(f"{address}index.html", subject)


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


def _redirect(path: str, subject: RedirectSubject) -> Output:
    templates = templates_of(subject.site, REDIRECT)
    return Output(path, Stage.LIST, subject, render_redirect, templates)


def _shared_references(edition: Edition) -> dict[str, list[ReleaseLink]]:
    """Return the addresses that stand for several languages: ``AVI-030/14/``."""
    shared: dict[str, list[ReleaseLink]] = {}
    for release in edition.releases:
        address = f"{release.reference}/"
        if release.address != address:
            link = ReleaseLink(release.reference, release.language, release.title, release.address)
            shared.setdefault(address, []).append(link)
    return shared
