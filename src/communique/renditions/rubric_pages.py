"""Pages of topics, countries and kinds: the latest, all of each year, and what there is of each.

They are laid out so that a new release touches few of them, however large the archive is: the page
of a rubric shows the latest, each of its years has a page of its own, and the page of a family has
the number of releases of each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from communique.edition import Edition, Entry, by_year
from communique.output import Shelf, Stationery, Workshop
from communique.phrases import Phrases, phrase
from communique.renditions.listing import LATEST, Listed, Lists, Version, listed
from communique.renditions.rubrics import (
    COUNTRIES,
    FAMILIES,
    KINDS,
    TOPICS,
    Rubric,
    address_of,
    family_address,
    name_of,
    rubrics_of,
)
from communique.site import Site

TEMPLATE = "page/rubric.html.j2"
FAMILY_TEMPLATE = "page/rubrics.html.j2"
HEADINGS = {TOPICS: "topics", COUNTRIES: "countries", KINDS: "kinds_heading"}
"""Family → the phrase that names it."""


@dataclass(frozen=True, slots=True)
class RubricSubject:
    """What the page of a rubric shows: the latest, or all of one year."""

    site: Site
    rubric: Rubric
    entries: tuple[Listed, ...]
    total: int
    """How many releases it has, or in the year."""
    years: tuple[int, ...]
    year: int | None
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class FamilySubject:
    """What the page of a family lists: its rubrics, each with the number of its releases."""

    site: Site
    family: str
    rubrics: tuple[tuple[Rubric, int], ...]
    families: tuple[str, ...]
    """Those that have such a page."""
    versions: tuple[Version, ...]


def shelves(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan the rubrics of every language."""
    versions = versions_of(edition, stationery)
    for language in stationery.sites:
        lists = Lists.of(edition, stationery, language)
        families = tuple(family for family in FAMILIES if (family, "") in versions[language])
        for family in families:
            counts = []
            for rubric, entries in rubrics_of(lists.section, family):
                counts.append((rubric, len(entries)))
                others = versions[language][family, rubric.slug]
                yield from _of_rubric(lists, rubric, entries, others)
            others = versions[language][family, ""]
            yield _of_family(
                FamilySubject(lists.site, family, tuple(counts), families, others), lists
            )


def versions_of(
    edition: Edition, stationery: Stationery
) -> dict[str, dict[tuple[str, str], tuple[Version, ...]]]:
    """Return the pages that each language has, and each with the other languages that it has.

    A page is known by its family and the rubric's slug, which is empty for the family's own.
    That of topics is always there, because the menu of every page leads to it.
    """
    pages = {
        language: dict.fromkeys(
            page
            for family in FAMILIES
            for page in _pages(family, [*rubrics_of(edition.in_language(language), family)])
        )
        for language in stationery.sites
    }
    return {
        language: {
            (family, slug): tuple(
                Version(other, _address(stationery.sites[other], family, slug))
                for other in pages
                if other != language and (family, slug) in pages[other]
            )
            for family, slug in own
        }
        for language, own in pages.items()
    }


def _pages(
    family: str, rubrics: Sequence[tuple[Rubric, Sequence[Entry]]]
) -> Iterator[tuple[str, str]]:
    if rubrics or family == TOPICS:
        yield family, ""
    for rubric, _ in rubrics:
        yield family, rubric.slug


def _address(site: Site, family: str, slug: str) -> str:
    return address_of(site, family, slug) if slug else family_address(site.home, family)


def render(subject: RubricSubject, workshop: Workshop) -> bytes:
    """Render the page of a rubric, or of one of its years."""
    site, rubric = subject.site, subject.rubric
    phrases = workshop.layouts.phrases[site.language]
    home = address_of(site, rubric.family, rubric.slug)
    has_feed = rubric.family == TOPICS or "feeds" in site.formats
    heading = _heading(rubric, phrases)
    return workshop.layouts.render(
        TEMPLATE,
        site,
        rubric=rubric,
        name=name_of(rubric, phrases),
        heading=heading,
        home=home,
        family_name=phrases[HEADINGS[rubric.family]],
        family_page=family_address(site.home, rubric.family),
        entries=subject.entries,
        total=subject.total,
        years=subject.years,
        year=subject.year,
        versions=subject.versions,
        feed=f"{home}feed.xml" if has_feed else None,
        structured_data=_structured_data(subject, heading, phrases),
    ).encode()


