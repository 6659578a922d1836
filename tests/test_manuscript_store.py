"""The store gives back what was put into it, in whatever pieces it keeps it."""

from __future__ import annotations

from pathlib import Path

from communique.cards import Stub
from communique.manuscript_store import MANY, PIECE, Line, ManuscriptStore, Row
from communique.release import Manuscript


def put(path: Path, lines: dict[str, Line], gone: list[str]) -> dict[str, Line]:
    """Store some lines as a build does, and return what the next one finds."""
    rows = [
        Row.of(line, Manuscript(name, None, (), draft=False, public_from=None))
        for name, line in lines.items()
    ]
    store = ManuscriptStore(path, "desk")
    store.update(rows, gone)
    store.close()
    later = ManuscriptStore(path, "desk")
    found = later.lines()
    later.close()
    return found


def line(name: str, size: int) -> Line:
    return Line((size, 0, 0), ((f"{name}.png", (1, 2, 3)),), Stub(name, None, False, None))


def test_lines_are_the_same_however_many_changed(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    names = [f"releases/{number}.md" for number in range(PIECE + 7)]
    known = {name: line(name, 1) for name in names}
    assert put(path, known, []) == known

    edited = {"releases/3.md": line("releases/3.md", 2), "releases/\udce9.md": line("é", 2)}
    known = {**known, **edited}
    del known["releases/5.md"]
    assert put(path, edited, ["releases/5.md"]) == known

    back = {"releases/5.md": line("releases/5.md", 3)}
    known.update(back)
    assert put(path, back, []) == known

    gone = names[10 : 10 + MANY + 1]
    known = {name: each for name, each in known.items() if name not in gone}
    assert put(path, {}, gone) == known
