"""What can fail while a newsroom is published, done to real processes.

Many more rounds than in `make test`: `make faults FAULTS='--rounds 1000'`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
