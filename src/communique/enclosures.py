"""The pictures and documents that a release names: found, measured, and each under its own name."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from communique.companions import Companions, FileFault
from communique.desk import Reading
from communique.front_matter import AttachmentFields, FrontMatter, ImageFields
from communique.markdown_links import TOO_MANY_FILES
from communique.release import OTHER_FORMS, PICTURE_FORMS, Attachment, Image, Words
from communique.yaml_text import Path


def without_excess(reading: Reading, fields: FrontMatter) -> FrontMatter:
    """Return the keys with as many files as are read; report the first that is not.

    Diagnostics: `too-many-files`.
    """
    limit = reading.desk.newsroom.limits.files
    images = fields.images[:limit]
    attachments = fields.attachments[: limit - len(images)]
    if len(images) < len(fields.images):
        first: Path = ("images", len(images))
    elif len(attachments) < len(fields.attachments):
        first = ("attachments", len(attachments))
    else:
        return fields
    message = f"the release names too many files: {limit:,} are read at most"
    reading.report("too-many-files", message, first, TOO_MANY_FILES)
    return fields.model_copy(update={"images": images, "attachments": attachments})


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
        texts = (each.alt, each.caption, each.credit, each.rights)
        words = Words(*(set_type(text) or "" for text in texts))
        images.append(
            Image(
                picture.asset_with(words),
                words.alt,
                picture.width,
                picture.height,
                words.caption or None,
                words.credit or None,
                words.rights or None,
                picture.moves,
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
    reading: Reading,
    fields: FrontMatter,
    images: Iterable[Image],
    attachments: Iterable[Attachment],
    slug: str,
) -> None:
    """Report two files that would be published under one name, on any file system.

    Diagnostics: `file-name-taken`, where the release names the file; where its text does, at the
    reference.
    """
    owners = {"index.html": "the page itself", _folded(f"{slug}.pdf"): "the PDF of the release"}
    for suffix in OTHER_FORMS:
        owners[_folded(f"{slug}{suffix}")] = "the release in another format"
    published = [(image.asset.path, image.asset.name) for image in images]
    for image in images:
        copies = (image.name_in(width, form) for width in image.widths for form in PICTURE_FORMS)
        published += [(image.asset.path, name) for name in (image.web_name, *copies)]
    published += [(each.asset.path, each.asset.name) for each in attachments]
    reported = set()
    for path, name in published:
        owner = owners.setdefault(_folded(name), path)
        if owner != path and path not in reported:
            reported.add(path)
            shown = owner if " " in owner and "/" not in owner else f"`{owner}`"
            reading.report(
                "file-name-taken",
                f"`{path}` would be published as `{name}`, as is {shown}",
                _place_of(fields, path),
                "give the file another name",
            )


def _folded(name: str) -> str:
    """Return what is equal for names that some file system takes for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _place_of(fields: FrontMatter, path: str) -> Path:
    files = {
        "images": [each.file for each in fields.images],
        "attachments": [each.file for each in fields.attachments],
    }
    for key, names in files.items():
        for at, name in enumerate(names):
            if PurePosixPath(name).name == PurePosixPath(path).name:
                return key, at, "file"
    return ("reference",)
