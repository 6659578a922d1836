"""A release by mail, as Chromium shows its HTML on a telephone, by day and by night."""

from __future__ import annotations

import email.policy
from email import message_from_bytes
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.office import Office

SMALLEST = 4.5
"""The contrast that text needs (WCAG 2.2, 1.4.3)."""
CONTRASTS = """() => {
  const luminance = colour => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(each => each / 255)
      .map(each => each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = element => {
    const colour = getComputedStyle(element).backgroundColor;
    return colour !== 'rgba(0, 0, 0, 0)' ? colour : ground(element.parentElement);
  };
  return [...document.querySelectorAll('body *')]
    .filter(each => [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
    .map(each => {
      const pair = [getComputedStyle(each).color, ground(each)].map(luminance);
      pair.sort((a, b) => b - a);
      return [each.outerHTML.slice(0, 60), (pair[0] + 0.05) / (pair[1] + 0.05)];
    });
}"""


@pytest.fixture
def html(tmp_path: Path) -> str:
    """Return the HTML of a copy under embargo that has everything a release can have."""
    office = Office.open(tmp_path)
    office.write_release(
        "E-001/26",
        "embargo: 2026-03-05 10:00",
        "subtitle: What is under the title",
        "place: Harbour Town",
        "event: {what: A meeting, when: 2026-03-06 10:00, where: The hall}",
        "links: [{kind: video, url: 'https://example.org/', title: A film}]",
        "corrections: {when: 2026-03-01, note: It was Tuesday.}",
        body="A [link](https://example.org/).[^1]\n\n> Said.\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n"
        f"- one `code`\n\n{'long' * 40}\n\n[^1]: A note.",
    )
    ran = office.run("email", "E-001/26", "--embargoed", "--pdf", "none", "--output", "-")
    assert ran.code == 0, ran.err
    body = message_from_bytes(ran.out.encode(), policy=email.policy.strict).get_body(("html",))
    assert body is not None
    text: str = body.get_content()
    return text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_message_can_be_read_by_day_and_by_night_and_loads_nothing(
    browser: Browser, html: str, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(html)

    contrasts = page.evaluate(CONTRASTS)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    width = page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert len(contrasts) > 20
    assert [each for each in contrasts if each[1] < SMALLEST] == []
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 22, 27)"}[scheme]
    assert width == 360
    assert asked == []
