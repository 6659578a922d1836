"""`communique init`: a newsroom that works at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.office import NOON, Office


def begun(tmp_path: Path, *options: str, now: dt.datetime = NOON) -> Office:
    ran = Office(tmp_path).run("init", "my newsroom", *options, now=now)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "my newsroom is ready: `cd 'my newsroom'`, then `communique serve` or `communique build`\n"
    )
    return Office(tmp_path / "my newsroom")


def test_new_newsroom_works_with_every_command(tmp_path: Path) -> None:
    office = begun(tmp_path)

    assert office.run("check").out == "1 release checked: no problems\n"
    assert office.run("build", "--no-pdf").code == 0
    assert "Example Organization opens its newsroom" in office.page("PR-001/26/index.html")
    assert office.run("new", "--title", "Next").out.startswith("PR-002/26  ")
    listed = office.run("list").out.splitlines()
    assert [line.split()[:4] for line in listed] == [
        ["PR-002/26", "en", "2026-03-02", "draft"],
        ["PR-001/26", "en", "2026-03-02", "published"],
    ]
    ignored = (office.root / ".gitignore").read_text().split()
    assert ignored == ["/build/", "/.communique/"]


@pytest.mark.parametrize(
    "name",
    [
        'The "Harbour" Council',
        "Council: North & South #1",
        "Conseil de l’Île",
        "O'Brien \\ Sons",
        "[Council]",
        "  spaced \n out ",
    ],
)
def test_name_may_have_any_characters(tmp_path: Path, name: str) -> None:
    office = begun(tmp_path, "--name", name)

    assert office.run("check").out == "1 release checked: no problems\n"


def test_first_release_is_public_at_once_wherever_the_office_is(tmp_path: Path) -> None:
    late = dt.datetime(2026, 1, 1, 3, tzinfo=dt.UTC)  # still 2025 in Bogotá
    office = begun(tmp_path, "--time-zone", "America/Bogota", "--language", "es", now=late)

    assert "PR-001/25/index.html" in office.build(late).published
    assert '<html lang="es"' in office.page("es/index.html")


@pytest.mark.parametrize(
    ("options", "said", "advice"),
    [
        (
            ["--time-zone", "America/Bogotta"],
            "error: `time_zone`: `America/Bogotta` is not a time zone",
            "help: write `America/Bogota`",
        ),
        (
            ["--url", "press.example.org"],
            "error: `url`: `press.example.org` is not a web address",
            "help: write it whole, as in `https://press.example.org`",
        ),
        (
            ["--language", "klingon"],
            "error: `languages`: `klingon` is not a language",
            "help: write a code such as `en` or `pt`",
        ),
        (["--name", " "], "error: `organization`: nothing is written here", None),
    ],
)
def test_option_that_makes_no_newsroom_is_refused_before_anything_is_written(
    tmp_path: Path, options: list[str], said: str, advice: str | None
) -> None:
    ran = Office(tmp_path).run("init", "mine", *options)

    assert ran.code == 1
    assert ran.err.splitlines()[: 2 if advice else 1] == [said, *([advice] if advice else [])]
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(
    ("path", "said"),
    [("mine/notes.txt", "mine is not empty"), ("mine", "mine is a file")],
)
def test_nothing_that_is_there_is_written_over(tmp_path: Path, path: str, said: str) -> None:
    office = Office(tmp_path)
    office.write(path, "keep me")

    ran = office.run("init", "mine")
    assert ran.code == 1
    assert ran.err == f"error: {said}\nhelp: name a folder that is new or empty\n"
    assert (tmp_path / path).read_text() == "keep me"
    assert len(list(tmp_path.rglob("*"))) == len(Path(path).parts)


def test_empty_folder_may_be_there_already(tmp_path: Path) -> None:
    office = Office(tmp_path)

    assert office.run("init", ".").code == 0
    assert office.run("check").code == 0
