"""The programs that are measured: how each is called, and whether it did what it should.

What comes in: a folder that `corpus` or `peers` wrote. What goes out: commands, and an
`AssertionError` where a program left something out: a fast program that skips work is no peer.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.bench.corpus import Item
from tests.bench.measure import run

BENCH = Path(__file__).parent
ROOT = BENCH.parents[1]
COMMUNIQUE = ROOT / ".venv" / "bin" / "communique"
PELICAN = ROOT / ".venv" / "bench" / "bin" / "pelican"
ELEVENTY = BENCH / "node_modules" / "@11ty" / "eleventy" / "cmd.cjs"


@dataclass(frozen=True, slots=True)
class Program:
    """A way to build the whole site in one folder."""

    name: str
    folder: Path
    command: tuple[str | Path, ...]
    output: str
    """The folder of its output, within `folder`."""
    state: tuple[str, ...] = ()
    """Further folders that it leaves behind."""

    def clean(self) -> None:
        """Remove everything that it made, and read all that it will read."""
        for name in (self.output, *self.state):
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for path in self.folder.rglob("*"):
            if path.is_file():
                path.read_bytes()

    def verify(self, items: tuple[Item, ...], *, pdf: bool = False) -> None:
        """Look for every page, feed and PDF that there should be."""
        output = self.folder / self.output
        expected = [f"{item.address}index.html" for item in items]
        for language, topic in {(item.language, topic) for item in items for topic in item.topics}:
            place = f"topics/{language}-{topic}" if self.name == "Pelican" else ""
            expected.append(f"{place or f'{language}/topics/{topic}'}/feed.xml")
        expected += [f"{language}/feed.xml" for language in {item.language for item in items}]
        expected.append("sitemap.xml")
        if pdf:
            expected += [f"{item.address}{item.slug.replace('.', '-')}.pdf" for item in items]
        absent = [path for path in expected if not (output / path).is_file()]
        assert not absent, f"{self.name} did not write {len(absent)} files, such as {absent[:3]}"


def ours(folder: Path, *options: str) -> Program:
    """Return communique, building what is public now: all of the archive."""
    command: tuple[str | Path, ...] = (COMMUNIQUE, "build", *options)
    return Program("communique", folder, command, "build", (".communique",))


def hugo(folder: Path) -> Program:
    """Return Hugo."""
    return Program("Hugo", folder, ("hugo",), "public", ("resources",))


def eleventy(folder: Path) -> Program:
    """Return Eleventy."""
    return Program("Eleventy", folder, ("node", ELEVENTY, "--quiet"), "_site")


def pelican(folder: Path) -> Program:
    """Return Pelican."""
    return Program("Pelican", folder, (PELICAN, "-s", "pelicanconf.py", "-q"), "output")


def options_of_build() -> str:
    """Return what `communique build --help` says."""
    return run((COMMUNIQUE, "build", "--help"), ROOT).output


def versions() -> dict[str, str]:
    """Return the version of everything that takes part."""
    weasyprint = ROOT / ".venv" / "bin" / "weasyprint"
    asked: dict[str, tuple[str | Path, ...]] = {
        "communique": (COMMUNIQUE, "--version"),
        "Python": (sys.executable, "--version"),
        "WeasyPrint": (weasyprint, "--version"),
        "Hugo": ("hugo", "version"),
        "Eleventy": ("node", ELEVENTY, "--version"),
        "Node": ("node", "--version"),
        "Pelican": (PELICAN, "--version"),
        "Chromium": (browser(), "--version"),
    }
    found = {}
    for name, command in asked.items():
        lines = run(command, ROOT).output.strip().splitlines()
        words = lines[-1].removeprefix(name).split()
        found[name] = next((word for word in words if any(map(str.isdigit, word))), "?").strip(",")
    return found


def browser() -> str:
    """Return the system's Chromium. Raises: `AssertionError` if there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    assert found, "no Chromium is installed: apt-get install chromium"
    return found


def machine() -> str:
    """Describe the machine: processor, cores, memory, system."""
    cpu = Path("/proc/cpuinfo").read_text().partition("model name\t: ")[2].partition("\n")[0]
    memory_kb = int(Path("/proc/meminfo").read_text().split()[1])
    system = os.uname()
    cores = len(os.sched_getaffinity(0))
    gb = memory_kb / 1024**2
    return f"{cpu}, {cores} cores, {gb:.0f} GB of memory, {system.sysname} {system.release}"
