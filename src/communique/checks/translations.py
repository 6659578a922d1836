"""Translations: what one version of a release says and another does not.

Each version is held against the original, which is the one in the first of the newsroom's
languages that there is. What a language may say in other ways (a number in words, a day as
“tomorrow”) is never missed: only what both have, and have otherwise, or what no word stands for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from communique.checks.facts import Amended, Day, Facts, Figure, FullName, Hour
from communique.checks.names_in_text import folded, is_slip
from communique.checks.rule import THERE, VersionRemark, VersionsRule
from communique.diagnostics import Severity

FAMILY = "Translations"
SMALL = 12
"""Up to here, a number may be said in ways that no list has: a couple, a pair, a trio."""
LENGTHS = {"en": 1.0, "es": 1.16, "pt": 1.1, "fr": 1.2}
"""How long a text is in a language, beside English."""
PATIENCE = dt.timedelta(weeks=1)
"""How much later a correction may be made in one version than in another."""
FEW_QUOTED = 60
"""Characters: what is shorter is a name or a word."""
LANGUAGE_ENDINGS = ("io", "ia", "ios", "ias", "ico", "ica", "icos", "icas", "ao", "al")
"""Words that end so have other accents in Spanish than in Portuguese."""


def numbers(original: Facts, version: Facts) -> Iterator[VersionRemark]:
    """Find numbers that stand in one version only."""
    here = _left_over(version.figures, original.said)
    there = _left_over(original.figures, version.said)
    for found, meant in zip_longest(here, there):
        if found is not None and meant is not None:
            yield VersionRemark(
                found[:2],
                f"`{found.text}` stands here, and `{meant.text}` in `{THERE}`",
                meant[:2],
                "correct the one that is wrong",
            )
        elif found is not None and min(found.values) > SMALL:
            yield VersionRemark(
                found[:2],
                f"`{found.text}` stands here, and nowhere in `{THERE}`",
                original.place,
                "correct the one that is wrong",
            )
        elif meant is not None and min(meant.values) > SMALL:
            yield VersionRemark(
                version.place,
                f"`{meant.text}`, which stands in `{THERE}`, is missing here",
                meant[:2],
                "add it, or take it out there",
            )


def _left_over(figures: tuple[Figure, ...], said: frozenset[float]) -> list[Figure]:
    """Return the numbers that are not said in the other version, each once."""
    left = {each.values: each for each in reversed(figures) if not each.values & said}
    return sorted(left.values())


def days(original: Facts, version: Facts) -> Iterator[VersionRemark]:
    """Find days where each version has one that the other lacks."""
    theirs = {(each.month, each.day) for each in original.days}
    ours = {(each.month, each.day) for each in version.days}
    here = [each for each in version.days if each[3:] not in theirs]
    there = [each for each in original.days if each[3:] not in ours]
    yield from _otherwise(here, there)


def hours(original: Facts, version: Facts) -> Iterator[VersionRemark]:
    """Find times of day where each version has one that the other lacks."""
    theirs = {each.minutes for each in original.hours}
    ours = {each.minutes for each in version.hours}
    here = [each for each in version.hours if each.minutes not in theirs]
    there = [each for each in original.hours if each.minutes not in ours]
    yield from _otherwise(here, there)


def _otherwise(here: Sequence[Day | Hour], there: Sequence[Day | Hour]) -> Iterator[VersionRemark]:
    """Pair what each version has and the other lacks; each stretch of text once."""
    ours, theirs = (sorted({each[:3]: each for each in found}) for found in (here, there))
    for (start, end, text), (*place, meant) in zip(ours, theirs, strict=False):
        yield VersionRemark(
            (start, end),
            f"`{text}` stands here, and `{meant}` in `{THERE}`",
            (place[0], place[1]),
            "correct the one that is wrong",
        )


def links(original: Facts, version: Facts) -> Iterator[VersionRemark]:
    """Find links to a site, or to a release, that the other version does not link to."""
    theirs = {each.host: each for each in reversed(original.targets)}
    ours = {each.host: each for each in reversed(version.targets)}
    for host in [each for each in theirs if each not in ours]:
        yield VersionRemark(
            version.place,
            f"there is no link to {_named(host)} here, as in `{THERE}`",
            theirs[host][:2],
            "add it, or take it out there",
        )
    for host in [each for each in ours if each not in theirs]:
        yield VersionRemark(
            ours[host][:2],
            f"the link to {_named(host)} stands here, and not in `{THERE}`",
            original.place,
            "add it there, or take it out",
        )


def _named(host: str) -> str:
    return f"`{host}`" if host else "a release"


def quotes(original: Facts, version: Facts) -> Iterator[VersionRemark]:
    """Find a version that quotes much less than the other."""
    low, high = sorted((original.quoted, version.quoted))
    if high >= FEW_QUOTED and low * 2 < high:
        more, less = ("there", "here") if original.quoted > version.quoted else ("here", "there")
        yield VersionRemark(
            version.place,
            f"much more is quoted {more} than {less}: compare with `{THERE}`",
            original.place,
            "add the quotation that is missing, or its marks",
        )


def pictures(original: Facts, version: Facts) -> Iterator[VersionRemark]:
    """Find a version with another number of pictures."""
    if original.pictures != version.pictures:
        yield VersionRemark(
            version.place,
            f"the number of pictures is {version.pictures} here, and {original.pictures} in "
            f"`{THERE}`",
            original.place,
            "add those that are missing",
        )


def paragraphs(original: Facts, version: Facts) -> Iterator[VersionRemark]:
    """Find a version that has fewer paragraphs, and is shorter by about as much."""
    facts = sorted((original, version), key=lambda each: each.paragraphs)
    short, long = ((each.paragraphs, each.length / _length(each)) for each in facts)
    if short[0] < long[0] and short[1] < long[1] * (1 - 0.5 / long[0]):
        yield VersionRemark(
            version.place,
            f"the number of paragraphs is {version.paragraphs} here, and {original.paragraphs} in "
            f"`{THERE}`",
            original.place,
            "add what is missing",
        )


def _length(facts: Facts) -> float:
    return LENGTHS.get(facts.language.partition("-")[0], 1.1)


def names(original: Facts, version: Facts) -> Iterator[VersionRemark]:
    """Find a name that is spelt in two ways, with another accent or letter in each version."""
    tongues = {each.language.partition("-")[0] for each in (original, version)}
    theirs: dict[str, list[FullName]] = {}
    for name in original.names:
        theirs.setdefault(name.first, []).append(name)
    seen: set[str] = set()
    for name in version.names:
        for other in theirs.get(name.first, ()):
            if (
                name.second in seen
                or name.second in original.words
                or other.second in version.words
            ):
                continue
            if _is_near(name.second, other.second, is_close=tongues == {"es", "pt"}):
                seen.add(name.second)
                yield VersionRemark(
                    name[:2],
                    f"`{name.first} {name.second}` is `{other.first} {other.second}` in `{THERE}`",
                    other[:2],
                    "write the name in one way, if it is one person’s",
                )


def _is_near(one: str, other: str, *, is_close: bool) -> bool:
    first, second = folded(one), folded(other)
    if is_close and first.endswith(LANGUAGE_ENDINGS):
        return False
    return is_slip(first, second, is_surname=True) if first != second else one != other


def corrections(original: Facts, version: Facts) -> Iterator[VersionRemark]:
    """Find a correction that a version lacks which was public already."""
    for one, other in ((original, version), (version, original)):
        # What became public later was made from the corrected text.
        due = [each for each in one.corrections if each.day >= other.public_from]
        latest = max((each.day for each in other.corrections), default="")
        missing = due if len(due) > len(other.corrections) or _is_long_after(due, latest) else []
        if missing and one is original:
            yield VersionRemark(
                version.place,
                f"the correction of {missing[-1].day} in `{THERE}` is not made here",
                missing[-1][:2],
                "if the mistake is here too, correct it and add it to `corrections`",
            )
        elif missing:
            yield VersionRemark(
                missing[-1][:2],
                f"the correction of {missing[-1].day} is not made in `{THERE}`",
                original.place,
                "if the mistake is there too, correct it and add it to `corrections`",
            )


def _is_long_after(due: list[Amended], latest: str) -> bool:
    """Tell whether the last correction was made more than a week after another version's last."""
    if not due or not latest:
        return False
    first, last = (dt.date.fromisoformat(day) for day in (latest, max(each.day for each in due)))
    return last - first > PATIENCE


