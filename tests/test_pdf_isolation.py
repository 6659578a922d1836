"""A PDF is made of what was declared and of nothing else: no network, no file of this machine."""

from __future__ import annotations

import io
import socket
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from communique.pdf_writer import PdfError, PdfWriter
from tests.test_pdf_writer import ADDRESS, INFO, PRINT, ROOT, new_writer, page, write_body

CANARY = "CanaryOutside"
SVG = 'xmlns="http://www.w3.org/2000/svg" width="9" height="9"'


@dataclass(frozen=True)
class Outside:
    """What lies outside: files of this machine, and a server that nobody may ask."""

    folder: Path
    server: socket.socket

    def addresses(self, suffix: str) -> dict[str, str]:
        """Return ways to write an address outside, and how it is called when it is refused."""
        host = f"127.0.0.1:{self.server.getsockname()[1]}"
        file = self.folder / f"canary{suffix}"
        return {
            f"http://{host}/x{suffix}": f"http://{host}/x{suffix}",
            f"ftp://{host}/x{suffix}": f"ftp://{host}/x{suffix}",
            f"//{host}/x{suffix}": f"https://{host}/x{suffix}",
            f"file://{file}": f"file://{file}",
            f"file:{file}": f"file:{file}",
            f"{file}": f"https://press.example.org{file}",
        }

    def was_asked(self) -> bool:
        """Tell whether anybody has opened a connection."""
        self.server.setblocking(False)
        try:
            connection, _ = self.server.accept()
        except BlockingIOError:
            return False
        connection.close()
        return True


@pytest.fixture(scope="module")
def writer() -> Iterator[PdfWriter]:
    with new_writer() as made:
        yield made


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Outside]:
    Image.new("RGB", (9, 9), "red").save(tmp_path / "canary.png")
    (tmp_path / "canary.css").write_text(f"h1::after {{ content: '{CANARY}' }}", encoding="utf-8")
    (tmp_path / "canary.svg").write_text(
        f'<svg {SVG}><g id="x"><text y="9">{CANARY}</text></g></svg>', encoding="utf-8"
    )
    (tmp_path / "canary.txt").write_text(CANARY, encoding="utf-8")
    font = PRINT / "fonts/IBMPlexSans-Regular.ttf"
    (tmp_path / "canary.ttf").write_bytes(font.read_bytes())
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield Outside(tmp_path, server)


def refused_in(error: PdfError) -> set[str]:
    """Return the addresses that were refused."""
    return {
        problem.split("`")[1]
        for problem in error.problems
        if problem.endswith("is no file of this release or of the print layout")
    }


WAYS = [
    pytest.param(".png", '<p><img src="§" alt="x"></p>', id="picture"),
    pytest.param(".png", '<p style="background: url(§)">x</p>', id="style attribute"),
    pytest.param(".png", '<p style="border-image-source: url(§)">x</p>', id="border image"),
    pytest.param(".png", '<ul style="list-style-image: url(§)"><li>x</li></ul>', id="list style"),
    pytest.param(".png", "<style>h1::before { content: §§ }</style>", id="generated content"),
    pytest.param(".png", "<style>@page { background-image: §,§ }</style>", id="page background"),
    pytest.param(".css", '<link rel="stylesheet" href="§">', id="stylesheet"),
    pytest.param(".css", '<style>@import "§";</style>', id="import by a text"),
    pytest.param(".css", "<style>@import url(§);</style>", id="import by an address"),
    pytest.param(
        ".ttf",
        "<style>@font-face { font-family: X; src: url(§) } h1 { font-family: X }</style>",
        id="font",
    ),
    pytest.param(".txt", '<link rel="attachment" href="§">', id="attachment"),
    pytest.param(".txt", '<p><a rel="attachment" href="§">x</a></p>', id="attachment by a link"),
    pytest.param(".svg", '<object data="§"></object>', id="object"),
    pytest.param(".svg", '<embed src="§">', id="embed"),
    pytest.param(
        ".png",
        f'<svg {SVG}><title>x</title><image href="§" width="9" height="9"/></svg>',
        id="picture in a drawing",
    ),
]


