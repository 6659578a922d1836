"""`communique new`: a new release with the next number, or the translation of one."""

from __future__ import annotations

import click

from communique.commands.common import (
    ERRORS_FOUND,
    Machine,
    instant_of,
    newsroom_here,
    now_option,
    require,
)
from communique.holdings import read_holdings
from communique.numbering import NumberingError, create_release, create_translation


@click.command()
@click.argument("series", required=False)
@click.option("--title", default="", help="The headline.")
@click.option("--language", help="Where the series serves several languages, or to translate.")
@click.option(
    "--translate", "original", metavar="REFERENCE", help="Begin the translation of this release."
)
@now_option
@click.pass_obj
def new(
    machine: Machine,
    series: str | None,
    title: str,
    language: str | None,
    original: str | None,
    now_text: str | None,
) -> None:
    r"""Begin a release: allot the next number of SERIES and write the file to fill in.

    Without SERIES, the newsroom's first. The release is a draft until you delete the line
    `draft: yes`.

    \b
    communique new E --title "Council adopts new rules"
    communique new --translate E-502/14 --language es
    """
    folder = newsroom_here()
    newsroom = require(read_holdings(folder)).newsroom
    try:
        if original is not None:
            if language is None:
                raise click.UsageError("say into which language: --language es")
            created = create_translation(folder, newsroom, original, language)
        else:
            today = instant_of(machine, now_text, newsroom.time_zone).date()
            chosen = (series or next(iter(newsroom.series))).upper()
            created = create_release(folder, newsroom, chosen, language, title, today)
    except NumberingError as problem:
        click.echo(f"error: {problem}", err=True)
        raise click.exceptions.Exit(ERRORS_FOUND) from None
    click.echo(f"{created.reference}  {created.path.relative_to(folder.root)}")
