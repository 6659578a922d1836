"""Measure rendering on a cluster, all of it on this machine: `python -m tests.bench.scale --help`.

The same archive is built here, with one process and with two, and by a scheduler with one worker
and with two, in rounds. What a release costs is the difference between a large archive and a small
one, so that starting and connecting, which are stated beside it, do not count. On one machine a
cluster cannot be faster than its processors: what is looked for is what it costs besides.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from statistics import median
from threading import Thread

from communique.build import stationery_of
from communique.cluster import PressOfCluster
from communique.disk import NewsroomFolder
from communique.executors import Look
from communique.holdings import Holdings, read_holdings
from communique.layouts import Layouts
from communique.moments import read_moment
from communique.output import Stage
from communique.plan import plan_outputs
from communique.rendering import Task
from tests.bench import programs
from tests.bench.corpus import NOW, Item, generate, write_newsroom
from tests.bench.measure import run
from tests.loopback import HERE, Loopback, kill

SMALL_SHARE = 4
"""The small archive has this part of the documents of the large one."""
Figures = dict[int, list[float]]
"""Size of the archive → one figure a round."""
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Archive:
    """One corpus, written for communique alone."""

    items: tuple[Item, ...]
    folder: Path

    @classmethod
    def write(cls, count: int, folder: Path) -> Archive:
        """Write so many releases."""
        items = generate(count)
        write_newsroom(folder, items)
        return cls(items, folder)

    @property
    def size(self) -> int:
        """Return how many releases there are."""
        return len(self.items)

    def build(self, options: Sequence[str]) -> tuple[float, float, float]:
        """Build from nothing.

        Returns seconds, processor seconds of the main process, and its largest size in MB.
        """
        program = programs.ours(self.folder, *options)
        program.clean()
        done = run(program.command, program.folder)
        program.verify(self.items, pdf=True)
        return done.seconds, done.cpu_s, done.peak_mb


@dataclass(frozen=True, slots=True)
class Way:
    """One way to build, and what it has cost in each round."""

    name: str
    options: tuple[str, ...]
    cluster: Loopback | None = None
    main_mb: list[float] = field(default_factory=list)
    seconds: Figures = field(default_factory=lambda: defaultdict(list))
    main_s: Figures = field(default_factory=lambda: defaultdict(list))
    """Processor time of the process that was called, and of children that it waited for."""
    scheduler_s: Figures = field(default_factory=lambda: defaultdict(list))
    workers_s: Figures = field(default_factory=lambda: defaultdict(list))

    def measure(self, archive: Archive) -> None:
        """Build an archive once."""
        schedulers = [self.cluster.scheduler] if self.cluster else []
        workers = self.cluster.living() if self.cluster else []
        before = _cpu_s(schedulers), _cpu_s(workers)
        seconds, main_s, main_mb = archive.build(self.options)
        self.seconds[archive.size].append(seconds)
        self.main_s[archive.size].append(main_s)
        self.scheduler_s[archive.size].append(_cpu_s(schedulers) - before[0])
        self.workers_s[archive.size].append(_cpu_s(workers) - before[1])
        self.main_mb.append(main_mb)

    def row(self, small: int, large: int) -> str:
        """Write a line of the table."""
        rates = [large / each for each in self.seconds[large]]
        each_ms = 1000 * _slope(self.seconds, small, large)
        besides_s = median(self.seconds[large]) - large * each_ms / 1000
        cells = [
            self.name,
            f"{median(rates):.1f} ({min(rates):.1f}–{max(rates):.1f})",
            f"{each_ms:.0f}",
            f"{besides_s:.1f}",
        ]
        if self.cluster or self.options == ("--jobs", "1"):
            places = (self.main_s, self.scheduler_s, self.workers_s)
            cells += [f"{1000 * _slope(place, small, large):.1f}" for place in places]
        else:  # nobody waits for the processes of a pool, so their time is unknown
            cells += ["–", "", ""]
        return f"| {' | '.join(cells)} | {max(self.main_mb):.0f} |"


class Relay:
    """Passes on what goes between clients and a scheduler, and counts it; a context manager."""

    def __init__(self, address: str) -> None:
        """Listen on a free port for what goes to the scheduler at `address`."""
        host, _, port = address.removeprefix("tcp://").rpartition(":")
        self._there = host, int(port)
        self._listener = socket.create_server((HERE, 0))
        self.address = f"tcp://{HERE}:{self._listener.getsockname()[1]}"
        self.sent = 0
        self.received = 0
        self._sockets = [self._listener]

    def __enter__(self) -> Relay:
        """Begin to listen."""
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        """End every connection."""
        for each in self._sockets:
            with suppress(OSError):  # it may have ended by itself
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):  # the listener was closed
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._there)
                self._sockets += near, far
                for source, target in ((near, far), (far, near)):
                    Thread(target=self._carry, args=(source, target, near), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, near: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 16):
                if source is near:
                    self.sent += len(data)
                else:
                    self.received += len(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


def say(text: str) -> None:
    """Tell whoever waits how far it is."""
    print(text, file=sys.stderr, flush=True)


def ways(
    small: Archive, large: Archive, clusters: Sequence[Loopback], rounds: int
) -> Iterator[str]:
    """Build both archives in every way, and write what that costs."""
    every = [Way(f"here, `--jobs {jobs}`", ("--jobs", str(jobs))) for jobs in (1, 2)]
    for cluster in clusters:
        name = f"cluster, {cluster.count()} worker{'s' * (cluster.count() > 1)}"
        every.append(Way(name, ("--scheduler", cluster.address), cluster))
        small.build(("--scheduler", cluster.address))  # warms the workers up
    for number in range(rounds):
        for way in every:
            say(f"round {number + 1} of {rounds}: {way.name}")
            for archive in (small, large):
                way.measure(archive)
    yield (
        "| way | PDFs a second, all included | ms a release | s besides | processor ms a release: "
        "main process | scheduler | workers | memory of the main process, MB |"
    )
    yield "|---|--:|--:|--:|--:|--:|--:|--:|"
    for way in every:
        yield way.row(small.size, large.size)


def traffic(small: Archive, large: Archive, cluster: Loopback) -> Iterator[tuple[str, str]]:
    """Count the bytes between the build and the scheduler."""
    sent: Figures = {}
    received: Figures = {}
    for archive in (small, large):
        say(f"counting bytes: {archive.size} documents")
        with Relay(cluster.address) as relay:
            archive.build(("--scheduler", relay.address))
        sent[archive.size] = [relay.sent]
        received[archive.size] = [relay.received]
    each, back = (_slope(count, small.size, large.size) for count in (sent, received))
    once = sent[large.size][0] - each * large.size
    look = _holdings(large).layouts
    yield "sent for each release (page, PDF, its share of the lists)", f"{each / 1000:.1f} KB"
    yield "received for each release", f"{back / 1000:.1f} KB"
    yield "sent once, whatever the number", f"{once / 1000:,.0f} KB"
    yield "the look among it", f"{len(Look.of(look).layouts) / 1000:,.0f} KB"


def weights(clusters: Sequence[Loopback]) -> Iterator[tuple[str, str]]:
    """Weigh scheduler and workers after all these builds."""
    for cluster in clusters:
        yield f"scheduler of {cluster.count()}, most", f"{_peak_mb(cluster.scheduler.pid):.0f} MB"
    workers = [worker for cluster in clusters for worker in cluster.living()]
    heaviest = max(_peak_mb(worker.pid) for worker in workers)
    yield "the largest worker, most", f"{heaviest:.0f} MB"


def loss(archive: Archive, cluster: Loopback) -> Iterator[tuple[str, str]]:
    """Kill one of two workers when half is done, and see what becomes of its tasks."""
    layouts, tasks = _pdf_tasks(archive)
    under_way: set[str] = set()

    def draw() -> Iterator[Task]:
        for task in tasks:
            under_way.add(task.path)
            yield task

    victim = cluster.living()[0]
    killed_at = noticed_s = made_s = 0.0
    hit: set[str] = set()
    with PressOfCluster(layouts, cluster.address) as press, cluster.client() as client:
        address = cluster.address_of(victim, client)
        for finished, rendered in enumerate(press.render(draw()), 1):
            assert rendered.data is not None, rendered
            under_way.remove(rendered.path)
            if finished == len(tasks) // 2:
                kill(victim)
                killed_at = time.perf_counter()
                hit = set(under_way)
                while address in client.processing():
                    time.sleep(0.001)
                noticed_s = time.perf_counter() - killed_at
            if hit and not made_s and not hit & under_way:
                made_s = time.perf_counter() - killed_at
    assert not under_way
    assert finished == len(tasks)
    yield "until the scheduler has noticed", f"{1000 * noticed_s:.0f} ms"
    yield f"until the other has made the {len(hit)} PDFs that were under way", f"{made_s:.2f} s"


def _slope(figures: Figures, small: int, large: int) -> float:
    """Return what one release adds: the median of the rounds' own."""
    pairs = zip(figures[small], figures[large], strict=True)
    return median((more - less) / (large - small) for less, more in pairs)


