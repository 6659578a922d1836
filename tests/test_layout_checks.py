"""What is wrong with a look is found before anything is made with it, in its file and line."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from communique.layout_checks import VARIABLES, check_layouts
from communique.layouts import Layouts
from communique.source import LayoutFile
from tests.office import Office

ROOT = Path(__file__).parents[1]
SHIPPED = {
    path.relative_to(ROOT / "layouts").as_posix(): path.read_bytes()
    for path in sorted((ROOT / "layouts").rglob("*"))
    if path.is_file()
}
SMALL: dict[str, str | bytes] = {
    name: data for name, data in SHIPPED.items() if name.endswith((".svg", ".txt"))
}


def layouts_of(files: Mapping[str, str | bytes], memory: Path | None = None) -> Layouts:
    own = {name: data if isinstance(data, bytes) else data.encode() for name, data in files.items()}
    return Layouts(
        {name: LayoutFile(f"layouts/{name}", data) for name, data in own.items()}, {}, memory
    )


def said_of(name: str, text: str | bytes) -> list[str]:
    return [
        f"{found.span}: {found.message}".removeprefix(f"layouts/{name}:")
        for found in check_layouts(layouts_of({**SMALL, name: text}))
    ]


def test_programs_own_look_lacks_nothing() -> None:
    assert check_layouts(layouts_of(SHIPPED)) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n{% if %}", "2:1: Expected an expression, got 'end of statement block'"),
        ("a\n{% block x %}", "2:1: Unexpected end of template."),
        ("a\n{{ 1 | shout }}", "2:1: No filter named 'shout'."),
        ("a\n{% if site.notice %}{{ 1 | shout }}{% endif %}", "2:1: No filter named 'shout'."),
        (
            "a\n{% block x %}{% endblock %}{% block x %}{% endblock %}",
            "2:1: block 'x' defined twice",
        ),
        ("a\n{% if 1 is loud %}{% endif %}", "2:1: No test named 'loud'."),
        ("a\n{% include 'u.j2' %}", "2:1: there is no template `u.j2`"),
        ("a\n{% extends 'u.j2' %}", "2:1: there is no template `u.j2`"),
        ("a\n{% from 'u.j2' import m %}", "2:1: there is no template `u.j2`"),
        ("a\n\n{{ relase.title }}", "3:1: UndefinedError: 'relase' is undefined"),
        (
            "a\n<img src='{{ link(\"assets/seal.png\") }}'>",
            "2:1: there is no file `layouts/assets/seal.png`",
        ),
        (b"a\nMin\xe9ral", "2:1: the template is not saved as UTF-8"),
        ("a\n<img src='https://evil.example/x.png'>", "2:1: `https://evil.example/x.png` is not"),
        ("a\n<script src=//evil.example/x.js></script>", "2:1: `//evil.example/x.js` is not"),
        (
            '<link href="x">\n<link rel="stylesheet" href="https://fonts.example/css">',
            "2:1: `https://fonts.example/css` is not loaded",
        ),
    ],
)
def test_fault_in_a_template_is_found_in_its_line(text: str | bytes, said: str) -> None:
    (found,) = said_of("page/rubric.html.j2", text)

    assert found.startswith(said)


@pytest.mark.parametrize(
    "text",
    [
        "{% include 'own.j2' ignore missing %}",
        "{% if seal is defined %}{{ seal }}{% endif %}{{ stamp | default('none') }}",
        "{% set stamp = 1 %}{{ stamp }}{% macro m(x) %}{{ x }}{{ caller() }}{% endmacro %}",
        "{% for x in entries %}{{ loop.index }}{{ x }}{% endfor %}{{ range(3) }}",
        "{# <img src='https://www.example.org/x.png'> {{ nobody }} #}{{ rubric }}",
        "<a href='https://www.example.org/'>{{ link('assets/logo.svg') }}</a>",
    ],
)
def test_what_is_right_in_a_template_is_left_in_peace(text: str) -> None:
    assert said_of("page/rubric.html.j2", text) == []


def test_variables_are_those_that_the_renditions_hand_over() -> None:
    handed = {"site", "phrases"}
    folders = (ROOT / "src/communique" / name for name in ("renditions", "mailing"))
    for path in (path for folder in folders for path in folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            callee = node.func if isinstance(node, ast.Call) else None
            if isinstance(callee, ast.Attribute) and callee.attr == "render":
                assert isinstance(node, ast.Call)
                handed |= {each.arg for each in node.keywords if each.arg}

    assert handed == VARIABLES


LOADING = [
    "a { background: url(§) }",
    "a { background: url('§') }",
    "a { background: image-set('§' 1x) }",
    "@media print { a { list-style: url(§) } }",
    "@import '§';",
    "@import url(§);",
    "@font-face { font-family: X; src: local('Arial'), url('§') format('woff2') }",
    ":root { --seal: url(§) }",
    "a { background: URL(§) }",
    "a { background: u\\72l(§) }",
]


ADDRESSES = {
    "seal.png": "there is no file `layouts/{folder}/seal.png`",
    "../page/base.html.j2": "`../page/base.html.j2` lies outside `layouts/{folder}/`",
    "https://evil.example/x": "`https://evil.example/x` is not loaded",
    "//evil.example/x": "`//evil.example/x` is not loaded",
    "file:///etc/passwd": "`file:///etc/passwd` is not loaded",
    "ftp://evil.example/x": "`ftp://evil.example/x` is not loaded",
    "data:image/png;base64,AA==": "`data:image/png;base64,AA==` is not loaded",
    "/etc/passwd": "`/etc/passwd` is not loaded",
}


@pytest.mark.parametrize("rule", LOADING)
@pytest.mark.parametrize("name", ["assets/own.css", "print/print.css"])
def test_missing_or_foreign_file_in_a_stylesheet_is_found_in_its_place(
    name: str, rule: str
) -> None:
    for address, said in ADDRESSES.items():
        text = f"/* url(nothing.png) */\np {{ color: red }}\n  {rule}".replace("§", address)

        (found,) = said_of(name, text)

        line, column, message = found.split(":", 2)
        assert (line, int(column) > 2) == ("3", True)
        assert message.strip().startswith(said.format(folder=name.partition("/")[0]))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("assets/own.css", "a { background: url(logo.svg), url('fonts/OFL.txt?v=1#x'), url(#x) }"),
        (
            "print/print.css",
            "@font-face { src: url(fonts/OFL.txt) } a { background: url(logo.svg) }",
        ),
        (
            "assets/own.css",
            "@namespace url(http://www.w3.org/1999/xhtml); a::after { content: '' }",
        ),
        (
            "assets/own.css",
            "@namespace svg url(http://www.w3.org/2000/svg); svg|a { color: red }",
        ),
        ("assets/own.css", "a::before { content: 'url(https://evil.example)' }"),
        ("elsewhere/own.css", "a { background: url(nothing.png) }"),
    ],
)
def test_what_is_there_may_be_loaded(name: str, text: str) -> None:
    assert said_of(name, text) == []


def test_stylesheet_that_cannot_be_read_is_named() -> None:
    assert said_of("assets/own.css", b"a\n\xe9")[0].startswith("2:1: the stylesheet is not saved")
    assert said_of("assets/own.css", "a {\n background: url(a b) }")[0].startswith(
        "2:14: this cannot"
    )


def test_all_faults_are_found_at_once_and_underlined(tmp_path: Path) -> None:
    office = Office.open(tmp_path)
    office.write("layouts/assets/brand.css", "a { background: url(seal.png) }\n")
    office.write("layouts/page/rubric.html.j2", "{{ rubrik }}\n{% include 'x' %}\n")
    office.write_release("E-001/26", "date: tomorrow")

    ran = office.run("check", "--format", "short")

    assert ran.code == 1
    assert [line.split(" error")[0] for line in ran.err.splitlines()] == [
        "layouts/assets/brand.css:1:17:",
        "layouts/page/rubric.html.j2:1:1:",
        "layouts/page/rubric.html.j2:2:1:",
        "releases/E-001-26.md:4:7:",
    ]
    assert "^^^^^^^^^^^^^" in office.run("check").err


def test_fault_in_the_look_stops_a_build_before_anything_is_rendered(tmp_path: Path) -> None:
    office = Office.open(tmp_path)
    office.write_release("E-001/26")
    office.write("layouts/print/print.css", "@import 'https://evil.example/x.css';")

    report = office.build()

    assert [each.code for each in report.diagnostics] == ["layout-broken"]
    assert report.stopped
    assert not office.folder.build.exists()


def test_sound_look_is_not_looked_at_again_until_a_file_changes(tmp_path: Path) -> None:
    sound: dict[str, str | bytes] = {**SMALL, "assets/a.css": "a { background: url(logo.svg) }"}
    assert check_layouts(layouts_of(sound, tmp_path)) == ()
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from communique.layout_checks import check_layouts\n"
        "from tests.test_layout_checks import SMALL, layouts_of\n"
        "look = {**SMALL, 'assets/a.css': 'a { background: url(logo.svg) }'}\n"
        "check_layouts(layouts_of(look, Path(sys.argv[1])))\n"
        "sys.exit('tinycss2' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, check=True)

    for name, data in (("assets/a.css", "a { background: url(x) }"), ("page/x.j2", "{% if %}")):
        assert check_layouts(layouts_of({**sound, name: data}, tmp_path)) != ()
    gone = {name: data for name, data in sound.items() if name != "assets/logo.svg"}
    assert check_layouts(layouts_of(gone, tmp_path)) != ()
    (note,) = tmp_path.iterdir()
    note.write_bytes(b"\xff")
    assert check_layouts(layouts_of(gone, tmp_path)) != ()
