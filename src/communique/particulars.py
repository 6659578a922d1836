"""What the keys of a release say, held against the newsroom and against one another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from babel.core import Locale

from communique.addresses import (
    identity_of,
    is_ours,
    legacy_reference,
    meant_by,
    read_alias,
)
from communique.desk import Reading
from communique.diagnostics import Diagnostic, Severity, nearest
from communique.front_matter import FrontMatter
from communique.moments import start_of
from communique.newsroom import Series
from communique.reference import LOOKALIKE, Reference
from communique.release import Mention

OTHER_CODES = {"UK": "GB", "EL": "GR", "USA": "US", "UAE": "AE"}
"""What officers write for a country → its code of ISO 3166."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a release is known by."""

    reference: Reference
    series: Series
    language: str


def identify(reading: Reading, fields: FrontMatter, date: dt.date | None) -> Identity | None:
    """Read the reference, and find its series and language.

    `date` is None where it cannot be read.

    Diagnostics: those of `ReferencePattern.parse`, `unknown-series`, `language-of-series`,
    `language-missing`, `unknown-language`.
    """
    pattern = reading.desk.newsroom.pattern
    year = date.year if date else None
    checked = pattern.parse(fields.reference, year, reading.span("reference"))
    reading.found.extend(checked.diagnostics)
    series = _series(reading, checked.value) if checked.value else None
    language = _language(reading, fields, series) if series else None
    if checked.value is None or series is None or language is None:
        return None
    return Identity(checked.value, series, language)


def _series(reading: Reading, reference: Reference) -> Series | None:
    newsroom = reading.desk.newsroom
    if reference.series in newsroom.series:
        return newsroom.series[reference.series]
    known = ", ".join(f"`{code}`" for code in newsroom.series)
    reading.report(
        "unknown-series",
        f"`{reference.series}` is not a series of this newsroom",
        ("reference",),
        f"known are {known}; a new one is added in `newsroom.yaml`",
    )
    return None


def _language(reading: Reading, fields: FrontMatter, series: Series) -> str | None:
    languages = reading.desk.newsroom.languages
    if series.language is not None:
        if fields.language not in (None, series.language):
            reading.report(
                "language-of-series",
                f"series `{series.code}` is in `{series.language}`, not in `{fields.language}`",
                ("language",),
                "delete this line, or take a reference of another series",
            )
        return series.language
    if fields.language in languages:
        return fields.language
    known = ", ".join(f"`{language}`" for language in languages)
    if fields.language is None:
        reading.report(
            "language-missing",
            f"series `{series.code}` serves several languages, so `language` is needed",
            ("reference",),
            f"add a line `language: …` with one of {known}",
        )
    else:
        reading.report(
            "unknown-language",
            f"`{fields.language}` is not among the newsroom's languages",
            ("language",),
            f"write one of {known}",
        )
    return None


def refuse_empty_embargo(reading: Reading) -> None:
    """Report `embargo:` with nothing after it: it may have been forgotten, and it would be lost."""
    if reading.document.value.get("embargo") == "":
        reading.report(
            "embargo-empty",
            "`embargo` says nothing",
            ("embargo",),
            "write when it ends, as in `2014-11-18 10:00`, or delete the line",
        )
        del reading.document.value["embargo"]


def read_related(reading: Reading, written: Iterable[str]) -> tuple[Mention, ...]:
    """Read the references of `related`.

    Diagnostics: `reference-malformed`, `reference-lookalike`.
    """
    mentions = []
    for at, text in enumerate(written):
        reference = reading.desk.newsroom.pattern.recognize(text)
        pattern = reading.desk.newsroom.pattern
        if reference is None and (meant := pattern.meant(text)) is not None:
            advice = f"write `{meant.text}`"
            place = ("related", at)
            reading.report("reference-lookalike", f"`{text}` {LOOKALIKE}", place, advice)
        elif reference is None:
            reading.report(
                "reference-malformed",
                f"`{text}` is not a reference number of this newsroom",
                ("related", at),
                f"write it like `{reading.desk.newsroom.pattern.compose('E', 502, 2014)}`",
            )
        else:
            mentions.append(Mention(reference.text, reading.span("related", at)))
    return tuple(mentions)


def read_aliases(
    reading: Reading, written: Iterable[str], own: Reference | None
) -> tuple[str, ...]:
    """Read the older addresses of a release.

    Diagnostics: `alias-malformed`; `alias-taken` for one at which the newsroom has something else.
    """
    newsroom = reading.desk.newsroom
    aliases: dict[str, str] = {}
    for at, text in enumerate(written):
        try:
            alias = read_alias(text)
        except ValueError as error:
            advice = "write it like `2014/quay.html` or `page.asp?id=5`"
            reading.report(
                "alias-malformed", f"`{text}` is no alias: {error}", ("aliases", at), advice
            )
            continue
        path = alias.partition("?")[0]
        meant = meant_by(path, newsroom) or legacy_reference(alias, newsroom)
        if is_ours(path, newsroom) or (
            meant is not None and (own is None or meant.text != own.text)
        ):
            reading.report(
                "alias-taken",
                f"at `{text}` the newsroom has something else",
                ("aliases", at),
                f"that is the place of `{meant}`" if meant else "take another address",
            )
        elif meant is None:
            aliases.setdefault(identity_of(alias), alias)
    return tuple(aliases.values())


