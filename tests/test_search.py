"""What can be searched is what is public, no more and no less, and follows each edition."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from communique.addresses import forms_of
from communique.holdings import read_holdings
from communique.leaks import Lookout
from communique.ledger import LEDGER, open_ledger
from communique.renditions.search import EVERY
from tests.office import NEWSROOM, NOON, Office, newsroom_of
from tests.sampling import few_first

SEARCHING = NEWSROOM.replace("formats: []", "formats: [search]")
HOUR = dt.timedelta(hours=1)
INDEX = "en/search/index/"
EMBARGO = "embargo: 2026-03-02 08:00"
"""In New York: an hour after the tests take place."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    office = Office.open(tmp_path_factory.mktemp("office"), SEARCHING)
    office.write_release("E-001/26", "topics: [quays]", body="The council met at the quay.")
    office.write_release("E-002/26", body="The ferries sail again.")
    office.write_release("C-001/26", body="El consejo se reunió en el muelle.")
    office.build()
    return office.root


@pytest.fixture
def office(published: Path, tmp_path: Path) -> Office:
    return Office(shutil.copytree(published, tmp_path / "office"))


def found(files: Mapping[str, bytes], language: str = "en") -> dict[str, dict[str, Any]]:
    """Return what can be found in a language, by reference."""
    folder = f"{language}/search/index/fragment/"
    fragments = (
        json.loads(gzip.decompress(data).removeprefix(b"pagefind_dcd"))
        for path, data in files.items()
        if path.startswith(folder)
    )
    return {each["meta"]["reference"]: each for each in fragments}


def clean(office: Office, now: dt.datetime = NOON) -> dict[str, bytes]:
    """Return what a build makes that knows of no other."""
    twin = Office(office.root.with_name("twin"))
    shutil.copytree(office.root, twin.root, ignore=shutil.ignore_patterns("build", ".communique"))
    twin.build(now)
    published = dict(twin.published())
    shutil.rmtree(twin.root)
    return published


def test_release_is_found_by_its_words_title_reference_and_filters(office: Office) -> None:
    release = found(office.published())["E-001/26"]

    assert release["content"] == "The council met at the quay."
    assert release["url"] == "/E-001/26/"
    assert release["meta"] == {
        "title": "Title of E-001/26",
        "reference": "E-001/26",
        "date": "20260301",
        "every": EVERY,
    }
    assert release["filters"] == {
        "year": ["2026"],
        "topic": ["quays"],
        "country": [],
        "kind": ["release"],
        "status": ["published"],
    }
    assert found(office.published(), "es").keys() == {"C-001/26"}


@pytest.mark.parametrize("status", ["draft: yes", EMBARGO, "date: 2026-03-09"])
def test_what_is_not_public_leaves_no_trace_in_the_search(office: Office, status: str) -> None:
    before = office.published()
    office.write_release("E-777/26", status, "topics: [ferries]", body="A lighthouse of copper.")
    report = office.build()

    assert not report.failed
    assert office.published() == before


def test_correction_is_found_and_what_it_replaces_is_not(office: Office) -> None:
    before = office.published()
    office.write_release("E-002/26", body="The lightship sails again.")
    report = office.build()
    after = office.published()

    assert found(after)["E-002/26"]["content"] == "The lightship sails again."
    assert b"ferries sail" not in b"".join(map(unpacked, after.items()))
    assert {path for path in before if path.startswith("es/")} == {
        path for path in after if path.startswith("es/") and path not in report.published
    }
    assert after == clean(office)


def unpacked(item: tuple[str, bytes]) -> bytes:
    path, data = item
    return gzip.decompress(data) if path.endswith(".pf_fragment") else data


def test_of_a_withdrawn_release_the_notice_is_found(office: Office) -> None:
    withdrawal = "withdrawn: {when: 2026-03-01, reason: It was sent in error.}"
    office.write_release("E-002/26", withdrawal, body="The ferries sail again.")
    office.build()
    release = found(office.published())["E-002/26"]

    assert release["content"] == "It was sent in error."
    assert release["meta"]["title"] == "Press Release E-002/26 has been withdrawn"
    assert release["filters"]["status"] == ["withdrawn"]
    assert b"ferries" not in b"".join(map(unpacked, office.published().items()))


