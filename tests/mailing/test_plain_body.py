"""Plain text of a body, for mail: its form is still to be seen."""

from __future__ import annotations

import pytest

from communique.mailing.plain_body import plain_of
from communique.release import SITE_ROOT
from tests.harbour import desk, read


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("One\nparagraph.\n\nAnother  \nline.", "One paragraph.\n\nAnother\nline."),
        ("## Heading\n\nText", "Heading\n\nText"),
        ("- one\n- two *words*\n\nText", "- one\n- two words\n\nText"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("- one\n  - under it\n- two", "- one\n  - under it\n- two"),
        ("- one\n\n  more\n- two", "- one\n  more\n- two"),
        ("| A | B |\n|---|--:|\n| Colombia | 12 |\n\nText", "A | B\nColombia | 12\n\nText"),
        ("[words](https://a.example/?x=1&y=2)", "words <https://a.example/?x=1&y=2>"),
        ("<https://a.example/>", "https://a.example/"),
        ("<ana@paper.example>", "ana@paper.example"),
        ("> Said\n> so", "Said so"),
        ("    code  here\n      more", "code  here\n  more"),
        ("A\n\n---\n\nB", "A\n\n* * *\n\nB"),
        ("A note.[^1]\n\n[^1]: Here it *is*.", "A note.[1]\n\n[1] Here it is."),
        ("`<b>` & more", "<b> & more"),
    ],
)
def test_form_of_a_text_is_seen_without_any_style(markdown: str, text: str) -> None:
    front = "reference: E-001/26\ntitle: T\ndate: 2026-03-01"
    release = read(f"---\n{front}\n---\n\n{markdown}\n".encode(), desk()).release
    assert release is not None

    html = release.body.print_html.replace(SITE_ROOT, "https://press.example.org/")

    assert plain_of(html) == text
