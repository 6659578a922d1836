"""A Word file, which is a ZIP archive: only what is needed of it, and only so much.

What comes in: the bytes of a ``.docx``. What goes out: a small archive with its text alone, and its
pictures when they are asked for. An archive of a few bytes may hold terabytes; what its list of
contents says of them need not be true.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from html import unescape
from io import BytesIO

from communique.bringing.blocks import BringingError

TEXT_MOST = 30_000_000
"""Bytes of all parts that are text, unpacked."""
PARTS_MOST = 5_000
NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|word/(?:_rels/)?[\w-]+\.xml(?:\.rels)?", re.ASCII
)
MEDIA = re.compile(r"word/media/[\w.-]+", re.ASCII)
"""Where pictures lie; pandoc leaves out a picture of which there is no part."""
CHANGED = re.compile(rb"<w:(?:ins|del|moveFrom|moveTo) ")
COMMENT = re.compile(rb"<w:comment ")
WORDS = re.compile(rb"<w:t(?: [^<>]*)?>([^<]*)</w:t>|(</w:p>)")
BOX_BEGIN, BOX_END = b"<w:txbxContent>", b"</w:txbxContent>"
MARGIN = re.compile(r"word/(?:header|footer)\d*\.xml", re.ASCII)
EMBARGO = "embargo"
"""How the word begins in each language that has it; the rest of a letterhead is no loss."""
QUOTED_MOST = 200
REFUSED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
DAMAGED = "it is damaged, or no Word file (.docx)"


@dataclass(frozen=True, slots=True)
class WordPackage:
    """A Word file."""

    archive: zipfile.ZipFile
    text: bytes
    """An archive of the text alone; where pictures were, nothing is."""
    notes: tuple[str, ...]

    def picture(self, target: str, most: int) -> bytes | None:
        """Return the bytes of a picture; None if there is none, or it has more than `most`."""
        try:
            data = _read(self.archive, f"word/{target}", most)
        except BringingError:
            return None
        return data if len(data) <= most else None


def open_word(data: bytes) -> WordPackage:
    """Open a Word file. Raises: `BringingError`."""
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise BringingError(DAMAGED) from None
    names = [name for name in dict.fromkeys(archive.namelist()) if NEEDED.fullmatch(name)]
    if "word/document.xml" not in names or len(archive.namelist()) > PARTS_MOST:
        raise BringingError(DAMAGED)
    left = TEXT_MOST
    parts: dict[str, bytes] = {}
    for name in names:
        parts[name] = _read(archive, name, left)
        left -= len(parts[name])
        if left < 0:
            raise BringingError(f"its text has more than {TEXT_MOST:,} bytes, unpacked")
        if REFUSED.search(parts[name]):
            raise BringingError("it declares entities, which no Word file needs")
    media = {name: b"" for name in archive.namelist() if MEDIA.fullmatch(name)}
    return WordPackage(archive, _packed({**parts, **media}), tuple(_notes(parts)))


def _read(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Return a part; of one that is larger than `most`, one byte more than that."""
    try:
        with archive.open(name) as part:
            return part.read(max(most, 0) + 1)
    except (KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        raise BringingError(DAMAGED) from None
    except Exception as error:  # zlib.error and lzma.LZMAError have no base of their own
        if type(error).__module__ not in ("zlib", "_lzma", "lzma"):
            raise
        raise BringingError(DAMAGED) from None


def _packed(parts: dict[str, bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return packed.getvalue()


def _notes(parts: dict[str, bytes]) -> list[str]:
    notes = []
    if CHANGED.search(parts["word/document.xml"]):
        notes.append("the document has tracked changes: they were taken as accepted")
    if COMMENT.search(parts.get("word/comments.xml", b"")):
        notes.append("the document has comments: they were left out")
    # Each box is there twice, for newer and for older programs.
    boxes = dict.fromkeys(map(_words, _boxes(parts["word/document.xml"])))
    for words in filter(None, boxes):
        notes.append(f"a text box was left out: “{words}”")
    for words in dict.fromkeys(_words(parts[name]) for name in parts if MARGIN.fullmatch(name)):
        if EMBARGO in words.casefold():
            notes.append(f"what stands in the margin of each page was left out: “{words}”")
    return notes


def _boxes(text: bytes) -> list[bytes]:
    return [after.partition(BOX_END)[0] for after in text.split(BOX_BEGIN)[1:]]


def _words(part: bytes) -> str:
    """Return the words of some paragraphs, as far as a note quotes them."""
    found = (b" " if end else words for words, end in WORDS.findall(part))
    text = " ".join(unescape(b"".join(found).decode(errors="replace")).split())
    return text if len(text) <= QUOTED_MOST else f"{text[:QUOTED_MOST]}…"
