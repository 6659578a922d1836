"""A release for a newspaper in one file: PDF, text and pictures in full size, with a note on them.

The archive is the same to the last byte whoever makes it when: its entries have a fixed order and
the date of the release, and are stored as they are, since pictures and PDFs are compressed already.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import quote
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from communique.edition import PublicRelease
from communique.layouts import templates_of
from communique.output import Output, Stage, Stationery, Workshop
from communique.phrases import Phrases, phrase, phrase_group
from communique.release import PACK, TEXT, Image
from communique.renditions import assets, pdf, plain_text
from communique.renditions.channels import xml_text
from communique.site import Site

README = "README.txt"
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""Archives know no time before it (APPNOTE 4.4.6)."""
PLAIN_FILE = 0o100644 << 16
UNIX = 3


@dataclass(frozen=True, slots=True)
class PackSubject:
    """What the archive holds."""

    release: PublicRelease
    site: Site
    parts: tuple[str, ...]
    """The published files that are in it: the PDF, if there is one, and the pictures."""


def outputs(release: PublicRelease, key: str, stationery: Stationery) -> Iterator[Output]:
    """Plan the archive of a release; of a withdrawn one there is none."""
    site = stationery.sites[release.language]
    if "pack" not in site.formats or release.withdrawal:
        return
    parts = (*pdf.outputs(release, key, stationery), *assets.originals(release))
    yield Output(
        release.file_path(PACK),
        Stage.PDF,
        key,
        PackSubject(release, site, tuple(part.path for part in parts)),
        render,
        templates_of(site),
        parts=parts,
    )


def render(subject: PackSubject, workshop: Workshop) -> bytes:
    """Put the archive together, its files in a folder that is named like the release."""
    release, site = subject.release, subject.site
    text = plain_text.render(plain_text.TextSubject(release, site), workshop)
    files = [
        (README, _readme(subject, workshop.layouts.phrases[site.language])),
        (f"{release.slug}{TEXT}", text),
        *((path.removeprefix(release.address), workshop.part(path)) for path in subject.parts),
    ]
    buffer = BytesIO()
    # Archives know no zones, and show a time as it is.
    written = max(release.updated.timetuple()[:6], EARLIEST)
    with ZipFile(buffer, "w", ZIP_STORED) as archive:
        for name, data in files:
            entry = ZipInfo(f"{release.slug}/{name}", written)
            entry.external_attr, entry.create_system = PLAIN_FILE, UNIX
            archive.writestr(entry, data)
    return buffer.getvalue()


def _readme(subject: PackSubject, phrases: Phrases) -> bytes:
    blocks = filter(None, _blocks(subject, phrases))
    return (xml_text("\n\n".join(blocks)) + "\n").encode()


def _blocks(subject: PackSubject, phrases: Phrases) -> Iterator[str]:
    """Yield what an editor has to know of the files."""
    release, site = subject.release, subject.site
    address = site.url + quote(release.address)
    yield plain_text.letterhead(release, site, phrases)
    yield f"{release.title}\n{address}"
    yield "\n".join(plain_text.corrections(release, site, phrases))
    names = [path.removeprefix(release.address) for path in subject.parts]
    pictures = {image.asset.name: image for image in reversed(_images(release))}
    for name in names:
        if name in pictures:
            yield "\n".join(_picture(pictures[name], phrases))
    for attachment in release.attachments:
        yield f"{attachment.title}\n{address}{quote(attachment.asset.name)}"
    for link in release.links:
        kind = phrase(phrase_group(phrases, "link_kinds"), link.kind)
        yield f"{link.title or kind}\n{link.url}"
    yield from plain_text.contacts(release, phrases)


def _picture(image: Image, phrases: Phrases) -> Iterator[str]:
    yield f"{image.asset.name} ({image.width} × {image.height} px)"
    yield image.caption or image.alt
    if image.credit:
        yield phrase(phrases, "credit").format(credit=image.credit)
    if image.rights:
        yield f"{phrase(phrases, 'rights')}: {image.rights}"


def _images(release: PublicRelease) -> tuple[Image, ...]:
    return (*release.images, *release.body.images)
