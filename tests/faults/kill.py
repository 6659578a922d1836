"""Kill builds, again and again: `python -m tests.faults.kill --rounds 1000`, or `make faults`.

In each round an office changes something, a build of it is killed (SIGKILL: at one of its replaces,
one after the other, or at a random moment), and sometimes another change and another killed build
follow. After each kill `build/` is looked at as its readers see it: every link that can be followed
leads somewhere, and every file is, whole, that of an edition before or after. Then a build is left
in peace: what stands must be, byte for byte, what a clean build makes. No source may have changed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from communique.cli import run
from communique.commands.common import Machine
from communique.premises import shipped_layouts
from tests.faults.links import missing_links
from tests.office import Office

SITE = "https://press.example.org/"
HOUR = dt.timedelta(hours=1)
TOUCHES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir")
"""What Python tells of before it is done to a folder (its audit events)."""
PRIVATE = {"ahead", "build.lock", "ledger.sqlite", "look", "manuscripts.left", "manuscripts.sqlite"}
"""All that is left in the private folder when a build is over."""
NEWSROOM = """\
organization: {organization}
url: {site}
time_zone: America/New_York
languages: [en, es]
series:
  E: {{kind: release, language: en}}
  C: {{kind: release, language: es}}
  N: {{kind: advisory, language: all}}
topics:
  quays: {{en: Quays, es: Muelles}}
  ferries: {{en: Ferries, es: Transbordadores}}
contacts:
  desk: {{name: Press Desk, phone: +1-202-555-0150, email: desk@example.org}}
formats: [feeds, calendar, text, ninjs, newsml, index, news-sitemap, pictures, pack]
"""


@dataclass
class State:
    """All that a round may change; the files of the office follow from it."""

    text: int = 0
    title: int = 0
    embargo: dt.datetime | None = None
    ferries: bool = False
    """Two releases on a topic of their own that link to one another, and one that links to them."""
    withdrawn: bool = False
    advisory: bool = False
    picture: int = 40
    plan: bool = True
    brand: int = 0
    template: int = 0
    renamed: bool = False
    pdf: bool = False

    def files(self) -> dict[str, bytes]:
        """Return the office's files."""
        name = "Council of the Harbour" if self.renamed else "Harbour Council"
        template = (shipped_layouts() / "page/release.html.j2").read_text(encoding="utf-8")
        related = "related: [E-002/26]" if self.ferries else ""
        texts = {
            "newsroom.yaml": NEWSROOM.format(organization=name, site=SITE),
            "layouts/assets/brand.css": f":root {{ --brand: #{self.brand % 900 + 100} }}",
            "layouts/page/release.html.j2": f"{template}{{# {self.template} #}}",
            "releases/plan.txt": "The plan." * (1 + self.text),
            "releases/E-001-26.md": _release(
                "E-001/26", f"Quay number {self.title}", related, body=f"Text {self.text}."
            ),
            "releases/E-003-26.md": _release(
                "E-003/26",
                "The third",
                "topics: [quays]",
                f"embargo: {self.embargo:%Y-%m-%d %H:%M} UTC" if self.embargo else "",
                "images: [{file: quay.png, alt: The quay}]",
            ),
            "releases/E-004-26.md": _release(
                "E-004/26",
                "The fourth",
                "withdrawn: {when: 2026-03-02 05:00, reason: Wrong.}" if self.withdrawn else "",
                "attachments: [{file: plan.txt, title: Plan}]" if self.plan else "",
            ),
        }
        if self.ferries:
            texts["releases/E-002-26.md"] = _release(
                "E-002/26", "Ferries", "topics: [ferries]", body="See [it](C-002/26)."
            )
            texts["releases/C-002-26.md"] = _release("C-002/26", "Barcos", "topics: [ferries]")
        if self.advisory:
            for language in ("en", "es"):
                texts[f"releases/N-001-26-{language}.md"] = _release(
                    "N-001/26", f"Visit {language}", f"language: {language}"
                )
        data = {path: text.encode() for path, text in texts.items()}
        return {**data, "releases/quay.png": _picture(self.picture)}


def _release(reference: str, title: str, *keys: str, body: str = "The council met.") -> str:
    head = "\n".join(filter(None, keys))
    return f"---\nreference: {reference}\ntitle: {title}\ndate: 2026-03-01\n{head}\n---\n\n{body}\n"


def _picture(width: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, 20), "navy").save(buffer, "PNG")
    return buffer.getvalue()


KINDS = (
    *("text", "title", "ferries", "withdrawn", "advisory", "picture", "plan", "brand"),
    *("template", "renamed", "embargo", "lift", "everything", "pdf"),
)


