"""What the keys of a release say, held against the newsroom and against one another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal

from babel.core import Locale

from communique.desk import Reading
from communique.diagnostics import nearest
from communique.front_matter import FrontMatter
from communique.moments import start_of


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
    _check_list(reading, "topics", fields.topics, newsroom.topics, names)
    _check_list(reading, "contacts", fields.contacts, newsroom.contacts, {})
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
            f"unknown-{key.removesuffix('s')}",
            f"`{word}` is not among the newsroom's {key}",
            (key, at),
            f"write `{likely}`" if likely else f"add it under `{key}` in `newsroom.yaml`",
        )


@lru_cache(maxsize=64)
def _territories(language: str) -> Mapping[str, str]:
    names = Locale.parse(language, sep="-").territories
    return {code: name for code, name in names.items() if len(code) == 2 and code.isalpha()}


def _country_code(name: str, languages: Iterable[str]) -> str | None:
    """Return the code of a country given by its name in one of the newsroom's languages."""
    for language in languages:
        for code, known in _territories(language).items():
            if known.casefold() == name.casefold():
                return code
    return None


def check_times(reading: Reading, fields: FrontMatter, date: dt.date) -> None:
    """Report times that cannot be, next to the release's date or to one another.

    Diagnostics: `embargo-without-time`, `embargo-before-date`, `event-order`,
    `correction-before-date`, `withdrawn-before-date`.
    """
    newsroom = reading.desk.newsroom
    if fields.embargo is not None and not isinstance(fields.embargo, dt.datetime):
        reading.report(
            "embargo-without-time",
            "the embargo has a date but no time",
            ("embargo",),
            f"write the hour as well, as in `{fields.embargo} 10:00`",
        )
    elif fields.embargo is not None and start_of(fields.embargo, newsroom.time_zone).date() < date:
        line = reading.span("date").line
        reading.report(
            "embargo-before-date",
            "the embargo ends before the release date",
            ("embargo",),
            f"set `embargo` to {date} or later, or change `date` (line {line})",
        )
    event = fields.event
    zone = newsroom.time_zone
    if event and event.until and start_of(event.until, zone) < start_of(event.when, zone):
        reading.report(
            "event-order",
            "the event ends before it begins",
            ("event", "until"),
            f"`when` is on line {reading.span('event', 'when').line}",
        )
    moments = [(("corrections", at, "when"), each) for at, each in enumerate(fields.corrections)]
    for path, correction in moments:
        if start_of(correction.when, newsroom.time_zone).date() < date:
            reading.report(
                "correction-before-date", f"the correction is older than the release, {date}", path
            )
    if fields.withdrawn and start_of(fields.withdrawn.when, newsroom.time_zone).date() < date:
        reading.report(
            "withdrawn-before-date",
            f"the withdrawal is older than the release, {date}",
            ("withdrawn", "when"),
        )
