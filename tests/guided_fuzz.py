"""Look for input that breaks reading, guided by which lines of the program it reaches.

`pip install atheris` (Linux wheels only, so it stands in no lock), then, with a folder for what it
learns, `python -m tests.guided_fuzz FOLDER -max_len=3000 -timeout=30 -max_total_time=600`. What
breaks is written to a file; put it into `hostile/text`. libFuzzer explains the other options.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["communique", "markdown_it", "mdit_py_plugins"]):
    from tests.outcomes import outcome_of

TEXTS = Path(__file__).parent / "hostile/text"


def try_out(data: bytes) -> None:
    outcome_of(data)


if __name__ == "__main__":
    for path in TEXTS.iterdir():
        if path.stat().st_size < 3000:
            shutil.copy(path, sys.argv[1])
    atheris.Setup(sys.argv, try_out)
    atheris.Fuzz()
