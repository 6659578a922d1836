"""Write the corpus for other programs: the same text, each in its own format, with equal work.

What comes in: `Item`s. What goes out: the folder of a Hugo, Eleventy or Pelican site. Templates and
settings lie in `sites/`. Each site has a page a release with header, contacts, boilerplate, JSON-LD
and Open Graph; front, year and topic pages; an RSS feed a language and topic with the fifty newest
in full; a sitemap; our stylesheets and fonts, copied.

What is not equal:

- Only communique checks anything: references, topics, links within the newsroom, duplicates.
  The others get links that are resolved already, and the names of countries as codes.
- Only communique looks for changes by content, flushes each file to the disk and replaces it whole.
- communique writes a page for each advisory that leads to its languages, and one in parts where a
  list is long; the others write each list on one page.
- Hugo writes feeds for the years, too, unless told otherwise page by page; it is told.
- Hugo finds translations by itself (`translationKey`); Eleventy and Pelican are given them in the
  front matter: Pelican's own translations would keep them out of all lists.
- Pelican's year pages mix the languages: it has one archive. There are fewer, with as many entries.
- Hugo alone uses both cores by itself.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from tests.bench import texts
from tests.bench.corpus import Item, quoted

ROOT = Path(__file__).parents[2]
TEMPLATES = Path(__file__).parent / "sites"
ASSETS = ROOT / "layouts" / "assets"


def write_hugo(folder: Path, items: tuple[Item, ...]) -> None:
    """Write a Hugo site."""
    shutil.copytree(TEMPLATES / "hugo", folder)
    shutil.copytree(ASSETS, folder / "static" / "assets")
    _write(folder / "data" / "newsroom.json", _words(items))
    for item in items:
        path = folder / "content" / item.language / f"{item.reference.replace('/', '-')}.md"
        _write(path, _page(item, _hugo_keys(item)))
    for language, words in _words_of(items).items():
        for slug, name in words["topics"].items():
            path = folder / "content" / language / "topics" / slug / "_index.md"
            _write(path, f"---\ntitle: {quoted(name)}\n---\n")
        for year in words["years"]:
            path = folder / "content" / language / "years" / str(year) / "_index.md"
            _write(path, f"---\ntitle: '{year}'\noutputs: [HTML]\n---\n")


def write_eleventy(folder: Path, items: tuple[Item, ...]) -> None:
    """Write an Eleventy site."""
    shutil.copytree(TEMPLATES / "eleventy", folder)
    shutil.copytree(ASSETS, folder / "static" / "assets")
    _write(folder / "_data" / "newsroom.json", _words(items))
    _write(folder / "releases" / "releases.json", '{"tags": "release", "layout": "release.njk"}')
    for item in items:
        _write(folder / "releases" / f"{item.slug}.md", _page(item, _eleventy_keys(item)))


def write_pelican(folder: Path, items: tuple[Item, ...]) -> None:
    """Write a Pelican site."""
    folder.mkdir(parents=True)
    shutil.copy(TEMPLATES / "pelican" / "pelicanconf.py", folder)
    shutil.copytree(TEMPLATES / "pelican" / "templates", folder / "theme" / "templates")
    shutil.copytree(ASSETS, folder / "content" / "assets")
    _write(folder / "newsroom.json", _words(items))
    for item in items:
        _write(folder / "content" / f"{item.slug}.md", _pelican(item))


WRITERS: dict[str, Callable[[Path, tuple[Item, ...]], None]] = {
    "hugo": write_hugo,
    "eleventy": write_eleventy,
    "pelican": write_pelican,
}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _words(items: tuple[Item, ...]) -> str:
    """Return what the templates say, in all languages, as JSON."""
    data = {
        "url": "https://press.example.org",
        "address": "4 Quay Street, Saltmere",
        "languages": _words_of(items),
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def _words_of(items: Iterable[Item]) -> dict[str, dict[str, Any]]:
    written = {(item.language, item.date.year) for item in items}
    words = {}
    for at, language in enumerate(texts.LANGUAGES):
        phrases = ROOT / "layouts" / "phrases" / f"{language}.yaml"
        names, _ = texts.CONTACTS[at]
        words[language] = {
            "name": ("English", "Español", "Português", "Français")[at],
            "organization": texts.ORGANIZATION[at],
            "boilerplate": texts.BOILERPLATE[at],
            "topics": {slug: names[at] for slug, names in texts.TOPICS.items()},
            "years": sorted((year for code, year in written if code == language), reverse=True),
            "contacts": [
                {"name": name, "phone": phone, "email": email}
                for name, (phone, email) in zip(names, texts.CONTACT_ADDRESSES, strict=True)
            ],
            "months": texts.MONTHS[language].split(","),
            "long_date": texts.LONG_DATES[language],
            "phrases": yaml.safe_load(phrases.read_text(encoding="utf-8")),
        }
    return words


def _page(item: Item, own_keys: Iterable[str]) -> str:
    """Return front matter that Hugo and Eleventy share, and the text."""
    lines = [
        "---",
        f"title: {quoted(item.title)}",
        f"date: {item.date}",
        f"reference: {item.reference}",
        f"kind: {item.kind}",
        f"place: {item.place}",
        f"topics: [{', '.join(item.topics)}]",
        *own_keys,
    ]
    if item.subtitle:
        lines.append(f"subtitle: {quoted(item.subtitle)}")
    if item.summary:
        lines.append(f"description: {quoted(item.summary)}")
    if item.countries:
        lines.append(f"countries: [{', '.join(item.countries)}]")
    if item.event:
        what, where = item.event
        when = item.date + dt.timedelta(days=1)
        lines += ["event:", f"  what: {quoted(what)}", f"  when: {when}"]
        lines.append(f"  where: {quoted(where)}")
    return "\n".join([*lines, "---", "", item.body(_resolved(item))])


def _resolved(item: Item) -> str:
    return f"/{item.earlier}/"


def _hugo_keys(item: Item) -> Iterator[str]:
    yield f"url: /{item.address}"
    yield f"translationKey: {item.kind}-{item.number}-{item.date.year}"
    yield f"years: ['{item.date.year}']"


def _eleventy_keys(item: Item) -> Iterator[str]:
    yield f"permalink: /{item.address}"
    yield f"language: {item.language}"
    yield f"translations: {_versions(item)}"


def _versions(item: Item) -> str:
    return json.dumps(
        [
            {"language": language, "address": item.address_in(language)}
            for language in item.translations
        ]
    )


def _pelican(item: Item) -> str:
    lines = [
        f"Title: {item.title}",
        f"Date: {item.date}",
        f"Slug: {item.slug}",
        f"Address: {item.address}",
        f"Category: {item.language}",
        f"Tags: {', '.join(f'{item.language}-{topic}' for topic in item.topics)}",
        f"Reference: {item.reference}",
        f"Kind: {item.kind}",
        f"Place: {item.place}",
        f"Topics: {','.join(item.topics)}",
        f"Versions: {_versions(item)}",
    ]
    if item.subtitle:
        lines.append(f"Subtitle: {item.subtitle}")
    if item.summary:
        lines.append(f"Lead: {item.summary}")
    if item.countries:
        lines.append(f"Countries: {', '.join(item.countries)}")
    if item.event:
        what, where = item.event
        when = item.date + dt.timedelta(days=1)
        lines += [f"Event_what: {what}", f"Event_when: {when}", f"Event_where: {where}"]
    return "\n".join([*lines, "", item.body(_resolved(item))])
