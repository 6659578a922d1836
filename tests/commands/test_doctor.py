"""`communique doctor`: what this machine lacks. The machine of the tests lacks nothing."""

from __future__ import annotations

from pathlib import Path

from communique.pdf_libraries import LIBRARIES, install_command
from tests.office import Office


def test_doctor_finds_all_that_pdfs_need(tmp_path: Path) -> None:
    ran = Office(tmp_path).run("doctor")

    assert ran.code == 0, ran.err
    assert ran.out.startswith("Python 3.")
    assert ran.out.endswith("All libraries that PDFs need are here.\n")


def test_what_is_missing_is_installed_by_one_command() -> None:
    command = install_command(LIBRARIES)

    assert command == "brew install pango" or command.startswith("apt-get install libglib2.0-0 ")
