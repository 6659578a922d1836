"""The one composition of the stages: from the newsroom's folder to `build/`.

What comes in: a `NewsroomFolder` and the instant. What goes out: a `BuildReport`. This is the way
of a release, from top to bottom; each stage is a module of its own.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from communique.addresses import Moves
from communique.ahead import (
    AHEAD,
    Prepared,
    discard_prepared,
    keep_prepared,
    read_prepared,
)
from communique.bundles import Bundles
from communique.cards import is_due
from communique.catalogue import contacts_of
from communique.diagnostics import Checked, Diagnostic
from communique.disk import NewsroomFolder
from communique.edition import Edition
from communique.holdings import Holdings, read_furnishings, read_releases, weigh
from communique.idle import note_standing, state_of
from communique.instants import instant_at, microseconds
from communique.layouts import Layouts
from communique.leaks import Lookout
from communique.ledger import LEDGER, open_ledger
from communique.manuscript_store import StoreDamagedError
from communique.output import Stationery
from communique.pictures import writable_forms
from communique.production import Production, Progress, hidden
from communique.publishing import WorkFolder, only_one
from communique.rendering import Press
from communique.site import sites_of

BUNDLES = f"{AHEAD}-bundles"
"""The private folder in which is kept what took long to make for the edition that follows."""
MAKING_READY = f"{AHEAD}-new"
"""The private folder in which the edition that follows is rendered."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to build."""

    offers_pdf: bool = True
    verify: bool = False
    """Whether each file in `build/` is looked at, and made again if somebody else changed it."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did, or why it did nothing. Notes are for `check` to show, and not here."""

    diagnostics: tuple[Diagnostic, ...]
    published: tuple[str, ...] = ()
    """Paths below `build/` that are new or changed."""
    removed: tuple[str, ...] = ()
    kept: int = 0
    unknown: tuple[str, ...] = ()
    """Files in `build/` that are not ours; they were left alone."""
    aside: tuple[tuple[str, str], ...] = ()
    """Files that were moved out of `build/`, because nobody knows any more what they are, and where
    they lie now, below the newsroom's folder."""
    reasons: tuple[tuple[str, str], ...] = ()
    """Of every file that was rendered, its path and why."""
    notes: int = 0
    """How many there are on the releases that were published."""

    @property
    def failed(self) -> bool:
        """Tell whether there was an error."""
        return any(found.is_error for found in self.diagnostics)

    @property
    def stopped(self) -> bool:
        """Tell whether an error kept everything from being published; `build/` is as it was."""
        return self.failed and not self.published


def build(
    folder: NewsroomFolder,
    instant: dt.datetime,
    settings: Settings,
    *,
    press_of: Callable[[Layouts], Press],
    progress: Progress,
    on_wait: Callable[[], None],
) -> BuildReport:
    """Publish what the public may see at `instant`.

    An error in a release that would be public stops the build before anything is published.
    Raises: `communique.pdf_libraries.PdfUnavailableError` if a PDF is to be made and the machine
    lacks the libraries.
    """
    # Read only when it is our turn: else a build that waited would undo what was published since.
    with only_one(folder.private / "build.lock", on_wait) as tick_ns:
        try:
            return _build(folder, instant, settings, press_of, progress, tick_ns)
        except StoreDamagedError:  # it is removed: everything is read from the sources
            return _build(folder, instant, settings, press_of, progress, tick_ns)


def _build(
    folder: NewsroomFolder,
    instant: dt.datetime,
    settings: Settings,
    press_of: Callable[[Layouts], Press],
    progress: Progress,
    tick_ns: int,
) -> BuildReport:
    """Read everything, and publish it if nothing is wrong. Raises: `StoreDamagedError`."""
    furnishings = read_furnishings(folder)
    if furnishings.value is None:
        return BuildReport(furnishings.diagnostics)
    with press_of(furnishings.value.layouts) as press:
        checked = read_releases(folder, furnishings, tick_ns)
        assert checked.value is not None, "there are holdings where there are furnishings"
        moment = microseconds(instant)
        problems = (each for each in checked.diagnostics if not each.is_note)
        found = weigh(problems, lambda item: not is_due(item, moment), checked.value)
        if any(each.is_error for each in found):
            return BuildReport(found)
        if settings.offers_pdf:
            press.warm_up()
        sound = Checked(checked.value, found)
        report = _publish(folder, sound, instant, settings, press, progress, tick_ns)
        return replace(report, notes=_count_notes(checked, report.published))


def _count_notes(checked: Checked[Holdings], published: Iterable[str]) -> int:
    """Count the notes on the releases that files were published of."""
    assert checked.value is not None
    noted = Counter(each.span.path for each in checked.diagnostics if each.is_note)
    if not noted:
        return 0
    folders = {path.rpartition("/")[0] + "/" for path in published}
    cards = (card for card in checked.value.catalogue.cards if card.address in folders)
    return sum(noted[card.path] for card in cards)


