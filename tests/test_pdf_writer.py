"""A PDF is checked by what it is: text, tags, metadata, pages rasterised, and the validator."""

from __future__ import annotations

import datetime as dt
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont
from pypdf import PdfReader

from communique.pdf_libraries import LIBRARIES, install_command, missing_libraries
from communique.pdf_standard import DocumentInfo
from communique.pdf_writer import PdfError, PdfWriter
from tests import verapdf

ROOT = Path(__file__).parent.parent
PRINT = ROOT / "layouts" / "print"
ADDRESS = "https://press.example.org/E-502/14/"
PHOTO = f"{ADDRESS}council.jpg"
INFO = DocumentInfo(
    title="“Growth” & <peace>",
    author="Example Organization",
    language="en",
    subject="What it is about",
    keywords=("cyber, security", "R&D"),
    reference="E-502/14",
    created=dt.datetime(2014, 11, 18, tzinfo=dt.timezone(dt.timedelta(hours=-5))),
    modified=dt.datetime(2014, 11, 19, 16, 30, tzinfo=dt.UTC),
)
TEXT = f"""
<p>Information and communications technologies are a responsibility of governments, international
organizations and telecommunications companies; the first office offers efficient affiliation.</p>
<h2>What follows</h2>
<ul><li>one</li><li>two<ol><li>nested</li></ol></li></ul>
<ul><li><p>A loose item</p><p>of two paragraphs</p><ul><li><p>nested, loose</p></li></ul></li>
<li><blockquote><p>A quotation <em>in</em> a list</p></blockquote></li></ul>
<div class="table"><table><thead><tr><th scope="col">Vote</th><th scope="col">Delegations</th></tr>
</thead><tbody><tr><td>In favor</td><td>22</td></tr></tbody></table></div>
<p>A <a href="https://www.example.org/">link</a> and a note.<sup class="footnote-ref">
<a href="#fn1" id="fnref1">[1]</a></sup></p>
<figure><img src="{PHOTO}" alt="Nine delegates at a table"><figcaption>The council</figcaption>
</figure>
<hr class="footnotes-sep"><section class="footnotes"><ol class="footnotes-list">
<li id="fn1" class="footnote-item"><p>The note.</p></li></ol></section>
"""


def page(body: str, style: str = "") -> str:
    return f"""<!DOCTYPE html><html lang="en"><head><title>Growth</title><style>{style}</style>
        </head><body class="letter"><div class="running-head">Example Organization</div>
        <div class="running-foot"><span class="page"></span></div>
        <div class="letterhead"><p>Example Organization</p></div><h1>Growth</h1>
        <div class="body">{body}</div></body></html>"""


