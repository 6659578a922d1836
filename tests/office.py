"""An invented office, Harbour Council, as small as a test needs it: in memory, and in a folder."""

from __future__ import annotations

import atexit
import contextlib
import datetime as dt
import io
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from communique.build import BuildReport, Settings
from communique.build import build as run_build
from communique.cards import card_of, stub_of
from communique.catalogue import Catalogue, collect
from communique.cli import run
from communique.commands.common import Machine
from communique.diagnostics import Checked, Diagnostic
from communique.disk import NewsroomFolder
from communique.edition import Edition, PublicRelease
from communique.holdings import read_furnishings
from communique.layouts import Layouts
from communique.newsroom import Newsroom
from communique.newsroom_file import read_newsroom
from communique.production import hidden
from communique.release import Manuscript, Release
from communique.rendering import Press, PressHere
from communique.source import Source

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
"""When the tests take place; 07:00 in the office."""
NEWSROOM = """\
organization: {name: Harbour Council, short_name: HC}
url: https://press.example.org
time_zone: America/New_York
languages: [en, es]
series:
  E: {kind: release, language: en}
  C: {kind: release, language: es}
  N: {kind: advisory, language: all}
topics:
  quays: {en: Quays, es: Muelles}
  ferries: {en: Ferries, es: Transbordadores}
contacts:
  desk: {name: Press Desk, phone: +1-202-555-0150, email: desk@example.org}
formats: []
"""
"""Pages, PDFs and RSS alone; the other formats have tests of their own."""


def newsroom_of(text: str = NEWSROOM) -> Newsroom:
    """Return the newsroom that a `newsroom.yaml` describes."""
    checked = read_newsroom(Source.of_text("newsroom.yaml", text))
    assert checked.value is not None, checked.diagnostics
    return checked.value


def collected(*releases: Release, faulty: Sequence[Manuscript] = ()) -> Checked[Catalogue]:
    """Collect releases as they stand beside one another."""
    newsroom = newsroom_of()
    cards = [card_of(release, newsroom) for release in releases]
    by_path = {release.path: release for release in releases}
    return collect(cards, map(stub_of, faulty), newsroom, by_path.__getitem__)


def catalogue_of(*releases: Release, faulty: Sequence[Manuscript] = ()) -> Catalogue:
    """Collect releases that have nothing wrong with them."""
    checked = collected(*releases, faulty=faulty)
    assert checked.diagnostics == ()
    assert checked.value is not None
    return checked.value


def problems_of(*releases: Release, faulty: Sequence[Manuscript] = ()) -> tuple[Diagnostic, ...]:
    """Return what is wrong with releases as they stand beside one another."""
    return collected(*releases, faulty=faulty).diagnostics


def opened(edition: Edition) -> list[PublicRelease]:
    """Return every release of an edition whole, newest first."""
    return [edition.open(entry) for entry in edition.entries]


@dataclass
class Ran:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Office:
    """A newsroom in a folder, without PDFs unless a test asks for them."""

    root: Path

    @classmethod
    def open(cls, root: Path, newsroom: str = NEWSROOM) -> Office:
        office = cls(root)
        office.write("newsroom.yaml", newsroom)
        give_compiled_look(office.folder)
        return office

    @property
    def folder(self) -> NewsroomFolder:
        return NewsroomFolder(self.root)

    def write(self, path: str, text: str) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="")
        return target

    def write_release(
        self, reference: str, *lines: str, body: str = "The council met.", name: str = ""
    ) -> Path:
        """Write a release of 2026-03-01 with a title; `lines` add keys, or replace these."""
        keys = {"title": f"title: Title of {reference}", "date": "date: 2026-03-01"}
        keys |= {line.partition(":")[0]: line for line in lines}
        head = "\n".join((f"reference: {reference}", *keys.values()))
        slug = reference.replace("/", "-")
        return self.write(f"releases/{name or slug}.md", f"---\n{head}\n---\n\n{body}\n")

    def run(self, *arguments: str, now: dt.datetime = NOON, inside: str = "") -> Ran:
        """Run one command in the newsroom's folder, or in one below it."""
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.chdir(self.root / inside),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = run(arguments, Machine(now))
        return Ran(code, out.getvalue(), err.getvalue())

    def build(
        self,
        now: dt.datetime = NOON,
        *,
        offers_pdf: bool = False,
        verify: bool = False,
        press_of: Callable[[Layouts], Press] = PressHere,
    ) -> BuildReport:
        """Publish what is public at `now`."""
        return run_build(
            self.folder,
            now,
            Settings(offers_pdf, verify),
            press_of=press_of,
            progress=hidden,
            on_wait=never_waits,
        )

    def published(self) -> Mapping[str, bytes]:
        """Return the files of `build/`."""
        return {
            path.relative_to(self.folder.build).as_posix(): path.read_bytes()
            for path in sorted(self.folder.build.rglob("*"))
            if path.is_file()
        }

    def page(self, path: str) -> str:
        return (self.folder.build / path).read_text(encoding="utf-8")


def give_compiled_look(folder: NewsroomFolder) -> None:
    """Have a new newsroom begin with the program's look compiled."""
    shutil.copytree(_compiled_look(), folder.private / "look")
    folder.private.chmod(0o700)


@cache
def _compiled_look() -> Path:
    """Return what builds keep of the program's look, once they used all of it.

    To compile it takes ten times as long as all else in a small office, and each test has one.
    """
    kept = TemporaryDirectory()
    atexit.register(kept.cleanup)
    office = Office(Path(kept.name))
    office.write("newsroom.yaml", NEWSROOM)
    office.write_release("E-001/26", "topics: [quays]")
    office.write_release("E-002/26", "topics: [quays]")
    assert office.build().published
    furnished = read_furnishings(office.folder).value
    assert furnished is not None
    layouts = furnished.layouts
    layouts.recall()
    for name in layouts.files:
        if name.endswith(".j2"):
            layouts.environment.get_template(name)
            layouts.digest(name)
    layouts.note()
    return office.folder.private / "look"


def never_waits() -> None:
    """Fail: no other build should be at work."""
    raise AssertionError("the build waited for another one")
