"""What a rendition promises: a path in `build/`, and the narrowest inputs that it is made from.

Rendering an `Output` is a pure function of `subject`, of the layout files it names and of the
assets it declares; their fingerprint decides whether it has to be rendered again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Protocol

from communique.layouts import Layouts
from communique.pdf_standard import DocumentInfo
from communique.release import Asset
from communique.site import Site
from communique.source import digest_of


class Stage(IntEnum):
    """The order in which files are published: nothing links to what is not there yet.

    Removals go the other way round.
    """

    ASSET = 0
    PDF = 1
    PAGE = 2
    LIST = 3
    FEED = 4
    SITEMAP = 5


@dataclass(frozen=True, slots=True)
class Stationery:
    """What an edition is put on: the look, the sites, and whether there are PDFs."""

    layouts: Layouts
    sites: Mapping[str, Site]
    """Language → site, in the newsroom's order."""
    offers_pdf: bool

    @property
    def default_site(self) -> Site:
        """Return the site of the newsroom's first language."""
        return next(iter(self.sites.values()))


class Workshop(Protocol):
    """What a renderer may use beside its subject."""

    @property
    def layouts(self) -> Layouts:
        """The look."""
        ...

    def read(self, asset: Asset) -> bytes:
        """Return the bytes of a file beside a release."""
        ...

    def size_of(self, path: str) -> int:
        """Return the size in bytes of an output that is declared in `Output.needs`."""
        ...

    def write_pdf(
        self, html: str, base_url: str, info: DocumentInfo, files: Mapping[str, bytes]
    ) -> bytes:
        """Turn HTML into a PDF; `files` are the images it shows, by absolute address."""
        ...


@dataclass(frozen=True, slots=True)
class Output:
    """One file of `build/`."""

    path: str
    stage: Stage
    subject: object
    """A frozen value; its `repr` tells it from any other."""
    render: Callable[[Any, Workshop], bytes]
    """Makes the bytes from the subject; a function of a module, so that workers find it."""
    layout_files: tuple[str, ...] = ()
    """What it is made with, below `layouts/`; a name that ends with a slash is a folder."""
    needs: tuple[str, ...] = ()
    """Outputs of an earlier stage whose size it states."""

    def fingerprint(self, layouts: Layouts, size_of: Callable[[str], int], program: str) -> str:
        """Return the digest of everything that its bytes depend on.

        `program` stands for the program's version and its libraries'.
        """
        parts = [
            program,
            f"{self.render.__module__}.{self.render.__qualname__}",
            repr(self.subject),
            *(layouts.digest(name) for name in self.layout_files),
            *(f"{path} {size_of(path)}" for path in self.needs),
        ]
        return digest_of("\x1f".join(parts).encode("utf-8", "surrogatepass"))
