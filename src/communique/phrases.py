"""What the program itself says on pages, in PDFs and in feeds, per language.

What comes in: `layouts/phrases/<language>.yaml`, the program's own and the office's. What goes out:
`Checked[Phrases]`. Adding a language is adding a file; an office that wants other words for a few
of them writes only these.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from string import Formatter
from typing import cast

from communique.diagnostics import Checked, Diagnostic, Span
from communique.edition import PublicRelease
from communique.fields import value_span
from communique.source import Source
from communique.yaml_text import Value, YamlDocument, read_yaml

Phrases = Mapping[str, "str | Phrases"]
_Values = Mapping[str, Value]


def phrases_path(language: str) -> str:
    """Return the layout file that holds the phrases of a language."""
    return f"phrases/{language}.yaml"


def read_phrases(
    language: str, sources: Iterable[Source], complete: Phrases, kinds: Iterable[str]
) -> Checked[Phrases]:
    """Read the phrases of one language; a later source replaces single phrases of an earlier one.

    `complete` shows by its keys which phrases there must be; `kinds` are those of the series.

    Diagnostics: those of `read_yaml`; `phrase-malformed` for one that is not of the shape it has
    in `complete`, or with braces that nothing fills in; `phrase-missing` for each that no source
    has.
    """
    merged: dict[str, Value] = {}
    found: list[Diagnostic] = []
    path = f"layouts/{phrases_path(language)}"
    for source in sources:
        document = read_yaml(source, 0, len(source.text))
        found.extend(document.diagnostics)
        path = source.path
        if document.value is not None:
            found.extend(_check_shapes(document.value, source, complete))
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


def phrase_group(phrases: Phrases, name: str) -> Phrases:
    """Return a group of phrases by its name. Raises: `KeyError` if there is none."""
    value = phrases[name]
    if not isinstance(value, Mapping):
        raise KeyError(name)
    return value


def heading_of(release: PublicRelease, phrases: Phrases) -> str:
    """Return a release's title; a withdrawn one has lost its own and is named by its reference."""
    if release.title:
        return release.title
    kinds = phrase_group(phrases, "kinds")
    return phrase(phrases, "withdrawn_title").format(
        kind=phrase(kinds, release.kind), reference=release.reference
    )


def _check_shapes(
    document: YamlDocument, source: Source, complete: Phrases
) -> Iterator[Diagnostic]:
    """Compare phrases with those that they replace; the office may have more of its own."""
    for name in _names(complete):
        value, model = _lookup(document.value, name), _lookup(cast(_Values, complete), name)
        fault = _fault_of(value, model) if value is not None else None
        if fault is not None:
            message, advice = fault
            span = value_span(document, source, name)
            words = f"the phrase `{'.'.join(name)}` {message}"
            yield Diagnostic("phrase-malformed", words, span, help=advice)


def _fault_of(value: Value, model: Value | None) -> tuple[str, str] | None:
    """Say what keeps a phrase from being used as its model is, and what to write."""
    if isinstance(model, list):
        if isinstance(value, list) and len(value) == len(model):
            return None
        example = json.dumps(model, ensure_ascii=False)
        return f"is not a list of {len(model)}", f"write it like `{example}`"
    if not isinstance(value, str):
        return "is not one text", f"write it like `{model}`"
    known = _placeholders(str(model)) or set()
    shown = ", ".join(f"`{{{each}}}`" for each in sorted(known))
    advice = f"use only {shown}" if known else "leave the braces out"
    written = _placeholders(value)
    if written is None:
        return "has a brace without its other half", advice
    strange = sorted(written - known)
    if strange:
        return f"has `{{{strange[0]}}}`, which nothing fills in", advice
    return None


def _placeholders(text: str) -> set[str] | None:
    """Return what stands in braces; None if the braces do not match."""
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return None


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
