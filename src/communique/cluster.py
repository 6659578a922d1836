"""Rendering on other machines: a press whose processes are the workers of a dask cluster.

What comes in: `Task`s, as for any press. What goes out: `Rendered`, as the workers finish. The look
goes to the cluster once, and so does a large file; a task carries the rest. A worker that is not
equipped like this machine might make other bytes, and is refused. This is the only module that
imports `distributed`, here and on the workers.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Container, Iterable, Iterator
from concurrent.futures import CancelledError
from concurrent.futures import Future as Pending
from dataclasses import replace
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

from distributed import Client, Future, KilledWorker, Security, get_worker

from communique.equipment import Equipment, own_equipment
from communique.executors import Look, OtherEquipmentError, render_batch
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
from communique.renditions.assets import render_asset, render_original

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
COPIES = (render_asset, render_original)
"""What makes little more than a copy of a file."""
TALKERS = ("distributed", "distributed.client")
"""Loggers that would tell on standard error of each connection that breaks, as our errors do."""
LOST = (KilledWorker, CancelledError)
"""What becomes of a task that killed its workers, and of one whose files were lost with theirs."""


class ClusterUnreachableError(Exception):
    """No scheduler answers at the address, or it has ceased to; the message says where."""


class ClusterEmptyError(Exception):
    """The cluster has no worker."""


class ClusterUnfitError(Exception):
    """The cluster might not make what this machine would: a worker has another equipment."""


class ClusterLockedError(Exception):
    """The cluster wants a certificate that this machine has none of."""


def knock(address: str, patience_s: float = REACH_S) -> None:
    """See whether a scheduler may listen at an address: one speaks first, and dask waits for that.

    Raises: `ClusterUnreachableError`, `ClusterLockedError`.
    """
    place = urlsplit(address)
    if place.scheme == "tls" and Security().get_connection_args("client")["ssl_context"] is None:
        raise ClusterLockedError(f"this machine has no certificate for {address}")
    try:
        with socket.create_connection(
            (str(place.hostname), place.port or 0), patience_s
        ) as connection:
            if place.scheme == "tcp":  # with TLS it is the client that speaks first
                connection.recv(1)
    except OSError as error:
        raise ClusterUnreachableError(f"no scheduler answers at {address}") from error


class PressOfCluster:
    """Renders on the workers of a cluster.

    The scheduler gives the tasks of a lost worker to others. What kills one worker after the other
    is tried once more, alone, and then reported.
    """

    def __init__(self, layouts: Layouts, address: str, patience_s: float = REACH_S) -> None:
        """Prepare for the cluster whose scheduler listens at `address`, ``tcp://host:port``.

        Its first worker may take `patience_s` to be there.
        """
        self._bench = Workbench(layouts)
        self._layouts = layouts
        self._address = address
        self._patience_s = patience_s
        self._sent = 0
        self._recount_at = 0
        self._workers = 0
        self._look: Future[Look] | None = None
        self._files: dict[str, Future[bytes]] = {}

    def __enter__(self) -> PressOfCluster:
        """Join the cluster, and see whether it would make what this machine would.

        Raises: `ClusterUnreachableError`, `ClusterEmptyError`, `ClusterUnfitError`.
        """
        for name in TALKERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
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

        Raises: `ClusterUnreachableError` if the scheduler is lost, `ClusterEmptyError` if all
        workers are; `ClusterUnfitError` if one has joined that is equipped otherwise.
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
            raise ClusterUnreachableError(self._lost())
        if all(task.parts or task.render in COPIES for task in batch):
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
        """Bring the look to the cluster; workers get it from one another when they need it.

        Not as a broadcast: dask's memory manager drops such copies, and its scheduler waits for
        ever for a copy that got lost on the way.
        """
        look = Look.of(self._layouts)
        self._look = self._send(f"communique-look-{look.digest}", look)
        return self._look

    def _file(self, digest: str, data: bytes) -> Future[bytes]:
        """Bring a file to the cluster, unless it is there."""
        future = self._files.pop(digest, None)
        if future is None:
            future = self._send(f"communique-file-{digest}", data)
        self._files[digest] = future
        while len(self._files) > FILES_HELD:
            del self._files[next(iter(self._files))]
        return future

    def _send(self, name: str, value: T) -> Future[T]:
        # Never a name twice, not by any client: a worker may hear only later that the first was
        # let go, and would drop the second.
        name = f"{name}-{uuid4().hex}"
        for _ in range(TRIES):
            try:
                sent: dict[str, Future[T]] = self._client.scatter({name: value})
            except TimeoutError as error:
                raise ClusterEmptyError(self._no_worker()) from error
            except OSError:
                continue  # the worker that it went to was lost just now, or the scheduler
            return sent[name]
        raise ClusterUnreachableError(self._lost())

    def _lost(self) -> str:
        return f"the scheduler at {self._address} was lost"

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
            self._client.wait_for_workers(1, timeout=self._patience_s)
        except TimeoutError as error:
            raise ClusterEmptyError(self._no_worker()) from error
        ours = own_equipment()
        for worker, theirs in self._client.run(own_equipment, on_error="return").items():
            if isinstance(theirs, OSError):
                continue  # it was lost just now
            if not isinstance(theirs, Equipment):
                raise ClusterUnfitError(f"the worker at {worker} has no communique like this one")
            if difference := ours.difference(theirs):
                raise ClusterUnfitError(f"the worker at {worker} {difference}")

    def _no_worker(self) -> str:
        return f"the cluster at {self._address} has no worker"


def _alone_with_its_files(task: Task) -> Task:
    """Mark a task that carries files as one to be sent on its own."""
    return replace(task, is_slow=True) if task.assets or task.parts else task


def _without(task: Task, digests: Container[str]) -> Task:
    rest = {digest: data for digest, data in task.assets.items() if digest not in digests}
    return replace(task, assets=rest)


def _done(results: tuple[Rendered, ...]) -> Pending[tuple[Rendered, ...]]:
    pending: Pending[tuple[Rendered, ...]] = Pending()
    pending.set_result(results)
    return pending


def _do(look: Look, digests: list[str], files: list[bytes], batch: Batch) -> tuple[Rendered, ...]:
    """Render tasks on a worker; `files` are the large ones, sent before."""
    large = dict(zip(digests, files, strict=True))
    whole = tuple(replace(task, assets={**task.assets, **large}) for task in batch)
    try:
        return render_batch(look, whole)
    except OtherEquipmentError as error:
        raise ClusterUnfitError(f"the worker at {get_worker().address} {error}") from error