RULES = (
    VersionsRule(
        "translation-number",
        FAMILY,
        Severity.NOTE,
        "A number of one version that the other does not have, neither in digits nor in words, nor "
        "as a day, an hour or a Roman numeral. `1,234`, `1.234` and `1 234` are one number, and so "
        "are `1.5 million` and `1 500 000`. Up to twelve it is only remarked where each version "
        "has one that the other lacks.",
        "A reader who knows both languages sees that one of the two is wrong.",
        "The mission has 24 observers.\n===\nLa misión tiene 26 observadores.",
        "The mission has twenty-six observers.\n===\nLa misión tiene 26 observadores.",
        numbers,
    ),
    VersionsRule(
        "translation-date",
        FAMILY,
        Severity.NOTE,
        "A day and month where each version names one that the other does not. Ranges are read "
        "(`March 10-14`, `10 al 14 de marzo`), and the days of `event` count.",
        "Whoever reads the other version comes on another day.",
        "The quay opens on March 10.\n===\nEl muelle abre el 10 de mayo.",
        "The fair is on March 10-14.\n===\nLa feria es del 10 al 14 de marzo.",
        days,
    ),
    VersionsRule(
        "translation-time",
        FAMILY,
        Severity.NOTE,
        "A time of day where each version names one that the other does not.",
        "Whoever reads the other version comes at another hour.",
        "The council meets at 3:00 p.m.\n===\nEl consejo se reúne a las 16:00.",
        "The council meets at 3:00 p.m.\n===\nEl consejo se reúne a las 3:00 de la tarde.",
        hours,
    ),
    VersionsRule(
        "translation-link",
        FAMILY,
        Severity.NOTE,
        "A link of one version to a site that the other has no link to, or to a release where the "
        "other has none. It may be another page or release, in the other language.",
        "The link was added later, and in one version only.",
        "Read [the report](https://www.example.org/report).\n===\nLea el informe.",
        "Read [it](https://www.example.org/en/).\n===\n[Léalo](https://www.example.org/es/).",
        links,
    ),
    VersionsRule(
        "translation-quotation",
        FAMILY,
        Severity.NOTE,
        "A version in which less than half as many characters stand between quotation marks as in "
        "the other, which has more than a few words in them.",
        "A quotation was left out, or has become the newsroom’s own words.",
        "“The work has only begun, and the winter will be a long one for all of us,” she said.\n"
        "===\nDijo que el trabajo apenas comienza, y que el invierno será largo para todos.",
        "“The work has only begun, and the winter will be a long one for all of us,” she said.\n"
        "===\n“El trabajo apenas comienza, y el invierno será largo para todos nosotros”, dijo.",
        quotes,
    ),
    VersionsRule(
        "translation-picture",
        FAMILY,
        Severity.NOTE,
        "A version with more or fewer pictures than the other.",
        "Pictures are added at the last minute, and to the version that is open.",
        "The council met.\n\n![Ten boats at a quay](quay.png)\n===\nEl consejo se reunió.",
        "The council met.\n\n![Ten boats at a quay](quay.png)\n===\nEl consejo se reunió.\n\n"
        "![Diez botes en un muelle](quay.png)",
        pictures,
    ),
    VersionsRule(
        "translation-paragraph",
        FAMILY,
        Severity.NOTE,
        "A version that has fewer paragraphs than the other and is shorter, too. Two paragraphs "
        "made one are fine.",
        "A paragraph that was added after the translation is missing in it.",
        "The council met at the old quay.\n\nIt will meet again in the spring.\n===\n"
        "El consejo se reunió en el muelle viejo.",
        "The council met at the old quay.\n\nIt will meet again in the spring.\n===\n"
        "El consejo se reunió en el muelle viejo. Se reunirá de nuevo en la primavera.",
        paragraphs,
    ),
    VersionsRule(
        "translation-name",
        FAMILY,
        Severity.NOTE,
        "A name that has another accent or letter in the surname than in the other version, beside "
        "the same given name.",
        "One of the two is wrong, and who is named reads both.",
        "The mission is led by Inés Beltrán.\n===\nLa misión está a cargo de Inés Beltran.",
        "The mission is led by Inés Beltrán.\n===\nLa misión está a cargo de Inés Beltrán.",
        names,
    ),
    VersionsRule(
        "correction-not-carried-over",
        FAMILY,
        Severity.NOTE,
        "A version that was public already when another was corrected, and has fewer corrections, "
        "or none within a week of that one.",
        "Readers of the other language go on reading what is known to be wrong.",
        "corrections: [{when: 2014-11-20, note: The hour was wrong.}]\n---\nThe council met.\n"
        "===\nEl consejo se reunió.",
        "corrections: [{when: 2014-11-20, note: The hour was wrong.}]\n---\nThe council met.\n"
        "===\ncorrections: [{when: 2014-11-20, note: La hora no era correcta.}]\n---\n"
        "El consejo se reunió.",
        corrections,
    ),
)
