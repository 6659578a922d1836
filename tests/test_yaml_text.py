from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.diagnostics import Diagnostic
from communique.proof import quoted
from communique.source import Source
from communique.yaml_text import read_yaml

LINE_BREAKS = ["\n", "\r\n", "\r"]


def underlined(found: Diagnostic) -> str:
    """Return the characters that a diagnostic underlines in its first line."""
    return found.span.parts[1]


def places_of(text: str) -> dict[str, str]:
    """Return the text that stands where each value of a mapping is said to stand."""
    source = Source.of_text("a.yaml", text)
    document = read_yaml(source, 0, len(text)).value
    assert document is not None
    return {
        ".".join(str(part) for part in path): source.text[place.start : place.end]
        for path, place in document.places.items()
    }


@pytest.mark.parametrize("line_break", LINE_BREAKS)
def test_each_value_stands_where_it_is_said_to_stand(line_break: str) -> None:
    lines = [
        "title: Élection à São Paulo 🎉🎉",
        'place: "e\u0301te\u0301"   # combining marks',
        "topics: [pêche, 🎉, port]",
        "event:",
        "  what:\tDînner",
        "  where: 'Pier \u2028 1'",
        "images:",
        "  - file: œuvre.png",
        "    alt: A\u0085quay",
        "draft: yes",
    ]

    assert places_of(line_break.join(lines)) == {
        "title": "Élection à São Paulo 🎉🎉",
        "place": '"e\u0301te\u0301"',
        "topics": "[pêche, 🎉, port]",
        "topics.0": "pêche",
        "topics.1": "🎉",
        "topics.2": "port",
        "event": f"what:\tDînner{line_break}  where: 'Pier \u2028 1'",
        "event.what": "Dînner",
        "event.where": "'Pier \u2028 1'",
        "images": f"- file: œuvre.png{line_break}    alt: A\u0085quay",
        "images.0": f"file: œuvre.png{line_break}    alt: A\u0085quay",
        "images.0.file": "œuvre.png",
        "images.0.alt": "A\u0085quay",
        "draft": "yes",
    }


@pytest.mark.parametrize("line_break", LINE_BREAKS)
@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ("title: São: é 🎉", "São: é 🎉"),
        ("title: 🎉 item #3", "#3"),
        ('title: "É" 🎉', '"É" 🎉'),
        ("title: *É*", "*É*"),
        ("título:É", "título:"),
        ("  - É: x", "É"),
        ("\ttitle: É", "\t"),
    ],
)
def test_mistake_is_underlined_to_the_letter_after_other_mistakes(
    line_break: str, wrong: str, place: str
) -> None:
    text = line_break.join(["é: 🎉: é", "a:É", wrong, "b: [é]"])
    found = read_yaml(Source.of_text("a.yaml", text), 0, len(text)).diagnostics

    assert place in [underlined(each) for each in found if each.span.line == 3]


def test_mended_values_are_read_and_keep_their_places() -> None:
    text = "title: Council: new\ndate:2014\nplace: @port\n"
    document = read_yaml(Source.of_text("a.yaml", text), 0, len(text)).value

    assert document is not None
    assert document.value == {"title": "Council: new", "date": "2014", "place": "@port"}
    assert places_of(text) == {"title": "Council: new", "date": "2014", "place": "@port"}


def test_first_of_two_equal_keys_is_the_one_that_counts() -> None:
    text = "title: A\ntitle: B\n"
    document = read_yaml(Source.of_text("a.yaml", text), 0, len(text)).value

    assert document is not None
    assert document.value == {"title": "A"}


def test_scalars_stay_the_text_they_were() -> None:
    text = "a: no\nb: 0502\nc: 10:30\nd: ~\ne: 2014-02-30\nf: 1e3\ng: null\n"
    document = read_yaml(Source.of_text("a.yaml", text), 0, len(text)).value

    assert document is not None
    assert "".join(f"{key}: {value}\n" for key, value in document.value.items()) == text


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
        "[" * 5000,
        "- " * 5000,
        "a: {" * 3000,
        "? " * 2000,
        '"' * 999,
        "*a\n" * 200,
        "a: *b\n" * 200,
        "\ta\n" * 50,
        ": \n" * 200,
        "a: |\n" * 200,
        "%" * 300,
        "---\n" * 100,
    ],
    ids=lambda text: text[:8],
)
def test_nasty_text_ends_in_a_diagnostic(text: str) -> None:
    checked = read_yaml(Source.of_text("a.yaml", text), 0, len(text))

    assert checked.diagnostics


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
@settings(deadline=None, derandomize=True)
def test_quoted_text_is_read_back(text: str) -> None:
    line = f"title: {quoted(text)}"
    document = read_yaml(Source.of_text("a.yaml", line), 0, len(line)).value

    assert document is not None
    plain = "".join(" " if sign in "\u2028\u2029\ufeff" else sign for sign in text)
    assert str(document.value["title"]).split() == plain.split()


AWKWARD = st.text(
    alphabet=st.sampled_from("a:#'\"[]{}-|>&*!%@`?,\\ \t\n\r\u2028é🎉.~<="), max_size=80
)


@given(AWKWARD)
@settings(deadline=None, derandomize=True, max_examples=300)
def test_any_text_is_read_or_explained(text: str) -> None:
    source = Source.of_text("a.yaml", text)
    checked = read_yaml(source, 0, len(text))

    assert checked.value is not None or checked.diagnostics
    for found in checked.diagnostics:
        assert 1 <= found.span.column <= len(found.span.text) + 1


@given(st.text(alphabet=st.sampled_from("ab:#'\"[]{}-|>&*!%@`?,\\ é🎉."), max_size=40))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_a_title_is_read_as_typed_or_reported(typed: str) -> None:
    """Nothing of a title is lost or changed without a word, remarks aside."""
    text = f"title: {typed}\ndate: 2014-11-18\n"
    checked = read_yaml(Source.of_text("a.yaml", text), 0, len(text))

    if checked.diagnostics or checked.value is None:
        return
    assert checked.value.value["date"] == "2014-11-18"
    read = checked.value.value["title"]
    if isinstance(read, str) and not typed.lstrip().startswith(('"', "'", "|", ">")):
        kept = typed.partition(" #")[0] if not typed.lstrip().startswith("#") else ""
        assert read.split() == kept.split()
