"""Files that pages show or offer: the look's own, and the pictures and documents of releases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from communique.edition import Edition, PublicRelease
from communique.output import Output, Shelf, Stage, Stationery, Workshop, key_of
from communique.picture_metadata import without_place
from communique.pictures import for_web, form_of, in_width
from communique.release import Asset, Image
from communique.site import Site

SEARCH_SCRIPT = "assets/search.js"
"""Nothing draws it in where there is no search."""


@dataclass(frozen=True, slots=True)
class LayoutAsset:
    """A file of the look, published as it is."""

    name: str
    """Below `layouts/`."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A picture as a page shows it."""

    asset: Asset
    width: int
    """In pixels."""
    form: str
    """One of `PICTURE_FORMS`; empty for the picture's own."""


def shelves(edition: Edition, stationery: Stationery) -> Iterator[Shelf]:
    """Plan the look's files."""
    idle = set() if "search" in stationery.default_site.formats else {SEARCH_SCRIPT}
    files = sorted(stationery.layouts.files.keys() - idle)
    names = tuple(name for name in files if name.startswith("assets/"))
    yield Shelf("assets/", key_of(names), ("assets/",), lambda: map(_of_the_look, names))


def outputs(release: PublicRelease, key: str, stationery: Stationery) -> Iterator[Output]:
    """Plan the files that a release brings along."""
    images = (*release.images, *release.body.images)
    yield from originals(release)
    shown = {image.asset.name for image in images}
    documents = {each.asset.name: each.asset for each in release.attachments}
    for name, asset in documents.items():
        if name not in shown:
            path = f"{release.address}{name}"
            yield Output(path, Stage.ASSET, key_of(asset), asset, render_asset, assets=(asset,))
    yield from _copies(images, release.address, stationery.sites[release.language])


def originals(release: PublicRelease) -> Iterator[Output]:
    """Plan the pictures of a release in full size, each with what it says of it the first time."""
    images: dict[str, Image] = {}
    for image in (*release.images, *release.body.images):
        images.setdefault(image.asset.name, image)
    for name, image in images.items():
        yield Output(
            f"{release.address}{name}",
            Stage.ASSET,
            key_of(image.asset, image.words),
            image,
            render_original,
            assets=(image.asset,),
        )


def _copies(images: Iterable[Image], address: str, site: Site) -> Iterator[Output]:
    """Plan the copies of pictures that a page shows: smaller, and in the formats of browsers.

    Their keys have nothing of the release, so that no other text, nor a translation with the same
    picture, makes them again.
    """
    for image in {image.asset.name: image for image in images}.values():
        copies = {
            image.name_in(width, form): Copy(image.asset, width, form)
            for form in site.picture_forms
            for width in image.widths
        }
        if image.web_name != image.asset.name:
            copies[image.web_name] = Copy(image.asset, image.web_width, "")
        for name, copy in copies.items():
            yield Output(
                f"{address}{name}",
                Stage.ASSET,
                key_of(copy.asset.digest, copy.width, copy.form),
                copy,
                render_copy,
                assets=(copy.asset,),
                is_slow=True,
                is_common=True,
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


def render_original(subject: Image, workshop: Workshop) -> bytes:
    """Return a picture as it was given, without its place, with the release's words in its file."""
    data = workshop.read(subject.asset)
    form = form_of(subject.asset.name)
    assert form is not None, "a picture is named like what it is"
    return without_place(data, form, subject.words)


def render_copy(subject: Copy, workshop: Workshop) -> bytes:
    """Return a copy of a picture that the page shows."""
    data = workshop.read(subject.asset)
    return in_width(data, subject.width, subject.form) if subject.form else for_web(data)
