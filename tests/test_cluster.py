"""What is rendered on other machines is what would be rendered here, whatever happens there."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from distributed import WorkerPlugin
from PIL import Image

from communique.build import BuildReport, Settings, stationery_of
from communique.build import build as run_build
from communique.cluster import (
    LARGE,
    ClusterEmptyError,
    ClusterUnfitError,
    ClusterUnreachableError,
    PressOfCluster,
    knock,
)
from communique.equipment import Equipment
from communique.executors import bench_of
from communique.holdings import read_holdings
from communique.layouts import Layouts
from communique.output import Stage
from communique.plan import plan_outputs
from communique.production import Progress, hidden
from communique.rendering import Press, PressHere, Task
from tests.loopback import ROOT, Loopback, kill
from tests.office import NOON, Office, never_waits

STORIES = 6
PHOTO = "quay.png"


class Arrivals(WorkerPlugin):
    """Writes down what is brought to a worker, and not made there."""

    name = "arrivals"

    def setup(self, worker: Any) -> None:
        self.keys: list[str] = []

    def transition(self, key: Any, start: str, finish: str, **_: Any) -> None:
        if finish == "memory" and str(key).startswith("communique-"):
            self.keys.append(str(key))


@pytest.fixture(scope="module")
def loopback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    with Loopback(tmp_path_factory.mktemp("cluster"), workers=2) as cluster:
        yield cluster


@pytest.fixture
def cluster(loopback: Loopback) -> Loopback:
    """Return a cluster of two workers at least, whatever became of those of the last test."""
    if loopback.count() < 2:
        loopback.add_workers(2 - loopback.count())
    return loopback


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Return a newsroom of stories in two languages that share a photograph, built here."""
    office = Office.open(tmp_path_factory.mktemp("office") / "here")
    picture = Image.frombytes("RGB", (200, 150), random.Random(3).randbytes(200 * 150 * 3))
    (office.root / "releases").mkdir()
    picture.save(office.root / "releases" / PHOTO)
    assert (office.root / "releases" / PHOTO).stat().st_size > LARGE
    office.write("releases/plan.txt", "The plan.")
    for number in range(1, STORIES + 1):
        for series in "EC":
            office.write_release(
                f"{series}-{number:03}/26",
                f"images: [{{file: {PHOTO}, alt: The quay}}]",
                "attachments: [{file: plan.txt, title: Plan}]",
                body="The council met.\n\n" * 5,
            )
    assert not build_of(office, PressHere).failed
    return office


def build_of(
    office: Office, press_of: Callable[[Layouts], Press], progress: Progress = hidden
) -> BuildReport:
    return run_build(
        office.folder, NOON, Settings(), press_of=press_of, progress=progress, on_wait=never_waits
    )


def unbuilt(office: Office, folder: Path) -> Office:
    """Return a copy of a newsroom of which nothing has been built."""
    shutil.copytree(office.root, folder, ignore=shutil.ignore_patterns("build", ".communique"))
    return Office(folder)


def pdf_tasks(office: Office) -> tuple[Layouts, list[Task]]:
    """Return the look, and a task for each PDF."""
    holdings = read_holdings(office.folder).value
    assert holdings is not None
    outputs = plan_outputs(holdings.catalogue.at(NOON), stationery_of(holdings, True))
    return holdings.layouts, [
        Task(
            output.path,
            output.render,
            output.subject,
            {asset.digest: office.folder.read(asset) for asset in output.assets},
            {},
            is_slow=True,
        )
        for output in outputs
        if output.stage is Stage.PDF
    ]


@pytest.mark.long
def test_cluster_makes_the_same_bytes_and_is_sent_each_file_once(
    cluster: Loopback, office: Office, tmp_path: Path
) -> None:
    there = unbuilt(office, tmp_path / "there")
    with cluster.client() as client:
        client.register_plugin(Arrivals())
        ran = there.run("build", "--scheduler", cluster.address)
        arrived = client.run(lambda dask_worker: dask_worker.plugins["arrivals"].keys)
        benches = client.run(lambda: bench_of.cache_info().misses)

    assert (ran.code, ran.err) == (0, "")
    assert there.published() == office.published()
    # Each sending has a name of its own; workers may pass on to one another what was sent.
    sent = {key for keys in arrived.values() for key in keys}
    assert sorted(key.split("-")[1] for key in sent) == ["file", "look"]
    assert list(benches.values()) == [1, 1]


