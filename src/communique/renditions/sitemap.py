"""`sitemap.xml` with the languages of each page (sitemaps.org 0.9), and `robots.txt`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from communique.edition import Edition, Entry, Section, by_year
from communique.instants import Microseconds, instant_at
from communique.output import Output, Shelf, Stage, Stationery, Workshop, key_of
from communique.renditions.channels import xml_text
from communique.renditions.corrections import by_year_of_change
from communique.renditions.listing import Version
from communique.renditions.rubric_pages import versions_of
from communique.renditions.rubrics import FAMILIES, address_of, family_address, rubrics_of
from communique.site import Site
from communique.wording import iso

MAX_URLS = 50_000
"""The limit of one sitemap."""
NEWS = "news-sitemap.xml"
"""For news search, which wants the last two days; when they are over is an instant of its own."""
NEWS_NAMESPACE = "http://www.google.com/schemas/sitemap-news/0.9"
MAX_NEWS = 1000
"""The limit of one news sitemap."""
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


class SitemapEntry(NamedTuple):
    """One page."""

    url: str
    changed: Microseconds | None
    """None for a list, which changes with whatever it lists."""
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

    sitemap_urls: tuple[str, ...]


class NewsEntry(NamedTuple):
    """One release of the last two days."""

    url: str
    language: str
    publisher: str
    published: Microseconds
    title: str


@dataclass(frozen=True, slots=True)
class NewsSubject:
    """The releases of the last two days, the newest first."""

    entries: tuple[NewsEntry, ...]


def shelves(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan the sitemaps, one a year and one of the lists, their index, and `robots.txt`."""
    url = stationery.default_site.url
    lists = SitemapSubject(tuple(_lists(edition, stationery)))
    yield _shelf("sitemap-lists.xml", key_of(lists), lambda: lists, render_sitemap)
    names = ["sitemap-lists.xml"]
    for year, entries in by_year(edition.entries).items():
        for at in range(0, len(entries), MAX_URLS):
            part = f"-{at // MAX_URLS + 1}" if len(entries) > MAX_URLS else ""
            names.append(f"sitemap-{year}{part}.xml")
            yield _of_releases(names[-1], entries[at : at + MAX_URLS], stationery)
    index = SitemapIndexSubject(tuple(url + name for name in names))
    yield _shelf("sitemap.xml", key_of(index), lambda: index, render_index)
    urls = [f"{url}sitemap.xml"]
    if "news-sitemap" in stationery.default_site.formats:
        urls.append(url + NEWS)
        news = NewsSubject(tuple(_news(edition, stationery)))
        yield _shelf(NEWS, key_of(news), lambda: news, render_news)
    robots = RobotsSubject(tuple(urls))
    yield _shelf("robots.txt", key_of(robots), lambda: robots, render_robots)


def render_sitemap(subject: SitemapSubject, workshop: Workshop) -> bytes:
    """Render a sitemap."""
    lines = [HEAD, f'<urlset {NAMESPACE} xmlns:xhtml="http://www.w3.org/1999/xhtml">\n']
    for entry in subject.entries:
        lines.append(f"<url><loc>{escape(entry.url)}</loc>")
        if entry.changed is not None:
            lines.append(f"<lastmod>{iso(instant_at(entry.changed, dt.UTC))}</lastmod>")
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
    named = "".join(f"Sitemap: {url}\n" for url in subject.sitemap_urls)
    return f"User-agent: *\nAllow: /\n\n{named}".encode()


def render_news(subject: NewsSubject, workshop: Workshop) -> bytes:
    """Render the sitemap for news search (sitemap-news 0.9)."""
    lines = [HEAD, f'<urlset {NAMESPACE} xmlns:news="{NEWS_NAMESPACE}">\n']
    for entry in subject.entries:
        published = iso(instant_at(entry.published, dt.UTC))
        lines.append(
            f"<url><loc>{escape(entry.url)}</loc><news:news><news:publication>"
            f"<news:name>{escape(xml_text(entry.publisher))}</news:name>"
            f"<news:language>{escape(entry.language)}</news:language></news:publication>"
            f"<news:publication_date>{published}</news:publication_date>"
            f"<news:title>{escape(xml_text(entry.title))}</news:title></news:news></url>\n"
        )
    lines.append("</urlset>\n")
    return "".join(lines).encode()


