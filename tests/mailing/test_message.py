"""Messages as the standards have them, read by two parsers: Python's strict one, and Rust's."""

from __future__ import annotations

import datetime as dt
import os
import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from fast_mail_parser import parse_email
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.edition import PublicRelease
from communique.mailing.letter import WAY_OUT, Letter
from communique.mailing.message import Sender, flowed, sender_of, write_message
from communique.mailing.recipients import Recipient
from communique.release import Body
from communique.site import sites_of
from tests.office import NEWSROOM, newsroom_of

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
RELEASE = PublicRelease(
    **{
        **dict.fromkeys(PublicRelease.__slots__, ()),
        "reference": "E-001/26",
        "slug": "E-001-26",
        "address": "E-001/26/",
        "language": "en",
        "guid": "tag:press.example.org,2026:E-001/26",
        "published": NOON,
        "body": Body(),
        "revision": 0,
    }  # type: ignore[arg-type]
)
LETTER = Letter(
    RELEASE,
    sites_of(newsroom_of())["en"],
    None,
    "Ferries run later",
    f"Text of the release.\n\nUnsubscribe:\n{WAY_OUT}\n",
    f'<!DOCTYPE html><html lang="en"><p>Text <a href="{WAY_OUT}">Unsubscribe</a></p></html>',
    b"%PDF-1.7 not really",
)
SENDER = Sender(
    "Harbour Council",
    "press@example.org",
    "desk@example.org",
    "releases.press.example.org",
    (
        "mailto:press@example.org?subject=unsubscribe",
        "https://www.example.org/leave-the-press-list-of-the-harbour-council?who={address}&sure=1",
    ),
    "press.example.org",
)
ANA = Recipient("ana+news@paper.example", "Ana Sousa")


def strict(data: bytes) -> EmailMessage:
    """Read a message with Python's parser, which raises at every defect."""
    return message_from_bytes(data, policy=policy.strict)


def test_message_has_the_headers_that_programs_for_mail_look_for() -> None:
    data = write_message(LETTER, SENDER, NOON, ANA)

    headers = strict(data)
    way_out = "https://www.example.org/leave-the-press-list-of-the-harbour-council"
    assert {name: str(value) for name, value in headers.items() if name != "Message-ID"} == {
        "From": "Harbour Council <press@example.org>",
        "Reply-To": "desk@example.org",
        "To": "Ana Sousa <ana+news@paper.example>",
        "Subject": "Ferries run later",
        "Date": "Mon, 02 Mar 2026 12:00:00 +0000",
        "Archived-At": "<https://press.example.org/E-001/26/>",
        "List-Id": "<releases.press.example.org>",
        "List-Unsubscribe": "<mailto:press@example.org?subject=unsubscribe>, "
        f"<{way_out}?who=ana%2Bnews%40paper.example&sure=1>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "bulk",
        "MIME-Version": "1.0",
        "Content-Type": headers["Content-Type"],
        "Content-Language": "en",
    }
    assert f"\r\n <{way_out}?".encode() in data  # as it is: in encoded words nothing finds it
    assert re.fullmatch(r"<E-001-26\.[0-9a-f]{32}@press\.example\.org>", str(headers["Message-ID"]))


def test_message_holds_text_html_and_the_pdf_as_another_parser_reads_them() -> None:
    mail = parse_email(write_message(LETTER, SENDER, NOON, ANA))

    way_out = "who=ana%2Bnews%40paper.example"
    assert mail.warnings == []
    assert (mail.subject, mail.to[0].address) == ("Ferries run later", ANA.address)
    assert way_out in mail.text_plain[0]
    assert f"{way_out}&amp;sure=1" in mail.text_html[0]
    (pdf,) = mail.attachments
    assert (pdf.mimetype, pdf.filename) == ("application/pdf", "E-001-26.pdf")
    assert bytes(pdf.content) == LETTER.pdf
    assert WAY_OUT not in mail.text_plain[0] + mail.text_html[0]


def test_parts_stand_in_the_order_that_programs_choose_from() -> None:
    parts = [part.get_content_type() for part in strict(written()).walk()]

    assert parts == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/pdf",
    ]


def written(letter: Letter = LETTER, recipient: Recipient | None = ANA) -> bytes:
    return write_message(letter, SENDER, NOON, recipient)


