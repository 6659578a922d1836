"""Word, HTML and text become Markdown that says what they said; what is hostile stays outside."""

from __future__ import annotations

import io
import os
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.bringing.blocks import BringingError, Document
from communique.bringing.encodings import decode
from communique.bringing.markdown_text import escaped, with_lines_escaped
from communique.bringing.pandoc import find_pandoc
from communique.bringing.plain_text import read_plain_text
from communique.bringing.recognizing import recognize
from communique.bringing.release_file import Heading, write_release
from communique.bringing.rich_text import read_html, read_word
from communique.limits import LIMITS
from communique.reference import ReferencePattern
from communique.release import Manuscript
from tests import harbour
from tests.word import FOOTNOTE, ferries, paragraph, word_file, words

REFERENCE = ReferencePattern.of_template("{series}-{number:3}/{year:2}").compose("E", 12, 2026)
FUZZ = int(os.environ.get("FUZZ", "0"))
fuzzed = settings(derandomize=not FUZZ, max_examples=FUZZ or 100, deadline=None)


def word(data: bytes) -> Document:
    return read_word(data, LIMITS, find_pandoc())


def html(text: str, beside: Path) -> Document:
    return read_html(text.encode(), beside, LIMITS, find_pandoc())


def written(document: Document) -> str:
    """Return the release file of a document, its pictures named by their numbers."""
    found = recognize(document, harbour.newsroom())
    names = {each.name: f"{at}.{each.suffix}" for at, each in enumerate(document.pictures, 1)}
    return write_release(document, found, Heading(REFERENCE, None, True), names)


def body(document: Document) -> str:
    return written(document).partition("\n---\n\n")[2].rstrip("\n")


def checked(text: str) -> Manuscript:
    return harbour.read(text.encode(), harbour.desk())


def test_word_file_keeps_all_that_a_release_has() -> None:
    assert written(word(ferries())) == (
        "---\nreference: E-012/26\n"
        'title: "Ferries: later boats in summer"\ndate: 2026-03-02\nplace: "HARBOUR TOWN"\n'
        "draft: yes\n---\n\n"
        "From June 1 the last ferry leaves at **23:00**, the "
        "[Harbour Council](https://www.example.org/ferries) decided.[^1]\n\n"
        "## What changes\n\n"
        "- **Weekdays**: a boat every ten minutes\n  - from the old quay\n"
        "- **Sundays**: a boat every half hour\n\n"
        "| Line | Last boat |\n| --- | --- |\n| Islands | 23:00 |\n| Lighthouse | 22:15 |\n\n"
        "![A ferry at the quay](<1.png>)\n\n"
        "[^1]: By the calendar of 2026.\n"
    )


def test_web_page_gives_its_main_part(tmp_path: Path) -> None:
    page = (
        "<html><head><title>Site</title><script>alert(1)</script></head><body><nav>Menu</nav>"
        "<main><h1>A quay</h1><p>March 2, 2026</p><p>One<br>two <b>three </b>"
        '<a href="javascript:x()">four</a> <a href="https://www.example.org/a(b)">five</a></p>'
        "<iframe src=x></iframe><script>alert(2)</script></main></body></html>"
    )

    document = html(page, tmp_path)
    assert body(document) == ("One\\\ntwo **three** four [five](https://www.example.org/a%28b%29)")
    assert document.notes == (
        "a link leads nowhere from here, and is words only now: javascript:x()",
    )


def test_page_that_is_laid_out_by_a_table_gives_its_paragraphs(tmp_path: Path) -> None:
    page = "<table><tr><td><p>A quay</p><p>March 2, 2026</p><p>It is new.</p></td></tr></table>"

    assert body(html(page, tmp_path)) == "It is new."


def test_picture_of_a_web_page_is_taken_from_its_folder_alone(tmp_path: Path) -> None:
    inside = tmp_path / "page"
    inside.mkdir()
    with zipfile.ZipFile(io.BytesIO(ferries())) as archive:
        picture = archive.read("word/media/quay.png")
    (tmp_path / "secret.png").write_bytes(picture)
    (inside / "quay.png").write_bytes(picture)
    (inside / "link.png").symlink_to(tmp_path / "secret.png")
    names = ("quay.png", "../secret.png", "link.png", "http://127.0.0.1:9/x.png")
    page = "".join(f'<p>x <img src="{name}" alt="A quay"></p>' for name in names)

    document = html(page, inside)
    assert [each.data for each in document.pictures] == [picture]
    assert len(document.notes) == 3


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "damaged"),
        (b"PK\x03\x04 no archive", "damaged"),
        (word_file(parts={"word/document.xml": "<w:document"}), "pandoc cannot read it"),
        (
            word_file(parts={"word/styles.xml": '<!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>'}),
            "declares entities",
        ),
    ],
    ids=("empty", "no archive", "no XML", "entities"),
)
def test_hostile_word_file_is_refused_in_words(data: bytes, reason: str) -> None:
    with pytest.raises(BringingError, match=reason):
        word(data)


