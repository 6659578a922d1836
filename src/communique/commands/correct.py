"""`communique correct` and `communique withdraw`: what a newsroom does when it was wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import click

from communique.amending import (
    CORRECTIONS,
    WITHDRAWN,
    Amended,
    AmendingError,
    SeveralError,
    amend,
    choose,
    versions_of,
)
from communique.cards import Card
from communique.commands.common import (
    ERRORS_FOUND,
    CommandT,
    Machine,
    holdings_here,
    instant_of,
    newsroom_here,
    now_option,
)
from communique.commands.compare import compare
from communique.history import HistoryError, versions

CORRECT_EXAMPLES = """\b
Examples:
  communique correct E-502/14 "The vote was on Tuesday. An earlier version said Monday."
  communique correct E-502/14 --compare
  communique correct AVI-030/14 "La hora estaba equivocada." --language es
"""
WITHDRAW_EXAMPLES = """\b
Examples:
  communique withdraw E-502/14 "The vote will be repeated."
  communique withdraw E-502/14 "The vote will be repeated." --all
"""


def versions_options(command: CommandT) -> CommandT:
    """Add `--language` and `--all`, which choose among the versions of a release."""
    options: tuple[Callable[[Any], Any], ...] = (
        click.option("--language", help="The version in this language, as in 'es'."),
        click.option("--all", "every", is_flag=True, help="Every version, in all languages."),
    )
    for option in options:
        command = option(command)
    return command


@click.command(epilog=CORRECT_EXAMPLES)
@click.argument("reference")
@click.argument("note", metavar="WHAT_WAS_WRONG", required=False)
@versions_options
@click.option(
    "--compare",
    "only_compares",
    is_flag=True,
    help="Change nothing; show what changed since the last version in git, word by word.",
)
@now_option
@click.pass_context
def correct(
    context: click.Context,
    reference: str,
    note: str | None,
    language: str | None,
    every: bool,
    only_compares: bool,
    now_text: str | None,
) -> None:
    """Note a correction in the release REFERENCE.

    First put the text right and save the file. Then say WHAT_WAS_WRONG in a sentence: it is
    published with the date and time, on the page, in the PDF and in the feeds. The rest of the file
    stays as it is.
    """
    if only_compares:
        if note is not None or every:
            raise click.UsageError("--compare looks at one version and changes nothing")
        context.invoke(compare, reference=reference, language=language)
        return
    if note is None:
        raise click.UsageError("say in a sentence what was wrong, after the reference")
    machine: Machine = context.obj
    amended, others = _amend(machine, reference, note, CORRECTIONS, language, every, now_text)
    _report(amended, "correction noted")
    click.echo(
        "next: see that the text itself is right, then `communique check`; a build publishes it"
    )
    _tell_of(others, amended)
    _offer_comparison(amended)


@click.command(epilog=WITHDRAW_EXAMPLES)
@click.argument("reference")
@click.argument("reason", metavar="WHY")
@versions_options
@now_option
@click.pass_obj
def withdraw(
    machine: Machine,
    reference: str,
    reason: str,
    language: str | None,
    every: bool,
    now_text: str | None,
) -> None:
    """Withdraw the release REFERENCE.

    At its address stands a notice from then on, with the sentence that says WHY; the text is gone.
    The rest of the file stays as it is. Keep it.
    """
    amended, others = _amend(machine, reference, reason, WITHDRAWN, language, every, now_text)
    _report(amended, "withdrawal noted")
    click.echo("next: `communique build` takes the text off and publishes the notice")
    _tell_of(others, amended)


def _amend(
    machine: Machine,
    reference: str,
    words: str,
    key: str,
    language: str | None,
    every: bool,
    now_text: str | None,
) -> tuple[Amended, tuple[Card, ...]]:
    """Change the files that are meant; return what was done, and every version that there is."""
    if language is not None and every:
        raise click.UsageError(
            "--language is for one version, --all for every one: give one of them"
        )
    folder, holdings = holdings_here()
    instant = instant_of(machine, now_text, holdings.newsroom.time_zone)
    try:
        found = versions_of(holdings, reference)
        chosen = found.all if every else (choose(found, language),)
        return amend(folder, holdings, chosen, key, words, instant), found.all
    except SeveralError as problem:
        raise click.UsageError(f"{problem}, or --all") from None
    except AmendingError as problem:
        click.echo(f"error: {problem}", err=True)
        raise click.exceptions.Exit(ERRORS_FOUND) from None


def _report(amended: Amended, done: str) -> None:
    for amendment in amended.amendments:
        card = amendment.card
        click.echo(
            f"{card.reference}  {card.language}  {done} in {card.path}, line {amendment.line}"
        )
    for reason in amended.passed_over:
        click.echo(f"left as it is: {reason}")


def _tell_of(known: Sequence[Card], amended: Amended) -> None:
    done = {amendment.card.path for amendment in amended.amendments}
    left = [card for card in known if card.path not in done and not amended.passed_over]
    if left:
        shown = ", ".join(f"{card.reference} ({card.language})" for card in left)
        click.echo(f"not touched, though it is the same release: {shown}")


def _offer_comparison(amended: Amended) -> None:
    """Say how to see what changed, where git knows what was before."""
    root = newsroom_here().root
    with suppress(HistoryError):
        for card in (amendment.card for amendment in amended.amendments):
            if next(versions(root, card.path), None) is not None:
                command = f"communique compare {card.reference} --language {card.language}"
                click.echo(f"what changed, word by word: `{command}`")
