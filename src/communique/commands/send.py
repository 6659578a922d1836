"""`communique send`: a release by mail to everybody on a list, each once."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path

import click

from communique.commands.common import (
    ERRORS_FOUND,
    Machine,
    now_option,
    require,
    show_problems,
)
from communique.commands.email import (
    letter_options,
    mailroom_here,
    problems_shown,
    require_sound,
    say_what_it_is,
)
from communique.diagnostics import Checked
from communique.limits import LARGEST_FILE
from communique.mailing import MailingError
from communique.mailing.choosing import Mailroom, PdfChoice
from communique.mailing.delivery import WAITS_S, DeliveryError, Pace, Server
from communique.mailing.mailout import Batch, Left, assign, make_up, send_batch
from communique.mailing.postal_book import MAILED_FILE, PostalBook, State, open_book, read_book
from communique.mailing.recipients import AddressList, addresses_in, read_recipients
from communique.newsroom import Mail, Newsroom
from communique.opening import read_file
from communique.publishing import only_one
from communique.reporting import progress_bar
from communique.source import Source, read_source

SAMPLES = "mail"
"""The private folder with the first message of each version of a dry run."""
PASSWORD = "COMMUNIQUE_SMTP_PASSWORD"
LOOPBACK = ("localhost", "127.0.0.1", "::1")
SHOWN = ("From", "Reply-To", "To", "Subject", "Message-ID", "List-Id", "List-Unsubscribe")
AGAIN = {"uncertain": State.TRIED, "refused": State.REFUSED}
SAID = {
    State.SENT: "sent",
    State.REFUSED: "refused by the server",
    State.FAILED: "not taken this time",
    State.TRIED: "uncertain: the connection broke before the server said whether it has it",
}
EXAMPLES = """\b
Examples:
  communique send E-502/14 --list journalists.csv
  communique send E-502/14 --list journalists.csv --really
  communique send E-503/14 --list trusted.txt --embargoed --really
