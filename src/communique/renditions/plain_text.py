"""A release as plain text to paste: a line a paragraph, contacts and reference at the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from communique.edition import PublicRelease
from communique.layouts import templates_of
from communique.output import Output, Stage, Stationery, Workshop
from communique.phrases import Phrases, heading_of, phrase, phrase_group
from communique.release import TEXT
from communique.renditions.channels import xml_text
from communique.site import Site
from communique.wording import day_in_words, event_in_words, moment_in_words


@dataclass(frozen=True, slots=True)
class TextSubject:
    """What the text says."""

    release: PublicRelease
    site: Site
    embargo: dt.datetime | None = None
    """Of a copy for journalists, the instant before which nothing of it may be published."""
    body: str | None = None
    """What stands in place of the release's own plain text, as in a message."""


def outputs(release: PublicRelease, key: str, stationery: Stationery) -> Iterator[Output]:
    """Plan the text of a release."""
    site = stationery.sites[release.language]
    if "text" in site.formats:
        subject = TextSubject(release, site)
        path = release.file_path(TEXT)
        yield Output(path, Stage.ASSET, key, subject, render, templates_of(site))


def render(subject: TextSubject, workshop: Workshop) -> bytes:
    """Render the text, in UTF-8."""
    blocks = _blocks(subject, workshop)
    return (xml_text("\n\n".join(filter(None, blocks))) + "\n").encode()


def _blocks(subject: TextSubject, workshop: Workshop) -> Iterator[str]:
    release, site = subject.release, subject.site
    phrases = workshop.layouts.phrases[site.language]
    if subject.embargo:
        until = moment_in_words(site, phrases, subject.embargo)
        yield phrase(phrases, "embargoed_until").format(date=until).upper()
        yield f"{phrase(phrases, 'embargo_note')} {phrase(phrases, 'embargo_links')}"
    yield letterhead(release, site, phrases)
    yield heading_of(release, phrases)
    if release.withdrawal:
        yield release.withdrawal.reason
        yield phrase(phrases, "withdrawn_note")
    else:
        yield release.subtitle or ""
        yield from corrections(release, site, phrases)
        if release.event:
            event = release.event
            lines = [
                ("what", event.what),
                ("when", event_in_words(site, phrases, event)),
                ("where", event.where),
            ]
            yield "\n".join(f"{phrase(phrases, name)}: {text}" for name, text in lines if text)
        # A line a paragraph already; lines of code stay lines.
        text = subject.body or release.body.text
        yield f"{release.place} — {text}" if release.place else text
    yield from contacts(release, phrases)
    address = site.url + quote(release.address)
    yield f"{phrase(phrases, 'reference')}: {release.reference}\n{address}"


def letterhead(release: PublicRelease, site: Site, phrases: Phrases) -> str:
    """Return whose release it is, its kind and reference, and its date."""
    kind = phrase(phrase_group(phrases, "kinds"), release.kind)
    date = day_in_words(site, phrases, release.date)
    return f"{site.organization}\n{kind} {release.reference}\n{date}"


def corrections(release: PublicRelease, site: Site, phrases: Phrases) -> Iterator[str]:
    """Yield what was corrected, and when."""
    for correction in release.corrections:
        day = day_in_words(site, phrases, correction.when)
        yield f"{phrase(phrases, 'corrected_on').format(date=day)}: {correction.note}"


def contacts(release: PublicRelease, phrases: Phrases) -> Iterator[str]:
    """Yield whom to call, a block each."""
    for contact in release.contacts:
        name = f"{contact.name}, {contact.role}" if contact.role else contact.name
        ways = (name, contact.phone, contact.email, contact.hours)
        yield "\n".join((phrase(phrases, "contact"), *filter(None, ways)))
