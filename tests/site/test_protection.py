"""Pages load what is theirs and nothing else: no other site, whatever gets into them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html
from playwright.sync_api import Browser, Request, Route

from communique.headers import PAGE_POLICY, SEARCH_POLICY
from tests.sampling import few_first
from tests.site.newsrooms import Published
from tests.site.serving import served

URLS_IN_CSS = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")
LOADED_BY = {
    "//link[@rel!='canonical' and @rel!='alternate']/@href",
    "//*[self::script or self::img or self::source or self::iframe or self::embed]/@src",
    "//*[self::audio or self::video or self::track or self::input or self::frame]/@src",
    "//@srcset",
    "//@poster",
    "//@ping",
    "//@background",
    "//object/@data",
    "//form/@action",
    "//@formaction",
    "//*[local-name()='image' or local-name()='use']/@*[local-name()='href']",
}
"""Whatever a browser asks for by itself, where it may stand in HTML."""
SHOWN = "getComputedStyle(document.querySelector('h1')).display"


def is_for_searching(path: str) -> bool:
    """Tell whether a page is one of those that run a script of the newsroom's own."""
    return path.endswith("/search/index.html")


def test_pages_and_stylesheets_load_only_files_of_the_newsroom(any_site: Published) -> None:
    strange, count = [], 0
    for source, address in loaded(any_site):
        path = any_site.path_of(urljoin(any_site.url_of(source), address), any_site.url_of(source))
        count += 1
        if path is None or not (any_site.build / path).is_file():
            strange.append((source, address))

    assert strange == []
    assert count > 100


def test_every_page_forbids_what_it_does_not_use(any_site: Published) -> None:
    for path in any_site.pages:
        page = any_site.page(path)

        (policy,) = page.xpath("//head/meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy == (SEARCH_POLICY if is_for_searching(path) else PAGE_POLICY), path
        # What stands before it would be loaded without it.
        assert page.xpath("//head/*[1]/@charset") == ["utf-8"], path
        assert page.xpath("//head/*[2]/@content") == [policy], path
        assert page.xpath("//meta[@name='referrer']/@content") == [
            "strict-origin-when-cross-origin"
        ]


def test_pages_have_no_scripts_but_files_of_the_look_and_no_styles(any_site: Published) -> None:
    root = urlsplit(any_site.url).path
    for path in any_site.pages:
        page: Any = any_site.page(path)
        handlers = [name for each in page.iter() for name in each.attrib if name.startswith("on")]

        scripts = page.xpath("//script[not(@type='application/ld+json')]")
        allowed = {"search.js"} if is_for_searching(path) else {"copy.js"}
        assert {(each.get("src"), each.text) for each in scripts} <= {
            (f"{root}assets/{name}", None) for name in allowed
        }, path
        assert page.xpath("//style | //@style") == [], path
        assert handlers == [], path
        assert page.xpath("//@href[contains(., 'javascript:')]") == [], path


@pytest.mark.parametrize(
    "smuggled",
    few_first(
        [
            "<script>document.title = 'taken over'</script>",
            "<img src='missing.png' onerror=\"document.title = 'taken over'\">",
            "<script src='https://evil.example/x.js'></script>",
            "<img src='https://evil.example/x.png'>",
            "<link rel='stylesheet' href='https://evil.example/x.css'>",
            "<iframe src='https://evil.example/'></iframe>",
            "<style>h1 { display: none }</style>",
            "<h2 style='background: url(https://evil.example/x.png)'>x</h2>",
            "<base href='https://evil.example/'><img src='x.png'>",
        ],
        1,
    ),
)
def test_what_is_smuggled_into_a_page_is_dead_on_a_server_that_says_nothing(
    browser: Browser, harbour: Published, smuggled: str
) -> None:
    path = "HE-001/25/index.html"
    title = harbour.page(path).findtext(".//title")
    body = harbour.read(path).decode().replace("</main>", f"{smuggled}</main>")
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))

    def answer(route: Route, request: Request) -> None:
        asked.append(request.url)
        if request.is_navigation_request() and request.url.endswith("HE-001/25/"):
            route.fulfill(body=body, content_type="text/html; charset=utf-8")
        else:
            route.continue_()

    with served(harbour, is_careful=False) as root:
        page.route("**/*", answer)
        page.goto(f"{root}HE-001/25/")
        found = page.title(), page.evaluate(SHOWN)
        page.close()

    assert found == (title, "block")
    assert [url for url in asked if not url.startswith(root)] == []
    assert [text for text in said if "Content Security Policy" in text]


def loaded(site: Published) -> Iterator[tuple[str, str]]:
    """Yield the file that something is loaded by, and the address."""
    for path in site.pages:
        page: Any = site.page(path)
        for where in sorted(LOADED_BY):
            for value in page.xpath(where):
                for candidate in value.split(",") if where == "//@srcset" else [value]:
                    yield path, candidate.split()[0] if where == "//@srcset" else candidate
        for value in page.xpath("//meta[@http-equiv='refresh']/@content"):
            yield path, value.partition("url=")[2]
    for file in sorted(site.build.rglob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        for match in URLS_IN_CSS.finditer(text):
            yield file.relative_to(site.build).as_posix(), match[1] or match[2]
    for file in sorted(site.build.rglob("*.svg")):
        drawing: Any = html.fromstring(file.read_bytes())
        for value in drawing.xpath("//@*[local-name()='href']"):
            yield file.relative_to(site.build).as_posix(), value
