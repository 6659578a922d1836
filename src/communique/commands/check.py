"""`communique check`: everything that is wrong, before anybody else sees it."""

from __future__ import annotations

import click

from communique.commands.common import (
    ERRORS_FOUND,
    format_option,
    newsroom_here,
    show_problems,
)
from communique.holdings import read_holdings, weigh
from communique.reporting import summary


@click.command()
@format_option
def check(style: str) -> None:
    """Look for mistakes, and change nothing.

    Reads newsroom.yaml and all releases, and shows everything that is wrong at once. A mistake in
    a draft is a warning, because it keeps nobody from publishing.
    """
    checked = read_holdings(newsroom_here())
    found = checked.diagnostics
    if checked.value is not None:
        found = weigh(found, lambda item: item.draft, checked.value)
    show_problems(found, style)
    if style == "human":
        number = checked.value.count() if checked.value else 0
        click.echo(f"{number} release{'s' * (number != 1)} checked: {summary(found)}")
    if any(each.is_error for each in found):
        raise click.exceptions.Exit(ERRORS_FOUND)
