"""What took long to make and will be wanted again: the search of an edition that waits.

What comes in: the files of a shelf, under its fingerprint. What goes out: the same, in a later
build. They lie in a private folder; losing them costs time only.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from communique.digest import digest_of, seal, unseal

Bundle: TypeAlias = Sequence[tuple[str, int, bytes]]
"""Files: path below `build/`, stage, bytes."""


class Bundles:
    """Bundles of files in a folder."""

    def __init__(self, folder: Path) -> None:
        """Keep to a private folder, which need not be there yet."""
        self._folder = folder

    def find(self, fingerprint: str) -> Bundle | None:
        """Return the files that were kept under a fingerprint, if all is as it was."""
        try:
            data = unseal(self._place(fingerprint).read_bytes())
            size = int.from_bytes(data[:8])
            listed, at = json.loads(data[8 : 8 + size]), 8 + size
            files = []
            for path, stage, length in listed:
                files.append((path, stage, data[at : at + length]))
                at += length
            return files
        except (OSError, ValueError, TypeError):  # not there, or damaged
            return None

    def keep(self, fingerprint: str, files: Bundle) -> None:
        """Keep files for the next time, if the disk has room for them."""
        listed = json.dumps([(path, stage, len(data)) for path, stage, data in files]).encode()
        parts = (len(listed).to_bytes(8), listed, *(data for _, _, data in files))
        place = self._place(fingerprint)
        beside = place.with_suffix(".new")
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            beside.write_bytes(seal(b"".join(parts)))
            beside.replace(place)

    def retain(self, fingerprints: Iterable[str]) -> None:
        """Remove all but some."""
        wanted = {self._place(each).name for each in fingerprints}
        if not wanted:
            shutil.rmtree(self._folder, ignore_errors=True)
            return
        with suppress(OSError):
            for path in self._folder.iterdir():
                if path.name not in wanted:
                    path.unlink(missing_ok=True)

    def _place(self, fingerprint: str) -> Path:
        return self._folder / digest_of(fingerprint.encode())
