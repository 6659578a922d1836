"""Pages offer pictures as browsers want them; each copy is made once, whoever shows it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from lxml import html
from PIL import Image

from communique.layouts import Layouts
from communique.release import NARROW_WIDTHS, PICTURE_FORMS
from communique.rendering import PressHere, Rendered, Task, in_batches
from communique.renditions.assets import Copy, render_copy
from tests.office import NEWSROOM, Office

WITH_COPIES = NEWSROOM.replace("formats: []", "formats: [pictures, feeds]")
PICTURE = "images: [{file: quay.jpg, alt: The quay}]"


class WatchedPress(PressHere):
    """A press that notes which copies it makes."""

    def __init__(self, layouts: Layouts) -> None:
        super().__init__(layouts)
        self.made: list[Copy] = []

    def render(self, tasks: Iterable[Task]) -> Iterator[Rendered]:
        for task in tasks:
            if isinstance(task.subject, Copy):
                self.made.append(task.subject)
            yield from super().render([task])


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office.open(tmp_path, WITH_COPIES)
    office.write_release("E-001/26", PICTURE, body="![In the text](quay.jpg)")
    (tmp_path / "releases/quay.jpg").write_bytes(photograph(1400))
    return office


def photograph(width: int, form: str = "JPEG", **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((width, 40)).convert("RGB").save(buffer, form, **options)
    return buffer.getvalue()


def copies_made(office: Office) -> list[tuple[int, str]]:
    """Build, and return width and format of each copy that was made."""
    presses: list[WatchedPress] = []

    def press_of(layouts: Layouts) -> WatchedPress:
        presses.append(WatchedPress(layouts))
        return presses[-1]

    assert not office.build(press_of=press_of).failed
    return [(copy.width, copy.form) for press in presses for copy in press.made]


def test_page_offers_what_is_published_and_falls_back_on_what_all_browsers_know(
    office: Office,
) -> None:
    office.build()
    published = office.published()

    pictures = html.fromstring(office.page("E-001/26/index.html")).findall(".//picture")
    assert len(pictures) == 2
    for picture in pictures:
        offered = [
            (source.get("type"), *candidate.strip().split(" "))
            for source in picture.iter("source")
            for candidate in str(source.get("srcset")).split(",")
        ]
        assert offered == [
            (f"image/{form}", f"/E-001/26/quay.jpg.{width}.{form}", f"{width}w")
            for form in PICTURE_FORMS
            for width in (*NARROW_WIDTHS, 1280)
        ]
        for media_type, address, width in offered:
            made = Image.open(io.BytesIO(published[str(address).removeprefix("/")]))
            assert (made.get_format_mimetype(), f"{made.width}w") == (media_type, width)
        (shown,) = picture.iter("img")
        assert shown.get("src") == "/E-001/26/quay-1280.jpg"
        assert (shown.get("width"), shown.get("height")) == ("1280", "37")
    for path in ("en/feed.xml", "en/atom.xml", "en/feed.json"):
        assert "quay-1280.jpg" in office.page(path)
        assert "avif" not in office.page(path)


def test_copy_is_made_once_for_all_translations_and_never_for_another_text(office: Office) -> None:
    office.write_release("C-001/26", PICTURE)
    first = copies_made(office)
    published = office.published()
    office.write_release("C-001/26", PICTURE, body="Another text.")
    edited = copies_made(office)
    office.write_release("N-001/26", PICTURE, "language: en", name="N-001-26.en")
    later = copies_made(office)

    assert len(first) == len(set(first)) == 7
    assert (edited, later) == ([], [])
    copies = [path for path in published if path.endswith((".avif", ".webp", "-1280.jpg"))]
    assert len(copies) == 14
    for path in copies:
        assert published[path] == published[path.replace("C-001", "E-001")]
        assert office.published()[path.replace("C-001", "E-001")] == published[path]
        assert office.published()[f"N-001/26/en/{Path(path).name}"] == published[path]


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_picture_that_moves_has_no_copies_that_stand_still(tmp_path: Path, form: str) -> None:
    office = Office.open(tmp_path, WITH_COPIES)
    office.write_release("E-001/26", f"images: [{{file: a.{form.lower()}, alt: A}}]")
    data = photograph(90, form, save_all=True, append_images=[Image.new("RGB", (90, 40))])
    (tmp_path / f"releases/a.{form.lower()}").write_bytes(data)

    assert copies_made(office) == []
    assert "<picture>" not in office.page("E-001/26/index.html")


def test_copies_of_a_picture_go_to_one_process_together() -> None:
    def task(path: str, digest: str) -> Task:
        return Task(path, render_copy, None, {digest: b""}, {}, is_slow=True)

    tasks = [task("a1", "a"), task("a2", "a"), task("b1", "b"), task("b2", "b")]

    assert [[each.path for each in batch] for batch in in_batches(tasks)] == [
        ["a1", "a2"],
        ["b1", "b2"],
    ]


def test_file_that_is_named_like_a_copy_is_reported(office: Office) -> None:
    (office.folder.releases / "quay.jpg.400.webp").write_bytes(photograph(30, "WEBP"))
    office.write_release("E-001/26", PICTURE, "attachments: [quay.jpg.400.webp]")

    report = office.build()

    assert [each.code for each in report.diagnostics] == ["file-name-taken"]
    assert "`quay.jpg.400.webp`" in report.diagnostics[0].message
