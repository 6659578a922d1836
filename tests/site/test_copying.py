"""What journalists copy from a page is what they would have typed; without script nothing lacks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sampling import few_first
from tests.site.newsrooms import Published
from tests.site.serving import served

CLIPBOARD = "navigator.clipboard.readText()"


@pytest.fixture(scope="module")
def root(harbour: Published) -> Iterator[str]:
    with served(harbour) as root:
        yield root


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def copied(page: Page, name: str) -> object:
    """Press a button as the keyboard does, and return what the clipboard has then."""
    button = page.get_by_role("button", name=name, exact=True).element_handle()
    button.press("Enter")
    page.wait_for_function("([button, name]) => button.textContent != name", arg=[button, name])
    return page.evaluate(CLIPBOARD)


@pytest.mark.parametrize(
    ("address", "buttons", "title", "citation"),
    few_first(
        [
            (
                "HE-001/25/",
                ["Title", "Text", "Citation"],
                "Harbour Council Opens the North Quay",
                "Harbour Council, “{title}”, Press Release HE-001/25, March 3, 2025, "
                "https://www.example.org/press/HE-001/25/",
            ),
            (
                "HF-001/25/",
                ["Titre", "Texte", "Référence"],
                "",
                "Conseil du port, «\u00a0{title}\u00a0», Communiqué de presse HF-001/25, {date}, "
                "https://www.example.org/press/HF-001/25/",
            ),
        ],
        1,
    ),
)
def test_title_text_and_citation_are_copied_whole(
    page: Page,
    root: str,
    harbour: Published,
    address: str,
    buttons: list[str],
    title: str,
    citation: str,
) -> None:
    page.goto(root + address)

    slug = address.strip("/").replace("/", "-")
    title = title or str(page.text_content("h1"))
    date = str(page.text_content(".meta time"))
    assert [copied(page, name) for name in buttons] == [
        title,
        harbour.read(f"{address}{slug}.txt").decode(),
        citation.format(title=title, date=date),
    ]


def test_quotation_is_copied_with_its_marks_and_is_said_to_be(page: Page, root: str) -> None:
    page.goto(f"{root}HE-001/25/")

    assert copied(page, "Copy the quotation") == "“Nobody will wait,” the plan says."
    assert page.inner_text("blockquote button") == "Copied"
    assert page.inner_text("[role=status]") == "Copied"


@pytest.mark.long
def test_refusal_is_said(browser: Browser, root: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(
        "navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))"
    )
    page.goto(f"{root}HE-001/25/")

    page.get_by_role("button", name="Title").click()
    expect(page.get_by_role("status")).to_have_text("Not copied")
    context.close()


@pytest.mark.long
def test_withdrawn_release_has_nothing_to_copy(page: Page, root: str) -> None:
    page.goto(f"{root}HE-003/25/")

    assert page.get_by_role("main").get_by_role("button").count() == 0


@pytest.mark.long
def test_buttons_are_there_only_with_a_script_and_not_on_paper(
    browser: Browser, page: Page, root: str
) -> None:
    page.goto(f"{root}HE-001/25/")
    on_screen = page.get_by_role("main").get_by_role("button").count()
    words = page.get_by_role("group", name="Copy").inner_text().split()
    page.emulate_media(media="print")
    on_paper = page.locator("button:visible").count()
    with browser.new_context(java_script_enabled=False) as context:
        plain = context.new_page()
        plain.goto(f"{root}HE-001/25/")
        without = plain.locator("main button, .copying:visible").count()

    assert (on_screen, on_paper, without) == (4, 0, 0)
    assert words == ["Copy", "Title", "Text", "Citation"]
