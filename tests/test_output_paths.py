"""Whatever an office writes, each file of its newsroom lies in `build/`, and is ours to write."""

from __future__ import annotations

import datetime as dt
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.build import stationery_of
from communique.diagnostics import Checked
from communique.holdings import Holdings, read_holdings
from communique.plan import plan_outputs
from communique.publishing import is_inside
from communique.reference import ReferencePattern
from tests.office import Office
from tests.quay import picture

ROUNDS = int(os.environ.get("COMMUNIQUE_PATH_ROUNDS", "25"))
"""How many offices are tried; `COMMUNIQUE_PATH_ROUNDS=2000` for a long run."""
NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
PIECES = ("", "-", "/", ".", "_", "..", "/../", "../", "./", "//", "\\", "\0", "%2e%2e/", " ", "~/")
NAMES = st.sampled_from(
    [
        *("q.png", "a b.png", "é.png", "a&b.png", "%2e%2e.png", "..png", "...png", "~.png"),
        *("../q.png", "../../q.png", "/etc/q.png", "sub/q.png", "sub/../q.png", "./q.png"),
        *("..", ".", "", "q.png/", "q\0.png", "..\\q.png", "CON.png", ".png", "index.html"),
    ]
)
WORDS = st.sampled_from(
    [*("quays", "a-b", "..", ".", "/", "../x", "/etc", "a/b", "", "é", "a\0", "%2e", "en", "404")]
)
LANGUAGES = st.sampled_from(
    ["en", "es", "pt-BR", "..", "en/..", "/", "../en", "x-y", "", "EN", "zz"]
)
patterns = st.lists(st.sampled_from(PIECES), min_size=4, max_size=4).map(
    lambda pieces: "{}{{series}}{}{{number:3}}{}{{year:2}}{}".format(*pieces)
)


@given(
    pattern=patterns | st.just("{series}-{number:3}/{year:2}"),
    series=st.sampled_from(["E", "ABC", "..", "/", "../E", "e", ""]) | st.just("E"),
    languages=st.lists(LANGUAGES, min_size=1, max_size=2) | st.just(["en"]),
    topic=WORDS,
    image=NAMES,
    attachment=NAMES,
)
@settings(max_examples=ROUNDS, deadline=None)
def test_no_configuration_and_no_file_name_leads_out_of_build(
    tmp_path_factory: pytest.TempPathFactory,
    pattern: str,
    series: str,
    languages: list[str],
    topic: str,
    image: str,
    attachment: str,
) -> None:
    office = Office(tmp_path_factory.mktemp("office"))
    newsroom = {
        "organization": "Harbour Council",
        "url": "https://press.example.org",
        "time_zone": "UTC",
        "languages": languages,
        "series": {series: {"kind": "release", "language": "all"}},
        "reference": pattern,
        "topics": {topic: "Quays"},
        "headers": "yes",
    }
    office.write("newsroom.yaml", json.dumps(newsroom))
    put_pictures(office.root / "releases")
    try:
        number = ReferencePattern.of_template(pattern).compose(series, 1, 2026).text
    except ValueError:
        number = "E-001/26"
    release = {
        "reference": number,
        "language": languages[0],
        "title": "Quay",
        "date": "2026-03-01",
        "topics": [topic],
        "images": [{"file": image, "alt": "Quay"}],
        "attachments": [{"file": attachment, "title": "Plan"}],
    }
    for number_of_file, keys in enumerate((release, {**release, "images": [], "attachments": []})):
        text = f"---\n{json.dumps(keys)}\n---\nText.\n"
        office.write(f"releases/{number_of_file}.md", text)

        paths = paths_of(read_holdings(office.folder))

        assert [path for path in paths if not is_inside(path)] == []
        assert not any(path.startswith((".", "/")) or "\\" in path for path in paths)


@pytest.mark.parametrize("between", ["/../", "/../../", "../", "/./", "./", "/.", "//", "/.../"])
def test_pattern_that_would_lead_upwards_is_refused(between: str) -> None:
    with pytest.raises(ValueError, match="`/`"):
        ReferencePattern.of_template(f"{{series}}{between}{{number}}")


def test_offices_that_are_tried_include_one_that_publishes(tmp_path: Path) -> None:
    office = Office.open(tmp_path)
    put_pictures(office.root / "releases")
    office.write_release(
        "E-001/26", "images: [{file: q.png, alt: Quay}]", "attachments: [{file: a b.png, title: x}]"
    )

    paths = paths_of(read_holdings(office.folder))

    assert {"E-001/26/index.html", "E-001/26/q.png", "E-001/26/a b.png"} <= {*paths}


def put_pictures(folder: Path) -> None:
    """Put a picture wherever a name may lead to, outside the newsroom too."""
    (folder / "sub").mkdir(parents=True, exist_ok=True)
    for name in ("q.png", "a b.png", "é.png", "a&b.png", "%2e%2e.png", "..png", "...png", "~.png"):
        (folder / name).write_bytes(picture(2))
    for name in ("../q.png", "sub/q.png", "..\\q.png", "CON.png", ".png"):
        (folder / name).write_bytes(picture(2))


def paths_of(checked: Checked[Holdings]) -> list[str]:
    """Return the path of every file that would be published; none if the newsroom is refused."""
    if checked.value is None:
        return []
    stationery = stationery_of(checked.value, offers_pdf=True)
    return [output.path for output in plan_outputs(checked.value.catalogue.at(NOW), stationery)]
