"""Pictures are published with their author and rights, and nothing else beside their pixels."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageCms, IptcImagePlugin, PngImagePlugin

from communique.picture_metadata import credits_of, without_place
from communique.pictures import for_web
from communique.release import Asset, Words
from tests.office import Office

ORIENTATION, DESCRIPTION, ARTIST, COPYRIGHT, MODEL = 0x0112, 0x010E, 0x013B, 0x8298, 0x0110
GPS, EXIF_IFD, SERIAL_NUMBER = 0x8825, 0x8769, 0xA431
PLACE = "Canary Wharf 51.5054"
"""Stands wherever a file may tell of a place, a person or a camera."""
XMP = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" exif:GPSLatitude="{PLACE}"
 photoshop:City="{PLACE}" photoshop:Credit="Harbour &amp; Sea">
 <dc:creator><rdf:Seq><rdf:li>Ada Pilot</rdf:li><rdf:li>Bo Mast</rdf:li></rdf:Seq></dc:creator>
 <dc:rights><rdf:Alt><rdf:li xml:lang="x-default">© Harbour Council</rdf:li></rdf:Alt></dc:rights>
 <dc:subject><rdf:Bag><rdf:li>{PLACE}</rdf:li></rdf:Bag></dc:subject>
 <xmpRights:UsageTerms><rdf:Alt><rdf:li xml:lang="en">Free &lt;to&gt; print</rdf:li></rdf:Alt>
 </xmpRights:UsageTerms>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()
KEPT_OF_XMP = (
    b"<dc:creator><rdf:Seq><rdf:li>Ada Pilot</rdf:li><rdf:li>Bo Mast</rdf:li></rdf:Seq>",
    '<rdf:li xml:lang="x-default">© Harbour Council</rdf:li>'.encode(),
    b"<photoshop:Credit>Harbour &amp; Sea</photoshop:Credit>",
    b'<rdf:li xml:lang="en">Free &lt;to&gt; print</rdf:li>',
)


def data_set(record: int, number: int, text: str) -> bytes:
    data = text.encode()
    return struct.pack(">BBBH", 0x1C, record, number, len(data)) + data


IPTC = (
    b"\x1c\x01\x5a\x00\x03\x1b%G"
    + data_set(2, 90, PLACE)
    + data_set(2, 80, "Ada Pilot")
    + data_set(2, 110, "Harbour Council")
    + data_set(2, 116, "© HC")
    + data_set(2, 25, PLACE)
)
RESOURCES = (
    b"8BIM"
    + struct.pack(">HBxL", 0x040C, 0, len(PLACE))
    + PLACE.encode()
    + b"8BIM"
    + struct.pack(">HBBL", 0x0404, 1, 65, len(IPTC))
    + IPTC
)


def exif() -> Image.Exif:
    given = Image.Exif()
    given[ORIENTATION], given[ARTIST], given[COPYRIGHT] = 6, "Ada Pilot", "Harbour Council"
    given[DESCRIPTION], given[MODEL] = "The quay", PLACE
    given.get_ifd(GPS)[29] = PLACE
    given.get_ifd(EXIF_IFD)[SERIAL_NUMBER] = PLACE
    return given


def noise() -> Image.Image:
    return Image.effect_noise((120, 80), 80).convert("RGB")


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def jpeg(*, progressive: bool = False) -> bytes:
    buffer = io.BytesIO()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options = {"exif": exif(), "icc_profile": srgb, "progressive": progressive}
    noise().save(buffer, "JPEG", quality=90, restart_marker_blocks=2, **options)
    data = buffer.getvalue()
    place = PLACE.encode()
    return (
        data[:20]
        + segment(0xE0, b"JFXX\0\x10" + place)
        + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP)
        + segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + place)
        + segment(0xE2, b"FPXR\0" + place)
        + segment(0xED, b"Photoshop 3.0\0" + RESOURCES)
        + segment(0xE5, place)
        + b"\xff\xff"  # what fills up
        + data[20:]
        + place  # as a telephone's film, or the second picture of a pair
    )


def png() -> bytes:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", "Ada Pilot")
    texts.add_text("Comment", PLACE)
    texts.add_itxt("Location", PLACE)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    texts.add_text("Raw profile type exif", PLACE, zip=True)
    texts.add(b"tIME", b"\x07\xde\x0b\x12\0\0\0")
    buffer = io.BytesIO()
    noise().save(buffer, "PNG", exif=exif(), pnginfo=texts, dpi=(300, 300))
    return buffer.getvalue() + PLACE.encode()


def webp() -> bytes:
    buffer = io.BytesIO()
    noise().save(buffer, "WEBP", exif=exif(), xmp=XMP, lossless=True)
    odd = struct.pack("<4sL", b"GEO ", len(PLACE)) + PLACE.encode() + b"\0" * (len(PLACE) % 2)
    body = buffer.getvalue()[8:] + odd
    return b"RIFF" + struct.pack("<L", len(body)) + body + PLACE.encode()


def gif() -> bytes:
    buffer = io.BytesIO()
    others = [noise().convert("P"), noise().convert("P")]
    noise().convert("P").save(buffer, "GIF", save_all=True, append_images=others, loop=0)
    trailer = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    said = b"\x21\xff\x0bXMP DataXMP" + XMP + trailer
    other = b"\x21\xff\x0bLOCATION1.0" + bytes([len(PLACE)]) + PLACE.encode() + b"\0"
    data = buffer.getvalue()
    return data[:-1] + said + other + data[-1:] + PLACE.encode()


MAKE: dict[str, Callable[[], bytes]] = {
    "JPEG": jpeg,
    "progressive JPEG": lambda: jpeg(progressive=True),
    "PNG": png,
    "WEBP": webp,
    "GIF": gif,
}
each_form = pytest.mark.parametrize("kind", MAKE)


def form_of(kind: str) -> str:
    return kind.split()[-1]


@each_form
def test_nothing_tells_of_the_place(kind: str) -> None:
    data = MAKE[kind]()
    assert PLACE.encode() in data

    published = without_place(data, form_of(kind))

    assert b"Canary" not in published
    assert without_place(published, form_of(kind)) == published
    assert not Image.open(io.BytesIO(published)).getexif().get_ifd(GPS)


@each_form
def test_pixels_and_colours_stay_as_they_were(kind: str) -> None:
    data = MAKE[kind]()

    given = Image.open(io.BytesIO(data))
    kept = Image.open(io.BytesIO(without_place(data, form_of(kind))))

    assert kept.convert("RGB").tobytes() == given.convert("RGB").tobytes()
    assert kept.info.get("icc_profile") == given.info.get("icc_profile")
    assert kept.info.get("dpi") == given.info.get("dpi")
    assert getattr(kept, "n_frames", 1) == (3 if kind == "GIF" else 1)


@each_form
def test_author_and_rights_stay(kind: str) -> None:
    published = without_place(MAKE[kind](), form_of(kind))
    picture = Image.open(io.BytesIO(published))

    assert all(each in published for each in KEPT_OF_XMP)
    if kind != "GIF":
        assert dict(picture.getexif()) == {
            ORIENTATION: 6,
            DESCRIPTION: "The quay",
            ARTIST: "Ada Pilot",
            COPYRIGHT: "Harbour Council",
        }
    if kind == "PNG":
        assert picture.info["Author"] == "Ada Pilot"
    if "JPEG" in kind:
        assert IptcImagePlugin.getiptcinfo(picture) == {
            (1, 90): b"\x1b%G",
            (2, 80): b"Ada Pilot",
            (2, 110): b"Harbour Council",
            (2, 116): "© HC".encode(),
        }


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_smaller_copy_says_the_same_of_its_author_and_is_upright(form: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (900, 1400)).save(buffer, form, exif=exif(), xmp=XMP)
    data = MAKE["PNG"]() if form == "PNG" else buffer.getvalue()

    small = for_web(data)

    kept = dict(Image.open(io.BytesIO(small)).getexif())
    assert kept == {DESCRIPTION: "The quay", ARTIST: "Ada Pilot", COPYRIGHT: "Harbour Council"}
    assert KEPT_OF_XMP[0] in small
    assert b"Canary" not in small


@pytest.mark.parametrize("coding", ["utf-8", "latin-1"])
def test_words_of_a_release_stand_beside_those_of_the_file_in_one_coding(coding: str) -> None:
    iptc = IPTC
    if coding == "latin-1":
        iptc = iptc.replace(b"\x1c\x01\x5a\x00\x03\x1b%G", b"").replace(
            data_set(2, 116, "© HC"), b"\x1c\x02\x74\x00\x04\xa9 HC"
        )
    resource = b"8BIM" + struct.pack(">HBBL", 0x0404, 0, 0, len(iptc)) + iptc
    buffer = io.BytesIO()
    noise().save(buffer, "JPEG")
    data = buffer.getvalue()[:20] + segment(0xED, b"Photoshop 3.0\0" + resource)
    data += buffer.getvalue()[20:]

    made = without_place(data, "JPEG", Words("A ferry", "El muelle, año 1", "Bo Mast", "Free"))

    assert IptcImagePlugin.getiptcinfo(Image.open(io.BytesIO(made))) == {
        (1, 90): b"\x1b%G",
        (2, 40): b"Free",
        (2, 80): b"Ada Pilot",
        (2, 110): b"Bo Mast",
        (2, 116): "© HC".encode(),
        (2, 120): "El muelle, año 1".encode(),
    }


@pytest.mark.parametrize("order", ["<", ">"])
def test_letters_beyond_ascii_stay_in_the_name_of_an_author(order: str) -> None:
    name = "José Cañón © 港\0".encode()
    head = b"II*\0\x08\0\0\0" if order == "<" else b"MM\0*\0\0\0\x08"
    entry = struct.pack(f"{order}HHLL", ARTIST, 2, len(name), 26)
    tiff = head + struct.pack(f"{order}H", 1) + entry + bytes(4) + name
    buffer = io.BytesIO()
    noise().save(buffer, "JPEG", exif=b"Exif\0\0" + tiff)

    assert name in without_place(buffer.getvalue(), "JPEG")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_picture_that_says_nothing_is_published_to_the_byte(form: str) -> None:
    buffer = io.BytesIO()
    noise().save(buffer, form)

    assert without_place(buffer.getvalue(), form) == buffer.getvalue()


@pytest.mark.parametrize(
    "packet",
    [
        XMP.replace(b"<x:xmpmeta", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x:xmpmeta'),
        XMP[:200],
        XMP.decode().encode("utf-16"),
        b"<" * 5000,
        XMP.replace(b"Ada Pilot", b"Ada Pilot" * 30_000),
    ],
    ids=["entities", "cut off", "UTF-16", "deep", "long"],
)
def test_xmp_that_is_none_is_left_out(packet: bytes) -> None:
    chunk = b"iTXtXML:com.adobe.xmp\0\0\0\0\0" + packet
    data = png()
    whole = struct.pack(">L", len(chunk) - 4) + chunk + struct.pack(">L", zlib.crc32(chunk))
    buffer = io.BytesIO()
    noise().save(buffer, "PNG")
    data = buffer.getvalue()[:33] + whole + buffer.getvalue()[33:]

    assert credits_of(data, "PNG").xmp == b""
    assert without_place(data, "PNG") == buffer.getvalue()


def test_no_published_file_tells_of_the_place(tmp_path: Path) -> None:
    office = Office.open(tmp_path)
    office.write_release(
        "E-001/26",
        "images: [{file: a.jpg, alt: A}, {file: b.png, alt: B}]",
        "attachments: [c.webp, d.gif]",
        body="![E](e.jpg)",
    )
    wide = io.BytesIO()
    Image.new("RGB", (900, 1400)).save(wide, "JPEG", exif=exif(), xmp=XMP)
    files = {"a.jpg": jpeg(), "b.png": png(), "c.webp": webp(), "d.gif": gif()}
    for name, data in {**files, "e.jpg": wide.getvalue()}.items():
        (office.folder.releases / name).write_bytes(data)

    report = office.build(offers_pdf=True)
    published = office.published()

    assert not report.failed, report.diagnostics
    assert {"E-001/26/a.jpg", "E-001/26/d.gif", "E-001/26/e-1280.jpg"} <= set(published)
    assert [path for path, data in published.items() if b"Canary" in data] == []
    assert b"Ada Pilot" in published["E-001/26/e-1280.jpg"]
    offered = office.folder.companions_of("releases/E-001-26.md").document("c.webp")
    assert isinstance(offered, Asset)
    assert offered.size == len(published["E-001/26/c.webp"])
