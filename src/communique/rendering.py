"""Rendering, on as many processes as there are: tasks go out, bytes come back as they are ready.

What comes in: `Task`s, each complete in itself. What goes out: `Rendered`, in the order in which
they are finished. A task is a pure function of what it carries and of the look, so any executor of
`concurrent.futures` will do: processes of this machine, or of a cluster.
"""

from __future__ import annotations

import multiprocessing
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import islice
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, Protocol

from communique.diagnostics import Diagnostic, Span
from communique.disk import FileChangedError
from communique.layouts import LayoutError, Layouts
from communique.pdf_standard import DocumentInfo
from communique.pdf_writer import PdfError, PdfWriter
from communique.processes import leave_with_parent, ready_context
from communique.release import Asset
from communique.renditions.assets import render_copy
from communique.renditions.pdf import LOGO, PRINT_FOLDER, PRINT_STYLESHEET

TEXTS_KEPT = 500
"""How many texts a process keeps that several outputs hold: the same releases in all feeds."""
TASKS_AHEAD = 4
"""How many batches wait for each process: enough to keep it busy, few enough to stay small."""
BATCH = 32
"""How many quick tasks are sent together."""
NO_PARTS: Mapping[str, bytes] = {}
BATCH_SIZE = 64_000_000
"""Bytes of the files with them, from which on no other task is added."""


@dataclass(frozen=True, slots=True)
class Task:
    """One output to render, with everything that it is made from but the look."""

    path: str
    render: Callable[[Any, Any], bytes]
    """A function of a module, so that another process finds it."""
    subject: object
    assets: Mapping[str, bytes]
    """Digest of a file beside the release → its bytes."""
    sizes: Mapping[str, int]
    """Path of an output that this one states the size of → bytes."""
    is_slow: bool
    """Whether it takes long enough to be sent on its own."""
    parts: Mapping[str, bytes] = field(default_factory=dict)
    """Path of an output that this one is made of → its bytes."""