@dataclass
class Round:
    """What must hold while editions are under way."""

    editions: list[Mapping[str, bytes]]
    """The one that stood when it began, and those that were begun since."""

    def check(self, found: Mapping[str, bytes]) -> None:
        """Look at `build/` as its readers do."""
        for path, data in found.items():
            if not path.rpartition("/")[2].startswith(".communique-"):
                assert any(edition.get(path) == data for edition in self.editions), (
                    f"{path} is of no edition: {data[:60]!r}"
                )
        lasting = set.intersection(*(set(edition) for edition in self.editions))
        assert lasting <= found.keys(), f"lost: {sorted(lasting - found.keys())}"
        missing = missing_links(found, SITE, lasting)
        assert not missing, f"readers miss {missing}"


@dataclass
class Shift:
    """An office whose builds are killed."""

    office: Office
    chance: random.Random
    kinds: Sequence[str] = KINDS
    step: int = 1
    """How many replaces further the next build of a kind comes."""
    now: dt.datetime = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
    state: State = field(default_factory=State)
    turn: int = 0
    next_touch: Counter[str] = field(default_factory=Counter)
    """Kind of change → the replace at which its next build is killed."""
    lasts_s: dict[str, float] = field(default_factory=dict)
    tally: Counter[str] = field(default_factory=Counter)

    def begin(self) -> None:
        """Lay out the office, and build it once."""
        self._write()
        self._complete()

    def play(self, number: int) -> None:
        """Play one round."""
        kind = self.kinds[number % len(self.kinds)]
        at_replace = number // len(self.kinds) % 2 == 0
        editions = Round([self.office.published()])
        story = []
        while True:
            if kind == "lift" and self._put_under_embargo():
                editions = Round([self.office.published()])
            self._change(kind)
            story.append(f"{kind} {'at a replace' if at_replace else 'at random'}")
            before = self._sources()
            editions.editions.append(self._clean())
            self._kill(kind, at_replace)
            try:
                editions.check(self.office.published())
                assert self._sources() == before, "a source was changed"
            except AssertionError as error:
                raise AssertionError(f"{'; '.join(story)}: {error}") from None
            if self.chance.random() < 0.75:
                break
            kind, at_replace = self.chance.choice(self.kinds), self.chance.random() < 0.5
        try:
            self._complete()
            found, wanted = self.office.published(), editions.editions[-1]
            differing = {path for path in {*found, *wanted} if found.get(path) != wanted.get(path)}
            assert not differing, f"not as a clean build makes it: {sorted(differing)}"
            folders = [path for path in self.office.folder.build.rglob("*") if path.is_dir()]
            empty = [path for path in folders if not any(path.iterdir())]
            assert not empty, f"empty folders are left: {empty}"
            kept = {path.name for path in self.office.folder.private.iterdir()}
            assert kept <= PRIVATE, f"left in private: {kept - PRIVATE}"
            assert self._sources() == before, "a source was changed"
        except AssertionError as error:
            raise AssertionError(f"after {'; '.join(story)}: {error}") from None

    def _change(self, kind: str) -> None:
        """Do what officers do between two builds."""
        state = self.state
        state.pdf = kind == "pdf"
        if kind in ("text", "everything"):
            state.text += 1
        if kind in ("title", "everything"):
            state.title += 1
        if kind in ("ferries", "everything"):
            state.ferries = not state.ferries
        if kind in ("withdrawn", "everything"):
            state.withdrawn = not state.withdrawn
        if kind in ("advisory", "everything"):
            state.advisory = not state.advisory
        if kind in ("picture", "everything"):
            state.picture = 1400 if state.picture == 40 else 40
        if kind in ("plan", "everything"):
            state.plan = not state.plan
        if kind in ("brand", "everything"):
            state.brand += 1
        if kind == "template":
            state.template += 1
        if kind == "renamed":
            state.renamed = not state.renamed
        if kind == "embargo":
            state.embargo = self.now + HOUR
        if kind == "lift":
            assert state.embargo is not None, "only what is under embargo comes out of it"
            self.now = state.embargo
        self._write()

    def _put_under_embargo(self) -> bool:
        """Have an edition wait for its instant, if none does; tell whether that was necessary."""
        if self.state.embargo is not None and self.state.embargo > self.now:
            return False
        self.state.embargo = self.now + HOUR
        self.state.pdf = False
        self._write()
        self._complete()
        return True

    def _write(self) -> None:
        """Bring the office's files up to date, each with an earlier time of its own."""
        wanted = self.state.files()
        for path in {*wanted, *self._sources()}:
            file = self.office.root / path
            if path not in wanted:
                file.unlink()
            elif not file.exists() or file.read_bytes() != wanted[path]:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(wanted[path])
                self.turn += 1
                os.utime(file, (1_700_000_000 + self.turn,) * 2)

    def _sources(self) -> dict[str, tuple[bytes, int]]:
        root = self.office.root
        return {
            path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
            for top in ("newsroom.yaml", "releases", "layouts")
            for path in [root / top, *(root / top).rglob("*")]
            if path.is_file()
        }

    @property
    def _command(self) -> list[str]:
        return ["build", "--jobs", "1", *([] if self.state.pdf else ["--no-pdf"])]

    def _kill(self, kind: str, at_replace: bool) -> None:
        """Begin to build in a process of its own, and kill that."""
        key = f"{kind} {getattr(self.state, kind, '') is True}"
        touch = self.next_touch[key] if at_replace else None
        delay = self.chance.uniform(0, self.lasts_s.get(kind, 0.5))
        begun = time.monotonic()
        child = os.fork()
        if not child:
            self._build_until(touch)
        if touch is None:
            time.sleep(delay)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        self.tally["builds"] += 1
        if os.WIFSIGNALED(status):
            self.tally["killed"] += 1
            self.tally["killed at a replace"] += at_replace
            self.next_touch[key] += self.step * at_replace
        else:
            assert os.waitstatus_to_exitcode(status) == 0, f"exit code {status}"
            self.lasts_s[kind] = time.monotonic() - begun
            if at_replace:
                self.next_touch[key] = self.chance.randrange(self.step)

    def _build_until(self, touch: int | None) -> None:
        """Build, and die at a replace; this process does not come back from here."""
        count = 0
        build = f"{self.office.folder.build}/"

        def on_event(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal count
            if event in TOUCHES and build in str(arguments[:2]):
                if count == touch:
                    os.kill(os.getpid(), signal.SIGKILL)
                count += 1

        code = 70
        try:
            os.chdir(self.office.root)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            sys.addaudithook(on_event)
            code = run(self._command, Machine(self.now))
        finally:
            os._exit(code)

    def _complete(self) -> None:
        """Build in peace."""
        ran = self.office.run(*self._command, now=self.now)
        assert (ran.code, ran.err) == (0, ""), f"{ran.code}: {ran.err}"

    def _clean(self) -> Mapping[str, bytes]:
        """Return what a copy that was never built publishes.

        Only its templates stay compiled from one time to the next, which no kill has touched.
        """
        look = self.office.root.with_name("look")
        with tempfile.TemporaryDirectory(dir=self.office.root.parent) as folder:
            twin = Office(Path(folder))
            for path, data in self.state.files().items():
                file = twin.root / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)
            twin.folder.private.mkdir()
            if look.exists():
                look.rename(twin.folder.private / "look")
            twin.build(self.now, offers_pdf=self.state.pdf)
            (twin.folder.private / "look").rename(look)
            return twin.published()


