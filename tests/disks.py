"""File systems that tests need besides the one on which they write."""

from __future__ import annotations

import tempfile
from pathlib import Path

DISKS = (Path("/dev/shm"), Path("/var/tmp"))


def other_disk() -> Path:
    """Return a folder of another file system than that of the tests' own folders."""
    here = Path(tempfile.gettempdir()).stat().st_dev
    others = [disk for disk in DISKS if disk.is_dir() and disk.stat().st_dev != here]
    assert others, f"this test needs two file systems: {tempfile.gettempdir()} and one of {DISKS}"
    return others[0]
