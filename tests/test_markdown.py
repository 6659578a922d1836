from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.diagnostics import Checked
from communique.markdown import parse_body
from communique.markdown_links import Setting
from communique.release import SITE_ROOT, Body
from communique.source import Source
from communique.typography import QuotationMarks, typographic
from tests.harbour import ENGLISH, FRENCH, Beside, newsroom

NEWSROOM = newsroom()


def parse(text: str, marks: QuotationMarks = ENGLISH) -> Checked[Body]:
    setting = Setting(NEWSROOM, Beside(), marks, "E-502/14/", frozenset({"plan.pdf"}))
    return parse_body(Source.of_text("releases/case.md", text), 0, setting)


def body(text: str, marks: QuotationMarks = ENGLISH) -> Body:
    checked = parse(text, marks)
    assert checked.value is not None
    assert checked.diagnostics == ()
    return checked.value


def test_table_has_scopes_and_classes_for_alignment() -> None:
    html = body("| Port | Ships |\n|:-----|------:|\n| Alder | 12 |\n").html

    assert '<th class="align-left" scope="col">Port</th>' in html
    assert '<td class="align-right">12</td>' in html
    assert html.startswith('<div class="table" tabindex="0">')


def test_accents_are_composed_as_browsers_search_them() -> None:
    written = body("E\u0301te\u0301")

    assert (written.html, written.text) == ("<p>Été</p>\n", "Été")


def test_strikethrough_and_footnotes_are_read() -> None:
    html = body("~~Old~~ new.[^1]\n\n[^1]: In 2013.\n").html

    assert "<s>Old</s>" in html
    assert 'href="#fn1"' in html
    assert 'href="#fnref1"' in html


def test_link_leads_to_a_heading_of_the_text_wherever_it_is_read() -> None:
    html = body("[Below](#l-été-2)\n\n# L'été\n\n# *L'été*\n\n# ---\n").html

    assert f'href="{SITE_ROOT}E-502/14/#section-l-%C3%A9t%C3%A9-2"' in html
    assert re.findall(r'<h2 id="([^"]+)"', html) == ["section-l-été", "section-l-été-2"]


@pytest.mark.parametrize(
    ("marks", "typed", "expected"),
    [
        (ENGLISH, "\"The 'new' quay\"", "“The ‘new’ quay”"),
        (ENGLISH, "the council's quay", "the council’s quay"),
        (ENGLISH, '*"Quay"* and "*quay*"', "<em>“Quay”</em> and “<em>quay</em>”"),
        (ENGLISH, "rock 'n' roll of the \"90s\"", "rock ‘n’ roll of the “90s”"),
        (FRENCH, "\"Le 'nouveau' quai\"", "«\u202fLe “nouveau” quai\u202f»"),
        (FRENCH, "l'eau d'\"été\"", "l’eau d’«\u202fété\u202f»"),
        (ENGLISH, '`"x"`', "<code>&quot;x&quot;</code>"),
        (ENGLISH, "(c) ... -- +-", "(c) ... -- +-"),
    ],
)
def test_quotation_marks_are_those_of_the_language(
    marks: QuotationMarks, typed: str, expected: str
) -> None:
    assert body(typed, marks).html == f"<p>{expected}</p>\n"


@pytest.mark.parametrize(
    ("marks", "typed", "expected"),
    [
        (ENGLISH, '"Growth" rises', "“Growth” rises"),
        (ENGLISH, "Council's *plan* & <b>", "Council’s *plan* & <b>"),
        (ENGLISH, 'a\\b "c" [d](e) `f`', "a\\b “c” [d](e) `f`"),
        (FRENCH, 'L\'"été"', "L’«\u202fété\u202f»"),
        (ENGLISH, '"(c)" ... -- +- #3', "“(c)” ... -- +- #3"),
        (ENGLISH, '"unclosed', '"unclosed'),
    ],
)
def test_title_gets_its_marks_and_nothing_else(
    marks: QuotationMarks, typed: str, expected: str
) -> None:
    assert typographic(typed, marks) == expected


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])))
@settings(deadline=None, derandomize=True)
def test_title_keeps_every_letter(title: str) -> None:
    marks = str.maketrans({mark: None for mark in "\"'“”‘’"})

    assert typographic(title, ENGLISH).translate(marks) == title.translate(marks)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "a <b onclick='x()'>b</b>",
        "<!-- <p> -->",
        "<style>p{}</style>",
        "&lt;script&gt;",
        "`<script>`",
        "    <script>",
        "| <i> |\n|---|\n| <u> |",
        '[a](https://example.org "<b>")',
        "![<b>](quay.png '<i>')",
        "x[^1]\n\n[^1]: <script>",
    ],
)
def test_raw_html_stays_text(hostile: str) -> None:
    written = parse(hostile).value

    assert written is not None
    ours = {"p", "pre", "code", "div", "table", "thead", "tbody", "tr", "th", "td", "a", "img"}
    ours |= {"figure", "figcaption", "sup", "hr", "ol", "li"}
    for html in (written.html, written.print_html):
        assert set(re.findall(r"<([a-z]+)", html)) <= ours
        assert not re.search(r"<[^>]* on[a-z]+=", html)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "javascript&colon;alert(1)",
        "java%0ascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.org/x",
        "http://[",
        "https://",
        "%00",
        "\\\\example.org",
        "E-502/14?x=1",
    ],
)
def test_unsafe_or_broken_address_is_never_without_a_diagnostic(address: str) -> None:
    for text in (f"[a]({address})", f"[a][b]\n\n[b]: {address}\n", f"![a]({address})"):
        assert any(found.is_error for found in parse(text).diagnostics), text


