"""The kinds of values that front matter and `newsroom.yaml` share.

What comes in: the plain values of a `YamlDocument`: texts, lists and mappings. What goes out: typed
values, or a `fault`. Each kind also says, in the JSON Schema, how officers may write it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
)
from pydantic_core.core_schema import (
    CoreSchema,
    ValidationInfo,
    no_info_before_validator_function,
)

from communique.faults import fault, shape_of
from communique.moments import read_moment
from communique.proof import quoted

TEXT = {"type": "string"}
NOTHING = {"type": "null"}
ONE = {"type": "one entry"}
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
DOMAIN = rf"{_LABEL}(?:\.{_LABEL})+"
MAIL_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{DOMAIN}")
"""What every mail server takes: no quotation marks, no comments, and a domain with a dot."""
SWITCH = {"yes": True, "no": False, "true": True, "false": False, "on": True, "off": False}


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
    if isinstance(value, str) and value.strip().lower() in SWITCH:
        return SWITCH[value.strip().lower()]
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


def mail_address(value: object) -> str:
    """Read the address of a mailbox, as it goes over any mail server (RFC 5321 §4.1.2)."""
    text = str(_required_line(value))
    if (advice := fault_of_address(text)) is not None:
        raise fault("address-malformed", f"`{text}` is not an e-mail address", advice)
    return text


def fault_of_address(text: str) -> str | None:
    """Say what to write instead of what is no address for mail; None if it is one."""
    if not text.isascii():
        return (
            "write it with the letters a to z; an address whose name has others needs servers that "
            "many do not have, and a domain has a form for mail that begins with `xn--`"
        )
    local, _, domain = text.rpartition("@")
    if MAIL_ADDRESS.fullmatch(text) and len(local) <= 64 and len(domain) <= 253:
        return None
    return "write it like `ana@paper.example`"


@dataclass(frozen=True, slots=True, eq=False)  # what annotates a type has to be hashable
class Reader:
    """Makes of what officers may write what a field holds, and names it in the JSON Schema."""

    read: Callable[[object], object]
    also: tuple[Mapping[str, object], ...]
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
Switch = Annotated[bool, Reader(_switch, ({"enum": [*SWITCH]},))]
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
