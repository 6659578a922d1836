"""Everything that the office has, read and checked: the newsroom, the look and every release.

What comes in: a `NewsroomFolder`. What goes out: `Checked[Holdings]`, with all mistakes at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from communique.announced import check_announced, read_announced
from communique.cards import Card, Stub
from communique.catalogue import Catalogue, collect
from communique.census import Census
from communique.checks import remarks_on_numbers
from communique.collation import collate
from communique.desk import Desk
from communique.diagnostics import Checked, Diagnostic, Span, in_reading_order
from communique.digest import digest_of
from communique.disk import NewsroomFolder
from communique.glyphs import unprintable
from communique.intake import is_release, take_in
from communique.layout_checks import check_layouts
from communique.layouts import Layouts
from communique.manuscript_store import IN_MEMORY, Line, ManuscriptStore, StoreDamagedError
from communique.newsroom import Newsroom
from communique.newsroom_file import read_newsroom
from communique.notes import read_note, write_note
from communique.phrases import Phrases, phrases_path, read_phrases
from communique.premises import shipped_layouts
from communique.processes import uncollected
from communique.program import program_key
from communique.source import LayoutFile, Source, read_source

MODEL_LANGUAGE = "en"
"""The language whose phrases show which there must be."""
PHRASES_NOTE = "phrases-{}.json"
PRINT_FONTS = "print/fonts"


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything that was read: what the office has, public or not."""

    newsroom: Newsroom
    layouts: Layouts
    catalogue: Catalogue
    stubs: tuple[Stub, ...]
    """The release files that are too faulty for the catalogue."""
    census: Census
    """The files, as they were when they were read."""

    def span_of(self, path: str) -> Span:
        """Return the place of the release that an output belongs to, or the output's own."""
        for card in self.catalogue.cards:
            if path.startswith(card.address):
                return self.catalogue.open(card.path).span
        return Span.of_file(f"build/{path}")

    def count(self) -> int:
        """Return how many release files there are."""
        return sum(is_release(path) for path in self.census.files)


@dataclass(frozen=True, slots=True)
class Furnishings:
    """What everything else is read and shown with."""

    newsroom: Newsroom
    layouts: Layouts
    desk_key: str
    """Stands for all of it that reading a release depends on."""
    census: Census
    """All files, as they were before the first was read: what changes later shows in the next."""


def read_holdings(folder: NewsroomFolder, tick_ns: int | None = None) -> Checked[Holdings]:
    """Read the newsroom, the look and every release, and gather what is wrong with them.

    There are no holdings if `newsroom.yaml` or the phrases of a language are faulty. What changed
    at `tick_ns` or later, by the clock of the file system, is read again the next time.
    """
    furnishings = read_furnishings(folder)
    if furnishings.value is None:
        return Checked(None, furnishings.diagnostics)
    return read_releases(folder, furnishings, tick_ns)


def read_furnishings(folder: NewsroomFolder) -> Checked[Furnishings]:
    """Read the newsroom and the look, which are there at once."""
    census = folder.census()
    source = folder.newsroom_source()
    if source.value is None:
        return Checked(None, source.diagnostics)
    newsroom = read_newsroom(source.value)
    if newsroom.value is None:
        return Checked(None, (*source.diagnostics, *newsroom.diagnostics))
    layouts = _read_layouts(folder, newsroom.value)
    misplaced = tuple(folder.misplaced(census))
    found = (*source.diagnostics, *newsroom.diagnostics, *layouts.diagnostics, *misplaced)
    if layouts.value is None or any(each.code == "file-outside" for each in misplaced):
        return Checked(None, found)
    key = _desk_key(source.value, layouts.value)
    return Checked(Furnishings(newsroom.value, layouts.value, key, census), found)


@uncollected
def read_releases(
    folder: NewsroomFolder, furnishings: Checked[Furnishings], tick_ns: int | None
) -> Checked[Holdings]:
    """Read every release; what was found in the furnishings is said with the rest.

    `furnishings` have a value. For `tick_ns` see `read_holdings`.
    """
    assert furnishings.value is not None
    newsroom, layouts = furnishings.value.newsroom, furnishings.value.layouts
    census = furnishings.value.census
    folder = replace(folder, limits=newsroom.limits)
    desk = desk_of(newsroom, layouts, folder)
    desk_key = furnishings.value.desk_key
    doubtful = census.newer_than(tick_ns) if tick_ns is not None else set()

    def take_in_with(place: Path) -> tuple[ManuscriptStore, dict[str, Line], list[Diagnostic]]:
        store = ManuscriptStore(place, desk_key)
        return store, take_in(folder, desk, census, doubtful, store), list(store.diagnostics())

    try:
        store, lines, found = take_in_with(folder.store_path())
    except StoreDamagedError:
        try:
            store, lines, found = take_in_with(folder.store_path())
        except StoreDamagedError:  # the disk is full
            store, lines, found = take_in_with(IN_MEMORY)
    items = [line.item for line in lines.values()]
    stubs = tuple(item for item in items if isinstance(item, Stub))
    cards = (item for item in items if isinstance(item, Card))
    catalogue = collect(cards, stubs, newsroom, store.open)
    assert catalogue.value is not None
    faulty = (stub.reference for stub in stubs)
    numbers = remarks_on_numbers(catalogue.value.cards, faulty, newsroom, store.open)
    versions = collate(
        catalogue.value, lines, store, lambda path: folder.release_source(path).value
    )
    announced = _check_announced(folder, catalogue.value, stubs)
    remarks = (*catalogue.diagnostics, *numbers, *versions, *announced)
    everything = (*furnishings.diagnostics, *found, *remarks)
    return Checked(
        Holdings(newsroom, layouts, catalogue.value, stubs, census), in_reading_order(everything)
    )