def render_family(subject: FamilySubject, workshop: Workshop) -> bytes:
    """Render the page that lists the rubrics of a family."""
    site = subject.site
    phrases = workshop.layouts.phrases[site.language]
    names = [name_of(rubric, phrases) for rubric, _ in subject.rubrics]
    return workshop.layouts.render(
        FAMILY_TEMPLATE,
        site,
        family=subject.family,
        rubrics=[
            {"name": name, "address": address_of(site, rubric.family, rubric.slug), "total": total}
            for name, (rubric, total) in zip(names, subject.rubrics, strict=True)
        ],
        families=[
            {
                "family": family,
                "name": phrases[HEADINGS[family]],
                "address": family_address(site.home, family),
            }
            for family in subject.families
        ],
        heading=phrases[HEADINGS[subject.family]],
        family_page=family_address(site.home, subject.family),
        versions=subject.versions,
    ).encode()


def _heading(rubric: Rubric, phrases: Phrases) -> str:
    """Return what the page of a rubric is called."""
    if rubric.family == TOPICS:
        return phrase(phrases, "releases_about").format(topic=rubric.name)
    if rubric.family == COUNTRIES:
        return phrase(phrases, "releases_on_country").format(country=rubric.name)
    return name_of(rubric, phrases)


def _structured_data(subject: RubricSubject, heading: str, phrases: Phrases) -> dict[str, Any]:
    """Describe the page as schema.org's `CollectionPage`, and where it stands in the newsroom."""
    site, rubric = subject.site, subject.rubric
    family = site.url + family_address(site.home, rubric.family)
    page = site.url + address_of(site, rubric.family, rubric.slug)
    trail = [
        (str(phrases["newsroom"]), site.url + site.home),
        (str(phrases[HEADINGS[rubric.family]]), family),
        (name_of(rubric, phrases), page),
    ]
    if subject.year:
        page = f"{page}{subject.year}/"
        trail.append((str(subject.year), page))
    collection = {
        "@type": "CollectionPage",
        "name": f"{heading}, {subject.year}" if subject.year else heading,
        "url": page,
        "inLanguage": site.language,
        "publisher": {"@type": "Organization", "name": site.organization},
        "mainEntity": {
            "@type": "ItemList",
            "numberOfItems": subject.total,
            "itemListElement": [
                {"@type": "ListItem", "position": at, "url": site.url + quote(entry.address)}
                for at, entry in enumerate(subject.entries, 1)
            ],
        },
    }
    breadcrumbs = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": at, "name": name, "item": url}
            for at, (name, url) in enumerate(trail, 1)
        ],
    }
    return {"@context": "https://schema.org", "@graph": [collection, breadcrumbs]}


def _of_family(subject: FamilySubject, lists: Lists) -> Shelf:
    address = family_address(subject.site.home, subject.family)
    key = lists.key((), subject.family, subject.rubrics, subject.families, subject.versions)
    return lists.shelf(address, key, lambda: subject, render_family, FAMILY_TEMPLATE)


def _of_rubric(
    lists: Lists, rubric: Rubric, entries: Sequence[Entry], versions: tuple[Version, ...]
) -> Iterator[Shelf]:
    """Plan a rubric's page, and that of each of its years."""
    site = lists.site
    address = address_of(site, rubric.family, rubric.slug)
    grouped = by_year(entries)
    years = tuple(grouped)
    latest, total = entries[:LATEST], len(entries)

    def of_latest() -> RubricSubject:
        shown = lists.with_leads(latest)
        return RubricSubject(site, rubric, shown, total, years, None, versions)

    leads = [entry.lead for entry in latest]
    key = lists.key(latest, leads, rubric, total, years, versions)
    yield lists.shelf(address, key, of_latest, render, TEMPLATE)
    for year, of_year in grouped.items():

        def of_one(year: int = year, of_year: Sequence[Entry] = of_year) -> RubricSubject:
            shown = tuple(map(listed, of_year))
            return RubricSubject(site, rubric, shown, len(shown), years, year, ())

        key = lists.key(of_year, rubric, years)
        yield lists.shelf(f"{address}{year}/", key, of_one, render, TEMPLATE)
