"""Rendering on other machines: a press whose processes are the workers of a dask cluster.

What comes in: `Task`s, as for any press. What goes out: `Rendered`, as the workers finish. The look
goes to every worker once, a large file once to the cluster; a task carries the rest. A worker that
is not equipped like this machine might make other bytes, and is refused. This is the only module
that imports `distributed`, here and on the workers.
"""

from __future__ import annotations

import logging
import pickle
import socket
from collections.abc import Container, Iterable, Iterator
from concurrent.futures import CancelledError
from concurrent.futures import Future as Pending
from dataclasses import dataclass, field, replace
from functools import lru_cache
from threading import Lock
from typing import TypeVar
from urllib.parse import urlsplit

from distributed import Client, Future, KilledWorker, get_worker

from communique.equipment import Equipment, own_equipment
from communique.layouts import Layouts
from communique.rendering import (
    TASKS_AHEAD,
    Batch,
    Rendered,
    Task,
    Workbench,
    in_batches,
    stream,
)
from communique.renditions.assets import render_asset
from communique.source import digest_of

T = TypeVar("T")

REACH_S = 10
"""How many seconds the scheduler may take to answer, and the first worker to be there."""
LARGE = 64 * 1024
"""From so many bytes on a file is sent to the cluster once, not with every task that shows it."""
FILES_HELD = 64
"""How many large files the cluster keeps for tasks to come: translations follow one another."""
RECOUNT = 64
"""After so many batches the workers are counted again: some come, some go."""
TRIES = 3
"""How often a task is begun whose files are lost each time, together with a worker."""
LOST = (KilledWorker, CancelledError)
"""What becomes of a task that killed its workers, and of one whose files were lost with theirs."""


class ClusterUnreachableError(Exception):
    """No scheduler answers at the address, or it has ceased to; the message says where."""


class ClusterUnfitError(Exception):
    """The cluster cannot make what this machine would: no worker, or another equipment."""


@dataclass(frozen=True, slots=True)
class Look:
    """The look as it travels: once to every worker, which makes one workbench of it."""

    digest: str
    layouts: bytes = field(compare=False, repr=False)
    """The pickled `Layouts`."""
    equipment: Equipment = field(compare=False)
    """Of the machine that it comes from."""

    @classmethod
    def of(cls, layouts: Layouts) -> Look:
        """Pack the look, without what rendering here has added to it."""
        data = pickle.dumps(Layouts(layouts.files, layouts.phrases))
        equipment = own_equipment()
        return cls(digest_of(equipment.program.encode() + data), data, equipment)


def knock(address: str) -> None:
    """See at once whether anything listens at a scheduler's address.

    Raises: `ClusterUnreachableError`.
    """
    place = urlsplit(address)
    try:
        socket.create_connection((str(place.hostname), place.port or 0), REACH_S).close()
    except OSError as error:
        raise ClusterUnreachableError(f"no scheduler answers at {address}") from error