def test_message_without_a_recipient_is_for_an_officers_own_program() -> None:
    message = strict(written(recipient=None))

    assert message["X-Unsent"] == "1"
    assert {"To", "List-Id", "List-Unsubscribe", "Precedence"}.isdisjoint(message.keys())


def test_same_message_has_the_same_bytes_and_another_recipient_another_name() -> None:
    ben = replace(ANA, address="ben@paper.example")
    corrected = replace(LETTER, release=replace(RELEASE, revision=1))
    embargoed = replace(LETTER, embargo=NOON)

    variants = [written(), written(recipient=ben), written(corrected), written(embargoed)]

    assert written() == variants[0]
    assert len({str(strict(each)["Message-ID"]) for each in variants}) == 4


def test_correction_stands_under_the_version_that_its_recipient_got() -> None:
    corrected = strict(written(replace(LETTER, release=replace(RELEASE, revision=1))))

    assert corrected["References"] == strict(written())["Message-ID"]
    assert "References" not in strict(written())


def test_one_click_is_offered_only_where_the_page_knows_whose_click_it_is() -> None:
    sender = replace(SENDER, unsubscribe=("https://www.example.org/leave",))

    message = strict(write_message(LETTER, sender, NOON, ANA))

    assert message["List-Unsubscribe"] == "<https://www.example.org/leave>"
    assert "List-Unsubscribe-Post" not in message


def test_first_contact_with_an_address_sends_where_no_other_is_named() -> None:
    sender = sender_of(newsroom_of(), "en")

    assert (sender.name, sender.address) == ("Harbour Council", "desk@example.org")


def test_sender_is_named_in_the_language_of_the_letter() -> None:
    text = f"{NEWSROOM}mail: {{sender: a@example.org, sender_name: {{en: Press, es: Prensa}}}}\n"

    names = [sender_of(newsroom_of(text), language).name for language in ("en", "es")]

    assert names == ["Press", "Prensa"]


TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1)


@settings(max_examples=int(os.environ.get("FUZZ", "25")), deadline=None, database=None)
@given(TEXTS, TEXTS, TEXTS)
def test_any_subject_name_and_text_arrive_as_they_were(subject: str, name: str, text: str) -> None:
    subject, name = " ".join(subject.split()), " ".join(name.split())
    letter = replace(LETTER, subject=subject, text=f"{text}\n", pdf=None)

    data = written(letter, replace(ANA, name=name))

    message = strict(data)
    assert (message["Subject"] or "") == subject
    assert message["To"].addresses[0].addr_spec == ANA.address
    other = parse_email(data)
    # Python 3.11 reads a name of several encoded words with a space between them.
    assert other.to[0].display_name == name
    assert other.subject == subject
    body = message.get_body(("plain",))
    assert body is not None
    assert joined(body.get_content().replace("\r\n", "\n")) == f"{text.rstrip(' ')}\n"
    assert data.isascii()
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "name", ["Ana\r\nBcc: all@paper.example", "Zoë\nX: y", 'A" <b@c.d>, "', "\\", "=?utf-8?q?x?="]
)
def test_no_name_adds_a_header_or_a_recipient(name: str) -> None:
    message = strict(written(recipient=replace(ANA, name=name)))

    assert [each.addr_spec for each in message["To"].addresses] == [ANA.address]
    assert message["To"].addresses[0].display_name == re.sub(r"\s+", " ", name)
    assert {"Bcc", "X"}.isdisjoint(message.keys())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("short", ["short"]),
        ("a  \n\n> b\nFrom c\n  d", ["a", "", " > b", " From c", "   d"]),
        ("word " * 20, ["word " * 14, "word word word word word word"]),
        ("x" * 90 + " y", ["x" * 90 + " ", "y"]),
        ("  " + "x" * 90, ["   " + "x" * 90]),
    ],
)
def test_text_is_broken_into_lines_that_programs_join_again(text: str, lines: list[str]) -> None:
    assert flowed(text).split("\n")[:-1] == lines
    assert joined(flowed(text)) == "\n".join(line.rstrip() for line in text.split("\n")) + "\n"


def joined(text: str) -> str:
    """Join lines as RFC 3676 §4.1 says."""
    paragraphs = [""]
    for line in text.removesuffix("\n").split("\n"):
        content = line.removeprefix(" ")
        paragraphs[-1] += content
        if not content.endswith(" "):
            paragraphs.append("")
    return "\n".join(paragraphs)
