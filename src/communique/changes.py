"""What has to be rendered, and why: the plan held against the ledger.

What comes in: the shelves of an edition. What goes out: the shelves that changed, and of these the
outputs that are `Due`, each with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from communique.diagnostics import Diagnostic
from communique.layouts import LayoutError, Layouts
from communique.ledger import Ledger, Record
from communique.output import Output, Shelf
from communique.processes import uncollected
from communique.publishing import stands

RESTYLED = "a layout file changed"
REBUILT = "the program or a library changed"
TOUCHED = "the file in build/ was changed or removed"
REASONS = (
    REBUILT,
    "what it shows changed",
    RESTYLED,
    "the size of a file that it states changed",
)
"""What a difference in each part of a fingerprint means."""


@dataclass(frozen=True, slots=True)
class Due:
    """An output that has to be rendered."""

    output: Output
    shelf: str
    fingerprint: str
    reason: str

    @property
    def is_restyled(self) -> bool:
        """Tell whether it shows what it showed, but is to be made in another way."""
        return self.reason in (REBUILT, RESTYLED)


@dataclass(frozen=True, slots=True)
class Changed:
    """A shelf that is not as it was published."""

    shelf: Shelf
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Work:
    """What has to be done for a shelf."""

    due: tuple[Due, ...]
    vanished: tuple[Record, ...]
    """Files that it had and no longer has."""
    is_whole: bool = True
    """Whether the shelf is as planned when this is done."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How an edition's plan differs from what stands in `build/`."""

    changed: tuple[Changed, ...]
    """In the order of the plan: the newest release first."""
    gone: frozenset[str]
    """Shelves that are no longer planned."""
    problems: tuple[Diagnostic, ...]
    """What is wrong with the look, so that some shelves cannot be compared at all."""


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What the plan is held against."""

    ledger: Ledger
    layouts: Layouts
    program: str
    build: Path
    verify: bool
    """Whether each file in `build/` is looked at; else the ledger is believed."""
    size_of: Callable[[str], int | None]
    """Returns the size of an output, whether it was just rendered or stands in `build/`."""


@uncollected
def compare(
    shelves: Iterable[Shelf], yardstick: Yardstick, standing: Set[str] = frozenset()
) -> Comparison:
    """Find the shelves that changed or went; those of `standing` have not."""
    known = yardstick.ledger.shelves()
    names = set()
    changed = []
    problems = []
    for shelf in shelves:
        names.add(shelf.name)
        try:
            fingerprint = shelf.fingerprint(yardstick.layouts, yardstick.program)
        except LayoutError as error:
            problems.append(error.diagnostic)
            continue
        if yardstick.verify or known.get(shelf.name) != fingerprint:
            changed.append(Changed(shelf, fingerprint))
    gone = frozenset(yardstick.ledger.names_of_shelves() - names - standing)
    return Comparison(tuple(changed), gone, tuple(problems))


def as_it_was(changed: Changed, yardstick: Yardstick) -> bool:
    """Tell whether all files of a shelf stand as they were published, and it is as planned.

    That is the answer for a shelf that is only looked at because all are.
    """
    name = changed.shelf.name
    if yardstick.ledger.shelves().get(name) != changed.fingerprint:
        return False
    records = yardstick.ledger.of_shelf(name).values()
    return bool(records) and all(stands(yardstick.build, record) for record in records)


def look_at(shelf: Shelf, yardstick: Yardstick) -> Work:
    """Find out what has to be done for a changed shelf."""
    known = yardstick.ledger.of_shelf(shelf.name)
    due = []
    planned = set()
    for output in shelf.outputs():
        planned.add(output.path)
        fingerprint = output.fingerprint(yardstick.layouts, yardstick.size_of, yardstick.program)
        reason = _reason(known.get(output.path), fingerprint, yardstick)
        if reason is not None:
            due.append(Due(output, shelf.name, fingerprint, reason))
    vanished = tuple(record for path, record in known.items() if path not in planned)
    return Work((*_missing_parts(due, known, yardstick), *due), vanished)


def _missing_parts(
    due: Iterable[Due], known: Mapping[str, Record], yardstick: Yardstick
) -> Iterator[Due]:
    """Yield what others are made of and stands no more in `build/` as it was published.

    Without `verify` nobody looks at such a file; but what is made of it must not be wrong as well.
    """
    is_due = {each.output.path for each in due}
    for whole in due:
        for part in whole.output.parts:
            if part.path not in is_due and not stands(yardstick.build, known[part.path]):
                is_due.add(part.path)
                fingerprint = known[part.path].fingerprint or ""
                yield Due(part, whole.shelf, fingerprint, TOUCHED)


def _reason(record: Record | None, fingerprint: str, yardstick: Yardstick) -> str | None:
    """Say why an output must be rendered; None if it stands."""
    if record is None:
        return "it is new"
    if record.fingerprint is None:
        return "a build was interrupted"
    if record.fingerprint != fingerprint:
        parts = zip(REASONS, record.fingerprint.split("."), fingerprint.split("."), strict=False)
        return next((reason for reason, old, new in parts if old != new), "it is made otherwise")
    if yardstick.verify and not stands(yardstick.build, record):
        return TOUCHED
    return None
