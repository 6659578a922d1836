"""The command line: the only place that reads the clock, and where exit codes are decided.

0 done · 1 the releases have errors · 2 wrong usage · 3 the machine lacks something.
"""

from __future__ import annotations

import datetime as dt
import sys

import click

from communique import __version__
from communique.commands import COMMANDS
from communique.commands.common import ERRORS_FOUND, MACHINE_LACKS, Machine
from communique.disk import NoNewsroomError
from communique.pdf_libraries import PdfUnavailableError

WRONG_USAGE = 2


@click.group(
    commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Write a release with `communique new`, look at it with `communique serve`, and "
    "publish with `communique build`. The guide is in the README.",
)
@click.version_option(__version__, prog_name="communique")
@click.pass_context
def communique(context: click.Context) -> None:
    """Publish press releases: Markdown in; web pages, PDFs and RSS feeds out."""
    context.obj = Machine(dt.datetime.now(dt.UTC))


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        communique.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(130)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except NoNewsroomError as error:
        click.echo(f"error: {error}\nhelp: begin one with `communique init my-newsroom`", err=True)
        sys.exit(WRONG_USAGE)
    except PdfUnavailableError as error:
        click.echo(
            f"error: {error}\nhelp: or publish without PDFs: `communique build --no-pdf`", err=True
        )
        sys.exit(MACHINE_LACKS)
    except OSError as error:
        # A full or read-only disk; whatever an officer's text can cause is a diagnostic.
        click.echo(f"error: {error.strerror}: {error.filename}", err=True)
        sys.exit(ERRORS_FOUND)


if __name__ == "__main__":
    main()
