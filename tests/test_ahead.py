"""An edition is rendered before its instant, seen by nobody, and then only moved."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from communique.ahead import read_prepared
from tests.office import NOON, Office
from tests.sampling import few_first

SEAL = "Nobody may read this yet"
HOUR = dt.timedelta(hours=1)
EARLIER_NS = 3_600_000_000_000
EMBARGO = "embargo: 2026-03-02 08:00"
"""An hour after noon in UTC, when the tests take place."""
LATER = "embargo: 2026-03-02 09:00"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return an office, built, whose release E-002/26 becomes public in an hour."""
    office = Office.open(tmp_path / "office")
    (office.root / "releases").mkdir()
    Image.new("RGB", (20, 20), "navy").save(office.root / "releases/quay.png")
    office.write_release("E-001/26", "topics: [quays]")
    office.write_release(
        "E-002/26", EMBARGO, f"title: {SEAL}", "images: [{file: quay.png, alt: The quay}]"
    )
    return built(office)


def built(office: Office) -> Office:
    """Build an office as if its files had been written an hour ago."""
    for path in [office.root / "newsroom.yaml", *(office.root / "releases").rglob("*")]:
        os.utime(path, ns=(path.stat().st_mtime_ns - EARLIER_NS,) * 2)
    office.build()
    return office


def lift(office: Office, now: dt.datetime = NOON + HOUR) -> str:
    """Build as a scheduled job does; return what was said."""
    ran = office.run("build", "--no-pdf", now=now)
    assert (ran.code, ran.err) == (0, "")
    return ran.out


def clean(office: Office, now: dt.datetime) -> dict[str, bytes]:
    """Return what a copy that was never built publishes."""
    twin = Office(office.root.with_name("twin"))
    ignored = shutil.ignore_patterns("build", ".communique")
    shutil.copytree(office.root, twin.root, ignore=ignored)
    twin.build(now)
    published = dict(twin.published())
    shutil.rmtree(twin.root)
    return published


def waiting(office: Office) -> dict[str, Path]:
    """Return the files that are ready, by their path in `build/`."""
    prepared = read_prepared(office.folder.private / "ahead")
    return {each.path: each.waiting for each in prepared.finished} if prepared else {}


def test_embargoed_release_is_ready_but_nowhere_in_build(office: Office) -> None:
    seal = SEAL.encode()

    assert [path for path, data in office.published().items() if seal in data] == []
    assert "E-002" not in repr(sorted(office.published()))
    assert seal in waiting(office)["E-002/26/index.html"].read_bytes()
    assert seal in waiting(office)["en/feed.xml"].read_bytes()


