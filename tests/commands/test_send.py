"""`communique send`: to everybody on a list, each once, whatever happens in between."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.mailing.post_office import DROP, PostOffice
from tests.office import NEWSROOM, Office, Ran
from tests.sampling import few_first

LIST = "ana@paper.example\nben@radio.example\ncleo@tv.example\ndan@agency.example\n"
EVERYBODY = LIST.split()
SOURCES = Path(__file__).parents[2] / "src"


def settled(tmp_path: Path, post: PostOffice, more: str = "") -> Office:
    """Return an office with a public release, a list, and a mail server."""
    mail = (
        f"{{sender: press@example.org, host: localhost, security: none, port: {post.port}{more}}}"
    )
    office = Office.open(tmp_path, f"{NEWSROOM}mail: {mail}\n")
    office.write_release("E-001/26")
    office.write("list.txt", LIST)
    return office


def send(office: Office, *arguments: str, reference: str = "E-001/26") -> Ran:
    return office.run("send", reference, "--list", "list.txt", "--pdf", "none", *arguments)


def test_nothing_is_sent_unless_that_is_said(tmp_path: Path) -> None:
    with PostOffice() as post:
        office = settled(tmp_path, post)

        ran = send(office)

    assert (ran.code, ran.err) == (0, "")
    assert "nobody is told how to leave the list" in ran.out
    assert f"dry run: 4 messages would go to localhost:{post.port}; --really sends" in ran.out
    assert "  To: ana@paper.example\n  Subject: Title of E-001/26\n" in ran.out
    assert (office.root / ".communique/mail/E-001-26-en.eml").is_file()
    assert post.taken == []
    assert not (office.root / "mailed.csv").exists()


def test_everybody_gets_one_message_and_giving_the_command_again_sends_nothing(
    tmp_path: Path,
) -> None:
    with PostOffice() as post:
        office = settled(tmp_path, post)

        first, second = send(office, "--really"), send(office, "--really")

    assert (first.code, second.code) == (0, 0)
    assert "4 sent" in first.out
    assert "left out: 4 who have it already" in second.out
    assert post.recipients == EVERYBODY
    for recipient in EVERYBODY:
        html = post.message(recipient).get_body(("html",))
        assert post.message(recipient)["To"] == recipient
        assert html is not None
        assert 'href=""' not in html.get_content()
    assert "paper.example" not in (office.root / "mailed.csv").read_text()


def test_correction_goes_to_everybody_again_and_an_edit_alone_is_remarked(tmp_path: Path) -> None:
    with PostOffice() as post:
        office = settled(tmp_path, post)
        send(office, "--really")

        office.write_release("E-001/26", "title: Better")
        edited = send(office, "--really")
        office.write_release("E-001/26", "corrections: {when: 2026-03-02, note: It was wrong.}")
        corrected = send(office, "--really")

    assert "the text was edited since some of them got it" in edited.out
    assert "4 sent" in corrected.out
    assert len(post.taken) == 8


def test_list_is_read_with_languages_repetitions_and_those_who_left(tmp_path: Path) -> None:
    with PostOffice() as post:
        office = settled(tmp_path, post, ", unsubscribed: gone.txt")
        office.write_release("C-001/26", "title: Los muelles")
        office.write("gone.txt", "BEN@radio.example\n")
        office.write(
            "list.txt",
            "email,name,language\nana@paper.example,Ana,es\nANA@paper.example,,en\n"
            "ben@radio.example,,\nbad@,,\ncleo@tv.example,Cleo,\n",
        )

        ran = send(office, "--really")

    assert ran.code == 1  # somebody got nothing
    assert "list.txt:5" in ran.err
    assert "left out: 1 more than once in the list\nleft out: 1 unsubscribed\n" in ran.out
    assert "left out: 1 without a proper address\n" in ran.out
    assert sorted(post.recipients) == ["ana@paper.example", "cleo@tv.example"]
    assert post.message("ana@paper.example")["Subject"] == "Los muelles"
    assert post.message("cleo@tv.example")["Subject"] == "Title of E-001/26"


def test_file_of_those_who_left_has_to_be_there(tmp_path: Path) -> None:
    with PostOffice() as post:
        office = settled(tmp_path, post, ", unsubscribed: gone.txt")

        ran = send(office, "--really")

    assert ran.code == 1
    assert "there is no file gone.txt" in ran.err
    assert post.taken == []


def test_release_under_embargo_goes_only_where_that_is_said_and_is_sent_again_when_it_is_public(
    tmp_path: Path,
) -> None:
    with PostOffice() as post:
        office = settled(tmp_path, post)
        office.write_release("E-001/26", "embargo: 2026-03-05 10:00")
        assert send(office, "--really").code == 1
        assert post.taken == []

        assert send(office, "--really", "--embargoed").code == 0

        message = post.message("ana@paper.example")
        assert message["Subject"].startswith("EMBARGOED until March 5, 2026, 10:00 EST: ")
        office.write_release("E-001/26")
        assert send(office, "--really").code == 0
    assert len(post.taken) == 8


def test_whom_the_server_refused_is_named_and_tried_again_only_if_asked(tmp_path: Path) -> None:
    with PostOffice(
        lambda who, at: "550 5.1.1 no" if who.startswith("ben") and at == 1 else None
    ) as post:
        office = settled(tmp_path, post)

        first, second = send(office, "--really"), send(office, "--really")
        third = send(office, "--really", "--again", "refused")

    assert "ben@radio.example: refused by the server (550 5.1.1)" in first.err
    assert (first.code, second.code, third.code) == (1, 0, 0)
    assert "left out: 1 refused (--again refused sends to them):\n  ben@radio.example" in second.out
    assert sorted(post.recipients) == EVERYBODY


def test_whom_the_server_puts_off_is_sent_to_by_the_next_command(tmp_path: Path) -> None:
    with PostOffice(
        lambda who, at: "450 4.2.1 later" if who.startswith("ben") and at == 1 else None
    ) as post:
        office = settled(tmp_path, post)

        first = send(office, "--really", "--tries", "1")
        second = send(office, "--really")

    assert (first.code, second.code) == (1, 0)
    assert "3 sent, 1 not taken this time" in first.out
    assert sorted(post.recipients) == EVERYBODY


def test_message_of_which_nobody_knows_is_named_and_not_sent_again_unless_asked(
    tmp_path: Path,
) -> None:
    with PostOffice(
        on_message=lambda who, at: DROP if who.startswith("ben") and at == 1 else None
    ) as post:
        office = settled(tmp_path, post)

        first, second = send(office, "--really"), send(office, "--really")
        before = list(post.recipients)
        third = send(office, "--really", "--again", "uncertain")

    assert (first.code, second.code, third.code) == (1, 1, 0)
    assert "ben@radio.example: uncertain" in first.err
    assert "left out: 1 uncertain (--again uncertain sends to them):\n  ben@" in second.out
    assert sorted(before) == EVERYBODY
    assert post.recipients.count("ben@radio.example") == 2


def at_recipient(kill: Callable[[], None]) -> PostOffice:
    """Return an office that kills the sender between two messages."""

    def answer(who: str, at: int) -> str | None:
        if who.startswith("cleo") and at == 1:
            kill()
        return None

    return PostOffice(on_recipient=answer)


def at_message(kill: Callable[[], None]) -> PostOffice:
    """Return an office that kills the sender when it has a message, and before it says so."""

    def answer(who: str, at: int) -> str | None:
        if who.startswith("cleo") and at == 1:
            kill()
        return None

    return PostOffice(on_message=answer)


@pytest.mark.parametrize("office_of", few_first([at_message, at_recipient], 1))
def test_sender_that_is_killed_goes_on_and_nobody_gets_two(
    tmp_path: Path, office_of: Callable[[Callable[[], None]], PostOffice]
) -> None:
    senders: list[subprocess.Popen[bytes]] = []

    def kill() -> None:
        senders[0].send_signal(signal.SIGKILL)
        senders[0].wait()

    with office_of(kill) as post:
        office = settled(tmp_path, post)
        arguments = ["send", "E-001/26", "--list", "list.txt", "--pdf", "none", "--really"]
        senders.append(
            subprocess.Popen(
                [sys.executable, "-m", "communique", *arguments],
                cwd=office.root,
                env={**os.environ, "PYTHONPATH": str(SOURCES)},
                stdout=subprocess.DEVNULL,
            )
        )
        assert senders[0].wait() == -signal.SIGKILL
        ran = send(office, "--really")

    assert len(post.recipients) == len(set(post.recipients))
    assert sorted(post.recipients) == EVERYBODY
    assert ran.code == (office_of is at_message)  # one is uncertain, and is named
    assert ("cleo@tv.example" in ran.out) is (office_of is at_message)


def test_password_is_not_asked_for_in_vain_nor_sent_where_anybody_can_read_it(
    tmp_path: Path,
) -> None:
    with PostOffice(user=("press", "sesame")) as post:
        office = settled(tmp_path, post, ", user: press")
        office.write("../secret", "sesame\n")

        assert "the password of press is missing" in send(office, "--really").err
        assert send(office, "--really", "--password-file", "../secret").code == 0
        office.write(
            "newsroom.yaml",
            f"{NEWSROOM}mail: {{sender: a@example.org, host: mail.example.org, security: none, "
            "user: press}\n",
        )
        assert "a password is not sent" in send(office, "--really").err
    assert len(post.taken) == 4


def test_office_without_a_mail_server_is_told_what_to_write(tmp_path: Path) -> None:
    office = Office.open(tmp_path)
    office.write_release("E-001/26")
    office.write("list.txt", LIST)

    ran = send(office)

    assert ran.code == 1
    assert "mail: {sender: press@example.org, host: smtp.example.org}" in ran.err


def test_time_that_is_not_now_is_for_dry_runs(tmp_path: Path) -> None:
    with PostOffice() as post:
        office = settled(tmp_path, post)

        ran = send(office, "--really", "--now", "2030-01-01")

    assert ran.code == 2
    assert re.search("--now is for dry runs", ran.err)
    assert post.taken == []
