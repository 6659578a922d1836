"""Each file in `cases/`: what an officer typed, and below `=== check`, what the program says of it.

A file begins with a release; `=== <path>` begins another file of its newsroom. `newsroom.yaml` and
the pictures are the same for all, unless a case brings its own;
those of the checks, in `cases/checks/`, share one in four languages.
"""

from __future__ import annotations

import ast
import random
import re
from io import BytesIO
from pathlib import Path

import click
import pytest
from PIL import Image

from communique.checks import CODES
from communique.commands.check import found_at
from communique.disk import NewsroomFolder
from communique.holdings import read_holdings
from communique.premises import shipped_layouts
from communique.reporting import describe
from tests.office import NOON, give_compiled_look

CASES = Path(__file__).parent / "cases"
SOURCES = Path(__file__).parents[1] / "src/communique"
FILE = re.compile(r"^=== (.+)\n", re.MULTILINE)
RELEASE = "releases/case.md"
EXPECTED = "check"
CODE = re.compile(r"[a-z]+(-[a-z0-9]+)+")
READING = (
    *(
        "catalogue",
        "checks/__init__",
        "companions",
        "disk",
        "enclosures",
        "fields",
        "holdings",
        "manuscript",
    ),
    *("markdown", "markdown_links", "moments", "newsroom_fields", "newsroom_file", "particulars"),
    *("phrases", "proof", "reference", "source", "values", "yaml_mending"),
    *("yaml_misreadings", "yaml_quoting", "yaml_text"),
)
HEAD = re.compile(r"(error|warning|note)\[")
NO_CODES = {"news-sitemap", "permanent-council", "utf-8-sig", "utf-8"}
ELSEWHERE = {"not-utf-8", "folder-link"}
"""Codes that files of readable text cannot show; see `test_source.py`, `test_hostile_files.py`."""


def files_of(case: str) -> dict[str, str]:
    """Take a case apart: path → text, the expected output under `check`."""
    first, *rest = FILE.split(case)
    files = {RELEASE: first} if first else {}
    return files | dict(zip(rest[::2], rest[1::2], strict=True))


def picture(form: str, size: tuple[int, int] = (4, 3)) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, "navy").save(buffer, form)
    return buffer.getvalue()


def noise() -> bytes:
    """Return a picture that cannot be made smaller, of 1.9 MB."""
    buffer = BytesIO()
    pixels = random.Random(1).randbytes(900 * 700 * 3)
    Image.frombytes("RGB", (900, 700), pixels).save(buffer, "PNG")
    return buffer.getvalue()


def lay_out(root: Path, files: dict[str, str], settings: Path = CASES) -> NewsroomFolder:
    """Write a case's newsroom into an empty folder; `settings` has its `newsroom.yaml`."""
    (root / "releases").mkdir()
    (root / "newsroom.yaml").write_bytes((settings / "newsroom.yaml").read_bytes())
    (root / "releases/quay.png").write_bytes(picture("PNG"))
    (root / "releases/small.png").write_bytes(picture("PNG", (400, 300)))
    if any("heavy.png" in text for text in files.values()):
        (root / "releases/heavy.png").write_bytes(noise())
    (root / "releases/broken.jpg").write_bytes(picture("JPEG")[:200])
    (root / "releases/renamed.jpg").write_bytes(picture("PNG"))
    (root / "releases/index.html.pdf").write_bytes(b"%PDF-")
    (root / "outside.png").write_bytes(picture("PNG"))
    (root / "releases/shortcut.png").symlink_to(root / "outside.png")
    for path, text in files.items():
        if path != EXPECTED:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode())
    folder = NewsroomFolder(root)
    give_compiled_look(folder)
    return folder


def said_of(folder: NewsroomFolder) -> str:
    """Return what `communique check` shows of a newsroom."""
    checked = read_holdings(folder)
    found = checked.diagnostics
    if checked.value is not None:
        found = found_at(NOON, found, checked.value)
    said = "\n".join(click.unstyle(each) for each in describe(found, "human"))
    return said.replace(str(shipped_layouts()), "<layouts>")


each_case = pytest.mark.parametrize(
    "path", sorted(CASES.rglob("*.md")), ids=lambda path: str(path.relative_to(CASES))
)


@each_case
def test_officer_is_told(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    case = path.read_bytes().decode()
    files = files_of(case)

    has_own = (path.parent / "newsroom.yaml").exists()
    said = said_of(lay_out(tmp_path, files, path.parent if has_own else CASES))

    if request.config.getoption("--rewrite-cases"):
        path.write_bytes((case.partition(f"=== {EXPECTED}\n")[0] + f"=== check\n{said}").encode())
    else:
        assert said == files[EXPECTED]


def test_every_code_has_a_case() -> None:
    trees = [ast.parse((SOURCES / f"{name}.py").read_bytes()) for name in READING]
    words = {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
    }
    cases = "".join(path.read_bytes().decode() for path in CASES.rglob("*.md"))
    shown = set(re.findall(r"^(?:error|warning|note)\[([a-z0-9-]+)\]", cases, re.MULTILINE))

    assert words - NO_CODES - ELSEWHERE | set(CODES) == shown


@each_case
def test_message_is_short_enough_to_read(path: Path) -> None:
    lines = files_of(path.read_bytes().decode())[EXPECTED].splitlines()
    heads = [line.partition("]: ")[2] for line in lines if HEAD.match(line)]

    assert [head for head in heads if head.endswith(".") or len(head) > 130] == []
