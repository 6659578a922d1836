"""Everything that the office has, read and checked: the newsroom, the look and every release.

What comes in: a `NewsroomFolder`. What goes out: `Checked[Holdings]`, with all mistakes at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from communique.catalogue import Catalogue, collect
from communique.desk import Desk
from communique.diagnostics import Checked, Diagnostic, Span, in_reading_order
from communique.disk import NewsroomFolder, shipped_layouts
from communique.layouts import LayoutFile, Layouts
from communique.manuscript import read_release
from communique.newsroom import Newsroom
from communique.newsroom_file import read_newsroom
from communique.phrases import Phrases, phrases_path, read_phrases
from communique.release import Manuscript
from communique.source import read_source

MODEL_LANGUAGE = "en"
"""The language whose phrases show which there must be."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything that was read: what the office has, public or not."""

    newsroom: Newsroom
    layouts: Layouts
    manuscripts: tuple[Manuscript, ...]
    catalogue: Catalogue


def read_holdings(folder: NewsroomFolder) -> Checked[Holdings]:
    """Read the newsroom, the look and every release, and gather what is wrong with them.

    There are no holdings if `newsroom.yaml` or the phrases of a language are faulty.
    """
    source = folder.newsroom_source()
    if source.value is None:
        return Checked(None, source.diagnostics)
    newsroom = read_newsroom(source.value)
    if newsroom.value is None:
        return Checked(None, (*source.diagnostics, *newsroom.diagnostics))
    layouts = _read_layouts(folder, newsroom.value)
    found = [*source.diagnostics, *newsroom.diagnostics, *layouts.diagnostics]
    if layouts.value is None:
        return Checked(None, tuple(found))
    manuscripts = tuple(_read_manuscripts(folder, newsroom.value, layouts.value))
    for manuscript in manuscripts:
        found.extend(manuscript.diagnostics)
    catalogue = collect(manuscripts, newsroom.value)
    found.extend(catalogue.diagnostics)
    assert catalogue.value is not None
    holdings = Holdings(newsroom.value, layouts.value, manuscripts, catalogue.value)
    return Checked(holdings, in_reading_order(found))


def weigh(
    diagnostics: Iterable[Diagnostic], is_pending: Callable[[Manuscript], bool], holdings: Holdings
) -> tuple[Diagnostic, ...]:
    """Make warnings of the errors in releases that are still pending, such as drafts."""
    pending = {each.path for each in holdings.manuscripts if is_pending(each)}
    return tuple(
        found.as_warning() if found.span.path in pending else found for found in diagnostics
    )


def _read_layouts(folder: NewsroomFolder, newsroom: Newsroom) -> Checked[Layouts]:
    versions = folder.layout_files()
    model = phrases_path(MODEL_LANGUAGE)
    # The program's own, which is first: what the office says instead has to be like it.
    complete = _phrases_of(MODEL_LANGUAGE, {model: versions[model][:1]}, {}, ())
    kinds = tuple({series.kind: None for series in newsroom.series.values()})
    phrases: dict[str, Phrases] = {}
    found: list[Diagnostic] = []
    for language in newsroom.languages:
        checked = _phrases_of(language, versions, complete.value or {}, kinds)
        found.extend(checked.diagnostics)
        phrases[language] = checked.value or {}
    if any(each.is_error for each in found):
        return Checked(None, tuple(found))
    files = {name: each[-1] for name, each in versions.items()}
    for language in newsroom.languages:
        # What was merged of several files has the digest of all of them.
        parts = versions[phrases_path(language)]
        merged = b"\n".join(part.data for part in parts)
        files[phrases_path(language)] = LayoutFile(parts[-1].path, merged)
    return Checked(Layouts(files, phrases), tuple(found))


def _phrases_of(
    language: str,
    versions: Mapping[str, tuple[LayoutFile, ...]],
    complete: Phrases,
    kinds: Iterable[str],
) -> Checked[Phrases]:
    files = versions.get(phrases_path(language), ())
    if not files:
        message = f"there are no phrases in `{language}`"
        span = Span.of_file(f"layouts/{phrases_path(language)}")
        model = shipped_layouts() / phrases_path(MODEL_LANGUAGE)
        advice = f"copy `{model}` there and translate what stands after each colon"
        return Checked(None, (Diagnostic("phrases-missing", message, span, help=advice),))
    sources = [read_source(file.path, file.data) for file in files]
    found = [each for source in sources for each in source.diagnostics]
    readable = [source.value for source in sources if source.value is not None]
    checked = read_phrases(language, readable, complete, kinds)
    return Checked(checked.value, (*found, *checked.diagnostics))


def _read_manuscripts(
    folder: NewsroomFolder, newsroom: Newsroom, layouts: Layouts
) -> Iterable[Manuscript]:
    marks = {language: _quotation_marks(each) for language, each in layouts.phrases.items()}
    desk = Desk(newsroom, marks, folder.companions_of)
    for path, source in folder.release_sources():
        if source.value is None:
            yield Manuscript(path, None, source.diagnostics, draft=False, public_from=None)
            continue
        yield read_release(source.value, desk).after(source.diagnostics)


def _quotation_marks(phrases: Phrases) -> tuple[str, str, str, str]:
    marks: Any = phrases["quotation_marks"]
    opening, closing, inner_opening, inner_closing = marks
    return opening, closing, inner_opening, inner_closing
