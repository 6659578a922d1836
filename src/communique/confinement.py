"""Templates reach what they are given, and nothing beyond it: no file, no release, no program.

What comes in: a template. What goes out: an error where it names what leads from a value into the
program, such as ``x.__class__``. Names in its text are found when it is compiled, others when they
are used. (Jinja's own sandbox asks at every attribute when a page is rendered, which
costs far more.)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from string import Formatter
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

INNER_PREFIXES = ("gi_", "cr_", "ag_", "f_", "tb_", "co_")
"""Of generators, coroutines, frames, tracebacks and code."""
INNER_NAMES = ("mro", "format_map")


class ConfinedEnvironment(jinja2.Environment):
    """An environment whose templates cannot name what leads from a value into the program."""

    def __init__(self, **options: Any) -> None:
        """Take the options of `jinja2.Environment`."""
        super().__init__(extensions=[_NoInnerNames], **options)
        del self.filters["attr"]  # asks for any attribute, whatever its name

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return an attribute or item; `format` of a text fills in what it is given by name."""
        if attribute == "format" and isinstance(obj, str):
            return partial(_fill_in, obj)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an item or attribute. Raises: `SecurityError` at an inner name."""
        if isinstance(argument, str) and _is_inner(argument):
            raise SecurityError(_refusal(argument))
        if argument == "format" and isinstance(obj, str):
            return partial(_fill_in, obj)
        return super().getitem(obj, argument)


class _NoInnerNames(Extension):
    """Refuses to compile an inner name behind a dot: ``x.__class__``."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Pass on the tokens of a template. Raises: `TemplateSyntaxError` at an inner name."""
        after_dot = False
        for token in stream:
            if after_dot and token.type == "name" and _is_inner(token.value):
                raise jinja2.TemplateSyntaxError(_refusal(token.value), token.lineno)
            after_dot = token.type == "dot"
            yield token


def _fill_in(text: str, **values: object) -> str:
    """Fill in names alone: ``{x}``, and not ``{x.__class__}``. Raises: `SecurityError`."""
    for name in _fields_of(text):
        if not name.isidentifier():
            raise SecurityError(_refusal(name))
    return text.format(**values)


@lru_cache(maxsize=1000)
def _fields_of(text: str) -> tuple[str, ...]:
    """Return what stands in the braces of a text, those within a format included."""
    fields: list[str] = []
    for _, name, form, _ in Formatter().parse(text):
        if name is not None:
            fields += (name, *_fields_of(form or ""))
    return tuple(fields)


def _is_inner(name: str) -> bool:
    return name.startswith(("_", *INNER_PREFIXES)) or name in INNER_NAMES


def _refusal(name: str) -> str:
    return f"`{name}` leads into the program: a template may use what it is given, no more"
