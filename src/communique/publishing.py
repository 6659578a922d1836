"""The last step: finished files go to `build/`, whole and in order.

What comes in: bytes, first into a private folder. What goes out: `build/`, complete for its readers
at every moment. Each file is replaced in one step; nothing links to what is not there yet; what is
no longer public goes last, and in the opposite order.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from communique.ledger import Ledger, Record

TEMPORARY = ".communique-"
"""Begins the name of a file that is being copied to another file system."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A rendered file that waits in the private folder."""

    path: str
    """Below `build/`."""
    stage: int
    fingerprint: str
    size: int
    waiting: Path


class WorkFolder:
    """The private folder in which rendered files wait until all of them are there."""

    def __init__(self, folder: Path) -> None:
        """Begin with an empty folder that only the owner can enter."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700)
        self._folder = folder
        self._count = 0

    def keep(self, path: str, stage: int, fingerprint: str, data: bytes) -> Finished:
        """Write a finished file, flushed to disk."""
        self._count += 1
        waiting = self._folder / str(self._count)
        _write(waiting, data)
        return Finished(path, stage, fingerprint, len(data), waiting)

    def remove(self) -> None:
        """Remove the folder with all that still waits in it."""
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def only_one(lock: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Let one process at a time do what `lock` stands for; others wait, after `on_wait` said so."""
    lock.parent.mkdir(mode=0o700, exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def obstacles(build: Path, paths: Iterable[str]) -> tuple[str, ...]:
    """Return what stands where a file or one of its folders must go, by its path in `build/`.

    `build/` itself, which is ``.`` then, may be a symbolic link to a folder elsewhere; below it a
    link to a folder stands in the way, because what is written through it would leave `build/`.
    """
    if not build.is_dir():
        return (".",) if build.exists() or build.is_symlink() else ()
    found: dict[str, None] = {}
    for path in paths:
        target = build / path
        if target.is_dir() and not target.is_symlink():
            found[path] = None
        for folder in _folders_of(build, path):
            if _blocks(folder):
                found[folder.relative_to(build).as_posix()] = None
    return tuple(found)


def publish(
    build: Path, finished: Iterable[Finished], gone: Iterable[Record], ledger: Ledger
) -> None:
    """Replace files in the order of their stages, then remove those that are gone."""
    _make_folder(build)
    ordered = sorted(finished, key=lambda each: each.stage)
    ledger.announce((each.path, each.stage) for each in ordered)
    records = []
    for each in ordered:
        target = build / each.path
        _make_folder(target.parent)
        _move(each.waiting, target)
        records.append(
            Record(each.path, each.stage, each.fingerprint, each.size, target.stat().st_mtime_ns)
        )
    ledger.record(records)
    removed = sorted(gone, key=lambda record: record.stage, reverse=True)
    for record in removed:
        _remove(build, record.path)
    ledger.forget(record.path for record in removed)


def stands(build: Path, record: Record | None, fingerprint: str) -> bool:
    """Tell whether a file still stands in `build/` as a build with this fingerprint left it."""
    if record is None or record.fingerprint != fingerprint:
        return False
    try:
        found = (build / record.path).stat()
    except OSError:
        return False
    return (found.st_size, found.st_mtime_ns) == (record.size, record.modified_ns)


def unknown_files(build: Path, known: Iterable[str]) -> tuple[str, ...]:
    """Return the files of `build/` that no build of ours made; leftovers of a copy are removed."""
    ours = set(known)
    found = []
    for path in sorted(build.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            continue
        name = path.relative_to(build).as_posix()
        if path.name.startswith(TEMPORARY):
            path.unlink(missing_ok=True)
        elif name not in ours:
            found.append(name)
    return tuple(found)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o644)


def _move(waiting: Path, target: Path) -> None:
    """Put a file in the place of another in one step, also where `build/` is another disk."""
    try:
        waiting.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = target.with_name(f"{TEMPORARY}{target.name}")
        _write(beside, waiting.read_bytes())
        beside.replace(target)


def _folders_of(build: Path, path: str) -> Iterator[Path]:
    """Yield the folders between `build` and a file in it."""
    for folder in PurePosixPath(path).parents:
        if folder.name:
            yield build / folder


def _blocks(folder: Path) -> bool:
    """Tell whether something stands where one of our folders must be."""
    return folder.is_symlink() or (folder.exists() and not folder.is_dir())


def _make_folder(folder: Path) -> None:
    """Make a folder that a web server can enter, whatever rights new files have here."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir()
        folder.chmod(0o755)


def _remove(build: Path, path: str) -> None:
    """Remove a file of ours and the folders that it leaves empty; what took its place stays."""
    target = build / path
    if any(_blocks(folder) for folder in _folders_of(build, path)):
        return
    if target.is_symlink() or not target.is_dir():
        target.unlink(missing_ok=True)
    _remove_empty_folders(build, target.parent)


def _remove_empty_folders(build: Path, folder: Path) -> None:
    while folder != build and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
