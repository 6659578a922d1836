"""A release file becomes a `Manuscript`: the YAML at its top is read and checked, then the text.

What comes in: a `Source`, and the `Desk` it is read at. What goes out: a `Manuscript`, with the
`Release` in it if nothing is wrong.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable

from communique.desk import Desk, Reading
from communique.diagnostics import Diagnostic
from communique.enclosures import check_names, read_attachments, read_images
from communique.fields import Context, check_fields
from communique.front_matter import EventFields, FrontMatter
from communique.markdown import Setting, parse_body, typographic
from communique.moments import read_moment, start_of
from communique.newsroom import Series
from communique.particulars import check_times, check_words
from communique.reference import Reference
from communique.release import (
    Correction,
    Event,
    Manuscript,
    MediaLink,
    Mention,
    Release,
    Withdrawal,
)
from communique.source import Source
from communique.yaml_text import YamlDocument, read_yaml

FENCE = re.compile(r"^---[ \t]*(?:\r\n|\n|\r|\Z)", re.MULTILINE)


def read_release(source: Source, desk: Desk) -> Manuscript:
    """Read a release file.

    Diagnostics: `front-matter-missing`, `front-matter-unclosed`, those of `read_yaml`,
    `check_fields`, `ReferencePattern.parse` and `parse_body`; `unknown-series`,
    `unknown-language`, `language-missing`, `language-of-series`, `unknown-topic`,
    `unknown-country`, `unknown-contact`; `embargo-empty`, `embargo-without-time`,
    `embargo-before-date`; `event-order`, `correction-before-date`, `withdrawn-before-date`;
    `image-without-alt`, `file-name-taken` and the faults of `Companions`.
    """
    fences = list(FENCE.finditer(source.text))
    if not fences or source.text[: fences[0].start()].strip():
        found = Diagnostic(
            "front-matter-missing",
            "the file does not begin with a line of three hyphens",
            source.span(0, len(source.line_text(0))),
            help="begin with `---`, then `reference: …`, `title: …`, `date: …`, then `---` again",
        )
        return Manuscript(source.path, None, (found,), draft=False, public_from=None)
    if len(fences) < 2:
        found = Diagnostic(
            "front-matter-unclosed",
            "the keys at the top never end: the second line of three hyphens is missing",
            source.span(fences[0].start(), fences[0].start() + 3),
            help="put a line `---` between the keys and the text",
        )
        return Manuscript(source.path, None, (found,), draft=False, public_from=None)
    document = read_yaml(source, fences[0].end(), fences[1].start())
    if document.value is None:
        return Manuscript(source.path, None, document.diagnostics, draft=False, public_from=None)
    reading = Reading(source, document.value, desk, list(document.diagnostics))
    draft, due = _publicity(document.value, desk)
    release = _read_fields(reading, fences[1].end())
    if any(found.is_error for found in reading.found):
        release = None
    if release is not None:
        due = release.public_from
    return Manuscript(source.path, release, tuple(reading.found), draft, due)


def _publicity(document: YamlDocument, desk: Desk) -> tuple[bool, dt.datetime | None]:
    """Tell from what can be read whether a faulty release is meant for the public yet."""
    draft = str(document.value.get("draft", "")).strip().lower() in ("yes", "true", "on")
    for key in ("embargo", "date"):
        try:
            moment = read_moment(document.value.get(key), desk.newsroom.time_zone)
        except ValueError:
            continue
        return draft, start_of(moment, desk.newsroom.time_zone)
    return draft, None


def _read_fields(reading: Reading, body_start: int) -> Release | None:
    newsroom = reading.desk.newsroom
    _refuse_empty_embargo(reading)
    context = Context(newsroom.time_zone)
    checked = check_fields(FrontMatter, reading.document, reading.source, context)
    reading.found.extend(checked.diagnostics)
    fields = checked.value
    if fields is None:
        return None
    date = start_of(fields.date, newsroom.time_zone).date()
    reference = _reference(reading, fields.reference, date)
    series = None if reference is None else _series(reading, reference)
    language = None if series is None else _language(reading, fields, series)
    if reference is None or series is None or language is None:
        return None
    marks = reading.desk.quotation_marks[language]

    def set_type(text: str) -> str:
        return typographic(text, marks)

    def set_optional(text: str | None) -> str | None:
        return None if text is None else typographic(text, marks)

    check_words(reading, fields)
    check_times(reading, fields, date)
    companions = reading.desk.companions_of(reading.source.path)
    slug = newsroom.slug_of(reference, language)
    images = read_images(reading, fields.images, companions, set_optional)
    attachments = read_attachments(reading, fields.attachments, companions, set_type)
    body = parse_body(
        reading.source,
        body_start,
        Setting(
            newsroom,
            companions,
            marks,
            newsroom.address_of(reference, language),
            frozenset(attachment.asset.name for attachment in attachments),
        ),
    )
    reading.found.extend(body.diagnostics)
    if body.value is None:
        return None
    shown = (*images, *body.value.images)
    assets = (*(image.asset for image in shown), *(each.asset for each in attachments))
    check_names(reading, shown, assets, slug)
    return Release(
        path=reading.source.path,
        span=reading.span("reference"),
        reference=reference,
        language=language,
        kind=series.kind,
        title=set_type(fields.title),
        date=date,
        public_from=start_of(fields.embargo or fields.date, newsroom.time_zone),
        embargoed=fields.embargo is not None,
        draft=fields.draft,
        body=body.value,
        subtitle=set_optional(fields.subtitle),
        summary=set_optional(fields.summary),
        place=set_optional(fields.place),
        topics=tuple(dict.fromkeys(fields.topics)),
        countries=tuple(dict.fromkeys(code.upper() for code in fields.countries)),
        contacts=tuple(fields.contacts or newsroom.default_contacts),
        images=images,
        attachments=attachments,
        links=tuple(
            MediaLink(link.kind, link.url, set_optional(link.title)) for link in fields.links
        ),
        event=_event(fields.event, set_optional),
        related=_related(reading, fields.related),
        corrections=tuple(
            Correction(each.when, set_type(each.note)) for each in fields.corrections
        ),
        withdrawn=(
            Withdrawal(fields.withdrawn.when, set_type(fields.withdrawn.reason))
            if fields.withdrawn
            else None
        ),
    )


def _refuse_empty_embargo(reading: Reading) -> None:
    """Report `embargo:` with nothing after it: it may have been forgotten, and it would be lost."""
    if reading.document.value.get("embargo") == "":
        reading.report(
            "embargo-empty",
            "`embargo` says nothing",
            ("embargo",),
            "write when it ends, as in `2014-11-18 10:00`, or delete the line",
        )
        del reading.document.value["embargo"]


def _reference(reading: Reading, text: str, date: dt.date) -> Reference | None:
    pattern = reading.desk.newsroom.pattern
    checked = pattern.parse(text, date.year, reading.span("reference"))
    reading.found.extend(checked.diagnostics)
    return checked.value


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


def _event(
    fields: EventFields | None, set_type: Callable[[str | None], str | None]
) -> Event | None:
    if fields is None:
        return None
    return Event(set_type(fields.what), fields.when, fields.until, set_type(fields.where))


def _related(reading: Reading, written: Iterable[str]) -> tuple[Mention, ...]:
    mentions = []
    for at, text in enumerate(written):
        reference = reading.desk.newsroom.pattern.recognize(text)
        if reference is None:
            reading.report(
                "reference-malformed",
                f"`{text}` is not a reference number of this newsroom",
                ("related", at),
            )
        else:
            mentions.append(Mention(reference.text, reading.span("related", at)))
    return tuple(mentions)
