"""The press: keeps the galley of the day, and renders of it what somebody looks at.

What comes in: the newsroom's folder and a clock. What goes out: `Galley`s, and the bytes of single
outputs, in memory only. Any thread may use it; one at a time reads or renders.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from threading import Lock
from typing import TypeAlias

from communique.disk import FileChangedError, NewsroomFolder
from communique.layouts import LayoutError, Layouts
from communique.output import Output
from communique.pdf_libraries import PdfUnavailableError
from communique.pdf_writer import PdfError
from communique.preview.galley import Galley, LastSound, pull_galley
from communique.rendering import Workbench
from communique.renditions.search import bytes_of

RenderingError: TypeAlias = LayoutError | PdfError | FileChangedError | PdfUnavailableError
"""What keeps an output from being rendered: the look, a release, or the machine."""
CANNOT_RENDER = (LayoutError, PdfError, FileChangedError, PdfUnavailableError)
"""The same, to catch."""


class Press:
    """Show a newsroom at `url` as long as a preview runs."""

    def __init__(self, folder: NewsroomFolder, url: str, clock: Callable[[], dt.datetime]) -> None:
        """Prepare everything; the first galley is pulled when somebody asks for it."""
        self.folder = folder
        self.url = url
        self._clock = clock
        self._session = secrets.token_hex(4)
        self._changes = 0
        self._lock = Lock()
        self._last_sound = LastSound()
        self._current: Galley | None = None
        self._bench: tuple[Layouts, Workbench] | None = None
        self._rendered: dict[str, tuple[str, bytes]] = {}
        self._indexing = Lock()
        self._indexes: dict[str, tuple[str, dict[str, bytes]]] = {}
        self._closed = False

    @property
    def version(self) -> str:
        """Return what names the state of the sources; no two sessions share one."""
        return f"{self._session}-{self._changes}"

    def discard(self) -> None:
        """Have the next galley read afresh, because a source has changed."""
        self._changes += 1

    def close(self) -> None:
        """Finish soon what is being rendered."""
        self._closed = True

    def galley(self) -> Galley:
        """Return the galley of this moment, read afresh if the last one is out of date."""
        with self._lock:
            galley, version, now = self._current, self.version, self._clock()
            if galley is None or galley.version != version or galley.is_over(now):
                galley = pull_galley(self.folder, self.url, version, now, self._last_sound)
                if galley.holdings is not None:
                    kept = self._rendered.keys() & galley.outputs.keys()
                    self._rendered = {path: self._rendered[path] for path in kept}
                self._current = galley
            return galley

    def render(self, galley: Galley, output: Output) -> bytes:
        """Return the bytes of an output of `galley`.

        Raises: a `RenderingError`.
        """
        with self._lock:
            return self._render(galley, output)

    def follow(self, galley: Galley, path: str) -> bytes | None:
        """Return a file of what is made when it is asked for: the index of the search.

        Raises: `communique.indexing.IndexingError`.
        """
        shelf = next((each for each in galley.followers if path.startswith(each.name)), None)
        if shelf is None:
            return None
        with self._indexing:
            key, files = self._indexes.get(shelf.name, ("", {}))
            if key != shelf.key:
                files = {each.path: bytes_of(each) for each in shelf.outputs()}
                self._indexes[shelf.name] = (shelf.key, files)
            return files.get(path)

    def _render(self, galley: Galley, output: Output) -> bytes:
        assert galley.holdings is not None
        layouts = galley.holdings.layouts

        def size_of(path: str) -> int:
            return self._size_of(galley, path)

        # The program does not change while it runs.
        fingerprint = output.fingerprint(layouts, size_of, program="")
        known, data = self._rendered.get(output.path, ("", b""))
        if known != fingerprint:
            if self._bench is None or self._bench[0] is not layouts:
                self._bench = (layouts, Workbench(layouts))
            bench = self._bench[1]
            assets = {asset.digest: self.folder.read(asset) for asset in output.assets}
            sizes = {path: size_of(path) for path in output.needs}
            parts = {part.path: self._render(galley, part) for part in output.parts}
            data = bench.make(output.render, output.subject, assets, sizes, parts)
            self._rendered[output.path] = (fingerprint, data)
        return data

    def _size_of(self, galley: Galley, path: str) -> int:
        """Return an output's size; 0 where it cannot be made, which its own address explains."""
        try:
            return 0 if self._closed else len(self._render(galley, galley.outputs[path]))
        except CANNOT_RENDER:
            return 0
