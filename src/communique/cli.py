"""The command line: the only place that reads the clock, and where exit codes are decided.

0 done · 1 the releases have errors · 2 wrong usage · 3 the machine lacks something ·
130 stopped by Ctrl-C.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Sequence

import click

from communique.commands import CommandTable
from communique.commands.common import ERRORS_FOUND, MACHINE_LACKS, Machine
from communique.interruption import INTERRUPTED
from communique.pdf_libraries import PdfUnavailableError
from communique.premises import NoNewsroomError

DONE = 0
WRONG_USAGE = 2


@click.group(
    cls=CommandTable,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Write a release with `communique new`, look at it with `communique serve`, and "
    "publish with `communique build`. The guide is in the README.",
)
@click.version_option(package_name="communique", prog_name="communique")
@click.pass_context
def communique(context: click.Context) -> None:
    """Publish press releases: Markdown in; web pages, PDFs and RSS feeds out."""
    context.obj = context.obj or Machine(_read_clock(), _read_clock)  # a test brings its own
    if os.environ.get("NO_COLOR"):  # https://no-color.org
        context.color = False


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str], machine: Machine | None = None) -> int:
    """Run one command line and return its exit code."""
    return exit_code_of(
        lambda: communique.main(list(arguments), "communique", standalone_mode=False, obj=machine)
    )


def exit_code_of(command: Callable[[], int | None]) -> int:
    """Run a command to its end and return its exit code; what stopped it is said in a sentence.

    A command returns what it leaves with (`click.exceptions.Exit`), or None if it simply ends.
    """
    try:
        return command() or DONE
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        return INTERRUPTED
    except NoNewsroomError as error:
        click.echo(f"error: {error}\nhelp: begin one with `communique init my-newsroom`", err=True)
        return WRONG_USAGE
    except PdfUnavailableError as error:
        click.echo(
            f"error: {error}\nhelp: or publish without PDFs: `communique build --no-pdf`", err=True
        )
        return MACHINE_LACKS
    except BrokenPipeError:
        # Whoever reads our output has seen enough, as in `communique list | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ERRORS_FOUND
    except OSError as error:
        # A full or read-only disk; whatever an officer's text can cause is a diagnostic.
        click.echo(f"error: {_in_words(error)}", err=True)
        return ERRORS_FOUND


def _read_clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _in_words(error: OSError) -> str:
    """Say what the system refused, and for which file: ``no space left on device: build/en``."""
    reason = (error.strerror or str(error)).lower()
    path = error.filename2 or error.filename  # where a file should have gone, not whence
    return f"{reason}: {path}" if path else reason


if __name__ == "__main__":
    main()
