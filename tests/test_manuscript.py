from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.harbour import desk, read

DESK = desk()
RELEASE = """---
reference: E-502/14
title: "Council's \\"quay\\" — São, été 🎉"
date: 2014-11-18
place: Port Alder
summary: >-
  Item #3: the quay
  opens.
embargo: 2014-11-18 10:00 America/Bogota
topics: [fisheries]
countries: [CO, ca]
images:
  - file: quay.png
    alt: A quay
    caption: 'The "quay"'
attachments: plan.pdf
links:
  - kind: video
    url: https://www.example.org/video
event:
  what: Opening
  when: 2014-11-20 10:00
  until: 2014-11-20
corrections:
  - when: 2014-11-19
    note: The name was wrong.
related: [E-427/14]
draft: no
---

## The quay

It *opens*: see [the plan](plan.pdf) and [the convening](E-427/14).[^1]

![A quay](quay.png "The quay")

[^1]: Item #3.
"""
LINE_BREAKS = ["\n", "\r\n", "\r"]


def codes(text: str) -> list[str]:
    return [found.code for found in read(text.encode(), DESK).diagnostics]


@pytest.mark.parametrize("line_break", LINE_BREAKS)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_release_is_the_same_however_its_lines_end(mark: str, line_break: str) -> None:
    plain = read(RELEASE.encode(), DESK)
    other = read((mark + RELEASE.replace("\n", line_break)).encode(), DESK)

    assert plain.diagnostics == ()
    assert other == plain


def test_release_holds_what_was_written() -> None:
    release = read(RELEASE.encode(), DESK).release

    assert release is not None
    assert release.title == "Council’s “quay” — São, été 🎉"
    assert release.summary == "Item #3: the quay opens."
    assert release.public_from == dt.datetime(2014, 11, 18, 15, tzinfo=dt.UTC)
    assert release.countries == ("CO", "CA")
    assert release.images[0].caption == "The “quay”"
    assert release.attachments[0].title == "plan.pdf"
    assert [mention.reference for mention in release.related] == ["E-427/14"]
    assert release.body.html.count('href="\x00E-502/14/plan.pdf"') == 1


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\nreference: E-1/14\ntitle: A\ndate: 2014-11-18\n---", "A"),
        ("---  \nreference: E-1/14\ntitle: A\ndate: 2014-11-18\n--- \t\n", "A"),
        ("\n\n---\nreference: E-1/14\ntitle: A\ndate: 2014-11-18\n---\nText", "A"),
        ("---\nreference: E-1/14\ntitle: A\ndate: 2014-11-18\n...\nText", "A"),
        ("---\nreference: E-1/14\ntitle: A ---\ndate: 2014-11-18\n---\nOne\n\n---\n\nTwo", "A ---"),
        ("---\nreference: E-1/14\ntitle: |\n  ---\n  A\ndate: 2014-11-18\n---\nText", "--- A"),
    ],
)
def test_keys_end_where_the_second_fence_stands(text: str, title: str) -> None:
    manuscript = read(text.replace("E-1/", "E-001/").encode(), DESK)

    assert manuscript.diagnostics == ()
    assert manuscript.release is not None
    assert manuscript.release.title == title