def play(
    root: Path,
    rounds: Iterable[int],
    seed: int,
    kinds: Sequence[str] = KINDS,
    step: int = 1,
    build: Path | None = None,
) -> Counter[str]:
    """Play rounds in an office in `root`, and count what became of the builds.

    `kinds` are the changes, in turn; `build` is where `build/` leads to, if it lies elsewhere.
    """
    office = Office(root / "office")
    office.root.mkdir(parents=True)
    if build is not None:
        office.folder.build.symlink_to(build)
    shift = Shift(office, random.Random(seed), kinds, step)
    shift.begin()
    for number in rounds:
        try:
            shift.play(number)
        except AssertionError as error:
            raise AssertionError(f"round {number}, seed {seed}: {error}") from None
        shift.tally["rounds"] += 1
    return shift.tally


def main() -> None:
    """Play as many rounds as the command line says, and tell what came of it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--first", type=int, default=0, help="the number of the first round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--step", type=int, default=1, help="kill at every so many-th replace")
    parser.add_argument("--build", type=Path, help="where build/ is to lie, such as /dev/shm")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="communique-kill-"))
    elsewhere = Path(tempfile.mkdtemp(dir=chosen.build)) if chosen.build else None
    begun = time.monotonic()
    rounds = range(chosen.first, chosen.first + chosen.rounds)
    try:
        tally = play(folder, rounds, chosen.seed, chosen.kinds, chosen.step, elsewhere)
    except AssertionError as error:
        sys.exit(f"{error}\nit all lies in {folder}")
    shutil.rmtree(folder)
    if elsewhere:
        shutil.rmtree(elsewhere)
    print(
        f"{tally['rounds']} rounds: of {tally['builds']} builds {tally['killed']} were killed, "
        f"{tally['killed at a replace']} of them at a replace; after each, every link led "
        "somewhere, every file was whole, and the next build was as a clean one "
        f"({time.monotonic() - begun:.0f} s)"
    )


if __name__ == "__main__":
    main()
