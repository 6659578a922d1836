"""Dates, times, sizes and addresses, as readers of each language meet them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from communique.layouts import Layouts
from communique.phrases import Phrases, read_phrases
from communique.premises import shipped_layouts
from communique.release import SITE_ROOT, Correction, Event
from communique.site import Site, sites_of
from communique.source import LayoutFile, Source
from communique.wording import MINUS
from tests.office import newsroom_of

LANGUAGES = ("en", "es", "pt", "fr")
WASHINGTON = ZoneInfo("America/New_York")
DAY = dt.date(2014, 11, 18)


@cache
def site_in(language: str, url: str = "https://press.example.org/") -> Site:
    newsroom = replace(newsroom_of(), languages=LANGUAGES, url=url)
    return sites_of(newsroom)[language]


@cache
def phrases() -> dict[str, Phrases]:
    found = {}
    for language in LANGUAGES:
        name = f"phrases/{language}.yaml"
        source = Source.of_text(name, (shipped_layouts() / name).read_text(encoding="utf-8"))
        found[language] = read_phrases(language, [source], {}, ()).value or {}
    return found


def put(template: str, language: str = "en", site: Site | None = None, **values: object) -> str:
    """Fill in a template of one line."""
    layouts = Layouts({"t.j2": LayoutFile("layouts/t.j2", template.encode())}, phrases())
    return layouts.render("t.j2", site or site_in(language), **values)


def at(hour: int, minute: int = 0, day: int = 10, zone: dt.tzinfo = WASHINGTON) -> dt.datetime:
    """Return an instant in March 2014; the clocks changed on the 9th."""
    return dt.datetime(2014, 3, day, hour, minute, tzinfo=zone)


@dataclass(frozen=True)
class Corrected:
    """A release of November 18, late in the evening in Washington, as far as it matters here."""

    corrections: tuple[Correction, ...]
    published: dt.datetime = dt.datetime(2014, 11, 19, 3, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("language", "long", "first"),
    [
        ("en", "November 18, 2014", "November 1, 2014"),
        ("es", "18 de noviembre de 2014", "1 de noviembre de 2014"),
        ("pt", "18 de novembro de 2014", "1º de novembro de 2014"),
        ("fr", "18 novembre 2014", "1er novembre 2014"),
    ],
)
def test_dates_are_written_as_each_language_writes_them(
    language: str, long: str, first: str
) -> None:
    text = put("{{ a | long_date }}|{{ b | long_date }}", language, a=DAY, b=DAY.replace(day=1))

    assert text == f"{long}|{first}"


def test_date_of_an_instant_is_the_newsrooms() -> None:
    late = dt.datetime(2014, 11, 19, 3, tzinfo=dt.UTC)

    assert put("{{ when | long_date }}", when=late) == "November 18, 2014"


@pytest.mark.parametrize(
    ("language", "words", "on_one_day"),
    [
        (
            "en",
            "Corrected on November 19, 2014, replaces the version of November 18",
            "Corrected on November 19, 2014, 15:04 EST, replaces the earlier version of that day",
        ),
        (
            "es",
            "Versión corregida el 19 de noviembre de 2014, reemplaza la versión del "
            "18 de noviembre",
            "Versión corregida el 19 de noviembre de 2014, 15:04 EST, reemplaza la versión "
            "anterior de ese día",
        ),
        (
            "pt",
            "Versão corrigida em 19 de novembro de 2014, substitui a versão de 18 de novembro",
            "Versão corrigida em 19 de novembro de 2014, 15:04 EST, substitui a versão anterior "
            "desse dia",
        ),
        (
            "fr",
            "Version corrigée le 19 novembre 2014, remplace celle du 18 novembre",
            "Version corrigée le 19 novembre 2014 à 15:04 EST, remplace la version précédente du "
            "même jour",
        ),
    ],
)
def test_paper_names_the_version_that_it_takes_the_place_of(
    language: str, words: str, on_one_day: str
) -> None:
    first = Correction(DAY.replace(day=19), "The hour.")
    second = Correction(dt.datetime(2014, 11, 19, 20, 4, tzinfo=dt.UTC), "The place.")

    said = [
        put("{{ release | replacement }}", language, release=Corrected(corrections))
        for corrections in ((first,), (first, second))
    ]
    assert said == [words, on_one_day]


def test_version_of_another_year_is_named_with_it() -> None:
    release = Corrected((Correction(dt.date(2015, 1, 1), "The hour."),))

    words = put("{{ release | replacement }}", "fr", release=release)
    assert words == "Version corrigée le 1er janvier 2015, remplace celle du 18 novembre 2014"


@pytest.mark.parametrize(
    ("language", "month"),
    [("en", "March 2014"), ("es", "Marzo de 2014"), ("pt", "Março de 2014"), ("fr", "Mars 2014")],
)
def test_months_are_written_as_each_language_writes_them(language: str, month: str) -> None:
    assert put("{{ day | month_name }}", language, day=dt.date(2014, 3, 1)) == month


@pytest.mark.parametrize(
    ("when", "until", "text"),
    [
        (at(10), None, "Monday, March 10, 2014, 10:00 EDT (14:00 GMT)"),
        (at(15, day=7), None, "Friday, March 7, 2014, 15:00 EST (20:00 GMT)"),
        (at(10), at(10), "Monday, March 10, 2014, 10:00 EDT (14:00 GMT)"),
        (at(10), at(12, 30), "Monday, March 10, 2014, 10:00–12:30 EDT (14:00–16:30 GMT)"),
        (  # the same day, said in another zone
            at(10),
            at(16, 30, zone=dt.UTC),
            "Monday, March 10, 2014, 10:00–12:30 EDT (14:00–16:30 GMT)",
        ),
        (
            at(10),
            at(9, day=12),
            "Monday, March 10, 2014, 10:00 EDT (14:00 GMT) to "
            "Wednesday, March 12, 2014, 09:00 EDT (13:00 GMT)",
        ),
        (dt.date(2014, 3, 10), None, "Monday, March 10, 2014"),
        (
            dt.date(2014, 3, 10),
            dt.date(2014, 3, 12),
            "Monday, March 10, 2014 to Wednesday, March 12, 2014",
        ),
        (
            at(10),
            dt.date(2014, 3, 12),
            "Monday, March 10, 2014, 10:00 EDT (14:00 GMT) to Wednesday, March 12, 2014",
        ),
        (at(21), None, "Monday, March 10, 2014, 21:00 EDT (March 11, 2014, 01:00 GMT)"),
        (at(10, zone=dt.UTC), None, "Monday, March 10, 2014, 10:00 GMT"),
        (at(10, zone=ZoneInfo("Europe/London")), None, "Monday, March 10, 2014, 10:00 GMT"),
        (
            at(10, zone=ZoneInfo("America/Sao_Paulo")),
            None,
            f"Monday, March 10, 2014, 10:00 GMT{MINUS}3 (13:00 GMT)",
        ),
        (
            at(10, zone=ZoneInfo("Asia/Kathmandu")),
            None,
            "Monday, March 10, 2014, 10:00 GMT+5:45 (04:15 GMT)",
        ),
        (
            at(10, zone=dt.timezone(dt.timedelta(hours=-5))),
            None,
            f"Monday, March 10, 2014, 10:00 GMT{MINUS}5 (15:00 GMT)",
        ),
    ],
)
def test_event_says_its_time_with_weekday_zone_and_gmt(
    when: dt.date, until: dt.date | None, text: str
) -> None:
    assert put("{{ event | event_time }}", event=Event(None, when, until, None)) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Del sábado, 1 de marzo de 2014 al lunes, 3 de marzo de 2014"),
        ("pt", "De sábado, 1º de março de 2014 a segunda-feira, 3 de março de 2014"),
        ("fr", "Du samedi 1er mars 2014 au lundi 3 mars 2014"),
    ],
)
def test_event_of_several_days_is_said_in_each_language(language: str, text: str) -> None:
    event = Event(None, dt.date(2014, 3, 1), dt.date(2014, 3, 3), None)

    assert put("{{ event | event_time }}", language, event=event) == text


@pytest.mark.parametrize(
    ("size", "language", "text"),
    [
        (999, "en", "999 B"),
        (1_000, "en", "1 KB"),
        (83_600, "en", "84 KB"),
        (999_499, "en", "999 KB"),
        (999_500, "en", "1.0 MB"),
        (12_340_000, "en", "12.3 MB"),
        (12_340_000, "es", "12,3 MB"),
        (12_340_000, "pt", "12,3 MB"),
        (12_340_000, "fr", "12,3 Mo"),
    ],
)
def test_file_sizes_are_those_of_people(size: int, language: str, text: str) -> None:
    assert put("{{ size | file_size }}", language, size=size).replace("\N{NBSP}", " ") == text


@pytest.mark.parametrize(
    ("number", "uri"),
    [
        ("+1-202-555-0140", "tel:+12025550140"),
        ("+44 (0)20 7946 0018", "tel:+442079460018"),
        ("+1 (202) 555 0140 ext. 12", "tel:+12025550140;ext=12"),
        ("+1 202 555 0140 x 7", "tel:+12025550140;ext=7"),
        ("(0)20 7946 0018", "tel:02079460018"),
    ],
)
def test_phone_numbers_can_be_dialled(number: str, uri: str) -> None:
    assert put("{{ number | phone_uri }}", number=number) == uri


@pytest.mark.parametrize(
    ("url", "root"),
    [("https://press.example.org/", "/"), ("https://www.example.org/press/", "/press/")],
)
def test_addresses_begin_at_the_newsrooms_root_and_are_encoded(url: str, root: str) -> None:
    site = site_in("en", url)
    text = put("{{ link(a) }} {{ absolute(a) }}", site=site, a="E-1/14/a plan?#é.pdf")

    encoded = "E-1/14/a%20plan%3F%23%C3%A9.pdf"
    assert text == f"{root}{encoded} {url}{encoded}"


def test_links_of_a_text_lead_where_each_rendition_needs_them() -> None:
    site = site_in("en", "https://www.example.org/press/")
    html = f'<a href="{SITE_ROOT}E-1/14/">x</a> <a href="#fn1">1</a> &quot;href=&quot;#'

    page = put("{{ html | web_html }}", site=site, html=html)
    assert page == '<a href="/press/E-1/14/">x</a> <a href="#fn1">1</a> &quot;href=&quot;#'
    paper = put("{{ html | print_html }}", site=site, html=html)
    assert paper == page.replace("/press/", "https://www.example.org/press/")
    feed = put("{{ html | feed_html('https://u/') }}", site=site, html=html)
    assert feed == paper.replace('"#fn1"', '"https://u/#fn1"')


def test_machines_read_instants_with_their_offset() -> None:
    assert put("{{ a | iso }} {{ b | iso }}", a=at(10), b=DAY) == (
        "2014-03-10T10:00:00-04:00 2014-11-18"
    )
