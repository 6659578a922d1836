"""The commands. Each module is one; the table below is all there is to adding another."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = {
    "init": "communique.commands.init:init",
    "new": "communique.commands.new:new",
    "import": "communique.commands.importing:import_releases",
    "check": "communique.commands.check:check",
    "build": "communique.commands.build:build",
    "correct": "communique.commands.correct:correct",
    "withdraw": "communique.commands.correct:withdraw",
    "compare": "communique.commands.compare:compare",
    "remember": "communique.commands.remember:remember",
    "email": "communique.commands.email:email",
    "send": "communique.commands.send:send",
    "list": "communique.commands.list:list_releases",
    "register": "communique.commands.register:register",
    "serve": "communique.commands.serve:serve",
    "schema": "communique.commands.schema:schema",
    "headers": "communique.commands.headers:headers",
    "doctor": "communique.commands.doctor:doctor",
}
"""Name → module and function, in the order in which an officer meets them."""


class CommandTable(click.Group):
    """The commands of `COMMANDS`; a module is imported only when its command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return [*COMMANDS]  # `list` is one of the modules here once that is imported

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, function = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(module), function)
        assert isinstance(command, click.Command)
        return command
