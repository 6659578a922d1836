"""Release files, read as few times as can be: what did not change is taken from the store.

What comes in: the census of the newsroom's folders. What goes out: a `Line` for every release file,
and the store to open any of them. Many files are read on all processors.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from communique.cards import card_of, stub_of
from communique.census import Census, Signature
from communique.companions import Companions, FileFault, PictureFile
from communique.desk import Desk
from communique.digest import digest_of
from communique.disk import NewsroomFolder
from communique.manuscript import read_release
from communique.manuscript_store import Line, ManuscriptStore, Row, unpack
from communique.processes import fork_context, leave_with_parent, processors
from communique.release import Asset, Manuscript

WORTH_PROCESSES = 400
"""From so many files on, other processors are asked to help."""
SHARE = 100
"""How many files a process reads before it hands them over."""
NEVER: Signature = (-1, -1, -1)
"""The signature of a file that must be looked at each time."""


def take_in(
    folder: NewsroomFolder, desk: Desk, census: Census, doubtful: set[str], store: ManuscriptStore
) -> dict[str, Line]:
    """Bring the store up to date and return what it knows of each release file, by path.

    `doubtful` are files whose signature cannot be trusted.
    """
    known = store.lines()
    present = [path for path in census.files if is_release(path)]
    changed = [
        path for path in present if path not in known or not _stands(path, known[path], census)
    ]
    rows = _read(folder, desk, census, doubtful, changed)
    gone = known.keys() - set(present)
    if rows or gone:
        store.update(rows, gone)
    for path in gone:
        del known[path]
    known.update({row.path: unpack(row.line) for row in rows})
    return known


def is_release(path: str) -> bool:
    """Tell whether a path of the census is that of a release file."""
    return path.startswith("releases/") and path.endswith(".md")


def _stands(path: str, line: Line, census: Census) -> bool:
    return line.signature == census.files[path] and all(
        census.files.get(companion) == signature for companion, signature in line.companions
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """What a process needs to read release files."""

    folder: NewsroomFolder
    desk: Desk
    census: Census
    doubtful: frozenset[str]

    def read(self, path: str) -> Row:
        """Read one release file."""
        notes: dict[str, Signature] = {}
        desk = replace(self.desk, companions_of=lambda path: self._noting(path, notes))
        source = self.folder.release_source(path)
        if source.value is None:
            manuscript = Manuscript(path, None, source.diagnostics, draft=False, public_from=None)
        else:
            manuscript = read_release(source.value, desk).after(source.diagnostics)
        release = manuscript.release
        doubtful = path in self.doubtful or any(each in self.doubtful for each in notes)
        # What keeps a file from being read, such as its permissions, is not in its signature.
        line = Line(
            NEVER if doubtful or source.value is None else self.census.files[path],
            tuple(sorted(notes.items())),
            stub_of(manuscript) if release is None else card_of(release, self.desk.newsroom),
            digest_of(manuscript.facts) if manuscript.facts else "",
        )
        return Row.of(line, manuscript)

    def _noting(self, path: str, notes: dict[str, Signature]) -> Companions:
        return _Noting(
            self.desk.companions_of(path), PurePosixPath(path).parent, self.census, notes
        )


@dataclass(frozen=True, slots=True)
class _Noting:
    """The files beside a release; notes which of them were looked for."""

    companions: Companions
    folder: PurePosixPath
    census: Census
    notes: dict[str, Signature]

    def picture(self, file: str) -> PictureFile | FileFault:
        found = self.companions.picture(file)
        self._note(file, isinstance(found, FileFault))
        return found

    def document(self, file: str) -> Asset | FileFault:
        found = self.companions.document(file)
        self._note(file, isinstance(found, FileFault))
        return found

    def _note(self, file: str, is_faulty: bool) -> None:
        path = os.path.normpath(self.folder / file)
        # A fault is not the file's alone (the advice names others), and a hidden file not counted.
        signature = NEVER if is_faulty else self.census.files.get(path, NEVER)
        self.notes[path] = signature


def _read(
    folder: NewsroomFolder,
    desk: Desk,
    census: Census,
    doubtful: set[str],
    paths: Sequence[str],
) -> list[Row]:
    reader = Reader(folder, desk, census, frozenset(doubtful))
    if len(paths) < WORTH_PROCESSES or processors() == 1:
        return [reader.read(path) for path in paths]
    shares = [paths[at : at + SHARE] for at in range(0, len(paths), SHARE)]
    with ProcessPoolExecutor(processors(), fork_context(), _take_reader, (reader,)) as pool:
        return [row for rows in pool.map(_read_share, shares) for row in rows]


_reader: list[Reader] = []
"""What a process of the pool reads with: set once, when the process begins."""


def _take_reader(reader: Reader) -> None:
    # Ctrl-C reaches the whole group; this process ends when the one that began it does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    leave_with_parent()
    _reader[:] = [reader]


def _read_share(paths: Iterable[str]) -> list[Row]:
    return [_reader[0].read(path) for path in paths]
