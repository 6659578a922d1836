"""The kinds of values that front matter and `newsroom.yaml` share, and what is said of wrong ones.

What comes in: the plain values of a `YamlDocument`. What goes out: typed values, or diagnostics in
the officer's words with the place of the value. pydantic gathers all faults of a file at once and
exports the JSON Schema; the words are ours.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, WithJsonSchema
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ValidationInfo

from communique.diagnostics import Checked, Diagnostic, Span, nearest
from communique.faults import fault, shape_of
from communique.moments import read_moment
from communique.source import Source
from communique.yaml_text import Path, YamlDocument

ModelT = TypeVar("ModelT", bound=BaseModel)


class Fields(BaseModel):
    """The base of every mapping that an officer writes: no key is passed over in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Context:
    """What reading a value may depend on."""

    time_zone: ZoneInfo


def _one_line(value: object) -> object:
    if not isinstance(value, str):
        raise fault("not-a-text", f"here belongs one text, not {shape_of(value)}")
    text = " ".join(unicodedata.normalize("NFC", value).split())
    return text or None


def _required_line(value: object) -> object:
    text = _one_line(value)
    if text is None:
        raise fault("empty-value", "nothing is written here")
    return text


def _paragraphs(value: object) -> object:
    if not isinstance(value, str):
        raise fault("not-a-text", f"here belongs one text, not {shape_of(value)}")
    text = unicodedata.normalize("NFC", value).strip()
    if not text:
        raise fault("empty-value", "nothing is written here")
    return text


def _list(value: object) -> object:
    """Take a single value for a list of one, and an empty one for an empty list."""
    if value == "":
        return []
    return value if isinstance(value, list) else [value]


def _switch(value: object) -> object:
    known = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    if isinstance(value, str) and value.strip().lower() in known:
        return known[value.strip().lower()]
    shown = value if isinstance(value, str) else shape_of(value)
    raise fault("not-yes-or-no", f"`{shown}` is neither `yes` nor `no`", "write `yes` or `no`")


Text = Annotated[str, BeforeValidator(_required_line)]
"""One line of text that must not be empty; white space runs are one space."""
OptionalText = Annotated[str | None, BeforeValidator(_one_line), WithJsonSchema({"type": "string"})]
"""One line of text; empty counts as absent."""
Paragraphs = Annotated[str, BeforeValidator(_paragraphs)]
"""A text that may have several paragraphs, parted by a blank line."""
Switch = Annotated[bool, BeforeValidator(_switch)]
"""`yes` or `no`."""
AsList = BeforeValidator(_list)
"""Marks a list for which a single value may be written."""


def _moment_field(value: object, info: ValidationInfo) -> object:
    context = info.context
    return read_moment(value, context.time_zone if isinstance(context, Context) else None)


_MOMENT_SCHEMA = WithJsonSchema(
    {"type": "string", "examples": ["2014-11-18", "2014-11-18 10:00 America/Bogota"]}
)
Moment = Annotated[Any, BeforeValidator(_moment_field), _MOMENT_SCHEMA]
"""A `datetime.date`, or an aware `datetime.datetime`."""


def check_fields(
    model: type[ModelT], document: YamlDocument, source: Source, context: Context | None
) -> Checked[ModelT]:
    """Read a document's mapping as `model`; everything wrong is reported, each in its place.

    Diagnostics: `key-missing`, `key-unknown`, `not-a-text`, `not-a-list`, `not-a-mapping`,
    `value-unknown`, and those of the fields' own readers.
    """
    try:
        return Checked(model.model_validate(document.value, context=context))
    except ValidationError as error:
        details = error.errors(include_url=False)
        return Checked(None, tuple(_diagnostic(each, model, document, source) for each in details))


def value_span(document: YamlDocument, source: Source, path: Path) -> Span:
    """Return the place of the value at `path`, or of the nearest mapping or list around it."""
    for length in range(len(path), 0, -1):
        place = document.places.get(path[:length])
        if place is not None:
            if place.end > place.start:
                return source.span(place.start, place.end)
            return source.span(place.key_start, place.key_end)
    return source.span(0, 0)


def key_span(document: YamlDocument, source: Source, path: Path) -> Span:
    """Return the place of the key at `path`."""
    place = document.places[path]
    return source.span(place.key_start, place.key_end)


def _diagnostic(
    error: ErrorDetails, model: type[BaseModel], document: YamlDocument, source: Source
) -> Diagnostic:
    path: Path = tuple(error["loc"])
    name = _last_key(path)
    context = error.get("ctx", {})
    match error["type"]:
        case "communique":
            span = value_span(document, source, path)
            message = f"`{name}`: {context['words']}"
            return Diagnostic(context["code"], message, span, help=context.get("advice"))
        case "missing":
            span = value_span(document, source, path[:-1])
            within = f" in `{path[-2]}`" if len(path) > 1 and isinstance(path[-2], str) else ""
            return Diagnostic(
                "key-missing", f"`{name}` is missing{within}", span, help=f"add a line `{name}: …`"
            )
        case "extra_forbidden":
            known = _known_keys(model, path[:-1])
            likely = nearest(name, known)
            advice = f"write `{likely}`" if likely else f"known are {_listed(known)}"
            span = key_span(document, source, path)
            return Diagnostic("key-unknown", f"`{name}` is not a known key", span, help=advice)
        case "model_type" | "model_attributes_type" | "dict_type":
            keys = tuple(_known_keys(model, path))
            words = f"`{name}` needs keys of its own, not {shape_of(error['input'])}"
            span = value_span(document, source, path)
            example = f"write lines under it, as in `{keys[0]}: …`" if keys else None
            return Diagnostic("not-a-mapping", words, span, help=example)
        case "literal_error":
            words = f"`{name}` cannot be `{error['input']}`"
            span = value_span(document, source, path)
            return Diagnostic(
                "value-unknown", words, span, help=f"write one of {context['expected']}"
            )
        case _:
            words = f"`{name}`: {error['msg'][:1].lower()}{error['msg'][1:]}"
            return Diagnostic("value-unknown", words, value_span(document, source, path))


def _last_key(path: Path) -> str:
    return next((part for part in reversed(path) if isinstance(part, str)), "")


def _known_keys(model: type[BaseModel], path: Path) -> Iterable[str]:
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
