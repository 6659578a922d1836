"""What lies in the newsroom's folders, by size and time alone: enough to see what changed.

What comes in: folders. What goes out: a `Census`. It opens no file and imports next to nothing, so
that a build which has nothing to do is over before the heavy modules would be loaded.
"""

from __future__ import annotations

import marshal
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from communique.digest import digest_of

Signature = tuple[int, int, int]
"""Size in bytes, time of the last change in nanoseconds, inode: a file that keeps all three is
taken for unchanged."""


@dataclass(frozen=True, slots=True)
class Census:
    """Every file of some folders with its signature."""

    files: Mapping[str, Signature]
    """Path → signature; the paths begin with the label of their folder."""
    links: tuple[str, ...] = ()
    """Of `files`, the links to folders: they are not followed."""

    def newer_than(self, moment_ns: int) -> set[str]:
        """Return the files that changed at or after an instant.

        Their signature cannot be trusted: a second change within the same tick of the clock of the
        file system would not show in it.
        """
        return {path for path, signature in self.files.items() if signature[1] >= moment_ns}

    def digest(self) -> str:
        """Return a digest that is the same as long as no file came, went or changed."""
        paths = sorted(self.files)
        # In this version, what marshal writes depends on the values alone, and nothing is quicker.
        listed = marshal.dumps(("\0".join(paths), [self.files[path] for path in paths]), 2)
        return digest_of(listed)


def take_census(roots: Mapping[str, Path]) -> Census:
    """Look at every file below some folders, or at single files; hidden ones are passed over.

    `roots` gives each folder or file the label that its paths begin with. What does not exist is
    left out. A link to a folder is noted, and not followed: it may lead anywhere, or in a circle.
    """
    files: dict[str, Signature] = {}
    links: list[str] = []
    for label, root in roots.items():
        if root.is_dir():
            _look_into(os.fspath(root), f"{label}/", files, links)
        elif root.exists():
            files[label] = signature_of(root)
    return Census(files, tuple(links))


def signature_of(path: Path) -> Signature:
    """Return the signature of one file. Raises: `OSError`."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino


def _look_into(folder: str, prefix: str, files: dict[str, Signature], links: list[str]) -> None:
    try:
        entries = os.scandir(folder)
    except OSError:
        return
    with entries:
        for entry in entries:
            name = entry.name
            if name[0] == "." or name == "__pycache__":
                continue
            try:
                # A folder that is called like a release is left to the reader, who reports it.
                if not name.endswith(".md") and entry.is_dir():
                    if entry.is_symlink():
                        links.append(prefix + name)
                        files[prefix + name] = _signature_of(entry)
                    else:
                        _look_into(entry.path, f"{prefix}{name}/", files, links)
                else:
                    files[prefix + name] = _signature_of(entry)
            except OSError:
                continue  # it went while we looked


def _signature_of(entry: os.DirEntry[str]) -> Signature:
    """Return the signature of a file, or of a link that leads nowhere. Raises: `OSError`."""
    try:
        found = entry.stat()
    except OSError:
        found = entry.stat(follow_symlinks=False)
    return found.st_size, found.st_mtime_ns, found.st_ino
