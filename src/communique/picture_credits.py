"""Who made a picture, as the standards for pictures' files write it: Exif, IPTC and XMP.

What comes in: what stands in such a file, which may be anything, and what a release says of the
picture. What goes out: author, credit and rights alone, nothing of the place, the day, the camera,
or an earlier version; and the release's own words.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from communique.release import Words

ORIENTATION = 0x0112
INTEGERS = {1: "B", 3: "H", 4: "L"}
TEXTS = (0x010E, 0x013B, 0x8298)
"""Exif's ImageDescription, Artist and Copyright (CIPA DC-008 §4.6.5)."""
BY_LINES = {(2, 80), (2, 85), (2, 110), (2, 115), (2, 116)}
"""IPTC's By-line, By-line Title, Credit, Source and Copyright Notice (IIM 4.2, record 2)."""
UTF_8 = (1, 90)
"""IPTC's Coded Character Set, which the others are written in."""
IS_UTF_8 = b"\x1b%G"
"""Its value for UTF-8 (ISO 2022)."""
DESCRIPTION = 0x010E
INSTRUCTIONS, CREDIT, CAPTION = (2, 40), (2, 110), (2, 120)
"""Where IPTC has what a release says: how a picture may be used, whom to name, what it shows."""
SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
}
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PROPERTIES = {
    "dc:creator": "Seq",
    "dc:rights": "Alt",
    "photoshop:AuthorsPosition": "",
    "photoshop:Credit": "",
    "photoshop:Source": "",
    "xmpRights:Marked": "",
    "xmpRights:Owner": "Bag",
    "xmpRights:UsageTerms": "Alt",
    "xmpRights:WebStatement": "",
}
"""XMP's properties of author and rights, and the kind of list that each is."""
OWN_PROPERTIES = {"dc:description": "Alt", "Iptc4xmpCore:AltTextAccessibility": "Alt"}
"""Those that only a release's own words are written to: a camera's or an agency's may tell more
than was meant for the public."""
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
LONGEST = 10_000
"""Bytes of one text: all of them have to go into one segment of a JPEG, which holds 65,533."""
LONGEST_OWN = 2_000
"""Bytes of a release's own text: what IPTC allows a caption."""
LONGEST_PACKET = 200_000
"""Bytes of XMP that are looked at."""


@dataclass(frozen=True, slots=True)
class Credits:
    """What a picture's file says of its author and its rights, and how it is to be turned."""

    exif: bytes = b""
    """TIFF, without the name before it; as all of these, empty if nothing is said."""
    iptc: bytes = b""
    """Data sets one after the other."""
    xmp: bytes = b""

    @classmethod
    def of(cls, exif: bytes, iptc: bytes, xmp: bytes) -> Credits:
        """Take what may stay from what stands in a file."""
        return cls(_exif_of(exif, upright=False), _iptc_of(iptc), _xmp_of(xmp))

    def of_upright(self) -> Credits:
        """Return what stays true when the picture has been turned."""
        return Credits(_exif_of(self.exif, upright=True), self.iptc, self.xmp)

    def of_release(self, words: Words) -> Credits:
        """Return what a picture says that a release shows: the release's words go before its own.

        The three standards have the same texts, because programs read one or another of them.
        """
        texts = Words(*(_cut(text) for text in words))
        if not any(texts):
            return self
        return Credits(
            _exif_of(self.exif, upright=False, description=texts.caption),
            _iptc_with(self.iptc, texts),
            _xmp_with(self.xmp, texts),
        )


def _cut(text: str) -> str:
    """Return as much of a text as has a place in a segment of a JPEG, with all of the others."""
    return text.encode()[:LONGEST_OWN].decode(errors="ignore")


def _exif_of(tiff: bytes, *, upright: bool, description: str = "") -> bytes:
    entries = _entries_of(tiff)
    if description:
        entries[DESCRIPTION] = description.encode()
    if upright:
        entries.pop(ORIENTATION, None)
    if not entries:
        return b""
    start = 8 + 2 + 12 * len(entries) + 4
    head, tail = b"", b""
    for tag, value in sorted(entries.items()):
        if isinstance(value, int):
            head += struct.pack(">HHLHH", tag, 3, 1, value, 0)
            continue
        text = value + b"\0"
        if len(text) <= 4:
            head += struct.pack(">HHL4s", tag, 2, len(text), text)
        else:
            head += struct.pack(">HHLL", tag, 2, len(text), start + len(tail))
            tail += text + b"\0" * (len(text) % 2)
    return struct.pack(">2sHLH", b"MM", 42, 8, len(entries)) + head + b"\0" * 4 + tail


