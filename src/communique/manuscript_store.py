"""Manuscripts that were read before: a file is read again only if it, or a file beside it, changed.

What comes in: manuscripts, with the signatures of the files they were made from. What goes out:
their cards, all at once, and single manuscripts when they are asked for. It is a cache: losing it
costs time, and one that was made by another program or for another newsroom is begun anew. Whatever
is read of it is sealed, so that damage shows without all of it being looked through.
"""

from __future__ import annotations

import marshal
import os
import pickle
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from communique.cards import Card, Stub
from communique.census import Signature, signature_of
from communique.diagnostics import Diagnostic
from communique.digest import seal, unseal
from communique.release import Manuscript, Release

TABLES = ("desk", "releases", "found", "facts", "compared", "lines", "later", "counts")
SCHEMA = (
    *(f"DROP TABLE IF EXISTS {name}" for name in TABLES),
    "CREATE TABLE desk (key TEXT NOT NULL)",
    "CREATE TABLE releases (path BLOB PRIMARY KEY, release BLOB NOT NULL)",
    "CREATE TABLE found (path BLOB PRIMARY KEY, found BLOB NOT NULL)",
    "CREATE TABLE facts (path BLOB PRIMARY KEY, facts BLOB NOT NULL)",
    "CREATE TABLE compared (packed BLOB NOT NULL)",
    "CREATE TABLE lines (packed BLOB NOT NULL)",
    "CREATE TABLE counts (found INTEGER NOT NULL)",
    "CREATE TABLE later (path BLOB PRIMARY KEY, line BLOB)",
)
"""`lines` holds the lines of many files in one piece, which is quickly read; `later` those that
came since, and for files that went NULL."""
PIECE = 10_000
"""How many lines a piece holds: SQLite has a limit for one."""
MANY = 500
"""How many lines may come later before all are put into pieces again."""


IN_MEMORY = Path(":memory:")
"""Instead of a file: a store that forgets at the end."""
CARD = len(Card._fields)
CHECK = "PRAGMA quick_check(1)"


class StoreDamagedError(Exception):
    """The store is not what it was when it was left; it is removed, to be begun anew."""


