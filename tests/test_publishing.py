"""The last step: files go to `build/` in the order of their stages; removals go the other way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from communique.ledger import Ledger, Record, open_ledger
from communique.output import Stage
from communique.publishing import (
    Finished,
    StrayPathError,
    WorkFolder,
    remove_files,
    replace_files,
    unknown_files,
)

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
    return [work.keep(f"{stage.name}/a.txt", "shelf", stage, "f", b"new") for stage in stages]


def standing(build: Path) -> list[str]:
    return [stage.name for stage in STAGES if (build / stage.name / "a.txt").exists()]


@pytest.mark.parametrize("stopping", STAGES)
def test_nothing_is_replaced_before_what_it_links_to(
    tmp_path: Path, ledger: Ledger, work: WorkFolder, stopping: Stage
) -> None:
    build = tmp_path / "build"
    files = finished(work, *reversed(STAGES))
    stopper = work.keep(TOO_LONG, "shelf", stopping, "f", b"")

    with pytest.raises(OSError, match="too long"):
        replace_files(build, [stopper, *files], ["shelf"], ledger)
    assert standing(build) == [stage.name for stage in STAGES if stage < stopping]


@pytest.mark.parametrize("stopping", STAGES)
def test_removals_come_last_and_in_the_opposite_order(
    tmp_path: Path, ledger: Ledger, work: WorkFolder, stopping: Stage
) -> None:
    build = tmp_path / "build"
    replace_files(build, finished(work, *STAGES), ["shelf"], ledger)
    others = [record for record in ledger.records().values() if record.stage != stopping]
    stopper = Record(TOO_LONG, "shelf", stopping, "f", 1, 1)

    with pytest.raises(OSError, match="too long"):
        remove_files(build, [stopper, *others], ledger)
    assert standing(build) == [stage.name for stage in STAGES if stage <= stopping]


def test_files_are_announced_before_they_are_written(
    tmp_path: Path, ledger: Ledger, work: WorkFolder
) -> None:
    stopper = work.keep(TOO_LONG, "shelf", Stage.PDF, "f", b"")
    with pytest.raises(OSError, match="too long"):
        replace_files(
            tmp_path / "build", [*finished(work, Stage.ASSET), stopper], ["shelf"], ledger
        )

    assert ledger.records()["ASSET/a.txt"].fingerprint is None


def test_work_folder_begins_empty_and_is_its_owners_alone(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work/left by a kill").write_text("x")

    WorkFolder(tmp_path / "work")
    assert list((tmp_path / "work").iterdir()) == []
    assert (tmp_path / "work").stat().st_mode & 0o777 == 0o700


def test_leftovers_of_a_copy_are_removed(tmp_path: Path, ledger: Ledger) -> None:
    build = tmp_path / "build"
    build.mkdir()
    (build / ".communique-index.html").write_text("half a pa")
    (build / "index.html").write_text("ours")
    (build / "mine.txt").write_text("mine")
    (build / "link").symlink_to(tmp_path, target_is_directory=True)
    ledger.record([Record("index.html", "shelf", Stage.PAGE, "f", 4, 1)])

    assert unknown_files(build, [build], ledger) == ("link", "mine.txt")
    assert not (build / ".communique-index.html").exists()


STRAYS = pytest.mark.parametrize(
    "path",
    [
        *(
            "",
            ".",
            "..",
            "/",
            "/etc/x",
            "//x",
            "../x",
            "en/../../x",
            "en/..",
            "en/.",
            "en//x",
            "en/",
        ),
        *("x\0.html", "./x"),
    ],
)


@STRAYS
def test_file_that_would_lie_outside_is_refused_before_anything_is_announced(
    tmp_path: Path, ledger: Ledger, work: WorkFolder, path: str
) -> None:
    build = tmp_path / "build"
    stray = work.keep(path, "shelf", Stage.SITEMAP, "f", b"new")
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(StrayPathError):
        replace_files(build, [*finished(work, Stage.ASSET), stray], ["shelf"], ledger)

    assert ledger.records() == {}
    assert not build.exists()
    assert {*tmp_path.rglob("*")} - {*before} == {tmp_path / "work/2"}  # what still waits


@STRAYS
def test_ledger_that_names_a_file_outside_removes_nothing(
    tmp_path: Path, ledger: Ledger, work: WorkFolder, path: str
) -> None:
    build = tmp_path / "build"
    replace_files(build, finished(work, Stage.ASSET), ["shelf"], ledger)
    (tmp_path / "x").write_text("not ours", encoding="utf-8")

    with pytest.raises(StrayPathError):
        remove_files(
            build,
            [*ledger.records().values(), Record(path, "shelf", Stage.ASSET, "f", 1, 1)],
            ledger,
        )

    assert standing(build) == ["ASSET"]
    assert (tmp_path / "x").exists()


def test_what_is_new_stands_before_anything_is_replaced(
    tmp_path: Path, ledger: Ledger, work: WorkFolder
) -> None:
    build = tmp_path / "build"
    replace_files(build, [work.keep("page.html", "a", Stage.PAGE, "f", b"old")], ["a"], ledger)
    changed = work.keep("page.html", "a", Stage.PAGE, "g", b"links to the list")
    stopper = work.keep(TOO_LONG, "b", Stage.FEED, "f", b"")
    added = work.keep("list.html", "b", Stage.LIST, "f", b"new")

    with pytest.raises(OSError, match="too long"):
        replace_files(build, [changed, added, stopper], ["a", "b"], ledger)
    assert (build / "list.html").read_bytes() == b"new"
    assert (build / "page.html").read_bytes() == b"old"


def test_what_a_killed_build_left_unlinked_is_made_whole_before_anything_links_to_it(
    tmp_path: Path, ledger: Ledger, work: WorkFolder
) -> None:
    build = tmp_path / "build"
    replace_files(build, [work.keep("page.html", "a", Stage.PAGE, "f", b"old")], ["a"], ledger)
    ledger.announce([("topic.html", "b", Stage.LIST)], ["b"])
    (build / "topic.html").write_bytes(b"links to what was never published")
    changed = work.keep("page.html", "a", Stage.PAGE, "g", b"links to the topic")
    topic = work.keep("topic.html", "b", Stage.LIST, "g", b"of another edition")
    stopper = work.keep(TOO_LONG, "b", Stage.FEED, "f", b"")

    with pytest.raises(OSError, match="too long"):
        replace_files(build, [changed, topic, stopper], ["a", "b"], ledger)
    assert (build / "topic.html").read_bytes() == b"of another edition"
    assert (build / "page.html").read_bytes() == b"old"


def test_file_whose_removal_was_interrupted_is_not_taken_to_stand(
    tmp_path: Path, ledger: Ledger, work: WorkFolder
) -> None:
    build = tmp_path / "build"
    replace_files(build, [work.keep("a.html", "a", Stage.PAGE, "f", b"a")], ["a"], ledger)
    ledger.settle([("a", "f")])
    stopper = Record(TOO_LONG, "b", Stage.ASSET, "f", 1, 1)

    with pytest.raises(OSError, match="too long"):
        remove_files(build, [*ledger.records().values(), stopper], ledger)
    assert ledger.records()["a.html"].fingerprint is None
    assert ledger.shelves() == {}
