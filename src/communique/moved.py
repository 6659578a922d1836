"""What servers are told of other addresses: where each leads, in the form that each server reads.

What comes in: single addresses, and ways (`communique.addresses.Way`) that hold for all releases.
What goes out: the text of a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from communique.addresses import Way

SAFE = "/%:@!$&'()*+,;=~-._?"
"""What stands in an address as it is."""


class Moved(NamedTuple):
    """One other address, and the proper one."""

    alias: str
    """Below the root, perhaps with a query."""
    address: str


def for_hosts(root: str, moved: Iterable[Moved]) -> str:
    """Write `_redirects`, which Netlify and Cloudflare Pages read; the latter without queries.

    `root` is the newsroom's path on its host: ``/``.
    """
    lines = []
    for alias, address in moved:
        path, _, query = alias.partition("?")
        source = " ".join([quote(root + path, SAFE), *_parameters(query)])
        lines.append(f"{source} {quote(root + address, SAFE)} 301\n")
    return "".join(lines)


def _parameters(query: str) -> Iterator[str]:
    return (quote(part, SAFE) for part in query.split("&") if part)


def for_nginx(root: str, moved: Iterable[Moved], proper: Iterable[str], ways: Iterable[Way]) -> str:
    """Write the inside of a `map $request_uri`; `proper` match the proper addresses.

    Strings go before expressions there, and of these the first that matches decides.
    """
    lines = ['default "";']
    for alias, address in moved:
        target = quote(root + address, SAFE)
        for source in _written(root + alias):
            lines.append(f'"{source}" "{target}";')
    start = _escaped(root)
    lines += [f'"~^{start}{each}(?:/|\\?|$)" "";' for each in proper]
    for way in ways:
        target = re.sub(r"\{(\d)\}", r"$\1", root + way.target)
        lines.append(f'"~*^{start}{way.source}$" "{target}";')
    return "\n".join(lines) + "\n"


def for_apache(
    root: str, moved: Iterable[Moved], proper: Iterable[str], ways: Iterable[Way]
) -> str:
    """Write rules for `mod_rewrite`, for a server or `<VirtualHost>`."""
    lines = ["RewriteEngine On"]
    start = _escaped(root)
    for each in proper:
        lines += [
            f'RewriteCond %{{THE_REQUEST}} "^[^ ]+ {start}{each}[/? ]"',
            "RewriteRule ^ - [L]",
        ]
    rules = [(re.escape(source), address) for alias, address in moved for source in _written(alias)]
    rules += [(way.source, re.sub(r"\{(\d)\}", r"%\1", way.target)) for way in ways]
    for source, target in rules:
        quoted = quote(root + target, SAFE)
        lines += [
            f'RewriteCond %{{THE_REQUEST}} "^[^ ]+ {start}{source} " [NC]',
            f'RewriteRule ^ "{quoted}" [R=301,L,NE,QSD]',
        ]
    return "\n".join(lines) + "\n"


def _written(alias: str) -> tuple[str, ...]:
    """Return how browsers ask for an address: percent-encoded, with and without the last slash."""
    source = quote(alias, SAFE)
    if "?" in source:
        return (source,)
    bare = source.rstrip("/")
    return (bare, f"{bare}/") if "." not in bare.rpartition("/")[2] else (source,)


def _escaped(root: str) -> str:
    return re.sub(r"[.+*?]", lambda match: f"\\{match[0]}", root)
