"""What can fail while a newsroom is published, done to real processes.

Many more rounds than in `make test`: `make faults FAULTS='--rounds 1000'`.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.disks import other_disk
from tests.office import NOON, Office
from tests.sampling import few_first, few_of

ROUNDS = os.environ.get("COMMUNIQUE_FAULT_ROUNDS", "2")


@pytest.mark.parametrize(
    "elsewhere",
    few_of({"other disk": True, "here": False}, {"other disk"}),
)
def test_whatever_moment_a_build_is_killed_at_readers_miss_nothing_and_the_next_completes_it(
    elsewhere: bool,
) -> None:
    changes = ("ferries", "everything", "lift", "withdrawn")
    where = ["--build", str(other_disk())] if elsewhere else []

    played = subprocess.run(
        [
            *(sys.executable, "-m", "tests.faults.kill", "--rounds", ROUNDS, "--step", "7"),
            *("--kinds", *changes, *where),
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


def clean(office: Office, now: dt.datetime = NOON) -> Mapping[str, bytes]:
    """Return what a copy that was never built publishes."""
    twin = Office(office.root.with_name("twin"))
    ignored = shutil.ignore_patterns("build", ".communique")
    shutil.copytree(office.root, twin.root, ignore=ignored, dirs_exist_ok=True)
    twin.build(now)
    return twin.published()


def sources(office: Office) -> dict[str, tuple[bytes, int]]:
    """Return the office's own files, with their times."""
    paths = [office.root / "newsroom.yaml", *(office.root / "releases").iterdir()]
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}


@pytest.mark.parametrize(
    ("event", "text", "options"),
    few_first(
        [
            ("open", "/work/1'", ["--jobs", "2"]),
            ("import", "communique.build", ["--no-pdf"]),
            ("os.rename", "/build/E-003/26/index.html", ["--no-pdf"]),
            ("import", "click", ["--no-pdf"]),
            ("sqlite3.connect", "manuscripts.sqlite", ["--no-pdf"]),
            ("os.remove", "/build/E-002/26/index.html", ["--jobs", "2"]),
        ],
        1,
    ),
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


def on_disk(play: str, folder: Path) -> list[tuple[int, str, bool, int, bool]]:
    """Play `tests.faults.disk` where file systems may be mounted."""
    played = subprocess.run(
        ["unshare", "-rm", sys.executable, "-m", "tests.faults.disk", play, str(folder)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert played.returncode == 0, f"this test mounts file systems: {played.stderr}"
    return [tuple(each) for each in json.loads(played.stdout)]


def test_full_disk_is_a_sentence_and_costs_nothing_once_there_is_room(tmp_path: Path) -> None:
    played = on_disk("full", tmp_path)

    assert {code for code, *_ in played} == {0, 1}
    for code, said, is_whole, code_after, is_as_clean in played:
        assert (is_whole, code_after, is_as_clean) == (True, 0, True)
        assert said.count("\n") == code
        assert not code or said.startswith(
            ("error: no space left on device", "error: database or disk is full")
        )


def test_build_that_may_not_be_written_to_is_a_sentence(tmp_path: Path) -> None:
    ((code, said, *others),) = on_disk("read-only", tmp_path)

    assert (code, others) == (1, [True, 0, True])
    assert said == f"error: read-only file system: {tmp_path}/office/newsroom/build/E-006\n"


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def damage_in_secret(path: Path) -> None:
    """Change the middle of a file, and leave size and time as they were."""
    before = path.stat()
    middle = before.st_size // 2
    with path.open("r+b") as file:
        file.seek(middle)
        found = file.read(16)
        file.seek(middle)
        file.write(bytes(byte ^ 1 for byte in found))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def of_the_future(path: Path) -> None:
    if path.suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA user_version = 99")
    else:
        path.write_bytes(b'{"format": 99}')


@pytest.mark.parametrize("spoil", [Path.unlink, cut_off, damage_in_secret, of_the_future])
@pytest.mark.parametrize(
    "pattern", few_first(["ledger.sqlite", "manuscripts.sqlite", "ahead/*", "look/*/*"], 1)
)
def test_whatever_is_damaged_of_what_the_program_keeps_costs_time_and_nothing_else(
    office: Office, pattern: str, spoil: Callable[[Path], None]
) -> None:
    office.write_release("E-004/26", "embargo: 2026-03-02 08:00", "topics: [quays]")
    for path in [office.root / "newsroom.yaml", *(office.root / "releases").iterdir()]:
        os.utime(path, (1_700_000_000, 1_700_000_000))
    office.run("build", "--no-pdf")
    spoiled = sorted(office.folder.private.glob(pattern))
    assert spoiled
    for path in spoiled:
        spoil(path)
    before = sources(office)

    for hours in (0, 1):  # before the end of the embargo, and at its instant
        ran = office.run("build", "--no-pdf", now=NOON + dt.timedelta(hours=hours))
        assert (ran.code, ran.err) == (0, "")
    assert office.published() == clean(office, NOON + dt.timedelta(hours=1))
    assert sources(office) == before


def test_prepared_edition_that_was_damaged_is_not_published(office: Office) -> None:
    office.write_release("E-004/26", "embargo: 2026-03-02 08:00", "topics: [quays]")
    for path in [office.root / "newsroom.yaml", *(office.root / "releases").iterdir()]:
        os.utime(path, (1_700_000_000, 1_700_000_000))
    office.run("build", "--no-pdf")
    for path in office.folder.private.glob("ahead/[0-9]*"):
        damage_in_secret(path)

    later = NOON + dt.timedelta(hours=1)
    ran = office.run("build", "--no-pdf", now=later)
    assert (ran.code, ran.err) == (0, "")
    assert office.published() == clean(office, later)


def test_clock_that_goes_backwards_takes_back_what_is_not_public_yet(office: Office) -> None:
    office.write_release("E-004/26", "embargo: 2026-03-02 08:00", "topics: [quays]")
    later = NOON + dt.timedelta(hours=1)
    office.run("build", "--no-pdf", now=later)
    assert "E-004/26/index.html" in office.published()

    ran = office.run("build", "--no-pdf", now=NOON)
    assert (ran.code, ran.err) == (0, "")
    assert "removed build/E-004/26/index.html" in ran.out.splitlines()
    assert office.published() == clean(office, NOON)
