"""Words of a document as Markdown: whatever they are, they are shown as they are."""

from __future__ import annotations

import re
import unicodedata

MARKUP = re.compile(r"[\\`*\[\]|~]|_(?!\w)|(?<!\w)_|<(?=[A-Za-z/!?])|&(?=#?\w{1,31};)")
"""What would be read as markup wherever it stands."""
LINE_MARK = re.compile(r"^([-+#>=]|\d{1,9}(?=[.)]))", re.MULTILINE)
"""What would be, at the beginning of a line; of a number, what follows it."""
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
"""What no text should hold: control characters, and those that do not show."""


def escaped(text: str) -> str:
    """Write words so that Markdown shows them as they are, within a line."""
    return MARKUP.sub(lambda match: f"\\{match[0]}", text)


def with_lines_escaped(markdown: str) -> str:
    """Take from the lines of a paragraph what would begin a list, a heading or a quotation."""
    return LINE_MARK.sub(
        lambda match: f"{match[0]}\\" if match[0][0].isdigit() else f"\\{match[0]}", markdown
    )


def readable(text: str) -> str:
    """Return a text without characters that do not show, its letters composed."""
    text = re.sub("\r\n?|[\u0085\u2028\u2029\x0b\x0c]", "\n", text)
    return unicodedata.normalize("NFC", UNSEEN.sub("", text))
