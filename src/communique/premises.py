"""Where everything lies: the newsroom's folders, and the program's own.

What comes in: a folder. What goes out: paths, and a census of what lies there. Reading is the
business of `communique.disk`; this module imports next to nothing (see `communique.idle`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from communique.census import Census, take_census

NEWSROOM_FILE = "newsroom.yaml"
ANNOUNCED_FILE = "announced.csv"


class NoNewsroomError(Exception):
    """There is no `newsroom.yaml` here or above."""


@dataclass(frozen=True, slots=True)
class Premises:
    """The folder that holds `newsroom.yaml`, and where things are in it."""

    root: Path

    @classmethod
    def around(cls, start: Path) -> Self:
        """Find the newsroom that `start` lies in, as git finds its repository.

        Raises: `NoNewsroomError`.
        """
        start = start.resolve()
        for folder in (start, *start.parents):
            if (folder / NEWSROOM_FILE).is_file():
                return cls(folder)
        raise NoNewsroomError(f"there is no {NEWSROOM_FILE} in {start}, nor in a folder above it")

    @property
    def releases(self) -> Path:
        """Return where the officers' files are."""
        return self.root / "releases"

    @property
    def build(self) -> Path:
        """Return what is published."""
        return self.root / "build"

    @property
    def private(self) -> Path:
        """Return where the program keeps its own records, outside of what is published."""
        return self.root / ".communique"

    def census(self) -> Census:
        """Look at everything that a build depends on: the office's files, and the program's."""
        roots = {
            NEWSROOM_FILE: self.root / NEWSROOM_FILE,
            ANNOUNCED_FILE: self.root / ANNOUNCED_FILE,
            "releases": self.releases,
            "layouts": self.root / "layouts",
            "program": code_folder(),
        }
        if shipped_layouts().resolve() != roots["layouts"].resolve():
            roots["shipped"] = shipped_layouts()
        return take_census(roots)


def code_folder() -> Path:
    """Return the folder of this program's own code."""
    return Path(__file__).parent


def shipped_layouts() -> Path:
    """Return the program's own look: inside the installed package, or in the working copy."""
    installed = code_folder() / "_layouts"
    return installed if installed.is_dir() else code_folder().parents[1] / "layouts"
