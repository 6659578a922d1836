"""Files that pages show or offer: the look's own, and the pictures and documents of releases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communique.edition import Edition, PublicRelease
from communique.output import Output, Shelf, Stage, Stationery, Workshop, key_of
from communique.picture_metadata import without_place
from communique.pictures import for_web, form_of
from communique.release import Asset, Image

SEARCH_SCRIPT = "assets/search.js"
"""Nothing draws it in where there is no search."""


@dataclass(frozen=True, slots=True)
class LayoutAsset:
    """A file of the look, published as it is."""

    name: str
    """Below `layouts/`."""


def shelves(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan the look's files."""
    idle = set() if "search" in stationery.default_site.formats else {SEARCH_SCRIPT}
    files = sorted(stationery.layouts.files.keys() - idle)
    names = tuple(name for name in files if name.startswith("assets/"))
    yield Shelf("assets/", key_of(names), ("assets/",), lambda: map(_of_the_look, names))


def outputs(release: PublicRelease, key: str, stationery: Stationery) -> Iterator[Output]:
    """Plan the files that a release brings along."""
    images = (*release.images, *release.body.images)
    documents = (attachment.asset for attachment in release.attachments)
    for asset in dict.fromkeys((*(image.asset for image in images), *documents)):
        path = f"{release.address}{asset.name}"
        yield Output(path, Stage.ASSET, key_of(asset), asset, render_asset, assets=(asset,))
    smaller = {image.web_name: image for image in images if image.web_name != image.asset.name}
    for name, image in smaller.items():
        yield Output(
            f"{release.address}{name}",
            Stage.ASSET,
            key_of(image.asset),
            image,
            render_smaller,
            assets=(image.asset,),
        )


def _of_the_look(name: str) -> Output:
    return Output(name, Stage.ASSET, name, LayoutAsset(name), render_layout_asset, (name,))


def render_layout_asset(subject: LayoutAsset, workshop: Workshop) -> bytes:
    """Return a file of the look."""
    return workshop.layouts.data(subject.name)


def render_asset(subject: Asset, workshop: Workshop) -> bytes:
    """Return a file of a release as it was given, a picture without what it tells of the place."""
    data = workshop.read(subject)
    form = form_of(subject.name)
    return data if form is None else without_place(data, form)


def render_smaller(subject: Image, workshop: Workshop) -> bytes:
    """Return the copy of a wide picture that the page shows."""
    return for_web(workshop.read(subject.asset))
