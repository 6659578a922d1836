"""What servers are told: stated once, strict, and each header in one place only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from communique.headers import (
    ALWAYS,
    FILE_HEADER,
    PAGE_HEADER,
    PAGE_POLICY,
    SEARCH_HEADER,
    for_apache,
    for_hosts,
    for_nginx,
    header_of_page,
)
from tests.office import NEWSROOM, Office

SOURCES = Path(__file__).parents[1] / "src"
LAYOUTS = Path(__file__).parents[1] / "layouts"
ROOTS = pytest.mark.parametrize("root", ["/", "/press/"])


def test_policy_allows_nothing_that_is_not_the_newsrooms_own() -> None:
    rules = dict(rule.split(" ", 1) for rule in PAGE_HEADER.split("; "))

    assert rules.pop("default-src") == "'none'"
    assert set(rules.values()) == {"'self'", "'none'"}
    assert {name for name, value in rules.items() if value == "'self'"} == {
        *("img-src", "style-src", "font-src", "script-src", "connect-src", "form-action"),
    }
    assert {"base-uri", "form-action", "frame-ancestors"} <= set(rules)


def test_only_the_page_for_searching_may_run_a_script_and_none_of_another_site() -> None:
    more = {*SEARCH_HEADER.split("; ")} - {*PAGE_HEADER.split("; ")}

    assert more == {"script-src 'self' 'wasm-unsafe-eval'", "worker-src 'self'"}
    assert SEARCH_HEADER.count("script-src") == 1  # of two, browsers would heed the first
    assert header_of_page("en/search/index.html") == SEARCH_HEADER
    for path in ("en/index.html", "search/index.html", "en/topics/search/index.html"):
        assert header_of_page(path) == PAGE_HEADER


@ROOTS
def test_servers_send_the_policy_of_the_search_with_its_pages_alone(root: str) -> None:
    nginx, apache = for_nginx(root, "press.example.org"), for_apache(root)
    (found,) = re.findall(r'^ *"~(\^text/html\..*)" "(.*)";$', nginx, re.M)
    (place,) = re.findall(r'<LocationMatch "(.*search.*)">', apache)

    assert found[1] == SEARCH_HEADER
    for address in ("en/search/", "en/search/index.html"):
        assert re.search(found[0], f"text/html; charset=utf-8 {root}{address}")
        assert re.search(place, root + address)
    for address in ("en/", "en/topics/search/", "en/search/index/pagefind.js"):
        assert not re.search(found[0], f"text/html {root}{address}")
        assert not re.search(place, root + address)


def test_policy_is_stated_in_one_place() -> None:
    stating = [
        path.name
        for path in (*SOURCES.rglob("*.py"), *LAYOUTS.rglob("*.j2"))
        if re.search(r"-src['\"]?[: ]", path.read_text(encoding="utf-8"))
    ]

    assert stating == ["headers.py"]


@ROOTS
def test_every_server_sends_every_header(root: str) -> None:
    for text in (for_nginx(root, "press.example.org"), for_apache(root), for_hosts(root)):
        for name, value in ALWAYS.items():
            assert re.search(rf'{name}:? "?{re.escape(value)}', text)
        assert text.count("application/xml") > 1
        assert "application/feed+json" in text
        assert "text/calendar" in text or text == for_hosts(root)
        assert re.search(r"^ *#.*Strict-Transport-Security", text, re.MULTILINE)
    assert f'~^text/html "{PAGE_HEADER}"' in for_nginx(root, "press.example.org")
    assert f'"{PAGE_HEADER}"' in for_apache(root)


@ROOTS
def test_nginx_adds_all_headers_in_one_place(root: str) -> None:
    text = for_nginx(root, "press.example.org")
    lines = text.splitlines()
    at = [number for number, line in enumerate(lines) if line.startswith("    add_header ")]

    assert at == [*range(at[0], at[0] + len(ALWAYS) + 2)]
    assert text.count("add_header") == len(at) + 1  # and the one that is a remark
    assert text.count("{") == text.count("}")


@ROOTS
def test_no_address_has_a_header_from_two_rules_of_a_host(root: str) -> None:
    rules = re.split(r"^(?=/)", re.sub(r"^#.*\n", "", for_hosts(root), flags=re.M), flags=re.M)[1:]
    names = [name for rule in rules for name in re.findall(r"^  ([\w-]+):", rule, re.M)]

    assert all(rule.startswith(root) for rule in rules)
    assert sorted(set(names)) == sorted({*ALWAYS, "Content-Security-Policy", *HOST_NAMES})
    assert all(names.count(name) == 1 for name in {*ALWAYS, "Cache-Control"})
    assert FILE_HEADER in rules[0]


HOST_NAMES = ("Cache-Control", "Content-Type")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office.open(tmp_path)


@pytest.mark.parametrize(
    ("server", "text"),
    [
        ("nginx", for_nginx("/", "press.example.org")),
        ("apache", for_apache("/")),
        ("netlify", for_hosts("/")),
        ("cloudflare", for_hosts("/")),
    ],
)
def test_command_prints_the_settings_of_this_newsroom(
    office: Office, server: str, text: str
) -> None:
    ran = office.run("headers", server)

    assert (ran.code, ran.out) == (0, text)


def test_settings_of_the_host_are_published_only_where_they_are_asked_for(office: Office) -> None:
    office.build()
    without = office.published()
    office.write("newsroom.yaml", f"{NEWSROOM}headers: yes\n")
    report = office.build()
    having = office.published()
    office.write("newsroom.yaml", NEWSROOM)
    office.build()

    assert having == {**without, "_headers": for_hosts("/").encode()}
    assert (report.published, report.unknown) == (("_headers",), ())
    assert office.published() == without


def test_page_says_what_the_header_says_but_for_what_only_a_header_can(office: Office) -> None:
    office.build()

    assert f'http-equiv="Content-Security-Policy" content="{PAGE_POLICY}"' in office.page(
        "en/index.html"
    )
    assert f"{PAGE_POLICY}; frame-ancestors 'none'" == PAGE_HEADER
