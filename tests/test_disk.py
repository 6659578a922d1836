from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from communique.companions import FileFault, PictureFile
from communique.disk import CompanionsOnDisk, NewsroomFolder
from communique.premises import NoNewsroomError
from communique.release import Asset


def picture(form: str, orientation: int = 1) -> bytes:
    buffer = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", (40, 20), "navy").save(buffer, form, exif=exif)
    return buffer.getvalue()


@pytest.fixture
def beside(tmp_path: Path) -> CompanionsOnDisk:
    """Return the files beside `releases/2014/E-502-14.md`."""
    folder = tmp_path / "releases/2014"
    folder.mkdir(parents=True)
    (tmp_path / "newsroom.yaml").touch()
    (tmp_path / "secret.pdf").write_bytes(b"%PDF-")
    (tmp_path / "releases/plan.pdf").write_bytes(b"%PDF-1")
    (folder / "Quay.JPG").write_bytes(picture("JPEG"))
    (folder / "turned.jpeg").write_bytes(picture("JPEG", orientation=6))
    (folder / "œuvre.png").write_bytes(picture("PNG"))
    (folder / "table.png").mkdir()
    (folder / "circle.png").symlink_to(folder / "circle.png")
    (folder / "out.pdf").symlink_to(tmp_path / "secret.pdf")
    (folder / "up").symlink_to(tmp_path)
    (folder / "near.pdf").symlink_to(tmp_path / "releases/plan.pdf")
    return NewsroomFolder(tmp_path).companions_of("releases/2014/E-502-14.md")


def code(found: PictureFile | Asset | FileFault) -> str:
    return found.code if isinstance(found, FileFault) else ""


@pytest.mark.parametrize(
    ("file", "size"),
    [("Quay.JPG", (40, 20)), ("turned.jpeg", (20, 40)), ("œuvre.png", (40, 20))],
)
def test_picture_is_measured_as_it_is_seen(
    beside: CompanionsOnDisk, file: str, size: tuple[int, int]
) -> None:
    found = beside.picture(file)

    assert isinstance(found, PictureFile)
    assert (found.width, found.height) == size
    assert found.asset.path == f"releases/2014/{file}"


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("Quay.jpg", "file-missing"),
        ("table.png", "file-missing"),
        ("circle.png", "file-missing"),
        ("", "file-missing"),
        ("\x00.png", "file-missing"),
        (f"{'a' * 300}.png", "file-missing"),
        ("../../../../etc/x.png", "file-outside"),
        ("/etc/x.png", "file-outside"),
        ("up/x.png", "file-outside"),
        ("quay.svg", "file-type"),
        ("quay", "file-type"),
        ("..", "file-type"),
    ],
)
def test_what_is_no_picture_beside_the_release_is_refused(
    beside: CompanionsOnDisk, file: str, expected: str
) -> None:
    assert code(beside.picture(file)) == expected


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("../plan.pdf", ""),
        ("near.pdf", ""),
        ("out.pdf", "file-outside"),
        ("../../secret.pdf", "file-outside"),
        ("up/secret.pdf", "file-outside"),
        ("../../newsroom.yaml", "file-type"),
        ("page.html", "file-type"),
        ("drawing.svg", "file-type"),
    ],
)
def test_attachment_lies_below_the_releases_and_runs_in_no_browser(
    beside: CompanionsOnDisk, file: str, expected: str
) -> None:
    assert code(beside.document(file)) == expected


def test_attachment_has_the_size_and_digest_of_its_bytes(beside: CompanionsOnDisk) -> None:
    found = beside.document("../plan.pdf")

    assert isinstance(found, Asset)
    assert (found.path, found.name, found.size) == ("releases/plan.pdf", "plan.pdf", 6)
    assert beside.newsroom.read(found) == b"%PDF-1"


@pytest.mark.parametrize(
    ("file", "proposed"),
    [("quay.JPG", "write `Quay.JPG`"), ("near.png", "put it into the folder of the release")],
)
def test_missing_picture_is_sought_among_the_pictures(
    beside: CompanionsOnDisk, file: str, proposed: str
) -> None:
    found = beside.picture(file)

    assert isinstance(found, FileFault)
    assert found.advice == proposed


def test_newsroom_is_found_from_a_folder_within(tmp_path: Path) -> None:
    (tmp_path / "newsroom.yaml").touch()
    (tmp_path / "releases/2014").mkdir(parents=True)

    assert NewsroomFolder.around(tmp_path / "releases/2014").root == tmp_path.resolve()


def test_folder_without_newsroom_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoNewsroomError):
        NewsroomFolder.around(tmp_path)


def test_hidden_files_are_no_releases(tmp_path: Path) -> None:
    for name in ("a.md", ".b.md", ".git/c.md", "d/.e/f.md", "d/g.md", "h.txt"):
        path = tmp_path / "releases" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    names = NewsroomFolder(tmp_path).release_paths()

    assert names == ["releases/a.md", "releases/d/g.md"]
