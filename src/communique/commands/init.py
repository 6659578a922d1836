"""`communique init`: a newsroom to begin with."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import click

from communique.commands.common import ERRORS_FOUND, Machine
from communique.newsroom_file import read_newsroom
from communique.proof import quoted
from communique.source import Source

NEWSROOM = """# Your newsroom. `communique schema newsroom` lists every key.
organization: {name}
url: {url}
time_zone: {time_zone}
languages: [{language}]
series: {{PR: release}}

# Whom journalists call; shown under every release.
contacts:
  press:
    name: Press office
    phone: +1-202-555-0100
    email: press@example.org

# Subjects that readers can follow, each with a page and a feed of its own.
topics:
  announcements: Announcements

# The identifiers in the feeds begin with this name. Keep it even if the newsroom moves.
tag_authority: {host}
"""
RELEASE = """---
reference: PR-001/{year:02}
title: {title}
date: {date}
summary: Press releases appear here as web pages, as PDFs and in a feed.
topics: [announcements]
---

This is the first release. It is the file `releases/{date.year}/PR-001-{year:02}.md`: change it,
then run `communique serve` to look at it, and `communique build` to publish.

The next one begins with `communique new`.
"""
IGNORED = "/build/\n/.communique/\n"


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--name", default="Example Organization", show_default=True, help="The name of who publishes."
)
@click.option(
    "--url",
    default="https://press.example.org",
    show_default=True,
    help="The web address where the newsroom will be published.",
)
@click.option(
    "--time-zone", default="UTC", show_default=True, help="Its time zone, as in America/New_York."
)
@click.option(
    "--language",
    default="en",
    show_default=True,
    help="Its language, by its code: en, es, pt or fr.",
)
@click.pass_obj
def init(
    machine: Machine, folder: Path, name: str, url: str, time_zone: str, language: str
) -> None:
    """Begin a newsroom in FOLDER.

    Makes the folder, with the settings (newsroom.yaml) and a first release to look at.
    """
    name = " ".join(name.split())
    if folder.exists() and not folder.is_dir():
        _refuse(f"{folder} is a file", "name a folder that is new or empty")
    if folder.exists() and any(folder.iterdir()):
        _refuse(f"{folder} is not empty", "name a folder that is new or empty")
    host = urlsplit(url).hostname or ""
    settings = NEWSROOM.format(
        name=quoted(name), url=url, time_zone=time_zone, language=language, host=host
    )
    newsroom = read_newsroom(Source.of_text("newsroom.yaml", settings))
    if newsroom.value is None:
        # All but the options is known to be sound.
        _refuse(newsroom.diagnostics[0].message, newsroom.diagnostics[0].help)
    today = machine.now.astimezone(newsroom.value.time_zone).date()
    title = quoted(f"{name} opens its newsroom")
    files = {
        "newsroom.yaml": settings,
        f"releases/{today.year}/PR-001-{today:%y}.md": RELEASE.format(
            title=title, date=today, year=today.year % 100
        ),
        ".gitignore": IGNORED,
    }
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    where = shlex.quote(str(folder))
    click.echo(f"{folder} is ready: `cd {where}`, then `communique serve` or `communique build`")


def _refuse(message: str, advice: str | None) -> NoReturn:
    click.echo(f"error: {message}", err=True)
    if advice:
        click.echo(f"help: {advice}", err=True)
    raise click.exceptions.Exit(ERRORS_FOUND)
