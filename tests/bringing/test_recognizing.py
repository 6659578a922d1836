"""Which line of a text is the title, the date, the place, the reference: by layout and language."""

from __future__ import annotations

import datetime as dt

import pytest

from communique.bringing.plain_text import read_plain_text
from communique.bringing.recognizing import Recognized, recognize
from tests.office import newsroom_of

NEWSROOM = """\
organization: {name: Harbour Council, short_name: HC}
url: https://press.example.org
time_zone: America/New_York
languages: [en, es, pt, fr]
series:
  E: {kind: release, language: en}
  C: {kind: release, language: es}
  P: {kind: release, language: pt}
  F: {kind: release, language: fr}
  N: {kind: advisory, language: all}
"""
ENGLISH = (
    "The Harbour Council has opened the new quay, which was built for the ferries of the islands. "
    "It will be the place at which all boats from the south are to land, and the old one is for "
    "the fishermen."
)
SPANISH = (
    "El Consejo del Puerto abrió por la tarde el nuevo muelle, que es el lugar donde los barcos "
    "de las islas van a llegar con sus pasajeros, y el viejo es para los pescadores de la ciudad."
)
PORTUGUESE = (
    "O Conselho do Porto abriu o novo cais, que é o lugar em que os barcos das ilhas chegam com "
    "os seus passageiros, e o velho não é mais para os pescadores da cidade, nem para uma festa."
)
FRENCH = (
    "Le Conseil du port a ouvert le nouveau quai, qui est le lieu dans lequel les bateaux des îles "
    "arrivent avec leurs passagers, et le vieux quai est pour les pêcheurs de la ville et du port."
)
LAYOUTS = {
    "en": ("Media Center", "Press Release", "  March 2, 2014", ENGLISH, "Reference: E-012/14"),
    "es": (
        *("Centro de Noticias", "Comunicado de Prensa", "  2 de marzo de 2014", SPANISH),
        "Referencia: C-012/14",
    ),
    "pt": (
        *("Centro de Mídia", "Nota de Imprensa", "  2 de março de 2014", PORTUGUESE),
        "Referência: P-012/14",
    ),
    "fr": (
        *("Centre de presse", "Communiqué de presse", "  2 mars 2014", FRENCH),
        "Référence : F-012/14",
    ),
}


def read(text: str) -> Recognized:
    return recognize(read_plain_text(text.encode()), newsroom_of(NEWSROOM))


def body_of(found: Recognized) -> list[str]:
    return [block.write(skipped) for block, skipped in found.body]


@pytest.mark.parametrize("language", LAYOUTS)
def test_legacy_layout_is_read_without_a_doubt(language: str) -> None:
    letterhead, kind, date, text, reference = LAYOUTS[language]

    found = read(f"{letterhead}\n\n{kind}\n\n\nA quay “for all”\n\n{date}\n\n{text}\n\n{reference}")
    assert (found.title, found.date, str(found.reference), found.language, found.notes) == (
        *("A quay “for all”", dt.date(2014, 3, 2), reference.split()[-1], language),
        [],
    )
    assert body_of(found) == [text]


@pytest.mark.parametrize(
    ("line", "date", "place"),
    [
        ("HARBOUR TOWN, March 2, 2014 – ", dt.date(2014, 3, 2), "HARBOUR TOWN"),
        ("Porto Novo, 2 de março de 2014 – ", dt.date(2014, 3, 2), "Porto Novo"),
        ("Puerto Nuevo (2 de marzo de 2014).- ", dt.date(2014, 3, 2), "Puerto Nuevo"),
        ("Port-Neuf, le 2 mars 2014 — ", dt.date(2014, 3, 2), "Port-Neuf"),
        ("HARBOUR TOWN – ", None, "HARBOUR TOWN"),
    ],
)
def test_dateline_gives_place_and_date_and_leaves_the_text(
    line: str, date: dt.date | None, place: str
) -> None:
    found = read(f"A quay for all\n\n{line}{ENGLISH}\n")

    assert (found.date, found.place, body_of(found)) == (date, place, [ENGLISH])


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("2014-03-02", dt.date(2014, 3, 2)),
        ("Date: 2 March 2014", dt.date(2014, 3, 2)),
        ("Washington, D.C., Sunday, March 2, 2014", dt.date(2014, 3, 2)),
        ("18/11/2014", dt.date(2014, 11, 18)),
    ],
)
def test_line_with_a_date_above_the_text_is_the_date(line: str, date: dt.date) -> None:
    found = read(f"A quay for all\n\n{line}\n\n{ENGLISH}\n\nE-012/14")

    assert (found.date, str(found.reference), found.notes) == (date, "E-012/14", [])


@pytest.mark.parametrize(
    ("text", "note"),
    [
        (f"A quay\n\n02/03/2014\n\n{ENGLISH}", "the date may be 2014-02-03 if the month stands"),
        (f"A quay\n\n{ENGLISH}", "no date was found"),
        (ENGLISH * 2, "no headline was found"),
        (f"A quay.\n\nMarch 2, 2014\n\n{ENGLISH}", "It ends like a sentence"),
        (f"EMBARGOED until noon\n\nA quay\n\n{ENGLISH}", "speaks of an embargo"),
        (f"A quay\n\nE-012/14\n\n{ENGLISH}\n\nReference: E-013/14", "also names `E-012/14`"),
        ("A quay\n\nMarch 2, 2014", "no text was found"),
    ],
)
def test_what_is_not_certain_is_noted(text: str, note: str) -> None:
    assert any(note in each for each in read(text).notes)


def test_date_within_the_text_is_not_that_of_the_release() -> None:
    found = read(f"A quay for all\n\n{ENGLISH * 2}\n\nMarch 2, 2014\n\nE-012/14")

    assert found.date is None
    assert body_of(found)[-1] == "March 2, 2014"


def test_reference_of_a_series_that_the_newsroom_has_not_is_left_in_the_text() -> None:
    found = read(f"A quay for all\n\nMarch 2, 2014\n\n{ENGLISH}\n\nReference: X-012/14")

    assert found.reference is None
    assert body_of(found)[-1] == "Reference: X-012/14"


def test_second_line_below_the_title_is_the_subtitle() -> None:
    found = read(f"A quay for all\n\nBoats from the south land there\n\n2 March 2014\n\n{ENGLISH}")

    assert (found.title, found.subtitle) == ("A quay for all", "Boats from the south land there")