@pytest.mark.parametrize(("suffix", "body"), WAYS)
def test_every_way_out_of_a_document_is_refused_by_its_name(
    writer: PdfWriter, outside: Outside, suffix: str, body: str
) -> None:
    addresses = outside.addresses(suffix)
    bodies = "\n".join(body.replace("§", address) for address in addresses)
    for several, between in (("§§", " "), ("§,§", ", ")):
        if several in body:
            bodies = body.replace(several, between.join(f"url({each})" for each in addresses))

    with pytest.raises(PdfError) as caught:
        write_body(writer, bodies)

    assert refused_in(caught.value) == set(map(as_shown, addresses.values()))
    assert not outside.was_asked()


def as_shown(address: str) -> str:
    """Return an address as a message shows it, which leaves out the end of a long one."""
    return address if len(address) <= 100 else f"{address[:100]}…"


DRAWINGS = [
    pytest.param('<image href="§" width="9" height="9"/>', ".png", id="picture"),
    pytest.param('<use href="§#x"/>', ".svg", id="use"),
    pytest.param('<style>@import "§";</style><text y="9">x</text>', ".css", id="import"),
    pytest.param(
        "<style>@font-face { font-family: X; src: url(§) }</style>"
        '<text y="9" font-family="X">x</text>',
        ".ttf",
        id="font",
    ),
    pytest.param('<rect width="9" height="9" fill="url(§#x)"/>', ".svg", id="paint"),
    pytest.param('<text y="9">&outside;</text>', ".txt", id="entity"),
]


@pytest.mark.parametrize(("inside", "suffix"), DRAWINGS)
def test_drawing_that_was_declared_draws_nothing_in(
    writer: PdfWriter, outside: Outside, inside: str, suffix: str
) -> None:
    drawings = [
        f'<!DOCTYPE svg [<!ENTITY outside SYSTEM "{address}">]>'
        f"<svg {SVG}>{inside.replace('§', address)}</svg>"
        for address in outside.addresses(suffix)
    ]
    files = {f"{number}_svg": each.encode() for number, each in enumerate(drawings)}
    body = "".join(f'<p><img src="{name.replace("_", ".")}" alt="x"></p>' for name in files)

    try:
        data = write_body(writer, body, **files)
    except PdfError as error:
        found = str(error)
    else:
        found = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(data)).pages)

    assert CANARY not in found
    assert not outside.was_asked()


def test_print_stylesheet_is_refused_what_lies_outside(outside: Outside) -> None:
    resources = {f"fonts/{path.name}": path.read_bytes() for path in PRINT.glob("fonts/*.ttf")}
    resources["logo.svg"] = (ROOT / "layouts/assets/logo.svg").read_bytes()
    shipped = (PRINT / "print.css").read_text(encoding="utf-8")
    sheets, fonts, pictures = map(outside.addresses, (".css", ".ttf", ".png"))
    imports = "".join(f'@import "{each}";' for each in sheets)
    faces = "".join(f"@font-face {{ font-family: X; src: url({each}) }}" for each in fonts)
    backgrounds = ", ".join(f"url({each})" for each in pictures)

    with pytest.raises(PdfError) as at_first:
        PdfWriter(f"{imports}{faces}{shipped}", resources)
    with (
        PdfWriter(f"h1 {{ background-image: {backgrounds} }}{shipped}", resources) as own,
        pytest.raises(PdfError) as later,
    ):
        write_body(own, "<p>x</p>")

    # The stylesheet's own address is `https://press.invalid/`, so that is where paths begin.
    expected = {*sheets.values(), *fonts.values(), *pictures.values()}
    assert refused_in(at_first.value) | refused_in(later.value) == {
        as_shown(each.replace("press.example.org", "press.invalid")) for each in expected
    }
    assert not outside.was_asked()


def test_base_of_a_document_leads_nowhere_else(writer: PdfWriter, outside: Outside) -> None:
    html = page('<p><img src="canary.png" alt="x"></p>').replace(
        "<head>", f'<head><base href="file://{outside.folder}/">'
    )

    with pytest.raises(PdfError, match="is no file of this release or of the print layout"):
        writer.write(html, ADDRESS, INFO, {})


def test_server_of_these_tests_would_notice_a_request(outside: Outside) -> None:
    address = next(iter(outside.addresses(".png")))
    with (
        pytest.raises(TimeoutError),
        urllib.request.urlopen(address, timeout=0.2),
    ):
        raise AssertionError("it never answers")

    assert outside.was_asked()