def _check_announced(
    folder: NewsroomFolder, catalogue: Catalogue, stubs: tuple[Stub, ...]
) -> tuple[Diagnostic, ...]:
    """Hold the releases against the register of what was announced, where there is one."""
    source = folder.announced_source()
    if source is None or source.value is None:
        return source.diagnostics if source else ()
    announced = read_announced(source.value)
    broken = check_announced(
        announced.value or (), source.value, catalogue.cards, stubs, catalogue.newsroom
    )
    return (*source.diagnostics, *announced.diagnostics, *broken)


def desk_of(newsroom: Newsroom, layouts: Layouts, folder: NewsroomFolder) -> Desk:
    """Return what release files are read with."""
    within_limits = replace(folder, limits=newsroom.limits)
    fonts = layouts.below(PRINT_FONTS)
    finds = unprintable(fonts, layouts.memory)
    return Desk(newsroom, _marks(layouts), within_limits.companions_of, finds)


def weigh(
    diagnostics: Iterable[Diagnostic],
    is_pending: Callable[[Card | Stub], bool],
    holdings: Holdings,
) -> tuple[Diagnostic, ...]:
    """Make warnings of the errors in releases that are still pending, such as drafts."""
    found = tuple(diagnostics)
    if not found:
        return ()
    catalogue = holdings.catalogue
    items: list[Card | Stub] = [*catalogue.cards, *catalogue.spare, *holdings.stubs]
    pending = {item.path for item in items if is_pending(item)}
    return tuple(each.as_warning() if each.span.path in pending else each for each in found)


def _read_layouts(folder: NewsroomFolder, newsroom: Newsroom) -> Checked[Layouts]:
    versions = folder.layout_files()
    memory = folder.look_memory(program_key())
    phrases = _read_all_phrases(newsroom, versions, memory)
    if phrases.value is None:
        return Checked(None, phrases.diagnostics)
    files = {name: each[-1] for name, each in versions.items()}
    for language in newsroom.languages:
        # What was merged of several files has the digest of all of them.
        parts = versions[phrases_path(language)]
        merged = b"\n".join(part.data for part in parts)
        files[phrases_path(language)] = LayoutFile(parts[-1].path, merged)
    layouts = Layouts(files, phrases.value, memory)
    # The program's own look has no fault that its tests would not find: an office's may have.
    remarks = check_layouts(layouts) if folder.has_own_look() else ()
    return Checked(layouts, (*phrases.diagnostics, *remarks))


def _read_all_phrases(
    newsroom: Newsroom, versions: Mapping[str, tuple[LayoutFile, ...]], memory: Path | None
) -> Checked[dict[str, Phrases]]:
    """Read the phrases of every language, or recall them: to read one takes 6 ms."""
    kinds = tuple({series.kind: None for series in newsroom.series.values()})
    model = phrases_path(MODEL_LANGUAGE)
    paths = dict.fromkeys((model, *map(phrases_path, newsroom.languages)))
    read = {path: [digest_of(each.data) for each in versions.get(path, ())] for path in paths}
    key = digest_of(json.dumps([read, newsroom.languages, kinds]).encode())
    note = memory / PHRASES_NOTE.format(key) if memory else None
    noted = read_note(note)
    if noted is not None:
        return Checked(json.loads(noted))
    # The program's own, which is first: what the office says instead has to be like it.
    complete = _phrases_of(MODEL_LANGUAGE, {model: versions[model][:1]}, {}, ())
    checked = {
        language: _phrases_of(language, versions, complete.value or {}, kinds)
        for language in newsroom.languages
    }
    found = [problem for each in checked.values() for problem in each.diagnostics]
    if any(each.is_error for each in found):
        return Checked(None, tuple(found))
    phrases = {language: each.value or {} for language, each in checked.items()}
    if not found:
        write_note(note, json.dumps(phrases).encode())
    return Checked(phrases, tuple(found))


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


def _desk_key(newsroom: Source, layouts: Layouts) -> str:
    """Return what stands for everything besides the files that reading a release depends on."""
    parts = program_key(), newsroom.digest, _marks(layouts), layouts.digest(f"{PRINT_FONTS}/")
    return digest_of(repr(parts).encode())


def _marks(layouts: Layouts) -> dict[str, tuple[str, str, str, str]]:
    return {language: _quotation_marks(each) for language, each in layouts.phrases.items()}


def _quotation_marks(phrases: Phrases) -> tuple[str, str, str, str]:
    marks: Any = phrases["quotation_marks"]
    opening, closing, inner_opening, inner_closing = marks
    return opening, closing, inner_opening, inner_closing
