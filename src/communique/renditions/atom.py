"""Atom feeds (RFC 4287), and in them the whole archive (RFC 5005 §4).

The feed of a language leads to archive pages of `ITEMS` releases each, counted from the oldest, so
that a new release touches the feed alone, and every `ITEMS` releases there is one more page. A
withdrawn release is deleted (RFC 6721); in the feed of changes, its withdrawal is news. feedgen's
Atom loses what links say, and knows neither of these.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from communique.edition import PublicRelease
from communique.output import Workshop
from communique.pictures import media_type_of
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
from communique.renditions.rss import ATOM, MEDIA, XHTML, media_texts, stylesheet_of
from communique.site import Site
from communique.wording import iso

ATOM_TYPE = "application/atom+xml"
HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONE = "http://purl.org/atompub/tombstones/1.0"
NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""When a feed was changed that holds nothing: Atom wants a time (RFC 4287 §4.1.1)."""


@dataclass(frozen=True, slots=True)
class AtomSubject:
    """What an Atom feed says."""

    feed: FeedSubject
    page: int | None = None
    """Which page of the archive it is, the oldest being 1; None for the feed itself."""
    pages: int = 0
    """How far links lead: the archive page before the feed, or 1 where a page has a next one."""


def page_address(site: Site, page: int) -> str:
    """Return where a page of the archive lies, below the root."""
    return f"{site.home}archive/{page}.xml"


def render(subject: AtomSubject, workshop: Workshop) -> bytes:
    """Render an Atom feed, or a page of its archive."""
    return "".join(_lines(subject, workshop)).encode()


def _lines(subject: AtomSubject, workshop: Workshop) -> Iterator[str]:
    feed = subject.feed
    site, channel = feed.site, feed.channel
    phrases = workshop.layouts.phrases[site.language]
    own = site.url + channel.atom
    updated = max((release.updated for release in feed.releases), default=NEVER)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"{stylesheet_of(site)}\n"
    yield f'<feed xmlns="{ATOM}" xmlns:at="{TOMBSTONE}" xmlns:fh="{HISTORY}"'
    yield f' xmlns:media="{MEDIA}" xml:lang={quoteattr(site.language)}>\n'
    yield f'<a xmlns="{XHTML}" href={quoteattr(site.url + site.feeds_page)}>'
    yield f"{_text(str(phrases['feed_in_browser']))}</a>\n"
    yield f"<id>{escape(own)}</id>\n"
    yield f"<title>{_text(title_of(channel, site, phrases))}</title>\n"
    yield f"<subtitle>{_text(about(channel, site, phrases))}</subtitle>\n"
    yield f"<updated>{iso(updated)}</updated>\n"
    yield f"<author><name>{_text(site.organization)}</name></author>\n"
    yield "<generator>communique</generator>\n"
    yield _link("alternate", site.url + channel.folder, "text/html")
    yield from _history(subject, own)
    if site.hub:
        yield _link("hub", site.hub)
    for at, release in enumerate(feed.releases):
        if release.withdrawal and not channel.is_of_changes:
            yield _deleted(release)
        else:
            yield from _entry(subject.feed, at, workshop)
    yield "</feed>\n"


def _history(subject: AtomSubject, own: str) -> Iterator[str]:
    """Say where the feed is, and where the rest of it (RFC 5005 §4)."""
    site, page = subject.feed.site, subject.page
    if page is None:
        yield _link("self", own, ATOM_TYPE)
        before = subject.pages
    else:
        yield "<fh:archive/>\n"
        yield _link("self", site.url + page_address(site, page), ATOM_TYPE)
        yield _link("current", own, ATOM_TYPE)
        if subject.pages:
            yield _link("next-archive", site.url + page_address(site, page + 1), ATOM_TYPE)
        before = page - 1
    if before:
        yield _link("prev-archive", site.url + page_address(site, before), ATOM_TYPE)


def _deleted(release: PublicRelease) -> str:
    assert release.withdrawal is not None
    return (
        f'<at:deleted-entry ref={quoteattr(release.guid)} when="{iso(release.updated)}">'
        f"<at:comment>{_text(release.withdrawal.reason)}</at:comment></at:deleted-entry>\n"
    )


def _entry(feed: FeedSubject, at: int, workshop: Workshop) -> Iterator[str]:
    release, site = feed.releases[at], feed.site
    phrases = workshop.layouts.phrases[site.language]
    url = site.url + quote(release.address)
    published = release.updated if feed.channel.is_of_changes else release.published
    yield f"<entry>\n<id>{escape(name_of_item(release, feed.channel))}</id>\n"
    yield f"<title>{escape(title_of_item(release, phrases))}</title>\n"
    yield f"<published>{iso(published)}</published>\n<updated>{iso(release.updated)}</updated>\n"
    yield _link("alternate", url, "text/html")
    if feed.offers_pdf:
        yield _link("enclosure", site.url + quote(release.pdf_path), "application/pdf")
    for topic in release.topics:
        yield f"<category term={quoteattr(topic.slug)} label={_quoted(topic.name)}/>\n"
    for country in release.countries:
        yield f"<category term={quoteattr(country.code)} label={_quoted(country.name)}/>\n"
    yield f"<summary>{_text(summary_of(release, phrases))}</summary>\n"
    yield f'<content type="html">{escape(text_of_item(feed, at, workshop))}</content>\n'
    for image in release.images:
        yield f'<media:content url={quoteattr(url + quote(image.asset.name))} medium="image"'
        yield f' type="{media_type_of(image.asset.name)}" fileSize="{image.asset.size}"'
        yield f' width="{image.width}" height="{image.height}">'
        yield from (f"<media:{name}>{escape(t)}</media:{name}>" for name, t in media_texts(image))
        yield "</media:content>\n"
    yield "</entry>\n"


def _link(relation: str, address: str, media_type: str = "") -> str:
    kind = f' type="{media_type}"' if media_type else ""
    return f'<link rel="{relation}"{kind} href={quoteattr(address)}/>\n'


def _text(text: str) -> str:
    return escape(xml_text(text))


def _quoted(text: str) -> str:
    return quoteattr(xml_text(text))
