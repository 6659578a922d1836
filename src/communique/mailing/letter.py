"""A release as a letter: its subject, its text and HTML, and its PDF, alike for all who get it.

What comes in: what the public may see of the release, or will, and the look. What goes out:
`Letter`. The stylesheet becomes attributes of the elements here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import Literal, TypeAlias
from urllib.parse import quote

from css_inline import CSSInliner
from markupsafe import Markup

from communique.edition import PublicRelease, ReleaseLink
from communique.mailing.plain_body import plain_of
from communique.output import Workshop
from communique.phrases import Phrases, heading_of, phrase, phrase_group
from communique.release import SITE_ROOT, Body
from communique.renditions import plain_text
from communique.renditions.channels import xml_text
from communique.site import Site, autonym
from communique.wording import time_in_words

TEMPLATE = "email/message.html.j2"
STYLESHEET = "email/email.css"
WAY_OUT = "https://unsubscribe.invalid/"
"""Stands in a letter for the address at which a recipient unsubscribes, which is each one's own."""
PdfPlace: TypeAlias = Literal["attached", "linked", ""]
LINK = re.compile(r'<a href="(?P<address>[^"]*)"[^>]*>(?P<text>.*?)</a>', re.DOTALL)
STYLE_FIRST = re.compile(r"(?<=<head>)(?P<style><style>.*?</style>)(?P<head>.*?)</head>", re.DOTALL)
"""The inliner puts the rules that stay before the head's first line, which names the encoding."""
PICTURE = re.compile(r'<img src="(?P<address>[^"]*)" alt="(?P<alt>[^"]*)"[^>]*>')


@dataclass(frozen=True, slots=True)
class Letter:
    """What everybody gets who gets a release in one language."""

    release: PublicRelease
    site: Site
    embargo: dt.datetime | None
    subject: str
    text: str
    """Plain text, a line a paragraph; `WAY_OUT` in it is each recipient's own."""
    html: str
    """A whole document; `WAY_OUT` in it is each recipient's own."""
    pdf: bytes | None
    """What is attached."""

    @property
    def pdf_name(self) -> str:
        """Return the file name of the PDF."""
        return f"{self.release.slug}.pdf"


def write_letter(
    release: PublicRelease,
    site: Site,
    workshop: Workshop,
    *,
    translations: Sequence[ReleaseLink],
    embargo: dt.datetime | None,
    pdf: bytes | None,
    links_pdf: bool,
    leads_out: bool,
) -> Letter:
    """Write the letter of a release.

    `embargo` is the instant before which nothing of it may be published; then the body is one that
    was `unlinked`. If it `leads_out`, the letter says how to unsubscribe.
    Raises: `communique.layouts.LayoutError`.
    """
    phrases = workshop.layouts.phrases[site.language]
    subject = _subject(release, site, phrases, embargo)
    place: PdfPlace = "attached" if pdf is not None else "linked" if links_pdf else ""
    body = _body(release, site, phrases, is_embargoed=embargo is not None)
    html = workshop.layouts.render(
        TEMPLATE,
        site,
        release=release,
        translations=translations,
        subject=subject,
        heading=heading_of(release, phrases),
        stylesheet=Markup(workshop.layouts.data(STYLESHEET).decode()),
        embargo=embargo,
        body=Markup(body),
        pdf=place,
        unsubscribe=WAY_OUT if leads_out else None,
    )
    subject_of_text = plain_text.TextSubject(release, site, embargo, plain_of(body))
    text = plain_text.render(subject_of_text, workshop).decode()
    parts = (
        text.rstrip("\n"),
        *_closing(release, translations, site, phrases, embargo, place, leads_out),
    )
    return Letter(
        release,
        site,
        embargo,
        subject,
        xml_text("\n\n".join(parts)) + "\n",
        _inlined(html),
        pdf,
    )


def _subject(
    release: PublicRelease, site: Site, phrases: Phrases, embargo: dt.datetime | None
) -> str:
    title = heading_of(release, phrases)
    if release.corrections:
        title = phrase(phrases, "mail_corrected").format(title=title)
    if embargo is not None:
        until = time_in_words(site, phrases, embargo)
        title = phrase(phrases, "mail_embargoed").format(date=until, title=title)
    return " ".join(title.split())


