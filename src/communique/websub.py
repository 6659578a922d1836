"""Telling a WebSub hub which feeds changed, after they were published.

What comes in: the hub's address and the paths that a build published. What goes out: at most a
sentence about what went wrong. A hub that cannot be reached stops nothing: `build/` stands already.
"""

from __future__ import annotations

from collections.abc import Iterable
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

FEED_NAMES = ("feed.xml", "atom.xml", "feed.json")
TIMEOUT_S = 5.0
"""How long a hub may take for each feed; after the first that fails, it is left alone."""


def changed_feeds(url: str, published: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses of the feeds among what was published."""
    return tuple(url + quote(path) for path in published if path.rpartition("/")[2] in FEED_NAMES)


def ping(hub: str, feeds: Iterable[str]) -> str | None:
    """Tell a hub that feeds changed (PubSubHubbub 0.4 §7.1); return what went wrong, if anything.

    WebSub leaves it to hub and publisher how this is said; hubs take it in this form.
    """
    for feed in feeds:
        form = urlencode({"hub.mode": "publish", "hub.url": feed, "hub.topic": feed}).encode()
        try:
            with urlopen(Request(hub, form), timeout=TIMEOUT_S):
                pass
        except HTTPError as error:
            error.close()
            return f"it answered {error.code} {error.reason}"
        except (OSError, HTTPException, ValueError) as error:
            return str(getattr(error, "reason", None) or error)
    return None
