"""Every release there is, and the step from it to what the public may see.

What comes in: the manuscripts. What goes out: `Checked[Catalogue]`, and from it, for one instant,
an `Edition`. No module after this one knows of drafts and embargoes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from babel.core import Locale

from communique.diagnostics import Checked, Diagnostic
from communique.edition import Contact, Country, Edition, PublicRelease, ReleaseLink, Topic
from communique.newsroom import Newsroom
from communique.release import Body, Correction, Manuscript, Mention, Release, Status, Withdrawal


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every sound release, each reference once per language."""

    newsroom: Newsroom
    releases: tuple[Release, ...]

    def at(self, instant: dt.datetime) -> Edition:
        """Return what the public may see at `instant`."""
        return self._edition(
            (release for release in self.releases if status_of(release, instant).is_public),
            instant,
            lambda release: release.title,
        )

    def preview(self, instant: dt.datetime, mark: Callable[[Release, Status], str]) -> Edition:
        """Return the edition as if every release were public, for the officer's own eyes.

        `mark` returns the title to show of a release; for one that is not public it has to say so.
        Nothing of a preview may be published: only `serve` asks for one, and it writes no file.
        """
        return self._edition(
            self.releases, instant, lambda release: mark(release, status_of(release, instant))
        )

    def _edition(
        self,
        releases: Iterable[Release],
        instant: dt.datetime,
        title_of: Callable[[Release], str],
    ) -> Edition:
        chosen = tuple(releases)
        index = _Index.of(chosen, self.newsroom, title_of, instant)
        public = [_public(release, self.newsroom, instant, index) for release in chosen]
        order = {language: at for at, language in enumerate(self.newsroom.languages)}
        public.sort(key=lambda each: (each.series, order[each.language]))
        public.sort(key=lambda each: (each.published, each.year, each.number), reverse=True)
        return Edition(tuple(public))


def collect(manuscripts: Iterable[Manuscript], newsroom: Newsroom) -> Checked[Catalogue]:
    """Put the sound releases together.

    Diagnostics: `duplicate-release` for a reference used twice in one language (reported on the
    one that becomes public later; drafts come last), `unknown-related` and `unknown-release` for
    a reference that no file has, `release-not-yet-public` for a link in a text to a release that
    becomes public after it.
    """
    owners: dict[tuple[str, str], Release] = {}
    found: list[Diagnostic] = []
    gathered = tuple(manuscripts)
    sound = (manuscript.release for manuscript in gathered)
    for release in sorted(filter(None, sound), key=_precedence):
        owner = owners.setdefault((release.reference.text, release.language), release)
        if owner is not release:
            found.append(_duplicate(release, owner, newsroom))
    releases = tuple(owners.values())
    earliest = _earliest(gathered)
    for release in releases:
        found.extend(_check_mentions(release, earliest))
    return Checked(Catalogue(newsroom, releases), tuple(found))


def status_of(release: Release, instant: dt.datetime) -> Status:
    """Tell where a release stands at `instant`."""
    if release.draft:
        return Status.DRAFT
    if instant < release.public_from:
        return Status.EMBARGOED if release.embargoed else Status.SCHEDULED
    if _withdrawal_at(release, instant):
        return Status.WITHDRAWN
    return Status.CORRECTED if _corrections_at(release, instant) else Status.PUBLISHED


def _precedence(release: Release) -> tuple[bool, dt.datetime, str]:
    return release.draft, release.public_from, release.path


def _duplicate(release: Release, owner: Release, newsroom: Newsroom) -> Diagnostic:
    several = newsroom.series[release.reference.series].language is None
    within = f" in `{release.language}`" if several else ""
    return Diagnostic(
        "duplicate-release",
        f"`{release.reference}` is used twice{within}; first used in `{owner.span}`",
        release.span,
        help=f"give one of the two another number; `communique new {release.reference.series}` "
        "knows the next one",
    )


def _earliest(manuscripts: Iterable[Manuscript]) -> dict[str, dt.datetime | None]:
    """Return when each reference becomes public, in the language that does first; drafts never.

    A faulty manuscript counts too: that a release is half-written is no mistake in another one.
    """
    earliest: dict[str, dt.datetime | None] = {}
    for each in manuscripts:
        reference = each.release.reference.text if each.release else each.reference
        if reference is None:
            continue
        public_from = None if each.draft else each.public_from
        known = earliest.get(reference)
        earliest[reference] = min(filter(None, (known, public_from)), default=None)
    return earliest


def _check_mentions(
    release: Release, earliest: Mapping[str, dt.datetime | None]
) -> Iterator[Diagnostic]:
    for mention in release.related:
        if mention.reference not in earliest:
            yield _unknown(mention, "unknown-related")
    for mention in release.body.mentions:
        if mention.reference not in earliest:
            yield _unknown(mention, "unknown-release")
            continue
        public_from = earliest[mention.reference]
        if not release.draft and (public_from is None or public_from > release.public_from):
            yield Diagnostic(
                "release-not-yet-public",
                f"`{mention.reference}` becomes public after this release, which links to it",
                mention.span,
                help="take the link out; `related` shows it by itself once it is public",
            )


def _unknown(mention: Mention, code: str) -> Diagnostic:
    return Diagnostic(
        code,
        f"there is no release `{mention.reference}`",
        mention.span,
        help="correct the number, or take it out",
    )


