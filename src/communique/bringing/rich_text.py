"""Word and HTML become blocks of Markdown, by way of pandoc's tree of the document.

What comes in: bytes. What goes out: a `Document`. Types and words of the tree are those of
pandoc-types 1.23 (https://hackage.haskell.org/package/pandoc-types).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit
from xml.etree import ElementTree

import tinyhtml5

from communique.bringing.blocks import Block, BringingError, Document, Picture
from communique.bringing.encodings import decode
from communique.bringing.markdown_text import escaped, readable, with_lines_escaped
from communique.bringing.pandoc import TOO_DEEP, run_pandoc
from communique.bringing.saved_pictures import as_published
from communique.bringing.word_package import open_word
from communique.limits import Limits
from communique.opening import TooLargeError, read_file

CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
DEEPEST = 200
"""Elements of a web page within one another."""
MARK = "\x00{}\x00"
"""Stands in the Markdown for the name of a picture; no text holds it."""
SUPERSCRIPTS = str.maketrans("0123456789+-()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿ")
SUBSCRIPTS = str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎")
LISTS = ("BulletList", "OrderedList")
WEB = ("http", "https", "mailto", "tel")
Node = dict[str, Any]
Resolver = Callable[[str], bytes | None]


def read_word(data: bytes, limits: Limits, program: Path) -> Document:
    """Read a Word file. Raises: `BringingError`."""
    package = open_word(data)
    tree = run_pandoc(package.text, "docx", program)
    reading = _Reading(lambda target: package.picture(target, limits.picture_size), limits)
    reading.notes.extend(package.notes)
    return reading.document(tree)


def read_html(data: bytes, beside: Path, limits: Limits, program: Path) -> Document:
    """Read a web page; pictures lie in the folder `beside`. Raises: `BringingError`."""
    declared = CHARSET.search(data[:2048])
    notes: tuple[str, ...] = ()
    try:
        assert declared is not None
        text = data.decode(declared[1].decode())
    except (AssertionError, LookupError, UnicodeDecodeError):
        text, notes = decode(data)
    tree = run_pandoc(_well_formed(text), "html-raw_html", program)
    reading = _Reading(lambda target: _picture_beside(target, beside, limits.picture_size), limits)
    reading.notes.extend(notes)
    return reading.document(tree, is_web_page=True)


def _well_formed(text: str) -> bytes:
    """Return a page with every element closed, as browsers understand it.

    pandoc takes twice as long for each list that is never closed.
    """
    root = tinyhtml5.parse(text, namespace_html_elements=False)
    level = [root]
    for _ in range(DEEPEST):
        level = [child for element in level for child in element]
    if level:
        raise BringingError(TOO_DEEP)
    page: bytes = ElementTree.tostring(root, "utf-8", method="html")
    return page


def _picture_beside(target: str, folder: Path, most: int) -> bytes | None:
    """Return a picture that a page holds itself, or that lies in its folder; never another's."""
    if target.startswith("data:"):
        head, _, rest = target.partition(",")
        data = unquote_to_bytes(rest)
        try:
            data = base64.b64decode(data) if head.endswith(";base64") else data
        except (binascii.Error, ValueError):
            return None
        return data if len(data) <= most else None
    try:
        path = (folder / unquote(target)).resolve()
        if urlsplit(target).scheme or not path.is_relative_to(folder.resolve()):
            return None
        return read_file(path, most)
    except (OSError, ValueError, RuntimeError, TooLargeError):
        return None


def text_of(inlines: list[Node]) -> str:
    """Return what some inlines say."""
    return "".join(map(_text, inlines))


def _text(node: Node) -> str:
    match node["t"]:
        case "Str":
            return readable(node["c"])
        case "Space" | "SoftBreak":
            return " "
        case "LineBreak":
            return "\n"
        case "Code" | "Math":
            return readable(node["c"][1])
        case "Note" | "RawInline" | "Image":
            return ""
    return text_of(_inside(node))


def _inside(node: Node) -> list[Node]:
    """Return the inlines within one."""
    inner = node.get("c") or []
    if node["t"] in ("Span", "Link", "Quoted", "Cite"):
        inner = inner[1]
    return inner if isinstance(inner, list) else []


