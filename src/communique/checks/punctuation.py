"""Punctuation: quotation marks, the spaces and the inverted marks of a language.

Straight quotation marks are made those of the language when a release is read; what stands in a
text as a curled or angular one stays, and is looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from communique.checks.copy import BODY, Copy, Passage
from communique.checks.quotations import CLOSING, STRAIGHT
from communique.checks.rule import Remark, Rule
from communique.diagnostics import Severity

FAMILY = "Punctuation"
OPENING = ('"', "“", "«", "”", "»")
"""What a paragraph may begin with that goes on with a quotation."""
OF_LANGUAGE = {"en": "“”", "fr": "«»"}
"""Where one pair is right; Spanish and Portuguese use both."""
FRENCH_TIGHT = re.compile(
    r"(?:(?<=[^\W\d_]) (?=[;:!?»])|« |«(?=[^\s\u00a0\u202f])|(?<=[^\s\u00a0\u202f«])»)"
)
"""A space where a line may break, or none, where French has one that is not broken."""
LOOSE = re.compile(r"(?<=[^\W\d_])[ \u00a0\u202f]+[,;:!?](?=[\s\u00a0]|$)")
SPACES = " \u00a0\u202f"
QUESTION = re.compile(r"[¿?¡]|!(?!\[[^^])")
"""An exclamation mark before a bracket begins a picture; before a footnote, it ends a sentence."""


def unbalanced(copy: Copy) -> Iterator[Remark]:
    """Find a quotation that is not closed in its paragraph, or not opened."""
    passages = copy.passages
    for at, quotations in enumerate(copy.quotations):
        alone = [each for each in quotations if each.is_alone]
        if not alone:
            continue
        odd = alone[0]
        # A quotation of several paragraphs is opened in each and closed in the last.
        following = passages[at + 1] if at + 1 < len(passages) else None
        if odd.opened is not None and following and _opens(copy.text, following):
            continue
        mark = odd.closed if odd.opened is None else odd.opened
        assert mark is not None, "one of the halves is there"
        yield Remark(
            mark,
            mark + 1,
            f"the quotation mark {copy.text[mark]} has no other half in this paragraph",
            "add the other half, or take this one out",
        )


def mixed(copy: Copy) -> Iterator[Remark]:
    """Find a quotation that is opened in one way and closed in another."""
    for quotations in copy.quotations:
        for each in quotations:
            if each.opened is None or each.closed is None:
                continue
            opening, closing = copy.text[each.opened], copy.text[each.closed]
            wanted = CLOSING.get(opening, opening)
            if closing != wanted:
                yield Remark(
                    each.opened,
                    each.closed + 1,
                    f"the quotation is opened with {opening} and closed with {closing}",
                    f"close it with {wanted}",
                )


def _opens(text: str, passage: Passage) -> bool:
    return passage.key == BODY and text[passage.start :].lstrip(" >*_-")[:1] in OPENING


def of_language(copy: Copy) -> Iterator[Remark]:
    """Find quotation marks of another language, outside of other quotations; the first only."""
    right = OF_LANGUAGE.get(copy.main_language)
    if right is None:
        return
    for quotations in copy.quotations:
        for at in sorted(each.at for each in quotations if each.is_outermost):
            if copy.text[at] != STRAIGHT and copy.text[at] not in right:
                yield Remark(
                    at,
                    at + 1,
                    f"{copy.text[at]} is not the quotation mark of this language",
                    f'write {right[0]} and {right[1]}, or simply " and "',
                )
                return


def loose(copy: Copy) -> Iterator[Remark]:
    """Find a space before a mark, where French alone has one."""
    if copy.main_language != "fr" and _may_be_loose(copy.text):
        for start, end, more in _first(LOOSE, copy):
            mark = copy.text[end - 1]
            yield Remark(
                start, end, f"there is a space before the mark `{mark}`{more}", "take the space out"
            )


def _may_be_loose(text: str) -> bool:
    """Tell whether a space stands before a mark anywhere, which is quickly seen."""
    spaces = [space for space in SPACES if space in text]
    return any(space + mark in text for space in spaces for mark in ",;:!?")


def french(copy: Copy) -> Iterator[Remark]:
    """Find a place where French has a space that no line is broken at."""
    if copy.main_language == "fr":
        for start, end, more in _first(FRENCH_TIGHT, copy):
            yield Remark(
                start,
                max(end, start + 1),
                f"here belongs a space that no line is broken at{more}",
                'put a narrow no-break space (U+202F) there; " brings its own',
            )


def _first(pattern: re.Pattern[str], copy: Copy) -> Iterator[tuple[int, int, str]]:
    """Yield the first place of a pattern, with words for how many more there are."""
    found = [
        match.span()
        for passage in copy.passages
        for match in pattern.finditer(copy.text, passage.start, passage.end)
    ]
    if found:
        more = f", and {len(found) - 1} times more in this release" if len(found) > 1 else ""
        yield *found[0], more


def inverted(copy: Copy) -> Iterator[Remark]:
    """Find a Spanish question or exclamation without its first mark."""
    if copy.main_language != "es":
        return
    for passage in copy.passages:
        opened = {"?": 0, "!": 0}
        for match in QUESTION.finditer(copy.text, passage.start, passage.end):
            mark = match[0]
            if mark in "¿¡":
                opened["?" if mark == "¿" else "!"] += 1
            elif any(opened.values()):  # ¿…! and ¡¿…?! are right as well
                opened = {"?": 0, "!": 0}
            elif not _is_beside_another(copy.text, match):
                first = {"?": "¿", "!": "¡"}[mark]
                yield Remark(
                    match.start(),
                    match.end(),
                    f"the sentence ends with `{mark}` and does not begin with `{first}`",
                    f"write `{first}` before its first word",
                )


def _is_beside_another(text: str, match: re.Match[str]) -> bool:
    """Tell whether a mark is one of several, or stands in parentheses: ``?!``, ``(?)``."""
    return text[match.start() - 1] in "?!(" or text[match.end() : match.end() + 1] in ("?", "!")


RULES = (
    Rule(
        "quotes-unbalanced",
        FAMILY,
        Severity.NOTE,
        "A quotation mark whose other half is missing in the paragraph. A quotation that goes on "
        "in the next paragraph, which opens it again, is fine.",
        "Nobody can tell where the minister ends and the office begins.",
        "“The quay is open, the mayor said.",
        "“The quay is open,” the mayor said.",
        unbalanced,
    ),
    Rule(
        "quotes-mixed",
        FAMILY,
        Severity.NOTE,
        "A quotation that is opened in one way and closed in another.",
        "It comes of pasting, and looks so.",
        '“The quay is open," the mayor said.',
        '"The quay is open," the mayor said.',
        mixed,
    ),
    Rule(
        "quotes-of-language",
        FAMILY,
        Severity.NOTE,
        "Quotation marks of another language: « » in English, “ ” in French unless they stand "
        'within « ». Spanish and Portuguese use both. Straight ones (") are always right: they '
        "become those of the language.",
        "A translation keeps the marks of its original.",
        "The mayor said: «The quay is open.»",
        "The mayor said: “The quay is open.”",
        of_language,
    ),
    Rule(
        "space-before-mark",
        FAMILY,
        Severity.NOTE,
        "A space before , ; : ! ? in English, Spanish or Portuguese.",
        "It is a French habit; and a line may begin with the mark.",
        "The quay is open : everybody is welcome.",
        "The quay is open: everybody is welcome.",
        loose,
    ),
    Rule(
        "french-spaces",
        FAMILY,
        None,
        "In French, a space that a line may be broken at before ; : ! ? and within « », or none "
        "within « ». It is off because keyboards have no such space, and most texts none; "
        'quotation marks that are typed as " get theirs.',
        "A line that begins with a colon is a misprint.",
        "language: fr\n---\nLe quai est ouvert : il est à tous.",
        "language: fr\n---\nLe quai est ouvert\u00a0: il est à tous.",
        french,
    ),
    Rule(
        "inverted-marks",
        FAMILY,
        Severity.NOTE,
        "A Spanish sentence that ends with ? or ! and does not begin with ¿ or ¡.",
        "A Spanish sentence has both.",
        "language: es\n---\nCuándo abre el muelle?",
        "language: es\n---\n¿Cuándo abre el muelle?",
        inverted,
    ),
)
