"""What is said about the files of `build/` beside their content: to browsers, by pages and servers.

Stated here once: what a page may load (Content Security Policy Level 3), whom it tells where its
readers come from, how long a file may be kept. What goes out: the policy that each page carries,
and ready texts for web servers, which add what only a header can say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

PAGE_SOURCES: Mapping[str, str] = {
    "default-src": "'none'",
    "img-src": "'self'",
    "style-src": "'self'",
    "font-src": "'self'",
    "script-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
"""What pages load: pictures, stylesheets, fonts and scripts of their own; the preview's bar too."""
SEARCH_SOURCES: Mapping[str, str] = {
    # Pagefind is WebAssembly, which nothing narrower allows (CSP3 §4.5); no text is evaluated.
    "script-src": "'self' 'wasm-unsafe-eval'",
    "worker-src": "'self'",
}
"""What the page for searching loads beside it."""
SEARCH_PAGES = "search/index.html"
"""What the path of a page for searching ends with."""
NO_FRAME: Mapping[str, str] = {"frame-ancestors": "'none'"}
"""No other site shows a file inside its own pages; a page cannot say so itself (CSP3 §3.3)."""


def policy_of(*sources: Mapping[str, str]) -> str:
    """Write a Content Security Policy; later sources replace what earlier ones say."""
    merged = {name: value for each in sources for name, value in each.items()}
    return "; ".join(f"{name} {value}" for name, value in merged.items())


PAGE_POLICY = policy_of(PAGE_SOURCES)
"""In each page itself, so that it holds on any server."""
PAGE_HEADER = policy_of(PAGE_SOURCES, NO_FRAME)
SEARCH_POLICY = policy_of(PAGE_SOURCES, SEARCH_SOURCES)
SEARCH_HEADER = policy_of(PAGE_SOURCES, SEARCH_SOURCES, NO_FRAME)
FILE_HEADER = policy_of(NO_FRAME)
"""For all that is no page: browsers show a PDF or a film by means that a page's policy forbids."""

REFERRER_POLICY = "strict-origin-when-cross-origin"
ALWAYS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": REFERRER_POLICY,
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), "
    "payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    # Photographs are there to be printed elsewhere, and feed readers show them in their pages.
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""With every file."""
ASK_FIRST = "no-cache"
"""Keep it, but ask whether it changed: corrections keep the address."""
KEEP_A_YEAR = "public, max-age=31536000"
FONTS = "assets/fonts/"
"""What is kept for a year."""
MEDIA_TYPES: Mapping[str, str] = {
    "feed.xml": "application/xml",
    "atom.xml": "application/xml",
    "feed.json": "application/feed+json",
    ".ics": "text/calendar",
    ".opml": "text/x-opml",
}
"""Name of a file, or what it ends with → its type, which servers do not know by themselves.

