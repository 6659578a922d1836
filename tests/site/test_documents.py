"""PDFs as readers, archives and printers take them."""

from __future__ import annotations

import datetime as dt
import io

import pypdfium2
import pytest
from pypdf import PdfReader

from tests import verapdf
from tests.site.newsrooms import Published

PAPERS = {"A4": (595, 842), "Letter": (612, 792)}
SAMPLE_PDF_BYTES = 60_000
INKED_PIXELS = 1000
"""At 72 dots per inch; head and foot of a page alone have a few hundred."""
SIDE_MARGIN, END_MARGIN = 80, 36
"""In points: printers cannot reach the edge, and text that runs over the margin is cut off."""


@pytest.mark.long
def test_every_pdf_is_accessible_and_archivable(sample: Published, harbour: Published) -> None:
    files = [site.build / path for site in (sample, harbour) for path in site.pdfs]

    assert len(files) == 22
    assert verapdf.breaches(files) == []


def test_pdf_says_what_it_is(site: Published) -> None:
    for path in site.pdfs:
        page = site.page(path.rpartition("/")[0] + "/index.html")
        document = PdfReader(io.BytesIO(site.read(path)))
        about, xmp = document.metadata, document.xmp_metadata
        assert about is not None
        assert xmp is not None
        (reference,) = page.xpath("//p[@class='meta']/*[2]/text()")
        topics = page.xpath("//meta[@property='article:tag']/@content")

        assert document.root_object["/Lang"] == page.get("lang")
        assert about.title == page.findtext(".//h1")
        assert about.author == page.xpath("//meta[@property='og:site_name']/@content")[0]
        assert about.keywords == ", ".join([*topics, reference])
        assert xmp.dc_identifier == reference
        assert xmp.dc_language == [page.get("lang")]
        assert about.creation_date == moment(page, "published_time")
        assert about.modification_date == moment(page, "modified_time")


def test_pdf_is_about_what_its_release_sums_up(harbour: Published) -> None:
    subjects = {
        path: PdfReader(io.BytesIO(harbour.read(f"{path}.pdf"))).metadata
        for path in ("HE-002/25/HE-002-25", "HE-004/25/HE-004-25")
    }

    assert [about.subject for about in subjects.values() if about] == [
        "The Harbour Council counted 1,402 ships last winter.",
        "The lightship Vega came back to Alder Roads today.",
    ]


def test_pages_have_the_newsrooms_paper_and_keep_to_its_margins(site: Published) -> None:
    for path in site.pdfs:
        with pypdfium2.PdfDocument(site.read(path)) as document:
            for number, page in enumerate(document):
                size = (round(page.get_width()), round(page.get_height()))
                picture = page.render(scale=1).to_pil().convert("L")
                inked = picture.point(lambda grey: 255 if grey < 160 else 0)
                left, top, right, bottom = inked.getbbox() or (0, 0, 0, 0)

                assert size == PAPERS[site.paper], (path, number)
                assert inked.histogram()[255] > INKED_PIXELS, (path, number)
                assert min(left, size[0] - right) >= SIDE_MARGIN, (path, number)
                assert min(top, size[1] - bottom) >= END_MARGIN, (path, number)


def test_pdf_carries_the_text_of_its_page(site: Published) -> None:
    for path in site.pdfs:
        page = site.page(path.rpartition("/")[0] + "/index.html")
        printed = text_of(site.read(path))
        expected = [
            page.findtext(".//h1"),
            *page.xpath("//p[@class='meta']/*[position() <= 3]/text()"),
            *page.xpath("//p[@class='subtitle']/text()"),
            *page.xpath("//div[contains(@class, 'notice')]/*/text()"),
            *page.xpath("//dl[@class='event']/*/text()"),
            *page.xpath("//div[@class='prose']/*[self::p or self::h2][not(@class)]//text()"),
            *page.xpath("//div[@class='prose']//*[self::td or self::th or self::li]/text()"),
            *page.xpath("//figcaption/p[not(@class)]/text()"),
            *page.xpath("//footer[@class='closing']/p[not(@class)]/text()"),
            *page.xpath("//address/*[not(self::script)]/text()"),
            page.xpath("//link[@rel='canonical']/@href")[0],
        ]

        missing = [each for each in expected if each and squeezed(each) not in printed]
        assert missing == [], path


def test_photographs_are_printed_upright_and_in_colour(harbour: Published) -> None:
    with pypdfium2.PdfDocument(harbour.read("HE-004/25/HE-004-25.pdf")) as document:
        pixels = [
            page.render(scale=0.5).to_pil().convert("RGB").getcolors(1_000_000) or []
            for page in document
        ]
        shapes = sorted(
            round(image.get_bounds()[2] - image.get_bounds()[0])
            > round(image.get_bounds()[3] - image.get_bounds()[1])
            for page in document
            for image in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        )

    red = sum(
        count for page in pixels for count, (r, g, b) in page if r > 150 and g < 60 and b < 60
    )
    assert red > 1000
    assert shapes == [False, True, True]


def test_pdf_of_a_withdrawn_release_is_the_notice(harbour: Published) -> None:
    text = text_of(harbour.read("HE-003/25/HE-003-25.pdf"))

    assert squeezed("Press Release HE-003/25 has been withdrawn") in text
    assert squeezed("It was issued in error: no mole is for sale.") in text


def test_pdf_of_the_sample_release_is_light(sample: Published) -> None:
    assert len(sample.read("E-502/14/E-502-14.pdf")) <= SAMPLE_PDF_BYTES


def moment(page: object, name: str) -> dt.datetime:
    (written,) = page.xpath(f"//meta[@property='article:{name}']/@content")  # type: ignore[attr-defined]
    return dt.datetime.fromisoformat(written)


def text_of(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        text = " ".join(page.get_textpage().get_text_bounded() for page in document)
        return squeezed(
            text.replace("\x02", "-")
        )  # pdfium's sign for a hyphen at the end of a line


def squeezed(text: str) -> str:
    """Take out all white space: where a line breaks is the printer's business."""
    return "".join(text.split())
