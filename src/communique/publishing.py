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
from itertools import count
from pathlib import Path, PurePosixPath

from communique.digest import digest_of
from communique.ledger import Ledger, Record

FLUSHED_ONE_BY_ONE = 200
"""Up to so many files or folders are flushed to the disk each by itself; more go with all that is
there."""
TEMPORARY = ".communique-"
"""Begins the name of a file that is being copied to another file system."""


class StrayPathError(Exception):
    """A file would lie outside `build/`: a mistake of the program, not of an office."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A rendered file that waits in a private folder."""

    path: str
    """Below `build/`."""
    shelf: str
    """What it was planned with (`communique.output.Shelf`)."""
    stage: int
    fingerprint: str
    size: int
    digest: str
    waiting: Path

    def data(self) -> bytes:
        """Return its bytes. Raises: `ValueError` if they were damaged while it waited."""
        data = self.waiting.read_bytes()
        if digest_of(data) != self.digest:
            raise ValueError(f"damaged: {self.waiting}")
        return data


class WorkFolder:
    """The private folder in which rendered files wait until all of them are there."""

    def __init__(self, folder: Path) -> None:
        """Begin with an empty folder that only the owner can enter."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700)
        self._folder = folder
        self._count = 0

    def keep(self, path: str, shelf: str, stage: int, fingerprint: str, data: bytes) -> Finished:
        """Write a finished file; `publish` sees to it that it is on the disk."""
        self._count += 1
        waiting = self._folder / str(self._count)
        _write(waiting, data)
        return Finished(path, shelf, stage, fingerprint, len(data), digest_of(data), waiting)

    def hand_over(self, folder: Path) -> None:
        """Let the files wait on in another private folder, in the place of what waited there."""
        shutil.rmtree(folder, ignore_errors=True)
        self._folder.rename(folder)

    def __enter__(self) -> WorkFolder:
        """Return the folder itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the folder with all that still waits in it."""
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def only_one(lock: Path, on_wait: Callable[[], None]) -> Iterator[int]:
    """Let one process at a time do what `lock` stands for; others wait, after `on_wait` said so.

    Gives the present time of the file system's own clock, in nanoseconds.
    """
    lock.parent.mkdir(mode=0o700, exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(file, fcntl.LOCK_EX)
        os.utime(lock)
        try:
            yield lock.stat().st_mtime_ns
        finally:
            # Closing would not do: a process begun meanwhile, which is still ending, has it open.
            fcntl.flock(file, fcntl.LOCK_UN)


def obstacles(build: Path, paths: Iterable[str]) -> tuple[str, ...]:
    """Return what stands where a file or one of its folders must go, by its path in `build/`.

    `build/` itself, which is ``.`` then, may be a symbolic link to a folder elsewhere; below it a
    link to a folder stands in the way, because what is written through it would leave `build/`.
    """
    if not build.is_dir():
        return (".",) if build.exists() or build.is_symlink() else ()
    found: dict[str, None] = {}
    seen: set[Path] = set()
    for path in paths:
        target = build / path
        if target.is_dir() and not target.is_symlink():
            found[path] = None
        for folder in _folders_of(build, path):
            if folder not in seen and _blocks(folder):
                found[folder.relative_to(build).as_posix()] = None
            seen.add(folder)
    return tuple(found)


def replace_files(
    build: Path, finished: Iterable[Finished], shelves: Iterable[str], ledger: Ledger
) -> None:
    """Put files in their places: what is new, then what replaces others, each in its stages' order.

    Pages and lists link to one another, so no order of the stages alone would do. But nothing that
    stands links to what is new, and all that is new stands when the first file is replaced.

    `shelves` are those that are complete only when all of their files have been replaced, also in
    later calls; `Ledger.settle` says so.
    Raises: `StrayPathError`, before anything is done, if a path leads out of `build/`.
    """
    ordered = sorted(finished, key=lambda each: each.stage)
    _refuse_strays(each.path for each in ordered)
    _make_folder(build)
    _flush(each.waiting for each in ordered)
    groups: tuple[list[Finished], list[Finished]] = ([], [])
    for each in ordered:
        groups[_is_linked_to(build, each.path, ledger)].append(each)
    ledger.announce(((each.path, each.shelf, each.stage) for each in ordered), shelves)
    for group in groups:
        _put_in_place(build, group, ledger)


def _is_linked_to(build: Path, path: str, ledger: Ledger) -> bool:
    """Tell whether a file stands already that others may link to.

    What a build left that was killed before all that was new stood is not linked to, nor what one
    was to remove.
    """
    if not os.path.lexists(build / path):
        return False
    record = ledger.record_of(path)
    return record is None or not record.is_apart


def _put_in_place(build: Path, files: Iterable[Finished], ledger: Ledger) -> None:
    records = []
    folders: dict[Path, None] = {}
    for each in files:
        target = build / each.path
        if target.parent not in folders:
            folders.update(dict.fromkeys(_make_folder(target.parent)))
            folders[target.parent] = None
        _move(each.waiting, target)
        changed = target.stat().st_mtime_ns
        records.append(
            Record(each.path, each.shelf, each.stage, each.fingerprint, each.size, changed)
        )
    _flush(folders)
    ledger.record(records)


def remove_files(build: Path, gone: Iterable[Record], ledger: Ledger) -> None:
    """Remove files that are no longer published, in the opposite order of their stages.

    Raises: `StrayPathError`, before anything is done, if a path leads out of `build/`.
    """
    removed = sorted(gone, key=lambda record: record.stage, reverse=True)
    _refuse_strays(record.path for record in removed)
    shelves = {record.shelf: None for record in removed}
    ledger.announce_removal((record.path for record in removed), shelves)
    folders = {_remove(build, record.path): None for record in removed}
    _flush(folder for folder in folders if folder.is_dir())
    ledger.forget((record.path for record in removed), shelves)


def stands(build: Path, record: Record) -> bool:
    """Tell whether a file still stands in `build/` as we left it, by its size and time."""
    try:
        found = (build / record.path).stat()
    except OSError:
        return False
    return (found.st_size, found.st_mtime_ns) == (record.size, record.modified_ns)


def unknown_files(build: Path, folders: Iterable[Path], ledger: Ledger) -> tuple[str, ...]:
    """Return the files in some folders of `build/` that no build of ours made.

    What lies behind a link is not in `build/`; the link itself is. Leftovers of a copy to another
    file system are ours, and are removed.
    """
    found = []
    for folder in folders:
        inside = (folder / "file").relative_to(build).as_posix()
        if not folder.is_dir() or any(map(_blocks, _folders_of(build, inside))):
            continue
        for path in sorted(folder.iterdir()):
            if path.is_dir() and not path.is_symlink():
                continue
            name = path.relative_to(build).as_posix()
            if path.name.startswith(TEMPORARY):
                path.unlink(missing_ok=True)
                _remove_empty_folders(build, folder)
            elif not ledger.knows(name):
                found.append(name)
    return tuple(found)


def is_inside(path: str) -> bool:
    """Tell whether a path, as it is written, stays in the folder that it is taken from."""
    return "\0" not in path and not {"", ".", ".."} & {*path.split("/")}


def _refuse_strays(paths: Iterable[str]) -> None:
    for path in paths:
        if not is_inside(path):
            raise StrayPathError(f"{path!r} lies outside build/")


def set_aside(build: Path, paths: Iterable[str], folder: Path) -> Path:
    """Move files out of `build/` into a new folder of a private one, and return that."""
    folder.mkdir(mode=0o700, exist_ok=True)
    place = next(place for at in count(1) if not (place := folder / str(at)).exists())
    changed: dict[Path, None] = {}
    for path in paths:
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            (build / path).rename(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            shutil.copy2(build / path, target, follow_symlinks=False)
            (build / path).unlink()
        changed[_remove_empty_folders(build, (build / path).parent)] = None
    _flush(each for each in changed if each.is_dir())
    return place


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        os.fchmod(file.fileno(), 0o644)
        file.write(data)


def _flush(paths: Iterable[Path]) -> None:
    """Have files, or the names in folders, on the disk before what rests on them is done.

    That is, before files take the place of others, and before the ledger says that they have.
    """
    waiting = list(paths)
    if len(waiting) > FLUSHED_ONE_BY_ONE:
        os.sync()
        return
    for path in waiting:
        opened = os.open(path, os.O_RDONLY)  # the only way to open a folder
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _move(waiting: Path, target: Path) -> None:
    """Put a file in the place of another in one step, also where `build/` is another disk."""
    try:
        waiting.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = target.with_name(f"{TEMPORARY}{target.name}")
        try:
            _write(beside, waiting.read_bytes())
            _flush([beside])
            beside.replace(target)
        except OSError:
            beside.unlink(missing_ok=True)
            raise


def _folders_of(build: Path, path: str) -> Iterator[Path]:
    """Yield the folders between `build` and a file in it."""
    for folder in PurePosixPath(path).parents:
        if folder.name:
            yield build / folder


def _blocks(folder: Path) -> bool:
    """Tell whether something stands where one of our folders must be."""
    return folder.is_symlink() or (folder.exists() and not folder.is_dir())


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder that a web server can enter, whatever rights new files have here.

    Returns the folders in which another was made.
    """
    if folder.is_dir():
        return []
    changed = [*_make_folder(folder.parent), folder.parent]
    folder.mkdir()
    folder.chmod(0o755)
    return changed


def _remove(build: Path, path: str) -> Path:
    """Remove a file of ours and the folders that it leaves empty; what took its place stays.

    Returns the folder in which something was removed last.
    """
    target = build / path
    if any(_blocks(folder) for folder in _folders_of(build, path)):
        return build
    if target.is_symlink() or not target.is_dir():
        target.unlink(missing_ok=True)
    return _remove_empty_folders(build, target.parent)


def _remove_empty_folders(build: Path, folder: Path) -> Path:
    while folder != build and not (folder.is_dir() and any(folder.iterdir())):
        if folder.is_dir():
            folder.rmdir()
        folder = folder.parent
    return folder
