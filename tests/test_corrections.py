"""What was corrected and withdrawn, as those learn of it who have quoted a release."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree, html

from communique.renditions.corrections import LATEST
from tests.office import NOON, Office

DAY = dt.timedelta(days=1)
LATER = NOON + 30 * DAY
PAGE, FEED = "en/corrections/index.html", "en/corrections/feed.xml"
ATOM_UPDATED = "{http://www.w3.org/2005/Atom}updated"
PRICE = "corrections: [{when: 2026-03-02 06:00, note: The price was wrong.}]"
PRICE_AND_HOUR = (
    "corrections: [{when: 2026-03-02 06:00, note: The price was wrong.}, "
    "{when: 2026-03-04 06:00, note: The hour was wrong.}]"
)
GONE = "withdrawn: {when: 2026-03-03 06:00, reason: The vote was void.}"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return laid_out(tmp_path)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Return an office whose newsroom was built, to be looked at."""
    office = laid_out(tmp_path_factory.mktemp("published"))
    office.build(LATER)
    return office


def laid_out(root: Path) -> Office:
    office = Office.open(root)
    office.write_release("E-001/26", body="Nothing was wrong here.")
    office.write_release("E-002/26", PRICE, body="The ferry costs two crowns.")
    office.write_release("E-003/26", GONE, "topics: [quays]", body="The council voted.")
    office.write_release("C-002/26", PRICE, "title: Los precios")
    return office


def parsed(page: str) -> Any:
    return html.document_fromstring(page)


def references(page: str) -> list[str]:
    """Return the references of a list, from the top."""
    found = parsed(page).xpath("//article//p[@class='meta']/span[2]/text()")
    return [str(each) for each in found]


def notices(page: str) -> list[str]:
    found = parsed(page).xpath("//article//*[self::dt or self::dd]")
    return [" ".join(each.text_content().split()) for each in found]


def item_of(office: Office, feed: str, reference: str) -> Any:
    channel = etree.fromstring(office.published()[feed])
    guid = f"tag:press.example.org,2026:{reference}"
    (found,) = [
        each for each in channel.iterfind(".//item") if each.findtext("guid", "").startswith(guid)
    ]
    return found


def test_page_lists_corrections_and_withdrawals_of_its_language_the_latest_first(
    published: Office,
) -> None:
    page = published.page(PAGE)
    assert references(page) == ["E-003/26", "E-002/26"]
    assert notices(page) == [
        "Withdrawn on March 3, 2026",
        "The vote was void.",
        "Corrected on March 2, 2026",
        "The price was wrong.",
    ]
    assert "Title of E-003/26" not in page
    assert references(published.page("es/corrections/index.html")) == ["C-002/26"]


def test_feed_of_corrections_holds_what_the_page_holds(published: Office) -> None:
    feed = feedparser.parse(published.published()[FEED])
    assert not feed.bozo
    assert feed.feed.title == "Harbour Council: Corrections and withdrawals"
    assert [(each.id, each.published) for each in feed.entries] == [
        (
            "tag:press.example.org,2026:E-003/26#20260303T110000Z",
            "Tue, 03 Mar 2026 06:00:00 -0500",
        ),
        (
            "tag:press.example.org,2026:E-002/26#20260302T110000Z",
            "Mon, 02 Mar 2026 06:00:00 -0500",
        ),
    ]


def test_correction_of_tomorrow_is_heard_of_tomorrow(office: Office) -> None:
    office.build(NOON - DAY)
    before = office.published()
    office.write_release("E-002/26", PRICE.replace("price", "name"), body="It costs two crowns.")
    office.build(NOON - DAY)

    after = office.published()
    assert references(office.page(PAGE)) == []
    assert "Nothing has been corrected or withdrawn." in office.page(PAGE)
    assert (after[PAGE], after[FEED]) == (before[PAGE], before[FEED])


def test_release_without_a_correction_touches_neither_page_nor_feed(office: Office) -> None:
    office.build(LATER)
    office.write_release("E-001/26", "title: Another title", body="Another text.")
    office.write_release("E-004/26", "topics: [quays]")

    report = office.build(LATER)

    assert "E-004/26/index.html" in report.published
    assert [path for path in report.published if "corrections" in path] == []


