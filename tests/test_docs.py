"""The manual is true: what it shows is what the program does, and nothing is left out."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from communique.checks import CODES
from communique.commands import COMMANDS
from tests.manual import KEYS, MODELS, PAGES, ROOT, keys_under, refresh
from tests.sampling import few_of

SOURCES = tuple(sorted((ROOT / "src").rglob("*.py")))
LINK = re.compile(r"\]\((?!https?:|mailto:)(?P<page>[^)#\s]*)(?:#(?P<anchor>[^)\s]*))?\)")
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
NEED = re.compile(r"^(?:venv|lib\S+|browser|java|npm) +(\S+) +(\S+) +(\S+)$", re.MULTILINE)
EITHER_WAY = {"$venv": "python3-venv", "$chromium": "chromium"}
"""What the script names by the machine → what the manual says."""


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "page", few_of({page.name: page for page in PAGES}, {"README.md", "guide.md", "email.md"})
)
def test_page_shows_what_the_program_does(page: Path, tmp_path: Path) -> None:
    shown = page.read_text(encoding="utf-8")

    true = refresh(page, tmp_path)

    assert shown == true, "the program and the page differ; `make docs` rewrites it"


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_explained_with_all_its_options(name: str) -> None:
    section = f"## communique {name}\n"
    help_shown = f"$ communique {name} --help\n"

    text = read("docs/commands.md")

    assert section in text
    assert help_shown in text


@pytest.mark.parametrize("page", MODELS)
def test_every_key_is_in_a_table(page: str) -> None:
    tables = KEYS.findall(read(f"docs/{page}"))

    assert sorted(tables) == sorted(keys_under(MODELS[page].model_json_schema()))


def test_every_check_is_explained_on_its_own_page_only() -> None:
    headings = re.findall(r"^### ([a-z0-9-]+)$", read("docs/checks.md"), re.MULTILINE)

    assert headings == [*CODES]
    assert set(CODES) & set(codes_in(SOURCES)) == set()


def test_every_diagnostic_is_explained_once_and_none_is_stale() -> None:
    rows = re.findall(r"^\| `([a-z0-9-]+)` \|", read("docs/diagnostics.md"), re.MULTILINE)

    explained = Counter(rows)

    assert explained == Counter(set(codes_in(SOURCES)))


def test_every_test_that_is_said_to_show_something_exists() -> None:
    claims = set(
        re.findall(r"`(test_\w+\.py|\w+/test_\w+\.py)::(test_\w+)`", read("docs/reliability.md"))
    )

    missing = {
        f"{file}::{name}" for file, name in claims if f"def {name}(" not in read(f"tests/{file}")
    }

    assert claims
    assert missing == set()


def codes_in(paths: tuple[Path, ...]) -> Iterator[str]:
    """Yield each code in the source.

    It is given to a parameter named `code`, assigned to a variable of that name, or returned in
    front of the words of a problem. One that is put together from parts is not found: write it out.
    """
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    positions = dict(pair for tree in trees for pair in takers_of_code(tree))
    for node in (node for tree in trees for node in ast.walk(tree)):
        values: list[ast.expr] = []
        if isinstance(node, ast.Call):
            callee = node.func.attr if isinstance(node.func, ast.Attribute) else node.func
            name = callee.id if isinstance(callee, ast.Name) else callee
            if isinstance(name, str) and name in positions:
                values = node.args[positions[name] :][:1]
                values += [each.value for each in node.keywords if each.arg == "code"]
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            values = [each for each in node.value.elts[:1] if is_code(each)]
        elif isinstance(node, ast.Assign):
            values = [value for target in node.targets for value in assigned_codes(target, node)]
        for value in values:
            either = (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,)
            for each in either:
                if isinstance(each, ast.Constant) and isinstance(each.value, str):
                    yield each.value


def is_code(value: ast.expr) -> bool:
    """Tell whether a text looks like a code, where nothing else says that it is one."""
    return isinstance(value, ast.Constant) and bool(
        re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", str(value.value))
    )


def takers_of_code(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield what is called with a diagnostic's code, and at which position."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [each.arg for each in node.args.args if each.arg != "self"]
            if "code" in names:
                yield node.name, names.index("code")
        elif isinstance(node, ast.ClassDef) and node.name in ("Diagnostic", "FileFault"):
            yield node.name, 0


def assigned_codes(target: ast.expr, node: ast.Assign) -> Iterator[ast.expr]:
    pairs = [(target, node.value)]
    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
        pairs = list(zip(target.elts, node.value.elts, strict=True))
    for name, value in pairs:
        if isinstance(name, ast.Name) and name.id == "code":
            yield value


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_a_page_and_a_heading(page: Path) -> None:
    text = CODE.sub("", page.read_text(encoding="utf-8"))
    broken = []

    for link in LINK.finditer(text):
        target = (page.parent / link["page"]).resolve() if link["page"] else page
        if not target.exists() or (link["anchor"] and link["anchor"] not in anchors_of(target)):
            broken.append(link[0])

    assert broken == []


def anchors_of(page: Path) -> set[str]:
    """Return the anchors that GitHub gives to a page's headings."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in headings}


def test_readme_names_every_package_to_install() -> None:
    shown = set(re.split(r"[^\w.+-]+", read("README.md")))

    needed = {
        EITHER_WAY.get(package, package)
        for row in NEED.findall(read("tools/system-packages"))
        for package in row
    }

    assert needed
    assert needed - shown == set()
