"""A body as plain text for mail: lists keep their marks, rows their line, links their address.

What comes in: HTML that this program made of Markdown, with whole addresses. What goes out: text,
a line a paragraph, a blank line between blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser

BLOCKS = frozenset(
    (
        *("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "div", "figure", "figcaption"),
        *("ul", "ol", "li", "table", "thead", "tbody", "tr", "pre", "hr"),
    )
)
FOOTNOTES = "footnotes-list"
RULE = "* * *"


def plain_of(html: str) -> str:
    """Return the text of a body."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return reader.text.strip("\n")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._words: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._lists: list[tuple[str, int]] = []
        """The form of each list's marks, and how many items it has had."""
        self._mark = ""
        self._cells: list[str] | None = None
        self._is_code = False
        self._last = ""
        """The kind of the last block: items and rows stand close together."""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Begin a block, a cell or a link."""
        values = dict(attrs)
        if tag in BLOCKS:
            self.end_block()
        if tag in ("ul", "ol"):
            self._last = "item" if self._lists else ""
            form = "[{}] " if values.get("class") == FOOTNOTES else "{}. "
            first = int(values.get("start") or 1)
            self._lists.append(("- " if tag == "ul" else form, first - 1))
        elif tag == "li" and self._lists:
            form, number = self._lists[-1]
            self._lists[-1] = form, number + 1
            self._mark = form.format(number + 1)
        elif tag == "tr":
            self._cells = []
        elif tag == "pre":
            self._is_code = True
        elif tag == "br":
            self._words.append("\n")
        elif tag == "a":
            self._links.append((values.get("href") or "", len(self._words)))
        elif tag == "hr" and values.get("class") is None:
            self._add(RULE, "")

    def handle_endtag(self, tag: str) -> None:
        """End what was begun."""
        if tag == "a" and self._links:
            address, begin = self._links.pop()
            shown = "".join(self._words[begin:])
            is_note = shown.startswith("[") and shown.endswith("]")
            if address and not is_note and address.removeprefix("mailto:") != shown:
                self._words.append(f" <{address}>")
        elif tag in ("td", "th") and self._cells is not None:
            self._cells.append(self._taken())
        elif tag == "tr" and self._cells is not None:
            self._add(" | ".join(self._cells), "row")
            self._cells = None
        elif tag in BLOCKS:
            self.end_block()
            if tag == "pre":
                self._is_code = False
            elif tag in ("ul", "ol") and self._lists:
                self._lists.pop()
                self._last = "item" if self._lists else ""
            elif tag == "table":
                self._last = ""

    def handle_data(self, data: str) -> None:
        """Keep words."""
        self._words.append(data if self._is_code else " ".join(data.split("\n")))

    def end_block(self) -> None:
        """Put the words so far on a line of their own, if there are any."""
        text = self._taken()
        if not text or self._cells is not None:
            return
        if self._lists:
            depth = "  " * (len(self._lists) - 1)
            mark = self._mark or " " * len(self._lists[-1][0].format(1))
            self._mark = ""
            self._add(f"{depth}{mark}{text}", "item")
        else:
            self._add(text, "")

    def _taken(self) -> str:
        text = "".join(self._words)
        self._words.clear()
        if self._is_code:
            return text.strip("\n")
        return "\n".join(" ".join(line.split(" ")).strip() for line in text.split("\n")).strip()

    def _add(self, text: str, kind: str) -> None:
        close = kind and kind == self._last
        self.text += ("\n" if close else "\n\n") + text
        self._last = kind
