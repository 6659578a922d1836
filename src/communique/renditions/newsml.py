"""A release for news agencies: IPTC's NewsML-G2, one news item each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from communique.edition import PublicRelease
from communique.layouts import templates_of
from communique.output import Output, Stage, Stationery, Workshop
from communique.phrases import Phrases, heading_of
from communique.release import NEWSML
from communique.renditions.channels import xml_text
from communique.site import Site
from communique.wording import iso

NAMESPACE = "http://iptc.org/std/nar/2006-10-01/"
CATALOG = "http://www.iptc.org/std/catalog/catalog.IPTC-G2-Standards_41.xml"
"""Says what the short names of IPTC's vocabularies stand for."""
XHTML = "http://www.w3.org/1999/xhtml"


@dataclass(frozen=True, slots=True)
class NewsmlSubject:
    """What a news item says."""

    release: PublicRelease
    site: Site


def outputs(release: PublicRelease, key: str, stationery: Stationery) -> Iterator[Output]:
    """Plan the news item of a release."""
    site = stationery.sites[release.language]
    if "newsml" in site.formats:
        subject = NewsmlSubject(release, site)
        path = release.file_path(NEWSML)
        yield Output(path, Stage.ASSET, key, subject, render, templates_of(site))


def render(subject: NewsmlSubject, workshop: Workshop) -> bytes:
    """Render a news item (NewsML-G2 2.34, conformance level power)."""
    release, site = subject.release, subject.site
    phrases = workshop.layouts.phrases[site.language]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        f'<newsItem xmlns="{NAMESPACE}" guid={quoteattr(release.guid)}',
        f' version="{release.revision + 1}" standard="NewsML-G2" standardversion="2.34"',
        f' conformance="power" xml:lang={quoteattr(release.language)}>\n',
        f'<catalogRef href="{CATALOG}"/>\n',
        *_item_meta(release, site),
        *_content_meta(release, site, phrases),
        *_content(release, phrases),
        "</newsItem>\n",
    ]
    return "".join(lines).encode()


def _item_meta(release: PublicRelease, site: Site) -> Iterator[str]:
    url = site.url + quote(release.address)
    status = "stat:canceled" if release.withdrawal else "stat:usable"
    yield '<itemMeta>\n<itemClass qcode="ninat:text"/>\n'
    yield f"<provider literal={quoteattr(site.url)}><name>{_text(site.organization)}</name>"
    yield f"</provider>\n<versionCreated>{iso(release.updated)}</versionCreated>\n"
    yield f"<firstCreated>{iso(release.published)}</firstCreated>\n"
    yield f'<pubStatus qcode="{status}"/>\n'
    for note in release.corrections:
        yield f"<edNote>{_text(note.note)}</edNote>\n"
    if release.withdrawal:
        yield f"<edNote>{_text(release.withdrawal.reason)}</edNote>\n"
    yield f'<link rel="irel:seeAlso" href={quoteattr(url)} contenttype="text/html"/>\n'
    yield "</itemMeta>\n"


def _content_meta(release: PublicRelease, site: Site, phrases: Phrases) -> Iterator[str]:
    yield "<contentMeta>\n"
    if release.place:
        yield f"<located><name>{_text(release.place)}</name></located>\n"
    yield f"<creator literal={quoteattr(site.url)}><name>{_text(site.organization)}</name>"
    yield f"</creator>\n<altId>{_text(release.reference)}</altId>\n"
    yield f"<language tag={quoteattr(release.language)}/>\n"
    for topic in release.topics:
        yield f"<subject literal={quoteattr(topic.slug)}><name>{_text(topic.name)}</name>"
        yield "</subject>\n"
    for country in release.countries:
        yield f'<subject type="cpnat:geoArea" literal="{country.code}">'
        yield f"<name>{_text(country.name)}</name></subject>\n"
    yield f"<slugline>{_text(release.reference)}</slugline>\n"
    yield f"<headline>{_text(heading_of(release, phrases))}</headline>\n"
    if release.lead:
        yield f'<description role="drol:summary">{_text(release.lead)}</description>\n'
    yield "</contentMeta>\n"


def _content(release: PublicRelease, phrases: Phrases) -> Iterator[str]:
    """Write the text as XHTML of paragraphs: HTML is no XML, and agencies set it themselves."""
    said = release.withdrawal.reason if release.withdrawal else release.body.text
    yield f'<contentSet>\n<inlineXML contenttype="application/xhtml+xml">\n<html xmlns="{XHTML}">'
    title = _text(heading_of(release, phrases))
    yield f"<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n"
    yield from (f"<p>{_text(block)}</p>\n" for block in said.split("\n\n") if block)
    yield "</body></html>\n</inlineXML>\n</contentSet>\n"


def _text(text: str) -> str:
    return escape(xml_text(text))
