"""How much of anything is read: what is larger gets a diagnostic, and the program stays small.

`newsroom.yaml` may set each limit (see `communique.newsroom_fields`); these are the others' values,
and the highest that can be set.
"""

from __future__ import annotations

from dataclasses import dataclass

LARGEST_FILE = 1_000_000_000
"""Bytes of any file that is read, whatever the newsroom says: it is held in memory whole."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one newsroom."""

    release_size: int = 200_000
    """Bytes of a release's Markdown file."""
    keys_size: int = 50_000
    """Characters of the keys at its top."""
    paragraph: int = 10_000
    """Characters of one paragraph, heading, cell, or line of code: reading it, and breaking it into
    lines of a PDF, takes its square in time."""
    elements: int = 5_000
    """Paragraphs, items, cells, links and emphases: each costs a PDF some milliseconds."""
    nesting: int = 19
    """Quotations, lists, emphasis and links within one another: WeasyPrint recurses into them."""
    files: int = 200
    """Pictures and attachments of one release, each time it names one."""
    picture_size: int = 50_000_000
    """Bytes of a picture's file."""
    picture_pixels: int = 64_000_000
    """Width times height; decoded, each takes four bytes."""
    attachment_size: int = 200_000_000
    """Bytes of an attachment."""


LIMITS = Limits()
"""Those of a newsroom that sets none."""
HIGHEST = Limits(
    release_size=10_000_000,
    keys_size=1_000_000,
    paragraph=200_000,
    elements=100_000,
    nesting=40,  # WeasyPrint fails at 100 to 200 elements within one another
    files=2_000,
    picture_size=LARGEST_FILE,
    picture_pixels=178_000_000,  # Pillow refuses more
    attachment_size=LARGEST_FILE,
)