def _cpu_s(processes: Iterable[subprocess.Popen[bytes]]) -> float:
    """Return the processor time that processes have had so far."""
    ticks = 0
    for process in processes:
        # proc(5): fields 14 and 15; the second, a name in parentheses, may hold blanks.
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS_PER_S


def _peak_mb(pid: int) -> float:
    """Return the most memory that a process has held so far, resident."""
    _, _, rest = Path(f"/proc/{pid}/status").read_text().partition("VmHWM:")
    return int(rest.split()[0]) / 1024


def _pdf_tasks(archive: Archive) -> tuple[Layouts, list[Task]]:
    """Return the look, and a task for each PDF."""
    holdings = _holdings(archive)
    instant = read_moment(NOW, holdings.newsroom.time_zone)
    assert isinstance(instant, dt.datetime)
    outputs = plan_outputs(holdings.catalogue.at(instant), stationery_of(holdings, True))
    return holdings.layouts, [
        Task(output.path, output.render, output.subject, {}, {}, is_slow=True)
        for output in outputs
        if output.stage is Stage.PDF
    ]


def _holdings(archive: Archive) -> Holdings:
    holdings = read_holdings(NewsroomFolder(archive.folder)).value
    assert holdings is not None
    return holdings


def _list(figures: Iterable[tuple[str, str]]) -> str:
    """Write figures as a table."""
    return "\n".join(["| what | figure |", "|---|--:|", *(f"| {a} | {b} |" for a, b in figures)])


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=200, help="of the large archive")
    parser.add_argument("--runs", type=int, default=3, help="rounds of each way")
    parser.add_argument("--date", required=True, help="the day, for the head of the table")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        small, large = (
            Archive.write(count, folder / str(count))
            for count in (arguments.documents // SMALL_SHARE, arguments.documents)
        )
        clusters = []
        for workers in (1, 2):
            (folder / f"cluster-{workers}").mkdir()
            clusters.append(
                stack.enter_context(Loopback(folder / f"cluster-{workers}", workers=workers))
            )
        print(_head(arguments.date, arguments.runs, small, large))
        print("\n".join(ways(small, large, clusters, arguments.runs)), end="\n\n")
        print(_list(traffic(small, large, clusters[1])), end="\n\n")
        print(_list(weights(clusters)), end="\n\n")
        print("A worker of two is killed when half is done:\n")
        print(_list(loss(large, clusters[1])))


def _head(date: str, runs: int, small: Archive, large: Archive) -> str:
    names = ("communique", "weasyprint", "distributed")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"Measured on {date}, {small.size} and {large.size} releases, {runs} rounds. What a "
        "release (its page and PDF) costs is the difference between the two archives, the median "
        "of the rounds' own.\n\n"
        f"- Machine: {programs.machine()}\n"
        f"- Versions: {versions}, Python {platform.python_version()}\n"
        f"- Command: `python -m tests.bench.scale {' '.join(sys.argv[1:])}`\n"
    )


if __name__ == "__main__":
    main()
