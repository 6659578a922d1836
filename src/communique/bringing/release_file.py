"""The release file that an import writes: the keys that are certain, the text, and the notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from communique.bringing.blocks import Document
from communique.bringing.recognizing import Recognized
from communique.proof import quoted
from communique.reference import Reference


@dataclass(frozen=True, slots=True)
class Heading:
    """What the newsroom decides of an imported release."""

    reference: Reference
    language: str | None
    """None where the series says it."""
    is_draft: bool


def write_release(
    document: Document, found: Recognized, heading: Heading, names: Mapping[str, str]
) -> str:
    """Write the file; `names` are those of the pictures' files."""
    lines = [
        "---",
        f"reference: {heading.reference}",
        *([f"language: {heading.language}"] if heading.language else []),
        f"title: {quoted(found.title)}",
        *([f"subtitle: {quoted(found.subtitle)}"] if found.subtitle else []),
        f"date: {found.date or ''}".rstrip(),
        *([f"place: {quoted(found.place)}"] if found.place else []),
        *(["draft: yes"] if heading.is_draft else []),
    ]
    body = [block.write(skipped) for block, skipped in found.body]
    footnotes = document.footnotes()
    if found.notes:
        lines += ["import_notes:", *(f"  - {quoted(note)}" for note in _single(found.notes))]
    text = "\n\n".join(filter(None, (*body, *footnotes)))
    for mark, name in names.items():
        text = text.replace(mark, name)
    return "\n".join((*lines, "---", "", text, ""))


def _single(notes: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(" ".join(note.split()) for note in notes)
