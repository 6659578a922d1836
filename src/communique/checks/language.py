"""Language: texts and labels that are in another language than the release."""

from __future__ import annotations

import re
from collections.abc import Iterator

from communique.checks.copy import BODY, Copy, Passage
from communique.checks.rule import Remark, Rule
from communique.checks.words import COMMON, LABELS, ORDINARY
from communique.diagnostics import Severity

FAMILY = "Language"
ENOUGH = 8
"""How many of them a text must have before its language is doubted; a paragraph as many."""
LABEL = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]+(?P<heading>[^\r\n#]+?)[ \t#:]*$"
    r"|[-*+]?[ \t]*[*_]{0,3}(?P<label>[^\W\d_][^:\r\n*_|.]{1,24})[*_]{0,3}[ \t\u00a0\u202f]?:)",
    re.MULTILINE,
)


def other_language(copy: Copy) -> Iterator[Remark]:
    """Find a text, or paragraphs of it, that is plainly in another language than declared."""
    declared = copy.main_language
    if declared not in COMMON:
        return
    own = COMMON[declared].__contains__
    paragraphs = [
        (passage, words, sum(map(own, words)))
        for passage, words in zip(copy.passages, copy.words, strict=True)
        if passage.key == BODY
    ]
    doubtful = [each for each in paragraphs if each[2] * 8 < len(each[1])]
    if not doubtful:
        return  # as in most releases, which is quickly seen
    if likely := _foreign([word for _, words, _ in paragraphs for word in words], declared):
        yield _in_other(paragraphs[0][0], likely, declared, "the text")
        return
    for passage, words, _ in doubtful:
        likely = _foreign(words, declared)
        if likely and copy.text[passage.start :].lstrip()[:1] not in '>"“«':
            yield _in_other(passage, likely, declared, "the paragraph")


def _foreign(words: list[str], declared: str) -> str | None:
    """Return another language that words are plainly in."""
    if len(words) < 2 * ENOUGH:
        return None
    scores = {language: sum(map(common.__contains__, words)) for language, common in COMMON.items()}
    likely = max(scores, key=scores.__getitem__)
    is_plain = scores[likely] >= ENOUGH and scores[likely] > 2.5 * scores[declared]
    return likely if is_plain and likely != declared else None


def _in_other(passage: Passage, likely: str, declared: str, what: str) -> Remark:
    return Remark(
        passage.start,
        passage.end,
        f"{what} is in `{likely}`, it seems, and the release in `{declared}`",
        "translate it, or take a number of the right series",
    )


def label(copy: Copy) -> Iterator[Remark]:
    """Find a heading or label that was left in another language."""
    declared = copy.main_language
    own = LABELS.get(declared)
    if own is None:
        return
    for match in LABEL.finditer(copy.text, copy.body_start):
        key = "heading" if match["heading"] else "label"
        words = " ".join(match[key].replace("'", "’").lower().split())
        if words in own or words in ORDINARY:
            continue
        for language, labels in LABELS.items():
            if words in labels:
                yield Remark(
                    *match.span(key),
                    f"`{match[key]}` is in `{language}`, and the release in `{declared}`",
                    "translate it",
                )
                break


RULES = (
    Rule(
        "text-language",
        FAMILY,
        Severity.WARNING,
        "A text, or a long paragraph, that is plainly in another of the four languages than the "
        "release. Quotations are left alone.",
        "A file was copied for its translation, and published before that was written.",
        "language: en\n---\nEl consejo del puerto se reunió en el muelle con los pescadores, y "
        "abrió por la tarde los dos depósitos que fueron construidos en la ciudad.",
        "language: en\n---\nThe council of the port met at the quay with the fishermen, and opened "
        "in the afternoon the two stores that were built in the town.",
        other_language,
    ),
    Rule(
        "label-language",
        FAMILY,
        Severity.NOTE,
        "A heading, or a label before a colon, that was left in another language: `Where:`, "
        "`Antecedentes`.",
        "They are what a translation most easily forgets.",
        "**Dónde:** the Harbour House",
        "**Where:** the Harbour House",
        label,
    ),
)
