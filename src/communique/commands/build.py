"""`communique build`: publish what the public may see now."""

from __future__ import annotations

import click

from communique.build import BuildReport
from communique.build import build as run_build
from communique.commands.common import (
    ERRORS_FOUND,
    Machine,
    format_option,
    instant_of,
    newsroom_here,
    now_option,
    show_problems,
    time_zone_of,
)
from communique.reporting import progress_bar, summary


@click.command()
@click.option("--no-pdf", is_flag=True, help="Publish without PDFs, as on a machine without Pango.")
@now_option
@format_option
@click.pass_obj
def build(machine: Machine, no_pdf: bool, now_text: str | None, style: str) -> None:
    """Publish: bring the folder build/ up to date.

    Releases that are drafts or still under embargo stay out. If a release that would be public
    has an error, nothing is published and build/ stays as it is.
    """
    folder = newsroom_here()
    report = run_build(
        folder,
        instant_of(machine, now_text, time_zone_of(folder)),
        offers_pdf=not no_pdf,
        progress=progress_bar("rendering"),
        on_wait=lambda: click.echo("another build is at work; waiting for it to end", err=True),
    )
    show_problems(report.diagnostics, style)
    if report.stopped:
        click.echo(f"nothing was published: {summary(report.diagnostics)}", err=True)
        raise click.exceptions.Exit(ERRORS_FOUND)
    _show(report)


def _show(report: BuildReport) -> None:
    for path in report.removed:
        click.echo(f"removed build/{path}")
    for path in report.unknown:
        click.echo(f"not made by communique, left alone: build/{path}", err=True)
    changed = len(report.published)
    click.echo(
        f"published {changed} file{'s' * (changed != 1)} to build/, "
        f"{report.kept} unchanged, {len(report.removed)} removed"
    )
