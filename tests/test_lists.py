"""Lists: the front page, years, and pages of topics, countries and kinds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache

import pytest
from lxml import html

from communique.cards import card_of
from communique.catalogue import Catalogue, collect, contacts_of
from communique.desk import Desk
from communique.instants import instant_at
from communique.newsroom import Newsroom
from communique.output import Output, Stationery
from communique.renditions import front as front_page
from communique.renditions import rubric_pages, years
from communique.renditions.front import CHANGES, LATEST, TOPICS_SHOWN, UPCOMING
from communique.site import sites_of
from tests.harbour import ENGLISH, FRENCH, Beside, newsroom, read
from tests.outcomes import Bench, furnishings

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
NEWSROOM = """
organization: Harbour Council
url: https://press.example.org
time_zone: America/New_York
languages: [en, fr]
series:
  E: release
  F: {kind: release, language: fr}
topics: {quays: Quays, ferries: Ferries, TOPICS}
contacts:
  desk: {name: Press Desk, phone: +1-202-555-0150, hours: "8 a.m. to 6 p.m."}
default_contacts: [desk]
formats: []
""".replace("TOPICS", ", ".join(f"t{number}: Topic {number}" for number in range(20)))
PICTURE = "images: [{file: quay.png, alt: A quay at dawn, credit: Ada Fjord}]"


@cache
def office() -> Newsroom:
    return newsroom(NEWSROOM)


def release(number: int, *lines: str, text: str = "The council met.", day: int = 1) -> str:
    """Write a release of March 2026; `lines` add keys, or replace what stands here."""
    keys = {"title": f"title: Meeting {number}", "date": f"date: 2026-03-{day:02}"}
    keys |= {line.partition(":")[0]: line for line in lines}
    head = "\n".join((f"reference: E-{number:03}/26", *keys.values()))
    return f"---\n{head}\n---\n\n{text}\n"


def catalogue_of(texts: tuple[str, ...], of: Newsroom) -> Catalogue:
    desk = Desk(of, {"en": ENGLISH, "fr": FRENCH}, lambda path: Beside())
    found = {}
    for at, text in enumerate(texts):
        manuscript = read(text.encode(), desk)
        assert manuscript.release is not None, manuscript.diagnostics
        found[f"{at}"] = manuscript.release
    cards = [card_of(each, of)._replace(path=path) for path, each in found.items()]
    catalogue = collect(cards, (), of, found.__getitem__).value
    assert catalogue is not None
    return catalogue


def stationery_of(of: Newsroom) -> Stationery:
    contacts = {"en": contacts_of(of.default_contacts, of, "en")}
    return Stationery.of(furnishings().layouts, sites_of(of), offers_pdf=False, contacts=contacts)


def front_of(*texts: str, now: dt.datetime = NOON, of: Newsroom | None = None) -> Output:
    """Plan the English front page."""
    of = of or office()
    (front, _) = front_page.shelves(catalogue_of(texts, of).at(now), stationery_of(of))
    (output,) = front.outputs()
    return output


def lists_of(texts: Iterable[str]) -> dict[str, Output]:
    """Plan all lists, by their path."""
    edition, stationery = catalogue_of(tuple(texts), office()).at(NOON), stationery_of(office())
    renditions = (front_page, years, rubric_pages)
    shelves = (shelf for each in renditions for shelf in each.shelves(edition, stationery))
    return {output.path: output for shelf in shelves for output in shelf.outputs()}


def page_of(output: Output) -> html.HtmlElement:
    return html.document_fromstring(output.render(output.subject, Bench(furnishings().layouts)))


def texts_of(page: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(each.text_content().split()) for each in page.xpath(path)]


def test_newest_release_leads_with_its_picture_and_whose_that_is() -> None:
    page = page_of(front_of(release(1, PICTURE, day=2), release(2, PICTURE)))

    assert texts_of(page, "//article/h2") == ["Meeting 1", "Meeting 2"]
    (picture,) = page.xpath("//main//figure/img")
    assert picture.get("src") == "/E-001/26/quay.png"
    assert (picture.get("alt"), picture.get("width")) == ("A quay at dawn", "1000")
    assert texts_of(page, "//figcaption") == ["Photo: Ada Fjord"]
    assert texts_of(page, "//*[@class='leading pictured']//h2") == ["Meeting 1"]


def test_picture_of_a_withdrawn_release_is_gone_from_the_front_page() -> None:
    withdrawn = "withdrawn: {when: 2026-03-02, reason: Sent in error}"

    page = page_of(front_of(release(1, PICTURE, withdrawn)))

    assert page.xpath("//main//img") == []
    assert texts_of(page, "//article/h2") == ["Press Release E-001/26 has been withdrawn"]
    assert front_of(release(1, PICTURE, withdrawn)).key == front_of(release(1, withdrawn)).key


def test_events_stand_there_until_they_are_over_the_next_one_first() -> None:
    texts = (
        release(1, "event: {when: 2026-03-02 07:30, until: 2026-03-02 09:00, where: Quay 1}"),
        release(2, "event: {when: 2026-03-04}"),
        release(3, "event: {when: 2026-03-02 06:59}"),
        release(4, "event: {when: 2026-02-27, until: 2026-03-02}"),  # under way
        release(5, "event: {when: 2026-03-03, where: Quay 5}", "draft: yes"),
        release(6, "event: {when: 2026-03-03}", "withdrawn: {when: 2026-03-01, reason: Off}"),
    )
    page = page_of(front_of(*texts))

    assert texts_of(page, "//*[@class='agenda']//h3") == ["Meeting 4", "Meeting 1", "Meeting 2"]
    assert texts_of(page, "//*[@class='agenda']//p[@class='when']")[1:] == [
        "Monday, March 2, 2026, 07:30–09:00 EST (12:30–14:00 GMT)",
        "Wednesday, March 4, 2026",
    ]
    assert texts_of(page, "//*[@class='agenda']//li/p[@class='note']") == ["Quay 1"]

    catalogue = catalogue_of(texts, office())
    last = dt.datetime(2026, 3, 5, 5, tzinfo=dt.UTC)  # midnight in the office
    _, over = catalogue.changes_around(last - dt.timedelta(hours=20))
    assert over is not None
    assert instant_at(over, dt.UTC) == last
    assert page_of(front_of(*texts, now=last)).xpath("//*[@class='agenda']") == []


def test_last_corrections_and_withdrawals_are_named_with_their_day() -> None:
    texts = [
        release(number, f"corrections: [{{when: 2026-03-01 1{number}:00, note: Put right}}]")
        for number in range(1, 5)
    ]
    texts.append(release(5, "withdrawn: {when: 2026-03-02, reason: Sent in error}"))

    page = page_of(front_of(*texts))

    assert texts_of(page, "//*[contains(@class, 'recent')]/li") == [
        "Press Release E-005/26 has been withdrawn Withdrawn on March 2, 2026",
        "Meeting 4 Corrected on March 1, 2026",
        "Meeting 3 Corrected on March 1, 2026",
    ]


def test_journalist_finds_whom_to_call_from_every_page() -> None:
    page = page_of(front_of(release(1)))

    assert texts_of(page, "//*[@id='contact']/address") == [
        "Press Desk +1-202-555-0150 8 a.m. to 6 p.m."
    ]
    assert page.xpath("//*[@id='contact']//a/@href") == ["tel:+12025550150"]
    assert page.xpath("//nav[@class='menu']//a/@href[contains(., '#contact')]") == ["/en/#contact"]
    without = page_of(front_of(release(1), of=newsroom()))  # whose office has no contacts
    assert without.xpath("//nav[@class='menu']//a/@href[contains(., '#contact')]") == []
    assert without.xpath("//*[@id='contact'][not(@hidden)]") == []


def test_front_page_is_bounded_and_leads_to_the_rest() -> None:
    texts = [
        release(
            number,
            f"topics: [quays, t{number % 20}]",
            "event: {when: 2026-03-09}",
            "corrections: [{when: 2026-03-02, note: Put right}]",
        )
        for number in range(1, 41)
    ]

    page = page_of(front_of(*texts))

    assert len(page.xpath("//article")) == LATEST
    assert len(page.xpath("//*[@class='agenda']//li")) == UPCOMING
    assert len(page.xpath("//*[contains(@class, 'recent')]/li")) == CHANGES
    topics = texts_of(page, "//*[@id='topics']//li")
    assert len(topics) == TOPICS_SHOWN
    assert topics[0] == "Quays 40 releases"
    assert {"/en/topics/", "/en/kinds/", "/en/2026/"} <= set(page.xpath("//main//a/@href"))
    assert "/en/countries/" not in page.xpath("//main//a/@href")  # there are none


EVENT = "event: {when: 2026-03-09, where: Quay 1}"
OVER = "event: {when: 2026-03-01, where: Quay 1}"
CORRECTED = "corrections: [{when: 2026-03-01, note: Put right}]"
CHANGED = [
    ("text", release(1), release(1, text="The council met.\n\nIt dined."), False),
    ("title", release(1), release(1, "title: Another"), True),
    ("lead", release(1), release(1, text="The council dined."), True),
    ("picture", release(1, PICTURE), release(1, PICTURE.replace("dawn", "dusk")), True),
    ("credit", release(1, PICTURE), release(1, PICTURE.replace("Ada", "Eva")), True),
    ("place of the event", release(1, EVENT), release(1, EVENT.replace("1}", "2}")), True),
    ("place of one that is over", release(1, OVER), release(1, OVER.replace("1}", "2}")), False),
    ("topic", release(1, "topics: [quays]"), release(1, "topics: [quays, ferries]"), True),
    ("day of a correction", release(1, CORRECTED), release(1, CORRECTED.replace("1,", "2,")), True),
    ("words of a correction", release(1, CORRECTED), release(1, f"{CORRECTED[:-2]}!}}]"), False),
    ("country", release(1, "countries: [CO]"), release(1, "countries: [PT]"), False),
    ("first country", release(1), release(1, "countries: [CO]"), True),
]


@pytest.mark.parametrize(
    ("before", "after", "is_seen"),
    [each[1:] for each in CHANGED],
    ids=[each[0] for each in CHANGED],
)
def test_front_page_is_made_anew_when_something_that_it_shows_changes(
    before: str, after: str, is_seen: bool
) -> None:
    older = release(2, "date: 2026-02-01")

    old, new = front_of(before, older), front_of(after, older)

    assert (old.key != new.key) is is_seen
    assert (old.subject != new.subject) is is_seen


def test_only_the_leading_picture_is_part_of_the_front_page() -> None:
    newest = release(1, day=2)

    old = front_of(newest, release(2, PICTURE))
    new = front_of(newest, release(2, PICTURE.replace("dawn", "dusk")))

    assert (old.key, old.subject) == (new.key, new.subject)


def test_contact_of_the_front_page_is_part_of_no_other_page() -> None:
    called = newsroom(NEWSROOM.replace("0150", "0199"))

    old, new = front_of(release(1)), front_of(release(1), of=called)

    assert old.key != new.key
    assert sites_of(office()) == sites_of(called)


QUAYS, COLOMBIA = "topics: [quays]", "countries: [CO]"


def of_last_year(number: int) -> str:
    return release(number, QUAYS, "date: 2025-06-01").replace("/26\n", "/25\n")


ARCHIVE = {number: release(number, QUAYS) for number in range(1, 23)}
"""More than a list shows at once; all became public at one instant, the last number is newest."""
ARCHIVE |= {1: of_last_year(1), 2: release(2, QUAYS, COLOMBIA)}
EDITS = {
    "text of the newest": {22: release(22, QUAYS, text="The council met.\n\nIt dined.")},
    "lead of the newest": {22: release(22, QUAYS, text="The council dined.")},
    "lead of one on no front page": {9: release(9, QUAYS, text="The council dined.")},
    "title of an old one": {2: release(2, QUAYS, COLOMBIA, "title: Another")},
    "one country more": {2: release(2, QUAYS, "countries: [CO, PT]")},
    "no country any more": {2: release(2, QUAYS)},
    "one topic more": {2: release(2, "topics: [quays, ferries]", COLOMBIA)},
    "one old release more": {23: release(23, QUAYS, "date: 2026-02-01")},
    "one more of last year": {23: of_last_year(23)},
    "one new release more": {23: release(23, QUAYS, day=2)},
    "first in French": {23: release(22, QUAYS).replace("E-022", "F-022")},
    "withdrawal": {2: release(2, QUAYS, "withdrawn: {when: 2026-03-01, reason: Error}")},
}


@cache
def lists_before() -> dict[str, Output]:
    return lists_of(ARCHIVE.values())


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_list_is_made_anew_if_and_only_if_it_shows_something_else(edit: dict[int, str]) -> None:
    before, after = lists_before(), lists_of({**ARCHIVE, **edit}.values())

    common = before.keys() & after.keys()
    made_anew = {path for path in common if before[path].key != after[path].key}
    changed = {path for path in common if before[path].subject != after[path].subject}
    assert made_anew == changed


def test_country_is_offered_in_the_languages_that_have_a_page_of_it() -> None:
    french = release(22, "countries: [CO]").replace("E-022", "F-022")
    texts = (*ARCHIVE.values(), french, release(23, "countries: [PT]"))

    lists = {path: page_of(output) for path, output in lists_of(texts).items()}

    def others(path: str) -> list[str]:
        return list(map(str, lists[path].xpath("//link[@hreflang='fr']/@href")))

    assert others("en/countries/co/index.html") == ["https://press.example.org/fr/countries/co/"]
    assert others("en/countries/pt/index.html") == []
    assert others("en/countries/index.html") == ["https://press.example.org/fr/countries/"]
    assert texts_of(lists["en/countries/index.html"], "//main//li[a and span]") == [
        "Colombia 1 release",
        "Portugal 1 release",
    ]
    assert texts_of(lists["fr/countries/index.html"], "//main//li[a and span]") == [
        "Colombie 1 communiqué"
    ]
