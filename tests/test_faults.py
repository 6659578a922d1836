"""What can fail while a newsroom is published, done to real processes.

Many more rounds than in `make test`: `make faults FAULTS='--rounds 1000'`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from tests.office import Office

ROUNDS = os.environ.get("COMMUNIQUE_FAULT_ROUNDS", "8")
OTHER_DISK = Path("/dev/shm")


@pytest.mark.parametrize(
    "elsewhere", [[], ["--build", str(OTHER_DISK)]], ids=["here", "other disk"]
)
def test_whatever_moment_a_build_is_killed_at_readers_miss_nothing_and_the_next_completes_it(
    elsewhere: list[str],
) -> None:
    changes = ("ferries", "everything", "lift", "withdrawn")

    played = subprocess.run(
        [
            *(sys.executable, "-m", "tests.faults.kill", "--rounds", ROUNDS, "--step", "7"),
            *("--kinds", *changes, *elsewhere),
        ],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (played.returncode, played.stderr) == (0, "")


INTERRUPTED = """
import os, signal, sys

wanted, text, arguments = sys.argv[1], sys.argv[2], sys.argv[3:]
def on_event(event, values):
    global wanted
    if event == wanted and text in str(values[:2]):
        wanted = ""
        os.killpg(os.getpgrp(), signal.SIGINT)  # as a terminal does it

sys.argv[1:] = arguments
from communique.__main__ import main
sys.addaudithook(on_event)
main()
"""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return an office, built once, in which something changed since."""
    office = Office.open(tmp_path / "office")
    office.write_release("E-001/26", "topics: [quays]")
    office.write_release("E-002/26")
    office.build()
    office.write_release("E-001/26", "title: Edited", "related: [E-003/26]")
    office.write_release("E-002/26", "draft: yes")
    office.write_release("E-003/26", "topics: [ferries]")
    return office


def clean(office: Office) -> Mapping[str, bytes]:
    """Return what a copy that was never built publishes."""
    twin = Office(office.root.with_name("twin"))
    ignored = shutil.ignore_patterns("build", ".communique")
    shutil.copytree(office.root, twin.root, ignore=ignored, dirs_exist_ok=True)
    twin.build()
    return twin.published()


def sources(office: Office) -> dict[str, tuple[bytes, int]]:
    """Return the office's own files, with their times."""
    paths = [office.root / "newsroom.yaml", *(office.root / "releases").iterdir()]
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}


@pytest.mark.parametrize(
    ("event", "text", "options"),
    [
        ("import", "click", ["--no-pdf"]),
        ("import", "communique.build", ["--no-pdf"]),
        ("sqlite3.connect", "manuscripts.sqlite", ["--no-pdf"]),
        ("open", "/work/1'", ["--jobs", "2"]),
        ("os.rename", "/build/E-003/26/index.html", ["--no-pdf"]),
        ("os.remove", "/build/E-002/26/index.html", ["--jobs", "2"]),
    ],
)
def test_ctrl_c_leaves_at_once_with_every_process_and_the_next_build_is_whole(
    office: Office, event: str, text: str, options: list[str]
) -> None:
    before = sources(office)
    now = ["--now", "2026-03-02 12:00 UTC"]
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, event, text, "build", *options, *now],
        cwd=office.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    said = process.communicate()  # comes to an end only when no process has the pipes any more

    assert (process.returncode, *said) == (130, "", "stopped\n")
    with suppress(ProcessLookupError):
        while True:
            os.killpg(process.pid, 0)
            time.sleep(0.05)
    ran = office.run("build", "--no-pdf")
    assert (ran.code, ran.err) == (0, "")
    assert office.published() == clean(office)
    assert sources(office) == before
