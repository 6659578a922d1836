"""Feeds, calendars and files for machines, read back by programs that nobody here wrote."""

from __future__ import annotations

import datetime as dt
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import feedparser
import jsonschema
import NewsMLG2
import pytest
import vobject
from lxml import etree

from tests.office import NEWSROOM, NOON, Office
from tests.quay import picture

EVERYTHING = NEWSROOM.replace(
    "formats: []", "formats: [feeds, calendar, text, ninjs, newsml, index, news-sitemap]"
)
ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
MEDIA = "{http://search.yahoo.com/mrss/}"
NEWS = {"n": "http://www.google.com/schemas/sitemap-news/0.9"}
HOUR = dt.timedelta(hours=1)
QUOTED = 'He said “yes” & <b>“no”</b>,\nthen left; "all" of it.'
FORMATS_OF_A_FEED = ("feed.xml", "atom.xml", "feed.json")
SCHEMA = Path(__file__).parent / "ninjs.schema.json"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office.open(tmp_path, EVERYTHING)
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases/q.png").write_bytes(picture(40))
    office.write_release(
        "E-001/26",
        "title: Quay & “lighthouse” opened",
        "subtitle: At last",
        "place: Port Alder",
        "topics: [quays]",
        "countries: [CO, fr]",
        "images: [{file: q.png, alt: The quay, caption: New, credit: A. B., rights: Free}]",
        "corrections: [{when: 2026-03-02 06:00, note: It was Monday.}]",
        body=QUOTED,
    )
    office.write_release("E-002/26", "withdrawn: {when: 2026-03-02, reason: Not decided.}")
    return office


def read_atom(office: Office, path: str = "en/atom.xml") -> Any:
    return etree.fromstring((office.folder.build / path).read_bytes())


def links(feed: Any) -> dict[str, str]:
    return {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}


def test_atom_is_read_by_a_feed_reader(office: Office) -> None:
    office.build()

    feed = feedparser.parse((office.folder.build / "en/atom.xml").read_bytes())

    assert feed.bozo is False, feed.get("bozo_exception")
    assert feed.version == "atom10"
    (entry,) = feed.entries
    assert (entry.id, entry.title) == (
        "tag:press.example.org,2026:E-001/26",
        "Quay & “lighthouse” opened",
    )
    assert "He said “yes” &amp; &lt;b&gt;“no”&lt;/b&gt;" in entry.content[0].value
    assert (entry.published, entry.updated) == (
        "2026-03-01T00:00:00-05:00",
        "2026-03-02T06:00:00-05:00",
    )
    assert {tag.label for tag in entry.tags} == {"Quays", "Colombia", "France"}


def test_withdrawn_release_is_deleted_in_atom_and_a_notice_elsewhere(office: Office) -> None:
    office.build()

    (deleted,) = read_atom(office).findall(f"{TOMBSTONE}deleted-entry")
    assert dict(deleted.attrib) == {
        "ref": "tag:press.example.org,2026:E-002/26",
        "when": "2026-03-02T00:00:00-05:00",
    }
    assert deleted.findtext(f"{TOMBSTONE}comment") == "Not decided."
    items = json.loads(office.page("en/feed.json"))["items"]
    assert [each["summary"] for each in items if each["id"].endswith("E-002/26")] == [
        "Not decided."
    ]
    changes = read_atom(office, "en/corrections/atom.xml")
    assert len(changes.findall(f"{ATOM}entry")) == 2


def test_pictures_are_named_with_what_a_newspaper_needs(office: Office) -> None:
    office.build()
    item = etree.fromstring((office.folder.build / "en/feed.xml").read_bytes())

    for feed in (item, read_atom(office)):
        (content,) = feed.iter(f"{MEDIA}content")
        assert content.get("url") == "https://press.example.org/E-001/26/q.png"
        assert (content.get("medium"), content.get("type")) == ("image", "image/png")
        assert [each.text for each in content] == ["New", "The quay", "A. B.", "Free"]


def test_json_feed_says_what_atom_says(office: Office) -> None:
    office.build()
    feed = json.loads(office.page("en/feed.json"))
    item = next(each for each in feed["items"] if each["id"].endswith("E-001/26"))
    (entry,) = read_atom(office).findall(f"{ATOM}entry")

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://press.example.org/en/feed.json"
    assert item["id"] == entry.findtext(f"{ATOM}id")
    assert item["content_html"] == entry.findtext(f"{ATOM}content")
    assert item["date_modified"] == entry.findtext(f"{ATOM}updated")
    assert item["tags"] == ["Quays", "Colombia", "France"]
    assert item["image"] == "https://press.example.org/E-001/26/q.png"


