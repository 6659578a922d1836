"""Other addresses at which readers look for a release: those of an older site, and short ones.

What comes in: what an officer or `newsroom.yaml` says, and a reference. What goes out: paths below
the newsroom's root, without a slash at the beginning; what cannot be one is said in words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from communique.file_names import unfit
from communique.newsroom import Newsroom
from communique.reference import FIELD, Reference, ReferencePattern

LONGEST = 300
HOLDER = "{reference}"
SIGNS = r"[\s\-/._\u2010-\u2014]"
"""What readers write between the fields of a reference: hyphens of all kinds, spaces, slashes."""
WHOLE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[/\\]{2}")
REFUSED = re.compile(r"[\s\x00-\x20\x7f-\x9f\ud800-\udfff\u200b-\u200f\u2028-\u202e\\\"<>{}|^`$#]")
ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
PAGE = re.compile(r"\.html?", re.IGNORECASE)
OURS = re.compile(
    r"assets|index\.html|404\.html|robots\.txt|sitemap.*\.xml|_headers|_redirects|redirects\..*"
)
"""What only the newsroom itself puts at its root, in small letters."""


def read_alias(text: str) -> str:
    """Return an older address as it is kept: ``old/page.asp?id=5``.

    Raises: `ValueError`, in the officer's words, for what is no path below the newsroom's root.
    """
    text = text.strip()
    if WHOLE.match(text):
        raise ValueError("an alias is a path of this site, and no whole address")
    if REFUSED.search(text):
        raise ValueError("a space, or a sign such as `#`, is no part of a path as servers get it")
    if ESCAPE.search(text):
        raise ValueError("after `%` two digits belong, as in `%20`")
    if len(text) > LONGEST:
        raise ValueError(f"it has more than {LONGEST} characters")
    path, mark, query = text.removeprefix("/").partition("?")
    parts = unquote(unquote(path)).rstrip("/").split("/")
    if not path and not query:
        raise ValueError("it names no page but the first")
    if path and ({"", ".", ".."} & {*parts} or REFUSED.search(unquote(unquote(path)))):
        raise ValueError("it does not lead straight down: `..`, `//` and the like are refused")
    return f"{path}{mark}{query}" if query else path


def identity_of(alias: str) -> str:
    """Return what is equal for addresses that some server or file system takes for one."""
    path, mark, query = alias.partition("?")
    path = unquote(path).casefold().rstrip("/").removesuffix("/index.html")
    return f"{path}{mark}{unquote(query).casefold()}"


def page_of(alias: str) -> str | None:
    """Return the file that a server without settings shows at an address, or None.

    There is none for an address with a query, nor for what such a server takes for no page.
    """
    *folders, name = alias.rstrip("/").split("/")
    if "?" in alias or "%" in alias or any(map(unfit, (*folders, name))):
        return None
    if any(PAGE.search(folder) for folder in folders):
        return None  # a page of that name could not stand beside the folder
    if PAGE.search(name) is not None and not alias.endswith("/"):
        return alias
    return f"{alias.rstrip('/')}/index.html" if "." not in name else None


def short_addresses(slug: str, address: str) -> tuple[str, ...]:
    """Return the other ways to write a release's address, apart on any file system.

    ``E-502-14`` and ``e502-14``; `address` is the proper one.
    """
    proper = address.rstrip("/").casefold()
    found = (slug, slug.lower().replace("-", "", 1))
    different = {each.casefold(): each for each in found if each.casefold() != proper}
    return tuple(different.values())


def meant_by(path: str, newsroom: Newsroom) -> Reference | None:
    """Return the reference that the beginning of a path is, in whatever way it is written."""
    parts = unquote(path).rstrip("/").split("/")
    for count in range(len(parts), 0, -1):
        start = "/".join(parts[:count])
        if reference := newsroom.pattern.recognize(start):
            return reference
    first = parts[0]
    for language in newsroom.languages:
        first = first.removesuffix(f"-{language}") if len(parts) == 1 else first
    return newsroom.pattern.recognize_short(first)


def forms_of(newsroom: Newsroom) -> str:
    """Return how references are written, as JSON for the script of the search page.

    `expression` matches them in whatever way readers write them: small letters, other signs between
    the fields or none, zeros left out, years in two digits or four. `template` makes an address of
    what it finds; the series in `several` add the language.
    """
    pattern = newsroom.pattern
    codes = sorted(newsroom.series, key=lambda code: (-len(code), code))
    groups = {
        "series": f"(?<series>{'|'.join(codes)})",
        "number": r"0*(?<number>[1-9]\d{0,8})",
        "year": r"(?<year>\d{4}|\d{2})",
    }
    expression, before = "", "series"
    for name, _ in FIELD.findall(pattern.template):
        gap = "" if not expression else SIGNS + ("*" if "series" in (name, before) else "+")
        expression, before = f"{expression}{gap}{groups[name]}", name
    languages = "|".join(map(re.escape, newsroom.languages))
    forms = {
        "expression": f"^{expression}(?:{SIGNS}+(?<language>{languages}))?/?$",
        "template": f"{pattern.template}/",
        "several": [code for code in newsroom.series if newsroom.series[code].language is None],
    }
    return json.dumps(forms, ensure_ascii=False)


def legacy_reference(alias: str, newsroom: Newsroom) -> Reference | None:
    """Return the reference whose older address, by a rule of newsroom.yaml, an alias is."""
    for legacy in newsroom.legacy_addresses:
        before, _, after = legacy.partition(HOLDER)
        if alias.casefold().startswith(before.casefold()) and alias.endswith(after):
            rest = alias[len(before) : len(alias) - len(after)]
            if reference := newsroom.pattern.recognize(unquote(rest)):
                return reference
    return None


def is_ours(path: str, newsroom: Newsroom) -> bool:
    """Tell whether only the newsroom itself puts something at a path, whatever its releases."""
    first = unquote(path).split("/")[0].casefold()
    languages = {language.casefold() for language in newsroom.languages}
    return first in languages or OURS.fullmatch(first) is not None


@dataclass(frozen=True, slots=True)
class Moves:
    """Which other addresses a newsroom publishes, and for whom."""

    for_hosts: bool = False
    for_nginx: bool = False
    for_apache: bool = False
    has_pages: bool = False
    """Whether each short address has a page of its own."""
    legacy: tuple[str, ...] = ()
    proper: tuple[str, ...] = ()
    """Expressions of the proper addresses, one a series."""
    ways: tuple[Way, ...] = ()

    @classmethod
    def of(cls, newsroom: Newsroom) -> Moves:
        """Return those of a newsroom."""
        wanted = newsroom.redirects
        return cls(
            "netlify" in wanted,
            "nginx" in wanted,
            "apache" in wanted,
            "pages" in wanted,
            newsroom.legacy_addresses,
            tuple(canonical(newsroom.pattern, code) for code in newsroom.series),
            tuple(ways(newsroom)),
        )


@dataclass(frozen=True, slots=True)
class Way:
    """Addresses of one form that lead to releases of one series, as a regular expression."""

    source: str
    """Matches the path and query that a browser asks for, below the root, whatever its capitals."""
    target: str
    """Below the root; ``{1}`` is what the first group matched."""


def canonical(pattern: ReferencePattern, series: str) -> str:
    """Return the expression of the proper addresses of a series, in capitals."""
    return _expression(pattern, series, _escaped)


def ways(newsroom: Newsroom) -> Iterator[Way]:
    """Yield the ways that newsroom.yaml declares, and those to write a reference otherwise."""
    pattern = newsroom.pattern
    for code, series in newsroom.series.items():
        target = _target(pattern, code)
        encoded = _expression(pattern, code, _as_asked)
        for legacy in newsroom.legacy_addresses:
            before, _, after = legacy.partition(HOLDER)
            path, mark, query = before.partition("?")
            if mark:
                names = f"(?:[^ ]*&)?{_escaped(query)}" if query else ""
                source = f"{_escaped(path)}\\?{names}{encoded}{_escaped(after)}(?:&[^ ]*)?"
            else:
                source = f"{_escaped(before)}{encoded}{_escaped(after)}"
            yield Way(source, target)
        slug = _expression(pattern, code, lambda _: "-").replace("-", "-?", 1)
        languages = () if series.language else newsroom.languages
        for language in languages:
            yield Way(f"{slug}-{re.escape(language)}/?(?:\\?[^ ]*)?", f"{target}{language}/")
        yield Way(f"{slug}/?(?:\\?[^ ]*)?", target)
        yield Way(f"{encoded}/?(?:\\?[^ ]*)?", target)
        for language in languages:
            yield Way(f"{encoded}/{re.escape(language)}/?(?:\\?[^ ]*)?", f"{target}{language}/")


def _escaped(text: str) -> str:
    """Escape what has a meaning in an expression, and no sign that nginx would stumble upon."""
    return re.sub(r"[.^$*+?()\[\]|/\\-]", lambda match: f"\\{match[0]}", text).replace("\\/", "/")


def _as_asked(literal: str) -> str:
    """Match what stands between fields as it is, or with its slashes percent-encoded."""
    return _escaped(literal).replace("/", "(?:/|%2F)")


def _expression(pattern: ReferencePattern, series: str, write: Callable[[str], str]) -> str:
    parts = []
    at = 0
    for field in FIELD.finditer(pattern.template):
        parts.append(write(pattern.template[at : field.start()]) if field.start() > at else "")
        digits = r"\d+"
        if field[1] == "year":
            digits = r"\d\d" * (1 if pattern.year_width == 2 else 2)
        parts.append(series if field[1] == "series" else f"({digits})")
        at = field.end()
    return "".join(parts)


def _target(pattern: ReferencePattern, series: str) -> str:
    count = 0

    def fill(field: re.Match[str]) -> str:
        nonlocal count
        if field[1] == "series":
            return series
        count += 1
        return f"{{{count}}}"

    return FIELD.sub(fill, pattern.template) + "/"
