"""Which program this is: another version, or another library, may make other bytes."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from communique.census import take_census
from communique.digest import digest_of
from communique.premises import code_folder

LIBRARIES = (
    *(
        "babel",
        "feedgen",
        "icalendar",
        "jinja2",
        "lxml",
        "markdown_it_py",
        "mdit_py_plugins",
        "pagefind_bin",
        "pillow",
    ),
    *("pydantic", "pydyf", "pyyaml", "tinycss2", "tinyhtml5", "tzdata", "weasyprint"),
)
"""Whose versions may change what is read or made."""


@cache
def program_key() -> str:
    """Return a digest of the program's code, of Python's version and of the libraries'."""
    code = (
        f"{path} {digest_of((code_folder() / path).read_bytes())}"
        for path in sorted(take_census({".": code_folder()}).files)
    )
    return digest_of("\n".join([sys.version, *installed_versions(), *code]).encode())


def installed_versions() -> list[str]:
    """Return name and version of the `LIBRARIES`, from the names of their folders.

    `importlib.metadata` would tell the same, but takes longer to import than a whole build that
    has nothing to do.
    """
    found = []
    for place in map(Path, sys.path):
        if place.name != "site-packages" or not place.is_dir():
            continue
        names = (path.name for path in place.iterdir())
        found += [
            name
            for name in names
            if name.endswith(".dist-info") and name.partition("-")[0].lower() in LIBRARIES
        ]
    return sorted(found)
