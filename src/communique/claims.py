"""Which places in `build/` are this newsroom's own, for when nobody knows any more what it made.

What comes in: the newsroom, and a path below `build/`. What goes out: whether only a build of ours
would have put a file there.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from communique.newsroom import Newsroom

SITEMAP = re.compile(r"sitemap-[0-9a-z-]+\.xml|news-sitemap\.xml")
REDIRECTS = ("_redirects", "redirects.nginx.map", "redirects.apache.conf")
LIST = re.compile(
    r"(?:(?:[0-9]{4}|feeds)/|(?:topics|countries|kinds|corrections)/.*)?"
    r"(?:index\.html|feed\.xml|atom\.xml|feed\.json|releases\.json)"
    r"|search/.*|archive/[0-9]+\.xml|feeds\.opml|events\.ics|ninjs\.json"
)


def claims(path: str, newsroom: Newsroom, languages: Collection[str]) -> bool:
    """Tell whether a path is below the address of a release, or where a list or sitemap goes.

    Whatever lies below a reference may be a release's: its text, its pictures, its documents.
    `languages` are those that lists may have been in. The look's files are not claimed: they tell
    nothing of a release.
    """
    top, _, rest = path.partition("/")
    if newsroom.pattern.recognize_short(top) is not None or path in REDIRECTS:
        return True
    if not rest:
        return SITEMAP.fullmatch(path) is not None
    if top in languages:
        return LIST.fullmatch(rest) is not None
    parts = path.split("/")
    starts = ("/".join(parts[:count]) for count in range(1, len(parts)))
    return any(newsroom.pattern.recognize(start) is not None for start in starts)
