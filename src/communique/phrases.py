"""What the program itself says on pages, in PDFs and in feeds, per language.

What comes in: `layouts/phrases/<language>.yaml`, the program's own and the office's. What goes out:
`Checked[Phrases]`. Adding a language is adding a file; an office that wants other words for a few
of them writes only these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from communique.diagnostics import Checked, Diagnostic, Span
from communique.edition import PublicRelease
from communique.source import Source
from communique.yaml_text import Value, read_yaml

Phrases = Mapping[str, "str | Phrases"]


def phrases_path(language: str) -> str:
    """Return the layout file that holds the phrases of a language."""
    return f"phrases/{language}.yaml"


def read_phrases(
    language: str, sources: Iterable[Source], complete: Phrases, kinds: Iterable[str]
) -> Checked[Phrases]:
    """Read the phrases of one language; a later source replaces single phrases of an earlier one.

    `complete` shows by its keys which phrases there must be; `kinds` are those of the series.

    Diagnostics: those of `read_yaml`, and `phrase-missing` for each that no source has.
    """
    merged: dict[str, Value] = {}
    found: list[Diagnostic] = []
    path = f"layouts/{phrases_path(language)}"
    for source in sources:
        document = read_yaml(source, 0, len(source.text))
        found.extend(document.diagnostics)
        path = source.path
        if document.value is not None:
            _merge(merged, document.value.value)
    wanted = [*_names(complete), *(("kinds", kind) for kind in kinds)]
    missing = [name for name in dict.fromkeys(wanted) if not _lookup(merged, name)]
    for name in missing:
        found.append(
            Diagnostic(
                "phrase-missing",
                f"the phrase `{'.'.join(name)}` has no words in `{language}`",
                Span.of_file(path),
                help=f"add it to `layouts/{phrases_path(language)}`",
            )
        )
    return Checked(cast(Phrases, merged), tuple(found))


def phrase(phrases: Phrases, name: str) -> str:
    """Return one phrase by its name. Raises: `KeyError` if there is none."""
    value = phrases[name]
    if not isinstance(value, str):
        raise KeyError(name)
    return value


def heading_of(release: PublicRelease, phrases: Phrases) -> str:
    """Return a release's title; a withdrawn one has lost its own and is named by its reference."""
    if release.title:
        return release.title
    kinds = phrases["kinds"]
    assert isinstance(kinds, Mapping)
    return phrase(phrases, "withdrawn_title").format(
        kind=phrase(kinds, release.kind), reference=release.reference
    )


def _merge(into: dict[str, Value], other: Mapping[str, Value]) -> None:
    for key, value in other.items():
        current = into.get(key)
        if isinstance(current, dict) and isinstance(value, dict):
            _merge(current, value)
        else:
            into[key] = value


def _names(phrases: Phrases) -> Iterator[tuple[str, ...]]:
    for key, value in phrases.items():
        if isinstance(value, Mapping):
            if key not in ("kinds", "kinds_plural"):
                yield from ((key, *rest) for rest in _names(value))
        else:
            yield (key,)


def _lookup(phrases: Mapping[str, Value], name: tuple[str, ...]) -> Value | None:
    value: Value | None = dict(phrases)
    for part in name:
        value = value.get(part) if isinstance(value, dict) else None
    return value