def repeat_notes(reading: Reading, notes: Iterable[str]) -> None:
    """Repeat what `communique import` was not sure of. Diagnostics: `import-note`, a note."""
    for at, note in enumerate(notes):
        span = reading.span("import_notes", at)
        advice = "see to it, then delete the line"
        reading.found.append(Diagnostic("import-note", note, span, advice, Severity.NOTE))


def check_words(reading: Reading, fields: FrontMatter) -> None:
    """Report words that nobody knows.

    Diagnostics: `unknown-topic`, `unknown-contact`, `unknown-country`.
    """
    newsroom = reading.desk.newsroom
    names = {
        name.casefold(): slug
        for slug, topic in newsroom.topics.items()
        for name in topic.texts.values()
    }
    _check_list(reading, "unknown-topic", "topics", fields.topics, newsroom.topics, names)
    _check_list(reading, "unknown-contact", "contacts", fields.contacts, newsroom.contacts, {})
    for at, code in enumerate(fields.countries):
        if code.upper() not in _territories("en"):
            likely = _country_code(code, newsroom.languages)
            reading.report(
                "unknown-country",
                f"`{code}` is not the code of a country",
                ("countries", at),
                f"write `{likely}`" if likely else "write its two letters of ISO 3166, as in `CO`",
            )


def _check_list(
    reading: Reading,
    code: str,
    key: Literal["topics", "contacts"],
    written: Iterable[str],
    known: Iterable[str],
    names: Mapping[str, str],
) -> None:
    for at, word in enumerate(written):
        if word in known:
            continue
        likely = names.get(word.casefold()) or nearest(word, known)
        reading.report(
            code,
            f"`{word}` is not among the newsroom's {key}",
            (key, at),
            f"write `{likely}`"
            if likely
            else f"{_listed(known)}add a new one under `{key}` in `newsroom.yaml`",
        )


def _listed(known: Iterable[str]) -> str:
    words = ", ".join(f"`{word}`" for word in known)
    return f"known are {words}; " if words else ""


@lru_cache(maxsize=64)
def _territories(language: str) -> Mapping[str, str]:
    names = Locale.parse(language, sep="-").territories
    return {code: name for code, name in names.items() if len(code) == 2 and code.isalpha()}


def _country_code(name: str, languages: Iterable[str]) -> str | None:
    """Return the code of a country given by its name in one of the newsroom's languages."""
    if name.upper() in OTHER_CODES:
        return OTHER_CODES[name.upper()]
    for language in languages:
        for code, known in _territories(language).items():
            if known.casefold() == name.casefold():
                return code
    return None


def check_times(reading: Reading, fields: FrontMatter, date: dt.date | None) -> None:
    """Report times that cannot be, next to the release's date or to one another.

    `date` is None where it cannot be read.

    Diagnostics: `embargo-without-time`, `embargo-before-date`, `event-order`,
    `correction-before-date`, `withdrawn-before-date`.
    """
    zone = reading.desk.newsroom.time_zone
    if fields.embargo is not None and not isinstance(fields.embargo, dt.datetime):
        reading.report(
            "embargo-without-time",
            "the embargo has a date but no time",
            ("embargo",),
            f"write the hour as well, as in `{fields.embargo} 10:00`",
        )
    elif date and fields.embargo and fields.embargo < start_of(fields.date, zone):
        line = reading.span("date").line
        reading.report(
            "embargo-before-date",
            "the embargo ends before the release date",
            ("embargo",),
            f"set `embargo` to {date} or later, or change `date` (line {line})",
        )
    event = fields.event
    if event and event.until and _is_before(event.until, event.when, zone):
        reading.report(
            "event-order",
            "the event ends before it begins",
            ("event", "until"),
            f"write a later time, or change `when` (line {reading.span('event', 'when').line})",
        )
    if date is None:
        return
    for at, correction in enumerate(fields.corrections):
        if _is_before(correction.when, date, zone):
            reading.report(
                "correction-before-date",
                "the correction was made before the release date",
                ("corrections", at, "when"),
                f"write {date} or later, or change `date` (line {reading.span('date').line})",
            )
    if fields.withdrawn and _is_before(fields.withdrawn.when, date, zone):
        reading.report(
            "withdrawn-before-date",
            "the release was withdrawn before its date",
            ("withdrawn", "when"),
            f"write {date} or later, or change `date` (line {reading.span('date').line})",
        )


def _is_before(one: dt.date | dt.datetime, other: dt.date | dt.datetime, zone: dt.tzinfo) -> bool:
    """Compare two moments; by their days only where one of them is a whole day."""
    first, second = start_of(one, zone), start_of(other, zone)
    if isinstance(one, dt.datetime) and isinstance(other, dt.datetime):
        return first < second
    return first.date() < second.date()
