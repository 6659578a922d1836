"""Each file in `hostile/` comes to what `hostile/outcomes.txt` says: diagnostics, or a page.

`--rewrite-cases` writes what the program says into that table instead of comparing.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from communique.companions import FileFault, PictureFile
from communique.disk import NewsroomFolder
from communique.picture_metadata import without_place
from communique.pictures import for_print, for_web, form_of
from communique.release import Asset, Manuscript
from tests.outcomes import outcome_of

HOSTILE = Path(__file__).parent / "hostile"
TABLE = HOSTILE / "outcomes.txt"


def expected(kind: str) -> dict[str, str]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    pairs = (line.split(": ", 1) for line in lines if line.startswith(f"{kind}/"))
    return {name.removeprefix(f"{kind}/"): words for name, words in pairs}


def compare(kind: str, found: dict[str, str], request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--rewrite-cases"):
        lines = TABLE.read_text(encoding="utf-8").splitlines()
        others = [line for line in lines if line and not line.startswith(f"{kind}/")]
        ours = [f"{kind}/{name}: {words}" for name, words in found.items()]
        TABLE.write_text("\n".join(sorted([*others, *ours])) + "\n", encoding="utf-8")
    assert found == expected(kind)


def in_words(manuscript: Manuscript) -> str:
    found = [f"{each.severity} {each.code}" for each in manuscript.diagnostics]
    page = ["a page"] if manuscript.release is not None else []
    return ", ".join([*page, *dict.fromkeys(found)])


def test_hostile_text_comes_to_a_page_or_diagnostics(request: pytest.FixtureRequest) -> None:
    paths = sorted((HOSTILE / "text").iterdir())

    found = {path.name: in_words(outcome_of(path.read_bytes())) for path in paths}

    compare("text", found, request)


def test_hostile_file_beside_a_release_is_refused_or_published_bare(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    (tmp_path / "newsroom.yaml").touch()
    shutil.copytree(HOSTILE / "beside", tmp_path / "releases")
    beside = NewsroomFolder(tmp_path).companions_of("releases/E-502-14.md")
    names = sorted(path.name for path in (HOSTILE / "beside").iterdir())

    found = {
        name: f"{in_a_word(beside.picture(name))}; {in_a_word(beside.document(name))}"
        for name in names
    }

    compare("beside", found, request)
    for name in (name for name in names if found[name].startswith("a picture")):
        published = published_bytes(tmp_path / "releases" / name)
        assert b"<script>" not in published
        assert b"secret" not in published


def in_a_word(found: PictureFile | Asset | FileFault) -> str:
    if isinstance(found, FileFault):
        return found.code
    if isinstance(found, PictureFile):
        return f"a picture of {found.width} × {found.height}"
    return f"an attachment of {found.size} bytes"


def published_bytes(path: Path) -> bytes:
    data, form = path.read_bytes(), form_of(path.name)
    assert form is not None
    return without_place(data, form) + for_web(data) + for_print(data)
