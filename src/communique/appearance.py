"""What a text looks like to its readers, where that is not what it says.

What comes in: a text. What goes out: the characters in it that do not show, and the plain letters
that it seems to be made of.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator

ALWAYS = re.compile(
    "[\u061c\u180e\u200b\u202a-\u202e\u2060-\u2069\u206a-\u206f\ufff9-\ufffb]"
    "|(?<![\U0001f3f4\U000e0020-\U000e007e])[\U000e0000-\U000e007f]"
)
"""What turns the order of a text round, or parts it, without showing: Unicode TR 36 §2.

Tags are let pass after a black flag, where they make England's of it.
"""
BESIDE_LETTERS = re.compile("[\u200c-\u200f]")
"""Joiners and marks of direction, which some scripts, and emoji, need."""
PLAIN = re.compile("[\\s!-~\u00a0-\u058f\u2010-\u2027]")
"""Latin, Greek, Cyrillic and Armenian, and punctuation: these need none."""
ENTITY = re.compile(r"&#?\w{2,31};")
ALIKE = str.maketrans(
    {
        # Cyrillic
        **dict(
            zip(
                "АВЕЅІЈКМНОРСТУХԌԚԜҮавеѕіјкмнорстухԍԛԝ",
                "ABESIJKMHOPCTYXGQWYabesijkmhopctyxgqw",
                strict=True,
            )
        ),
        # Greek
        **dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοινυ", "ABEZHIKMNOPTYXoivu", strict=True)),
        # Armenian, Cherokee, dotless
        **dict(zip("ՕՏՍոսցᎪᎬᎻᏀᏒᏟᏚᏢᎢıȷ", "OSUnugAEHGRCSPTij", strict=True)),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－֊ー", "-"),
        **dict.fromkeys("⁄∕⧸／", "/"),
        **dict.fromkeys("․．。", "."),
        "＿": "_",
    }
)
"""Letters and signs that look like those of references (of Unicode TR 39's confusables.txt)."""


def unseen_in(text: str) -> Iterator[re.Match[str]]:
    """Yield the characters that do not show and may mislead, in the order of their kinds."""
    if text.isascii():
        return
    yield from ALWAYS.finditer(text)
    for match in BESIDE_LETTERS.finditer(text):
        around = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
        if around and all(PLAIN.match(each) for each in around):
            yield match


def unseen_written_out(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Yield where such characters are written as HTML writes them (``&#x202E;``), and which."""
    for match in ENTITY.finditer(text) if "&" in text else ():
        meant = html.unescape(match[0])
        if ALWAYS.search(meant) or BESIDE_LETTERS.search(meant):
            yield match, meant[0]


def as_it_looks(text: str) -> str:
    """Return the plain letters, digits and signs that a text looks like."""
    shown = (each for each in text if unicodedata.category(each) not in ("Cf", "Cc", "Mn"))
    plain = unicodedata.normalize("NFKC", "".join(shown).translate(ALIKE)).translate(ALIKE)
    digits = (str(unicodedata.digit(each, each)) for each in plain)
    return "".join(digits).strip()
