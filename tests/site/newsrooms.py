"""The newsrooms that the tests of this folder publish, and what comes out of them."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit
from zoneinfo import ZoneInfo

from lxml import html
from PIL import Image, ImageDraw

from communique.build import BuildReport, Settings
from communique.build import build as run_build
from communique.disk import NewsroomFolder
from communique.production import hidden
from communique.rendering import PressHere

REPOSITORY = Path(__file__).parents[2]
HARBOUR = REPOSITORY / "tests/newsrooms/harbour"
HALIFAX = ZoneInfo("America/Halifax")
NOW = dt.datetime(2025, 6, 30, 12, tzinfo=HALIFAX)
"""Harbour Council's embargoed release becomes public a day later, its scheduled one in a year."""
OF_THE_ARCHIVE = 24
"""Releases of 2023, 2024 and 2025: more than a topic's page shows, fewer than two of them."""
PILLARBOX_RED = (178, 34, 34)


@dataclass(frozen=True)
class Published:
    """A newsroom's `build/`, as readers reach it."""

    folder: Path
    """The newsroom's."""
    url: str
    """Where it is published; ends with a slash."""
    paper: str

    @property
    def build(self) -> Path:
        return self.folder / "build"

    @cached_property
    def pages(self) -> tuple[str, ...]:
        return self._paths(".html")

    @cached_property
    def pdfs(self) -> tuple[str, ...]:
        return self._paths(".pdf")

    @cached_property
    def feeds(self) -> tuple[str, ...]:
        return tuple(path for path in self._paths(".xml") if path.endswith("feed.xml"))

    @cached_property
    def sitemaps(self) -> tuple[str, ...]:
        """The index of the sitemaps, and its parts."""
        return tuple(path for path in self._paths(".xml") if path.startswith("sitemap"))

    def read(self, path: str) -> bytes:
        return (self.build / path).read_bytes()

    def page(self, path: str) -> html.HtmlElement:
        return html.document_fromstring(self.read(path).decode())

    def url_of(self, path: str) -> str:
        """Return the address under which a server shows a file."""
        return self.url + path.removesuffix("index.html")

    def path_of(self, address: str, base: str) -> str | None:
        """Return the file that an address leads to, seen from `base`; None for another site's.

        Raises: `AssertionError` if it is on the newsroom's host but not below the newsroom.
        """
        whole = urlsplit(urljoin(base, address))
        root = urlsplit(self.url)
        if whole.scheme not in ("http", "https") or whole.netloc != root.netloc:
            return None
        assert whole.scheme == root.scheme, f"{address} changes the scheme"
        assert whole.path.startswith(root.path), f"{address} lies outside the newsroom"
        path = unquote(whole.path.removeprefix(root.path))
        return f"{path}index.html" if path == "" or path.endswith("/") else path

    def _paths(self, suffix: str) -> tuple[str, ...]:
        found = sorted(self.build.rglob(f"*{suffix}"))
        return tuple(path.relative_to(self.build).as_posix() for path in found)


def lay_out_sample(folder: Path) -> None:
    """Copy the sample newsroom of this repository; the look is the program's own."""
    shutil.copytree(REPOSITORY / "releases", folder / "releases")
    shutil.copy(REPOSITORY / "newsroom.yaml", folder)


def lay_out_harbour(folder: Path) -> None:
    """Copy the newsroom of the Harbour Council and put its photographs and tables beside it."""
    shutil.copytree(HARBOUR, folder, dirs_exist_ok=True)
    beside = folder / "releases/2025"
    for name, size in {
        "lightship wide.jpg": (2000, 1100),
        "copperbight.jpg": (640, 400),
        "quillfeather.jpg": (640, 400),
        "saltwhistle.jpg": (1600, 900),
    }.items():
        _photo(size, name).save(beside / name, quality=80)
    turned = Image.Exif()
    turned[0x0112] = 6  # the camera was held upright: turn by 90 degrees to see the picture
    _photo((900, 600), "mast").save(beside / "mast.jpg", quality=80, exif=turned)
    for name in ("lamp.png", "saltwhistle-air.png"):
        _photo((480, 320), name).convert("RGBA").save(beside / name)
    for name in ("ships & cargo.csv", "copperbight.csv", "saltwhistle.csv"):
        (beside / name).write_text(f"of,{name}\n")


def lay_out_quay(folder: Path) -> None:
    """Lay out a part of the Harbour Council that is quickly published, again and again."""
    lay_out_harbour(folder)
    for name in ("HE-003", "HE-005", "HS-001", "HP-001", "HF-003", "NOTE-001"):
        for path in folder.rglob(f"{name}-25*.md"):
            path.unlink()
    edit(folder / "releases/2025/HE-001-25.md", "HE-003/25, ", "")


def lay_out_archive(folder: Path) -> None:
    """Lay out a Harbour Council that has written about its quays for years."""
    shutil.copy(HARBOUR / "newsroom.yaml", folder)
    for number in range(1, OF_THE_ARCHIVE + 1):
        year, count = 2023 + number // 11, number % 11
        (folder / f"releases/{year}").mkdir(parents=True, exist_ok=True)
        (folder / f"releases/{year}/HE-{number:03}-{year % 100}.md").write_text(
            f"---\nreference: HE-{number:03}/{year % 100}\ntitle: Quay {number} Opens\n"
            f"date: {year}-{count + 1:02}-15\ntopics: [quays]\n---\n\nShips may moor there.\n"
        )


def edit(path: Path, old: str, new: str) -> None:
    """Replace what stands in a file, as an officer does."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def publish(folder: Path, instant: dt.datetime = NOW, *, offers_pdf: bool = True) -> BuildReport:
    """Build a newsroom in which nothing is wrong."""
    report = attempt(folder, instant, offers_pdf=offers_pdf)
    assert report.diagnostics == (), report.diagnostics
    return report


def attempt(folder: Path, instant: dt.datetime = NOW, *, offers_pdf: bool = True) -> BuildReport:
    """Build a newsroom, whatever comes of it."""
    return run_build(
        NewsroomFolder(folder),
        instant,
        Settings(offers_pdf=offers_pdf),
        press_of=PressHere,
        progress=hidden,
        on_wait=lambda: None,
    )


def without_index(paths: Iterable[str]) -> set[str]:
    """Leave out the index of the search, whose files have names that Pagefind gives them."""
    return {path for path in paths if "/search/index/" not in path}


def contents(build: Path) -> dict[str, bytes]:
    """Return every file of a folder, by its path."""
    return {path: (build / path).read_bytes() for path in _files(build)}


def page_links(site: Published, path: str, within: str) -> list[str]:
    """Return the files that the links of a page lead to, within elements of a name."""
    addresses = map(str, site.page(path).xpath(f"//{within}//a/@href"))
    found = (site.path_of(address, site.url_of(path)) for address in addresses)
    return [file for file in found if file is not None]


def _files(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix()


def _photo(size: tuple[int, int], words: str) -> Image.Image:
    """Draw a sea, a sky and something red, so that a turned or empty picture is seen."""
    picture = Image.linear_gradient("L").resize(size)
    picture = Image.merge("RGB", (picture, picture, Image.new("L", size, 200)))
    draw = ImageDraw.Draw(picture)
    width, height = size
    draw.rectangle((0, height * 2 // 3, width, height), fill=(20, 60, 90))
    draw.polygon(
        [(width // 4, height // 2), (width * 3 // 4, height // 2), (width // 2, height * 3 // 4)],
        fill=PILLARBOX_RED,
    )
    draw.text((10, 10), words, fill=(255, 255, 255))
    return picture
