"""The number book: which reference is the next, and the file that claims it.

What comes in: a series. What goes out: a new release file. Numbers are read from the files as they
are, faulty ones included, and a file is created only if there is none: so no number is given twice,
also to two officers at once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from communique.disk import NewsroomFolder
from communique.newsroom import Newsroom
from communique.publishing import only_one
from communique.reference import Reference
from communique.yaml_text import quoted

REFERENCE_LINE = re.compile(r"^reference:[ \t]*[\"']?([^\"'#\r\n]+)", re.MULTILINE)
KEY = re.compile(r"(reference|language|draft|embargo)[ \t]*:")
SKELETON = """---
reference: {reference}
{language}title: {title}
date: {date}
summary:
place:
topics: []
draft: yes
---

"""


class NumberingError(Exception):
    """The file cannot be made; the message says why, in the officer's words."""


@dataclass(frozen=True, slots=True)
class NewRelease:
    """A release file that was just created."""

    path: Path
    reference: Reference


def create_release(
    folder: NewsroomFolder,
    newsroom: Newsroom,
    series: str,
    language: str | None,
    title: str,
    today: dt.date,
) -> NewRelease:
    """Allot the next number of a series and write the skeleton of its release.

    Translations share a number, so the next one is free in every series of the same kind.
    Raises: `NumberingError` for an unknown series, or a language that is not the series'.
    """
    _check_series(newsroom, series)
    language = _language_of(newsroom, series, language)
    with only_one(folder.private / "numbers.lock", lambda: None):
        number = _next_number(folder, newsroom, series, today.year)
        reference = newsroom.pattern.compose(series, number, today.year)
        several = newsroom.series[series].language is None
        text = SKELETON.format(
            reference=reference,
            language=f"language: {language}\n" if several else "",
            title=quoted(title) if title else '""',
            date=today,
        )
        return NewRelease(_create(folder, newsroom, reference, language, text), reference)


def create_translation(
    folder: NewsroomFolder, newsroom: Newsroom, original: str, language: str
) -> NewRelease:
    """Write the file of a release's translation: its number, and its text to be overwritten.

    It is a draft until the officer says otherwise. Raises: `NumberingError` if there is no such
    release, no series for the language, or the translation exists.
    """
    wanted = newsroom.pattern.recognize(original)
    sources = [
        (reference, text) for reference, text in _numbered(folder, newsroom) if reference == wanted
    ]
    if wanted is None or not sources:
        raise NumberingError(f"there is no release {original}")
    series = _series_for(newsroom, wanted.series, language)
    reference = newsroom.pattern.compose(series, wanted.number, wanted.year)
    several = newsroom.series[series].language is None
    text = _as_translation(sources[0][1], reference, language if several else None)
    return NewRelease(_create(folder, newsroom, reference, language, text), reference)


def _check_series(newsroom: Newsroom, series: str) -> None:
    if series not in newsroom.series:
        known = ", ".join(newsroom.series)
        raise NumberingError(f"there is no series {series}; known are {known}")


def _language_of(newsroom: Newsroom, series: str, language: str | None) -> str:
    own = newsroom.series[series].language
    if own is not None:
        if language not in (None, own):
            raise NumberingError(f"series {series} is in {own}, not in {language}")
        return own
    language = language or newsroom.default_language
    if language not in newsroom.languages:
        raise NumberingError(f"{language} is not among the newsroom's languages")
    return language


def _series_for(newsroom: Newsroom, series: str, language: str) -> str:
    """Return the series in which a release of `series` appears in another language."""
    _check_series(newsroom, series)
    origin = newsroom.series[series]
    if language not in newsroom.languages:
        raise NumberingError(f"{language} is not among the newsroom's languages")
    if origin.language is None:
        return series
    for code, other in newsroom.series.items():
        if other.kind == origin.kind and other.language == language:
            return code
    raise NumberingError(f"no series of the kind `{origin.kind}` is in {language}")


def _next_number(folder: NewsroomFolder, newsroom: Newsroom, series: str, year: int) -> int:
    kind = newsroom.series[series].kind
    siblings = {code for code, each in newsroom.series.items() if each.kind == kind}
    used = [
        reference.number
        for reference, _ in _numbered(folder, newsroom)
        if reference.series in siblings and _is_of_year(newsroom, reference, year)
    ]
    return max(used, default=0) + 1


def _is_of_year(newsroom: Newsroom, reference: Reference, year: int) -> bool:
    """Tell whether a reference read without its date may be of `year`."""
    return newsroom.pattern.compose(reference.series, reference.number, year).text == reference.text


def _numbered(folder: NewsroomFolder, newsroom: Newsroom) -> Iterator[tuple[Reference, str]]:
    """Yield the reference in each release file with the file's text, sound or not."""
    for _, source in folder.release_sources():
        if source.value is None:
            continue
        match = REFERENCE_LINE.search(source.value.text)
        reference = newsroom.pattern.recognize(match[1]) if match else None
        if reference is not None:
            yield reference, source.value.text


def _create(
    folder: NewsroomFolder, newsroom: Newsroom, reference: Reference, language: str, text: str
) -> Path:
    several = newsroom.series[reference.series].language is None
    name = f"{reference.slug}.{language}.md" if several else f"{reference.slug}.md"
    path = folder.releases / str(reference.year) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise NumberingError(f"{path.relative_to(folder.root)} exists already") from None
    return path


def _as_translation(text: str, reference: Reference, language: str | None) -> str:
    """Return a release's text under another reference, as a draft; an embargo stays."""
    head, body = _parts(text)
    kept = list(_without(head, ("reference", "language", "draft")))
    added = [f"reference: {reference}", *([f"language: {language}"] if language else [])]
    return "\n".join(["---", *added, *kept, "draft: yes", "---", body])


def _parts(text: str) -> tuple[list[str], str]:
    _, head, body = re.split(r"^---[ \t]*\r?\n", text, maxsplit=2, flags=re.MULTILINE)
    return head.splitlines(), body


def _without(lines: Iterable[str], keys: tuple[str, ...]) -> Iterator[str]:
    for line in lines:
        match = KEY.match(line)
        if not (match and match[1] in keys):
            yield line
