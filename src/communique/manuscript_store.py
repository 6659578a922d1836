"""Manuscripts that were read before: a file is read again only if it, or a file beside it, changed.

What comes in: manuscripts, with the signatures of the files they were made from. What goes out:
their cards, all at once, and single manuscripts when they are asked for. It is a cache: losing it
costs time, and one that was made by another program or for another newsroom is begun anew.
"""

from __future__ import annotations

import marshal
import os
import pickle
import sqlite3
import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from communique.cards import Card, Stub
from communique.census import Signature
from communique.diagnostics import Diagnostic
from communique.release import Manuscript, Release

SCHEMA = (
    "DROP TABLE IF EXISTS desk",
    "DROP TABLE IF EXISTS manuscripts",
    "CREATE TABLE desk (key TEXT NOT NULL)",
    """CREATE TABLE manuscripts (
        path BLOB PRIMARY KEY,
        line BLOB NOT NULL,
        release BLOB NOT NULL,
        found BLOB
    )""",
)


class Line(NamedTuple):
    """What is known of a file without opening its manuscript."""

    signature: Signature
    companions: tuple[tuple[str, Signature], ...]
    """The files beside it that were looked for, with what they were."""
    item: Card | Stub
    """The card of a sound release, or what is known of a faulty one."""


@dataclass(frozen=True, slots=True)
class Row:
    """A manuscript ready to be stored; made where it was read, in whatever process."""

    path: str
    line: bytes
    release: bytes
    found: bytes | None

    @classmethod
    def of(cls, line: Line, manuscript: Manuscript) -> Row:
        """Pack a manuscript."""
        packed = (line.signature, line.companions, tuple(line.item))
        found = manuscript.diagnostics
        return cls(
            manuscript.path,
            marshal.dumps(packed),
            pickle.dumps(manuscript.release, protocol=5),
            pickle.dumps(found, protocol=5) if found else None,
        )


def unpack(line: bytes) -> Line:
    """Return what `Row.of` packed."""
    signature, companions, item = marshal.loads(line)
    kind = Card if len(item) == len(Card._fields) else Stub
    return Line(signature, companions, kind._make(item))


class ManuscriptStore:
    """The manuscripts of a newsroom that were read before."""

    def __init__(self, path: Path, desk_key: str) -> None:
        """Open the store; what was read otherwise than `desk_key` says is not in it.

        `desk_key` stands for everything besides the files that reading depends on: the newsroom,
        the quotation marks, the program. Where nothing can be written, it forgets at the end.
        """
        try:
            self._connection = _connect(str(path), desk_key)
        except sqlite3.OperationalError:
            self._connection = _connect(":memory:", desk_key)
        self.close = weakref.finalize(self, self._connection.close)
        """Close the store; nothing can be opened afterwards."""

    def lines(self) -> dict[str, Line]:
        """Return what is known of every file, by path."""
        rows = self._connection.execute("SELECT path, line FROM manuscripts")
        return {os.fsdecode(path): unpack(line) for path, line in rows}

    def open(self, path: str) -> Release:
        """Return one sound release. Raises: `KeyError` if there is none."""
        row = self._connection.execute(
            "SELECT release FROM manuscripts WHERE path = ?", (os.fsencode(path),)
        ).fetchone()
        if row is None:
            raise KeyError(path)
        release: Release | None = pickle.loads(row[0])
        if release is None:
            raise KeyError(path)
        return release

    def diagnostics(self) -> Iterator[Diagnostic]:
        """Yield everything that was found in any file."""
        rows = self._connection.execute(
            "SELECT found FROM manuscripts WHERE found IS NOT NULL ORDER BY path"
        )
        for (found,) in rows:
            yield from pickle.loads(found)

    def update(self, rows: Iterable[Row], gone: Iterable[str]) -> None:
        """Store manuscripts in the place of what was there, and drop those of files that went."""
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO manuscripts VALUES (?, ?, ?, ?)",
                ((os.fsencode(row.path), row.line, row.release, row.found) for row in rows),
            )
            self._connection.executemany(
                "DELETE FROM manuscripts WHERE path = ?", ((os.fsencode(path),) for path in gone)
            )


def _connect(path: str, desk_key: str) -> sqlite3.Connection:
    # A preview reads in whatever thread serves a page, one at a time.
    connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
    try:
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("a damaged store")
        # It is a cache: after a power failure it may be begun anew.
        connection.execute("PRAGMA synchronous = OFF")
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            if _key_of(connection) != desk_key:
                _begin_anew(connection, desk_key)
    except sqlite3.OperationalError:
        connection.close()
        raise
    except sqlite3.DatabaseError:
        connection.close()
        Path(path).unlink()
        return _connect(path, desk_key)
    return connection


def _key_of(connection: sqlite3.Connection) -> str | None:
    try:
        row = connection.execute("SELECT key FROM desk").fetchone()
    except sqlite3.OperationalError:
        return None  # there is no such table yet
    return None if row is None else str(row[0])


def _begin_anew(connection: sqlite3.Connection, desk_key: str) -> None:
    for statement in SCHEMA:
        connection.execute(statement)
    connection.execute("INSERT INTO desk VALUES (?)", (desk_key,))
