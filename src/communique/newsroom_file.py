"""`newsroom.yaml` becomes a `Newsroom`.

What comes in: the file's `Source`. What goes out: `Checked[Newsroom]`. `communique.newsroom_fields`
is the table of keys.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from communique.addresses import HOLDER, OURS, read_alias
from communique.checks import CODES, OFF, unknown_check
from communique.diagnostics import Checked, Diagnostic, Severity, Span, in_reading_order, nearest
from communique.fields import Filled, key_span, read_fields, value_span
from communique.file_names import unfit
from communique.limits import LIMITS, Limits
from communique.newsroom import (
    FORMATS,
    PORTS,
    ContactEntry,
    FooterLink,
    Localized,
    Mail,
    Newsroom,
    Organization,
    RegisteredName,
    Series,
)
from communique.newsroom_fields import ContactFields, MailFields, NewsroomFields, SeriesFields
from communique.reference import SERIES, ReferencePattern
from communique.source import Source
from communique.yaml_text import Path, Value, YamlDocument, read_yaml

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
EVERY_LANGUAGE = "all"
STAND_INS: dict[str, Value] = {
    "organization": "Newsroom",
    "url": "https://press.example.org",
    "time_zone": "UTC",
    "languages": "en",
    "series": {"E": "release"},
}
"""Values of the required keys, so that the others can be checked where these are faulty."""


def read_newsroom(source: Source) -> Checked[Newsroom]:
    """Read `newsroom.yaml`.

    Diagnostics: those of `read_yaml` and `read_fields`; `unknown-language` for a language that
    `languages` does not name, `translation-missing` (a warning) for a text given per language that
    leaves one out, `series-malformed`, `topic-malformed`, `unknown-contact`,
    `unknown-check` (a warning), `reference-malformed`, `legacy-address-malformed`.
    """
    document = read_yaml(source, 0, len(source.text))
    if document.value is None:
        return Checked(None, document.diagnostics)
    filled = read_fields(NewsroomFields, document.value, source, None, STAND_INS)
    checked = _check(filled, document.value, source)
    found = in_reading_order((*document.diagnostics, *filled.diagnostics, *checked))
    if any(each.is_error for each in found):
        return Checked(None, found)
    return Checked(_newsroom(filled.value), found)


def _check(
    filled: Filled[NewsroomFields], document: YamlDocument, source: Source
) -> Iterator[Diagnostic]:
    """Compare what the keys say with one another."""
    fields = filled.value
    if "languages" not in filled.faulty:
        yield from _check_languages(fields, document, source)
    for code in fields.series:
        if not SERIES.fullmatch(code):
            letters = re.sub(r"[^A-Z]", "", code.upper())[:12]
            yield Diagnostic(
                "series-malformed",
                f"`{code}` is not a series: it has capital letters only, twelve at most",
                key_span(document, source, ("series", code)),
                help=f"write `{letters}`" if letters else "write a letter, as in `E`",
            )
        elif fields.reference.template.startswith("{series}/") and (
            code.lower() in (*fields.languages, "assets") or unfit(code) is not None
        ):
            yield Diagnostic(
                "series-malformed",
                f"`{code}` cannot be a folder: some systems take it for another one",
                key_span(document, source, ("series", code)),
                help="take other letters, or a pattern with `-` after `{series}`",
            )
    for slug in fields.topics:
        if not SLUG.fullmatch(slug):
            yield Diagnostic(
                "topic-malformed",
                f"`{slug}` is not a topic: small letters, digits and single hyphens only",
                key_span(document, source, ("topics", slug)),
                help=f"write `{_slug_of(slug)}: {slug}`",
            )
    for code in fields.checks:
        if code not in CODES:
            yield unknown_check(code, key_span(document, source, ("checks", code)))
    for at, text in enumerate(fields.unused_numbers):
        if "reference" not in filled.faulty and fields.reference.recognize(text) is None:
            example = fields.reference.compose("E", 502, 2014)
            yield Diagnostic(
                "reference-malformed",
                f"`{text}` is not a reference number of this newsroom",
                value_span(document, source, ("unused_numbers", at)),
                help=f"write it like `{example}`",
            )
    yield from _check_legacy(fields, document, source)
    for at, contact in enumerate(fields.default_contacts or ()):
        if contact not in fields.contacts and "contacts" not in filled.faulty:
            likely = nearest(contact, fields.contacts)
            yield Diagnostic(
                "unknown-contact",
                f"`{contact}` is not among the contacts",
                value_span(document, source, ("default_contacts", at)),
                help=f"write `{likely}`" if likely else "add it under `contacts`",
            )


def _check_legacy(
    fields: NewsroomFields, document: YamlDocument, source: Source
) -> Iterator[Diagnostic]:
    for at, text in enumerate(fields.legacy_addresses):
        before, holder, after = text.partition(HOLDER)
        try:
            if not holder or HOLDER in after or not before.strip("/"):
                raise ValueError(f"it needs `{HOLDER}` once, and something before it")
            read_alias(f"{before}E-1{after}")
            top = before.removeprefix("/").split("/")[0].casefold()
            if OURS.fullmatch(top) or top in map(str.casefold, fields.languages):
                raise ValueError("the newsroom itself has pages there")
        except ValueError as error:
            yield Diagnostic(
                "legacy-address-malformed",
                f"`{text}` is no older address: {error}",
                value_span(document, source, ("legacy_addresses", at)),
                help=f"write it like `press_release.asp?sCodigo={HOLDER}`",
            )


def _check_languages(
    fields: NewsroomFields, document: YamlDocument, source: Source
) -> Iterator[Diagnostic]:
    languages = fields.languages
    for path, localized in (*_localized(fields), *_names(fields)):
        for language in localized:
            if language and language not in languages:
                span = key_span(document, source, (*path, language))
                yield _unknown_language(language, languages, span)
    for path, localized in _localized(fields):
        missing = [language for language in languages if language not in localized]
        if missing and "" not in localized:
            yield Diagnostic(
                "translation-missing",
                f"`{path[-1]}` has no text in {', '.join(f'`{each}`' for each in missing)}",
                key_span(document, source, path),
                help=f"add a line `{missing[0]}: …`",
                severity=Severity.WARNING,
            )
    for code, series in fields.series.items():
        if series.language not in (None, EVERY_LANGUAGE, *languages):
            span = value_span(document, source, ("series", code, "language"))
            yield _unknown_language(str(series.language), languages, span)
    for language in fields.pending_translations:
        if language not in languages:
            span = key_span(document, source, ("pending_translations", language))
            yield _unknown_language(language, languages, span)


def _unknown_language(language: str, known: Iterable[str], span: Span) -> Diagnostic:
    return Diagnostic(
        "unknown-language",
        f"`{language}` is not among the newsroom's languages",
        span,
        help=f"write one of {', '.join(f'`{each}`' for each in known)}, or add it to `languages`",
    )


def _slug_of(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-") or "elections"


def _localized(fields: NewsroomFields) -> Iterator[tuple[Path, dict[str, str]]]:
    """Yield every text that may be given per language, with its path."""
    organization = fields.organization
    candidates: list[tuple[Path, dict[str, str] | None]] = [
        (("organization", "name"), organization.name),
        (("organization", "short_name"), organization.short_name),
        (("organization", "address"), organization.address),
        (("boilerplate",), fields.boilerplate),
        (("notice",), fields.notice),
        (("mail", "sender_name"), fields.mail.sender_name if fields.mail else None),
        *((("topics", slug), name) for slug, name in fields.topics.items()),
        *((("links", at, "label"), link.label) for at, link in enumerate(fields.links)),
    ]
    for key, contact in fields.contacts.items():
        candidates += [
            (("contacts", key, "name"), contact.name),
            (("contacts", key, "role"), contact.role),
            (("contacts", key, "hours"), contact.hours),
        ]
    yield from ((path, texts) for path, texts in candidates if texts is not None)


def _newsroom(fields: NewsroomFields) -> Newsroom:
    organization = fields.organization
    host = urlsplit(fields.url).hostname or ""
    contacts = {key: _contact(contact) for key, contact in fields.contacts.items()}
    zone = fields.time_zone
    assert isinstance(zone, ZoneInfo)
    pattern = fields.reference
    assert isinstance(pattern, ReferencePattern)
    return Newsroom(
        organization=Organization(
            name=Localized(organization.name),
            short_name=Localized(organization.short_name or organization.name),
            address=_optional(organization.address),
            url=organization.url,
        ),
        url=fields.url.rstrip("/") + "/",
        time_zone=zone,
        languages=tuple(dict.fromkeys(fields.languages)),
        pattern=pattern,
        series={
            code: Series(code, each.kind, _series_language(each, fields.languages[0]))
            for code, each in fields.series.items()
        },
        topics={slug: Localized(name) for slug, name in fields.topics.items()},
        contacts=contacts,
        default_contacts=tuple(
            list(contacts)[:1] if fields.default_contacts is None else fields.default_contacts
        ),
        boilerplate=_optional(fields.boilerplate),
        links=tuple(FooterLink(Localized(link.label), link.url) for link in fields.links),
        notice=_optional(fields.notice),
        paper=fields.paper,
        limits=Limits(**fields.limits.model_dump()) if fields.limits else LIMITS,
        headers=fields.headers,
        tag_authority=fields.tag_authority or host,
        checks={
            code: None if word == OFF else Severity(word) for code, word in fields.checks.items()
        },
        legacy_addresses=tuple(each.removeprefix("/") for each in fields.legacy_addresses),
        redirects=frozenset(fields.redirects),
        unused_numbers=frozenset(
            reference.text
            for text in fields.unused_numbers
            if (reference := pattern.recognize(text))
        ),
        formats=tuple(name for name in FORMATS if name in fields.formats),
        hub=fields.hub,
        pending_translations=dict(fields.pending_translations),
        mail=_mail(fields.mail, host) if fields.mail else None,
        names=tuple(
            RegisteredName(Localized(each.name), _optional(each.title), each.since, each.until)
            for each in fields.names
        ),
    )


def _series_language(series: SeriesFields, default: str) -> str | None:
    return None if series.language == EVERY_LANGUAGE else series.language or default


def _contact(contact: ContactFields) -> ContactEntry:
    return ContactEntry(
        name=Localized(contact.name),
        role=_optional(contact.role),
        phone=contact.phone,
        email=contact.email,
        hours=_optional(contact.hours),
    )


def _mail(mail: MailFields, host: str) -> Mail:
    return Mail(
        sender=mail.sender,
        sender_name=_optional(mail.sender_name),
        reply_to=mail.reply_to,
        list_id=mail.list_id or f"releases.{host}",
        unsubscribe=tuple(mail.unsubscribe),
        unsubscribed=mail.unsubscribed,
        host=mail.host,
        port=mail.port or PORTS[mail.security],
        security=mail.security,
        user=mail.user,
        per_minute=mail.per_minute,
    )


def _optional(texts: dict[str, str] | None) -> Localized | None:
    return None if texts is None else Localized(texts)


def _names(fields: NewsroomFields) -> Iterator[tuple[Path, dict[str, str]]]:
    """Yield the names and titles; what one of them is in another language need not be said."""
    for at, each in enumerate(fields.names):
        yield ("names", at, "name"), each.name
        if each.title is not None:
            yield ("names", at, "title"), each.title
