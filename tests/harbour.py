"""An invented office, and the desk its releases are read at, for tests that need no folder."""

from __future__ import annotations

from communique.companions import FileFault, PictureFile
from communique.desk import Desk
from communique.manuscript import read_release
from communique.newsroom import Newsroom
from communique.newsroom_file import read_newsroom
from communique.release import Asset, Manuscript
from communique.source import Source, read_source
from communique.typography import QuotationMarks

ENGLISH: QuotationMarks = ("“", "”", "‘", "’")
FRENCH: QuotationMarks = ("«\u202f", "\u202f»", "“", "”")
NEWSROOM = """
organization: Harbour Council
url: https://press.example.org
time_zone: America/New_York
languages: [en, fr]
series:
  E: release
  F: {kind: release, language: fr}
topics: {fisheries: Fisheries}
"""


class Beside:
    """The files beside every release: four pictures, and `plan.pdf`."""

    def picture(self, file: str) -> PictureFile | FileFault:
        widths = {"quay.png": 1000, "wide.png": 4000, "small.png": 400, "heavy.png": 1200}
        if file not in widths:
            return FileFault("file-missing", f"there is no file `{file}`")
        size = 3_400_000 if file == "heavy.png" else 9
        return PictureFile(Asset(f"releases/{file}", file, "d", size), widths[file], 300)

    def document(self, file: str) -> Asset | FileFault:
        if file != "plan.pdf":
            return FileFault("file-missing", f"there is no file `{file}`")
        return Asset("releases/plan.pdf", "plan.pdf", "d", 9)


def newsroom(text: str = NEWSROOM) -> Newsroom:
    checked = read_newsroom(Source.of_text("newsroom.yaml", text))
    assert checked.value is not None, checked.diagnostics
    return checked.value


def desk() -> Desk:
    return Desk(newsroom(), {"en": ENGLISH, "fr": FRENCH}, lambda path: Beside())


def read(data: bytes, at: Desk) -> Manuscript:
    """Read a release as it lies on the disk."""
    source = read_source("releases/case.md", data)
    if source.value is None:
        return Manuscript("releases/case.md", None, source.diagnostics, False, None)
    return read_release(source.value, at).after(source.diagnostics)
