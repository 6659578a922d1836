"""Build an archive whose PDFs are stand-ins: `python -m tests.bench.stand_ins FOLDER`.

Twenty thousand PDFs take an hour, and a build that follows one edit reads none of them. Everything
else is what `communique build` makes, and what that makes afterwards is real.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from pypdf import PdfWriter

from communique.build import Settings, build
from communique.disk import NewsroomFolder
from communique.production import hidden
from communique.rendering import PressHere, Rendered, Task


def stand_in() -> bytes:
    """Return a PDF of one blank page: where an embargo lies ahead, each is read once more."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    data = BytesIO()
    writer.write(data)
    return data.getvalue()


STAND_IN = stand_in()


class PressOfStandIns(PressHere):
    """Renders pages and feeds, and prints nothing."""

    def render(self, tasks: Iterable[Task]) -> Iterator[Rendered]:
        """Yield what became of each task."""
        for task in tasks:
            if task.is_slow:
                yield Rendered(task.path, STAND_IN)
            else:
                yield from super().render([task])


def main() -> None:
    """Build the newsroom in a folder as of now."""
    report = build(
        NewsroomFolder(Path(sys.argv[1]).resolve()),
        dt.datetime.now(dt.UTC),
        Settings(),
        press_of=PressOfStandIns,
        progress=hidden,
        on_wait=lambda: None,
    )
    assert not report.failed, report.diagnostics


if __name__ == "__main__":
    main()
