"""Each file in `hostile/` comes to what `hostile/outcomes.txt` says: diagnostics, or a page.

`--rewrite-cases` writes what the program says into that table instead of comparing.
"""

from __future__ import annotations

import re
import shutil
from html import escape
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree

from communique.companions import FileFault, PictureFile
from communique.disk import NewsroomFolder
from communique.limits import HIGHEST, LIMITS
from communique.picture_metadata import without_place
from communique.pictures import for_print, for_web, form_of
from communique.release import Asset, Manuscript
from tests.harbour import NEWSROOM
from tests.office import Office
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


NO_DRAFTS = {"not-utf-8", "front-matter-missing", "key-missing"}
"""Outcomes of files in which no key can say that they are drafts."""


def put_hostile_texts(office: Office, *, drafts: bool) -> list[str]:
    """Put the hostile texts into an office; as drafts, those of which the keys can be read.

    Each has a number of its own, if it has one at all. Returns their paths.
    """
    paths, outcomes = [], expected("text")
    for number, path in enumerate(sorted((HOSTILE / "text").iterdir()), 300):
        data = path.read_bytes().replace(b"E-502/14", f"E-{number}/14".encode())
        if drafts:
            if NO_DRAFTS & set(re.findall("[a-z0-9-]+", outcomes[path.name])):
                continue
            data = re.sub(rb"(date: 2014-11-18(\r?\n?))", rb"draft: yes\2\1", data, count=1)
        target = office.folder.releases / path.name
        target.write_bytes(data)
        paths.append(f"releases/{path.name}")
    return paths


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return an office with one release, and the files that the hostile ones name."""
    office = Office.open(tmp_path, NEWSROOM)
    office.write_release("E-001/26")
    shutil.copy(HOSTILE / "beside/one-bit.png", office.folder.releases / "quay.png")
    (office.folder.releases / "plan.pdf").write_bytes(b"%PDF-")
    return office


def test_hostile_drafts_change_nothing_of_what_is_published(office: Office) -> None:
    office.build()
    alone = office.published()
    shutil.rmtree(office.folder.build)

    drafts = put_hostile_texts(office, drafts=True)
    report = office.build()

    assert len(drafts) > 100
    assert not report.failed
    assert {each.span.path for each in report.diagnostics} <= set(drafts)
    assert office.published() == alone


def test_hostile_releases_stop_the_build_and_are_all_that_is_named(office: Office) -> None:
    office.build()
    before = office.published()

    hostile = put_hostile_texts(office, drafts=False)
    report = office.build()

    assert report.stopped
    assert {each.span.path for each in report.diagnostics} <= set(hostile)
    assert office.published() == before


def build_hostile(office: Office, name: str) -> None:
    shutil.copy(HOSTILE / "text" / name, office.folder.releases)
    report = office.build(offers_pdf=True)
    assert not report.failed, report.diagnostics


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("template-syntax-everywhere.md", "{{ 7 * 7 }} {% for a in b %} {# c #} ${7*7} <%= x %>"),
        ("markup-everywhere.md", "]]>&lt;b&gt; <img src=x onerror=alert(1)>"),
    ],
)
def test_what_templates_or_browsers_would_obey_stays_text(
    office: Office, name: str, typed: str
) -> None:
    build_hostile(office, name)
    page = etree.HTML(office.page("E-502/14/index.html"))
    feed = etree.fromstring(office.page("en/feed.xml").encode())
    document = pypdfium2.PdfDocument(office.published()["E-502/14/E-502-14.pdf"])
    printed = "".join(sheet.get_textpage().get_text_bounded() for sheet in document)

    # Title, subtitle, summary, place, caption, credit, rights, and so on.
    assert "".join(map(str, page.itertext())).count(typed) > 10
    assert squeezed(printed).count(squeezed(typed)) > 8
    assert "".join(map(str, feed.itertext())).count(escape(typed, quote=False)) > 5
    assert [title for title in feed.findall("channel/item/title") if typed in (title.text or "")]


def squeezed(text: str) -> str:
    return re.sub(r"[\s\ufffe\xad]+", "", text)


def test_what_is_as_deep_as_may_be_is_printed(office: Office) -> None:
    depth = LIMITS.nesting // 2
    lists = "\n".join("  " * level + "- item" for level in range(depth))
    quoted = "> " * (LIMITS.nesting - 3) + "*quoted **deeply***"
    office.write_release("E-001/26", body=f"{lists}\n\n{quoted}")

    assert not office.build(offers_pdf=True).failed


def test_limit_of_nesting_may_be_set_as_high_as_can_be_printed(tmp_path: Path) -> None:
    highest = HIGHEST.nesting
    office = Office.open(tmp_path, f"{NEWSROOM}limits: {{nesting: {highest}}}\n")
    office.write_release("E-001/26", body="> " * (highest - 1) + "a")
    assert not office.build(offers_pdf=True).failed

    office.write_release("E-001/26", body="> " * highest + "a")
    assert [each.code for each in office.build().diagnostics] == ["text-too-deep"]
