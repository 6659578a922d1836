"""Nothing goes out with words of a release that is not public, whatever is wrong on its way."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest

from communique.catalogue import Catalogue
from communique.holdings import read_holdings
from communique.leaks import Lookout
from communique.pdf_standard import DocumentInfo
from communique.picture_metadata import without_place
from communique.release import Words
from communique.rendering import PressHere, Rendered, Task, Workbench
from tests.office import NOON, Office
from tests.quay import picture

EMBARGO = "embargo: 2026-03-02 18:00"
ENDS = dt.datetime(2026, 3, 2, 23, tzinfo=dt.UTC)
SECRET = "A lighthouse of copper will be raised on the northern mole this summer."


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office.open(tmp_path)
    office.write_release("E-001/26", body="The council met and spoke of the ferries at length.")
    return office


def lookout_of(office: Office, now: dt.datetime = NOON) -> Lookout:
    holdings = read_holdings(office.folder).value
    assert holdings is not None
    return Lookout(holdings.catalogue, holdings.layouts, now)


def page(words: str) -> bytes:
    return f"<!doctype html><html lang=en><title>Page</title><p>{words}</p></html>".encode()


@pytest.mark.parametrize("status", ["draft: yes", EMBARGO, "date: 2026-03-09"])
@pytest.mark.parametrize(
    "shown",
    [
        "see E-777/26",
        "<a href=/E-777-26.html>see</a>",
        "<b>Lighthouse</b> of copper",
        "raised on the <i>northern</i> mole, and raised on the northern mole this summer",
        "raised on the northern mole this summer &amp;c.",
        "&lt;p&gt;raised on the northern mole this summer&lt;/p&gt;",
        "<img src=/E-777/26/quay.png alt=''>",
        "The old quay seen from above the water",
    ],
)
def test_words_of_what_is_not_public_are_found(office: Office, status: str, shown: str) -> None:
    (office.root / "releases/quay.png").write_bytes(picture(40))
    images = "images: [{file: quay.png, alt: The old quay seen from above the water}]"
    title = "title: Lighthouse of copper"
    office.write_release("E-777/26", status, title, images, body=SECRET)

    found = lookout_of(office).find("en/index.html", page(shown))

    assert found is not None
    assert found.code == "embargo-broken"
    assert found.span.path == "releases/E-777-26.md"
    assert "`build/en/index.html`" in found.message
    assert "`E-777/26`" in found.message


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("en/events.ics", "DESCRIPTION:raised on the nor\r\n thern mole this summer"),
        ("en/events.ics", "DESCRIPTION:The council.\\nRaised on the northern mole this\\nsummer"),
        ("en/feed.json", '{"content_html": "<p>raised\\non the northern\\nmole this summer</p>"}'),
        ("E-001/26/E-001-26.json", '{"value": "raised on the northern mole this summer"}'),
        ("E-001/26/E-001-26.txt", "raised on the northern mole this summer"),
        ("en/feeds.opml", '<outline text="raised on the northern mole this summer"/>'),
    ],
)
def test_words_of_what_is_not_public_are_found_however_a_format_writes_them(
    office: Office, path: str, shown: str
) -> None:
    office.write_release("E-777/26", EMBARGO, body=SECRET)

    assert lookout_of(office).find(path, shown.encode()) is not None


def test_words_of_what_is_not_public_are_found_in_an_archive_and_in_what_a_picture_says(
    office: Office,
) -> None:
    office.write_release("E-777/26", EMBARGO, body=SECRET)
    plain = without_place(picture(40), "PNG", Words("Ferries"))
    telling = without_place(picture(40), "PNG", Words("Ferries", SECRET))

    def archive(name: str, data: bytes) -> bytes:
        buffer = io.BytesIO()
        with ZipFile(buffer, "w") as made:
            made.writestr(name, data)
        return buffer.getvalue()

    lookout, pack = lookout_of(office), "E-001/26/E-001-26.zip"
    assert lookout.find("E-001/26/a.png", telling) is not None
    assert lookout.find(pack, archive("a.txt", SECRET.encode())) is not None
    assert lookout.find(pack, archive("b/a.png", telling)) is not None
    assert lookout.find(pack, archive("E-777-26.txt", b"")) is not None
    assert lookout.find("E-001/26/a.png", plain) is None
    assert lookout.find(pack, archive("a.png", plain)) is None
    assert lookout.find(pack, b"no archive") is None


def test_bytes_of_a_file_that_is_not_public_are_found_under_any_name(office: Office) -> None:
    (office.root / "releases/quay.png").write_bytes(picture(40))
    office.write_release("E-777/26", EMBARGO, "images: [{file: quay.png, alt: Quay}]")

    found = lookout_of(office).find("E-001/26/harmless.png", picture(40))

    assert found is not None
    assert lookout_of(office, ENDS).find("E-001/26/harmless.png", picture(40)) is None


def test_words_of_a_secret_are_found_in_the_text_and_the_title_of_a_pdf(office: Office) -> None:
    office.write_release("E-777/26", EMBARGO, "title: Lighthouse of copper", body=SECRET)
    holdings = read_holdings(office.folder).value
    assert holdings is not None
    bench = Workbench(holdings.layouts)

    def printed(title: str, text: str) -> bytes:
        html = f"<html lang=en><title>{title}</title><h1>Ferries</h1><p>{text}</html>"
        info = DocumentInfo(title, "Harbour Council", "en", "", (), "E-001/26", NOON, NOON)
        return bench.write_pdf(html, "https://press.example.org/", info, {})

    text = printed("Ferries", SECRET)
    title = printed("Lighthouse of copper", "Ferries")
    clean = printed("Ferries", "Ferries")

    found = [lookout_of(office).find("E-001/26/E-001-26.pdf", pdf) for pdf in (text, title, clean)]
    assert [each is not None for each in found] == [True, True, False]


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("withdrawn: {when: 2026-03-02 05:00, reason: It was wrong.}", SECRET),
        ("corrections: [{when: 2026-03-09, note: The mole is the southern one after all.}]", ""),
        ("withdrawn: {when: 2026-03-09, reason: The mole is the southern one after all.}", ""),
    ],
    ids=["text of a withdrawn release", "correction to come", "withdrawal to come"],
)
def test_what_is_public_in_part_is_secret_in_part(office: Office, line: str, secret: str) -> None:
    office.write_release("E-777/26", line, body=SECRET)
    hidden = secret or "The mole is the southern one after all."

    lookout = lookout_of(office)

    assert lookout.find("en/index.html", page(hidden)) is not None
    assert lookout.find("en/index.html", page("E-777/26: It was wrong.")) is None


SHARED = "The council keeps the quays of the harbour in good order, day and night."


@pytest.mark.parametrize(
    "where",
    ["the release itself", "another release", "a correction", "newsroom.yaml", "the look"],
)
def test_what_the_public_may_read_elsewhere_is_no_secret(office: Office, where: str) -> None:
    office.write_release("E-777/26", EMBARGO, body=f"{SECRET}\n\n{SHARED}")
    if where == "the release itself":
        office.write_release("E-001/26", body=f"The council met.\n\n{SHARED}")
    elif where == "another release":
        office.write_release("E-002/25", "date: 2025-01-01", body=SHARED)
    elif where == "a correction":
        office.write_release("E-002/26", f'corrections: [{{when: 2026-03-01, note: "{SHARED}"}}]')
    elif where == "newsroom.yaml":
        text = (office.root / "newsroom.yaml").read_text(encoding="utf-8")
        office.write("newsroom.yaml", f'{text}boilerplate: "{SHARED}"\n')
    else:
        office.write("layouts/phrases/en.yaml", f'newsroom: "{SHARED}"\n')

    lookout = lookout_of(office)

    assert lookout.find("E-001/26/index.html", page(SHARED)) is None
    assert lookout.find("E-001/26/index.html", page(SECRET)) is not None


@pytest.mark.parametrize("title", ["Papua New Guinea", "Releases on Papua New Guinea"])
def test_name_of_a_country_is_no_secret(office: Office, title: str) -> None:
    office.write_release("E-777/26", "draft: yes", f"title: {title}", body=SECRET)
    office.write_release("E-002/26", "countries: [PG]")

    assert office.build().published
    assert title in office.page("en/countries/pg/index.html")


def test_reference_that_a_public_release_names_is_no_secret(office: Office) -> None:
    office.write_release("E-001/26", body="More will follow in E-777/26.")
    office.write_release("E-777/26", EMBARGO, body=SECRET)

    assert lookout_of(office).find("E-001/26/index.html", page("follow in E-777/26")) is None


def test_release_is_a_secret_until_its_instant_and_no_longer(office: Office) -> None:
    office.write_release("E-777/26", EMBARGO, body=SECRET)
    tick = dt.timedelta(microseconds=1)

    found = [lookout_of(office, now).find("x.html", page(SECRET)) for now in (ENDS - tick, ENDS)]

    assert [each is not None for each in found] == [True, False]


class PressThatTells(PressHere):
    """Has a fault: a page says what it cannot know."""

    pages = ""

    def render(self, tasks: Iterable[Task]) -> Iterator[Rendered]:
        for rendered in super().render(tasks):
            assert rendered.data is not None
            tells = rendered.path.startswith(self.pages) and rendered.path.endswith(".html")
            told = f"<p>{SECRET}</p>".encode() if tells else b""
            yield replace(rendered, data=rendered.data + told)


class PressThatTellsLater(PressThatTells):
    pages = "E-776/26/"


@pytest.mark.parametrize("offers_pdf", [False, True])
def test_build_that_would_break_an_embargo_publishes_nothing_and_names_the_file(
    office: Office, offers_pdf: bool
) -> None:
    office.build(offers_pdf=offers_pdf)
    before = office.published()
    office.write_release("E-777/26", EMBARGO, "title: Lighthouse of copper", body=SECRET)
    office.write_release("E-002/26")

    report = office.build(offers_pdf=offers_pdf, press_of=PressThatTells)

    assert {found.code for found in report.diagnostics} == {"embargo-broken"}
    assert any("`build/en/index.html`" in found.message for found in report.diagnostics)
    assert report.failed
    assert office.published() == before
    assert office.build(ENDS, press_of=PressThatTells).diagnostics == ()
    assert SECRET in office.page("en/index.html")


def test_edition_that_waits_is_searched_for_what_follows_it(office: Office) -> None:
    office.write_release("E-776/26", EMBARGO)
    office.write_release("E-777/26", "embargo: 2026-03-03 18:00", body=SECRET)

    report = office.build(press_of=PressThatTellsLater)

    assert {found.code for found in report.diagnostics} == {"embargo-broken"}
    assert not report.failed
    assert not (office.folder.private / "ahead").exists()


def test_fault_that_lets_everything_through_is_found_at_the_end(office: Office) -> None:
    office.write_release("E-777/26", EMBARGO, body=SECRET)
    holdings = read_holdings(office.folder).value
    assert holdings is not None
    cards = [replace_publicity(holdings.catalogue)]
    edition = cards[0].at(NOON)
    lookout = Lookout(holdings.catalogue, holdings.layouts, NOON)

    texts = {entry.reference: edition.open(entry).body.html for entry in edition.entries}

    assert lookout.find("E-777/26/index.html", page(texts["E-777/26"])) is not None
    assert lookout.find("E-001/26/index.html", page(texts["E-001/26"])) is None


def replace_publicity(catalogue: Catalogue) -> Catalogue:
    """Return a catalogue that takes everything for public."""
    early = tuple(card._replace(public_from=0, draft=False) for card in catalogue.cards)
    return replace(catalogue, cards=early)


def test_newsroom_without_secrets_is_not_searched(office: Office) -> None:
    read: list[str] = []
    holdings = read_holdings(office.folder).value
    assert holdings is not None

    def opened(path: str) -> object:
        read.append(path)
        return holdings.catalogue.open(path)

    lookout = Lookout(
        replace(holdings.catalogue, open=opened),  # type: ignore[arg-type]
        holdings.layouts,
        NOON,
    )

    assert lookout.find("en/index.html", page("E-001/26 anything")) is None
    assert read == []


def test_whole_newsroom_with_secrets_is_built_without_an_alarm(office: Office) -> None:
    office.write_release("E-777/26", EMBARGO, "related: [E-001/26]", body=SECRET)
    office.write_release("C-001/26", "draft: yes", "title: Title of E-001/26")

    report = office.build(press_of=PressHere)

    assert report.diagnostics == ()
    assert len(report.published) > 10
