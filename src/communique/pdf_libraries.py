"""What this machine must have before a PDF can be written: the libraries that WeasyPrint loads.

What comes in: nothing. What goes out: the names of those that are missing, and how to install them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

LIBRARIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "gobject": ("libglib2.0-0", ("libgobject-2.0.so.0", "gobject-2.0")),
    "pango": ("libpango-1.0-0", ("libpango-1.0.so.0", "pango-1.0")),
    "pangoft2": ("libpangoft2-1.0-0", ("libpangoft2-1.0.so.0", "pangoft2-1.0")),
    "fontconfig": ("libfontconfig1", ("libfontconfig.so.1", "fontconfig")),
    "harfbuzz": ("libharfbuzz0b", ("libharfbuzz.so.0", "harfbuzz")),
    "harfbuzz-subset": ("libharfbuzz-subset0", ("libharfbuzz-subset.so.0", "harfbuzz-subset")),
}
"""Name → its package in Debian, and the file names to try, as WeasyPrint's `text/ffi.py` does."""

OPTIONAL = frozenset({"harfbuzz-subset"})
"""Writing works without it, but takes four to five times as long. Pango does not pull it in."""


class PdfUnavailableError(Exception):
    """This machine lacks a library that PDFs need; the message says how to install it."""


def missing_libraries() -> tuple[str, ...]:
    """Return the names, as in `LIBRARIES`, of those that really do not load here."""
    from cffi import FFI  # as WeasyPrint loads them, and as late

    def loads(file_name: str) -> bool:
        try:
            FFI().dlopen(file_name)
        except OSError:
            return False
        return True

    return tuple(name for name, (_, files) in LIBRARIES.items() if not any(map(loads, files)))


def install_command(missing: Iterable[str]) -> str:
    """Return the command that installs libraries named as in `LIBRARIES`."""
    if sys.platform == "darwin":
        return "brew install pango"
    return " ".join(["apt-get install", *(LIBRARIES[name][0] for name in missing)])


def require_libraries() -> None:
    """Make sure that WeasyPrint can be imported.

    Raises: `PdfUnavailableError` if a library is missing that is not `OPTIONAL`.
    """
    missing = missing_libraries()
    if not OPTIONAL.issuperset(missing):
        raise PdfUnavailableError(
            f"PDFs need libraries that this machine lacks ({', '.join(missing)}); "
            f"install them: {install_command(missing)}"
        )
