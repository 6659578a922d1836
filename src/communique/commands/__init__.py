"""The commands. Each module is one; the table below is all there is to adding another."""

from __future__ import annotations

import click

from communique.commands.build import build
from communique.commands.check import check
from communique.commands.doctor import doctor
from communique.commands.init import init
from communique.commands.list import list_releases
from communique.commands.new import new
from communique.commands.schema import schema
from communique.commands.serve import serve

COMMANDS: dict[str, click.Command] = {
    "init": init,
    "new": new,
    "check": check,
    "build": build,
    "list": list_releases,
    "serve": serve,
    "schema": schema,
    "doctor": doctor,
}
