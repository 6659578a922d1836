"""The number book: which reference is the next, and the file that claims it.

What comes in: a series. What goes out: a new release file. Numbers are read from the files as they
are, faulty ones included, and a file is created only if there is none: so no number is given twice,
also to two officers at once.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from communique.disk import NewsroomFolder
from communique.manuscript import FENCE
from communique.newsroom import Newsroom
from communique.proof import quoted
from communique.publishing import only_one
from communique.reference import Reference

REFERENCE_LINE = re.compile(
    r"""^[ \t]*["']?reference["']?[ \t]*:[ \t]*(?:\r?\n[ \t]+)?["']?([^"'#\r\n]+)""", re.MULTILINE
)
"""Finds the reference also where the rest of a file is no YAML."""
LANGUAGE_LINE = re.compile(r"""^language[ \t]*:[ \t]*["']?([\w-]+)""", re.MULTILINE)
NOT_OF_A_TRANSLATION = re.compile(r"""["']?(reference|language|draft)["']?[ \t]*:""")
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


@dataclass(frozen=True, slots=True)
class _NumberedFile:
    """A release file as far as the number book reads it."""

    path: str
    """Below the newsroom's folder."""
    reference: Reference
    text: str


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
        of_year = folder.releases / str(today.year)
        return NewRelease(_create(of_year, folder, newsroom, reference, language, text), reference)


def create_translation(
    folder: NewsroomFolder, newsroom: Newsroom, original: str, language: str
) -> NewRelease:
    """Write the file of a release's translation: its number, and its text to be overwritten.

    It is a draft until the officer says otherwise. Raises: `NumberingError` if there is no such
    release, no series for the language, or the translation exists.
    """
    wanted = newsroom.pattern.recognize(original)
    found = [each for each in _numbered(folder, newsroom) if each.reference == wanted]
    if wanted is None or not found:
        raise NumberingError(f"there is no release {original}")
    series = _series_for(newsroom, wanted.series, language)
    reference = newsroom.pattern.compose(series, wanted.number, wanted.year)
    several = newsroom.series[series].language is None
    text = _as_translation(found[0], reference, language if several else None)
    beside = (folder.root / found[0].path).parent
    return NewRelease(_create(beside, folder, newsroom, reference, language, text), reference)


@dataclass(frozen=True, slots=True)
class NumberBook:
    """The numbers that are taken, read once for many releases that take or bring one."""

    folder: NewsroomFolder
    newsroom: Newsroom
    taken: dict[tuple[str, str], str]
    """Reference and language → the file that has it."""
    begin: dict[tuple[str, int], int] = field(default_factory=dict)
    """Kind and year → the number that was free when the book was read."""

    @classmethod
    def of(cls, folder: NewsroomFolder, newsroom: Newsroom) -> NumberBook:
        """Read the files as they are, faulty ones included."""
        book = cls(folder, newsroom, {})
        for each in _numbered(folder, newsroom):
            series = newsroom.series.get(each.reference.series)
            language = series.language if series else ""
            if language is None:
                match = LANGUAGE_LINE.search(each.text)
                language = match[1] if match else ""
            book.taken[each.reference.text, language] = each.path
        return book

    def folder_of(self, year: int) -> Path:
        """Return the folder of a year's releases, which is made where it is missing."""
        return _folder_within(self.folder, self.folder.releases / f"{year:04}")

    def path_of(self, beside: Path, reference: Reference, language: str) -> Path:
        """Return where a release's file goes."""
        return beside / _name_of(self.newsroom, reference, language)

    def require_free(self, reference: Reference, language: str, target: Path) -> None:
        """See that no release has a reference. Raises: `NumberingError`."""
        owner = self.taken.get((reference.text, language))
        if owner is not None:
            raise NumberingError(f"{owner} has the reference {reference} already")
        if os.path.lexists(target):
            raise NumberingError(f"{target.relative_to(self.folder.root)} exists already")

    def next_number(self, series: str, year: int) -> Reference:
        """Return the next number of a series. Raises: `NumberingError` if there is none such."""
        _check_series(self.newsroom, series)
        kind = self.newsroom.series[series].kind
        siblings = [code for code, each in self.newsroom.series.items() if each.kind == kind]
        used = {reference for reference, _ in self.taken}
        if (kind, year) not in self.begin:
            self.begin[kind, year] = _next_number(self.folder, self.newsroom, series, year)
        number = self.begin[kind, year]
        while any(
            self.newsroom.pattern.compose(code, number, year).text in used for code in siblings
        ):
            number += 1
        return self.newsroom.pattern.compose(series, number, year)

    def take(self, reference: Reference, language: str) -> None:
        """Note that a release has a reference now."""
        self.taken[reference.text, language] = "another file of this import"


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
        each.reference.number
        for each in _numbered(folder, newsroom)
        if each.reference.series in siblings and _is_of_year(newsroom, each.reference, year)
    ]
    names = {path.name.partition(".")[0] for path in folder.releases.rglob("*.md")}
    number = max(used, default=0) + 1
    # A file whose reference cannot be read, being empty say, keeps the number of its name.
    while any(
        each.slug in names or each.text in newsroom.unused_numbers
        for each in (newsroom.pattern.compose(code, number, year) for code in siblings)
    ):
        number += 1
    return number


