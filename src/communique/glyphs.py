"""Which characters the fonts of the PDFs have, so that a release is told before one is made.

What comes in: font files. What goes out: a pattern that finds what none of them has.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from communique.digest import digest_of
from communique.notes import read_note, write_note

NEEDS_NONE = (
    "\\x00-\\x20\x7f-\xa0\xad\u0300-\u036f\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff"
)
"""Spaces, marks that join a letter, and what does not show: these need no glyph of their own."""
NOTE = "glyphs-{}.txt"


def unprintable(fonts: Mapping[str, bytes], memory: Path | None) -> re.Pattern[str]:
    """Return what finds a character that no font has; `memory` keeps it for the next time.

    A file that is no font has no characters.
    """
    names = [f"{name} {digest_of(data)}" for name, data in sorted(fonts.items())]
    note = memory / NOTE.format(digest_of("\n".join(names).encode())) if memory else None
    noted = read_note(note)
    if noted is not None:
        return _pattern(noted.decode())
    ranges = _as_ranges({code for data in fonts.values() for code in _codes_of(data)})
    write_note(note, ranges.encode())
    return _pattern(ranges)


@cache
def _pattern(ranges: str) -> re.Pattern[str]:
    """Return the pattern for ranges of code points, each ``first-last`` in hexadecimal."""
    pairs = (each.partition("-")[::2] for each in ranges.split())
    shown = "".join(f"\\U{int(first, 16):08x}-\\U{int(last, 16):08x}" for first, last in pairs)
    return re.compile(f"[^{NEEDS_NONE}{shown}]")


def _codes_of(font: bytes) -> Iterable[int]:
    from fontTools.ttLib import TTFont, TTLibError  # slow to import, and seldom needed

    with suppress(TTLibError):
        return TTFont(io.BytesIO(font), lazy=True).getBestCmap() or ()
    return ()


def _as_ranges(codes: set[int]) -> str:
    firsts = sorted(code for code in codes if code - 1 not in codes)
    lasts = sorted(code for code in codes if code + 1 not in codes)
    return " ".join(f"{first:x}-{last:x}" for first, last in zip(firsts, lasts, strict=True))
