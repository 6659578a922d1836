"""What lists of releases have in common: the line of a release, and how a list is planned.

A list depends on what it shows of a release, so an edit of a text touches no list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from communique.digest import digest_of
from communique.edition import Edition, Entry, PublicRelease, Section
from communique.layouts import templates_of
from communique.output import Output, Shelf, Stage, Stationery, Workshop, key_of
from communique.site import Site

LATEST = 20
"""How many releases a list shows that leads to those of single years."""


class Listed(NamedTuple):
    """All that a list shows of a release."""

    reference: str
    address: str
    language: str
    kind: str
    title: str
    lead: str
    """Of the latest releases; in the list of a year it is empty."""
    date: dt.date
    status: str
    """``published``, ``corrected`` or ``withdrawn``."""


class Version(NamedTuple):
    """The same page in another language."""

    language: str
    address: str


def listed(entry: Entry, lead: str = "") -> Listed:
    """Return the line of a release."""
    return Listed(
        entry.reference,
        entry.address,
        entry.language,
        entry.kind,
        entry.title,
        lead,
        dt.date.fromisoformat(entry.date),
        entry.status,
    )


@dataclass(frozen=True, slots=True)
class Lists:
    """What the lists of one language are planned with.

    Subjects are made only of those that have to be rendered.
    """

    site: Site
    site_key: str
    section: Section
    open: Callable[[Entry], PublicRelease]

    @classmethod
    def of(cls, edition: Edition, stationery: Stationery, language: str) -> Lists:
        """Return what the lists of a language are planned with."""
        site_key = stationery.site_keys[language]
        section = edition.in_language(language)
        return cls(stationery.sites[language], site_key, section, edition.open)

    def with_leads(self, entries: Iterable[Entry]) -> tuple[Listed, ...]:
        """Return the lines of releases with their leads, which are opened for it."""
        return tuple(listed(entry, self.open(entry).lead) for entry in entries)

    def key(self, entries: Iterable[Entry], *others: object) -> str:
        """Return the key of a list that shows the lines of `entries`, and `others`."""
        listings = self.section.listings
        lines = "\x1e".join([listings[entry.address] for entry in entries])
        digest = digest_of(lines.encode("utf-8", "surrogatepass"))
        return key_of(self.site_key, digest, *others)

    def shelf(
        self,
        address: str,
        key: str,
        subject: Callable[[], object],
        render: Callable[[Any, Workshop], bytes],
        template: str,
    ) -> Shelf:
        """Return the shelf of one list, which shares its address with nothing else."""
        files = templates_of(self.site, template)
        path = f"{address}index.html"
        return Shelf(
            address,
            key,
            files,
            lambda: (Output(path, Stage.LIST, key, subject(), render, files),),
        )
