"""`communique doctor`: what this machine lacks."""

from __future__ import annotations

import sys
from importlib.metadata import version

import click

from communique.commands.common import MACHINE_LACKS
from communique.pdf_libraries import install_command, missing_libraries
from communique.pictures import writable_forms
from communique.release import PICTURE_FORMS

SHOWN = ("pillow", "weasyprint", "markdown-it-py", "jinja2", "feedgen", "pyyaml")


@click.command()
def doctor() -> None:
    """Tell what this machine lacks for PDFs.

    Shows the versions in use, and the command that installs what is missing.
    """
    click.echo(f"Python {sys.version.split()[0]}")
    for name in SHOWN:
        click.echo(f"{name} {version(name)}")
    if lacking := sorted({*PICTURE_FORMS} - {*writable_forms()}):
        shown = " and ".join(form.upper() for form in lacking)
        click.echo(f"Pages go without pictures as {shown}, which this Pillow cannot write.")
    missing = missing_libraries()
    if not missing:
        click.echo("All libraries that PDFs need are here.")
        return
    click.echo(f"PDFs cannot be made here: {', '.join(missing)} missing.", err=True)
    click.echo(f"Install them with:\n  {install_command(missing)}", err=True)
    raise click.exceptions.Exit(MACHINE_LACKS)
