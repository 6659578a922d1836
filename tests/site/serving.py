"""A web server for `build/`, as strict as a careful office sets up its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from urllib.parse import unquote, urlsplit

from communique.headers import ALWAYS, FILE_HEADER, header_of_page
from tests.site.newsrooms import Published


@contextmanager
def served(site: Published, *, is_careful: bool = True) -> Iterator[str]:
    """Serve a newsroom on this machine, in the folder that its address names; give the address.

    Whatever does not exist is answered by the newsroom's own 404 page. A server that is not careful
    says nothing about what pages may load.
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
            media_type = guess_type(file.name)[0] or "application/octet-stream"
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(data)))
            path = file.relative_to(site.build).as_posix()
            policy = header_of_page(path) if media_type == "text/html" else FILE_HEADER
            if is_careful:
                for name, value in {"Content-Security-Policy": policy, **ALWAYS}.items():
                    self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(data)

        def do_HEAD(self) -> None:
            self.do_GET()

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
