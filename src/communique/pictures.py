"""Photographs made smaller: for the page, and for print.

What comes in: the bytes of an image file. What goes out: the bytes of a smaller one. Pillow is
imported when the first picture is met.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from communique.release import WEB_WIDTH

if TYPE_CHECKING:
    from PIL.Image import Image

PRINT_WIDTH = 1024
"""Pixels across the page: 150 dots per inch on the width of the text."""
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}
"""Pillow's name of each format that a release may show, and its suffix."""


def measure(data: bytes) -> tuple[int, int, str]:
    """Return width and height in pixels, as the picture is to be seen, and its format's name.

    Raises: `ValueError` if the bytes are no picture that can be decoded to its end.
    """
    picture = _opened(data)
    return picture.width, picture.height, picture.format or ""


def for_web(data: bytes) -> bytes:
    """Scale a picture down to the width that a page shows, in its own format."""
    picture = _opened(data)
    return _encoded(_scaled(picture, WEB_WIDTH), picture.format or "PNG")


def for_print(data: bytes) -> bytes:
    """Scale a picture down to what paper can show, as JPEG or, where it has few colours, PNG.

    PDF/A-2 takes both; transparency is laid on white, as paper is.
    """
    picture = _opened(data)
    scaled = _on_white(_scaled(picture, PRINT_WIDTH))
    return _encoded(scaled, "JPEG" if picture.format in ("JPEG", "WEBP") else "PNG")


def _opened(data: bytes) -> Image:
    import PIL.Image
    from PIL import ImageOps, UnidentifiedImageError

    try:
        with PIL.Image.open(BytesIO(data), formats=tuple(FORMATS)) as picture:
            name = picture.format
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        PIL.Image.DecompressionBombError,
    ) as error:
        raise ValueError(str(error)) from error
    upright.format = name
    return upright


def _scaled(picture: Image, width: int) -> Image:
    import PIL.Image

    if picture.width <= width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    if picture.mode == "P":
        picture = picture.convert("RGBA")
    return picture.resize((width, height), PIL.Image.Resampling.LANCZOS)


def _on_white(picture: Image) -> Image:
    import PIL.Image

    if picture.mode in ("RGB", "L"):
        return picture
    layer = picture.convert("RGBA")
    white = PIL.Image.new("RGBA", layer.size, "white")
    return PIL.Image.alpha_composite(white, layer).convert("RGB")


def _encoded(picture: Image, name: str) -> bytes:
    buffer = BytesIO()
    if name == "JPEG":
        # Progressive and optimized: smaller, and the same bytes for the same Pillow.
        flat = picture if picture.mode in ("RGB", "L") else picture.convert("RGB")
        flat.save(buffer, name, quality=85, optimize=True, progressive=True)
    elif name == "WEBP":
        picture.save(buffer, name, quality=85, method=4)
    else:
        picture.save(buffer, name, optimize=True)
    return buffer.getvalue()
