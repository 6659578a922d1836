"""Links and media: descriptions of pictures that say nothing, and addresses of the newsroom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from communique.checks.copy import Copy
from communique.checks.names_in_text import folded
from communique.checks.rule import Remark, Rule
from communique.diagnostics import Severity

FAMILY = "Links and media"
PICTURE = re.compile(
    r"!\[(?P<alt>[^\]\n]*)\]\(<?(?P<file>[^\s)>]+)>?(?:\s+[\"'](?P<caption>[^\"'\n]*)[\"'])?\s*\)"
)
CAMERA = re.compile(r"(?:img|dsc|dscn|dscf|pict?|foto|photo|image)[\s_-]*\d{2,}", re.IGNORECASE)
"""What cameras call their files."""
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


RULES = (
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
