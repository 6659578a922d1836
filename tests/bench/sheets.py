"""Write the HTML that communique prints, for other printers: `sheets.py NEWSROOM FOLDER`.

Each sheet links to `print.css` beside it, as anybody would do it; fonts and logo lie beside it too.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from communique.build import stationery_of
from communique.disk import NewsroomFolder
from communique.holdings import read_holdings
from communique.moments import read_moment
from communique.output import Stage
from communique.plan import plan_outputs
from communique.renditions.pdf import LOGO, TEMPLATE, PdfSubject
from tests.bench.corpus import NOW


def write_sheets(newsroom: Path, folder: Path) -> int:
    """Write a sheet for each public release of a newsroom; return how many there are."""
    holdings = read_holdings(NewsroomFolder(newsroom)).value
    assert holdings is not None
    instant = read_moment(NOW, holdings.newsroom.time_zone)
    assert isinstance(instant, dt.datetime)
    stationery = stationery_of(holdings, True)
    layouts = stationery.layouts
    for name, data in {**layouts.below("print"), "logo.svg": layouts.data(LOGO)}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    count = 0
    for output in plan_outputs(holdings.catalogue.at(instant), stationery):
        if output.stage == Stage.PDF and isinstance(output.subject, PdfSubject):
            release, site = output.subject.release, output.subject.site
            html = layouts.render(TEMPLATE, site, release=release)
            linked = html.replace("</head>", '<link rel="stylesheet" href="print.css"></head>', 1)
            (folder / f"{release.slug}.html").write_text(linked, encoding="utf-8")
            count += 1
    return count


if __name__ == "__main__":
    print(write_sheets(Path(sys.argv[1]), Path(sys.argv[2])))