def test_results_come_in_while_tasks_go_out(cluster: Loopback, office: Office) -> None:
    layouts, tasks = pdf_tasks(office)
    drawn: list[Task] = []

    def draw() -> Iterator[Task]:
        for task in tasks:
            drawn.append(task)
            yield task

    with PressOfCluster(layouts, cluster.address) as press:
        first = next(press.render(draw()))

    assert first.data == office.published()[first.path]
    assert len(drawn) < len(tasks)


def test_builds_at_the_same_time_send_under_different_names(
    cluster: Loopback, office: Office
) -> None:
    layouts, tasks = pdf_tasks(office)

    with (
        cluster.client() as client,
        PressOfCluster(layouts, cluster.address) as one,
        PressOfCluster(layouts, cluster.address) as other,
    ):
        wait_until(lambda: not any(client.has_what().values()))
        for press in (one, other):
            assert next(press.render(tasks[:1])).data is not None
        sent = {key for keys in client.has_what().values() for key in keys}

    kinds = sorted(key.split("-")[1] for key in sent if key.startswith("communique-"))
    assert kinds == ["file", "file", "look", "look"]


def test_worker_that_dies_in_the_middle_takes_nothing_with_it(
    cluster: Loopback, office: Office, tmp_path: Path
) -> None:
    there = unbuilt(office, tmp_path / "there")
    before = cluster.count()
    done: list[str] = []

    @contextmanager
    def kill_one(total: int) -> Iterator[Callable[[str], None]]:
        def step(name: str) -> None:
            done.append(name)
            if len(done) == 2:
                kill(cluster.living()[0])

        yield step

    report = build_of(there, lambda look: PressOfCluster(look, cluster.address), kill_one)

    assert cluster.count() == before - 1
    assert report.diagnostics == ()
    assert there.published() == office.published()


@pytest.mark.long
def test_document_that_kills_its_workers_is_reported_and_no_other_suffers(
    loopback: Loopback, office: Office
) -> None:
    layouts, tasks = pdf_tasks(office)
    deadly = Task("deadly.pdf", kill_the_process, None, {}, {}, is_slow=True)
    # One dies of the task, one because the task is tried again; the third does the rest.
    loopback.add_workers(3 - loopback.count())
    with deaths_allowed(loopback, 0), PressOfCluster(layouts, loopback.address) as press:
        rendered = {each.path: each for each in press.render([*tasks[:1], deadly, *tasks[1:]])}

    assert loopback.count() == 1
    assert (rendered["deadly.pdf"].data, rendered["deadly.pdf"].error) == (None, None)
    assert {path: each.data for path, each in rendered.items() if each.data} == {
        task.path: office.published()[task.path] for task in tasks
    }


@contextmanager
def deaths_allowed(cluster: Loopback, number: int) -> Iterator[None]:
    """Have the scheduler give up a task that has killed so many workers and one more."""

    def allow(number: int, dask_scheduler: Any = None) -> int:
        before: int = dask_scheduler.allowed_failures
        dask_scheduler.allowed_failures = number
        return before

    with cluster.client() as client:
        before = client.run_on_scheduler(allow, number)
        yield
        client.run_on_scheduler(allow, before)


def kill_the_process(subject: object, workshop: object) -> bytes:
    os._exit(9)


@pytest.mark.long
def test_worker_with_another_program_is_refused(
    cluster: Loopback, office: Office, tmp_path: Path
) -> None:
    there = unbuilt(office, tmp_path / "there")
    layouts, tasks = pdf_tasks(office)
    sources = tmp_path / "other"
    shutil.copytree(ROOT / "src", sources)
    with (sources / "communique/instants.py").open("a") as module:
        module.write("# changed\n")

    with PressOfCluster(layouts, cluster.address) as press:
        before = cluster.count()
        cluster.add_workers(1, sources)
        other = cluster.living()[-1]
        with pytest.raises(ClusterUnfitError, match="another communique") as late:
            list(press.render(tasks * 3))
    early = there.run("build", "--scheduler", cluster.address)
    kill(other)

    assert cluster.count() == before
    assert early.code == 3
    assert not there.folder.build.exists()
    assert (
        early.err == f"error: {late.value}\nhelp: install on the workers what is installed here\n"
    )


