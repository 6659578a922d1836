"""Quotations as a text marks them, in whatever way.

What comes in: a stretch of text. What goes out: `Quotation`s, halves that stand alone included.
"""

from __future__ import annotations

import re
from typing import NamedTuple

STRAIGHT = '"'
CLOSING = {"“": "”", "«": "»"}
MARKS = '"“”«»'
MARK = re.compile(f"[{MARKS}]")
ENDS = frozenset(CLOSING.values())


class Quotation(NamedTuple):
    """The offsets of the marks of one quotation, None where one is missing."""

    opened: int | None
    closed: int | None
    is_outermost: bool

    @property
    def is_alone(self) -> bool:
        """Tell whether one of its marks is missing."""
        return self.opened is None or self.closed is None

    @property
    def at(self) -> int:
        """Return the offset of its first mark."""
        return next(each for each in self[:2] if each is not None)


def find_quotations(text: str, start: int, end: int, *, is_yaml: bool) -> tuple[Quotation, ...]:
    """Pair the marks between two offsets; straight ones around a YAML value are none."""
    found: list[Quotation] = []
    opened: list[int] = []
    for match in MARK.finditer(text, start, end):
        at, mark = match.start(), match[0]
        is_straight, around = mark == STRAIGHT, text[opened[-1]] if opened else ""
        if is_straight and is_yaml and at in (start, end - 1):
            continue
        if is_straight and around != STRAIGHT and text[at - 1].isdigit():
            continue  # inches
        if is_straight:
            closes = bool(opened) and (around == STRAIGHT or not text[at - 1].isspace())
        else:  # a paragraph that goes on with a quotation may begin with the closing mark
            closes = mark in ENDS and bool(opened or text[start:at].strip(" >*_-"))
        if not closes:
            opened.append(at)
        else:
            found.append(Quotation(opened.pop() if opened else None, at, not opened))
    alone = (Quotation(at, None, depth == 0) for depth, at in enumerate(opened))
    return (*found, *alone)
