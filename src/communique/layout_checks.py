"""The look, checked before anything is made with it: what a template or stylesheet lacks.

What comes in: `Layouts`. What goes out: diagnostics with file and line. A look in which nothing is
wrong is not looked at again until one of its files changes.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlsplit

import jinja2
import jinja2.meta
from jinja2 import nodes

from communique.diagnostics import Diagnostic, Span, in_reading_order
from communique.digest import digest_of
from communique.layouts import LayoutError, Layouts

VARIABLES = frozenset(
    (
        *("site", "phrases", "release", "offers_pdf", "structured_data"),
        *("connections", "kind_page", "entries", "years", "year", "months", "topics", "feed"),
        *("rubric", "rubrics", "name", "heading", "home", "total", "family_name", "family_page"),
        *("family", "families", "picture", "changes", "contacts"),
        *("target", "alternatives", "all_phrases", "versions", "feeds", "upcoming"),
        *("embargo", "body", "pdf", "unsubscribe", "subject", "stylesheet", "translations"),
        *("countries", "kinds", "example"),
    )
)
"""What the renditions hand to templates."""
SOUND = "sound.txt"
"""Holds the digest of the look in which nothing was wrong."""
PAGES_FOLDER, PRINT_FOLDER = "assets/", "print/"
LETTERHEAD_LOGO = "print/logo.svg"
"""The pages' logo, under the name that the print stylesheet has for it."""
STRINGS_ARE_ADDRESSES = ("url", "src", "image-set", "-webkit-image-set")
FOREIGN = re.compile(
    r"""\b(?:src|srcset|poster)\s*=\s*["']?\s*(?P<source>(?:https?:)?//[^\s"'>]*)"""
    r"""|<link\b[^>]*\bstylesheet\b[^>]*\bhref\s*=\s*["']?\s*(?P<sheet>(?:https?:)?//[^\s"'>]*)""",
    re.IGNORECASE,
)
UNKNOWN_CALL = re.compile(r"No (?:filter|test) named ")
REMARK = re.compile(r"\{#.*?#\}", re.DOTALL)


def check_layouts(layouts: Layouts) -> tuple[Diagnostic, ...]:
    """Find what is wrong with the look.

    Diagnostics: `layout-broken` at a template that cannot be parsed or draws in what is not there,
    at a filter, test or name that does not exist, at a file that is not there or lies elsewhere.
    """
    key = _key(layouts)
    note = layouts.memory / SOUND if layouts.memory else None
    with suppress(OSError, ValueError):
        if note and note.read_text(encoding="utf-8") == key:
            return ()
    found = in_reading_order((*_check_templates(layouts), *_check_stylesheets(layouts)))
    if note and not found:
        with suppress(OSError):  # without the note, the look is checked each time
            note.write_text(key, encoding="utf-8")
    return found


def _key(layouts: Layouts) -> str:
    """Stand for all that the checks depend on: names of files, and what is written in some."""
    parts = [
        f"{name} {digest_of(file.data) if name.endswith(('.j2', '.css')) else ''}"
        for name, file in sorted(layouts.files.items())
    ]
    return digest_of("\n".join(parts).encode("utf-8", "surrogateescape"))


def _check_templates(layouts: Layouts) -> Iterator[Diagnostic]:
    parsed: dict[str, nodes.Template] = {}
    for name in sorted(layouts.files):
        if name.endswith(".j2"):
            try:
                parsed[name] = layouts.parse(name)
            except LayoutError as error:
                yield error.diagnostic
    known = {*VARIABLES, *layouts.environment.globals}
    for template in parsed.values():
        known |= _names_given(template)
    for name, template in parsed.items():
        for drawn in layouts.drawn_in_by(name, template):
            if isinstance(drawn, LayoutError):
                yield drawn.diagnostic
        for line, message in (
            *_unknown_calls(layouts, template),
            *_unknown_names(template, known),
            *_missing_files(layouts, template),
            *(() if name.startswith("feed/") else _foreign_files(layouts.data(name).decode())),
        ):
            yield layouts.problem(name, line, message).diagnostic


def _names_given(template: nodes.Template) -> set[str]:
    """Return the names that a template gives to something, for itself or for those it draws in."""
    stored = {each.name for each in template.find_all(nodes.Name) if each.ctx != "load"}
    return stored | {each.name for each in template.find_all(nodes.Macro)}


def _unknown_calls(layouts: Layouts, template: nodes.Template) -> Iterator[tuple[int, str]]:
    for each in template.find_all((nodes.Filter, nodes.Test)):
        is_filter = isinstance(each, nodes.Filter)
        name = each.name
        if name not in (layouts.environment.filters if is_filter else layouts.environment.tests):
            yield each.lineno, f"No {'filter' if is_filter else 'test'} named '{name}'."