def test_release_without_a_text_is_found_by_its_title(office: Office) -> None:
    office.write_release("E-003/26", body="")
    office.build()

    assert found(office.published())["E-003/26"]["meta"]["title"] == "Title of E-003/26"


def test_files_of_the_index_are_counted_and_not_named(office: Office) -> None:
    office.write_release("E-002/26", body="The lightship sails again.")
    ran = office.run("build", "--no-pdf")

    assert re.fullmatch(r"published \d+ files to build/, \d+ unchanged, [1-9] removed\n", ran.out)


def test_index_is_made_when_the_release_itself_is_published(office: Office) -> None:
    office.write_release("E-003/26")
    published = office.build().published
    index = [path.startswith(INDEX) for path in published]

    assert index == sorted(index)
    assert any(index), "no file of the index was published"
    with open_ledger(office.folder.private / LEDGER) as ledger:
        stages = {record.path: record.stage for record in ledger.of_shelf(INDEX).values()}
    # Its entry leads to all the rest, and goes last.
    assert stages.pop(f"{INDEX}pagefind-entry.json") > max(stages.values())


def test_index_stands_as_long_as_nothing_changes(office: Office) -> None:
    assert office.build(verify=True).published == ()

    office.write("newsroom.yaml", SEARCHING + "notice: A sample.\n")
    assert [path for path in office.build().published if path.startswith(INDEX)] == []


def test_damaged_index_is_made_again(office: Office) -> None:
    before = office.published()
    damaged = [path for path in before if path.startswith((f"{INDEX}filter", f"{INDEX}frag"))][:2]
    (office.folder.build / damaged[0]).unlink()
    (office.folder.build / damaged[1]).write_bytes(b"")
    report = office.build(verify=True)

    assert sorted(report.published) == sorted(damaged)
    assert dict(report.reasons)[damaged[0]] == "the file in build/ was changed or removed"
    assert office.published() == before


def test_index_of_an_edition_that_waits_is_moved_with_it(office: Office) -> None:
    office.write_release("E-003/26", EMBARGO, body="A lighthouse of copper.")
    office.build()
    waiting = office.folder.private / "ahead"
    ready = b"".join(
        gzip.decompress(path.read_bytes()) if path.read_bytes()[:2] == b"\x1f\x8b" else b""
        for path in waiting.iterdir()
    )

    assert b"lighthouse of copper" in ready
    ran = office.run("build", "--no-pdf", now=NOON + HOUR)
    assert "which were rendered ahead" in ran.err + ran.out
    assert found(office.published()).keys() == {"E-001/26", "E-002/26", "E-003/26"}
    assert office.published() == clean(office, NOON + HOUR)


@pytest.mark.parametrize("is_damaged", few_first([True, False], 1))
def test_index_that_waits_is_not_made_anew_by_an_edit_in_another_language(
    office: Office, is_damaged: bool
) -> None:
    office.write_release("E-003/26", EMBARGO, body="A lighthouse of copper.")
    office.build()
    (kept,) = (office.folder.private / "ahead-bundles").iterdir()
    made = kept.stat().st_mtime_ns
    if is_damaged:
        kept.write_bytes(kept.read_bytes()[:-1])
    office.write_release("C-002/26", body="Los transbordadores zarpan.")
    office.build()
    files = [*(office.folder.private / "ahead-bundles").iterdir()]

    assert [path.name for path in files] == [kept.name]
    assert (kept.stat().st_mtime_ns == made) is not is_damaged
    office.build(NOON + HOUR)
    assert office.published() == clean(office, NOON + HOUR)
    assert not (office.folder.private / "ahead-bundles").exists()


