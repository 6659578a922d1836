"""Handing messages to a mail server, one for each recipient, over one connection (RFC 5321).

What comes in: recipients, and what makes the message of each. What goes out: `Handed`, what became
of each, as soon as it is known. Nothing here reads a clock or a file: time, waiting and noting are
given.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from communique.mailing import MailingError
from communique.mailing.postal_book import State
from communique.mailing.recipients import Recipient
from communique.newsroom import Security

RECONNECTS = 3
"""How often a connection that breaks is made anew for one message."""
REFUSALS_IN_A_ROW = 10
"""From so many on, with nothing taken before, it is not the recipients whom the server refuses."""
ANSWER = re.compile(rb"\s*(?P<code>[245]\.\d{1,3}\.\d{1,3})\b")
"""A status after the number of an answer (RFC 3463); the words may have an address in them."""
WAITS_S = (60, 300, 900)
"""How long those wait whom the server puts off, each time."""
CLOSING = 421
GO_ON = 354


class DeliveryError(MailingError):
    """The server cannot be used, or takes nothing; those who are left have nothing."""


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server, and how to speak to it."""

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = None
    """Whom to trust; None for those whom this machine does."""
    timeout_s: float = 60
    last_timeout_s: float = 600
    """For the answer to a whole message (RFC 5321 §4.5.3.2.6)."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How time passes while messages go out."""

    sleep: Callable[[float], None]
    """Waits so many seconds."""
    clock: Callable[[], float]
    """In seconds, from any instant."""
    per_minute: int | None = None
    waits_s: Sequence[float] = WAITS_S
    """What passes before those whom the server put off are tried again, each time."""


class Handed(NamedTuple):
    """What became of a message."""

    recipient: Recipient
    state: State
    answer: str
    """Of the server: its number, and its status if it gave one."""


