"""What may lie in the newsroom's folders beside plain files: nothing waits, leaves or grows.

What is too large for a repository, or cannot be in one, is made here.
"""

from __future__ import annotations

import os
import resource
import socket
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from communique.companions import FileFault
from communique.diagnostics import Diagnostic
from communique.holdings import read_holdings
from communique.limits import LIMITS
from communique.numbering import NumberingError, create_release
from communique.pictures import for_print, for_web, measure
from communique.release import Asset
from tests.office import NOON, Office, newsroom_of

HOSTILE = Path(__file__).parent / "hostile"
GIGABYTE = 2**30
MEMORY_MB = 500
"""What reading takes at most, as `docs/reliability.md` says."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Return an office with one release, E-001/26, and a secret beside its folder."""
    (tmp_path / "secret.md").write_text("---\nreference: E-666/26\n---\nsecret\n")
    (tmp_path / "secret.png").write_bytes(picture("PNG"))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/E-667-26.md").write_text("secret")
    office = Office.open(tmp_path / "office")
    office.write_release("E-001/26")
    with socket.socket(socket.AF_UNIX) as listening:
        os.chdir(tmp_path)  # a socket's path may not be long
        listening.bind("s")
        yield office


def picture(form: str, size: tuple[int, int] = (40, 30)) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", size, "navy").save(buffer, form)
    return buffer.getvalue()


def flat_png(width: int, height: int) -> bytes:
    """Return a transparent picture that is as small as a file as it is large when decoded."""
    packer = zlib.compressobj(1)
    row = bytes(1 + 4 * width)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">LLBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))
        for name, data in chunks
    )


def sparse(path: Path, size: int, begin: bytes = b"") -> None:
    with path.open("wb") as file:
        file.write(begin)
        file.truncate(size)


def problems(office: Office) -> list[str]:
    return [f"{each.span.path}: {each.code}" for each in found_in(office)]


def found_in(office: Office) -> tuple[Diagnostic, ...]:
    return read_holdings(office.folder).diagnostics


Make = Callable[[Path], object]
RELEASES: dict[str, tuple[Make, str]] = {
    "pipe": (os.mkfifo, "file-unreadable"),
    "socket": (lambda path: path.symlink_to("../../s"), "file-outside"),
    "socket of its own": (lambda path: bound(path), "file-unreadable"),
    "folder": (Path.mkdir, "file-unreadable"),
    "link to a device": (lambda path: path.symlink_to("/dev/zero"), "file-outside"),
    "link to a terminal": (lambda path: path.symlink_to("/dev/tty"), "file-outside"),
    "link to a file outside": (lambda path: path.symlink_to("../../secret.md"), "file-outside"),
    "link to passwd": (lambda path: path.symlink_to("/etc/passwd"), "file-outside"),
    "link to itself": (lambda path: path.symlink_to(path.name), "file-unreadable"),
    "link to nothing": (lambda path: path.symlink_to("nothing.md"), "file-unreadable"),
    "link to a pipe": (lambda path: linked_pipe(path), "file-unreadable"),
    "10 MB in one line": (lambda path: path.write_bytes(b"a" * 10**7), "release-too-large"),
    "1 GB of nothing": (lambda path: sparse(path, GIGABYTE), "release-too-large"),
}


def bound(path: Path) -> None:
    os.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path.name)


def linked_pipe(path: Path) -> None:
    os.mkfifo(path.with_name("pipe"))
    path.symlink_to("pipe")


@pytest.mark.parametrize("kind", RELEASES)
def test_what_is_no_release_file_is_reported_and_never_read(office: Office, kind: str) -> None:
    make, code = RELEASES[kind]
    make(office.folder.releases / "case.md")

    assert problems(office) == [f"releases/case.md: {code}"]
    assert not any("secret" in each.span.text for each in found_in(office))


def test_link_to_a_release_within_the_folder_is_read(office: Office) -> None:
    path = office.write_release("E-002/26")
    path.rename(path.with_suffix(".txt"))
    (office.folder.releases / "E-002-26.md").symlink_to("E-002-26.txt")

    assert problems(office) == []


