"""The files beside a release: photographs and attachments.

Reading a release needs to know of them (are they there, how large is the picture?) without opening
files itself: it asks through `Companions`, which `communique.disk` answers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from communique.picture_metadata import Hull
from communique.release import Asset, Words


@dataclass(frozen=True, slots=True)
class PictureFile:
    """An image file that can be read."""

    asset: Asset
    width: int
    """In pixels, as the picture is to be seen (after the camera's orientation)."""
    height: int
    hull: Hull | None = None

    @property
    def moves(self) -> bool:
        """Tell whether it may be animated."""
        return self.hull is not None and self.hull.moves

    def asset_with(self, words: Words) -> Asset:
        """Return the file as it is published, with what the release says of it."""
        return replace(self.asset, size=self.hull.size_with(words)) if self.hull else self.asset


@dataclass(frozen=True, slots=True)
class FileFault:
    """Why a file cannot be published; the words of a diagnostic without its place."""

    code: str
    message: str
    advice: str | None = None


class Companions(Protocol):
    """The files that one release may name, by their path relative to its Markdown file."""

    def picture(self, file: str) -> PictureFile | FileFault:
        """Find an image.

        Faults: `file-missing`, `file-outside` (not below the releases folder), `file-type`,
        `image-broken`.
        """
        ...

    def document(self, file: str) -> Asset | FileFault:
        """Find an attachment.

        Faults: `file-missing`, `file-outside`, `file-type`.
        """
        ...
