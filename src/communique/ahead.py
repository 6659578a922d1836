"""What is rendered ahead of its instant: when an embargo ends, only files have to be moved.

What comes in: the batch of the edition to come, rendered into the private folder. What goes out:
the same, published once its instant has come, if nothing has changed in the meantime. Like
`communique.idle`, this module imports next to nothing.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from communique.instants import Microseconds
from communique.ledger import Ledger, Record
from communique.publishing import Finished, remove_files, replace_files

AHEAD = "ahead"
"""The private folder in which an edition waits for its instant."""
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An edition to come, ready to be published."""

    state: str
    """What it was made from (`communique.idle.state_of`)."""
    since: Microseconds
    """The instant from which on it is true."""
    until: Microseconds | None
    """The instant of the edition after it."""
    finished: tuple[Finished, ...]
    shelves: Mapping[str, str]
    """Name → fingerprint of the shelves that these files complete."""
    removed: tuple[str, ...]
    """Paths that it no longer has."""
    gone: tuple[str, ...]
    """Shelves that it no longer has."""

    def ready(self) -> dict[tuple[str, str], Path]:
        """Return what is rendered already: path and fingerprint → the file that waits."""
        return {(each.path, each.fingerprint): each.waiting for each in self.finished}


def keep_prepared(folder: Path, prepared: Prepared) -> None:
    """Note an edition whose files wait in `folder`; until this is done, there is none."""
    manifest = folder / MANIFEST
    text = json.dumps(asdict(prepared), ensure_ascii=False, default=str)
    beside = manifest.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(manifest)


def read_prepared(folder: Path) -> Prepared | None:
    """Return the edition that waits in `folder`, or None if there is none, or not all of it.

    Some of its files are missing when a build was killed while it moved or removed them.
    """
    try:
        values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        finished = tuple(
            Finished(**{**each, "waiting": folder / Path(each["waiting"]).name})
            for each in values.pop("finished")
        )
        if any(each.waiting.stat().st_size != each.size for each in finished):
            return None
        removed, gone = tuple(values.pop("removed")), tuple(values.pop("gone"))
        return Prepared(finished=finished, removed=removed, gone=gone, **values)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def is_due(prepared: Prepared, moment: Microseconds) -> bool:
    """Tell whether a prepared edition is the one of `moment`."""
    return prepared.since <= moment and (prepared.until is None or moment < prepared.until)


def publish_prepared(build: Path, prepared: Prepared, ledger: Ledger) -> None:
    """Publish an edition whose instant has come."""
    replace_files(build, prepared.finished, prepared.shelves, ledger)
    remove_files(build, _records(prepared.removed, ledger), ledger)
    ledger.forget((), prepared.gone)
    ledger.settle(prepared.shelves.items())


def discard_prepared(folder: Path) -> None:
    """Remove what was prepared: it has been published, or is not true any more."""
    shutil.rmtree(folder, ignore_errors=True)


def _records(paths: Iterable[str], ledger: Ledger) -> list[Record]:
    return [record for record in map(ledger.record_of, paths) if record is not None]
