"""The archive as JSON lists: `releases.json` of a language leads to one for each year.

They say what lists say, so that an edit of a text touches none, and a new release two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from communique.edition import Connections, Edition, Entry
from communique.instants import instant_at
from communique.output import Output, Shelf, Stage, Stationery, Workshop, key_of
from communique.release import NEWSML, NINJS, TEXT
from communique.renditions.channels import xml_text
from communique.renditions.json_feed import as_json
from communique.renditions.listing import LATEST
from communique.site import Site
from communique.wording import iso


@dataclass(frozen=True, slots=True)
class IndexSubject:
    """What a list says."""

    site: Site
    entries: tuple[Entry, ...]
    years: tuple[tuple[int, int], ...]
    """Year and number of releases; empty in the list of a year."""
    year: int | None
    offers_pdf: bool


def shelves(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan the lists of every language."""
    for language, site in stationery.sites.items():
        if "index" not in site.formats:
            continue
        section = edition.in_language(language)
        years = tuple((year, len(entries)) for year, entries in section.by_year.items())
        yield _shelf(site, stationery, section.entries[:LATEST], years, None)
        for year, entries in section.by_year.items():
            yield _shelf(site, stationery, entries, (), year)


def render(subject: IndexSubject, workshop: Workshop) -> bytes:
    """Render a list."""
    site = subject.site
    head: dict[str, Any] = {"language": site.language}
    if subject.year is None:
        head["years"] = [
            {"year": year, "releases": count, "url": f"{site.url}{site.home}{year}/releases.json"}
            for year, count in subject.years
        ]
    else:
        head["year"] = subject.year
    return as_json({**head, "releases": [_line(each, subject) for each in subject.entries]})


def _line(entry: Entry, subject: IndexSubject) -> dict[str, Any]:
    site = subject.site
    zone = ZoneInfo(site.time_zone)
    url = site.url + quote(entry.address)
    base = url + quote(entry.slug)
    offered = [("pdf", ".pdf")] if subject.offers_pdf else []
    named = (("text", TEXT), ("ninjs", NINJS), ("newsml", NEWSML))
    offered += [(name, suffix) for name, suffix in named if name in site.formats]
    return {
        "id": entry.guid,
        "reference": entry.reference,
        "url": url,
        "title": xml_text(entry.title) or None,
        "kind": entry.kind,
        "status": entry.status,
        "date": entry.date,
        "published": iso(instant_at(entry.published, zone)),
        "updated": iso(instant_at(entry.updated, zone)),
        "topics": [topic.slug for topic in entry.topics],
        "countries": [country.code for country in entry.countries],
        "translations": {
            link.language: site.url + quote(link.address) for link in entry.translations
        },
        "formats": {name: base + suffix for name, suffix in offered},
    }


def _shelf(
    site: Site,
    stationery: Stationery,
    entries: Sequence[Entry],
    years: tuple[tuple[int, int], ...],
    year: int | None,
) -> Shelf:
    path = f"{site.home}{year}/releases.json" if year else f"{site.home}releases.json"
    shown = [_mark(entry) for entry in entries]
    key = key_of(stationery.site_keys[site.language], shown, years, year)
    make = partial(_outputs, site, tuple(entries), years, year, stationery.offers_pdf, path, key)
    return Shelf(path, key, (), make)


def _mark(entry: Entry) -> str:
    """Stand for all that a list says of a release."""
    links = (f"{link.language} {link.address}" for link in entry.translations)
    codes = (country.code for country in entry.countries)
    slugs = (topic.slug for topic in entry.topics)
    times = f"{entry.published} {entry.updated}"
    parts = (entry.listing, entry.guid, entry.slug, times, *links, "|", *codes, "|", *slugs)
    return "\x1f".join(parts)


def _bare(entry: Entry) -> Entry:
    """Return what a list shows of a release: nothing else may be in its subject."""
    return entry._replace(
        lead="",
        content="",
        changes="",
        picture="",
        occasion="",
        connections=Connections(entry.translations),
    )


def _outputs(
    site: Site,
    entries: tuple[Entry, ...],
    years: tuple[tuple[int, int], ...],
    year: int | None,
    offers_pdf: bool,
    path: str,
    key: str,
) -> tuple[Output, ...]:
    bare = tuple(map(_bare, entries))
    subject = IndexSubject(site, bare, years, year, offers_pdf)
    return (Output(path, Stage.LIST, key, subject, render),)
