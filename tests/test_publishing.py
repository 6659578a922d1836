"""The last step: files go to `build/` in the order of their stages; removals go the other way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from communique.ledger import Ledger, Record, open_ledger
from communique.output import Stage
from communique.publishing import Finished, WorkFolder, publish, unknown_files

STAGES = tuple(Stage)
TOO_LONG = "x" * 300
"""A name that no file system takes: publishing stops where its turn comes."""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with open_ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


@pytest.fixture
def work(tmp_path: Path) -> WorkFolder:
    return WorkFolder(tmp_path / "work")


def finished(work: WorkFolder, *stages: Stage) -> list[Finished]:
    return [work.keep(f"{stage.name}/a.txt", stage, "f", b"new") for stage in stages]


def standing(build: Path) -> list[str]:
    return [stage.name for stage in STAGES if (build / stage.name / "a.txt").exists()]


@pytest.mark.parametrize("stopping", STAGES)
def test_nothing_is_replaced_before_what_it_links_to(
    tmp_path: Path, ledger: Ledger, work: WorkFolder, stopping: Stage
) -> None:
    build = tmp_path / "build"
    files = finished(work, *reversed(STAGES))
    stopper = work.keep(TOO_LONG, stopping, "f", b"")

    with pytest.raises(OSError, match="too long"):
        publish(build, [stopper, *files], [], ledger)
    assert standing(build) == [stage.name for stage in STAGES if stage < stopping]


@pytest.mark.parametrize("stopping", STAGES)
def test_removals_come_last_and_in_the_opposite_order(
    tmp_path: Path, ledger: Ledger, work: WorkFolder, stopping: Stage
) -> None:
    build = tmp_path / "build"
    publish(build, finished(work, *STAGES), [], ledger)
    others = [record for record in ledger.records().values() if record.stage != stopping]
    stopper = Record(TOO_LONG, stopping, "f", 1, 1)
    last = work.keep("new/a.txt", Stage.SITEMAP, "f", b"new")

    with pytest.raises(OSError, match="too long"):
        publish(build, [last], [stopper, *others], ledger)
    assert (build / "new/a.txt").read_bytes() == b"new"
    assert standing(build) == [stage.name for stage in STAGES if stage <= stopping]


def test_files_are_announced_before_they_are_written(
    tmp_path: Path, ledger: Ledger, work: WorkFolder
) -> None:
    stopper = work.keep(TOO_LONG, Stage.PDF, "f", b"")
    with pytest.raises(OSError, match="too long"):
        publish(tmp_path / "build", [*finished(work, Stage.ASSET), stopper], [], ledger)

    assert ledger.records()["ASSET/a.txt"].fingerprint is None


def test_work_folder_begins_empty_and_is_its_owners_alone(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work/left by a kill").write_text("x")

    WorkFolder(tmp_path / "work")
    assert list((tmp_path / "work").iterdir()) == []
    assert (tmp_path / "work").stat().st_mode & 0o777 == 0o700


def test_leftovers_of_a_copy_are_removed(tmp_path: Path) -> None:
    (tmp_path / ".communique-index.html").write_text("half a pa")
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)

    assert unknown_files(tmp_path, ["index.html"]) == ("link", "mine.txt")
    assert not (tmp_path / ".communique-index.html").exists()
