"""Leftovers: words that stand twice, and what a template or a colleague left to be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from operator import eq

from communique.checks.copy import Copy
from communique.checks.dates_in_text import calendar_words
from communique.checks.rule import Remark, Rule
from communique.checks.words import MAY_BE_TWICE
from communique.diagnostics import Severity

FAMILY = "Leftovers"
TWICE = re.compile(
    r"(?<![^\W_])(?P<word>[^\W\d_]+)\s+(?P<again>(?P=word))(?![^\W_])", re.IGNORECASE
)
HOLDERS = (
    r"name|title|date|time|place|number|quote|link|city|venue|spokesperson"
    r"|nombre|título|titulo|fecha|hora|lugar|número|cita|ciudad|portavoz"
    r"|nome|data|local|citação|cidade|porta-voz"
    r"|nom|titre|heure|lieu|numéro|citation|ville|lien|porte-parole"
)
"""What stands in brackets until it is known."""
TEMPLATE = (
    ("orem", re.compile(r"[Ll]orem ipsum")),
    ("TB", re.compile(r"\bTB[ACD]\b")),
    ("TK", re.compile(r"\bTK\b")),
    ("FIXME", re.compile(r"\bFIXME\b")),
    ("XXXX", re.compile(r"\bX{4,}\b")),
    ("xx", re.compile(r"(?<![^\W_])xx+(?![^\W_])")),
    ("XX", re.compile(r"[$€£]\s?X{2,3}\b|\bX{2,3}\s?%|\bX{2,3}[:/h-]X{2,4}\b")),
    ("[", re.compile(rf"\[(?:(?:insert|(?:the )?(?:{HOLDERS})\b)[^\]\n]{{0,24}}|x+|\?+)\]", re.I)),
    ("{{", re.compile(r"\{\{[^{}\n]+\}\}")),
    ("__", re.compile(r"_{4,}|(?<!\S)_{2,}(?!\S)")),
    ("???", re.compile(r"\?{3,}")),
)
"""What stands in a text that has one → how it is written; each begins with letters, to be quick."""
COUNT = re.compile(r"\bXX(?= [a-zà-ÿ]{2,})")
"""`XX ships`; and the Roman number, which the two that follow tell apart."""
BEFORE_ROMAN = re.compile(
    r"(?:siglo|século|siècle|century|cap[ií]tulo|t[ií]tulo|art[ií](?:culo|go)|tomo|volume|anexo"
    r"|chapter|title|part|\b[A-ZÀ-Ý][\w’'-]*)\s$"
)
CENTURY = re.compile(r" (?:century|siècle)")


def doubled(copy: Copy) -> Iterator[Remark]:
    """Find a word that stands there twice in a row."""
    allowed = MAY_BE_TWICE.get(copy.main_language, frozenset())
    for passage, words in zip(copy.passages, copy.words, strict=True):
        # Two words of a list are compared faster than a pattern finds them.
        if not any(map(eq, words, words[1:])):
            continue
        for match in TWICE.finditer(copy.text, passage.start, passage.end):
            word, again = match["word"], match["again"]
            is_name = again[:1].isupper() and not (word + again).isupper()
            if word.lower() in allowed or is_name:
                continue
            yield Remark(
                *match.span("again"), f"`{again}` stands here twice", "take one of them out"
            )


def template(copy: Copy) -> Iterator[Remark]:
    """Find what a template left: ``[name]``, ``XX``, ``TBC``, ``Lorem ipsum``."""
    patterns = [pattern for sign, pattern in TEMPLATE if sign in copy.text]
    if "XX" in copy.text:
        patterns += [_empty_day(copy.release.language), COUNT]
    for passage in copy.passages if patterns else ():
        taken: set[int] = set()
        for pattern in patterns:
            for match in pattern.finditer(copy.text, passage.start, passage.end):
                if taken.isdisjoint(range(*match.span())) and not (
                    pattern is COUNT and _is_roman(copy.text, match)
                ):
                    yield _left(copy, match)
                taken.update(range(*match.span()))


def _is_roman(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 16) : match.start()]
    return bool(BEFORE_ROMAN.search(before) or CENTURY.match(text, match.end()))


@lru_cache(maxsize=16)
def _empty_day(language: str) -> re.Pattern[str]:
    """Match a date whose day was to be filled in: ``March XX``, ``XX de marzo``."""
    months = "|".join(map(re.escape, calendar_words(language).months))
    return re.compile(rf"\b(?:{months})\s+XX\b|\bXX\s+(?:de\s+)?(?:{months})\b")


def _left(copy: Copy, match: re.Match[str]) -> Remark:
    return Remark(
        *match.span(),
        f"`{match[0]}` looks like something that was to be filled in",
        "write what belongs there",
    )


RULES = (
    Rule(
        "doubled-word",
        FAMILY,
        Severity.NOTE,
        "A word that stands twice in a row. Names such as Walla Walla are fine, and what a "
        "language says twice (`had had`, `nous nous`).",
        "The eye skips it; readers see it.",
        "The council met at the the quay.",
        "The council met at the quay.",
        doubled,
    ),
    Rule(
        "template-left",
        FAMILY,
        Severity.WARNING,
        "What a template or a colleague left to be filled in: `Lorem ipsum`, `XX` (but not the "
        "century), `TBC`, `[name]`, `[insert …]`.",
        "It is the mistake that everybody passes on.",
        "The council met with [name] on March XX.",
        "The council met with Ana Costa on March 12.",
        template,
    ),
)
