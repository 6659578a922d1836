"""A release for editorial systems: IPTC's ninjs 3.0, one file each, and a list per language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from communique.edition import Edition, PublicRelease
from communique.layouts import templates_of
from communique.output import Output, Shelf, Stage, Stationery, Workshop, key_of
from communique.phrases import Phrases, heading_of
from communique.pictures import media_type_of
from communique.release import NINJS, SITE_ROOT, Event, Image
from communique.renditions.channels import ITEMS, xml_text
from communique.renditions.json_feed import as_json
from communique.site import Site
from communique.wording import iso

STANDARD = {
    "name": "ninjs",
    "version": "3.0",
    "schema": "https://www.iptc.org/std/ninjs/ninjs-schema_3.0.json",
}


@dataclass(frozen=True, slots=True)
class NinjsSubject:
    """What a news object says."""

    release: PublicRelease
    site: Site
    offers_pdf: bool


@dataclass(frozen=True, slots=True)
class NinjsListSubject:
    """The latest releases of a language."""

    releases: tuple[PublicRelease, ...]
    site: Site


def outputs(release: PublicRelease, key: str, stationery: Stationery) -> Iterator[Output]:
    """Plan the news object of a release."""
    site = stationery.sites[release.language]
    if "ninjs" in site.formats:
        subject = NinjsSubject(release, site, stationery.offers_pdf)
        path = release.file_path(NINJS)
        yield Output(path, Stage.ASSET, key, subject, render, templates_of(site))


def shelves(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan the list of every language."""
    for language, site in stationery.sites.items():
        if "ninjs" in site.formats:
            yield _list(edition, stationery, site, language)


def render(subject: NinjsSubject, workshop: Workshop) -> bytes:
    """Render a news object, complete."""
    release, site = subject.release, subject.site
    phrases = workshop.layouts.phrases[site.language]
    url = site.url + quote(release.address)
    item = {"standard": STANDARD, **_head(release, site, phrases, "full")}
    if not release.withdrawal:
        html = release.body.html.replace(SITE_ROOT, site.url)
        item["bodies"] = [
            {"role": "main", "contentType": "text/html", "value": xml_text(html)},
            {
                "role": "main",
                "contentType": "text/plain",
                "charCount": len(release.body.text),
                "wordCount": len(release.body.text.split()),
                "value": xml_text(release.body.text),
            },
        ]
    if release.event:
        item["eventDetails"] = _event(release.event, site)
    renditions = [{"name": "web", "href": url, "contentType": "text/html"}]
    if subject.offers_pdf:
        pdf = site.url + quote(release.pdf_path)
        renditions.append({"name": "print", "href": pdf, "contentType": "application/pdf"})
    item["renditions"] = renditions
    if release.images:
        item["associations"] = [_picture(image, release, url) for image in release.images]
    return as_json(item)


def render_list(subject: NinjsListSubject, workshop: Workshop) -> bytes:
    """Render the list: a package whose parts name the releases and where each is."""
    site = subject.site
    phrases = workshop.layouts.phrases[site.language]
    parts = []
    for release in subject.releases:
        part = _head(release, site, phrases, "partial")
        where = site.url + quote(release.file_path(NINJS))
        link = {"name": "full", "href": where, "contentType": "application/json"}
        parts.append({"name": release.reference, **part, "renditions": [link]})
    return as_json(
        {
            "standard": STANDARD,
            "uri": f"{site.url}{site.home}ninjs.json",
            "type": "composite",
            "representationType": "partial",
            "language": site.language,
            "title": xml_text(site.organization),
            "associations": parts,
        }
    )


def _head(
    release: PublicRelease, site: Site, phrases: Phrases, completeness: str
) -> dict[str, Any]:
    """Return what the list says as well."""
    heading = xml_text(heading_of(release, phrases))
    head: dict[str, Any] = {
        "uri": release.guid,
        "type": "text",
        "representationType": completeness,
        "version": str(release.revision + 1),
        "firstCreated": iso(release.published),
        "versionCreated": iso(release.updated),
        "pubStatus": "canceled" if release.withdrawal else "usable",
        "language": release.language,
        "title": heading,
        "slugline": release.reference,
        "by": xml_text(site.organization),
        "headlines": [{"role": "main", "value": heading}],
        "altIds": [{"role": "reference", "value": release.reference}],
        "organisations": [
            {"name": xml_text(site.organization), "rel": "publisher", **_contacts(release)}
        ],
    }
    notes = [each.note for each in release.corrections]
    notes += [release.withdrawal.reason] if release.withdrawal else []
    if notes:
        head["edNote"] = xml_text(" ".join(notes))
    if release.withdrawal:
        return head
    head["descriptions"] = [{"role": "summary", "value": xml_text(release.lead)}]
    if release.subtitle:
        head["headlines"].append({"role": "subtitle", "value": xml_text(release.subtitle)})
    if release.place:
        head["located"] = xml_text(release.place)
    if release.topics:
        head["subjects"] = [
            {"name": xml_text(topic.name), "rel": "about", "literal": topic.slug}
            for topic in release.topics
        ]
    if release.countries:
        head["places"] = [
            {"name": country.name, "rel": "about", "literal": country.code}
            for country in release.countries
        ]
    return head


def _contacts(release: PublicRelease) -> dict[str, Any]:
    ways = [
        {"type": kind, "name": xml_text(contact.name), "value": xml_text(value)}
        for contact in release.contacts
        for kind, value in (("phone", contact.phone), ("email", contact.email))
        if value
    ]
    return {"contactInfo": ways} if ways else {}


def _event(event: Event, site: Site) -> dict[str, Any]:
    """Return when an event is: a whole day as such, and not as midnight."""
    end = event.until or event.when
    is_exact = "T" in iso(event.when), "T" in iso(end)
    begin_key = "startDate" if is_exact[0] else "expectedStartDate"
    end_key = "endDate" if is_exact[1] else "expectedEndDate"
    return {
        "dates": {begin_key: iso(event.when), end_key: iso(end)},
        "organiser": {"name": xml_text(site.organization)},
    }


def _picture(image: Image, release: PublicRelease, url: str) -> dict[str, Any]:
    where = url + quote(image.asset.name)
    picture: dict[str, Any] = {
        "name": image.asset.name,
        "uri": where,
        "type": "picture",
        "language": release.language,
        "descriptions": [{"role": "alt", "value": xml_text(image.alt)}],
        "renditions": [
            {
                "name": "original",
                "href": where,
                "contentType": media_type_of(image.asset.name),
                "width": image.width,
                "height": image.height,
                "sizeInBytes": image.asset.size,
            }
        ],
    }
    if image.caption:
        picture["descriptions"].append({"role": "caption", "value": xml_text(image.caption)})
    if image.credit:
        picture["by"] = xml_text(image.credit)
    if image.rights:
        picture["usageTerms"] = xml_text(image.rights)
    return picture


def _list(edition: Edition, stationery: Stationery, site: Site, language: str) -> Shelf:
    entries = edition.in_language(language).entries[:ITEMS]
    key = key_of(stationery.site_keys[language], [entry.key for entry in entries])
    files = templates_of(site)
    path = f"{site.home}ninjs.json"

    def make() -> Iterator[Output]:
        subject = NinjsListSubject(tuple(map(edition.open, entries)), site)
        yield Output(path, Stage.FEED, key, subject, render_list, files)

    return Shelf(path, key, files, make)
