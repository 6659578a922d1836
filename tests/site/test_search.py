"""The search as readers use it: in a browser, under the strictest policy, and without script."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sampling import few_first
from tests.site.newsrooms import Published
from tests.site.serving import served
from tests.site.test_reading import AXE, SCHEMES, SIZES, violations


@pytest.fixture(scope="module")
def root(harbour: Published) -> Iterator[str]:
    with served(harbour) as root:
        yield root


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    complaints: list[str] = []
    page = browser.new_page(reduced_motion="reduce")
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert [each for each in complaints if "404" not in each] == []


def titles(page: Page) -> list[str]:
    return page.locator("#results h2").all_inner_texts()


def test_word_is_searched_filtered_followed_and_kept_in_the_address(page: Page, root: str) -> None:
    page.goto(f"{root}en/")
    page.get_by_role("search").get_by_role("searchbox").fill("ferries")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("2 releases found")
    assert page.url == f"{root}en/search/?q=ferries"
    assert "ferries" in page.locator("mark").all_inner_texts()

    page.locator(".choice summary", has_text="Topics").click()
    page.get_by_label("Ferries").check()
    expect(page.get_by_role("status")).to_have_text("1 release found")
    assert page.url == f"{root}en/search/?q=ferries&topic=ferries"
    (title,) = titles(page)
    page.locator("#results a").click()
    assert page.inner_text("h1") == title

    page.go_back()
    expect(page.get_by_role("status")).to_have_text("1 release found")
    page.get_by_role("button", name="Start again").click()
    expect(page.locator("#whole")).to_be_visible()
    assert page.url == f"{root}en/search/"
    assert titles(page) == []


@pytest.mark.parametrize(
    ("typed", "address"),
    few_first(
        [
            ("he001-25", "HE-001/25/"),
            ("HE-006/25", None),  # under embargo
            ("HE 1 / 2025", "HE-001/25/"),
            ("note 001 25", "NOTE-001/25/en/"),
            ("HE-003/25", "HE-003/25/"),  # withdrawn: its notice
        ],
        2,
    ),
)
def test_reference_leads_straight_to_its_release(
    page: Page, root: str, typed: str, address: str | None
) -> None:
    page.goto(f"{root}en/search/")
    page.get_by_role("searchbox").fill(typed)
    page.get_by_role("button", name="Search", exact=True).click()

    if address is None:
        expect(page.get_by_role("status")).to_have_text(re.compile("found", re.IGNORECASE))
        assert page.url.startswith(f"{root}en/search/?q=HE-")
        assert typed not in page.locator("#results").inner_text()
    else:
        page.wait_for_url(root + address)


def test_results_show_all_pages_and_move_the_focus(browser: Browser, archive: Published) -> None:
    page = browser.new_page()
    with served(archive) as root:
        page.goto(f"{root}en/search/?year=2023&year=2024&order=date")
        expect(page.get_by_role("status")).to_have_text("21 releases found")
        assert page.locator("#results article").count() == 10
        page.get_by_role("button", name="More results").click()
        expect(page.locator("#results article")).to_have_count(20)
        assert page.evaluate("document.activeElement.textContent") == titles(page)[10]
        page.get_by_role("button", name="More results").click()
        expect(page.locator("#results article")).to_have_count(21)
        expect(page.locator("#more")).to_be_hidden()
        assert page.locator("mark").count() == 0
        page.close()


@pytest.mark.long
def test_results_are_accessible_and_fit_every_screen_in_light_and_dark(
    page: Page, root: str
) -> None:
    page.goto(f"{root}en/search/?q=council")
    expect(page.get_by_role("status")).to_contain_text("found")
    for choice in page.locator(".choice summary").all():
        choice.click()
    page.evaluate(AXE.read_text(encoding="utf-8"))

    found: list[object] = []
    for (width, height), scheme in zip(SIZES, SCHEMES, strict=True):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append((width, "scrolls sideways"))
        found += [(width, scheme, *each) for each in violations(page)]

    assert found == []


def test_hostile_text_is_shown_as_text(page: Page, root: str) -> None:
    page.goto(f"{root}en/search/?q=onclick")
    expect(page.get_by_role("status")).to_have_text("1 release found")
    excerpt = page.locator(".excerpt")

    assert "<script>alert(“ahoy”)</script> & other words" in excerpt.inner_text()
    assert "<div onclick=“ahoy()”>" in excerpt.inner_text()
    assert excerpt.locator(":not(mark)").count() == 0


def test_archive_is_there_without_script(browser: Browser, root: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{root}en/")
    page.get_by_role("search").get_by_role("searchbox").fill("ferries")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/search/?q=ferries")

    assert "needs JavaScript" in page.inner_text("main")
    assert not page.locator("#search").is_visible()
    page.get_by_role("link", name="2025").click()
    assert page.inner_text("h1") == "All releases of 2025"
    page.close()


def test_archive_is_there_where_the_index_cannot_be_loaded(browser: Browser, root: str) -> None:
    page = browser.new_page()
    page.route(re.compile("pagefind"), lambda route: route.fulfill(status=404))
    page.goto(f"{root}en/search/?q=ferries")

    expect(page.get_by_role("status")).to_contain_text("cannot be loaded")
    assert page.get_by_role("link", name="2025").is_visible()
    page.close()
