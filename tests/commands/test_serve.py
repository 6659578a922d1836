"""The preview as an officer runs it: a process of its own, a real browser, Ctrl-C."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from communique.pdf_libraries import LIBRARIES
from tests.quay import lay_out, tree
from tests.sampling import few_first

PATIENCE_S = 20
"""How long a busy machine may take for what takes well under a second."""


class Preview:
    """A running `communique serve`."""

    def __init__(self, process: subprocess.Popen[str], root: Path, kept: ExitStack) -> None:
        self.process = process
        self.kept = kept
        self.root = root
        assert process.stdout is not None
        self.greeting = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", self.greeting)
        assert found, self.greeting + process.communicate(timeout=PATIENCE_S)[1]
        self.address = found[0]
        self.port = int(found[1])

    def ask(self, path: str) -> http.client.HTTPResponse:
        """Begin to read an answer; it stays open as long as the preview."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        self.kept.enter_context(closing(connection))
        connection.request("GET", path)
        return self.kept.enter_context(connection.getresponse())

    def text(self, path: str) -> str:
        return self.ask(path).read().decode()

    def edit(self, path: str, old: str, new: str) -> None:
        file = self.root / path
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    def stop(self, signal_number: int = signal.SIGINT) -> tuple[int, str, str]:
        """Send a signal; give the exit code and what was said after the greeting."""
        self.process.send_signal(signal_number)
        said, complained = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, said, complained


@contextmanager
def served(root: Path, *options: str, **environment: str) -> Iterator[Preview]:
    process = subprocess.Popen(
        (*(sys.executable, "-m", "communique", "serve", "--port", "0"), *options),
        cwd=root,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with ExitStack() as kept:
        kept.callback(process.communicate)
        kept.callback(process.kill)
        yield Preview(process, root, kept)


@pytest.fixture
def newsroom(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "newsroom")


def next_version(events: http.client.HTTPResponse) -> str:
    """Read the event stream up to the next version it tells of."""
    while True:
        line = events.readline().decode()
        assert line, "the event stream has ended"
        if line.startswith("data: "):
            return line.removeprefix("data: ").strip()


def test_preview_follows_what_is_saved_and_leaves_at_ctrl_c(newsroom: Path) -> None:
    with served(newsroom, "--now", "2014-11-16 09:00") as preview:
        before = preview.text("/PR-002/14/")
        events = preview.ask("/_preview/events")
        version = next_version(events)
        preview.edit("releases/PR-002-14.md", "The text of", "The new text of")
        news = next_version(events)
        after = preview.text("/PR-002/14/")
        saved = tree(newsroom)
        exit_code, said, complained = preview.stop()

    assert "[EMBARGOED UNTIL 2014-11-18 10:00 EST]" in before
    assert f'data-version="{version}"' in before
    assert "<p>The text of the release.</p>" in before
    assert f'data-version="{news}"' in after
    assert "<p>The new text of the release.</p>" in after
    assert (exit_code, complained) == (0, "")
    assert said == "preview ended; nothing was published\n"
    assert tree(newsroom) == saved
    assert not (newsroom / "build").exists()


def test_preview_that_is_told_to_end_leaves_as_cleanly(newsroom: Path) -> None:
    with served(newsroom) as preview:
        assert preview.ask("/en/").status == 200
        exit_code, _, complained = preview.stop(signal.SIGTERM)

    assert (exit_code, complained) == (0, "")


def save_by_renaming(newsroom: Path) -> None:
    new = newsroom / "newsroom.yaml.new"
    new.write_text((newsroom / "newsroom.yaml").read_text().replace("Council", "Authority"))
    new.replace(newsroom / "newsroom.yaml")


def add_layouts(newsroom: Path) -> None:
    (newsroom / "layouts/page").mkdir(parents=True)
    (newsroom / "layouts/page/front.html.j2").write_text("Harbour Authority")


def swap_releases(newsroom: Path) -> None:
    (newsroom / "releases").rename(newsroom / "elsewhere")
    release = (newsroom / "elsewhere/PR-001-14.md").read_text()
    (newsroom / "releases").mkdir()
    (newsroom / "releases/PR-001-14.md").write_text(release.replace("Council", "Authority"))
    shutil.copy(newsroom / "elsewhere/q.png", newsroom / "releases")


def add_a_name_that_is_not_text(newsroom: Path) -> None:
    name = b"comunica\xe7\xe3o.md"  # as an archive made on another system has it
    (newsroom / "releases" / os.fsdecode(name)).write_text("Authority")


@pytest.mark.parametrize(
    ("save", "again"),
    few_first(
        [
            (save_by_renaming, "newsroom.yaml"),
            (swap_releases, "releases/PR-009-14.md"),
            (add_layouts, "layouts/page/front.html.j2"),
            (add_a_name_that_is_not_text, "releases/PR-009-14.md"),
        ],
        2,
    ),
)
def test_no_way_of_saving_is_missed(
    newsroom: Path, save: Callable[[Path], None], again: str
) -> None:
    with served(newsroom) as preview:
        events = preview.ask("/_preview/events")
        next_version(events)
        save(newsroom)
        while "Authority" not in preview.text("/en/"):
            next_version(events)
        time.sleep(0.5)  # until nothing more is told of the first change
        preview.text("/en/")
        # Whatever was replaced is watched like what stood there first.
        (newsroom / again).write_text("Borough")
        while "Borough" not in preview.text("/en/"):
            next_version(events)


@pytest.mark.parametrize("name", few_first([".PR-001-14.md.swp", "PR-001-14.md~"], 1))
def test_what_editors_leave_for_a_moment_is_passed_over(newsroom: Path, name: str) -> None:
    with served(newsroom) as preview:
        events = preview.ask("/_preview/events")
        version = next_version(events)
        (newsroom / "releases" / name).write_text("Council")
        time.sleep(0.5)  # what counts would have been told of by now
        page = preview.text("/en/")

    assert f'data-version="{version}"' in page


@pytest.mark.long
def test_browser_loads_the_page_again_by_itself(newsroom: Path) -> None:
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    assert program, f"this test needs a browser: install one of {', '.join(names)}"
    with served(newsroom) as preview, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_S * 1000)
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(f"{preview.address}PR-001/14/")
        preview.edit("releases/PR-001-14.md", "The text of", "The new text of")
        page.get_by_text("The new text of the release.").wait_for()
        preview.edit("releases/PR-001-14.md", "2014-11-03", "2014-11-33")
        page.locator("#communique-preview mark", has_text="2014-11-33").wait_for()
        preview.edit("newsroom.yaml", "languages", "languagse")
        page.get_by_role("heading", name="The newsroom cannot be shown").wait_for()
        preview.edit("newsroom.yaml", "languagse", "languages")
        page.get_by_text("The new text of the release.").wait_for()
        assert [text for text in complaints if "Content Security Policy" in text] == []
        preview.stop()
        page.get_by_text("No connection: is “communique serve” still at work?").wait_for()
        browser.close()


