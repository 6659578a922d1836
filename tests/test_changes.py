"""Every rebuild has a stated reason, and a file finds its shelf wherever it is planned."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from communique.changes import Yardstick, compare, look_at
from communique.layouts import Layouts
from communique.ledger import Ledger, Record, open_ledger
from communique.output import Output, Shelf, Stage
from communique.publishing import Finished, WorkFolder, remove_files, replace_files
from communique.source import LayoutFile
from tests.office import Office


def render(subject: str, workshop: Any) -> bytes:
    raise AssertionError("what has to be rendered is found out without rendering")


def render_otherwise(subject: str, workshop: Any) -> bytes:
    raise AssertionError("as above")


@dataclass
class Printer:
    """What stands in `build/`, and what the plan is held against."""

    folder: Path
    ledger: Ledger
    program: str = "1"
    look: str = "look"
    verify: bool = False
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def yardstick(self) -> Yardstick:
        files = {"a.css": LayoutFile("layouts/a.css", self.look.encode())}
        build = self.folder / "build"
        layouts = Layouts(files, {})
        return Yardstick(self.ledger, layouts, self.program, build, self.verify, self.sizes.get)

    def reasons(self, *shelves: Shelf) -> dict[str, str]:
        """Return what would be rendered, and why."""
        changed = compare(shelves, self.yardstick).changed
        return {
            due.output.path: due.reason
            for each in changed
            for due in look_at(each.shelf, self.yardstick).due
        }

    def print(self, *shelves: Shelf, fails: str = "") -> set[str]:
        """Publish some shelves as a build does, save one that fails; return what was removed."""
        work = WorkFolder(self.folder / "work")
        comparison = compare(shelves, self.yardstick)
        finished: list[Finished] = []
        gone: list[Record] = []
        complete = {}
        for each in comparison.changed:
            found = look_at(each.shelf, self.yardstick)
            gone += found.vanished
            complete[each.shelf.name] = each.fingerprint
            for due in found.due:
                if due.output.path != fails:
                    path, stage = due.output.path, due.output.stage
                    finished.append(work.keep(path, due.shelf, stage, due.fingerprint, b"x"))
        replace_files(self.folder / "build", finished, complete, self.ledger)
        for name in comparison.gone:
            gone += self.ledger.of_shelf(name).values()
        gone = [record for record in gone if record.path not in {each.path for each in finished}]
        remove_files(self.folder / "build", gone, self.ledger)
        self.ledger.forget((), comparison.gone)
        self.ledger.settle(
            (name, fingerprint)
            for name, fingerprint in complete.items()
            if fails not in {output.path for output in shelf_of(name, shelves).outputs()}
        )
        return {record.path for record in gone}


def shelf_of(name: str, shelves: tuple[Shelf, ...]) -> Shelf:
    return next(shelf for shelf in shelves if shelf.name == name)


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[Printer]:
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        yield Printer(tmp_path, ledger, sizes={"x.pdf": 10})


def shelf(
    name: str, *paths: str, key: str = "key", needs: tuple[str, ...] = (), how: Any = render
) -> Shelf:
    """Return a shelf of pages whose subject is `key`."""
    outputs = tuple(
        Output(path, Stage.PAGE, key, key, how, ("a.css",), needs=needs) for path in paths
    )
    return Shelf(name, f"{key}{paths}{needs}{how.__name__}", ("a.css",), lambda: outputs)


A = shelf("a", "a.html")


def test_new_file_is_new(printer: Printer) -> None:
    assert printer.reasons(A) == {"a.html": "it is new"}


def test_what_was_printed_needs_no_printing(printer: Printer) -> None:
    printer.print(A)

    assert printer.reasons(A) == {}


def test_interrupted_build_is_a_reason(printer: Printer) -> None:
    printer.print(A)
    printer.ledger.announce([("a.html", "a", Stage.PAGE)], ["a"])

    assert printer.reasons(A) == {"a.html": "a build was interrupted"}


def test_other_subject_is_a_reason(printer: Printer) -> None:
    printer.print(A)

    assert printer.reasons(shelf("a", "a.html", key="other")) == {"a.html": "what it shows changed"}


def test_other_layout_is_a_reason(printer: Printer) -> None:
    printer.print(A)
    printer.look = "another look"

    assert printer.reasons(A) == {"a.html": "a layout file changed"}


def test_other_program_is_a_reason(printer: Printer) -> None:
    printer.print(A)
    printer.program = "2"

    assert printer.reasons(A) == {"a.html": "the program or a library changed"}


def test_other_renderer_is_a_reason(printer: Printer) -> None:
    printer.print(A)

    assert printer.reasons(shelf("a", "a.html", how=render_otherwise)) == {
        "a.html": "what it shows changed"
    }


def test_other_size_of_what_it_states_is_a_reason(printer: Printer) -> None:
    printer.print(shelf("a", "a.html", needs=("x.pdf",)))
    printer.sizes["x.pdf"] = 11

    stating = shelf("a", "a.html", needs=("x.pdf",))
    assert {due.reason for due in look_at(stating, printer.yardstick).due} == {
        "the size of a file that it states changed"
    }


def test_ledger_that_notes_otherwise_is_a_reason(printer: Printer) -> None:
    printer.print(A)
    path = printer.folder / "ledger.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE published SET fingerprint = fingerprint || '.more'")
        connection.execute("DELETE FROM shelves")
    connection.close()

    assert printer.reasons(A) == {"a.html": "it is made otherwise"}


def test_file_that_somebody_touched_is_a_reason_when_all_are_looked_at(printer: Printer) -> None:
    printer.print(A)
    (printer.folder / "build/a.html").write_text("defaced")
    assert printer.reasons(A) == {}
    printer.verify = True

    assert printer.reasons(A) == {"a.html": "the file in build/ was changed or removed"}


def test_newest_cause_does_not_hide_that_the_content_changed(printer: Printer) -> None:
    printer.print(A)
    printer.look = "another look"

    assert printer.reasons(shelf("a", "a.html", key="other")) == {"a.html": "what it shows changed"}


def test_shelf_that_is_renamed_keeps_its_files(printer: Printer) -> None:
    printer.print(A)

    removed = printer.print(shelf("b", "a.html"))
    assert removed == set()
    assert (printer.folder / "build/a.html").is_file()
    assert printer.reasons(shelf("b", "a.html")) == {}


def test_path_that_another_shelf_takes_over_stays(printer: Printer) -> None:
    printer.print(shelf("a", "a.html", "shared.html"), shelf("b", "b.html"))

    removed = printer.print(shelf("a", "a.html"), shelf("b", "b.html", "shared.html"))
    assert removed == set()
    assert (printer.folder / "build/shared.html").is_file()
    assert printer.reasons(shelf("a", "a.html"), shelf("b", "b.html", "shared.html")) == {}


def test_shelf_that_lost_all_it_had_is_printed_when_it_returns(printer: Printer) -> None:
    printer.print(A)
    printer.ledger.announce([("a.html", "b", Stage.PAGE)], ["b"])  # and the build was killed
    printer.print(shelf("b", "a.html"))
    printer.print(shelf("b", "b.html"))
    assert not (printer.folder / "build/a.html").exists()

    assert printer.reasons(A, shelf("b", "b.html")) == {"a.html": "it is new"}


def test_paths_may_be_swapped(printer: Printer) -> None:
    printer.print(shelf("a", "1.html"), shelf("b", "2.html"))

    removed = printer.print(shelf("a", "2.html"), shelf("b", "1.html"))
    assert removed == set()
    assert printer.reasons(shelf("a", "2.html"), shelf("b", "1.html")) == {}


def test_shelf_of_which_a_file_failed_is_looked_at_again(printer: Printer) -> None:
    whole = shelf("a", "a.html", "b.html")
    printer.print(whole, fails="b.html")

    assert printer.reasons(whole) == {"b.html": "it is new"}


def test_series_that_turns_to_one_language_takes_the_address_of_the_others(
    tmp_path: Path,
) -> None:
    office = Office.open(tmp_path / "office")
    office.write_release("N-001/26", "language: en")
    office.build()
    before = sorted(office.published())
    assert {"N-001/26/index.html", "N-001/26/en/index.html"} <= set(before)
    text = (office.root / "newsroom.yaml").read_text(encoding="utf-8")
    office.write("newsroom.yaml", text.replace("language: all", "language: en"))

    report = office.build()
    assert set(report.removed) == {"N-001/26/en/index.html"}
    assert "Title of N-001/26" in office.page("N-001/26/index.html")
    assert "https://press.example.org/N-001/26/</link>" in office.page("en/feed.xml")
    office.write("newsroom.yaml", text)
    office.build()
    assert sorted(office.published()) == before
    assert "https://press.example.org/N-001/26/en/</link>" in office.page("en/feed.xml")


def test_feed_follows_the_authority_of_its_identifiers(tmp_path: Path) -> None:
    office = Office.open(tmp_path / "office")
    office.write_release("E-001/26")
    office.build()
    text = (office.root / "newsroom.yaml").read_text(encoding="utf-8")
    office.write("newsroom.yaml", f"{text}tag_authority: old.example.org\n")

    office.build()
    assert "tag:old.example.org,2026:E-001/26" in office.page("en/feed.xml")
