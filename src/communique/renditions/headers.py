"""`_headers`: what Netlify and Cloudflare Pages send with the files, if the office asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communique.edition import Edition
from communique.headers import for_hosts
from communique.output import Output, Shelf, Stage, Stationery, Workshop, key_of

PATH = "_headers"


@dataclass(frozen=True, slots=True)
class HeadersSubject:
    """Where the newsroom lives on its host."""

    root: str


def shelves(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan the file."""
    if stationery.offers_headers:
        subject = HeadersSubject(stationery.default_site.root)
        key = key_of(subject)
        output = Output(PATH, Stage.ASSET, key, subject, render)
        yield Shelf(PATH, key, (), lambda: (output,))


def render(subject: HeadersSubject, workshop: Workshop) -> bytes:
    """Render the file."""
    return for_hosts(subject.root).encode()
