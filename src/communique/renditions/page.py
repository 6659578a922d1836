"""A release as a web page, and its machine-readable summary (schema.org `NewsArticle`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from communique.edition import Connections, PublicRelease
from communique.layouts import templates_of
from communique.output import Output, Stage, Stationery, Workshop
from communique.phrases import heading_of
from communique.renditions.rubrics import (
    COUNTRIES,
    KINDS,
    TOPICS,
    address_of,
    slug_of_country,
    slug_of_kind,
)
from communique.site import Site
from communique.wording import iso

TEMPLATE = "page/release.html.j2"


@dataclass(frozen=True, slots=True)
class PageSubject:
    """What a release's page shows."""

    release: PublicRelease
    connections: Connections
    site: Site
    offers_pdf: bool


def outputs(
    release: PublicRelease, connections: Connections, key: str, stationery: Stationery
) -> Iterator[Output]:
    """Plan the page of a release; `key` stands for all that it shows but its connections."""
    site = stationery.sites[release.language]
    yield Output(
        release.page_path,
        Stage.PAGE,
        f"{key}\x1e{connections.key}",
        PageSubject(release, connections, site, stationery.offers_pdf),
        render,
        layout_files(site),
    )


def layout_files(site: Site) -> tuple[str, ...]:
    """Return what pages in a site's language are made with."""
    return templates_of(site, TEMPLATE)


def render(subject: PageSubject, workshop: Workshop) -> bytes:
    """Render a release's page."""
    phrases = workshop.layouts.phrases[subject.site.language]
    return workshop.layouts.render(
        TEMPLATE,
        subject.site,
        release=subject.release,
        connections=subject.connections,
        kind_page=address_of(subject.site, KINDS, slug_of_kind(subject.release.kind)),
        offers_pdf=subject.offers_pdf,
        structured_data=structured_data(subject, heading_of(subject.release, phrases)),
    ).encode()


def structured_data(subject: PageSubject, heading: str) -> dict[str, Any]:
    """Describe a release as schema.org's `NewsArticle`, for search engines."""
    release, site = subject.release, subject.site
    url = site.url + quote(release.address)
    organization: dict[str, Any] = {
        "@type": "Organization",
        "name": site.organization,
        "alternateName": site.short_name,
        "url": site.organization_url or site.url,
        "logo": {"@type": "ImageObject", "url": f"{site.url}assets/logo.svg"},
    }
    contact_points = [
        {
            "@type": "ContactPoint",
            "contactType": "media relations",
            "name": contact.name,
            **({"telephone": contact.phone} if contact.phone else {}),
            **({"email": contact.email} if contact.email else {}),
        }
        for contact in release.contacts
    ]
    publisher = {**organization, "contactPoint": contact_points} if contact_points else organization
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": heading,
        "identifier": release.reference,
        "inLanguage": release.language,
        "datePublished": iso(release.published),
        "dateModified": iso(release.updated),
        "url": url,
        "mainEntityOfPage": url,
        "author": organization,
        "publisher": publisher,
        "isAccessibleForFree": True,
    }
    if release.withdrawal:
        data["creativeWorkStatus"] = "Withdrawn"
        return data
    data["description"] = release.lead
    if release.place:
        data["dateline"] = release.place
    if release.topics:
        data["keywords"] = [topic.name for topic in release.topics]
    about: list[dict[str, str]] = [
        {
            "@type": "Thing",
            "name": topic.name,
            "url": site.url + address_of(site, TOPICS, topic.slug),
        }
        for topic in release.topics
    ]
    about += [
        {
            "@type": "Country",
            "name": country.name,
            "identifier": country.code,
            "url": site.url + address_of(site, COUNTRIES, slug_of_country(country)),
        }
        for country in release.countries
    ]
    if about:
        data["about"] = about
    if subject.connections.translations:
        data["workTranslation"] = [
            {
                "@type": "NewsArticle",
                "inLanguage": link.language,
                "url": site.url + quote(link.address),
            }
            for link in subject.connections.translations
        ]
    if release.images:
        data["image"] = [
            {
                "@type": "ImageObject",
                "contentUrl": url + quote(image.asset.name),
                "width": image.width,
                "height": image.height,
                **({"caption": image.caption} if image.caption else {}),
                **({"creditText": image.credit} if image.credit else {}),
            }
            for image in release.images
        ]
    if release.corrections:
        data["correction"] = [
            {
                "@type": "CorrectionComment",
                "text": each.note,
                "datePublished": iso(each.when),
            }
            for each in release.corrections
        ]
    return data
