"""The first step: the bytes of one file become text whose every character has a place.

What comes in: a path and bytes. What goes out: `Source`, which turns offsets into `Span`s.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import islice

from communique.appearance import unseen_in, unseen_written_out
from communique.diagnostics import Checked, Diagnostic, Severity, Span
from communique.digest import digest_of

BYTE_ORDER_MARK = "\ufeff"
LINE_BREAK = re.compile(r"\r\n|\n|\r")
MOST = 100
"""How many characters of a kind are reported in one file."""
# What no text holds: C0 except tab, line feed and carriage return; DEL; C1; a byte order mark
# inside the text; and noncharacters.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class LayoutFile:
    """One file of the look."""

    path: str
    """Where it comes from, for people: ``layouts/page/release.html.j2``."""
    data: bytes


@dataclass(frozen=True, slots=True)
class Source:
    """One file's text as it was written: line breaks kept, the byte order mark taken off."""

    path: str
    """Below the newsroom's folder, with forward slashes."""
    text: str
    digest: str
    _line_starts: tuple[int, ...] = field(repr=False, compare=False)
    _shown: dict[int, str] = field(default_factory=dict, repr=False, compare=False)
    """The lines that problems were found in: a long one with many is kept once."""

    @classmethod
    def of_text(cls, path: str, text: str) -> Source:
        """Make a source from text that is already decoded."""
        starts = (0, *(match.end() for match in LINE_BREAK.finditer(text)))
        return cls(path, text, digest_of(text.encode("utf-8", "surrogatepass")), starts)

    def span(self, start: int, end: int) -> Span:
        """Turn the offsets of a stretch of `text`, the end excluded, into a place to show."""
        start = min(max(start, 0), len(self.text))
        end = min(max(end, start), len(self.text))
        line, end_line = self._line_of(start), self._line_of(end)
        return Span(
            self.path,
            line + 1,
            start - self._line_starts[line] + 1,
            end_line + 1,
            end - self._line_starts[end_line] + 1,
            self.line_text(line),
        )

    def line_text(self, line: int) -> str:
        """Return the text of a line counted from 0, without its line break."""
        if line not in self._shown:
            start = self.line_start(line)
            self._shown[line] = self.text[start : self.line_start(line + 1)].rstrip("\r\n")
        return self._shown[line]

    def line_start(self, line: int) -> int:
        """Return the offset at which a line counted from 0 begins; past the end, the end."""
        return self._line_starts[line] if line < len(self._line_starts) else len(self.text)

    def _line_of(self, offset: int) -> int:
        return bisect_right(self._line_starts, offset) - 1


def read_source(path: str, data: bytes) -> Checked[Source]:
    """Decode a file as UTF-8.

    Diagnostics: `not-utf-8` at the first byte that is not UTF-8 (no source then),
    `control-character` at each character that no text may contain, `unseen-character` (a warning)
    at each that misleads its readers; not more than `MOST` of either.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = Source.of_text(path, data[: error.start].decode("utf-8-sig", "replace"))
        found = Diagnostic(
            "not-utf-8",
            f"the file is not UTF-8 text: byte {data[error.start]:#04x} cannot be read",
            before.span(len(before.text), len(before.text)),
            help="save the file again with the encoding UTF-8",
        )
        return Checked(None, (found,))
    source = Source.of_text(path, text)
    misleading = (
        *((match, match[0]) for match in unseen_in(text)),
        *unseen_written_out(text),
    )
    unseen = (
        Diagnostic(
            "unseen-character",
            f"a character that does not show (U+{ord(character):04X}) stands in the text",
            source.span(match.start(), match.end()),
            help="delete it: it can hide a part of the text, or turn its order round",
            severity=Severity.WARNING,
        )
        for match, character in misleading
    )
    controls = (
        Diagnostic(
            "control-character",
            f"a control character (U+{ord(match[0]):04X}) that does not show stands in the text",
            source.span(match.start(), match.end()),
            help="delete it; it often comes along when text is pasted from another program",
        )
        for match in CONTROL.finditer(text)
    )
    return Checked(source, (*islice(controls, MOST), *islice(unseen, MOST)))
