"""What was once public is remembered: the register `announced.csv`, and what it forbids.

What comes in: the register as the office keeps it, and every release. What goes out: diagnostics
for each change that readers and feed readers would suffer from. An office without a register is
left alone; `communique remember` begins one.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from communique.cards import Card, Stub
from communique.diagnostics import Checked, Diagnostic
from communique.instants import Microseconds, instant_at, microseconds
from communique.newsroom import Newsroom
from communique.source import LINE_BREAK, Source

COLUMNS = ("reference", "language", "published", "address", "guid", "digest")
"""The first line of the register."""


class Announcement(NamedTuple):
    """One release in one language, as it was when it became public."""

    reference: str
    language: str
    published: Microseconds
    """The instant it became public: the feed's `pubDate`."""
    address: str
    """Below the newsroom's root."""
    guid: str
    digest: str
    """SHA-256 of its file when it was noted, in hexadecimal."""
    line: int = 0
    """Where it stands in the register, counted from 0."""

    @property
    def key(self) -> tuple[str, str]:
        """Return what a release is known by."""
        return self.reference, self.language


def read_announced(source: Source) -> Checked[tuple[Announcement, ...]]:
    """Read the register. A release may stand there twice, as after a merge; the first line counts.

    Diagnostics: `announced-malformed` for each line that is none.
    """
    announced: dict[tuple[str, str], Announcement] = {}
    found = []
    for line, row in _rows(source):
        if row == list(COLUMNS) or not row:
            continue
        entry = _announcement(row, line)
        if entry is None:
            found.append(_malformed(source, line))
        else:
            announced.setdefault(entry.key, entry)
    return Checked(tuple(announced.values()), tuple(found))


def check_announced(
    announced: Iterable[Announcement],
    source: Source,
    cards: Iterable[Card],
    stubs: Iterable[Stub],
    newsroom: Newsroom,
) -> tuple[Diagnostic, ...]:
    """Hold the releases there are against those that the public was shown.

    All is said in the register, because an error in a draft would stop nobody.

    Diagnostics: `announced-missing`, `announced-draft`, `announced-date` for each release;
    `announced-address`, `announced-guid` once, however many they concern.
    """
    known = {(card.reference, card.language): card for card in cards}
    faulty = {stub.reference for stub in stubs}
    found: list[Diagnostic] = []
    moved: list[tuple[Announcement, Card]] = []
    renamed: list[tuple[Announcement, Card]] = []
    for entry in announced:
        card = known.get(entry.key)
        if card is None:
            if entry.reference not in faulty:
                found.append(_missing(entry, source, newsroom))
            continue
        if card.draft:
            found.append(_draft(entry, card, source))
        elif card.public_from != entry.published:
            found.append(_dated(entry, card, source, newsroom))
        if card.address != entry.address:
            moved.append((entry, card))
        if card.guid != entry.guid:
            renamed.append((entry, card))
    return (*found, *_moved(moved, source), *_renamed(renamed, source))


def announcement_of(card: Card, digest: str) -> Announcement:
    """Return what is noted of a release that is public."""
    return Announcement(
        card.reference, card.language, card.public_from, card.address, card.guid, digest
    )


def with_lines(text: str, new: Iterable[Announcement], newsroom: Newsroom) -> str:
    """Return the register with lines more, at its end; what stands there stays as it is.

    A line depends on the release alone: noted in two copies of the folder, it is the same.
    """
    ending = "\r\n" if "\r\n" in text else "\n"
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator=ending)
    if not text:
        writer.writerow(COLUMNS)
    elif not text.endswith(("\n", "\r")):
        file.write(ending)
    for entry in sorted(new, key=lambda each: (each.published, *each.key)):
        published = instant_at(entry.published, newsroom.time_zone).isoformat()
        writer.writerow(
            (entry.reference, entry.language, published, entry.address, entry.guid, entry.digest)
        )
    return text + file.getvalue()