def test_every_place_has_its_feed_in_every_format(office: Office) -> None:
    office.build()
    published = office.published()

    folders = {path.rpartition("/")[0] for path in published if path.endswith("feed.xml")}
    assert {each for each in folders if each.startswith("en")} == {
        *("en", "en/topics/quays", "en/countries/co", "en/countries/fr", "en/kinds/release"),
        *("en/2026", "en/corrections"),
    }
    assert {f"{folder}/{name}" for folder in folders for name in FORMATS_OF_A_FEED} <= {*published}
    listed = office.page("en/feeds/index.html")
    assert all(f'href="/{folder}/feed.xml"' in listed for folder in folders if folder[:2] == "en")
    outlines = etree.fromstring(published["en/feeds.opml"]).iter("outline")
    addresses = [each.get("xmlUrl", "") for each in outlines]
    assert sorted(addresses) == sorted(
        f"https://press.example.org/{folder}/feed.xml" for folder in folders if folder[:2] == "en"
    )


def test_whole_archive_is_reached_from_the_feed_and_a_new_release_leaves_it(
    tmp_path: Path,
) -> None:
    office = Office.open(tmp_path, EVERYTHING)
    for number in range(1, 121):
        day = dt.date(2025, 1, 1) + dt.timedelta(days=number)
        office.write_release(f"E-{number:03}/25", f"date: {day}")
    office.build()
    found: list[str] = []
    path: str | None = "en/atom.xml"
    pages = []
    while path:
        feed = read_atom(office, path)
        pages.append((path, feed.find(f"{HISTORY}archive") is not None))
        found += [each.text for each in feed.iter(f"{ATOM}id")][1:]
        path = links(feed).get("prev-archive", "").removeprefix("https://press.example.org/")
    office.write_release("E-121/25", "date: 2025-12-30")

    published = office.build().published

    assert pages == [
        ("en/atom.xml", False),
        ("en/archive/2.xml", True),
        ("en/archive/1.xml", True),
    ]
    assert {each.rpartition(":")[2] for each in found} == {f"E-{n:03}/25" for n in range(1, 121)}
    first = links(read_atom(office, "en/archive/1.xml"))
    assert first["next-archive"] == "https://press.example.org/en/archive/2.xml"
    assert first["current"] == "https://press.example.org/en/atom.xml"
    assert [each for each in published if "archive" in each] == []
    assert len(published) <= 24


def test_feed_names_the_stylesheet_that_makes_it_readable(office: Office) -> None:
    office.build()

    for path in ("en/feed.xml", "en/atom.xml"):
        instruction = read_atom(office, path).getprevious()
        assert instruction.target == "xml-stylesheet"
        assert instruction.get("href") == "/assets/feed.css"
        assert instruction.get("type") == "text/css"
        assert 'href="https://press.example.org/en/feeds/"' in office.page(path)


