"""Other addresses of a release: older ones, short ones, and what servers are told of them."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from communique.addresses import (
    identity_of,
    meant_by,
    page_of,
    read_alias,
    short_addresses,
)
from communique.holdings import read_holdings
from communique.renditions.redirects import APACHE, HOSTS, NGINX
from tests.office import NEWSROOM, NOON, Office, newsroom_of

LEGACY = (
    f"{NEWSROOM}legacy_addresses: ['press_release.asp?sCodigo={{reference}}', "
    "'old/{reference}.html']\nredirects: [netlify, nginx, apache, pages]\n"
)


@pytest.mark.parametrize(
    "text",
    [
        "../secret",
        "a/../../b",
        "a/%2e%2e/b",
        "a/%252e%252e/b",
        "https://www.example.org/a",
        "//www.example.org/a",
        "\\\\host\\a",
        "javascript:x",
        "a b",
        "a?b c",
        "a?b\n/c",
        "a\nb /x 301",
        "a\x00b",
        'a";b',
        "a%0Ab",
        "a%zz",
        "a#b",
        "a//b",
        "/",
        "?",
        "a\u202eb",
        "x" * 301,
    ],
)
def test_hostile_alias_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        read_alias(text)


@pytest.mark.parametrize(
    ("text", "alias", "page"),
    [
        ("/2014/quay.html", "2014/quay.html", "2014/quay.html"),
        ("2014/quay", "2014/quay", "2014/quay/index.html"),
        ("2014/quay/", "2014/quay/", "2014/quay/index.html"),
        ("page.asp?id=5", "page.asp?id=5", None),
        ("?p=12", "?p=12", None),
        ("page.asp", "page.asp", None),
        ("a.html/b", "a.html/b", None),
        ("con/a", "con/a", None),
        ("caf%C3%A9", "caf%C3%A9", None),
    ],
)
def test_alias_has_a_page_where_a_plain_server_can_show_one(
    text: str, alias: str, page: str | None
) -> None:
    assert (read_alias(text), page_of(alias)) == (alias, page)


def test_addresses_that_some_server_takes_for_one_are_the_same() -> None:
    same = ("old/Quay/", "old/quay", "OLD/QUAY/index.html", "old/qua%79")

    assert len({*map(identity_of, same)}) == 1


@pytest.mark.parametrize(
    ("slug", "address", "short"),
    [
        ("E-502-14", "E-502/14/", ("E-502-14", "e502-14")),
        ("AVI-030-14-es", "AVI-030/14/es/", ("AVI-030-14-es", "avi030-14-es")),
        ("SC-11234", "SC-11234/", ("sc11234",)),
    ],
)
def test_short_addresses_are_apart_from_the_proper_one(
    slug: str, address: str, short: tuple[str, ...]
) -> None:
    assert short_addresses(slug, address) == short


@pytest.mark.parametrize("path", ["E-502/14", "e-502/14/x", "e502-14", "E-502-14/", "E-502%2F14"])
def test_reference_is_known_however_it_is_written(path: str) -> None:
    assert str(meant_by(path, newsroom_of())) == "E-502/14"


def test_other_words_are_no_reference() -> None:
    assert meant_by("summit-2014/quay", newsroom_of()) is None


def _map_of(text: str) -> list[tuple[str, str]]:
    return re.findall(r'^"([^"]+)" "([^"]*)";$', text, re.MULTILINE)


def nginx(text: str, uri: str) -> str:
    """Look an address up as nginx does: texts whatever their capitals, then expressions."""
    entries = _map_of(text)
    for source, target in entries:
        if not source.startswith("~") and source.casefold() == uri.casefold():
            return target
    for source, target in entries:
        flags = re.IGNORECASE if source.startswith("~*") else re.NOFLAG
        if source.startswith("~") and (found := re.search(source.lstrip("~*"), uri, flags)):
            return re.sub(r"\$(\d)", lambda group: found[int(group[1])], target)
    return ""


def apache(text: str, uri: str) -> str:
    """Look an address up as `mod_rewrite` does, condition by condition."""
    rules = re.findall(r'RewriteCond \S+ "(.+)"( \[NC\])?\nRewriteRule \^ "?([^" ]+)"?', text)
    for condition, flag, target in rules:
        flags = re.IGNORECASE if flag else re.NOFLAG
        if found := re.search(condition, f"GET {uri} HTTP/1.1", flags):
            return "" if target == "-" else re.sub(r"%(\d)", lambda g: found[int(g[1])], target)
    return ""


@pytest.mark.parametrize(
    ("uri", "target"),
    [
        ("/e502-14", "/E-502/14/"),
        ("/E-502-14", "/E-502/14/"),
        ("/e-502-14/?utm=1", "/E-502/14/"),
        ("/E-502%2F14", "/E-502/14/"),
        ("/e-502%2f14", "/E-502/14/"),
        ("/e-502/14/", "/E-502/14/"),
        ("/press_release.asp?sCodigo=E-502/14", "/E-502/14/"),
        ("/Press_Release.asp?x=1&sCodigo=E-502%2F14&y=2", "/E-502/14/"),
        ("/old/c-001/14.html", "/C-001/14/"),
        ("/n001-26-es", "/N-001/26/es/"),
        ("/n-001/26/es", "/N-001/26/es/"),
        ("/n001-26", "/N-001/26/"),
        ("/2014/quay.php?id=7", "/E-502/14/"),
        ("/quay", "/E-502/14/"),
        ("/Quay/", "/E-502/14/"),
        ("/E-502/14/", ""),
        ("/E-502/14/E-502-14.pdf", ""),
        ("/E-502/14", ""),
        ("/press_releaseXasp?sCodigo=E-502/14", ""),
        ("/en/", ""),
        ("/x/e502-14", ""),
    ],
)
def test_servers_lead_to_the_proper_address(uri: str, target: str, told: tuple[str, str]) -> None:
    assert (nginx(told[0], uri), apache(told[1], uri)) == (target, target)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    office = Office.open(tmp_path_factory.mktemp("office"), LEGACY)
    office.write_release("E-502/14", "date: 2014-11-18", "aliases: [2014/quay.php?id=7, quay]")
    office.build()
    return office.page(NGINX), office.page(APACHE)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.open(tmp_path, LEGACY)


def test_hosts_are_told_of_every_address_those_of_officers_first(office: Office) -> None:
    office.write_release("E-502/14", "date: 2014-11-18", "aliases: [2014/quay.php?id=7, quay]")

    office.build()
    assert office.page(HOSTS).splitlines() == [
        "/2014/quay.php id=7 /E-502/14/ 301",
        "/quay /E-502/14/ 301",
        "/E-502-14 /E-502/14/ 301",
        "/e502-14 /E-502/14/ 301",
        "/e-502/14 /E-502/14/ 301",
        "/E-502%2F14 /E-502/14/ 301",
        "/press_release.asp sCodigo=E-502/14 /E-502/14/ 301",
        "/old/E-502/14.html /E-502/14/ 301",
    ]
    for path in ("quay", "E-502-14", "e502-14"):
        assert 'content="0; url=/E-502/14/"' in office.page(f"{path}/index.html")


def test_series_of_all_languages_has_short_pages_that_stand_once(office: Office) -> None:
    office.write_release("N-001/26", "language: en", name="n.en")
    office.write_release("N-001/26", "language: es", name="n.es")

    office.build()
    pages = {path for path in office.published() if path.lower().startswith("n")}
    assert {path for path in pages if path.count("/") == 1} == {
        f"{name}/index.html"
        for name in ("N-001-26", "n001-26")
        for name in (name, f"{name}-en", f"{name}-es")
    }


def test_alias_of_what_is_not_public_is_nowhere_until_its_instant(office: Office) -> None:
    office.write_release("E-001/26")
    office.build()
    before = office.published()
    office.write_release(
        "E-002/26", "embargo: 2026-03-03 10:00", "aliases: [secret-quay-2026, s.php?id=99821]"
    )
    office.write_release("E-003/26", "draft: yes", "aliases: drafted-quay-2026")

    office.build()
    assert office.published() == before
    office.build(NOON + dt.timedelta(days=2))
    assert {"secret-quay-2026/index.html"} <= office.published().keys()
    assert "99821" in office.page(HOSTS)
    assert "drafted" not in office.page(HOSTS)


def test_alias_that_another_file_shows_too_early_is_a_leak(office: Office) -> None:
    office.write_release("E-001/26")
    office.write_release("E-002/26", "draft: yes", "aliases: [quay.php?id=99821]", body="Soon.")
    office.write("layouts/page/not-found.html.j2", "{{ site.language }} quay.php?id=99821")

    # What the look says itself is no secret; what a release is called elsewhere is.
    assert not office.build().failed
    office.write("layouts/page/not-found.html.j2", "{{ site.language }} quay.php?id=99{{ 821 }}")
    assert [each.code for each in office.build().diagnostics if each.is_error] == ["embargo-broken"]


def test_alias_of_two_releases_is_an_error_and_leads_to_the_first(office: Office) -> None:
    office.write_release("E-001/26", "aliases: old/Quay")
    later = office.write_release("E-002/26", "date: 2026-03-02", "aliases: old/quay/")

    ran = office.run("check", "--format", "short")
    assert ran.err.startswith("releases/E-002-26.md:2:12:")
    assert "error[alias-taken]: `old/quay/` is an alias of `E-001/26` already" in ran.err
    later.write_text(later.read_text().replace("---\n\n", "draft: yes\n---\n\n"))
    assert not office.build().failed
    catalogue = read_holdings(office.folder).value
    assert catalogue is not None
    kept = {card.reference: card.aliases for card in catalogue.catalogue.cards}
    assert kept == {"E-001/26": ("old/Quay",), "E-002/26": ()}


def test_alias_costs_its_own_page_and_no_other_output(office: Office) -> None:
    office.write_release("E-001/26")
    office.write_release("E-002/26")
    office.build()
    office.write_release("E-001/26", "aliases: quay")

    assert {*office.build().published} == {"quay/index.html", HOSTS, NGINX, APACHE}
    office.write_release("E-001/26")
    report = office.build()
    assert report.removed == ("quay/index.html",)
    assert {*report.published} == {HOSTS, NGINX, APACHE}


def test_without_being_asked_for_nothing_is_told_to_servers(tmp_path: Path) -> None:
    office = Office.open(tmp_path)
    office.write_release("E-001/26", "aliases: quay")

    office.build()
    others = {"quay/index.html"} | {HOSTS, NGINX, APACHE, "E-001-26/index.html"}
    assert others & office.published().keys() == {"quay/index.html"}
