"""Feeds as feed readers take them: in order, complete, and never announcing anything twice."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree, html

from tests.sampling import few_first
from tests.site.newsrooms import HARBOUR, NOW, Published, edit, lay_out_harbour, publish

RFC_822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} [\d:]{8} [+-]\d{4}")


def test_feed_reader_has_nothing_to_complain_of(site: Published) -> None:
    for path in site.feeds:
        feed = parsed(site, path)

        assert feed.bozo is False, (path, feed.get("bozo_exception"))
        assert feed.version == "rss20"
        assert feed.feed.title
        assert feed.feed.language == path.split("/")[0]


def test_feed_names_its_own_address_its_page_and_its_language(site: Published) -> None:
    for path in site.feeds:
        feed = parsed(site, path)
        (own,) = [link.href for link in feed.feed.links if link.rel == "self"]
        raw = etree.fromstring(site.read(path))

        assert own == site.url_of(path)
        assert feed.feed.link == site.url_of(page_of(path))
        languages = {
            each.text for each in raw.iterfind(".//{http://purl.org/dc/elements/1.1/}language")
        }
        assert languages == {path.split("/")[0]}


def test_page_announces_its_feeds(site: Published) -> None:
    for path in site.feeds:
        page = site.page(page_of(path))
        announced = page.xpath("//link[@type='application/rss+xml']/@href")

        if page_of(path).endswith("feeds/index.html"):
            announced[:0] = [
                site.url + str(each)[len(root_of(site)) :]
                for each in page.xpath(f"//a[@href='{root_of(site)}{path}']/@href")
            ]
        assert announced[0] == site.url_of(path)
        assert site.url_of(f"{path.split('/')[0]}/feed.xml") in announced


def test_newest_release_comes_first_and_nothing_is_dated_by_the_clock(site: Published) -> None:
    for path in site.feeds:
        raw = etree.fromstring(site.read(path))
        written = [each.text or "" for each in raw.iterfind(".//pubDate")]
        built = raw.findtext("channel/lastBuildDate", "")
        dates = [parsedate_to_datetime(each) for each in written]

        if not items(site.read(path)):  # nothing was corrected yet
            assert built == ""
            continue
        assert [each for each in (*written, built) if not RFC_822.fullmatch(each)] == []
        assert dates == sorted(dates, reverse=True)
        assert max(dates) <= parsedate_to_datetime(built) <= NOW


def test_dates_and_guids_of_a_feed_are_the_releases_own(harbour: Published) -> None:
    feed = parsed(harbour, "en/feed.xml")

    assert [(each.guid, each.published, each.guidislink) for each in feed.entries] == [
        (f"tag:www.example.org,2025:{reference}", published, False)
        for reference, published in (
            ("NOTE-001/25/en", "Tue, 20 May 2025 00:00:00 -0300"),
            ("HE-005/25", "Tue, 06 May 2025 00:00:00 -0300"),
            ("HE-004/25", "Mon, 14 Apr 2025 00:00:00 -0300"),
            ("HE-001/25", "Mon, 03 Mar 2025 10:15:00 -0400"),
            ("HE-003/25", "Mon, 10 Feb 2025 00:00:00 -0400"),
            ("HE-002/25", "Mon, 20 Jan 2025 00:00:00 -0400"),
        )
    ]


def test_last_change_of_a_feed_is_that_of_its_releases(harbour: Published) -> None:
    corrected = etree.fromstring(harbour.read("en/topics/wrecks/feed.xml"))
    only_withdrawn = etree.fromstring(harbour.read("fr/feed.xml"))

    assert corrected.findtext("channel/lastBuildDate") == "Tue, 06 May 2025 00:00:00 -0300"
    assert only_withdrawn.findtext("channel/lastBuildDate") == "Mon, 03 Mar 2025 10:15:00 -0400"


def test_item_carries_the_title_and_the_whole_text_of_its_page(site: Published) -> None:
    for path in site.feeds:
        for item in items(site.read(path)):
            page = site.page(site.path_of(item.findtext("link", ""), "") or "")
            content = words(content_of(item))

            assert item.findtext("title") == page.findtext(".//h1")
            for prose in page.xpath("//div[@class='prose']/*[not(@class='dateline')]"):
                assert words(prose) in content, (path, item.findtext("guid"))


def test_addresses_in_a_feed_are_absolute(site: Published) -> None:
    relative = [
        (path, str(address))
        for path in site.feeds
        for item in items(site.read(path))
        for address in content_of(item).xpath("//@href | //@src | //@srcset")
        if not re.match(r"https://|mailto:|tel:", str(address))
    ]

    assert relative == []


def test_enclosure_is_the_pdf_with_its_true_length(site: Published) -> None:
    for path in site.feeds:
        for entry in parsed(site, path).entries:
            if not re.fullmatch(r"[a-z]+/((topics/[a-z-]+|corrections)/)?feed.xml", path):
                assert entry.enclosures == []
                continue
            (enclosure,) = entry.enclosures
            pdf = site.path_of(enclosure.href, "") or ""

            assert enclosure.type == "application/pdf"
            assert int(enclosure.length) == (site.build / pdf).stat().st_size
            assert site.path_of(entry.link, "") == f"{pdf.rpartition('/')[0]}/index.html"


def test_feed_of_a_topic_holds_the_releases_on_it(harbour: Published) -> None:
    feed = parsed(harbour, "en/topics/ferries/feed.xml")

    assert [each.guid.rpartition(":")[2] for each in feed.entries] == ["HE-004/25", "HE-001/25"]
    assert feed.feed.title == "Harbour Council: Ferries"


def test_correction_is_told_in_the_item(harbour: Published) -> None:
    item = item_of(harbour.read("en/feed.xml"), "HE-002/25")
    text = words(content_of(item))

    assert "Corrected on January 21, 2025 The number of ferries was 310, not 301." in text
    assert "Corrected on January 22, 2025" in text
    summary = item.findtext("description", "")
    assert summary.startswith("Corrected: The fleet of *Île Ouest* was counted twice.")


@pytest.mark.parametrize("path", ["en/feed.xml", "en/topics/quays/feed.xml"])
def test_withdrawn_item_keeps_its_guid_and_says_why(harbour: Published, path: str) -> None:
    item = item_of(harbour.read(path), "HE-003/25")

    assert item.findtext("title") == "Press Release HE-003/25 has been withdrawn"
    assert item.findtext("description") == "It was issued in error: no mole is for sale."
    assert "It was issued in error: no mole is for sale." in words(content_of(item))
    assert b"opperbight" not in harbour.read(path)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    few_first(
        [
            (
                "releases/2025/HE-001-25.md",
                "Harbour Council Opens the",
                "The Council Has Opened Its",
            ),
            (
                "releases/2025/HE-001-25.md",
                "topics:",
                "corrections: [{when: 2025-03-04, note: No.}]\ntopics:",
            ),
            (
                "releases/2025/HE-001-25.md",
                "topics:",
                "withdrawn: {when: 2025-03-04, reason: No.}\ntopics:",
            ),
            ("releases/2025/HE-001-25.md", "date: 2025-03-03 10:15", "date: 2025-03-02"),
            (
                "newsroom.yaml",
                "https://www.example.org/press/",
                "https://www.example.org/media/news",
            ),
            (
                "newsroom.yaml",
                "url: https://www.example.org/press/",
                "url: https://press.example.net\ntag_authority: www.example.org",
            ),
        ],
        2,
    ),
    ids=["title", "correction", "withdrawal", "date", "folder", "host"],
)
def test_guids_outlive_a_change(
    harbour: Published, tmp_path: Path, file: str, old: str, new: str
) -> None:
    lay_out_harbour(tmp_path)
    edit(tmp_path / file, old, new)

    publish(tmp_path, offers_pdf=False)

    after = (tmp_path / "build/en/feed.xml").read_bytes()
    assert guids(after) == guids(harbour.read("en/feed.xml"))
    assert after != harbour.read("en/feed.xml")


def test_feed_without_releases_is_valid_and_says_nothing_of_the_time(tmp_path: Path) -> None:
    (tmp_path / "newsroom.yaml").write_bytes((HARBOUR / "newsroom.yaml").read_bytes())
    (tmp_path / "releases").mkdir()

    publish(tmp_path)

    data = (tmp_path / "build/en/feed.xml").read_bytes()
    assert feedparser.parse(data).bozo is False
    assert b"Date>" not in data


def page_of(path: str) -> str:
    """Return the page that shows what a feed tells: it lies beside the feed."""
    return path.replace("feed.xml", "index.html")


def root_of(site: Published) -> str:
    return urlsplit(site.url).path


def parsed(site: Published, path: str) -> Any:
    return feedparser.parse(site.read(path))


def guids(data: bytes) -> set[str]:
    return {item.findtext("guid") for item in items(data)}


def items(data: bytes) -> list[Any]:
    """Return the items as they stand in the file: feedparser takes out what it thinks unsafe."""
    return etree.fromstring(data).findall("channel/item")


def item_of(data: bytes, reference: str) -> Any:
    guid = f"tag:www.example.org,2025:{reference}"
    (item,) = [each for each in items(data) if each.findtext("guid") == guid]
    return item


def content_of(item: Any) -> html.HtmlElement:
    content = item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
    return html.fragment_fromstring(content, create_parent="div")


def words(element: html.HtmlElement) -> str:
    """Return what an element says, without the line breaks of its source."""
    return " ".join(" ".join(element.itertext()).split())
