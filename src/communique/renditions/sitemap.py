"""`sitemap.xml` with the languages of each page (sitemaps.org 0.9), and `robots.txt`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from communique.edition import Edition, PublicRelease
from communique.output import Output, Stage, Stationery, Workshop
from communique.renditions.lists import topic_address, topics_of
from communique.site import Site
from communique.wording import iso

MAX_URLS = 50_000
"""The limit of one sitemap; above it an index leads to several."""
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """One page."""

    url: str
    changed: dt.datetime | None
    versions: tuple[tuple[str, str], ...]
    """Language and URL of each version, itself included; empty if it has no other."""


@dataclass(frozen=True, slots=True)
class SitemapSubject:
    """The pages of one sitemap."""

    entries: tuple[SitemapEntry, ...]


@dataclass(frozen=True, slots=True)
class SitemapIndexSubject:
    """The addresses of several sitemaps."""

    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RobotsSubject:
    """Where the sitemap is."""

    sitemap_url: str


def plan(edition: Edition, stationery: Stationery) -> Iterator[Output]:
    """Plan the sitemap, in parts if it must be, and `robots.txt`."""
    entries = tuple(_entries(edition, stationery))
    url = stationery.default_site.url
    if len(entries) <= MAX_URLS:
        yield Output("sitemap.xml", Stage.SITEMAP, SitemapSubject(entries), render_sitemap)
    else:
        parts = [entries[at : at + MAX_URLS] for at in range(0, len(entries), MAX_URLS)]
        names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
        for name, part in zip(names, parts, strict=True):
            yield Output(name, Stage.SITEMAP, SitemapSubject(part), render_sitemap)
        index = SitemapIndexSubject(tuple(url + name for name in names))
        yield Output("sitemap.xml", Stage.SITEMAP, index, render_index)
    robots = RobotsSubject(f"{url}sitemap.xml")
    yield Output("robots.txt", Stage.SITEMAP, robots, render_robots)


def render_sitemap(subject: SitemapSubject, workshop: Workshop) -> bytes:
    """Render a sitemap."""
    lines = [HEAD, f'<urlset {NAMESPACE} xmlns:xhtml="http://www.w3.org/1999/xhtml">\n']
    for entry in subject.entries:
        lines.append(f"<url><loc>{escape(entry.url)}</loc>")
        if entry.changed:
            lines.append(f"<lastmod>{iso(entry.changed)}</lastmod>")
        lines.extend(
            f'<xhtml:link rel="alternate" hreflang={quoteattr(language)} href={quoteattr(url)}/>'
            for language, url in entry.versions
        )
        lines.append("</url>\n")
    lines.append("</urlset>\n")
    return "".join(lines).encode()


def render_index(subject: SitemapIndexSubject, workshop: Workshop) -> bytes:
    """Render the index of several sitemaps."""
    lines = [HEAD, f"<sitemapindex {NAMESPACE}>\n"]
    lines.extend(f"<sitemap><loc>{escape(url)}</loc></sitemap>\n" for url in subject.urls)
    lines.append("</sitemapindex>\n")
    return "".join(lines).encode()


def render_robots(subject: RobotsSubject, workshop: Workshop) -> bytes:
    """Render `robots.txt`: everything here is public (RFC 9309)."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {subject.sitemap_url}\n".encode()


def _entries(edition: Edition, stationery: Stationery) -> Iterator[SitemapEntry]:
    homes = tuple((site.language, site.url + site.home) for site in stationery.sites.values())
    for site in stationery.sites.values():
        releases = edition.in_language(site.language)
        newest = _newest(releases)
        versions = homes if len(homes) > 1 else ()
        yield SitemapEntry(site.url + site.home, newest, versions)
        for release in releases:
            yield _release_entry(release, site)
        for year in sorted({release.date.year for release in releases}, reverse=True):
            of_year = [release for release in releases if release.date.year == year]
            yield SitemapEntry(f"{site.url}{site.home}{year}/", _newest(of_year), ())
        for topic in topics_of(releases):
            on_topic = [release for release in releases if topic in release.topics]
            url = site.url + topic_address(site, topic)
            yield SitemapEntry(url, _newest(on_topic), ())


def _release_entry(release: PublicRelease, site: Site) -> SitemapEntry:
    url = site.url + quote(release.address)
    versions = [(link.language, site.url + quote(link.address)) for link in release.translations]
    if versions:
        versions = sorted([(release.language, url), *versions])
    return SitemapEntry(url, release.updated, tuple(versions))


def _newest(releases: Iterable[PublicRelease]) -> dt.datetime | None:
    return max((release.updated for release in releases), default=None)
