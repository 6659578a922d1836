"""The links and images of a text: each is checked and gets its address.

What comes in: the tokens of one block, from `communique.markdown`. What goes out: the same tokens
with addresses below the newsroom's root, and `Findings`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from urllib.parse import quote, unquote, urlsplit

from markdown_it.token import Token

from communique.companions import Companions, FileFault
from communique.diagnostics import Diagnostic, Span
from communique.newsroom import Newsroom
from communique.reference import LOOKALIKE
from communique.release import SITE_ROOT, Image, Mention, Words
from communique.source import Source
from communique.typography import QuotationMarks, typographic

LINK_SCHEMES = ("http", "https", "mailto", "tel")
TOO_MANY_FILES = "take some out, or set `files` under `limits` in `newsroom.yaml`"
SECTION = "section-"
"""What the id of a heading begins with; its name follows."""
ADDRESS_ENDS = (")", ">", " ", "\t", "\n")
REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


@dataclass(frozen=True, slots=True)
class Setting:
    """What the text of one release may depend on beside itself."""

    newsroom: Newsroom
    companions: Companions
    quotation_marks: QuotationMarks
    address: str
    """Where the release will live, below the newsroom's root."""
    attachments: frozenset[str] = frozenset()
    """What the text may link to: files beside the release, found or not."""
    files: int = 0
    """How many files the keys name already."""


@dataclass(slots=True)
class Findings:
    """What was found in a text so far."""

    source: Source
    first_line: int
    """Of the text, counted from 0."""
    files: int = 0
    """How many files the release names so far."""
    searched_to: int = 0
    """Offset of the address found last: the next one stands after it."""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    sections: tuple[str, ...] = ()
    """The names of the text's headings."""

    def span(self, block: Token, address: str) -> Span:
        """Find the address of a link or image: inline tokens know only the lines of their block."""
        lines = block.map or [0, 1]
        begin = self.source.line_start(self.first_line + lines[0])
        end = self.source.line_start(self.first_line + lines[1])
        text, begun = self.source.text, max(begin, self.searched_to)
        for opening in ("](", "](<", "<"):
            at = text.find(opening + address, begun, end) if address else -1
            at += len(opening)
            # What goes on is another address, which begins alike.
            if at >= len(opening) and text.startswith(ADDRESS_ENDS, at + len(address)):
                self.searched_to = at
                return self.source.span(at, at + len(address))
        typed = _typed(address)
        for within in (rf"(?:\]\(<?|<)({typed})(?=[)>\s])", rf"({typed})"):
            if found := re.compile(within).search(text, begun, end):
                self.searched_to = found.end()
                return self.source.span(*found.span(1))
        defined = re.compile(rf"\]:[ \t]*<?({typed})")
        if found := defined.search(text, self.source.line_start(self.first_line)):
            return self.source.span(*found.span(1))
        return self.line_span(lines)

    def line_span(self, lines: Sequence[int] | None) -> Span:
        """Return the place of the first of some lines, counted from that of the text."""
        line = self.first_line + (lines[0] if lines else 0)
        start = self.source.line_start(line)
        return self.source.span(start, start + len(self.source.line_text(line)))

    def report(self, code: str, message: str, span: Span, advice: str | None) -> None:
        """Note a problem."""
        self.diagnostics.append(Diagnostic(code, message, span, help=advice))


def resolve(block: Token, setting: Setting, findings: Findings) -> None:
    """Check the links and images of one block and give them their addresses."""
    for token in block.children or ():
        if token.type == "link_open":
            _resolve_link(token, block, setting, findings)
        elif token.type == "image":
            _resolve_image(token, block, setting, findings)


def _resolve_link(token: Token, block: Token, setting: Setting, findings: Findings) -> None:
    href = str(token.attrs.get("href", ""))
    written = unquote(href)
    reference = setting.newsroom.pattern.recognize(written)
    if reference is not None and reference.series in setting.newsroom.series:
        findings.mentions.append(Mention(reference.text, findings.span(block, href)))
        token.attrs["href"] = _internal(f"{reference.text}/")
    elif written in setting.attachments:
        token.attrs["href"] = _internal(setting.address + written.rpartition("/")[2])
    elif (meant := setting.newsroom.pattern.meant(written)) is not None:
        message, advice = f"`{written}` {LOOKALIKE}", f"write `{meant.text}`"
        findings.report("reference-lookalike", message, findings.span(block, href), advice)
    elif (section := _section_of(written, findings)) is not None:
        token.attrs["href"] = _internal(setting.address) + quote(f"#{SECTION}{section}", "#")
    elif (problem := _link_problem(href, findings.sections)) is not None:
        code, message, advice = problem
        findings.report(code, message, findings.span(block, href), advice)


