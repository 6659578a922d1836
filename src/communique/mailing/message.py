"""A letter becomes a message, as RFC 5322 and MIME have it: bytes that any server takes.

What comes in: a `Letter`, who sends it, and to whom. What goes out: lines of ASCII, none longer
than 998 characters, each ending in CR LF. The same input makes the same bytes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.generator import BytesGenerator
from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from email.utils import quote as quote_string
from html import escape
from io import BytesIO
from typing import Any
from urllib.parse import quote

from communique.digest import digest_of
from communique.edition import PublicRelease
from communique.mailing import MailingError
from communique.mailing.letter import WAY_OUT, Letter
from communique.mailing.recipients import Recipient
from communique.newsroom import Mail, Newsroom
from communique.values import DOMAIN, MAIL_ADDRESS

TEXT_WIDTH = 72
"""Columns of a line of plain text; programs that know RFC 3676 join the lines again."""
HOLDER = "{address}"
LINE_WIDTH = 78
"""Characters of a header's line, unless a word is longer (RFC 5322 §2.1.1)."""
LONGEST_WORD = 60
"""A longer one is encoded, since encoded words can be broken."""
BREAK = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
PHRASE = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+")
"""A name that needs no quotation marks."""
AS_WRITTEN = (
    *("from", "reply-to", "to", "subject"),
    *("message-id", "references", "archived-at", "list-id", "list-unsubscribe"),
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, in the language of the letter."""

    name: str
    address: str
    reply_to: str | None
    list_id: str | None
    unsubscribe: tuple[str, ...]
    authority: str
    """The host that stands in Message-IDs."""


def sender_of(newsroom: Newsroom, language: str) -> Sender:
    """Return who sends; without `mail`, the newsroom's first contact with an address.

    Raises: `MailingError` where nobody has one.
    """
    mail = newsroom.mail or _contact_as_sender(newsroom)
    name = mail.sender_name or newsroom.organization.name
    host = newsroom.tag_authority
    return Sender(
        name.in_language(language),
        mail.sender,
        mail.reply_to,
        mail.list_id,
        mail.unsubscribe,
        host if re.fullmatch(DOMAIN, host) else mail.sender.rpartition("@")[2],
    )


def _contact_as_sender(newsroom: Newsroom) -> Mail:
    for key in newsroom.default_contacts:
        address = newsroom.contacts[key].email or ""
        if MAIL_ADDRESS.fullmatch(address):
            return Mail(address)
    raise MailingError(
        "nobody is there to send it: write `mail: {sender: press@example.org}` in newsroom.yaml"
    )


def version_of(release: PublicRelease, embargo: dt.datetime | None) -> str:
    """Name the version of a release, as it is kept who has it: a correction makes another one.

    A copy under embargo is one of its own, and is another one if the embargo is moved.
    """
    if embargo is not None:
        return f"embargoed-{embargo.astimezone(dt.UTC):%Y%m%dT%H%MZ}"
    return f"v{release.revision}"


def write_message(
    letter: Letter, sender: Sender, when: dt.datetime, recipient: Recipient | None
) -> bytes:
    """Write a message; without a recipient it is for somebody's own program to address and send."""
    message = EmailMessage(policy=POLICY)
    for name, value in _headers(letter, sender, when, recipient):
        message[name] = value
    links = _ways_out(sender, recipient)
    link = next((each for each in links if each.startswith("https:")), links[0] if links else "")
    language = letter.site.language
    # Not flowed where it was put in lines already: a space at the end of a line would join them.
    message.set_content(
        flowed(letter.text.replace(WAY_OUT, link)),
        cte="quoted-printable",
        params={"format": "flowed"},
    )
    message.add_alternative(
        letter.html.replace(WAY_OUT, escape(link)), subtype="html", cte="quoted-printable"
    )
    for part in message.iter_parts():
        del part["MIME-Version"]
        part["Content-Language"] = language
    if letter.pdf is not None:
        message.add_attachment(
            letter.pdf, maintype="application", subtype="pdf", filename=letter.pdf_name
        )
    message["Content-Language"] = language
    _name_boundaries(message, str(message["Message-ID"]))
    file = BytesIO()
    BytesGenerator(file, policy=POLICY).flatten(message)
    return file.getvalue()


def _headers(
    letter: Letter, sender: Sender, when: dt.datetime, recipient: Recipient | None
) -> Iterator[tuple[str, str]]:
    release, site = letter.release, letter.site
    yield "From", mailbox(sender.name, sender.address)
    if sender.reply_to:
        yield "Reply-To", sender.reply_to
    if recipient:
        yield "To", mailbox(recipient.name, recipient.address)
    yield "Subject", in_words(letter.subject)
    yield "Date", format_datetime(when)
    key = recipient.key if recipient else ""
    version = version_of(release, letter.embargo)
    yield "Message-ID", _name_of(release, version, key, sender)
    if letter.embargo is None:
        yield "Archived-At", f"<{site.url}{quote(release.address)}>"  # RFC 5064
    if recipient is None:
        yield "X-Unsent", "1"  # Outlook opens it to be addressed and sent
        return
    if release.revision:  # a correction stands under what it corrects (RFC 5322 §3.6.4)
        earlier = (f"v{revision}" for revision in range(release.revision))
        yield "References", " ".join(_name_of(release, each, key, sender) for each in earlier)
    if sender.list_id:
        yield "List-Id", f"<{sender.list_id}>"  # RFC 2919
    ways = _ways_out(sender, recipient)
    if ways:
        yield "List-Unsubscribe", ", ".join(f"<{way}>" for way in ways)  # RFC 2369 §3.2
    if any(HOLDER in each and each.startswith("https:") for each in sender.unsubscribe):
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"  # RFC 8058 §3.1
    # What answers by itself looks for this (RFC 3834 §2); an officer sends it, so it is not marked
    # as made by a machine (`Auto-Submitted`, §5).
    yield "Precedence", "bulk"


def _name_of(release: PublicRelease, version: str, key: str, sender: Sender) -> str:
    """Return the Message-ID of a version for a recipient: the same one whenever it is sent."""
    parts = (release.guid, release.language, version, key)
    return f"<{release.slug}.{digest_of(repr(parts).encode())}@{sender.authority}>"


def _ways_out(sender: Sender, recipient: Recipient | None) -> tuple[str, ...]:
    if recipient is None:
        return ()
    address = quote(recipient.address, safe="")
    return tuple(each.replace(HOLDER, address) for each in sender.unsubscribe)


def flowed(text: str) -> str:
    """Break a text into short lines that programs join again (RFC 3676 §4, DelSp=no).

    A line that ends with a space goes on in the next; one that begins with a space, `>` or `From `
    gets a space more in front.
    """
    return "".join(f"{line}\n" for each in text.rstrip("\n").split("\n") for line in _broken(each))


def _broken(line: str) -> Iterator[str]:
    rest = line.rstrip(" ")
    while True:
        stuffed = " " if rest.startswith((" ", ">", "From ")) else ""
        end = rest.rfind(" ", 1, TEXT_WIDTH - len(stuffed)) + 1
        if len(rest) <= TEXT_WIDTH or not rest[:end].strip():
            # What has no space early enough, such as a long address, is broken later or never.
            end = rest.find(" ", TEXT_WIDTH) + 1 if len(rest) > TEXT_WIDTH else 0
            if not end:
                yield stuffed + rest
                return
        yield stuffed + rest[:end]
        rest = rest[end:]


def in_words(text: str) -> str:
    """Return a text as a header holds it: as it is, or in encoded words (RFC 2047).

    Not Python's newer way, for the reason that `AsWritten` has. What breaks lines becomes a space,
    so that no name adds a header.
    """
    text = " ".join(BREAK.sub(" ", text).split(" "))
    longest = max(map(len, text.split(" ")))
    if text.isascii() and "=?" not in text and longest <= LONGEST_WORD:
        return text
    return " ".join(Header(text, "utf-8").encode().split())


def mailbox(name: str, address: str) -> str:
    """Return an address with the name beside it (RFC 5322 §3.4)."""
    if not name:
        return address
    words = in_words(name)
    if not words.startswith("=?") and not PHRASE.fullmatch(words):
        words = f'"{quote_string(words)}"'
    return f"{words} <{address}>"


class AsWritten(UnstructuredHeader, BaseHeader):
    """A header of ASCII, which is broken at its spaces alone.

    Python would encode long words to break the line, and no program finds an address in that.
    """

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """Take the value as it is: encoded words stay encoded."""
        super().parse(value, kwds)
        kwds["decoded"] = value

    def fold(self, *, policy: Policy) -> str:
        """Return the header's lines."""
        lines = [f"{self.name}:"]
        for word in str(self).split(" "):
            if len(lines[-1]) + 1 + len(word) > LINE_WIDTH and not lines[-1].endswith(":"):
                lines.append("")
            lines[-1] += f" {word}"
        return policy.linesep.join((*lines, ""))


def _registry() -> HeaderRegistry:
    registry = HeaderRegistry()
    for name in AS_WRITTEN:
        registry.map_to_type(name, AsWritten)
    return registry


POLICY = SMTP.clone(cte_type="7bit", header_factory=_registry())
"""Everything travels as ASCII, so that no server on the way has to change anything."""


def _name_boundaries(message: EmailMessage, name: str) -> None:
    """Give the parts' boundaries names that depend on the message alone.

    No encoded line has ``=_`` in it (RFC 2045 §6.7).
    """
    stem = digest_of(name.encode())
    for at, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{at}_{stem}")
