"""The record of who has what: it survives being cut off at any byte, and names nobody."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from communique.mailing import MailingError
from communique.mailing.postal_book import Consignment, State, open_book, read_book

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
FIRST = Consignment("E-001/26", "en", "v0", "c0")
ANA, BEN = "ana@paper.example", "ben@radio.example"


def noted(path: Path) -> Path:
    with open_book(path) as book:
        book.note(FIRST, ANA, State.TRIED, NOON)
        book.note(FIRST, ANA, State.SENT, NOON, "250 2.0.0")
        book.note(FIRST, BEN, State.TRIED, NOON)
    return path


def test_last_line_of_each_recipient_counts(tmp_path: Path) -> None:
    book = read_book(noted(tmp_path / "mailed.csv"))

    assert book.state_of(FIRST, ANA) is State.SENT
    assert book.state_of(FIRST, BEN) is State.TRIED
    assert book.state_of(FIRST._replace(version="v1"), ANA) is None


def test_no_address_stands_in_the_file(tmp_path: Path) -> None:
    text = noted(tmp_path / "mailed.csv").read_text()

    assert "paper" not in text
    assert "ana" not in text


def test_same_recipient_is_another_one_in_another_release() -> None:
    assert FIRST.of(ANA) != FIRST._replace(reference="E-002/26").of(ANA)


def test_line_that_was_being_written_when_the_machine_stopped_counts_for_nothing(
    tmp_path: Path,
) -> None:
    path = noted(tmp_path / "mailed.csv")
    whole = path.read_bytes()
    ends = [at for at in range(len(whole)) if whole[at : at + 1] == b"\n"]
    for length in range(ends[2] + 1, len(whole), 9):
        path.write_bytes(whole[:length])

        with open_book(path) as book:
            assert book.state_of(FIRST, ANA) is State.SENT
            book.note(FIRST, BEN, State.SENT, NOON)

        assert read_book(path).state_of(FIRST, BEN) is State.SENT, length
        assert path.read_bytes().startswith(whole[: ends[2] + 1])


@pytest.mark.parametrize("line", ["<<<<<<< ours", "a,b", "E-001/26,en,v0,c0,r,sended,2026,"])
def test_line_that_tells_nothing_stops_everything(tmp_path: Path, line: str) -> None:
    path = noted(tmp_path / "mailed.csv")
    path.write_text(f"{path.read_text()}{line}\n")

    with pytest.raises(MailingError, match="line 5"):
        read_book(path)