def _entries_of(tiff: bytes) -> dict[int, bytes | int]:
    """Return the texts that stay, and the orientation, from the first directory of a TIFF."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    entries: dict[int, bytes | int] = {}
    if order is None:
        return entries
    try:
        (at,) = struct.unpack_from(f"{order}L", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, at)
        for number in range(count):
            begin = at + 2 + 12 * number
            tag, kind, size = struct.unpack_from(f"{order}HHL", tiff, begin)
            if tag == ORIENTATION and kind in INTEGERS:
                (value,) = struct.unpack_from(f"{order}{INTEGERS[kind]}", tiff, begin + 8)
                if 2 <= value <= 8:
                    entries[tag] = value
            elif tag in TEXTS and kind in (2, 129):  # ASCII, and Exif 3's UTF-8
                where = begin + 8
                if size > 4:
                    (where,) = struct.unpack_from(f"{order}L", tiff, where)
                text = tiff[where : where + min(size, LONGEST)].partition(b"\0")[0].strip()
                if text:
                    entries[tag] = text
    except struct.error:
        return entries
    return entries


def _iptc_of(data: bytes) -> bytes:
    kept, coding = b"", b""
    for key, whole in _data_sets(data):
        if key == UTF_8:
            coding = whole
        elif key in BY_LINES and len(whole) <= LONGEST and len(kept) <= LONGEST:
            kept += whole
    return coding + kept if kept else b""


def _iptc_with(iptc: bytes, words: Words) -> bytes:
    """Return IPTC in UTF-8, with a release's words in it."""
    sets = dict[tuple[int, int], list[bytes]]()
    is_utf_8 = False
    for key, whole in _data_sets(iptc):
        if key == UTF_8:
            is_utf_8 = whole[5:] == IS_UTF_8
        else:
            text = whole[5:].decode("utf-8" if is_utf_8 else "latin-1", "replace")
            sets.setdefault(key, []).append(text.encode())
    for key, text in ((INSTRUCTIONS, words.rights), (CREDIT, words.credit)):
        if text:
            sets[key] = [text.encode()]
    if words.caption or words.alt:
        sets[CAPTION] = [(words.caption or words.alt).encode()]
    return _data_set(UTF_8, IS_UTF_8) + b"".join(
        _data_set(key, value) for key, values in sorted(sets.items()) for value in values
    )


def _data_set(key: tuple[int, int], value: bytes) -> bytes:
    return struct.pack(">BBBH", 0x1C, *key, len(value)) + value


def _data_sets(data: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    at = 0
    while at + 5 <= len(data) and data[at] == 0x1C:
        size = int.from_bytes(data[at + 3 : at + 5], "big")
        end = at + 5 + size
        if size >= 0x8000 or end > len(data):
            return  # it is longer than any text
        yield (data[at + 1], data[at + 2]), data[at:end]
        at = end


def _xmp_of(packet: bytes) -> bytes:
    return _packet_of(_properties_of(packet))


def _xmp_with(packet: bytes, words: Words) -> bytes:
    said = {
        "photoshop:Credit": words.credit,
        "xmpRights:UsageTerms": words.rights,
        "dc:description": words.caption or words.alt,
        "Iptc4xmpCore:AltTextAccessibility": words.alt,
    }
    own = {name: [("x-default", text)] for name, text in said.items() if text}
    return _packet_of({**_properties_of(packet), **own})


def _packet_of(properties: Mapping[str, list[tuple[str, str]]]) -> bytes:
    if not properties:
        return b""
    kinds = {**PROPERTIES, **OWN_PROPERTIES}
    names = {name.partition(":")[0] for name in properties}
    spaces = " ".join(
        f'xmlns:{name}="{address}"' for name, address in SPACES.items() if name in names
    )
    body = "".join(
        _property(name, kinds[name], properties[name]) for name in kinds if name in properties
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}">'
        f'<rdf:Description rdf:about="" {spaces}>{body}</rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    ).encode()


def _property(name: str, kind: str, values: list[tuple[str, str]]) -> str:
    if not kind:
        return f"<{name}>{escape(values[0][1])}</{name}>"
    items = "".join(
        f"<rdf:li{f' xml:lang={quoteattr(language)}' if language else ''}>{escape(text)}</rdf:li>"
        for language, text in values
    )
    return f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>"


def _properties_of(packet: bytes) -> Mapping[str, list[tuple[str, str]]]:
    """Return the properties that stay: name → language and text of each value."""
    found: dict[str, list[tuple[str, str]]] = {}
    # Entities can explode, and XMP has none.
    if not packet or len(packet) > LONGEST_PACKET or b"<!" in packet:
        return found
    try:
        root = ET.fromstring(packet.decode().strip("\0\ufeff \t\r\n"))
    except (ET.ParseError, ValueError):
        return found
    for description in root.iter(f"{{{RDF}}}Description"):
        for name in PROPERTIES:
            space, _, local = name.partition(":")
            full = f"{{{SPACES[space]}}}{local}"
            values = [("", description.get(full, ""))]
            element = description.find(full)
            if element is not None:
                items = [
                    (each.get(LANGUAGE, ""), each.text or "")
                    for each in element.iter(f"{{{RDF}}}li")
                ]
                values = items or [("", element.text or "")]
            said = [(language, text.strip()) for language, text in values if text.strip()]
            if said and sum(len(text) for _, text in said) <= LONGEST:
                found.setdefault(name, said)
    return found