def _publish(
    folder: NewsroomFolder,
    checked: Checked[Holdings],
    instant: dt.datetime,
    settings: Settings,
    press: Press,
    progress: Progress,
    tick_ns: int,
) -> BuildReport:
    """Publish the edition of an instant, and prepare the one that follows."""
    holdings = checked.value
    assert holdings is not None, "only what could be read is published"
    holdings.layouts.recall()
    stationery = stationery_of(holdings, settings.offers_pdf)
    edition = holdings.catalogue.at(instant)
    with (
        open_ledger(folder.private / LEDGER) as ledger,
        WorkFolder(folder.private / "work") as work,
    ):
        ahead = read_prepared(folder.private / AHEAD)
        ready = ahead.ready() if ahead else {}
        lookout = Lookout(holdings.catalogue, holdings.layouts, instant)
        bundles = Bundles(folder.private / BUNDLES)
        production = Production(
            folder, holdings, ledger, press, work, progress, lookout, ready, bundles
        )
        production.bring_up_to_date(edition, stationery, settings.verify)
        report = BuildReport(
            (*checked.diagnostics, *dict.fromkeys(production.problems)),
            tuple(production.published),
            tuple(production.removed),
            ledger.count() - len(production.published),
            production.unknown,
            tuple(
                (path, place.relative_to(folder.root).as_posix())
                for path, place in production.aside.items()
            ),
            tuple(production.reasons),
        )
        holdings.layouts.note()
        if report.failed:
            return report
        warnings = _look_ahead(production, edition, stationery, instant, ready)
        report = replace(report, diagnostics=(*report.diagnostics, *warnings))
        if not report.diagnostics and not report.unknown:
            _note_standing(production, instant, settings, tick_ns)
        return report


def stationery_of(holdings: Holdings, offers_pdf: bool) -> Stationery:
    """Return what the newsroom's editions are put on."""
    newsroom = holdings.newsroom
    sites = sites_of(newsroom)
    if "pictures" in newsroom.formats:
        forms = writable_forms()
        sites = {name: replace(site, picture_forms=forms) for name, site in sites.items()}
    moves = Moves.of(newsroom)
    contacts = {
        language: contacts_of(newsroom.default_contacts, newsroom, language) for language in sites
    }
    return Stationery.of(holdings.layouts, sites, offers_pdf, newsroom.headers, moves, contacts)


def _look_ahead(
    production: Production,
    present: Edition,
    stationery: Stationery,
    instant: dt.datetime,
    ready: Mapping[tuple[str, str], Path],
) -> tuple[Diagnostic, ...]:
    """Render the edition that follows, in private, so that its instant finds it ready.

    Returns, as warnings, what would keep it from being rendered.
    """
    folder, holdings = production.folder, production.holdings
    _, next_change = holdings.catalogue.changes_around(instant)
    if next_change is None:
        discard_prepared(folder.private / AHEAD)
        discard_prepared(folder.private / MAKING_READY)  # left by a build that was killed
        discard_prepared(folder.private / BUNDLES)
        return ()
    begin = instant_at(next_change, holdings.newsroom.time_zone)
    _, after = holdings.catalogue.changes_around(begin)
    with WorkFolder(folder.private / MAKING_READY) as work:
        follower = Production(
            folder,
            holdings,
            production.ledger,
            production.press,
            work,
            hidden,
            Lookout(holdings.catalogue, holdings.layouts, begin),
            ready,
            production.bundles,
        )
        batch, gone = follower.prepare(holdings.catalogue.at(begin), present, stationery)
        if follower.problems:
            discard_prepared(folder.private / AHEAD)
            return tuple(dict.fromkeys(each.as_warning() for each in follower.problems))
        work.hand_over(folder.private / AHEAD)
    leaving = tuple(record.path for record in follower.leaving(batch, gone))
    keep_prepared(
        folder.private / AHEAD,
        Prepared(
            state_of(holdings.census, stationery.offers_pdf),
            next_change,
            after,
            tuple(batch.finished),
            batch.shelves,
            leaving,
            tuple(gone),
        ),
    )
    return ()


def _note_standing(
    production: Production, instant: dt.datetime, settings: Settings, tick_ns: int
) -> None:
    """Note that there is nothing to do until something changes, unless that is in doubt."""
    census = production.holdings.census
    if census.newer_than(tick_ns):
        return
    since, until = production.holdings.catalogue.changes_around(instant)
    state = state_of(census, settings.offers_pdf)
    note_standing(production.ledger, production.folder.build, state, since, until)