def picture(mode: str = "RGB", kind: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.radial_gradient("L").convert(mode).save(file, kind)
    return file.getvalue()


def new_writer() -> PdfWriter:
    resources = {f"fonts/{path.name}": path.read_bytes() for path in PRINT.glob("fonts/*.ttf")}
    resources["logo.svg"] = (ROOT / "layouts" / "assets" / "logo.svg").read_bytes()
    return PdfWriter((PRINT / "print.css").read_text(encoding="utf-8"), resources)


def write_sample(writer: PdfWriter) -> bytes:
    return writer.write(page(TEXT), ADDRESS, INFO, {PHOTO: picture()})


def write_body(writer: PdfWriter, body: str, **files: bytes) -> bytes:
    addresses = {ADDRESS + name.replace("_", "."): data for name, data in files.items()}
    return writer.write(page(body), ADDRESS, INFO, addresses)


@pytest.fixture(scope="module")
def writer() -> Iterator[PdfWriter]:
    with new_writer() as made:
        yield made


@pytest.fixture(scope="module")
def sample(writer: PdfWriter) -> bytes:
    return write_sample(writer)


def in_fresh_process(code: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=environment,
        cwd=environment.get("TMPDIR", "/"),
        capture_output=True,
        check=False,
    )


def catalog(data: bytes) -> Any:
    return PdfReader(io.BytesIO(data)).trailer["/Root"]


def structure(node: Any) -> Iterator[Any]:
    node = node.get_object()
    if "/S" in node:
        yield node
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if isinstance(kid.get_object(), dict):
            yield from structure(kid)


# What the file says about itself


def test_metadata_are_the_releases_own(sample: bytes) -> None:
    metadata: Any = PdfReader(io.BytesIO(sample)).metadata

    assert metadata.title == INFO.title
    assert metadata.author == INFO.author
    assert metadata.subject == INFO.subject
    assert metadata["/Keywords"] == "cyber, security, R&D"
    assert metadata.creation_date == INFO.created
    assert metadata.modification_date == INFO.modified
    assert catalog(sample)["/Lang"] == "en"
    assert catalog(sample)["/ViewerPreferences"]["/DisplayDocTitle"]


def test_xmp_claims_both_standards_and_carries_the_reference(sample: bytes) -> None:
    xmp = ElementTree.fromstring(catalog(sample)["/Metadata"].get_data())
    dc = "{http://purl.org/dc/elements/1.1/}"
    item = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li"
    attributes = {key: value for node in xmp.iter() for key, value in node.attrib.items()}

    assert attributes["{http://www.aiim.org/pdfa/ns/id/}part"] == "2"
    assert attributes["{http://www.aiim.org/pdfa/ns/id/}conformance"] == "A"
    assert attributes["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
    assert xmp.findtext(f".//{dc}identifier") == "E-502/14"
    assert xmp.findtext(f".//{dc}title//{item}") == INFO.title
    assert xmp.findtext(f".//{dc}language//{item}") == "en"
    assert [node.text for node in xmp.findall(f".//{dc}subject//{item}")] == list(INFO.keywords)


def test_structure_is_tagged(sample: bytes) -> None:
    tags = list(structure(catalog(sample)["/StructTreeRoot"]))
    alternatives = [tag["/Alt"] for tag in tags if tag["/S"] == "/Figure"]

    assert catalog(sample)["/MarkInfo"]["/Marked"]
    assert {"/H1", "/H2", "/P", "/L", "/LI", "/Table", "/TH", "/TD", "/Figure", "/Link"} <= {
        tag["/S"] for tag in tags
    }
    assert alternatives == ["Nine delegates at a table"]


def test_list_items_hold_label_and_body_alone(sample: bytes) -> None:
    items = [tag for tag in structure(catalog(sample)["/StructTreeRoot"]) if tag["/S"] == "/LI"]
    kinds = {kid.get_object()["/S"] for item in items for kid in item["/K"]}

    assert len(items) == 7
    assert kinds == {"/Lbl", "/LBody"}


def test_text_can_be_copied_word_by_word(sample: bytes) -> None:
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(sample)).pages)
    words = " ".join(text.split())

    assert "Information and communications technologies are a responsibility of" in words
    assert "organizations and telecommunications companies" in words
    assert "the first office offers efficient affiliation" in words


def test_file_conforms_to_pdf_ua_1_and_pdf_a_2a(
    writer: PdfWriter, sample: bytes, tmp_path: Path
) -> None:
    pictures = {
        "grey_jpg": picture("L"),
        "clear_png": picture("RGBA", "PNG"),
        "palette_png": picture("P", "PNG"),
    }
    images = "".join(f'<img src="{name.replace("_", ".")}" alt="x">' for name in pictures)
    documents = {
        "sample": sample,
        "pictures": write_body(writer, f"<p>{images}</p>", **pictures),
        "long": write_body(writer, TEXT * 5, council_jpg=picture()),
        "invisible": write_body(writer, "<p>soft\u00adhyphen zero\u200bwidth e\u0301</p>"),
    }
    for name, data in documents.items():
        (tmp_path / f"{name}.pdf").write_bytes(data)

    assert verapdf.breaches(sorted(tmp_path.glob("*.pdf"))) == []


