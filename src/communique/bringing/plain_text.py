"""A plain text becomes blocks: paragraphs, and lists where the lines begin like items."""

from __future__ import annotations

import re

from communique.bringing.blocks import Block, Document
from communique.bringing.encodings import decode
from communique.bringing.markdown_text import escaped, readable, with_lines_escaped

BLANK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
ITEM = re.compile(r"(?:[•·▪‣◦–—*-]|(?P<number>\d{1,3})[.)])[ \t\u00a0]+(?=\S)")
WRAPPED = 55
"""Lines from so many characters on were broken by a program, and belong together."""


def read_plain_text(data: bytes) -> Document:
    """Read a text file. Raises: `communique.bringing.blocks.BringingError`."""
    text, notes = decode(data)
    blocks: list[Block] = []
    for part in BLANK.split(readable(text)):
        lines = [" ".join(line.split()) for line in part.split("\n") if line.strip()]
        if lines:
            blocks.extend(_blocks(lines))
    return Document(tuple(blocks), notes)


def paragraph(text: str) -> Block:
    """Return a paragraph of plain words."""
    return Block(
        text,
        lambda skipped: with_lines_escaped(escaped(text[skipped:].lstrip())),
        is_paragraph=True,
    )


def _blocks(lines: list[str]) -> list[Block]:
    """Return what stands between two blank lines."""
    items = [ITEM.match(line) for line in lines]
    if len(lines) > 1 and all(items):
        return [_list(lines)]
    first = next((at for at, item in enumerate(items) if item), len(lines))
    if 0 < first < len(lines) - 1 and all(items[first:]):
        return [*_blocks(lines[:first]), _list(lines[first:])]
    if all(len(line) >= WRAPPED for line in lines[:-1]):
        return [paragraph(" ".join(lines))]
    return [paragraph(line) for line in lines]


def _list(lines: list[str]) -> Block:
    written = []
    for line in lines:
        item = ITEM.match(line)
        assert item is not None, "only lists come here"
        mark = f"{item['number']}." if item["number"] else "-"
        written.append(f"{mark} {with_lines_escaped(escaped(line[item.end() :]))}")
    # A list that begins with another number than 1 is one to Markdown as well; mixed ones are two.
    markdown = "\n".join(written)
    return Block("\n".join(lines), lambda _: markdown)
