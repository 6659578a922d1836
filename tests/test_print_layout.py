"""The print layout: what a release looks like on paper, checked on its text and its pages."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image as Pillow
from pypdf import PdfReader

from communique.edition import Contact, PublicRelease
from communique.layouts import Layouts
from communique.pdf_standard import DocumentInfo
from communique.pdf_writer import PdfWriter
from communique.phrases import Phrases, heading_of, read_phrases
from communique.release import (
    SITE_ROOT,
    Asset,
    Attachment,
    Body,
    Correction,
    Event,
    Image,
    MediaLink,
    Withdrawal,
)
from communique.site import Site
from communique.source import LayoutFile, Source
from tests import verapdf

FOLDER = Path(__file__).parent.parent / "layouts"
FILES = [path for path in sorted(FOLDER.rglob("*")) if path.is_file()]
KINDS = ("release", "advisory", "statement", "speech")
DAY = dt.date(2014, 11, 18)
MIDNIGHT = dt.datetime(2014, 11, 18, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
SENTENCE = "The council met for an hour and adopted what it had been asked to adopt. "
PARAGRAPH = f"<p>{SENTENCE * 3}</p>\n"
RELEASE = PublicRelease(
    reference="E-502/14",
    slug="E-502-14",
    address="E-502/14/",
    language="en",
    kind="release",
    series="E",
    number=502,
    year=2014,
    title="Council Adopts “Plan”",
    subtitle="It comes into force at once",
    summary=None,
    place="Bogotá",
    date=DAY,
    published=MIDNIGHT,
    updated=MIDNIGHT,
    body=Body(html="", print_html=f"<p>First words. {SENTENCE}</p>\n{PARAGRAPH}"),
    topics=(),
    countries=(),
    contacts=(
        Contact("Press Office", "Spokesperson", "+1-202-555-0140", "press@example.org", "9–17"),
        Contact("Night Desk", None, None, "night@example.org", None),
    ),
    images=(),
    attachments=(Attachment(Asset("x/plan.pdf", "the plan.pdf", "d", 1), "The plan"),),
    links=(MediaLink("video", "https://media.example.org/v?a=1&b=2", "The vote"),),
    event=None,
    corrections=(),
    withdrawal=None,
    guid="tag:example.org,2014:E-502/14",
)
PHOTO = Image(
    Asset("x/council.jpg", "council hall.jpg", "d", 1),
    alt="Delegates at a table",
    width=300,
    height=200,
    caption="The council at work",
    credit="A. Photographer",
)
CORRECTED = replace(RELEASE, corrections=(Correction(dt.date(2014, 11, 20), "It met an hour."),))
WITHDRAWN = replace(
    RELEASE, title="", body=Body(), withdrawal=Withdrawal(DAY, "It was issued in error.")
)
ADVISORY = replace(
    RELEASE,
    kind="advisory",
    event=Event("Meeting", dt.datetime(2014, 12, 1, 15, tzinfo=dt.UTC), None, "Main Hall"),
)
LONG = replace(RELEASE, body=Body(print_html=PARAGRAPH * 30))
ILLUSTRATED = replace(RELEASE, images=(PHOTO,))


def site(language: str = "en", paper: str = "A4") -> Site:
    return Site(
        language=language,
        direction="ltr",
        organization="Example Organization of States",
        short_name="EOS",
        organization_url="https://www.example.org",
        address="1 Example Street, Sampletown",
        root="/press/",
        url="https://example.org/press/",
        home=f"{language}/",
        feed=f"{language}/feed.xml",
        languages=(),
        boilerplate=("The organization was founded a while ago.", "It has members."),
        links=(),
        notice="This is a sample.",
        paper=paper,
        time_zone="America/New_York",
    )


def phrases_of(language: str) -> Phrases:
    path = FOLDER / "phrases" / f"{language}.yaml"
    source = Source.of_text(path.name, path.read_text(encoding="utf-8"))
    phrases = read_phrases(language, [source], {}, KINDS).value
    assert phrases is not None
    return phrases


@pytest.fixture(scope="module")
def layouts() -> Layouts:
    files = {
        path.relative_to(FOLDER).as_posix(): LayoutFile(str(path), path.read_bytes())
        for path in FILES
    }
    return Layouts(files, {language: phrases_of(language) for language in ("en", "es", "pt", "fr")})


@pytest.fixture(scope="module")
def writer(layouts: Layouts) -> Iterator[PdfWriter]:
    resources = {**layouts.below("print"), "logo.svg": layouts.data("assets/logo.svg")}
    with PdfWriter(layouts.data("print/print.css").decode(), resources) as made:
        yield made


def print_release(
    layouts: Layouts,
    writer: PdfWriter,
    release: PublicRelease,
    place: Site | None = None,
    files: Mapping[str, bytes] | None = None,
) -> bytes:
    place = place or site()
    html = layouts.render("print/release.html.j2", place, release=release, embargo=None)
    info = DocumentInfo(
        title=heading_of(release, layouts.phrases[place.language]),
        author=place.organization,
        language=place.language,
        subject="",
        keywords=(),
        reference=release.reference,
        created=release.published,
        modified=release.updated,
    )
    return writer.write(html, place.url + release.address, info, files or {})


def pages_of(data: bytes) -> list[str]:
    pages = PdfReader(io.BytesIO(data)).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def photo_file() -> dict[str, bytes]:
    file = io.BytesIO()
    Pillow.radial_gradient("L").convert("RGB").resize((600, 400)).save(file, "JPEG")
    return {"https://example.org/press/E-502/14/council%20hall.jpg": file.getvalue()}


def test_release_shows_all_that_a_newsroom_needs(layouts: Layouts, writer: PdfWriter) -> None:
    (text,) = pages_of(print_release(layouts, writer, RELEASE))

    expected = (
        "Example Organization of States",
        "Media Center",
        "1 Example Street, Sampletown",
        "Press Release E-502/14",
        "November 18, 2014",
        "Council Adopts “Plan”",
        "It comes into force at once",
        "Bogotá, November 18, 2014 – First words.",
        "Video: The vote",
        "https://media.example.org/v?a=1&b=2",
        "The plan",
        "https://example.org/press/E-502/14/the%20plan.pdf",
        "Media contacts",
        "Press Office, Spokesperson",
        "+1-202-555-0140",
        "night@example.org",
        "About the EOS",
        "The organization was founded a while ago.",
        "This is a sample.",
        "https://example.org/press/E-502/14/",
        "Page 1 of 1",
    )
    assert [words for words in expected if words not in text] == []


def test_dateline_stands_alone_where_no_paragraph_begins_the_text(
    layouts: Layouts, writer: PdfWriter
) -> None:
    release = replace(RELEASE, body=Body(print_html="<h2>First heading</h2>"))

    (text,) = pages_of(print_release(layouts, writer, release))

    assert "Bogotá, November 18, 2014 First heading" in text


def test_following_pages_have_a_slim_header_instead_of_the_letterhead(
    layouts: Layouts, writer: PdfWriter
) -> None:
    first, *others = pages_of(print_release(layouts, writer, LONG))

    assert others
    assert "1 Example Street, Sampletown" in first
    for number, text in enumerate(others, start=2):
        assert "Example Organization of States | Press Release E-502/14" in text
        assert "1 Example Street, Sampletown" not in text
        assert f"https://example.org/press/E-502/14/ Page {number} of {len(others) + 1}" in text


@pytest.mark.long
def test_boilerplate_never_stands_alone_on_a_page(layouts: Layouts, writer: PdfWriter) -> None:
    for count in range(2, 9):
        release = replace(RELEASE, body=Body(print_html=PARAGRAPH * count))

        last = pages_of(print_release(layouts, writer, release))[-1]

        assert "About the EOS" in last
        assert "Media contacts" in last


def test_correction_is_told_before_the_text(layouts: Layouts, writer: PdfWriter) -> None:
    (text,) = pages_of(print_release(layouts, writer, CORRECTED))
    notice = "Corrected on November 20, 2014, replaces the version of November 18 It met an hour."
    _, after = text.split(notice)

    assert "First words." in after


def test_withdrawn_release_shows_the_notice_alone(layouts: Layouts, writer: PdfWriter) -> None:
    (text,) = pages_of(print_release(layouts, writer, WITHDRAWN))

    assert "Press Release E-502/14 has been withdrawn" in text
    assert "Withdrawn on November 18, 2014 It was issued in error." in text
    for old in ("It comes into force at once", "The vote", "The plan", "Bogotá"):
        assert old not in text


def test_advisory_says_what_when_and_where(layouts: Layouts, writer: PdfWriter) -> None:
    (text,) = pages_of(print_release(layouts, writer, ADVISORY))

    assert "What Meeting When Monday, December 1, 2014" in text
    assert "Where Main Hall" in text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", ("Centro de Noticias", "Comunicado de prensa", "18 de noviembre de 2014")),
        ("pt", ("Centro de mídia", "Nota à imprensa", "18 de novembro de 2014")),
        ("fr", ("Centre des médias", "Communiqué de presse", "Page 1 sur 1")),
    ],
)
def test_release_speaks_its_language(
    layouts: Layouts, writer: PdfWriter, language: str, words: tuple[str, ...]
) -> None:
    (text,) = pages_of(print_release(layouts, writer, RELEASE, site(language)))

    assert [each for each in words if each not in text] == []


@pytest.mark.parametrize(("paper", "points"), [("A4", (595, 842)), ("Letter", (612, 792))])
def test_paper_is_the_newsrooms(
    layouts: Layouts, writer: PdfWriter, paper: str, points: tuple[int, int]
) -> None:
    data = print_release(layouts, writer, LONG, site(paper=paper))
    sizes = {
        (round(page.mediabox.width), round(page.mediabox.height))
        for page in PdfReader(io.BytesIO(data)).pages
    }

    assert sizes == {points}


def test_officers_words_stay_text(layouts: Layouts, writer: PdfWriter) -> None:
    release = replace(RELEASE, title='<b>Bold</b> & "quoted" {braces}', place="<i>Nowhere</i>")

    (text,) = pages_of(print_release(layouts, writer, release))

    assert '<b>Bold</b> & "quoted" {braces}' in text
    assert "<i>Nowhere</i>, November 18, 2014" in text


@pytest.mark.long
def test_every_kind_of_release_conforms(
    layouts: Layouts, writer: PdfWriter, tmp_path: Path
) -> None:
    inline = (
        f'<figure><img src="{SITE_ROOT}E-502/14/council%20hall.jpg" alt="Delegates">'
        "<figcaption>In the text</figcaption></figure>\n"
    )
    documents = {
        "release": RELEASE,
        "corrected": CORRECTED,
        "withdrawn": WITHDRAWN,
        "advisory": ADVISORY,
        "long": LONG,
        "illustrated": replace(ILLUSTRATED, body=Body(print_html=PARAGRAPH + inline)),
        "bare": replace(RELEASE, place=None, subtitle=None, contacts=(), attachments=(), links=()),
    }
    for name, release in documents.items():
        data = print_release(layouts, writer, release, files=photo_file())
        (tmp_path / f"{name}.pdf").write_bytes(data)
    for language in ("es", "pt", "fr"):
        data = print_release(layouts, writer, RELEASE, site(language, "Letter"))
        (tmp_path / f"{language}.pdf").write_bytes(data)

    assert verapdf.breaches(sorted(tmp_path.glob("*.pdf"))) == []
