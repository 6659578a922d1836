"""What a rendition promises: a path in `build/`, and the narrowest inputs that it is made from.

Rendering an `Output` is a pure function of `subject`, of the layout files it names and of the
assets it declares; their fingerprint decides whether it has to be rendered again. Outputs that
change together stand on one `Shelf`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, NamedTuple, Protocol

from communique.addresses import Moves
from communique.digest import digest_of
from communique.edition import Contact
from communique.layouts import Layouts
from communique.pdf_standard import DocumentInfo
from communique.release import Asset
from communique.site import Site

NO_MOVES = Moves()


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
    ENTRANCE = 6
    """Where readers come in who follow no link: the page `/`, and the one for what is missing."""


@dataclass(frozen=True, slots=True)
class Stationery:
    """What an edition is put on: the look, the sites, and whether there are PDFs."""

    layouts: Layouts
    sites: Mapping[str, Site]
    """Language → site, in the newsroom's order."""
    offers_pdf: bool
    site_keys: Mapping[str, str]
    """Language → what stands for everything that its site shows."""
    offers_headers: bool = False
    """Whether there is a file `_headers` for the host."""

    moves: Moves = NO_MOVES
    """Which other addresses there are, and for whom."""

    contacts: Mapping[str, tuple[Contact, ...]] = field(default_factory=dict)
    """Language → whom the front page names. No other page: a release has its own."""

    @classmethod
    def of(
        cls,
        layouts: Layouts,
        sites: Mapping[str, Site],
        offers_pdf: bool,
        offers_headers: bool = False,
        moves: Moves = NO_MOVES,
        contacts: Mapping[str, tuple[Contact, ...]] | None = None,
    ) -> Stationery:
        """Lay out the stationery."""
        keys = {language: key_of(site, offers_pdf) for language, site in sites.items()}
        return cls(layouts, sites, offers_pdf, keys, offers_headers, moves, contacts or {})

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

    def part(self, path: str) -> bytes:
        """Return the bytes of one of `Output.parts`."""
        ...

    def once(self, key: str, make: Callable[[], str]) -> str:
        """Return a text that several outputs hold; it is made for the first of them.

        `key` stands for all that it depends on but the look.
        """
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
    key: str
    """Stands for the subject: equal keys, equal subjects."""
    subject: object
    """What the renderer may see; a frozen value."""
    render: Callable[[Any, Workshop], bytes]
    """Makes the bytes from the subject; a function of a module, so that workers find it."""
    layout_files: tuple[str, ...] = ()
    """What it is made with, below `layouts/`; a name that ends with a slash is a folder."""
    assets: tuple[Asset, ...] = ()
    """The files beside releases that it reads."""
    needs: tuple[str, ...] = ()
    """Outputs of an earlier stage whose size it states."""
    parts: tuple[Output, ...] = ()
    """Outputs that it is made of; they stand on the same shelf, before it."""
    is_slow: bool = False
    """Whether it takes so long that another process should do it."""
    is_common: bool = False
    """Whether its key says all, so that outputs of other shelves may be equal: one is made."""

    def fingerprint(
        self, layouts: Layouts, size_of: Callable[[str], int | None], program: str
    ) -> str:
        """Return the digests of what its bytes depend on: program, subject, look, stated sizes.

        What it is made of belongs to that. `program` stands for the program's version and its
        libraries'.
        """
        whole = (self, *self.parts)
        files = self.layout_files
        if self.parts:
            files = tuple(dict.fromkeys(name for each in whole for name in each.layout_files))
        return ".".join(
            (
                _digest(program),
                _digest(*(text for each in whole for text in (_name_of(each.render), each.key))),
                layouts.digest_of_all(files),
                _digest(*(f"{path} {size_of(path)}" for each in whole for path in each.needs)),
            )
        )


class Shelf(NamedTuple):
    """Outputs that are planned together, and need not be looked at as long as nothing changed.

    An archive has tens of thousands of releases; one comparison each must do for those that are as
    they were.
    """

    name: str
    """No other shelf of an edition has it."""
    key: str
    """Stands for everything that the outputs show: equal keys, equal outputs."""
    layout_files: tuple[str, ...]
    """All that the outputs are made with, and what the outputs are made with that they state."""
    outputs: Callable[[], Iterable[Output]]
    states_sizes: bool = False
    """Whether an output states the size of one on another shelf, which then goes before it."""
    follows: bool = False
    """Whether it takes so long that it is made when all others have been published."""

    def fingerprint(self, layouts: Layouts, program: str) -> str:
        """Return the digest of everything that the outputs depend on."""
        return _digest(program, self.key, layouts.digest_of_all(self.layout_files))


def key_of(*parts: object) -> str:
    """Return the key that stands for some values, told apart by their `repr`."""
    return _digest(*map(repr, parts))


def _name_of(render: Callable[..., bytes]) -> str:
    return f"{render.__module__}.{render.__qualname__}"


def _digest(*parts: str) -> str:
    return digest_of("\x1f".join(parts).encode("utf-8", "surrogatepass"))
