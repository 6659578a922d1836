"""Names as a text has them: words with capitals, in a row.

What comes in: a stretch of text. What goes out: `Name`s. Which of them name people is not known;
the rules compare only what is nearly the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

WORD = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-Ž](?<![^\W_].)[^\W\d_]*(?:[-’'][^\W\d_]+)*")
"""A word that begins with a capital; of `l’Acadie` and `d'Ana`, what is behind the apostrophe."""
WITHIN = (
    r"(?:(?<=\b[^\W\d_])\.)?(?:[ \t\u00a0\u202f]|[ \t]*\r?\n[ \t]*)"
    r"(?:(?:de|del|de la|de las|de los|da|das|do|dos|du|des|e|y|van|von|der|di)\s)?"
)
"""What stands between the words of one name: perhaps a particle, or the full stop of an initial."""
NAME = re.compile(rf"{WORD.pattern}(?:{WITHIN}{WORD.pattern})*")
POSSESSIVE = ("’s", "'s", "’", "'")
OPENING = frozenset('.!?…:*_>#|“”"«»(¿¡–—-')
"""What stands before the first word of a sentence, an item or a quotation."""


class Name(NamedTuple):
    """Words with capitals that stand in a row, each with its offsets."""

    words: tuple[tuple[str, int, int], ...]
    is_first: bool
    """Whether it is one word, which may have its capital because a sentence begins with it."""


def find_names(text: str, start: int, end: int) -> Iterator[Name]:
    """Yield the names between two offsets. Words that are all capitals belong to none."""
    for match in NAME.finditer(text, start, end):
        shown, begin = match[0], match.start()
        if shown.find(" ") < 0 and shown.find("\n") < 0 and "\u00a0" not in shown:
            word = _bare(shown)
            if len(word) == 1 or not word.isupper():
                before = text[max(start, begin - 4) : begin].rstrip()[-1:]
                is_first = not before or before in OPENING
                yield Name(((word, begin, begin + len(word)),), is_first)
            continue
        words: list[tuple[str, int, int]] = []
        for part in WORD.finditer(text, begin, match.end()):
            word = _bare(part[0])
            if len(word) == 1 or not word.isupper():
                words.append((word, part.start(), part.start() + len(word)))
            elif words:
                yield Name(tuple(words), is_first=False)
                words = []
        if words:
            yield Name(tuple(words), is_first=False)


def _bare(word: str) -> str:
    """Return a word without its possessive ending."""
    if "’" in word or "'" in word:
        for ending in POSSESSIVE:
            word = word.removesuffix(ending)
    return word


@lru_cache(maxsize=20_000)
def folded(word: str) -> str:
    """Return a word in small letters without accents."""
    if word.isascii():
        return word.lower()
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def is_slip(one: str, other: str, *, is_surname: bool) -> bool:
    """Tell whether two folded words are likely one, with a letter added, left out or exchanged.

    Not where one is a form of the other: a plural, an adjective, the feminine; nor with another
    first letter, which makes another name (Hernández, Fernández). Given names need more letters:
    sisters are called Marta and Maria.
    """
    short, long = sorted((one, other), key=len)
    if len(short) < (5 if is_surname else 7) or len(long) - len(short) > 1 or one[0] != other[0]:
        return False
    at = next((at for at, sign in enumerate(short) if sign != long[at]), len(short))
    if len(short) < len(long):
        return at < len(short) and short[at:] == long[at + 1 :]
    if at == len(short):
        return False  # the same
    if {short[at], long[at]} == {"s", "z"} and 0 < at < len(short) - 1:
        return False  # Organization, Organisation
    if at == len(short) - 1:
        return is_surname and not {short[at], long[at]} & set("aeo")
    swapped = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
    return short[at + 1 :] == long[at + 1 :] or swapped
