"""What the public may see at one instant, and what is wrong between releases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import fields, replace
from itertools import pairwise
from typing import Any

import pytest

from communique.cards import card_of
from communique.catalogue import status_of
from communique.diagnostics import Span
from communique.edition import Connections, Edition, Entry, PublicRelease, ReleaseLink
from communique.instants import microseconds
from communique.reference import ReferencePattern
from communique.release import (
    Asset,
    Attachment,
    Body,
    Correction,
    Event,
    Image,
    Manuscript,
    MediaLink,
    Mention,
    Release,
    Status,
    Withdrawal,
)
from tests.office import catalogue_of, collected, newsroom_of, opened, problems_of

NEW_YORK = newsroom_of().time_zone
PATTERN = ReferencePattern.of_template("{series}-{number:3}/{year:2}")
INSTANT = dt.datetime(2026, 3, 2, 9, tzinfo=NEW_YORK)
MICROSECOND = dt.timedelta(microseconds=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def release(
    series: str = "E", number: int = 1, language: str = "", year: int = 2026, **changes: Any
) -> Release:
    reference = PATTERN.compose(series, number, year)
    language = language or {"E": "en", "C": "es"}[series]
    path = f"releases/{reference.slug}.{language}.md"
    public_from = changes.pop("public_from", INSTANT - DAY)
    sound = Release(
        path=path,
        span=Span(path, 2, 12, 2, 20, f"reference: {reference}"),
        reference=reference,
        language=language,
        kind=newsroom_of().series[series].kind,
        title=f"Title {reference} {language}",
        date=public_from.date(),
        public_from=public_from,
        embargo=None,
        draft=False,
        body=Body(html="<p>Text.</p>", lead="Text."),
    )
    return replace(sound, **changes)


def mention(reference: str) -> Mention:
    return Mention(reference, Span("releases/x.md", 7, 1, 7, 9, f"see {reference}"))


def public(*releases: Release, at: dt.datetime = INSTANT) -> list[PublicRelease]:
    return opened(catalogue_of(*releases).at(at))


def connections(*releases: Release) -> dict[str, Connections]:
    """Return where the pages of the public ones lead, by their addresses."""
    return {each.address: each.connections for each in catalogue_of(*releases).at(INSTANT).entries}


def addresses(links: Iterable[ReleaseLink]) -> list[str]:
    return [link.address for link in links]


@pytest.mark.parametrize(
    ("changes", "before", "after"),
    [
        ({"public_from": INSTANT, "embargo": INSTANT}, Status.EMBARGOED, Status.PUBLISHED),
        ({"public_from": INSTANT}, Status.SCHEDULED, Status.PUBLISHED),
        ({"corrections": (Correction(INSTANT, "x"),)}, Status.PUBLISHED, Status.CORRECTED),
        ({"withdrawn": Withdrawal(INSTANT, "x")}, Status.PUBLISHED, Status.WITHDRAWN),
        (
            {"draft": True, "public_from": INSTANT, "embargo": INSTANT},
            Status.DRAFT,
            Status.DRAFT,
        ),
    ],
)
def test_status_changes_at_its_instant_and_not_a_microsecond_before(
    changes: dict[str, Any], before: Status, after: Status
) -> None:
    card = card_of(release(**changes), newsroom_of())

    found = [status_of(card, microseconds(when)) for when in (INSTANT - MICROSECOND, INSTANT)]
    assert found == [before, after]


@pytest.mark.parametrize(
    "status", [{"draft": True}, {"public_from": INSTANT + MICROSECOND, "embargo": INSTANT + HOUR}]
)
def test_what_is_not_public_leaves_no_trace_in_the_edition(status: dict[str, Any]) -> None:
    named = release("E", 1, related=(mention("C-002/26"), mention("E-003/26")))
    others = (release("C", 1), release("E", 3))
    hidden = (release("E", 2, **status), release("C", 2, **status), release("N", 7, "es", **status))

    edition = catalogue_of(named, *others, *hidden).at(INSTANT)
    without = catalogue_of(named, *others, faulty=UNREADABLE).at(INSTANT)
    assert edition.entries == without.entries
    assert opened(edition) == opened(without)


UNREADABLE = (
    Manuscript("releases/u.md", None, (), draft=True, public_from=None, reference="C-002/26"),
)


def test_types_of_the_edition_have_no_place_for_what_is_not_public() -> None:
    shown = (field.name for field in fields(PublicRelease))
    names = {*shown, *Entry._fields, *Connections._fields, *ReleaseLink._fields}

    assert {name for name in names if "draft" in name or "embargo" in name} == set()
    assert {field.type for field in fields(Edition)} == {
        "tuple[Entry, ...]",
        "Callable[[Entry], PublicRelease]",
    }


def test_releases_stand_newest_first() -> None:
    early, late = INSTANT - 2 * DAY, INSTANT - DAY
    shuffled = [
        release("E", 2, public_from=early),
        release("C", 10, public_from=late),
        release("N", 9, "en", public_from=late),
        release("N", 9, "es", public_from=late),
        release("E", 10, public_from=late),
        release("E", 1, public_from=late, year=2025),
        release("E", 3, public_from=late + MICROSECOND),
    ]

    named = [replace(each, path=f"{9 - at}.md") for at, each in enumerate(shuffled)]

    order = [(each.reference, each.language) for each in public(*named)]
    assert order == [
        ("E-003/26", "en"),
        ("C-010/26", "es"),
        ("E-010/26", "en"),
        ("N-009/26", "en"),
        ("N-009/26", "es"),
        ("E-001/25", "en"),
        ("E-002/26", "en"),
    ]


def test_translations_share_kind_year_and_number() -> None:
    strangers = (release("N", 1, "es"), release("C", 2), release("C", 1, year=2025))
    here, there = release("E", 1), release("C", 1)

    found = {
        address: each.translations for address, each in connections(here, there, *strangers).items()
    }
    assert addresses(found["E-001/26/"]) == ["C-001/26/"]
    assert [link.title for link in found["C-001/26/"]] == ["Title E-001/26 en"]
    assert [found[each] for each in ("N-001/26/es/", "C-002/26/", "C-001/25/")] == [()] * 3


AWAITED = replace(
    newsroom_of(), pending_translations={"es": dt.date(2026, 1, 1), "en": dt.date(2026, 3, 1)}
)


def awaited(*releases: Release) -> dict[str, tuple[str, ...]]:
    catalogue = replace(catalogue_of(*releases), newsroom=AWAITED)
    return {each.reference: each.connections.pending for each in catalogue.at(INSTANT).entries}


def test_translation_is_awaited_from_the_day_on_that_the_newsroom_says() -> None:
    december = release("E", 9, year=2025, public_from=dt.datetime(2025, 12, 31, 9, tzinfo=NEW_YORK))
    february = release("C", 2, public_from=INSTANT - 10 * DAY)

    found = awaited(release("E", 1), release("N", 3, "es"), december, february)

    assert found == {"E-001/26": ("es",), "N-003/26": ("en",), "E-009/25": (), "C-002/26": ()}


def test_language_without_a_series_of_that_kind_is_not_awaited() -> None:
    catalogue = catalogue_of(release("E", 1))
    series = {"E": AWAITED.series["E"], "N": AWAITED.series["N"]}

    edition = replace(catalogue, newsroom=replace(AWAITED, series=series)).at(INSTANT)

    assert [entry.connections.pending for entry in edition.entries] == [()]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ()),
        ({"public_from": INSTANT}, ()),
        ({"withdrawn": Withdrawal(INSTANT - HOUR, "sent in error")}, ()),
        ({"draft": True}, ("es",)),
        ({"public_from": INSTANT + MICROSECOND}, ("es",)),
        ({"public_from": INSTANT + DAY, "embargo": INSTANT + DAY}, ("es",)),
    ],
)
def test_translation_is_awaited_until_it_is_public_whatever_lies_in_the_office(
    changes: dict[str, Any], expected: tuple[str, ...]
) -> None:
    found = awaited(release("E", 1), release("C", 1, **changes))

    assert found["E-001/26"] == expected
    assert awaited(release("E", 1))["E-001/26"] == ("es",)


def test_translation_in_preparation_is_part_of_what_the_page_shows_and_of_nothing_else() -> None:
    catalogue = catalogue_of(release("E", 1))

    (entry,) = catalogue.at(INSTANT).entries
    (other,) = replace(catalogue, newsroom=AWAITED).at(INSTANT).entries

    assert entry.connections.key != other.connections.key
    assert entry.key == other.key


def test_withdrawn_release_awaits_no_translation() -> None:
    gone = Withdrawal(INSTANT - HOUR, "sent in error")

    assert awaited(release("E", 1, withdrawn=gone)) == {"E-001/26": ()}


def test_languages_of_one_reference_are_translations() -> None:
    found = connections(release("N", 1, "es"), release("N", 1, "en"))

    assert {address: addresses(each.translations) for address, each in found.items()} == {
        "N-001/26/en/": ["N-001/26/es/"],
        "N-001/26/es/": ["N-001/26/en/"],
    }


@pytest.mark.parametrize(
    ("named", "shown"),
    [
        (["E-002/26"], ["C-002/26/"]),  # in the language of the release that names it
        (["E-003/26"], ["E-003/26/"]),  # there is no other
        (["N-004/26"], ["N-004/26/es/"]),
        (["E-001/26"], ["E-001/26/"]),  # its own translation, not itself
        (["E-005/26"], []),  # embargoed
        (["C-006/26"], []),  # withdrawn
        (["E-006/26"], ["E-006/26/"]),  # the translation that was not withdrawn
    ],
)
def test_related_releases_are_public_ones_in_the_readers_language(
    named: list[str], shown: list[str]
) -> None:
    others = [
        release("E", 1),
        release("E", 2),
        release("C", 2),
        release("E", 3),
        release("N", 4, "en"),
        release("N", 4, "es"),
        release("E", 5, public_from=INSTANT + HOUR, embargo=INSTANT + HOUR),
        release("C", 6, withdrawn=Withdrawal(INSTANT, "x")),
        release("E", 6),
    ]

    naming = release("C", 1, related=tuple(mention(reference) for reference in named))

    assert addresses(connections(naming, *others)["C-001/26/"].related) == shown


def test_release_that_is_named_leads_to_those_that_name_it_the_newest_first() -> None:
    named = release("E", 1, public_from=INSTANT - 9 * DAY, related=(mention("E-004/26"),))
    by = (mention("E-001/26"),)
    naming = (
        release("E", 2, public_from=INSTANT - 3 * DAY, related=by),
        release("C", 3, public_from=INSTANT - 2 * DAY, related=by),
        release("E", 3, public_from=INSTANT - 2 * DAY),  # in the language of the one named
        release("E", 4, related=by),  # named itself, and so there already
        release("C", 5, public_from=INSTANT - 4 * DAY, related=by),  # in Spanish alone
        release("C", 9, related=(mention("C-001/26"),)),  # in Spanish alone, as what it names
        release("E", 10, public_from=INSTANT - 5 * DAY, related=(mention("C-001/26"),)),
        release("C", 1, public_from=INSTANT - 8 * DAY, related=by),  # its translation
        release("E", 6, public_from=INSTANT + HOUR, related=by),
        release("E", 7, related=by, withdrawn=Withdrawal(INSTANT, "x")),
        release("E", 8, related=by, draft=True),
        release("C", 11, related=by, withdrawn=Withdrawal(INSTANT, "x")),
        release("E", 11),
    )

    found = connections(named, *naming)["E-001/26/"]

    expected = ["E-004/26/", "E-003/26/", "E-002/26/", "C-005/26/", "E-010/26/"]
    assert addresses(found.related) == expected


def test_release_that_many_name_leads_to_the_newest_of_them() -> None:
    many = [
        release("E", number, public_from=INSTANT - DAY + number * HOUR / 2, related=by)
        for number in range(2, 16)
        for by in [(mention("E-001/26"),)]
    ]

    found = connections(release("E", 1, public_from=INSTANT - 2 * DAY), *many)["E-001/26/"]

    assert addresses(found.related) == [f"E-{number:03}/26/" for number in range(15, 5, -1)]


def test_without_related_releases_a_page_leads_to_the_three_before_it_on_its_first_topic() -> None:
    def on(number: int, *topics: str, **changes: Any) -> Release:
        return release("E", number, topics=topics, **changes)

    hours = [INSTANT - 20 * HOUR + number * HOUR for number in range(10)]
    releases = [
        on(1, "quays", public_from=hours[1]),
        on(2, "ferries", "quays", public_from=hours[2]),
        on(3, "quays", public_from=hours[3], withdrawn=Withdrawal(INSTANT, "x")),
        on(4, "quays", public_from=hours[4], draft=True),
        release("C", 5, topics=("quays",), public_from=hours[5]),
        on(6, "quays", public_from=hours[6], related=(mention("E-001/26"),)),
        on(7, "quays", "ferries", public_from=hours[7]),
        on(8, "quays", public_from=hours[8]),
    ]

    found = {address: each.background for address, each in connections(*releases).items()}

    assert addresses(found["E-008/26/"]) == ["E-007/26/", "E-006/26/", "E-002/26/"]
    assert addresses(found["E-007/26/"]) == ["E-006/26/", "E-002/26/", "E-001/26/"]
    assert [found[f"E-{number:03}/26/"] for number in (1, 2, 3, 6)] == [()] * 4


def test_release_leads_to_those_beside_it_in_its_series_by_number() -> None:
    releases = [
        release("E", 2, public_from=INSTANT - 3 * DAY),  # numbers need not follow the days
        release("E", 10),
        release("E", 9, public_from=INSTANT - 2 * DAY, draft=True),
        release("E", 700, year=2025, public_from=INSTANT - 400 * DAY),
        release("E", 8, withdrawn=Withdrawal(INSTANT, "x")),
        release("E", 11, public_from=INSTANT + MICROSECOND),
        release("C", 5),
    ]

    found = connections(*releases)

    ordered = ["E-700/25/", "E-002/26/", "E-008/26/", "E-010/26/"]
    for before, after in pairwise(ordered):
        assert addresses(filter(None, [found[before].following])) == [after]
        assert addresses(filter(None, [found[after].previous])) == [before]
    ends = (found[ordered[0]].previous, found[ordered[-1]].following)
    assert (*ends, found["C-005/26/"].previous, found["C-005/26/"].following) == (None,) * 4


def test_neighbour_is_the_version_in_the_readers_language_if_there_is_one() -> None:
    found = connections(
        release("N", 1, "es"),
        *(release("N", 2, language) for language in ("es", "en")),
        *(release("N", 3, language) for language in ("es", "en")),
    )

    beside = {
        address: tuple(link.address for link in (each.previous, each.following) if link)
        for address, each in found.items()
    }
    assert beside == {
        "N-001/26/es/": ("N-002/26/es/",),
        "N-002/26/en/": ("N-001/26/es/", "N-003/26/en/"),
        "N-002/26/es/": ("N-001/26/es/", "N-003/26/es/"),
        "N-003/26/en/": ("N-002/26/en/",),
        "N-003/26/es/": ("N-002/26/es/",),
    }


def test_numbers_without_a_year_follow_one_another_whatever_their_dates_are() -> None:
    undated = replace(newsroom_of(), pattern=ReferencePattern.of_template("{series}-{number}"))
    late = release("E", 1)
    early = release("E", 2, year=2025, public_from=INSTANT - 400 * DAY)

    edition = replace(catalogue_of(late, early), newsroom=undated).at(INSTANT)

    found = {each.address: each.connections.following for each in edition.entries}
    assert found["E-002/25/"] is None
    assert found["E-001/26/"] is not None


def test_corrections_show_once_made_and_the_latest_is_last() -> None:
    day = INSTANT.date()
    notes = (
        Correction(INSTANT, "at nine"),
        Correction(day + DAY, "tomorrow"),
        Correction(day, "at midnight"),
    )

    (found,) = public(release(corrections=notes))
    assert [each.note for each in found.corrections] == ["at midnight", "at nine"]
    assert found.updated == INSTANT
    (tomorrow,) = public(release(corrections=notes), at=INSTANT + DAY)
    assert tomorrow.updated == dt.datetime(2026, 3, 3, tzinfo=NEW_YORK)


def test_withdrawal_ahead_does_not_show() -> None:
    (found,) = public(release(withdrawn=Withdrawal(INSTANT + MICROSECOND, "x")))

    assert found.withdrawal is None
    assert found.title == "Title E-001/26 en"


def test_nothing_of_a_withdrawn_release_remains_but_its_notice() -> None:
    secret = "SECRET"
    asset = Asset(f"releases/{secret}.jpg", f"{secret}.jpg", "digest", 1)
    image = Image(asset, secret, 10, 10, secret, secret, secret)
    named = Mention("E-002/26", Span(secret, 1, 1, 1, 1, secret))
    body = Body(secret, secret, secret, secret, (image,), (named,))
    whole = release(
        title=secret,
        subtitle=secret,
        summary=secret,
        place=secret,
        body=body,
        countries=("CO",),
        images=(image,),
        attachments=(Attachment(asset, secret),),
        links=(MediaLink("video", f"https://{secret}", secret),),
        event=Event(secret, INSTANT, None, secret),
        related=(mention("E-002/26"),),
        corrections=(Correction(INSTANT - HOUR, secret),),
        withdrawn=Withdrawal(INSTANT, "sent in error"),
    )
    other = release("E", 2, related=(mention("E-001/26"),), public_from=INSTANT - 2 * DAY)
    translated = release("C", 1, public_from=INSTANT - 3 * DAY)

    edition = catalogue_of(whole, other, translated).at(INSTANT)
    notice = opened(edition)[0]
    assert secret not in repr((edition.entries, opened(edition)))
    kept = {
        field.name
        for field in fields(notice)
        if getattr(notice, field.name) not in ((), None, "", Body())
    }
    assert kept == {
        *("reference", "slug", "address", "language", "kind", "series", "number", "year", "guid"),
        *("date", "published", "updated", "withdrawal"),
        *("called_off", "revision"),
    }
    assert edition.entries[0].connections == Connections(
        translations=(ReleaseLink("C-001/26", "es", "Title C-001/26 es", "C-001/26/"),),
        following=ReleaseLink("E-002/26", "en", "Title E-002/26 en", "E-002/26/"),
    )
    assert notice.called_off == Event(None, INSTANT, None, None)
    assert notice.updated == INSTANT
    assert notice.withdrawal == Withdrawal(INSTANT, "sent in error")


def test_places_in_the_sources_are_not_published() -> None:
    body = Body(html="<p>x</p>", mentions=(mention("E-002/26"),))
    found = public(release(body=body), release("E", 2, public_from=INSTANT - 2 * DAY))

    assert "releases/x.md" not in repr(found)


@pytest.mark.parametrize(
    "later",
    [
        {"draft": True},
        {"public_from": INSTANT + HOUR, "embargo": INSTANT + HOUR},
        {"public_from": INSTANT},
    ],
)
def test_duplicate_is_reported_on_the_one_that_is_public_later(later: dict[str, Any]) -> None:
    first = release(path="releases/z.md")
    second = release(path="releases/a.md", span=Span("releases/a.md", 3, 1, 3, 9, "x"), **later)

    (found,) = problems_of(second, first)
    assert (found.code, found.span.path) == ("duplicate-release", "releases/a.md")
    assert found.message == (
        "`E-001/26` is used twice; first used in `releases/E-001-26.en.md:2:12`"
    )
    assert "communique new E" in str(found.help)


def test_reference_may_be_used_once_in_each_language() -> None:
    twice = release("N", 1, "es", path="releases/y.md")

    (found,) = problems_of(release("N", 1, "en"), release("N", 1, "es"), twice)
    assert found.message.startswith("`N-001/26` is used twice in `es`; first used in")


def test_the_first_of_two_duplicates_is_kept() -> None:
    first, second = release(title="First"), release(title="Second", draft=True, path="a.md")

    catalogue = collected(second, first).value
    assert catalogue is not None
    assert [card.title for card in catalogue.cards] == ["First"]
    assert [card.title for card in catalogue.spare] == ["Second"]


def test_unknown_references_are_reported_where_they_stand() -> None:
    body = Body(mentions=(mention("E-404/26"),))
    found = problems_of(release(body=body, related=(mention("C-404/26"),)))

    codes = [(each.code, each.message, each.span.line) for each in found]
    assert codes == [
        ("unknown-related", "there is no release `C-404/26`", 7),
        ("unknown-release", "there is no release `E-404/26`", 7),
    ]


@pytest.mark.parametrize(
    ("target", "codes"),
    [
        ({"public_from": INSTANT - DAY}, []),
        ({"public_from": INSTANT - DAY + MICROSECOND}, ["release-not-yet-public"]),
        ({"draft": True, "public_from": INSTANT - 2 * DAY}, ["release-not-yet-public"]),
    ],
)
def test_text_may_link_only_to_what_is_public_when_it_is(
    target: dict[str, Any], codes: list[str]
) -> None:
    naming = release(body=Body(mentions=(mention("E-002/26"),)))

    assert [each.code for each in problems_of(naming, release("E", 2, **target))] == codes


def test_text_may_link_to_a_reference_of_which_one_language_is_public() -> None:
    naming = release(body=Body(mentions=(mention("N-002/26"),)))
    late = release("N", 2, "es", public_from=INSTANT + DAY)

    assert problems_of(naming, late, release("N", 2, "en")) == ()


def test_draft_may_link_to_what_is_not_public_yet() -> None:
    naming = release(draft=True, body=Body(mentions=(mention("E-002/26"),)))

    assert problems_of(naming, release("E", 2, draft=True)) == ()


def test_half_written_release_is_known_to_those_that_name_it() -> None:
    half = Manuscript("releases/h.md", None, (), True, None, reference="E-002/26")
    naming = release(related=(mention("E-002/26"),))
    linking = release("E", 3, body=Body(mentions=(mention("E-002/26"),)))

    codes = [found.code for found in problems_of(naming, linking, faulty=[half])]
    assert codes == ["release-not-yet-public"]


def test_preview_marks_every_title_and_shows_what_is_not_public() -> None:
    hidden = release("E", 2, draft=True)

    edition = catalogue_of(release(), hidden).preview(
        INSTANT, lambda each, status: f"{status}: {each.reference}"
    )
    assert {each.title for each in opened(edition)} == {"published: E-001/26", "draft: E-002/26"}


def test_names_of_topics_countries_and_contacts_are_the_languages_own() -> None:
    (found,) = public(
        release("C", 1, topics=("quays",), countries=("CO", "DE"), contacts=("desk",))
    )

    assert [topic.name for topic in found.topics] == ["Muelles"]
    assert [country.name for country in found.countries] == ["Colombia", "Alemania"]
    assert [contact.phone for contact in found.contacts] == ["+1-202-555-0150"]
