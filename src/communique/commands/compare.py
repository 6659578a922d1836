"""`communique compare`: what changed in a release, word by word."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import click

from communique.amending import AmendingError, choose, versions_of
from communique.announced import read_announced
from communique.cards import Card
from communique.commands.common import (
    ERRORS_FOUND,
    MACHINE_LACKS,
    holdings_here,
    in_zone,
)
from communique.comparing import Kind, Piece
from communique.comparing import compare as differences
from communique.disk import NewsroomFolder
from communique.history import GitMissingError, HistoryError, Version, versions

STYLES = {
    Kind.SAME: ("{}", None),
    Kind.REMOVED: ("[-{}-]", "red"),
    Kind.ADDED: ("{{+{}+}}", "green"),
}
"""As `git diff --word-diff` marks them, so that it can be read without colours."""


@click.command()
@click.argument("reference")
@click.option("--language", help="The version in this language, as in 'es'.")
@click.option("--announced", is_flag=True, help="Compare with what `communique remember` noted.")
def compare(reference: str, language: str | None, announced: bool) -> None:
    """Show what changed in the release REFERENCE, word by word.

    Compares its file with the last version in git that is another one. What was taken out stands
    in [-…-], what came in stands in {+…+}. Nothing is changed, and nothing is fetched.
    """
    folder, holdings = holdings_here()
    try:
        card = choose(versions_of(holdings, reference), language)
        now = (folder.root / card.path).read_bytes()
        earlier = _announced(folder, card) if announced else last_other(folder, card, now)
    except (AmendingError, HistoryError) as problem:
        click.echo(f"error: {problem}", err=True)
        lacks = isinstance(problem, GitMissingError)
        raise click.exceptions.Exit(MACHINE_LACKS if lacks else ERRORS_FOUND) from None
    if earlier is None:
        click.echo(f"git has no other version of {card.path}")
        return
    when = in_zone(earlier.committed, holdings.newsroom)
    click.echo(f"{card.path}, since {when} (commit {earlier.commit[:12]})\n")
    found = False
    for pieces in differences(_text(earlier.data), _text(now)):
        found = True
        click.echo(_shown(pieces))
    if not found:
        click.echo("the words are the same")


def last_other(folder: NewsroomFolder, card: Card, now: bytes) -> Version | None:
    """Return the last committed version that is not what stands in the file. See `versions`."""
    return next((each for each in versions(folder.root, card.path) if each.data != now), None)


def _announced(folder: NewsroomFolder, card: Card) -> Version:
    source = folder.announced_source()
    register = read_announced(source.value).value if source and source.value else None
    for entry in register or ():
        if entry.key == (card.reference, card.language):
            for version in versions(folder.root, card.path):
                if sha256(version.data).hexdigest() == entry.digest:
                    return version
            raise HistoryError(f"what was announced of {card.path} was not committed to git")
    raise AmendingError(
        f"{card.reference} ({card.language}) is not in announced.csv; see `communique remember`"
    )


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig", "replace")


def _shown(pieces: Iterable[Piece]) -> str:
    words = []
    for piece in pieces:
        form, colour = STYLES[piece.kind]
        words.append(click.style(form.format(piece.text), fg=colour))
    return f"… {' '.join(words)} …\n"
