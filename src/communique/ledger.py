"""What stands in `build/`, and from what it was made.

What comes in: outputs and their fingerprints. What goes out: which of them still stand as they
were published, and which files are ours to remove. It lies outside `build/`; losing it costs time,
never a release: a damaged or unknown one is put aside and begun again.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

FORMAT = 1
SCHEMA = """
CREATE TABLE published (
    path TEXT PRIMARY KEY,
    stage INTEGER NOT NULL,
    fingerprint TEXT,
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Record:
    """One file of `build/`."""

    path: str
    stage: int
    fingerprint: str | None
    """None between the announcement of a file and the moment it stands complete."""
    size: int
    """In bytes; with `modified_ns` it tells whether anybody else has touched the file."""
    modified_ns: int


class Ledger:
    """The record of what was published. Use it as opened by `open_ledger`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Keep to an open connection."""
        self._connection = connection

    def records(self) -> dict[str, Record]:
        """Return what is known to stand in `build/`, by path."""
        rows = self._connection.execute(
            "SELECT path, stage, fingerprint, size, modified_ns FROM published"
        )
        return {row[0]: Record(*row) for row in rows}

    def announce(self, files: Iterable[tuple[str, int]]) -> None:
        """Note paths, with their stages, that are about to be written.

        So a build that is killed right after it wrote a file leaves none that nobody knows of.
        """
        with self._connection:
            self._connection.executemany(
                "INSERT INTO published VALUES (?, ?, NULL, 0, 0) "
                "ON CONFLICT (path) DO UPDATE SET fingerprint = NULL",
                files,
            )

    def record(self, records: Iterable[Record]) -> None:
        """Note files that stand complete."""
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO published VALUES (?, ?, ?, ?, ?)",
                (
                    (each.path, each.stage, each.fingerprint, each.size, each.modified_ns)
                    for each in records
                ),
            )

    def forget(self, paths: Iterable[str]) -> None:
        """Note files that were removed."""
        with self._connection:
            self._connection.executemany(
                "DELETE FROM published WHERE path = ?", ((path,) for path in paths)
            )


@contextmanager
def open_ledger(path: Path) -> Iterator[Ledger]:
    """Open the ledger, or begin one where there is none that can be read.

    Raises: `OSError` if the disk refuses, as when it is full.
    """
    try:
        with closing(_connect(path)) as connection:
            yield Ledger(connection)
    except sqlite3.OperationalError as error:
        raise OSError(errno.EIO, str(error), str(path)) from error


def _connect(path: Path) -> sqlite3.Connection:
    try:
        return _checked(path)
    except sqlite3.OperationalError:
        raise  # the disk's fault, not the ledger's
    except sqlite3.DatabaseError:
        path.replace(path.with_suffix(".damaged"))
        return _checked(path)


def _checked(path: Path) -> sqlite3.Connection:
    """Open a ledger of our format. Raises: `sqlite3.DatabaseError` if it is damaged or foreign."""
    connection = sqlite3.connect(path)
    try:
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if found == 0 and tables == 0:
            connection.execute(SCHEMA)
            connection.execute(f"PRAGMA user_version = {FORMAT}")
            connection.commit()
        elif found != FORMAT:
            raise sqlite3.DatabaseError("a ledger of another version")
        elif connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("a damaged ledger")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
