"""The attentive editor: what it looks for is a table, a family after the other.

What comes in: a `Copy` when a release was read, and when all were, a `Book`, and the `Facts` of
those that are versions of one another. What goes out:
diagnostics, each of the severity that `newsroom.yaml` gives it. A rule is a function in the file of
its family, and a line there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from communique.checks import (
    days,
    headlines,
    hours,
    language,
    leftovers,
    media,
    names,
    punctuation,
    register,
    related,
    translations,
)
from communique.checks.copy import Copy
from communique.checks.facts import Facts, facts_of, packed, unpacked
from communique.checks.number_book import Book, Numbered
from communique.checks.rule import THERE, AnyRule, BookRule, Listed, RelatedRule, Rule, VersionsRule
from communique.diagnostics import Diagnostic, Severity, Span, nearest
from communique.newsroom import Newsroom
from communique.release import Release
from communique.source import Source

RULES: tuple[AnyRule, ...] = (
    *register.RULES,
    *days.RULES,
    *hours.RULES,
    *punctuation.RULES,
    *language.RULES,
    *leftovers.RULES,
    *headlines.RULES,
    *names.RULES,
    *translations.RULES,
    *media.RULES,
    *related.RULES,
)
"""Every rule, in the order of docs/checks.md."""
CODES: Mapping[str, AnyRule] = {rule.code: rule for rule in RULES}
OFF = "off"


def remarks_on(copy: Copy) -> Iterator[Diagnostic]:
    """Look at one release.

    Diagnostics: those of the rules; `unknown-check` and `silence-idle` for what `silence` names.
    """
    release, source = copy.release, copy.source
    silenced: set[str] = set()
    for rule in RULES:
        severity = severity_of(rule, copy.newsroom)
        found = [*rule.look(copy)] if severity and isinstance(rule, Rule) else []
        if not found or severity is None:
            continue
        if rule.code in release.silences:
            silenced.add(rule.code)
            continue
        for remark in found:
            span = source.span(remark.start, remark.end)
            yield Diagnostic(rule.code, remark.message, span, remark.help, severity)
    for code in release.silences:
        span = source.span(*copy.place_of_key("silence", code))
        if code not in CODES:
            yield unknown_check(code, span)
        elif code not in silenced and isinstance(CODES[code], Rule):
            yield _idle(code, span)


def remarks_on_numbers(
    cards: Iterable[Numbered],
    faulty: Iterable[str | None],
    newsroom: Newsroom,
    open_release: Callable[[str], Release],
) -> Iterator[Diagnostic]:
    """Look at the numbers of all releases; one is opened only where there is something to say."""
    book = Book.of(cards, faulty, newsroom)
    for rule in RULES:
        severity = severity_of(rule, newsroom)
        if severity is None or not isinstance(rule, BookRule):
            continue
        for remark in rule.compare(book):
            release = open_release(remark.path)
            if rule.code not in release.silences:
                yield Diagnostic(rule.code, remark.message, release.span, remark.help, severity)


def remarks_on_related(
    cards: Sequence[Listed],
    moment: int,
    newsroom: Newsroom,
    open_release: Callable[[str], Release],
) -> Iterator[Diagnostic]:
    """Look at what releases name as related; `moment` is in microseconds since 1970."""
    for rule in RULES:
        severity = severity_of(rule, newsroom)
        if severity is None or not isinstance(rule, RelatedRule):
            continue
        for path, reference, why in rule.look(cards, moment):
            release = open_release(path)
            if rule.code in release.silences:
                continue
            yield from (
                Diagnostic(
                    rule.code,
                    f"`{reference}` {why}, and is not shown",
                    mention.span,
                    "take it out, or leave it if it will be public soon",
                    severity,
                )
                for mention in release.related
                if mention.reference == reference
            )


def facts_in(copy: Copy) -> bytes:
    """Return what is to be compared with translations, packed; nothing where there are none."""
    return packed(facts_of(copy)) if len(copy.newsroom.languages) > 1 else b""


def remarks_on_versions(
    facts: Sequence[bytes], newsroom: Newsroom, source_of: Callable[[str], Source | None]
) -> Iterator[Diagnostic]:
    """Compare the versions of one release, the original first, as `facts_in` packed them."""
    original, *versions = (unpacked(each) for each in facts)
    for version in versions:
        yield from _remarks_on_version(original, version, newsroom, source_of)


def _remarks_on_version(
    original: Facts,
    version: Facts,
    newsroom: Newsroom,
    source_of: Callable[[str], Source | None],
) -> Iterator[Diagnostic]:
    for rule in RULES:
        severity = severity_of(rule, newsroom)
        if severity is None or not isinstance(rule, VersionsRule) or rule.code in version.silences:
            continue
        for remark in rule.compare(original, version):
            here, there = source_of(version.path), source_of(original.path)
            if here is None or there is None:  # it went just now
                return
            message = remark.message.replace(THERE, str(there.span(*remark.there)))
            yield Diagnostic(rule.code, message, here.span(*remark.place), remark.help, severity)


def severity_of(rule: AnyRule, newsroom: Newsroom) -> Severity | None:
    """Return how much a newsroom makes of what a rule finds; None if it does not want to know."""
    return newsroom.checks.get(rule.code, rule.severity)


def unknown_check(code: str, span: Span) -> Diagnostic:
    """Say that there is no such rule. Diagnostics: `unknown-check`, a warning."""
    likely = nearest(code, CODES)
    return Diagnostic(
        "unknown-check",
        f"`{code}` is not the name of a check",
        span,
        help=f"write `{likely}`" if likely else "docs/checks.md lists them",
        severity=Severity.WARNING,
    )


def _idle(code: str, span: Span) -> Diagnostic:
    return Diagnostic(
        "silence-idle",
        f"`{code}` has nothing to say of this release any more",
        span,
        help="delete the line",
        severity=Severity.NOTE,
    )