def _is_of_year(newsroom: Newsroom, reference: Reference, year: int) -> bool:
    """Tell whether a reference read without its date may be of `year`."""
    return newsroom.pattern.compose(reference.series, reference.number, year).text == reference.text


def _numbered(folder: NewsroomFolder, newsroom: Newsroom) -> Iterator[_NumberedFile]:
    """Yield each release file that has a reference, sound or not."""
    folder = replace(folder, limits=newsroom.limits)
    for path in folder.release_paths():
        source = folder.release_source(path)
        if source.value is None:
            continue
        match = REFERENCE_LINE.search(source.value.text)
        reference = newsroom.pattern.recognize(match[1]) if match else None
        if reference is not None:
            yield _NumberedFile(path, reference, source.value.text)


def _create(
    beside: Path,
    folder: NewsroomFolder,
    newsroom: Newsroom,
    reference: Reference,
    language: str,
    text: str,
) -> Path:
    path = _folder_within(folder, beside) / _name_of(newsroom, reference, language)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise NumberingError(f"{path.relative_to(folder.root)} exists already") from None
    return path


def _name_of(newsroom: Newsroom, reference: Reference, language: str) -> str:
    several = newsroom.series[reference.series].language is None
    return f"{reference.slug}.{language}.md" if several else f"{reference.slug}.md"


def _folder_within(folder: NewsroomFolder, beside: Path) -> Path:
    """Return a folder of releases, which is made where it is missing."""
    beside.mkdir(parents=True, exist_ok=True)
    if not beside.resolve().is_relative_to(folder.releases.resolve()):
        shown = beside.relative_to(folder.root)
        raise NumberingError(f"{shown} is a link that leads out of the releases")
    return beside


def _as_translation(original: _NumberedFile, reference: Reference, language: str | None) -> str:
    """Return a release's text under another reference, as a draft; an embargo stays."""
    parts = FENCE.split(original.text, maxsplit=2)
    if len(parts) != 3:
        raise NumberingError(
            f"{original.path} has errors that keep it from being translated; `communique check` "
            "shows them"
        )
    _, head, body = (re.sub(r"\r\n?", "\n", part) for part in parts)
    lines = head.strip("\n").split("\n")
    kept = [line for line in lines if not NOT_OF_A_TRANSLATION.match(line)]
    added = [f"reference: {reference}", *([f"language: {language}"] if language else [])]
    return "\n".join(["---", *added, *kept, "draft: yes", f"---{body}"])
