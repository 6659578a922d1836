"""The search: a page for each language, and the index that the reader's browser searches.

What comes in: the public releases of a language. What goes out: the page, which is a usable archive
also without script, and the files of Pagefind's index. These are made of the edition, not of pages:
what is not public never comes near them. Of a withdrawn release the notice can be found.

To index an archive takes longer than all else that an edit costs. So the index stands on a shelf
of its own, which follows when the release itself has been published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from communique.digest import digest_of
from communique.edition import Country, Edition, Entry, PublicRelease, Section, Topic
from communique.indexing import ENTRY, Record, make_index
from communique.layouts import templates_of
from communique.output import Output, Shelf, Stage, Stationery, Workshop, key_of
from communique.phrases import Phrases
from communique.site import Site

TEMPLATE = "page/search.html.j2"
EVERY = "xqxqx"
"""A word that each release is found by, for readers who only choose filters: without any word,
Pagefind would load the whole index. `assets/search.js` knows it."""


@dataclass(frozen=True, slots=True)
class Version:
    """The same page in another language."""

    language: str
    address: str


@dataclass(frozen=True, slots=True)
class SearchSubject:
    """What the page for searching shows before anything is searched."""

    site: Site
    years: tuple[int, ...]
    topics: tuple[Topic, ...]
    countries: tuple[Country, ...]
    kinds: tuple[str, ...]
    example: str
    """A reference that is public; empty as long as there is none."""


def shelves(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan the page of each language, and what it searches."""
    for language, site in stationery.sites.items():
        if "search" not in site.formats:
            continue
        section = edition.in_language(language)
        yield _page(section, site, stationery.site_keys[language])
        if section.entries:
            yield _index(section, edition, site, stationery.layouts.phrases[language])


def output_of(path: str, stage: int, data: bytes) -> Output:
    """Return the output that a file of the index is."""
    return Output(path, Stage(stage), digest_of(data), data, render_file)


def bytes_of(output: Output) -> bytes:
    """Return the bytes of a file of the index."""
    assert isinstance(output.subject, bytes)
    return output.subject


def render(subject: SearchSubject, workshop: Workshop) -> bytes:
    """Render the page."""
    site = subject.site
    others = (link for link in site.languages if link.language != site.language)
    return workshop.layouts.render(
        TEMPLATE,
        site,
        years=subject.years,
        topics=subject.topics,
        countries=subject.countries,
        kinds=subject.kinds,
        example=subject.example,
        versions=tuple(Version(link.language, f"{link.home}search/") for link in others),
    ).encode()


def render_file(subject: bytes, workshop: Workshop) -> bytes:
    """Return a file of the index, which was made with all others."""
    return subject


def _page(section: Section, site: Site, site_key: str) -> Shelf:
    example = section.entries[-1].reference if section.entries else ""
    subject = SearchSubject(
        site,
        tuple(section.by_year),
        tuple(section.by_topic),
        tuple(section.by_country),
        tuple(section.by_kind),
        example,
    )
    shown = (subject.years, subject.topics, subject.countries, subject.kinds, example)
    key = key_of(site_key, shown)
    files = templates_of(site, TEMPLATE)
    output = Output(f"{site.search}index.html", Stage.LIST, key, subject, render, files)
    return Shelf(site.search, key, files, lambda: (output,))


def _index(section: Section, edition: Edition, site: Site, phrases: Phrases) -> Shelf:
    said: Any = (phrases["withdrawn_title"], phrases["kinds"])
    marks = "\x1e".join(map(_mark, section.entries))
    shown = digest_of(marks.encode("utf-8", "surrogatepass"))
    key = key_of(site.language, site.root, said, shown)
    make = partial(_outputs, section.entries, edition, site, phrases)
    return Shelf(site.search_index, key, (), make, follows=True)


def _mark(entry: Entry) -> str:
    """Stand for all that can be found of a release."""
    codes = (country.code for country in entry.countries)
    slugs = (topic.slug for topic in entry.topics)
    return "\x1f".join((entry.listing, entry.content, entry.changes, *codes, "|", *slugs))


def _outputs(
    entries: Iterable[Entry], edition: Edition, site: Site, phrases: Phrases
) -> Iterator[Output]:
    """Make the index. Raises: `communique.indexing.IndexingError`."""
    # The oldest first: a new release comes last, and as little as can be changes.
    public = (edition.open(entry) for entry in reversed(tuple(entries)))
    records = [_record(release, site, phrases) for release in public]
    language = site.language.partition("-")[0]
    for name, data in make_index(records, language).items():
        stage = Stage.LIST if name == ENTRY else Stage.ASSET
        yield output_of(f"{site.search_index}{name}", stage, data)


def _record(release: PublicRelease, site: Site, phrases: Phrases) -> Record:
    kinds: Any = phrases["kinds"]
    title, status = release.title, "corrected" if release.corrections else "published"
    event = release.event
    parts = [
        *(release.subtitle, release.summary),
        f"{release.place} – {release.body.text}" if release.place else release.body.text,
        *((event.what, event.where) if event else ()),
    ]
    if release.withdrawal is not None:
        title = str(phrases["withdrawn_title"]).format(
            kind=kinds[release.kind], reference=release.reference
        )
        status, parts = "withdrawn", [release.withdrawal.reason]
    return Record(
        url=site.root + quote(release.address),
        content="\n".join(filter(None, parts)) or title,  # without any, it would be left out
        # Without its hyphens, no part of the date is found among the numbers of a text.
        meta={
            "title": title,
            "reference": release.reference,
            "date": f"{release.date:%Y%m%d}",
            "every": EVERY,
        },
        filters={
            "year": [str(release.date.year)],
            "topic": [topic.slug for topic in release.topics],
            "country": [country.code for country in release.countries],
            "kind": [release.kind],
            "status": [status],
        },
        sort={"date": f"{release.date:%Y%m%d} {release.published:%Y%m%d%H%M}"},
    )
