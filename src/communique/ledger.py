"""What stands in `build/`, and from what it was made.

What comes in: outputs and their fingerprints. What goes out: which of them still stand as they
were published, and which files are ours to remove. It lies outside `build/`; losing it costs time,
never a release: a damaged or unknown one is put aside and begun again, and `build/` has to be
searched for what the lost one knew.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

LEDGER = "ledger.sqlite"
"""Its file in the private folder."""
FORMAT = 3
SCHEMA = """
CREATE TABLE shelves (name TEXT PRIMARY KEY, fingerprint TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE published (
    path TEXT PRIMARY KEY,
    shelf TEXT NOT NULL,
    stage INTEGER NOT NULL,
    fingerprint TEXT,
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX published_by_shelf ON published (shelf);
CREATE TABLE standing (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE searched (whole INTEGER NOT NULL);
"""
COLUMNS = "path, shelf, stage, fingerprint, size, modified_ns"


class Record(NamedTuple):
    """One file of `build/`."""

    path: str
    shelf: str
    """What it was planned with (`communique.output.Shelf`)."""
    stage: int
    fingerprint: str | None
    """None between the announcement of a file and the moment it stands complete, or is gone."""
    size: int
    """In bytes; with `modified_ns` it tells whether anybody else has touched the file."""
    modified_ns: int

    @property
    def is_apart(self) -> bool:
        """Tell whether nothing links to the file: it is announced as new, or as one that goes."""
        return not self.modified_ns


class Ledger:
    """The record of what was published. Use it as opened by `open_ledger`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Keep to an open connection."""
        self._connection = connection

    def shelves(self) -> dict[str, str]:
        """Return the fingerprint of every shelf all of whose files stand."""
        return dict(self._connection.execute("SELECT name, fingerprint FROM shelves"))

    def names_of_shelves(self) -> set[str]:
        """Return every shelf that has a file, complete or not."""
        return {
            name for (name,) in self._connection.execute("SELECT DISTINCT shelf FROM published")
        }

    def of_shelf(self, name: str) -> dict[str, Record]:
        """Return the files of a shelf, by path."""
        return self._records("WHERE shelf = ?", name)

    def records(self) -> dict[str, Record]:
        """Return every file that is known to stand in `build/`, by path."""
        return self._records("")

    def size_of(self, path: str) -> int | None:
        """Return the size of a file, or None if there is none."""
        row = self._connection.execute(
            "SELECT size FROM published WHERE path = ?", (path,)
        ).fetchone()
        return None if row is None else int(row[0])

    def by_fingerprint(self, patterns: Iterable[str]) -> dict[str, Record]:
        """Return the files whose paths are like one of some patterns of SQL, by fingerprint."""
        return {
            record.fingerprint: record
            for pattern in patterns
            for record in self._records("WHERE path LIKE ?", pattern).values()
            if record.fingerprint is not None
        }

    def record_of(self, path: str) -> Record | None:
        """Return what is known of a file, or None if it is not ours."""
        return self._records("WHERE path = ?", path).get(path)

    def count(self) -> int:
        """Return how many files stand in `build/`."""
        return int(self._connection.execute("SELECT count(*) FROM published").fetchone()[0])

    def knows(self, path: str) -> bool:
        """Tell whether a file is ours."""
        return self.size_of(path) is not None

    def announce(self, files: Iterable[tuple[str, str, int]], shelves: Iterable[str]) -> None:
        """Note files (path, shelf, stage) that are about to be written, and what is in the making.

        So a build that is killed right after it wrote a file leaves none that nobody knows of. A
        shelf that another takes a file from is not as it was, nor is what the last build noted.
        """
        files = tuple(files)
        with self._connection:
            self._connection.execute("DELETE FROM standing")
            self._connection.executemany(
                "DELETE FROM shelves WHERE name IN "
                "(SELECT shelf FROM published WHERE path = ? AND shelf != ?)",
                ((path, shelf) for path, shelf, _ in files),
            )
            self._connection.executemany(
                "DELETE FROM shelves WHERE name = ?", ((name,) for name in shelves)
            )
            self._connection.executemany(
                "INSERT INTO published VALUES (?, ?, ?, NULL, 0, 0) ON CONFLICT (path) "
                "DO UPDATE SET fingerprint = NULL, shelf = excluded.shelf",
                files,
            )

    def announce_removal(self, paths: Iterable[str], shelves: Iterable[str]) -> None:
        """Note files that are about to be removed, and shelves that are no longer as they were.

        So a build that is killed while it removes leaves none that the next takes to be standing,
        should they be published again by then.
        """
        with self._connection:
            self._connection.execute("DELETE FROM standing")
            self._connection.executemany(
                "UPDATE published SET fingerprint = NULL, modified_ns = 0 WHERE path = ?",
                ((path,) for path in paths),
            )
            self._connection.executemany(
                "DELETE FROM shelves WHERE name = ?", ((name,) for name in shelves)
            )

    def record(self, records: Iterable[Record]) -> None:
        """Note files that stand complete."""
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO published VALUES (?, ?, ?, ?, ?, ?)", records
            )

    def settle(self, shelves: Iterable[tuple[str, str]]) -> None:
        """Note shelves (name, fingerprint) all of whose files stand."""
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO shelves VALUES (?, ?)", shelves)

    def forget(self, paths: Iterable[str], shelves: Iterable[str] = ()) -> None:
        """Note files that are gone, and shelves that no longer are."""
        with self._connection:
            self._connection.execute("DELETE FROM standing")
            self._connection.executemany(
                "DELETE FROM published WHERE path = ?", ((path,) for path in paths)
            )
            self._connection.executemany(
                "DELETE FROM shelves WHERE name = ?", ((name,) for name in shelves)
            )

    def owes_search(self) -> bool:
        """Tell whether files may stand in `build/` that only a lost ledger knew of."""
        return not self._connection.execute("SELECT count(*) FROM searched").fetchone()[0]

    def note_search(self) -> None:
        """Note that `build/` was searched."""
        if self.owes_search():
            with self._connection:
                self._connection.execute("INSERT INTO searched VALUES (1)")

    def standing(self) -> dict[str, str]:
        """Return what the last build noted about itself."""
        return dict(self._connection.execute("SELECT name, value FROM standing"))

    def stand(self, values: Mapping[str, str]) -> None:
        """Note what the next build should know of this one; nothing else is remembered."""
        with self._connection:
            self._connection.execute("DELETE FROM standing")
            self._connection.executemany("INSERT INTO standing VALUES (?, ?)", values.items())

    def _records(self, condition: str, *values: str) -> dict[str, Record]:
        rows = self._connection.execute(f"SELECT {COLUMNS} FROM published {condition}", values)
        return {row[0]: Record._make(row) for row in rows}


def glance(path: Path) -> dict[str, str]:
    """Return what the last build noted about itself, or nothing if that cannot be told.

    The rest of the ledger is not looked at, so that a look costs the same however long it is.
    """
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        ) as connection:
            (found,) = connection.execute("PRAGMA user_version").fetchone()
            if found != FORMAT:
                return {}
            return Ledger(connection).standing()
    except sqlite3.Error:
        return {}


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
            connection.executescript(SCHEMA)
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
