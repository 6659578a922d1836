"""`communique email`: a release as a message, in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

from communique.amending import AmendingError, SeveralError
from communique.commands.common import (
    ERRORS_FOUND,
    MACHINE_LACKS,
    CommandT,
    Machine,
    in_zone,
    instant_of,
    newsroom_here,
    now_option,
    show_problems,
)
from communique.diagnostics import Diagnostic
from communique.holdings import read_holdings
from communique.mailing import MailingError
from communique.mailing.choosing import Mailroom, PdfChoice, UnwritableError, Version
from communique.mailing.letter import Letter
from communique.mailing.message import sender_of, write_message
from communique.pdf_libraries import PdfUnavailableError
from communique.reporting import summary

EXAMPLES = """\b
Examples:
  communique email E-502/14
  communique email E-502/14 --output - | less
  communique email E-503/14 --embargoed --language es
"""


def letter_options(command: CommandT) -> CommandT:
    """Add what says which letter is written: `--language`, `--embargoed` and `--pdf`."""
    options: tuple[Callable[[Any], Any], ...] = (
        click.option("--language", help="The version in this language, as in 'es'."),
        click.option(
            "--embargoed",
            is_flag=True,
            help="Make copies of a release that is not public yet; subject, text and PDF say until "
            "when nothing of it may be published.",
        ),
        click.option(
            "--pdf",
            "pdf",
            type=click.Choice(("attach", "link", "none")),
            help="Attach the PDF, link to it, or neither. Without this, it is attached up to 2 MB "
            "and linked beyond.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command(epilog=EXAMPLES)
@click.argument("reference")
@letter_options
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Where the message goes; - is the standard output. Without this, it is a file in this "
    "folder, named after the release.",
)
@now_option
@click.pass_obj
def email(
    machine: Machine,
    reference: str,
    language: str | None,
    embargoed: bool,
    pdf: PdfChoice | None,
    output: Path | None,
    now_text: str | None,
) -> None:
    """Write the release REFERENCE as a message, into a file.

    The file ends with .eml. Your own program for mail opens it, and you say who gets it. It holds
    text and HTML, and the PDF.
    """
    room, found = mailroom_here(machine, now_text)
    with problems_shown():
        choice = room.choose(reference, language, embargoed=embargoed)
        require_sound(room, found, (choice.first,))
        letter = room.letter(choice.first, pdf or "auto", leads_out=False)
        sender = sender_of(room.holdings.newsroom, letter.site.language)
        message = write_message(letter, sender, room.instant, None)
    if output is not None and str(output) == "-":
        click.echo(message.decode("ascii"), nl=False)
        return
    target = output or Path(f"{letter.release.slug}.eml")
    target.write_bytes(message)
    click.echo(f"{choice.first.card.reference}  {letter.release.language}  {target}")
    say_what_it_is(room, choice.first, letter)


def mailroom_here(
    machine: Machine, now_text: str | None
) -> tuple[Mailroom, tuple[Diagnostic, ...]]:
    """Return the mailroom of this newsroom, and what is wrong with its files."""
    folder = newsroom_here()
    checked = read_holdings(folder)
    if checked.value is None:
        _refuse(checked.diagnostics)
    instant = instant_of(machine, now_text, checked.value.newsroom.time_zone)
    return Mailroom(folder, checked.value, instant), checked.diagnostics


def require_sound(room: Mailroom, found: Sequence[Diagnostic], versions: Sequence[Version]) -> None:
    """Leave if something is wrong that would keep these versions from being published."""
    weighed = room.weigh(found, versions)
    if any(each.is_error for each in weighed):
        _refuse(weighed)


def _refuse(found: Sequence[Diagnostic]) -> NoReturn:
    show_problems(found, "human")
    click.echo(f"nothing goes out: {summary(found)}", err=True)
    raise click.exceptions.Exit(ERRORS_FOUND)


@contextmanager
def problems_shown() -> Iterator[None]:
    """Leave with what keeps a letter from being written, in the officer's words."""
    try:
        yield
    except SeveralError as problem:
        raise click.UsageError(str(problem)) from None
    except UnwritableError as problem:
        _refuse(problem.diagnostics)
    except (AmendingError, MailingError) as problem:
        click.echo(f"error: {problem}", err=True)
        raise click.exceptions.Exit(ERRORS_FOUND) from None
    except PdfUnavailableError as problem:
        click.echo(f"error: {problem}\nhelp: or leave the PDF out: `--pdf none`", err=True)
        raise click.exceptions.Exit(MACHINE_LACKS) from None


def say_what_it_is(room: Mailroom, version: Version, letter: Letter) -> None:
    """Say what an officer should know of a letter before it goes out."""
    if version.embargo:
        when = in_zone(version.embargo, room.holdings.newsroom)
        click.echo(f"under embargo until {when}: send it to those only who keep it")
    elif not room.is_published(version):
        click.echo(
            f"build/ has no page of {version.card.reference}: publish it before you send this, "
            "which leads to the page"
        )
    if letter.pdf is not None:
        click.echo(f"with {letter.pdf_name}, {len(letter.pdf) / 1000:,.0f} KB")