def _section_of(written: str, findings: Findings) -> str | None:
    """Return the name of the heading of this text that an address such as `#next-steps` means."""
    if not written.startswith("#"):
        return None
    name = written[1:].lower()
    return next(
        (each for each in (name, name.removeprefix(SECTION)) if each in findings.sections), None
    )


def _link_problem(href: str, sections: Sequence[str]) -> tuple[str, str, str] | None:
    """Return the code, words and advice of what keeps an address from being linked to."""
    written = unquote(href)
    if written.startswith("#"):
        return (
            "link-broken",
            f"no heading of this text is called `{written}`",
            _advise(written, sections),
        )
    try:
        scheme, host = urlsplit(href).scheme, urlsplit(href).hostname
    except ValueError:
        scheme, host = "https", None
    if scheme in ("http", "https") and (not host or "%" in host):
        advice = "write it whole, as in `https://www.example.org`"
        return "link-broken", f"`{written}` is not a web address", advice
    if scheme in LINK_SCHEMES:
        return None
    if scheme:
        advice = "link to a web page (`https://…`), an e-mail (`mailto:…`) or a phone (`tel:…`)"
        return "link-scheme", f"a release cannot link to `{scheme}:`", advice
    if written.startswith("www."):
        return "link-incomplete", f"`{written}` lacks its beginning", f"write `https://{written}`"
    if re.fullmatch(r"[^@\s/]+@[^@\s/]+\.[a-z]+", written, re.IGNORECASE):
        return "link-incomplete", f"`{written}` lacks its beginning", f"write `mailto:{written}`"
    advice = (
        "write a web address whole (`https://…`), a release by its reference, or a file that "
        "stands in `attachments`"
    )
    if not written:
        return "link-broken", "this link has no address", advice
    return "link-broken", f"`{written}` leads nowhere", advice


def _advise(written: str, sections: Sequence[str]) -> str:
    if not sections:
        return "write a heading, such as `## Next steps`, and link to it with `#next-steps`"
    near = get_close_matches(written[1:].lower(), sections, 1, 0.5) or sections[:1]
    return f"write a heading's words with hyphens between them, as in `#{near[0]}`"


def _resolve_image(token: Token, block: Token, setting: Setting, findings: Findings) -> None:
    src = str(token.attrs.get("src", ""))
    written = unquote(src)
    span = findings.span(block, src)
    if REMOTE.match(src):
        shown = written if len(written) <= 80 else f"{written[:60]}…"
        advice = "save the picture beside the release and write its file name"
        findings.report("image-remote", f"`{shown}` is no file beside the release", span, advice)
        return
    findings.files += 1
    limit = setting.newsroom.limits.files
    if findings.files > limit:
        if findings.files == limit + 1:
            message = f"the release names too many files: {limit:,} are read at most"
            findings.report("too-many-files", message, span, TOO_MANY_FILES)
        return
    picture = setting.companions.picture(written)
    if isinstance(picture, FileFault):
        findings.report(picture.code, picture.message, span, picture.advice)
    alt = "".join(inline_texts(token.children or ())).strip()
    if not alt:
        advice = f"say what it shows: `![A minister speaks]({written})`"
        findings.report("image-without-alt", f"`{written}` has no description", span, advice)
    if isinstance(picture, FileFault) or not alt:
        return
    title = str(token.attrs.get("title", ""))
    marks = setting.quotation_marks
    words = Words(typographic(alt, marks), typographic(title, marks))
    image = Image(
        picture.asset_with(words),
        words.alt,
        picture.width,
        picture.height,
        words.caption or None,
        moves=picture.moves,
    )
    findings.images.append(image)
    token.attrs = {
        "src": _internal(setting.address + image.web_name),
        "alt": image.alt,
        "width": image.web_width,
        "height": image.web_height,
        "loading": "lazy",
    }
    token.children = [Token("text", "", 0, content=image.alt)]  # what the renderer takes for `alt`
    token.meta["image"] = image
    token.meta["print_src"] = _internal(setting.address + image.asset.name)


def inline_texts(children: Sequence[Token]) -> Iterator[str]:
    """Yield the plain text of inline tokens."""
    for token in children:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type == "image":
            yield str(token.attrs.get("alt", ""))
        elif token.type == "figcaption_open":
            yield " — "


def _internal(address: str) -> str:
    return SITE_ROOT + quote(address)


def _typed(address: str) -> str:
    """Return an expression for what an officer may have typed.

    markdown-it shows an address percent-encoded, and in NFC, as the text was given to it.
    """
    if not address:
        return r"(?<=\()\)"
    spellings = dict.fromkeys((address, unquote(address)))
    return "|".join("".join(_either_form(sign) for sign in each) for each in spellings)


def _either_form(sign: str) -> str:
    decomposed = unicodedata.normalize("NFD", sign)
    if decomposed == sign:
        return re.escape(sign)
    return f"(?:{re.escape(sign)}|{re.escape(decomposed)})"
