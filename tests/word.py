"""Word files (`.docx`) as small as a test needs them, made part by part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

from PIL import Image

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LEVELS = "".join(
    f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="bullet"/>'
    '<w:lvlText w:val="•"/></w:lvl>'
    for level in range(3)
)
PARTS: Mapping[str, str] = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
    'relationships+xml"/><Default Extension="png" ContentType="image/png"/><Override '
    'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    f'relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
    'Target="word/document.xml"/></Relationships>',
    "word/_rels/document.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/'
    f'package/2006/relationships"><Relationship Id="r1" Type="{OFFICE}/styles" '
    'Target="styles.xml"/>'
    f'<Relationship Id="r2" Type="{OFFICE}/numbering" Target="numbering.xml"/>'
    f'<Relationship Id="r3" Type="{OFFICE}/footnotes" Target="footnotes.xml"/>'
    f'<Relationship Id="r4" Type="{OFFICE}/image" Target="media/quay.png"/>'
    f'<Relationship Id="r5" Type="{OFFICE}/hyperlink" Target="https://www.example.org/ferries" '
    'TargetMode="External"/></Relationships>',
    "word/styles.xml": f"<w:styles {NAMESPACES}>"
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{shown}"/></w:style>'
        for name, shown in (("Title", "Title"), ("Heading2", "heading 2"))
    )
    + "</w:styles>",
    "word/numbering.xml": f'<w:numbering {NAMESPACES}><w:abstractNum w:abstractNumId="0">{LEVELS}'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
    "word/footnotes.xml": f'<w:footnotes {NAMESPACES}><w:footnote w:id="2"><w:p><w:r><w:t>'
    "By the calendar of 2026.</w:t></w:r></w:p></w:footnote></w:footnotes>",
}
"""All parts but the text."""
FOOTNOTE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
PICTURE = (
    '<w:r><w:drawing><wp:inline><wp:extent cx="99" cy="99"/><wp:docPr id="1" name="p" '
    'descr="A ferry at the quay"/><a:graphic><a:graphicData><pic:pic><pic:blipFill>'
    '<a:blip r:embed="r4"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline>'
    "</w:drawing></w:r>"
)


def words(text: str, marks: str = "") -> str:
    """Return a run of words; `marks` are its properties: ``<w:b/>``."""
    return f'<w:r><w:rPr>{marks}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def link(text: str) -> str:
    return f'<w:hyperlink r:id="r5">{words(text)}</w:hyperlink>'


def paragraph(*runs: str, style: str = "", level: int | None = None) -> str:
    """Return a paragraph, or an item of a list if it has a level."""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    if level is not None:
        styled += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
    return f"<w:p><w:pPr>{styled}</w:pPr>{''.join(runs)}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    lines = (
        "<w:tr>" + "".join(f"<w:tc>{paragraph(words(cell))}</w:tc>" for cell in row) + "</w:tr>"
        for row in rows
    )
    return (
        f'<w:tbl><w:tblPr><w:tblLook w:firstRow="1"/></w:tblPr><w:tblGrid/>{"".join(lines)}</w:tbl>'
    )


def word_file(*blocks: str, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """Return a Word file; `parts` add parts, or take the place of others."""
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "#4477aa").save(picture, "PNG")
    text = f"<w:document {NAMESPACES}><w:body>{''.join(blocks)}</w:body></w:document>"
    all_parts = {
        **PARTS,
        "word/document.xml": text,
        "word/media/quay.png": picture.getvalue(),
        **(parts or {}),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in all_parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def ferries() -> bytes:
    """Return a release with a bit of everything, in which there is nothing to put right."""
    return _release(
        "Ferries: later boats in summer",
        "HARBOUR TOWN, March 2, 2026 – From June 1 the last ferry leaves at ",
        "23:00",
        ("Islands", "23:00"),
    )


def boats() -> bytes:
    """Return the release of the manual, in which a weekday is wrong."""
    return _release(
        "Ferries: new boats in summer",
        "HARBOUR TOWN, March 9, 2026 – From Sunday, June 1, the ferries leave ",
        "every ten minutes",
        ("Islands", "23:30"),
    )


def _release(title: str, begin: str, bold: str, row: tuple[str, ...]) -> bytes:
    return word_file(
        paragraph(words(title), style="Title"),
        paragraph(
            words(begin),
            words(bold, "<w:b/>"),
            words(", the "),
            link("Harbour Council"),
            words(" decided."),
            FOOTNOTE,
        ),
        paragraph(words("What changes"), style="Heading2"),
        paragraph(words("Weekdays", "<w:b/>"), words(": a boat every ten minutes"), level=0),
        paragraph(words("from the old quay"), level=1),
        paragraph(words("Sundays", "<w:b/>"), words(": a boat every half hour"), level=0),
        table(("Line", "Last boat"), row, ("Lighthouse", "22:15")),
        paragraph(PICTURE),
    )
