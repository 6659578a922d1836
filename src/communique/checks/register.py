"""The register: numbers that were passed over or are out of order, and names of files.

That a number is used twice, is not written as the newsroom writes it, or is of another year than
the date, is found when releases are read: those are errors.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import PurePosixPath

from communique.checks.copy import Copy
from communique.checks.number_book import Book, Number, day_of
from communique.checks.rule import BookRemark, BookRule, Remark, Rule
from communique.diagnostics import Severity

FAMILY = "Register"
DENSE = 0.8
"""How much of a page has to be there: an archive brought in by parts is no number book."""
LONGEST_GAP = 5
PATIENCE = dt.timedelta(weeks=4)
"""How much earlier than the number before it a release may be dated: some are planned ahead."""
TOKEN = re.compile(r"[^\W\d_]+|\d+")

REFERENCE = re.compile(
    r"\b(?:Reference|Ref\.|Referencia|Referência|Référence|Réf\.)[*_]{0,2}\s*(?:No\.?|n[º°o]\.?)?\s*"
    r":?[*_]{0,2}\s*(?P<reference>[A-Za-z][\w./-]*\d)",
    re.IGNORECASE,
)

SIGNS = ("eferen", "eferên", "éféren", "Ref.", "Réf.", "EFEREN")
"""One of these stands where a text names a reference, which is quickly seen."""


def skipped(book: Book) -> Iterator[BookRemark]:
    """Find numbers that no release has, between two that one has."""
    for page in book.pages:
        numbers = page.numbers
        if not numbers or len(page.taken) < DENSE * (max(page.taken) - min(page.taken) + 1):
            continue
        for before, after in pairwise(numbers):
            year = page.year or day_of(after).year
            missing = [
                book.newsroom.pattern.compose(after.series, number, year).text
                for number in range(before.number + 1, after.number)
                if number not in page.taken
            ]
            if missing and len(missing) <= LONGEST_GAP:
                listed = ", ".join(f"`{each}`" for each in missing)
                yield BookRemark(
                    after.path,
                    f"no release has the number before this one: {listed}",
                    "if it stays empty, write into `newsroom.yaml`: "
                    f"`unused_numbers: [{', '.join(missing)}]`",
                )


def out_of_order(book: Book) -> Iterator[BookRemark]:
    """Find a release that is dated well before the one with the number before it, or after."""
    for page in book.pages:
        numbers = [number for number in page.numbers if not number.draft]
        for at, (before, after) in enumerate(pairwise(numbers)):
            if before.date <= after.date or day_of(before) - day_of(after) <= PATIENCE:
                continue
            # Of the two, it is the one that the number after it, or before, does not agree with.
            is_late = _neighbour(numbers, at + 2, after).date < before.date and (
                at == 0 or numbers[at - 1].date <= after.date
            )
            odd, other, word = (before, after, "later") if is_late else (after, before, "earlier")
            named = book.newsroom.pattern.compose(
                other.series, other.number, page.year or day_of(other).year
            )
            side = "next" if is_late else "previous"
            yield BookRemark(
                odd.path,
                f"the date, {odd.date}, is {word} than that of the {side} number, "
                f"`{named}`: {other.date}",
                "correct `date`, or take the next number",
            )


def _neighbour(numbers: Sequence[Number], at: int, otherwise: Number) -> Number:
    return numbers[at] if at < len(numbers) else otherwise


def file_name(copy: Copy) -> Iterator[Remark]:
    """Find a file that is named by another number or language than that of its release."""
    reference = copy.release.reference
    stem, _, suffix = PurePosixPath(copy.release.path).name.removesuffix(".md").partition(".")
    written, own = TOKEN.findall(stem.upper()), TOKEN.findall(reference.slug)
    start, end = copy.place_of("reference")
    if len(written) >= len(own) and written[0] in copy.newsroom.series:
        pairs = [*zip(written, own, strict=False)]
        is_number = all(
            given.isdigit() == wanted.isdigit() and (at < 2 or len(given) == len(wanted))
            for at, (given, wanted) in enumerate(pairs)
        )
        if is_number and any(given.lstrip("0") != wanted.lstrip("0") for given, wanted in pairs):
            yield Remark(
                start,
                end,
                f"the file is named `{stem}.md`, and the number in it is `{reference}`",
                f"rename it to `{reference.slug}.md`, or correct the number",
            )
            return
    if suffix in copy.newsroom.languages and suffix != copy.release.language:
        yield Remark(
            start,
            end,
            f"the file's name says `{suffix}`, and the release is in `{copy.release.language}`",
            f"rename it to `{stem}.{copy.release.language}.md`, or correct `language`",
        )


def reference_in_text(copy: Copy) -> Iterator[Remark]:
    """Find a reference that the text gives as its own, and that is another."""
    if all(copy.text.find(sign, copy.body_start) < 0 for sign in SIGNS):
        return
    for match in REFERENCE.finditer(copy.text, copy.body_start):
        named = copy.newsroom.pattern.recognize(match["reference"])
        if named is not None and named.text != copy.release.reference.text:
            yield Remark(
                *match.span("reference"),
                f"the text gives the reference as `{named}`, and the keys say "
                f"`{copy.release.reference}`",
                "take the line out: the page shows the reference",
            )


RULES = (
    BookRule(
        "number-skipped",
        FAMILY,
        Severity.NOTE,
        "A number between two others that no release has, drafts and faulty files included. "
        "Translations share a number. Looked for in the newest year of each kind of release, "
        "below its newest number and above its first, and only where most numbers are there.",
        "A gap in the register is a release that was lost, or a number that somebody still holds.",
        "E-001/26  2026-01-05\nE-002/26  2026-01-06\nE-003/26  2026-01-07\nE-004/26  2026-01-08\n"
        "E-006/26  2026-01-09",
        "E-100/26  2026-06-05\nE-101/26  2026-06-06\nC-102/26  2026-06-07\nE-103/26  2026-06-08",
        skipped,
    ),
    BookRule(
        "number-order",
        FAMILY,
        Severity.NOTE,
        "A release that is dated more than four weeks before the one with the number before it. "
        "Drafts are left out, and so is what is planned some weeks ahead.",
        "Numbers are given in the order of time: most often the month is mistyped.",
        "E-001/26  2026-01-05\nE-002/26  2026-03-06\nE-003/26  2026-01-07",
        "E-001/26  2026-01-05\nE-002/26  2026-01-21\nE-003/26  2026-01-07",
        out_of_order,
    ),
    Rule(
        "file-named-otherwise",
        FAMILY,
        Severity.NOTE,
        "A file whose name is another reference number, or another language, than the release in "
        "it. Files named otherwise, such as `ferries.md`, are fine.",
        "Whoever looks for a number looks for the file, and a copied file keeps its old number.",
        "`releases/E-502-14.md` with `reference: E-503/14`",
        "`releases/E-503-14.md` with `reference: E-503/14`",
        file_name,
    ),
    Rule(
        "reference-in-text",
        FAMILY,
        Severity.WARNING,
        "A text that names its own reference, and another than the keys do.",
        "Whoever cites it cites the wrong release.",
        "The council met.\n\nReference: E-501/14",
        "The council met.\n\nReference: E-502/14",
        reference_in_text,
    ),
)
