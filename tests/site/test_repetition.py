"""The same releases give the same bytes: again, elsewhere, and whatever was built before."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.sampling import few_of
from tests.site.newsrooms import (
    NOW,
    REPOSITORY,
    Published,
    contents,
    edit,
    lay_out_harbour,
    lay_out_sample,
    publish,
    without_index,
)

RELEASES = "releases/2025"
ELSEWHERE = {"PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo", "LANG": "C", "LC_ALL": "C"}
"""Another order of sets, another clock, another encoding than where the tests run."""


def test_second_build_touches_nothing(harbour: Published, harbour_copy: Path) -> None:
    before = inodes(harbour_copy / "build")

    report = publish(harbour_copy)

    assert (report.published, report.removed) == ((), ())
    assert report.kept == len(before)
    assert inodes(harbour_copy / "build") == before
    assert contents(harbour_copy / "build") == contents(harbour.build)


@pytest.mark.parametrize(
    ("newsroom", "lay_out"),
    few_of({"harbour": ("harbour", lay_out_harbour), "sample": ("sample", lay_out_sample)}, ()),
)
def test_clean_build_of_another_machine_is_identical(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    newsroom: str,
    lay_out: Callable[[Path], None],
) -> None:
    here: Published = request.getfixturevalue(newsroom)
    elsewhere = tmp_path / "a folder/élsewhere"
    elsewhere.mkdir(parents=True)
    lay_out(elsewhere)

    build_by_command(elsewhere / "releases", ELSEWHERE)

    assert contents(elsewhere / "build") == contents(here.build)
    assert len(here.pdfs) == 11


def with_edit(name: str, old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: edit(folder / name, old, new)


def add_release(folder: Path) -> None:
    added = shutil.copy(folder / RELEASES / "HF-001-25.md", folder / RELEASES / "HF-009-25.md")
    edit(Path(added), "HF-001/25", "HF-009/25")


def delete_release(folder: Path) -> None:
    (folder / RELEASES / "HF-001-25.md").unlink()


def delete_topic_and_photographs(folder: Path) -> None:
    (folder / RELEASES / "HE-004-25.md").unlink()
    edit(folder / RELEASES / "HE-001-25.md", "[quays, ferries]", "[quays]")


def exchange_photograph(folder: Path) -> None:
    shutil.copy(folder / RELEASES / "copperbight.jpg", folder / RELEASES / "lightship wide.jpg")


def own_layout(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (REPOSITORY / "layouts" / name).read_text(encoding="utf-8")
        assert old in text
        own = folder / "layouts" / name
        own.parent.mkdir(parents=True)
        own.write_text(text.replace(old, new), encoding="utf-8")

    return change


def own_phrase(folder: Path) -> None:
    (folder / "layouts/phrases").mkdir(parents=True)
    (folder / "layouts/phrases/fr.yaml").write_text("newsroom: Salle de presse\n")


HEADER = "date: 2025-03-03 10:15\n"
EDITS: Mapping[str, Callable[[Path], None]] = {
    "text": with_edit(f"{RELEASES}/HE-001-25.md", "Berth 4 closes", "Berth 9 closes"),
    "title": with_edit(f"{RELEASES}/HE-001-25.md", "Opens the North Quay", "Opens the East Quay"),
    "date": with_edit(f"{RELEASES}/HE-001-25.md", HEADER, "date: 2025-01-21\n"),
    "release added": add_release,
    "release deleted": delete_release,
    "topic given up": delete_topic_and_photographs,
    "corrected": with_edit(
        f"{RELEASES}/HE-001-25.md",
        HEADER,
        f"{HEADER}corrections: [{{when: 2025-03-04, note: Twelve.}}]\n",
    ),
    "withdrawn": with_edit(
        f"{RELEASES}/HE-004-25.md",
        "place: Alder Roads\n",
        "withdrawn: {when: 2025-04-15, reason: She sank.}\n",
    ),
    "embargoed again": with_edit(
        f"{RELEASES}/HE-001-25.md", HEADER, f"{HEADER}embargo: 2025-07-02 10:00\n"
    ),
    "photograph exchanged": exchange_photograph,
    "page layout": own_layout("page/parts.html.j2", 'class="bare years"', 'class="bare"'),
    "print layout": own_layout("print/release.html.j2", "{{ url }}", "On the web: {{ url }}"),
    "stylesheet": own_layout("assets/brand.css", "#0b4f8c", "#004000"),
    "feed layout": own_layout("feed/item.html.j2", "phrases.reference", "phrases.newsroom"),
    "phrase": own_phrase,
    "newsroom": with_edit("newsroom.yaml", "paper: A4", "paper: Letter"),
    "address": with_edit("newsroom.yaml", "www.example.org/press/", "www.example.org/"),
}


@pytest.mark.parametrize(
    "change",
    few_of(EDITS, {"text", "page layout"}),
)
def test_build_after_an_edit_equals_a_clean_one(
    quay: Published, quay_copy: Path, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    change(quay_copy)
    clean = tmp_path / "clean"
    shutil.copytree(quay_copy, clean, ignore=shutil.ignore_patterns("build", ".communique"))

    report = publish(quay_copy)
    publish(clean)

    before, after = contents(quay.build), contents(quay_copy / "build")
    changed = {path for path in after if after[path] != before.get(path)}
    assert after == contents(clean / "build")
    assert changed
    assert changed <= set(report.published)
    assert set(report.removed) == set(before) - set(after)


def test_edit_of_a_text_renders_only_what_shows_it(quay_copy: Path) -> None:
    edit(quay_copy / RELEASES / "HE-001-25.md", "Berth 4 closes", "Berth 9 closes")

    report = publish(quay_copy)

    assert [path for path in report.published if path.endswith(".pf_fragment")]
    assert without_index(report.published) == {
        "HE-001/25/HE-001-25.pdf",
        "HE-001/25/index.html",
        *(f"HE-001/25/HE-001-25{suffix}" for suffix in (".txt", ".json", ".xml", ".zip")),
        *("en/ninjs.json",),
        *(
            f"en/{place}{name}"
            for place in (
                *("", "topics/ferries/", "topics/quays/", "2025/", "kinds/release/"),
                *("countries/ca/", "countries/pt/"),
            )
            for name in ("feed.xml", "atom.xml", "feed.json")
        ),
    }


def test_edit_taken_back_gives_the_first_bytes_again(quay: Published, quay_copy: Path) -> None:
    release = quay_copy / RELEASES / "HE-001-25.md"
    edit(release, "Opens the North Quay", "Opens the East Quay")
    publish(quay_copy)
    edit(release, "Opens the East Quay", "Opens the North Quay")
    publish(quay_copy)

    assert contents(quay_copy / "build") == contents(quay.build)


def build_by_command(cwd: Path, environment: Mapping[str, str]) -> None:
    """Build as an officer does: with the command, from a folder of the newsroom."""
    done = subprocess.run(
        [sys.executable, "-m", "communique", "build", "--now", NOW.strftime("%Y-%m-%d %H:%M %z")],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def inodes(build: Path) -> dict[Path, tuple[int, int]]:
    """Return what tells whether a file was written again, even with the same bytes."""
    found = {path: path.stat() for path in build.rglob("*") if path.is_file()}
    return {path: (status.st_ino, status.st_mtime_ns) for path, status in found.items()}
