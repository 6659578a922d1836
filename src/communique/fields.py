"""A mapping that an officer wrote becomes typed values, and what is wrong with it diagnostics.

What comes in: a `YamlDocument` and the pydantic model of its keys. What goes out: `Filled`.
pydantic gathers all faults of a file at once; the words are ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from communique.diagnostics import Diagnostic, Span, nearest
from communique.faults import shape_of
from communique.source import Source
from communique.yaml_text import Path, Value, YamlDocument

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Filled(Generic[ModelT]):
    """What could be read of a mapping."""

    value: ModelT
    diagnostics: tuple[Diagnostic, ...]
    faulty: frozenset[str] = frozenset()
    """The keys whose values could not be read: absent from `value`, or with their stand-in."""


def read_fields(
    model: type[ModelT],
    document: YamlDocument,
    source: Source,
    context: object,
    stand_ins: Mapping[str, Value],
) -> Filled[ModelT]:
    """Read a document's mapping as `model`; everything wrong is reported, each in its place.

    What is sound can be checked further even if something is not: `stand_ins` has a value for each
    required key.

    Diagnostics: `key-missing`, `key-unknown`, `not-a-text`, `not-a-mapping`, `empty-value`,
    `value-unknown`, and those of the fields' own readers.
    """
    try:
        return Filled(model.model_validate(document.value, context=context), ())
    except ValidationError as error:
        details = error.errors(include_url=False)
    found = tuple(
        _diagnostic(each, model, document, source)
        for each in details
        if not (document.is_partial and each["type"] == "missing")
    )
    sound, faulty = _sound_part(document.value, details, stand_ins)
    return Filled(model.model_validate(sound, context=context), found, faulty)


def value_span(document: YamlDocument, source: Source, path: Path) -> Span:
    """Return the place of the value at `path`, or of the nearest mapping or list around it."""
    place = document.places.get(_written(document, path))
    if place is None:
        return source.span(0, 0)
    if place.end > place.start:
        return source.span(place.start, place.end)
    return source.span(place.key_start, place.key_end)


def key_span(document: YamlDocument, source: Source, path: Path) -> Span:
    """Return the place of the key at `path`."""
    place = document.places[_written(document, path)]
    return source.span(place.key_start, place.key_end)


def _written(document: YamlDocument, path: Path) -> Path:
    """Return as much of `path` as an officer wrote.

    Readers put a list around a single value, and a mapping around a bare text.
    """
    written: Path = ()
    for part in path:
        if (*written, part) in document.places:
            written = (*written, part)
    return written


def _sound_part(
    value: Mapping[str, Value], details: Iterable[ErrorDetails], stand_ins: Mapping[str, Value]
) -> tuple[dict[str, Value], frozenset[str]]:
    """Return a mapping without its faulty values, and their keys."""
    sound = deepcopy(dict(value))
    faulty = set()
    for each in details:
        path = each["loc"]
        if each["type"] == "extra_forbidden" and _delete(sound, path):
            continue
        key = str(path[0])
        faulty.add(key)
        sound.pop(key, None)
        if key in stand_ins:
            sound[key] = stand_ins[key]
    return sound, frozenset(faulty)


def _delete(value: dict[str, Value], path: Path) -> bool:
    """Delete the key at `path`; tell whether it was there."""
    around: Any = value
    for part in path[:-1]:
        try:
            around = around[part]
        except (KeyError, IndexError, TypeError):
            return False
    return isinstance(around, dict) and around.pop(path[-1], None) is not None


def _diagnostic(
    error: ErrorDetails, model: type[BaseModel], document: YamlDocument, source: Source
) -> Diagnostic:
    path: Path = tuple(error["loc"])
    name = _last_key(_written(document, path))
    span = value_span(document, source, path)
    context = error.get("ctx", {})
    match error["type"]:
        case "communique":
            words = f"`{name}`: {context['words']}"
            return Diagnostic(context["code"], words, span, help=context.get("advice"))
        case "missing":
            missing, around = _last_key(path), _last_key(path[:-1])
            within = f" in `{around}`" if around else ""
            advice = f"add a line `{missing}: …`"
            return Diagnostic("key-missing", f"`{missing}` is missing{within}", span, help=advice)
        case "extra_forbidden":
            known = _known_keys(model, path[:-1])
            likely = nearest(name, known)
            advice = f"write `{likely}`" if likely else f"known are {_listed(known)}"
            span = key_span(document, source, path)
            return Diagnostic("key-unknown", f"`{name}` is not a known key", span, help=advice)
        case "model_type":
            keys = _known_keys(model, path)
            words = f"`{name}` needs keys of its own, not {shape_of(error['input'])}"
            advice = f"write lines under it, with {_listed(keys)}"
            return Diagnostic("not-a-mapping", words, span, help=advice)
        case "too_short":
            return Diagnostic("empty-value", f"`{name}` needs at least one entry", span)
        case "literal_error":
            given = error["input"]
            shown = f"`{given}`" if isinstance(given, str) else shape_of(given)
            advice = f"write {context['expected'].replace(chr(39), '`')}"
            return Diagnostic("value-unknown", f"`{name}` cannot be {shown}", span, help=advice)
        case _:
            words = f"`{name}`: {error['msg'][:1].lower()}{error['msg'][1:]}"
            return Diagnostic("value-unknown", words, span)


def _last_key(path: Path) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def _known_keys(model: type[BaseModel], path: Path) -> tuple[str, ...]:
    """Return the keys of the mapping at `path`, followed through the models' types."""
    current: type[BaseModel] | None = model
    for part in path:
        if isinstance(part, str) and current is not None and part in current.model_fields:
            current = _model_within(current.model_fields[part].annotation) or None
    return tuple(current.model_fields) if current is not None else ()


def _model_within(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if (found := _model_within(argument)) is not None:
            return found
    return None


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)
