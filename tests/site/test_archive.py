"""A topic that was written about for years: the latest at hand, and all the others in reach."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lxml import html

from tests.site.newsrooms import OF_THE_ARCHIVE, Published, contents, publish, without_index

TOPIC = "en/topics/quays/"
LATEST = 20
FEEDS = ("feed.xml", "atom.xml", "feed.json")
LISTS_OF_FEEDS = ("en/feeds/index.html", "en/feeds.opml")


def test_page_of_a_topic_shows_the_latest_and_leads_to_its_years(archive: Published) -> None:
    page = archive.page(f"{TOPIC}index.html")

    assert listed(archive, page) == newest_first(archive)[:LATEST]
    assert page.xpath("string(//h1)") == "Releases on Quays"
    assert years(archive, page) == [f"{TOPIC}{year}/index.html" for year in (2025, 2024, 2023)]
    assert page.xpath("//a[@aria-current='page']") == []


def test_pages_of_a_topics_years_hold_all_of_its_releases(archive: Published) -> None:
    pages = {year: archive.page(f"{TOPIC}{year}/index.html") for year in (2025, 2024, 2023)}

    found = [path for page in pages.values() for path in listed(archive, page)]
    assert found == newest_first(archive)
    assert len(found) == OF_THE_ARCHIVE
    for year, page in pages.items():
        assert page.xpath("string(//h1)") == f"Releases on Quays, {year}"
        assert page.findtext(".//title").startswith(f"Releases on Quays, {year}")
        assert links(archive, page, ".//h1") == [f"{TOPIC}index.html"]
        assert page.xpath("//a[@aria-current='page']/text()") == [str(year)]
        assert years(archive, page) == years(archive, archive.page(f"{TOPIC}index.html"))
        (feed, *_) = page.xpath("//link[@type='application/rss+xml']/@href")
        assert feed == archive.url_of(f"{TOPIC}feed.xml")


@pytest.mark.parametrize("topic", ["quays", "ferries"])
def test_new_release_touches_few_lists_however_large_the_archive_is(
    archive: Published, tmp_path: Path, topic: str
) -> None:
    newsroom = shutil.copytree(archive.folder, tmp_path / "archive")
    (newsroom / "releases/2025/HE-200-25.md").write_text(
        f"---\nreference: HE-200/25\ntitle: Slip Opens\ndate: 2025-06-20\ntopics: [{topic}]\n"
        "---\n\nShips may moor there.\n"
    )

    report = publish(newsroom, offers_pdf=False)

    before, after = contents(archive.build), contents(newsroom / "build")
    on_topic = f"en/topics/{topic}/"
    assert set(report.published) == {path for path in after if before.get(path) != after[path]}
    assert [path for path in report.published if path.endswith("pagefind-entry.json")]
    assert without_index(report.published) == {
        *("HE-200/25/index.html", "en/index.html", "en/2025/index.html"),
        "HE-024/25/index.html",  # the one before it in its series
        *("HE-200/25/HE-200-25.txt", "HE-200/25/HE-200-25.json", "HE-200/25/HE-200-25.xml"),
        "HE-200/25/HE-200-25.zip",
        *("en/releases.json", "en/2025/releases.json", "en/ninjs.json"),
        *(f"en/{place}{name}" for place in ("", "2025/", "kinds/release/") for name in FEEDS),
        *(f"{on_topic}index.html", f"{on_topic}2025/index.html", "en/topics/index.html"),
        *(f"en/kinds/{name}index.html" for name in ("", "release/", "release/2025/")),
        *(f"{on_topic}{name}" for name in FEEDS),
        "sitemap-2025.xml",
        # The first release on it:
        *(["sitemap-lists.xml", *LISTS_OF_FEEDS] if topic == "ferries" else []),
        *(["en/search/index.html"] if topic == "ferries" else []),
    }


def newest_first(archive: Published) -> list[str]:
    """Return the pages of the releases, of which each is younger than those before it."""
    pages = [path for path in archive.pages if path.startswith("HE-")]
    return sorted(pages, reverse=True)


def listed(archive: Published, page: html.HtmlElement) -> list[str]:
    return links(archive, page, ".//article")


def years(archive: Published, page: html.HtmlElement) -> list[str]:
    return links(archive, page, ".//ul[@class='bare years']")


def links(archive: Published, page: html.HtmlElement, within: str) -> list[str]:
    """Return where the links within some elements lead, in order."""
    addresses = [str(each) for each in page.xpath(f"{within}//a/@href")]
    return [archive.path_of(address, archive.url) or address for address in addresses]
