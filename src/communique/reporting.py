"""What people read: diagnostics, in five formats, and how far a long work has come.

`human` shows the place and underlines it, `short` is a line for each problem as editors read it,
`json` is a line of JSON for each, `github` a line that GitHub shows beside the place, and `sarif`
one document for all (SARIF 2.1.0).
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from urllib.parse import quote

import click

from communique.checks import CODES
from communique.diagnostics import Diagnostic, Severity, Span

TAB = "    "
LINE_WIDTH = 100
"""Columns of a line of text that is shown; a longer one is cut around the place."""
MOST = 600
"""Characters of a message, and of either part of a line, that are looked at."""
STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
"""What a terminal would obey, hide, or turn the order of a line by; and bytes of no character."""
COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}

GITHUB_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def describe(diagnostics: Iterable[Diagnostic], style: str) -> Iterator[str]:
    """Yield the text of each diagnostic, with ANSI colours in `human`.

    click takes the colours out where nobody sees them.
    """
    if style == "sarif":
        yield _as_text(as_sarif(diagnostics), indent=2)
        return
    for found in diagnostics:
        if style == "json":
            yield _as_text(as_json(found))
        elif style == "github":
            yield _github(found)
        elif style == "short":
            words = f"{found.severity}[{found.code}]: {_line(found.message)}"
            yield f"{_printable(str(found.span))}: {words}"
        else:
            yield _human(found)


def _as_text(value: object, indent: int | None = None) -> str:
    """Write JSON in which nothing that would steer a terminal stands as it is."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    lines = text.split("\n")  # those of the indentation: within texts they are escaped already
    return "\n".join(STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", line) for line in lines)


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


def as_sarif(diagnostics: Iterable[Diagnostic]) -> dict[str, object]:
    """Return diagnostics as a document of SARIF 2.1.0, which code hosts and editors import.

    Columns count Unicode characters (SARIF 2.1.0 §3.14.17); the last is excluded (§3.30.8).
    """
    results = [*diagnostics]
    rules = [
        {"id": code, "shortDescription": {"text": CODES[code].what}}
        if code in CODES
        else {"id": code}
        for code in dict.fromkeys(found.code for found in results)
    ]
    driver = {"name": "communique", "version": version("communique"), "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(found) for found in results],
    }
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }


def _sarif_result(found: Diagnostic) -> dict[str, object]:
    span = found.span
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    place = {
        "artifactLocation": {"uri": quote(span.path, errors="surrogateescape")},
        "region": region,
    }
    return {
        "ruleId": found.code,
        "level": found.severity.value,
        "message": {"text": _with_help(found)},
        "locations": [{"physicalLocation": place}],
    }


def _github(found: Diagnostic) -> str:
    """Write a command of GitHub's workflows: ``::error file=…,line=6,col=10,title=…::message``.

    Its values are escaped as the runner of GitHub's actions reads them back.
    """
    span = found.span
    values = {"file": span.path, "line": span.line, "endLine": span.end_line}
    if span.line == span.end_line:  # GitHub takes columns within one line only
        values |= {"col": span.column, "endColumn": span.end_column}
    properties = ",".join(
        f"{name}={_escaped(str(value)).replace(':', '%3A').replace(',', '%2C')}"
        for name, value in {**values, "title": found.code}.items()
    )
    return f"::{GITHUB_WORDS[found.severity]} {properties}::{_escaped(_with_help(found))}"


def _escaped(text: str) -> str:
    return _line(text).replace("%", "%25")  # line breaks are signs by now


def _with_help(found: Diagnostic) -> str:
    return f"{found.message}; {found.help}" if found.help else found.message


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """Count the problems: ``2 errors, 1 warning``."""
    numbers = Counter(found.severity for found in diagnostics)
    counted = [
        f"{numbers[each]} {each}{'s' * (numbers[each] != 1)}" for each in Severity if numbers[each]
    ]
    return ", ".join(counted) or "no problems"


@contextmanager
def progress_bar(total: int, label: str = "rendering") -> Iterator[Callable[[str], None]]:
    """Show a progress bar with rate and time left on a terminal, and nothing elsewhere.

    It counts releases and lists, not files; what it gives is told of each that is done.
    """
    hidden = not sys.stderr.isatty()

    def pace(name: str | None) -> str | None:
        """Say how many are done in a second, and what was last."""
        if not name or not bar.time_per_iteration:
            return name
        return f"{1 / bar.time_per_iteration:.1f}/s  {name}"

    with click.progressbar(
        length=total,
        label=label,
        file=sys.stderr,
        show_pos=True,
        hidden=hidden,
        item_show_func=pace,
    ) as bar:
        yield lambda name: bar.update(1, name)


def _human(found: Diagnostic) -> str:
    colour = COLOURS[found.severity]
    head = click.style(f"{found.severity}[{found.code}]", fg=colour, bold=True)
    message, place = _line(found.message), _printable(str(found.span))
    lines = [f"{head}: {click.style(message, bold=True)}", f" --> {place}"]
    span = found.span
    margin = " " * len(str(span.line))
    if span.text:
        shown, underline = _excerpt(span)
        lines += [
            f"{margin} |",
            f"{span.line} | {shown}",
            f"{margin} | {click.style(underline, fg=colour, bold=True)}",
        ]
    if found.help:
        lines.append(f"{margin} = help: {_line(found.help)}")
    return "\n".join(lines) + "\n"


def _excerpt(span: Span) -> tuple[str, str]:
    """Return a line as a terminal can show it, and its underline.

    Of a long line, as paragraphs often are, it is what stands around the stretch.
    """
    before, marked, after = span.parts
    before = _printable(before[-MOST:])
    marked, after = _printable(marked[:MOST]), _printable(after[:MOST])
    if _width(before + marked + after) > LINE_WIDTH:
        before = _beginning(before[::-1], LINE_WIDTH // 3)[::-1]
        marked = _beginning(marked, LINE_WIDTH // 2)
        after = _beginning(after, LINE_WIDTH - _width(before + marked))
    return before + marked + after, " " * _width(before) + "^" * max(1, _width(marked))


def _line(words: str) -> str:
    """Return a message as a terminal can show it; what it quotes of a text may be very long."""
    return _printable(words if len(words) <= MOST else f"{words[:MOST]}…")


def _printable(text: str) -> str:
    """Return a text with its tabs widened, and with signs for what would steer a terminal."""
    if text.isprintable() and not STEERING.search(text):
        return text
    return "".join(_sign_of(each) if STEERING.match(each) else each for each in text)


def _sign_of(character: str) -> str:
    if character == "\t":
        return TAB
    if character < " ":
        return chr(0x2400 + ord(character))
    return f"<U+{ord(character):04X}>"


def _beginning(text: str, columns: int) -> str:
    """Return a text as far as it fits into some columns, with an ellipsis where it was cut."""
    end = 0
    taken = 0
    while end < len(text) and taken + _width(text[end]) <= columns:
        taken += _width(text[end])
        end += 1
    return text if end == len(text) else f"{text[:end]}…"


def _width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    width = 0
    for character in text:
        if unicodedata.category(character) in ("Mn", "Me", "Cf"):
            continue  # joins the character before it, as accents do
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return width
