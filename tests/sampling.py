"""Of many cases that are alike, `make test` tries a few, and `make long` the rest."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any

import pytest


def few_of(cases: Mapping[str, Any], few: Container[str]) -> list[Any]:
    """Return parameters under their names; those that are not among the `few` are long ones."""
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            id=name,
            marks=() if name in few else pytest.mark.long,
        )
        for name, case in cases.items()
    ]


def few_first(cases: Iterable[Any], number: int) -> list[Any]:
    """Return parameters of which only the first ones, `number` of them, are tried at once."""
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=() if at < number else pytest.mark.long,
        )
        for at, case in enumerate(cases)
    ]