def test_validator_sees_a_breach(writer: PdfWriter, tmp_path: Path) -> None:
    skipped = tmp_path / "skipped.pdf"
    skipped.write_bytes(write_body(writer, "<h4>Two levels are skipped</h4>"))

    found = verapdf.breaches([skipped])

    assert [line.split("\t")[1:3] for line in found] == [["ua1", "7.4.2"]]


# Same input, same bytes


@pytest.mark.long
def test_bytes_are_the_same_in_every_process(sample: bytes, tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from tests.test_pdf_writer import new_writer, write_sample\n"
        "with new_writer() as writer:\n"
        "    write_sample(writer)\n"
        "    sys.stdout.buffer.write(write_sample(writer))\n"
    )
    (tmp_path / "elsewhere").mkdir()

    first = in_fresh_process(code, PYTHONHASHSEED="1", TZ="Asia/Tokyo", TMPDIR=str(tmp_path))
    second = in_fresh_process(
        code, PYTHONHASHSEED="2", LANG="pt_BR.UTF-8", TMPDIR=str(tmp_path / "elsewhere")
    )

    assert (first.stderr, second.stderr) == (b"", b"")
    assert first.stdout == second.stdout == sample


def test_forked_process_writes_the_same_and_nothing_is_left_behind(tmp_path: Path) -> None:
    code = (
        "import multiprocessing, os\n"
        "from tests.test_pdf_writer import new_writer, write_sample\n"
        "with new_writer() as writer:\n"
        "    data = write_sample(writer)\n"
        "    child = os.fork()\n"
        "    if child == 0:\n"
        "        same = write_sample(writer) == data\n"
        "        writer.close()\n"
        "        os._exit(0 if same else 1)\n"
        "    assert os.waitpid(child, 0)[1] == 0\n"
        "    assert write_sample(writer) == data\n"
        "    assert os.listdir(os.environ['TMPDIR'])\n"
        "assert 'FONTCONFIG_FILE' not in os.environ\n"
    )

    run = in_fresh_process(code, TMPDIR=str(tmp_path))

    assert (run.returncode, run.stderr) == (0, b"")
    assert list(tmp_path.iterdir()) == []


# What a document may show


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ('<p><img src="absent.jpg" alt="x"></p>', f"{ADDRESS}absent.jpg"),
        ('<p><img src="file:///etc/passwd" alt="x"></p>', "file:///etc/passwd"),
        ('<p><img src="http://127.0.0.1/x.png" alt="x"></p>', "http://127.0.0.1/x.png"),
        ('<p style="background: url(//127.0.0.1/x.png)">x</p>', "https://127.0.0.1/x.png"),
        ('<object data="file:///etc/passwd"></object>', "file:///etc/passwd"),
        ('<link rel="attachment" href="file:///etc/passwd">', "file:///etc/passwd"),
        ('<link rel="stylesheet" href="file:///etc/x.css">', "file:///etc/x.css"),
        (
            '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>x</title>'
            '<image href="file:///etc/passwd" width="9" height="9"/></svg>',
            "file:///etc/passwd",
        ),
    ],
)
def test_undeclared_file_is_refused(writer: PdfWriter, body: str, named: str) -> None:
    with pytest.raises(PdfError) as caught:
        write_body(writer, body)

    assert caught.value.problems == (
        f"`{named}` is no file of this release or of the print layout",
    )


@pytest.mark.parametrize(
    ("name", "data", "fault"),
    [
        ("half_jpg", picture()[:1500], "cannot be read: it is damaged"),
        ("half_png", picture(kind="PNG")[:900], "cannot be read: it is damaged"),
        ("text_jpg", b"not a picture", "cannot be read: it is damaged or no picture"),
        ("press_jpg", picture("CMYK"), "is made for presses (CMYK): save it as RGB"),
    ],
)
def test_unusable_picture_is_named(writer: PdfWriter, name: str, data: bytes, fault: str) -> None:
    file_name = name.replace("_", ".")

    with pytest.raises(PdfError) as caught:
        write_body(writer, f'<p><img src="{file_name}" alt="x"></p>', **{name: data})

    assert caught.value.problems == (f"the image `{ADDRESS}{file_name}` {fault}",)


