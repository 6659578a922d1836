"""Any executor of `concurrent.futures` renders what this process would, or refuses."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import pytest

from communique.executors import Look, OtherEquipmentError, PressOfExecutor, render_batch
from communique.layouts import Layouts
from communique.rendering import Task
from tests.office import Office
from tests.test_rendering import shout

T = TypeVar("T")


class Courier(Executor):
    """Does everything at once, and passes on what comes and goes as another machine would get it.

    Its `parcels` are the bytes of what came.
    """

    def __init__(self) -> None:
        self.parcels: list[bytes] = []
        self.is_closed = False

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        self.parcels.append(pickle.dumps((fn, args, kwargs)))
        work, given, options = pickle.loads(self.parcels[-1])
        future: Future[T] = Future()
        try:
            future.set_result(pickle.loads(pickle.dumps(work(*given, **options))))
        except Exception as error:
            future.set_exception(error)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self.is_closed = True


@pytest.fixture(scope="module")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Office]:
    """Return what opens the same newsroom again and again."""

    def open_one() -> Office:
        office = Office.open(tmp_path_factory.mktemp("office"))
        for number in range(1, 4):
            office.write_release(f"E-{number:03}/26", "topics: [quays]")
        return office

    return open_one


@pytest.mark.parametrize("make", [Courier, partial(ThreadPoolExecutor, 3)])
def test_any_executor_makes_the_same_bytes(
    make: Callable[[], Executor], offices: Callable[[], Office]
) -> None:
    here, there = offices(), offices()
    executor = make()

    here.build(offers_pdf=True)
    there.build(offers_pdf=True, press_of=lambda look: PressOfExecutor(look, executor, 3))

    assert there.published() == here.published()
    assert "E-001/26/E-001-26.pdf" in there.published()


def test_executor_is_ended_with_its_press() -> None:
    executor = Courier()

    with PressOfExecutor(Layouts({}, {}), executor, 1) as press:
        (rendered,) = press.render([Task("a", shout, "text", {}, {}, is_slow=False)])
        assert not executor.is_closed

    assert rendered.data == b"TEXT"
    assert executor.is_closed


def test_threads_of_one_process_render_one_document_after_the_other() -> None:
    tasks = [Task(str(number), overlap, "text", {}, {}, is_slow=True) for number in range(6)]

    with PressOfExecutor(Layouts({}, {}), ThreadPoolExecutor(3), 3) as press:
        found = [rendered.data for rendered in press.render(tasks)]

    assert found == [b"1"] * len(tasks)


at_work: list[str] = []


def overlap(subject: str, workshop: object) -> bytes:
    """Return how many are at work, having let others begin if they can."""
    at_work.append(subject)
    time.sleep(0.01)
    number = len(at_work)
    at_work.pop()
    return b"%d" % number


def test_process_that_is_equipped_otherwise_refuses() -> None:
    look = Look.of(Layouts({}, {}))
    theirs = replace(look.equipment, versions={**look.equipment.versions, "weasyprint": "1.0"})
    other = replace(look, digest="another", equipment=theirs)

    with pytest.raises(OtherEquipmentError, match=r"^has weasyprint .*, and this machine .* 1\.0$"):
        render_batch(other, ())


def test_what_an_executor_loses_is_not_taken_for_a_document() -> None:
    class Careless(Courier):
        def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
            future: Future[T] = Future()
            future.set_exception(ConnectionError("the batch system is down"))
            return future

    with (
        PressOfExecutor(Layouts({}, {}), Careless(), 1) as press,
        pytest.raises(ConnectionError, match="is down"),
    ):
        list(press.render([Task("a", shout, "text", {}, {}, is_slow=False)]))
