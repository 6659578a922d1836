"""Time whole processes from outside, and weigh them.

What comes in: a command. What goes out: a `Run`, by `wait4`, or a `Weight`, by looking at the
process and its children ten times a second (a run of its own, since looking costs time).
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile

LOOK_EVERY_S = 0.1


class CommandFailedError(Exception):
    """A measured command did not end with 0; its last words are the message."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command."""

    seconds: float
    """From its start to its end."""
    cpu_s: float
    """Of the process and all children that it waited for."""
    peak_mb: float
    """Of the largest single process among them, resident."""
    output: str


@dataclass(frozen=True, slots=True)
class Weight:
    """The memory of a command and its children, in megabytes."""

    main_mb: float
    """The most that the first process held, resident."""
    child_mb: float
    """The most that one child held, resident; 0 without children."""
    total_mb: float
    """The most that all held together, shared pages counted once (PSS)."""
    early_mb: float
    """What the largest process held on the median in the second quarter of the time."""
    late_mb: float
    """The same in the last quarter."""


def run(command: Sequence[str | Path], cwd: Path, core: int | None = None) -> Run:
    """Run a command, pinned to one core if `core` is given.

    What others have written to the disk is flushed before. (A child's peak begins with its
    parent's: keep whoever calls this small.)

    Raises: `CommandFailedError`.
    """
    pinned = ["taskset", "--cpu-list", str(core)] if core is not None else []
    os.sync()
    with TemporaryFile() as log:
        start = time.perf_counter()
        process = subprocess.Popen(
            [*pinned, *command], cwd=cwd, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        output = log.read().decode(errors="replace")
    if process.returncode != 0:
        words = " ".join(map(str, command))
        raise CommandFailedError(f"`{words}` in {cwd}: {process.returncode}\n{output[-2000:]}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output)


def weigh(command: Sequence[str | Path], cwd: Path) -> Weight:
    """Run a command and watch its memory.

    Raises: `CommandFailedError`.
    """
    process = subprocess.Popen(
        command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    looks: list[tuple[float, float, float]] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(LOOK_EVERY_S):
            main = _memory_mb(process.pid, "Rss")
            children = _descendants(process.pid)
            largest = max((_memory_mb(child, "Rss") for child in children), default=0.0)
            total = sum(_memory_mb(each, "Pss") for each in (process.pid, *children))
            looks.append((main, largest, total))

    watcher = threading.Thread(target=look)
    watcher.start()
    status = process.wait()
    ended.set()
    watcher.join()
    if status != 0:
        raise CommandFailedError(f"`{' '.join(map(str, command))}` in {cwd}: {status}")
    largest = [max(main, child) for main, child, _ in looks] or [0.0]
    quarter = len(largest) // 4
    return Weight(
        main_mb=max((main for main, _, _ in looks), default=0.0),
        child_mb=max((child for _, child, _ in looks), default=0.0),
        total_mb=max((total for _, _, total in looks), default=0.0),
        early_mb=median(largest[quarter : 2 * quarter] or largest),
        late_mb=median(largest[-quarter:]),
    )


def _memory_mb(pid: int, measure: str) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:  # it has just ended
        return 0.0
    lines = (line.split() for line in text.splitlines())
    return next((int(line[1]) / 1024 for line in lines if line[0] == f"{measure}:"), 0.0)


def _descendants(pid: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name in parentheses may hold anything, blanks too.
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found
