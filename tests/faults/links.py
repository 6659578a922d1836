"""Follow links as readers do, through nothing but files, and tell what is not there.

It knows addresses and formats, and nothing of the program.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin
from xml.etree import ElementTree

ENTRANCES = ("index.html", "404.html", "robots.txt", "sitemap.xml")
"""Where somebody comes in who follows no link."""
ATTRIBUTES = {"href", "src", "data", "poster", "action", "cite"}


def missing_links(files: Mapping[str, bytes], site: str, starts: Iterable[str]) -> list[str]:
    """Return what is missed: ``page -> address``, on all that can be reached from some files.

    `files` are those of a folder, by path; `site` is its address, with a slash at the end.
    """
    waiting = [path for path in dict.fromkeys([*ENTRANCES, *starts]) if path in files]
    seen = set(waiting)
    missing = []
    while waiting:
        path = waiting.pop()
        for address in links_of(path, files[path], site):
            target = _path_of(address, site)
            if target is None:
                continue
            if target not in files:
                missing.append(f"{path} -> {target}")
            elif target not in seen:
                seen.add(target)
                waiting.append(target)
    return sorted(missing)


def links_of(path: str, data: bytes, site: str) -> Iterator[str]:
    """Yield the absolute address of everything that a file links to or draws in."""
    base = urljoin(site, path)
    for suffix, read in READERS.items():
        if path.endswith(suffix):
            for address in read(data.decode()):
                yield urldefrag(urljoin(base, address.strip())).url


def _path_of(address: str, site: str) -> str | None:
    """Return the file behind an address, or None if it lies elsewhere."""
    if not address.startswith(site):
        return None
    path = unquote(address.removeprefix(site)).partition("?")[0]
    return f"{path}index.html" if not path or path.endswith("/") else path


class _Page(HTMLParser):
    """The addresses in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._is_json = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value for name, value in attrs if value is not None}
        self.found += [values[name] for name in ATTRIBUTES & values.keys()]
        for candidate in values.get("srcset", "").split(","):
            self.found += candidate.split()[:1]
        self.found += _css(values.get("style", ""))
        if tag == "meta":
            content = values.get("content", "")
            self.found += re.findall(r"(?i)^\s*\d+\s*;\s*url=(.*)$", content)
            self.found += [content] if content.startswith(("https:", "http:")) else []
        self._is_json = values.get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        if self._is_json:
            self.found += _strings(json.loads(data))
            self._is_json = False


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, str) and value.startswith(("https:", "http:")):
        yield value


def _xml(text: str) -> Iterator[str]:
    for element in ElementTree.fromstring(text.encode()).iter():
        name = element.tag.rpartition("}")[2]
        content = (element.text or "").strip()
        if name in ("loc", "link", "url") and content:
            yield content
        elif name in ("description", "encoded"):
            yield from _Page(content).found
        for attribute in ("href", "url"):
            if attribute in element.attrib:
                yield element.attrib[attribute]


def _css(text: str) -> Iterator[str]:
    for match in re.finditer(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", text):
        yield match[1] or match[2]


def _robots(text: str) -> Iterator[str]:
    yield from re.findall(r"(?im)^sitemap:\s*(\S+)", text)


READERS: Mapping[str, Callable[[str], Iterable[str]]] = {
    ".html": lambda text: _Page(text).found,
    ".xml": _xml,
    ".svg": _xml,
    ".css": _css,
    "robots.txt": _robots,
}
"""How to read a kind of file, by the end of its name."""
