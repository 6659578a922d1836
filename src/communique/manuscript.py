"""A release file becomes a `Manuscript`: the YAML at its top is read and checked, then the text.

What comes in: a `Source`, and the `Desk` it is read at. What goes out: a `Manuscript`, with the
`Release` in it if nothing is wrong.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from communique.checks import facts_in, remarks_on
from communique.checks.copy import Copy
from communique.desk import Desk, Reading
from communique.diagnostics import Diagnostic, Span
from communique.enclosures import (
    check_names,
    read_attachments,
    read_images,
    without_excess,
)
from communique.fields import read_fields
from communique.front_matter import EventFields, FrontMatter
from communique.markdown import parse_body
from communique.markdown_links import Setting
from communique.moments import read_moment, start_of
from communique.particulars import (
    check_times,
    check_words,
    identify,
    read_aliases,
    read_related,
    refuse_empty_embargo,
    repeat_notes,
)
from communique.release import (
    Correction,
    Event,
    Manuscript,
    MediaLink,
    Release,
    Withdrawal,
)
from communique.source import Source
from communique.typography import typographic
from communique.values import Context
from communique.yaml_text import YamlDocument, read_yaml

FENCE = re.compile(r"(?:\A|(?<=[\r\n]))(?:---|\.\.\.)[ \t]*(?=[\r\n]|\Z)")
"""What the keys stand between; YAML lets them end with three dots as well."""
NEARLY_FENCE = re.compile(r"(?:\A|(?<=[\r\n]))[-–—=_*]{1,10}[ \t]*(?=[\r\n]|\Z)")
DRAFT_LINE = re.compile(r"^draft:[ \t]*(?:yes|true|on)[ \t\r]*$", re.MULTILINE | re.IGNORECASE)
KEYS_END = re.compile(r"(?>\r\n|\n|\r)(?:[ \t]*[\r\n]|---|\.\.\.)")
"""Where they end at the latest, in a file in which that cannot be read."""
STAND_INS = {"reference": "E-1", "title": "Untitled", "date": "2014-11-18"}
"""Values of the required keys, so that the others can be checked where these are faulty."""


def read_release(source: Source, desk: Desk) -> Manuscript:
    """Read a release file.

    Diagnostics: `front-matter-missing`, `front-matter-unclosed`, `keys-too-large`, those of
    `read_yaml`, `read_fields`, `ReferencePattern.parse` and `parse_body`; `unknown-series`,
    `unknown-language`, `language-missing`, `language-of-series`, `unknown-topic`,
    `unknown-country`, `unknown-contact`; `embargo-empty`, `embargo-without-time`,
    `embargo-before-date`; `event-order`, `correction-before-date`, `withdrawn-before-date`;
    `alias-malformed`, `alias-taken`, `image-without-alt`, `file-name-taken`, `import-note` and
    the faults of `Companions`; for a sound release, what `communique.checks.remarks_on` finds.
    """
    opening = FENCE.search(source.text)
    if opening is None or source.text[: opening.start()].strip() or "." in opening[0]:
        return _without_keys(
            source,
            "front-matter-missing",
            "the file does not begin with a line of three hyphens",
            source.span(0, len(source.line_text(0))),
            "begin with `---`, then `reference: …`, `title: …`, `date: …`, then `---` again",
        )
    closing = FENCE.search(source.text, opening.end())
    if closing is None:
        nearly = NEARLY_FENCE.search(source.text, opening.end()) or opening
        return _without_keys(
            source,
            "front-matter-unclosed",
            "the keys at the top never end: the second line of three hyphens is missing",
            source.span(nearly.start(), nearly.end()),
            "put a line `---` between the keys and the text",
        )
    limits = desk.newsroom.limits
    if closing.start() - opening.end() > limits.keys_size:
        return _without_keys(
            source,
            "keys-too-large",
            f"the keys at the top have more than {limits.keys_size:,} characters",
            source.span(opening.start(), opening.end()),
            "end them with a line `---`, and write the text below it",
        )
    document = read_yaml(source, opening.end(), closing.start(), limits.paragraph)
    if document.value is None:
        return Manuscript(source.path, None, document.diagnostics, _says_draft(source), None)
    reading = Reading(source, document.value, desk, list(document.diagnostics))
    draft, due = _publicity(document.value, desk)
    release = _read_fields(reading, closing.end())
    if any(found.is_error for found in reading.found):
        release = None
    facts = b""
    if release is not None:
        due = release.public_from
        newsroom = desk.newsroom
        places = document.value.places
        copy = Copy(source, places, closing.end(), release, newsroom, desk.unprintable)
        reading.found.extend(remarks_on(copy))
        facts = facts_in(copy)
    named = desk.newsroom.pattern.recognize(str(document.value.value.get("reference", "")))
    reference = named.text if named else None
    found = _without_echoes(reading.found)
    return Manuscript(source.path, release, found, draft, due, reference, facts)


def _without_keys(source: Source, code: str, message: str, span: Span, advice: str) -> Manuscript:
    found = Diagnostic(code, message, span, help=advice)
    return Manuscript(source.path, None, (found,), _says_draft(source), None)


def _says_draft(source: Source) -> bool:
    """Tell whether a file of which no key can be read is meant as a draft, which stops nobody."""
    keys = KEYS_END.split(source.text, maxsplit=1)[0]
    return keys.startswith("---") and DRAFT_LINE.search(keys) is not None


def _without_echoes(found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Leave out what else is wrong with a value that cannot be read as it stands."""
    unread = {each.span for each in found if each.code.startswith("yaml-")}
    return tuple(each for each in found if each.code.startswith("yaml-") or each.span not in unread)


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
    """Read the keys and the text; what is sound is checked also where something is not."""
    newsroom = reading.desk.newsroom
    refuse_empty_embargo(reading)
    filled = read_fields(
        FrontMatter, reading.document, reading.source, Context(newsroom.time_zone), STAND_INS
    )
    reading.found.extend(filled.diagnostics)
    fields = filled.value
    date = None
    if "date" not in filled.faulty:
        date = start_of(fields.date, newsroom.time_zone).date()
    identity = None if "reference" in filled.faulty else identify(reading, fields, date)
    language = identity.language if identity else newsroom.default_language
    marks = reading.desk.quotation_marks[language]

    def set_type(text: str) -> str:
        return typographic(text, marks)

    def set_optional(text: str | None) -> str | None:
        return None if text is None else typographic(text, marks)

    repeat_notes(reading, fields.import_notes)
    check_words(reading, fields)
    check_times(reading, fields, date)
    fields = without_excess(reading, fields)
    related = read_related(reading, fields.related)
    aliases = read_aliases(reading, fields.aliases, identity.reference if identity else None)
    companions = reading.desk.companions_of(reading.source.path)
    images = read_images(reading, fields.images, companions, set_optional)
    attachments = read_attachments(reading, fields.attachments, companions, set_type)
    address = newsroom.address_of(identity.reference, language) if identity else ""
    body = parse_body(
        reading.source,
        body_start,
        Setting(
            newsroom,
            companions,
            marks,
            address,
            frozenset(name for each in fields.attachments for name in _names_of(each.file)),
            len(fields.images) + len(fields.attachments),
        ),
    )
    reading.found.extend(body.diagnostics)
    if identity is None or date is None or body.value is None:
        return None
    check_names(
        reading,
        fields,
        (*images, *body.value.images),
        attachments,
        newsroom.slug_of(identity.reference, language),
    )
    return Release(
        path=reading.source.path,
        span=reading.span("reference"),
        reference=identity.reference,
        language=language,
        kind=identity.series.kind,
        title=set_type(fields.title),
        date=date,
        public_from=start_of(fields.embargo or fields.date, newsroom.time_zone),
        embargo=fields.embargo if isinstance(fields.embargo, dt.datetime) else None,
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
        related=related,
        aliases=aliases,
        corrections=tuple(
            Correction(each.when, set_type(each.note)) for each in fields.corrections
        ),
        withdrawn=(
            Withdrawal(fields.withdrawn.when, set_type(fields.withdrawn.reason))
            if fields.withdrawn
            else None
        ),
        silences=fields.silence,
    )


def _names_of(file: str) -> tuple[str, str]:
    """Return how a text may link to an attachment: by its path as in the keys, or its name."""
    return file, PurePosixPath(file).name


def _event(
    fields: EventFields | None, set_type: Callable[[str | None], str | None]
) -> Event | None:
    if fields is None:
        return None
    return Event(set_type(fields.what), fields.when, fields.until, set_type(fields.where))
