"""The frame: what tells every page of a preview from a published one.

What comes in: a page as it will be published, and the galley it belongs to. What goes out: the page
with a bar that says what it is, and how the newsroom stands; or a page of problems. The bar is not
part of the look: an office's own templates neither know nor can lose it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import jinja2
from markupsafe import Markup

from communique.diagnostics import Diagnostic
from communique.preview.galley import Galley, Standing
from communique.reporting import summary

FILES = Path(__file__).parent / "files"
SERVED = {"preview.css": "text/css", "preview.js": "text/javascript"}
"""What the bar is made with, served below `/_preview/`."""

HEAD_END = re.compile(rb"</head\s*>", re.IGNORECASE)
OWN_POLICY = re.compile(
    rb"""<meta\b[^>]*\bhttp-equiv\s*=\s*["']?Content-Security-Policy\b[^>]*>""", re.IGNORECASE
)
"""What a published page says that it loads; the preview says it in a header, with the bar's."""
BODY_END = re.compile(rb"</body\s*>", re.IGNORECASE)


class Frame:
    """Put pages into the preview's frame."""

    def __init__(self) -> None:
        """Read the frame's own templates."""
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(FILES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["summary"] = summary

    def put_around(self, page: bytes, path: str, galley: Galley) -> bytes:
        """Put the bar into a page of the newsroom, which lies at `path` in `build/`.

        HTML needs neither ``</head>`` nor ``</body>``; without them it goes to the end.
        """
        page = OWN_POLICY.sub(b"", page)
        page = _before_last(BODY_END, page, self._bar(galley, galley.standings.get(path)))
        return _before_last(HEAD_END, page, self._fill_in("head.html.j2", version=galley.version))

    def page_of_problems(
        self, heading: str, text: str, problems: Sequence[Diagnostic], galley: Galley
    ) -> bytes:
        """Return a page of the preview's own."""
        return self._fill_in(
            "page.html.j2",
            heading=heading,
            text=text,
            problems=problems,
            head=Markup(self._fill_in("head.html.j2", version=galley.version).decode()),
            bar=Markup(self._bar(galley, None).decode()),
        )

    def _bar(self, galley: Galley, standing: Standing | None) -> bytes:
        path = standing.path if standing else None
        problems = sorted(galley.problems, key=lambda found: found.span.path != path)
        hidden = sum(not each.status.is_public for each in galley.standings.values())
        return self._fill_in(
            "bar.html.j2",
            instant=galley.instant,
            standing=standing,
            problems=problems,
            concerned=any(found.span.path == path for found in problems[:1]),
            hidden=hidden,
            shown=len(galley.standings),
        )

    def _fill_in(self, template: str, **values: object) -> bytes:
        text = self._environment.get_template(template).render(values)
        return text.encode("utf-8", "backslashreplace")  # file names need not be UTF-8


def _before_last(tag: re.Pattern[bytes], page: bytes, addition: bytes) -> bytes:
    at = len(page)
    for match in tag.finditer(page):
        at = match.start()
    return page[:at] + addition + page[at:]
