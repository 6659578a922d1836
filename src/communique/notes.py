"""What one process notes for the next: to lose it, or to find it damaged, costs time alone."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from communique.digest import seal, unseal


def read_note(place: Path | None) -> bytes | None:
    """Return what was noted; None if nothing is there, or not what was written."""
    with suppress(OSError, ValueError):
        return unseal(place.read_bytes()) if place else None
    return None


def write_note(place: Path | None, data: bytes) -> None:
    """Note some bytes, if they can be written: a full disk is no obstacle."""
    with suppress(OSError):
        if place:
            place.write_bytes(seal(data))
