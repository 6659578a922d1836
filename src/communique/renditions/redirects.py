"""Other addresses: lists for servers, if the office asks for them, and pages that lead on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from communique.addresses import HOLDER, Way, page_of, short_addresses
from communique.edition import Edition, Entry
from communique.layouts import templates_of
from communique.moved import Moved, for_apache, for_hosts, for_nginx
from communique.output import Output, Shelf, Stage, Stationery, Workshop, key_of
from communique.renditions.landing import REDIRECT, RedirectSubject, render_redirect
from communique.site import Site

HOSTS, NGINX, APACHE = "_redirects", "redirects.nginx.map", "redirects.apache.conf"


@dataclass(frozen=True, slots=True)
class HostsSubject:
    """What `_redirects` says: every other address of every release."""

    root: str
    moved: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class ServerSubject:
    """What a server of one's own is told: the older addresses, and the forms of all others."""

    root: str
    moved: tuple[Moved, ...]
    proper: tuple[str, ...]
    ways: tuple[Way, ...]


def pages(entry: Entry, stationery: Stationery) -> tuple[str, ...]:
    """Return the paths of the pages that lead to a release, apart on any file system."""
    found = [page for alias in entry.aliases if (page := page_of(alias))]
    if stationery.moves.has_pages:
        found += (f"{each}/index.html" for each in short_addresses(entry.slug, entry.address))
    return tuple(found)


def outputs(entry: Entry, stationery: Stationery) -> Iterator[Output]:
    """Plan the pages that lead to a release."""
    site = stationery.sites[entry.language]
    for path in pages(entry, stationery):
        yield page_to(entry.address, path, site, stationery)


def page_to(address: str, path: str, site: Site, stationery: Stationery) -> Output:
    """Plan a page that leads to an address."""
    key = key_of(address, stationery.site_keys[site.language])
    subject = RedirectSubject(site, address, ())
    return Output(path, Stage.LIST, key, subject, render_redirect, templates_of(site, REDIRECT))


def shelves(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan the files for servers."""
    moves, root = stationery.moves, stationery.default_site.root
    if moves.for_hosts:
        mark = "\x1e".join(
            f"{entry.reference} {entry.slug} {entry.address} {' '.join(entry.aliases)}"
            for entry in edition.entries
        )

        def hosts() -> HostsSubject:
            return HostsSubject(root, tuple(_all_moved(edition.entries, moves.legacy)))

        key = key_of(root, moves.legacy, mark)
        yield Shelf(
            HOSTS,
            key,
            (),
            lambda: (Output(HOSTS, Stage.ENTRANCE, key, hosts(), render_for_hosts),),
        )
    if not (moves.for_nginx or moves.for_apache):
        return
    subject = ServerSubject(root, tuple(_aliases(edition.entries)), moves.proper, moves.ways)
    key_of_server = key_of(subject)
    for path, is_wanted, render in (
        (NGINX, moves.for_nginx, render_for_nginx),
        (APACHE, moves.for_apache, render_for_apache),
    ):
        if is_wanted:
            output = Output(path, Stage.ENTRANCE, key_of_server, subject, render)
            yield Shelf(path, key_of_server, (), lambda output=output: (output,))  # type: ignore[misc]


def render_for_hosts(subject: HostsSubject, workshop: Workshop) -> bytes:
    """Render `_redirects`."""
    return for_hosts(subject.root, subject.moved).encode()


def render_for_nginx(subject: ServerSubject, workshop: Workshop) -> bytes:
    """Render the map for nginx."""
    return for_nginx(subject.root, subject.moved, subject.proper, subject.ways).encode()


def render_for_apache(subject: ServerSubject, workshop: Workshop) -> bytes:
    """Render the rules for Apache."""
    return for_apache(subject.root, subject.moved, subject.proper, subject.ways).encode()


def _aliases(entries: Iterable[Entry]) -> Iterator[Moved]:
    return (Moved(alias, entry.address) for entry in entries for alias in entry.aliases)


def _all_moved(entries: tuple[Entry, ...], legacy: tuple[str, ...]) -> Iterator[Moved]:
    """Yield what officers wrote first: hosts read only so many lines; then the newest releases."""
    yield from _aliases(entries)
    shared: set[str] = set()
    for entry in entries:
        proper = f"{entry.reference}/"
        yield from _otherwise(entry.slug, entry.address)
        if entry.address != proper:
            if entry.reference in shared:
                continue
            shared.add(entry.reference)
            slug = entry.slug.removesuffix(f"-{entry.language}")
            yield from _otherwise(slug, proper)
        for each in legacy:
            yield Moved(each.replace(HOLDER, entry.reference), proper)


def _otherwise(slug: str, address: str) -> Iterator[Moved]:
    for each in (*short_addresses(slug, address), address.lower().rstrip("/")):
        yield Moved(each, address)
    encoded = address.rstrip("/").replace("/", "%2F")
    if encoded != address.rstrip("/"):
        yield Moved(encoded, address)
