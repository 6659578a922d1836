"""The list of those who get a release: one address a line, or a table with a column `email`.

What comes in: the file's `Source`. What goes out: `Checked[AddressList]`. A line that cannot be
read is reported with its number, and keeps nobody else from getting the release.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from communique.diagnostics import Checked, Diagnostic, Severity, nearest
from communique.source import LINE_BREAK, Source
from communique.values import fault_of_address

DELIMITERS = ",;\t"
EMAIL = ("email", "e-mail", "mail", "address")
NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>\s*")


@dataclass(frozen=True, slots=True)
class Recipient:
    """One who gets a release."""

    address: str
    name: str = ""
    language: str = ""
    """In which they want it; empty where the list does not say."""

    @property
    def key(self) -> str:
        """Return what two spellings of an address have in common."""
        return self.address.casefold()


@dataclass(frozen=True, slots=True)
class AddressList:
    """A list that was read."""

    recipients: tuple[Recipient, ...]
    """Each address once, in the order of the file."""
    repeated: int = 0
    """How many lines have an address that stands further up already."""


def read_recipients(source: Source, languages: Sequence[str]) -> Checked[AddressList]:
    """Read a list.

    Blank lines and those that begin with `#` are passed over. A table's first line names its
    columns: `email`, and if you like `name` and `language`; others are left alone.

    Diagnostics: `recipient-columns` where no column is `email`; `recipient-malformed` and
    `recipient-language` (warnings) for a line whose address is none, or whose language the newsroom
    does not have.
    """
    lines = [
        (at, text)
        for at, text in enumerate(LINE_BREAK.split(source.text))
        if text.strip() and not text.lstrip().startswith("#")
    ]
    if not lines:
        return Checked(AddressList(()))
    table = _Table.with_head(lines[0][1])
    if table is None and "@" not in lines[0][1]:
        return Checked(None, (_no_column(source, *lines[0]),))
    found: list[Diagnostic] = []
    known: dict[str, Recipient] = {}
    repeated = 0
    for at, text in lines[1:] if table else lines:
        recipient = table.read(text) if table else _read_line(text)
        advice = fault_of_address(recipient.address)
        if advice is not None:
            found.append(_malformed(source, at, recipient.address, advice))
            continue
        if recipient.language and recipient.language not in languages:
            found.append(_unknown_language(source, at, recipient.language, languages))
        repeated += recipient.key in known
        known.setdefault(recipient.key, recipient)
    return Checked(AddressList(tuple(known.values()), repeated), tuple(found))


@dataclass(frozen=True, slots=True)
class _Table:
    delimiter: str
    columns: tuple[str, ...]

    @classmethod
    def with_head(cls, head: str) -> _Table | None:
        """Return the table that a line is the head of, if it is one."""
        delimiter = max(DELIMITERS, key=head.count)
        columns = tuple(cell.strip().casefold() for cell in _cells(head, delimiter))
        named = next((name for name in EMAIL if name in columns), None)
        if named is None:
            return None
        return cls(delimiter, tuple("email" if each == named else each for each in columns))

    def read(self, line: str) -> Recipient:
        cells = dict(zip(self.columns, _cells(line, self.delimiter), strict=False))
        name = " ".join(cells.get("name", "").split())
        return Recipient(cells.get("email", "").strip(), name, cells.get("language", "").strip())


def _cells(line: str, delimiter: str) -> Sequence[str]:
    """Part one line: a value that goes on in the next would shift all that follow."""
    return next(csv.reader([line], delimiter=delimiter), [])


def _read_line(line: str) -> Recipient:
    if (match := NAMED.fullmatch(line)) is not None:
        name = " ".join(match["name"].strip().strip('"').split())
        return Recipient(match["address"].strip(), name)
    return Recipient(line.strip())


def _no_column(source: Source, line: int, text: str) -> Diagnostic:
    start = source.line_start(line)
    likely = nearest("email", _cells(text, max(DELIMITERS, key=text.count)))
    advice = f"write `email` in place of `{likely}`" if likely else None
    return Diagnostic(
        "recipient-columns",
        "this is no address, and no column is called `email`",
        source.span(start, start + len(text)),
        help=advice or "begin with `email,name,language`, or write one address a line",
    )


def _malformed(source: Source, line: int, address: str, advice: str) -> Diagnostic:
    shown = f"`{address}` is not an e-mail address" if address else "there is no address here"
    return _on_line(source, line, "recipient-malformed", f"{shown}; it gets nothing", advice)


def _unknown_language(
    source: Source, line: int, language: str, languages: Sequence[str]
) -> Diagnostic:
    message = f"`{language}` is not among the newsroom's languages; it gets the one you name"
    advice = f"write one of {', '.join(f'`{each}`' for each in languages)}"
    return _on_line(source, line, "recipient-language", message, advice)


def _on_line(source: Source, line: int, code: str, message: str, advice: str) -> Diagnostic:
    start = source.line_start(line)
    span = source.span(start, start + len(source.line_text(line)))
    return Diagnostic(code, message, span, help=advice, severity=Severity.WARNING)


def addresses_in(source: Source) -> Iterator[str]:
    """Yield the keys of all addresses in a file of those who get nothing, however it is written.

    Nothing in it is reported: better one address too many.
    """
    for match in re.finditer(r"[^\s<>,;\"']+@[^\s<>,;\"']+", source.text):
        yield match[0].casefold()
