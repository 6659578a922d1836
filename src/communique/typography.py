"""Quotation marks and apostrophes, as each language has them."""

from __future__ import annotations

from functools import lru_cache

from markdown_it import MarkdownIt

QuotationMarks = tuple[str, str, str, str]
"""Outer opening and closing, inner opening and closing, with the spaces that belong to them."""


def typographic(text: str, quotation_marks: QuotationMarks) -> str:
    """Set the quotation marks and apostrophes of a line that is no Markdown, such as a title."""
    if '"' not in text and "'" not in text:
        return text
    (inline,) = _line_parser(quotation_marks).parseInline(text)
    return "".join(token.content for token in inline.children or ())


@lru_cache(maxsize=32)
def _line_parser(quotation_marks: QuotationMarks) -> MarkdownIt:
    options = {"typographer": True, "quotes": list(quotation_marks)}
    return MarkdownIt("zero", options).enable("smartquotes")
