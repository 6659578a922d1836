"""Which block of a document is the title, the date, the place, the reference; the rest is the text.

What comes in: a `Document`, and the newsroom. What goes out: `Recognized`, with a note for each
thing that is not certain.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from communique.bringing.blocks import Block, Document
from communique.bringing.labels import DATE, EMBARGO, END_MARKS, LETTERHEAD, PLACE, REFERENCE
from communique.checks.dates_in_text import DAY, find_dates
from communique.checks.words import COMMON
from communique.moments import YEARS
from communique.newsroom import Newsroom
from communique.reference import Reference

HEAD = 14
"""So many blocks at the beginning may be above the text."""
SHORT = 90
"""A line of so many characters may be a label, a date or a place."""
LONG_TITLE = 250
TELLING = 12
"""So many common words of a language say that a text is in it."""
LABELLED_REFERENCE = re.compile(
    rf"(?:.{{0,40}}\b)?(?:{REFERENCE})\s*[.:]?[\s#:]*(?P<value>\S+)$", re.IGNORECASE
)
TOKEN = re.compile(r"[A-Za-z]{1,12}[-/._ ]?[0-9][0-9A-Za-z/._-]*")
LABELLED_PLACE = re.compile(rf"(?:{PLACE})\s*:\s*(?P<value>.+)", re.IGNORECASE)
BEFORE_DATE = re.compile(rf"(?:(?:{DATE})\s*:\s*)?(?P<place>.*?)[\s,(]*$", re.IGNORECASE)
ISO = re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
NUMERIC = re.compile(
    r"(?<!\d)(?P<one>\d{1,2})(?P<sign>[./-])(?P<two>\d{1,2})(?P=sign)(?P<year>\d{4})(?!\d)"
)
DASH = re.compile(r"\s*\)?\.?\s*(?:[–—:]|--?)\s*")
AROUND_PLACE = re.compile(
    r"^[\s,(–—-]+|(?:[\s,(–—-]+(?:on|the|el|le|o|al?|em|dia|día))?[\s,(–—-]*$"
)
"""What stands around a place before a date: ``Port-Neuf, le``."""
PLACE_ALONE = re.compile(r"(?P<place>[^\W\d_a-zà-ÿ][^\n–—:]{1,60}?)\s*(?:[–—]|--)\s+")
"""``HARBOUR TOWN –``: a dateline without a date, in capitals."""


@dataclass(frozen=True, slots=True)
class DateFound:
    """A date, where it stands in a line, and whether it could be another."""

    date: dt.date
    start: int
    end: int
    other: dt.date | None = None
    """What it is if the month stands first."""


@dataclass(slots=True)
class Recognized:
    """The parts of a release, as far as they could be told."""

    title: str = ""
    subtitle: str = ""
    date: dt.date | None = None
    place: str = ""
    reference: Reference | None = None
    language: str = ""
    """Which the text is in, if that is plain."""
    body: list[tuple[Block, int]] = field(default_factory=list)
    """The blocks of the text, each with the number of characters to leave out of it."""
    notes: list[str] = field(default_factory=list)
    mentions_embargo: bool = False


def recognize(document: Document, newsroom: Newsroom) -> Recognized:
    """Tell the parts of a release from one another."""
    found = Recognized(notes=[*document.notes])
    blocks = _without_letterhead(document.blocks, newsroom)
    blocks = _take_reference(blocks, newsroom, found)
    found.language = _language_of(" ".join(block.text for block in blocks))
    languages = tuple(dict.fromkeys((found.language or newsroom.default_language, *COMMON)))
    _note_embargo(blocks, found)
    blocks = _take_lines(blocks, languages, found)
    blocks = _take_title(blocks, found)
    found.body = [(block, 0) for block in blocks if block.text not in END_MARKS]
    _take_dateline(languages, found)
    if found.date is None:
        found.notes.append("no date was found: write it into `date`")
    if not found.title:
        found.notes.append("no headline was found: write it into `title`")
    if not found.body:
        found.notes.append("no text was found below the headline")
    return found


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" :.–—-")


def _without_letterhead(blocks: Iterable[Block], newsroom: Newsroom) -> list[Block]:
    names = newsroom.organization
    offices = {
        _plain(name) for each in (names.name, names.short_name) for name in each.texts.values()
    }
    kept = []
    for at, block in enumerate(blocks):
        words = _plain(block.text)
        if at < HEAD and words and (words in LETTERHEAD or words in offices):
            continue
        kept.append(block)
    return kept


def _take_reference(blocks: list[Block], newsroom: Newsroom, found: Recognized) -> list[Block]:
    """Find the reference: on a line of its own, labelled or not, at the end or the beginning."""
    candidates: list[tuple[bool, Block, Reference]] = []
    for block in [*reversed(blocks[HEAD:]), *blocks[:HEAD]]:
        line = " ".join(block.text.split())
        if len(line) > SHORT:
            continue
        labelled = LABELLED_REFERENCE.fullmatch(line)
        words = labelled["value"] if labelled else line
        if reference := newsroom.pattern.recognize(words.strip("().,;: ")):
            candidates.append((labelled is not None, block, reference))
        elif not block.is_paragraph or _plain(TOKEN.sub("", line)) in LETTERHEAD:
            tokens = TOKEN.findall(line)  # `Press Release E-502/14`
            known = [each for token in tokens if (each := newsroom.pattern.recognize(token))]
            if len(known) == 1 and _plain(TOKEN.sub("", line)) in LETTERHEAD:
                candidates.append((True, block, known[0]))
    candidates = [each for each in candidates if each[2].series in newsroom.series]
    candidates.sort(key=lambda each: not each[0])
    if not candidates:
        return blocks
    _, _, found.reference = candidates[0]
    others = dict.fromkeys(each[2].text for each in candidates if each[2] != found.reference)
    if others:
        listed = ", ".join(f"`{each}`" for each in others)
        found.notes.append(f"the document also names {listed}; is `{found.reference}` right?")
    own = [each[1] for each in candidates if each[2] == found.reference]
    return [block for block in blocks if block not in own]


def _language_of(text: str) -> str:
    """Return the language that a text is plainly in, or an empty text."""
    words = re.findall(r"[^\W\d_]+", text.lower())[:2000]
    scores = {language: sum(map(common.__contains__, words)) for language, common in COMMON.items()}
    best, second, *_ = sorted(scores.values(), reverse=True)
    if best < TELLING or best < 1.5 * second:
        return ""
    return max(scores, key=scores.__getitem__)


def _note_embargo(blocks: Sequence[Block], found: Recognized) -> None:
    for block in [*blocks[:HEAD], *blocks[-2:]]:
        if len(block.text) <= 2 * SHORT and re.match(rf"\W*(?:{EMBARGO})\b", block.text, re.I):
            found.mentions_embargo = True
            found.notes.append(
                f"the document speaks of an embargo: set `embargo` ({_short(block)})"
            )
            return


def _short(block: Block) -> str:
    words = " ".join(block.text.split())
    return words if len(words) <= SHORT else f"{words[:SHORT]}…"


def _take_lines(blocks: list[Block], languages: Sequence[str], found: Recognized) -> list[Block]:
    """Find the lines above the text that are a date, or a place and a date."""
    kept = []
    for at, block in enumerate(blocks):
        line = " ".join(block.text.split())
        # Only above the text: what stands below may say when something else took place.
        may_be = at < HEAD and len(line) <= SHORT and not any(map(_is_prose, blocks[:at]))
        if may_be and found.date is None and (dated := find_date(line, languages)):
            before = BEFORE_DATE.fullmatch(line[: dated.start])
            place = AROUND_PLACE.sub("", before["place"]) if before else ""
            after = line[dated.end :].strip(" .),–—-")
            if not after and len(place) <= 60 and not _is_sentence(place):
                _set_date(dated, found)
                found.place = place
                continue
        if may_be and not found.place and (match := LABELLED_PLACE.fullmatch(line)):
            found.place = match["value"].strip()
            continue
        kept.append(block)
    return kept


def _is_prose(block: Block) -> bool:
    return block.is_paragraph and len(block.text) > LONG_TITLE


def _is_sentence(text: str) -> bool:
    """Tell whether words before a date are more than a place: ``The council met on``."""
    small = [word for word in text.split() if word[:1].islower()]
    return len(small) > 2 or bool(re.search(r"\b(?:on|el|le|em|del?|until|hasta|até)$", text))


def find_date(line: str, languages: Sequence[str]) -> DateFound | None:
    """Return the first whole date of a line, with a year, in any of some languages."""
    for match in ISO.finditer(line):
        if date := _day(match["year"], match["month"], match["day"]):
            return DateFound(date, *match.span())
    numbers = [match.start() for match in DAY.finditer(line)]
    for language in languages:
        for each in find_dates(line, 0, len(line), numbers, language):
            if each.year is not None and each.year in YEARS and (date := each.in_year(each.year)):
                return DateFound(date, each.start, each.end)
    for match in NUMERIC.finditer(line):
        day_first = _day(match["year"], match["two"], match["one"])
        month_first = _day(match["year"], match["one"], match["two"])
        if date := day_first or month_first:
            other = month_first if day_first and month_first != day_first else None
            return DateFound(date, *match.span(), other)
    return None


def _day(year: str, month: str, day: str) -> dt.date | None:
    with suppress(ValueError):
        date = dt.date(int(year), int(month), int(day))
        return date if date.year in YEARS else None
    return None


def _set_date(dated: DateFound, found: Recognized) -> None:
    found.date = dated.date
    if dated.other is not None:
        found.notes.append(f"the date may be {dated.other} if the month stands first")


def _take_title(blocks: list[Block], found: Recognized) -> list[Block]:
    """Find the headline: the first heading, or the first line."""
    head = [block for block in blocks[:HEAD] if block.text]
    headings = [block for block in head if block.level is not None]
    chosen = min(headings, key=lambda block: block.level or 0) if headings else None
    if chosen is None or (head and not headings):
        chosen = next((block for block in head if block.is_paragraph), None)
        if chosen is not None and len(chosen.text) > LONG_TITLE:
            return blocks  # a paragraph: there is no headline
        if chosen is not None and chosen.text.rstrip().endswith("."):
            found.notes.append("is the first line the headline? It ends like a sentence")
    if chosen is None:
        return blocks
    at = next(at for at, block in enumerate(blocks) if block is chosen)
    if any(block.text for block in blocks[:at]):
        found.notes.append("something stands above the headline; it was left in the text")
    found.title = " ".join(chosen.text.split())
    below = blocks[at + 1 : at + 3]
    rest = [block for block in blocks if block is not chosen]
    if len(below) == 2 and _is_subtitle(*below):
        found.subtitle = " ".join(below[0].text.split())
        rest = [block for block in rest if block is not below[0]]
    return rest


def _is_subtitle(line: Block, after: Block) -> bool:
    """Tell whether a line between the headline and the text is a second headline."""
    if line.level == 1 and after.is_paragraph:
        return len(line.text) <= LONG_TITLE
    return (
        line.level is None
        and line.is_paragraph
        and after.is_paragraph
        and 0 < len(line.text) <= SHORT * 2
        and len(after.text) > len(line.text)
        and line.text[-1:] not in '.:;!?…»”"'
        and DASH.search(line.text) is None
    )


def _take_dateline(languages: Sequence[str], found: Recognized) -> None:
    """Take place and date from the beginning of the text: ``HARBOUR TOWN, March 2, 2026 –``."""
    for at, (block, _) in enumerate(found.body):
        if not block.is_paragraph:
            continue
        begin = block.text[:160]
        dated = find_date(begin, languages)
        dash = DASH.match(begin, dated.end) if dated else None
        if dated and dash and dated.start <= 70 and not _is_sentence(begin[: dated.start]):
            place = AROUND_PLACE.sub("", begin[: dated.start])
            if found.date is None:
                _set_date(dated, found)
            elif found.date != dated.date:
                found.notes.append(f"the text begins with {dated.date}: is `date` right?")
            found.place = found.place or place
            found.body[at] = (block, dash.end())
        elif not found.place and (match := PLACE_ALONE.match(begin)):
            place = match["place"].strip(" ,(")
            if place.split(",")[0].isupper():
                found.place = place
                found.body[at] = (block, match.end())
        return
