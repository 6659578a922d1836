"""Every release there is, and the step from it to what the public may see.

What comes in: the cards of all releases. What goes out: `Checked[Catalogue]`, and from it, for one
instant, an `Edition`. No module after this one knows of drafts and embargoes.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from operator import attrgetter

from babel.core import Locale

from communique.addresses import identity_of
from communique.cards import Card, Stub
from communique.connections import Network
from communique.diagnostics import Checked, Diagnostic
from communique.edition import (
    Contact,
    Country,
    Edition,
    Entry,
    PublicRelease,
    Topic,
)
from communique.instants import Microseconds, instant_at, microseconds
from communique.moments import start_of
from communique.newsroom import Newsroom
from communique.processes import uncollected
from communique.release import Body, Event, Mention, Release, Status

NEWS: Microseconds = 2 * 24 * 3600 * 1_000_000
"""How long a release is news, as news search has it."""


@dataclass(frozen=True)
class Catalogue:
    """Every sound release, each reference once per language."""

    newsroom: Newsroom
    cards: tuple[Card, ...]
    spare: tuple[Card, ...]
    """Releases whose reference another one has, which are shown nowhere."""
    open: Callable[[str], Release]
    """Returns the release in the file of that path."""

    def at(self, instant: dt.datetime) -> Edition:
        """Return what the public may see at `instant`."""
        moment = microseconds(instant)
        public = [card for card in self._ordered if not card.draft and card.public_from <= moment]
        return self._edition(public, moment, lambda card, _: card.title)

    def preview(self, instant: dt.datetime, mark: Callable[[Card, Status], str]) -> Edition:
        """Return the edition as if every release were public, for the officer's own eyes.

        `mark` returns the title to show of a release; for one that is not public it has to say so.
        Nothing of a preview may be published: only `serve` asks for one, and it writes no file.
        """
        return self._edition(
            self._ordered,
            microseconds(instant),
            lambda card, moment: mark(card, status_of(card, moment)),
        )

    def changes_around(
        self, instant: dt.datetime
    ) -> tuple[Microseconds | None, Microseconds | None]:
        """Return when the edition of `instant` began to be true, and when the next one follows."""
        moments = self._changes
        at = bisect_right(moments, microseconds(instant))
        return (
            moments[at - 1] if at else None,
            moments[at] if at < len(moments) else None,
        )

    @cached_property
    def _changes(self) -> list[Microseconds]:
        """Every instant at which something becomes public, or changes what is."""
        public = [card for card in self.cards if not card.draft]
        moments = {card.public_from for card in public}
        for card in public:
            moments.update(card.corrections)
            if card.withdrawn is not None:
                moments.add(card.withdrawn)
            if card.event is not None:
                moments.add(card.event[1])
            if "news-sitemap" in self.newsroom.formats:
                moments.add(card.public_from + NEWS)
        return sorted(moments)

    @cached_property
    def _ordered(self) -> list[Card]:
        """All cards, in the order of an edition: the newest first, versions by language."""
        ranks = self._ranks
        ordered = sorted(self.cards, key=lambda card: (card.series, ranks[card.language]))
        ordered.sort(key=attrgetter("public_from", "year", "number"), reverse=True)
        return ordered

    @property
    def _ranks(self) -> dict[str, int]:
        return {language: at for at, language in enumerate(self.newsroom.languages)}

    @uncollected
    def _edition(
        self,
        cards: Sequence[Card],
        moment: Microseconds,
        title_of: Callable[[Card, Microseconds], str],
    ) -> Edition:
        """Return the edition of cards that are in order."""
        network = Network.of(cards, self.newsroom, moment, title_of)
        topics = _Topics(self.newsroom)
        entries = tuple(_entry(card, moment, network, topics) for card in cards)
        paths = {card.address: card.path for card in cards}

        def open_entry(entry: Entry) -> PublicRelease:
            release = self.open(paths[entry.address])
            return _public(release, entry, self.newsroom, moment)

        return Edition(entries, open_entry)


def collect(
    cards: Iterable[Card],
    stubs: Iterable[Stub],
    newsroom: Newsroom,
    open_release: Callable[[str], Release],
) -> Checked[Catalogue]:
    """Put the sound releases together; `stubs` are the faulty ones, which others may name.

    Diagnostics: `duplicate-release` for a reference used twice in one language (reported on the
    one that becomes public later; drafts come last), `unknown-related` and `unknown-release` for
    a reference that no file has, `release-not-yet-public` for a link in a text to a release that
    becomes public after it; `alias-taken` for an older address that two releases have.
    """
    gathered = tuple(cards)
    owners: dict[tuple[str, str], Card] = {}
    found: list[Diagnostic] = []
    for card in sorted(gathered, key=attrgetter("draft", "public_from", "path")):
        owner = owners.setdefault((card.reference, card.language), card)
        if owner is not card:
            found.append(_duplicate(open_release(card.path), open_release(owner.path), newsroom))
    earliest = _earliest(gathered, stubs)
    for card in owners.values():
        if not _mentions_stand(card, earliest):
            found.extend(_check_mentions(open_release(card.path), card, earliest))
    found.extend(_settle_aliases(owners, open_release))
    kept = tuple(owners.values())
    spare = tuple(set(gathered) - set(kept)) if len(kept) < len(gathered) else ()
    return Checked(Catalogue(newsroom, kept, spare, open_release), tuple(found))


def _settle_aliases(
    owners: dict[tuple[str, str], Card], open_release: Callable[[str], Release]
) -> Iterator[Diagnostic]:
    """Let each older address lead to one release: the one that is public first; report the others.

    `owners` are in that order; what they have is put right.
    """
    claimed: dict[str, Card] = {}
    for key, card in owners.items():
        if not card.aliases:
            continue
        own = []
        for alias in card.aliases:
            owner = claimed.setdefault(identity_of(alias), card)
            if owner is card:
                own.append(alias)
                continue
            release = open_release(card.path)
            yield Diagnostic(
                "alias-taken",
                f"`{alias}` is an alias of `{owner.reference}` already, in `{owner.path}`",
                release.span,
                help="delete it in one of the two",
            )
        owners[key] = card._replace(aliases=tuple(own))


def status_of(card: Card, moment: Microseconds) -> Status:
    """Tell where a release stands at `moment`."""
    if card.draft:
        return Status.DRAFT
    if moment < card.public_from:
        return Status.EMBARGOED if card.embargoed else Status.SCHEDULED
    if card.withdrawn is not None and card.withdrawn <= moment:
        return Status.WITHDRAWN
    if card.corrections and card.corrections[0] <= moment:
        return Status.CORRECTED
    return Status.PUBLISHED


def _duplicate(release: Release, owner: Release, newsroom: Newsroom) -> Diagnostic:
    several = newsroom.series[release.reference.series].language is None
    within = f" in `{release.language}`" if several else ""
    return Diagnostic(
        "duplicate-release",
        f"`{release.reference}` is used twice{within}; first used in `{owner.span}`",
        release.span,
        help=f"give one of the two another number; `communique new {release.reference.series}` "
        "knows the next one",
    )


def _earliest(cards: Iterable[Card], stubs: Iterable[Stub]) -> dict[str, Microseconds | None]:
    """Return when each reference becomes public, in the language that does first; drafts never.

    A faulty release counts too: that one is half-written is no mistake in another one.
    """
    earliest: dict[str, Microseconds | None] = {}
    items: list[Card | Stub] = [*cards, *stubs]
    for item in items:
        if item.reference is None:
            continue
        public_from = None if item.draft else item.public_from
        known = earliest.get(item.reference)
        if known is None or (public_from is not None and public_from < known):
            earliest[item.reference] = public_from
    return earliest


def _mentions_stand(card: Card, earliest: Mapping[str, Microseconds | None]) -> bool:
    return all(reference in earliest for reference in card.related) and all(
        _is_public_for(card, reference, earliest) for reference in card.mentions
    )


def _is_public_for(card: Card, reference: str, earliest: Mapping[str, Microseconds | None]) -> bool:
    if reference not in earliest:
        return False
    public_from = earliest[reference]
    return card.draft or (public_from is not None and public_from <= card.public_from)


def _check_mentions(
    release: Release, card: Card, earliest: Mapping[str, Microseconds | None]
) -> Iterator[Diagnostic]:
    for mention in release.related:
        if mention.reference not in earliest:
            yield _unknown(mention, "unknown-related")
    for mention in release.body.mentions:
        if mention.reference not in earliest:
            yield _unknown(mention, "unknown-release")
        elif not _is_public_for(card, mention.reference, earliest):
            yield Diagnostic(
                "release-not-yet-public",
                f"`{mention.reference}` becomes public after this release, which links to it",
                mention.span,
                help="take the link out; `related` shows it by itself once it is public",
            )


def _unknown(mention: Mention, code: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"there is no release `{mention.reference}`",
        mention.span,
        help="correct the number, or take it out",
    )


class _Topics:
    """The topics of a newsroom, made once for each language."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._made: dict[tuple[str, tuple[str, ...]], tuple[Topic, ...]] = {}

    def of(self, card: Card) -> tuple[Topic, ...]:
        key = card.language, card.topics
        if key not in self._made:
            self._made[key] = tuple(
                Topic(slug, self._newsroom.topics[slug].in_language(card.language))
                for slug in card.topics
            )
        return self._made[key]