def test_picture_without_description_is_named(writer: PdfWriter) -> None:
    with pytest.raises(PdfError) as caught:
        write_body(writer, '<p><img src="a.jpg" alt=""></p>', a_jpg=picture())

    assert caught.value.problems == ("the image `a.jpg` has no description (`alt`)",)


def test_every_missing_character_is_named(writer: PdfWriter) -> None:
    with pytest.raises(PdfError) as caught:
        write_body(writer, "<p>Snow ☃ and a line\u2028break, snow ☃ again</p>")

    assert caught.value.problems == (
        "the character (U+2028, LINE SEPARATOR) is in none of the fonts",
        "the character `☃` (U+2603, SNOWMAN) is in none of the fonts",
    )


def test_blocks_nested_too_deeply_are_a_problem(writer: PdfWriter) -> None:
    with pytest.raises(PdfError, match="nested too deeply"):
        write_body(writer, "<blockquote>" * 300 + "x" + "</blockquote>" * 300)


def test_problem_leaves_the_writer_usable(writer: PdfWriter, sample: bytes) -> None:
    with pytest.raises(PdfError):
        write_body(writer, "<p>☃</p>")

    assert write_sample(writer) == sample


@pytest.mark.parametrize(
    ("stylesheet", "fault"),
    [
        ("p { color: red }", "the print stylesheet names no font (`@font-face`)"),
        (
            "@font-face { font-family: Q; src: url(q.ttf) }",
            "`https://press.invalid/q.ttf` is no file of this release or of the print layout",
        ),
        ("@font-face { font-family: Q; src: url(broken.ttf) }", "the font `Q` cannot be loaded"),
    ],
)
def test_look_without_its_fonts_is_a_problem(stylesheet: str, fault: str) -> None:
    with pytest.raises(PdfError) as caught:
        PdfWriter(stylesheet, {"broken.ttf": b"no font"})

    assert caught.value.problems[0] == fault


def test_closed_writer_refuses() -> None:
    made = new_writer()
    made.close()

    with pytest.raises(ValueError, match="closed"):
        write_sample(made)


# What is drawn: a text layer can be right where the glyphs are wrong


