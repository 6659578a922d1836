"""What the preview answers to those who are no browser of this machine, byte by byte."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.test_serve import PATIENCE_S, Preview, served
from tests.office import Office
from tests.quay import NOW, lay_out, tree

SECRETS = (b"time_zone", b"Council", b"SQLite", b"root:", b"harbour master")
"""What stands in the newsroom's files, in its pages, and on this machine."""


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    root = lay_out(tmp_path_factory.mktemp("office") / "newsroom")
    with served(root, "--now", f"{NOW:%Y-%m-%d %H:%M} UTC") as running:
        assert "harbour master" in running.text("/PR-002/14/")
        yield running


def ask(preview: Preview, target: str, *headers: str, method: str = "GET", body: str = "") -> bytes:
    """Send a request as it is written, with the preview's own `Host` unless it has others."""
    own = (f"Host: 127.0.0.1:{preview.port}",)
    hosts = () if any(line.startswith("Host:") for line in headers) else own
    lines = (f"{method} {target} HTTP/1.1", *hosts, *headers, f"Content-Length: {len(body)}")
    request = "\r\n".join((*lines, "Connection: close", "", body)).encode("latin-1")
    with socket.create_connection(("127.0.0.1", preview.port), PATIENCE_S) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "target",
    [
        "/../newsroom.yaml",
        "/en/../../newsroom.yaml",
        "/..%2fnewsroom.yaml",
        "/%2e%2e/newsroom.yaml",
        "/%252e%252e%252fnewsroom.yaml",
        "/..\\newsroom.yaml",
        "/..%5cnewsroom.yaml",
        "/....//newsroom.yaml",
        "/newsroom.yaml",
        "/releases/PR-002-14.md",
        "/.communique/manuscripts.sqlite",
        "/_preview/../../newsroom.yaml",
        "/_preview/..%2fapp.py",
        "/_preview/%2e%2e/app.py",
        "/assets/..%2f..%2fnewsroom.yaml",
        "/etc/passwd",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/../../../../../../../../etc/passwd",
        "/%c0%ae%c0%ae/newsroom.yaml",
        "/PR-002/14/%00",
        "/PR-002/14/index.html%00.png",
        "/newsroom.yaml%00",
        "/%ff%fe",
        "file:///etc/passwd",
        "http://evil.example/newsroom.yaml",
        f"/{'a/' * 20000}",
    ],
)
def test_no_address_leads_out_of_what_is_shown(preview: Preview, target: str) -> None:
    answer = ask(preview, target)

    assert status_of(answer) in (400, 404, 414)
    assert b"time_zone" not in answer
    assert b"root:" not in answer
    assert b"harbour master" not in answer
    assert b"Traceback" not in answer


@pytest.mark.parametrize(
    "hosts",
    [
        ["Host: evil.example:{port}"],
        ["Host: 127.0.0.1.evil.example:{port}"],
        ["Host: 127.0.0.1:{port}.evil.example"],
        ["Host: evil.example@127.0.0.1:{port}"],
        ["Host: 127.0.0.1"],
        ["Host: 0.0.0.0:{port}"],
        ["Host: 2130706433:{port}"],
        ["Host:"],
        ["Host: 127.0.0.1:{port}", "Host: evil.example"],
        ["Host: evil.example", "Host: 127.0.0.1:{port}"],
        ["Host: evil.example", "X-Forwarded-Host: 127.0.0.1:{port}"],
    ],
)
@pytest.mark.parametrize("target", ["/PR-002/14/", "/_preview/events"])
def test_name_that_was_made_to_point_here_is_refused(
    preview: Preview, hosts: list[str], target: str
) -> None:
    answer = ask(preview, target, *(line.format(port=preview.port) for line in hosts))

    assert status_of(answer) in (400, 421)
    assert not any(secret in answer for secret in SECRETS)


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1:1",
        "http://127.0.0.1:{port}.evil.example",
        "http://http://127.0.0.1:{port}",
        "null",
        "",
    ],
)
@pytest.mark.parametrize("target", ["/PR-002/14/", "/_preview/events"])
def test_other_sites_script_is_refused(preview: Preview, origin: str, target: str) -> None:
    answer = ask(preview, target, f"Origin: {origin.format(port=preview.port)}")

    assert status_of(answer) == 403
    assert not any(secret in answer for secret in SECRETS)


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"]
)
def test_nothing_is_changed_from_outside(preview: Preview, method: str) -> None:
    before = tree(preview.root)
    answer = ask(preview, "/PR-002/14/", method=method, body="title: Other")

    assert status_of(answer) in (400, 405)
    assert tree(preview.root) == before


def sources(preview: Preview) -> dict[str, bytes]:
    """Return every file but what the preview keeps of what it has read."""
    return {path: data for path, data in tree(preview.root).items() if ".communique" not in path}


def test_looking_at_everything_writes_nothing(preview: Preview) -> None:
    before = sources(preview)
    for target in ("/", "/en/", "/PR-001/14/", "/PR-001/14/q.png", "/en/feed.xml", "/sitemap.xml"):
        assert status_of(ask(preview, f"{target}?delete=yes&draft=no")) == 200

    assert sources(preview) == before
    assert not (preview.root / "build").exists()


def test_every_answer_stays_nowhere_and_is_what_its_type_says(preview: Preview) -> None:
    for answer in (
        ask(preview, "/PR-001/14/"),
        ask(preview, "/en/feed.xml"),
        ask(preview, "/nowhere"),
        ask(preview, "/PR-001/14"),
        ask(preview, "/PR-001/14/", "Origin: http://evil.example"),
        ask(preview, "/PR-001/14/", "Host: evil.example"),
        ask(preview, "/PR-001/14/", method="DELETE"),
    ):
        head = answer.partition(b"\r\n\r\n")[0].lower()
        assert b"cache-control: no-store" in head
        assert b"x-content-type-options: nosniff" in head
        assert b"cross-origin-resource-policy: same-origin" in head
        assert b"frame-ancestors 'none'" in head


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "press.example.org"])
def test_preview_says_that_no_other_machine_can_see_it(tmp_path: Path, host: str) -> None:
    ran = Office.open(tmp_path).run("serve", "--host", host)

    assert ran.code == 2
    assert f"`{host}` is refused: the preview shows what is not public yet" in ran.err
