"""`communique build`: publish what the public may see now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

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
from communique.disk import NewsroomFolder
from communique.idle import files_standing, publish_what_waits
from communique.processes import processors
from communique.reporting import progress_bar, summary

if TYPE_CHECKING:
    from communique.build import BuildReport

WAITING = "another build is at work; waiting for it to end"


@click.command()
@click.option("--no-pdf", is_flag=True, help="Publish web pages and feeds only, without PDFs.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=processors,
    show_default="all processors",
    help="Render on so many processors at once.",
)
@click.option("--explain", is_flag=True, help="Say of each file that is made again, why.")
@click.option(
    "--verify",
    is_flag=True,
    help="Look at every file in build/, and restore what somebody else has changed or removed.",
)
@now_option
@format_option
@click.pass_obj
def build(
    machine: Machine,
    no_pdf: bool,
    jobs: int,
    explain: bool,
    verify: bool,
    now_text: str | None,
    style: str,
) -> None:
    """Publish: bring the folder build/ up to date.

    Drafts, and releases whose embargo or date lies ahead, stay out. If a release that would be
    public has an error, nothing is published and build/ stays as it is.
    """

    def note(text: str) -> None:
        """Tell people, but not programs, which read the same stream."""
        if style != "json":
            click.echo(text, err=True)

    folder = newsroom_here()
    if now_text is None and not verify and _is_done(folder, machine, not no_pdf, note):
        return
    # Imported only now: this takes longer than a build with nothing to do.
    from communique.build import Settings
    from communique.build import build as run_build
    from communique.rendering import press_for

    report = run_build(
        folder,
        instant_of(machine, now_text, time_zone_of(folder)),
        Settings(offers_pdf=not no_pdf, verify=verify),
        press_of=lambda layouts: press_for(layouts, jobs),
        progress=progress_bar,
        on_wait=lambda: note(WAITING),
    )
    show_problems(report.diagnostics, style)
    if report.stopped:
        note(f"nothing was published: {summary(report.diagnostics)}")
        raise click.exceptions.Exit(ERRORS_FOUND)
    for path in report.unknown:
        note(f"left alone, because no build has made it: build/{path}")
    _show(report, explain)
    if report.failed:
        note(f"not everything could be made again: {summary(report.diagnostics)}")
        raise click.exceptions.Exit(ERRORS_FOUND)


def _is_done(
    folder: NewsroomFolder, machine: Machine, offers_pdf: bool, note: Callable[[str], None]
) -> bool:
    """Tell whether nothing is left to do: nothing changed, or the next edition lay ready."""
    standing = files_standing(folder, machine.now, offers_pdf)
    if standing is not None:
        click.echo(_counts(0, standing, 0))
        return True
    prepared = publish_what_waits(folder, machine.now, offers_pdf, lambda: note(WAITING))
    if prepared is None:
        return False
    for path in prepared.removed:
        click.echo(f"removed build/{path}")
    click.echo(
        f"published {len(prepared.finished)} files to build/, which were rendered ahead, "
        f"{len(prepared.removed)} removed"
    )
    return True


def _show(report: BuildReport, explain: bool) -> None:
    if explain:
        for path, reason in report.reasons:
            click.echo(f"build/{path}: {reason}")
    for path in report.removed:
        click.echo(f"removed build/{path}")
    click.echo(_counts(len(report.published), report.kept, len(report.removed)))


def _counts(published: int, kept: int, removed: int) -> str:
    return (
        f"published {published} file{'s' * (published != 1)} to build/, "
        f"{kept} unchanged, {removed} removed"
    )
