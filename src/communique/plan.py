"""From an `Edition` to the files that show it.

What comes in: what the public may see, and the stationery. What goes out: every `Output` of
`build/`, in the order of publication. The table below is all there is to adding a rendition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from communique.edition import Edition
from communique.output import Output, Stationery
from communique.renditions import assets, landing, lists, page, pdf, rss, sitemap

RENDITIONS: tuple[Callable[[Edition, Stationery], Iterator[Output]], ...] = (
    assets.plan,
    pdf.plan,
    page.plan,
    lists.plan,
    landing.plan,
    rss.plan,
    sitemap.plan,
)


def plan_outputs(edition: Edition, stationery: Stationery) -> tuple[Output, ...]:
    """Plan every file of `build/`, in the order of publication; no path stands twice."""
    outputs = [output for plan in RENDITIONS for output in plan(edition, stationery)]
    outputs.sort(key=lambda output: output.stage)
    paths = [output.path for output in outputs]
    assert len(set(paths)) == len(paths), "two renditions claim one path"
    return tuple(outputs)
