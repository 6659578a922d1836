"""JSON Feed 1.1: the feeds for programs that would rather not read XML."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from communique.output import Workshop
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
from communique.wording import iso

VERSION = "https://jsonfeed.org/version/1.1"


def render(subject: FeedSubject, workshop: Workshop) -> bytes:
    """Render a feed."""
    site, channel = subject.site, subject.channel
    phrases = workshop.layouts.phrases[site.language]
    author = {"name": xml_text(site.organization), "url": site.organization_url or site.url}
    feed: dict[str, Any] = {
        "version": VERSION,
        "title": xml_text(title_of(channel, site, phrases)),
        "description": xml_text(about(channel, site, phrases)),
        "home_page_url": site.url + channel.folder,
        "feed_url": site.url + channel.json,
        "language": site.language,
        "authors": [author],
        **({"hubs": [{"type": "WebSub", "url": site.hub}]} if site.hub else {}),
        "items": [_item(subject, at, workshop) for at in range(len(subject.releases))],
    }
    return as_json(feed)


def as_json(value: object) -> bytes:
    """Write JSON, an entry a line as far as possible; the same each time."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _item(subject: FeedSubject, at: int, workshop: Workshop) -> dict[str, Any]:
    release, site = subject.releases[at], subject.site
    phrases = workshop.layouts.phrases[site.language]
    url = site.url + quote(release.address)
    published = release.updated if subject.channel.is_of_changes else release.published
    item: dict[str, Any] = {
        "id": name_of_item(release, subject.channel),
        "url": url,
        "title": title_of_item(release, phrases),
        "summary": xml_text(summary_of(release, phrases)),
        "content_html": text_of_item(subject, at, workshop),
        "date_published": iso(published),
        "date_modified": iso(release.updated),
        "language": release.language,
    }
    if release.images:
        item["image"] = url + quote(release.images[0].web_name)
    tags = [xml_text(topic.name) for topic in release.topics]
    tags += [xml_text(country.name) for country in release.countries]
    if tags:
        item["tags"] = tags
    if subject.offers_pdf:
        pdf = {"url": site.url + quote(release.pdf_path), "mime_type": "application/pdf"}
        item["attachments"] = [pdf]
    return item
