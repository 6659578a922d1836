"""What is rendered ahead of its instant: when an embargo ends, only files have to be moved.

What comes in: the batch of the edition to come, rendered into the private folder. What goes out:
the same, published once its instant has come, if nothing has changed in the meantime. What is
imported here is little, since that is to take no time.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from communique.idle import identity_of, note_standing, state_of
from communique.instants import Microseconds, microseconds
from communique.ledger import LEDGER, Ledger, Record, open_ledger
from communique.premises import Premises
from communique.publishing import Finished, only_one, remove_files, replace_files

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
        for each in finished:
            each.data()
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


def publish_what_waits(
    premises: Premises, instant: dt.datetime, offers_pdf: bool, on_wait: Callable[[], None]
) -> Prepared | None:
    """Publish the edition that was rendered ahead for this instant, if there is one.

    Returns what was published; None says that a build has to find out.
    """
    place = premises.private / AHEAD
    prepared = read_prepared(place)
    moment = microseconds(instant)
    if prepared is None or not is_due(prepared, moment):
        return None
    with only_one(premises.private / "build.lock", on_wait):
        if prepared.state != state_of(premises.census(), offers_pdf):
            return None
        if read_prepared(place) != prepared:
            return None  # another build was quicker
        with open_ledger(premises.private / LEDGER) as ledger:
            standing = ledger.standing()
            # Not noted where something was in doubt: a build has to report it at this instant.
            if standing.get("state") != prepared.state:
                return None
            if standing["build"] != identity_of(premises.build):
                return None
            publish_prepared(premises.build, prepared, ledger)
            if prepared.until is None:
                note_standing(ledger, premises.build, prepared.state, prepared.since, None)
        discard_prepared(place)
    return prepared