def _inlined(html: str) -> str:
    """Turn the stylesheet into attributes; rules for some screens only stay where they are."""
    inliner = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
    inlined = inliner.inline(html).replace("\r\n", "\n")
    return STYLE_FIRST.sub(r"\g<head>\g<style>\n</head>", inlined, count=1)


def unlinked(body: Body, there: Set[str]) -> Body:
    """Return a body in which links to releases and files that are not `there` yet are text.

    `there` are the addresses of the releases that are public.
    """

    def reach(address: str) -> str | None:
        path = unescape(address.removeprefix(SITE_ROOT))
        is_ahead = address.startswith(SITE_ROOT) and path[: path.rfind("/") + 1] not in there
        return None if is_ahead else address

    return replace(body, print_html=LINK.sub(_led_by(reach), body.print_html))


def _body(release: PublicRelease, site: Site, phrases: Phrases, *, is_embargoed: bool) -> str:
    """Return the body's HTML: pictures are links, since programs for mail hide what is loaded.

    Under embargo, they are text, and so are the ways to footnotes, which programs for mail seldom
    follow within a message.
    """
    root = escape(site.url)
    photo = escape(phrase(phrases, "photo"))

    def reach(address: str) -> str | None:
        if address.startswith("#"):
            return None if is_embargoed else root + quote(release.address) + address
        return address.replace(SITE_ROOT, root)

    def picture(match: re.Match[str]) -> str:
        shown = f"{photo}: {match['alt']}"
        return shown if is_embargoed else f'<a href="{match["address"]}">{shown}</a>'

    return LINK.sub(_led_by(reach), PICTURE.sub(picture, release.body.print_html))


def _led_by(reach: Callable[[str], str | None]) -> Callable[[re.Match[str]], str]:
    def link(match: re.Match[str]) -> str:
        address = reach(match["address"])
        return match["text"] if address is None else f'<a href="{address}">{match["text"]}</a>'

    return link


def _closing(
    release: PublicRelease,
    translations: Sequence[ReleaseLink],
    site: Site,
    phrases: Phrases,
    embargo: dt.datetime | None,
    pdf: PdfPlace,
    leads_out: bool,
) -> Iterator[str]:
    """Yield what stands under the plain text: files, the PDF, other languages, the way out."""
    base = site.url + quote(release.address)

    def line(label: str, name: str) -> str:
        return label if embargo else f"{label}\n{base}{quote(name)}"

    kinds = phrase_group(phrases, "link_kinds")
    for image in release.images:
        shown = f"{phrase(phrases, 'photo')}: {image.caption or image.alt}"
        credit = phrase(phrases, "credit").format(credit=image.credit) if image.credit else ""
        yield line(f"{shown} ({credit})" if credit else shown, image.asset.name)
    for medium in release.links:
        label = phrase(kinds, medium.kind)
        yield f"{label}: {medium.title}\n{medium.url}" if medium.title else f"{label}\n{medium.url}"
    for attachment in release.attachments:
        yield line(f"{phrase(phrases, 'attachments')}: {attachment.title}", attachment.asset.name)
    if pdf == "attached":
        yield f"{phrase(phrases, 'mail_pdf')}."
    elif pdf == "linked":
        yield f"{phrase(phrases, 'download_pdf')}\n{site.url}{quote(release.pdf_path)}"
    if translations:
        lines = [
            f"{autonym(other.language)}: {site.url}{quote(other.address)}" for other in translations
        ]
        yield "\n".join((f"{phrase(phrases, 'also_in')}:", *lines))
    if site.boilerplate:
        yield phrase(phrases, "about").format(organization=site.short_name)
        yield from site.boilerplate
    yield "\n".join(filter(None, (site.organization, site.address, site.notice)))
    if leads_out:
        reason = phrase(phrases, "mail_reason").format(organization=site.organization)
        yield f"{reason}\n{phrase(phrases, 'mail_unsubscribe_text')}\n{WAY_OUT}"
