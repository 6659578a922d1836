"""RSS 2.0 feeds, per language and per topic: for feed readers, each release once and complete.

A release keeps its guid and its place whatever is corrected in it, and says when it changed; a
withdrawn one stays in the feed as the notice, so that readers replace the text they hold. In the
feed of corrections, which those follow who want to hear of each, a correction is an item anew.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple
from urllib.parse import quote

from communique.edition import Edition, Entry, PublicRelease, Section, Topic
from communique.layouts import templates_of
from communique.output import Output, Shelf, Stage, Stationery, Workshop, key_of
from communique.phrases import heading_of, phrase
from communique.renditions import pdf
from communique.renditions.lists import topic_address
from communique.site import Site
from communique.wording import iso

TEMPLATE = "feed/item.html.j2"
ITEMS = 50
"""How many releases a feed holds."""
NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML can hold, not even escaped (XML 1.0 §2.2)."""
INSTEAD = "\ufffd"
ATOM = "http://www.w3.org/2005/Atom"


class Channel(NamedTuple):
    """Which feed of a language it is."""

    page: str
    """The address of the page that it accompanies."""
    topic: Topic | None = None
    """None for a feed of all topics."""
    is_of_changes: bool = False
    """Whether it tells of corrections and withdrawals."""

    @property
    def address(self) -> str:
        """Return the feed's own address, below the root."""
        return f"{self.page}feed.xml"


@dataclass(frozen=True, slots=True)
class FeedSubject:
    """What a feed says."""

    site: Site
    channel: Channel
    releases: tuple[PublicRelease, ...]
    """Newest first; of changes, the latest change."""
    offers_pdf: bool


def shelves(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan the feeds of every language and topic, and those of the corrections."""
    for language, site in stationery.sites.items():
        for channel, entries in _channels(edition.in_language(language), site):
            yield _shelf(edition, stationery, site, channel, entries)


def stated_paths(edition: Edition, stationery: Stationery) -> Iterator[str]:
    """Yield the PDFs whose size a feed states."""
    if not stationery.offers_pdf:
        return
    for language, site in stationery.sites.items():
        for _, entries in _channels(edition.in_language(language), site):
            yield from (entry.pdf_path for entry in entries[:ITEMS])


def render(subject: FeedSubject, workshop: Workshop) -> bytes:
    """Render a feed: RSS 2.0 with `content:encoded`, `atom:link` and `dc:language`.

    What was changed carries `atom:updated` (RFC 4287 §4.2.15) beside its `pubDate`, which stays.
    """
    from feedgen.feed import FeedGenerator

    site = subject.site
    feed = FeedGenerator()
    feed.load_extension("dc", atom=False)
    feed.title(xml_text(_title(subject, workshop)))
    feed.description(xml_text(_about(subject, workshop)))
    feed.link(href=site.url + subject.channel.address, rel="self", type="application/rss+xml")
    # The last link that is set becomes the channel's <link>.
    feed.link(href=site.url + subject.channel.page, rel="alternate")
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
    changed_at = release.updated.astimezone(dt.UTC)
    is_of_changes = subject.channel.is_of_changes
    # RFC 4151 §2.1: a tag may end with a fragment. Each change is heard of once.
    guid = f"{release.guid}#{changed_at:%Y%m%dT%H%M%SZ}" if is_of_changes else release.guid
    item.guid(guid, permalink=False)
    item.link(href=site.url + quote(release.address))
    # Readers take it for HTML, in which a text has to be escaped (RSS 2.0 <description>).
    described = escape(_description(release, subject, workshop), quote=False)
    item.description(xml_text(described))
    # Escaped and not as CDATA, which a text can end.
    item.content(xml_text(workshop.layouts.render(TEMPLATE, site, release=release)))
    item.pubDate(release.updated if is_of_changes else release.published)
    if release.corrections or release.withdrawal:
        item.register_extension("updated", _updated_extension(release.updated), atom=False)
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
    organization, topic = subject.site.organization, subject.channel.topic
    if subject.channel.is_of_changes:
        page = _words(subject, workshop, "corrections_page")
        return _words(
            subject, workshop, "corrections_feed_title", organization=organization, corrections=page
        )
    if topic is not None:
        return _words(
            subject, workshop, "topic_feed_title", organization=organization, topic=topic.name
        )
    newsroom = _words(subject, workshop, "newsroom")
    return _words(subject, workshop, "feed_title", organization=organization, newsroom=newsroom)


def _about(subject: FeedSubject, workshop: Workshop) -> str:
    if subject.channel.is_of_changes:
        return _words(subject, workshop, "corrections_text")
    organization = subject.site.organization
    return _words(subject, workshop, "feed_description", organization=organization)


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


def _updated_extension(updated: dt.datetime) -> type:
    """Return a feedgen extension that says when an item was changed."""
    from feedgen.ext.base import BaseEntryExtension
    from feedgen.util import xml_elem

    class Updated(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
        def extend_rss(self, entry: Any) -> Any:
            xml_elem(f"{{{ATOM}}}updated", entry).text = iso(updated)
            return entry

    return Updated


def _channels(section: Section, site: Site) -> Iterator[tuple[Channel, Sequence[Entry]]]:
    """Yield the feeds of a language, each with the releases that it may hold."""
    yield Channel(site.home), section.entries
    for topic, on_topic in section.by_topic.items():
        yield Channel(topic_address(site, topic), topic), on_topic
    yield Channel(site.corrections, is_of_changes=True), section.changed


def _shelf(
    edition: Edition,
    stationery: Stationery,
    site: Site,
    channel: Channel,
    entries: Sequence[Entry],
) -> Shelf:
    latest = tuple(entries[:ITEMS])
    key = key_of(stationery.site_keys[site.language], channel, [entry.key for entry in latest])
    files = templates_of(site, TEMPLATE)
    # A feed states the size of each PDF, which depends on what the PDF is made with.
    stated = pdf.layout_files(site) if stationery.offers_pdf else ()

    def outputs() -> tuple[Output, ...]:
        releases = tuple(edition.open(entry) for entry in latest)
        subject = FeedSubject(site, channel, releases, stationery.offers_pdf)
        needs = tuple(entry.pdf_path for entry in latest) if stationery.offers_pdf else ()
        return (Output(channel.address, Stage.FEED, key, subject, render, files, needs=needs),)

    return Shelf(channel.address, key, (*files, *stated), outputs, states_sizes=True)