RSS and Atom are sent as XML: browsers show `application/rss+xml` as the source, and not in the look
of the feed's stylesheet. Feed readers take either.
"""
FEED_TYPE, ATOM_TYPE, JSON_FEED_TYPE, *_ = MEDIA_TYPES.values()
HTTPS_ALONE = ("Strict-Transport-Security", "max-age=31536000")
"""Binds the whole host for a year, so each office decides (RFC 6797)."""
WHERE = "/srv/newsroom/build"


def header_of_page(path: str) -> str:
    """Return the policy that a server sends with a page; `path` is below the root."""
    language, _, rest = path.partition("/")
    return SEARCH_HEADER if language and rest == SEARCH_PAGES else PAGE_HEADER


def type_of_feed(path: str) -> str:
    """Return the media type of a feed, a calendar or a list of feeds."""
    name = path.rpartition("/")[2]
    known = (kind for end, kind in MEDIA_TYPES.items() if name == end or name.endswith(end))
    return next(known, "application/json" if name.endswith(".json") else ATOM_TYPE)


def for_hosts(root: str) -> str:
    """Write the file `_headers` that Netlify and Cloudflare Pages read in the published folder.

    Their rules know addresses, not types: the policy of the pages stands in the pages, and here
    only what holds for all files. A header must stand in one rule alone, since Cloudflare joins
    the values of all rules that match. `root` is the newsroom's path on its host: ``/``.
    """
    lines = [
        f"{root}*",
        f"  Content-Security-Policy: {FILE_HEADER}",
        *(f"  {name}: {value}" for name, value in ALWAYS.items()),
        "# Once every address of this host is served with https:",
        "#  {}: {}".format(*HTTPS_ALONE),
        f"{root}{FONTS}*",
        f"  Cache-Control: {KEEP_A_YEAR}",
        # Both hosts have pages and the rest asked for each time, without being told.
        *(
            f"{root}{path}\n  Content-Type: {kind}; charset=utf-8"
            for path, kind in FEED_PATTERNS.items()
        ),
    ]
    return "\n".join(lines) + "\n"


FEED_PATTERNS: Mapping[str, str] = {
    **{
        f":language/{place}{name}": MEDIA_TYPES[name]
        for place in ("", ":list/", ":list/:name/")
        for name in ("feed.xml", "atom.xml", "feed.json")
    },
    ":language/archive/:page": ATOM_TYPE,
}


def for_nginx(root: str, host: str) -> str:
    """Write the settings for nginx, each `add_header` in one place: others undo it.

    `root` is the newsroom's path on its host: ``/``; `host` the host's name. In a folder, the
    newsroom shares the server with other pages, for which nothing of this holds.
    """
    is_whole = root == "/"
    types = " ".join(dict.fromkeys(MEDIA_TYPES.values()))
    headers = {
        "Content-Security-Policy": "$newsroom_policy",
        "Cache-Control": "$newsroom_cache",
        **{name: f'"{value}"' for name, value in ALWAYS.items()},
    }
    lines = [
        "# In http { }:",
        'map "$sent_http_content_type $uri" $newsroom_policy {',
        f'    default "{FILE_HEADER}";',
        f'    "~^text/html.* {re.escape(root)}[^/]+/search/(?:index\\.html)?$" "{SEARCH_HEADER}";',
        f'    ~^text/html "{PAGE_HEADER}";',
        "}",
        "map $uri $newsroom_cache {",
        f'    default "{ASK_FIRST}";',
        f'    ~^{re.escape(root)}{FONTS} "{KEEP_A_YEAR}";',
        "}",
        *([] if is_whole else [f"# In server {{ }} of {host}:"]),
        "server {" if is_whole else f"location {root} {{",
        *([f"    server_name {host};"] if is_whole else []),
        f"    root {WHERE};" if is_whole else f"    alias {WHERE}/;",
        "    index index.html;",
        f"    error_page 404 {root}404.html;",
        "    charset utf-8;",
        f"    charset_types text/css text/plain text/xml {types};",
        "    gzip on;",
        f"    gzip_types text/css text/plain text/xml image/svg+xml application/json {types};",
        f"    location ~ /feed\\.xml$ {{ types {{ }} default_type {FEED_TYPE}; }}",
        f"    location ~ /(atom|archive/[0-9]+)\\.xml$ {{ types {{ }} default_type {ATOM_TYPE}; }}",
        f"    location ~ /feed\\.json$ {{ types {{ }} default_type {JSON_FEED_TYPE}; }}",
        *(
            f"    location ~ \\{end}$ {{ types {{ }} default_type {kind}; }}"
            for end, kind in MEDIA_TYPES.items()
            if end.startswith(".")
        ),
        "    location ~ \\.avif$ { types { } default_type image/avif; }",
        *(f"    add_header {name} {value} always;" for name, value in headers.items()),
        "    # Once every address of this host is served with https:",
        '    # add_header {} "{}" always;'.format(*HTTPS_ALONE),
        "}",
    ]
    return "\n".join(lines) + "\n"


def for_apache(root: str) -> str:
    """Write the directives for Apache's `httpd`, which needs `mod_headers`.

    `root` is the newsroom's path on its host: ``/``.
    """
    alias = f"DocumentRoot {WHERE}" if root == "/" else f"Alias {root} {WHERE}/"
    lines = [
        alias,
        f"ErrorDocument 404 {root}404.html",
        f"<Directory {WHERE}>",
        "    Require all granted",
        "    DirectoryIndex index.html",
        "    AddDefaultCharset utf-8",
        "    AddType image/webp .webp",
        "    AddType image/avif .avif",
        "    AddType font/woff2 .woff2",
        *(f'    Header always set {name} "{value}"' for name, value in ALWAYS.items()),
        f'    Header always set Content-Security-Policy "{FILE_HEADER}"',
        f'    Header set Cache-Control "{ASK_FIRST}"',
        '    <Files "*.html">',
        f'        Header always set Content-Security-Policy "{PAGE_HEADER}"',
        "    </Files>",
        *(f"    AddType {kind} {end}" for end, kind in MEDIA_TYPES.items() if end[0] == "."),
        *(
            f'    <Files "{name}">\n        ForceType {kind}\n    </Files>'
            for name, kind in MEDIA_TYPES.items()
            if name[0] != "."
        ),
        "    # Once every address of this host is served with https:",
        '    # Header always set {} "{}"'.format(*HTTPS_ALONE),
        "</Directory>",
        f'<LocationMatch "^{re.escape(root)}[^/]+/search/(index\\.html)?$">',
        f'    Header always set Content-Security-Policy "{SEARCH_HEADER}"',
        "</LocationMatch>",
        '<LocationMatch "/archive/[0-9]+\\.xml$">',
        f"    ForceType {ATOM_TYPE}",
        "</LocationMatch>",
        f"<Directory {WHERE}/{FONTS}>",
        f'    Header set Cache-Control "{KEEP_A_YEAR}"',
        "</Directory>",
    ]
    return "\n".join(lines) + "\n"