def test_index_that_cannot_be_published_is_not_left_as_it_was(office: Office) -> None:
    entry = office.folder.build / INDEX / "pagefind-entry.json"
    entry.unlink()
    (entry / "of somebody else").mkdir(parents=True)
    office.write_release("E-002/26", body="The lightship sails again.")
    report = office.build()

    assert [each.code for each in report.diagnostics] == ["build-obstructed"]
    assert "lightship" in office.page("E-002/26/index.html")
    assert found(office.published()) == {}
    (entry / "of somebody else").rmdir()
    entry.rmdir()
    assert not office.build().failed
    assert office.published() == clean(office)


def test_newsroom_without_search_has_nothing_of_it(office: Office) -> None:
    office.write("newsroom.yaml", NEWSROOM)
    office.build()

    assert [path for path in office.published() if "search" in path] == []
    assert "search" not in office.page("en/index.html")
    assert office.published() == clean(office)


def test_newsroom_without_releases_has_a_page_that_says_so(tmp_path: Path) -> None:
    office = Office.open(tmp_path, SEARCHING)
    office.build()

    assert "There are no releases yet." in office.page("en/search/index.html")
    assert [path for path in office.published() if path.startswith(INDEX)] == []


def test_index_of_a_lost_ledger_is_put_aside_unless_it_is_made_again(office: Office) -> None:
    office.write_release("E-002/26", body="The lightship sails again.")
    (office.folder.private / "ledger.sqlite").unlink()
    report = office.build()

    assert all(path.startswith(INDEX) for path, _ in report.aside)
    assert report.aside
    assert report.unknown == ()
    assert office.published() == clean(office)


def test_words_of_a_secret_are_found_in_the_index(office: Office) -> None:
    secret = "A lighthouse of copper will be raised on the northern mole this summer."
    office.write_release("E-777/26", EMBARGO, body=secret)
    holdings = read_holdings(office.folder).value
    assert holdings is not None
    lookout = Lookout(holdings.catalogue, holdings.layouts, NOON)
    fragment = json.dumps({"url": "/E-1/", "content": secret}).encode()

    leak = lookout.find(f"{INDEX}fragment/en_1.pf_fragment", gzip.compress(fragment))

    assert leak is not None
    assert leak.code == "embargo-broken"


@pytest.mark.parametrize(
    ("template", "typed", "parts"),
    [
        ("{series}-{number:3}/{year:2}", "E-502/14", ("E", "502", "14")),
        ("{series}-{number:3}/{year:2}", "e502-14", ("e", "502", "14")),
        ("{series}-{number:3}/{year:2}", "E 502 14", ("E", "502", "14")),
        ("{series}-{number:3}/{year:2}", "e\u2013502/2014", ("e", "502", "2014")),
        ("{series}-{number:3}/{year:2}", "E-02/14", ("E", "2", "14")),
        ("{series}-{number:3}/{year:2}", "N-030/14/es", ("N", "30", "14")),
        ("{series}/{year:2}/{number:4}", "e 14 1234", ("e", "1234", "14")),
        ("{series}/{number}", "n11234", ("n", "11234")),
        ("{series}-{number:3}/{year:2}", "E-502", None),
        ("{series}-{number:3}/{year:2}", "X-502/14", None),
        ("{series}-{number:3}/{year:2}", "502/14", None),
        ("{series}-{number:3}/{year:2}", "E-50214", None),
        ("{series}-{number:3}/{year:2}", "E-502/14 quays", None),
    ],
)
def test_reference_is_recognized_however_it_is_typed(
    template: str, typed: str, parts: tuple[str, ...] | None
) -> None:
    newsroom = newsroom_of(f'{SEARCHING}reference: "{template}"\n')
    expression = json.loads(forms_of(newsroom))["expression"].replace("(?<", "(?P<")
    match = re.fullmatch(expression, typed, re.IGNORECASE)
    groups = match.groupdict() if match else {}
    names = [name for name in ("series", "number", "year") if name in groups]

    assert (tuple(groups[name] for name in names) or None) == parts
