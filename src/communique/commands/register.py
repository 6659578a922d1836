"""`communique register`: the number book of a year."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import click

from communique.cards import Card, Stub
from communique.catalogue import status_of
from communique.commands.common import Machine, holdings_here, instant_of, now_option
from communique.holdings import Holdings
from communique.instants import microseconds
from communique.newsroom import Newsroom

COLUMNS = ("number", "kind", "references", "languages", "date", "title", "status", "files")
FAULTY = "faulty"
UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class Version:
    """A release that has a number, or a reference that has no release."""

    reference: str
    kind: str
    number: int
    language: str
    date: str
    title: str
    status: str
    path: str


@dataclass(frozen=True, slots=True)
class Row:
    """A number, in all of its languages."""

    versions: tuple[Version, ...]
    """At least one, in the newsroom's order of languages."""

    @property
    def statuses(self) -> str:
        """Return the status; where the versions differ, that of each."""
        found = dict.fromkeys(each.status for each in self.versions)
        if len(found) == 1:
            return self.versions[0].status
        return ", ".join(f"{each.language or '?'} {each.status}" for each in self.versions)

    def cells(self) -> tuple[str, ...]:
        """Return what stands in the columns."""
        first = self.versions[0]
        dates = [each.date for each in self.versions if each.date]
        return (
            str(first.number),
            first.kind,
            " ".join(dict.fromkeys(each.reference for each in self.versions)),
            " ".join(each.language for each in self.versions if each.language),
            min(dates, default=""),
            next((each.title for each in self.versions if each.title), ""),
            self.statuses,
            " ".join(each.path for each in self.versions if each.path),
        )


@click.command()
@click.argument("year", type=click.IntRange(1800, 2199), required=False)
@click.option(
    "--format",
    "style",
    type=click.Choice(("table", "csv")),
    default="table",
    show_default=True,
    help="How the book is written: for people, or for a spreadsheet.",
)
@now_option
@click.pass_obj
def register(machine: Machine, year: int | None, style: str, now_text: str | None) -> None:
    """Print the number book of YEAR.

    Each number has a line: its references and languages, the date, the title and where it stands.
    Translations share a number. Faulty files are there as well, and the numbers that newsroom.yaml
    declares unused. Without YEAR, it is the present one.
    """
    _, holdings = holdings_here()
    instant = instant_of(machine, now_text, holdings.newsroom.time_zone)
    rows = rows_of(holdings, year or instant.year, instant)
    if style == "csv":
        click.echo(_as_csv(rows), nl=False)
    elif rows:
        _show_table(rows)
    else:
        click.echo(f"no number of {year or instant.year} is taken")


def rows_of(holdings: Holdings, year: int, instant: dt.datetime) -> list[Row]:
    """Return the numbers of a year, by kind and in order."""
    newsroom = holdings.newsroom
    ranks = {language: rank for rank, language in enumerate(newsroom.languages)}
    versions = [
        *_of_cards((*holdings.catalogue.cards, *holdings.catalogue.spare), year, instant),
        *_of_stubs(holdings.stubs, newsroom, year),
        *_of_unused(newsroom, year),
    ]
    versions.sort(key=lambda each: (ranks.get(each.language, len(ranks)), each.reference))
    numbers: dict[tuple[str, int], list[Version]] = {}
    for each in versions:
        numbers.setdefault((each.kind, each.number), []).append(each)
    kinds = [*dict.fromkeys(series.kind for series in newsroom.series.values())]
    in_order = sorted(numbers, key=lambda key: (kinds.index(key[0]), key[1]))
    return [Row(tuple(numbers[key])) for key in in_order]


def _of_cards(cards: Iterable[Card], year: int, instant: dt.datetime) -> Iterator[Version]:
    moment = microseconds(instant)
    for card in cards:
        if card.year == year:
            status = status_of(card, moment).value
            yield Version(
                *(card.reference, card.kind, card.number, card.language),
                *(card.date, card.title, status, card.path),
            )


def _of_stubs(stubs: Iterable[Stub], newsroom: Newsroom, year: int) -> Iterator[Version]:
    for stub in stubs:
        if stub.reference is not None:
            yield from _of_reference(stub.reference, newsroom, year, FAULTY, stub.path)


def _of_unused(newsroom: Newsroom, year: int) -> Iterator[Version]:
    for text in sorted(newsroom.unused_numbers):
        yield from _of_reference(text, newsroom, year, UNUSED, "")


def _of_reference(
    text: str, newsroom: Newsroom, year: int, status: str, path: str
) -> Iterator[Version]:
    """Yield what is known of a reference without a date, if it may be of `year`."""
    reference = newsroom.pattern.recognize(text)
    if reference is None or reference.series not in newsroom.series:
        return
    series = newsroom.series[reference.series]
    if newsroom.pattern.compose(reference.series, reference.number, year).text == reference.text:
        yield Version(
            *(reference.text, series.kind, reference.number, series.language or ""),
            *("", "", status, path),
        )


def _as_csv(rows: Iterable[Row]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(row.cells() for row in rows)
    return text.getvalue()


def _show_table(rows: Iterable[Row]) -> None:
    shown = [
        (references, languages, date, status, title)
        for _, _, references, languages, date, title, status, _ in (row.cells() for row in rows)
    ]
    widths = [max(len(row[column]) for row in shown) for column in range(4)]
    for *cells, title in shown:
        padded = [f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)]
        click.echo("  ".join([*padded, title]).rstrip())
