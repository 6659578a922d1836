"""A release file is read again only if it, or a file beside it, changed; and then it always is."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

from communique.diagnostics import Checked
from communique.disk import NewsroomFolder
from communique.holdings import Holdings, read_holdings
from communique.manuscript_store import StoreDamagedError
from communique.source import Source
from tests.office import NEWSROOM, Office

EARLIER_NS = 3_600_000_000_000


@dataclass(frozen=True)
class WatchedFolder(NewsroomFolder):
    """A newsroom's folder that notes which release files are read."""

    seen: list[str] = field(default_factory=list)

    def release_source(self, path: str) -> Checked[Source]:
        self.seen.append(path.removeprefix("releases/").removesuffix(".md"))
        return super().release_source(path)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return an office of three releases, read; the first two show photographs."""
    office = Office.open(tmp_path / "office")
    (office.root / "releases").mkdir()
    paint(office, "quay.png", 20)
    office.write("releases/plan.txt", "The plan.")
    office.write_release("E-001/26", "images: [{file: quay.png, alt: The quay}]")
    office.write_release("E-002/26", body="![The quay](quay.png)")
    office.write_release("E-003/26", "attachments: [{file: plan.txt, title: Plan}]")
    reading(office)
    return office


def paint(office: Office, name: str, width: int) -> None:
    Image.new("RGB", (width, 20), "navy").save(office.root / "releases" / name)


def reading(office: Office, tick_ns: int | None = None) -> list[str]:
    """Read everything as a process does that has just begun; return the files that were read."""
    folder = WatchedFolder(office.root)
    read_holdings(folder, tick_ns)
    return sorted(folder.seen)


def holdings(office: Office) -> Holdings:
    found = read_holdings(office.folder).value
    assert found is not None
    return found


def codes(office: Office) -> list[str]:
    return [each.code for each in read_holdings(office.folder).diagnostics]


def test_nothing_is_read_again_where_nothing_changed(office: Office) -> None:
    assert reading(office) == []
    assert holdings(office).count() == 3


def test_changed_file_alone_is_read_again(office: Office) -> None:
    office.write_release("E-003/26", body="It dined.")

    assert reading(office) == ["E-003-26"]
    assert reading(office) == []


def test_new_and_renamed_files_are_read_and_removed_ones_forgotten(office: Office) -> None:
    office.write_release("E-004/26")
    (office.root / "releases/E-003-26.md").rename(office.root / "releases/plan.md")
    (office.root / "releases/E-002-26.md").unlink()

    assert reading(office) == ["E-004-26", "plan"]
    assert sorted(card.path for card in holdings(office).catalogue.cards) == [
        "releases/E-001-26.md",
        "releases/E-004-26.md",
        "releases/plan.md",
    ]


def test_changed_picture_is_measured_again_for_each_release_that_shows_it(office: Office) -> None:
    paint(office, "quay.png", 30)

    assert reading(office) == ["E-001-26", "E-002-26"]
    release = holdings(office).catalogue.open("releases/E-001-26.md")
    assert release.images[0].width == 30


def test_changed_attachment_is_read_again(office: Office) -> None:
    office.write("releases/plan.txt", "Another plan.")

    assert reading(office) == ["E-003-26"]


def test_picture_that_went_is_missed_and_found_again(office: Office) -> None:
    path = office.root / "releases/quay.png"
    path.rename(office.root / "quay.png")
    assert reading(office) == ["E-001-26", "E-002-26"]
    assert codes(office) == ["file-missing", "file-missing"]
    (office.root / "quay.png").rename(path)

    assert reading(office) == ["E-001-26", "E-002-26"]
    assert codes(office) == []


def test_advice_follows_what_lies_beside_a_release(office: Office) -> None:
    (office.root / "releases/quay.png").unlink()
    before = {each.help for each in read_holdings(office.folder).diagnostics}
    paint(office, "quays.png", 20)

    after = {each.help for each in read_holdings(office.folder).diagnostics}
    assert before == {"put it into the folder of the release"}
    assert after == {"write `quays.png`"}


def test_picture_with_a_hidden_name_is_measured_again_too(office: Office) -> None:
    paint(office, ".quay.png", 20)
    office.write_release("E-001/26", "images: [{file: .quay.png, alt: The quay}]")
    reading(office)
    paint(office, ".quay.png", 30)

    release = holdings(office).catalogue.open("releases/E-001-26.md")
    assert release.images[0].width == 30


def test_picture_elsewhere_below_the_releases_is_watched(office: Office) -> None:
    (office.root / "releases/2026").mkdir()
    office.write_release("E-004/26", "images: [{file: ../quay.png, alt: Quay}]", name="2026/a")
    reading(office)
    paint(office, "quay.png", 30)

    assert reading(office) == ["2026/a", "E-001-26", "E-002-26"]


@pytest.mark.parametrize("edited", ["E-003-26.md", "plan.txt"])
def test_second_edit_within_the_same_tick_is_not_missed(office: Office, edited: str) -> None:
    path = office.root / "releases" / edited
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "1", encoding="utf-8")
    tick_ns = path.stat().st_mtime_ns
    assert reading(office, tick_ns) == ["E-003-26"]
    path.write_text(text + "2", encoding="utf-8")
    os.utime(path, ns=(tick_ns, tick_ns))

    assert reading(office, tick_ns + 1) == ["E-003-26"]
    assert reading(office, tick_ns + 1) == []


def test_file_put_in_the_place_of_another_with_its_time_is_read(office: Office) -> None:
    path = office.root / "releases/E-003-26.md"
    found = path.stat()
    other = path.with_name("other.txt")
    other.write_text(path.read_text().replace("met", "ate"))
    os.utime(other, ns=(found.st_mtime_ns, found.st_mtime_ns))
    assert other.stat().st_size == found.st_size
    other.rename(path)

    assert reading(office) == ["E-003-26"]


def test_newsroom_that_changed_has_everything_read_again(office: Office) -> None:
    office.write("newsroom.yaml", NEWSROOM.replace("Quays", "Piers"))

    assert reading(office) == ["E-001-26", "E-002-26", "E-003-26"]


def test_quotation_marks_that_changed_have_everything_read_again(office: Office) -> None:
    office.write("layouts/phrases/en.yaml", 'quotation_marks: ["«", "»", "“", "”"]')

    assert reading(office) == ["E-001-26", "E-002-26", "E-003-26"]


def no_database(path: Path) -> None:
    path.write_bytes(b"no database " * 1000)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def damaged_inside(path: Path) -> None:
    data = bytearray(path.read_bytes())
    middle = slice(len(data) // 8192 * 4096, -4096)  # whole pages, none of those read first
    data[middle] = b"\xff" * len(data[middle])
    path.write_bytes(data)


def foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE manuscripts (title TEXT)")
        connection.execute("CREATE TABLE desk (height INTEGER)")
    connection.close()


def missing(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("spoil", [no_database, cut_off, damaged_inside, foreign, missing])
def test_store_that_cannot_be_used_is_begun_anew(
    office: Office, spoil: Callable[[Path], None]
) -> None:
    for number in range(10, 60):
        office.write_release(f"E-{number:03}/26")
    reading(office)
    spoil(office.folder.private / "manuscripts.sqlite")

    assert len(reading(office)) == 53
    assert reading(office) == []
    assert office.run("check").code == 0


def everything_of(office: Office) -> tuple[object, ...]:
    """Read everything there is, as a build does, and begin anew where the store is damaged."""
    try:
        found = read_holdings(office.folder)
        assert found.value is not None
        catalogue = found.value.catalogue
        return found.diagnostics, [catalogue.open(card.path) for card in catalogue.cards]
    except StoreDamagedError:
        return everything_of(office)


def test_store_that_is_damaged_in_secret_is_begun_anew(office: Office) -> None:
    """Size, time and inode tell nothing: as after a fault of the disk."""
    office.write_release("E-010/26", "topics: [unheard-of]")
    wanted = everything_of(office)
    path = office.folder.private / "manuscripts.sqlite"
    sound = path.read_bytes()
    places = range(100, len(sound), len(sound) // 20)
    for at in places:
        everything_of(office)
        sound, before = path.read_bytes(), path.stat()
        with path.open("r+b") as file:
            file.seek(min(at, len(sound) - 8))
            file.write(bytes(255 - byte for byte in sound[at : at + 8]))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

        assert everything_of(office) == wanted, at


def test_office_whose_private_folder_cannot_be_written_to_can_be_checked(tmp_path: Path) -> None:
    office = Office.open(tmp_path)
    office.write_release("E-001/26", "topics: [unheard-of]")
    shutil.rmtree(office.folder.private)
    office.write(".communique", "no folder")  # root may write to any folder, but not to this

    ran = office.run("check")
    assert (ran.code, ran.err.count("error[unknown-topic]")) == (1, 1)
    assert (office.root / ".communique").read_text() == "no folder"


def test_files_of_a_large_archive_are_read_by_several_processes_as_by_one(
    tmp_path: Path,
) -> None:
    office = Office.open(tmp_path / "office")
    for number in range(1, 420):
        office.write_release(f"E-{number:03}/26", body=f"The council met {number} times.")

    first = holdings(office)
    assert first.count() == 419
    assert first.catalogue.open("releases/E-417-26.md").body.lead == "The council met 417 times."
    assert reading(office) == []
