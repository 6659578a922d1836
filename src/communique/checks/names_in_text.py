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

WORD = re.compile(r"(?<![^\W_])[^\W\d_a-zà-öø-ÿ][^\W\d_]*(?:[-’'][^\W\d_]+)*")
"""A word that begins with a capital; `l’Acadie` and `d'Ana` are looked at behind the apostrophe."""
POSSESSIVE = re.compile(r"[’']s?$")
WITHIN = re.compile(
    r"(?:\.?[ \t\u00a0\u202f]|[ \t]*\r?\n[ \t]*)(?:(?:de|del|de la|de las|de los|da|das|do|dos|du"
    r"|des|e|y|van|von|der|di)\s)?"
)
"""What stands between the words of one name: perhaps a particle, or the full stop of an initial."""
SENTENCE = re.compile(r"(?:[.!?…:*_>#|“”\"«»(¿¡–—-]|^)\s*$")
"""What stands before the first word of a sentence, an item or a quotation."""


class Name(NamedTuple):
    """Words with capitals that stand in a row, each with its offsets."""

    words: tuple[tuple[str, int, int], ...]
    is_first: bool
    """Whether its first word may have its capital because a sentence begins with it."""


def find_names(text: str, start: int, end: int) -> Iterator[Name]:
    """Yield the names between two offsets. Words that are all capitals belong to none."""
    words: list[tuple[str, int, int]] = []
    is_first = False
    for match in WORD.finditer(text, start, end):
        word = POSSESSIVE.sub("", match[0])
        if len(word) > 1 and word.isupper():
            if words:
                yield Name(tuple(words), is_first)
                words = []
            continue
        begin = match.start()
        gap = text[words[-1][2] : begin] if words else ""
        is_initial = bool(words) and len(words[-1][0]) == 1
        if not words or not WITHIN.fullmatch(gap) or (gap[0] == "." and not is_initial):
            if words:
                yield Name(tuple(words), is_first)
                words = []
            is_first = SENTENCE.search(text[max(start, begin - 6) : begin]) is not None
        words.append((word, begin, begin + len(word)))
    if words:
        yield Name(tuple(words), is_first)


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
