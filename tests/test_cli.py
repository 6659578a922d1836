"""The command line as a process: exit codes, and a sentence instead of a traceback."""

from __future__ import annotations

import os
import pty
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from communique.cli import exit_code_of
from communique.commands import COMMANDS
from communique.pdf_libraries import PdfUnavailableError
from communique.publishing import only_one
from tests.office import Office

PROGRAM = [sys.executable, "-m", "communique"]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.open(tmp_path)


@pytest.mark.parametrize("command", ["new", "check", "build", "list"])
def test_command_outside_a_newsroom_says_how_to_begin_one(tmp_path: Path, command: str) -> None:
    ran = Office(tmp_path).run(command)

    assert ran.code == 2
    assert ran.err == (
        f"error: there is no newsroom.yaml in {tmp_path}, nor in a folder above it\n"
        "help: begin one with `communique init my-newsroom`\n"
    )


def test_command_may_be_given_anywhere_in_the_newsroom(office: Office) -> None:
    office.write_release("E-001/26", name="2026/E-001-26")

    assert office.run("check", inside="releases/2026").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["publish"], "No such command 'publish'"),
        (["build", "--pdf"], "No such option"),
        (["check", "--format", "xml"], "is not one of"),
        (["init"], "Missing argument 'FOLDER'"),
        (["new", "--translate", "E-001/26"], "say into which language, as in: --language es"),
        (
            ["new", "E", "--translate", "E-001/26", "--language", "es"],
            "with --translate, the release itself says its series and its title",
        ),
    ],
)
def test_wrong_usage_leaves_with_2(office: Office, arguments: list[str], said: str) -> None:
    ran = office.run(*arguments)

    assert ran.code == 2
    assert said in ran.err
    assert "Usage: communique" in ran.err


def failing_with(error: BaseException) -> Callable[[], int]:
    def fail() -> int:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (
            OSError(28, "No space left on device", "build/a"),
            1,
            "error: no space left on device: build/a",
        ),
        (
            OSError(30, "Read-only file system", ".communique/work/1", None, "build/b"),
            1,
            "error: read-only file system: build/b",
        ),
        (OSError("something else"), 1, "error: something else"),
        (
            PdfUnavailableError("PDFs need Pango"),
            3,
            "error: PDFs need Pango\nhelp: or publish without PDFs: `communique build --no-pdf`",
        ),
        (KeyboardInterrupt(), 130, "stopped"),
    ],
    ids=["full disk", "read-only disk", "other", "no Pango", "Ctrl-C"],
)
def test_what_stops_a_command_is_a_sentence_and_an_exit_code(
    error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code_of(failing_with(error)) == code
    assert capsys.readouterr().err.strip() == said


def test_bug_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        exit_code_of(failing_with(ZeroDivisionError()))


def test_ctrl_c_leaves_with_130_and_no_traceback(office: Office) -> None:
    with only_one(office.folder.private / "build.lock", lambda: None):
        process = subprocess.Popen(
            [*PROGRAM, "build", "--no-pdf"],
            cwd=office.root,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        waits = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]

    assert waits == "another build is at work; waiting for it to end\n"
    assert (process.returncode, said.split()) == (130, ["stopped"])


def test_reader_who_has_seen_enough_ends_a_command_in_silence(office: Office) -> None:
    for number in range(1, 400):
        office.write_release(f"E-{number:03}/26", f"title: {'long ' * 50}")

    done = subprocess.run(
        f"{shlex.join(PROGRAM)} list | head -1",
        shell=True,
        cwd=office.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("E-399/26")
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("terminal", "environment", "coloured"),
    [(True, {}, True), (True, {"NO_COLOR": "1"}, False), (False, {}, False)],
    ids=["terminal", "NO_COLOR", "no terminal"],
)
def test_colours_are_for_terminals_that_want_them(
    office: Office, terminal: bool, environment: dict[str, str], coloured: bool
) -> None:
    office.write("releases/faulty.md", "no front matter")
    here, there = pty.openpty() if terminal else os.pipe()
    plain = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    subprocess.run(
        [*PROGRAM, "check"],
        cwd=office.root,
        env=plain | environment,
        stdout=subprocess.DEVNULL,
        stderr=there,
        check=False,
    )
    os.close(there)

    said = os.read(here, 4096)
    os.close(here)
    assert b"front-matter-missing" in said
    assert (b"\x1b[" in said) == coloured


def test_every_command_is_explained(office: Office) -> None:
    office.run("list")  # whose module is called like a name that Python has
    said = office.run("--help").out

    for name in COMMANDS:
        assert f"  {name}  " in said
        assert office.run(name, "--help").code == 0
