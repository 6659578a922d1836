"""pandoc, which reads Word and HTML, kept on a lead: it opens no file and fetches nothing.

What comes in: bytes. What goes out: pandoc's own tree of the document. The program is another
process, with so much memory and time; it comes in the wheel of `pypandoc-binary`.
"""

from __future__ import annotations

import json
import re
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from communique.bringing.blocks import BringingError

MEMORY = "-M768M"
TIMEOUT_S = 60
DEEPEST = 400
"""Brackets within brackets of pandoc's answer: lists in lists take four each."""
TOO_DEEP = "its lists or quotations lie too deep within one another"
EXTRA = "pip install 'communique[import]'"


class PandocMissingError(Exception):
    """Word and HTML cannot be read here; the message says what installs what is missing."""

    def __init__(self) -> None:
        """Say it."""
        super().__init__(f"Word and HTML are read by pandoc, which is not installed: {EXTRA}")


def find_pandoc() -> Path:
    """Return the program. Raises: `PandocMissingError`."""
    found = find_spec("pypandoc")
    for folder in (found.submodule_search_locations or ()) if found else ():
        for name in ("pandoc", "pandoc.exe"):
            program = Path(folder, "files", name)
            if program.is_file():
                return program
    raise PandocMissingError


def run_pandoc(data: bytes, form: str, program: Path) -> dict[str, Any]:
    """Return the tree of a document in ``docx`` or ``html``. Raises: `BringingError`."""
    command = [str(program), "+RTS", MEMORY, "-RTS", "--sandbox", "--from", form, "--to", "json"]
    try:
        ran = subprocess.run(
            command, input=data, capture_output=True, timeout=TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise BringingError(f"reading it took more than {TIMEOUT_S} seconds") from None
    if ran.returncode:
        said = ran.stderr.decode("utf-8", "replace").strip().splitlines()
        raise BringingError(f"pandoc cannot read it: {said[-1][:200] if said else 'no reason'}")
    if _depth(ran.stdout) > DEEPEST:
        raise BringingError(TOO_DEEP)
    tree: dict[str, Any] = json.loads(ran.stdout)
    return tree


def _depth(data: bytes) -> int:
    """Return how deep brackets lie within one another, outside of texts."""
    deepest = depth = 0
    for sign in re.findall(rb"\"(?:[^\"\\]|\\.)*\"|[\[{]|[\]}]", data):
        if sign[:1] != b'"':
            depth += 1 if sign in b"[{" else -1
            deepest = max(deepest, depth)
    return deepest
