"""The preview's answers: what a browser asks for, from memory, and only this machine's browser.

What comes in: a `Press`. What goes out: an ASGI application. A website that the officer visits
at the same time must not read embargoed releases: hence `Guard`.
"""

from __future__ import annotations

import mimetypes
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

import anyio
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from communique.diagnostics import Diagnostic
from communique.headers import (
    FILE_HEADER,
    PAGE_HEADER,
    SEARCH_HEADER,
    SEARCH_PAGES,
    type_of_feed,
)
from communique.indexing import IndexingError
from communique.output import Output, Stage
from communique.pdf_libraries import PdfUnavailableError
from communique.preview.frame import FILES, SERVED, Frame
from communique.preview.galley import Galley
from communique.preview.press import CANNOT_RENDER, Press, RenderingError
from communique.preview.watching import watch
from communique.rendering import diagnostics_of
from communique.reporting import summary

TYPES = {
    ".html": "text/html",
    ".xml": "application/xml",
    ".pdf": "application/pdf",
    ".css": "text/css",
    ".js": "text/javascript",
    ".txt": "text/plain",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".ttf": "font/ttf",
}
"""Suffix → media type, where the Pythons that we support do not agree."""

THIS_MACHINE = ("127.0.0.1", "localhost", "[::1]")
"""What browsers call it."""
PROTECTION = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": FILE_HEADER,
}
"""In every answer: nothing stays behind, and no other site shows it or draws it in."""


class Announcer:
    """Tells the open pages that there is something new."""

    def __init__(self) -> None:
        """Begin without news."""
        self._news = anyio.Event()
        self._ended = False

    def announce(self) -> None:
        """Wake everybody who waits."""
        news, self._news = self._news, anyio.Event()
        news.set()

    def end(self) -> None:
        """End every stream, so that the server can leave."""
        self._ended = True
        self.announce()

    async def stream(self, press: Press) -> AsyncIterator[str]:
        """Yield the version of the sources, now and whenever it changes (HTML §9.2)."""
        while not self._ended:
            news = self._news
            yield f"retry: 1000\ndata: {press.version}\n\n"
            await news.wait()


