"""Problems as values: gathered along the way, shown together, never raised one at a time.

What comes in: what a stage found wrong. What goes out: `Diagnostic`, and `Checked[T]`, a value
together with what was found while making it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")
LONGEST_WORD = 200
"""Characters: longer ones are no slip of the keyboard, and would take long to compare."""


class Severity(StrEnum):
    """How much a problem matters: an error in a public release stops the build.

    A note is what an editor remarks; `check` shows it, and a build does not.
    """

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one file, complete for showing: no source is needed to print it.

    Lines and columns count from 1; a column is one Unicode character, a tab included.
    `end_column` is the column after the last character.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    """The whole first line, without its line break."""

    def __str__(self) -> str:
        """Show the place as editors and terminals link it: ``path:line:column``."""
        return f"{self.path}:{self.line}:{self.column}"

    @property
    def parts(self) -> tuple[str, str, str]:
        """Return `text` in three: before the stretch, the stretch itself, after it."""
        start = self.column - 1
        end = self.end_column - 1 if self.end_line == self.line else len(self.text)
        return self.text[:start], self.text[start:end], self.text[end:]

    @classmethod
    def of_file(cls, path: str) -> Span:
        """Point at a file as a whole, where no character of it is to blame."""
        return cls(path, 1, 1, 1, 1, "")


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem, in the officer's words.

    `message` is lower case, without a full stop, and stands alone on one line; `help` proposes
    what to type; `code` names the fault in kebab-case.
    """

    code: str
    message: str
    span: Span
    help: str | None = None
    severity: Severity = Severity.ERROR

    @property
    def is_error(self) -> bool:
        """Tell whether this stops a build."""
        return self.severity is Severity.ERROR

    def as_warning(self) -> Diagnostic:
        """Return an error as a warning, for a release that is not public."""
        return replace(self, severity=Severity.WARNING) if self.is_error else self

    @property
    def is_note(self) -> bool:
        """Tell whether this is a remark, which a build does not show."""
        return self.severity is Severity.NOTE


@dataclass(frozen=True, slots=True)
class Checked(Generic[T]):
    """A value and what was found while making it; no value where it could not be made."""

    value: T | None
    diagnostics: tuple[Diagnostic, ...] = ()


def in_reading_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sort by file, line and column, each problem once."""
    unique = dict.fromkeys(diagnostics)
    return tuple(sorted(unique, key=lambda found: (found.span, found.code, found.message)))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that `word` most likely was meant to be, if one is near."""
    if len(word) > LONGEST_WORD:
        return None
    by_folded = {candidate.casefold(): candidate for candidate in known}
    matches = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[matches[0]] if matches else None
