"""`communique init`: a newsroom to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from communique.commands.common import ERRORS_FOUND, Machine
from communique.yaml_text import quoted

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
title: {name} opens its newsroom
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
@click.option("--name", default="Example Organization", show_default=True, help="Who publishes.")
@click.option(
    "--url",
    default="https://press.example.org",
    show_default=True,
    help="Where the newsroom will be published.",
)
@click.option("--time-zone", default="UTC", show_default=True, help="As in America/New_York.")
@click.option("--language", default="en", show_default=True, help="Its first language.")
@click.pass_obj
def init(
    machine: Machine, folder: Path, name: str, url: str, time_zone: str, language: str
) -> None:
    """Begin a newsroom in FOLDER, with its settings and a first release."""
    if folder.exists() and any(folder.iterdir()):
        click.echo(f"error: {folder} is not empty", err=True)
        raise click.exceptions.Exit(ERRORS_FOUND)
    today = machine.now.date()
    host = url.partition("://")[2].partition("/")[0]
    files = {
        "newsroom.yaml": NEWSROOM.format(
            name=quoted(name), url=url, time_zone=time_zone, language=language, host=host
        ),
        f"releases/{today.year}/PR-001-{today:%y}.md": RELEASE.format(
            name=name, date=today, year=today.year % 100
        ),
        ".gitignore": IGNORED,
    }
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    click.echo(f"{folder} is ready: `cd {folder}`, then `communique serve` or `communique build`")