class Hub(HTTPServer):
    """A hub on this machine: it takes note of the feeds that it is told of."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.told: list[dict[str, list[str]]] = []
        super().__init__(("127.0.0.1", 0), _Ear)


class _Ear(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Hub)
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.told.append(parse_qs(body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@contextmanager
def hub(status: int = 204) -> Iterator[Hub]:
    with Hub(status) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def with_hub(office: Office, port: int) -> str:
    address = f"http://127.0.0.1:{port}/"
    office.write("newsroom.yaml", f"{EVERYTHING}hub: {address}\n")
    return address


def test_hub_is_named_in_every_feed_and_told_of_those_that_changed(office: Office) -> None:
    with hub() as server:
        address = with_hub(office, server.server_port)
        office.run("build", "--no-pdf")
        server.told.clear()
        office.write_release("C-009/26")
        before = office.published()

        ran = office.run("build", "--no-pdf")
        again = office.run("build", "--no-pdf")

    assert (ran.code, again.code, ran.err) == (0, 0, "")
    after = office.published()
    changed = {path for path in after if after[path] != before.get(path)}
    feeds = {path for path in changed if path.rpartition("/")[2] in FORMATS_OF_A_FEED}
    assert sorted(each["hub.url"][0] for each in server.told) == sorted(
        f"https://press.example.org/{path}" for path in feeds
    )
    assert {each["hub.mode"][0] for each in server.told} == {"publish"}
    assert all(path.startswith("es/") for path in feeds)
    for path in ("en/feed.xml", "en/topics/quays/feed.xml"):
        named = read_atom(office, path).iterfind(f".//{ATOM}link")
        assert {each.get("rel"): each.get("href") for each in named}["hub"] == address
    assert links(read_atom(office))["hub"] == address
    assert json.loads(office.page("en/feed.json"))["hubs"] == [{"type": "WebSub", "url": address}]


def test_edition_that_was_rendered_ahead_is_told_too(office: Office) -> None:
    with hub() as server:
        with_hub(office, server.server_port)
        office.write_release("E-003/26", "embargo: 2026-03-02 13:00")
        office.run("build", "--no-pdf")
        server.told.clear()

        ran = office.run("build", "--no-pdf", now=NOON + 7 * HOUR)

    assert "rendered ahead" in ran.out
    assert "https://press.example.org/en/atom.xml" in [each["hub.url"][0] for each in server.told]


@pytest.mark.parametrize("is_there", [True, False])
def test_hub_that_fails_is_a_warning_and_asked_once_a_build_until_it_is_told(
    office: Office, is_there: bool
) -> None:
    with hub(500) as server:
        with_hub(office, server.server_port if is_there else 1)
        ran = office.run("build", "--no-pdf")
        idle = office.run("build", "--no-pdf")

    assert (ran.code, idle.code) == (0, 0)
    assert ran.err == idle.err
    assert ran.err.startswith("warning: the hub http://127.0.0.1:")
    assert len(server.told) == 2 * is_there
    assert (office.folder.build / "en/atom.xml").exists()

    with hub() as server:
        with_hub(office, server.server_port)
        office.run("build", "--no-pdf")
        told = [each["hub.url"][0] for each in server.told]
        office.run("build", "--no-pdf")

    assert "https://press.example.org/en/atom.xml" in told
    assert len(server.told) == len(told) == len({*told})


# Calendars.


def calendar(office: Office, path: str) -> list[Any]:
    data = (office.folder.build / path).read_bytes()
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    return list(vobject.readOne(data.decode()).contents.get("vevent", []))


@pytest.mark.parametrize(
    ("lines", "begin", "end"),
    [
        (
            "when: 2026-03-09 10:00, until: 2026-03-09 12:30 Europe/Paris",
            dt.datetime(2026, 3, 9, 14, tzinfo=dt.UTC),
            None,
        ),
        (
            "when: 2026-03-06 10:00, until: 2026-03-09 12:30",
            dt.datetime(2026, 3, 6, 15, tzinfo=dt.UTC),
            dt.datetime(2026, 3, 9, 16, 30, tzinfo=dt.UTC),
        ),
        ("when: 2026-03-09", dt.date(2026, 3, 9), dt.date(2026, 3, 10)),
        ("when: 2026-03-09, until: 2026-03-11", dt.date(2026, 3, 9), dt.date(2026, 3, 12)),
    ],
)
def test_event_keeps_its_instant_through_the_change_of_clocks(
    office: Office, lines: str, begin: dt.date, end: dt.date | None
) -> None:
    lines = lines.replace(", until: 2026-03-09 12:30 Europe/Paris", "")
    office.write_release("N-001/26", "language: en", f"event: {{{lines}, what: A talk; and tea}}")
    office.build()

    (event,) = calendar(office, "N-001/26/en/N-001-26-en.ics")

    found = event.dtstart.value
    assert (found.astimezone(dt.UTC) if isinstance(found, dt.datetime) else found) == begin
    assert (event.dtend.value if end else None) == end
    assert event.summary.value == "A talk; and tea"
    assert event.uid.value == "tag:press.example.org,2026:N-001/26/en"
    assert (event.sequence.value, event.status.value) == ("0", "CONFIRMED")
    assert [each.uid.value for each in calendar(office, "en/events.ics")] == [event.uid.value]


def test_sequence_rises_with_corrections_and_withdrawal_cancels(office: Office) -> None:
    event = "event: {when: 2026-03-09 10:00, what: Talk, where: Old Mole}"
    correction = "corrections: [{when: 2026-03-02 06:00, note: It is at ten.}]"
    withdrawn = "withdrawn: {when: 2026-03-02 06:30, reason: Put off.}"
    seen = []
    for lines in ((), (correction,), (correction, withdrawn)):
        office.write_release("N-001/26", "language: en", event, *lines)
        office.build()
        (found,) = calendar(office, "en/events.ics")
        seen.append((found.sequence.value, found.status.value, found.dtstart.value))

    whole = office.page("en/events.ics")
    assert [each[:2] for each in seen] == [
        ("0", "CONFIRMED"),
        ("1", "CONFIRMED"),
        ("2", "CANCELLED"),
    ]
    assert len({each[2] for each in seen}) == 1
    assert "Old Mole" not in whole
    assert "Talk" not in whole


def test_page_offers_the_event_and_the_front_page_shows_it_until_it_is_over(
    office: Office,
) -> None:
    office.write_release("N-001/26", "language: en", "event: {when: 2026-03-02 10:00}")
    office.run("build", "--no-pdf")
    before = office.page("en/index.html")

    office.run("build", "--no-pdf", now=NOON + 3 * HOUR)

    assert 'href="/N-001/26/en/N-001-26-en.ics"' in office.page("N-001/26/en/index.html")
    assert "Upcoming events" in before
    assert "Upcoming events" not in office.page("en/index.html")


# Files for machines.


def test_text_is_wrapped_nowhere_and_keeps_its_quotation_marks(office: Office) -> None:
    office.build()

    text = office.page("E-001/26/E-001-26.txt")

    assert "Port Alder — He said “yes” & <b>“no”</b>, then left; “all” of it.\n" in text
    assert "Corrected on March 2, 2026: It was Monday." in text
    assert text.endswith(
        "Press Desk\n+1-202-555-0150\ndesk@example.org\n\n"
        "Reference: E-001/26\nhttps://press.example.org/E-001/26/\n"
    )


def test_ninjs_is_as_its_schema_wants_it(office: Office) -> None:
    office.write_release(
        "N-001/26", "language: es", "event: {when: 2026-03-09 10:00, until: 2026-03-10}"
    )
    office.build()
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    objects = {
        path: json.loads(data)
        for path, data in office.published().items()
        if path.endswith("ninjs.json") or (path[0] in "EN" and path.endswith(".json"))
    }

    faults = {path: [*map(str, validator.iter_errors(each))] for path, each in objects.items()}

    assert len(objects) == 5
    assert {path: each for path, each in faults.items() if each} == {}
    whole = objects["E-001/26/E-001-26.json"]
    assert (whole["version"], whole["pubStatus"]) == ("2", "usable")
    assert whole["bodies"][1]["value"].startswith("He said “yes”")
    assert objects["E-002/26/E-002-26.json"]["pubStatus"] == "canceled"


def test_newsml_is_read_by_the_library_of_its_authors(office: Office) -> None:
    office.build()

    data = (office.folder.build / "E-001/26/E-001-26.xml").read_bytes()
    item = NewsMLG2.NewsMLG2Document(data).get_item()

    assert item.guid == "tag:press.example.org,2026:E-001/26"
    assert str(item.contentmeta.headline[0]) == "Quay & “lighthouse” opened"
    assert str(item.itemmeta.firstcreated) == "2026-03-01T00:00:00-05:00"


def test_lists_of_the_archive_name_every_release_and_no_text(office: Office) -> None:
    office.build()
    index = json.loads(office.page("en/releases.json"))
    year = json.loads(office.page("en/2026/releases.json"))
    body = office.root / "releases/E-001-26.md"
    body.write_text(body.read_text().replace("then left", "then stayed"))

    published = office.build().published

    assert index["years"] == [
        {"year": 2026, "releases": 2, "url": "https://press.example.org/en/2026/releases.json"}
    ]
    assert {
        each["reference"]: (each["status"], each["countries"]) for each in year["releases"]
    } == {
        "E-001/26": ("corrected", ["CO", "FR"]),
        "E-002/26": ("withdrawn", []),
    }
    formats = next(each for each in year["releases"] if each["title"])["formats"]
    build = office.folder.build
    assert all(
        (build / each.removeprefix("https://press.example.org/")).is_file()
        for each in formats.values()
    )
    assert [each for each in published if each.endswith("releases.json")] == []


def test_news_leave_their_sitemap_by_themselves_after_two_days(office: Office) -> None:
    office.run("build", "--no-pdf")
    news = etree.fromstring(office.page("news-sitemap.xml").encode())

    office.run("build", "--no-pdf", now=dt.datetime(2026, 3, 3, 5, tzinfo=dt.UTC))

    assert [each.text for each in news.iterfind(".//n:title", NEWS)] == [
        "Quay & “lighthouse” opened"
    ]
    assert "<news:title>" not in office.page("news-sitemap.xml")
    assert "Sitemap: https://press.example.org/news-sitemap.xml" in office.page("robots.txt")


def test_office_that_wants_no_other_format_has_none(tmp_path: Path) -> None:
    office = Office.open(tmp_path, NEWSROOM)
    office.write_release("N-001/26", "language: en", "event: {when: 2026-03-09}", "countries: [CO]")
    office.build()

    kinds = {path.rpartition(".")[2] for path in office.published() if "assets/" not in path}
    assert kinds == {"html", "xml", "txt"}  # robots.txt
    feeds = [path for path in office.published() if not path.endswith(".html")]
    assert not [path for path in feeds if "countries" in path or "atom" in path]
