"""Make the newsroom that is measured: the Harbour Council's archive of twenty years.

What comes in: a number of releases. What goes out: `Item`s, and a newsroom folder of communique
with them. The same number gives the same items on every machine. `peers` writes the same items for
other programs.

Of every hundred releases some 95 are stories in one to four languages that share number and year
(series E, C, P, F), the rest advisories (AVI) with an event. One more release is under embargo
until `EMBARGO`; the other programs do not get it.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench import texts

FIRST_DAY = dt.date(2006, 1, 2)
LAST_DAY = dt.date(2025, 12, 30)
NOW = "2026-01-15 09:00"
"""An instant when all of the archive is public, for what is asked of the program and not run."""
EMBARGOED_DAY = dt.date(2026, 1, 15)
EMBARGO = "2099-01-15 10:00"
"""When the embargoed release becomes public: not while anything is measured, unless it is moved."""
RELEASES_OF_A_STORY = 2.5
"""On average: one to four languages."""


@dataclass(frozen=True, slots=True)
class Item:
    """One release in one language, before anything is written of it."""

    series: str
    number: int
    date: dt.date
    language: str
    kind: str
    """``release`` or ``advisory``."""
    title: str
    subtitle: str | None
    summary: str | None
    place: str
    topics: tuple[str, ...]
    countries: tuple[str, ...]
    event: tuple[str, str] | None
    """What and where; it takes place at ten on the day after `date`."""
    paragraphs: tuple[str, ...]
    """Blocks of Markdown. ``{link}`` stands for the address of `earlier`."""
    earlier: str | None
    """The reference of an earlier release that the text links to."""
    translations: tuple[str, ...]
    """The other languages that it appears in, in the newsroom's order."""

    @property
    def reference(self) -> str:
        """Return the reference number, as in ``E-042/14``."""
        return reference(self.series, self.number, self.date.year)

    @property
    def slug(self) -> str:
        """Return the stem of its file's name."""
        language = f".{self.language}" if self.kind == "advisory" else ""
        return self.reference.replace("/", "-") + language

    @property
    def address(self) -> str:
        """Return where its page is, below the root."""
        return self.address_in(self.language)

    def address_in(self, language: str) -> str:
        """Return where the page of a translation is, below the root."""
        if self.kind == "advisory":
            return f"{self.reference}/{language}/"
        return f"{reference(texts.SERIES[language], self.number, self.date.year)}/"

    def body(self, link: str) -> str:
        """Return the text in Markdown; `link` leads to the earlier release."""
        return "\n\n".join(self.paragraphs).replace("{link}", link) + "\n"


def reference(series: str, number: int, year: int) -> str:
    """Write a reference number."""
    return f"{series}-{number:03}/{year % 100:02}"


def generate(count: int) -> tuple[Item, ...]:
    """Return `count` releases, oldest first."""
    chance = random.Random(count)
    days = (LAST_DAY - FIRST_DAY).days
    stories = max(1, round(count / RELEASES_OF_A_STORY))
    numbers: dict[tuple[str, int], int] = {}
    earlier: dict[str, str] = {}
    items: list[Item] = []
    story = 0
    while len(items) < count:
        date = FIRST_DAY + dt.timedelta(days=min(days, days * story // stories))
        kind = "advisory" if chance.random() < 0.05 else "release"
        number = numbers[kind, date.year] = numbers.get((kind, date.year), 0) + 1
        languages = tuple(
            language
            for language, share in zip(texts.LANGUAGES, (1, 0.8, 0.4, 0.3), strict=True)
            if chance.random() < share
        )[: count - len(items)]
        written = tuple(_story(chance, kind, number, date, languages, earlier))
        for item in written:
            if item.kind == "release":
                earlier[item.language] = item.reference
        items.extend(written)
        story += 1
    return tuple(items)


def embargoed() -> Item:
    """Return the release that is public from `EMBARGO` on."""
    return next(iter(_story(random.Random(1), "release", 1, EMBARGOED_DAY, ("en",), {})))


def write_newsroom(folder: Path, items: tuple[Item, ...]) -> None:
    """Write a newsroom for communique: `newsroom.yaml`, and a file of `releases/` an item."""
    folder.mkdir(parents=True)
    (folder / "newsroom.yaml").write_text(_newsroom(), encoding="utf-8")
    for item in items:
        path = release_path(folder, item)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_release(item, None), encoding="utf-8")
    path = release_path(folder, embargoed())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_release(embargoed(), EMBARGO), encoding="utf-8")


def release_path(folder: Path, item: Item) -> Path:
    """Return the file of a release."""
    return folder / "releases" / str(item.date.year) / f"{item.slug}.md"


