"""`communique import`: what was written in Word, as a web page or as text becomes a release."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

import click

from communique.bringing.importing import Importing, Outcome, Wishes, files_in
from communique.bringing.pandoc import PandocMissingError
from communique.commands.common import (
    ERRORS_FOUND,
    MACHINE_LACKS,
    Machine,
    instant_of,
    newsroom_here,
    now_option,
    read_newsroom_of,
    require,
)
from communique.publishing import only_one

EXAMPLES = """\b
Examples:
  communique import ferries.docx --series E
  communique import E-502-14.txt
  communique import old-releases/ --published
"""
REPORT = "import-report.csv"
COLUMNS = ("file", "result", "reference", "release", "notes")
SHOWN = 10
"""So many of the files that need eyes are named; the report has all."""


@click.command("import", epilog=EXAMPLES)
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--series", help="Give what has no reference the next number of this series.")
@click.option(
    "--language", help="The language, as in 'es', of releases in a series of every language."
)
@click.option(
    "--published",
    is_flag=True,
    help="They are public already: only what is uncertain, or lies ahead, becomes a draft.",
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"Where the table of what became of each file goes; for a folder it is {REPORT}.",
)
@now_option
@click.pass_obj
def import_releases(
    machine: Machine,
    files: tuple[Path, ...],
    series: str | None,
    language: str | None,
    published: bool,
    report: Path | None,
    now_text: str | None,
) -> None:
    """Make releases of Word files, web pages and texts.

    FILES may be folders: then every .docx, .html and .txt in them is imported. Title, date, place
    and reference are looked for, in English, Spanish, Portuguese and French. What was uncertain is
    noted in the release, and `communique check` repeats it until you delete the note. A release is
    a draft until you delete the line `draft: yes`. No file is imported twice, and none replaces
    another: a command that was stopped goes on when it is given again.
    """
    folder = newsroom_here()
    newsroom = require(read_newsroom_of(folder))
    today = instant_of(machine, now_text, newsroom.time_zone).date()
    if series is not None and series.upper() not in newsroom.series:
        known = ", ".join(newsroom.series)
        raise click.BadParameter(f"known are {known}", param_hint="--series")
    paths = [*files_in([*files])]
    many = len(paths) != 1 or any(path.is_dir() for path in files)
    report = report or (Path(REPORT) if many else None)
    outcomes: list[Outcome] = []
    with only_one(folder.private / "numbers.lock", lambda: _say("waiting for another command")):
        importing = Importing(folder, newsroom, Wishes(series, language, published), today)
        hidden = not many or not sys.stderr.isatty()
        with click.progressbar(
            paths, label="importing", file=sys.stderr, show_pos=True, hidden=hidden
        ) as bar:
            try:
                for path in bar:
                    outcomes.append(importing.bring(path))
            except PandocMissingError as problem:
                click.echo(f"error: {problem}", err=True)
                raise click.exceptions.Exit(MACHINE_LACKS) from None
    _show(outcomes if many else outcomes[:1], many)
    if report is not None:
        _write_report(report, outcomes)
        click.echo(f"{report} says what became of each file")
    if any(each.result == "failed" for each in outcomes):
        raise click.exceptions.Exit(ERRORS_FOUND)


def _say(words: str) -> None:
    click.echo(words, err=True)


def _show(outcomes: list[Outcome], many: bool) -> None:
    """Say what became of a file, or of many in figures."""
    failed = [each for each in outcomes if each.result == "failed"]
    noted = [each for each in outcomes if each.result != "failed" and each.notes]
    if not many:
        for each in outcomes:
            if each.result != "failed":
                words = "" if each.result == "imported" else "  imported earlier"
                click.echo(f"{each.reference}  {each.release}{words}")
            for note in each.notes if each not in failed else ():
                click.echo(f"  note: {note}")
    else:
        results = Counter(each.result for each in outcomes)
        click.echo(
            f"{len(outcomes)} files: {results['imported']} imported, "
            f"{results['earlier']} imported earlier, {results['failed']} not imported"
        )
        _name(f"{len(noted)} need eyes", noted)
    for each in failed[:SHOWN]:
        _say(f"error: {each.file} was not imported: {each.notes[0]}")
    if len(failed) > SHOWN:
        _say(f"and {len(failed) - SHOWN} more")


def _name(words: str, noted: list[Outcome]) -> None:
    if not noted:
        return
    click.echo(f"{words}:")
    for each in noted[:SHOWN]:
        click.echo(f"  {each.release}: {each.notes[0]}")
    if len(noted) > SHOWN:
        click.echo(f"  and {len(noted) - SHOWN} more")


def _write_report(path: Path, outcomes: list[Outcome]) -> None:
    """Write the table, whole and in one step."""
    waiting = path.with_name(f".{path.name}.new")
    with waiting.open("w", encoding="utf-8-sig", newline="") as file:  # Excel needs the mark
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for each in outcomes:
            cells = (each.file, each.result, each.reference, each.release, " | ".join(each.notes))
            writer.writerow(map(_as_text, cells))
    waiting.replace(path)


def _as_text(cell: str) -> str:
    """Keep a spreadsheet from taking a text for a formula."""
    return f"'{cell}" if cell[:1] in tuple("=+-@\t\r") and cell else cell
