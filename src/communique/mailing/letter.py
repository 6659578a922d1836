"""A release as a letter: its subject, its text and HTML, and its PDF, alike for all who get it.

What comes in: what the public may see of the release, or will, and the look. What goes out:
`Letter`. The stylesheet becomes attributes of the elements here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from html import escape, unescape
from typing import Literal, TypeAlias
from urllib.parse import quote

from css_inline import CSSInliner
from markupsafe import Markup

from communique.edition import PublicRelease
from communique.output import Workshop
from communique.phrases import Phrases, heading_of, phrase
from communique.release import SITE_ROOT
from communique.renditions import plain_text
from communique.renditions.channels import as_group, xml_text
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
    embargo: dt.datetime | None,
    there: Set[str],
    pdf: bytes | None,
    links_pdf: bool,
    to_list: bool,
) -> Letter:
    """Write the letter of a release.

    `embargo` is the instant before which nothing of it may be published. Then nothing leads to what
    is not `there` yet: the addresses of the releases that are public. `to_list` says how to
    unsubscribe. Raises: `communique.layouts.LayoutError`.
    """
    phrases = workshop.layouts.phrases[site.language]
    subject = _subject(release, site, phrases, embargo)
    place: PdfPlace = "attached" if pdf is not None else "linked" if links_pdf else ""
    html = workshop.layouts.render(
        TEMPLATE,
        site,
        release=release,
        subject=subject,
        heading=heading_of(release, phrases),
        stylesheet=Markup(workshop.layouts.data(STYLESHEET).decode()),
        embargo=embargo,
        body=Markup(_body(release, site, phrases, there if embargo else None)),
        pdf=place,
        unsubscribe=WAY_OUT if to_list else None,
    )
    text = plain_text.render(plain_text.TextSubject(release, site, embargo), workshop).decode()
    parts = (text.rstrip("\n"), *_closing(release, site, phrases, embargo, place, to_list))
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


def _body(release: PublicRelease, site: Site, phrases: Phrases, there: Set[str] | None) -> str:
    """Return the body's HTML: pictures are links, since programs for mail hide what is loaded.

    A link to a page that is not `there` yet is text; None stands for all of them being there.
    """
    root = escape(site.url)

    def reach(address: str) -> str | None:
        if address.startswith("#"):  # a footnote: programs for mail seldom follow links within
            return None if there is not None else root + quote(release.address) + address
        if not address.startswith(SITE_ROOT):
            return address
        path = address.removeprefix(SITE_ROOT)
        if there is not None and unescape(path[: path.rfind("/") + 1]) not in there:
            return None
        return root + path

    photo = phrase(phrases, "photo")
    html = PICTURE.sub(
        lambda match: f'<a href="{match["address"]}">{escape(photo)}: {match["alt"]}</a>',
        release.body.print_html,
    )
    return LINK.sub(_led_by(reach), html)


def _led_by(reach: Callable[[str], str | None]) -> Callable[[re.Match[str]], str]:
    def link(match: re.Match[str]) -> str:
        address = reach(match["address"])
        return match["text"] if address is None else f'<a href="{address}">{match["text"]}</a>'

    return link


def _closing(
    release: PublicRelease,
    site: Site,
    phrases: Phrases,
    embargo: dt.datetime | None,
    pdf: PdfPlace,
    to_list: bool,
) -> Iterator[str]:
    """Yield what stands under the plain text: files, the PDF, other languages, the way out."""
    base = site.url + quote(release.address)

    def line(label: str, name: str) -> str:
        return label if embargo else f"{label}\n{base}{quote(name)}"

    kinds = as_group(phrases, "link_kinds")
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
    if release.translations:
        lines = [
            f"{autonym(other.language)}: {site.url}{quote(other.address)}"
            for other in release.translations
        ]
        yield "\n".join((f"{phrase(phrases, 'also_in')}:", *lines))
    if site.boilerplate:
        yield phrase(phrases, "about").format(organization=site.short_name)
        yield from site.boilerplate
    yield "\n".join(filter(None, (site.organization, site.address, site.notice)))
    if to_list:
        reason = phrase(phrases, "mail_reason").format(organization=site.organization)
        yield f"{reason}\n{phrase(phrases, 'mail_unsubscribe_text')}\n{WAY_OUT}"
