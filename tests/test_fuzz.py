"""No input gives anything but a diagnostic or a page.

What is drawn follows the grammar of what is read, and breaks it here and there; or it is a real
file of which some bytes are changed. `make fuzz FUZZ=10000` tries so many of each, at random.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from io import BytesIO

import click
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from communique.diagnostics import Span
from communique.newsroom_file import read_newsroom
from communique.picture_metadata import without_place
from communique.pictures import TooManyPixelsError, for_print, for_web, measure
from communique.reference import ReferencePattern
from communique.reporting import describe
from communique.source import CONTROL, read_source
from tests.harbour import NEWSROOM
from tests.outcomes import outcome_of
from tests.test_manuscript import RELEASE

FUZZ = int(os.environ.get("FUZZ", "0"))
fuzzed = settings(
    deadline=None,
    derandomize=not FUZZ,
    max_examples=FUZZ or 40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

NASTY = (
    *("\u202e", "\u200b", "\u200d", "\ufeff", "\u2028", "\u2029", "\x85", "\x00", "\x1b", "\x7f"),
    *("\ufffe", "\U0010ffff", "\U000e0041", "e\u0301", "\u0415", "\uff25", "İ", "ß", "🎉", "اب"),
    *("{{ 7 * 7 }}", "{% raw %}", "{#", "]]>", "<script>", "</title>", "&lt;", "&#0;", "'\"><b>"),
)
plain = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
words = st.one_of(
    plain,
    st.sampled_from(NASTY),
    st.sampled_from(["a", "Quay", '"quoted"', "it's", "E-502/14", "2014-11-18", "10:00", ""]),
)
texts = st.lists(words, max_size=4).map(" ".join)
SCHEMES = ("javascript:", "JaVa\tScript:", "data:text/html,", "vbscript:", "https://", "//", "\\\\")
FILES = ("quay.png", "wide.png", "plan.pdf", "../x.png", "/etc/passwd", "a\x00b.png", "quay.svg")
addresses = st.one_of(
    st.builds(str.__add__, st.sampled_from(SCHEMES), plain),
    st.sampled_from([*FILES, "E-1/14", "\u0415-1/14", "#a", "?x", "mailto:a@b.org", "%00", "<>"]),
    plain,
)

# Values as YAML writes them, sound and not.
SCALARS = (
    *("yes", "null", "~", "1e9", "0o17", "9" * 40, "2014-02-30", "2014-11-18 10:00 Nowhere/Land"),
    *("2014-11-02 01:30", "9999-12-31", "0001-01-01", "2014-11-18T10:00:00+99:99", "&a b", "*a"),
    *(
        "!!python/object:os.system x",
        "| ",
        ">-",
        "[",
        "{a: ",
        "'",
        '"',
        "# x",
        "a: b",
        "- a",
        "? a",
    ),
)
scalars = st.one_of(st.sampled_from(SCALARS), texts, addresses)
quoted = texts.map(lambda text: '"' + text.replace("\\", "").replace('"', "'") + '"')
flows = st.recursive(
    st.one_of(scalars, quoted),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(st.tuples(st.sampled_from(["file", "alt", "when", "a"]), inner), max_size=3).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        ),
    ),
    max_leaves=6,
)
KEYS = (
    *("reference", "title", "date", "language", "subtitle", "summary", "place", "embargo"),
    *("topics", "countries", "contacts", "images", "attachments", "links", "event", "related"),
    *("corrections", "withdrawn", "draft", "titel"),
)
lines = st.one_of(
    st.builds("{}: {}".format, st.sampled_from(KEYS), flows),
    st.builds("{}:\n  - {}\n  - {}".format, st.sampled_from(KEYS), flows, flows),
    st.builds("{}:\n  {}: {}".format, st.sampled_from(KEYS), st.sampled_from(KEYS), flows),
    st.builds("{}: |\n  {}".format, st.sampled_from(KEYS), texts),
    st.sampled_from(["\ta: b", "...", "- a", "%YAML 1.1", "  x", "a"]),
)
TEXTS = (
    *("title: {}", "subtitle: {}", "summary: {}", "place: {}"),
    *("images: {{file: quay.png, alt: A, caption: {0}, credit: {0}, rights: {0}}}",),
    *("attachments: {{file: plan.pdf, title: {}}}", "withdrawn: {{when: 2014-12-01, reason: {}}}"),
    *("corrections: {{when: 2014-12-01, note: {}}}", "event: {{when: 2014-12-01, where: {}}}"),
    *("links: {{kind: video, url: 'https://example.org/a', title: {}}}",),
)
"""Keys with a text that readers see."""
readable = quoted.map(lambda text: CONTROL.sub("", text)).filter(lambda text: text[1:-1].strip())
text_lines = st.builds(str.format, st.sampled_from(TEXTS), readable)
SOUND = {"reference": "E-502/14", "title": "The quay opens", "date": "2014-11-18"}


STEERING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]")
"""What a terminal would obey."""


def front_matter(lines: Sequence[str]) -> str:
    written = {line.partition(":")[0] for line in lines}
    needed = [f"{key}: {value}" for key, value in SOUND.items() if key not in written]
    return "---\n" + "\n".join([*needed, *lines]) + "\n---\n\nThe quay opens.\n"


# Markdown, block by block.
inlines = st.recursive(
    st.one_of(texts, addresses),
    lambda inner: st.one_of(
        st.builds("{0}{1}{0}".format, st.sampled_from(["*", "**", "~~", "`", "_", "***"]), inner),
        st.builds("[{}]({})".format, inner, addresses),
        st.builds("![{}]({} '{}')".format, inner, addresses, texts),
        st.builds("[{}][{}]".format, inner, st.sampled_from("ab")),
        st.builds("<{}>".format, addresses),
        st.builds("{}[^{}]".format, inner, st.sampled_from("12")),
        st.builds("^[{}]".format, inner),
        st.lists(inner, min_size=2, max_size=3).map("".join),
    ),
    max_leaves=8,
)
blocks = st.recursive(
    st.one_of(
        inlines,
        st.builds("{} {}".format, st.sampled_from(["#", "##", "####", "#######"]), inlines),
        st.builds("| {} | {} |\n|:--|--:|\n| {} | {} |".format, inlines, inlines, inlines, inlines),
        st.builds("```{}\n{}\n```".format, plain, texts),
        st.builds("[{}]: {} '{}'".format, st.sampled_from("ab"), addresses, plain),
        st.builds("[^{}]: {}".format, st.sampled_from("12"), inlines),
        st.builds("<div {}>{}</div>".format, plain, texts),
        st.sampled_from(["---", "***", "===", "    code", "<!-- a", "&nbsp;", "\\"]),
    ),
    lambda inner: st.one_of(
        st.builds(lambda text: "\n".join(f"> {line}" for line in text.split("\n")), inner),
        st.builds(lambda text: "- " + text.replace("\n", "\n  "), inner),
        st.builds(lambda text: "1. " + text.replace("\n", "\n   "), inner),
        st.builds("{0}{1}".format, st.sampled_from(["> " * 30, "- " * 30, "*a" * 30]), inner),
    ),
    max_leaves=5,
)
bodies = st.lists(blocks, max_size=5).map("\n\n".join)


def release_with(body: str) -> bytes:
    head = "\n".join(f"{key}: {value}" for key, value in SOUND.items())
    return f"---\n{head}\ntopics: fisheries\n---\n\n{body}\n".encode("utf-8", "surrogatepass")


Change = tuple[float, bytes, int]
"""Where bytes are put, as a part of the whole; which; and how many of the old ones they replace."""
changes = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.one_of(st.binary(max_size=4), st.sampled_from([each.encode() for each in NASTY])),
        st.sampled_from([0, 1, 1, 4, 40]),
    ),
    min_size=1,
    max_size=4,
)


def changed(data: bytes, changes: Sequence[Change]) -> bytes:
    for place, new, replaced in changes:
        at = int(place * len(data))
        data = data[:at] + new + data[at + replaced :]
    return data


@given(
    st.one_of(
        st.lists(lines, max_size=5),
        st.lists(text_lines, max_size=5, unique_by=lambda line: line.partition(":")[0]),
    )
)
@example(["topics: [" * 300])
@example(["title: " + "[" * 3000])
@fuzzed
def test_any_keys_make_a_page_or_diagnostics(lines: list[str]) -> None:
    outcome_of(front_matter(lines).encode())


@given(bodies)
@fuzzed
def test_any_text_makes_a_page_or_diagnostics(body: str) -> None:
    outcome_of(release_with(body))


@given(changes)
@fuzzed
def test_any_change_to_a_release_makes_a_page_or_diagnostics(changes: Sequence[Change]) -> None:
    manuscript = outcome_of(changed(RELEASE.encode(), changes))

    for style in ("human", "short", "json"):
        for text in describe(manuscript.diagnostics, style):
            assert not STEERING.search(click.unstyle(text))


@given(changes)
@fuzzed
def test_any_change_to_the_newsroom_makes_one_or_diagnostics(changes: Sequence[Change]) -> None:
    source = read_source("newsroom.yaml", changed(NEWSROOM.encode(), changes))
    if source.value is None:
        assert source.diagnostics
        return
    checked = read_newsroom(source.value)

    assert (checked.value is None) == any(each.is_error for each in checked.diagnostics)


PATTERNS = ("{series}-{number:3}/{year:2}", "{series}/{number}", "{year}_{series}.{number}")


@given(
    st.one_of(texts, plain, st.text("Ee\u0415-\u2011/0159\uff19\u200b ", max_size=12)),
    st.sampled_from(
        ["{series}-{number:3}/{year:2}", "{series}/{number}", "{year}_{series}.{number}"]
    ),
    st.one_of(st.none(), st.integers(1, 9999)),
)
@fuzzed
def test_any_reference_is_read_or_reported(text: str, template: str, year: int | None) -> None:
    pattern = ReferencePattern.of_template(template)
    place = Span("releases/case.md", 2, 12, 2, 12 + len(text), f"reference: {text}")

    checked = pattern.parse(text, year, place)

    assert (checked.value is not None) or checked.diagnostics
    if checked.value is not None and not checked.diagnostics:
        assert checked.value.text.isascii()
        assert pattern.recognize(checked.value.text) is not None


def photograph(form: str) -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, "Ada Pilot"
    exif.get_ifd(0x8825)[1] = "N"
    buffer = BytesIO()
    options = {} if form == "GIF" else {"exif": exif}
    Image.effect_noise((60, 40), 60).convert("RGB").save(buffer, form, **options)
    return buffer.getvalue()


PHOTOGRAPHS = {form: photograph(form) for form in ("JPEG", "PNG", "WEBP", "GIF")}


@pytest.mark.parametrize("form", PHOTOGRAPHS)
@given(changes)
@fuzzed
def test_any_change_to_a_picture_leaves_one_that_can_be_published_or_none(
    form: str, changes: Sequence[Change]
) -> None:
    data = changed(PHOTOGRAPHS[form], changes)
    try:
        width, height, found = measure(data)
    except (ValueError, TooManyPixelsError):
        return
    published = without_place(data, found)

    assert measure(published) == (width, height, found)
    assert for_web(data)
    assert for_print(data)
