"""The look: a fault in a template is said with its file and line, and a text is no template."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from jinja2.bccache import bc_magic

from communique.layouts import LayoutError, Layouts
from communique.site import sites_of
from communique.source import LayoutFile
from tests.office import NEWSROOM, Office, newsroom_of

SITE = sites_of(newsroom_of())["en"]


def layouts_of(files: dict[str, str | bytes], memory: Path | None = None) -> Layouts:
    return Layouts(
        {
            name: LayoutFile(f"layouts/{name}", text.encode() if isinstance(text, str) else text)
            for name, text in files.items()
        },
        {"en": {"newsroom": "Media Center"}},
        memory,
    )


def fault_in(files: dict[str, str | bytes]) -> str:
    """Return what is said of the template ``t.j2`` when an output is made with it."""
    with pytest.raises(LayoutError) as caught:
        use(layouts_of(files))
    found = caught.value.diagnostic
    assert found.code == "layout-broken"
    return f"{found.span}: {found.message}"


def use(layouts: Layouts) -> str:
    """Use the template ``t.j2`` as a build does."""
    layouts.digest("t.j2")
    return layouts.render("t.j2", SITE)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("a\n{% if %}", "layouts/t.j2:2:1: Expected an expression, got 'end of statement block'"),
        ("a\n\n{{ x.y }}", "layouts/t.j2:3:1: UndefinedError: 'x' is undefined"),
        ("a\n{{ site.colour }}", "layouts/t.j2:2:1: UndefinedError: "),
        ("a\n{{ 1 | shout }}", "layouts/t.j2:2:1: No filter named 'shout'."),
        ("a\n{{ 1 / 0 }}", "layouts/t.j2:2:1: ZeroDivisionError: division by zero"),
        ("a\n{{ [1][7].x }}", "layouts/t.j2:2:1: UndefinedError: "),
        ("a\n{% include 'u.j2' %}", "layouts/t.j2:2:1: there is no template `u.j2`"),
        ("a\n{% extends 'u.j2' %}", "layouts/t.j2:2:1: there is no template `u.j2`"),
        ("a\n{% from 'u.j2' import m %}", "layouts/t.j2:2:1: there is no template `u.j2`"),
        (
            "a\n{% include site.language %}",
            "layouts/t.j2:2:1: a template that is drawn in must be named in quotation marks",
        ),
        ("a\nb{% include 't.j2' %}", "layouts/t.j2:2:1: RecursionError: "),
        (
            "a\n{{ phrases.newsroom.format() }}{{ '{x}'.format() }}",
            "layouts/t.j2:2:1: KeyError: 'x'",
        ),
        (b"a\nMin\xe9ral", "layouts/t.j2:2:1: the template is not saved as UTF-8"),
    ],
)
def test_broken_template_is_reported_with_its_line(template: str | bytes, said: str) -> None:
    assert fault_in({"t.j2": template}).startswith(said)


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ site.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ self._TemplateReference__context }}",
        "{{ site['__class__'] }}",
        "{{ site['__cla' ~ 'ss__'] }}",
        "{{ link.__globals__ }}",
        "{{ lipsum['__glob' ~ 'als__'] }}",
        "{{ ([1] | map('string')).gi_frame }}",
        "{{ [site] | map(attribute='__class__') | list }}",
        "{{ [site] | map(attribute='languages.__class__') | list }}",
        "{{ [site] | groupby('__class__') }}",
        "{{ [site] | sum('__class__') }}",
        "{{ site | attr('__class__') }}",
        "{{ '{x.__class__}'.format(x=site) }}",
        "{{ '{x[__class__]}'.format(x=site) }}",
        "{{ '{0.__class__}'.format(site) }}",
        "{{ ('{x.__cla' ~ 'ss__}').format(x=site) }}",
        "{{ '{x.__class__}'.format_map({'x': site}) }}",
        "{{ '{x.__class__}'['format'](x=site) }}",
        "{{ (['{x.__class__}'] | map(attribute='format') | first)(x=site) }}",
        "{{ '{x:{x.__class__}}'.format(x=site) }}",
        "{% set f = '{x.__class__}'.format %}{{ f(x=site) }}",
        "{% macro m() %}{% endmacro %}{{ m._func }}",
    ],
)
def test_template_reaches_nothing_beyond_what_it_is_given(hostile: str) -> None:
    assert fault_in({"t.j2": f"a\n{hostile}"}).startswith("layouts/t.j2:2:1: ")


def test_template_reaches_what_it_is_given_however_it_is_named() -> None:
    template = "{{ site['language'] }} {% for _ in [1] %}{{ '{x:>3}'.format(x=1) }}{% endfor %}"

    assert use(layouts_of({"t.j2": template})) == "en   1"


def test_fault_is_reported_in_the_template_that_has_it() -> None:
    files: dict[str, str | bytes] = {
        "t.j2": "{% from 'm.j2' import shout with context %}\n{{ shout(1) }}",
        "m.j2": "{% macro shout(x) %}\n\n{{ x.y.z }}\n{% endmacro %}",
    }

    assert fault_in(files).startswith("layouts/m.j2:3:1: UndefinedError: ")


def test_missing_file_is_reported_in_the_template_that_draws_it_in() -> None:
    files: dict[str, str | bytes] = {"t.j2": "{% include 'm.j2' %}", "m.j2": "\n{% include 'u' %}"}

    assert fault_in(files) == "layouts/m.j2:2:1: there is no template `u`"


def test_template_may_do_without_a_file_if_it_says_so() -> None:
    template = "a{% include 'own.j2' ignore missing %}"
    without = layouts_of({"t.j2": template})
    having = layouts_of({"t.j2": template, "own.j2": "b"})

    assert (without.render("t.j2", SITE), having.render("t.j2", SITE)) == ("a", "ab")
    assert without.digest("t.j2") != having.digest("t.j2")


@pytest.mark.parametrize("changed", ["t.j2", "base.j2", "macros.j2", "deep.j2"])
def test_digest_is_that_of_everything_a_template_draws_in(changed: str) -> None:
    files: dict[str, str | bytes] = {
        "t.j2": "{% extends 'base.j2' %}{% block x %}{% from 'macros.j2' import m %}{% endblock %}",
        "base.j2": "{% block x %}{% endblock %}",
        "macros.j2": "{% macro m() %}{% include 'deep.j2' %}{% endmacro %}",
        "deep.j2": "deep",
        "stranger.j2": "stranger",
    }
    before = layouts_of(files).digest("t.j2")

    assert layouts_of(files | {changed: f"{files[changed]!s} "}).digest("t.j2") != before
    assert layouts_of(files | {"stranger.j2": "x", "new.j2": "x"}).digest("t.j2") == before


@pytest.mark.parametrize("change", [{"print/a.css": "x"}, {"print/fonts/b.ttf": "x"}])
def test_digest_of_a_folder_is_that_of_all_its_files(change: dict[str, str | bytes]) -> None:
    files: dict[str, str | bytes] = {"print/a.css": "a", "printer.css": "p"}
    before = layouts_of(files).digest("print/")

    assert layouts_of(files | change).digest("print/") != before
    assert layouts_of(files | {"printer.css": "x"}).digest("print/") == before


def remembered(files: dict[str, str | bytes], memory: Path) -> tuple[str, str]:
    """Use a look as a build does that finds what an earlier one kept; return digest and text."""
    layouts = layouts_of(files, memory)
    layouts.recall()
    found = layouts.digest("t.j2"), layouts.render("t.j2", SITE)
    layouts.note()
    return found


def test_look_is_remembered_until_one_of_its_files_changes(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"t.j2": "{% include 'u.j2' %}", "u.j2": "one"}
    digest, text = remembered(files, tmp_path)
    kept = (tmp_path / "digests.json").read_text()

    assert text == "one"
    assert remembered(files, tmp_path) == (digest, text)
    assert (tmp_path / "digests.json").read_text() == kept
    changed = files | {"u.j2": "two"}
    assert remembered(changed, tmp_path) == (layouts_of(changed).digest("t.j2"), "two")
    assert remembered(files, tmp_path) == (digest, text)


def test_look_that_was_used_travels_to_other_processes_without_what_is_kept_here(
    tmp_path: Path,
) -> None:
    layouts = layouts_of({"t.j2": "text"}, tmp_path)
    use(layouts)

    there: Layouts = pickle.loads(pickle.dumps(layouts))
    assert (use(there), there.memory) == ("text", None)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-9],
        lambda data: data[: len(bc_magic) + 2],
        lambda data: bc_magic + b"\xff\x00",
        lambda data: b"[1]",
        lambda data: b'{"look": 1, "digests": 2}',
    ],
    ids=["empty", "end missing", "head alone", "rubbish after the head", "a list", "other values"],
)
def test_what_is_damaged_of_a_remembered_look_is_made_again(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    files: dict[str, str | bytes] = {"t.j2": "text"}
    first = remembered(files, tmp_path)
    kept = sorted(tmp_path.iterdir())
    assert len(kept) == 2
    for path in kept:
        path.write_bytes(damage(path.read_bytes()))

    assert remembered(files, tmp_path) == first


def test_values_are_escaped_and_never_read_as_templates() -> None:
    layouts = layouts_of({"t.j2": "{{ text }}"})

    assert layouts.render("t.j2", SITE, text="{{ 7 * 7 }} <b>{% raw %}") == (
        "{{ 7 * 7 }} &lt;b&gt;{% raw %}"
    )


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office.open(tmp_path)
    office.write_release("E-001/26", "topics: [quays]")
    return office


def test_template_syntax_in_a_release_stays_text(office: Office) -> None:
    hostile = "{{ 7 * 7 }} {% include 'x' %} {# gone? #}"
    office.write_release("E-002/26", f"title: '{hostile.replace(chr(39), chr(39) * 2)}'", body="x")
    office.write_release("E-003/26", body=hostile)

    assert {found.code for found in office.build().diagnostics} == {"template-left"}
    assert "<h1>{{ 7 * 7 }} {% include ‘x’ %} {# gone? #}</h1>" in office.page(
        "E-002/26/index.html"
    )
    assert "<p>{{ 7 * 7 }} {% include ‘x’ %} {# gone? #}</p>" in office.page("E-003/26/index.html")
    assert "49" not in office.page("en/feed.xml").replace("2026", "")


def test_office_replaces_single_files_and_phrases(office: Office) -> None:
    office.write("layouts/page/rubric.html.j2", "<p>{{ name }}: {{ phrases.newsroom }}</p>")
    office.write("layouts/assets/brand.css", "/* ours */")
    office.write("layouts/assets/logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    office.write("layouts/assets/seal.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    office.write("layouts/phrases/en.yaml", "newsroom: Harbour News\nkinds:\n  release: Notice\n")

    assert office.build().diagnostics == ()
    published = office.published()
    assert published["en/topics/quays/index.html"] == b"<p>Quays: Harbour News</p>"
    assert published["assets/brand.css"] == b"/* ours */"
    assert published["assets/logo.svg"] == published["assets/seal.svg"]
    page = office.page("E-001/26/index.html")
    assert "Notice" in page
    assert "Download" not in page  # nothing but the phrases named is replaced: `--no-pdf`
    assert "Also available in" not in page
    assert "How to subscribe" in page
    assert "Centro de Noticias" in office.page("es/index.html")


def test_slip_in_a_phrase_of_the_office_is_found_when_it_is_read(office: Office) -> None:
    office.write("layouts/phrases/en.yaml", 'feed_title: "{organisation}"\n')

    ran = office.run("check", "--format", "short")
    assert ran.code == 1
    assert ran.err == (
        "layouts/phrases/en.yaml:1:13: error[phrase-malformed]: the phrase `feed_title` has "
        "`{organisation}`, which nothing fills in\n"
    )


def test_broken_template_of_the_office_stops_the_build_in_words(office: Office) -> None:
    office.build()
    before = office.published()
    office.write("layouts/page/rubric.html.j2", "a\n{{ rubrik.name }}")
    office.write("layouts/feed/item.html.j2", "{% if %}")
    office.write_release("E-002/26")

    ran = office.run("build", "--no-pdf", "--format", "short")
    assert ran.code == 1
    assert ran.err.splitlines() == [
        "layouts/feed/item.html.j2:1:1: error[layout-broken]: "
        "Expected an expression, got 'end of statement block'",
        "layouts/page/rubric.html.j2:2:1: error[layout-broken]: "
        "UndefinedError: 'rubrik' is undefined",
        "nothing was published: 2 errors",
    ]
    assert office.published() == before


GERMAN = NEWSROOM.replace("languages: [en, es]", "languages: [en, es, de]").replace(
    "  N: {", "  D: {kind: release, language: de}\n  N: {"
)


def test_missing_language_says_what_to_do(office: Office) -> None:
    office.write("newsroom.yaml", GERMAN)

    ran = office.run("check")
    assert ran.code == 1
    assert "error[phrases-missing]: there are no phrases in `de`" in ran.err
    assert "--> layouts/phrases/de.yaml:1:1" in ran.err
    assert "phrases/en.yaml` there and translate" in ran.err


def test_language_is_added_by_a_file_of_phrases(office: Office) -> None:
    english = (Path(__file__).parents[1] / "layouts/phrases/en.yaml").read_text(encoding="utf-8")
    german = english.replace("newsroom: Media Center", "newsroom: Presseportal").replace(
        "Press Release", "Pressemitteilung"
    )
    office.write("newsroom.yaml", GERMAN)
    office.write("layouts/phrases/de.yaml", german)
    office.write_release("D-001/26", 'title: "Der Hafenrat tagt"')

    ran = office.run("build", "--no-pdf")
    assert ran.code == 0, ran.err
    page = office.page("D-001/26/index.html")
    assert '<html lang="de" dir="ltr">' in page
    assert "Pressemitteilung" in page
    assert "1. März 2026" in page
    assert "Deutsch</a>" in office.page("E-001/26/index.html")
    assert "Presseportal" in office.page("de/feed.xml")
