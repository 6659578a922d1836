"""What becomes of one release, whatever it holds: diagnostics, or pages that do nobody harm."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree, html
from PIL import Image

from communique.cards import card_of
from communique.catalogue import collect
from communique.desk import Desk
from communique.holdings import Furnishings, read_furnishings
from communique.layouts import Layouts
from communique.output import Stage, Stationery
from communique.pdf_standard import DocumentInfo
from communique.plan import plan_outputs
from communique.release import Asset, Manuscript, Release
from communique.site import sites_of
from tests.harbour import ENGLISH, FRENCH, NEWSROOM, Beside, read
from tests.office import Office

NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
HARMLESS = ("http", "https", "mailto", "tel", "")
SCHEME = re.compile(r"[\x00-\x20]*([^/?#]*?):")
ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "srcset", "xlink:href"}
CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@cache
def furnishings() -> Furnishings:
    """Read the Harbour Council, with the program's own look."""
    with TemporaryDirectory() as folder:
        checked = read_furnishings(Office.open(Path(folder), NEWSROOM).folder)
    assert checked.value is not None, checked.diagnostics
    return checked.value


@cache
def desk() -> Desk:
    marks = {"en": ENGLISH, "fr": FRENCH}
    return Desk(furnishings().newsroom, marks, lambda path: Beside())


@cache
def picture() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(buffer, "PNG")
    return buffer.getvalue()


@dataclass
class Bench:
    """Renders all but PDFs, of which it returns what they are made from."""

    layouts: Layouts

    def read(self, asset: Asset) -> bytes:
        return picture()

    def size_of(self, path: str) -> int:
        return 1000

    def part(self, path: str) -> bytes:
        return b""

    def once(self, key: str, make: Callable[[], str]) -> str:
        return make()

    def write_pdf(
        self, html: str, base_url: str, info: DocumentInfo, files: Mapping[str, bytes]
    ) -> bytes:
        return html.encode()


def outcome_of(data: bytes) -> Manuscript:
    """Read a release; if it is sound, make everything that shows it.

    Raises: `AssertionError` if what is made could do harm; anything else is a fault of ours.
    """
    manuscript = read(data, desk())
    if manuscript.release is not None:
        assert not any(found.is_error for found in manuscript.diagnostics)
        for path, made in shown(manuscript.release):
            require_harmless(path, made)
    else:
        assert any(found.is_error for found in manuscript.diagnostics)
    return manuscript


def shown(release: Release) -> Iterator[tuple[str, bytes]]:
    """Yield the page of a release, what its PDF is made from, and the lists and feeds with it."""
    newsroom, layouts = furnishings().newsroom, furnishings().layouts
    catalogue = collect(
        [card_of(release, newsroom)], (), newsroom, {release.path: release}.__getitem__
    ).value
    assert catalogue is not None
    edition = catalogue.preview(NOW, lambda card, _: card.title)
    stationery = Stationery.of(layouts, sites_of(newsroom), offers_pdf=True)
    for output in plan_outputs(edition, stationery):
        if output.stage is not Stage.ASSET and is_about(output.path, release.language):
            yield output.path, output.render(output.subject, Bench(layouts))


def is_about(path: str, language: str) -> bool:
    """Tell whether a file shows a release; others, of which there are many, are left out."""
    return path.startswith(
        (f"{language}/index", f"{language}/feed", f"{language}/atom", "E-", "F-")
    )


def require_harmless(path: str, made: bytes) -> None:
    text = made.decode()
    assert not CHARACTERS.search(text), path
    if path.endswith(".xml"):
        feed = etree.fromstring(made)
        for description in feed.iter("description"):
            require_harmless_html(path, description.text or "")
        for link in feed.iter("link"):
            require_harmless_address(link.text or "")
    elif path.endswith(".json"):
        for item in json.loads(text)["items"]:
            require_harmless_html(path, item["content_html"])
            require_harmless_address(item["url"])
    elif path.endswith(".opml"):
        assert etree.fromstring(made).tag == "opml", path
    else:
        require_harmless_html(path, text)


def require_harmless_html(path: str, text: str) -> None:
    whole = text if text.startswith("<!doctype html>") else f"<div>{text}</div>"
    for element in html.fromstring(whole).iter("*"):
        tag, data = str(element.tag), element.get("type") == "application/ld+json"
        ours = element.get("src") == "/assets/copy.js" and not element.text
        assert tag != "script" or data or ours, f"{path}: a script"
        assert tag not in ("iframe", "object", "embed", "base", "style"), f"{path}: {tag}"
        for written, value in element.attrib.items():
            name = str(written)
            assert not name.startswith("on"), f"{path}: {name}"
            assert name != "style", f"{path}: a style"
            if name in ADDRESSES:
                require_harmless_address(str(value))


def require_harmless_address(address: str) -> None:
    found = SCHEME.match(address)
    assert found is None or found[1].lower() in HARMLESS, address