Batch = tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of a task: bytes, or what is wrong with it."""

    path: str
    data: bytes | None
    error: LayoutError | PdfError | None = None
    """What kept it from being rendered; without one, its process died, twice."""


class Workbench:
    """The tools of one process (see `communique.output.Workshop`); they serve many tasks."""

    def __init__(self, layouts: Layouts) -> None:
        """Take the look; the PDF writer is made when the first PDF is."""
        self.layouts = layouts
        self._assets: Mapping[str, bytes] = {}
        self._sizes: Mapping[str, int] = {}
        self._parts: Mapping[str, bytes] = {}
        self._texts: dict[str, str] = {}

    def do(self, task: Task) -> Rendered:
        """Render a task; a mistake in it becomes part of the result."""
        try:
            data = self.make(task.render, task.subject, task.assets, task.sizes, task.parts)
            return Rendered(task.path, data)
        except (LayoutError, PdfError) as error:
            return Rendered(task.path, None, error)

    def make(
        self,
        render: Callable[[Any, Any], bytes],
        subject: object,
        assets: Mapping[str, bytes],
        sizes: Mapping[str, int],
        parts: Mapping[str, bytes] = NO_PARTS,
    ) -> bytes:
        """Render a subject.

        Raises: `LayoutError`, `PdfError`, or `communique.pdf_libraries.PdfUnavailableError`.
        """
        self._assets, self._sizes, self._parts = assets, sizes, parts
        return render(subject, self)

    def __reduce__(self) -> tuple[type[Workbench], tuple[Layouts]]:
        """Travel as the look alone: each process makes its own tools."""
        return Workbench, (self.layouts,)

    def warm_up(self) -> None:
        """Make the PDF writer now, which takes longer than a document does."""
        self._pdf_writer.warm_up()

    def read(self, asset: Asset) -> bytes:
        """Return the bytes of a file that the task carries."""
        return self._assets[asset.digest]

    def size_of(self, path: str) -> int:
        """Return the size in bytes of an output of an earlier stage."""
        return self._sizes[path]

    def part(self, path: str) -> bytes:
        """Return the bytes of an output that the task is made of."""
        return self._parts[path]

    def once(self, key: str, make: Callable[[], str]) -> str:
        """Return a text that several outputs hold; it is made for the first of them."""
        if key not in self._texts:
            if len(self._texts) >= TEXTS_KEPT:
                self._texts.clear()
            self._texts[key] = make()
        return self._texts[key]

    def write_pdf(
        self, html: str, base_url: str, info: DocumentInfo, files: Mapping[str, bytes]
    ) -> bytes:
        """Turn HTML into a PDF."""
        return self._pdf_writer.write(html, base_url, info, files)

    @cached_property
    def _pdf_writer(self) -> PdfWriter:
        stylesheet = self.layouts.data(PRINT_STYLESHEET).decode()
        # One logo serves the pages and the letterhead.
        resources = {
            **self.layouts.below(PRINT_FOLDER.rstrip("/")),
            "logo.svg": self.layouts.data(LOGO),
        }
        return PdfWriter(stylesheet, resources)


def diagnostics_of(
    error: LayoutError | PdfError | FileChangedError | None, path: str, span: Span
) -> Iterator[Diagnostic]:
    """Say in the officer's words what kept an output from being rendered.

    `path` is the output's, `span` the place of the release it shows; without an error, the process
    that rendered it died.
    """
    if isinstance(error, LayoutError):
        yield error.diagnostic
    elif isinstance(error, PdfError):
        for problem in error.problems:
            yield Diagnostic("pdf-problem", f"the PDF cannot be made: {problem}", span)
    elif isinstance(error, FileChangedError):
        yield Diagnostic("file-changed", str(error), span, help="build again")
    else:
        yield Diagnostic(
            "rendering-crashed",
            f"the process that made `build/{path}` died, twice",
            span,
            help="it may need more memory than there is; look for a very large picture or table",
        )


class Press(Protocol):
    """Whatever renders tasks; a context manager that ends what it has begun."""

    def __enter__(self) -> Press:
        """Return the press itself."""
        ...

    def __exit__(self, *_: object) -> None:
        """End at once whatever is under way."""
        ...

    def warm_up(self) -> None:
        """Prepare to make a PDF, while others find out which."""
        ...

    def render(self, tasks: Iterable[Task]) -> Iterator[Rendered]:
        """Yield what became of each task as soon as it is known."""
        ...


class PressHere:
    """Renders in this process, one task after the other."""

    def __init__(self, layouts: Layouts) -> None:
        """Take the look."""
        self._bench = Workbench(layouts)

    def __enter__(self) -> PressHere:
        """Return the press itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Do nothing: there is nothing to end."""

    def warm_up(self) -> None:
        """Do nothing: it would take the same time here as later."""

    def render(self, tasks: Iterable[Task]) -> Iterator[Rendered]:
        """Yield what became of each task."""
        return map(self._bench.do, tasks)


class PressOfProcesses:
    """Renders what is slow in processes of this machine, which are started once and stay warm.

    What is quick is rendered here meanwhile: sending it would take longer. A process that dies (out
    of memory, a crash in a library) takes no other document with it: what was under way is tried
    once more, one by one, and what kills a process again is reported.
    """

    def __init__(self, layouts: Layouts, jobs: int) -> None:
        """Prepare for `jobs` processes; they begin when the first task comes."""
        self._bench = Workbench(layouts)
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        self._temporary: TemporaryDirectory[str] | None = None
        self._warming: Thread | None = None

    def __enter__(self) -> PressOfProcesses:
        """Return the press itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes at once, whatever they are at."""
        self.close()

    def close(self) -> None:
        """End the processes at once, whatever they are at."""
        if self._warming is not None:
            self._warming.join()
            self._warming = None
        if self._pool is not None:
            children = multiprocessing.active_children()
            self._pool.shutdown(wait=False, cancel_futures=True)
            for child in children:
                child.terminate()
            for child in children:
                child.join()
            self._pool = None
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    def warm_up(self) -> None:
        """Have a process make its PDF writer while this one goes on."""
        # In a thread, since to start a process takes until it has imported what it needs.
        self._warming = Thread(target=self._started().submit, args=(_warm_up,))
        self._warming.start()

    def render(self, tasks: Iterable[Task]) -> Iterator[Rendered]:
        """Yield what became of each task as soon as it is known."""
        batches = in_batches(tasks)
        while True:
            lost: list[Task] = []
            yield from stream(
                self._submit,
                batches,
                lambda: self._jobs * TASKS_AHEAD,
                lost,
            )
            if not lost:
                return
            for task in lost:
                yield self._alone(task)

    def _submit(self, batch: Batch) -> Future[tuple[Rendered, ...]]:
        if any(task.is_slow for task in batch):
            return self._started().submit(_do, batch)
        return done(map(self._bench.do, batch))

    def _alone(self, task: Task) -> Rendered:
        self.close()
        try:
            (result,) = self._started().submit(_do, (task,)).result()
        except BrokenExecutor:
            self.close()
            return Rendered(task.path, None)
        return result

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            # Processes that are ended at once remove nothing: fonts that they unpacked, for one.
            self._temporary = TemporaryDirectory(prefix="communique-", ignore_cleanup_errors=True)
            self._pool = ProcessPoolExecutor(
                self._jobs, ready_context(), _take_place, (self._bench, self._temporary.name)
            )
        return self._pool


def press_for(layouts: Layouts, jobs: int) -> Press:
    """Return a press that uses `jobs` processors; a single one needs no other process."""
    return PressHere(layouts) if jobs == 1 else PressOfProcesses(layouts, jobs)


def stream(
    submit: Callable[[Batch], Future[tuple[Rendered, ...]]],
    batches: Iterator[Batch],
    room: Callable[[], int],
    lost: list[Task],
    breaks: tuple[type[Exception], ...] = (BrokenExecutor,),
) -> Iterator[Rendered]:
    """Keep as many batches under way as there is room for, and yield results as they come.

    It ends early when the executor fails with one of `breaks`; the tasks that failed so are added
    to `lost`, and the rest of `batches` is not touched.
    """
    pending: dict[Future[tuple[Rendered, ...]], Batch] = {}
    # Not `concurrent.futures.wait`, which looks at all that are under way each time.
    finished: SimpleQueue[Future[tuple[Rendered, ...]]] = SimpleQueue()
    broken = False
    while True:
        for batch in islice(batches, 0 if broken else max(0, room() - len(pending))):
            try:
                future = submit(batch)
            except breaks:
                lost.extend(batch)
                broken = True
                break
            pending[future] = batch
            future.add_done_callback(finished.put)
        if not pending:
            return
        future = finished.get()
        batch = pending.pop(future)
        try:
            yield from future.result()
        except breaks:
            lost.extend(batch)
            broken = True
        del future  # and with it the bytes, while we wait for others


def done(results: Iterable[Rendered]) -> Future[tuple[Rendered, ...]]:
    """Return what an executor would for a batch that is rendered already."""
    future: Future[tuple[Rendered, ...]] = Future()
    future.set_result(tuple(results))
    return future


def in_batches(tasks: Iterable[Task]) -> Iterator[Batch]:
    """Group tasks that are quickly done, so that sending them costs less than doing them.

    The copies of a picture go together: it is sent and decoded once.
    """
    quick: list[Task] = []
    alike: list[Task] = []
    size = 0
    for task in tasks:
        if alike and _work_of(task) != _work_of(alike[0]):
            yield tuple(alike)
            alike = []
        if task.render is render_copy:
            alike.append(task)
            continue
        if task.is_slow:
            yield (task,)
            continue
        quick.append(task)
        size += sum(map(len, (*task.assets.values(), *task.parts.values())))
        if len(quick) == BATCH or size >= BATCH_SIZE:
            yield tuple(quick)
            quick, size = [], 0
    if alike:
        yield tuple(alike)
    if quick:
        yield tuple(quick)


def _work_of(task: Task) -> object:
    return task.render, tuple(task.assets)


_place: list[Workbench] = []
"""The workbench of a process of the pool: set once, when the process begins."""


def _take_place(bench: Workbench, temporary: str) -> None:
    # Ctrl-C reaches the whole group; the parent decides what becomes of its processes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tempfile.tempdir = temporary
    leave_with_parent(partial(shutil.rmtree, temporary, ignore_errors=True))
    _place[:] = [bench]


def _warm_up() -> None:
    _place[0].warm_up()


def _do(batch: Batch) -> tuple[Rendered, ...]:
    return tuple(map(_place[0].do, batch))
