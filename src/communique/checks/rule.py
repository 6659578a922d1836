"""What a check is: a name, a reason, an example, and the function that looks.

What comes in: a `Copy`, which is one release as its file has it; a `Book`, the numbers of all; or
the `Facts` of two versions of one release.
What goes out: `Remark`s, which the table in `communique.checks` makes diagnostics of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from communique.checks.copy import Copy
from communique.checks.facts import Facts
from communique.checks.number_book import Book
from communique.diagnostics import Severity


class Remark(NamedTuple):
    """What a rule found in a release: a stretch of its file, between two offsets."""

    start: int
    end: int
    message: str
    help: str | None = None


class BookRemark(NamedTuple):
    """What a rule found among the numbers; it is said at the reference of the release in `path`."""

    path: str
    message: str
    help: str | None = None


class VersionRemark(NamedTuple):
    """What a rule found in a translation when it compared it with the original."""

    place: tuple[int, int]
    """In the translation's file."""
    message: str
    """`THERE` in it stands for the place in the original."""
    there: tuple[int, int]
    """In the original's file."""
    help: str | None = None


THERE = "\x00"


@dataclass(frozen=True, slots=True)
class Rule:
    """What an editor looks for in one release."""

    code: str
    family: str
    severity: Severity | None
    """None is off, unless `newsroom.yaml` says otherwise."""
    what: str
    why: str
    fails: str
    """An example: lines of front matter before ``---``, if there are any, then a text."""
    passes: str
    look: Callable[[Copy], Iterator[Remark]]


@dataclass(frozen=True, slots=True)
class BookRule:
    """What an editor looks for among the numbers of all releases."""

    code: str
    family: str
    severity: Severity | None
    what: str
    why: str
    fails: str
    """References with their dates, a line each."""
    passes: str
    compare: Callable[[Book], Iterator[BookRemark]]


@dataclass(frozen=True, slots=True)
class VersionsRule:
    """What an editor looks for in a translation, with the original beside it."""

    code: str
    family: str
    severity: Severity | None
    what: str
    why: str
    fails: str
    """Two versions, a line with three equals signs between them."""
    passes: str
    compare: Callable[[Facts, Facts], Iterator[VersionRemark]]
    """Takes the original and the translation."""


class Listed(Protocol):
    """What is known of a sound release without opening it; a `Card` is one."""

    @property
    def path(self) -> str:
        """Return its file."""

    @property
    def reference(self) -> str:
        """Return its reference number."""

    @property
    def draft(self) -> bool:
        """Tell whether it is a draft."""

    @property
    def public_from(self) -> int:
        """Return when it becomes public, in microseconds since 1970."""

    @property
    def withdrawn(self) -> int | None:
        """Return when it was withdrawn, if it was."""

    @property
    def related(self) -> tuple[str, ...]:
        """Return the references that its keys name."""


@dataclass(frozen=True, slots=True)
class RelatedRule:
    """What an editor looks for in `related` at one instant: it asks the clock, so no build does."""

    code: str
    family: str
    severity: Severity | None
    what: str
    why: str
    fails: str
    """References with their dates and keys, a line each."""
    passes: str
    look: Callable[[Sequence[Listed], int], Iterator[tuple[str, str, str]]]
    """Takes all releases and the instant; yields a file, the reference in it, and why not."""


AnyRule = Rule | BookRule | VersionsRule | RelatedRule
