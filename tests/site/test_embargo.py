"""Nothing of a release is public before its instant, and nothing stays after its withdrawal."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
import pytest
from pypdf import PdfReader
from pypdf.generic import StreamObject

from communique.ahead import AHEAD, publish_what_waits
from communique.disk import NewsroomFolder
from tests.site.newsrooms import (
    HALIFAX,
    NOW,
    Published,
    contents,
    edit,
    lay_out_harbour,
    lay_out_quay,
    publish,
    without_index,
)

EMBARGO_ENDS = dt.datetime(2025, 7, 1, 9, 30, tzinfo=HALIFAX)
SCHEDULED = dt.datetime(2026, 8, 5, tzinfo=HALIFAX)
FEEDS = ("feed.xml", "atom.xml", "feed.json")
OF_A_RUBRIC = ("index.html", "2025/index.html", *FEEDS)
MOMENT = dt.timedelta(microseconds=1)
SECRETS = {
    "draft": ("quillfeather", "HE-006"),
    "draft translation": ("brumadouro",),
    "embargoed": ("saltwhistle", "HE-007", "New Zealand"),
    "scheduled": ("lanternmoss", "HE-008", "August 5"),
    "later correction": ("tidemarrow", "January 1,"),
    "withdrawn text": ("copperbight", "mole was", "Malta"),
}
"""Words that stand only in what the public may not see; HE-003/25 was public before."""


@pytest.fixture(scope="module")
def public(harbour: Published) -> Mapping[str, bytes]:
    return opened(harbour.build)


@pytest.mark.parametrize("words", SECRETS.values(), ids=SECRETS.keys())
def test_no_byte_of_a_secret_is_published(
    public: Mapping[str, bytes], words: tuple[str, ...]
) -> None:
    assert leaks(public, words) == set()


def test_search_for_secrets_would_find_them(public: Mapping[str, bytes]) -> None:
    """Show that a word is found in each form that a release has."""
    assert leaks(public, ("lightship",)) >= {
        "HE-004/25/HE-004-25.pdf",
        "HE-004/25/index.html",
        "HE-004/25/lightship wide.jpg",
        *(f"HE-004/25/HE-004-25{suffix}" for suffix in (".txt", ".json", ".xml", ".zip")),
        *("en/feed.xml", "en/atom.xml", "en/feed.json", "en/ninjs.json", "en/2025/releases.json"),
        "en/index.html",
    }


def test_build_is_the_same_with_and_without_what_is_not_public(
    harbour: Published, tmp_path: Path
) -> None:
    lay_out_harbour(tmp_path)
    for file in hidden_files(tmp_path):
        file.unlink()
    edit(tmp_path / "releases/2025/HE-001-25.md", "HE-003/25, HE-007/25]", "HE-003/25]")

    publish(tmp_path)

    assert contents(tmp_path / "build") == contents(harbour.build)


def test_what_is_not_public_is_added_without_a_trace(harbour_copy: Path, tmp_path: Path) -> None:
    """Not even a time or an inode in `build/` tells that there is something new."""
    hidden = hidden_files(harbour_copy)
    for file in hidden:
        file.rename(tmp_path / file.name)
    edit(harbour_copy / "releases/2025/HE-001-25.md", "HE-003/25, HE-007/25]", "HE-003/25]")
    publish(harbour_copy)
    before = traces(harbour_copy / "build")

    for file in hidden:
        (tmp_path / file.name).rename(file)
    edit(harbour_copy / "releases/2025/HE-001-25.md", "HE-003/25]", "HE-003/25, HE-007/25]")
    publish(harbour_copy)

    assert traces(harbour_copy / "build") == before


@pytest.mark.parametrize(
    ("instant", "page", "words"),
    [
        (EMBARGO_ENDS, "HE-007/25/index.html", SECRETS["embargoed"]),
        (SCHEDULED, "HE-008/26/index.html", SECRETS["scheduled"]),
    ],
    ids=["embargo", "schedule"],
)
def test_release_becomes_public_at_its_instant_and_not_a_moment_before(
    harbour_copy: Path, instant: dt.datetime, page: str, words: tuple[str, ...]
) -> None:
    publish(harbour_copy, instant - MOMENT)
    before = opened(harbour_copy / "build")
    too_early = bring_out(harbour_copy, instant - MOMENT)
    still_before = contents(harbour_copy / "build")
    edition = contents(waiting(harbour_copy))
    in_time = bring_out(harbour_copy, instant)
    after = opened(harbour_copy / "build")

    found = leaks(after, words)
    assert leaks(before, words) == set()
    assert (too_early, in_time) == (False, True)
    assert set(still_before) == set(before)
    assert leaks(edition, words)
    assert found >= {page, page.replace("index.html", f"{page[:6]}-{page[7:9]}.pdf"), "en/feed.xml"}
    assert not waiting(harbour_copy).exists()


def test_edition_that_waits_is_closed_to_others_and_holds_nothing_later(
    harbour: Published,
) -> None:
    folder = waiting(harbour.folder)
    edition = opened(folder)

    assert leaks(edition, SECRETS["embargoed"])
    for status in ("draft", "draft translation", "scheduled", "later correction", "withdrawn text"):
        assert leaks(edition, SECRETS[status]) == set(), status
    assert [stat.S_IMODE(each.stat().st_mode) for each in (folder, folder.parent)] == [0o700] * 2


@pytest.mark.long
def test_edition_that_waited_is_what_a_build_would_make(quay_copy: Path, tmp_path: Path) -> None:
    publish(quay_copy)  # in its new place
    lay_out_quay(tmp_path / "clean")

    assert bring_out(quay_copy, EMBARGO_ENDS)
    publish(tmp_path / "clean", EMBARGO_ENDS)

    assert contents(quay_copy / "build") == contents(tmp_path / "clean/build")
    assert publish(quay_copy, EMBARGO_ENDS).published == ()


def test_edition_waits_in_vain_when_its_release_has_changed(harbour_copy: Path) -> None:
    publish(harbour_copy)  # in its new place
    edit(harbour_copy / "releases/2025/HE-007-25.md", "2025-07-01 09:30", "2025-09-01 09:30")
    before = contents(harbour_copy / "build")

    assert not bring_out(harbour_copy, EMBARGO_ENDS)
    assert contents(harbour_copy / "build") == before

    publish(harbour_copy, EMBARGO_ENDS)

    assert leaks(opened(harbour_copy / "build"), SECRETS["embargoed"]) == set()


def test_embargo_ends_everywhere_at_once(harbour: Published, harbour_copy: Path) -> None:
    publish(harbour_copy, EMBARGO_ENDS)

    before, after = contents(harbour.build), contents(harbour_copy / "build")
    assert without_index(path for path in after if after[path] != before.get(path)) == {
        "en/search/index.html",  # it offers topic and country
        *(f"HE-007/25/{name}" for name in ("index.html", "HE-007-25.pdf", "saltwhistle.csv")),
        "HE-007/25/HE-007-25.zip",
        *(f"HE-007/25/{name}" for name in ("saltwhistle.jpg", "saltwhistle-1280.jpg")),
        "HE-007/25/saltwhistle-air.png",
        *(f"HE-007/25/{name}" for name in copies("saltwhistle.jpg", 400, 720, 1280)),
        *(f"HE-007/25/{name}" for name in copies("saltwhistle-air.png", 480)),
        "HE-001/25/index.html",  # it names the release as related
        "HE-005/25/index.html",  # the one before it in its series
        *(f"HE-007/25/HE-007-25{suffix}" for suffix in (".txt", ".json", ".xml")),
        *("en/index.html", "en/2025/index.html"),
        *("en/releases.json", "en/2025/releases.json", "en/ninjs.json"),
        *(f"en/{place}{name}" for place in ("", "2025/", "kinds/release/") for name in FEEDS),
        *(f"en/countries/nz/{name}" for name in OF_A_RUBRIC),
        *("en/kinds/release/index.html", "en/kinds/release/2025/index.html"),
        *(f"en/{family}/index.html" for family in ("topics", "countries", "kinds")),
        *("en/feeds/index.html", "en/feeds.opml"),
        *("sitemap-2025.xml", "sitemap-lists.xml", "news-sitemap.xml"),
        *(f"en/topics/quays/{name}" for name in OF_A_RUBRIC),
        *(f"en/topics/saltwhistle/{name}" for name in OF_A_RUBRIC),
    }


@pytest.mark.parametrize(
    "again", ["embargo: 2025-09-01 09:30", "draft: yes\nembargo: 2025-07-01 09:30"]
)
def test_release_that_is_taken_back_leaves_nothing_behind_and_is_named(
    harbour: Published, harbour_copy: Path, again: str
) -> None:
    publish(harbour_copy, EMBARGO_ENDS)
    of_the_release = set(contents(harbour_copy / "build/HE-007/25"))
    edit(harbour_copy / "releases/2025/HE-007-25.md", "embargo: 2025-07-01 09:30", again)

    report = publish(harbour_copy, EMBARGO_ENDS)

    assert without_index(report.removed) == {
        *(f"HE-007/25/{name}" for name in of_the_release),
        *(f"en/topics/saltwhistle/{name}" for name in OF_A_RUBRIC),
        *(f"en/countries/nz/{name}" for name in OF_A_RUBRIC),
    }
    assert not (harbour_copy / "build/HE-007").exists()
    assert contents(harbour_copy / "build") == contents(harbour.build)


def test_withdrawal_takes_the_old_text_away_and_leaves_the_notice(
    harbour: Published, harbour_copy: Path
) -> None:
    publish_again(harbour_copy, dt.datetime(2025, 2, 12, 15, 59, tzinfo=HALIFAX))
    before = opened(harbour_copy / "build")

    report = publish(harbour_copy, NOW)

    after = opened(harbour_copy / "build")
    assert leaks(before, ("copperbight",)) >= {
        "HE-003/25/HE-003-25.pdf",
        "HE-003/25/index.html",
        "HE-003/25/copperbight.jpg",
        "HE-003/25/HE-003-25.zip",
        "en/feed.xml",
        "en/topics/wrecks/index.html",
    }
    assert [path for path in leaks(before, ("copperbight",)) if path.endswith(".pf_fragment")]
    assert leaks(after, SECRETS["withdrawn text"]) == set()
    assert leaks(after, ("it was issued in error",)) >= {
        "HE-003/25/HE-003-25.pdf",
        "HE-003/25/index.html",
        "en/feed.xml",
    }
    assert without_index(report.removed) == {
        *(f"HE-003/25/copperbight.{kind}" for kind in ("csv", "jpg")),
        *(f"{name}/25/{name}-25.zip" for name in ("HE-003", "HF-003")),
        *(f"HE-003/25/{name}" for name in copies("copperbight.jpg", 400, 640)),
        *(f"en/countries/mt/{name}" for name in OF_A_RUBRIC),
    }
    assert contents(harbour_copy / "build") == contents(harbour.build)


def copies(name: str, *widths: int) -> Iterator[str]:
    """Yield the names of the copies of a picture that browsers are offered."""
    yield from (f"{name}.{width}.{form}" for width in widths for form in ("avif", "webp"))


def hidden_files(newsroom: Path) -> list[Path]:
    """Return every file that belongs to a release that is not public."""
    releases = ("HE-006-25.md", "HE-007-25.md", "HE-008-26.md", "NOTE-001-25.pt.md")
    names = (*releases, "saltwhistle*", "quillfeather*")
    return [file for name in names for file in (newsroom / "releases").rglob(name)]


def traces(build: Path) -> dict[str, tuple[int, ...]]:
    """Return all that the file system tells of a folder and of what is in it."""
    found = {path: path.stat() for path in (build, *build.rglob("*"))}
    return {
        path.relative_to(build).as_posix(): (
            *(each.st_ino, each.st_size, each.st_mode),
            *(each.st_mtime_ns, each.st_ctime_ns),
        )
        for path, each in found.items()
    }


def waiting(newsroom: Path) -> Path:
    """Return the private folder in which the edition to come waits."""
    return newsroom / ".communique" / AHEAD


def bring_out(newsroom: Path, instant: dt.datetime) -> bool:
    """Publish the edition that waits, if its instant has come and it is still true."""
    folder = NewsroomFolder(newsroom)
    return publish_what_waits(folder, instant, True, lambda: None) is not None


def publish_again(newsroom: Path, instant: dt.datetime) -> None:
    """Build from nothing at another instant."""
    shutil.rmtree(newsroom / "build")
    shutil.rmtree(newsroom / ".communique")
    publish(newsroom, instant)


def leaks(files: Mapping[str, bytes], words: tuple[str, ...]) -> set[str]:
    """Return the files that hold one of some words, in any case."""
    wanted = [word.lower().encode() for word in words]
    return {path for path, data in files.items() if any(word in data for word in wanted)}


def opened(build: Path) -> dict[str, bytes]:
    """Return name and bytes of every file, in small letters, with what is hidden in some."""
    return {
        path: b"\n".join([path.encode(), data, *within(path, data)]).lower()
        for path, data in contents(build).items()
    }


def within(path: str, data: bytes) -> Iterator[bytes]:
    """Yield what a file hides: the files of an archive are stored as they are."""
    yield from within_pdf(path, data)
    yield from within_index(path, data)
    if path.endswith(".zip"):
        with ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield from within_pdf(name, archive.read(name))


def within_index(path: str, data: bytes) -> Iterator[bytes]:
    """Yield what the index of the search holds, decompressed."""
    if ".pf_" in path:
        yield gzip.decompress(data)


def within_pdf(path: str, data: bytes) -> Iterator[bytes]:
    """Yield a PDF's text, and each of its objects, decompressed."""
    if not path.endswith(".pdf"):
        return
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            yield " ".join(page.get_textpage().get_text_bounded().split()).encode()
    reader = PdfReader(io.BytesIO(data))
    for number in range(1, reader.trailer.get("/Size", 0)):
        found = reader.get_object(number)
        if isinstance(found, StreamObject):
            yield found.get_data()
        yield repr(found).encode()
