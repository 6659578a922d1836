"""What a release file is read with, and the state of reading one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from communique.companions import Companions
from communique.diagnostics import Diagnostic, Span
from communique.fields import value_span
from communique.newsroom import Newsroom
from communique.source import Source
from communique.typography import QuotationMarks
from communique.yaml_text import Path, YamlDocument


@dataclass(frozen=True, slots=True)
class Desk:
    """What every release is read with."""

    newsroom: Newsroom
    quotation_marks: Mapping[str, QuotationMarks]
    """Per language."""
    companions_of: Callable[[str], Companions]
    """The path of a release's file → the files beside it."""
    unprintable: re.Pattern[str] | None = None
    """Finds a character that the PDF's fonts do not have; None where nobody asks."""


@dataclass(slots=True)
class Reading:
    """One release file on the desk: what it says, where it says it, and what is wrong so far."""

    source: Source
    document: YamlDocument
    desk: Desk
    found: list[Diagnostic] = field(default_factory=list)

    def span(self, *path: str | int) -> Span:
        """Return the place of the value at `path` in the front matter."""
        return value_span(self.document, self.source, path)

    def report(self, code: str, message: str, path: Path, advice: str | None = None) -> None:
        """Note a problem of the value at `path`."""
        self.found.append(Diagnostic(code, message, self.span(*path), help=advice))
