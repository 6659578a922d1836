"""The processors of this machine, and how processes are started on them."""

from __future__ import annotations

import multiprocessing
import os
import sys
from multiprocessing.context import BaseContext
from threading import Thread


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


def leave_with_parent() -> None:
    """Have this process end when the one that started it has, also where that one was killed.

    A process of a pool would wait for work for ever.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None, "only a process that another one started can follow it"

    def follow() -> None:
        parent.join()
        os._exit(1)

    Thread(target=follow, daemon=True).start()
