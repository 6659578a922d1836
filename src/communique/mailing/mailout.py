"""One release goes out to one list: who gets which version, who has it already, and the sending.

What comes in: a list and the versions that may go out. What goes out: `Batch`es, and of each
message what became of it, noted in the postal book before and after it is handed over.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from communique.mailing.choosing import Choice, Mailroom, PdfChoice, Version
from communique.mailing.delivery import Handed, Pace, Server, deliver
from communique.mailing.letter import Letter
from communique.mailing.message import Sender, sender_of, version_of, write_message
from communique.mailing.postal_book import Consignment, PostalBook, State
from communique.mailing.recipients import Recipient


@dataclass(frozen=True)
class Batch:
    """Those who get one version of a release."""

    version: Version
    letter: Letter
    sender: Sender
    recipients: tuple[Recipient, ...]

    @cached_property
    def consignment(self) -> Consignment:
        """Return what the postal book knows the version by."""
        card = self.version.card
        name = version_of(self.letter.release, self.version.embargo)
        return Consignment(card.reference, card.language, name, card.content)

    def message_for(self, recipient: Recipient, when: dt.datetime) -> bytes:
        """Return the message of one of them."""
        zone = self.letter.release.published.tzinfo
        return write_message(self.letter, self.sender, when.astimezone(zone), recipient)

    def left(self, book: PostalBook, again: Collection[State]) -> Left:
        """Tell those who are to get it from those who have it, or about whom more is known."""
        states = {
            each: book.state_of(self.consignment, each.key) or State.FAILED
            for each in self.recipients
        }
        wanted = {State.FAILED, *again}
        keys = [each.key for each in self.recipients]
        contents = book.contents_of(self.consignment, keys)
        return Left(
            tuple(each for each, state in states.items() if state in wanted),
            {
                state: tuple(each for each, found in states.items() if found is state)
                for state in State
                if state not in wanted
            },
            bool(contents - {self.consignment.content}),
        )


@dataclass(frozen=True, slots=True)
class Left:
    """What is left to do of a batch."""

    recipients: tuple[Recipient, ...]
    passed_over: dict[State, tuple[Recipient, ...]]
    was_edited: bool
    """Some have the same version with other words in it: no correction was noted."""


def assign(recipients: Iterable[Recipient], choice: Choice) -> dict[Version, tuple[Recipient, ...]]:
    """Give each recipient the version in the language that they want, if there is one."""
    found: defaultdict[Version, list[Recipient]] = defaultdict(list)
    for recipient in recipients:
        found[choice.in_language(recipient.language)].append(recipient)
    return {version: tuple(each) for version, each in found.items()}


def make_up(
    room: Mailroom, assigned: dict[Version, tuple[Recipient, ...]], pdf: PdfChoice
) -> tuple[Batch, ...]:
    """Write the letter of each version. Raises: as `Mailroom.letter`."""
    batches = []
    for version, recipients in assigned.items():
        sender = sender_of(room.holdings.newsroom, version.card.language)
        letter = room.letter(version, pdf, leads_out=bool(sender.unsubscribe))
        batches.append(Batch(version, letter, sender, recipients))
    return tuple(batches)


def send_batch(
    batch: Batch,
    recipients: tuple[Recipient, ...],
    book: PostalBook,
    server: Server,
    pace: Pace,
    time: Callable[[], dt.datetime],
) -> Iterator[Handed]:
    """Send to some of a batch, and yield what became of each message when it is noted.

    Raises: `communique.mailing.delivery.DeliveryError`.
    """

    def note(recipient: Recipient, state: State, answer: str = "") -> None:
        book.note(batch.consignment, recipient.key, state, time(), answer)

    handed_over = deliver(
        recipients,
        lambda recipient: batch.message_for(recipient, time()),
        lambda recipient: note(recipient, State.TRIED),
        server,
        batch.sender.address,
        pace,
    )
    for handed in handed_over:
        if handed.state is not State.TRIED:
            note(*handed)
        yield handed
