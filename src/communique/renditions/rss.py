"""RSS 2.0 feeds, per language and per topic: for feed readers, each release once and complete.

A release keeps its guid and its place whatever is corrected in it; a withdrawn one stays in the
feed as the notice, so that readers replace the text they hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

from communique.edition import Edition, Entry, PublicRelease, Topic
from communique.layouts import templates_of
from communique.output import Output, Shelf, Stage, Stationery, Workshop, key_of
from communique.phrases import heading_of, phrase
from communique.renditions import pdf
from communique.renditions.lists import topic_address
from communique.site import Site

TEMPLATE = "feed/item.html.j2"
ITEMS = 50
"""How many releases a feed holds."""
NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML can hold, not even escaped (XML 1.0 §2.2)."""
INSTEAD = "\ufffd"


@dataclass(frozen=True, slots=True)
class FeedSubject:
    """What a feed says."""

    site: Site
    topic: Topic | None
    """None for the feed of a whole language."""
    address: str
    """The feed's own, below the root."""
    page: str
    """The address of the page that it accompanies."""
    releases: tuple[PublicRelease, ...]
    """Newest first."""
    offers_pdf: bool


def shelves(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan the feeds of every language and topic."""
    for language, site in stationery.sites.items():
        section = edition.in_language(language)
        yield _shelf(edition, stationery, site, None, section.entries)
        for topic, on_topic in section.by_topic.items():
            yield _shelf(edition, stationery, site, topic, on_topic)


def stated_paths(edition: Edition, stationery: Stationery) -> Iterator[str]:
    """Yield the PDFs whose size a feed states."""
    if not stationery.offers_pdf:
        return
    for language in stationery.sites:
        section = edition.in_language(language)
        yield from (entry.pdf_path for entry in section.entries[:ITEMS])
        for on_topic in section.by_topic.values():
            yield from (entry.pdf_path for entry in on_topic[:ITEMS])


def render(subject: FeedSubject, workshop: Workshop) -> bytes:
    """Render a feed: RSS 2.0 with `content:encoded`, `atom:link` and `dc:language`."""
    from feedgen.feed import FeedGenerator

    site = subject.site
    feed = FeedGenerator()
    feed.load_extension("dc", atom=False)
    feed.title(xml_text(_title(subject, workshop)))
    description = _words(subject, workshop, "feed_description", organization=site.organization)
    feed.description(xml_text(description))
    feed.link(href=site.url + subject.address, rel="self", type="application/rss+xml")
    # The last link that is set becomes the channel's <link>.
    feed.link(href=site.url + subject.page, rel="alternate")
    feed.language(site.language)
    feed.dc.dc_language(site.language)
    feed.generator("communique")
    if subject.releases:
        feed.lastBuildDate(max(release.updated for release in subject.releases))
    else:
        feed.register_extension("clockless", _clockless_extension(), atom=False)
    for release in subject.releases:
        # feedgen prepends entries unless it is told to append.
        _fill_in(feed.add_entry(order="append"), release, subject, workshop)
    data: bytes = feed.rss_str(pretty=True)
    return data


def _fill_in(item: Any, release: PublicRelease, subject: FeedSubject, workshop: Workshop) -> None:
    """Tell feedgen's entry what there is to say of a release."""
    site = subject.site
    item.title(xml_text(heading_of(release, workshop.layouts.phrases[site.language])))
    item.guid(release.guid, permalink=False)
    item.link(href=site.url + quote(release.address))
    # Readers take it for HTML, in which a text has to be escaped (RSS 2.0 <description>).
    described = escape(_description(release, subject, workshop), quote=False)
    item.description(xml_text(described))
    # Escaped and not as CDATA, which a text can end.
    item.content(xml_text(workshop.layouts.render(TEMPLATE, site, release=release)))
    item.pubDate(release.published)
    item.dc.dc_language(release.language)
    item.dc.dc_creator(xml_text(site.organization))
    item.dc.dc_identifier(release.reference)
    for topic in release.topics:
        item.category(term=xml_text(topic.name))
    if subject.offers_pdf:
        size = str(workshop.size_of(release.pdf_path))
        item.enclosure(site.url + quote(release.pdf_path), size, "application/pdf")


def xml_text(text: str) -> str:
    """Return a text as XML can hold it: a feed that is not well-formed is lost as a whole."""
    return NO_XML.sub(INSTEAD, text)


def _title(subject: FeedSubject, workshop: Workshop) -> str:
    organization = subject.site.organization
    if subject.topic is not None:
        topic = subject.topic.name
        return _words(subject, workshop, "topic_feed_title", organization=organization, topic=topic)
    newsroom = _words(subject, workshop, "newsroom")
    return _words(subject, workshop, "feed_title", organization=organization, newsroom=newsroom)


def _description(release: PublicRelease, subject: FeedSubject, workshop: Workshop) -> str:
    """Return the lead, after the news that the release was corrected or withdrawn."""
    if release.withdrawal:
        return release.withdrawal.reason
    if release.corrections:
        note = release.corrections[-1].note
        return f"{_words(subject, workshop, 'corrected')}: {note} {release.lead}"
    return release.lead


def _words(subject: FeedSubject, workshop: Workshop, name: str, **values: str) -> str:
    return phrase(workshop.layouts.phrases[subject.site.language], name).format(**values)


def _clockless_extension() -> type:
    """Return a feedgen extension that takes <lastBuildDate> out: feedgen puts the clock there."""
    from feedgen.ext.base import BaseExtension

    class Clockless(BaseExtension):  # type: ignore[misc]  # feedgen has no types
        def extend_rss(self, feed: Any) -> Any:
            for element in feed.findall("./channel/lastBuildDate"):
                element.getparent().remove(element)
            return feed

    return Clockless


def _shelf(
    edition: Edition,
    stationery: Stationery,
    site: Site,
    topic: Topic | None,
    entries: Sequence[Entry],
) -> Shelf:
    latest = tuple(entries[:ITEMS])
    page = topic_address(site, topic) if topic else site.home
    key = key_of(stationery.site_keys[site.language], topic, [entry.key for entry in latest])
    files = templates_of(site, TEMPLATE)
    # A feed states the size of each PDF, which depends on what the PDF is made with.
    stated = pdf.layout_files(site) if stationery.offers_pdf else ()

    def outputs() -> tuple[Output, ...]:
        releases = tuple(edition.open(entry) for entry in latest)
        address = f"{page}feed.xml"
        subject = FeedSubject(site, topic, address, page, releases, stationery.offers_pdf)
        needs = tuple(entry.pdf_path for entry in latest) if stationery.offers_pdf else ()
        return (Output(address, Stage.FEED, key, subject, render, files, needs=needs),)

    return Shelf(f"{page}feed.xml", key, (*files, *stated), outputs, states_sizes=True)
