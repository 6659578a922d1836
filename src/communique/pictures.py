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
CREDITS = (0x010E, 0x013B, 0x8298)
"""Exif's ImageDescription, Artist and Copyright (CIPA DC-008 §4.6.5)."""
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
    scaled = _scaled(_in_srgb(picture), WEB_WIDTH)
    return _encoded(scaled, picture.format or "PNG", _credits_of(picture))


def for_print(data: bytes) -> bytes:
    """Scale a picture down to what paper can show, as JPEG or, where it has few colours, PNG.

    PDF/A-2 takes both; transparency is laid on white, as paper is.
    """
    picture = _opened(data)
    scaled = _on_white(_scaled(_in_srgb(picture), PRINT_WIDTH))
    return _encoded(scaled, "JPEG" if picture.format in ("JPEG", "WEBP") else "PNG")


def _opened(data: bytes) -> Image:
    import PIL.Image
    from PIL import ImageOps, UnidentifiedImageError

    try:
        with PIL.Image.open(BytesIO(data), formats=tuple(FORMATS)) as picture:
            # Cameras put several pictures into one JPEG; the first is the one that people see.
            name = "JPEG" if picture.format == "MPO" else picture.format
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


def _in_srgb(picture: Image) -> Image:
    """Return a picture in the colours of the web, which a copy without its profile is taken for."""
    from PIL import ImageCms

    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "RGBA", "CMYK"):
        return picture
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    try:
        given = ImageCms.ImageCmsProfile(BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(picture, given, srgb, outputMode=mode)
    except (ImageCms.PyCMSError, OSError):
        return picture  # the profile is damaged or another mode's; the picture can be seen
    assert converted is not None
    # The profile that Pillow makes carries the time of day.
    converted.info.pop("icc_profile", None)
    return converted


def _credits_of(picture: Image) -> bytes:
    """Return what a picture says of its author, as Exif; where it was taken stays out."""
    import PIL.Image

    given, kept = picture.getexif(), PIL.Image.Exif()
    for tag in CREDITS:
        if tag in given:
            kept[tag] = given[tag]
    return kept.tobytes() if len(kept) else b""


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


def _encoded(picture: Image, name: str, exif: bytes = b"") -> bytes:
    buffer = BytesIO()
    if name == "JPEG":
        # Progressive and optimized: smaller, and the same bytes for the same Pillow.
        flat = picture if picture.mode in ("RGB", "L") else picture.convert("RGB")
        flat.save(buffer, name, quality=85, optimize=True, progressive=True, exif=exif)
    elif name == "WEBP":
        picture.save(buffer, name, quality=85, method=4, exif=exif)
    else:
        picture.save(buffer, name, optimize=True, exif=exif)
    return buffer.getvalue()
