"""A picture's file without what it tells of the place: the pixels stay as they were encoded.

What comes in: the bytes of a picture that can be decoded. What goes out: the same picture, with
nothing beside it but its colours and its `Credits`. Only what is known to be harmless is copied; so
neither a thumbnail of what was cut away nor a second picture behind the first gets through.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from communique.picture_credits import Credits
from communique.release import Words

SCAN_END = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
"""What ends the pixels of a JPEG: any marker but a restart (ITU T.81 §B.1.1.2)."""
EXIF = b"Exif\0\0"
XMP = b"http://ns.adobe.com/xap/1.0/\0"
PHOTOSHOP = b"Photoshop 3.0\0"
HARMLESS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""The application segments of a JPEG that say how to show it."""
CHUNKS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs hIST sPLT acTL fcTL fdAT "
    b"mDCV cLLI".split()
)
AUTHORS = (b"Artist", b"Author", b"Copyright", b"Credit")
"""The keywords of a PNG's texts that stay."""
PNG_XMP = b"XML:com.adobe.xmp"
WEBP_CHUNKS = (b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP")
GIF_APPLICATIONS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
GIF_XMP = b"XMP DataXMP"
GIF_XMP_END = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
"""Leads a reader that knows nothing of XMP out of it (XMP part 3 §1.1.2)."""


NOTHING = Credits()
SILENT = Words()
HEAD = 64
ANIMATED = 0x02
"""The flag of a WebP that says so (RFC 9649 §2.7)."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A picture's file taken apart."""

    before: bytes
    """What comes before the credits."""
    after: bytes
    exif: bytes = b""
    """As all of these, what stands in the file, which may be anything."""
    iptc: bytes = b""
    xmp: bytes = b""

    @property
    def credits(self) -> Credits:
        """Return what may be published of it."""
        return Credits.of(self.exif, self.iptc, self.xmp)


@dataclass(frozen=True, slots=True)
class Hull:
    """What the size of a published picture depends on, without its pixels."""

    form: str
    head: bytes
    """The beginning of the file, which tells its kind."""
    credits: Credits
    size: int
    """In bytes, without any credits."""
    moves: bool
    """Whether it may be animated."""

    @classmethod
    def of(cls, data: bytes, form: str) -> Hull:
        """Return the hull of a picture. Raises: `ValueError` if it is no such file."""
        parts = _taken_apart(data, form)
        size = len(_put_together(parts, NOTHING, form))
        is_animated = {
            "GIF": True,
            "PNG": b"acTL" in parts.before,
            "WEBP": parts.before.startswith(b"VP8X") and bool(parts.before[8] & ANIMATED),
        }
        moves = is_animated.get(form, False)
        return cls(form, parts.before[:HEAD], parts.credits, size, moves)

    def size_with(self, words: Words) -> int:
        """Return the size of the file in bytes as a release publishes it that says `words`."""
        said = self.credits.of_release(words)
        hulls = [_put_together(Parts(self.head, b""), each, self.form) for each in (said, NOTHING)]
        return self.size + len(hulls[0]) - len(hulls[1])


def without_place(data: bytes, form: str, words: Words = SILENT) -> bytes:
    """Return a picture as it may be published: author and rights stay, its place does not.

    `form` is Pillow's name of its format; `words` are what the release says of it. Raises:
    `ValueError` if it is no such file.
    """
    parts = _taken_apart(data, form)
    return _put_together(parts, parts.credits.of_release(words), form)


def credits_of(data: bytes, form: str) -> Credits:
    """Return what a picture says of its author. Raises: `ValueError` if it is no such file."""
    return _taken_apart(data, form).credits


def said_in(data: bytes, form: str) -> bytes:
    """Return all that a picture's file says beside its pixels. Raises: as `credits_of`."""
    parts = _taken_apart(data, form)
    return b" | ".join((parts.exif, parts.iptc, parts.xmp))


def with_credits(data: bytes, form: str, credits: Credits) -> bytes:
    """Return a picture with `credits` instead of its own. Raises: as `credits_of`."""
    return _put_together(_taken_apart(data, form), credits, form)


def _taken_apart(data: bytes, form: str) -> Parts:
    try:
        return FORMS[form][0](data)
    except (struct.error, IndexError) as error:
        raise ValueError(f"no whole {form} file") from error


def _put_together(parts: Parts, credits: Credits, form: str) -> bytes:
    return FORMS[form][1](parts, credits)


def _jpeg_parts(data: bytes) -> Parts:
    head: list[bytes] = []
    rest: list[bytes] = []
    exif, iptc, xmp = b"", b"", b""
    for marker, segment in _segments(data):
        payload = segment[4:]
        if marker in (0xD8, 0xE0) and not rest:
            if marker == 0xD8 or payload.startswith(HARMLESS[0xE0]):
                head.append(segment)
        elif 0xE0 <= marker <= 0xEF:
            if payload.startswith(HARMLESS.get(marker, b"\0 none")):
                rest.append(segment)
            elif marker == 0xE1 and payload.startswith(EXIF):
                exif = exif or payload[len(EXIF) :]
            elif marker == 0xE1 and payload.startswith(XMP):
                xmp = xmp or payload[len(XMP) :]
            elif marker == 0xED and payload.startswith(PHOTOSHOP):
                iptc = iptc or _iptc_within(payload[len(PHOTOSHOP) :])
        else:
            rest.append(segment)
    return Parts(b"".join(head), b"".join(rest), exif, iptc, xmp)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the segments of a JPEG up to its end, each with its marker; a scan with its pixels."""
    if data[:2] != b"\xff\xd8":
        raise ValueError("no JPEG")
    yield 0xD8, data[:2]
    at = 2
    while True:
        while data[at] != 0xFF or data[at + 1] in (0x00, 0xFF):
            at += 1  # what fills up, which readers pass over
        marker = data[at + 1]
        if marker == 0xD9:
            yield marker, data[at : at + 2]
            return
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            at += 2
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + max(length, 2)
        if end > len(data):
            raise ValueError("a JPEG that is cut off")
        if marker == 0xDA:
            found = SCAN_END.search(data, end)
            if found is None:
                raise ValueError("a JPEG that is cut off")
            end = found.start()
        yield marker, data[at:end]
        at = end


def _iptc_within(resources: bytes) -> bytes:
    """Return the IPTC of Photoshop's image resources."""
    at = 0
    while resources[at : at + 4] == b"8BIM" and len(resources) >= at + 12:
        name = 1 + resources[at + 6]
        begin = at + 6 + name + name % 2
        number = int.from_bytes(resources[at + 4 : at + 6], "big")
        size = int.from_bytes(resources[begin : begin + 4], "big")
        if number == 0x0404:
            return resources[begin + 4 : begin + 4 + size]
        at = begin + 4 + size + size % 2
    return b""


def _jpeg_of(parts: Parts, credits: Credits) -> bytes:
    segments = b""
    if credits.exif:
        segments += _segment(0xE1, EXIF + credits.exif)
    if credits.xmp:
        segments += _segment(0xE1, XMP + credits.xmp)
    if credits.iptc:
        size = len(credits.iptc)
        resource = struct.pack(">4sHHL", b"8BIM", 0x0404, 0, size) + credits.iptc
        segments += _segment(0xED, PHOTOSHOP + resource + b"\0" * (size % 2))
    return parts.before + segments + parts.after


def _segment(marker: int, payload: bytes) -> bytes:
    if len(payload) > 65_533:
        return b""
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def _png_parts(data: bytes) -> Parts:
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("no PNG")
    before, after = [data[:8]], list[bytes]()
    exif, xmp = b"", b""
    at, name = 8, b""
    while name != b"IEND":
        size, name = struct.unpack_from(">L4s", data, at)
        end = at + 12 + size
        if end > len(data):
            raise ValueError("a PNG that is cut off")
        content = data[at + 8 : end - 4]
        if name == b"eXIf":
            exif = content
        elif name == b"iTXt" and content.startswith(PNG_XMP + b"\0\0"):
            xmp = content[len(PNG_XMP) + 3 :].split(b"\0", 2)[-1]
        elif name in CHUNKS or (
            name in (b"tEXt", b"zTXt", b"iTXt") and content.partition(b"\0")[0] in AUTHORS
        ):
            (after if after or name == b"IDAT" else before).append(data[at:end])
        at = end
    return Parts(b"".join(before), b"".join(after), exif, xmp=xmp)


def _png_of(parts: Parts, credits: Credits) -> bytes:
    chunks = b""
    if credits.exif:
        chunks += _chunk(b"eXIf", credits.exif)
    if credits.xmp:
        chunks += _chunk(b"iTXt", PNG_XMP + b"\0\0\0\0\0" + credits.xmp)
    return parts.before + chunks + parts.after


def _chunk(name: bytes, content: bytes) -> bytes:
    named = name + content
    return struct.pack(">L", len(content)) + named + struct.pack(">L", zlib.crc32(named))


def _webp_parts(data: bytes) -> Parts:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise ValueError("no WebP")
    (whole,) = struct.unpack_from("<L", data, 4)
    data = data[: 8 + whole]
    kept: list[bytes] = []
    exif, xmp = b"", b""
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sL", data, at)
        content = data[at + 8 : at + 8 + size]
        if len(content) < size:
            raise ValueError("a WebP that is cut off")
        if name == b"EXIF":
            exif = content.removeprefix(EXIF)
        elif name == b"XMP ":
            xmp = content
        elif name in WEBP_CHUNKS:
            kept.append(_webp_chunk(name, content))
        at += 8 + size + size % 2
    return Parts(b"".join(kept), b"", exif, xmp=xmp)


def _webp_of(parts: Parts, credits: Credits) -> bytes:
    """Put a WebP together; one of the simple kind stays one as long as nothing is said of it."""
    body = parts.before
    if not body.startswith(b"VP8X") and (credits.exif or credits.xmp):
        body = _webp_canvas(body) + body
    if body.startswith(b"VP8X"):
        flags = body[8] & ~0x0C | (0x08 if credits.exif else 0) | (0x04 if credits.xmp else 0)
        body = body[:8] + bytes([flags]) + body[9:]
        body += _webp_chunk(b"EXIF", credits.exif) if credits.exif else b""
        body += _webp_chunk(b"XMP ", credits.xmp) if credits.xmp else b""
    return struct.pack("<4sL4s", b"RIFF", 4 + len(body), b"WEBP") + body


def _webp_canvas(body: bytes) -> bytes:
    """Return the chunk that a WebP begins with which says something of itself (RFC 9649 §2.7)."""
    if body.startswith(b"VP8L"):
        (bits,) = struct.unpack_from("<L", body, 9)
        width, height, alpha = bits & 0x3FFF, bits >> 14 & 0x3FFF, bits >> 28 & 1
    else:
        width, height = (each & 0x3FFF for each in struct.unpack_from("<HH", body, 14))
        width, height, alpha = width - 1, height - 1, 0
    sides = b"".join(side.to_bytes(3, "little") for side in (width, height))
    return _webp_chunk(b"VP8X", bytes([alpha << 4, 0, 0, 0]) + sides)


def _webp_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack("<4sL", name, len(content)) + content + b"\0" * (len(content) % 2)


def _gif_parts(data: bytes) -> Parts:
    if data[:6] not in (b"GIF87a", b"GIF89a"):
        raise ValueError("no GIF")
    at = 13 + _colours(data[10])
    before, rest = data[:at], []
    xmp = b""
    while data[at] != 0x3B:
        if data[at] == 0x2C:  # an image: its place, its colours, the size of its codes, its blocks
            end = _after_blocks(data, at + 10 + _colours(data[at + 9]) + 1)
            rest.append(data[at:end])
        elif data[at] == 0x21:
            end = _after_blocks(data, at + 2)
            application = data[at + 3 : at + 14]
            if data[at + 1] != 0xFF or application in GIF_APPLICATIONS:
                rest.append(data[at:end])
            elif application == GIF_XMP:
                xmp = data[at + 14 : end].removesuffix(GIF_XMP_END)
        else:
            end = at + 1
        at = end
    return Parts(before, b"".join(rest) + b"\x3b", xmp=xmp)


def _colours(flags: int) -> int:
    """Return the size of the table of colours that a GIF's flags announce, in bytes."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1


def _gif_of(parts: Parts, credits: Credits) -> bytes:
    said = b"\x21\xff\x0b" + GIF_XMP + credits.xmp + GIF_XMP_END if credits.xmp else b""
    return parts.before + said + parts.after


TakeApart = Callable[[bytes], Parts]
PutTogether = Callable[[Parts, Credits], bytes]
FORMS: Mapping[str, tuple[TakeApart, PutTogether]] = {
    "JPEG": (_jpeg_parts, _jpeg_of),
    "PNG": (_png_parts, _png_of),
    "WEBP": (_webp_parts, _webp_of),
    "GIF": (_gif_parts, _gif_of),
}