def test_edit_of_a_corrected_text_touches_the_feed_that_holds_it_and_not_the_page(
    office: Office,
) -> None:
    office.build(LATER)
    office.write_release("E-002/26", PRICE, body="The ferry costs three crowns.")

    report = office.build(LATER)

    assert [path for path in report.published if "corrections" in path] == [FEED]


def test_words_of_a_correction_are_put_right_on_the_page(office: Office) -> None:
    office.build(LATER)
    office.write_release("E-002/26", PRICE.replace("price", "fare"), body="It costs two crowns.")

    office.build(LATER)

    assert "The fare was wrong." in notices(office.page(PAGE))


def test_item_keeps_guid_and_place_and_rises_in_updated_alone(office: Office) -> None:
    instants = {}
    for name, lines in (("none", ()), ("one", (PRICE,)), ("two", (PRICE_AND_HOUR,))):
        office.write_release("E-002/26", *lines)
        office.build(LATER)
        item = item_of(office, "en/feed.xml", "E-002/26")
        instants[name] = tuple(
            item.findtext(each) for each in ("guid", "pubDate", "link", ATOM_UPDATED)
        )

    said = (
        "tag:press.example.org,2026:E-002/26",
        "Sun, 01 Mar 2026 00:00:00 -0500",
        "https://press.example.org/E-002/26/",
    )
    assert instants == {
        "none": (*said, None),
        "one": (*said, "2026-03-02T06:00:00-05:00"),
        "two": (*said, "2026-03-04T06:00:00-05:00"),
    }


def test_second_correction_is_an_item_anew_for_those_who_follow_corrections(
    office: Office,
) -> None:
    office.build(LATER)
    first = item_of(office, FEED, "E-002/26").findtext("guid")
    office.write_release("E-002/26", PRICE_AND_HOUR)

    office.build(LATER)

    item = item_of(office, FEED, "E-002/26")
    assert item.findtext("guid") != first
    assert item.findtext("description", "").startswith("Corrected: The hour was wrong.")
    assert references(office.page(PAGE)) == ["E-002/26", "E-003/26"]


def test_page_holds_the_latest_and_leads_to_all_of_each_year_in_which_they_changed(
    tmp_path: Path,
) -> None:
    office = Office.open(tmp_path)
    for number in range(1, LATEST + 3):
        # Half an hour before midnight in the office, and next year in Greenwich.
        when = f"2025-12-31 23:{number:02}" if number < 3 else f"2026-01-{number:02} 09:00"
        office.write_release(
            f"E-{number:03}/25", "date: 2025-12-01", f"corrections: [{{when: {when}, note: x}}]"
        )

    office.build()

    listed = {
        name: references(office.page(f"en/corrections/{name}index.html"))
        for name in ("", "2025/", "2026/")
    }
    numbers = [f"E-{number:03}/25" for number in range(LATEST + 2, 0, -1)]
    assert listed == {"": numbers[:LATEST], "2025/": numbers[-2:], "2026/": numbers[:-2]}
    page = parsed(office.page(PAGE))
    assert page.xpath("//ul[@class='bare years']//a/@href") == [
        "/en/corrections/2026/",
        "/en/corrections/2025/",
    ]
    sitemap = office.page("sitemap-lists.xml")
    assert [
        f"<loc>https://press.example.org/en/corrections/{name}</loc>" in sitemap for name in listed
    ] == [True, True, True]


def test_every_page_leads_to_the_corrections_and_announces_their_feed(published: Office) -> None:
    for path in ("en/index.html", "en/2026/index.html", "E-001/26/index.html", "404.html"):
        page = parsed(published.page(path))
        links = page.xpath("//footer//a[@href='/en/corrections/']")
        feeds = page.xpath("//link[@type='application/rss+xml']/@href")

        assert [each.text for each in links] == ["Corrections and withdrawals"], path
        assert feeds.count("https://press.example.org/en/corrections/feed.xml") == 1, path


def test_page_of_corrections_announces_its_own_feed_first_and_each_feed_once(
    published: Office,
) -> None:
    page = parsed(published.page(PAGE))
    assert page.xpath("//link[@type='application/rss+xml']/@href") == [
        "https://press.example.org/en/corrections/feed.xml",
        "https://press.example.org/en/feed.xml",
    ]
    assert page.xpath("//link[@hreflang='es']/@href") == [
        "https://press.example.org/es/corrections/"
    ]
