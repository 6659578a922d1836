"""An output's fingerprint: what its bytes depend on, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from communique.layouts import Layouts
from communique.output import Output, Shelf, Stage, Workshop
from communique.source import LayoutFile


@dataclass(frozen=True)
class Subject:
    text: str


def render(subject: Subject, workshop: Workshop) -> bytes:
    raise AssertionError("a fingerprint needs no rendering")


def render_otherwise(subject: Subject, workshop: Workshop) -> bytes:
    raise AssertionError("a fingerprint needs no rendering")


FILES = {
    "page.j2": "{% from 'macros.j2' import m %}",
    "macros.j2": "",
    "phrases/en.yaml": "a: b",
    "phrases/es.yaml": "a: c",
    "print/fonts/a.ttf": "font",
    "assets/style.css": "css",
}
OUTPUT = Output(
    "x/index.html",
    Stage.PAGE,
    "key",
    Subject("text"),
    render,
    ("page.j2", "phrases/en.yaml", "print/"),
    needs=("x/x.pdf",),
)
SIZES = {"x/x.pdf": 10, "y/y.pdf": 10}


def fingerprint(
    output: Output = OUTPUT,
    files: dict[str, str] | None = None,
    sizes: dict[str, int] | None = None,
    program: str = "1",
) -> str:
    changed = {
        name: LayoutFile(f"layouts/{name}", text.encode())
        for name, text in (FILES | (files or {})).items()
    }
    return output.fingerprint(Layouts(changed, {}), (SIZES | (sizes or {})).__getitem__, program)


@pytest.mark.parametrize(
    "changed",
    [
        fingerprint(replace(OUTPUT, key="other")),
        fingerprint(replace(OUTPUT, render=render_otherwise)),
        fingerprint(replace(OUTPUT, needs=())),
        fingerprint(files={"page.j2": "{% include 'macros.j2' %}"}),
        fingerprint(files={"macros.j2": "x"}),
        fingerprint(files={"phrases/en.yaml": "a: d"}),
        fingerprint(files={"print/fonts/a.ttf": "other"}),
        fingerprint(files={"print/fonts/b.ttf": "new"}),
        fingerprint(sizes={"x/x.pdf": 11}),
        fingerprint(program="2"),
    ],
    ids=[
        *("key", "renderer", "needs", "template", "macros", "phrases", "font", "new font"),
        *("size", "program"),
    ],
)
def test_fingerprint_changes_with_every_input(changed: str) -> None:
    assert changed != fingerprint()


@pytest.mark.parametrize(
    "same",
    [
        fingerprint(replace(OUTPUT, path="y/index.html")),
        fingerprint(files={"phrases/es.yaml": "a: d", "assets/style.css": "", "new.j2": "x"}),
        fingerprint(sizes={"y/y.pdf": 11}),
    ],
    ids=["path", "other files", "other sizes"],
)
def test_fingerprint_is_the_same_whatever_else_changes(same: str) -> None:
    assert same == fingerprint()


def fingerprint_of_shelf(
    key: str = "key", style: str = "css", program: str = "1", other: str = "a: c"
) -> str:
    files = {"assets/style.css": style, "phrases/es.yaml": other}
    layouts = Layouts(
        {name: LayoutFile(f"layouts/{name}", text.encode()) for name, text in files.items()}, {}
    )
    return Shelf("name", key, ("assets/",), lambda: ()).fingerprint(layouts, program)


def test_shelf_changes_with_what_its_outputs_depend_on_and_nothing_else() -> None:
    changed = {
        fingerprint_of_shelf(),
        fingerprint_of_shelf(key="other"),
        fingerprint_of_shelf(style="other"),
        fingerprint_of_shelf(program="2"),
    }
    assert len(changed) == 4
    assert fingerprint_of_shelf(other="a: d") == fingerprint_of_shelf()
