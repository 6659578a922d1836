"""Pelican's settings: a category is a language, a tag a topic in one language."""

import html
import json
import re
from pathlib import Path
from typing import Any

NEWSROOM: dict[str, Any] = json.loads(Path("newsroom.json").read_text(encoding="utf-8"))

SITENAME = "Harbour Council"
SITEURL = "https://press.example.org"
TIMEZONE = "America/New_York"
PATH = "content"
OUTPUT_PATH = "output"
THEME = "theme"
DEFAULT_LANG = "en"
DEFAULT_PAGINATION = False
STATIC_PATHS = ["assets"]
MARKDOWN = {
    "extension_configs": {
        "markdown.extensions.extra": {},
        "markdown.extensions.smarty": {},
    },
    "output_format": "html5",
}

ARTICLE_URL = "{address}"
ARTICLE_SAVE_AS = "{address}index.html"
ARTICLE_LANG_URL = ARTICLE_URL
ARTICLE_LANG_SAVE_AS = ARTICLE_SAVE_AS
ARTICLE_TRANSLATION_ID = None
PAGE_TRANSLATION_ID = None
CATEGORY_URL = "{slug}/"
CATEGORY_SAVE_AS = "{slug}/index.html"
TAG_URL = "topics/{slug}/"
TAG_SAVE_AS = "topics/{slug}/index.html"
YEAR_ARCHIVE_URL = "years/{date:%Y}/"
YEAR_ARCHIVE_SAVE_AS = "years/{date:%Y}/index.html"
AUTHOR_SAVE_AS = ""
AUTHORS_SAVE_AS = ""
ARCHIVES_SAVE_AS = ""
CATEGORIES_SAVE_AS = ""
TAGS_SAVE_AS = ""
DIRECT_TEMPLATES = ["sitemap"]
SITEMAP_SAVE_AS = "sitemap.xml"

FEED_DOMAIN = SITEURL
FEED_MAX_ITEMS = 50
FEED_ALL_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None
TRANSLATION_FEED_ATOM = None
CATEGORY_FEED_ATOM = None
CATEGORY_FEED_RSS = "{slug}/feed.xml"
TAG_FEED_RSS = "topics/{slug}/feed.xml"
RSS_FEED_SUMMARY_ONLY = False


def _long_date(date: Any, language: str) -> str:
    words = NEWSROOM["languages"][language]
    month = words["months"][date.month - 1]
    text: str = words["long_date"].format(month=month, day=date.day, year=date.year)
    return text


def _plain(text: str) -> str:
    return html.unescape(re.sub("<[^>]*>", "", text)).strip()


JINJA_FILTERS = {"long_date": _long_date, "parsed": json.loads, "plain": _plain}
