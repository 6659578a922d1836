"""How the reader of one value says what is wrong with it.

pydantic gathers these exceptions; `communique.fields` makes diagnostics of them.
"""

from __future__ import annotations

from pydantic_core import PydanticCustomError


def fault(code: str, message: str, advice: str | None = None) -> PydanticCustomError:
    """Make the exception by which a field's reader reports a fault.

    Braces are doubled because pydantic formats the message.
    """
    context = {"advice": advice} if advice else {}
    return PydanticCustomError("communique", "{words}", {"words": message, "code": code, **context})


def shape_of(value: object) -> str:
    """Return in words what kind of value stands in the wrong place."""
    if isinstance(value, dict):
        return "several keys"
    return "a list" if isinstance(value, list) else "a text"
