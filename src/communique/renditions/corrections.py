"""What was corrected and withdrawn: a page of its own for those who have quoted a release.

It shows the latest, and each year in which something was put right has a page, so that a
correction touches two of them. What is said there of a release is no part of other lists.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from communique.edition import Edition, Entry, PublicRelease, Section
from communique.instants import instant_at
from communique.layouts import templates_of
from communique.output import Output, Shelf, Stage, Stationery, Workshop, key_of
from communique.release import Correction, Withdrawal
from communique.renditions.listing import Version
from communique.site import Site, corrections_of

TEMPLATE = "page/corrections.html.j2"
LATEST = 20
"""How many releases the page shows that leads to those of the years."""


class Changed(NamedTuple):
    """All that the page shows of a release, so that an edit of its text does not touch it."""

    reference: str
    address: str
    kind: str
    title: str
    """Empty when withdrawn."""
    date: dt.date
    corrections: tuple[Correction, ...]
    """The latest first."""
    withdrawal: Withdrawal | None


@dataclass(frozen=True, slots=True)
class CorrectionsSubject:
    """What a page of corrections shows: the latest, or all of one year."""

    site: Site
    entries: tuple[Changed, ...]
    """The latest change first."""
    years: tuple[int, ...]
    year: int | None


def shelves(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan the corrections of every language; there is a page also while there are none."""
    for language, site in stationery.sites.items():
        section = edition.in_language(language)
        grouped = by_year_of_change(section, site)
        years = tuple(grouped)
        yield _shelf(section.changed[:LATEST], site, stationery, edition.open, years, None)
        for year, of_year in grouped.items():
            yield _shelf(of_year, site, stationery, edition.open, years, year)


def by_year_of_change(section: Section, site: Site) -> dict[int, list[Entry]]:
    """Group what was corrected or withdrawn by the year of the last change, the newest first."""
    zone = ZoneInfo(site.time_zone)
    years: defaultdict[int, list[Entry]] = defaultdict(list)
    for entry in section.changed:
        years[instant_at(entry.updated, zone).year].append(entry)
    return dict(years)


def render(subject: CorrectionsSubject, workshop: Workshop) -> bytes:
    """Render a page of corrections."""
    site = subject.site
    others = (link for link in site.languages if link.language != site.language)
    return workshop.layouts.render(
        TEMPLATE,
        site,
        entries=subject.entries,
        years=subject.years,
        year=subject.year,
        versions=tuple(Version(link.language, corrections_of(link.home)) for link in others),
    ).encode()


def _shelf(
    entries: Sequence[Entry],
    site: Site,
    stationery: Stationery,
    open_release: Callable[[Entry], PublicRelease],
    years: tuple[int, ...],
    year: int | None,
) -> Shelf:
    address = site.corrections + (f"{year}/" if year else "")
    shown = [(entry.listing, entry.updated, entry.changes) for entry in entries]
    key = key_of(stationery.site_keys[site.language], shown, years, year)
    files = templates_of(site, TEMPLATE)

    def outputs() -> tuple[Output, ...]:
        changed = tuple(_changed(map(open_release, entries)))
        subject = CorrectionsSubject(site, changed, years, year)
        return (Output(f"{address}index.html", Stage.LIST, key, subject, render, files),)

    return Shelf(address, key, files, outputs)


def _changed(releases: Iterable[PublicRelease]) -> Iterator[Changed]:
    for release in releases:
        yield Changed(
            release.reference,
            release.address,
            release.kind,
            release.title,
            release.date,
            release.corrections[::-1],
            release.withdrawal,
        )