class _PutOffError(Exception):
    """The server wants it later, or the message was not handed over whole."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        super().__init__(answer)


class _RefusedError(_PutOffError):
    """The server does not want it; `is_final` if that is about the recipient."""

    def __init__(self, answer: str, *, is_final: bool) -> None:
        self.is_final = is_final
        super().__init__(answer)


class _UncertainError(Exception):
    """The message was handed over, and the connection broke before the server said anything."""


def deliver(
    recipients: Sequence[Recipient],
    message_for: Callable[[Recipient], bytes],
    on_handing_over: Callable[[Recipient], None],
    server: Server,
    sender: str,
    pace: Pace,
) -> Iterator[Handed]:
    """Hand over a message to each recipient, and yield what became of it.

    `on_handing_over` is called before the first byte of a message leaves; from then on, only an
    answer of the server tells whether it has it. Whom the server puts off has failed, is yielded
    so, and is tried again after each wait of `pace`.
    Raises: `DeliveryError`.
    """
    line = _Line(server, sender, pace)
    try:
        left: Sequence[Recipient] = recipients
        for wait_s in (0.0, *pace.waits_s):
            if wait_s:
                line.close()
                pace.sleep(wait_s)
            put_off = []
            for recipient in left:
                handed = line.hand_over(recipient, message_for(recipient), on_handing_over)
                yield handed
                if handed.state is State.FAILED and not handed.answer.startswith("5"):
                    put_off.append(recipient)
            left = put_off
            if not left:
                break
    finally:
        line.close()


class _Line:
    """A connection that is made when it is needed, and again when it broke."""

    def __init__(self, server: Server, sender: str, pace: Pace) -> None:
        self._server = server
        self._sender = sender
        self._pace = pace
        self._smtp: smtplib.SMTP | None = None
        self._next_s = 0.0
        self._refusals = 0
        self._has_taken = False
        self._was_there = False

    def hand_over(
        self, recipient: Recipient, data: bytes, on_handing_over: Callable[[Recipient], None]
    ) -> Handed:
        """Hand over one message, over another connection if the first breaks."""
        self._keep_pace()
        answer = ""
        for _ in range(RECONNECTS):
            try:
                smtp = self._connected()
                answer = self._transact(smtp, recipient, data, on_handing_over)
            except _UncertainError:
                self.close()
                return Handed(recipient, State.TRIED, "")
            except _RefusedError as refusal:
                self._count_refusal(refusal)
                state = State.REFUSED if refusal.is_final else State.FAILED
                return Handed(recipient, state, refusal.answer)
            except _PutOffError as refusal:
                return Handed(recipient, State.FAILED, refusal.answer)
            except (smtplib.SMTPServerDisconnected, OSError):
                self.close()
                continue
            self._refusals, self._has_taken = 0, True
            return Handed(recipient, State.SENT, answer)
        return Handed(recipient, State.FAILED, answer)

    def _transact(
        self,
        smtp: smtplib.SMTP,
        recipient: Recipient,
        data: bytes,
        on_handing_over: Callable[[Recipient], None],
    ) -> str:
        """Speak for one message, and return the answer with which the server takes it."""
        options = [f"size={len(data)}"] if smtp.has_extn("size") else []
        code, words = smtp.mail(self._sender, options)
        if code // 100 == 5:
            raise DeliveryError(
                f"the server takes nothing from {self._sender}: {code} {_printable(words)}"
            )
        self._expect(smtp, code, words, 2)
        code, words = smtp.rcpt(recipient.address)
        self._expect(smtp, code, words, 2, is_final=not _is_about_the_sender(words))
        code, words = smtp.docmd("data")
        self._expect(smtp, code, words, 3)
        on_handing_over(recipient)
        # If this fails, the server has not been given the end, and drops what it has.
        smtp.send(re.sub(rb"(?m)^\.", b"..", data) + b".\r\n")
        try:
            if smtp.sock is not None:
                smtp.sock.settimeout(self._server.last_timeout_s)
            code, words = smtp.getreply()
            if smtp.sock is not None:
                smtp.sock.settimeout(self._server.timeout_s)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise _UncertainError from error
        self._expect(smtp, code, words, 2)
        return _answer(code, words)

    def _expect(
        self,
        smtp: smtplib.SMTP,
        code: int,
        words: bytes,
        wanted: int,
        *,
        is_final: bool = False,
    ) -> None:
        """Go on if the answer is one of those wanted; else leave the transaction."""
        if code // 100 == wanted:
            return
        if code == CLOSING:
            raise smtplib.SMTPServerDisconnected("the server closes")
        with suppress(smtplib.SMTPException, OSError):
            smtp.rset()
        if code // 100 == 5:
            raise _RefusedError(_answer(code, words), is_final=is_final)
        raise _PutOffError(_answer(code, words))

    def _count_refusal(self, refusal: _RefusedError) -> None:
        self._refusals += 1
        if self._refusals >= REFUSALS_IN_A_ROW and not self._has_taken:
            raise DeliveryError(
                f"the server refused {self._refusals} in a row and took nothing, last with "
                f"{refusal.answer}: see whether it knows you, and what it says in its log"
            )

    def _keep_pace(self) -> None:
        if self._pace.per_minute is None:
            return
        now = self._pace.clock()
        if now < self._next_s:
            self._pace.sleep(self._next_s - now)
        self._next_s = max(now, self._next_s) + 60 / self._pace.per_minute

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is None:
            for wait_s in (*self._pace.waits_s, None):
                try:
                    self._smtp = _connect(self._server)
                    self._was_there = True
                    break
                except _UnreachableError as error:
                    # Who was never there is more likely misspelt than out of order.
                    if wait_s is None or not self._was_there:
                        raise DeliveryError(str(error)) from error
                    self._pace.sleep(wait_s)
        assert self._smtp is not None
        return self._smtp

    def close(self) -> None:
        """Take leave of the server, if it is still there."""
        if self._smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._smtp.quit()
            self._smtp.close()
            self._smtp = None


class _UnreachableError(Exception):
    """Nobody answers; that may be otherwise in a minute."""


def _connect(server: Server) -> smtplib.SMTP:
    """Connect, encrypt and log in. Raises: `DeliveryError`, or `_UnreachableError`."""
    name = f"{server.host}:{server.port}"
    context = server.tls or ssl.create_default_context()
    smtp: smtplib.SMTP | None = None
    try:
        if server.security == "tls":
            smtp = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout_s, context=context
            )
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=server.timeout_s)
        if server.security == "starttls":
            smtp.starttls(context=context)
        smtp.ehlo_or_helo_if_needed()
        if server.user is not None and server.password is not None:
            smtp.login(server.user, server.password)
        return smtp
    except smtplib.SMTPAuthenticationError as error:
        _drop(smtp)
        if error.smtp_code // 100 == 4:
            raise _UnreachableError(f"{name} does not let {server.user} in now") from error
        raise DeliveryError(
            f"{name} does not let {server.user} in: {error.smtp_code} "
            f"{_printable(error.smtp_error)}"
        ) from error
    except smtplib.SMTPNotSupportedError as error:
        _drop(smtp)
        raise DeliveryError(f"{name} offers no such thing: {error}") from error
    except ssl.SSLError as error:
        _drop(smtp)
        raise DeliveryError(
            f"the connection to {name} cannot be trusted: {error.reason or error}"
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        _drop(smtp)
        words = getattr(error, "strerror", None) or str(error)
        raise _UnreachableError(f"{name} cannot be reached: {words}") from error


def _drop(smtp: smtplib.SMTP | None) -> None:
    if smtp is not None:
        smtp.close()


def _is_about_the_sender(words: bytes) -> bool:
    """Tell whether a refusal is about rules or rights, and not the mailbox (RFC 3463, X.7.X)."""
    match = ANSWER.match(words)
    return match is not None and match["code"].startswith(b"5.7.")


def _answer(code: int, words: bytes) -> str:
    match = ANSWER.match(words)
    return f"{code} {match['code'].decode()}" if match else str(code)


def _printable(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return "".join(each if each.isprintable() else " " for each in text)[:200]
