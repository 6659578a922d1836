"""All feeds of a language: RSS, Atom and JSON Feed, the archive, and the page that lists them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from communique.edition import Edition, Entry
from communique.layouts import templates_of
from communique.output import Output, Shelf, Stage, Stationery, Workshop, key_of
from communique.phrases import Phrases
from communique.renditions import atom, json_feed, pdf, rss
from communique.renditions.atom import AtomSubject, page_address
from communique.renditions.channels import (
    ITEMS,
    TEMPLATE,
    Channel,
    FeedSubject,
    channels_of,
    label_of,
    title_of,
    xml_text,
)
from communique.renditions.listing import Version
from communique.site import Site

PAGE = "page/feeds.html.j2"


class Listed(NamedTuple):
    """One feed on the page, in each of its formats."""

    label: str
    page: str
    """The page of what it tells."""
    rss: str
    atom: str
    json: str


@dataclass(frozen=True, slots=True)
class FeedsSubject:
    """What the page of feeds and the list for feed readers show."""

    site: Site
    channels: tuple[Channel, ...]


def shelves(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan the feeds of every language, and what lists them."""
    for language, site in stationery.sites.items():
        channels = []
        for channel, entries in channels_of(edition.in_language(language), site):
            channels.append(channel)
            yield _feed(edition, stationery, channel, site, entries)
        if "feeds" in site.formats:
            yield from _archive(edition, stationery, site)
            yield _page(FeedsSubject(site, tuple(channels)), stationery)


def stated_paths(edition: Edition, stationery: Stationery) -> Iterator[str]:
    """Yield the PDFs whose size a feed states."""
    if not stationery.offers_pdf:
        return
    for language, site in stationery.sites.items():
        for channel, entries in channels_of(edition.in_language(language), site):
            if channel.encloses:
                yield from (entry.pdf_path for entry in entries[:ITEMS])


def render_page(subject: FeedsSubject, workshop: Workshop) -> bytes:
    """Render the page that lists all feeds and says how to subscribe."""
    site = subject.site
    phrases = workshop.layouts.phrases[site.language]
    return workshop.layouts.render(
        PAGE,
        site,
        feeds=_groups(subject.channels, phrases),
        versions=tuple(
            Version(link.language, f"{link.home}feeds/")
            for link in site.languages
            if link.language != site.language
        ),
    ).encode()


def render_opml(subject: FeedsSubject, workshop: Workshop) -> bytes:
    """Render the list of all feeds that feed readers take as a whole (OPML 2.0)."""
    site = subject.site
    phrases = workshop.layouts.phrases[site.language]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n<head><title>']
    lines.append(escape(xml_text(title_of(subject.channels[0], site, phrases))))
    lines.append("</title></head>\n<body>\n")
    for channel in subject.channels:
        title = quoteattr(xml_text(title_of(channel, site, phrases)))
        lines.append(
            f'<outline type="rss" text={title} title={title} language={quoteattr(site.language)}'
            f" xmlUrl={quoteattr(site.url + channel.address)}"
            f" htmlUrl={quoteattr(site.url + channel.folder)}/>\n"
        )
    lines.append("</body>\n</opml>\n")
    return "".join(lines).encode()


def _groups(
    channels: Sequence[Channel], phrases: Phrases
) -> tuple[tuple[str, tuple[Listed, ...]], ...]:
    """Group the feeds under the headings of the page, in order."""
    groups: dict[str, list[Listed]] = {}
    for channel in channels:
        if channel.topic is not None:
            heading = "topics"
        elif channel.country is not None:
            heading = "countries"
        elif channel.kind:
            heading = "kinds_heading"
        else:
            heading = "years" if channel.year is not None else "all_releases"
        label = label_of(channel, phrases) or str(phrases["all_releases"])
        listed = Listed(label, channel.folder, channel.address, channel.atom, channel.json)
        groups.setdefault(heading, []).append(listed)
    return tuple((heading, tuple(listed)) for heading, listed in groups.items())


def _feed(
    edition: Edition,
    stationery: Stationery,
    channel: Channel,
    site: Site,
    entries: Sequence[Entry],
) -> Shelf:
    """Return the shelf of one feed, in all of its formats."""
    latest = tuple(entries[:ITEMS])
    site_key = stationery.site_keys[site.language]
    is_whole = channel.folder == site.home
    pages = len(entries) // ITEMS if is_whole else 0
    key = key_of(site_key, channel, [entry.key for entry in latest], pages)
    files = templates_of(site, TEMPLATE)
    # RSS states the size of each PDF, which depends on what the PDF is made with.
    states = stationery.offers_pdf and channel.encloses
    stated = pdf.layout_files(site) if states else ()

    def outputs() -> Iterator[Output]:
        subject = _subject(edition, stationery, channel, site, latest)
        needs = tuple(entry.pdf_path for entry in latest) if states else ()
        yield Output(channel.address, Stage.FEED, key, subject, rss.render, files, needs=needs)
        if "feeds" in site.formats:
            paged = AtomSubject(subject, pages=pages)
            yield Output(channel.atom, Stage.FEED, key, paged, atom.render, files)
            yield Output(channel.json, Stage.FEED, key, subject, json_feed.render, files)

    return Shelf(channel.address, key, (*files, *stated), outputs, states_sizes=True)


def _archive(edition: Edition, stationery: Stationery, site: Site) -> Iterator[Shelf]:
    """Return the shelves of the archive's pages, which are full and so stay as they are."""
    entries = edition.in_language(site.language).entries
    files = templates_of(site, TEMPLATE)
    pages = len(entries) // ITEMS
    for page in range(1, pages + 1):
        end = len(entries) - (page - 1) * ITEMS
        shown = entries[end - ITEMS : end]
        has_next = page < pages
        keys = [entry.key for entry in shown]
        key = key_of(stationery.site_keys[site.language], page, has_next, keys)
        path = page_address(site, page)
        make = partial(_archived, edition, stationery, site, shown, page, has_next, key)
        yield Shelf(path, key, files, make)


def _archived(
    edition: Edition,
    stationery: Stationery,
    site: Site,
    entries: tuple[Entry, ...],
    page: int,
    has_next: bool,
    key: str,
) -> tuple[Output, ...]:
    feed = _subject(edition, stationery, Channel(site.home), site, entries)
    subject = AtomSubject(feed, page, int(has_next))
    path, files = page_address(site, page), templates_of(site, TEMPLATE)
    return (Output(path, Stage.FEED, key, subject, atom.render, files),)


def _subject(
    edition: Edition,
    stationery: Stationery,
    channel: Channel,
    site: Site,
    entries: tuple[Entry, ...],
) -> FeedSubject:
    site_key = stationery.site_keys[site.language]
    return FeedSubject(
        site,
        channel,
        tuple(edition.open(entry) for entry in entries),
        stationery.offers_pdf,
        tuple(f"{site_key}\x1e{entry.key}" for entry in entries),
    )


def _page(subject: FeedsSubject, stationery: Stationery) -> Shelf:
    site = subject.site
    key = key_of(stationery.site_keys[site.language], subject.channels)
    files = templates_of(site, PAGE)
    path = f"{site.feeds_page}index.html"

    def outputs() -> Iterator[Output]:
        yield Output(path, Stage.LIST, key, subject, render_page, files)
        yield Output(site.opml, Stage.FEED, key, subject, render_opml, files)

    return Shelf(site.feeds_page, key, files, outputs)