def _without(inlines: list[Node], skipped: int) -> list[Node]:
    """Return inlines without so many characters at their beginning."""
    kept: list[Node] = []
    for node in inlines:
        length = len(_text(node))
        if skipped >= length and skipped:
            skipped -= length
        elif skipped and node["t"] == "Str":
            kept.append({"t": "Str", "c": readable(node["c"])[skipped:]})
            skipped = 0
        elif skipped and node["t"] in ("Span", "Link", "Quoted", "Cite"):
            first, inner, *rest = node["c"]
            kept.append({"t": node["t"], "c": [first, _without(inner, skipped), *rest]})
            skipped = 0
        elif skipped and isinstance(node.get("c"), list):
            kept.append({"t": node["t"], "c": _without(node["c"], skipped)})
            skipped = 0
        else:
            kept.append(node)
    while kept and kept[0]["t"] in ("Space", "SoftBreak", "LineBreak"):
        kept = kept[1:]
    return kept


@dataclass(slots=True)
class _Reading:
    """One document on its way into Markdown."""

    resolve: Resolver
    limits: Limits
    notes: list[str] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)
    """By the address that the document has for each."""
    footnotes: list[str] = field(default_factory=list)

    def document(self, tree: Node, *, is_web_page: bool = False) -> Document:
        """Return the document of pandoc's tree."""
        blocks = [*self._blocks(tree["blocks"])]
        for key, level in (("subtitle", 1), ("title", 0)):
            inlines = tree["meta"].get(key, {}).get("c")
            has_headline = any(block.level is not None for block in blocks)
            if not isinstance(inlines, list) or (is_web_page and has_headline):
                continue
            blocks.insert(0, self._heading(level, inlines))
            if is_web_page:
                self.notes.append("the headline is the title of the web page")
        for block in blocks:  # what has to be noted shows only when it is written
            block.write(0)
        self.footnotes.clear()
        return Document(
            tuple(blocks), tuple(self.notes), tuple(self.pictures.values()), self._footnotes
        )

    def _footnotes(self) -> tuple[str, ...]:
        return tuple(self.footnotes)

    def _heading(self, level: int, inlines: list[Node]) -> Block:
        text = " ".join(text_of(inlines).split())
        return Block(
            text, lambda _: f"{'#' * max(2, level)} {self.inlines(inlines, is_line=True)}", level
        )

    def _blocks(self, nodes: list[Node]) -> Iterator[Block]:
        for node in nodes:
            match node["t"]:
                case "Header":
                    level, _, inlines = node["c"]
                    if text_of(inlines).strip():
                        yield self._heading(level, inlines)
                case "Para" | "Plain":
                    yield from self._paragraph(node["c"])
                case "Div":
                    yield from self._blocks(node["c"][1])
                case "Table" if (cells := self._laid_out(node)) is not None:
                    yield from self._blocks(cells)
                case "RawBlock" | "Null" | "HorizontalRule":
                    pass
                case _:
                    said = "\n".join(_said(node))
                    yield Block(said, lambda _, node=node: self.block(node))  # type: ignore[misc]

    def _paragraph(self, inlines: list[Node]) -> Iterator[Block]:
        text = text_of(inlines)
        if text.strip():
            yield Block(
                text,
                lambda skipped: self.paragraph(_without(inlines, skipped)),
                is_paragraph=True,
            )
        elif written := self.paragraph(inlines):
            yield Block("", lambda _: written)

    def _laid_out(self, table: Node) -> list[Node] | None:
        """Return what stands in a table that only lays out a page; None if it is a real one."""
        rows = [*_rows(table)]
        cells = [cell[4] for _, row in rows for cell in row]
        is_simple = all(
            len(cell) <= 1 and all(each["t"] in ("Plain", "Para") for each in cell)
            for cell in cells
        )
        if is_simple and len(rows) > 1 and max(len(row) for _, row in rows) > 1:
            return None
        if not is_simple and any(is_head for is_head, _ in rows):
            return None
        return [node for cell in cells for node in cell]

    def block(self, node: Node) -> str:
        """Write a block as Markdown."""
        match node["t"]:
            case "Para" | "Plain":
                return self.paragraph(node["c"])
            case "Header":
                return f"{'#' * max(2, node['c'][0])} {self.inlines(node['c'][2], is_line=True)}"
            case "LineBlock":
                return "\\\n".join(self.inlines(line, is_line=True) for line in node["c"])
            case "CodeBlock":
                text = readable(node["c"][1])
                fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
                return f"{fence}\n{text}\n{fence}"
            case "BlockQuote":
                return _prefixed(self.blocks(node["c"]), "> ", "> ")
            case "BulletList":
                return self._list(node["c"], lambda _: "-")
            case "OrderedList":
                (first, style, _), items = node["c"]
                if style["t"] not in ("Decimal", "DefaultStyle"):
                    self.note("a list with letters or Roman numbers is numbered 1, 2, 3 now")
                return self._list(items, lambda at: f"{max(0, first) + at}.")
            case "DefinitionList":
                parts = []
                for term, definitions in node["c"]:
                    parts.append(f"**{self.inlines(term, is_line=True)}**")
                    parts += [self.blocks(each) for each in definitions]
                return "\n\n".join(parts)
            case "Figure":
                caption = " ".join(part for each in node["c"][1][1] for part in _said(each))
                return self._figure(node["c"][2], caption)
            case "Table":
                return self._table(node)
            case "Div":
                return self.blocks(node["c"][1])
        return ""

    def blocks(self, nodes: list[Node]) -> str:
        """Write blocks, a blank line between them."""
        return "\n\n".join(filter(None, map(self.block, nodes)))

    def paragraph(self, inlines: list[Node]) -> str:
        """Write a paragraph."""
        return with_lines_escaped(self.inlines(inlines))

    def _list(self, items: list[list[Node]], mark: Callable[[int], str]) -> str:
        written = []
        is_loose = any(
            [node["t"] for node in item].count("Para") > 1
            or any(node["t"] not in ("Para", "Plain", *LISTS) for node in item)
            for item in items
        )
        for at, item in enumerate(items):
            sign = mark(at)
            gap = "\n\n" if is_loose else "\n"
            text = gap.join(filter(None, map(self.block, item)))
            written.append(_prefixed(text, f"{sign} ", " " * (len(sign) + 1)))
        return ("\n\n" if is_loose else "\n").join(written)

    def _table(self, node: Node) -> str:
        rows = [
            (is_head, [cell for each in row for cell in self._cells(each)])
            for is_head, row in _rows(node)
        ]
        if not any(is_head for is_head, _ in rows):
            self.note("a table has no head: its first row became that")
        width = max((len(row) for _, row in rows), default=0)
        lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for _, row in rows]
        signs = {"AlignLeft": ":---", "AlignRight": "---:", "AlignCenter": ":---:"}
        columns = [signs.get(each[0]["t"], "---") for each in node["c"][2]][:width]
        columns += ["---"] * (width - len(columns))
        return "\n".join([*lines[:1], f"| {' | '.join(columns)} |", *lines[1:]]) if lines else ""

    def _cells(self, cell: list[Any]) -> list[str]:
        _, _, rows, columns, blocks = cell
        if rows > 1 or columns > 1:
            self.note("a table has cells that were joined: see whether each is in its place")
        text = " ".join(filter(None, map(self._in_cell, blocks)))
        return [text, *[""] * (columns - 1)]

    def _in_cell(self, node: Node) -> str:
        if node["t"] in ("Para", "Plain"):
            return self.inlines(node["c"], is_line=True)
        return escaped("; ".join(_said(node)))

    def _figure(self, nodes: list[Node], caption: str) -> str:
        images = [each for node in nodes for each in _images(node)]
        return "\n\n".join(filter(None, (self._image(each, caption) for each in images)))

    def inlines(self, nodes: list[Node], *, is_line: bool = False) -> str:
        """Write what stands in a paragraph, all of it in one line if `is_line`."""
        text = "".join(map(self._inline, _joined(nodes)))
        text = re.sub(r"[ \t]*\\\n\s*", " ", text) if is_line else text
        return re.sub(r"(?:\\\n)+\Z", "", text.strip())

    def _inline(self, node: Node) -> str:
        match node["t"]:
            case "Str":
                return escaped(readable(node["c"]))
            case "Space" | "SoftBreak":
                return " "
            case "LineBreak":
                return "\\\n"
            case "Strong":
                return self._within("**", node["c"])
            case "Emph":
                return self._within("*", node["c"])
            case "Strikeout":
                self.note("some words are struck out: should they be there at all?")
                return self._within("~~", node["c"])
            case "Superscript":
                return escaped(_raised(text_of(node["c"]), SUPERSCRIPTS))
            case "Subscript":
                return escaped(_raised(text_of(node["c"]), SUBSCRIPTS))
            case "Code":
                return escaped(readable(node["c"][1]))
            case "Math":
                self.note("a formula was left as text")
                return escaped(readable(node["c"][1]))
            case "Link":
                return self._link(node)
            case "Image":
                return self._image(node, "")
            case "Note":
                return self._note_mark(node["c"])
            case "RawInline":
                return ""
            case "Quoted":
                return f'"{self.inlines(node["c"][1])}"'
        return "".join(map(self._inline, _joined(_inside(node))))

    def _within(self, mark: str, nodes: list[Node]) -> str:
        """Put marks around words, the spaces at their ends outside."""
        text = "".join(map(self._inline, _joined(nodes)))
        bare = text.strip().strip("\\\n").strip()
        if not bare or not text_of(nodes).strip():
            return text
        if bare.startswith(mark) and bare.endswith(mark):
            return text
        before, _, after = text.partition(bare)
        return f"{before}{mark}{bare}{mark}{after}"

    def _link(self, node: Node) -> str:
        target = readable(node["c"][2][0]).strip()
        words = "".join(map(self._inline, _joined(node["c"][1]))).strip()
        if not words:
            return ""
        try:
            scheme = urlsplit(target).scheme.lower()
        except ValueError:
            scheme = ""
        if scheme not in WEB:
            if not target.startswith("#"):
                self.note(f"a link leads nowhere from here, and is words only now: {target[:200]}")
            return words
        safe = re.sub(r"[\s<>\\()]", lambda match: f"%{ord(match[0]):02X}", target)
        return f"[{words}]({safe})"

    def _image(self, node: Node, caption: str) -> str:
        target = node["c"][2][0]
        alt = " ".join(text_of(node["c"][1]).split())
        picture = self._picture(target)
        if picture is None:
            return ""
        title = "" if caption == alt else caption.replace("\\", "").replace('"', "”")
        shown = f' "{escaped(title)}"' if title else ""
        return f"![{escaped(alt)}](<{picture.name}>{shown})"

    def _picture(self, target: str) -> Picture | None:
        if target in self.pictures:
            return self.pictures[target]
        name = "a picture" if target.startswith("data:") else PurePosixPath(target).name[:80]
        data = self.resolve(target)
        if data is None or len(self.pictures) >= self.limits.files:
            self.note(f"a picture is not here, and was left out: {name}")
            return None
        published = as_published(data, self.limits.picture_pixels)
        if published is None:
            self.note(f"a picture is of a kind that cannot be published, and was left out: {name}")
            return None
        number = len(self.pictures) + 1
        self.pictures[target] = Picture(MARK.format(number), *published)
        return self.pictures[target]

    def _note_mark(self, blocks: list[Node]) -> str:
        number = len(self.footnotes) + 1
        self.footnotes.append("")
        text = self.blocks(blocks)
        self.footnotes[number - 1] = _prefixed(text, f"[^{number}]: ", "    ")
        return f"[^{number}]"

    def note(self, words: str) -> None:
        """Note once what was uncertain or could not be kept."""
        if words not in self.notes:
            self.notes.append(words)


