"""Names: near misses of the register in `newsroom.yaml` and of one another, and titles in time."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from communique.checks.copy import Copy
from communique.checks.names_in_text import folded, is_slip
from communique.checks.rule import Remark, Rule
from communique.checks.words import TITLES
from communique.diagnostics import Severity
from communique.newsroom import RegisteredName

FAMILY = "Names"
FORMER = re.compile(
    r"\b(?:former|formerly|then|late|ex|past|retired|elect|incoming|acting"
    r"|antigu[oa]|entonces|expresident[ea]|anterior|elect[oa]|saliente|entrante|difunt[oa]"
    r"|antig[oa]|então|eleit[oa]|falecid[oa]"
    r"|ancien(?:ne)?|alors|sortant|élue?|feue?)\b",
    re.IGNORECASE,
)
"""Words that say that somebody has a title no longer, or not yet."""
YEAR = re.compile(r"\b[12]\d{3}\b")
SENTENCE_END = re.compile(r"[.!?…]\s|\n[ \t]*\n")


def misspelt(copy: Copy) -> Iterator[Remark]:
    """Find a name that is nearly one of the register."""
    register = _register(copy.newsroom.names, copy.release.language)
    if not register:
        return
    for name in copy.names:
        words = [word for word, _, _ in name.words]
        for at, word in enumerate(words):
            for known, place in register.get(folded(word), ()):
                begin = at - place
                shown = words[begin : begin + len(known)] if begin >= 0 else []
                if len(shown) < len(known) or not _is_near(shown, known):
                    continue
                if tuple(shown) in _spellings(copy.newsroom.names):
                    continue
                first, last = name.words[begin], name.words[begin + len(known) - 1]
                right = " ".join(known)
                yield Remark(
                    first[1],
                    last[2],
                    f"`{' '.join(shown)}` is spelt `{right}` in the register of names",
                    f"write `{right}`, or add the other name to `names` in `newsroom.yaml`",
                )
                break
            else:
                continue
            break


def _is_near(shown: list[str], known: tuple[str, ...]) -> bool:
    """Tell whether words are those of a registered name, but for accents or one letter."""
    pairs = [*zip(shown, known, strict=True)]
    odd = [at for at, (one, other) in enumerate(pairs) if folded(one) != folded(other)]
    if not odd:
        return any(one != other for one, other in pairs)
    if len(odd) > 1 or len(known) == 1:
        return False
    one, other = pairs[odd[0]]
    return is_slip(folded(one), folded(other), is_surname=odd[0] == len(known) - 1)


@lru_cache(maxsize=32)
def _register(
    names: tuple[RegisteredName, ...], language: str
) -> Mapping[str, list[tuple[tuple[str, ...], int]]]:
    """Return, by each folded word, the names that have it, and as which of their words."""
    found: defaultdict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
    for name in dict.fromkeys(each.name.in_language(language) for each in names):
        words = _words(name)
        for at, word in enumerate(words):
            found[folded(word)].append((words, at))
    return dict(found)


@lru_cache(maxsize=32)
def _spellings(names: tuple[RegisteredName, ...]) -> frozenset[tuple[str, ...]]:
    """Return every registered spelling, in whatever language."""
    return frozenset(_words(text) for each in names for text in each.name.texts.values())


def _words(name: str) -> tuple[str, ...]:
    return tuple(word for word in name.split() if word[:1].isupper())


def spelt_twice(copy: Copy) -> Iterator[Remark]:
    """Find a name that stands in two spellings in one release."""
    pairs: defaultdict[tuple[str, bool], dict[str, tuple[str, int, int]]] = defaultdict(dict)
    alone: dict[str, dict[str, tuple[int, int]]] = {}
    within: defaultdict[str, set[str]] = defaultdict(set)
    known = {word for words in _spellings(copy.newsroom.names) for word in words}
    for name in copy.names:
        if len(name.words) == 1 and not name.is_first:
            word, start, end = name.words[0]
            alone.setdefault(folded(word), {}).setdefault(word, (start, end))
        for (one, _, close), (other, begin, _) in pairwise(name.words):
            # In “Universidad de Panamá” stands a place, as it is called there.
            if begin - close == 1:
                within[folded(one)].add(one)
                within[folded(other)].add(other)
        for at, (word, start, end) in enumerate(name.words if len(name.words) > 1 else ()):
            for beside, is_surname in ((at - 1, True), (at + 1, False)):
                if 0 <= beside < len(name.words):
                    anchor = folded(name.words[beside][0])
                    pairs[anchor, is_surname].setdefault(word, (folded(word), start, end))
    reported: set[int] = set()
    for (anchor, is_surname), words in pairs.items():
        if len(words) < 2 or anchor in TITLES:
            continue
        spelt = [*words.items()]
        for at, (first, (first_folded, *_)) in enumerate(spelt):
            for second, (second_folded, start, end) in spelt[at + 1 :]:
                if first_folded != second_folded:
                    is_same = is_slip(first_folded, second_folded, is_surname=is_surname)
                else:
                    is_same = first != second and first.lower() != second.lower()
                # What is near the register is said by its own rule.
                if not is_same or start in reported or {first, second} & known:
                    continue
                if not {first_folded, second_folded} & _ordinary(copy, first, second):
                    reported.add(start)
                    yield _twice(second, first, start, end)
    for word, spellings in alone.items():
        whole = within.get(word, set())
        for spelling, (start, end) in spellings.items():
            others = (whole or spellings.keys()) - {spelling}
            is_other = len(word) > 3 and spelling not in whole and others and start not in reported
            if is_other and not {spelling, *others} & known:
                other = min(others)
                is_first = not whole and min(spellings.values())[0] == start
                if not is_first and word not in _ordinary(copy, spelling, other):
                    yield _twice(spelling, other, start, end)


def _ordinary(copy: Copy, *words: str) -> set[str]:
    """Return which of some words are no names: titles, and what stands in small letters as well."""
    small = {each.lower() for each in words}
    return {
        folded(word)
        for word in small
        if folded(word) in TITLES or re.search(rf"(?<!\w){re.escape(word)}(?!\w)", copy.text)
    }


def _twice(spelling: str, other: str, start: int, end: int) -> Remark:
    return Remark(
        start,
        end,
        f"`{spelling}` stands here, and `{other}` elsewhere in this release",
        "write the name in one way",
    )


def title_in_time(copy: Copy) -> Iterator[Remark]:
    """Find a title that somebody had no longer, or not yet, on the date of the release."""
    language, text = copy.release.language, copy.text
    for entry in copy.newsroom.names:
        title = entry.title_in(language)
        if title is None:
            continue
        name = entry.name.in_language(language)
        others = [
            each
            for each in copy.newsroom.names
            if each.name == entry.name and each.title_in(language) == title
        ]
        if any(each.holds_on(day) for each in others for day in copy.days):
            continue
        pattern = _titled(name, title)
        for passage in copy.passages if name in text else ():
            for match in pattern.finditer(text, passage.start, passage.end):
                around = _sentence(text, passage.start, passage.end, *match.span())
                if FORMER.search(around) or _tells_of_then(around, entry, copy.release.date):
                    continue
                yield Remark(
                    *match.span(),
                    f"`{name}` {_when(entry, copy.release.date)} `{title}`, says the register",
                    "write the title of that day, or correct `names` in `newsroom.yaml`",
                )


@lru_cache(maxsize=512)
def _titled(name: str, title: str) -> re.Pattern[str]:
    """Match a name with its title before or behind it."""
    person, office = (r"\s+".join(map(re.escape, each.split())) for each in (name, title))
    link = r"(?:,\s+(?:the\s+|el\s+|la\s+|o\s+|a\s+|le\s+)?|\s+)"
    return re.compile(
        rf"(?<!\w)(?:(?i:{office}){link}{person}|{person},\s+(?i:(?:the|el|la|o|a|le)\s+)?"
        rf"(?i:{office}))(?!\w)"
    )


def _sentence(text: str, first: int, last: int, start: int, end: int) -> str:
    before = [match.end() for match in SENTENCE_END.finditer(text, first, start)]
    after = SENTENCE_END.search(text, end, last)
    return text[before[-1] if before else first : after.start() if after else last]


def _tells_of_then(sentence: str, entry: RegisteredName, date: dt.date) -> bool:
    """Tell whether a sentence names a year in which the title was right."""
    first = entry.since.year if entry.since else 0
    last = entry.until.year if entry.until else date.year + 1
    return any(first <= int(year[0]) <= last for year in YEAR.finditer(sentence))


def _when(entry: RegisteredName, date: dt.date) -> str:
    if entry.until is not None and entry.until < date:
        return f"was until {entry.until}"
    return f"is from {entry.since} on"


RULES = (
    Rule(
        "name-misspelt",
        FAMILY,
        Severity.NOTE,
        "A name that is one of `names` in `newsroom.yaml` but for its accents or one letter. "
        "Plurals, hyphens, capitals, and what is registered as another name, are fine; so are "
        "quotations in another language.",
        "Nobody forgives a misspelt name, and the person least of all.",
        "The mission is led by Mónica Ramires.",
        "The mission is led by Mónica Ramírez.",
        misspelt,
    ),
    Rule(
        "name-in-two-spellings",
        FAMILY,
        Severity.NOTE,
        "A name that stands in two spellings in one release: another accent, or one letter, beside "
        "the same given name or surname. Forms of a word (plurals, Cuba and Cuban, Ministro and "
        "Ministra) are fine, and so are namesakes with different given names.",
        "One of the two is wrong, and readers wonder whether these are two people.",
        "Ana Beltrán opened the session. Later, Ana Beltran thanked the towns.",
        "Ana Beltrán opened the session. Later, Luis Beltran thanked the towns.",
        spelt_twice,
    ),
    Rule(
        "title-of-person",
        FAMILY,
        Severity.NOTE,
        "A title beside a name that is registered in `newsroom.yaml` for other days than the "
        "release's. Not where the sentence says `former` or the like, or names a year in which it "
        "was right.",
        "Whoever took office last week is still called what the template says.",
        "The quay was opened by Harbour Master Pilar Quiroga.",
        "The quay was opened by the former Harbour Master Pilar Quiroga.",
        title_in_time,
    ),
)
