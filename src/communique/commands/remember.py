"""`communique remember`: the register of what was announced."""

from __future__ import annotations

import click

from communique.amending import AmendingError
from communique.cards import is_due
from communique.commands.common import (
    ERRORS_FOUND,
    Machine,
    format_option,
    newsroom_here,
    show_problems,
)
from communique.holdings import read_holdings, weigh
from communique.instants import microseconds
from communique.premises import ANNOUNCED_FILE
from communique.remembering import remember as note_what_is_public
from communique.reporting import summary


@click.command()
@format_option
@click.pass_obj
def remember(machine: Machine, style: str) -> None:
    """Note in announced.csv what is public now.

    From then on, a change that would move the address of such a release, its date or its name in
    the feeds, or that would take it away without a withdrawal, is an error. Keep the file with the
    releases, in version control. Lines that are there already stay as they are.
    """
    folder = newsroom_here()
    checked = read_holdings(folder)
    found, holdings = checked.diagnostics, checked.value
    if holdings is not None:
        moment = microseconds(machine.now)
        found = weigh(found, lambda item: not is_due(item, moment), holdings)
    if holdings is None or any(each.is_error for each in found):
        show_problems(found, style)
        if style != "json":
            click.echo(f"nothing was noted: {summary(found)}", err=True)
        raise click.exceptions.Exit(ERRORS_FOUND)
    try:
        noted = note_what_is_public(folder, holdings, machine.now)
    except AmendingError as problem:
        click.echo(f"error: {problem}", err=True)
        raise click.exceptions.Exit(ERRORS_FOUND) from None
    click.echo(
        f"noted {noted.new} release{'s' * (noted.new != 1)} in {ANNOUNCED_FILE}, "
        f"{noted.total} in all"
    )
