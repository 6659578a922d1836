"""The program's own words: an office may change them, and a slip in them is found when read."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from communique.phrases import Phrases, read_phrases
from communique.source import Source

MODEL: Phrases = {
    "newsroom": "Media Center",
    "feed_title": "{organization}: {newsroom}",
    "sizes": {"bytes": "{number} B"},
    "quotation_marks": ["“", "”", "‘", "’"],  # type: ignore[dict-item]  # the one list there is
}
WHOLE = """\
newsroom: Presse
feed_title: "{newsroom} ({organization})"
sizes:
  bytes: "{number} o"
quotation_marks: ["«", "»", "“", "”"]
kinds:
  release: Communiqué
"""


def read(*texts: str) -> tuple[Mapping[str, object], list[str]]:
    sources = [Source.of_text(f"{at}.yaml", text) for at, text in enumerate(texts)]
    checked = read_phrases("fr", sources, MODEL, ["release"])
    said = [f"{each.span}: {each.code}: {each.message}" for each in checked.diagnostics]
    return checked.value or {}, said


def test_later_file_replaces_single_phrases() -> None:
    phrases, said = read(WHOLE, "newsroom: Salle de presse\nsizes:\n  own: x\n")

    assert said == []
    assert phrases["newsroom"] == "Salle de presse"
    assert phrases["sizes"] == {"bytes": "{number} o", "own": "x"}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("newsroom: Presse\n", "newsroom"),
        ('  bytes: "{number} o"\n', "sizes.bytes"),
        ("  release: Communiqué\n", "kinds.release"),
    ],
)
def test_missing_phrase_is_named(written: str, name: str) -> None:
    _, said = read(WHOLE.replace(written, ""))

    assert said == [f"0.yaml:1:1: phrase-missing: the phrase `{name}` has no words in `fr`"]


@pytest.mark.parametrize(
    ("phrase", "fault"),
    [
        (
            'feed_title: "{organisation}"',
            "1.yaml:2:13: phrase-malformed: the phrase `feed_title` has `{organisation}`, which "
            "nothing fills in",
        ),
        (
            'feed_title: "{organization.__class__}"',
            "1.yaml:2:13: phrase-malformed: the phrase `feed_title` has "
            "`{organization.__class__}`, which nothing fills in",
        ),
        (
            'feed_title: "{organization"',
            "1.yaml:2:13: phrase-malformed: the phrase `feed_title` has a brace without its "
            "other half",
        ),
        (
            "newsroom: Presse {year}",
            "1.yaml:2:11: phrase-malformed: the phrase `newsroom` has `{year}`, which nothing "
            "fills in",
        ),
        (
            "newsroom: [a, b]",
            "1.yaml:2:11: phrase-malformed: the phrase `newsroom` is not one text",
        ),
        (
            "quotation_marks: [a, b]",
            "1.yaml:2:18: phrase-malformed: the phrase `quotation_marks` is not a list of 4",
        ),
    ],
)
def test_phrase_that_could_not_be_used_is_reported_in_its_place(phrase: str, fault: str) -> None:
    _, said = read(WHOLE, f"# ours\n{phrase}\n")

    assert said == [fault]


def test_phrase_may_leave_out_what_would_be_filled_in() -> None:
    _, said = read(WHOLE, "feed_title: Nouvelles\n")

    assert said == []
