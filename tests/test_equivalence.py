"""Whatever happened before, a build leaves in `build/` what a clean one would make, byte for byte.

An office goes through a random but repeatable life: texts, photographs and the newsroom's own file
are edited, moved, taken out and brought back; embargoes, corrections and withdrawals come and go;
the look changes; the clock steps forwards and backwards. After every step the office is built, in
one of the ways there are, and compared with a copy that has never been built.

`make test` goes through eight steps, `make long` through three dozen more. Many more, before a
release of the program::

    COMMUNIQUE_EQUIVALENCE_STEPS=500 .venv/bin/pytest -n auto -m "" tests/test_equivalence.py
"""

from __future__ import annotations

import datetime as dt
import io
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from communique.idle import files_standing
from communique.layouts import Layouts
from communique.rendering import Press, PressHere, PressOfProcesses
from tests.office import Office
from tests.sampling import few_first

STEPS = int(os.environ.get("COMMUNIQUE_EQUIVALENCE_STEPS", "32"))
"""In all lives without PDFs together."""
LIVES = 4
PDF_STEPS = max(3, STEPS // 30)
START = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
MOMENTS = tuple(
    dt.datetime(2026, 3, day, hour, tzinfo=dt.UTC) for day in (1, 2, 3, 4) for hour in (5, 10, 17)
)
"""When embargoes end, corrections are made and releases withdrawn."""
TICK = dt.timedelta(microseconds=1)
FERRIES = "ferries: {en: Ferries, es: Barcos, fr: Bacs}"
NEWSROOM = {
    "organization": "{name: Harbour Council, short_name: HC}",
    "url": "https://press.example.org",
    "time_zone": "America/New_York",
    "languages": "[en, es, fr]",
    "series": "{E: {kind: release, language: en}, C: {kind: release, language: es}, "
    "N: {kind: advisory, language: all}}",
    "topics": f"{{quays: {{en: Quays, es: Muelles, fr: Quais}}, {FERRIES}}}",
    "contacts": "{desk: {name: Press Desk, phone: +1-202-555-0150, email: desk@example.org}, "
    "duty: {name: Duty Officer, email: duty@example.org}}",
    "boilerplate": "The council keeps the harbour.",
}
NEWSROOM_EDITS = {
    "organization": ("{name: Council of the Harbour, short_name: CH}",),
    "url": ("https://www.example.org/press/",),
    "time_zone": ("Europe/Paris",),
    "languages": ("[es, en, fr]",),
    "series": (
        "{E: {kind: release, language: en}, C: {kind: release, language: es}, "
        "N: {kind: advisory, language: en}}",
        "{E: {kind: statement, language: fr}, C: {kind: release, language: es}, "
        "N: {kind: advisory, language: all}}",
    ),
    "topics": (
        f"{{quays: {{en: Piers, es: Muelles, fr: Quais}}, {FERRIES}}}",
        f"{{{FERRIES}, quays: {{en: Zones, es: Muelles, fr: Quais}}}}",
    ),
    "contacts": (
        "{duty: {name: Duty Officer, email: duty@example.org}, "
        "desk: {name: Front Desk, email: desk@example.org}}",
    ),
    "default_contacts": ("[duty]",),
    "boilerplate": ("The council keeps the harbour and its lights.",),
    "notice": ("All times are local.",),
    "links": ("[{label: Council, url: 'https://example.org'}]",),
    "paper": ("Letter",),
    "tag_authority": ("old.example.org",),
    "formats": (
        "[]",
        "[feeds, calendar, text, ninjs, newsml, index, news-sitemap, pictures, pack]",
        "[calendar, pack]",
    ),
}
LAYOUTS = {
    "page/release.html.j2": (
        "<title>{{ release.title }}</title>{{ release.contacts | length }}",
        '{% include "page/extra.html.j2" ignore missing %}{{ release.body.text }}',
        "{{ release.colour }}",
    ),
    "page/extra.html.j2": ("extra {{ site.organization }}", "{% if true %}more{% endif %}"),
    "page/front.html.j2": ("{% for each in entries %}{{ each.title }} {% endfor %}",),
    "page/parts.html.j2": (),
    "feed/item.html.j2": ("<p>{{ release.lead }}</p>",),
    "print/print.css": ("@page { size: A5 }", "body { color: #333 }"),
    "print/release.html.j2": (),
    "assets/brand.css": (":root { --brand: #123 }", ":root { --brand: #456 }"),
    "assets/logo.svg": (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>HC</title></svg>',
    ),
    "phrases/en.yaml": ("newsroom: Press room", "newsroom: Newsdesk"),
    "phrases/es.yaml": ("newsroom: Prensa",),
}
SHIPPED = Path(__file__).parents[1] / "layouts"


@dataclass
class Page:
    """A release file as the officers know it: its keys, its text and where it lies."""

    path: str
    keys: dict[str, str]
    body: str = "The council met."

    @property
    def text(self) -> str:
        lines = "\n".join(f"{key}: {value}" for key, value in self.keys.items())
        return f"---\n{lines}\n---\n\n{self.body}\n"


@dataclass
class Life:
    """What happens to an office, step by step."""

    office: Office
    chance: random.Random
    offers_pdf: bool = False
    now: dt.datetime = START
    pages: dict[str, Page] = field(default_factory=dict)
    """By path."""
    newsroom: dict[str, str] = field(default_factory=lambda: dict(NEWSROOM))
    aside: list[tuple[Path, Path, Page | None]] = field(default_factory=list)
    """Files that were taken out of the office: where they are, where they were."""
    failed: bool = False
    """Whether the last build found errors."""
    is_quiet: bool = True
    """Whether nothing but the time changed since the last build."""
    diary: list[str] = field(default_factory=list)
    ways: Counter[str] = field(default_factory=Counter)
    """How often each way to build had its turn, and what came of it."""

    def begin(self) -> None:
        for number in range(1, 5):
            self._add(f"E-{number:03}/26", topics="[quays]" if number % 2 else "[quays, ferries]")
        self._add("E-040/25", date="2025-12-31")
        self._add("E-005/26", embargo="2026-03-03 10:00 UTC", related="[E-001/26]")
        self._add("E-006/26", draft="yes")
        self._add("C-001/26", topics="[quays]")
        self._add("C-040/26", date="2026-01-01")
        talk = "{when: 2026-03-02 10:00 UTC, until: 2026-03-03 17:00 UTC, where: Old Mole}"
        self._add("N-001/26", language="en", name="N-001-en", event=talk, countries="[CO]")
        self._add("N-001/26", language="es", name="N-001-es")
        self._add("N-002/26", language="fr", images="[{file: wide.png, alt: The harbour}]")
        picture = "[{file: quay.png, alt: The quay}]"
        self._add("E-007/26", images=picture, attachments="[{file: plan.txt, title: Plan}]")
        self._add("E-008/26", body="See [the first](E-001/26).\n\n![A quay](quay.png)")
        self._add(
            "E-009/26", corrections="[{when: 2026-03-03 10:00 UTC, note: The price was wrong.}]"
        )
        self._add(
            "E-017/26",
            images=picture,
            attachments="[{file: plan.txt, title: Plan}]",
            withdrawn="{when: 2026-03-03 10:00 UTC, reason: Not decided.}",
        )
        self._write_newsroom()
        self._paint("quay.png", 40)
        self._paint("wide.png", 1400)
        self.office.write("releases/plan.txt", "The plan.")

    def take_a_step(self) -> None:
        step: Callable[[Life], str]
        if len(self.diary) < len(OPENING):
            step = OPENING[len(self.diary)]
        elif self.failed and self.chance.random() < 0.6:
            step = Life.repair
        else:
            step = self.chance.choice(STEPS_OF_A_LIFE)
        self.is_quiet = step in QUIET
        self.diary.append(f"{step.__name__.strip('_')} {step(self) or ''}")

    # What officers do to a text.

    def edit_text(self) -> str:
        page = self._some_page()
        page.body = f"The council met {self.chance.randrange(1000)} times.\n\nIt dined."
        return self._write(page)

    def edit_title(self) -> str:
        return self._set("title", f"Title {self.chance.randrange(1000)}")

    def summarize(self) -> str:
        return self._toggle("summary", f"In short {self.chance.randrange(10)}.")

    def change_topics(self) -> str:
        return self._toggle("topics", self.chance.choice(["[quays]", "[ferries, quays]"]))

    def relate(self) -> str:
        named = self._some_page().keys["reference"]
        return self._toggle("related", f"[{named}]")

    def mention(self) -> str:
        page = self._some_page()
        page.body = f"See [it]({self._some_page().keys['reference']})."
        return self._write(page)

    def date_again(self) -> str:
        return self._set("date", f"2026-0{self.chance.randint(1, 3)}-01")

    def comment(self) -> str:
        page = self._some_page()
        page.keys = {"# note": str(self.chance.random()), **page.keys}
        return self._write(page)

    def touch(self) -> str:
        page = self._some_page()
        os.utime(self.office.root / page.path)
        return page.path

    def misspell_a_topic(self) -> str:
        return self._toggle("topics", "[unheard-of]")

    def repair(self) -> str:
        """Put right whatever may have kept the last build from publishing."""
        for page in self.pages.values():
            before = page.text
            page.keys.pop("related", None)
            if page.keys.get("topics") == "[unheard-of]":
                del page.keys["topics"]
            if page.body.startswith("See [it]"):
                page.body = "The council met."
            if page.text != before:
                self._write(page)
        for name in ("page/release.html.j2", "page/extra.html.j2"):
            (self.office.root / "layouts" / name).unlink(missing_ok=True)
        for name in ("quay.png", "wide.png", "plan.txt"):
            folder = self.office.root / "releases"
            for place in (folder, folder / "spring"):
                if place.is_dir() and not (place / name).exists():
                    place.joinpath(name).write_bytes(_picture(self.chance, 40))
        return ""

    # What officers do to a release.

    def draft(self) -> str:
        return self._toggle("draft", "yes")

    def put_under_embargo(self) -> str:
        return self._toggle("embargo", self._moment())

    def announce_event(self) -> str:
        return self._toggle("event", f"{{when: {self._moment()}, what: A talk}}")

    def name_countries(self) -> str:
        return self._toggle("countries", self.chance.choice(["[CO]", "[FR, CO]"]))

    def correct(self) -> str:
        notes = (
            f"{{when: {self._moment()}, note: Wrong {at}.}}"
            for at in range(self.chance.choice((1, 1, 2)))
        )
        return self._toggle("corrections", f"[{', '.join(notes)}]")

    def withdraw(self) -> str:
        return self._toggle("withdrawn", f"{{when: {self._moment()}, reason: Not decided.}}")

    def call_somebody_else(self) -> str:
        return self._toggle("contacts", "[duty]")

    def add_release(self) -> str:
        number = self.chance.randint(10, 16)
        series, language = self.chance.choice(
            [("E", ""), ("C", ""), ("N", "en"), ("N", "es"), ("N", "fr")]
        )
        extra = {"language": language} if language else {}
        name = f"{series}-{number:03}{language}"
        return self._add(f"{series}-{number:03}/26", name=name, topics="[ferries]", **extra)

    def delete_release(self) -> str:
        page = self._some_page()
        if len(self.pages) < 8:
            return ""
        (self.office.root / page.path).unlink()
        del self.pages[page.path]
        return page.path

    def take_release_out(self) -> str:
        page = self._some_page()
        if len(self.pages) < 8:
            return ""
        del self.pages[page.path]
        return self._put_aside(page.path, page)

    def bring_back(self) -> str:
        """Bring back what was taken out: the same file, with the time of its last change."""
        if not self.aside:
            return ""
        here, there, page = self.aside.pop(self.chance.randrange(len(self.aside)))
        there.parent.mkdir(parents=True, exist_ok=True)
        here.rename(there)
        if page is not None:
            self.pages[page.path] = page
        return str(there.relative_to(self.office.root))

    def rename_file(self) -> str:
        page = self._some_page()
        name = f"{self.chance.choice(['', '', 'spring/'])}renamed-{self.chance.randrange(99)}"
        target = self.office.root / f"releases/{name}.md"
        if target.exists():
            return ""
        target.parent.mkdir(exist_ok=True)
        (self.office.root / page.path).rename(target)
        del self.pages[page.path]
        old, page.path = page.path, f"releases/{name}.md"
        self.pages[page.path] = page
        return f"{old} → {page.path}"

    # What officers do to the files beside releases.

    def repaint(self) -> str:
        return self._paint("quay.png", 40)

    def repaint_wider(self) -> str:
        return self._paint(self.chance.choice(["quay.png", "wide.png"]), self._width())

    def rewrite_plan(self) -> str:
        self.office.write("releases/plan.txt", f"Plan {self.chance.randrange(9)}.")
        return "plan.txt"

    def take_companion_out(self) -> str:
        name = self.chance.choice(["quay.png", "wide.png", "plan.txt"])
        exists = (self.office.root / "releases" / name).exists()
        return self._put_aside(f"releases/{name}", None) if exists else ""

    def lay_something_beside(self) -> str:
        return self._paint(f"quay{self.chance.randrange(3)}.png", 30)

    # What happens to the newsroom and its look.

    def edit_newsroom(self) -> str:
        key = self.chance.choice(list(NEWSROOM_EDITS))
        value = self.chance.choice([*NEWSROOM_EDITS[key], None])
        if value is None and key in NEWSROOM:
            value = NEWSROOM[key]
        if value is None:
            self.newsroom.pop(key, None)
        else:
            self.newsroom[key] = value
        self._write_newsroom()
        return f"{key}: {value}"

    def edit_layout(self) -> str:
        name = self.chance.choice(list(LAYOUTS))
        path = self.office.root / "layouts" / name
        shipped = SHIPPED / name
        versions: list[str | None] = [None, *LAYOUTS[name]]
        if shipped.exists() and name.startswith(("page/", "print/")):
            mark = self.chance.randrange(9)
            comment = f"/* {mark} */" if name.endswith(".css") else f"<!-- {mark} -->"
            versions.append(shipped.read_text(encoding="utf-8") + comment)
        text = self.chance.choice(versions)
        if text is not None:
            self.office.write(f"layouts/{name}", text)
        elif path.exists():
            path.unlink()
        return f"{name}: {(text or 'as shipped')[:40]!r}"

    # What happens to time, and to what the program keeps.

    def step_in_time(self) -> str:
        moment = self.chance.choice(MOMENTS)
        self.now = self.chance.choice([moment, moment, moment - TICK, moment + TICK])
        return self.now.isoformat()

    def wait(self) -> str:
        """Let the next change of the edition come, as a scheduled job meets it."""
        later = [moment for moment in MOMENTS if moment > self.now]
        self.now = later[0] if later else self.now
        return self.now.isoformat()

    def do_nothing(self) -> str:
        return ""

    def lose_what_the_program_keeps(self) -> str:
        name = self.chance.choice(["manuscripts.sqlite", "ahead", "ledger.sqlite"])
        path = self.office.folder.private / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        if name == "ledger.sqlite":
            # Without it nobody knows which files of the look are ours; all else is found out.
            shutil.rmtree(self.office.folder.build / "assets", ignore_errors=True)
        return name

    def lose_build(self) -> str:
        shutil.rmtree(self.office.folder.build, ignore_errors=True)
        return ""

    # Below, how it is done.

    def _add(self, reference: str, *, name: str = "", body: str = "", **keys: str) -> str:
        path = f"releases/{name or reference.replace('/', '-')}.md"
        if any(
            (page.keys["reference"], page.keys.get("language")) == (reference, keys.get("language"))
            for page in [*self.pages.values(), *(page for *_, page in self.aside if page)]
        ):
            return ""
        title = {"title": f"Title of {reference}", "date": "2026-03-01"}
        page = Page(path, {"reference": reference, **title, **keys}, body or "The council met.")
        self.pages[path] = page
        return self._write(page)

    def _some_page(self) -> Page:
        return self.pages[self.chance.choice(sorted(self.pages))]

    def _set(self, key: str, value: str) -> str:
        page = self._some_page()
        if key == "date" and not page.keys["reference"].endswith("/26"):
            return ""
        page.keys[key] = value
        return f"{self._write(page)} {key}: {value}"

    def _toggle(self, key: str, value: str) -> str:
        """Give a release the key, or take it from it; one in two that can has it taken."""
        having = [page for page in self.pages.values() if key in page.keys]
        if having and self.chance.random() < 0.5:
            page = self.chance.choice(sorted(having, key=lambda page: page.path))
            del page.keys[key]
            return f"{self._write(page)} without {key}"
        return self._set(key, value)

    def _write(self, page: Page) -> str:
        self.office.write(page.path, page.text)
        return page.path

    def _write_newsroom(self) -> None:
        lines = (f"{key}: {value}\n" for key, value in self.newsroom.items())
        self.office.write("newsroom.yaml", "".join(lines))

    def _put_aside(self, path: str, page: Page | None) -> str:
        target = self.office.root / f"aside/{len(self.diary)}"
        target.parent.mkdir(exist_ok=True)
        (self.office.root / path).rename(target)
        self.aside.append((target, self.office.root / path, page))
        return path

    def _paint(self, name: str, width: int) -> str:
        (self.office.root / "releases" / name).write_bytes(_picture(self.chance, width))
        return f"{name} {width} px"

    def _width(self) -> int:
        return self.chance.choice([40, 1400, 1500])

    def _moment(self) -> str:
        return f"{self.chance.choice(MOMENTS):%Y-%m-%d %H:%M} UTC"

    # The comparison.

    def compare(self, clean: Office) -> None:
        """Build, and compare with a copy that was never built."""
        shutil.copytree(
            self.office.root,
            clean.root,
            ignore=shutil.ignore_patterns("build", ".communique", "aside"),
        )
        way = self.chance.choice(["command", "command", "here", "processes", "verify"])
        if (self.is_quiet and self.chance.random() < 0.8) or len(self.diary) <= len(OPENING):
            way = "command"
        self.ways[way] += 1
        story = "\n".join([*self.diary, f"built ({way}) at {self.now.isoformat()}"])
        before = self.office.published()
        wanted = self._said(clean, "command" if way == "command" else "here")
        self.failed = wanted[0]
        self.ways["failed"] += self.failed
        if way == "verify" and before and not self.failed:
            victim = self.chance.choice(sorted(before))
            (self.office.folder.build / victim).write_bytes(b"defaced")
        said = self._said(self.office, way)

        assert said == wanted, story
        found = self.office.published()
        expected = before if self.failed else clean.published()
        assert sorted(found) == sorted(expected), story
        assert [path for path in found if found[path] != expected[path]] == [], story

    def _said(self, office: Office, way: str) -> tuple[bool, object]:
        """Build; return whether there were errors, and all that was said of problems."""
        if way == "command":
            arguments = ("--jobs", "1") if self.offers_pdf else ("--jobs", "1", "--no-pdf")
            standing = files_standing(office.folder, self.now, self.offers_pdf)
            ran = office.run("build", *arguments, now=self.now)
            self.ways["idle"] += standing is not None
            self.ways["ahead"] += "rendered ahead" in ran.out
            return ran.code != 0, ran.err
        press_of: Callable[[Layouts], Press] = PressHere
        if way == "processes":
            press_of = partial(PressOfProcesses, jobs=2)
        report = office.build(
            self.now, offers_pdf=self.offers_pdf, verify=way == "verify", press_of=press_of
        )
        return report.failed, (report.diagnostics, report.unknown)


QUIET = (Life.do_nothing, Life.wait, Life.step_in_time)
OPENING = (Life.do_nothing, Life.wait, Life.wait, Life.wait)
"""How every life begins: an edition is published that was rendered ahead, and files go with it."""
STEPS_OF_A_LIFE: tuple[Callable[[Life], str], ...] = (
    Life.edit_text,
    Life.edit_title,
    Life.summarize,
    Life.change_topics,
    Life.relate,
    Life.mention,
    Life.date_again,
    Life.comment,
    Life.touch,
    Life.misspell_a_topic,
    Life.draft,
    *[Life.put_under_embargo] * 2,
    *[Life.correct] * 3,
    *[Life.withdraw] * 2,
    Life.call_somebody_else,
    *[Life.announce_event] * 2,
    Life.name_countries,
    *[Life.add_release] * 2,
    Life.delete_release,
    Life.take_release_out,
    *[Life.bring_back] * 4,
    Life.rename_file,
    Life.repaint,
    Life.repaint_wider,
    Life.rewrite_plan,
    Life.take_companion_out,
    Life.lay_something_beside,
    *[Life.edit_newsroom] * 4,
    *[Life.edit_layout] * 4,
    *[Life.step_in_time] * 4,
    *[Life.wait] * 4,
    *[Life.do_nothing] * 3,
    Life.lose_what_the_program_keeps,
    Life.lose_build,
)


def _picture(chance: random.Random, width: int) -> bytes:
    buffer = io.BytesIO()
    colour = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
    Image.new("RGB", (width, 20), colour).save(buffer, "PNG")
    return buffer.getvalue()


def live(tmp_path: Path, seed: int, steps: int, offers_pdf: bool = False) -> Life:
    life = Life(Office(tmp_path / "office"), random.Random(seed), offers_pdf)
    life.begin()
    for at in range(steps):
        life.compare(Office(tmp_path / f"clean-{at}"))
        shutil.rmtree(tmp_path / f"clean-{at}")
        life.take_a_step()
    return life


@pytest.mark.parametrize("seed", few_first(range(LIVES), 1))
def test_build_is_what_a_clean_one_makes_whatever_happened_before(
    tmp_path: Path, seed: int
) -> None:
    life = live(tmp_path, seed, STEPS // LIVES)

    assert life.ways["idle"], life.ways
    assert life.ways["ahead"], life.ways


@pytest.mark.long
def test_pdfs_are_what_a_clean_build_makes_whatever_happened_before(tmp_path: Path) -> None:
    live(tmp_path, 1, PDF_STEPS, offers_pdf=True)
