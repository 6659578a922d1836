"""This process and others: processors, how processes are started on them, and their memory."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from threading import Thread
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

READY = "communique.ready"
"""The module that imports what a process needs which is to render."""

SILENCE = "ignore::UserWarning:multiprocessing.resource_tracker"
"""A process of Python's clears up after those that were ended at once, and would say so."""

P = ParamSpec("P")
R = TypeVar("R")


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def fork_context() -> BaseContext:
    """Return the way to start processes: forked on Linux, where what is warm is inherited.

    Elsewhere the system's libraries do not bear it, and each process starts afresh.
    """
    import multiprocessing  # here, because counting processors needs nothing of it

    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def ready_context() -> BaseContext:
    """Return the way to start processes that have imported `READY` already, once `make_ready` ran.

    Where nothing may be forked each starts afresh, and imports what its first task needs.
    """
    import multiprocessing

    return multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")


def make_ready() -> None:
    """Begin, in a process of its own, to import what rendering needs; do not wait for it.

    The processes of `ready_context` are forked from that one. It ends when this one does.
    """
    if sys.platform != "linux":
        return
    from multiprocessing import forkserver

    warnings = os.environ.get("PYTHONWARNINGS", "")
    if SILENCE not in warnings:
        os.environ["PYTHONWARNINGS"] = f"{warnings},{SILENCE}".lstrip(",")
    forkserver.set_forkserver_preload([READY])
    # Ctrl-C reaches the whole group: nobody else is to say anything of it.
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, handler)


def leave_with_parent(before: Callable[[], object] = lambda: None) -> None:
    """Have this process end when the one that started it has, also where that one was killed.

    A process of a pool would wait for work for ever. `before` is called before it ends.
    """
    import multiprocessing

    parent = multiprocessing.parent_process()
    assert parent is not None, "only a process that another one started can follow it"

    def follow() -> None:
        parent.join()
        before()
        os._exit(1)

    Thread(target=follow, daemon=True).start()


@contextmanager
def settled() -> Iterator[None]:
    """Have Python take what there is for what stays, and look for circles among the rest only.

    A large plan would be looked through again and again, here and in processes that are forked.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def uncollected(function: Callable[P, R]) -> Callable[P, R]:
    """Have a function run without Python looking for circles among what it makes.

    For functions that make a great many values at once, none of which refer to one another in a
    circle: to look again and again costs a quarter of their time.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if not gc.isenabled():
            return function(*args, **kwargs)
        gc.disable()
        try:
            return function(*args, **kwargs)
        finally:
            gc.enable()

    return run
