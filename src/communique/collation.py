"""The versions of each release held against one another, again only when one of them changed.

What comes in: the catalogue, and the store with what is to be compared. What goes out: what the
rules for translations say. That depends on nothing but the facts of the versions, so it is kept by
their digests, and an archive in which nothing changed is not opened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from communique.cards import Card
from communique.catalogue import Catalogue
from communique.checks import remarks_on_versions
from communique.diagnostics import Diagnostic
from communique.manuscript_store import Line, ManuscriptStore
from communique.source import Source


def collate(
    catalogue: Catalogue,
    lines: Mapping[str, Line],
    store: ManuscriptStore,
    source_of: Callable[[str], Source | None],
) -> Iterator[Diagnostic]:
    """Compare the versions of every release; what is withdrawn is compared with nothing.

    `lines` are by path, and `source_of` returns the text of a release's file.
    Raises: `StoreDamagedError`.
    """
    groups = {
        "".join(lines[card.path].facts for card in versions): versions
        for versions in _versions(catalogue)
    }
    known = store.compared()
    found = {
        key: known[key]
        if key in known
        else tuple(
            remarks_on_versions(
                [store.facts(card.path) for card in versions], catalogue.newsroom, source_of
            )
        )
        for key, versions in groups.items()
    }
    if found.keys() != known.keys():
        store.keep_compared(found)
    return chain.from_iterable(found.values())


def _versions(catalogue: Catalogue) -> Iterator[list[Card]]:
    """Yield the cards that share a number, in the order of the newsroom's languages."""
    ranks = {language: at for at, language in enumerate(catalogue.newsroom.languages)}
    if len(ranks) < 2:
        return
    groups: defaultdict[tuple[str, int, int], dict[str, Card]] = defaultdict(dict)
    for card in catalogue.cards:
        if card.withdrawn is None:
            groups[card.kind, card.year, card.number].setdefault(card.language, card)
    for versions in groups.values():
        if len(versions) > 1:
            yield sorted(versions.values(), key=lambda card: ranks[card.language])