def _unknown_names(template: nodes.Template, known: Collection[str]) -> Iterator[tuple[int, str]]:
    """Find names that nothing has, and that the template does not ask about before."""
    asked = {
        each.node.name
        for each in template.find_all((nodes.Test, nodes.Filter))
        if each.name in ("defined", "undefined", "default", "d")
        and isinstance(each.node, nodes.Name)
    }
    try:
        lost = jinja2.meta.find_undeclared_variables(template) - asked - {*known}
    except jinja2.TemplateSyntaxError as error:  # what only compiling finds
        if not UNKNOWN_CALL.match(str(error.message)):
            yield error.lineno, str(error.message)
        return
    for each in template.find_all(nodes.Name):
        if each.name in lost and each.ctx == "load":
            yield each.lineno, f"UndefinedError: '{each.name}' is undefined"


def _missing_files(layouts: Layouts, template: nodes.Template) -> Iterator[tuple[int, str]]:
    """Find links to files of the look that are not there: ``link("assets/seal.svg")``."""
    for call in template.find_all(nodes.Call):
        if not (isinstance(call.node, nodes.Name) and call.node.name in ("link", "absolute")):
            continue
        for argument in call.args[:1]:
            address = argument.value if isinstance(argument, nodes.Const) else ""
            if str(address).startswith(PAGES_FOLDER) and address not in layouts.files:
                yield call.lineno, f"there is no file `layouts/{address}`"


def _foreign_files(text: str) -> Iterator[tuple[int, str]]:
    """Find pictures and stylesheets of other sites, which a page may not load."""
    text = REMARK.sub(lambda remark: "\n" * remark[0].count("\n"), text)
    for match in FOREIGN.finditer(text):
        address = match["source"] or match["sheet"]
        yield text.count("\n", 0, match.start()) + 1, _elsewhere(address)


def _check_stylesheets(layouts: Layouts) -> Iterator[Diagnostic]:
    for name in sorted(layouts.files):
        folder = next((each for each in (PAGES_FOLDER, PRINT_FOLDER) if name.startswith(each)), "")
        if folder and name.endswith(".css"):
            yield from _check_stylesheet(layouts, name, folder)


def _check_stylesheet(layouts: Layouts, name: str, folder: str) -> Iterator[Diagnostic]:
    import tinycss2  # only when a file of the look has changed

    file = layouts.files[name]
    try:
        text = file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        yield layouts.problem(name, line, "the stylesheet is not saved as UTF-8").diagnostic
        return
    lines = re.split(r"\r\n|[\n\r\f]", text)
    for token, address in _addresses(tinycss2.parse_component_value_list(text)):
        message = (
            f"this cannot be read: {token.message}"
            if address is None
            else _fault_of(address, name, folder, layouts)
        )
        if message is None:
            continue
        line, column = token.source_line, token.source_column
        shown = lines[line - 1]
        end = min(column + max(1, len(token.serialize())), len(shown) + 1)
        span = Span(file.path, line, column, line, max(end, column), shown)
        yield Diagnostic("layout-broken", message, span)


def _addresses(tokens: Any) -> Iterator[tuple[Any, str | None]]:
    """Yield what a stylesheet loads, with its place; None for what cannot be read at all."""
    keyword = ""
    for token in tokens:
        if token.type in ("whitespace", "comment"):
            continue
        is_name = keyword == "namespace"  # ``@namespace url(…)`` is a name and loads nothing
        if token.type == "error":
            yield token, None
        elif (token.type == "url" and not is_name) or (
            token.type == "string" and keyword == "import"
        ):
            yield token, token.value
        elif token.type == "function":
            if token.lower_name in STRINGS_ARE_ADDRESSES and not is_name:
                yield from ((each, each.value) for each in token.arguments if each.type == "string")
            yield from _addresses(token.arguments)
        elif token.type in ("{} block", "() block", "[] block"):
            yield from _addresses(token.content)
        if token.type == "at-keyword":
            keyword = token.lower_value
        elif token.type != "ident":  # ``@namespace svg url(…)``
            keyword = ""


def _fault_of(address: str, name: str, folder: str, layouts: Layouts) -> str | None:
    """Say what is wrong with an address in a stylesheet; None if it leads to a file of the look."""
    address = address.strip()
    if not address or address.startswith("#"):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return f"`{address}` is no address"
    if parts.scheme or parts.netloc or address.startswith(("/", "\\")):
        return _elsewhere(address)
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
    if target in layouts.files and target.startswith(folder):
        return None
    if target == LETTERHEAD_LOGO:
        return None
    if target.startswith(folder):
        return f"there is no file `layouts/{target}`"
    return f"`{address}` lies outside `layouts/{folder}`: copy the file there"


def _elsewhere(address: str) -> str:
    shown = address if len(address) <= 60 else f"{address[:60]}…"
    return (
        f"`{shown}` is not loaded: put the file beside the others in `layouts/`, and write where "
        "it lies from here"
    )
