"""The preview's server: one socket of this machine, from the first look to Ctrl-C.

What comes in: the newsroom's folder, a port and a clock. What goes out: nothing that stays.
"""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn

from communique.disk import NewsroomFolder
from communique.preview.app import Announcer, preview_app
from communique.preview.press import Press

LOOPBACK = "127.0.0.1"
"""No other: what is not public yet stays on this machine."""


class Server(uvicorn.Server):
    """A server that leaves at the first Ctrl-C, though browsers keep listening for changes."""

    def __init__(self, config: uvicorn.Config, press: Press, announcer: Announcer) -> None:
        """Serve what `press` shows."""
        super().__init__(config)
        self._press = press
        self._announcer = announcer

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Leave in peace; uvicorn would send itself the signal once more at the end."""
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what would not end by itself, then the rest."""
        self._press.close()
        self._announcer.end()
        await super().shutdown(sockets)


def take_port(port: int) -> socket.socket:
    """Begin to listen; browsers wait until `run` answers. Port 0 means any that is free.

    Raises: `OSError` if another program has the port, or the system keeps it for itself.
    """
    return socket.create_server((LOOPBACK, port))


def address_of(listener: socket.socket) -> str:
    """Return the web address of the preview."""
    return f"http://{LOOPBACK}:{listener.getsockname()[1]}/"


def run(folder: NewsroomFolder, listener: socket.socket, clock: Callable[[], dt.datetime]) -> None:
    """Answer browsers until Ctrl-C."""
    press = Press(folder, address_of(listener), clock)
    announcer = Announcer()
    config = uvicorn.Config(
        preview_app(press, announcer),
        log_config=None,  # Python then prints warnings and tracebacks, and nothing else
        access_log=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=1,
    )
    Server(config, press, announcer).run(sockets=[listener])