def _story(
    chance: random.Random,
    kind: str,
    number: int,
    date: dt.date,
    languages: tuple[str, ...],
    earlier: dict[str, str],
) -> Iterator[Item]:
    """Write one story in several languages: equal in structure, names and figures."""
    place = chance.choice(texts.PLACES)
    topics = tuple(sorted(chance.sample(tuple(texts.TOPICS), chance.choice((1, 1, 2)))))
    countries = tuple(sorted(chance.sample(texts.COUNTRIES, chance.choice((0, 1, 3)))))
    has_subtitle, has_summary = chance.random() < 0.4, chance.random() < 0.7
    has_earlier = kind == "release" and earlier.keys() >= {*languages}
    seed = chance.random()
    for language in languages:
        words = _Words(random.Random(seed), language)
        title = words.one_of(texts.TITLES)
        subtitle = words.one_of(texts.SUBTITLES)
        summary = words.one_of(texts.SENTENCES).replace("*", "").partition("[")[0].strip()
        before = earlier[language] if has_earlier else None
        what, where = texts.EVENTS[words.at]
        yield Item(
            series="AVI" if kind == "advisory" else texts.SERIES[language],
            number=number,
            date=date,
            language=language,
            kind=kind,
            title=title,
            subtitle=subtitle if has_subtitle else None,
            summary=summary if has_summary else None,
            place=place,
            topics=topics,
            countries=countries,
            event=(what, where.format(place=place)) if kind == "advisory" else None,
            paragraphs=tuple(words.text(short=kind == "advisory", earlier=before is not None)),
            earlier=before,
            translations=tuple(other for other in languages if other != language),
        )


class _Words:
    """Choose sentences of one language; the same seed chooses the same in each language."""

    def __init__(self, chance: random.Random, language: str) -> None:
        """Begin with a seeded `chance`."""
        self._chance = chance
        self.at = texts.LANGUAGES.index(language)

    def one_of(self, choices: tuple[tuple[str, str, str, str], ...]) -> str:
        """Choose a sentence and fill in its figures and names."""
        sentence = self._chance.choice(choices)[self.at]
        n, m = self._chance.randrange(12, 99), self._chance.randrange(3, 12)
        person, place = self._chance.choice(texts.PEOPLE), self._chance.choice(texts.PLACES)
        return sentence.format(n=n, m=m, person=person, place=place)

    def text(self, *, short: bool, earlier: bool) -> Iterator[str]:
        """Yield the blocks of a text: two to five paragraphs, and now and then something else."""
        paragraphs = 2 if short else self._chance.randrange(2, 6)
        for at in range(paragraphs):
            if at == 2 and self._chance.random() < 0.5:
                yield "## " + self._chance.choice(texts.HEADINGS)[self.at]
            sentences = [self.one_of(texts.SENTENCES) for _ in range(self._chance.randrange(2, 6))]
            yield "\n".join(sentences)
        if self._chance.random() < 0.35:
            yield "\n".join(f"- {self.one_of(texts.LIST_ITEMS)}" for _ in range(4))
        if self._chance.random() < 0.2:
            yield f"> {self.one_of(texts.SENTENCES)}"
        if self._chance.random() < 0.12:
            yield self._table()
        linked = self._chance.random() < 0.2
        if linked and earlier:
            yield texts.EARLIER[self.at]

    def _table(self) -> str:
        head = texts.TABLE_HEAD[self.at]
        lines = ["| " + " | ".join(head) + " |", "|---|--:|--:|"]
        for place in self._chance.sample(texts.PLACES, 4):
            arrivals, change = self._chance.randrange(100, 4000), self._chance.randrange(1, 30)
            lines.append(f"| {place} | {arrivals} | +{change} % |")
        return "\n".join(lines)


def _newsroom() -> str:
    topics: list[str] = []
    for slug, names in texts.TOPICS.items():
        topics.append(f"  {slug}:")
        topics += [f"    {each}: {name}" for each, name in zip(texts.LANGUAGES, names, strict=True)]
    boilerplate = [
        f"  {language}: >-\n    {text}"
        for language, text in zip(texts.LANGUAGES, texts.BOILERPLATE, strict=True)
    ]
    filled = {"topics": "\n".join(topics), "boilerplate": "\n".join(boilerplate)}
    return texts.NEWSROOM % filled


def _release(item: Item, embargo: str | None) -> str:
    lines = [
        "---",
        f"reference: {item.reference}",
        f"title: {quoted(item.title)}",
        f"date: {item.date}",
        f"place: {item.place}",
        f"topics: [{', '.join(item.topics)}]",
    ]
    if item.kind == "advisory":
        lines.append(f"language: {item.language}")
    if item.subtitle:
        lines.append(f"subtitle: {quoted(item.subtitle)}")
    if item.summary:
        lines.append(f"summary: {quoted(item.summary)}")
    if item.countries:
        lines.append(f"countries: [{', '.join(item.countries)}]")
    if embargo:
        lines.append(f"embargo: {embargo}")
    if item.event:
        what, where = item.event
        when = item.date + dt.timedelta(days=1)
        lines += [
            "event:",
            f"  what: {quoted(what)}",
            f"  when: {when} 10:00",
            f"  where: {quoted(where)}",
        ]
    return "\n".join([*lines, "---", "", item.body(item.earlier or "")])


def quoted(text: str) -> str:
    """Write a text as a YAML scalar in single quotation marks."""
    return "'" + text.replace("'", "''") + "'"
