"""Two versions compared word by word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.comparing import MAX_WORDS, Kind, compare

LONG = " ".join(f"word{at}" for at in range(40))


def shown(before: str, after: str) -> list[str]:
    marks = {Kind.SAME: "{}", Kind.REMOVED: "[-{}-]", Kind.ADDED: "{{+{}+}}"}
    return [
        " ".join(marks[piece.kind].format(piece.text) for piece in pieces)
        for pieces in compare(before, after)
    ]


@pytest.mark.parametrize(
    ("before", "after", "differences"),
    [
        (
            "The boat leaves at 23:00.",
            "The boat leaves at 23:30.",
            ["The boat leaves at [-23:00-] {+23:30+} ."],
        ),
        ("24 members voted.", "26 members voted.", ["[-24-] {+26+} members voted."]),
        ("Mónica Ramírez", "Mònica Ramírez", ["[-Mónica-] {+Mònica+} Ramírez"]),
        ("They did not agree", "They did agree", ["They did [-not-] agree"]),
        ("One.\n\nTwo.", "One.\n\nTwo.\n\nThree.", ["{+Three.+}"]),
        ("C-502/14 “yes”", "C-503/14 “yes”", ["[-C-502/14-] {+C-503/14+} “yes”"]),
        ("broken over\ntwo lines", "broken over two\nlines", []),
        ("same\r\n\r\ntext\r\n", "same\n\ntext", []),
        (
            f"a {LONG} b",
            f"A {LONG} B",
            [
                "[-a-] {+A+} word0 word1 word2 word3 word4 word5",
                "word34 word35 word36 word37 word38 word39 [-b-] {+B+}",
            ],
        ),
    ],
)
def test_differences_are_shown_with_the_words_around_them(
    before: str, after: str, differences: list[str]
) -> None:
    assert shown(before, after) == differences


def test_texts_too_long_to_be_compared_are_shown_as_replaced() -> None:
    before, after = (f"{word} " * MAX_WORDS + "same" for word in "xy")

    assert [[piece.kind for piece in pieces] for pieces in compare(before, after)] == [
        [Kind.REMOVED, Kind.ADDED]
    ]


WORDS = st.lists(st.sampled_from(["a", "b", "c,", "d.", "\n\n", "\n", "23:00"]), max_size=40).map(
    " ".join
)


@settings(max_examples=60, deadline=None)
@given(before=WORDS, after=WORDS)
def test_same_words_and_only_they_have_no_differences(before: str, after: str) -> None:
    found = shown(before, after)

    if before.split() == after.split() and before.count("\n\n") == after.count("\n\n") == 0:
        assert found == []
    elif before.split() != after.split():
        assert found
        assert all("[-" in each or "{+" in each for each in found)
