"""A newsroom small enough to be read at once: a release of every status, and a folder's tree."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import Image

NOW = dt.datetime(2014, 11, 16, 9, tzinfo=ZoneInfo("America/New_York"))
"""Between the releases of the sample: some are public, some are not yet."""

NEWSROOM = """organization: Harbour Council
url: https://www.example.org/press/
time_zone: America/New_York
languages: [en]
series: {PR: release}
topics: {harbour: Harbour}
"""
RELEASES = {
    "001": "title: Council opens the new quay\ndate: 2014-11-03\n"
    "images: [{file: q.png, alt: Quay}]",
    "002": "title: Council appoints a harbour master\ndate: 2014-11-18\nembargo: 2014-11-18 10:00",
    "003": "title: Plans for a lighthouse\ndate: 2014-11-10\ndraft: yes",
    "004": "title: Winter timetable\ndate: 2014-12-01",
    "005": "title: Toll lowered\ndate: 2014-11-04\n"
    "withdrawn: {when: 2014-11-05, reason: The council had not decided.}",
    "006": "title: Ferry prices\ndate: 2014-11-05\n"
    "corrections: [{when: 2014-11-06, note: The date was wrong.}]",
}
"""Number → front matter beside `reference` and `topics`."""


def lay_out(root: Path) -> Path:
    """Write the newsroom into a folder, and return that."""
    (root / "releases").mkdir(parents=True)
    (root / "newsroom.yaml").write_text(NEWSROOM, encoding="utf-8")
    for number, front_matter in RELEASES.items():
        write_release(root, number, front_matter)
    (root / "releases/q.png").write_bytes(picture(40))
    return root


def write_release(
    root: Path, number: str, front_matter: str, text: str = "The text of the release."
) -> Path:
    path = root / f"releases/PR-{number}-14.md"
    path.write_text(
        f"---\nreference: PR-{number}/14\n{front_matter}\ntopics: [harbour]\n---\n\n{text}\n",
        encoding="utf-8",
    )
    return path


def picture(width: int) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, 10), "navy").save(file, "PNG")
    return file.getvalue()


def tree(root: Path) -> dict[str, bytes]:
    """Return every file below a folder with what stands in it."""
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}