"""


@click.command(epilog=EXAMPLES)
@click.argument("reference")
@click.option(
    "--list",
    "list_path",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Who gets it: one address a line, or a table (CSV) with the columns email, name and "
    "language.",
)
@letter_options
@click.option("--really", is_flag=True, help="Send. Without this, it is only said what would be.")
@click.option(
    "--again",
    type=click.Choice([*AGAIN]),
    multiple=True,
    help="Send to those as well of whom it is uncertain whether they have it, or whom the server "
    "refused before.",
)
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar=f"{PASSWORD}_FILE",
    help=f"Where the password for the mail server is, if it is not in {PASSWORD}.",
)
@click.option(
    "--tries",
    type=click.IntRange(1, len(WAITS_S) + 1),
    default=len(WAITS_S) + 1,
    show_default=True,
    help="How often it is tried to send to those whom the server puts off: a minute, five and "
    "fifteen minutes lie between.",
)
@now_option
@click.pass_obj
def send(
    machine: Machine,
    reference: str,
    list_path: Path,
    language: str | None,
    embargoed: bool,
    pdf: PdfChoice | None,
    really: bool,
    again: Sequence[str],
    password_file: Path | None,
    tries: int,
    now_text: str | None,
) -> None:
    """Send the release REFERENCE by mail to everybody on a list, each once.

    This is a dry run, which says what would be sent to how many: --really sends. Who wants a
    language gets the translation, if there is one. Stop it whenever you like: given again, the
    command goes on, and nobody gets a version twice.
    """
    if really and now_text is not None:
        raise click.UsageError("--now is for dry runs: what is sent is sent now")
    room, found = mailroom_here(machine, now_text)
    newsroom = room.holdings.newsroom
    with problems_shown():
        mail, host = _mail_of(newsroom)
        listed = _read_list(list_path, newsroom)
        addresses = require(listed)
        show_problems(listed.diagnostics, "human")
        unsubscribed = _unsubscribed(room, mail)
        willing = [each for each in addresses.recipients if each.key not in unsubscribed]
        choice = room.choose(reference, language, embargoed=embargoed)
        assigned = assign(willing, choice)
        require_sound(room, found, [*assigned])
        batches = make_up(room, assigned, pdf or "auto")
        for reason in choice.held_back:
            click.echo(f"left out: {reason}")
        malformed = sum(each.code == "recipient-malformed" for each in listed.diagnostics)
        _say_who_gets_nothing(addresses, len(addresses.recipients) - len(willing), malformed)
        if not mail.unsubscribe:
            click.echo("nobody is told how to leave the list: write `unsubscribe` under `mail`")
        states = [AGAIN[each] for each in again]
        if not really:
            _rehearse(room, batches, states, f"{host}:{mail.port}", machine)
            all_sent = True
        else:
            server = _server(mail, host, _password(mail, password_file))
            all_sent = _send(room, batches, states, server, mail.per_minute, tries, machine)
    if malformed or not all_sent:
        raise click.exceptions.Exit(ERRORS_FOUND)


def _mail_of(newsroom: Newsroom) -> tuple[Mail, str]:
    """Return how this office sends, and through whom. Raises: `MailingError`."""
    if newsroom.mail is None or newsroom.mail.host is None:
        raise MailingError(
            "newsroom.yaml does not say which mail server sends: write "
            "`mail: {sender: press@example.org, host: smtp.example.org}`"
        )
    return newsroom.mail, newsroom.mail.host


def _read_list(path: Path, newsroom: Newsroom) -> Checked[AddressList]:
    source = _source(path)
    if source.value is None or any(each.is_error for each in source.diagnostics):
        return Checked(None, source.diagnostics)
    listed = read_recipients(source.value, newsroom.languages)
    return Checked(listed.value, (*source.diagnostics, *listed.diagnostics))


def _source(path: Path) -> Checked[Source]:
    return read_source(path.name, read_file(path, LARGEST_FILE))


def _unsubscribed(room: Mailroom, mail: Mail) -> frozenset[str]:
    """Return those who get nothing. Raises: `MailingError` if their file cannot be read."""
    if mail.unsubscribed is None:
        return frozenset()
    path = room.folder.root / mail.unsubscribed
    if not path.is_file():
        raise MailingError(
            f"there is no file {mail.unsubscribed}, in which newsroom.yaml has those who "
            "unsubscribed: an empty one will do"
        )
    source = _source(path)
    if source.value is None:
        raise MailingError(f"{mail.unsubscribed} is not UTF-8 text: save it again as that")
    return frozenset(addresses_in(source.value))


def _password(mail: Mail, file: Path | None) -> str | None:
    """Return the password of the user, from the environment, a file, or the keyboard."""
    if mail.user is None:
        return None
    if mail.security == "none" and mail.host not in LOOPBACK:
        raise MailingError(
            "a password is not sent over a connection that anybody can read: write `security: "
            "starttls` or `tls` under `mail` in newsroom.yaml"
        )
    if PASSWORD in os.environ:
        return os.environ[PASSWORD]
    if file is not None:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    if sys.stdin is not None and sys.stdin.isatty():
        answer: str = click.prompt(f"Password of {mail.user}", hide_input=True, err=True)
        return answer
    raise MailingError(f"the password of {mail.user} is missing: put it into {PASSWORD}")


def _server(mail: Mail, host: str, password: str | None) -> Server:
    return Server(host, mail.port, mail.security, mail.user, password)


def _say_who_gets_nothing(addresses: AddressList, unsubscribed: int, malformed: int) -> None:
    for number, words in (
        (addresses.repeated, "more than once in the list"),
        (unsubscribed, "unsubscribed"),
        (malformed, "without a proper address"),
    ):
        if number:
            click.echo(f"left out: {number} {words}")


def _rehearse(
    room: Mailroom,
    batches: Sequence[Batch],
    again: Sequence[State],
    server: str,
    machine: Machine,
) -> None:
    """Say what would be sent, and leave the first message of each version to be looked at."""
    book = read_book(room.folder.root / MAILED_FILE)
    total = 0
    for batch in batches:
        left = _say_what_is_left(room, batch, book, again)
        total += len(left.recipients)
        if left.recipients:
            message = batch.message_for(left.recipients[0], machine.now)
            path = _keep_sample(room, batch, message)
            headers = BytesHeaderParser(policy=default).parsebytes(message)
            for name in SHOWN:
                if name in headers:
                    value = " ".join(str(headers[name]).split())
                    click.echo(f"  {name}: {value}")
            click.echo(f"  the first message: {path.relative_to(room.folder.root)}")
    click.echo(f"dry run: {total} message{'s' * (total != 1)} would go to {server}; --really sends")


def _keep_sample(room: Mailroom, batch: Batch, message: bytes) -> Path:
    folder = room.folder.private / SAMPLES
    for each in (room.folder.private, folder):
        each.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{batch.letter.release.slug}-{batch.letter.release.language}.eml"
    path.write_bytes(message)
    return path


def _say_what_is_left(
    room: Mailroom, batch: Batch, book: PostalBook, again: Sequence[State]
) -> Left:
    left = batch.left(book, again)
    card = batch.version.card
    click.echo(f"{card.reference}  {card.language}  {batch.letter.subject}")
    say_what_it_is(room, batch.version, batch.letter)
    click.echo(f"to {len(left.recipients)} of {len(batch.recipients)}")
    for state, passed_over in left.passed_over.items():
        if passed_over and state is State.SENT:
            click.echo(f"left out: {len(passed_over)} who have it already")
        elif passed_over:
            name = next(name for name, each in AGAIN.items() if each is state)
            click.echo(f"left out: {len(passed_over)} {name} (--again {name} sends to them):")
            for recipient in passed_over:
                click.echo(f"  {recipient.address}")
    if left.was_edited:
        click.echo(
            "the text was edited since some of them got it; if it was wrong, note a correction: "
            "then all of them get the new version"
        )
    return left


def _send(
    room: Mailroom,
    batches: Sequence[Batch],
    again: Sequence[State],
    server: Server,
    per_minute: int | None,
    tries: int,
    machine: Machine,
) -> bool:
    """Send, and tell whether everybody has it by now."""
    all_sent = True
    lock = room.folder.private / "mailing.lock"
    pace = Pace(time.sleep, time.monotonic, per_minute, WAITS_S[: tries - 1])
    with only_one(lock, _say_that_it_waits), open_book(room.folder.root / MAILED_FILE) as book:
        for batch in batches:
            left = _say_what_is_left(room, batch, book, again)
            outcome = {each.key: State.FAILED for each in left.recipients}
            try:
                with progress_bar(len(left.recipients), "sending") as step:
                    for recipient, state, answer in send_batch(
                        batch, left.recipients, book, server, pace, machine.time
                    ):
                        outcome[recipient.key] = state
                        step(recipient.address)
                        if state is not State.SENT:
                            words = f"{SAID[state]} ({answer})" if answer else SAID[state]
                            click.echo(f"{recipient.address}: {words}", err=True)
            except DeliveryError as problem:
                click.echo(f"error: {problem}", err=True)
                _say_what_was_done(outcome.values())
                return False
            _say_what_was_done(outcome.values())
            all_sent &= all(state is State.SENT for state in outcome.values())
            all_sent &= not left.passed_over.get(State.TRIED)
    return all_sent


def _say_what_was_done(states: Iterable[State]) -> None:
    numbers = Counter(states)
    said = [f"{numbers[each]} {SAID[each].partition(':')[0]}" for each in SAID if numbers[each]]
    click.echo(", ".join(said) or "nothing was left to send")


def _say_that_it_waits() -> None:
    click.echo("another `communique send` is at work; waiting until it is done", err=True)
