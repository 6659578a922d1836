"""Links and media: descriptions of pictures that say nothing, and addresses of the newsroom."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from communique.checks.copy import Copy
from communique.checks.names_in_text import folded
from communique.checks.rule import Remark, Rule
from communique.diagnostics import Severity
from communique.release import WEB_WIDTH, Image

FAMILY = "Links and media"
PICTURE = re.compile(
    r"!\[(?P<alt>[^\]\n]*)\]\(<?(?P<file>[^\s)>]+)>?(?:\s+[\"'](?P<caption>[^\"'\n]*)[\"'])?\s*\)"
)
CAMERA = re.compile(r"(?:img|dsc|dscn|dscf|pict?|foto|photo|image)[\s_-]*\d{2,}", re.IGNORECASE)
"""What cameras call their files."""
COLUMN_WIDTH, COLUMN_HEIGHT = 148 / 25.4 * 96, 80 / 25.4 * 96
"""What a printed picture may take (`layouts/print/print.css`), in the pixels of a stylesheet."""
SCREEN, COARSE, ENOUGH = 96, 150, 875
"""Pixels an inch as a stylesheet counts them, and for print; pixels that fill the column so."""
ICON = 200
HEAVY = 1_500_000
SUFFIX = re.compile(r"\.(?:jpe?g|png|webp|gif)$", re.IGNORECASE)


def alt_repeats(copy: Copy) -> Iterator[Remark]:
    """Find a picture's description that is only its caption, or the name of its file."""
    for at, image in enumerate(copy.release.images):
        written = copy.place_of("images", at, "alt")
        yield from _repeats(image.alt, image.caption, image.asset.name, *written)
    if copy.source.text.find("![", copy.body_start) < 0:
        return
    for match in PICTURE.finditer(copy.source.text, copy.body_start):
        file = PurePosixPath(unquote(match["file"])).name
        yield from _repeats(match["alt"], match["caption"], file, *match.span("alt"))


def _repeats(alt: str, caption: str | None, file: str, start: int, end: int) -> Iterator[Remark]:
    said = _plain(alt)
    if caption and said == _plain(caption):
        what = "the caption, which is read out as well"
    elif said == _plain(SUFFIX.sub("", file)) or SUFFIX.search(alt) or CAMERA.fullmatch(alt):
        what = "the name of the file"
    else:
        return
    yield Remark(
        start,
        end,
        f"the description of `{file}` is only {what}",
        "say what the picture shows to those who cannot see it",
    )


def _plain(text: str) -> str:
    """Return the letters and digits of a text, folded."""
    return re.sub(r"[\W_]+", " ", folded(text)).strip()


def too_small(copy: Copy) -> Iterator[Remark]:
    """Find a picture that has too few pixels for the column of a printed page."""
    for image, start, end in _pictures(copy):
        shown = min(1, COLUMN_WIDTH / image.width, COLUMN_HEIGHT / image.height)
        if image.width >= ICON and SCREEN / shown < COARSE:
            yield Remark(
                start,
                end,
                f"`{image.asset.name}` is {image.width} pixels wide, and is coarse in print",
                f"take one of {ENOUGH} or more, as it came from the camera",
            )


def too_heavy(copy: Copy) -> Iterator[Remark]:
    """Find a picture that takes long to load; of a wide one, pages show a smaller copy."""
    for image, start, end in _pictures(copy):
        if image.width <= WEB_WIDTH and image.asset.size > HEAVY:
            size = image.asset.size / 1_000_000
            yield Remark(
                start,
                end,
                f"`{image.asset.name}` has {size:.1f} MB for {image.width} pixels, and every "
                "reader of the page loads it",
                "save it as a JPEG, or take the larger original: then pages show a smaller copy",
            )


