"""What was measured becomes a table in Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: communique beside a peer, or alone."""

    case: str
    size: int
    ours: Sequence[float]
    """One figure a run."""
    unit: str
    peer: str = ""
    theirs: Sequence[float] = ()
    """As many figures, each from the same round as ours."""
    target: str = ""
    met: bool | None = None
    """None where the target does not apply."""
    note: str = ""


def ratio(row: Row) -> float:
    """Return how many times the peer's figure is ours: the median of the rounds' own ratios."""
    return median(their / our for our, their in zip(row.ours, row.theirs, strict=True))


def table(rows: Sequence[Row]) -> str:
    """Write rows as a table."""
    head = ("case", "size", "communique", "peer", "peer / ours", "target", "met", "remarks")
    lines = ["| " + " | ".join(head) + " |", "|---|--:|--:|--:|--:|---|---|---|"]
    for row in rows:
        peer = f"{row.peer} {_spread(row.theirs, row.unit)}" if row.theirs else row.peer
        quotient = f"{ratio(row):.2f}" if row.theirs and row.ours else ""
        met = {True: "yes", False: "**no**", None: ""}[row.met]
        ours = _spread(row.ours, row.unit)
        cells = (row.case, f"{row.size:,}", ours, peer, quotient, row.target, met, row.note)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _spread(figures: Sequence[float], unit: str) -> str:
    """Write the median, with the least and the most of several."""
    if not figures:
        return "–"
    middle = f"{_short(median(figures))} {unit}"
    if len(figures) == 1:
        return middle
    return f"{middle} ({_short(min(figures))}–{_short(max(figures))})"


def _short(figure: float) -> str:
    if figure >= 100:
        return f"{figure:,.0f}"
    return f"{figure:.1f}" if figure >= 10 else f"{figure:.2f}"