def test_port_that_is_taken_is_said_in_a_sentence(newsroom: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = subprocess.run(
            (sys.executable, "-m", "communique", "serve", "--port", str(port)),
            cwd=newsroom,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        f"Error: Invalid value for --port: port {port} cannot be used (address already in use); "
        f"choose another, as in `communique serve --port {port + 1 if port < 65535 else port - 1}`"
    )


def test_preview_listens_on_this_machine_alone(newsroom: Path) -> None:
    with served(newsroom) as preview:
        tables = [Path(f"/proc/net/{name}").read_text() for name in ("tcp", "tcp6")]

    listening = re.findall(rf": ([0-9A-F]+):{preview.port:04X} [0-9A-F:]+ 0A ", "".join(tables))
    assert listening == ["0100007F"]


def test_open_asks_for_the_browser(newsroom: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > "{asked}.part" && mv "{asked}.part" "{asked}"')
    program.chmod(0o755)
    with served(newsroom, "--open", BROWSER=str(program)) as preview:
        deadline = time.monotonic() + PATIENCE_S
        while not asked.exists() and time.monotonic() < deadline:
            time.sleep(0.02)

    assert asked.read_text() == preview.address


@pytest.mark.skipif(sys.platform != "linux", reason="hides a library the way ld.so searches")
def test_without_the_pdf_libraries_everything_else_is_shown(newsroom: Path, tmp_path: Path) -> None:
    hidden = tmp_path / "lib"
    hidden.mkdir()
    (hidden / LIBRARIES["pango"][1][0]).touch()  # an empty file hides the library
    with served(newsroom, LD_LIBRARY_PATH=str(hidden)) as preview:
        pdf = preview.ask("/PR-001/14/PR-001-14.pdf")
        explanation = pdf.read().decode()
        statuses = {path: preview.ask(path).status for path in ("/PR-001/14/", "/en/feed.xml")}
        exit_code, _, complained = preview.stop()

    assert pdf.status == 500
    assert "This machine cannot make PDFs" in explanation
    assert "libpango-1.0-0" in explanation
    assert statuses == {"/PR-001/14/": 200, "/en/feed.xml": 200}
    assert (exit_code, complained) == (0, "")