def _pictures(copy: Copy) -> Iterator[tuple[Image, int, int]]:
    """Yield each picture with the place where it is named."""
    release, text = copy.release, copy.source.text
    for at, image in enumerate(release.images):
        yield image, *copy.place_of("images", at, "file")
    if release.body.images:
        for match in PICTURE.finditer(text, copy.body_start):
            name = PurePosixPath(unquote(match["file"])).name
            found = next((each for each in release.body.images if each.asset.name == name), None)
            if found is not None:
                yield found, *match.span("file")


def own_address(copy: Copy) -> Iterator[Remark]:
    """Find a release that is linked to by its whole address, which nothing looks after."""
    root = copy.newsroom.url
    text = copy.source.text
    at = text.find(root, copy.body_start)
    while at >= 0:
        end = at + len(root)
        while end < len(text) and not text[end].isspace() and text[end] not in ")>]\"'":
            end += 1
        path = unquote(text[at + len(root) : end]).partition("#")[0].strip("/")
        named = copy.newsroom.pattern.recognize(path)
        if named is not None:
            yield Remark(
                at,
                end,
                f"a link to `{named}` by its address is not looked after",
                f"write `[…]({named})`: then `check` knows whether there is such a release",
            )
        at = text.find(root, end)


def no_glyph(copy: Copy) -> Iterator[Remark]:
    """Find each character, once, that none of the PDF's fonts has."""
    if copy.unprintable is None or copy.source.text.isascii():
        return
    told: set[str] = set()
    for passage in copy.passages:
        for match in copy.unprintable.finditer(copy.text, passage.start, passage.end):
            if match[0] in told:
                continue
            told.add(match[0])
            name = unicodedata.name(match[0], "a character without a name")
            yield Remark(
                *match.span(),
                f"the fonts of the PDF have no `{match[0]}` (U+{ord(match[0]):04X}, {name})",
                "write it otherwise, or put a font that has it into `layouts/print/fonts/`",
            )


RULES = (
    Rule(
        "glyph-missing",
        FAMILY,
        Severity.WARNING,
        "A character that none of the fonts in `print/fonts/` of the look has. Code and addresses "
        "are not looked at.",
        "A PDF cannot be made with it, and a build would stop.",
        "The station 東京 answered.",
        "The station Tōkyō answered.",
        no_glyph,
    ),
    Rule(
        "image-small",
        FAMILY,
        Severity.NOTE,
        "A picture that is printed with fewer than 150 pixels an inch: one of less than 875 pixels "
        "for the width of the column. Below 200 pixels it is taken for a logo.",
        "The PDF shows it coarse, and newspapers cannot print it.",
        "![Ten boats lie at a stone quay](small.png)",
        "![Ten boats lie at a stone quay](quay.png)",
        too_small,
    ),
    Rule(
        "image-heavy",
        FAMILY,
        Severity.NOTE,
        "A picture of more than 1.5 MB that pages show as it is. Of one that is wider than 1280 "
        "pixels they show a smaller copy.",
        "On a telephone by the quay the page takes half a minute.",
        "![Ten boats lie at a stone quay](heavy.png)",
        "![Ten boats lie at a stone quay](wide.png)",
        too_heavy,
    ),
    Rule(
        "alt-repeats",
        FAMILY,
        Severity.NOTE,
        "The description of a picture that is its caption, the name of its file, or what a camera "
        "called it.",
        "Whoever cannot see the picture hears the same twice, or `IMG 2031`.",
        '![The quay at dawn](quay.png "The quay at dawn")',
        '![Ten boats lie at a stone quay](quay.png "The quay at dawn")',
        alt_repeats,
    ),
    Rule(
        "address-of-release",
        FAMILY,
        Severity.NOTE,
        "A link to a release of this newsroom that is written as a whole web address, and not as "
        "its reference.",
        "Only of a reference it is checked whether there is such a release, and whether it is "
        "public in time; and the newsroom may move.",
        "The council met [again](https://press.example.org/E-427/14/).",
        "The council met [again](https://www.example.org/E-427/14/).",
        own_address,
    ),
)
