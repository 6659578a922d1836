"""What people read: diagnostics, in three formats, and how far a long work has come.

`human` shows the place and underlines it, `short` is a line for each problem as editors read it,
`json` is a line of JSON for each.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import click

from communique.build import Progress
from communique.diagnostics import Diagnostic, Severity, Span
from communique.output import Output

FORMATS = ("human", "short", "json")
TAB = "    "
COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


def describe(diagnostics: Iterable[Diagnostic], style: str) -> Iterator[str]:
    """Yield the text of each diagnostic in one of `FORMATS`, with ANSI colours in `human`.

    click takes the colours out where nobody sees them.
    """
    for found in diagnostics:
        if style == "json":
            yield json.dumps(as_json(found), ensure_ascii=False)
        elif style == "short":
            yield f"{found.span}: {found.severity}[{found.code}]: {found.message}"
        else:
            yield _human(found)


def as_json(found: Diagnostic) -> dict[str, object]:
    """Return a diagnostic as the keys and values of its JSON line."""
    return {
        "code": found.code,
        "severity": found.severity.value,
        "message": found.message,
        "help": found.help,
        "path": found.span.path,
        "line": found.span.line,
        "column": found.span.column,
        "end_line": found.span.end_line,
        "end_column": found.span.end_column,
    }


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """Count the problems: ``2 errors, 1 warning``."""
    errors = sum(found.is_error for found in diagnostics)
    warnings = len(diagnostics) - errors
    parts = [(errors, "error"), (warnings, "warning")]
    counted = [f"{number} {word}{'s' * (number != 1)}" for number, word in parts if number]
    return ", ".join(counted) or "no problems"


def progress_bar(label: str) -> Progress:
    """Return a progress bar for the terminal; it draws nothing where there is none."""
    stream = sys.stderr

    def show(outputs: Sequence[Output]) -> Iterator[Output]:
        with click.progressbar(
            outputs,
            label=label,
            item_show_func=_path_of,
            file=stream,
            show_pos=True,
            hidden=not stream.isatty(),
        ) as bar:
            yield from bar

    return show


def _path_of(output: Output | None) -> str | None:
    return output.path if output else None


def _human(found: Diagnostic) -> str:
    colour = COLOURS[found.severity]
    head = click.style(f"{found.severity}[{found.code}]", fg=colour, bold=True)
    lines = [f"{head}: {click.style(found.message, bold=True)}", f" --> {found.span}"]
    span = found.span
    margin = " " * len(str(span.line))
    if span.text:
        lines += [
            f"{margin} |",
            f"{span.line} | {span.text.replace(chr(9), TAB)}",
            f"{margin} | {click.style(_underline(span), fg=colour, bold=True)}",
        ]
    if found.help:
        lines.append(f"{margin} = help: {found.help}")
    return "\n".join(lines) + "\n"


def _underline(span: Span) -> str:
    before = span.text[: span.column - 1]
    end = span.end_column - 1 if span.end_line == span.line else len(span.text)
    marked = span.text[span.column - 1 : end]
    return " " * _width(before) + "^" * max(1, _width(marked))


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    width = 0
    for character in text.replace("\t", TAB):
        if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
            continue
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return width
