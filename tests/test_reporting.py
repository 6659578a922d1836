"""What officers read in the terminal: each problem underlined where it stands."""

from __future__ import annotations

import io
import json
import re
import time
from contextlib import redirect_stderr
from dataclasses import replace

import click
import pytest

from communique.diagnostics import Diagnostic, Severity, Span
from communique.reporting import describe, progress_bar, summary

STEERING = "\N{ESCAPE}[2J"
"""Would clear a terminal."""


def problem(text: str, marked: str, *, severity: Severity = Severity.ERROR) -> Diagnostic:
    start = text.index(marked) + 1
    span = Span("releases/E-1.md", 6, start, 6, start + len(marked), text)
    return Diagnostic("some-fault", "this is amiss", span, "write it well", severity)


def shown(found: Diagnostic) -> list[str]:
    (text,) = describe([found], "human")
    return click.unstyle(text).splitlines()


def test_problem_is_shown_with_its_place_and_a_proposal() -> None:
    assert shown(problem("embargo: tomorrow", "tomorrow")) == [
        "error[some-fault]: this is amiss",
        " --> releases/E-1.md:6:10",
        "  |",
        "6 | embargo: tomorrow",
        "  |          ^^^^^^^^",
        "  = help: write it well",
    ]


@pytest.mark.parametrize(
    ("text", "marked", "line", "underline"),
    [
        ("\ttitle: x", "x", "    title: x", "           ^"),
        ("a\tb", "\tb", "a    b", " ^^^^^"),
        ("新闻 title", "title", "新闻 title", "     ^^^^^"),
        ("x 新闻", "新闻", "x 新闻", "  ^^^^"),
        ("cafe\u0301 x", "x", "cafe\u0301 x", "     ^"),
        ("\u0e17\u0e35\u0e48 x", "x", "\u0e17\u0e35\u0e48 x", "  ^"),
        ("🎉 x", "x", "🎉 x", "   ^"),
        ("a\u200db", "b", "a\u200db", " ^"),
        (f"a{STEERING}b", "b", "a␛[2Jb", "     ^"),
        ("title:", "", "title:", "^"),
    ],
    ids=[
        "tab",
        "in tab",
        "wide",
        "wide marked",
        "accent",
        "Thai",
        "emoji",
        "joiner",
        "ESC",
        "empty",
    ],
)
def test_underline_stands_under_what_is_meant(
    text: str, marked: str, line: str, underline: str
) -> None:
    lines = shown(problem(text, marked))

    assert lines[3:5] == [f"6 | {line}", f"  | {underline}"]


@pytest.mark.parametrize("where", ["start", "middle", "end"])
def test_long_line_is_cut_around_the_place(where: str) -> None:
    words = ["word"] * 300
    words[{"start": 0, "middle": 150, "end": 299}[where]] = "MARKED"
    _, _, _, line, underline, _ = shown(problem(" ".join(words), "MARKED"))

    at = line.index("MARKED")
    assert len(line) <= 106
    assert (underline.index("^"), underline.count("^")) == (at, 6)
    assert ("…" in line[:at], "…" in line[at:]) == (where != "start", where != "end")


@pytest.mark.parametrize("style", ["human", "short", "json"])
@pytest.mark.parametrize("sign", [*"\x1b\x07\x7f\x85\x9b", *"\u202e\u2066\u200b\u2028", "\udcff"])
def test_nothing_that_is_quoted_steers_a_terminal(sign: str, style: str) -> None:
    quoted = f"a{sign}b"
    span = Span(f"releases/{quoted}.md", 1, 1, 1, 2, f"{quoted}: x")
    found = Diagnostic("some-fault", f"`{quoted}` is amiss", span, f"not `{quoted}`")

    (text,) = describe([found], style)

    assert sign not in click.unstyle(text)
    assert text.encode()
    if style == "json":
        assert json.loads(text)["help"] == f"not `{quoted}`"


def test_long_quotation_is_cut() -> None:
    span = Span("a.md", 1, 1, 1, 300_001, "x" * 300_000)
    found = Diagnostic("some-fault", f"`{'x' * 300_000}` is amiss", span)

    assert all(len(line) < 1000 for line in shown(found))


