"""A correction or withdrawal is written into the file of a release, which stays as it is otherwise.

What comes in: a reference, and what was wrong. What goes out: the release file with an entry more.
The new text is read back and compared before it takes the place of the old one, in one step. This
is the only place where the program changes a file of the office, and only because an officer said
so.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp

from communique.cards import Card, card_of
from communique.catalogue import status_of
from communique.desk import Desk
from communique.disk import NewsroomFolder
from communique.holdings import Holdings, desk_of
from communique.insertion import NoPlaceError, with_entry, with_mapping
from communique.instants import instant_at, microseconds
from communique.manuscript import FENCE, read_release
from communique.moments import read_moment
from communique.newsroom import Newsroom
from communique.publishing import TEMPORARY, only_one
from communique.release import Release, Status
from communique.source import BYTE_ORDER_MARK, CONTROL, LINE_BREAK, Source, read_source
from communique.yaml_text import Value, read_yaml

CORRECTIONS = "corrections"
WITHDRAWN = "withdrawn"
WORDS = {CORRECTIONS: "note", WITHDRAWN: "reason"}
"""What is amended → the key under it for the officer's words."""
UNSEEN = (Status.DRAFT, Status.EMBARGOED, Status.SCHEDULED)


class AmendingError(Exception):
    """Nothing was changed; the message says why, in the officer's words."""


class UnfitError(AmendingError):
    """This version is not one to correct or withdraw, while others may be."""


