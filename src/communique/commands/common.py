"""What several commands share: the instant, the newsroom, and how problems are shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from communique.diagnostics import Checked, Diagnostic
from communique.disk import NewsroomFolder
from communique.holdings import Holdings, read_holdings
from communique.moments import read_moment
from communique.newsroom import Newsroom
from communique.reporting import FORMATS, describe, summary

ERRORS_FOUND = 1
MACHINE_LACKS = 3
CommandT = TypeVar("CommandT", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Machine:
    """What a command knows of the world: the clock, read once."""

    now: dt.datetime


def now_option(command: CommandT) -> CommandT:
    """Add `--now`, the instant to work at."""
    option = click.option(
        "--now",
        "now_text",
        metavar="TIME",
        help="Work as if it were this time, as in '2014-11-18 10:00' or "
        "'2014-11-18 10:00 America/Bogota'. Without a zone, the newsroom's.",
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
        help="How problems are shown: for people, a line for each, or as JSON.",
    )
    return option(command)


def newsroom_here() -> NewsroomFolder:
    """Return the newsroom that the command was given in. Raises: `NoNewsroomError`."""
    return NewsroomFolder.around(Path.cwd())


def time_zone_of(folder: NewsroomFolder) -> ZoneInfo:
    """Return the newsroom's zone; UTC where `newsroom.yaml` is faulty, which is reported later."""
    from communique.newsroom_file import read_newsroom

    source = folder.newsroom_source().value
    newsroom = read_newsroom(source).value if source is not None else None
    return newsroom.time_zone if newsroom else ZoneInfo("UTC")


def instant_of(machine: Machine, now_text: str | None, zone: ZoneInfo) -> dt.datetime:
    """Return the instant that `--now` names, else the clock's."""
    if now_text is None:
        return machine.now.astimezone(zone)
    try:
        moment = read_moment(now_text, zone)
    except ValueError as error:
        words = getattr(error, "context", None) or {}
        raise click.BadParameter(words.get("words", str(error)), param_hint="--now") from None
    if not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time(), zone)
    return moment


def show_problems(diagnostics: Sequence[Diagnostic], style: str) -> None:
    """Print problems to the standard error stream."""
    for text in describe(diagnostics, style):
        click.echo(text, err=True)


def require(checked: Checked[Holdings]) -> Holdings:
    """Return the holdings, or leave with the problems that keep them from being read."""
    if checked.value is None:
        show_problems(checked.diagnostics, "human")
        click.echo(summary(checked.diagnostics), err=True)
        raise click.exceptions.Exit(ERRORS_FOUND)
    return checked.value


def holdings_here() -> tuple[NewsroomFolder, Holdings]:
    """Return the newsroom that the command was given in, with what was read of it."""
    folder = newsroom_here()
    return folder, require(read_holdings(folder))


def in_zone(moment: dt.datetime, newsroom: Newsroom) -> str:
    """Write an instant for the officer, with its zone: ``2014-11-18 10:00 EST``."""
    return f"{moment.astimezone(newsroom.time_zone):%Y-%m-%d %H:%M %Z}"
