"""The ledger remembers what was published; one that cannot be read is begun again."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from communique.ledger import Record, open_ledger

RECORD = Record("en/index.html", "en/", 3, "abc", 10, 1_700_000_000_000_000_001)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a ledger with one record."""
    path = tmp_path / "ledger.sqlite"
    with open_ledger(path) as ledger:
        ledger.record([RECORD])
    return path


def test_records_outlive_the_process(path: Path) -> None:
    with open_ledger(path) as ledger:
        assert ledger.records() == {"en/index.html": RECORD}


def test_announced_file_has_no_fingerprint_until_it_stands(path: Path) -> None:
    with open_ledger(path) as ledger:
        ledger.announce([("en/index.html", "en/", 3), ("new.html", "en/", 2)], ["en/"])
        announced = {name: each.fingerprint for name, each in ledger.records().items()}
        ledger.record([RECORD])
        ledger.forget(["new.html"])

        assert announced == {"en/index.html": None, "new.html": None}
        assert ledger.records() == {"en/index.html": RECORD}


def other_version(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")


def no_database(path: Path) -> None:
    path.write_bytes(b"no database " * 1000)


def damaged_inside(path: Path) -> None:
    with open_ledger(path) as ledger:
        ledger.record(
            Record(f"{number}/index.html", "en/", 3, "abc", 1, 1) for number in range(2000)
        )
    data = bytearray(path.read_bytes())
    data[8192:-4096] = b"\\xff" * len(data[8192:-4096])
    path.write_bytes(data)


def cut_off(path: Path) -> None:
    with open_ledger(path) as ledger:
        ledger.record(
            Record(f"{number}/index.html", "en/", 3, "abc", 1, 1) for number in range(2000)
        )
    path.write_bytes(path.read_bytes()[:10_000])


@pytest.mark.parametrize("spoil", [other_version, no_database, damaged_inside, cut_off])
def test_ledger_that_cannot_be_read_is_put_aside_and_begun_again(path: Path, spoil: object) -> None:
    assert callable(spoil)
    spoil(path)

    with open_ledger(path) as ledger:
        assert ledger.records() == {}
        ledger.record([RECORD])
        assert ledger.records() == {"en/index.html": RECORD}
    assert path.with_suffix(".damaged").exists()


def test_disk_that_refuses_is_told_from_a_damaged_ledger(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="unable to open"), open_ledger(tmp_path / "no/l.sqlite"):
        raise AssertionError("there is no folder for it")


def test_disk_that_fails_later_is_an_error_of_the_system(path: Path) -> None:
    def write_to_a_disk_that_is_gone() -> None:
        with open_ledger(path) as ledger:
            shutil.rmtree(path.parent)
            ledger.record([RECORD])

    with pytest.raises(OSError, match=r"I/O|unable to open|readonly"):
        write_to_a_disk_that_is_gone()
