"""A browser loads the smallest copy that is sharp on its screen, and nothing moves."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Route

from tests.sampling import few_first
from tests.site.newsrooms import Published
from tests.site.serving import served

PICTURES = "**/*.{avif,webp,jpg,png}"
FIRST = "figure img >> nth=0"


@pytest.mark.parametrize(
    ("width", "density", "loaded", "shown"),
    few_first(
        [(360, 2, 720, (328, 180)), (360, 1, 400, (328, 180)), (1280, 2, 1280, (672, 370))], 1
    ),
)
def test_smallest_copy_is_loaded_that_is_sharp_and_moves_nothing(
    browser: Browser,
    harbour: Published,
    width: int,
    density: int,
    loaded: int,
    shown: tuple[int, int],
) -> None:
    held: list[Route] = []
    with (
        served(harbour) as root,
        browser.new_context(
            viewport={"width": width, "height": 900}, device_scale_factor=density
        ) as context,
    ):
        page = context.new_page()
        page.route(PICTURES, lambda route: held.append(route))
        page.goto(f"{root}HE-004/25/", wait_until="domcontentloaded")
        page.evaluate("document.fonts.ready.then(() => true)")
        page.wait_for_function("() => document.styleSheets.length == 2")
        before = page.locator(FIRST).bounding_box()
        for route in held:
            route.continue_()
        page.unroute(PICTURES)
        page.wait_for_function("() => document.images[1].complete")
        after = page.locator(FIRST).bounding_box()
        source = page.evaluate("document.images[1].currentSrc")

    assert source.endswith(f"lightship%20wide.jpg.{loaded}.avif")
    assert before == after
    assert after is not None
    assert (round(after["width"]), round(after["height"])) == shown
