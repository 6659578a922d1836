from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel

from communique.diagnostics import Severity
from communique.front_matter import FrontMatter
from communique.newsroom_fields import NewsroomFields
from communique.newsroom_file import read_newsroom
from communique.source import Source
from tests.harbour import NEWSROOM

FIVE_LINES = """organization: Harbour Council
url: https://press.example.org
time_zone: America/New_York
languages: en
series: {E: release}
"""


def test_five_lines_are_enough() -> None:
    checked = read_newsroom(Source.of_text("newsroom.yaml", FIVE_LINES))

    newsroom = checked.value
    assert checked.diagnostics == ()
    assert newsroom is not None
    assert newsroom.organization.name.in_language("en") == "Harbour Council"
    assert newsroom.organization.short_name.in_language("fr") == "Harbour Council"
    assert newsroom.url == "https://press.example.org/"
    assert newsroom.time_zone == ZoneInfo("America/New_York")
    assert newsroom.languages == ("en",)
    assert newsroom.series["E"].language == "en"
    assert newsroom.pattern.compose("E", 7, 2014).text == "E-007/14"
    assert newsroom.tag_authority == "press.example.org"
    assert (newsroom.topics, newsroom.contacts, newsroom.default_contacts) == ({}, {}, ())


@pytest.mark.parametrize("break_", ["\r\n", "\r"])
def test_line_ends_of_other_systems_change_nothing(break_: str) -> None:
    text = NEWSROOM.replace("\n", break_)

    assert (
        read_newsroom(Source.of_text("newsroom.yaml", text)).value
        == read_newsroom(Source.of_text("newsroom.yaml", NEWSROOM)).value
    )


def test_text_per_language_is_found_and_a_missing_one_is_a_warning() -> None:
    text = FIVE_LINES.replace("languages: en", "languages: [en, fr]")
    text += "boilerplate: {en: About us}\nnotice: For all\n"
    checked = read_newsroom(Source.of_text("newsroom.yaml", text))

    (found,) = checked.diagnostics
    assert (found.code, found.severity) == ("translation-missing", Severity.WARNING)
    assert checked.value is not None
    assert checked.value.boilerplate is not None
    assert checked.value.boilerplate.in_language("fr") == "About us"
    assert checked.value.notice is not None
    assert checked.value.notice.in_language("fr") == "For all"


def test_paragraphs_of_the_boilerplate_are_kept() -> None:
    text = FIVE_LINES + "boilerplate: |\n  One.\n\n  Two: #2.\n"
    newsroom = read_newsroom(Source.of_text("newsroom.yaml", text)).value

    assert newsroom is not None
    assert newsroom.boilerplate is not None
    assert newsroom.boilerplate.in_language("en") == "One.\n\nTwo: #2."


def descriptions(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    schema = model.model_json_schema()
    for name, part in {"": schema, **schema.get("$defs", {})}.items():
        for key, keyword in part.get("properties", {}).items():
            yield f"{name}.{key}", keyword.get("description")


@pytest.mark.parametrize("model", [FrontMatter, NewsroomFields], ids=lambda model: model.__name__)
def test_schema_explains_every_key(model: type[BaseModel]) -> None:
    described = dict(descriptions(model))

    assert len(described) >= len(model.model_fields)
    assert [key for key, words in described.items() if not words or words[-1] not in ".`"] == []


def test_schema_refuses_what_the_reader_refuses() -> None:
    schema = FrontMatter.model_json_schema()

    assert schema["required"] == ["reference", "title", "date"]
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["ImageFields"]["required"] == ["file"]
    assert schema["$defs"]["LinkFields"]["properties"]["kind"]["enum"] == [
        *("gallery", "video", "audio")
    ]


@pytest.mark.parametrize(
    ("series", "pattern", "is_refused"),
    [
        ("EN", "{series}/{number}", True),
        ("ASSETS", "{series}/{number}", True),
        ("NUL", "{series}/{year}/{number}", True),
        ("EN", "{series}-{number}", False),
        ("PR", "{series}/{number}", False),
    ],
)
def test_series_is_no_folder_that_some_system_takes_for_another(
    series: str, pattern: str, is_refused: bool
) -> None:
    text = FIVE_LINES.replace("series: {E: release}", f"series: {{{series}: release}}")
    assert series in text

    checked = read_newsroom(Source.of_text("newsroom.yaml", f'{text}reference: "{pattern}"\n'))

    assert [each.code for each in checked.diagnostics] == ["series-malformed"] * is_refused
