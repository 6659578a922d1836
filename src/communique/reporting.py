"""What people read: diagnostics, in three formats, and how far a long work has come.

`human` shows the place and underlines it, `short` is a line for each problem as editors read it,
`json` is a line of JSON for each.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import click

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


def describe(diagnostics: Iterable[Diagnostic], style: str) -> Iterator[str]:
    """Yield the text of each diagnostic, with ANSI colours in `human`.

    click takes the colours out where nobody sees them.
    """
    for found in diagnostics:
        if style == "json":
            text = json.dumps(as_json(found), ensure_ascii=False)
            yield STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
        elif style == "short":
            words = f"{found.severity}[{found.code}]: {_line(found.message)}"
            yield f"{_printable(str(found.span))}: {words}"
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
    numbers = Counter(found.severity for found in diagnostics)
    counted = [
        f"{numbers[each]} {each}{'s' * (numbers[each] != 1)}" for each in Severity if numbers[each]
    ]
    return ", ".join(counted) or "no problems"


@contextmanager
def progress_bar(total: int) -> Iterator[Callable[[str], None]]:
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
        label="rendering",
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
