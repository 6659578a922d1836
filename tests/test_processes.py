"""What this process remembers: Python looks for circles when it should, and not in between."""

from __future__ import annotations

import gc

import pytest

from communique.processes import settled, uncollected


@uncollected
def collects() -> bool:
    return gc.isenabled()


@uncollected
def calls_another() -> tuple[bool, bool]:
    return collects(), gc.isenabled()


@uncollected
def fails() -> None:
    raise KeyError("amiss")


def test_nothing_is_collected_while_a_function_runs_and_everything_afterwards() -> None:
    assert (collects(), gc.isenabled()) == (False, True)
    assert (calls_another(), gc.isenabled()) == ((False, False), True)
    with pytest.raises(KeyError):
        fails()
    assert gc.isenabled()


def test_what_is_settled_can_be_collected_in_the_end() -> None:
    before = gc.get_freeze_count()

    with settled():
        assert gc.get_freeze_count() > before
    assert gc.get_freeze_count() == 0
