"""Names that a published file may have: any web server, file system and browser can hold them.

What comes in: a file's name. What goes out: what is wrong with it, in the officer's words.
"""

from __future__ import annotations

import unicodedata

FORBIDDEN = '<>:"|?*\\'
"""What Windows allows in no name; a slash parts folders everywhere."""
RESERVED = {
    *("con", "prn", "aux", "nul", "conin$", "conout$"),
    *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"),
}
"""What Windows keeps for devices, whatever stands after the first dot."""
LONGEST = 200
"""Bytes as UTF-8: file systems hold 255, and the smaller copy of a picture adds to its name."""


def unfit(name: str) -> str | None:
    """Return why no file of this name can be published, or None."""
    for character in name:
        if character in FORBIDDEN:
            return f"Windows allows no `{character}` in a name"
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            return f"its name holds a character that does not show (U+{ord(character):04X})"
    if name.endswith((".", " ")) or name.startswith(" "):
        return "its name begins or ends with a space or a dot"
    stem = name.partition(".")[0].rstrip().casefold()
    if stem in RESERVED:
        return f"Windows keeps the name `{stem}` for itself"
    if len(name.encode()) > LONGEST:
        return f"its name is longer than {LONGEST} bytes"
    return None
