"""Topics, countries and kinds: a reader without script finds each of their releases."""

from __future__ import annotations

import json
import re
from itertools import chain

import pytest

from tests.site.newsrooms import Published, page_links

FAMILIES = ("topics", "countries", "kinds")


@pytest.mark.parametrize("family", FAMILIES)
def test_every_release_is_reached_from_what_it_is_about(site: Published, family: str) -> None:
    found = {
        (release, rubric)
        for language in languages(site)
        for rubric in rubrics(site, language, family)
        for year in years(site, rubric)
        for release in page_links(site, year, "article")
    }

    assert found == {
        (path, link)
        for path in releases(site)
        for link in page_links(site, path, "article")
        if re.fullmatch(rf"[a-z]+/{family}/[a-z-]+/index\.html", link)
    }
    assert found


def test_number_beside_a_rubric_is_that_of_its_releases(any_site: Published) -> None:
    indexes = [
        path
        for path in any_site.pages
        if re.fullmatch(rf"[a-z]+/({'|'.join(FAMILIES)})/index\.html", path)
    ]
    for index in indexes:
        for item in any_site.page(index).xpath("//ul[contains(@class, 'rubrics')]/li[a]"):
            (address,), (said,) = item.xpath("./a/@href"), item.xpath("./span/text()")
            rubric = any_site.path_of(str(address), any_site.url)
            assert rubric is not None

            of_years = [page_links(any_site, year, "article") for year in years(any_site, rubric)]
            assert int(said.split()[0]) == len(set(chain.from_iterable(of_years)))
            assert said in any_site.page(rubric).xpath("//p[@class='note']/text()")
    assert indexes


def test_rubric_has_its_feeds_its_languages_and_its_place(harbour: Published) -> None:
    page = harbour.page("en/countries/ca/index.html")

    feeds = page.xpath("//link[@rel='alternate'][@type='application/rss+xml']/@href")
    assert feeds[0] == harbour.url_of("en/countries/ca/feed.xml")
    assert page.xpath("string(//h1)") == "Releases on Canada"
    others = page.xpath("//link[@hreflang='fr']/@href")
    assert others == [harbour.url_of("fr/countries/ca/index.html")]
    assert harbour.page("fr/kinds/release/index.html").xpath("string(//h1)") == (
        "Communiqués de presse"
    )
    (script,) = page.xpath("//script[@type='application/ld+json']/text()")
    collection, trail = json.loads(script)["@graph"]
    assert collection["mainEntity"]["numberOfItems"] == 1
    assert [each["name"] for each in trail["itemListElement"]] == [
        "Media Center",
        "Countries",
        "Canada",
    ]


def test_sitemap_names_every_rubric_and_each_of_its_years(site: Published) -> None:
    pattern = rf"<loc>{re.escape(site.url)}([a-z]+/(?:{'|'.join(FAMILIES)})/[^<]*)</loc>"
    named = re.findall(pattern, site.read("sitemap-lists.xml").decode())

    assert {f"{address}index.html" for address in named} == {
        path for path in site.pages if re.match(rf"[a-z]+/({'|'.join(FAMILIES)})/", path)
    }


def languages(site: Published) -> list[str]:
    return [
        path.partition("/")[0] for path in site.pages if re.fullmatch("[a-z]+/index.html", path)
    ]


def releases(site: Published) -> list[str]:
    others = [path for path in site.pages if not re.match("[a-z0-9]", path)]
    return [path for path in others if site.page(path).xpath("//article")]


def rubrics(site: Published, language: str, family: str) -> list[str]:
    index = f"{language}/{family}/index.html"
    if index not in site.pages:
        return []
    pattern = rf"{language}/{family}/[^/]+/index\.html"
    return [link for link in page_links(site, index, "main") if re.fullmatch(pattern, link)]


def years(site: Published, rubric: str) -> list[str]:
    folder = rubric.removesuffix("index.html")
    found = page_links(site, rubric, "main")
    pattern = rf"{re.escape(folder)}[0-9]{{4}}/index\.html"
    return sorted({link for link in found if re.fullmatch(pattern, link)})