def _entry(card: Card, moment: Microseconds, network: Network, topics: _Topics) -> Entry:
    withdrawn = card.withdrawn is not None and card.withdrawn <= moment
    status, updated = "published", card.public_from
    if withdrawn or card.corrections:
        corrected = [] if withdrawn else [each for each in card.corrections if each <= moment]
        changes = [card.withdrawn] if withdrawn and card.withdrawn is not None else corrected
        status = "withdrawn" if withdrawn else "corrected" if corrected else "published"
        updated = max(card.public_from, *changes) if changes else card.public_from
    return Entry(
        card.reference,
        card.slug,
        card.address,
        card.language,
        card.kind,
        network.links[card.address].title,
        "" if withdrawn else card.lead,
        card.date,
        card.public_from,
        updated,
        status,
        topics.of(card) if card.topics else (),
        card.guid,
        card.changes,
        card.content,
        () if withdrawn else _countries(card.countries, card.language),
        card.event,
        card.event is not None and not withdrawn and moment < card.event[1],
        moment < card.public_from + NEWS,
        card.aliases,
        "" if withdrawn else card.picture,
        "" if withdrawn else card.occasion,
        network.connections_of(card),
    )


def _public(
    release: Release, entry: Entry, newsroom: Newsroom, moment: Microseconds
) -> PublicRelease:
    """Return what the public may see of a release, which `entry` names."""
    zone = newsroom.time_zone
    kept = entry.status != "withdrawn"
    made = [
        each
        for each in sorted(release.corrections, key=lambda each: start_of(each.when, zone))
        if microseconds(start_of(each.when, zone)) <= moment
    ]
    return PublicRelease(
        reference=entry.reference,
        slug=entry.slug,
        address=entry.address,
        language=entry.language,
        kind=entry.kind,
        series=release.reference.series,
        number=release.reference.number,
        year=release.reference.year,
        title=entry.title,
        subtitle=release.subtitle if kept else None,
        summary=release.summary if kept else None,
        place=release.place if kept else None,
        date=release.date,
        published=release.public_from,
        updated=instant_at(entry.updated, zone),
        # Where the officer named other releases is the check's business, not the public's.
        body=replace(release.body, mentions=()) if kept else Body(),
        topics=entry.topics,
        countries=entry.countries,
        contacts=contacts_of(release.contacts, newsroom, release.language),
        images=release.images if kept else (),
        attachments=release.attachments if kept else (),
        links=release.links if kept else (),
        event=release.event if kept else None,
        corrections=tuple(made) if kept else (),
        withdrawal=None if kept else release.withdrawn,
        guid=entry.guid,
        revision=len(made) + (not kept),
        called_off=None if kept or release.event is None else _bare(release.event),
    )


def _bare(event: Event) -> Event:
    """Return when an event is, without what and where it is."""
    return replace(event, what=None, where=None)


@lru_cache(maxsize=4096)  # few combinations, each in thousands of releases
def _countries(codes: tuple[str, ...], language: str) -> tuple[Country, ...]:
    if not codes:
        return ()
    names = Locale.parse(language, sep="-").territories
    return tuple(Country(code, names[code]) for code in codes)


def contacts_of(keys: Iterable[str], newsroom: Newsroom, language: str) -> tuple[Contact, ...]:
    """Return whom journalists can call, by their keys in the newsroom, in a language."""
    contacts = []
    for key in keys:
        entry = newsroom.contacts[key]
        contacts.append(
            Contact(
                name=entry.name.in_language(language),
                role=entry.role.in_language(language) if entry.role else None,
                phone=entry.phone,
                email=entry.email,
                hours=entry.hours.in_language(language) if entry.hours else None,
            )
        )
    return tuple(contacts)
