"""A release's text, from Markdown to HTML and plain text.

What comes in: the body of a `Source`. What goes out: `Checked[Body]`. CommonMark with tables,
strikethrough and footnotes; quotation marks as the release's language has them; raw HTML stays
text. Links and images are checked here, since only here their places are known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.footnote import footnote_plugin

from communique.companions import Companions, FileFault
from communique.diagnostics import Checked, Diagnostic, Span
from communique.newsroom import Newsroom
from communique.release import SITE_ROOT, Body, Image, Mention
from communique.source import Source

QuotationMarks = tuple[str, str, str, str]
"""Outer opening and closing, inner opening and closing, with the spaces that belong to them."""

LINK_SCHEMES = ("http", "https", "mailto", "tel")
ALIGNMENT = re.compile(r"text-align:(left|center|right)")


@dataclass(frozen=True, slots=True)
class Setting:
    """What the text of one release may depend on beside itself."""

    newsroom: Newsroom
    companions: Companions
    quotation_marks: QuotationMarks
    address: str
    """Where the release will live, below the newsroom's root."""
    attachments: frozenset[str] = frozenset()
    """File names that the text may link to."""


@dataclass(slots=True)
class _Findings:
    source: Source
    first_line: int
    diagnostics: list[Diagnostic] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)

    def span(self, block: Token, written: str) -> Span:
        """Find what an officer wrote within its block: inline tokens know no place."""
        lines = block.map or [0, 1]
        start = self.source.line_start(self.first_line + lines[0])
        end = self.source.line_start(self.first_line + lines[1])
        for candidate in (written, unquote(written)):
            at = self.source.text.find(candidate, start, end) if candidate else -1
            if at >= 0:
                return self.source.span(at, at + len(candidate))
        first = self.source.line_text(self.first_line + lines[0])
        return self.source.span(start, start + len(first))

    def report(self, code: str, message: str, span: Span, advice: str | None) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, help=advice))


def parse_body(source: Source, start: int, setting: Setting) -> Checked[Body]:
    """Read the text of a release that begins at offset `start` of `source`.

    Headings are shifted so that they follow the title without a gap. A link whose target is a
    reference (``[the convening](E-427/14)``) leads to that release.

    Diagnostics: `link-scheme`, `link-broken`, `link-incomplete`, `image-remote`,
    `image-without-alt`, and the faults of `Companions.picture`.
    """
    markdown = _parser(setting.quotation_marks)
    environment: MutableMapping[str, Any] = {}
    text = unicodedata.normalize("NFC", source.text[start:])
    tokens = markdown.parse(text, environment)
    first_line = source.span(start, start).line - 1
    findings = _Findings(source, first_line)
    _level_headings(tokens)
    _class_alignment(tokens)
    for block in tokens:
        if block.type == "inline":
            _resolve(block, setting, findings)
    _frame_lone_images(tokens)
    html = markdown.renderer.render(tokens, markdown.options, environment)
    body = Body(
        html=html,
        print_html=_print_html(markdown, tokens, environment, html),
        text="\n\n".join(_block_texts(tokens)),
        lead=_lead(tokens),
        images=tuple(findings.images),
        mentions=tuple(findings.mentions),
    )
    return Checked(body, tuple(findings.diagnostics))


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


@lru_cache(maxsize=32)
def _parser(quotation_marks: QuotationMarks) -> MarkdownIt:
    options = {
        "html": False,
        "xhtmlOut": False,
        "typographer": True,
        "quotes": list(quotation_marks),
    }
    # `typographer` only opens the door for `smartquotes`; `replacements`, which turns the list
    # item "(c)" into ©, stays off in the commonmark preset.
    markdown = MarkdownIt("commonmark", options)
    markdown.enable(["table", "strikethrough", "smartquotes"]).use(footnote_plugin)
    markdown.add_render_rule("table_open", _table_open)
    markdown.add_render_rule("table_close", _table_close)
    return markdown


def _table_open(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: object
) -> str:
    """Wrap a table so that a narrow page scrolls it, by keyboard too (WCAG 2.1.1)."""
    return '<div class="table" tabindex="0">\n<table>\n'


def _table_close(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: object
) -> str:
    return "</table>\n</div>\n"


def _level_headings(tokens: list[Token]) -> None:
    """Let the headings begin below the title (h1) and skip no level (PDF/UA-1 §7.4.2)."""
    opened: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            written = int(token.tag[1])
            while opened and opened[-1] >= written:
                opened.pop()
            opened.append(written)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(len(opened) + 1, 6)}"


def _class_alignment(tokens: list[Token]) -> None:
    """Say a cell's alignment by a class: a strict Content-Security-Policy bars inline styles."""
    for token in tokens:
        if token.type not in ("th_open", "td_open"):
            continue
        if match := ALIGNMENT.search(str(token.attrs.pop("style", ""))):
            token.attrs["class"] = f"align-{match[1]}"
        if token.type == "th_open":
            token.attrs["scope"] = "col"


def _resolve(block: Token, setting: Setting, findings: _Findings) -> None:
    """Check the links and images of one block and give them their addresses."""
    for token in block.children or ():
        if token.type == "link_open":
            _resolve_link(token, block, setting, findings)
        elif token.type == "image":
            _resolve_image(token, block, setting, findings)