def test_line_of_hyphens_in_the_text_is_a_rule() -> None:
    release = read(b"---\nreference: E-001/14\ntitle: A\ndate: 2014-11-18\n---\nOne\n\n---\n", DESK)

    assert release.release is not None
    assert "<hr>" in release.release.body.html


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["front-matter-missing"]),
        ("x", ["front-matter-missing"]),
        ("----\na: b\n----\n", ["front-matter-missing"]),
        ("...\na: b\n---\n", ["front-matter-missing"]),
        ("---", ["front-matter-unclosed"]),
        ("---\n---", ["key-missing"] * 3),
        ("---\r\n# nothing\r\n---\r\n", ["key-missing"] * 3),
    ],
)
def test_file_without_keys_is_explained(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize("line_break", LINE_BREAKS)
@pytest.mark.parametrize(
    ("old", "new", "underlined"),
    [
        ("America/Bogota", "America/Bogata", "2014-11-18 10:00 America/Bogata"),
        ("[fisheries]", "[é🎉, fisheries]", "é🎉"),
        ("place:", "plåce:", "plåce"),
        ("file: quay.png", "file: e\u0301té.png", "e\u0301té.png"),
        ("](plan.pdf)", "](e\u0301té 🎉.pdf)".replace(" ", ""), "e\u0301té🎉.pdf"),
        ("](E-427/14)", "](www.é🎉.example)", "www.é🎉.example"),
        ("draft: no", "draft: e\u0301té", "e\u0301té"),
        ("E-502/14", "E-502/15", "E-502/15"),
    ],
)
def test_mistake_is_underlined_to_the_letter(
    line_break: str, old: str, new: str, underlined: str
) -> None:
    text = RELEASE.replace(old, new, 1).replace("\n", line_break)

    (found,) = read(text.encode(), DESK).diagnostics

    before, marked, _ = found.span.parts
    assert marked == underlined
    lines = re.split("\r\n|\n|\r", text)
    assert lines[found.span.line - 1].startswith(before + marked)


def test_several_mistakes_are_reported_at_once() -> None:
    text = RELEASE.replace('title: "', "title: Council: ").replace("place:", "plase:")
    text = text.replace("[fisheries]", "[weather]").replace("](plan.pdf)", "](www.example.org)")
    text = text.replace("date: 2014-11-18", "date: 18/11/2014").replace("E-502/14", "E502")

    assert codes(text) == [
        "yaml-colon",
        "date-malformed",
        "key-unknown",
        "reference-malformed",
        "unknown-topic",
        "link-incomplete",
    ]


def test_unknown_key_within_hides_no_mistake_beside_it() -> None:
    text = RELEASE.replace("file: quay.png", "file: quya.png").replace("caption:", "captoin:")

    assert sorted(codes(text)) == ["file-missing", "key-unknown"]


@pytest.mark.parametrize("key", ["reference", "title", "date"])
def test_required_key_in_an_unreadable_line_is_not_missing(key: str) -> None:
    assert codes(RELEASE.replace(f"{key}: ", f"{key} ", 1)) == ["yaml-syntax"]


@pytest.mark.parametrize("key", ["reference", "title", "date"])
def test_faulty_required_key_makes_no_second_complaint(key: str) -> None:
    text = re.sub(rf"^{key}: .*$", f"{key}:", RELEASE, flags=re.MULTILINE)

    assert codes(text) == ["empty-value"]


def test_faulty_draft_is_known_as_draft() -> None:
    manuscript = read(
        RELEASE.replace("draft: no", "draft: yes").replace("date: 2014", "date: x").encode(), DESK
    )

    assert manuscript.draft
    assert manuscript.release is None


DAMAGES: Mapping[str, Callable[[str], str]] = {
    "colon left out": lambda line: line.replace(":", "", 1),
    "space left out": lambda line: line.replace(": ", ":", 1),
    "space before": lambda line: f" {line}",
    "tab before": lambda line: f"\t{line}",
    "space taken off": lambda line: line.removeprefix(" "),
    "hyphen before": lambda line: f"- {line}",
    "number sign after": lambda line: f"{line} #1",
    "colon after": lambda line: f"{line}: x",
    "at": lambda line: line.replace(": ", ": @", 1),
    "star": lambda line: line.replace(": ", ": *", 1),
    "quotation": lambda line: line.replace(": ", ': "', 1),
    "bracket": lambda line: line.replace(": ", ": [", 1),
}
BLOCK_TEXT = range(7, 9)


@pytest.mark.parametrize("damage", DAMAGES)
def test_one_slip_makes_no_avalanche(damage: str) -> None:
    lines = RELEASE.split("\n")
    for number in range(2, lines.index("---", 1) + 1):
        slip = DAMAGES[damage](lines[number - 1])
        if slip == lines[number - 1] or number in BLOCK_TEXT:
            continue
        text = "\n".join([*lines[: number - 1], slip, *lines[number:]])

        found = read(text.encode(), DESK).diagnostics

        assert 1 <= len(found) <= 6, (slip, found)
        assert min(abs(each.span.line - number) for each in found) <= 1, (slip, found)


@pytest.mark.parametrize("embargo", ["", " tomorrow", " 2030-01-01 10:00 EST", " 2030-01-01"])
def test_unreadable_embargo_publishes_nothing(embargo: str) -> None:
    text = RELEASE.replace("embargo: 2014-11-18 10:00 America/Bogota", f"embargo:{embargo}")

    manuscript = read(text.encode(), DESK)

    assert manuscript.release is None
    assert any(found.is_error for found in manuscript.diagnostics)


@given(st.text(max_size=200))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_any_text_is_a_release_or_explained(text: str) -> None:
    manuscript = read(text.encode("utf-8", "replace"), DESK)

    assert manuscript.release is not None or manuscript.diagnostics


@given(
    data=st.data(),
    junk=st.text(alphabet="a:#'\"[]{}()-|>&*!%@`\\ \t\n\r\u2028é🎉<=.~^_0/", max_size=6),
)
@settings(deadline=None, derandomize=True, max_examples=300)
def test_damaged_release_is_read_or_explained(data: st.DataObject, junk: str) -> None:
    start = data.draw(st.integers(0, len(RELEASE)))
    end = data.draw(st.integers(start, min(len(RELEASE), start + 12)))
    text = RELEASE[:start] + junk + RELEASE[end:]

    manuscript = read(text.encode(), DESK)

    sound = manuscript.release is not None
    assert sound is not any(found.is_error for found in manuscript.diagnostics)
    for found in manuscript.diagnostics:
        assert found.span.text in re.split("\r\n|\n|\r", text)
        assert 1 <= found.span.column <= len(found.span.text) + 1


@pytest.mark.parametrize(
    ("text", "is_draft"),
    [
        ("---\nreference: E-1/14\ndraft: yes\n\nText", True),
        ("---\r\nreference: E-1/14\r\ndraft: yes\r\n\r\nText", True),
        ("---\nreference: E-1/14\n\ndraft: yes\n", False),
        ("reference: E-1/14\ndraft: yes\n---\n", False),
        ("---\ndraft: yes\n" + "a: b: c\n" * 60 + "---\nText", True),
        ("---\ndraft: no\n" + "a: b: c\n" * 60 + "---\nText\ndraft: yes\n", False),
        ("---\ndraft: yes\n" + "# remark\n" * 6000 + "---\nText", True),
    ],
)
def test_draft_stops_nobody_even_if_its_keys_cannot_be_read(text: str, is_draft: bool) -> None:
    manuscript = read(text.encode(), DESK)

    assert manuscript.release is None
    assert manuscript.draft is is_draft