def test_bomb_is_unpacked_no_further_than_the_limit() -> None:
    data = word_file(parts={"word/styles.xml": b" " * 120_000_000})

    tracemalloc.start()
    try:
        with pytest.raises(BringingError, match="more than 30,000,000 bytes"):
            word(data)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()


def test_size_that_an_archive_claims_is_not_believed() -> None:
    real = 31_000_000
    data = word_file(parts={"word/styles.xml": b" " * real})
    assert data.count(real.to_bytes(4, "little")) == 2

    with pytest.raises(BringingError, match="damaged"):
        word(data.replace(real.to_bytes(4, "little"), (9).to_bytes(4, "little")))


def test_deep_lists_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(BringingError, match="too deep"):
        html("<div>" * 3000, tmp_path)
    assert body(html("<h1>A quay</h1><p>It is new.</p>" + "<ul><li>x" * 18, tmp_path)) != ""


def test_changes_and_comments_are_noted() -> None:
    changed = word_file(
        f'<w:p><w:ins w:id="1" w:author="x">{words("New.")}</w:ins></w:p>',
        parts={"word/comments.xml": '<x xmlns:w="w"><w:comment w:id="1"/></x>'},
    )

    assert [each.partition(":")[0] for each in word(changed).notes] == [
        "the document has tracked changes",
        "the document has comments",
    ]


def test_words_that_are_left_out_of_a_word_file_are_quoted() -> None:
    box = f"<w:txbxContent>{paragraph(words('Quay'), words(' & ferry'))}</w:txbxContent>"
    margin = f'<w:hdr xmlns:w="w">{paragraph(words("Embargo: "), words("10:00"))}</w:hdr>'
    boxes = word_file(
        paragraph(words("The quay opens.")),
        f"<w:p><w:r><w:pict>{box}</w:pict></w:r><w:r><w:pict>{box}</w:pict></w:r></w:p>",
        parts={
            "word/header1.xml": margin,
            "word/footer1.xml": margin.replace("Embargo", "Harbour Council"),
        },
    )

    assert word(boxes).notes == (
        "a text box was left out: “Quay & ferry”",
        "what stands in the margin of each page was left out: “Embargo: 10:00”",
    )


@pytest.mark.parametrize(
    ("data", "text", "is_certain"),
    [
        ("Número 1 — “así”".encode(), "Número 1 — “así”", True),
        ("Número 1".encode("utf-8-sig"), "Número 1", True),
        ("Número 1 — “así”".encode("utf-16"), "Número 1 — “así”", True),
        ("Numero 1 y mas".encode("utf-16-le"), "Numero 1 y mas", False),
        ("Numero 1 y mas".encode("utf-16-be"), "Numero 1 y mas", False),
        ("Número 1 – “así”".encode("cp1252"), "Número 1 – “así”", False),
    ],
)
def test_encoding_is_told_or_guessed(data: bytes, text: str, is_certain: bool) -> None:
    decoded, notes = decode(data)

    assert (decoded, not notes) == (text, is_certain)


@pytest.mark.parametrize(
    "data", [b"MZ\x00\x90\x00\x03", b"\xff\xfe\x00\xd8", b"a\x00" * 3 + b"\x00"]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(BringingError):
        decode(data)


def test_lists_of_a_text_are_lists() -> None:
    text = "A quay\n\nMarch 2, 2026\n\nThere are:\n• boats\n• gulls\n\n1. first\n2. second"

    assert body(read_plain_text(text.encode())) == (
        "There are:\n\n- boats\n- gulls\n\n1. first\n2. second"
    )


def test_broken_lines_belong_together() -> None:
    line = "This line was broken by a program after some sixty signs,"

    text = f"A quay\n\nMarch 2, 2026\n\n{line}\n{line}\nthe end."
    assert body(read_plain_text(text.encode())) == f"{line} {line} the end."


@fuzzed
@given(
    st.text(
        st.characters(
            codec="utf-8", exclude_categories=("Cc", "Cf", "Zl", "Zp"), exclude_characters="\"'"
        ),
        min_size=1,
    )
)
def test_words_are_shown_as_they_are(text: str) -> None:
    text = " ".join(text.split())
    shown = with_lines_escaped(escaped(text))

    release = checked(f"---\nreference: E-012/26\ntitle: T\ndate: 2026-03-02\n---\n\n{shown}\n")
    assert release.release is not None, release.diagnostics
    assert release.release.body.text == text


@fuzzed
@given(st.one_of(st.text().map(str.encode), st.binary()))
def test_any_text_becomes_a_file_that_can_be_checked(data: bytes) -> None:
    try:
        document = read_plain_text(data)
    except BringingError:
        return
    text = written(document)

    found = checked(text)
    assert {each.code for each in found.diagnostics} <= {
        "import-note",
        "empty-value",
        "text-too-deep",
        "text-too-long",
    }, text


def test_footnote_in_a_list_is_kept() -> None:
    document = word(
        word_file(
            paragraph(words("A quay"), style="Title"), paragraph(words("New"), FOOTNOTE, level=0)
        )
    )

    assert body(document) == "- New[^1]\n\n[^1]: By the calendar of 2026."
