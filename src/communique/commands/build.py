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
@click.option("--no-pdf", is_flag=True, help="Publish web pages and feeds only, without PDFs.")
@now_option
@format_option
@click.pass_obj
def build(machine: Machine, no_pdf: bool, now_text: str | None, style: str) -> None:
    """Publish: bring the folder build/ up to date.

    Drafts, and releases whose embargo or date lies ahead, stay out. If a release that would be
    public has an error, nothing is published and build/ stays as it is.
    """

    def note(text: str) -> None:
        """Tell people, but not programs, which read the same stream."""
        if style != "json":
            click.echo(text, err=True)

    folder = newsroom_here()
    report = run_build(
        folder,
        instant_of(machine, now_text, time_zone_of(folder)),
        offers_pdf=not no_pdf,
        progress=progress_bar("rendering"),
        on_wait=lambda: note("another build is at work; waiting for it to end"),
    )
    show_problems(report.diagnostics, style)
    if report.stopped:
        note(f"nothing was published: {summary(report.diagnostics)}")
        raise click.exceptions.Exit(ERRORS_FOUND)
    for path in report.unknown:
        note(f"left alone, because no build has made it: build/{path}")
    _show(report)


def _show(report: BuildReport) -> None:
    for path in report.removed:
        click.echo(f"removed build/{path}")
    changed = len(report.published)
    click.echo(
        f"published {changed} file{'s' * (changed != 1)} to build/, "
        f"{report.kept} unchanged, {len(report.removed)} removed"
    )
