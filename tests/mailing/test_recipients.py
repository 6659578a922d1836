"""Lists of recipients: every form that offices keep, and each fault with its line."""

from __future__ import annotations

import pytest

from communique.diagnostics import Checked
from communique.mailing.recipients import AddressList, Recipient, addresses_in, read_recipients
from communique.source import Source


def read(text: str) -> Checked[AddressList]:
    return read_recipients(Source.of_text("list.csv", text), ["en", "es"])


@pytest.mark.parametrize(
    "text",
    [
        "ana@paper.example\nben@radio.example\n",
        "# our list\r\n\r\n  ana@paper.example \r\nben@radio.example",
        "Email\nana@paper.example\nben@radio.example",
        "outlet;E-Mail;phone\nPaper;ana@paper.example;1\nRadio;ben@radio.example;2",
        "email\tname\nana@paper.example\t\nben@radio.example\t",
    ],
)
def test_list_is_lines_or_a_table(text: str) -> None:
    checked = read(text)

    assert checked.diagnostics == ()
    assert checked.value is not None
    assert [each.address for each in checked.value.recipients] == [
        "ana@paper.example",
        "ben@radio.example",
    ]


@pytest.mark.parametrize(
    "text",
    [
        'name,email,language\n"Sousa,  Ana",ana@paper.example,es\n',
        "name;email;language\nSousa, Ana;ana@paper.example;es\n",
    ],
)
def test_table_names_and_languages_are_taken(text: str) -> None:
    value = read(text).value

    assert value is not None
    assert value.recipients == (Recipient("ana@paper.example", "Sousa, Ana", "es"),)


def test_name_before_an_address_is_taken() -> None:
    value = read('"Ana Sousa" <ana@paper.example>\n').value

    assert value is not None
    assert value.recipients == (Recipient("ana@paper.example", "Ana Sousa"),)


def test_address_that_stands_twice_counts_once_in_its_first_form() -> None:
    value = read("Ana@paper.example\nben@radio.example\nana@PAPER.example\n").value

    assert value is not None
    assert [each.address for each in value.recipients] == ["Ana@paper.example", "ben@radio.example"]
    assert value.repeated == 1


@pytest.mark.parametrize(
    "address",
    [
        "ana",
        "ana@",
        "@paper.example",
        "ana@paper",
        "ana@paper..example",
        "ana@-paper.example",
        "a b@paper.example",
        "ana@paper.example, ben@radio.example",
        "josé@paper.example",
        "ana@pàper.example",
        "ana@paper.example>",
        f"{'a' * 65}@paper.example",
    ],
)
def test_line_that_is_no_address_is_reported_and_keeps_nobody_else(address: str) -> None:
    checked = read(f"# list\n\nben@radio.example\n{address}\ncleo@tv.example\n")

    assert checked.value is not None
    assert [each.address[:3] for each in checked.value.recipients] == ["ben", "cle"]
    (found,) = checked.diagnostics
    assert (found.code, found.span.line, found.is_error) == ("recipient-malformed", 4, False)


def test_language_that_the_newsroom_lacks_is_reported_and_the_address_kept() -> None:
    checked = read("email,language\nana@paper.example,de\n")

    assert checked.value is not None
    assert [each.code for each in checked.diagnostics] == ["recipient-language"]
    assert len(checked.value.recipients) == 1


@pytest.mark.parametrize("head", ["name,phone", "emial,name", "journalists"])
def test_table_without_a_column_of_addresses_is_refused(head: str) -> None:
    checked = read(f"{head}\nana@paper.example,Ana\n")

    assert checked.value is None
    assert [(each.code, each.span.line) for each in checked.diagnostics] == [
        ("recipient-columns", 1)
    ]


def test_those_who_unsubscribed_are_found_however_their_file_is_written() -> None:
    text = "email;when\nAna@paper.example;2026\n<ben@radio.example>, cleo@tv.example\n"

    assert {*addresses_in(Source.of_text("gone.txt", text))} == {
        "ana@paper.example",
        "ben@radio.example",
        "cleo@tv.example",
    }