class PressOfCluster:
    """Renders on the workers of a cluster.

    The scheduler gives the tasks of a lost worker to others. What kills one worker after the other
    is tried once more, alone, and then reported.
    """

    def __init__(self, layouts: Layouts, address: str) -> None:
        """Prepare for the cluster whose scheduler listens at `address`, ``tcp://host:port``."""
        self._bench = Workbench(layouts)
        self._layouts = layouts
        self._address = address
        self._names = 0
        self._sent = 0
        self._recount_at = 0
        self._workers = 0
        self._look: Future[Look] | None = None
        self._files: dict[str, Future[bytes]] = {}

    def __enter__(self) -> PressOfCluster:
        """Join the cluster, and see whether it would make what this machine would.

        Raises: `ClusterUnreachableError`, `ClusterUnfitError`.
        """
        # What the client only logs, a lost scheduler, is what our errors say.
        logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
        try:
            self._client = Client(
                self._address, timeout=REACH_S, set_as_default=False, name="communique"
            )
        except OSError as error:
            raise ClusterUnreachableError(f"no scheduler answers at {self._address}") from error
        self._executor = self._client.get_executor(pure=False)
        try:
            self._inspect()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Take back what is under way."""
        self.close()

    def close(self) -> None:
        """Take back what is under way, and leave the cluster to others."""
        self._forget_what_was_sent()
        self._executor.shutdown(wait=False)
        self._client.close()

    def warm_up(self) -> None:
        """Do nothing: workers stay warm from one build to the next."""

    def render(self, tasks: Iterable[Task]) -> Iterator[Rendered]:
        """Yield what became of each task as soon as it is known.

        Raises: `ClusterUnreachableError` if the scheduler is lost; `ClusterUnfitError` if a worker
        has joined that is equipped otherwise.
        """
        batches = in_batches(map(_alone_with_its_files, tasks))
        while True:
            lost: list[Task] = []
            yield from stream(self._submit, batches, self._room, lost, LOST)
            if not lost:
                return
            for task in lost:
                yield self._alone(task)

    def _alone(self, task: Task) -> Rendered:
        for _ in range(TRIES):
            self._forget_what_was_sent()
            try:
                (result,) = self._submit((task,)).result()
            except CancelledError:
                continue
            except KilledWorker:
                break
            return result
        return Rendered(task.path, None)

    def _submit(self, batch: Batch) -> Pending[tuple[Rendered, ...]]:
        if self._client.status != "running":
            raise ClusterUnreachableError(f"the scheduler at {self._address} was lost")
        if all(task.render is render_asset for task in batch):
            return _done(tuple(map(self._bench.do, batch)))  # a copy: sending takes longer
        self._sent += 1
        large = {
            digest: self._file(digest, data)
            for task in batch
            for digest, data in task.assets.items()
            if len(data) >= LARGE
        }
        light = tuple(_without(task, large) for task in batch)
        look = self._look or self._send_look()
        pending: Pending[tuple[Rendered, ...]] = self._executor.submit(
            _do, look, list(large), list(large.values()), light
        )
        return pending

    def _send_look(self) -> Future[Look]:
        """Bring the look to every worker."""
        look = Look.of(self._layouts)
        self._look = self._send(f"communique-look-{look.digest}", look, to_all=True)
        return self._look

    def _file(self, digest: str, data: bytes) -> Future[bytes]:
        """Bring a file to the cluster, unless it is there."""
        future = self._files.pop(digest, None)
        if future is None:
            future = self._send(f"communique-file-{digest}", data, to_all=False)
        self._files[digest] = future
        while len(self._files) > FILES_HELD:
            del self._files[next(iter(self._files))]
        return future

    def _send(self, name: str, value: T, *, to_all: bool) -> Future[T]:
        # Never a name twice: the scheduler may hear only later that the first was let go.
        self._names += 1
        name = f"{name}-{self._names}"
        try:
            sent: dict[str, Future[T]] = self._client.scatter({name: value}, broadcast=to_all)
        except TimeoutError as error:
            raise ClusterUnfitError(self._no_worker()) from error
        return sent[name]

    def _forget_what_was_sent(self) -> None:
        self._look = None
        self._files.clear()

    def _room(self) -> int:
        """Return how many batches may be under way."""
        if self._sent >= self._recount_at:
            self._recount_at = self._sent + RECOUNT
            self._workers = len(self._client.nthreads())
        return max(1, self._workers) * TASKS_AHEAD

    def _inspect(self) -> None:
        """See whether there is a worker, and whether all are equipped like this machine."""
        try:
            self._client.wait_for_workers(1, timeout=REACH_S)
        except TimeoutError as error:
            raise ClusterUnfitError(self._no_worker()) from error
        ours = own_equipment()
        for worker, theirs in self._client.run(own_equipment, on_error="return").items():
            if isinstance(theirs, OSError):
                continue  # it was lost just now
            if not isinstance(theirs, Equipment):
                raise ClusterUnfitError(f"the worker at {worker} has no communique like this one")
            if difference := ours.difference(theirs):
                raise ClusterUnfitError(f"the worker at {worker} {difference}")

    def _no_worker(self) -> str:
        return (
            f"the cluster at {self._address} has no worker; start one with "
            f"`dask worker {self._address} --nthreads 1`"
        )


def _alone_with_its_files(task: Task) -> Task:
    """Mark a task that carries files as one to be sent on its own."""
    return replace(task, is_slow=True) if task.assets else task


def _without(task: Task, digests: Container[str]) -> Task:
    rest = {digest: data for digest, data in task.assets.items() if digest not in digests}
    return replace(task, assets=rest)


def _done(results: tuple[Rendered, ...]) -> Pending[tuple[Rendered, ...]]:
    pending: Pending[tuple[Rendered, ...]] = Pending()
    pending.set_result(results)
    return pending


_turn = Lock()
"""WeasyPrint's: a worker with several threads renders one document after the other all the same."""


def _do(look: Look, digests: list[str], files: list[bytes], batch: Batch) -> tuple[Rendered, ...]:
    """Render tasks on a worker; `files` are the large ones, sent before."""
    large = dict(zip(digests, files, strict=True))
    with _turn:
        bench = _bench_of(look)
        return tuple(bench.do(replace(task, assets={**task.assets, **large})) for task in batch)


@lru_cache(maxsize=2)
def _bench_of(look: Look) -> Workbench:
    """Return the workbench of a look, which stays warm while the worker lives."""
    difference = look.equipment.difference(own_equipment())
    if difference:
        raise ClusterUnfitError(f"the worker at {get_worker().address} {difference}")
    layouts: Layouts = pickle.loads(look.layouts)
    return Workbench(layouts)
