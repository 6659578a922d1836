"""Files become releases, each of them once, however often the work is stopped and begun again.

What comes in: paths. What goes out: an `Outcome` for each. A release is written whole or not at
all, never over another; what was imported is remembered by the digest of the file it came from.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from pathlib import Path

from communique.bringing.blocks import BringingError, Document, Picture
from communique.bringing.pandoc import find_pandoc
from communique.bringing.plain_text import read_plain_text
from communique.bringing.recognizing import Recognized, recognize
from communique.bringing.release_file import Heading, write_release
from communique.bringing.rich_text import read_html, read_word
from communique.digest import digest_of
from communique.disk import NewsroomFolder
from communique.newsroom import Newsroom
from communique.numbering import NumberBook, NumberingError
from communique.opening import TooLargeError, read_file
from communique.reference import Reference

WORD = (".docx",)
WEB_PAGES = (".html", ".htm")
TEXTS = (".txt", ".text")
SUFFIXES = (*WORD, *WEB_PAGES, *TEXTS)
OTHERS = {".doc": "save it as .docx", ".rtf": "save it as .docx", ".odt": "save it as .docx"}
LARGEST = 100_000_000
"""Bytes of a document; its pictures count."""
RECORDS = "imported.jsonl"
"""What was imported, in the private folder: a line of JSON for each."""
WAITING = "importing"
"""The private file that a release waits in until it is whole."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the officer said about the files."""

    series: str | None = None
    """Which has the next number for a release that has none."""
    language: str | None = None
    """Of releases of a series in every language."""
    was_published: bool = False
    """Whether they are public already, so that what is certain need not be a draft."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    file: str
    result: str
    """``imported``, ``earlier`` or ``failed``."""
    reference: str = ""
    release: str = ""
    """The path of its file, below the newsroom's folder."""
    notes: tuple[str, ...] = ()
    """What needs eyes; of a file that failed, the reason."""


def files_in(paths: Iterator[Path] | list[Path]) -> Iterator[Path]:
    """Yield the documents that paths stand for; a folder stands for those in it, hidden ones not.

    What is named itself is yielded whatever it is.
    """
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(each for each in folders if not each.startswith("."))
            for name in sorted(names):
                suffix = Path(name).suffix.lower()
                if not name.startswith((".", "~$")) and (suffix in SUFFIXES or suffix in OTHERS):
                    yield Path(folder, name)


