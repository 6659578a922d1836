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

    `settings` are dask's own, by the names of their environment variables.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        """Start the scheduler; what the processes write goes to `folder`."""
        self.folder = folder
        self.settings = settings
        self.workers: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler",
            *("scheduler", "--host", HERE, "--port", "0", "--scheduler-file", str(file)),
        )
        self.address = str(json.loads(self._text_of(file))["address"])

    def __enter__(self) -> Loopback:
        """Return the cluster itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End every process."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()

    def add_workers(self, count: int, sources: Path = ROOT / "src") -> None:
        """Start workers that have their program from `sources`, and wait until they are there."""
        for _ in range(count):
            name = str(len(self.workers))
            worker = self._start(
                f"worker-{name}",
                *("worker", self.address, "--host", HERE, "--name", name, "--no-nanny"),
                *("--nthreads", "1", "--local-directory", str(self.folder)),
                sources=sources,
            )
            self.workers.append(worker)
        with self.client() as client:
            client.wait_for_workers(self.count(), timeout=PATIENCE_S)

    def count(self) -> int:
        """Return how many workers are alive."""
        return sum(worker.poll() is None for worker in self.workers)

    def remove_worker(self, worker: subprocess.Popen[bytes]) -> None:
        """Kill a worker, as a machine dies that loses its power."""
        worker.kill()
        worker.wait()

    def client(self) -> Client:
        """Return another client of the cluster, to look at it."""
        return Client(self.address, set_as_default=False)

    def _start(
        self, name: str, *arguments: str, sources: Path = ROOT / "src"
    ) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            **self.settings,
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

    def _text_of(self, file: Path) -> str:
        """Wait for what the scheduler writes once it listens."""
        until = time.monotonic() + PATIENCE_S
        while not (file.is_file() and (text := file.read_text(encoding="utf-8")).endswith("}")):
            assert self.scheduler.poll() is None, (self.folder / "scheduler.log").read_text()
            assert time.monotonic() < until, "the scheduler does not listen"
            time.sleep(0.05)
        return text
