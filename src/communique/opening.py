"""Opening a file that anybody may have put there: only a plain file is read, and only so much.

What comes in: a path. What goes out: bytes. A pipe would keep the program waiting for ever, a
device would never end, and reading one may change it: so these are not even opened.
"""

from __future__ import annotations

import os
import stat
from errno import EINVAL, EISDIR, ELOOP
from pathlib import Path

KINDS = (
    (stat.S_ISDIR, EISDIR, os.strerror(EISDIR)),
    (stat.S_ISLNK, ELOOP, "it is a link"),
    (stat.S_ISFIFO, EINVAL, "it is a pipe"),
    (stat.S_ISSOCK, EINVAL, "it is a socket"),
)


class TooLargeError(Exception):
    """A file has more bytes than may be read."""

    def __init__(self, size: int) -> None:
        """Take the size that it has, in bytes."""
        super().__init__(size)
        self.size = size


def read_file(path: Path, most: int) -> bytes:
    """Return the bytes of a plain file, which is no link and has `most` bytes or fewer.

    Raises: `OSError`, `TooLargeError`.
    """
    _require_plain(path.lstat().st_mode)
    # What was looked at may have been replaced since: no link is followed, no pipe waited for.
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        _require_plain(found.st_mode)
        if found.st_size > most:
            raise TooLargeError(found.st_size)
        data = file.read(most + 1)
    if len(data) > most:
        raise TooLargeError(len(data))
    return data


def _require_plain(mode: int) -> None:
    """Refuse what is no plain file. Raises: `OSError`."""
    if stat.S_ISREG(mode):
        return
    for is_kind, number, words in KINDS:
        if is_kind(mode):
            raise OSError(number, words)
    raise OSError(EINVAL, "it is a device")