def _rows(source: Source) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield each line, counted from 0, with its values.

    A quotation mark that is not closed makes one line of several, whose values are too many.
    """
    reader = csv.reader(LINE_BREAK.split(source.text))
    line = 0
    for row in reader:
        yield line, row
        line = reader.line_num


def _announcement(row: Sequence[str], line: int) -> Announcement | None:
    if len(row) != len(COLUMNS) or "" in row:
        return None
    reference, language, published, address, guid, digest = row
    instant = _instant(published)
    if instant is None:
        return None
    return Announcement(reference, language, instant, address, guid, digest, line)


@lru_cache(maxsize=4096)
def _instant(written: str) -> Microseconds | None:
    """Read an instant; many releases become public at the same."""
    try:
        instant = dt.datetime.fromisoformat(written)
    except ValueError:
        return None
    return microseconds(instant) if instant.tzinfo is not None else None


def _malformed(source: Source, line: int) -> Diagnostic:
    text = source.line_text(line)
    start = source.line_start(line)
    is_merge = text.startswith(("<<<<<<<", "=======", ">>>>>>>"))
    return Diagnostic(
        "announced-malformed",
        "this line is no release that was announced",
        source.span(start, start + len(text)),
        help="delete this line and keep those on both sides of it"
        if is_merge
        else f"a line has {len(COLUMNS)} values with commas between: {', '.join(COLUMNS)}",
    )


def _missing(entry: Announcement, source: Source, newsroom: Newsroom) -> Diagnostic:
    day = instant_at(entry.published, newsroom.time_zone).date()
    return _found(
        "announced-missing",
        f"`{entry.reference}` ({entry.language}) is no longer there, which was announced on {day}",
        entry,
        source,
        f'bring its file back, and give `communique withdraw {entry.reference} "why"`; '
        "if nothing at all is to be left of it, delete this line as well",
    )


def _draft(entry: Announcement, card: Card, source: Source) -> Diagnostic:
    return _found(
        "announced-draft",
        f"`{entry.reference}` ({entry.language}) was announced, and `{card.path}` makes it a draft",
        entry,
        source,
        "delete its line `draft: yes`; to take it back, give "
        f'`communique withdraw {entry.reference} "why"`',
    )


def _dated(entry: Announcement, card: Card, source: Source, newsroom: Newsroom) -> Diagnostic:
    then, now = (
        f"{instant_at(each, newsroom.time_zone):%Y-%m-%d %H:%M %Z}"
        for each in (entry.published, card.public_from)
    )
    return _found(
        "announced-date",
        f"`{entry.reference}` ({entry.language}) became public on {then}, which `{card.path}` "
        f"makes {now}",
        entry,
        source,
        "put `date` and `embargo` back as they were; what was wrong with them is said with "
        "`communique correct`",
    )


def _moved(moved: Sequence[tuple[Announcement, Card]], source: Source) -> Iterator[Diagnostic]:
    for entry, card in moved[:1]:
        yield _found(
            "announced-address",
            f"`{entry.reference}` ({entry.language}) was announced at `{entry.address}`, and would "
            f"move to `{card.address}`{_others(moved)}",
            entry,
            source,
            f"put back what `newsroom.yaml` said of the series `{card.series}`",
        )


def _renamed(renamed: Sequence[tuple[Announcement, Card]], source: Source) -> Iterator[Diagnostic]:
    for entry, card in renamed[:1]:
        authority = entry.guid.removeprefix("tag:").partition(",")[0]
        same = card.guid.removeprefix("tag:").partition(",")[0] == authority
        advice = f"write `tag_authority: {authority}` in `newsroom.yaml`"
        yield _found(
            "announced-guid",
            f"feed readers know `{entry.reference}` ({entry.language}) as `{entry.guid}`, and "
            f"would show it as new under `{card.guid}`{_others(renamed)}",
            entry,
            source,
            f"put back what `newsroom.yaml` said of the series `{card.series}`" if same else advice,
        )


def _others(concerned: Sequence[object]) -> str:
    number = len(concerned) - 1
    return f", and {number} other{'s' * (number != 1)} as well" if number else ""


def _found(code: str, message: str, entry: Announcement, source: Source, advice: str) -> Diagnostic:
    start = source.line_start(entry.line)
    end = start + len(source.line_text(entry.line))
    return Diagnostic(code, message, source.span(start, end), help=advice)
