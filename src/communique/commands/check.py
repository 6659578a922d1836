"""`communique check`: everything that is wrong, before anybody else sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import click

from communique.catalogue import status_of
from communique.checks import remarks_on_related
from communique.commands.common import (
    ERRORS_FOUND,
    LATER,
    Machine,
    format_option,
    lies_ahead,
    newsroom_here,
    show_problems,
)
from communique.diagnostics import Diagnostic, in_reading_order
from communique.holdings import Holdings, read_holdings, weigh
from communique.instants import Microseconds, microseconds
from communique.reporting import summary

AHEAD = 10
"""How many of the releases that lie ahead are named."""


@click.command()
@format_option
@click.pass_obj
def check(machine: Machine, style: str) -> None:
    """Look for mistakes, and change nothing.

    Reads newsroom.yaml and all releases, and shows everything that is wrong at once. A mistake in
    a draft is a warning, because it keeps nobody from publishing. A note is what an editor would
    remark. What lies ahead is named with its time, so that nobody is surprised by an hour or a
    time zone.
    """
    checked = read_holdings(newsroom_here())
    found = checked.diagnostics
    if checked.value is not None:
        found = found_at(machine.now, found, checked.value)
    show_problems(found, style)
    if style == "human":
        number = checked.value.count() if checked.value else 0
        click.echo(f"{number} release{'s' * (number != 1)} checked: {summary(found)}")
        if checked.value is not None:
            _show_what_lies_ahead(checked.value, microseconds(machine.now))
    if any(each.is_error for each in found):
        raise click.exceptions.Exit(ERRORS_FOUND)


def found_at(
    now: dt.datetime, found: Iterable[Diagnostic], holdings: Holdings
) -> tuple[Diagnostic, ...]:
    """Return everything that is wrong, with what is so at this instant."""
    catalogue = holdings.catalogue
    related = remarks_on_related(
        catalogue.cards, microseconds(now), catalogue.newsroom, catalogue.open
    )
    everything = in_reading_order((*found, *related))
    return weigh(everything, lambda item: item.draft, holdings)


def _show_what_lies_ahead(holdings: Holdings, moment: Microseconds) -> None:
    cards = [card for card in holdings.catalogue.cards if status_of(card, moment) in LATER]
    cards.sort(key=lambda card: (card.public_from, card.reference, card.language))
    for card in cards[:AHEAD]:
        words = lies_ahead(card, status_of(card, moment), holdings.newsroom)
        click.echo(f"{card.reference} ({card.language}): {words}")
    if len(cards) > AHEAD:
        click.echo(f"and {len(cards) - AHEAD} more; `communique list` shows all")