class Guard:
    """Answer only what this machine's browser asks for the preview itself, and only reading.

    A foreign name in `Host` is one that somebody made point here (DNS rebinding); a foreign
    `Origin` is another site's script.
    """

    def __init__(self, app: ASGIApp, url: str) -> None:
        """Guard `app`, which lives at `url`."""
        self._app = app
        port = urlsplit(url).port or 80
        self._hosts = {f"{name}:{port}" for name in THIS_MACHINE}
        if port == 80:
            self._hosts.update(THIS_MACHINE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_page = headers.get("content-type", "").startswith("text/html")
                headers.update(_headers_of_page(scope["path"]) if is_page else PROTECTION)
            await send(message)

        answer = self._refusal(scope["method"], Headers(scope=scope)) or self._app
        await answer(scope, receive, send_protected)

    def _refusal(self, method: str, headers: Headers) -> Response | None:
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return PlainTextResponse("this address is not the preview's\n", 421)
        if any(origin.removeprefix("http://") not in self._hosts for origin in origins):
            return PlainTextResponse("other sites may not look at the preview\n", 403)
        if method not in ("GET", "HEAD"):
            return PlainTextResponse("only to look at\n", 405, {"Allow": "GET, HEAD"})
        return None


class Desk:
    """Answer with the newsroom's pages, each in the preview's frame."""

    def __init__(self, press: Press) -> None:
        """Show what comes from `press`."""
        self._press = press
        self._frame = Frame()

    def show(self, request: Request) -> Response:
        """Answer with an output; as web servers do, with a folder's page for the folder."""
        galley = self._press.galley()
        if galley.holdings is None:
            heading = "The newsroom cannot be shown"
            text = "As soon as this is put right and saved, it appears here."
            return self._problems(heading, text, galley, 503)
        path = request.path_params["path"]
        page = path if path and not path.endswith("/") else f"{path}index.html"
        if page not in galley.outputs and f"{page}/index.html" in galley.outputs:
            return RedirectResponse(f"/{quote(page)}/")
        if (index := self._index(galley, page)) is not None:
            return index
        found = page in galley.outputs
        asked = f"{path}?{request.url.query}" if request.url.query else path
        if not found and (address := galley.moved_to(asked)) is not None:
            return RedirectResponse(f"/{quote(address)}")
        output = galley.outputs[page if found else "404.html"]
        try:
            data = self._press.render(galley, output)
        except CANNOT_RENDER as error:
            return self._failure(error, output, galley)
        if output.path.endswith(".html"):
            data = self._frame.put_around(data, page, galley)
        return Response(data, 200 if found else 404, media_type=_type_of(output))

    def _index(self, galley: Galley, path: str) -> Response | None:
        """Answer with a file of the search's index; where there is none, its page says so."""
        try:
            data = self._press.follow(galley, path)
        except IndexingError as error:
            return PlainTextResponse(f"{error}\n", 500)
        kind = _type_of_file(path)
        return None if data is None else Response(data, media_type=kind)

    def show_problems(self, request: Request) -> Response:
        """Answer with everything that is wrong, on a page of its own."""
        galley = self._press.galley()
        return self._problems("Problems", summary(galley.problems), galley, 200)

    def _problems(self, heading: str, text: str, galley: Galley, status: int) -> Response:
        page = self._frame.page_of_problems(heading, text, galley.problems, galley)
        return Response(page, status, media_type="text/html")

    def _failure(self, error: RenderingError, output: Output, galley: Galley) -> Response:
        assert galley.holdings is not None
        problems: tuple[Diagnostic, ...] = ()
        if isinstance(error, PdfUnavailableError):
            heading, text = "This machine cannot make PDFs", f"{error}."
        else:
            heading, text = "This cannot be shown", f"{output.path} could not be made:"
            span = galley.holdings.span_of(output.path)
            problems = tuple(diagnostics_of(error, output.path, span))
        page = self._frame.page_of_problems(heading, text, problems, galley)
        return Response(page, 500, media_type="text/html")


def _headers_of_page(address: str) -> dict[str, str]:
    searches = f"{address}index.html".endswith(f"/{SEARCH_PAGES}")
    policy = SEARCH_HEADER if searches else PAGE_HEADER
    return {**PROTECTION, "Content-Security-Policy": policy}


def preview_app(press: Press, announcer: Announcer) -> Starlette:
    """Return the application that shows what comes from `press`, and watches its folder."""
    desk = Desk(press)
    served = {name: (FILES / name).read_bytes() for name in SERVED}

    def changed() -> None:
        press.discard()
        announcer.announce()

    @asynccontextmanager
    async def watching(app: Starlette) -> AsyncIterator[None]:
        async with anyio.create_task_group() as group:
            await group.start(watch, press.folder, changed)
            yield
            group.cancel_scope.cancel()

    def serve_file(request: Request) -> Response:
        name = request.url.path.rpartition("/")[2]
        return Response(served[name], media_type=SERVED[name])

    async def events(request: Request) -> Response:
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")
        return StreamingResponse(announcer.stream(press), media_type="text/event-stream")

    return Starlette(
        routes=[
            *(Route(f"/_preview/{name}", serve_file) for name in SERVED),
            Route("/_preview/events", events),
            Route("/_preview/problems", desk.show_problems),
            Route("/{path:path}", desk.show),
        ],
        middleware=[Middleware(Guard, url=press.url)],
        lifespan=watching,
    )


def _type_of(output: Output) -> str:
    if output.stage is Stage.FEED:
        return type_of_feed(output.path)
    return _type_of_file(output.path)


def _type_of_file(path: str) -> str:
    suffix = PurePosixPath(path).suffix.lower()
    guess, _ = mimetypes.guess_type(f"file{suffix}", strict=False)
    return TYPES.get(suffix) or guess or "application/octet-stream"
