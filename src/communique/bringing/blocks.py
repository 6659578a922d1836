"""What a document consists of, whatever it was written with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


class BringingError(Exception):
    """A file cannot be imported; the message says why, in the officer's words."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list, table or picture of a document."""

    text: str
    """What it says, without any markup; empty for a picture."""
    write: Callable[[int], str]
    """Returns it as Markdown, without so many characters at its beginning."""
    level: int | None = None
    """Of a heading; 0 is the document's title."""
    is_paragraph: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a document."""

    name: str
    """What stands for it in the Markdown until its file has a name."""
    data: bytes
    suffix: str
    """``png``"""


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read."""

    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
    """What was uncertain, or could not be kept."""
    pictures: tuple[Picture, ...] = ()
    footnotes: Callable[[], tuple[str, ...]] = field(default=lambda: ())
    """Returns, after the blocks were written, the notes that these refer to."""
