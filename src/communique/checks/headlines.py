"""Title and summary: what search results, shared links and lists show of a release."""

from __future__ import annotations

from collections.abc import Iterator

from communique.checks.copy import Copy
from communique.checks.rule import Remark, Rule
from communique.diagnostics import Severity

FAMILY = "Title and summary"
TITLE_LENGTH = 130
SUMMARY_LENGTH = 320


def title_in_capitals(copy: Copy) -> Iterator[Remark]:
    """Find a title that is all capitals."""
    letters = [each for each in copy.release.title if each.isalpha()]
    if len(letters) >= 12 and all(each.isupper() for each in letters):
        yield Remark(
            *copy.place_of("title"),
            "the title is in capitals",
            "write it as a sentence; the look of pages is the layout's affair",
        )


def title_length(copy: Copy) -> Iterator[Remark]:
    """Find a title that search results and shared links cut off."""
    length = len(copy.release.title)
    if length > TITLE_LENGTH:
        yield Remark(
            *copy.place_of("title"),
            f"the title has {length} characters; search and shared links cut it off",
            f"shorten it to {TITLE_LENGTH}, and put the rest into `subtitle`",
        )


def summary_length(copy: Copy) -> Iterator[Remark]:
    """Find a summary that is longer than lists and previews show well."""
    length = len(copy.release.summary or "")
    if length > SUMMARY_LENGTH:
        yield Remark(
            *copy.place_of_key("summary"),
            f"the summary has {length} characters; search and shared links cut it off",
            f"shorten it to {SUMMARY_LENGTH}: one or two sentences",
        )


RULES = (
    Rule(
        "title-in-capitals",
        FAMILY,
        Severity.NOTE,
        "A title that is all capitals.",
        "It shouts, and some screen readers spell it.",
        "title: HARBOUR COUNCIL OPENS A QUAY\n---\nThe council met.",
        "title: Harbour Council opens a quay\n---\nThe council met.",
        title_in_capitals,
    ),
    Rule(
        "title-length",
        FAMILY,
        Severity.NOTE,
        f"A title of more than {TITLE_LENGTH} characters.",
        "Search results and shared links show the beginning.",
        f"title: Harbour Council opens a quay {'and another quay ' * 7}\n---\nThe council met.",
        "title: Harbour Council opens eight quays\n---\nThe council met.",
        title_length,
    ),
    Rule(
        "summary-length",
        FAMILY,
        Severity.NOTE,
        f"A summary of more than {SUMMARY_LENGTH} characters.",
        "It stands in lists, feeds and shared links, which show one or two sentences.",
        f"summary: The council met. {'It opened a quay. ' * 17}\n---\nThe council met.",
        "summary: The council met and opened a quay.\n---\nThe council met.",
        summary_length,
    ),
)