def test_problem_of_a_file_as_a_whole_shows_no_line() -> None:
    found = Diagnostic("phrases-missing", "there are none", Span.of_file("layouts/phrases/de.yaml"))

    assert shown(found) == [
        "error[phrases-missing]: there are none",
        " --> layouts/phrases/de.yaml:1:1",
    ]


def test_short_is_a_line_for_each_as_editors_read_it() -> None:
    warning = problem("a b", "b", severity=Severity.WARNING)

    assert list(describe([problem("a b", "a"), warning], "short")) == [
        "releases/E-1.md:6:1: error[some-fault]: this is amiss",
        "releases/E-1.md:6:3: warning[some-fault]: this is amiss",
    ]


def test_json_is_a_line_of_its_own_for_each() -> None:
    (line,) = describe([problem("a «b»", "«b»")], "json")

    assert "\n" not in line
    assert json.loads(line) == {
        "code": "some-fault",
        "severity": "error",
        "message": "this is amiss",
        "help": "write it well",
        "path": "releases/E-1.md",
        "line": 6,
        "column": 3,
        "end_line": 6,
        "end_column": 6,
    }


def test_github_is_a_command_that_its_runner_reads_back() -> None:
    found = problem("embargo: tomorrow", "tomorrow", severity=Severity.NOTE)
    hostile = replace(
        found, message="50%\n::error::x", span=replace(found.span, path="releases/a,b:c.md")
    )

    assert [*describe([found, hostile], "github")] == [
        "::notice file=releases/E-1.md,line=6,endLine=6,col=10,endColumn=18,title=some-fault"
        "::this is amiss; write it well",
        "::notice file=releases/a%2Cb%3Ac.md,line=6,endLine=6,col=10,endColumn=18,title=some-fault"
        "::50%25\u240a::error::x; write it well",
    ]


def test_github_has_no_columns_where_a_problem_spans_lines() -> None:
    found = problem("embargo: tomorrow", "tomorrow")
    found = replace(found, span=replace(found.span, end_line=7, end_column=3), help=None)

    assert [*describe([found], "github")] == [
        "::error file=releases/E-1.md,line=6,endLine=7,title=some-fault::this is amiss"
    ]


def test_sarif_is_one_document_for_all() -> None:
    found = problem("embargo: tomorrow", "tomorrow", severity=Severity.WARNING)
    known = replace(found, code="doubled-word", span=replace(found.span, path="releases/é 1.md"))

    (text,) = describe([found, known], "sarif")

    document = json.loads(text)
    (run,) = document["runs"]
    assert (document["version"], run["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["some-fault", "doubled-word"]
    assert run["results"][0] == {
        "ruleId": "some-fault",
        "level": "warning",
        "message": {"text": "this is amiss; write it well"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "releases/E-1.md"},
                    "region": {"startLine": 6, "startColumn": 10, "endLine": 6, "endColumn": 18},
                }
            }
        ],
    }
    place = run["results"][1]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "releases/%C3%A9%201.md"


def test_sarif_of_no_problem_is_a_document_without_results() -> None:
    (text,) = describe([], "sarif")

    assert json.loads(text)["runs"][0]["results"] == []


@pytest.mark.parametrize(
    ("errors", "warnings", "text"),
    [
        (0, 0, "no problems"),
        (1, 0, "1 error"),
        (2, 1, "2 errors, 1 warning"),
        (0, 2, "2 warnings"),
    ],
)
def test_summary_counts(errors: int, warnings: int, text: str) -> None:
    error = problem("a", "a")

    assert summary([error] * errors + [error.as_warning()] * warnings) == text


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal_has_count_rate_and_time_left() -> None:
    with redirect_stderr(Terminal()) as terminal, progress_bar(3) as step:
        time.sleep(1.1)  # click reckons once a second
        step("E-003/26/")
    assert re.search(r"1/3 +00:\d\d:\d\d +\d\.\d/s +E-003/26/", click.unstyle(terminal.getvalue()))


def test_progress_is_not_shown_elsewhere() -> None:
    with redirect_stderr(io.StringIO()) as file, progress_bar(1) as step:
        step("E-003/26/")
    assert "/s" not in file.getvalue()
