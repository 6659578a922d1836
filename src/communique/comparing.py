"""Two versions of a text, compared word by word.

What comes in: the text before and after. What goes out: the places where they differ, each with a
few words around it. Where a line is broken does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

BLOCKS = re.compile(r"(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)\s*")
WORD = re.compile(r"\w+(?:[.,:/’'-]\w+)*|[^\w\s]+")
"""A word, a number with what is written within it (``23:30``, ``E-502/14``), or signs."""
AROUND = 6
"""How many words are shown before and after a difference."""
MAX_WORDS = 4000
"""Where two blocks together have more, they are shown as replaced: comparing takes squared time."""


class Kind(StrEnum):
    """What became of some words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Piece(NamedTuple):
    """Words in a row that share their fate."""

    kind: Kind
    text: str


def compare(before: str, after: str) -> Iterator[tuple[Piece, ...]]:
    """Yield each difference, with the words around it; those near one another are one."""
    old, new = BLOCKS.split(before.strip()), BLOCKS.split(after.strip())
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _hunks(_pieces("\n\n".join(old[a:b]), "\n\n".join(new[c:d])))


class _Word(NamedTuple):
    text: str
    is_joined: bool
    """Whether nothing stands between it and the word before."""


def _words(text: str) -> list[_Word]:
    found, end = [], -1
    for match in WORD.finditer(text):
        found.append(_Word(match[0], match.start() == end))
        end = match.end()
    return found


def _pieces(before: str, after: str) -> Iterator[tuple[Kind, Sequence[_Word]]]:
    old, new = _words(before), _words(after)
    if len(old) + len(new) > MAX_WORDS:
        yield Kind.REMOVED, old
        yield Kind.ADDED, new
        return
    matcher = SequenceMatcher(
        None, [word.text for word in old], [word.text for word in new], autojunk=False
    )
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            yield Kind.SAME, new[c:d]
        else:
            yield Kind.REMOVED, old[a:b]
            yield Kind.ADDED, new[c:d]


def _hunks(
    pieces: Iterable[tuple[Kind, Sequence[_Word]]],
) -> Iterator[tuple[Piece, ...]]:
    """Cut what is the same in between, and yield what is left."""
    hunk: list[Piece] = []
    changed = False
    for kind, words in pieces:
        if not words:
            continue
        if kind is not Kind.SAME:
            changed = True
            hunk.append(Piece(kind, _joined(words)))
        elif not changed:
            hunk = [Piece(kind, _joined(words[-AROUND:]))]
        elif len(words) <= 2 * AROUND:
            hunk.append(Piece(kind, _joined(words)))
        else:
            yield (*hunk, Piece(kind, _joined(words[:AROUND])))
            hunk, changed = [Piece(kind, _joined(words[-AROUND:]))], False
    if changed:
        last = hunk[-1]
        if last.kind is Kind.SAME:
            hunk[-1] = Piece(last.kind, _joined(_words(last.text)[:AROUND]))
        yield tuple(hunk)


def _joined(words: Sequence[_Word]) -> str:
    """Write words as they stood, with one space where there was white space."""
    text = "".join(word.text if word.is_joined else f" {word.text}" for word in words)
    return text if words and words[0].is_joined else text[1:]
