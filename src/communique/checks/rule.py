"""What a check is: a name, a reason, an example, and the function that looks.

What comes in: a `Copy`, which is one release as its file has it, or a `Book`, the numbers of all.
What goes out: `Remark`s, which the table in `communique.checks` makes diagnostics of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from communique.checks.copy import Copy
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
