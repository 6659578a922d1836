"""A release's text, from Markdown to HTML and plain text.

What comes in: the body of a `Source`. What goes out: `Checked[Body]`. CommonMark with tables,
strikethrough and footnotes; quotation marks as the release's language has them; raw HTML stays
text. Links and images are checked here, since only here their places are known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from mdit_py_plugins.footnote import footnote_plugin

from communique.diagnostics import Checked
from communique.limits import Limits
from communique.markdown_links import SECTION, Findings, Setting, inline_texts, resolve
from communique.release import Body
from communique.source import Source
from communique.typography import QuotationMarks

LIMITS_KEY, TOO_LONG, TOO_MANY = "limits", "paragraphs too long", "too many elements"
"""What the environment of a text holds beside markdown-it's own."""
SINGLE = ("image", "code_inline", "hardbreak", "footnote_ref")
"""What is an element although it opens nothing."""
ALIGNMENT = re.compile(r"text-align:(left|center|right)")


class _Markdown(MarkdownIt):
    """Leaves it to `communique.markdown_links` to refuse addresses, which says so."""

    def validateLink(self, url: str) -> bool:  # noqa: N802
        return True


def parse_body(source: Source, start: int, setting: Setting) -> Checked[Body]:
    """Read the text of a release that begins at offset `start` of `source`.

    Headings are shifted so that they follow the title without a gap, and named by their words, so
    that ``[below](#next-steps)`` leads to the heading "Next steps". A link whose target is a
    reference (``[the convening](E-427/14)``) leads to that release.

    Diagnostics: `link-scheme`, `link-broken`, `link-incomplete`, `image-remote`,
    `image-without-alt`, the faults of `Companions.picture`; `reference-lookalike`; and, beyond the
    newsroom's limits, `text-too-deep`, `text-too-long`, `too-many-files`.
    """
    limits = setting.newsroom.limits
    markdown = _parser(setting.quotation_marks, limits.nesting)
    environment: MutableMapping[str, Any] = {LIMITS_KEY: limits}
    text = unicodedata.normalize("NFC", source.text[start:])
    tokens = markdown.parse(text, environment)
    first_line = source.span(start, start).line - 1
    findings = Findings(source, first_line, files=setting.files)
    _report_length(environment, findings)
    _report_depth(tokens, limits.nesting, findings)
    _level_headings(tokens)
    findings.sections = _name_headings(tokens)
    _class_alignment(tokens)
    for block in tokens:
        if block.type == "inline":
            resolve(block, setting, findings)
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


@lru_cache(maxsize=32)
def _parser(quotation_marks: QuotationMarks, nesting: int) -> MarkdownIt:
    options = {
        "maxNesting": nesting + 1,  # what is deeper is dropped without a word; we say it
        "html": False,
        "xhtmlOut": False,
        "typographer": True,
        "quotes": list(quotation_marks),
    }
    # `typographer` only opens the door for `smartquotes`; `replacements`, which turns the list
    # item "(c)" into ©, stays off in the commonmark preset.
    markdown = _Markdown("commonmark", options)
    markdown.enable(["table", "strikethrough", "smartquotes"]).use(footnote_plugin)
    markdown.core.ruler.after("block", "bounded blocks", _bound_blocks)
    markdown.core.ruler.after("inline", "bounded elements", _bound_elements)
    markdown.add_render_rule("table_open", _table_open)
    markdown.add_render_rule("table_close", _table_close)
    markdown.add_render_rule("footnote_block_open", _footnotes_open)
    markdown.add_render_rule("footnote_block_close", _footnotes_close)
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


def _footnotes_open(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: object
) -> str:
    """Mark the footnotes by their role; the plugin's own section would need a heading."""
    return (
        '<hr class="footnotes-sep">\n<div class="footnotes" role="doc-endnotes">\n'
        '<ol class="footnotes-list">\n'
    )


def _footnotes_close(
    renderer: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: object
) -> str:
    return "</ol>\n</div>\n"