def test_difference_names_both_versions() -> None:
    ours = Equipment("aaaaaaaaaa", {"communique": "0.2.0", "weasyprint": "70.0", "pango": "1.50"})
    older = Equipment("bbbbbbbbbb", {"communique": "0.2.0", "weasyprint": "69.0"})
    edited = Equipment("bbbbbbbbbb", ours.versions)

    assert ours.difference(ours) is None
    assert ours.difference(older) == (
        "has weasyprint 69.0, no pango, and this machine weasyprint 70.0, pango 1.50"
    )
    assert ours.difference(edited) == (
        "has another communique 0.2.0 than this machine (code bbbbbbbb, here aaaaaaaa)"
    )


@pytest.mark.long
def test_interrupted_build_takes_back_its_tasks(
    cluster: Loopback, office: Office, tmp_path: Path
) -> None:
    there = unbuilt(office, tmp_path / "there")
    with cluster.client() as client, building(there, cluster) as process:
        wait_until(lambda: any(client.processing().values()))
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
        wait_until(lambda: not any(client.processing().values()))

        assert (process.returncode, said) == (130, "stopped\n")
        assert not there.folder.build.exists()
        assert not any(client.has_what().values())
        assert client.submit(sum, [1, 2]).result() == 3


def building(office: Office, cluster: Loopback) -> subprocess.Popen[str]:
    """Begin a build on the cluster."""
    return subprocess.Popen(
        [sys.executable, "-m", "communique", "build", "--scheduler", cluster.address],
        cwd=office.root,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.long
def test_lost_scheduler_is_said_in_a_sentence(office: Office, tmp_path: Path) -> None:
    there = unbuilt(office, tmp_path / "there")
    (tmp_path / "cluster").mkdir()
    with (
        Loopback(tmp_path / "cluster", workers=1) as cluster,
        building(there, cluster) as process,
    ):
        with cluster.client() as client:
            wait_until(lambda: any(client.processing().values()))
        kill(cluster.scheduler)
        _, said = process.communicate()

    assert (process.returncode, said) == (
        1,
        f"error: the scheduler at {cluster.address} was lost\n"
        "help: see that it runs, and build again: what is done stays done\n",
    )


def test_cluster_without_workers_is_refused(office: Office, tmp_path: Path) -> None:
    layouts, _ = pdf_tasks(office)

    with (
        Loopback(tmp_path, workers=0) as cluster,
        pytest.raises(ClusterEmptyError, match="has no worker"),
        PressOfCluster(layouts, cluster.address, patience_s=0.01),
    ):
        pass


def test_scheduler_that_is_not_there_is_said_at_once(office: Office, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"

    ran = unbuilt(office, tmp_path / "there").run("build", "--scheduler", address)

    assert (ran.code, ran.err.splitlines()[0]) == (
        1,
        f"error: no scheduler answers at {address}",
    )


def test_port_at_which_nothing_speaks_is_no_scheduler() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"

        with pytest.raises(ClusterUnreachableError, match=f"no scheduler answers at {address}"):
            knock(address, patience_s=0.01)


def test_missing_certificate_is_said_in_a_sentence(office: Office, tmp_path: Path) -> None:
    ran = unbuilt(office, tmp_path / "there").run("build", "--scheduler", "tls://127.0.0.1:1")

    assert (ran.code, ran.err) == (
        3,
        "error: this machine has no certificate for tls://127.0.0.1:1\n"
        "help: name it in dask's configuration, `distributed.comm.tls`, as the workers do\n",
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--scheduler", "somewhere"], "`somewhere` is no address"),
        (["--scheduler", "tcp://localhost:8786", "--jobs", "2"], "give one of them"),
    ],
)
def test_wrong_usage_is_refused(office: Office, arguments: list[str], words: str) -> None:
    ran = office.run("build", *arguments)

    assert ran.code == 2
    assert words in ran.err


def test_without_distributed_the_extra_is_named(office: Office, tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import sys
        sys.modules["distributed"] = None
        from communique.cli import run
        sys.exit(run(["build", "--scheduler", "tcp://127.0.0.1:8786"]))
        """)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=unbuilt(office, tmp_path / "there").root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (
        3,
        "error: --scheduler needs dask.distributed, which is not installed\n"
        "help: install it: pip install 'communique[cluster]'\n",
    )
