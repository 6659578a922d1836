"""From an `Edition` to the files that show it.

What comes in: what the public may see, and the stationery. What goes out: every `Output` of
`build/`, on shelves. The two tables below are all there is to adding a rendition.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from functools import partial

from communique.edition import Edition, Entry, PublicRelease
from communique.layouts import templates_of
from communique.output import Output, Shelf, Stationery
from communique.renditions import (
    assets,
    calendar,
    corrections,
    feeds,
    front,
    headers,
    index,
    landing,
    newsml,
    ninjs,
    pack,
    page,
    pdf,
    plain_text,
    redirects,
    rubric_pages,
    search,
    sitemap,
    years,
)
from communique.site import Site

OF_A_RELEASE: tuple[Callable[[PublicRelease, str, Stationery], Iterator[Output]], ...] = (
    assets.outputs,
    calendar.outputs,
    plain_text.outputs,
    ninjs.outputs,
    newsml.outputs,
    pdf.outputs,
    pack.outputs,
)
"""The page of a release is not among them: it alone shows other releases as well."""
OF_AN_EDITION: tuple[Callable[[Edition, Stationery], Iterator[Shelf]], ...] = (
    assets.shelves,
    headers.shelves,
    front.shelves,
    years.shelves,
    rubric_pages.shelves,
    corrections.shelves,
    landing.shelves,
    feeds.shelves,
    calendar.shelves,
    ninjs.shelves,
    index.shelves,
    search.shelves,
    sitemap.shelves,
    redirects.shelves,
)


def plan_shelves(
    edition: Edition, stationery: Stationery, standing: Container[str] = ()
) -> Iterator[Shelf]:
    """Plan every file of `build/`: the releases, newest first, then what leads to them.

    Those releases are left out whose address is one of `standing`.
    """
    layout_files = {
        language: _layout_files(site, stationery) for language, site in stationery.sites.items()
    }
    for entry in edition.entries:
        if entry.address in standing:
            continue
        key = f"{entry.key}\x1e{stationery.site_keys[entry.language]}"
        files = layout_files[entry.language]
        # Where the page leads, and pages that lead here: nothing else is made anew for these.
        if led := redirects.pages(entry, stationery):
            files = (*files, *templates_of(stationery.sites[entry.language], landing.REDIRECT))
        yield Shelf(
            entry.address,
            "\x1e".join((key, entry.connections.key, *led)),
            files,
            partial(_outputs, edition, entry, key, stationery),
        )
    for shelves in OF_AN_EDITION:
        yield from shelves(edition, stationery)


def plan_outputs(edition: Edition, stationery: Stationery) -> tuple[Output, ...]:
    """Plan the files of `build/`, in the order of publication; no path stands twice.

    Those are left out whose making takes long (`plan_followers`).
    """
    shelves = plan_shelves(edition, stationery)
    outputs = [output for shelf in shelves if not shelf.follows for output in shelf.outputs()]
    outputs.sort(key=lambda output: output.stage)
    paths = [output.path for output in outputs]
    assert len(set(paths)) == len(paths), "two renditions claim one path"
    return tuple(outputs)


def plan_followers(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan what is made when all else has been published."""
    return (shelf for shelf in search.shelves(edition, stationery) if shelf.follows)


def stated_paths(edition: Edition, stationery: Stationery) -> set[str]:
    """Return the PDFs whose size another output states."""
    return set(feeds.stated_paths(edition, stationery))


def _outputs(edition: Edition, entry: Entry, key: str, stationery: Stationery) -> Iterable[Output]:
    release = edition.open(entry)
    for outputs in OF_A_RELEASE:
        yield from outputs(release, key, stationery)
    yield from page.outputs(release, entry.connections, key, stationery)
    yield from redirects.outputs(entry, stationery)


def _layout_files(site: Site, stationery: Stationery) -> tuple[str, ...]:
    files = [*page.layout_files(site), *(pdf.layout_files(site) if stationery.offers_pdf else ())]
    return tuple(dict.fromkeys(files))
