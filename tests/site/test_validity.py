"""Pages, stylesheets and drawings hold to the standards of the web."""

from __future__ import annotations

import subprocess

import pytest
from lxml.html import HtmlElement

from tests.site.newsrooms import REPOSITORY, Published
from tests.verapdf import JAVA

NU_CHECKER = REPOSITORY / "tests/tools/node_modules/vnu-jar/build/dist/vnu.jar"
PAGE_BYTES = 30_000
MISTAKEN = (
    r".*violates Content Security Policy \(meta tag\): "
    r"([a-z ]+ “/(?!/)|blocked by “script-src” directive \(missing).*"
)
"""What the checker says of a page's own files, because what it is given has no origin to be 'self',
and of JSON-LD, which is data and no script (HTML, "data block"). A browser is asked as well
(`test_protection.py`)."""


@pytest.mark.long
def test_nu_checker_has_nothing_to_say(
    sample: Published, harbour: Published, archive: Published
) -> None:
    assert NU_CHECKER.is_file(), "the Nu HTML checker is missing: `make test` installs it"
    files = [
        str(site.build / path)
        for site in (sample, harbour, archive)
        for path in (*site.pages, "assets/brand.css", "assets/style.css")
    ]
    drawings = [str(path) for path in sorted((sample.build / "assets").glob("*.svg"))]

    run = subprocess.run(
        [
            *(*JAVA, "-Xss4m", "-jar", NU_CHECKER, "--format", "gnu", "--also-check-css"),
            *("--filterpattern", MISTAKEN, "--also-check-svg", *files, *drawings),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(drawings) == 2
    assert run.stderr.splitlines() == []
    assert run.returncode == 0


def test_pages_are_light(any_site: Published) -> None:
    sizes = {path: len(any_site.read(path)) for path in any_site.pages}
    heavy = {path: size for path, size in sizes.items() if size > PAGE_BYTES}

    assert heavy == {}


def is_allowed(element: HtmlElement) -> bool:
    """Tell whether an element is data, draws in a script of the look, or is the form to search."""
    if element.tag == "form":
        return (element.get("role"), element.get("method")) == ("search", "get")
    source = str(element.get("src"))
    is_ours = source.endswith(("/assets/search.js", "/assets/copy.js"))
    return element.tag == "script" and (is_ours or element.get("type") == "application/ld+json")


def test_pages_themselves_hold_no_program_and_no_inline_style(site: Published) -> None:
    found = [
        (path, element.tag)
        for path in site.pages
        for element in site.page(path).iter("script", "style", "iframe", "object", "form")
        if not is_allowed(element)
    ]
    attributes = [
        (path, name)
        for path in site.pages
        for element in site.page(path).iter()
        for name in element.attrib
        if name == "style" or str(name).startswith("on")
    ]

    assert found == []
    assert attributes == []