@pytest.mark.parametrize(
    ("typed", "levels"),
    [
        ("# A\n\n# B", ["h2", "h2"]),
        ("## A\n\n### B", ["h2", "h3"]),
        ("### A\n\n## B", ["h2", "h2"]),
        ("# A\n\n#### B\n\n## C", ["h2", "h3", "h3"]),
        ("A\n=\n\nB\n-\n", ["h2", "h3"]),
        (
            "\n\n".join("#" * level + " A" for level in range(1, 7)),
            ["h2", "h3", "h4", "h5", "h6", "h6"],
        ),
    ],
)
def test_headings_follow_the_title_without_a_gap(typed: str, levels: list[str]) -> None:
    assert re.findall(r"<(h\d)\b", body(typed).html) == levels


def test_lone_image_is_a_figure_with_its_caption() -> None:
    html = body('![The "quay"](quay.png "The \'new\' quay")').html

    assert html == (
        f'<figure><img src="{SITE_ROOT}E-502/14/quay.png" alt="The “quay”" width="1000" '
        'height="300" loading="lazy"><figcaption>The ‘new’ quay</figcaption></figure>\n'
    )
    assert body('![The "quay"](quay.png "The \'new\' quay")').text == "The “quay” — The ‘new’ quay"


def test_image_within_a_sentence_is_no_figure() -> None:
    assert "<figure" not in body("See ![the quay](quay.png) here.").html


def test_wide_image_is_shown_smaller_and_printed_whole() -> None:
    wide = body("![The quay](wide.png)")

    assert f'src="{SITE_ROOT}E-502/14/wide-1280.png"' in wide.html
    assert f'src="{SITE_ROOT}E-502/14/wide.png"' in wide.print_html
    assert [image.asset.name for image in wide.images] == ["wide.png"]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("[a **b** c](https://example.org)", "a b c"),
        ("[a `b` c](https://example.org)", "a b c"),
        ("[a ~~b~~\\\nc](https://example.org)", "a b c"),
        ("[![The quay](quay.png)](https://example.org)", "The quay"),
        ("[a *b **c***](https://example.org)", "a b c"),
    ],
)
def test_print_has_nothing_but_text_inside_a_link(typed: str, printed: str) -> None:
    html = body(typed).print_html

    assert re.findall(r"<a [^>]*>(.*?)</a>", html, re.DOTALL) == [printed]


def test_print_has_no_arrow_back_from_a_footnote() -> None:
    printed = body("A.[^1] B.[^1]\n\n[^1]: In **2013**.\n").print_html

    assert "fnref" not in re.sub(r'id="fnref[^"]*"', "", printed)
    assert "↩" not in printed
    assert "In <strong>2013</strong>." in printed


def test_plain_text_is_what_was_written_and_not_what_is_printed() -> None:
    text = (
        "# The quay\n\nIt *opens* [on **Monday**\\\nmorning](https://example.org).\n\n"
        "- Item\n\n> Said `so`\n\n```\ncode\n```\n\n| A | B |\n|---|---|\n| 1 | 2 |\n"
    )

    assert body(text).text.split("\n\n") == [
        "The quay",
        "It opens on Monday morning.",
        "Item",
        "Said so",
        "code",
        *("A", "B", "1", "2"),
    ]


@pytest.mark.parametrize(
    ("typed", "lead"),
    [
        ("# Heading\n\nFirst *text*.\n\nSecond.", "First text."),
        ("- item\n\nFirst.", "First."),
        ("> quoted\n\nFirst.", "First."),
        ("![The quay](quay.png)\n\nFirst.", "First."),
        ("Over\ntwo lines.", "Over two lines."),
        ("# Only a heading", ""),
        ("", ""),
    ],
)
def test_lead_is_the_first_paragraph(typed: str, lead: str) -> None:
    assert body(typed).lead == lead


def test_nul_never_becomes_the_newsrooms_address() -> None:
    html = body("a\x00b &#0; `\x00` [x\x00](https://example.org)").html

    assert SITE_ROOT not in html
    assert html.count("\ufffd") == 4


def test_link_to_a_release_is_put_right_and_noted() -> None:
    written = body("[the convening](e-27/14)")

    assert f'href="{SITE_ROOT}E-027/14/"' in written.html
    assert [mention.reference for mention in written.mentions] == ["E-027/14"]


@given(st.text(alphabet="ab \n*_`[]()<>!#|-~^\"'&;:/\\.{}=1\t\x00é🎉", max_size=120))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_any_text_makes_harmless_html(text: str) -> None:
    written = parse(text).value

    assert written is not None
    for html in (written.html, written.print_html):
        assert not re.search(r"<(?:script|style|iframe|svg|b|u)\b", html)
        assert not re.search(r"<[^>]* (?:style|on[a-z]+)=", html)
    assert not re.search(r"<a [^>]*>[^<]*<(?!/a>)", written.print_html)


@pytest.mark.parametrize("depth", [5, 9])
def test_reasonable_depth_is_kept(depth: int) -> None:
    nested = "\n".join("  " * level + "- item" for level in range(depth))

    assert body(nested).html.count("item") == depth


@pytest.mark.parametrize("text", ["> " * 300 + "a", "- " * 300 + "a"])
def test_absurd_depth_is_reported(text: str) -> None:
    assert [found.code for found in parse(text).diagnostics] == ["text-too-deep"]


@pytest.mark.parametrize("text", ["[" * 3000, "*a " * 3000, "![" * 1500])
def test_signs_without_end_stay_text(text: str) -> None:
    assert body(text).text == text.strip()