def _news(edition: Edition, stationery: Stationery) -> Iterator[NewsEntry]:
    """Yield what is news; a withdrawn release has nothing to be found by."""
    found = (entry for entry in edition.entries if entry.is_news and entry.title)
    for entry in islice(found, MAX_NEWS):
        site = stationery.sites[entry.language]
        url = site.url + quote(entry.address)
        language, name = entry.language, site.organization
        yield NewsEntry(url, language, name, entry.published, entry.title)


def _shelf(
    path: str,
    key: str,
    subject: Callable[[], SitemapSubject | SitemapIndexSubject | RobotsSubject | NewsSubject],
    render: Callable[[Any, Workshop], bytes],
) -> Shelf:
    return Shelf(path, key, (), lambda: (Output(path, Stage.SITEMAP, key, subject(), render),))


def _of_releases(path: str, entries: Iterable[Entry], stationery: Stationery) -> Shelf:
    """Return the sitemap of some releases, of which only an address and a time are shown."""
    sites = stationery.sites
    key = key_of(stationery.default_site.url, "\x1e".join(map(_mark, entries)))

    def subject() -> SitemapSubject:
        return SitemapSubject(tuple(_of_release(entry, sites[entry.language]) for entry in entries))

    return _shelf(path, key, subject, render_sitemap)


def _mark(entry: Entry) -> str:
    """Stand for all that a sitemap says of a release: equal texts, equal entries."""
    versions = (f"{link.language} {link.address}" for link in entry.translations)
    return f"{entry.language} {entry.address} {entry.updated} {' '.join(versions)}"


def _lists(edition: Edition, stationery: Stationery) -> Iterator[SitemapEntry]:
    sites = stationery.sites.values()
    homes = tuple((site.language, site.url + site.home) for site in sites)
    changes = tuple((site.language, site.url + site.corrections) for site in sites)
    rubrics = versions_of(edition, stationery)
    for language, site in stationery.sites.items():
        section = edition.in_language(language)
        yield SitemapEntry(site.url + site.home, None, homes if len(homes) > 1 else ())
        for year in section.by_year:
            yield SitemapEntry(f"{site.url}{site.home}{year}/", None, ())
        address = site.url + site.corrections
        yield SitemapEntry(address, None, changes if len(changes) > 1 else ())
        for year in by_year_of_change(section, site):
            yield SitemapEntry(f"{address}{year}/", None, ())
        if "feeds" in site.formats:
            pages = tuple((each.language, each.url + each.feeds_page) for each in sites)
            yield SitemapEntry(site.url + site.feeds_page, None, pages if len(pages) > 1 else ())
        yield from _rubrics(section, site, rubrics[language])


def _rubrics(
    section: Section, site: Site, versions: Mapping[tuple[str, str], tuple[Version, ...]]
) -> Iterator[SitemapEntry]:
    for family in FAMILIES:
        if (family, "") in versions:
            address = family_address(site.home, family)
            yield _with_versions(address, site, versions[family, ""])
        for rubric, entries in rubrics_of(section, family):
            address = address_of(site, family, rubric.slug)
            yield _with_versions(address, site, versions[family, rubric.slug])
            for year in by_year(entries):
                yield SitemapEntry(f"{site.url}{address}{year}/", None, ())


def _with_versions(address: str, site: Site, others: tuple[Version, ...]) -> SitemapEntry:
    """Return the entry of a list with its languages, itself included; none if it has no other."""
    url = site.url + address
    versions = [(other.language, site.url + other.address) for other in others]
    return SitemapEntry(
        url, None, tuple(sorted([(site.language, url), *versions])) if others else ()
    )


def _of_release(entry: Entry, site: Site) -> SitemapEntry:
    url = site.url + quote(entry.address)
    versions = [(link.language, site.url + quote(link.address)) for link in entry.translations]
    if versions:
        versions = sorted([(entry.language, url), *versions])
    return SitemapEntry(url, entry.updated, tuple(versions))