class SeveralError(AmendingError):
    """It is not said which version is meant."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """A release file as it is to be."""

    card: Card
    before: bytes
    after: bytes
    line: int
    """Where the entry begins, counted from 1."""


@dataclass(frozen=True, slots=True)
class Amended:
    """What was done."""

    amendments: tuple[Amendment, ...]
    passed_over: tuple[str, ...]
    """Versions that were left as they are, each with the reason."""


@dataclass(frozen=True, slots=True)
class Versions:
    """A release in the languages that it is there in."""

    named: tuple[Card, ...]
    """Those that the officer named: several where they share the reference."""
    others: tuple[Card, ...]
    """Its translations under other references."""

    @property
    def all(self) -> tuple[Card, ...]:
        """Return every one."""
        return (*self.named, *self.others)


def versions_of(holdings: Holdings, written: str) -> Versions:
    """Return the release that an officer names, in all its languages.

    It may be named by its reference, zeros and capitals aside, its file, or its web address.
    Raises: `AmendingError` where there is none, or its file cannot be read, or two files have it.
    """
    newsroom, catalogue = holdings.newsroom, holdings.catalogue
    reference = newsroom.pattern.recognize(written)
    wanted = reference.text if reference else None
    for stub in holdings.stubs:
        if written == stub.path or (wanted and stub.reference == wanted):
            raise AmendingError(f"{stub.path} has errors; `communique check` shows them")
    address = written.removeprefix(newsroom.url).rstrip("/") + "/"
    ranks = {language: at for at, language in enumerate(newsroom.languages)}
    cards = sorted(catalogue.cards, key=lambda card: ranks[card.language])
    named = tuple(
        card
        for card in cards
        if card.reference == wanted or card.path == written or card.address == address
    )
    if not named:
        raise AmendingError(f"there is no release {written}")
    number = (named[0].kind, named[0].year, named[0].number)
    others = tuple(
        card
        for card in cards
        if (card.kind, card.year, card.number) == number and card not in named
    )
    known = {(card.reference, card.language) for card in (*named, *others)}
    for spare in catalogue.spare:
        if (spare.reference, spare.language) in known:
            raise AmendingError(
                f"{spare.reference} stands in two files, one of which is {spare.path}; "
                "`communique check` shows them"
            )
    return Versions(named, others)


def choose(versions: Versions, language: str | None) -> Card:
    """Return the version in a language, or else the only one that was named.

    Raises: `AmendingError` where there is none in that language, `SeveralError` where several were
    named.
    """
    first = versions.named[0]
    if language is not None:
        for card in versions.all:
            if card.language == language:
                return card
        known = ", ".join(card.language for card in versions.all)
        raise AmendingError(f"{first.reference} is not there in {language}, only in {known}")
    if len(versions.named) > 1:
        languages = ", ".join(card.language for card in versions.named)
        raise SeveralError(
            f"{first.reference} is there in {languages}: say which, as in --language "
            f"{first.language}"
        )
    return first


def amend(
    folder: NewsroomFolder,
    holdings: Holdings,
    cards: Sequence[Card],
    key: str,
    words: str,
    instant: dt.datetime,
) -> Amended:
    """Write into the files of some versions what was wrong with them, or why they are withdrawn.

    `key` is `CORRECTIONS` or `WITHDRAWN`. A version that is not public, or withdrawn already, is
    passed over if there is another one. Raises: `AmendingError`, before any file was changed, or
    where one was changed by somebody else meanwhile.
    """
    text = _checked_words(words)
    desk = desk_of(holdings.newsroom, holdings.layouts, folder)
    amendments, unfit = [], []
    with only_one(folder.private / "amending.lock", lambda: None):
        for card in cards:
            try:
                amendments.append(_plan(folder, desk, card, key, text, instant))
            except UnfitError as error:
                unfit.append(error)
        if not amendments:
            raise unfit[0]
        for amendment in amendments:
            replace_file(folder.root / amendment.card.path, amendment.before, amendment.after)
    return Amended(tuple(amendments), tuple(map(str, unfit)))


def replace_file(path: Path, before: bytes, after: bytes) -> None:
    """Put `after` in the place of `before` in one step; permissions stay, and a link stays one.

    Raises: `AmendingError` if the file is not what it was, or must not be written to.
    """
    target = path.resolve()
    if not os.access(target, os.W_OK):
        raise AmendingError(f"{path.name} is write-protected, and was left as it is")
    handle, name = mkstemp(prefix=TEMPORARY, dir=target.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            file.flush()
            shutil.copystat(target, beside)
            with suppress(PermissionError):
                found = target.stat()
                os.chown(beside, found.st_uid, found.st_gid)
            os.utime(beside)
            os.fsync(file.fileno())
        if target.read_bytes() != before:
            raise AmendingError(f"{path.name} was changed meanwhile; give the command again")
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def write_moment(instant: dt.datetime, newsroom: Newsroom, after: dt.datetime) -> str:
    """Write an instant as officers do: ``2014-11-19 15:04``, in the newsroom's zone.

    Seconds are written where the minute alone would not lie behind `after`, and the distance from
    GMT in the hour that a clock change repeats.
    """
    local = instant.astimezone(newsroom.time_zone)
    timespec = "minutes" if local.replace(second=0, microsecond=0) > after else "seconds"
    text = local.replace(tzinfo=None).isoformat(" ", timespec)
    try:
        read_moment(text, newsroom.time_zone)
    except ValueError:
        return local.isoformat(" ", timespec)
    return text


def _checked_words(words: str) -> str:
    text = " ".join(unicodedata.normalize("NFC", words).split())
    if not text:
        raise AmendingError("say in a sentence what readers have to know; it is published")
    if CONTROL.search(text) or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise AmendingError("the sentence has a character that does not show; type it anew")
    return text


def _plan(
    folder: NewsroomFolder, desk: Desk, card: Card, key: str, words: str, instant: dt.datetime
) -> Amendment:
    newsroom = desk.newsroom
    before = (folder.root / card.path).read_bytes()
    source, release = _read(card.path, before, desk)
    if (release.reference.text, release.language) != (card.reference, card.language):
        raise AmendingError(f"{card.path} was changed meanwhile; give the command again")
    now = card_of(release, newsroom)
    _require_public(now, newsroom, instant)
    last = max((now.public_from, *(each for each in now.corrections)))
    after = instant_at(last, newsroom.time_zone)
    entry = {"when": write_moment(instant, newsroom, after), WORDS[key]: words}
    start, end = _keys_of(source)
    insert = with_entry if key == CORRECTIONS else with_mapping
    try:
        text = insert(source.text, start, end, key, entry)
    except NoPlaceError:
        raise AmendingError(
            f"the keys in {card.path} are written in a way that `{key}` cannot be added to; "
            "write it by hand"
        ) from None
    mark = BYTE_ORDER_MARK if before.startswith(BYTE_ORDER_MARK.encode()) else ""
    data = (mark + text).encode()
    _require_alike(source, release, card.path, data, desk, key, entry)
    return Amendment(card, before, data, _first_difference(source.text, text))


def _require_public(card: Card, newsroom: Newsroom, instant: dt.datetime) -> None:
    status = status_of(card, microseconds(instant))
    name = f"{card.reference} ({card.language})"
    if status is Status.DRAFT:
        raise UnfitError(f"{name} is a draft: nobody has read it yet; change its text")
    if status in UNSEEN:
        when = instant_at(card.public_from, newsroom.time_zone)
        raise UnfitError(
            f"{name} is not public before {when:%Y-%m-%d %H:%M %Z}: nobody has read it yet; change "
            "its text"
        )
    if card.withdrawn is not None:
        when = instant_at(card.withdrawn, newsroom.time_zone)
        verb = "was" if status is Status.WITHDRAWN else "is to be"
        raise UnfitError(f"{name} {verb} withdrawn on {when:%Y-%m-%d} already")


def _read(path: str, data: bytes, desk: Desk) -> tuple[Source, Release]:
    source = read_source(path, data)
    release = read_release(source.value, desk).release if source.value else None
    is_faulty = any(found.is_error for found in source.diagnostics)
    if source.value is None or is_faulty or release is None:
        raise AmendingError(f"{path} has errors; `communique check` shows them")
    return source.value, release


def _keys_of(source: Source) -> tuple[int, int]:
    """Return where the keys of a sound release file begin and end."""
    opening = FENCE.search(source.text)
    closing = FENCE.search(source.text, opening.end()) if opening else None
    assert opening is not None
    assert closing is not None, "a release was read"
    return opening.end(), closing.start()


def _require_alike(
    source: Source,
    release: Release,
    path: str,
    data: bytes,
    desk: Desk,
    key: str,
    entry: dict[str, str],
) -> None:
    """Read the new text back: it must say what the old one said, and the entry besides.

    Raises: `AmendingError`, which would be a fault of this program.
    """
    new_source, new_release = _read(path, data, desk)
    wanted = _values(source)
    if key == CORRECTIONS:
        known = wanted.get(key) or []
        wanted[key] = [*(known if isinstance(known, list) else [known]), dict(entry)]
    else:
        wanted[key] = dict(entry)
    if _values(new_source) != wanted or new_release.body.html != release.body.html:
        raise AmendingError(
            f"{path} would read otherwise afterwards, and was left as it is; write `{key}` by hand"
        )


def _values(source: Source) -> dict[str, Value]:
    document = read_yaml(source, *_keys_of(source))
    assert document.value is not None, "a release was read"
    return dict(document.value.value)


def _first_difference(before: str, after: str) -> int:
    """Return the line, counted from 1, in which two texts begin to differ."""
    old, new = LINE_BREAK.split(before), LINE_BREAK.split(after)
    pairs = zip(old, new, strict=False)
    return next((at for at, (a, b) in enumerate(pairs, 1) if a != b), len(old) + 1)