def _instant(moment: dt.date | dt.datetime, newsroom_zone: dt.tzinfo | None) -> dt.datetime:
    if isinstance(moment, dt.datetime):
        return moment
    return dt.datetime.combine(moment, dt.time(), newsroom_zone)


def _corrections_at(release: Release, instant: dt.datetime) -> tuple[Correction, ...]:
    zone = release.public_from.tzinfo
    made = [each for each in release.corrections if _instant(each.when, zone) <= instant]
    return tuple(sorted(made, key=lambda each: _instant(each.when, zone)))


def _withdrawal_at(release: Release, instant: dt.datetime) -> Withdrawal | None:
    withdrawn = release.withdrawn
    zone = release.public_from.tzinfo
    if withdrawn is None or _instant(withdrawn.when, zone) > instant:
        return None
    return withdrawn


_NumberKey = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class _Index:
    """How the releases of one edition find one another."""

    numbers: Mapping[str, _NumberKey]
    """Reference → kind, year and number, which translations share."""
    versions: Mapping[_NumberKey, tuple[ReleaseLink, ...]]
    """In order of language."""
    titles: Mapping[str, str]
    """Path of the release's file → title to show."""

    @classmethod
    def of(
        cls,
        releases: Iterable[Release],
        newsroom: Newsroom,
        title_of: Callable[[Release], str],
        instant: dt.datetime,
    ) -> _Index:
        numbers: dict[str, _NumberKey] = {}
        versions: dict[_NumberKey, list[ReleaseLink]] = {}
        titles = {}
        order = {language: at for at, language in enumerate(newsroom.languages)}
        for release in sorted(releases, key=lambda each: order[each.language]):
            withdrawn = _withdrawal_at(release, instant) is not None
            title = "" if withdrawn else title_of(release)
            titles[release.path] = title
            link = ReleaseLink(
                release.reference.text,
                release.language,
                title,
                newsroom.address_of(release.reference, release.language),
            )
            numbers[release.reference.text] = _number_key(release)
            versions.setdefault(_number_key(release), []).append(link)
        return cls(numbers, {key: tuple(links) for key, links in versions.items()}, titles)

    def translations_of(self, release: Release) -> tuple[ReleaseLink, ...]:
        versions = self.versions[_number_key(release)]
        return tuple(link for link in versions if link.language != release.language)

    def related_to(self, release: Release) -> Iterator[ReleaseLink]:
        """Yield what is public of `related`: in the release's language, else as it was named."""
        for mention in release.related:
            key = self.numbers.get(mention.reference)
            shown = [link for link in self.versions.get(key, ()) if link.title] if key else []
            named = [link for link in shown if link.reference == mention.reference]
            same = [link for link in shown if link.language == release.language]
            yield from (same if key != _number_key(release) and same else named)[:1]


def _number_key(release: Release) -> _NumberKey:
    return release.kind, release.reference.year, release.reference.number


def _public(
    release: Release, newsroom: Newsroom, instant: dt.datetime, index: _Index
) -> PublicRelease:
    withdrawal = _withdrawal_at(release, instant)
    corrections = () if withdrawal else _corrections_at(release, instant)
    changes = (each.when for each in ((withdrawal,) if withdrawal else corrections))
    zone = newsroom.time_zone
    updated = max((release.public_from, *(_instant(when, zone) for when in changes))).astimezone(
        zone
    )
    language = release.language
    kept = withdrawal is None
    return PublicRelease(
        reference=release.reference.text,
        slug=newsroom.slug_of(release.reference, language),
        address=newsroom.address_of(release.reference, language),
        language=language,
        kind=release.kind,
        series=release.reference.series,
        number=release.reference.number,
        year=release.reference.year,
        title=index.titles[release.path],
        subtitle=release.subtitle if kept else None,
        summary=release.summary if kept else None,
        place=release.place if kept else None,
        date=release.date,
        published=release.public_from,
        updated=updated,
        # Where the officer named other releases is the check's business, not the public's.
        body=replace(release.body, mentions=()) if kept else Body(),
        topics=tuple(
            Topic(slug, newsroom.topics[slug].in_language(language)) for slug in release.topics
        ),
        countries=_countries(release) if kept else (),
        contacts=_contacts(release, newsroom),
        images=release.images if kept else (),
        attachments=release.attachments if kept else (),
        links=release.links if kept else (),
        event=release.event if kept else None,
        corrections=corrections,
        withdrawal=withdrawal,
        translations=index.translations_of(release),
        related=tuple(index.related_to(release)) if kept else (),
        guid=newsroom.guid_of(release.reference, language),
    )


def _countries(release: Release) -> tuple[Country, ...]:
    if not release.countries:
        return ()
    names = Locale.parse(release.language, sep="-").territories
    return tuple(Country(code, names[code]) for code in release.countries)


def _contacts(release: Release, newsroom: Newsroom) -> tuple[Contact, ...]:
    language = release.language
    contacts = []
    for key in release.contacts:
        entry = newsroom.contacts[key]
        contacts.append(
            Contact(
                name=entry.name.in_language(language),
                role=entry.role.in_language(language) if entry.role else None,
                phone=entry.phone,
                email=entry.email,
                hours=entry.hours.in_language(language) if entry.hours else None,
            )
        )
    return tuple(contacts)