def _bound_blocks(state: StateCore) -> None:
    """Leave out what would take too long, after the blocks are known and before they are read.

    What is found waits in the environment for `_report_length`.
    """
    limits: Limits = state.env[LIMITS_KEY]
    _bound_elements(state)
    for token in state.tokens:
        if token.type == "inline":
            longest = len(token.content)
        else:
            longest = max(map(len, token.content.split("\n")))
        if longest > limits.paragraph:
            state.env.setdefault(TOO_LONG, []).append(token.map)
            token.content = ""


def _bound_elements(state: StateCore) -> None:
    """Leave out all of a text that has too many elements, blocks and what is in them."""
    left = state.env[LIMITS_KEY].elements
    for token in state.tokens:
        left -= token.nesting == 1
        left -= sum(each.nesting == 1 or each.type in SINGLE for each in token.children or ())
        if left < 0:
            state.env[TOO_MANY] = token.map
            state.tokens.clear()
            return


def _report_length(environment: Mapping[str, Any], findings: Findings) -> None:
    limits: Limits = environment[LIMITS_KEY]
    if TOO_MANY in environment:
        findings.report(
            "text-too-long",
            f"the text has more than {limits.elements:,} paragraphs, items, cells and links",
            findings.line_span(environment[TOO_MANY]),
            "offer long tables as `attachments`, or set `elements` under `limits` in "
            "`newsroom.yaml`",
        )
    for lines in environment.get(TOO_LONG, ()):
        findings.report(
            "text-too-long",
            f"a paragraph, or a line of code, has more than {limits.paragraph:,} characters",
            findings.line_span(lines),
            "put a blank line between paragraphs",
        )


def _report_depth(tokens: list[Token], nesting: int, findings: Findings) -> None:
    """Report the first block whose text lies too deep, by quotations, lists, emphasis or links."""
    for token in tokens:
        depth = deepest = token.level + (token.nesting == 1 and bool(token.map))
        for child in token.children or ():
            depth += child.nesting
            deepest = max(deepest, depth)
        if deepest > nesting and token.map:
            message = "quotations, lists or emphases lie too deep within one another"
            advice = "take out some `>`, `*` or spaces"
            findings.report("text-too-deep", message, findings.line_span(token.map), advice)
            return


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


def _name_headings(tokens: list[Token]) -> tuple[str, ...]:
    """Give each heading an id, and return the names by which a link may call them.

    A name is the heading's words in small letters with hyphens between them; the second of the
    same words ends with `-2`. The id begins with `SECTION`, so that it is never one of the page's.
    """
    names: dict[str, None] = {}
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            words = "".join(inline_texts(inline.children or ())).lower()
            first = name = "-".join(re.findall(r"\w+", words))
            number = 1
            while name in names:
                number += 1
                name = f"{first}-{number}"
            if name:
                names[name] = None
                opening.attrs["id"] = SECTION + name
    return tuple(names)


def _class_alignment(tokens: list[Token]) -> None:
    """Say a cell's alignment by a class: a strict Content-Security-Policy bars inline styles."""
    for token in tokens:
        if token.type not in ("th_open", "td_open"):
            continue
        if match := ALIGNMENT.search(str(token.attrs.pop("style", ""))):
            token.attrs["class"] = f"align-{match[1]}"
        if token.type == "th_open":
            token.attrs["scope"] = "col"


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
            text = " " if token.type == "hardbreak" else token.content
            if text:
                kept.append(Token("text", "", 0, content=text))
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
            text = "".join(inline_texts(token.children or ())).strip()
            if text:
                yield text
        elif token.type in ("fence", "code_block"):
            yield token.content.rstrip()


def _lead(tokens: list[Token]) -> str:
    for opening, inline in pairwise(tokens):
        if opening.type == "paragraph_open" and opening.tag == "p" and opening.level == 0:
            return "".join(inline_texts(inline.children or ())).strip()
    return ""
