"""Handing over to a real mail server: everybody gets one message, whatever the server does."""

from __future__ import annotations

import ssl
from collections.abc import Sequence

import pytest

from communique.mailing.delivery import DeliveryError, Handed, Pace, Server, deliver
from communique.mailing.postal_book import State
from communique.mailing.recipients import Recipient
from tests.mailing.post_office import CERTIFICATE, DROP, PostOffice

ANA, BEN, CLEO = (Recipient(f"{name}@paper.example") for name in ("ana", "ben", "cleo"))
EVERYBODY = (ANA, BEN, CLEO)


class Office:
    """Sends through a post office, and keeps what was waited for and handed over."""

    def __init__(self, post_office: PostOffice, **server: object) -> None:
        settings = {"security": "none", "timeout_s": 5, "last_timeout_s": 5, **server}
        self.server = Server("localhost", post_office.port, **settings)  # type: ignore[arg-type]
        self.slept: list[float] = []
        self.handed_over: list[Recipient] = []

    def send(
        self, recipients: Sequence[Recipient] = EVERYBODY, per_minute: int | None = None
    ) -> list[Handed]:
        pace = Pace(self.slept.append, lambda: sum(self.slept), per_minute)
        return list(
            deliver(
                recipients,
                lambda recipient: f"To: {recipient.address}\r\n\r\n.\r\n..\r\nend\r\n".encode(),
                self.handed_over.append,
                self.server,
                "press@example.org",
                pace,
            )
        )


def states(handed: Sequence[Handed]) -> list[tuple[str, str, str]]:
    return [(each.recipient.address[:3], each.state.value, each.answer) for each in handed]


def test_everybody_gets_a_message_of_their_own_over_one_connection() -> None:
    with PostOffice() as post:
        handed = Office(post).send()

    assert [each.state for each in handed] == [State.SENT] * 3
    assert post.recipients == [each.address for each in EVERYBODY]
    assert post.taken[0][1] == b"To: ana@paper.example\r\n\r\n.\r\n..\r\nend\r\n"
    assert post.connections == 1


def test_whom_the_server_puts_off_is_tried_again_after_a_while() -> None:
    later = "450 4.2.1 <ben@paper.example> later"
    with PostOffice(lambda who, at: later if who == BEN.address and at < 3 else None) as post:
        office = Office(post)
        handed = office.send()

    assert states(handed) == [
        ("ana", "sent", "250 2.0.0"),
        ("ben", "failed", "450 4.2.1"),
        ("cle", "sent", "250 2.0.0"),
        ("ben", "failed", "450 4.2.1"),
        ("ben", "sent", "250 2.0.0"),
    ]
    assert office.slept == [60, 300]
    assert sorted(post.recipients) == [each.address for each in EVERYBODY]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("550 5.1.1 no such mailbox", State.REFUSED),
        ("550 no", State.REFUSED),
        ("550 5.7.1 relaying denied", State.FAILED),  # it is not about the mailbox
    ],
)
def test_whom_the_server_refuses_is_noted_and_the_others_get_it(answer: str, state: State) -> None:
    with PostOffice(lambda who, at: answer if who == BEN.address else None) as post:
        office = Office(post)
        handed = office.send()

    assert [each.state for each in handed] == [State.SENT, state, State.SENT]
    assert office.slept == []
    assert BEN not in office.handed_over


def test_message_that_the_server_refuses_can_be_sent_another_time() -> None:
    with PostOffice(on_message=lambda who, at: "554 5.6.0 looks odd") as post:
        office = Office(post)

        assert states(office.send([ANA])) == [("ana", "failed", "554 5.6.0")]
    assert office.slept == []


@pytest.mark.parametrize("answer", [DROP, "421 4.3.2 closing"])
def test_connection_that_breaks_before_the_message_is_made_anew(answer: str) -> None:
    with PostOffice(lambda who, at: answer if who == BEN.address and at == 1 else None) as post:
        handed = Office(post).send()

    assert [each.state for each in handed] == [State.SENT] * 3
    assert post.recipients == [each.address for each in EVERYBODY]
    assert post.connections == 2


def test_connection_that_breaks_after_the_message_leaves_it_uncertain() -> None:
    with PostOffice(on_message=lambda who, at: DROP if who == BEN.address else None) as post:
        handed = Office(post).send()

    assert [each.state for each in handed] == [State.SENT, State.TRIED, State.SENT]
    assert post.recipients.count(BEN.address) == 1


def test_server_that_takes_nothing_is_not_asked_for_ever() -> None:
    many = [Recipient(f"r{at}@paper.example") for at in range(30)]
    with PostOffice(lambda who, at: "550 5.1.1 no") as post:
        office = Office(post)

        with pytest.raises(DeliveryError, match="refused 10 in a row"):
            office.send(many)


def test_server_that_is_not_there_is_said_at_once() -> None:
    with PostOffice() as post:
        office = Office(post)

    with pytest.raises(DeliveryError, match=r"localhost:\d+ cannot be reached: "):
        office.send()
    assert office.slept == []


def test_messages_keep_the_pace_that_the_office_sets() -> None:
    with PostOffice() as post:
        office = Office(post)
        office.send(per_minute=30)

    assert office.slept == [2, 2]


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


def test_password_travels_encrypted_and_to_whom_is_vouched_for() -> None:
    with PostOffice(tls=True, user=("press", "sesame")) as post:
        known = {"security": "starttls", "user": "press", "tls": trusting()}

        assert len(Office(post, password="sesame", **known).send()) == 3
        with pytest.raises(DeliveryError, match="does not let press in: 535"):
            Office(post, password="wrong", **known).send()


def test_server_that_nobody_vouches_for_gets_nothing() -> None:
    with PostOffice(tls=True) as post:
        with pytest.raises(DeliveryError, match="cannot be trusted"):
            Office(post, security="starttls").send()
        with pytest.raises(DeliveryError, match="cannot be trusted"):
            Office(post, security="tls", tls=trusting()).send()
    assert post.taken == []


def test_connection_is_encrypted_or_not_made() -> None:
    with PostOffice() as post, pytest.raises(DeliveryError, match="STARTTLS"):
        Office(post, security="starttls").send()
    assert post.taken == []
