"""The archive of a release is read by other programs, and holds what is published, to the byte."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image, IptcImagePlugin

from communique.changes import TOUCHED
from communique.digest import digest_of
from communique.layouts import Layouts
from communique.ledger import LEDGER, open_ledger
from communique.output import Stage
from communique.pdf_writer import PdfError
from communique.rendering import PressHere, Rendered, Task
from communique.renditions.channels import ITEMS
from tests.office import NEWSROOM, Office

PACKING = NEWSROOM.replace("formats: []", "formats: [pack]")
PACK, PDF = "E-001/26/E-001-26.zip", "E-001/26/E-001-26.pdf"
INSTRUCTIONS, CREDIT, CAPTION, BY_LINE, CODING = (2, 40), (2, 110), (2, 120), (2, 80), (1, 90)
DESCRIPTION, ARTIST = 0x010E, 0x013B
PICTURES = """images:
  - {file: muelle.jpg, alt: A ship, caption: «El muelle» at dawn, credit: A. Peña, rights: A & B}
  - {file: ship.png, alt: A ship}
  - {file: ship.webp, alt: A ship, caption: A caption that makes the file larger}
  - {file: ship.gif, alt: A ship, credit: A. Peña}"""


class QuickPress(PressHere):
    """A press that prints PDFs in no time, in the look of the day, or not at all."""

    def __init__(self, layouts: Layouts, *, fails: bool = False) -> None:
        super().__init__(layouts)
        self.look = digest_of(layouts.data("print/print.css")).encode()
        self.fails = fails

    def render(self, tasks: Iterable[Task]) -> Iterator[Rendered]:
        for task in tasks:
            if not task.is_slow:
                yield from super().render([task])
            elif self.fails:
                yield Rendered(task.path, None, PdfError(["a letter has no glyph"]))
            else:
                yield Rendered(task.path, b"A PDF of " + task.path.encode() + self.look)


def photograph(form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((90, 61), 50).convert("RGB").save(buffer, form, **options)
    return buffer.getvalue()


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office.open(tmp_path, PACKING)
    office.write_release("E-001/26", PICTURES, "contacts: desk", "date: 2026-03-01 15:30")
    exif = Image.Exif()
    exif[ARTIST] = "Ada Pilot"
    (tmp_path / "releases/muelle.jpg").write_bytes(photograph("JPEG", exif=exif))
    for name, form in {"png": "PNG", "webp": "WEBP", "gif": "GIF"}.items():
        (tmp_path / f"releases/ship.{name}").write_bytes(photograph(form))
    return office


def files_of(data: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_pack_holds_the_published_files_and_a_note_on_them(office: Office) -> None:
    office.build(offers_pdf=True)
    published = office.published()

    files = files_of(published[PACK])
    taken = ("E-001-26.pdf", "muelle.jpg", "ship.png", "ship.webp", "ship.gif")
    assert list(files) == [f"E-001-26/{name}" for name in ("README.txt", "E-001-26.txt", *taken)]
    for name in taken:
        assert files[f"E-001-26/{name}"] == published[f"E-001/26/{name}"]
    note = files["E-001-26/README.txt"].decode()
    for words in (
        "Title of E-001/26\nhttps://press.example.org/E-001/26/",
        "muelle.jpg (90 × 61 px)\n«El muelle» at dawn\nPhoto: A. Peña\nTerms of use: A & B",
        "Press Desk\n+1-202-555-0150\ndesk@example.org",
    ):
        assert words in note
    assert b"The council met." in files["E-001-26/E-001-26.txt"]
    assert PACK in office.page("E-001/26/index.html")
    with zipfile.ZipFile(io.BytesIO(published[PACK])) as archive:
        assert {each.date_time for each in archive.infolist()} == {(2026, 3, 1, 15, 30, 0)}
    if program := shutil.which("unzip"):
        subprocess.run([program, "-tq", office.folder.build / PACK], check=True)


def test_picture_says_in_its_file_what_the_release_says_of_it(office: Office) -> None:
    office.build()
    files = {path: data for path, data in office.published().items() if "ship" in path}
    jpeg = Image.open(io.BytesIO(office.published()["E-001/26/muelle.jpg"]))

    said = IptcImagePlugin.getiptcinfo(jpeg)
    assert said == {
        CODING: b"\x1b%G",
        INSTRUCTIONS: b"A & B",
        CREDIT: "A. Peña".encode(),
        CAPTION: "«El muelle» at dawn".encode(),
    }
    assert dict(jpeg.getexif())[ARTIST] == "Ada Pilot"
    assert "«El muelle» at dawn".encode() in jpeg.info["exif"]
    texts = [each.strip() for each in ET.fromstring(jpeg.info["xmp"].decode()).itertext()]
    assert set(filter(None, texts)) == {"A & B", "A. Peña", "«El muelle» at dawn", "A ship"}
    for path, data in files.items():
        Image.open(io.BytesIO(data)).load()
        assert b"AltTextAccessibility><rdf:Alt>" in data, path
    assert b"A caption that makes" in files["E-001/26/ship.webp"]


def test_size_of_a_picture_is_that_of_its_file_with_these_words(office: Office) -> None:
    office.write("newsroom.yaml", PACKING.replace("[pack]", "[ninjs]"))
    office.build()
    published = office.published()

    for name in ("muelle.jpg", "ship.png", "ship.webp", "ship.gif"):
        size = f'"sizeInBytes": {len(published[f"E-001/26/{name}"])}'
        assert size in office.page("E-001/26/E-001-26.json"), name


def test_pack_is_made_anew_without_the_pdf_being_printed_again(office: Office) -> None:
    office.build(press_of=QuickPress, offers_pdf=True)
    before = office.published()
    (office.folder.build / PACK).unlink()

    report = office.build(press_of=QuickPress, offers_pdf=True, verify=True)

    assert report.reasons == ((PACK, TOUCHED),)
    assert office.published() == before


def test_pack_takes_no_pdf_that_somebody_else_changed(office: Office) -> None:
    office.build(press_of=QuickPress, offers_pdf=True)
    before = office.published()
    (office.folder.build / PDF).write_bytes(b"another")
    with open_ledger(office.folder.private / LEDGER) as ledger:
        ledger.announce([(PACK, "E-001/26/", Stage.PDF)], ["E-001/26/"])

    report = office.build(press_of=QuickPress, offers_pdf=True)

    assert dict(report.reasons) == {PDF: TOUCHED, PACK: "a build was interrupted"}
    assert office.published() == before


def test_pack_changes_with_a_correction_and_goes_with_a_withdrawal(office: Office) -> None:
    office.build(press_of=QuickPress, offers_pdf=True)
    office.write_release("E-001/26", "corrections: [{when: 2026-03-02, note: It was a tug.}]")
    corrected = office.build(press_of=QuickPress, offers_pdf=True)
    files = files_of(office.published()[PACK])
    office.write_release("E-001/26", "withdrawn: {when: 2026-03-02, reason: It was wrong.}")
    withdrawn = office.build(press_of=QuickPress, offers_pdf=True)

    assert PACK in corrected.published
    assert b"It was a tug." in files["E-001-26/README.txt"]
    assert PACK in withdrawn.removed
    assert ".zip" not in office.page("E-001/26/index.html")


def test_pack_of_the_archive_waits_for_its_pdf_in_another_look(tmp_path: Path) -> None:
    office = Office.open(tmp_path, PACKING)
    for number in range(1, ITEMS + 3):
        office.write_release(f"E-{number:03}/26")
    office.build(press_of=QuickPress, offers_pdf=True)
    shipped = Path(__file__).parents[1] / "layouts/print/print.css"
    office.write("layouts/print/print.css", shipped.read_text(encoding="utf-8") + "/* new */")
    with open_ledger(office.folder.private / LEDGER) as ledger:
        ledger.announce([(PACK, "E-001/26/", Stage.PDF)], ["E-001/26/"])

    office.build(press_of=QuickPress, offers_pdf=True)
    published = office.published()

    pdfs = [path for path in published if path.endswith(".pdf")]
    assert len(pdfs) == ITEMS + 2
    for path in pdfs:
        assert published[path] in files_of(published[path.replace(".pdf", ".zip")]).values(), path
    assert office.build(press_of=QuickPress, offers_pdf=True).published == ()


def test_pack_of_a_pdf_that_cannot_be_printed_follows_when_it_can(office: Office) -> None:
    failed = office.build(press_of=lambda layouts: QuickPress(layouts, fails=True), offers_pdf=True)
    again = office.build(press_of=QuickPress, offers_pdf=True)

    assert [each.code for each in failed.diagnostics] == ["pdf-problem"]
    assert failed.published == ()
    assert {PACK, PDF} <= set(again.published)