FOLDERS: dict[str, str] = {
    "out of the newsroom": "../../elsewhere",
    "the whole disk": "/",
    "a circle": ".",
    "a circle above": "../releases",
}


@pytest.mark.parametrize("target", FOLDERS.values(), ids=FOLDERS)
def test_link_to_a_folder_is_reported_and_not_followed(office: Office, target: str) -> None:
    for name in ("a", "b", "c"):  # following each within each would take for ever
        (office.folder.releases / name).symlink_to(target)

    assert problems(office) == [f"releases/{name}: folder-link" for name in "abc"]
    assert office.build().stopped


def test_folder_of_releases_elsewhere_is_reported(office: Office) -> None:
    office.folder.releases.rename(office.root.parent / "moved")
    office.folder.releases.symlink_to("../moved")

    assert problems(office) == ["releases: file-outside"]
    assert office.build().stopped


def test_new_release_is_not_written_through_a_link(office: Office) -> None:
    (office.folder.releases / "2026").symlink_to("../../elsewhere")

    with pytest.raises(NumberingError, match="leads out of the releases"):
        create_release(office.folder, newsroom_of(), "E", None, "A title", NOON.date())

    assert [path.name for path in (office.root.parent / "elsewhere").iterdir()] == ["E-667-26.md"]


BESIDE: dict[str, tuple[Make, str]] = {
    "pipe": (os.mkfifo, "file-missing"),
    "socket": (lambda path: bound(path), "file-missing"),
    "folder": (Path.mkdir, "file-missing"),
    "link to a device": (lambda path: path.symlink_to("/dev/zero"), "file-outside"),
    "link to a file outside": (lambda path: path.symlink_to("../../secret.png"), "file-outside"),
    "link to newsroom.yaml": (lambda path: path.symlink_to("../newsroom.yaml"), "file-outside"),
    "link to itself": (lambda path: path.symlink_to(path.name), "file-missing"),
    "link to a pipe": (lambda path: linked_pipe(path), "file-missing"),
    "1 GB": (lambda path: sparse(path, GIGABYTE, picture("PNG")), "picture-too-large"),
    "more pixels than may be": (
        lambda path: path.write_bytes(flat_png(8000, 8001)),
        "picture-too-large",
    ),
}


@pytest.mark.parametrize("kind", BESIDE)
def test_what_is_no_picture_file_is_reported_and_never_read(office: Office, kind: str) -> None:
    make, code = BESIDE[kind]
    make(office.folder.releases / "case.png")
    companions = office.folder.companions_of("releases/E-001-26.md")

    for found in (companions.picture("case.png"), companions.document("case.png")):
        assert isinstance(found, FileFault)
        assert found.code == code


def test_attachment_of_a_gigabyte_is_reported(office: Office) -> None:
    sparse(office.folder.releases / "film.mp4", GIGABYTE)

    found = office.folder.companions_of("releases/E-001-26.md").document("film.mp4")

    assert isinstance(found, FileFault)
    assert found.code == "attachment-too-large"


def test_file_that_becomes_a_pipe_keeps_no_build_waiting(office: Office) -> None:
    path = office.folder.releases / "plan.pdf"
    path.write_bytes(b"%PDF-")
    asset = office.folder.companions_of("releases/E-001-26.md").document("plan.pdf")
    path.unlink()
    os.mkfifo(path)

    assert isinstance(asset, Asset)
    with pytest.raises(Exception, match="can no longer be read: it is a pipe"):
        office.folder.read(asset)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        *[(name, "file-name") for name in ("con.png", "AUX.x.png", "lpt1.PNG", "com\u00b2.png")],
        *[(name, "file-name") for name in ("a:b.png", "a\\b.png", "a<b.png", 'a"b.png', "a|.png")],
        *[(name, "file-name") for name in ("a\nb.png", "a\x1bb.png", "a\u202eb.png", " a.png")],
        *[(name, "file-name") for name in ("a\u2028b.png", "a\u200bb.png", f"{'é' * 99}.png")],
        *[(name, "") for name in ("console.png", "Œuvre d’été (2).png", "港口.png", ".a.png")],
        (os.fsdecode(b"a\xffb.png"), "file-name"),
    ],
)
def test_name_that_some_system_cannot_hold_is_refused(office: Office, name: str, code: str) -> None:
    (office.folder.releases / name).write_bytes(picture("PNG"))

    found = office.folder.companions_of("releases/E-001-26.md").picture(name)

    assert (found.code if isinstance(found, FileFault) else "") == code


