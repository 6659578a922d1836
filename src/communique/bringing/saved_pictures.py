"""Pictures of a document as files that can be published."""

from __future__ import annotations

from io import BytesIO

from communique.pictures import FORMATS, TooManyPixelsError, measure

CONVERTED = ("TIFF", "BMP")
"""What browsers do not show, and Pillow reads: it becomes PNG."""


def as_published(data: bytes, most_pixels: int) -> tuple[bytes, str] | None:
    """Return a picture's bytes and the ending of its name; None if it cannot be published."""
    try:
        _, _, name = measure(data, most_pixels)
        return data, FORMATS[name]
    except (ValueError, TooManyPixelsError, KeyError):
        return _converted(data, most_pixels)


def _converted(data: bytes, most_pixels: int) -> tuple[bytes, str] | None:
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=CONVERTED) as picture:
            if picture.width * picture.height > most_pixels:
                return None
            saved = BytesIO()
            picture.convert("RGB").save(saved, "PNG")
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    return saved.getvalue(), "png"
