"""The kinds of values that front matter and `newsroom.yaml` share, and what is said of wrong ones.

What comes in: the plain values of a `YamlDocument`. What goes out: typed values, or diagnostics in
the officer's words with the place of the value. pydantic gathers all faults of a file at once and
exports the JSON Schema; the words are ours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import (
    CoreSchema,
    ValidationInfo,
    no_info_before_validator_function,
)

from communique.diagnostics import Diagnostic, Span, nearest
from communique.faults import fault, shape_of
from communique.moments import read_moment
from communique.proof import quoted
from communique.source import Source
from communique.yaml_text import Path, Value, YamlDocument

TEXT = {"type": "string"}
NOTHING = {"type": "null"}
ONE = {"type": "one entry"}
ModelT = TypeVar("ModelT", bound=BaseModel)


class Fields(BaseModel):
    """The base of every mapping that an officer writes: no key is passed over in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Context:
    """What reading a value may depend on."""

    time_zone: ZoneInfo


def _no_text(value: object) -> Exception:
    advice = None
    if isinstance(value, dict) and len(value) == 1:
        ((key, rest),) = value.items()
        advice = f"if the colon belongs to the text, write `{quoted(f'{key}: {rest}')}`"
    return fault("not-a-text", f"here belongs one text, not {shape_of(value)}", advice)


def _one_line(value: object) -> object:
    if not isinstance(value, str):
        raise _no_text(value)
    text = " ".join(unicodedata.normalize("NFC", value).split())
    return text or None


def _required_line(value: object) -> object:
    text = _one_line(value)
    if text is None:
        raise fault("empty-value", "nothing is written here")
    return text


def _paragraphs(value: object) -> object:
    if not isinstance(value, str):
        raise _no_text(value)
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
    shown = f"`{value.strip()}`" if isinstance(value, str) else shape_of(value)
    raise fault("not-yes-or-no", f"{shown} is neither `yes` nor `no`", "write `yes` or `no`")


def web_address(value: object) -> str:
    """Read the address of a page or site, as it stands in a browser."""
    text = str(_required_line(value))
    try:
        parts = urlsplit(text)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_whole = False
    if not is_whole or " " in text:
        is_bare = re.fullmatch(r"[\w-]+(\.[\w-]+)+([/?#]\S*)?", text)
        likely = f"https://{text}" if is_bare else "https://www.example.org/page"
        advice = f"write it whole, as in `{likely}`"
        raise fault("url-malformed", f"`{text}` is not a web address", advice)
    return text


@dataclass(frozen=True, slots=True)
class Reader:
    """Makes of what officers may write what a field holds, and names it in the JSON Schema."""

    read: Callable[[object], object]
    also: tuple[dict[str, str], ...]
    """The other forms; `ONE` stands for a single entry of a list."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read before pydantic does."""
        return no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Put the proper form first."""
        proper = handler(schema)
        return {
            "anyOf": [proper, *(proper["items"] if each is ONE else each for each in self.also)]
        }


def entries_like(example: str) -> Reader:
    """Make the reader of a mapping whose keys the office chooses."""

    def read(value: object) -> object:
        if isinstance(value, dict) or value == "":
            return value or {}
        advice = f"write a line under it for each, as in `{example}`"
        words = f"here belong keys of your own, not {shape_of(value)}"
        raise fault("not-a-mapping", words, advice)

    return Reader(read, (NOTHING,))


def absent_if_empty(value: object) -> object:
    """Take a key with nothing after it for one that is not there."""
    return None if value == "" else value


Text = Annotated[str, BeforeValidator(_required_line)]
"""One line of text that must not be empty; white space runs are one space."""
OptionalText = Annotated[
    str | None, BeforeValidator(_one_line), WithJsonSchema({"anyOf": [TEXT, NOTHING]})
]
"""One line of text; empty counts as absent."""
Paragraphs = Annotated[str, BeforeValidator(_paragraphs)]
"""A text that may have several paragraphs, parted by a blank line."""
Switch = Annotated[bool, Reader(_switch, (TEXT,))]
"""`yes` or `no`."""
AsList = Reader(_list, (ONE, NOTHING))
"""Marks a list for which a single value may be written."""


def _moment_field(value: object, info: ValidationInfo) -> object:
    context = info.context
    return read_moment(value, context.time_zone if isinstance(context, Context) else None)


_MOMENT = {**TEXT, "examples": ["2014-11-18", "2014-11-18 10:00 America/Bogota"]}
Moment = Annotated[Any, BeforeValidator(_moment_field), WithJsonSchema(_MOMENT)]
"""A `datetime.date`, or an aware `datetime.datetime`."""
OptionalMoment = Annotated[
    Moment | None,
    BeforeValidator(absent_if_empty),
    WithJsonSchema({"anyOf": [_MOMENT, NOTHING]}),
]
"""A moment; empty counts as absent."""


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
    context: Context | None,
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
