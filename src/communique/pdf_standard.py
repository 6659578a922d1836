"""What PDF/A-2a and PDF/UA-1 ask for and WeasyPrint leaves out: the last touch before the bytes.

What comes in: the PDF's objects as WeasyPrint (pydyf) made them. What goes out: the same objects,
with the metadata and the structure that ISO 19005-2 (archivable) and ISO 14289-1 (accessible) want.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

VARIANT = "pdf/a-2a"
"""What WeasyPrint is asked for; PDF/UA-1 comes on top, here."""

# PDF/A wants the schema of whatever metadata it does not know described (ISO 19005-2 §6.6.2.3.3).
XMP_ADDITIONS = """
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <dc:identifier>{reference}</dc:identifier>
  <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
  <dc:subject><rdf:Bag>{keywords}</rdf:Bag></dc:subject>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
    xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>The part of ISO 14289 that holds</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What the file says about itself; readers, archives and search engines show it."""

    title: str
    author: str
    language: str
    """BCP 47."""
    subject: str
    keywords: tuple[str, ...]
    reference: str
    created: dt.datetime
    """Aware, like `modified`; the release's own instants, never the clock's."""
    modified: dt.datetime


def describe(metadata: Any, info: DocumentInfo) -> None:
    """Fill in WeasyPrint's `DocumentMetadata`; its dates are W3C strings."""
    metadata.title = info.title
    metadata.authors = [info.author]
    metadata.lang = info.language
    metadata.description = info.subject
    metadata.keywords = list(info.keywords)
    metadata.generator = "communique"
    metadata.created = info.created.isoformat(timespec="seconds")
    metadata.modified = info.modified.isoformat(timespec="seconds")


def complete(pdf: Any, info: DocumentInfo) -> None:
    """Complete a `pydyf.PDF` just before it is written."""
    _complete_xmp(pdf, info)
    for item in [found for found in pdf.objects if _structure_type(found) == "/LI"]:
        _complete_list_item(pdf, item)


def _complete_xmp(pdf: Any, info: DocumentInfo) -> None:
    keywords = "".join(f"<rdf:li>{escape(keyword)}</rdf:li>" for keyword in info.keywords)
    additions = XMP_ADDITIONS.format(
        reference=escape(info.reference), language=escape(info.language), keywords=keywords
    )
    packet = _object(pdf, pdf.catalog["Metadata"])
    packet.stream = [part.replace(b"</rdf:RDF>", additions.encode(), 1) for part in packet.stream]


def _complete_list_item(pdf: Any, item: Any) -> None:
    """Gather an item's content in one LBody: WeasyPrint leaves paragraphs beside the label.

    A list item holds Lbl and LBody, nothing else (ISO 32000-1 §14.8.4.3.3).
    """
    kids = {reference: _structure_type(_object(pdf, reference)) for reference in item["K"]}
    if {"/Lbl", "/LBody"}.issuperset(kids.values()):
        return
    labels = [reference for reference, kind in kids.items() if kind == "/Lbl"]
    content = [reference for reference, kind in kids.items() if kind != "/Lbl"]
    body = type(item)({**item, "S": "/LBody", "P": item.reference, "K": type(item["K"])(content)})
    pdf.add_object(body)
    for reference in content:
        kid = _object(pdf, reference)
        kid["P"] = body.reference
        if kid["S"] == "/LBody":
            kid["S"] = "/Div"
    item["K"] = type(item["K"])([*labels, body.reference])


def _object(pdf: Any, reference: Any) -> Any:
    """Return the object that a reference such as ``12 0 R`` names."""
    return pdf.objects[int(reference.split()[0])]


def _structure_type(found: Any) -> Any:
    """Return the type of a structure element, of anything else None."""
    return found.get("S") if isinstance(found, dict) else None