class Importing:
    """One run of imports, while nobody else takes a number."""

    def __init__(
        self, folder: NewsroomFolder, newsroom: Newsroom, wishes: Wishes, today: dt.date
    ) -> None:
        """Read which numbers are taken, and what was imported before."""
        self._folder = replace(folder, limits=newsroom.limits)
        self._newsroom = newsroom
        self._wishes = wishes
        self._today = today
        self._book = NumberBook.of(folder, newsroom)
        self._records = self._read_records()

    @cached_property
    def _pandoc(self) -> Path:
        return find_pandoc()

    def bring(self, path: Path) -> Outcome:
        """Import one file.

        Raises: `communique.bringing.pandoc.PandocMissingError` for Word and HTML without pandoc;
        `OSError` if the release cannot be written.
        """
        try:
            data = self._read(path)
            digest = digest_of(data)
            if (earlier := self._earlier(digest)) is not None:
                return replace(earlier, file=str(path))
            document = self._document(path, data)
            return self._write(path, document, digest)
        except (BringingError, NumberingError) as problem:
            return Outcome(str(path), "failed", notes=(str(problem),))

    def _read(self, path: Path) -> bytes:
        try:
            return read_file(path, LARGEST)
        except TooLargeError as error:
            raise BringingError(f"it has {error.size:,} bytes; {LARGEST:,} are read") from None
        except OSError as error:
            raise BringingError(f"it cannot be read: {(error.strerror or '').lower()}") from None

    def _document(self, path: Path, data: bytes) -> Document:
        suffix = path.suffix.lower()
        limits = self._newsroom.limits
        if suffix in WORD:
            return read_word(data, limits, self._pandoc)
        if len(data) > limits.release_size * 10:
            raise BringingError(f"its text has {len(data):,} bytes: no release is so long")
        if suffix in WEB_PAGES:
            return read_html(data, path.parent, limits, self._pandoc)
        if suffix in OTHERS:
            raise BringingError(f"files of the kind {suffix} are not read: {OTHERS[suffix]}")
        return read_plain_text(data)

    def _write(self, path: Path, document: Document, digest: str) -> Outcome:
        found = recognize(document, self._newsroom)
        reference = found.reference or self._next_number(found)
        if found.date is not None and found.reference is not None:
            proper = self._newsroom.pattern.compose(
                reference.series, reference.number, found.date.year
            )
            if proper.text == reference.text:  # the century of a two-digit year
                reference = proper
            else:
                found.notes.append("the year of the reference is not that of the date")
        heading = Heading(reference, self._language(reference, found), self._is_draft(found))
        language = heading.language or self._newsroom.series[reference.series].language or ""
        slug = self._newsroom.slug_of(reference, language)
        year = found.date.year if found.date else reference.year
        beside = self._book.folder_of(year)
        target = self._book.path_of(beside, reference, language)
        self._book.require_free(reference, language, target)
        names = {}
        for at, picture in enumerate(document.pictures, 1):
            names[picture.name] = self._put_picture(beside, slug, at, picture)
        text = write_release(document, found, heading, names)
        shown = target.relative_to(self._folder.root).as_posix()
        outcome = Outcome(str(path), "imported", reference.text, shown, tuple(found.notes))
        # First: a release without a line would get a second number from the next command.
        self._remember(digest, outcome)
        self._put(target, text.encode("utf-8", "replace"))
        self._book.take(reference, language)
        return outcome

    def _next_number(self, found: Recognized) -> Reference:
        if self._wishes.series is None:
            raise BringingError(
                "it names no reference of this newsroom; `--series "
                f"{next(iter(self._newsroom.series))}` gives it the next number"
            )
        year = found.date.year if found.date else self._today.year
        return self._book.next_number(self._wishes.series.upper(), year)

    def _language(self, reference: Reference, found: Recognized) -> str | None:
        """Return the language to write into the file; note one that is not plain."""
        own = self._newsroom.series[reference.series].language
        if own is not None:
            if found.language and found.language != own.partition("-")[0]:
                found.notes.append(
                    f"the text is in `{found.language}`, it seems, and the series in `{own}`"
                )
            return None
        mains = {each.partition("-")[0]: each for each in reversed(self._newsroom.languages)}
        chosen = self._wishes.language or mains.get(found.language)
        if chosen is None:
            found.notes.append("the language of the text is not certain: look at `language`")
        elif chosen not in self._newsroom.languages:
            raise BringingError(f"{chosen} is not among the newsroom's languages")
        return chosen or self._newsroom.default_language

    def _is_draft(self, found: Recognized) -> bool:
        """Tell whether an officer must look first; what lies ahead, or was guessed, is a draft."""
        is_certain = found.date is not None and found.date <= self._today and not found.notes
        return not (self._wishes.was_published and is_certain)

    def _put_picture(self, beside: Path, slug: str, at: int, picture: Picture) -> str:
        """Write a picture beside the release, and return its name; an equal one serves again."""
        for extra in count():
            more = f"-{extra}" if extra else ""
            target = beside / f"{slug}-{at}{more}.{picture.suffix}"
            with suppress(FileExistsError):
                self._put(target, picture.data)
                return target.name
            if (
                not target.is_symlink()
                and target.is_file()
                and (
                    target.stat().st_size == len(picture.data)
                    and target.read_bytes() == picture.data
                )
            ):
                return target.name
        raise AssertionError("some name is free")

    def _put(self, target: Path, data: bytes) -> None:
        """Write a file whole, in one step. Raises: `FileExistsError` if there is one."""
        waiting = self._folder.private / WAITING
        with waiting.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        waiting.chmod(0o666 & ~_umask())
        try:
            os.link(waiting, target)  # which replaces nothing, as `rename` would
        finally:
            waiting.unlink(missing_ok=True)

    def _earlier(self, digest: str) -> Outcome | None:
        """Return what a file of the same bytes became, if that is still there."""
        known = self._records.get(digest)
        if known is None or not (self._folder.root / known.release).is_file():
            return None
        return replace(known, result="earlier")

    def _read_records(self) -> dict[str, Outcome]:
        records = {}
        with suppress(OSError):
            for line in (self._folder.private / RECORDS).read_text("utf-8").splitlines():
                with suppress(ValueError, KeyError, TypeError):  # a line that was cut off
                    told = json.loads(line)
                    records[str(told["digest"])] = Outcome(
                        str(told["file"]),
                        "imported",
                        str(told["reference"]),
                        str(told["release"]),
                        tuple(map(str, told["notes"])),
                    )
        return records

    def _remember(self, digest: str, outcome: Outcome) -> None:
        self._records[digest] = outcome
        told = {
            "digest": digest,
            "file": outcome.file,
            "reference": outcome.reference,
            "release": outcome.release,
            "notes": outcome.notes,
        }
        with (self._folder.private / RECORDS).open("a", encoding="utf-8") as file:
            # A line that was cut off by a kill ends here; it is passed over.
            file.write(("\n" if file.tell() else "") + json.dumps(told))


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
