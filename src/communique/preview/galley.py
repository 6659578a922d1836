"""A galley, as printers pull one for correction: all releases, with where each really stands.

What comes in: the newsroom's folder and an instant. What goes out: `Galley`. It holds drafts and
embargoed releases, so nothing of it may be published.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from communique.addresses import identity_of, legacy_reference, meant_by
from communique.build import stationery_of
from communique.cards import Card
from communique.catalogue import Catalogue, collect, status_of
from communique.diagnostics import Checked, Diagnostic, Span
from communique.disk import NewsroomFolder
from communique.holdings import Holdings, read_holdings, weigh
from communique.instants import instant_at, microseconds
from communique.manuscript_store import StoreDamagedError
from communique.newsroom import Newsroom
from communique.output import Output, Shelf
from communique.plan import plan_followers, plan_outputs
from communique.release import Release, Status

MARKS = {
    Status.DRAFT: "DRAFT",
    Status.EMBARGOED: "EMBARGOED UNTIL {when}",
    Status.SCHEDULED: "SCHEDULED FOR {when}",
}
"""What stands before a title that is not public; `when` is the time with its zone."""

SENTENCES = {
    Status.DRAFT: "Draft: it stays unpublished until the line `draft` is deleted",
    Status.EMBARGOED: "Embargoed until {when}",
    Status.SCHEDULED: "Scheduled: public from {when} on",
    Status.PUBLISHED: "Public since {when}",
    Status.CORRECTED: "Public since {when}, and corrected",
    Status.WITHDRAWN: "Withdrawn: the public sees this notice",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the release on a page stands."""

    path: str
    """The release's file, below the newsroom's folder."""
    status: Status
    sentence: str
    outdated: bool
    """The file has errors now: the page shows the last version that had none."""


@dataclass(frozen=True, slots=True)
class Galley:
    """The newsroom as if everything were public at one instant, for the officer alone."""

    version: str
    """The state of the sources that it shows."""
    instant: str
    """In the newsroom's zone: ``2014-11-18 10:00 EST``."""
    until: dt.datetime | None
    """When the next release changes its status."""
    problems: tuple[Diagnostic, ...]
    holdings: Holdings | None
    """None where `newsroom.yaml` or the phrases are faulty; nothing can be shown then."""
    outputs: Mapping[str, Output] = field(default_factory=dict)
    """By their path, as in `build/`."""
    followers: tuple[Shelf, ...] = ()
    """What is made when it is asked for; the name of each is its folder."""
    standings: Mapping[str, Standing] = field(default_factory=dict)
    """By the path of the release's page."""

    def is_over(self, instant: dt.datetime) -> bool:
        """Tell whether a release stands elsewhere at `instant`."""
        return self.until is not None and self.until <= instant

    def moved_to(self, asked: str) -> str | None:
        """Return the address to which a server that has our redirects leads from another one.

        `asked` is a path below the root, perhaps with a query.
        """
        if self.holdings is None or not self.holdings.newsroom.redirects:
            return None
        wanted = identity_of(asked)
        for card in self.holdings.catalogue.cards:
            if wanted in map(identity_of, card.aliases):
                return card.address
        newsroom = self.holdings.newsroom
        path = asked.partition("?")[0]
        reference = legacy_reference(asked, newsroom) or meant_by(path, newsroom)
        address = f"{reference.text}/" if reference else ""
        return address if f"{address}index.html" in self.outputs and address else None


@dataclass(slots=True)
class LastSound:
    """The last version without errors of each release that was read in this session."""

    newsroom: Newsroom | None = None
    """Whom the versions belong to: under another one their topics or series may not exist."""
    cards: dict[str, Card] = field(default_factory=dict)
    releases: dict[str, Release] = field(default_factory=dict)
    """By the path of the file, like `cards`."""

    def fill_in(self, holdings: Holdings) -> None:
        """Remember the sound releases; what is gone from the folder is forgotten."""
        if holdings.newsroom != self.newsroom:
            self.newsroom = holdings.newsroom
            self.cards.clear()
            self.releases.clear()
        catalogue = holdings.catalogue
        for card in (*catalogue.cards, *catalogue.spare):
            known = self.cards.get(card.path)
            if known != card:
                self.cards[card.path] = card
                self.releases[card.path] = catalogue.open(card.path)
        faulty = {stub.path for stub in holdings.stubs}
        present = faulty | {card.path for card in (*catalogue.cards, *catalogue.spare)}
        for path in self.cards.keys() - present:
            del self.cards[path], self.releases[path]


def pull_galley(
    folder: NewsroomFolder, url: str, version: str, instant: dt.datetime, last_sound: LastSound
) -> Galley:
    """Read the newsroom and plan what shows it at `url`, the preview's own address.

    As in `communique check`, errors in drafts are warnings.
    """
    checked = _read(folder)
    if checked.value is None:
        return Galley(version, in_words(instant, dt.UTC), None, checked.diagnostics, None)
    read = checked.value
    problems = weigh(checked.diagnostics, lambda item: item.draft, read)
    newsroom = replace(read.newsroom, url=url)
    try:
        last_sound.fill_in(read)
    except StoreDamagedError:  # it is removed: everything is read from the sources
        return pull_galley(folder, url, version, instant, last_sound)
    releases = last_sound.releases
    catalogue = collect(last_sound.cards.values(), (), newsroom, releases.__getitem__).value
    assert catalogue is not None
    zone = newsroom.time_zone
    edition = catalogue.preview(instant, lambda card, status: _marked(card, status, zone))
    holdings = replace(read, newsroom=newsroom, catalogue=catalogue)
    stationery = stationery_of(holdings, offers_pdf=True)
    outputs = plan_outputs(edition, stationery)
    faulty = {stub.path for stub in read.stubs}
    return Galley(
        version,
        in_words(instant, zone),
        _next_change(catalogue, instant, zone),
        problems,
        holdings,
        {output.path: output for output in outputs},
        tuple(plan_followers(edition, stationery)),
        _standings(catalogue, instant, faulty),
    )


def in_words(moment: dt.datetime, zone: dt.tzinfo) -> str:
    """Write an instant with its zone."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"


def _read(folder: NewsroomFolder) -> Checked[Holdings]:
    try:
        return read_holdings(folder)
    except OSError as error:
        # A file went away while the folder was read, as when an editor saves: the next reading
        # follows at once.
        span = Span.of_file(str(error.filename))
        message = f"the file cannot be read: {error.strerror}"
        return Checked(None, (Diagnostic("file-unreadable", message, span),))


def _marked(card: Card, status: Status, zone: ZoneInfo) -> str:
    if status.is_public:
        return card.title
    mark = MARKS[status].format(when=in_words(instant_at(card.public_from, zone), zone))
    return f"[{mark}] {card.title}"


def _standings(
    catalogue: Catalogue, instant: dt.datetime, faulty: Iterable[str]
) -> dict[str, Standing]:
    zone = catalogue.newsroom.time_zone
    standings = {}
    for card in catalogue.cards:
        status = status_of(card, microseconds(instant))
        when = in_words(instant_at(card.public_from, zone), zone)
        sentence = SENTENCES[status].format(when=when)
        page = f"{card.address}index.html"
        standings[page] = Standing(card.path, status, sentence, card.path in faulty)
    return standings


def _next_change(catalogue: Catalogue, instant: dt.datetime, zone: ZoneInfo) -> dt.datetime | None:
    _, following = catalogue.changes_around(instant)
    return None if following is None else instant_at(following, zone)
