"""What a process renders with: two that are equipped alike make the same bytes of the same task.

What comes in: nothing. What goes out: the `Equipment` of this process, to be held against that of
another machine.
"""

from __future__ import annotations

import platform
import sys
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from communique.pdf_libraries import LIBRARIES, missing_libraries
from communique.program import installed_versions, program_key

DRAWING: Mapping[str, str] = {
    "pango": "pango_version_string",
    "harfbuzz": "hb_version_string",
    "harfbuzz-subset": "hb_version_string",
}
"""The libraries that decide how a PDF comes out (`pdf_libraries.LIBRARIES`) → who tells its
version."""


@dataclass(frozen=True, slots=True)
class Equipment:
    """What the bytes of a file depend on besides the inputs of its task."""

    program: str
    """See `communique.program.program_key`."""
    versions: Mapping[str, str]
    """Name → version of each part that somebody can install."""

    def difference(self, theirs: Equipment) -> str | None:
        """Say what another machine has instead of what is here; None if that is equal."""
        if self == theirs:
            return None
        names = [
            name
            for name in {**self.versions, **theirs.versions}
            if self.versions.get(name) != theirs.versions.get(name)
        ]
        if names:
            return f"has {_listed(names, theirs)}, and this machine {_listed(names, self)}"
        return (
            f"has another communique {self.versions['communique']} than this machine "
            f"(code {theirs.program[:8]}, here {self.program[:8]})"
        )


@cache
def own_equipment() -> Equipment:
    """Return what this process renders with; that does not change while it lives."""
    missing = missing_libraries()
    installed = (name.removesuffix(".dist-info").rpartition("-") for name in installed_versions())
    return Equipment(
        program_key(),
        {
            "communique": version("communique"),
            "Python": sys.version.replace("\n", ""),
            **{name.lower(): number for name, _, number in installed},
            **{name: _version_of(name) for name in DRAWING if name not in missing},
            "zlib": zlib.ZLIB_RUNTIME_VERSION,
            "processor": platform.machine(),
        },
    )


def _listed(names: Iterable[str], equipment: Equipment) -> str:
    versions = equipment.versions
    return ", ".join(
        f"{name} {versions[name]}" if name in versions else f"no {name}" for name in names
    )


def _version_of(library: str) -> str:
    """Ask a library of the system that is there for its version."""
    from cffi import FFI

    function = DRAWING[library]
    ffi = FFI()
    ffi.cdef(f"const char *{function}(void);")
    for file_name in LIBRARIES[library][1]:
        try:
            loaded = ffi.dlopen(file_name)
        except OSError:
            continue
        text: bytes = ffi.string(getattr(loaded, function)())
        return text.decode()
    raise AssertionError(library)
