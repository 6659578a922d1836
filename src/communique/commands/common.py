"""What several commands share: the instant, the newsroom, and how problems are shown.

Reading takes modules that take longer to import than a build with nothing to do takes as a whole:
they are imported where they are used.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from communique.premises import Premises

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from pydantic_core import PydanticCustomError

    from communique.cards import Card
    from communique.diagnostics import Checked, Diagnostic
    from communique.disk import NewsroomFolder
    from communique.holdings import Holdings
    from communique.newsroom import Newsroom
    from communique.release import Status

ERRORS_FOUND = 1
MACHINE_LACKS = 3
FORMATS = ("human", "short", "json", "github", "sarif")
"""How problems are shown (`communique.reporting.describe`)."""
LATER = {"embargoed": "until", "scheduled": "for"}
CommandT = TypeVar("CommandT", bound=Callable[..., Any])
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Machine:
    """What a command knows of the world: the clock, read once."""

    now: dt.datetime
    clock: Callable[[], dt.datetime] | None = None
    """For `serve`, which lives on while time passes; without one, time stands still at `now`."""

    def time(self) -> dt.datetime:
        """Read the clock afresh."""
        return self.clock() if self.clock else self.now


def now_option(command: CommandT) -> CommandT:
    """Add `--now`, the instant to work at."""
    option = click.option(
        "--now",
        "now_text",
        metavar="TIME",
        help="Work as if it were this time: '2014-11-18 10:00', in the newsroom's time zone, or "
        "'2014-11-18 10:00 America/Bogota'.",
    )
    return option(command)


def format_option(command: CommandT) -> CommandT:
    """Add `--format`, the way problems are shown."""
    option = click.option(
        "--format",
        "style",
        type=click.Choice(FORMATS),
        default="human",
        show_default=True,
        help="How problems are shown: for people, on one line each, as JSON, as annotations of "
        "GitHub's workflows, or as a document of SARIF.",
    )
    return option(command)


def premises_here() -> Premises:
    """Return where the command was given. Raises: `NoNewsroomError`."""
    return Premises.around(Path.cwd())


def newsroom_here() -> NewsroomFolder:
    """Return the newsroom that the command was given in. Raises: `NoNewsroomError`."""
    from communique.disk import NewsroomFolder

    return NewsroomFolder(premises_here().root)


def time_zone_of(folder: NewsroomFolder) -> ZoneInfo:
    """Return the newsroom's zone; UTC where `newsroom.yaml` is faulty, which is reported later."""
    from zoneinfo import ZoneInfo

    newsroom = read_newsroom_of(folder).value
    return newsroom.time_zone if newsroom else ZoneInfo("UTC")


def read_newsroom_of(folder: NewsroomFolder) -> Checked[Newsroom]:
    """Read `newsroom.yaml` alone, for what need not wait until every release is read."""
    from communique.diagnostics import Checked
    from communique.newsroom_file import read_newsroom

    source = folder.newsroom_source()
    if source.value is None:
        return Checked(None, source.diagnostics)
    newsroom = read_newsroom(source.value)
    return Checked(newsroom.value, (*source.diagnostics, *newsroom.diagnostics))


def instant_of(machine: Machine, now_text: str | None, zone: ZoneInfo) -> dt.datetime:
    """Return the instant that `--now` names, else the clock's."""
    if now_text is None:
        return machine.now.astimezone(zone)
    from pydantic_core import PydanticCustomError

    from communique.moments import read_moment, start_of

    try:
        return start_of(read_moment(now_text, zone), zone)
    except PydanticCustomError as fault:
        raise wrong_value(fault, "--now") from None


def wrong_value(fault: PydanticCustomError, option: str) -> click.BadParameter:
    """Say of an option what a reader of values found wrong with it (see `communique.faults`)."""
    words = fault.context or {}
    advice = f"; {words['advice']}" if "advice" in words else ""
    return click.BadParameter(f"{words['words']}{advice}", param_hint=option)


def show_problems(diagnostics: Sequence[Diagnostic], style: str) -> None:
    """Print problems to the standard error stream."""
    from communique.reporting import describe

    for text in describe(diagnostics, style):
        click.echo(text, err=True)


def require(checked: Checked[T]) -> T:
    """Return what was read, or leave with the problems that keep it from being read."""
    if checked.value is None:
        from communique.reporting import summary

        show_problems(checked.diagnostics, "human")
        click.echo(summary(checked.diagnostics), err=True)
        raise click.exceptions.Exit(ERRORS_FOUND)
    return checked.value


def holdings_here() -> tuple[NewsroomFolder, Holdings]:
    """Return the newsroom that the command was given in, with what was read of it."""
    from communique.holdings import read_holdings

    folder = newsroom_here()
    return folder, require(read_holdings(folder))


def in_zone(moment: dt.datetime, newsroom: Newsroom) -> str:
    """Write an instant for the officer, with its zone: ``2014-11-18 10:00 EST``."""
    return f"{moment.astimezone(newsroom.time_zone):%Y-%m-%d %H:%M %Z}"


def lies_ahead(card: Card, status: Status, newsroom: Newsroom) -> str:
    """Say until when a release is embargoed, or for when it is scheduled.

    In the newsroom's zone, and in that of the embargo where it was written in another.
    """
    from communique.instants import instant_at

    when = in_zone(instant_at(card.public_from, newsroom.time_zone), newsroom)
    own = f" ({card.elsewhere})" if card.elsewhere else ""
    return f"{status} {LATER[status]} {when}{own}"