def _resolve_link(token: Token, block: Token, setting: Setting, findings: _Findings) -> None:
    href = str(token.attrs.get("href", ""))
    written = unquote(href)
    span = findings.span(block, href)
    reference = setting.newsroom.pattern.recognize(written)
    if reference is not None and reference.series in setting.newsroom.series:
        findings.mentions.append(Mention(reference.text, span))
        token.attrs["href"] = _internal(f"{reference.text}/")
        return
    try:
        parts = urlsplit(href)
    except ValueError:
        findings.report("link-broken", f"`{written}` is not a web address", span, None)
        return
    if parts.scheme in ("http", "https") and not parts.hostname:
        advice = "write it whole, as in `https://www.example.org`"
        findings.report("link-broken", f"`{written}` is not a web address", span, advice)
    elif parts.scheme and parts.scheme not in LINK_SCHEMES:
        advice = "link to a web page (`https://…`), an e-mail (`mailto:…`) or a phone (`tel:…`)"
        findings.report("link-scheme", f"a release cannot link to `{parts.scheme}:`", span, advice)
    elif parts.scheme:
        return
    elif written in setting.attachments:
        token.attrs["href"] = _internal(setting.address + written.rpartition("/")[2])
    elif written.startswith("www."):
        advice = f"write `https://{written}`"
        findings.report("link-incomplete", f"`{written}` lacks its beginning", span, advice)
    else:
        advice = (
            "write a web address whole (`https://…`), a release by its reference, or a file "
            "that stands in `attachments`"
        )
        findings.report("link-broken", f"`{written}` leads nowhere", span, advice)


def _resolve_image(token: Token, block: Token, setting: Setting, findings: _Findings) -> None:
    src = str(token.attrs.get("src", ""))
    written = unquote(src)
    span = findings.span(block, src)
    if urlsplit(src).scheme or src.startswith("//"):
        advice = "save it beside the release and write its file name"
        findings.report("image-remote", f"`{written}` lies on another site", span, advice)
        return
    picture = setting.companions.picture(written)
    if isinstance(picture, FileFault):
        findings.report(picture.code, picture.message, span, picture.advice)
        return
    alt = "".join(_inline_texts(token.children or ())).strip()
    if not alt:
        advice = f"say what it shows: `![A minister speaks]({written})`"
        findings.report("image-without-alt", f"`{written}` has no description", span, advice)
        return
    caption = str(token.attrs.get("title", "")) or None
    image = Image(picture.asset, alt, picture.width, picture.height, caption)
    findings.images.append(image)
    token.attrs = {
        "src": _internal(setting.address + image.web_name),
        "alt": alt,
        "width": image.web_width,
        "height": image.web_height,
        "loading": "lazy",
    }
    token.meta["image"] = image
    token.meta["print_src"] = _internal(setting.address + image.asset.name)


def _internal(address: str) -> str:
    return SITE_ROOT + quote(address)


def _frame_lone_images(tokens: list[Token]) -> None:
    """Make a figure, with its caption, of an image that is a paragraph of its own."""
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type != "paragraph_open" or inline.type != "inline":
            continue
        children = inline.children or []
        if len(children) != 1 or "image" not in children[0].meta:
            continue
        opening.tag = closing.tag = "figure"
        caption = children[0].meta["image"].caption
        if caption:
            children.append(Token("figcaption_open", "figcaption", 1))
            children.append(Token("text", "", 0, content=caption))
            children.append(Token("figcaption_close", "figcaption", -1))


def _print_html(
    markdown: MarkdownIt, tokens: list[Token], environment: MutableMapping[str, Any], html: str
) -> str:
    """Render for print: links hold only text, pictures are full size, footnotes lead one way.

    WeasyPrint tags an element inside a link in a way that PDF/UA-1 rejects, and on paper nobody
    follows the arrow from a footnote back to the text.
    """
    changed = _has_footnotes(tokens)
    for block in tokens:
        if block.type == "inline" and _prepare_for_print(block):
            changed = True
    if not changed:
        return html
    tokens = [token for token in tokens if token.type != "footnote_anchor"]
    rendered: str = markdown.renderer.render(tokens, markdown.options, environment)
    return rendered


def _has_footnotes(tokens: list[Token]) -> bool:
    return any(token.type == "footnote_anchor" for token in tokens)


def _prepare_for_print(block: Token) -> bool:
    changed, in_link, kept = False, False, []
    for token in block.children or ():
        if token.type == "link_open":
            in_link = True
        elif token.type == "link_close":
            in_link = False
        elif in_link and token.type not in ("text", "softbreak"):
            changed = True
            if token.content:
                kept.append(Token("text", "", 0, content=token.content))
            continue
        elif "print_src" in token.meta:
            changed = True
            token.attrs["src"] = token.meta["print_src"]
        kept.append(token)
    block.children = kept
    return changed


def _block_texts(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            text = "".join(_inline_texts(token.children or ())).strip()
            if text:
                yield text
        elif token.type in ("fence", "code_block"):
            yield token.content.rstrip()


def _inline_texts(children: Sequence[Token]) -> Iterator[str]:
    for token in children:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type == "image":
            yield str(token.attrs.get("alt", ""))


def _lead(tokens: list[Token]) -> str:
    for opening, inline in pairwise(tokens):
        if opening.type == "paragraph_open" and opening.tag == "p" and opening.level == 0:
            return "".join(_inline_texts(inline.children or ())).strip()
    return ""
