"""Ctrl-C: the program leaves at once, whatever it is at.

It can, because a build may be killed at any moment: `build/` is whole, and the next build goes on.
Python would rather raise an exception wherever it is, also where that cannot be caught: while it
imports, while a process ends, in the middle of clearing up. This module imports next to nothing, so
that it comes first.
"""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

INTERRUPTED = 130
"""As the shell reports a program that Ctrl-C ended."""
SHOW_CURSOR = b"\x1b[?25h\n"
"""Undoes what a progress bar does to a terminal, and begins a line."""


def leave_at_interrupts() -> None:
    """Have Ctrl-C end this process with `INTERRUPTED`, unless it was begun to ignore that."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        main = os.getpid()
        signal.signal(signal.SIGINT, lambda number, frame: _leave(main, frame))


def _leave(main: int, frame: FrameType | None) -> None:
    """End at once. The processes of this one end with it (`processes.leave_with_parent`)."""
    if os.getpid() == main:  # else one that was just forked, which is to say nothing
        if sys.stderr.isatty():
            os.write(2, SHOW_CURSOR)
        os.write(2, b"stopped\n")
    os._exit(INTERRUPTED)
