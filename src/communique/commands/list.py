"""`communique list`: every release, and where it stands."""

from __future__ import annotations

import datetime as dt
import json

import click

from communique.cards import Card
from communique.catalogue import status_of
from communique.commands.common import (
    LATER,
    Machine,
    holdings_here,
    instant_of,
    lies_ahead,
    now_option,
)
from communique.holdings import Holdings
from communique.instants import instant_at, microseconds
from communique.release import Status

COLOURS = {
    Status.DRAFT: "yellow",
    Status.EMBARGOED: "magenta",
    Status.SCHEDULED: "magenta",
    Status.PUBLISHED: "green",
    Status.CORRECTED: "cyan",
    Status.WITHDRAWN: "red",
}


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array, for other programs.")
@now_option
@click.pass_obj
def list_releases(machine: Machine, as_json: bool, now_text: str | None) -> None:
    """List every release and where it stands.

    A release is a draft, embargoed, scheduled (its date lies ahead), published, corrected or
    withdrawn. The newest stands first.
    """
    _, holdings = holdings_here()
    instant = instant_of(machine, now_text, holdings.newsroom.time_zone)
    cards = sorted(
        (*holdings.catalogue.cards, *holdings.catalogue.spare),
        key=lambda card: (card.public_from, card.year, card.number, card.series, card.language),
        reverse=True,
    )
    if as_json:
        rows = [_row(card, holdings, instant) for card in cards]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        _show_table(cards, holdings, instant)
    for path in (stub.path for stub in holdings.stubs):
        click.echo(
            f"not listed, because it has errors: {path}; `communique check` shows them", err=True
        )


def _row(card: Card, holdings: Holdings, instant: dt.datetime) -> dict[str, object]:
    newsroom = holdings.newsroom
    return {
        "reference": card.reference,
        "language": card.language,
        "status": status_of(card, microseconds(instant)).value,
        "date": card.date,
        "public_from": instant_at(card.public_from, newsroom.time_zone).isoformat(),
        "title": card.title,
        "file": card.path,
        "url": newsroom.url + card.address,
    }


def _show_table(cards: list[Card], holdings: Holdings, instant: dt.datetime) -> None:
    if not cards:
        click.echo("no releases yet; write one with `communique new`")
        return
    rows = []
    for card in cards:
        status = status_of(card, microseconds(instant))
        words = status.value
        if status in LATER:
            words = lies_ahead(card, status, holdings.newsroom)
        rows.append((card.reference, card.language, status, words, card))
    reference_width = max(len(row[0]) for row in rows)
    language_width = max(len(row[1]) for row in rows)
    status_width = max(len(row[3]) for row in rows)
    for reference, language, status, words, card in rows:
        click.echo(
            f"{reference:<{reference_width}}  {language:<{language_width}}  {card.date}  "
            f"{click.style(f'{words:<{status_width}}', fg=COLOURS[status])}  {card.title}"
        )
