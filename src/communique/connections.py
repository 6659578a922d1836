"""How the releases of one edition find one another: languages, neighbours, what is related.

What comes in: the cards of the edition, the newest first. What goes out: the `Connections` of each
release. All are made so that a release which is new or changed touches a bounded number of others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from communique.cards import Card
from communique.edition import Connections, ReleaseLink
from communique.instants import Microseconds
from communique.newsroom import Newsroom

BACKGROUND = 3
"""How many earlier releases on its topic a release leads to that has nothing related."""
NAMING = 10
"""How many of those that name a release its page leads to, the newest."""

_NumberKey = tuple[str, int, int]
"""Kind, year and number, which translations share."""
_Place = tuple[int, int]
"""Where a release stands in its series."""
_Links = Sequence[ReleaseLink]


@dataclass(frozen=True, slots=True)
class Network:
    """What the releases of an edition know of one another."""

    newsroom: Newsroom
    links: Mapping[str, ReleaseLink]
    """Address → how others show the release."""
    numbers: Mapping[str, _NumberKey]
    """By reference."""
    versions: Mapping[_NumberKey, _Links]
    """In order of language."""
    naming: Mapping[_NumberKey, Mapping[_NumberKey, Collection[str]]]
    """Number → those that name it, the newest first, each with the references that it names."""
    earlier: Mapping[str, tuple[ReleaseLink, ...]]
    """Address → the releases before it on its first topic, the newest first."""
    beside: Mapping[tuple[str, _Place], tuple[_Links, _Links]]
    """Series and place in it → the versions of the release before, and of the one after."""

    @classmethod
    def of(
        cls,
        cards: Sequence[Card],
        newsroom: Newsroom,
        moment: Microseconds,
        title_of: Callable[[Card, Microseconds], str],
    ) -> Network:
        """Connect the releases of an edition; `title_of` returns the title to show of each."""
        ranks = {language: at for at, language in enumerate(newsroom.languages)}
        links: dict[str, ReleaseLink] = {}
        numbers: dict[str, _NumberKey] = {}
        versions: defaultdict[_NumberKey, list[ReleaseLink]] = defaultdict(list)
        series: defaultdict[str, defaultdict[_Place, list[ReleaseLink]]]
        series = defaultdict(lambda: defaultdict(list))
        for card in cards:
            title = "" if _is_withdrawn(card, moment) else title_of(card, moment)
            link = ReleaseLink(card.reference, card.language, title, card.address)
            links[card.address] = link
            key = numbers[card.reference] = _number_key(card)
            versions[key].append(link)
            series[card.series][_place(card, newsroom)].append(link)
        in_series = chain.from_iterable(places.values() for places in series.values())
        for each in chain(versions.values(), in_series):
            if len(each) > 1:
                each.sort(key=lambda link: ranks[link.language])
        naming = _naming(cards, numbers, moment)
        return cls(
            newsroom, links, numbers, versions, naming, _earlier(cards, links), _beside(series)
        )

    def connections_of(self, card: Card) -> Connections:
        """Return which other releases the page of a release leads to.

        Of a withdrawn one nothing remains but the notice, its translations and its place.
        """
        before, after = self.beside[card.series, _place(card, self.newsroom)]
        translations = self._translations_of(card)
        previous = _in_language(before, card.language)
        following = _in_language(after, card.language)
        if not self.links[card.address].title:
            return Connections(translations, previous=previous, following=following)
        related: tuple[ReleaseLink, ...] = ()
        if card.related or _number_key(card) in self.naming:
            related = tuple(dict.fromkeys((*self._named_by(card), *self._that_name(card))))
        background = () if related else self.earlier.get(card.address, ())
        pending = self._pending_of(card) if self.newsroom.pending_translations else ()
        return Connections(translations, pending, related, background, previous, following)

    def _translations_of(self, card: Card) -> tuple[ReleaseLink, ...]:
        versions = self.versions[_number_key(card)]
        if len(versions) == 1:
            return ()
        return tuple(link for link in versions if link.language != card.language)

    def _pending_of(self, card: Card) -> tuple[str, ...]:
        """Return the languages that are awaited: of what is not public, nothing is known here."""
        there = {link.language for link in self.versions[_number_key(card)]}
        awaited = self.newsroom.pending_in(card.kind, card.date)
        return tuple(language for language in awaited if language not in there)

    def _named_by(self, card: Card) -> Iterator[ReleaseLink]:
        """Yield what is public of `related`: in the release's language, else as it was named."""
        for reference in card.related:
            key = self.numbers.get(reference)
            shown = [link for link in self.versions[key] if link.title] if key else []
            named = [link for link in shown if link.reference == reference]
            same = [link for link in shown if link.language == card.language]
            yield from (same if key != _number_key(card) and same else named)[:1]

    def _that_name(self, card: Card) -> Iterator[ReleaseLink]:
        """Yield what names this release or a translation, in its language.

        What is in no version of that language is there only if it names this very reference.
        """
        for key, named in islice(self.naming.get(_number_key(card), {}).items(), NAMING):
            shown = [link for link in self.versions[key] if link.title]
            same = [link for link in shown if link.language == card.language]
            yield from (same or (shown if card.reference in named else []))[:1]


def _number_key(card: Card) -> _NumberKey:
    return card.kind, card.year, card.number


def _place(card: Card, newsroom: Newsroom) -> _Place:
    """Return what orders a series: where references carry no year, numbers never begin anew."""
    return (card.year if newsroom.pattern.year_width else 0), card.number


def _is_withdrawn(card: Card, moment: Microseconds) -> bool:
    return card.withdrawn is not None and card.withdrawn <= moment


def _in_language(links: _Links, language: str) -> ReleaseLink | None:
    """Return the version in a language, else the first there is."""
    if len(links) < 2:
        return links[0] if links else None
    return next((link for link in links if link.language == language), links[0])


def _naming(
    cards: Sequence[Card], numbers: Mapping[str, _NumberKey], moment: Microseconds
) -> dict[_NumberKey, dict[_NumberKey, set[str]]]:
    found: dict[_NumberKey, dict[_NumberKey, set[str]]] = {}
    for card in cards:
        if card.related and not _is_withdrawn(card, moment):
            own = _number_key(card)
            for reference in card.related:
                key = numbers.get(reference)
                if key is not None and key != own:
                    found.setdefault(key, {}).setdefault(own, set()).add(reference)
    return found


def _earlier(
    cards: Sequence[Card], links: Mapping[str, ReleaseLink]
) -> dict[str, tuple[ReleaseLink, ...]]:
    found = {}
    recent: dict[tuple[str, str], tuple[ReleaseLink, ...]] = {}
    for card in reversed(cards):
        if not card.topics:
            continue
        found[card.address] = recent.get((card.language, card.topics[0]), ())
        link = links[card.address]
        if link.title:
            for topic in card.topics:
                place = card.language, topic
                recent[place] = (link, *recent.get(place, ())[: BACKGROUND - 1])
    return found


def _beside(
    series: Mapping[str, Mapping[_Place, _Links]],
) -> dict[tuple[str, _Place], tuple[_Links, _Links]]:
    found = {}
    for name, places in series.items():
        ordered = sorted(places.items())
        versions = [(), *(links for _, links in ordered), ()]
        for at, (place, _) in enumerate(ordered):
            found[name, place] = versions[at], versions[at + 2]
    return found