def test_what_is_ready_can_be_read_by_its_owner_alone(office: Office) -> None:
    for folder in (office.folder.private, office.folder.private / "ahead"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_at_its_instant_an_edition_is_only_moved(office: Office) -> None:
    inodes = {path: file.stat().st_ino for path, file in waiting(office).items()}

    said = lift(office)
    assert f"published {len(inodes)} files to build/, which were rendered ahead" in said
    assert {path: (office.folder.build / path).stat().st_ino for path in inodes} == inodes
    assert office.published() == clean(office, NOON + HOUR)
    assert not (office.folder.private / "ahead").exists()
    assert lift(office).startswith("published 0 files ")


def test_edition_is_not_published_before_its_instant(office: Office) -> None:
    before = office.published()

    lift(office, NOON + HOUR - dt.timedelta(microseconds=1))
    assert office.published() == before


@pytest.mark.parametrize("changed", ["E-001/26", "E-002/26"])
def test_edit_in_between_discards_what_was_rendered_ahead(office: Office, changed: str) -> None:
    keys = (EMBARGO,) if changed == "E-002/26" else ()
    office.write_release(changed, *keys, body="Put right in the last minute.")

    assert "rendered ahead" not in lift(office)
    assert "Put right in the last minute." in office.page(f"{changed}/index.html")
    assert office.published() == clean(office, NOON + HOUR)


def test_embargo_that_is_prolonged_discards_what_was_rendered_ahead(office: Office) -> None:
    office.write_release("E-002/26", LATER, f"title: {SEAL}")

    lift(office)
    assert SEAL.encode() not in b"".join(office.published().values())


def test_edit_within_the_tick_of_the_last_build_discards_it_too(office: Office) -> None:
    path = office.write_release("E-002/26", EMBARGO, body="The council met.")
    later = path.stat().st_mtime_ns + EARLIER_NS  # as a clock shows that has not ticked since
    os.utime(path, ns=(later, later))
    office.build()
    path.write_text(path.read_text().replace("met", "ate"))
    os.utime(path, ns=(later, later))

    lift(office)
    assert "The council ate." in office.page("E-002/26/index.html")


def test_switching_pdfs_off_or_on_discards_what_was_rendered_ahead(office: Office) -> None:
    ran = office.run("build", now=NOON + HOUR)

    assert "rendered ahead" not in ran.out
    assert (office.folder.build / "E-002/26/E-002-26.pdf").is_file()


def test_mistake_under_embargo_is_a_warning_until_its_instant(office: Office) -> None:
    office.write_release("E-003/26", EMBARGO, "topics: [unheard-of]")
    before = office.published()

    early = office.run("build", "--no-pdf", "--format", "short")
    late = office.run("build", "--no-pdf", "--format", "short", now=NOON + HOUR)
    assert (early.code, early.err.count("warning[unknown-topic]")) == (0, 1)
    assert (late.code, late.err.count("error[unknown-topic]")) == (1, 1)
    assert office.published() == before


def test_editions_follow_one_another(office: Office) -> None:
    office.write_release("E-003/26", LATER)
    built(office)
    assert "E-003/26/index.html" not in waiting(office)

    assert "rendered ahead" in lift(office)
    assert office.published() == clean(office, NOON + HOUR)
    lift(office, NOON + HOUR)  # the next run of the job, which renders what follows
    assert "E-003/26/index.html" in waiting(office)
    assert "rendered ahead" in lift(office, NOON + 2 * HOUR)
    assert office.published() == clean(office, NOON + 2 * HOUR)


def test_edition_that_nobody_built_in_time_is_passed_over(office: Office) -> None:
    office.write_release("E-003/26", LATER)
    built(office)

    assert "rendered ahead" not in lift(office, NOON + 2 * HOUR)
    assert office.published() == clean(office, NOON + 2 * HOUR)


def withdraw_then(office: Office) -> Office:
    """Have E-001/26, with its photograph, withdrawn in an hour, and nothing else happen."""
    (office.root / "releases/E-002-26.md").unlink()
    office.write_release(
        "E-001/26",
        "topics: [quays]",
        "images: [{file: quay.png, alt: The quay}]",
        "withdrawn: {when: 2026-03-02 08:00, reason: Not decided.}",
    )
    return built(office)


def test_what_goes_at_an_instant_is_removed_then(office: Office) -> None:
    withdraw_then(office)
    assert "E-001/26/quay.png" in office.published()

    assert "removed build/E-001/26/quay.png\n" in lift(office)
    assert office.published() == clean(office, NOON + HOUR)
    assert office.build(NOON + HOUR, verify=True).published == ()


def test_edition_of_which_a_file_is_missing_is_rendered_again(office: Office) -> None:
    waiting(office)["en/feed.xml"].unlink()

    lift(office)
    assert office.published() == clean(office, NOON + HOUR)


def test_manifest_that_cannot_be_read_costs_time_and_nothing_else(office: Office) -> None:
    (office.folder.private / "ahead/manifest.json").write_text('{"state": 3}')

    assert "rendered ahead" not in lift(office)
    assert office.published() == clean(office, NOON + HOUR)


KILLED = """
import datetime as dt, os, signal, sys
from communique.cli import run
from communique.commands.common import Machine

count = 0
def on_event(event, arguments):
    # Python tells of every file before it is replaced or removed: die when the time has come.
    global count
    if event in ("os.rename", "os.remove") and sys.argv[2] in str(arguments[:2]):
        if count == int(sys.argv[1]):
            os.kill(os.getpid(), signal.SIGKILL)
        count += 1

sys.addaudithook(on_event)
run(["build", "--no-pdf"], Machine(dt.datetime.fromisoformat(sys.argv[3])))
"""


def kill(office: Office, count: int, folder: str, now: dt.datetime) -> None:
    """Build, and kill the process when it touches the `count`-th file of a folder."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(count), folder, now.isoformat()],
        cwd=office.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize("count", few_first([1, 0, 3], 1))
def test_killed_publication_is_completed_by_the_next_build(office: Office, count: int) -> None:
    kill(office, count, "/build/", NOON + HOUR)

    lift(office)
    assert office.published() == clean(office, NOON + HOUR)


@pytest.mark.parametrize("count", few_first([1, 0, 2], 1))
def test_killed_withdrawal_is_completed_by_the_next_build(office: Office, count: int) -> None:
    withdraw_then(office)
    number = len(waiting(office)) + 1 - count  # from the removal backwards
    kill(office, number - 1, "/build/", NOON + HOUR)

    lift(office)
    assert office.published() == clean(office, NOON + HOUR)


@pytest.mark.parametrize("count", few_first([9, -1, 0, -2], 1))
def test_edition_that_was_half_replaced_by_another_is_rendered_again(
    office: Office, count: int
) -> None:
    office.write_release("E-002/26", EMBARGO, body="It met again.")
    # Each file goes, and the manifest; the new folder is renamed, and its manifest.
    kill(office, count % (len(waiting(office)) + 3), "", NOON)

    lift(office)
    assert office.published() == clean(office, NOON + HOUR)
