"""`communique list`: every release, and where it stands."""

from __future__ import annotations

import datetime as dt
import json

import click

from communique.catalogue import status_of
from communique.commands.common import (
    Machine,
    holdings_here,
    in_zone,
    instant_of,
    now_option,
)
from communique.holdings import Holdings
from communique.release import Release, Status

COLOURS = {
    Status.DRAFT: "yellow",
    Status.EMBARGOED: "magenta",
    Status.SCHEDULED: "magenta",
    Status.PUBLISHED: "green",
    Status.CORRECTED: "cyan",
    Status.WITHDRAWN: "red",
}
LATER = {Status.EMBARGOED: "until", Status.SCHEDULED: "for"}


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array, for other programs.")
@now_option
@click.pass_obj
def list_releases(machine: Machine, as_json: bool, now_text: str | None) -> None:
    """List every release and where it stands.

    A release is a draft, embargoed, scheduled (its date lies ahead), published, corrected or
    withdrawn. The newest stands first.
    """
    _, holdings = holdings_here()
    instant = instant_of(machine, now_text, holdings.newsroom.time_zone)
    releases = sorted(
        (each.release for each in holdings.manuscripts if each.release is not None),
        key=lambda release: (release.public_from, release.reference, release.language),
        reverse=True,
    )
    if as_json:
        rows = [_row(release, holdings, instant) for release in releases]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        _show_table(releases, holdings, instant)
    faulty = [each.path for each in holdings.manuscripts if each.release is None]
    for path in faulty:
        click.echo(
            f"not listed, because it has errors: {path}; `communique check` shows them", err=True
        )


def _row(release: Release, holdings: Holdings, instant: dt.datetime) -> dict[str, object]:
    newsroom = holdings.newsroom
    status = status_of(release, instant)
    return {
        "reference": release.reference.text,
        "language": release.language,
        "status": status.value,
        "date": release.date.isoformat(),
        "public_from": release.public_from.isoformat(),
        "title": release.title,
        "file": release.path,
        "url": newsroom.url + newsroom.address_of(release.reference, release.language),
    }


def _show_table(releases: list[Release], holdings: Holdings, instant: dt.datetime) -> None:
    if not releases:
        click.echo("no releases yet; write one with `communique new`")
        return
    rows = []
    for release in releases:
        status = status_of(release, instant)
        words = status.value
        if status in LATER:
            words = f"{status} {LATER[status]} {in_zone(release.public_from, holdings.newsroom)}"
        rows.append((release.reference.text, release.language, status, words, release))
    reference_width = max(len(row[0]) for row in rows)
    language_width = max(len(row[1]) for row in rows)
    status_width = max(len(row[3]) for row in rows)
    for reference, language, status, words, release in rows:
        click.echo(
            f"{reference:<{reference_width}}  {language:<{language_width}}  {release.date}  "
            f"{click.style(f'{words:<{status_width}}', fg=COLOURS[status])}  {release.title}"
        )
