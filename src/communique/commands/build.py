"""`communique build`: publish what the public may see now."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, NoReturn

import click
from click.core import ParameterSource

from communique.commands.common import (
    ERRORS_FOUND,
    MACHINE_LACKS,
    Machine,
    format_option,
    instant_of,
    newsroom_here,
    now_option,
    premises_here,
    show_problems,
    time_zone_of,
)
from communique.idle import files_standing
from communique.premises import NEWSROOM_FILE, Premises
from communique.processes import make_ready, processors

if TYPE_CHECKING:
    from communique.build import BuildReport
    from communique.layouts import Layouts
    from communique.rendering import Press

UNTOLD = "untold"
"""In the private folder: the feeds of whose change the hub could not be told."""
INDEX = "/search/index/"
"""Where files lie whose names nobody but Pagefind knows."""
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
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Render on the cluster whose dask scheduler listens there, such as tcp://host:8786.",
)
@click.option("--explain", is_flag=True, help="Say of each file that is made again, why.")
@click.option(
    "--verify",
    is_flag=True,
    help="Look at every file in build/, and restore what somebody else has changed or removed.",
)
@now_option
@format_option
@click.pass_context
def build(
    context: click.Context,
    no_pdf: bool,
    jobs: int,
    scheduler: str | None,
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
        if style not in ("json", "sarif"):
            click.echo(text, err=True)

    machine: Machine = context.obj
    if scheduler is not None:
        _require_sense(context, scheduler)
    if now_text is None and not verify and _is_done(premises_here(), machine, not no_pdf, note):
        return
    if not no_pdf and jobs > 1 and scheduler is None:
        make_ready()  # what prints the first PDF takes as long to import as all else to be read
    # Imported only now: this takes longer than a build with nothing to do.
    from communique.build import Settings
    from communique.build import build as run_build
    from communique.rendering import press_for
    from communique.reporting import progress_bar, summary

    folder = newsroom_here()
    here = nullcontext(lambda layouts: press_for(layouts, jobs))
    with here if scheduler is None else _cluster_at(scheduler) as press_of:
        report = run_build(
            folder,
            instant_of(machine, now_text, time_zone_of(folder)),
            Settings(offers_pdf=not no_pdf, verify=verify),
            press_of=press_of,
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
    _tell_hub(folder, report.published, note)
    if report.failed:
        note(f"not everything could be made again: {summary(report.diagnostics)}")
        raise click.exceptions.Exit(ERRORS_FOUND)


def _require_sense(context: click.Context, scheduler: str) -> None:
    if context.get_parameter_source("jobs") is ParameterSource.COMMANDLINE:
        raise click.UsageError(
            "--jobs is for the processors of this machine, --scheduler for others: give one of them"
        )
    if not re.fullmatch(r"(tcp|tls)://[^\s/]+:[0-9]+", scheduler):
        raise click.BadParameter(
            f"`{scheduler}` is no address; write it as the scheduler does: tcp://host:8786",
            param_hint="--scheduler",
        )


@contextmanager
def _cluster_at(address: str) -> Iterator[Callable[[Layouts], Press]]:
    """Give what makes a press of a cluster; leave with a sentence where there is none."""

    def leave(error: Exception, code: int, advice: str) -> NoReturn:
        click.echo(f"error: {error}\nhelp: {advice}", err=True)
        raise click.exceptions.Exit(code) from error

    try:
        from communique.cluster import (
            ClusterEmptyError,
            ClusterLockedError,
            ClusterUnfitError,
            ClusterUnreachableError,
            PressOfCluster,
            knock,
        )
    except ModuleNotFoundError as error:
        if error.name != "distributed":
            raise
        reason = ModuleNotFoundError("--scheduler needs dask.distributed, which is not installed")
        leave(reason, MACHINE_LACKS, "install it: pip install 'communique[cluster]'")
    try:
        knock(address)
        yield lambda layouts: PressOfCluster(layouts, address)
    except ClusterUnreachableError as error:
        leave(error, ERRORS_FOUND, "see that it runs, and build again: what is done stays done")
    except ClusterEmptyError as error:
        leave(error, MACHINE_LACKS, f"start one: `dask worker {address} --nthreads 1`")
    except ClusterLockedError as error:
        advice = "name it in dask's configuration, `distributed.comm.tls`, as the workers do"
        leave(error, MACHINE_LACKS, advice)
    except ClusterUnfitError as error:
        leave(error, MACHINE_LACKS, "install on the workers what is installed here")


def _is_done(
    premises: Premises, machine: Machine, offers_pdf: bool, note: Callable[[str], None]
) -> bool:
    """Tell whether nothing is left to do: nothing changed, or the next edition lay ready."""
    standing = files_standing(premises, machine.now, offers_pdf)
    if standing is not None:
        click.echo(_counts(0, standing, 0))
        _tell_hub(premises, (), note)
        return True
    from communique.ahead import publish_what_waits

    prepared = publish_what_waits(premises, machine.now, offers_pdf, lambda: note(WAITING))
    if prepared is None:
        return False
    _name(prepared.removed)
    click.echo(
        f"published {len(prepared.finished)} files to build/, which were rendered ahead, "
        f"{len(prepared.removed)} removed"
    )
    _tell_hub(premises, [each.path for each in prepared.finished], note)
    return True


def _tell_hub(premises: Premises, published: Sequence[str], note: Callable[[str], None]) -> None:
    """Tell the hub of `newsroom.yaml`, if there is one, which feeds changed, now or earlier.

    Those of which it could not be told are noted first, and told by the next build.
    """
    untold = premises.private / UNTOLD
    is_due = published and b"hub" in (premises.root / NEWSROOM_FILE).read_bytes()
    if not is_due and not untold.exists():
        return
    from communique.disk import NewsroomFolder
    from communique.holdings import read_furnishings
    from communique.notes import read_note, write_note
    from communique.websub import changed_feeds, ping

    furnishings = read_furnishings(NewsroomFolder(premises.root)).value
    hub = furnishings.newsroom.hub if furnishings else None
    if furnishings is None or hub is None:
        untold.unlink(missing_ok=True)
        return
    earlier = (read_note(untold) or b"").decode().splitlines()
    feeds = tuple(dict.fromkeys((*earlier, *changed_feeds(furnishings.newsroom.url, published))))
    write_note(untold, "\n".join(feeds).encode())
    problem = ping(hub, feeds)
    if problem is None:
        untold.unlink(missing_ok=True)
    else:
        note(
            f"warning: the hub {hub} was not told of the change: {problem}; "
            "everything is published, and the next build tells it again"
        )


def _show(report: BuildReport, explain: bool) -> None:
    if explain:
        for path, reason in report.reasons:
            click.echo(f"build/{path}: {reason}")
    _name(report.removed)
    for path, place in report.aside:
        click.echo(f"moved build/{path} to {place}: nobody knows any more what it is")
    click.echo(_counts(len(report.published), report.kept, len(report.removed)))
    if report.notes:
        several = "s" * (report.notes != 1)
        click.echo(
            f"{report.notes} note{several} on what was published: `communique check` shows them"
        )


def _name(removed: Iterable[str]) -> None:
    """Name what went, but for files that readers never knew by their names."""
    for path in removed:
        if INDEX not in path:
            click.echo(f"removed build/{path}")


def _counts(published: int, kept: int, removed: int) -> str:
    return (
        f"published {published} file{'s' * (published != 1)} to build/, "
        f"{kept} unchanged, {removed} removed"
    )
