"""Related releases that readers do not see: withdrawn ones, and those that are not public yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from communique.checks.rule import Listed, RelatedRule
from communique.diagnostics import Severity

FAMILY = "Links and media"


def unseen(cards: Sequence[Listed], moment: int) -> Iterator[tuple[str, str, str]]:
    """Find what `related` names and readers do not see: now, or when the release is public."""
    versions: defaultdict[str, list[Listed]] = defaultdict(list)
    for card in cards:
        versions[card.reference].append(card)
    for card in cards:
        if not card.related or card.withdrawn is not None:
            continue
        at = max(moment, card.public_from)
        for reference in card.related:
            named = versions.get(reference)
            if not named:  # faulty, or none at all, which is another mistake
                continue
            due = [each for each in named if not each.draft and each.public_from <= at]
            if not due and not card.draft:
                yield card.path, reference, "is not public yet"
            elif due and all(each.withdrawn is not None and each.withdrawn <= at for each in due):
                yield card.path, reference, "is withdrawn"


RULES = (
    RelatedRule(
        "related-unseen",
        FAMILY,
        Severity.NOTE,
        "A release in `related` that is withdrawn, or that is not public at the time of the check "
        "(for a release that lies ahead: when that becomes public). `check` alone tells: a page "
        "shows of `related` what is public, and a build does not mind.",
        "The list under the text is shorter than its author believes.",
        "E-001/26  2026-01-05  related=E-002/26\nE-002/26  2027-01-06",
        "E-001/26  2026-01-05  related=E-002/26\nE-002/26  2026-01-06",
        unseen,
    ),
)
