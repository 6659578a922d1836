"""`communique email`: the release as a message, complete, and nothing of any other."""

from __future__ import annotations

import datetime as dt
import email.policy
import io
import re
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

import pytest
from fast_mail_parser import parse_email
from pypdf import PdfReader

from communique.holdings import read_holdings
from communique.mailing.choosing import Mailroom, UnwritableError
from tests.office import NOON, Office

THURSDAY = "Thursday, March 5, 2026, 10:00 EST (15:00 GMT)"
EMBARGO = "embargo: 2026-03-05 10:00"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.open(tmp_path)


def message_of(office: Office, *arguments: str, now: dt.datetime = NOON) -> EmailMessage:
    """Return the message that `email` writes, read by Python's parser, which raises at defects."""
    ran = office.run("email", *arguments, "--output", "-", now=now)
    assert (ran.code, ran.err) == (0, "")
    return message_from_bytes(ran.out.encode(), policy=email.policy.strict)


def bodies(message: EmailMessage) -> tuple[str, str]:
    """Return the plain text, its lines joined, and the HTML."""
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    return re.sub(r" \r?\n", " ", plain.get_content()), html.get_content()


def test_release_is_a_message_with_its_text_and_style(office: Office) -> None:
    office.write_release(
        "E-001/26",
        "title: Ferrys, peñas & <b>quays</b>",
        "place: Harbour Town",
        body="The [council](https://example.org/?a=1&b=2) met.\n\n- one\n- two",
    )
    ran = office.run("email", "E-001/26", "--pdf", "none")

    data = (office.root / "E-001-26.eml").read_bytes()
    text, html = bodies(message_from_bytes(data, policy=email.policy.strict))
    assert ran.code == 0
    assert parse_email(data).subject == "Ferrys, peñas & <b>quays</b>"
    assert "Harbour Town — The council <https://example.org/?a=1&b=2> met." in text
    assert "- one\n- two" in text.replace("\r\n", "\n")
    assert "https://press.example.org/E-001/26/" in text
    assert "<b>quays" not in html
    assert 'href="https://example.org/?a=1&amp;b=2"' in html
    assert re.search(r'<h1 style="[^"]*font-size', html)
    assert "prefers-color-scheme: dark" in html
    assert not re.search(r"<(?:img|link|script)\b|\burl\(|@import|@font-face", html)


def test_pictures_and_files_are_links_to_the_site(office: Office) -> None:
    picture = Path(__file__).parents[2] / "tests/hostile/beside/grey-with-alpha.png"
    (office.root / "releases").mkdir()
    (office.root / "releases/quay.png").write_bytes(picture.read_bytes())
    office.write_release(
        "E-001/26",
        "images: [{file: quay.png, alt: The quay, credit: Ana}]",
        body="![A map](quay.png)\n\nA note.[^1]\n\n[^1]: Here.",
    )

    text, html = bodies(message_of(office, "E-001/26", "--pdf", "link"))

    url = "https://press.example.org/E-001/26/"
    assert f'<a href="{url}quay.png"' in html
    assert ">Photo: A map</a>" in html
    assert f'href="{url}#fn1"' in html
    assert f'href="{url}E-001-26.pdf"' in html
    assert f"Photo: The quay (Photo: Ana)\n{url}quay.png" in text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("lines", "words", "code"),
    [
        (["draft: yes"], "E-001/26 (en) is a draft", 1),
        ([EMBARGO], "E-001/26 (en) is not public before 2026-03-05 10:00 EST: --embargoed", 1),
        (["date: 2026-03-09"], "E-001/26 (en) is not public before 2026-03-09 00:00 EDT", 1),
        (["date: 31.12.2025"], "nothing goes out: 1 error", 1),
    ],
)
def test_what_may_not_go_out_is_refused_and_no_file_is_written(
    office: Office, lines: list[str], words: str, code: int
) -> None:
    office.write_release("E-001/26", *lines)

    ran = office.run("email", "E-001/26", "--pdf", "none")

    assert ran.code == code
    assert words in ran.err or "has errors" in ran.err
    assert [*office.root.glob("*.eml")] == []


def test_copy_under_embargo_says_so_first_wherever_it_is_looked_at(office: Office) -> None:
    office.write_release("E-002/26", "embargo: 2026-03-04 10:00")
    office.write_release("E-003/26")
    links = "See [the other](E-002/26) and [that](E-003/26).\n\n"
    text = f"{links}{'The council met.' * 9}\n\n" * 25
    office.write_release("E-001/26", EMBARGO, "title: New chair", body=text)

    message = message_of(office, "E-001/26", "--embargoed")

    text, html = bodies(message)
    assert message["Subject"] == "EMBARGOED until March 5, 2026, 10:00 EST: New chair"
    assert text.startswith(f"EMBARGOED UNTIL {THURSDAY.upper()}")
    assert html.index(f"Embargoed until {THURSDAY}") < html.index("Harbour Council")
    (pdf,) = message.iter_attachments()
    document = PdfReader(io.BytesIO(pdf.get_content()))
    pages = [page.extract_text() for page in document.pages]
    assert len(pages) > 1
    assert all(f"Embargoed until {THURSDAY}" in " ".join(page.split()) for page in pages)
    annotations = (each for page in document.pages for each in page.annotations or ())
    links_in_pdf = str([each.get_object() for each in annotations])
    assert "/E-003/26/" in links_in_pdf
    assert "/E-002/26/" not in links_in_pdf


