"""`communique serve`: look at the newsroom before the public does."""

from __future__ import annotations

import datetime as dt
import os
import threading
import webbrowser

import click

from communique.commands.common import (
    Machine,
    instant_of,
    newsroom_here,
    now_option,
    time_zone_of,
)


def this_machine(context: click.Context, option: click.Parameter, host: str | None) -> None:
    """Refuse to be seen from elsewhere, with the reason: other servers offer such an option."""
    if host not in (None, "localhost", "127.0.0.1"):
        raise click.BadParameter(
            f"`{host}` is refused: the preview shows what is not public yet, so only this machine "
            "can see it (127.0.0.1); from another one, reach it through "
            "`ssh -L 8000:127.0.0.1:8000 …`"
        )


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Where on this machine; 0 takes any port that is free.",
)
@click.option("--host", expose_value=False, callback=this_machine, hidden=True)
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
@now_option
@click.pass_obj
def serve(machine: Machine, port: int, opens: bool, now_text: str | None) -> None:
    """Preview: show the newsroom in the browser, drafts and embargoed releases included.

    Pages load again when you save a file, and show what is wrong in it. Only this machine can
    see the preview. Nothing is published: build/ stays as it is. Ctrl-C ends it.
    """
    from communique.preview.server import address_of, run, take_port  # heavy: only when needed

    folder = newsroom_here()
    instant = instant_of(machine, now_text, time_zone_of(folder))

    def clock() -> dt.datetime:
        return machine.time() if now_text is None else instant

    try:
        listener = take_port(port)
    except OSError as error:
        raise click.BadParameter(
            f"port {port} cannot be used ({os.strerror(error.errno or 0).lower()}); choose "
            f"another, as in `communique serve --port {port + 1 if port < 65535 else port - 1}`",
            param_hint="--port",
        ) from None
    address = address_of(listener)
    click.echo(f"preview of {folder.root.name} at {address}, drafts included; Ctrl-C ends it")
    if opens:
        # A browser of the terminal returns only when it is left.
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    run(folder, listener, clock)
    click.echo("preview ended; nothing was published")
