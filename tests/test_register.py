"""The number book: what each number of a year was used for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.office import NEWSROOM, Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return a newsroom with four numbers of 2026: one translated, one faulty, one unused."""
    office = Office.open(tmp_path / "office", f"{NEWSROOM}unused_numbers: E-003/26\n")
    office.write_release("E-001/26", "title: A quay, and a ferry")
    office.write_release("C-001/26", "title: Un muelle", "draft: yes")
    office.write_release("E-002/26", "topics: [nothing]")
    office.write_release("N-001/26", "language: es", "title: Visita", "date: 2026-03-05")
    office.write_release("E-009/25", "date: 2025-03-01")
    return office


def test_table_has_a_line_for_each_number_of_the_year(office: Office) -> None:
    assert office.run("register").out == (
        "E-001/26 C-001/26  en es  2026-03-01  en published, es draft  A quay, and a ferry\n"
        "E-002/26           en                 faulty\n"
        "E-003/26           en                 unused\n"
        "N-001/26           es     2026-03-05  scheduled               Visita\n"
    )


def test_spreadsheet_gets_the_same_with_the_files(office: Office) -> None:
    assert office.run("register", "2026", "--format", "csv").out.splitlines() == [
        "number,kind,references,languages,date,title,status,files",
        '1,release,E-001/26 C-001/26,en es,2026-03-01,"A quay, and a ferry",'
        '"en published, es draft",releases/E-001-26.md releases/C-001-26.md',
        "2,release,E-002/26,en,,,faulty,releases/E-002-26.md",
        "3,release,E-003/26,en,,,unused,",
        "1,advisory,N-001/26,es,2026-03-05,Visita,scheduled,releases/N-001-26.md",
    ]


def test_another_year_is_asked_for(office: Office) -> None:
    assert office.run("register", "2025").out.startswith("E-009/25  en  2025-03-01  published")
    assert office.run("register", "2024").out == "no number of 2024 is taken\n"