class Line(NamedTuple):
    """What is known of a file without opening its manuscript."""

    signature: Signature
    companions: tuple[tuple[str, Signature], ...]
    """The files beside it that were looked for, with what they were."""
    item: Card | Stub
    """The card of a sound release, or what is known of a faulty one."""
    facts: str = ""
    """The digest of what is compared with its translations; empty if there is nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """A manuscript ready to be stored; made where it was read, in whatever process."""

    path: str
    line: bytes
    release: bytes
    found: bytes | None
    facts: bytes | None

    @classmethod
    def of(cls, line: Line, manuscript: Manuscript) -> Row:
        """Pack a manuscript."""
        packed = (line.signature, line.companions, tuple(line.item), line.facts)
        found = manuscript.diagnostics
        return cls(
            manuscript.path,
            seal(marshal.dumps(packed)),
            seal(pickle.dumps(manuscript.release, protocol=5)),
            seal(pickle.dumps(found, protocol=5)) if found else None,
            seal(manuscript.facts) if manuscript.facts else None,
        )


def unpack(line: bytes) -> Line:
    """Return what `Row.of` packed."""
    return _line(marshal.loads(unseal(line)))


def _line(
    packed: tuple[Signature, tuple[tuple[str, Signature], ...], tuple[Any, ...], str],
) -> Line:
    signature, companions, item, facts = packed
    return Line(signature, companions, (Card if len(item) == CARD else Stub)._make(item), facts)


class ManuscriptStore:
    """The manuscripts of a newsroom that were read before."""

    def __init__(self, path: Path, desk_key: str) -> None:
        """Open the store; what was read otherwise than `desk_key` says is not in it.

        `desk_key` stands for everything besides the files that reading depends on: the newsroom,
        the quotation marks, the program. Where nothing can be written, it forgets at the end.
        """
        self._path = path
        try:
            self._connection = _connect(str(path), desk_key)
        except sqlite3.OperationalError:
            self._connection = _connect(":memory:", desk_key)
        self.close = weakref.finalize(self, _leave, self._connection)
        """Close the store; nothing can be opened afterwards."""

    def lines(self) -> dict[str, Line]:
        """Return what is known of every file, by path. Raises: `StoreDamagedError`."""
        known: dict[str, Line] = {}
        with self._removed_if_damaged():
            for (packed,) in self._connection.execute("SELECT packed FROM lines"):
                pairs = marshal.loads(unseal(packed))
                known.update((path, _line(each)) for path, each in pairs)
            for path, line in self._connection.execute("SELECT path, line FROM later"):
                if line is None:
                    known.pop(os.fsdecode(path), None)
                else:
                    known[os.fsdecode(path)] = unpack(line)
        return known

    def open(self, path: str) -> Release:
        """Return one sound release. Raises: `StoreDamagedError`, also if there is none."""
        with self._removed_if_damaged():
            (sealed,) = self._connection.execute(
                "SELECT release FROM releases WHERE path = ?", (os.fsencode(path),)
            ).fetchone() or (b"",)
            release: Release | None = pickle.loads(unseal(sealed))
            if release is None:
                raise ValueError("the release is faulty, and its line says that it is not")
        return release

    def diagnostics(self) -> Iterator[Diagnostic]:
        """Yield everything that was found in any file. Raises: `StoreDamagedError`."""
        with self._removed_if_damaged():
            rows = self._connection.execute("SELECT found FROM found ORDER BY path").fetchall()
            if [(len(rows),)] != self._connection.execute("SELECT found FROM counts").fetchall():
                raise ValueError("not all of it is there")
            found = [each for (sealed,) in rows for each in pickle.loads(unseal(sealed))]
        yield from found

    def facts(self, path: str) -> bytes:
        """Return what is compared of one release. Raises: `StoreDamagedError`, also without it."""
        with self._removed_if_damaged():
            (sealed,) = self._connection.execute(
                "SELECT facts FROM facts WHERE path = ?", (os.fsencode(path),)
            ).fetchone() or (b"",)
            return unseal(sealed)

    def compared(self) -> dict[str, tuple[Diagnostic, ...]]:
        """Return what was found when versions were compared, by the digests of their facts."""
        with self._removed_if_damaged():
            rows = self._connection.execute("SELECT packed FROM compared").fetchall()
            return dict(pickle.loads(unseal(rows[0][0]))) if rows else {}

    def keep_compared(self, compared: Mapping[str, tuple[Diagnostic, ...]]) -> None:
        """Store what was found when versions were compared, in the place of what was there."""
        with self._removed_if_damaged(), self._connection:
            self._connection.execute("DELETE FROM compared")
            packed = seal(pickle.dumps(dict(compared), protocol=5))
            self._connection.execute("INSERT INTO compared VALUES (?)", (packed,))

    def update(self, rows: Sequence[Row], gone: Iterable[str]) -> None:
        """Store manuscripts in the place of what was there, and drop those of files that went.

        Raises: `StoreDamagedError`, also where the disk is full: then there is no store any more.
        """
        with self._removed_if_damaged():
            self._update(rows, gone)

    def _update(self, rows: Sequence[Row], gone: Iterable[str]) -> None:
        dropped = [(os.fsencode(path),) for path in gone]
        execute = self._connection.executemany
        with self._connection:
            for table in ("releases", "found", "facts"):
                execute(f"DELETE FROM {table} WHERE path = ?", dropped)
            execute("INSERT OR REPLACE INTO later VALUES (?, NULL)", dropped)
            paths = [os.fsencode(row.path) for row in rows]
            with_paths = [*zip(paths, rows, strict=True)]
            execute(
                "INSERT OR REPLACE INTO releases VALUES (?, ?)",
                ((path, row.release) for path, row in with_paths),
            )
            execute(
                "INSERT OR REPLACE INTO later VALUES (?, ?)",
                ((path, row.line) for path, row in with_paths),
            )
            for table in ("found", "facts"):
                execute(f"DELETE FROM {table} WHERE path = ?", ((path,) for path in paths))
            execute(
                "INSERT INTO facts VALUES (?, ?)",
                ((path, row.facts) for path, row in with_paths if row.facts is not None),
            )
            execute(
                "INSERT INTO found VALUES (?, ?)",
                ((path, row.found) for path, row in with_paths if row.found is not None),
            )
            self._connection.execute("UPDATE counts SET found = (SELECT count(*) FROM found)")
            (later,) = self._connection.execute("SELECT count(*) FROM later").fetchone()
            if later > MANY:
                self._put_together()

    @contextmanager
    def _removed_if_damaged(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.DatabaseError, ValueError, TypeError) as error:
            self.close()
            self._path.unlink(missing_ok=True)
            raise StoreDamagedError(str(self._path)) from error

    def _put_together(self) -> None:
        packed = [
            (path, (line.signature, line.companions, tuple(line.item), line.facts))
            for path, line in self.lines().items()
        ]
        self._connection.execute("DELETE FROM lines")
        self._connection.execute("DELETE FROM later")
        self._connection.executemany(
            "INSERT INTO lines VALUES (?)",
            (
                (seal(marshal.dumps(packed[at : at + PIECE])),)
                for at in range(0, len(packed), PIECE)
            ),
        )


def _connect(path: str, desk_key: str) -> sqlite3.Connection:
    # A preview reads in whatever thread serves a page, one at a time.
    connection = sqlite3.connect(path, timeout=30, check_same_thread=False)
    try:
        if not _is_as_left(path) and connection.execute(CHECK).fetchone() != ("ok",):
            raise sqlite3.DatabaseError("a damaged store")
        # It is a cache: after a power failure it may be begun anew.
        connection.execute("PRAGMA synchronous = OFF")
        with connection:
            connection.execute("BEGIN IMMEDIATE")
            if _key_of(connection) != desk_key:
                _begin_anew(connection, desk_key)
    except (sqlite3.DatabaseError, ValueError) as error:  # ValueError: names that are no text
        connection.close()
        if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorname != "SQLITE_ERROR":
            raise  # the disk's fault, not the store's
        Path(path).unlink()
        return _connect(path, desk_key)
    return connection


def _leave(connection: sqlite3.Connection) -> None:
    """Close a store, and note how it was left: to look through all of it each time takes long."""
    (path,) = (row[2] for row in connection.execute("PRAGMA database_list") if row[1] == "main")
    connection.close()
    if path:
        with suppress(OSError):
            _note_of(path).write_text(_state_of(path), encoding="ascii")


def _is_as_left(path: str) -> bool:
    try:
        return _note_of(path).read_text(encoding="ascii") == _state_of(path)
    except (OSError, ValueError):
        return False


def _note_of(path: str) -> Path:
    return Path(path).with_suffix(".left")


def _state_of(path: str) -> str:
    return " ".join(map(str, signature_of(Path(path))))


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
    connection.execute("INSERT INTO counts VALUES (0)")
