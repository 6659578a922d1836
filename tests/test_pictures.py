"""Photographs are made smaller, in the right colours, with their author and without their place."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageCms

from communique.pictures import PRINT_WIDTH, for_print, for_web, measure
from communique.release import WEB_WIDTH

RED, GREEN = (255, 0, 0), (0, 255, 0)
ARTIST, COPYRIGHT, MODEL, ORIENTATION, GPS = 0x013B, 0x8298, 0x0110, 0x0112, 0x8825


def photograph(name: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    """Return a red picture of 1400 × 700 pixels."""
    buffer = io.BytesIO()
    Image.new("RGB", (1400, 700), RED).convert(mode).save(buffer, name, **options)
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 8 for one, other in zip(pixel, colour, strict=True))


def profile_of_swapped_colours() -> bytes:
    """Return a colour profile in which what is stored as red is seen as green."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"....").replace(b"gXYZ", b"rXYZ")
    return swapped.replace(b"....", b"gXYZ")


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP", "GIF"])
def test_picture_is_scaled_to_page_and_paper(name: str) -> None:
    data = photograph(name)

    web, paper = opened(for_web(data)), opened(for_print(data))
    assert (web.format, web.size) == (name, (WEB_WIDTH, 640))
    assert (paper.format, paper.size) == (
        "JPEG" if name in ("JPEG", "WEBP") else "PNG",
        (PRINT_WIDTH, 512),
    )
    assert for_web(data) == for_web(data)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_colours_are_those_of_the_pictures_profile(name: str) -> None:
    data = photograph(name, icc_profile=profile_of_swapped_colours())

    for made in (for_web(data), for_print(data)):
        assert near(opened(made).convert("RGB").getpixel((9, 9)), GREEN)
        assert "icc_profile" not in opened(made).info  # Pillow's would carry the time of day


@pytest.mark.parametrize("mode", ["RGB", "CMYK", "L"])
def test_picture_with_a_damaged_profile_is_shown_as_it_is(mode: str) -> None:
    data = photograph(mode=mode, icc_profile=b"no profile")

    assert opened(for_web(data)).size == (WEB_WIDTH, 640)
    assert opened(for_print(data)).size == (PRINT_WIDTH, 512)


def test_author_is_kept_and_place_is_not() -> None:
    exif = Image.Exif()
    exif[ARTIST], exif[COPYRIGHT], exif[MODEL] = "Ada Pilot", "Harbour Council", "Camera"
    exif.get_ifd(GPS)[1] = "N"

    kept = opened(for_web(photograph(exif=exif))).getexif()
    assert dict(kept) == {ARTIST: "Ada Pilot", COPYRIGHT: "Harbour Council"}


def test_picture_is_turned_as_the_camera_was_held() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    data = photograph(exif=exif)

    assert measure(data) == (700, 1400, "JPEG")
    assert opened(for_print(data)).size == (700, 1400)


def test_jpeg_of_several_pictures_is_a_jpeg() -> None:
    """Many telephones write such files (CIPA DC-007), and Pillow calls them MPO."""
    data = photograph("MPO", save_all=True, append_images=[Image.new("RGB", (10, 10))])
    assert opened(data).format == "MPO"

    assert measure(data) == (1400, 700, "JPEG")
    assert opened(for_web(data)).format == "JPEG"


def test_transparent_is_white_on_paper() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(buffer, "PNG")

    assert opened(for_print(buffer.getvalue())).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    "data", [b"", b"no picture", photograph()[:2000]], ids=["empty", "text", "cut"]
)
def test_what_cannot_be_decoded_is_no_picture(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        measure(data)
