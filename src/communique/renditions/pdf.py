"""A release as a PDF, made for print from a template of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from communique.edition import PublicRelease
from communique.layouts import templates_of
from communique.output import Output, Stage, Stationery, Workshop
from communique.pdf_standard import DocumentInfo
from communique.phrases import heading_of
from communique.pictures import for_print
from communique.release import Image
from communique.site import Site

TEMPLATE = "print/release.html.j2"
PRINT_FOLDER = "print/"
"""Everything that a PDF is made with: template, stylesheet, fonts."""
PRINT_STYLESHEET = "print/print.css"
LOGO = "assets/logo.svg"
"""The letterhead's, which the pages show too; the stylesheet knows it as ``logo.svg``."""


@dataclass(frozen=True, slots=True)
class PdfSubject:
    """What a release's PDF shows."""

    release: PublicRelease
    site: Site
    embargo: dt.datetime | None = None
    """Of a copy for journalists, the instant before which nothing of it may be published."""


def outputs(release: PublicRelease, key: str, stationery: Stationery) -> Iterator[Output]:
    """Plan the PDF of a release, unless the edition goes without; `key` stands for its content."""
    if not stationery.offers_pdf:
        return
    site = stationery.sites[release.language]
    yield Output(
        release.pdf_path,
        Stage.PDF,
        key,
        PdfSubject(release, site),
        render,
        layout_files(site),
        assets=tuple(image.asset for image in pictures_of(release)),
        is_slow=True,
    )


def layout_files(site: Site) -> tuple[str, ...]:
    """Return what PDFs in a site's language are made with."""
    return templates_of(site, TEMPLATE, PRINT_FOLDER, LOGO)


def render(subject: PdfSubject, workshop: Workshop) -> bytes:
    """Render a release's PDF.

    Raises: `PdfError` where a letter has no glyph or an image cannot be read.
    """
    release, site = subject.release, subject.site
    html = workshop.layouts.render(TEMPLATE, site, release=release, embargo=subject.embargo)
    phrases = workshop.layouts.phrases[site.language]
    info = DocumentInfo(
        title=heading_of(release, phrases),
        author=site.organization,
        language=site.language,
        subject=release.lead,
        keywords=(*(topic.name for topic in release.topics), release.reference),
        reference=release.reference,
        created=release.published,
        modified=release.updated,
    )
    base = site.url + quote(release.address)
    files = {
        base + quote(image.asset.name): for_print(workshop.read(image.asset))
        for image in pictures_of(release)
    }
    return workshop.write_pdf(html, base, info, files)


def pictures_of(release: PublicRelease) -> tuple[Image, ...]:
    """Return every picture that the PDF shows."""
    return (*release.images, *release.body.images)
