"""Years: each has a page with all of its releases, so that every one can be reached by links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from communique.edition import Edition, Entry
from communique.output import Shelf, Stationery, Workshop
from communique.renditions.listing import Listed, Lists, listed
from communique.site import Site

TEMPLATE = "page/year.html.j2"


@dataclass(frozen=True, slots=True)
class Month:
    """The releases of one month."""

    first_day: dt.date
    entries: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class YearSubject:
    """What the page of a year shows."""

    site: Site
    year: int
    months: tuple[Month, ...]
    years: tuple[int, ...]


def shelves(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan the page of every year, in every language."""
    for language, site in stationery.sites.items():
        lists = Lists.of(edition, stationery, language)
        years = tuple(lists.section.by_year)
        for year, of_year in lists.section.by_year.items():
            yield lists.shelf(
                f"{site.home}{year}/",
                lists.key(of_year, years),
                partial(_subject, site, year, of_year, years),
                render,
                TEMPLATE,
            )


def render(subject: YearSubject, workshop: Workshop) -> bytes:
    """Render the page of a year."""
    return workshop.layouts.render(
        TEMPLATE,
        subject.site,
        year=subject.year,
        months=subject.months,
        years=subject.years,
    ).encode()


def _subject(
    site: Site, year: int, entries: Sequence[Entry], years: tuple[int, ...]
) -> YearSubject:
    return YearSubject(site, year, _months(map(listed, entries)), years)


def _months(lines: Iterable[Listed]) -> tuple[Month, ...]:
    """Group the releases of a year, newest first, by their month."""
    by_date = sorted(lines, key=lambda each: each.date, reverse=True)
    return tuple(
        Month(first_day, tuple(group))
        for first_day, group in groupby(by_date, key=lambda each: each.date.replace(day=1))
    )
