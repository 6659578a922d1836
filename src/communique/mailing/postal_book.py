"""Who has which version of a release already: `mailed.csv`, a file of the office.

What comes in: what becomes of each message. What goes out: what became of those before. A line is
on the disk before the next step is done, so that a `send` that is killed, or a machine that loses
its power, never makes another one write to the same person twice. Addresses are not in it, only
digests: who has an address can look it up, and nobody can read it out of the file.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, NamedTuple

from communique.digest import digest_of
from communique.mailing import MailingError

MAILED_FILE = "mailed.csv"
COLUMNS = ("reference", "language", "version", "content", "recipient", "state", "time", "answer")
"""The first line of the file."""


class State(StrEnum):
    """What became of a message."""

    TRIED = "tried"
    """It was being handed over. Where no other line follows, nobody knows whether it arrived."""
    SENT = "sent"
    """The server has taken it."""
    REFUSED = "refused"
    """The server refuses this recipient for good."""
    FAILED = "failed"
    """It was not taken this time; the next `send` tries again."""


class Consignment(NamedTuple):
    """A version of a release, as it goes to one and all."""

    reference: str
    language: str
    version: str
    """See `communique.mailing.message.version_of`."""
    content: str
    """The digest of what the release says: the same version may have been edited meanwhile."""

    def of(self, address_key: str) -> str:
        """Return what stands for a recipient; another one for each version of each release."""
        parts = (self.reference, self.language, self.version, address_key)
        return digest_of("\x1f".join(parts).encode())


class Line(NamedTuple):
    """What the file says last of a message."""

    state: State
    content: str


@dataclass(slots=True)
class PostalBook:
    """The file, open for more lines."""

    known: dict[str, Line] = field(default_factory=dict)
    """Recipient, as `Consignment.of` has it → the last line."""
    file: BinaryIO | None = None
    """None where the file is only read."""

    def state_of(self, consignment: Consignment, address_key: str) -> State | None:
        """Return what became of a message; None if it was never tried."""
        line = self.known.get(consignment.of(address_key))
        return line.state if line else None

    def contents_of(self, consignment: Consignment, address_keys: Iterable[str]) -> set[str]:
        """Return the digests of what the recipients got as this version."""
        lines = (self.known.get(consignment.of(each)) for each in address_keys)
        return {line.content for line in lines if line and line.state is not State.FAILED}

    def note(
        self,
        consignment: Consignment,
        address_key: str,
        state: State,
        when: dt.datetime,
        answer: str = "",
    ) -> None:
        """Add a line, and return when it is on the disk."""
        assert self.file is not None, "the book was opened to be read"
        recipient = consignment.of(address_key)
        time = when.astimezone(dt.UTC).isoformat(timespec="seconds")
        self._write((*consignment, recipient, state.value, time, answer))
        self.known[recipient] = Line(state, consignment.content)

    def _write(self, row: Iterable[str]) -> None:
        assert self.file is not None
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerow(row)
        self.file.write(text.getvalue().encode())
        self.file.flush()
        os.fsync(self.file.fileno())


def read_book(path: Path) -> PostalBook:
    """Read the file as far as there is one. Raises: `MailingError` at a line that is none."""
    data = path.read_bytes() if path.exists() else b""
    return PostalBook(_known(data, path.name))


@contextmanager
def open_book(path: Path) -> Iterator[PostalBook]:
    """Open the file for more lines; it is made if there is none.

    Of a line that was being written when the machine stopped, the rest is taken out: what it would
    have told had not been done. Raises: `MailingError` at a line that is none.
    """
    is_new = not path.exists()
    with path.open("ab+") as file:
        file.seek(0)
        data = file.read()
        book = PostalBook(_known(data, path.name), file)
        if data and not data.endswith(b"\n"):
            if len(_rows(data)[-1]) == len(COLUMNS):
                file.write(b"\n")
            else:
                file.truncate(data.rfind(b"\n") + 1)
        if is_new or file.tell() == 0:
            book._write(COLUMNS)
            _flush_folder(path.parent)
        yield book


def _known(data: bytes, name: str) -> dict[str, Line]:
    rows = _rows(data)
    whole = len(rows) if data.endswith((b"\n", b"\r")) else len(rows) - 1
    known: dict[str, Line] = {}
    for at, row in enumerate(rows):
        if row == [*COLUMNS] or not row:
            continue
        line = _line(row)
        if line is None and at < whole:
            raise MailingError(
                f"{name}, line {at + 1}: this tells of no message; put the line right or delete "
                "it, since without it somebody may get a release twice"
            )
        if line is not None:
            known[row[4]] = line
    return known


def _rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(data.decode("utf-8-sig", "replace").splitlines()))


def _line(row: list[str]) -> Line | None:
    if len(row) != len(COLUMNS) or row[5] not in [*State]:
        return None
    return Line(State(row[5]), row[3])


def _flush_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)  # the only way to open a folder
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
