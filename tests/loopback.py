"""A cluster on this machine alone: a real scheduler and worker processes, on 127.0.0.1."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from distributed import Client

ROOT = Path(__file__).parents[1]
HERE = "127.0.0.1"
PATIENCE_S = 60


class Loopback:
    """A scheduler that listens on a free port, and its workers; a context manager that ends them.

    Scheduler and workers begin at the same time: these wait for the file in which it says where it
    listens.
    """

    def __init__(self, folder: Path, workers: int) -> None:
        """Prepare for so many workers; what the processes write goes to `folder`."""
        self.folder = folder
        self.workers: list[subprocess.Popen[bytes]] = []
        self._file = folder / "scheduler.json"
        self._at_first = workers

    def __enter__(self) -> Loopback:
        """Start the processes, and wait until all have met."""
        file = str(self._file)
        self.scheduler = self._start(
            "scheduler", "scheduler", "--host", HERE, "--port", "0", "--scheduler-file", file
        )
        try:
            for _ in range(self._at_first):
                self._start_worker(ROOT / "src")
            self.address = self._place_of_scheduler()
            self._wait_for_workers()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End every process."""
        self.close()

    def close(self) -> None:
        """End every process."""
        for process in (*self.workers, self.scheduler):
            kill(process)

    def add_workers(self, count: int, sources: Path = ROOT / "src") -> None:
        """Start workers that have their program from `sources`, and wait until they are there."""
        for _ in range(count):
            self._start_worker(sources)
        self._wait_for_workers()

    def count(self) -> int:
        """Return how many workers are alive."""
        return len(self.living())

    def living(self) -> list[subprocess.Popen[bytes]]:
        """Return the workers that are alive, the oldest first."""
        return [worker for worker in self.workers if worker.poll() is None]

    def address_of(self, worker: subprocess.Popen[bytes], client: Client) -> str:
        """Return where a worker that is alive listens."""
        return self._addresses(client)[self.workers.index(worker)]

    def client(self) -> Client:
        """Return another client of the cluster, to look at it."""
        return Client(self.address, set_as_default=False)

    def _start_worker(self, sources: Path) -> None:
        name = str(len(self.workers))
        worker = self._start(
            f"worker-{name}",
            *("worker", "--scheduler-file", str(self._file), "--host", HERE, "--name", name),
            *("--no-nanny", "--nthreads", "1", "--local-directory", str(self.folder)),
            sources=sources,
        )
        self.workers.append(worker)

    def _wait_for_workers(self) -> None:
        """Wait until the scheduler knows those that are alive, and no other."""
        until = time.monotonic() + PATIENCE_S
        with self.client() as client:
            while {*self._addresses(client)} != {*map(self.workers.index, self.living())}:
                assert time.monotonic() < until, "a worker does not find the scheduler"
                time.sleep(0.05)

    def _addresses(self, client: Client) -> dict[int, str]:
        """Return the address of each worker that the scheduler knows, by its number."""
        workers = client.scheduler_info(n_workers=-1)["workers"]
        return {int(worker["name"]): address for address, worker in workers.items()}

    def _start(
        self, name: str, *arguments: str, sources: Path = ROOT / "src"
    ) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            # As docs/scale.md advises: dask's profiler grows with every second of work.
            "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
            # Workers find what the tests hand out, too.
            "PYTHONPATH": os.pathsep.join((str(sources), str(ROOT))),
        }
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments, "--no-dashboard"],
                cwd=self.folder,
                env=environment,
                stdout=log,
                stderr=log,
            )

    def _place_of_scheduler(self) -> str:
        """Wait for what the scheduler writes once it listens."""
        until = time.monotonic() + PATIENCE_S
        while not self._file.is_file() or not (text := self._file.read_text()).endswith("}"):
            assert self.scheduler.poll() is None, (self.folder / "scheduler.log").read_text()
            assert time.monotonic() < until, "the scheduler does not listen"
            time.sleep(0.05)
        return str(json.loads(text)["address"])


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process as a machine dies that loses its power."""
    process.kill()
    process.wait()
