"""What processes remember: Python looks for circles when it should; what is imported is ready."""

from __future__ import annotations

import gc
import sys
from concurrent.futures import ProcessPoolExecutor

import pytest

from communique.processes import READY, make_ready, ready_context, settled, uncollected


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


def has_imported(name: str) -> bool:
    return name in sys.modules


def test_process_has_imported_what_it_renders_with_before_its_first_task() -> None:
    make_ready()

    with ProcessPoolExecutor(1, ready_context()) as pool:
        imported = [pool.submit(has_imported, name).result() for name in ("weasyprint", READY)]

    assert imported == [True, True]