@pytest.mark.parametrize("names", [("Plan.pdf", "plan.pdf"), ("\u017f.pdf", "s.pdf")])
def test_two_files_that_one_system_takes_for_one_are_reported(
    office: Office, names: tuple[str, str]
) -> None:
    for folder, name in zip("ab", names, strict=True):
        office.write(f"releases/{folder}/{name}", "%PDF-")
    named = ", ".join(f"{folder}/{name}" for folder, name in zip("ab", names, strict=True))
    office.write_release("E-001/26", f"attachments: [{named}]")

    assert problems(office) == ["releases/E-001-26.md: file-name-taken"]


def test_names_of_no_characters_are_shown_and_stop_nothing_else(office: Office) -> None:
    for name in (b"a\xff.md", b"b\n\x1b[2J.md", b"c\xe2\x80\xae.md"):
        Path(os.fsdecode(os.fsencode(office.folder.releases) + b"/" + name)).write_text("no keys")

    for style in ("human", "short", "json"):
        ran = office.run("check", "--format", style)
        assert ran.code == 1
        assert (ran.out + ran.err).count("front-matter-missing") == 3
        assert not {"\x1b", "\u202e", "\udcff"} & set(ran.out + ran.err)
    assert office.build().stopped


def test_folder_of_many_files_is_looked_through_quickly(office: Office) -> None:
    for number in range(3000):
        (office.folder.releases / f"picture-of-the-quay-{number}.png").touch()

    found = office.folder.companions_of("releases/E-001-26.md").picture("picture-of-the-qay.png")

    assert isinstance(found, FileFault)
    assert (found.advice or "").startswith("write `picture-of-the-quay-")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "I;16", "I", "CMYK"])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_picture_that_can_be_read_can_be_published(form: str, mode: str) -> None:
    buffer = BytesIO()
    try:
        Image.new(mode, (1400, 20)).save(buffer, form)
    except (OSError, KeyError, ValueError):
        return  # there are no such files
    data = buffer.getvalue()

    assert measure(data) == (1400, 20, form)
    assert measure(for_web(data))[0] == 1280
    assert measure(for_print(data))[0] == 1024


READ = """
import sys
from pathlib import Path
from communique.disk import NewsroomFolder
from communique.holdings import read_holdings
checked = read_holdings(NewsroomFolder(Path(sys.argv[1])))
print(len({each.span.path for each in checked.diagnostics}))
# Not what `getrusage` says: that begins with the size of the process that ran this one.
status = Path("/proc/self/status").read_text().split()
print(int(status[status.index("VmHWM:") + 1]) // 1000)
"""


@pytest.mark.long
def test_reading_whatever_it_is_stays_within_the_stated_memory(office: Office) -> None:
    releases = office.folder.releases
    for path in (HOSTILE / "text").iterdir():
        (releases / path.name).write_bytes(path.read_bytes())
    for path in (HOSTILE / "beside").iterdir():
        (releases / path.name).write_bytes(path.read_bytes())
    side = int(LIMITS.picture_pixels**0.5)
    (releases / "largest.png").write_bytes(flat_png(side, side))
    sparse(releases / "gigabyte.png", GIGABYTE)
    sparse(releases / "film.mp4", LIMITS.attachment_size)
    (releases / "line.md").write_bytes(b"a" * 10**7)
    names = [path.name for path in (HOSTILE / "beside").iterdir()]
    shown = "\n".join(f"![It]({name})" for name in [*names, "largest.png", "gigabyte.png"])
    office.write_release("E-003/26", "attachments: film.mp4", body=shown)

    ran = subprocess.run(
        [sys.executable, "-c", READ, str(office.root)],
        capture_output=True,
        check=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)),
    )

    faulty, megabytes = map(int, ran.stdout.split())
    assert faulty > 60
    assert megabytes < MEMORY_MB
