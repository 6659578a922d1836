"""Whatever an address in `build/` leads to is there, and is the right thing."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import etree, html
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from tests.site.newsrooms import Published

SITEMAP = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}
ABSOLUTE = re.compile(r"(?:https?|mailto|tel):\S+")


def test_every_address_leads_to_a_file_of_the_newsroom(any_site: Published) -> None:
    lost, count = [], 0
    for source, address in addresses(any_site):
        path = any_site.path_of(address, any_site.url_of(source))
        if path is None:
            assert ABSOLUTE.fullmatch(address), f"{source}: {address}"
            continue
        count += 1
        fragment = address.partition("#")[2]
        if not (any_site.build / path).is_file() or (
            fragment and fragment not in ids(any_site, path)
        ):
            lost.append((source, address))

    assert lost == []
    assert count > 1000


def test_every_page_is_reached_from_the_landing_page(any_site: Published) -> None:
    reached, waiting = {"404.html"}, ["index.html"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        for address in page_addresses(any_site, page):
            path = any_site.path_of(address, any_site.url_of(page))
            if path is not None and path.endswith(".html"):
                waiting.append(path)

    shared = {path for path in any_site.pages if refresh_target(any_site, path)}
    assert set(any_site.pages) - reached - shared == set()


def test_canonical_address_and_open_graph_are_the_pages_own(any_site: Published) -> None:
    for path in any_site.pages:
        page = any_site.page(path)
        expected = refresh_target(any_site, path) or any_site.url_of(path)
        own = [] if path == "404.html" else [expected]

        assert page.xpath("//link[@rel='canonical']/@href") == own, path
        assert page.xpath("//meta[@property='og:url']/@content") == own, path


def test_images_of_open_graph_are_absolute_and_have_their_real_size(harbour: Published) -> None:
    from PIL import Image

    page = harbour.page("HE-004/25/index.html")
    (address,) = page.xpath("//meta[@property='og:image']/@content")
    (width,) = page.xpath("//meta[@property='og:image:width']/@content")
    (height,) = page.xpath("//meta[@property='og:image:height']/@content")

    assert address == f"{harbour.url}HE-004/25/lightship%20wide-1280.jpg"
    path = harbour.path_of(address, "")
    assert path is not None
    with Image.open(harbour.build / path) as picture:
        assert picture.size == (int(width), int(height)) == (1280, 704)


def test_languages_of_a_page_name_each_other(site: Published) -> None:
    versions = {
        path: alternates(site, path)
        for path in site.pages
        if not refresh_target(site, path) and alternates(site, path)
    }
    for path, languages in versions.items():
        own = site.page(path).get("lang")

        assert languages[str(own)] == path
        assert {versions[other].get("x-default") for other in languages.values()} == {
            languages.get("x-default")
        }
        assert all(versions[other] == languages for other in languages.values()), path
    assert len(versions) >= 6


def test_sitemap_lists_every_page_with_its_languages(any_site: Published) -> None:
    index = etree.fromstring(any_site.read("sitemap.xml"))
    parts = [
        any_site.path_of(each.text or "", "") or "" for each in index.iterfind(".//s:loc", SITEMAP)
    ]
    entries: dict[str | None, dict[str, str]] = {}
    for part in parts:
        for entry in etree.fromstring(any_site.read(part)).iterfind("s:url", SITEMAP):
            path = any_site.path_of(entry.findtext("s:loc", "", SITEMAP), "")
            assert path not in entries
            entries[path] = {
                link.get("hreflang", ""): any_site.path_of(link.get("href", ""), "") or ""
                for link in entry.iterfind("x:link", SITEMAP)
            }

    assert sorted(["sitemap.xml", *parts]) == list(any_site.sitemaps)
    pages = {path for path in any_site.pages if not refresh_target(any_site, path)} - {"404.html"}
    pages -= {path for path in pages if path.endswith("/search/index.html")}
    assert set(entries) == pages
    for path, languages in entries.items():
        expected = alternates(any_site, str(path))
        expected.pop("x-default", None)
        assert languages == expected, path


def test_sitemap_of_a_year_says_when_each_release_changed(harbour: Published) -> None:
    sitemap = etree.fromstring(harbour.read("sitemap-2025.xml"))
    changed = {
        harbour.path_of(entry.findtext("s:loc", "", SITEMAP), ""): dt.datetime.fromisoformat(
            entry.findtext("s:lastmod", "", SITEMAP)
        )
        for entry in sitemap.iterfind("s:url", SITEMAP)
    }

    assert set(changed) == {
        pdf.rpartition("/")[0] + "/index.html" for pdf in harbour.pdfs if "/25/" in pdf
    }
    for path, instant in changed.items():
        (updated,) = harbour.page(str(path)).xpath(
            "//meta[@property='article:modified_time']/@content"
        )
        assert instant == dt.datetime.fromisoformat(updated), path


@pytest.mark.parametrize(
    ("newsroom", "versions"),
    [
        ("sample", ("E-502/14", "C-502/14", "P-502/14", "F-502/14")),
        ("sample", ("AVI-030/14/en", "AVI-030/14/es")),
        ("harbour", ("HE-001/25", "HS-001/25", "HP-001/25", "HF-001/25")),
        ("harbour", ("HE-003/25", "HF-003/25")),
        ("harbour", ("NOTE-001/25/en", "NOTE-001/25/es")),
    ],
)
def test_translations_link_to_each_other_in_the_text(
    request: pytest.FixtureRequest, newsroom: str, versions: tuple[str, ...]
) -> None:
    site: Published = request.getfixturevalue(newsroom)
    for version in versions:
        main = site.page(f"{version}/index.html").find(".//main")
        assert main is not None
        offered = [
            site.path_of(link.get("href", ""), site.url)
            for link in main.iterfind(".//a[@hreflang]")
        ]

        assert offered == [f"{other}/index.html" for other in versions if other != version]


def test_structured_data_tells_the_facts_of_each_release(site: Published) -> None:
    described = [path for path in site.pages if "@type" in structured_data(site, path)]
    for path in described:
        page, data = site.page(path), structured_data(site, path)
        (heading,) = page.xpath("//h1")

        assert data["@type"] == "NewsArticle"
        assert data["headline"] == heading.text_content()
        assert data["identifier"] == path.split("/")[0] + "/" + path.split("/")[1]
        assert data["inLanguage"] == page.get("lang")
        assert data["url"] == data["mainEntityOfPage"] == site.url_of(path)
        (published,) = page.xpath("//meta[@property='article:published_time']/@content")
        (updated,) = page.xpath("//meta[@property='article:modified_time']/@content")
        assert (data["datePublished"], data["dateModified"]) == (published, updated)
    assert len(described) == len(site.pdfs)


def test_structured_data_of_a_corrected_and_of_an_illustrated_release(harbour: Published) -> None:
    corrected = structured_data(harbour, "HE-002/25/index.html")
    illustrated = structured_data(harbour, "HE-004/25/index.html")

    assert corrected["datePublished"] == "2025-01-20T00:00:00-04:00"
    assert corrected["dateModified"] == "2025-01-22T09:00:00-04:00"
    assert [each["text"] for each in corrected["correction"]] == [
        "The number of ferries was 310, not 301.",
        "The fleet of *Île Ouest* was counted twice.",
    ]
    assert corrected["publisher"]["name"] == "Harbour Council"
    assert [(each["width"], each["height"]) for each in illustrated["image"]] == [
        (2000, 1100),
        (600, 900),
    ]


def addresses(site: Published) -> Iterator[tuple[str, str]]:
    """Yield every address that a file of `build/` holds, after the file."""
    for path in site.pages:
        for address in page_addresses(site, path):
            yield path, address
    for path in site.pdfs:
        for address in pdf_addresses(site.read(path)):
            yield path, address
    for path in site.feeds:
        for address in feed_addresses(site.read(path)):
            yield path, address
    for path in site.sitemaps:
        for element in etree.fromstring(site.read(path)).iter():
            address = element.get("href") or (element.text or "").strip()
            if address.startswith("http"):
                yield path, address
    for sitemap in re.findall(r"^Sitemap: (.+)$", site.read("robots.txt").decode(), re.MULTILINE):
        yield "robots.txt", sitemap
    for path in (each.relative_to(site.build).as_posix() for each in site.build.rglob("*.*")):
        if path.endswith((".opml", "atom.xml")) or "/archive/" in path:
            for element in etree.fromstring(site.read(path)).iter():
                names = ("href", "xmlUrl", "htmlUrl", "url")
                yield from (
                    (path, element.get(each, "")) for each in names if each in element.attrib
                )
        elif path.endswith(".json"):
            whole = json.loads(site.read(path))
            whole.pop("standard", None)  # IPTC's schema
            yield from ((path, address) for address in _urls_within(whole))
    for style in ("assets/brand.css", "assets/style.css"):
        for address in re.findall(r'url\("([^"]+)"\)', site.read(style).decode()):
            yield style, address


def page_addresses(site: Published, path: str) -> Iterator[str]:
    page = site.page(path)
    for name in ("href", "src", "data", "poster", "cite", "action"):
        yield from (str(each) for each in page.xpath(f"//@{name}"))
    for candidates in page.xpath("//@srcset"):
        yield from (candidate.split()[0] for candidate in str(candidates).split(","))
    yield from (str(each) for each in page.xpath("//meta/@content[starts-with(., 'http')]"))
    if target := refresh_target(site, path):
        yield target
    yield from _urls_within(structured_data(site, path))


def refresh_target(site: Published, path: str) -> str | None:
    """Return the whole address that a page leads on to by itself."""
    for content in site.page(path).xpath("//meta[@http-equiv='refresh']/@content"):
        target = str(content).partition("url=")[2]
        return site.url_of(site.path_of(target, site.url_of(path)) or "")
    return None


def alternates(site: Published, path: str) -> dict[str, str]:
    """Return the versions of a page that its head names: language → file."""
    links = site.page(path).xpath("//link[@rel='alternate'][@hreflang]")
    return {link.get("hreflang"): site.path_of(link.get("href"), "") or "" for link in links}


def structured_data(site: Published, path: str) -> Any:
    """Return what a page says to search engines; `@graph` where it is no release's."""
    for script in site.page(path).xpath("//script[@type='application/ld+json']"):
        return json.loads(script.text)
    return {}


def pdf_addresses(data: bytes) -> Iterator[str]:
    for page in PdfReader(io.BytesIO(data)).pages:
        for annotation in page.get("/Annots", []):
            action = annotation.get_object().get("/A")
            if isinstance(action, DictionaryObject) and "/URI" in action:
                yield str(action["/URI"])


def feed_addresses(data: bytes) -> Iterator[str]:
    for element in etree.fromstring(data).iter():
        name = etree.QName(element).localname
        yield from (element.get(key, "") for key in ("href", "url") if key in element.attrib)
        if name == "link" and element.text:
            yield element.text
        if name == "encoded":
            content = html.fragment_fromstring(element.text or "", create_parent="div")
            yield from (str(each) for each in content.xpath("//@href | //@src"))


def ids(site: Published, path: str) -> set[str]:
    return {str(each) for each in site.page(path).xpath("//@id")}


def _urls_within(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            if name != "@context":
                yield from _urls_within(each)
    elif isinstance(value, list):
        for each in value:
            yield from _urls_within(each)
    elif isinstance(value, str) and value.startswith("http"):
        yield value
