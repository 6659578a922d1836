"""RSS 2.0 feeds, per language and per topic: for feed readers, each release once and complete.

A release keeps its guid and its place whatever is corrected in it, and says when it changed; a
withdrawn one stays in the feed as the notice, so that readers replace the text they hold. In the
feed of corrections, which those follow who want to hear of each, a correction is an item anew.
"""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import Any
from urllib.parse import quote

from communique.edition import PublicRelease
from communique.output import Workshop
from communique.pictures import media_type_of
from communique.release import Image
from communique.renditions.channels import (
    FeedSubject,
    about,
    name_of_item,
    summary_of,
    text_of_item,
    title_of,
    title_of_item,
    xml_text,
)
from communique.site import Site
from communique.wording import iso

ATOM = "http://www.w3.org/2005/Atom"
MEDIA = "http://search.yahoo.com/mrss/"
XHTML = "http://www.w3.org/1999/xhtml"
RSS_TYPE = "application/rss+xml"
STYLESHEET = "assets/feed.css"
"""Makes a feed readable that is opened in a browser. Browsers are giving up XSLT; CSS stays."""


def render(subject: FeedSubject, workshop: Workshop) -> bytes:
    """Render a feed: RSS 2.0 with `content:encoded`, `atom:link`, `dc:language` and Media RSS.

    What was changed carries `atom:updated` (RFC 4287 §4.2.15) beside its `pubDate`, which stays.
    """
    from feedgen.feed import FeedGenerator

    site, channel = subject.site, subject.channel
    phrases = workshop.layouts.phrases[site.language]
    feed = FeedGenerator()
    feed.load_extension("dc", atom=False)
    feed.title(xml_text(title_of(channel, site, phrases)))
    feed.description(xml_text(about(channel, site, phrases)))
    feed.link(href=site.url + channel.address, rel="self", type=RSS_TYPE)
    # The last link that is set becomes the channel's <link>.
    feed.link(href=site.url + channel.folder, rel="alternate")
    feed.language(site.language)
    feed.dc.dc_language(site.language)
    feed.generator("communique")
    feed.register_extension("more", _channel_extension(subject, workshop), _media_extension(()))
    if subject.releases:
        feed.lastBuildDate(max(release.updated for release in subject.releases))
    for at, release in enumerate(subject.releases):
        # feedgen prepends entries unless it is told to append.
        item = feed.add_entry(order="append")
        _fill_in(item, release, subject, workshop)
        # Escaped and not as CDATA, which a text can end.
        item.content(text_of_item(subject, at, workshop))
    data: bytes = feed.rss_str(pretty=True)
    declaration, rest = data.split(b"\n", 1)
    return b"\n".join((declaration, stylesheet_of(site).encode(), rest))


def stylesheet_of(site: Site) -> str:
    """Return the instruction that makes a browser show a feed as text (xml-stylesheet §3)."""
    return f'<?xml-stylesheet type="text/css" href="{site.root}{STYLESHEET}"?>'


def _fill_in(item: Any, release: PublicRelease, subject: FeedSubject, workshop: Workshop) -> None:
    """Tell feedgen's entry what there is to say of a release."""
    site = subject.site
    phrases = workshop.layouts.phrases[site.language]
    item.title(title_of_item(release, phrases))
    item.guid(name_of_item(release, subject.channel), permalink=False)
    item.link(href=site.url + quote(release.address))
    # Readers take it for HTML, in which a text has to be escaped (RSS 2.0 <description>).
    item.description(xml_text(escape(summary_of(release, phrases), quote=False)))
    item.pubDate(release.updated if subject.channel.is_of_changes else release.published)
    if release.corrections or release.withdrawal:
        item.register_extension("updated", _updated_extension(release.updated), atom=False)
    item.dc.dc_language(release.language)
    item.dc.dc_creator(xml_text(site.organization))
    item.dc.dc_identifier(release.reference)
    for topic in release.topics:
        item.category(term=xml_text(topic.name))
    if release.images:
        url = site.url + quote(release.address)
        item.register_extension("pictures", _media_extension(release.images, url), atom=False)
    if subject.offers_pdf and subject.channel.encloses:
        size = str(workshop.size_of(release.pdf_path))
        item.enclosure(site.url + quote(release.pdf_path), size, "application/pdf")


def _channel_extension(subject: FeedSubject, workshop: Workshop) -> type:
    """Return a feedgen extension for what it cannot say of a feed.

    That is, nothing of the time where there is no release: feedgen puts the clock there. The hub
    (WebSub §4), of whose links it writes one only. And a line for those who open it in a browser.
    """
    from feedgen.ext.base import BaseExtension
    from feedgen.util import xml_elem

    site = subject.site
    words = str(workshop.layouts.phrases[site.language]["feed_in_browser"])

    class Channel(BaseExtension):  # type: ignore[misc]  # feedgen has no types
        def extend_rss(self, feed: Any) -> Any:
            channel = feed.find("channel")
            if not subject.releases:
                for element in channel.findall("lastBuildDate"):
                    channel.remove(element)
            if site.hub:
                xml_elem(f"{{{ATOM}}}link", channel, href=site.hub, rel="hub")
            if "feeds" in site.formats:
                link = xml_elem(f"{{{XHTML}}}a", None, href=f"{site.url}{site.feeds_page}")
                link.text = xml_text(words)
                channel.insert(0, link)
            return feed

        def extend_ns(self) -> dict[str, str]:
            return {"media": MEDIA, "h": XHTML}

    return Channel


def _media_extension(images: tuple[Image, ...], url: str = "") -> type:
    """Return a feedgen extension that names the pictures of an item (Media RSS 1.5.1).

    feedgen's own knows neither description nor credit.
    """
    from feedgen.ext.base import BaseEntryExtension
    from feedgen.util import xml_elem

    class Pictures(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
        def extend_rss(self, entry: Any) -> Any:
            for image in images:
                content = xml_elem(
                    f"{{{MEDIA}}}content",
                    entry,
                    url=url + quote(image.asset.name),
                    type=media_type_of(image.asset.name),
                    medium="image",
                    fileSize=str(image.asset.size),
                    width=str(image.width),
                    height=str(image.height),
                )
                for name, text in media_texts(image):
                    xml_elem(f"{{{MEDIA}}}{name}", content).text = text
            return entry

    return Pictures


def media_texts(image: Image) -> list[tuple[str, str]]:
    """Return what Media RSS has to say of a picture: element and text."""
    said = [
        ("title", image.caption),
        ("description", image.alt),
        ("credit", image.credit),
        ("copyright", image.rights),
    ]
    return [(name, xml_text(text)) for name, text in said if text]


def _updated_extension(updated: dt.datetime) -> type:
    """Return a feedgen extension that says when an item was changed."""
    from feedgen.ext.base import BaseEntryExtension
    from feedgen.util import xml_elem

    class Updated(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
        def extend_rss(self, entry: Any) -> Any:
            xml_elem(f"{{{ATOM}}}updated", entry).text = iso(updated)
            return entry

    return Updated
