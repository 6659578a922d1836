"""Files that pages show or offer: the look's own, and the pictures and documents of releases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communique.edition import Edition, PublicRelease
from communique.output import Output, Stage, Stationery, Workshop
from communique.pictures import for_web
from communique.release import Asset, Image


@dataclass(frozen=True, slots=True)
class LayoutAsset:
    """A file of the look, published as it is."""

    name: str
    """Below `layouts/`."""


def plan(edition: Edition, stationery: Stationery) -> Iterator[Output]:
    """Plan the look's files, and those of every public release."""
    for name in sorted(stationery.layouts.files):
        if name.startswith("assets/"):
            yield Output(name, Stage.ASSET, LayoutAsset(name), render_layout_asset, (name,))
    for release in edition.releases:
        yield from _of_release(release)


def _of_release(release: PublicRelease) -> Iterator[Output]:
    images = (*release.images, *release.body.images)
    assets = (image.asset for image in images), (each.asset for each in release.attachments)
    for asset in dict.fromkeys((*assets[0], *assets[1])):
        yield Output(f"{release.address}{asset.name}", Stage.ASSET, asset, render_asset)
    smaller = {image.web_name: image for image in images if image.web_name != image.asset.name}
    for name, image in smaller.items():
        yield Output(f"{release.address}{name}", Stage.ASSET, image, render_smaller)


def render_layout_asset(subject: LayoutAsset, workshop: Workshop) -> bytes:
    """Return a file of the look."""
    return workshop.layouts.data(subject.name)


def render_asset(subject: Asset, workshop: Workshop) -> bytes:
    """Return a file of a release as it was given."""
    return workshop.read(subject)


def render_smaller(subject: Image, workshop: Workshop) -> bytes:
    """Return the copy of a wide picture that the page shows."""
    return for_web(workshop.read(subject.asset))
