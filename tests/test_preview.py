"""What a browser is shown of a newsroom before the public is, and what it is refused."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from starlette.testclient import TestClient

from communique.disk import NewsroomFolder
from communique.headers import PAGE_HEADER, SEARCH_HEADER
from communique.pictures import measure
from communique.preview.app import Announcer, preview_app
from communique.preview.press import Press
from tests.quay import NOW, RELEASES, lay_out, picture, tree, write_release

URL = "http://127.0.0.1:8000/"


@dataclass
class PreviewedOffice:
    """A newsroom with its preview open."""

    root: Path
    now: dt.datetime = NOW
    press: Press = field(init=False)
    browser: TestClient = field(init=False)

    def __post_init__(self) -> None:
        self.press = Press(NewsroomFolder(self.root), URL, lambda: self.now)
        self.browser = TestClient(preview_app(self.press, Announcer()), URL, follow_redirects=False)

    def page(self, address: str, status: int = 200) -> html.HtmlElement:
        response = self.browser.get(address)
        assert response.status_code == status, response.text
        return html.document_fromstring(response.text)

    def save(self, path: str, text: str) -> None:
        """Write a file as an officer does: the watch has the next galley read afresh."""
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")
        self.press.discard()

    def replace(self, path: str, old: str, new: str) -> None:
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text
        self.save(path, text.replace(old, new))


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> PreviewedOffice:
    """Return a newsroom that nobody changes."""
    return PreviewedOffice(lay_out(tmp_path_factory.mktemp("shown") / "newsroom"))


@pytest.fixture
def office(tmp_path: Path) -> PreviewedOffice:
    return PreviewedOffice(lay_out(tmp_path / "newsroom"))


def test_other_address_leads_to_the_release_as_it_will_on_the_server(
    office: PreviewedOffice,
) -> None:
    def answers() -> list[tuple[int, str]]:
        asked = ("pr-001-14", "pr001-14/", "PR-001-14?a=b", "pr-001/14/", "old.asp?ref=PR-001/14")
        got = [office.browser.get(f"/{each}") for each in (*asked, "quay.html", "pr-999-14")]
        return [(each.status_code, each.headers.get("location", "")) for each in got]

    text = (office.root / "newsroom.yaml").read_text(encoding="utf-8")
    office.replace("releases/PR-001-14.md", "title:", "aliases: quay.html\ntitle:")
    without = answers()
    settings = 'redirects: [nginx]\nlegacy_addresses: ["old.asp?ref={reference}"]\n'
    office.save("newsroom.yaml", text + settings)

    # An alias of a page is a page itself, without any redirect.
    assert without == [(404, "")] * 5 + [(200, ""), (404, "")]
    assert answers() == [(307, "/PR-001/14/")] * 5 + [(200, ""), (404, "")]


def bar_of(page: html.HtmlElement) -> html.HtmlElement:
    (bar,) = page.xpath("//aside[@id='communique-preview']")
    return bar


def words_of(element: html.HtmlElement, name: str) -> list[str]:
    return [" ".join(each.text_content().split()) for each in element.find_class(name)]


# Marks


@pytest.mark.parametrize(
    ("number", "title", "sentence"),
    [
        ("001", "Council opens the new quay", "Public since 2014-11-03 00:00 EST"),
        (
            "002",
            "[EMBARGOED UNTIL 2014-11-18 10:00 EST] Council appoints a harbour master",
            "Embargoed until 2014-11-18 10:00 EST",
        ),
        (
            "003",
            "[DRAFT] Plans for a lighthouse",
            "Draft: it stays unpublished until the line `draft` is deleted",
        ),
        (
            "004",
            "[SCHEDULED FOR 2014-12-01 00:00 EST] Winter timetable",
            "Scheduled: public from 2014-12-01 00:00 EST on",
        ),
        (
            "005",
            "Press Release PR-005/14 has been withdrawn",
            "Withdrawn: the public sees this notice",
        ),
        ("006", "Ferry prices", "Public since 2014-11-05 00:00 EST, and corrected"),
    ],
)
def test_page_says_where_its_release_stands(
    office: PreviewedOffice, number: str, title: str, sentence: str
) -> None:
    page = office.page(f"/PR-{number}/14/")

    assert page.xpath("//h1")[0].text_content() == title
    assert words_of(bar_of(page), "standing") == [sentence]
    assert words_of(bar_of(page), "instant") == ["as of 2014-11-16 09:00 EST"]


@pytest.mark.parametrize("address", ["/en/", "/en/2014/", "/en/topics/harbour/", "/en/feed.xml"])
def test_lists_and_feeds_hold_every_release_marked(office: PreviewedOffice, address: str) -> None:
    text = office.browser.get(address).text

    assert "[EMBARGOED UNTIL 2014-11-18 10:00 EST] Council appoints a harbour master" in text
    assert "[DRAFT] Plans for a lighthouse" in text
    assert "[SCHEDULED FOR 2014-12-01 00:00 EST] Winter timetable" in text
    assert "PR-005/14" in text


@pytest.mark.parametrize("address", ["/", "/en/", "/nowhere/", "/PR-003/14/", "/_preview/problems"])
def test_every_page_is_a_preview_in_clear_words(office: PreviewedOffice, address: str) -> None:
    page = html.document_fromstring(office.browser.get(address).text)

    assert words_of(bar_of(page), "name") == ["Preview not published"]
    scripts: Any = page.xpath("//head/script/@src")
    assert "/_preview/preview.js" in scripts
    assert set(scripts) <= {"/_preview/preview.js", "/assets/copy.js"}
    assert not page.xpath("//script[not(@src)][not(@type='application/ld+json')]")


def test_office_with_a_layout_of_its_own_cannot_lose_the_bar(office: PreviewedOffice) -> None:
    office.save("layouts/page/release.html.j2", "<!DOCTYPE html><title>Bare</title><p>Bare")

    page = office.page("/PR-003/14/")

    assert page.xpath("//title")[0].text == "Bare"
    assert words_of(bar_of(page), "name") == ["Preview not published"]
    assert page.xpath("//script/@src") == ["/_preview/preview.js"]


def test_embargo_that_ends_meanwhile_is_noticed(office: PreviewedOffice) -> None:
    embargoed = words_of(bar_of(office.page("/PR-002/14/")), "standing")
    office.now = dt.datetime(2014, 11, 18, 15, 0, tzinfo=dt.UTC)

    public = words_of(bar_of(office.page("/PR-002/14/")), "standing")

    assert embargoed == ["Embargoed until 2014-11-18 10:00 EST"]
    assert public == ["Public since 2014-11-18 10:00 EST"]


# Addresses


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("/PR-001/14/", "en/"),
        ("/en/", "en/"),
        ("/en/feed.xml", "en/"),
        ("/sitemap.xml", "sitemap-lists.xml"),
        ("/sitemap-lists.xml", "en/"),
        ("/sitemap-2014.xml", "PR-001/14/"),
    ],
)
def test_newsroom_moves_to_the_preview_with_all_its_addresses(
    office: PreviewedOffice, address: str, link: str
) -> None:
    text = office.browser.get(address).text

    assert f"{URL}{link}" in text
    assert "https://www.example.org" not in text
    assert "/press/" not in text


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("PR-001/14/", "text/html; charset=utf-8"),
        ("PR-001/14/q.png", "image/png"),
        ("PR-001/14/PR-001-14.pdf", "application/pdf"),
        ("en/feed.xml", "application/xml"),
        ("en/feed.json", "application/feed+json"),
        ("en/feeds.opml", "text/x-opml; charset=utf-8"),
        ("en/events.ics", "text/calendar; charset=utf-8"),
        ("sitemap.xml", "application/xml"),
        ("robots.txt", "text/plain; charset=utf-8"),
        ("assets/style.css", "text/css; charset=utf-8"),
        ("assets/logo.svg", "image/svg+xml"),
        ("assets/fonts/IBMPlexSans-Regular.woff2", "font/woff2"),
        ("_preview/preview.css", "text/css; charset=utf-8"),
        ("_preview/preview.js", "text/javascript; charset=utf-8"),
        ("_preview/problems", "text/html; charset=utf-8"),
        ("nowhere", "text/html; charset=utf-8"),
    ],
)
def test_answer_has_its_type_and_stays_nowhere(
    shown: PreviewedOffice, path: str, media_type: str
) -> None:
    response = shown.browser.get(f"/{path}")

    assert response.headers["content-type"] == media_type
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("address", ["/PR-001/14/", "/en/", "/nowhere", "/_preview/problems"])
def test_page_may_load_what_a_published_one_may_and_what_the_bar_needs(
    office: PreviewedOffice, address: str
) -> None:
    response = office.browser.get(address)
    rules = dict(
        rule.split(" ", 1) for rule in response.headers["content-security-policy"].split("; ")
    )

    # A policy of the page itself would forbid the bar.
    assert "Content-Security-Policy" not in response.text
    assert {rules[name] for name in ("script-src", "connect-src")} == {"'self'"}
    assert "; ".join(f"{name} {value}" for name, value in rules.items()) == PAGE_HEADER


def test_missing_page_is_the_newsrooms_own(office: PreviewedOffice) -> None:
    page = office.page("/PR-999/14/", 404)

    assert page.xpath("//h1")[0].text == "Page not found"


def test_address_without_its_slash_leads_on(office: PreviewedOffice) -> None:
    response = office.browser.get("/PR-001/14")

    assert response.is_redirect
    assert response.headers["location"] == "/PR-001/14/"


def test_pdf_is_marked_and_made_only_when_it_is_asked_for(office: PreviewedOffice) -> None:
    write_release(office.root, "003", RELEASES["003"], text="A letter no font has: 漢")

    office.page("/PR-003/14/")
    office.page("/en/")
    failed = office.page("/PR-003/14/PR-003-14.pdf", 500)
    feed = office.browser.get("/en/feed.xml").text

    (problem,) = failed.xpath("//main//li")
    assert words_of(problem, "place") == ["releases/PR-003-14.md:2:12"]
    assert "is in none of the fonts" in problem.text_content()
    lengths = dict(re.findall(r'url="[^"]*/(\S+)\.pdf" length="(\d+)"', feed))
    assert lengths.pop("PR-003-14") == "0"
    assert len(lengths) == 5
    for name, length in lengths.items():
        pdf = office.browser.get(f"/{name[:-3]}/14/{name}.pdf").content
        assert (pdf[:5], str(len(pdf))) == (b"%PDF-", length)


def test_what_was_rendered_once_is_kept_until_a_source_changes(office: PreviewedOffice) -> None:
    first = office.browser.get("/PR-001/14/q.png").content
    (office.root / "releases/q.png").write_bytes(picture(50))

    kept = office.browser.get("/PR-001/14/q.png").content
    office.press.discard()
    renewed = office.browser.get("/PR-001/14/q.png").content

    sizes = [measure(data)[0] for data in (first, kept, renewed)]
    assert sizes == [40, 40, 50]


def test_preview_writes_nothing_but_what_it_has_read(office: PreviewedOffice) -> None:
    private = office.root / ".communique"
    before = tree(office.root)

    for address in ("/en/", "/PR-002/14/", "/PR-002/14/PR-002-14.pdf", "/en/feed.xml"):
        assert office.browser.get(address).status_code == 200

    kept = {Path(path).relative_to(private).parts[0] for path in tree(private)}
    assert kept == {"look", "manuscripts.left", "manuscripts.sqlite"}
    assert private.stat().st_mode & 0o077 == 0
    shutil.rmtree(private)
    assert tree(office.root) == before
    assert not (office.root / "build").exists()


# Problems


def test_faulty_release_is_explained_on_every_page(office: PreviewedOffice) -> None:
    office.save(
        "releases/PR-007-14.md",
        '---\nreference: PR-007/14\ntitle: "A" <script>alert(1)</script>\ndate: 2014-11-02\n---\n',
    )

    for address, status in (("/en/", 200), ("/PR-007/14/", 404), ("/_preview/problems", 200)):
        page = office.page(address, status)
        bar = bar_of(page)
        assert bar.xpath(".//summary")[0].text == "1 error"
        assert words_of(bar, "place") == ["releases/PR-007-14.md:3:8"]
        assert bar.xpath(".//mark")[0].text == '"A" <script>alert(1)</script>'
        assert bar.xpath(".//code")[0].text == "yaml-quotes"
        assert not page.xpath("//script[contains(., 'alert')]")


def test_error_in_a_draft_counts_as_a_warning(office: PreviewedOffice) -> None:
    office.replace("releases/PR-003-14.md", "2014-11-10", "2014-11-31")

    bar = bar_of(office.page("/en/"))

    assert bar.xpath(".//summary")[0].text == "1 warning"


def test_last_version_without_errors_stays_until_it_is_put_right(office: PreviewedOffice) -> None:
    sound = office.page("/PR-001/14/")
    office.replace("releases/PR-001-14.md", "2014-11-03", "2014-11-33")
    outdated = office.page("/PR-001/14/")
    office.replace("releases/PR-001-14.md", "2014-11-33", "2014-11-02")
    healed = office.page("/PR-001/14/")

    titles = [page.xpath("//h1")[0].text for page in (sound, outdated, healed)]
    assert titles == ["Council opens the new quay"] * 3
    notices = [words_of(bar_of(page), "outdated") for page in (sound, outdated, healed)]
    assert notices == [[], ["The file has errors: this is its last version without any"], []]
    assert bar_of(outdated).xpath(".//details[@open]//li//mark")[0].text == "2014-11-33"
    assert "November 2, 2014" in healed.text_content()


def test_release_that_is_deleted_leaves_the_preview(office: PreviewedOffice) -> None:
    office.page("/PR-001/14/")
    (office.root / "releases/PR-001-14.md").unlink()
    office.press.discard()

    office.page("/PR-001/14/", 404)


def test_topic_that_is_taken_away_takes_no_page_down_with_it(office: PreviewedOffice) -> None:
    office.page("/PR-001/14/")
    office.replace("newsroom.yaml", "harbour: Harbour", "port: Port")

    page = office.page("/PR-001/14/", 404)

    assert "`harbour` is not among the newsroom" in bar_of(page).text_content()


def break_newsroom(office: PreviewedOffice) -> Callable[[], None]:
    office.replace("newsroom.yaml", "languages", "languagse")
    return lambda: office.replace("newsroom.yaml", "languagse", "languages")


def lose_newsroom(office: PreviewedOffice) -> Callable[[], None]:
    text = (office.root / "newsroom.yaml").read_text(encoding="utf-8")
    (office.root / "newsroom.yaml").unlink()
    office.press.discard()
    return lambda: office.save("newsroom.yaml", text)


def break_phrases(office: PreviewedOffice) -> Callable[[], None]:
    office.save("layouts/phrases/en.yaml", "newsroom: [")
    return lambda: office.save("layouts/phrases/en.yaml", "newsroom: Press room")


@pytest.mark.parametrize(
    ("harm", "place"),
    [
        (break_newsroom, "newsroom.yaml:4:1"),
        (lose_newsroom, "newsroom.yaml:1:1"),
        (break_phrases, "layouts/phrases/en.yaml:1:11"),
    ],
)
def test_broken_newsroom_is_explained_on_every_page_and_heals(
    office: PreviewedOffice, harm: Callable[[PreviewedOffice], Callable[[], None]], place: str
) -> None:
    heal = harm(office)
    for address in ("/en/", "/PR-001/14/", "/en/feed.xml", "/nowhere"):
        page = office.page(address, 503)
        assert page.xpath("//h1")[0].text == "The newsroom cannot be shown"
        assert place in words_of(page.xpath("//main")[0], "place")
        assert page.xpath("//script/@src") == ["/_preview/preview.js"]

    heal()

    assert office.page("/PR-001/14/").xpath("//h1")[0].text == "Council opens the new quay"


@pytest.mark.parametrize(
    ("template", "place"),
    [
        ("<!DOCTYPE html>\n{{ relase.title }}", "layouts/page/release.html.j2:2:1"),
        ("{% if %}", "layouts/page/release.html.j2:1:1"),
        ("{% include 'page/nothing.html.j2' %}", "layouts/page/release.html.j2:1:1"),
    ],
)
def test_broken_template_is_named_with_its_line(
    office: PreviewedOffice, template: str, place: str
) -> None:
    office.save("layouts/page/release.html.j2", template)

    page = office.page("/PR-001/14/", 500)

    assert page.xpath("//h1")[0].text == "This cannot be shown"
    assert words_of(page.xpath("//main")[0], "place") == [place]
    assert office.browser.get("/en/").status_code == 200


# What the preview refuses


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_this_machine_is_answered(office: PreviewedOffice, host: str) -> None:
    response = office.browser.get("/PR-002/14/", headers={"Host": host, "Origin": f"http://{host}"})

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example:8000"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Host": "127.0.0.1:8001"}, 421),
        ({"Host": "127.0.0.1:8000.evil.example"}, 421),
        ({"Host": ""}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "https://127.0.0.1:8000"}, 403),
        ({"Origin": "http://127.0.0.1:8001"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
@pytest.mark.parametrize("path", ["/PR-002/14/", "/_preview/problems", "/_preview/events"])
def test_other_sites_learn_nothing(
    office: PreviewedOffice, headers: dict[str, str], status: int, path: str
) -> None:
    response = office.browser.get(path, headers=headers)

    assert response.status_code == status
    assert "harbour" not in response.text
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert response.headers["content-security-policy"] == "frame-ancestors 'none'"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/en/", "/_preview/events"])
def test_preview_is_only_to_look_at(office: PreviewedOffice, method: str, path: str) -> None:
    response = office.browser.request(method, path)

    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD"


def test_head_is_answered_without_a_page(office: PreviewedOffice) -> None:
    assert office.browser.head("/en/").status_code == 200
    assert office.browser.head("/_preview/events").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/../newsroom.yaml",
        "/..%2fnewsroom.yaml",
        "/en/../../newsroom.yaml",
        "//newsroom.yaml",
        "/newsroom.yaml",
        "/releases/PR-003-14.md",
        "/assets/../page/base.html.j2",
        "/page/base.html.j2",
        "/_preview/bar.html.j2",
        "/_preview/../../newsroom.yaml",
        "/_preview/",
        "//www.example.org/..",
        "/en/%00",
    ],
)
def test_only_what_is_published_is_served(shown: PreviewedOffice, path: str) -> None:
    # The client would put two dots right; a hostile one writes them so.
    response = shown.browser.get(URL[:-1] + path.replace("..", "%2e%2e"))

    assert response.status_code == 404
    assert "Page not found" in response.text
    assert "time_zone" not in response.text


def test_preview_searches_what_it_shows_drafts_included(office: PreviewedOffice) -> None:
    page = office.browser.get("/en/search/")
    entry = office.browser.get("/en/search/index/pagefind-entry.json").json()
    program = office.browser.get("/en/search/index/pagefind.js")

    assert page.headers["Content-Security-Policy"] == SEARCH_HEADER
    assert entry["languages"]["en"]["page_count"] > 1
    assert program.headers["Content-Type"].startswith("text/javascript")
    assert office.browser.get("/en/search/index/no-such-file").status_code == 404
