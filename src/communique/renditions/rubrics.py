"""What readers follow beside years: topics, countries and kinds of release.

Each of these families has a folder below the front page of a language, and each rubric a folder in
it, where its pages and feeds lie.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from communique.digest import digest_of
from communique.edition import Country, Entry, Section
from communique.phrases import Phrases, phrase_group
from communique.site import Site

TOPICS, COUNTRIES, KINDS = "topics", "countries", "kinds"
FAMILIES = (TOPICS, COUNTRIES, KINDS)
"""In the order in which readers meet them."""


class Rubric(NamedTuple):
    """One topic, country or kind, as a language has it."""

    family: str
    slug: str
    """The name of its folder, the same in every language."""
    name: str
    """Of a kind, its short name: what it is called stands in the phrases."""


def rubrics_of(section: Section, family: str) -> Iterator[tuple[Rubric, Sequence[Entry]]]:
    """Yield the rubrics of a family in which something is public, each with its releases.

    Topics and countries come by name.
    """
    if family == TOPICS:
        for topic, entries in section.by_topic.items():
            yield Rubric(TOPICS, topic.slug, topic.name), entries
    elif family == COUNTRIES:
        for country, entries in section.by_country.items():
            yield Rubric(COUNTRIES, slug_of_country(country), country.name), entries
    else:
        for kind, entries in section.by_kind.items():
            yield Rubric(KINDS, slug_of_kind(kind), kind), entries


def family_address(home: str, family: str) -> str:
    """Return where all rubrics of a family are listed; `home` is the front page's address."""
    return f"{home}{family}/"


def address_of(site: Site, family: str, slug: str) -> str:
    """Return where the page and the feeds of a rubric lie, below the root."""
    return f"{family_address(site.home, family)}{slug}/"


def slug_of_country(country: Country) -> str:
    """Return the name of a country's folder: its code of ISO 3166, which no translation changes."""
    return country.code.lower()


def slug_of_kind(kind: str) -> str:
    """Return the name of a kind's folder: the kind itself, if any system can have it as a name."""
    return kind if re.fullmatch(r"[a-z0-9-]+", kind) else digest_of(kind.encode())[:8]


def name_of(rubric: Rubric, phrases: Phrases) -> str:
    """Return what readers call a rubric."""
    return name_of_kind(rubric.name, phrases) if rubric.family == KINDS else rubric.name


def name_of_kind(kind: str, phrases: Phrases) -> str:
    """Return what a list of releases of a kind is called."""
    kinds = {**phrase_group(phrases, "kinds"), **phrase_group(phrases, "kinds_plural")}
    return str(kinds[kind])
