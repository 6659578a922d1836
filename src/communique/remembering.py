"""What is public now is noted in the register of what was announced.

What comes in: everything that was read, and the instant. What goes out: lines more in
`announced.csv`. A build never does this, because it writes no source: an officer does, or the job
that builds, where the folder is one whose changes find their way back to the office.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from communique.amending import AmendingError, replace_file
from communique.announced import announcement_of, read_announced, with_lines
from communique.cards import is_due
from communique.disk import NewsroomFolder
from communique.holdings import Holdings
from communique.instants import microseconds
from communique.premises import ANNOUNCED_FILE
from communique.publishing import only_one
from communique.source import BYTE_ORDER_MARK, read_source


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was noted, and how much there is by now."""

    new: int
    total: int
    """How many releases are noted by now, each language counted."""


def remember(folder: NewsroomFolder, holdings: Holdings, instant: dt.datetime) -> Remembered:
    """Note every release that is public at `instant` and not in the register yet.

    The holdings are without errors. Raises: `AmendingError` if the register was changed meanwhile.
    """
    path = folder.root / ANNOUNCED_FILE
    moment = microseconds(instant)
    with only_one(folder.private / "announced.lock", lambda: None):
        before = path.read_bytes() if path.exists() else None
        checked = read_source(ANNOUNCED_FILE, before or b"")
        announced = read_announced(checked.value) if checked.value else None
        if checked.value is None or announced is None or announced.diagnostics:
            raise AmendingError(f"{ANNOUNCED_FILE} was changed meanwhile; give the command again")
        known = {entry.key for entry in announced.value or ()}
        new = [
            announcement_of(card, sha256((folder.root / card.path).read_bytes()).hexdigest())
            for card in holdings.catalogue.cards
            if is_due(card, moment) and (card.reference, card.language) not in known
        ]
        if new:
            text = with_lines(checked.value.text, new, holdings.newsroom)
            mark = BYTE_ORDER_MARK if (before or b"").startswith(BYTE_ORDER_MARK.encode()) else ""
            _write(path, before, (mark + text).encode())
    return Remembered(len(new), len(known) + len(new))


def _write(path: Path, before: bytes | None, after: bytes) -> None:
    if before is None:
        with path.open("xb") as file:
            file.write(after)
    else:
        replace_file(path, before, after)
