"""The benchmark's corpus is the same everywhere, and communique finds nothing wrong with it."""

import subprocess
import sys
from pathlib import Path

from tests.bench.corpus import generate, write_newsroom


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_same_number_makes_the_same_newsroom(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_newsroom(tmp_path / name, generate(40))

    files = files_of(tmp_path / "one")
    assert len(files) == 42  # `newsroom.yaml` and the embargoed release besides
    assert files == files_of(tmp_path / "two")


def test_check_accepts_the_newsroom(tmp_path: Path) -> None:
    write_newsroom(tmp_path / "newsroom", generate(40))

    check = subprocess.run(
        [sys.executable, "-m", "communique", "check", "--format", "short"],
        cwd=tmp_path / "newsroom",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (check.returncode, check.stderr) == (0, "")
