"""`communique new`: a new release with the next number, or the translation of one."""

from __future__ import annotations

import click

from communique.commands.common import (
    ERRORS_FOUND,
    Machine,
    instant_of,
    newsroom_here,
    now_option,
    read_newsroom_of,
    require,
)
from communique.numbering import NumberingError, create_release, create_translation

EXAMPLES = """\b
Examples:
  communique new
  communique new E --title "Council adopts new rules"
  communique new --translate E-502/14 --language es
"""


@click.command(epilog=EXAMPLES)
@click.argument("series", required=False)
@click.option("--title", default="", help="The headline; you can also write it into the file.")
@click.option(
    "--language",
    help="The language, as in 'es': of the translation, or where a series serves several.",
)
@click.option(
    "--translate",
    "original",
    metavar="REFERENCE",
    help="Begin the translation of this release, under the same number.",
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
    """Begin a release with the next number.

    Takes the next number of SERIES, as in E, and writes the file to fill in. Without SERIES, it
    is the newsroom's first series. The release is a draft until you delete the line `draft: yes`.
    """
    folder = newsroom_here()
    newsroom = require(read_newsroom_of(folder))
    try:
        if original is not None:
            if language is None:
                raise click.UsageError("say into which language, as in: --language es")
            if series or title:
                raise click.UsageError(
                    "with --translate, the release itself says its series and its title"
                )
            created = create_translation(folder, newsroom, original, language)
        else:
            today = instant_of(machine, now_text, newsroom.time_zone).date()
            chosen = (series or next(iter(newsroom.series))).upper()
            created = create_release(folder, newsroom, chosen, language, title, today)
    except NumberingError as problem:
        click.echo(f"error: {problem}", err=True)
        raise click.exceptions.Exit(ERRORS_FOUND) from None
    click.echo(f"{created.reference}  {created.path.relative_to(folder.root)}")
