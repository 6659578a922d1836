"""Photographs made smaller: for the page, and for print.

What comes in: the bytes of an image file. What goes out: the bytes of a smaller one. Pillow is
imported when the first picture is met.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING

from communique.limits import LIMITS
from communique.picture_credits import Credits
from communique.picture_metadata import credits_of, with_credits, without_place
from communique.release import PICTURE_FORMS, WEB_WIDTH

if TYPE_CHECKING:
    from PIL.Image import Image

PRINT_WIDTH = 1024
"""Pixels across the page: 150 dots per inch on the width of the text."""
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}
"""Pillow's name of each format that a release may show, and its suffix."""
NOTHING = Credits()


class TooManyPixelsError(Exception):
    """A picture is larger than may be decoded."""


def measure(data: bytes, most_pixels: int = LIMITS.picture_pixels) -> tuple[int, int, str]:
    """Return width and height in pixels, as the picture is to be seen, and its format's name.

    Raises: `TooManyPixelsError` before anything is decoded; `ValueError` if the bytes are no
    picture that can be decoded to its end.
    """
    picture = _opened(data, most_pixels)
    return picture.width, picture.height, picture.format or ""


def form_of(name: str) -> str | None:
    """Return the format of a picture that was measured, which its name agrees with."""
    suffix = name.rpartition(".")[2].lower().replace("jpeg", "jpg")
    return next((form for form, each in FORMATS.items() if each == suffix), None)


def media_type_of(name: str) -> str:
    """Return the media type of a picture that was measured, from its name."""
    return f"image/{(form_of(name) or 'JPEG').lower()}"


def writable_forms() -> tuple[str, ...]:
    """Return those of `PICTURE_FORMS` that Pillow writes on this machine."""
    return tuple(form for form in PICTURE_FORMS if find_spec(f"PIL._{form}") is not None)


def for_web(data: bytes) -> bytes:
    """Scale a picture down to the width that a page shows, in its own format."""
    scaled, name, said = _for_page(data)
    return _encoded(scaled, name, said)


def in_width(data: bytes, width: int, form: str) -> bytes:
    """Scale a picture down to a width that a page offers, in one of `PICTURE_FORMS`.

    Of its credits it says those that Exif has, which are short.
    """
    scaled, name, said = _for_page(data)
    plain = _in_eight_bits(_scaled(scaled, width))
    plain.info = {}
    buffer = BytesIO()
    if form == "webp":
        plain.save(buffer, "WEBP", quality=80, method=4, exif=said.exif)
    else:
        # Several threads make other bytes than one does. In a trial with a photograph of 720 pixels
        # (JPEG: 59 KB), speed 9 took 0.04 s of a processor for 32 KB, and speed 6 0.31 s for 27.
        # Drawings have fine coloured lines, which photographs have not.
        colours = "4:2:0" if name == "JPEG" else "4:4:4"
        options = {"quality": 60, "speed": 9, "max_threads": 1, "subsampling": colours}
        plain.save(buffer, "AVIF", exif=said.exif, **options)
    return buffer.getvalue()


def for_print(data: bytes) -> bytes:
    """Scale a picture down to what paper can show, as JPEG or, where it has few colours, PNG.

    PDF/A-2 takes both; transparency is laid on white, as paper is.
    """
    picture = _opened(data)
    scaled = _on_white(_scaled(_in_srgb(picture), PRINT_WIDTH))
    return _encoded(scaled, "JPEG" if picture.format in ("JPEG", "WEBP") else "PNG")


@lru_cache(maxsize=1)
def _for_page(data: bytes) -> tuple[Image, str, Credits]:
    """Return a picture in the width that a page shows, its format, and what it says.

    Its copies are made one after the other: to decode it takes longer than all else.
    """
    picture = _opened(data)
    name = picture.format or "PNG"
    scaled = _scaled(_in_srgb(picture), WEB_WIDTH)
    return scaled, name, credits_of(data, name).of_upright()


def _opened(data: bytes, most_pixels: int | None = None) -> Image:
    """Decode a picture as browsers show it: as it is published, and turned as the camera was."""
    form = _form_of(data, most_pixels)
    published = without_place(data, form)
    import PIL.Image
    from PIL import ImageOps

    with _quietly(), PIL.Image.open(BytesIO(published), formats=(form,)) as picture:
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)
    picture.format = form
    return picture


def _form_of(data: bytes, most_pixels: int | None) -> str:
    """Return the name of a picture's format, before it is decoded."""
    import PIL.Image

    with _quietly(), PIL.Image.open(BytesIO(data), formats=tuple(FORMATS)) as picture:
        if most_pixels is not None and picture.width * picture.height > most_pixels:
            raise TooManyPixelsError
        # Cameras put several pictures into one JPEG; the first is the one that people see.
        return "JPEG" if picture.format == "MPO" else str(picture.format)


@contextmanager
def _quietly() -> Iterator[None]:
    """Turn whatever Pillow raises into a `ValueError`, and keep its warnings from the terminal.

    Damaged files make its decoders fail in every way there is.
    """
    import PIL.Image

    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    except PIL.Image.DecompressionBombError as error:
        raise TooManyPixelsError from error
    except (TooManyPixelsError, ValueError):
        raise
    except Exception as error:
        raise ValueError(str(error)) from error


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


def _scaled(picture: Image, width: int) -> Image:
    import PIL.Image

    if picture.width <= width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    if picture.mode == "P":
        picture = picture.convert("RGBA")
    return picture.resize((width, height), PIL.Image.Resampling.LANCZOS)


def _in_eight_bits(picture: Image) -> Image:
    """Return a copy in a form that all formats for pages can have."""
    if picture.mode.startswith("I"):  # greys of 16 bits, which `convert` would cut off
        return picture.convert("I").point(lambda grey: grey * (1 / 257)).convert("L").convert("RGB")
    is_clear = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    return picture.convert("RGBA" if is_clear else "RGB")


def _on_white(picture: Image) -> Image:
    import PIL.Image

    if picture.mode in ("RGB", "L"):
        return picture
    layer = picture.convert("RGBA")
    white = PIL.Image.new("RGBA", layer.size, "white")
    return PIL.Image.alpha_composite(white, layer).convert("RGB")


def _encoded(picture: Image, name: str, said: Credits = NOTHING) -> bytes:
    buffer = BytesIO()
    if name == "JPEG":
        # Progressive and optimized: smaller, and the same bytes for the same Pillow.
        flat = picture if picture.mode in ("RGB", "L") else picture.convert("RGB")
        flat.save(buffer, name, quality=85, optimize=True, progressive=True)
    elif name == "WEBP":
        picture.save(buffer, name, quality=85, method=4, exif=said.exif, xmp=said.xmp)
    else:
        picture.save(buffer, name, optimize=True)
    return with_credits(buffer.getvalue(), name, said)