def cropped(image: Image.Image) -> Image.Image:
    """Reduce a picture of one dark glyph to the glyph, at a size that can be compared."""
    grey = ImageChops.invert(image.convert("L"))
    box = grey.getbbox()
    assert box is not None, "nothing is drawn"
    return grey.crop(box).resize((120, 120))


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return how much two glyphs differ, from 0 (not at all) to 1."""
    histogram = ImageChops.difference(one, other).histogram()
    return sum(value * count for value, count in enumerate(histogram)) / (255 * 120 * 120)


@pytest.mark.parametrize(
    ("family", "weight", "style", "file"),
    [
        ("Serif", 400, "normal", "IBMPlexSerif-Regular"),
        ("Serif", 400, "italic", "IBMPlexSerif-Italic"),
        ("Serif", 600, "normal", "IBMPlexSerif-SemiBold"),
        ("Serif", 600, "italic", "IBMPlexSerif-SemiBoldItalic"),
        ("Sans", 400, "normal", "IBMPlexSans-Regular"),
        ("Sans", 600, "normal", "IBMPlexSans-SemiBold"),
    ],
)
def test_glyphs_are_drawn_as_the_font_has_them(
    writer: PdfWriter, family: str, weight: int, style: str, file: str
) -> None:
    characters = "ŸłčñãœØß€"
    html = page("".join(f"<p class='glyph'>{character}</p>" for character in characters))
    html = html.replace(
        "</style>",
        "@page { margin: 0; size: 200pt; @top-left { content: none } @bottom-left { content: none }"
        "} .glyph { break-before: page; margin: 0 0 0 40pt !important; "
        f"font: {style} {weight} 100pt 'IBM Plex {family}'; color: black }}</style>",
    )
    font = ImageFont.truetype(PRINT / "fonts" / f"{file}.ttf", 400)

    def from_font(character: str) -> Image.Image:
        canvas = Image.new("L", (1000, 1000), 255)
        ImageDraw.Draw(canvas).text((200, 200), character, fill=0, font=font)
        return cropped(canvas)

    document = pypdfium2.PdfDocument(writer.write(html, ADDRESS, INFO, {}))
    sheets = [cropped(sheet.render(scale=4).to_pil()) for sheet in document][-len(characters) :]
    document.close()

    for character, drawn in zip(characters, sheets, strict=True):
        assert difference(drawn, from_font(character)) < 0.05, character
        assert min(difference(drawn, from_font(other)) for other in "&\\8x?") > 0.2, character


def test_systems_fonts_are_not_used(sample: bytes) -> None:
    fonts: Any = PdfReader(io.BytesIO(sample)).pages[0]["/Resources"]
    names = [font.get_object()["/BaseFont"] for font in fonts["/Font"].values()]

    assert all("+IBM-Plex-" in name for name in names)
    assert len(names) >= 3


def test_release_needs_few_bytes(writer: PdfWriter) -> None:
    text = TEXT.replace("<figure>", "<div hidden>").replace("</figure>", "</div>")

    assert len(write_body(writer, text)) < 60_000


# What the machine must have


def test_importing_costs_nothing() -> None:
    run = in_fresh_process(
        "import sys, communique.pdf_writer\n"
        "print(sorted({'weasyprint', 'PIL', 'fontTools', 'cffi'} & set(sys.modules)))"
    )

    assert (run.stdout.strip(), run.stderr) == (b"[]", b"")


def test_every_library_is_here() -> None:
    assert missing_libraries() == ()


@pytest.fixture
def break_library(tmp_path: Path) -> Callable[[str], str]:
    def make(name: str) -> str:
        (tmp_path / LIBRARIES[name][1][0]).touch()  # an empty file hides the library
        return str(tmp_path)

    return make


@pytest.mark.skipif(sys.platform != "linux", reason="hides a library the way ld.so searches")
@pytest.mark.parametrize(
    ("name", "missing"),
    [("pango", ("pango", "pangoft2")), ("pangoft2", ("pangoft2",))],  # the second needs the first
)
def test_missing_library_is_named_with_its_remedy(
    break_library: Callable[[str], str], name: str, missing: tuple[str, ...]
) -> None:
    run = in_fresh_process(
        "from communique.pdf_libraries import PdfUnavailableError, missing_libraries\n"
        "from tests.test_pdf_writer import new_writer\n"
        "try:\n    new_writer()\n"
        "except PdfUnavailableError as error:\n    print(error, missing_libraries())",
        LD_LIBRARY_PATH=break_library(name),
    )

    assert run.stdout.decode().strip() == (
        f"PDFs need libraries that this machine lacks ({', '.join(missing)}); "
        f"install them: {install_command(missing)} {missing}"
    )


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="hides a library the way ld.so searches")
def test_missing_subsetting_is_reported_but_no_obstacle(
    break_library: Callable[[str], str],
) -> None:
    run = in_fresh_process(
        "from communique.pdf_libraries import missing_libraries\n"
        "from tests.test_pdf_writer import new_writer, write_sample\n"
        "with new_writer() as writer:\n"
        "    print(missing_libraries(), write_sample(writer)[:5])",
        LD_LIBRARY_PATH=break_library("harfbuzz-subset"),
    )

    assert run.stdout.decode().strip() == "('harfbuzz-subset',) b'%PDF-'"