def test_copy_under_embargo_leads_to_nothing_that_is_not_there_yet(office: Office) -> None:
    office.write_release("E-003/26", "title: Public before")
    office.write_release("E-002/26", "embargo: 2026-03-04 10:00", "title: Another secret")
    office.write_release("C-001/26", EMBARGO, "title: El secreto")
    office.write_release(
        "E-001/26",
        EMBARGO,
        "related: [E-002/26]",
        body="See [the other](E-002/26) and [that](E-003/26), with a note.[^1]\n\n[^1]: Here.",
    )

    message = message_of(office, "E-001/26", "--embargoed", "--pdf", "none")

    text, html = bodies(message)
    assert set(re.findall(r'href="([^"]*)"', html)) == {
        "https://press.example.org/E-003/26/",
        "tel:+12025550150",
        "mailto:desk@example.org",
    }
    for secret in ("E-002", "Another secret", "C-001", "El secreto"):
        assert secret not in text + html
    assert "Archived-At" not in message


@pytest.mark.parametrize("embargoed", [False, True])
@pytest.mark.parametrize("place", ["html", "text", "subject"])
def test_secret_that_a_fault_let_into_a_letter_is_found_before_it_goes(
    office: Office, embargoed: bool, place: str
) -> None:
    office.write_release("E-001/26", *([EMBARGO] if embargoed else []))
    office.write_release("E-002/26", "embargo: 2026-03-04 10:00", "title: Saltwhistle tides rise")
    holdings = read_holdings(office.folder).value
    assert holdings is not None
    room = Mailroom(office.folder, holdings, NOON)
    version = room.choose("E-001/26", None, embargoed=embargoed).first
    letter = room.letter(version, "none", leads_out=False)

    leaking = replace(letter, **{place: getattr(letter, place) + " Saltwhistle tides rise"})

    with pytest.raises(UnwritableError, match="E-002"):
        room.look_for_secrets(leaking, version)


@pytest.mark.parametrize("embargoed", [False, True])
def test_secrets_beside_it_change_no_byte_of_a_letter(office: Office, embargoed: bool) -> None:
    office.write_release("E-001/26", *([EMBARGO] if embargoed else []), "related: [E-002/26]")
    arguments = ["E-001/26", "--pdf", "none", *(["--embargoed"] if embargoed else [])]
    office.write_release("E-002/26", "draft: yes")
    before = message_of(office, *arguments).as_bytes()

    office.write_release("E-002/26", "embargo: 2026-03-04 10:00", "title: Saltwhistle")
    office.write_release("C-001/26", "embargo: 2026-03-05 10:00", "title: Brumadouro")
    office.write_release("N-009/26", "draft: yes", "language: en", "title: Lanternmoss")

    assert message_of(office, *arguments).as_bytes() == before


def test_copy_under_embargo_of_what_is_public_is_refused(office: Office) -> None:
    office.write_release("E-001/26")

    ran = office.run("email", "E-001/26", "--embargoed")

    assert (ran.code, ran.err) == (
        1,
        "error: E-001/26 is public: give the command without --embargoed\n",
    )


def test_pdf_under_embargo_is_not_linked_to(office: Office) -> None:
    office.write_release("E-001/26", EMBARGO)

    assert "attach it" in office.run("email", "E-001/26", "--embargoed", "--pdf", "link").err


def test_correction_and_withdrawal_stand_in_subject_and_text(office: Office) -> None:
    office.write_release("E-001/26", "corrections: {when: 2026-03-02, note: It was Tuesday.}")
    office.write_release("E-002/26", "withdrawn: {when: 2026-03-02, reason: An error.}")

    corrected = message_of(office, "E-001/26", "--pdf", "none")
    withdrawn = message_of(office, "E-002/26", "--pdf", "none")

    assert corrected["Subject"] == "Corrected: Title of E-001/26"
    assert all("It was Tuesday." in each for each in bodies(corrected))
    assert withdrawn["Subject"] == "Press Release E-002/26 has been withdrawn"
    assert all("An error." in each for each in bodies(withdrawn))
    assert not any("council met" in each or "Title" in each for each in bodies(withdrawn))


def test_error_elsewhere_that_stops_a_build_stops_a_letter_and_that_of_a_draft_does_not(
    office: Office,
) -> None:
    office.write_release("E-001/26")
    office.write_release("E-002/26", "draft: yes", "sumary: x")
    assert office.run("email", "E-001/26", "--pdf", "none").code == 0

    office.write_release("E-003/26", "sumary: x")

    assert "key-unknown" in office.run("email", "E-001/26", "--pdf", "none").err


def test_error_in_a_release_under_embargo_stops_its_copies(office: Office) -> None:
    office.write_release("E-001/26", EMBARGO, "related: [E-999/26]")

    ran = office.run("email", "E-001/26", "--embargoed", "--pdf", "none")

    assert ran.code == 1
    assert "error[unknown-related]" in ran.err


def test_language_chooses_among_versions_of_one_number(office: Office) -> None:
    office.write_release("N-001/26", "language: en", name="n.en")
    office.write_release("N-001/26", "language: es", name="n.es")

    assert message_of(office, "N-001/26", "--pdf", "none")["Content-Language"] == "en"
    spanish = message_of(office, "N-001/26", "--pdf", "none", "--language", "es")
    assert spanish["Content-Language"] == "es"
