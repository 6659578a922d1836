"""Photographs are made smaller, in the right colours, with their author and without their place."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageCms

from communique.pictures import PRINT_WIDTH, for_print, for_web, in_width, measure
from communique.release import PICTURE_FORMS, WEB_WIDTH, Asset
from communique.release import Image as Shown

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
    for form in PICTURE_FORMS:
        assert "icc_profile" not in opened(in_width(data, 400, form)).info


def test_author_is_kept_and_place_is_not() -> None:
    exif = Image.Exif()
    exif[ARTIST], exif[COPYRIGHT], exif[MODEL] = "Ada Pilot", "Harbour Council", "Camera"
    exif.get_ifd(GPS)[1] = "N"

    kept = opened(for_web(photograph(exif=exif))).getexif()
    assert dict(kept) == {ARTIST: "Ada Pilot", COPYRIGHT: "Harbour Council"}


@pytest.mark.parametrize("form", PICTURE_FORMS)
@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_copy_for_browsers_has_the_colours_the_author_and_no_place(name: str, form: str) -> None:
    exif = Image.Exif()
    exif[ARTIST], exif[MODEL] = "Ada Pilot", "Camera"
    exif.get_ifd(GPS)[1] = "N"
    data = photograph(name, exif=exif, icc_profile=profile_of_swapped_colours())

    made = in_width(data, 400, form)
    assert (opened(made).format, opened(made).size) == (form.upper(), (400, 200))
    assert near(opened(made).convert("RGB").getpixel((9, 9)), GREEN)
    assert dict(opened(made).getexif()) == {ARTIST: "Ada Pilot"}
    assert in_width(data, 400, form) == made
    assert len(made) < len(for_web(data)) or name == "PNG"


@pytest.mark.parametrize("form", PICTURE_FORMS)
@pytest.mark.parametrize(
    ("mode", "colour", "seen"),
    [
        ("L", 128, (128, 128, 128, 255)),
        ("I;16", 32896, (128, 128, 128, 255)),
        ("LA", (128, 0), None),
        ("RGBA", (255, 0, 0, 0), None),
        ("P", 0, (0, 0, 0, 255)),
        ("1", 1, (255, 255, 255, 255)),
    ],
)
def test_every_kind_of_picture_has_copies_for_browsers(
    form: str, mode: str, colour: int, seen: tuple[int, ...] | None
) -> None:
    buffer = io.BytesIO()
    Image.new(mode, (60, 40), colour).save(buffer, "PNG")

    pixel = opened(in_width(buffer.getvalue(), 60, form)).convert("RGBA").getpixel((30, 20))
    assert isinstance(pixel, tuple)
    if seen is None:
        assert pixel[3] == 0
    else:
        assert all(abs(one - other) < 6 for one, other in zip(pixel, seen, strict=True))


@pytest.mark.parametrize(
    ("width", "widths"),
    [(4000, (400, 720, 1280)), (900, (400, 900)), (500, (500,)), (90, (90,))],
)
def test_picture_is_offered_in_widths_that_differ_and_never_larger_than_it_is(
    width: int, widths: tuple[int, ...]
) -> None:
    asset = Asset("a.jpg", "a.jpg", "digest", 1)

    assert Shown(asset, "A", width, 300).widths == widths
    assert Shown(asset, "A", width, 300, moves=True).widths == ()


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
