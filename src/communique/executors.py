"""Rendering by any executor of `concurrent.futures`: loky's, that of MPI, one of a batch system.

What comes in: `Task`s, as for any press, and an executor. What goes out: `Rendered`. The look goes
with every batch, as bytes; each process makes one workbench of it, which stays warm. A process that
is not equipped like this one might make other bytes, and refuses.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

from communique.digest import digest_of
from communique.equipment import Equipment, own_equipment
from communique.layouts import Layouts
from communique.rendering import TASKS_AHEAD, Batch, Rendered, Task, Workbench, in_batches, stream


class OtherEquipmentError(Exception):
    """A process might make other bytes than this one; the message says what it has instead."""


@dataclass(frozen=True, slots=True)
class Look:
    """The look as it travels; each process that it comes to makes one workbench of it."""

    digest: str
    layouts: bytes = field(compare=False, repr=False)
    """The pickled `Layouts`."""
    equipment: Equipment = field(compare=False)
    """Of the process that it comes from."""

    @classmethod
    def of(cls, layouts: Layouts) -> Look:
        """Pack the look, without what rendering here has added to it."""
        data = pickle.dumps(Layouts(layouts.files, layouts.phrases))
        equipment = own_equipment()
        return cls(digest_of(equipment.program.encode() + data), data, equipment)


class PressOfExecutor:
    """Renders wherever an executor has its work done, and ends the executor with itself."""

    def __init__(self, layouts: Layouts, executor: Executor, places: int) -> None:
        """Take an executor that does `places` things at a time."""
        self._layouts = layouts
        self._executor = executor
        self._places = places

    def __enter__(self) -> PressOfExecutor:
        """Return the press itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take back what has not begun."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def warm_up(self) -> None:
        """Do nothing: nobody can tell an executor which process is to be warm."""

    def render(self, tasks: Iterable[Task]) -> Iterator[Rendered]:
        """Yield what became of each task as soon as it is known.

        Raises: `OtherEquipmentError`; whatever the executor raises when it loses a task, such as
        `BrokenExecutor`: how often a task is tried is for the executor to know.
        """
        look = Look.of(self._layouts)
        yield from stream(
            lambda batch: self._executor.submit(render_batch, look, batch),
            in_batches(tasks),
            lambda: self._places * TASKS_AHEAD,
            lost=[],
            breaks=(),
        )


def render_batch(look: Look, batch: Batch) -> tuple[Rendered, ...]:
    """Render tasks in the process that they came to.

    Raises: `OtherEquipmentError`.
    """
    with _turn:
        return tuple(map(bench_of(look).do, batch))


_turn = Lock()
"""WeasyPrint's: also a process with several threads renders one document after the other."""


@lru_cache(maxsize=2)
def bench_of(look: Look) -> Workbench:
    """Return the workbench of a look, which stays warm while the process lives.

    Raises: `OtherEquipmentError`.
    """
    if difference := look.equipment.difference(own_equipment()):
        raise OtherEquipmentError(difference)
    layouts: Layouts = pickle.loads(look.layouts)
    return Workbench(layouts)
