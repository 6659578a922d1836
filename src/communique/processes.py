"""The processors of this machine, and how processes are started on them."""

from __future__ import annotations

import multiprocessing
import os
import sys
from multiprocessing.context import BaseContext


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def fork_context() -> BaseContext:
    """Return the way to start processes: forked on Linux, where what is warm is inherited.

    Elsewhere the system's libraries do not bear it, and each process starts afresh.
    """
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
