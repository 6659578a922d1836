"""A web server for `build/`, as strict as a careful office sets up its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from urllib.parse import unquote, urlsplit

from tests.site.newsrooms import Published

POLICY = "; ".join(
    (
        "default-src 'none'",
        *("img-src 'self'", "style-src 'self'", "font-src 'self'"),
        *("base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"),
    )
)


@contextmanager
def served(site: Published) -> Iterator[str]:
    """Serve a newsroom on this machine, in the folder that its address names; give the address.

    Whatever does not exist is answered by the newsroom's own 404 page.
    """
    root = urlsplit(site.url).path

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            file = site.build / path.removeprefix(root)
            if path.endswith("/"):
                file /= "index.html"
            found = path.startswith(root) and file.is_file()
            if not found:
                file = site.build / "404.html"
            data = file.read_bytes()
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", guess_type(file.name)[0] or "application/octet-stream")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{root}"
        finally:
            server.shutdown()
            thread.join()