def _rows(table: Node) -> Iterator[tuple[bool, list[Any]]]:
    """Yield the rows of a table, each with whether it is a head: lists of cells."""
    _, _, _, head, bodies, foot = table["c"]
    yield from ((True, row[1]) for row in head[1])
    for _, _, heads, rows in bodies:
        yield from ((False, row[1]) for row in (*heads, *rows))
    yield from ((False, row[1]) for row in foot[1])


def _said(node: Any) -> Iterator[str]:
    """Yield the words of a block, paragraph by paragraph."""
    if isinstance(node, dict):
        if node.get("t") in ("Para", "Plain") and text_of(node["c"]).strip():
            yield " ".join(text_of(node["c"]).split())
        elif node.get("t") == "Header":
            yield " ".join(text_of(node["c"][2]).split())
        elif node.get("t") not in ("RawBlock", "CodeBlock"):
            yield from _said(node.get("c"))
    elif isinstance(node, list):
        for each in node:
            yield from _said(each)


def _images(node: Any) -> Iterator[Node]:
    if isinstance(node, dict):
        if node.get("t") == "Image":
            yield node
        else:
            yield from _images(node.get("c"))
    elif isinstance(node, list):
        for each in node:
            yield from _images(each)


def _joined(nodes: list[Node]) -> list[Node]:
    """Return inlines with neighbouring emphases of a kind joined: Word parts them at will."""
    joined: list[Node] = []
    for node in nodes:
        last = joined[-1] if joined else None
        if last and node["t"] == last["t"] and node["t"] in ("Strong", "Emph", "Str"):
            joined[-1] = {"t": node["t"], "c": last["c"] + node["c"]}
        else:
            joined.append(node)
    return joined


def _raised(text: str, signs: dict[int, int]) -> str:
    return text.translate(signs) if all(ord(sign) in signs for sign in text) else text


def _prefixed(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join([(first + lines[0]).rstrip(), *((rest + line).rstrip() for line in lines[1:])])
