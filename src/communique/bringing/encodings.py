"""The bytes of a text file become text; old files do not say in which encoding they are."""

from __future__ import annotations

import codecs

from communique.bringing.blocks import BringingError

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""A mark at the beginning → the encoding; that of UTF-32 begins like that of UTF-16."""
GUESSED = "the file does not say its encoding; it was read as {}: look at accents and quotes"


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file, and a note if its encoding was guessed.

    Raises: `BringingError` for what is no text.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), ()
            except UnicodeDecodeError:
                raise BringingError("it begins like a text, but cannot be read as one") from None
    zeros = data.count(0)
    if zeros:
        # Of UTF-16, every other byte of a Latin text is zero: the first, or the second.
        encoding = "utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be"
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            text = ""
        if zeros * 5 < len(data) * 2 or "\0" in text or not text:
            raise BringingError("it is no text: it holds zero bytes")
        return text, (GUESSED.format("UTF-16"),)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows-1252; browsers take them for control characters.
        text = "".join(
            bytes([byte]).decode("cp1252", "replace") if byte > 127 else chr(byte) for byte in data
        )
        return text, (GUESSED.format("Windows-1252"),)
