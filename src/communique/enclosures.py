"""The pictures and documents that a release names: found, measured, and each under its own name."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from communique.companions import Companions, FileFault
from communique.desk import Reading
from communique.front_matter import AttachmentFields, ImageFields
from communique.release import Asset, Attachment, Image


def read_images(
    reading: Reading,
    written: Iterable[ImageFields],
    companions: Companions,
    set_type: Callable[[str | None], str | None],
) -> tuple[Image, ...]:
    """Find the pictures of `images`.

    Diagnostics: `image-without-alt` and the faults of `Companions.picture`.
    """
    images = []
    for at, each in enumerate(written):
        picture = companions.picture(each.file)
        if isinstance(picture, FileFault):
            reading.report(picture.code, picture.message, ("images", at, "file"), picture.advice)
        if each.alt is None:
            reading.report(
                "image-without-alt",
                f"`{each.file}` has no description for those who cannot see it",
                ("images", at, "file"),
                "add a line `alt: …` that says what the picture shows",
            )
        if isinstance(picture, FileFault) or each.alt is None:
            continue
        images.append(
            Image(
                picture.asset,
                set_type(each.alt) or "",
                picture.width,
                picture.height,
                set_type(each.caption),
                set_type(each.credit),
                set_type(each.rights),
            )
        )
    return tuple(images)


def read_attachments(
    reading: Reading,
    written: Iterable[AttachmentFields],
    companions: Companions,
    set_type: Callable[[str], str],
) -> tuple[Attachment, ...]:
    """Find the documents of `attachments`. Diagnostics: the faults of `Companions.document`."""
    attachments = []
    for at, each in enumerate(written):
        document = companions.document(each.file)
        if isinstance(document, FileFault):
            path = ("attachments", at, "file")
            reading.report(document.code, document.message, path, document.advice)
        else:
            title = set_type(each.title) if each.title else document.name
            attachments.append(Attachment(document, title))
    return tuple(attachments)


def check_names(
    reading: Reading, images: Iterable[Image], assets: Iterable[Asset], slug: str
) -> None:
    """Report two files that would be published under one name, on any file system."""
    taken = {"index.html": "", f"{slug}.pdf".casefold(): ""}
    by_path = {asset.path: asset.name for asset in assets}
    by_path |= {f"{image.asset.path} (smaller)": image.web_name for image in images}
    for path, name in by_path.items():
        owner = taken.setdefault(name.casefold(), path)
        if owner.removesuffix(" (smaller)") != path.removesuffix(" (smaller)"):
            reading.report(
                "file-name-taken",
                f"`{path}` and another file would both be published as `{name}`",
                ("reference",),
                "give the file another name",
            )
