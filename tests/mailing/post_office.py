"""A real mail server (aiosmtpd) on a free port of 127.0.0.1, which does what a test tells it to."""

from __future__ import annotations

import asyncio
import email.policy
import ssl
import warnings
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""Of ``localhost``, with its key; nobody vouches for it, and it serves for nothing else."""
DROP = "drop"
"""In place of an answer: the connection breaks."""
Answer = Callable[[str, int], str | None]
"""What is answered to a recipient, at which attempt, counted from 1; None is yes."""


def yes(recipient: str, attempt: int) -> str | None:
    return None


@dataclass
class PostOffice:
    """What the server answers, and what it has taken; a context manager."""

    on_recipient: Answer = yes
    on_message: Answer = yes
    """Asked when the whole message is there."""
    tls: bool = False
    user: tuple[str, str] | None = None
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    """Recipient and message, in the order in which they came."""
    connections: int = 0
    port: int = 0
    _attempts: dict[tuple[str, str], int] = field(default_factory=dict)

    def __enter__(self) -> PostOffice:
        ready: Future[int] = Future()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_until_complete, args=(self._serve(ready),))
        self._thread.start()
        self.port = ready.result(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()
        self._loop.close()

    @property
    def recipients(self) -> list[str]:
        return [recipient for recipient, _ in self.taken]

    def message(self, recipient: str) -> EmailMessage:
        """Return what somebody got, read by Python's parser, which raises at every defect."""
        (data,) = [data for each, data in self.taken if each == recipient]
        return BytesParser(policy=email.policy.strict).parsebytes(data)

    async def _serve(self, ready: Future[int]) -> None:
        self._closing = asyncio.Event()
        context = None
        if self.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)

        def protocol() -> SMTP:
            self.connections += 1
            with warnings.catch_warnings():
                # On this machine alone, a password may travel as it is.
                warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS")
                return SMTP(
                    self,
                    hostname="localhost",
                    tls_context=context,
                    require_starttls=self.tls,
                    authenticator=self._knows if self.user else None,
                    auth_required=self.user is not None,
                    auth_require_tls=self.tls,
                    loop=self._loop,
                )

        server = await self._loop.create_server(protocol, "127.0.0.1", 0)
        ready.set_result(server.sockets[0].getsockname()[1])
        await self._closing.wait()
        server.close()
        rest = asyncio.all_tasks(self._loop) - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _knows(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == self.user, handled=False)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._answer(server, self.on_recipient, "RCPT", address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802  # aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        (recipient,) = envelope.rcpt_tos
        content = envelope.content
        assert isinstance(content, bytes)
        answer = self._answer(server, self.on_message, "DATA", recipient)
        if answer is None or answer == DROP:
            self.taken.append((recipient, content))
        return answer or "250 2.0.0 OK"

    def _answer(self, server: SMTP, ask: Answer, step: str, recipient: str) -> str | None:
        attempt = self._attempts.get((step, recipient), 0) + 1
        self._attempts[step, recipient] = attempt
        answer = ask(recipient, attempt)
        if answer == DROP:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return answer
