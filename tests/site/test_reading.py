"""Pages as readers meet them: in a browser, on a telephone, in the dark, with a screen reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route

from tests.sampling import few_of
from tests.site.newsrooms import REPOSITORY, Published
from tests.site.serving import served

AXE = REPOSITORY / "tests/tools/node_modules/axe-core/axe.min.js"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZES = ((320, 800), (1280, 900))
LOAD_ALL_IMAGES = """
    Promise.all([...document.images].map(image => {
        image.loading = "eager"
        return image.decode()
    }))
"""
FONTS_THAT_FAIL = """
    [...document.fonts].filter(font => font.status == "error" && !font.family.includes("until"))
        .map(font => font.family)
"""
"""But for the reader's own fonts, which serve until ours arrive: not every reader has them."""
TAKE_AWAY_BUTTONS = "document.querySelectorAll('.copying, .copy').forEach(each => each.remove())"
"""Those that copy are all that a script adds."""
KINDS_OF_PAGE = [
    ("sample", "E-502/14/", "release with an event"),
    ("sample", "F-502/14/", "release in French"),
    ("sample", "E-427/14/", "release with a footnote"),
    ("sample", "en/", "front page"),
    ("sample", "en/2014/", "year"),
    ("sample", "en/topics/permanent-council/", "topic"),
    ("archive", "en/topics/quays/", "topic with an archive of years"),
    ("archive", "en/topics/quays/2024/", "year of a topic"),
    ("sample", "en/countries/", "countries with their numbers"),
    ("sample", "en/countries/co/", "country"),
    ("sample", "no/such/page", "missing page"),
    ("harbour", "", "landing page"),
    ("harbour", "NOTE-001/25/", "reference in several languages"),
    ("harbour", "NOTE-001/25/en/", "advisory"),
    ("harbour", "HE-001/25/", "release with every kind of text"),
    ("harbour", "HE-002/25/", "corrected, with table and footnotes"),
    ("harbour", "HE-003/25/", "withdrawn"),
    ("harbour", "en/corrections/", "corrections and withdrawals"),
    ("harbour", "HE-004/25/", "photographs"),
    ("harbour", "HE-005/25/", "hostile text"),
    ("harbour", "en/", "front page of every status"),
]
PAGES = few_of(
    {words: (name, address) for name, address, words in KINDS_OF_PAGE},
    {
        "front page",
        "release with every kind of text",
    },
)


@pytest.fixture(scope="session")
def roots(sample: Published, harbour: Published, archive: Published) -> Iterator[dict[str, str]]:
    """Return where each newsroom is served."""
    with ExitStack() as stack:
        yield {
            "sample": stack.enter_context(served(sample)),
            "harbour": stack.enter_context(served(harbour)),
            "archive": stack.enter_context(served(archive)),
        }


@pytest.fixture(scope="session")
def window(browser: Browser) -> BrowserContext:
    return browser.new_context()


@pytest.fixture(scope="session")
def window_without_javascript(browser: Browser) -> BrowserContext:
    return browser.new_context(java_script_enabled=False)


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    page = window.new_page()
    yield page
    page.close()


@pytest.mark.parametrize(("newsroom", "address"), PAGES)
def test_page_is_accessible_and_fits_every_screen_in_light_and_dark(
    page: Page, roots: dict[str, str], newsroom: str, address: str
) -> None:
    assert AXE.is_file(), "axe-core is missing: `make test` installs it"
    visit(page, roots[newsroom] + address)
    page.evaluate(AXE.read_text(encoding="utf-8"))

    found: list[object] = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append((width, "scrolls sideways"))
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            found += [(width, scheme, *each) for each in violations(page)]

    assert found == []


@pytest.mark.parametrize(("newsroom", "address"), PAGES)
def test_page_loads_under_a_strict_policy_and_reads_the_same_without_javascript(
    page: Page,
    window_without_javascript: BrowserContext,
    roots: dict[str, str],
    newsroom: str,
    address: str,
) -> None:
    url = roots[newsroom] + address
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.extend(_failure(request)))
    page.on("request", lambda request: complaints.extend(_elsewhere(request, roots[newsroom])))
    visit(page, url)
    page.evaluate(LOAD_ALL_IMAGES)
    plain = window_without_javascript.new_page()
    visit(plain, url)

    page.evaluate(TAKE_AWAY_BUTTONS)
    not_found = "Failed to load resource: the server responded with a status of 404 (Not Found)"
    assert complaints == ([not_found] if address == "no/such/page" else [])
    assert page.evaluate(FONTS_THAT_FAIL) == []
    assert page.inner_text("body") == plain.inner_text("body")
    plain.close()


def test_landing_page_leads_to_the_default_language(page: Page, roots: dict[str, str]) -> None:
    page.goto(roots["harbour"])
    page.wait_for_url(f"{roots['harbour']}en/")

    assert page.inner_text("h1") == "Latest releases"


def test_portrait_taken_with_a_turned_camera_stands_upright(
    page: Page, roots: dict[str, str]
) -> None:
    page.set_viewport_size({"width": 1280, "height": 1200})
    visit(page, f"{roots['harbour']}HE-004/25/")
    portrait = page.locator("img[src$='mast.jpg']")
    page.evaluate(LOAD_ALL_IMAGES)

    natural = portrait.evaluate("image => [image.naturalWidth, image.naturalHeight]")
    assert natural == [600, 900]
    assert (portrait.get_attribute("width"), portrait.get_attribute("height")) == ("600", "900")
    box = portrait.bounding_box()
    assert box is not None
    assert box["height"] / box["width"] == pytest.approx(1.5, abs=0.01)


def visit(page: Page, url: str) -> None:
    """Open a page; one that leads on by itself stays open to be looked at."""

    def stay(route: Route) -> None:
        moves_on = route.request.is_navigation_request() and route.request.url != url
        route.fulfill(status=204) if moves_on else route.continue_()

    page.route("**/", stay)
    page.goto(url)


def violations(page: Page) -> Iterator[tuple[str, str]]:
    """Yield what axe objects to: rule and element."""
    result: Any = page.evaluate("axe.run()")
    for violation in result["violations"]:
        for node in violation["nodes"]:
            yield violation["id"], re.sub(r"\s+", " ", node["html"])


def _failure(request: Request) -> list[str]:
    """Return what failed; a page that would lead on is kept from it by `visit`."""
    return [] if request.is_navigation_request() else [f"fails: {request.url}"]


def _elsewhere(request: Request, root: str) -> list[str]:
    return [] if request.url.startswith(root) else [f"asks another server: {request.url}"]
