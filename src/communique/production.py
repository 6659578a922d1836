"""One production run: what changed is rendered, and published when all of it is there.

What comes in: the plan of an edition. What goes out: `build/`, brought up to date. When every PDF
of the archive is to be made again (a new letterhead), these follow afterwards, the newest first and
some hundreds at a time, so that today's release does not wait for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from communique.bundles import Bundle, Bundles
from communique.changes import Changed, Due, Work, Yardstick, as_it_was, compare, look_at
from communique.claims import claims
from communique.diagnostics import Diagnostic, Span
from communique.disk import FileChangedError, NewsroomFolder
from communique.edition import Edition
from communique.holdings import Holdings
from communique.indexing import IndexingError
from communique.leaks import Lookout
from communique.ledger import Ledger, Record
from communique.output import Stage, Stationery
from communique.plan import plan_shelves, stated_paths
from communique.processes import settled
from communique.program import program_key
from communique.publishing import (
    Finished,
    WorkFolder,
    obstacles,
    remove_files,
    replace_files,
    set_aside,
    stands,
    unknown_files,
)
from communique.release import PICTURE_FORMS, WEB_WIDTH, Asset
from communique.rendering import Press, Rendered, Task, diagnostics_of
from communique.renditions.search import bytes_of, output_of
from communique.waiting_line import WaitingLine

ASIDE = "aside"
"""The private folder to which files are moved that may have to be secret."""
COPIES = (*(f"%.{form}" for form in PICTURE_FORMS), f"%-{WEB_WIDTH}.%")
"""What the paths of copies of pictures are like."""
ARCHIVE_BATCH = 200
"""How many PDFs of the archive are published at a time when all of them are made again."""


class Progress(Protocol):
    """Shows how far rendering has come."""

    def __call__(self, total: int) -> AbstractContextManager[Callable[[str], None]]:
        """Begin to show a work of `total` steps; what is returned is told of each step done."""
        ...


@contextmanager
def hidden(total: int) -> Iterator[Callable[[str], None]]:
    """Show nothing of how far rendering has come."""
    yield lambda name: None


@dataclass(slots=True)
class Batch:
    """What is rendered and published together."""

    finished: list[Finished] = field(default_factory=list)
    shelves: dict[str, str] = field(default_factory=dict)
    """Name → fingerprint of every shelf of the batch."""
    vanished: list[Record] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)
    """Shelves of which something could not be rendered."""


@dataclass(slots=True)
class Run:
    """Rendering one batch: what is under way, what waits, what is left of each shelf."""

    batch: Batch
    step: Callable[[str], None]
    line: WaitingLine = field(default_factory=WaitingLine)
    under_way: dict[str, Due] = field(default_factory=dict)
    left: Counter[str] = field(default_factory=Counter)

    def done(self, due: Due, finished: Finished | None) -> None:
        """Note that one more output of a shelf is rendered, or cannot be."""
        self.line.arrived(due, finished)
        self.left[due.shelf] -= 1
        if not self.left[due.shelf] and due.shelf in self.batch.shelves:
            self.step(due.shelf)


@dataclass
class Production:
    """What a run uses, and what it has done so far."""

    folder: NewsroomFolder
    holdings: Holdings
    ledger: Ledger
    press: Press
    work: WorkFolder
    progress: Progress
    lookout: Lookout
    ready: Mapping[tuple[str, str], Path] = field(default_factory=dict)
    """What was rendered ahead: path and fingerprint → the file that waits."""
    bundles: Bundles | None = None
    """What took long and was made ahead."""
    problems: list[Diagnostic] = field(default_factory=list)
    reasons: list[tuple[str, str]] = field(default_factory=list)
    """Of every file that was rendered, its path and why."""
    published: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    aside: dict[str, Path] = field(default_factory=dict)
    """What was moved out of `build/`, since only a lost ledger could tell what it is."""
    sizes: dict[str, int] = field(default_factory=dict)
    """Of what was rendered, by path."""
    last_read: tuple[str, bytes] = ("", b"")
    """Digest and bytes of a file beside a release."""

    def bring_up_to_date(self, edition: Edition, stationery: Stationery, verify: bool) -> None:
        """Render what changed, and publish it if all of it could be rendered."""
        build = self.folder.build
        is_new = not build.is_dir()
        verify = verify or is_new
        yardstick = self._yardstick(verify)
        comparison = compare(plan_shelves(edition, stationery), yardstick)
        changed = comparison.changed
        is_whole = not changed and not comparison.gone and not comparison.problems
        if is_whole and not self.ledger.owes_search():
            return
        stated = stated_paths(edition, stationery)
        archive: list[Changed] = []
        batch = Batch()
        with settled(), self.progress(len(changed)) as step:
            first, last, late = _in_turns(changed)
            self._render(_now(first, yardstick, stated, archive), batch, step)
            self._render(_look(last, yardstick), batch, step)
            self.problems.extend(comparison.problems)
            self.problems.extend(_obstructions(build, batch.finished))
            if self.problems:
                return
            self._publish(batch, comparison.gone)
            for each in late:
                self._follow(each, yardstick, batch, step)
            if not is_new:
                self._find_unknown(batch, verify)
            self.ledger.note_search()
            for at in range(0, len(archive), ARCHIVE_BATCH):
                followers = Batch()
                share = archive[at : at + ARCHIVE_BATCH]
                self._render(_look(share, yardstick), followers, step)
                self._publish(followers, ())

    def prepare(
        self, edition: Edition, present: Edition, stationery: Stationery
    ) -> tuple[Batch, frozenset[str]]:
        """Render an edition to come, as it will differ from the present one, which stands.

        Returns what it consists of, and the shelves that go.
        """
        yardstick = self._yardstick(verify=False)
        standing = edition.in_common_with(present)
        comparison = compare(plan_shelves(edition, stationery, standing), yardstick, standing)
        self.problems.extend(comparison.problems)
        batch = Batch()
        first, last, followers = _in_turns(comparison.changed)
        try:
            for shelves in (first, last, map(self._made, followers)):
                self._render(_look(shelves, yardstick), batch, lambda name: None)
        except IndexingError as error:
            self.problems.append(_no_search(error))
        if self.bundles is not None:
            self.bundles.retain(each.fingerprint for each in followers)
        return batch, comparison.gone

    def _follow(
        self, changed: Changed, yardstick: Yardstick, done: Batch, step: Callable[[str], None]
    ) -> None:
        """Render and publish a shelf that takes long, now that all others are published.

        What cannot be made is not left as it was, since that may show what is no longer public.
        """
        if as_it_was(changed, yardstick):
            step(changed.shelf.name)
            return
        batch = Batch()
        before = len(self.problems)
        try:
            self._render(_look((self._if_made(changed),), yardstick), batch, step)
        except IndexingError as error:
            self.problems.append(_no_search(error))
        self.problems.extend(_obstructions(self.folder.build, batch.finished))
        if len(self.problems) > before:
            batch = Batch(vanished=[*self.ledger.of_shelf(changed.shelf.name).values()])
        self._publish(batch, ())
        done.finished.extend(batch.finished)

    def _if_made(self, changed: Changed) -> Changed:
        """Take the files of a shelf that follows as they were made ahead, if they were."""
        files = self.bundles.find(changed.fingerprint) if self.bundles else None
        return changed if files is None else _of_files(changed, files)

    def _made(self, follower: Changed) -> Changed:
        """Make the files of a shelf that follows, unless they were made ahead, and keep them.

        Raises: `communique.indexing.IndexingError`.
        """
        changed = self._if_made(follower)
        if changed is not follower or self.bundles is None:
            return changed
        outputs = follower.shelf.outputs()
        files = [(each.path, each.stage, bytes_of(each)) for each in outputs]
        self.bundles.keep(follower.fingerprint, files)
        return _of_files(follower, files)

    def _yardstick(self, verify: bool) -> Yardstick:
        return Yardstick(
            self.ledger,
            self.holdings.layouts,
            program_key(),
            self.folder.build,
            verify,
            self.size_of,
        )

    def size_of(self, path: str) -> int | None:
        """Return the size of an output, rendered just now or published before."""
        return self.sizes[path] if path in self.sizes else self.ledger.size_of(path)

    def _render(
        self, works: Iterable[tuple[Changed, Work]], batch: Batch, step: Callable[[str], None]
    ) -> None:
        """Render what is due on some shelves, and keep it with the batch."""
        run = Run(batch, step)
        tasks: Iterator[Task] | None = self._tasks(works, run)
        while tasks is not None:
            for rendered in self.press.render(tasks):
                due = run.under_way.pop(rendered.path)
                if rendered.data is None:
                    self._fail(due, batch, rendered)
                    run.done(due, None)
                else:
                    run.done(due, self._keep(due, batch, rendered.data))
            # What waited for the last of them.
            free = list(run.line.free())
            tasks = self._tasks_of(free, run) if free else None

    def _tasks(self, works: Iterable[tuple[Changed, Work]], run: Run) -> Iterator[Task]:
        """Yield a task for each output that is due, made when there is a place for it."""
        for changed, work in works:
            name = changed.shelf.name
            if work.is_whole:
                run.batch.shelves[name] = changed.fingerprint
            run.batch.vanished.extend(work.vanished)
            run.left[name] = len(work.due)
            if not work.due and work.is_whole:
                run.step(name)
            run.line.add(work.due)
            yield from self._tasks_of(run.line.free(), run)

    def _tasks_of(self, dues: Iterable[Due], run: Run) -> Iterator[Task]:
        """Yield tasks for what is due now; what is there already is only kept."""
        for due in dues:
            if run.line.is_hopeless(due):
                run.batch.faulty.add(due.shelf)
                run.done(due, None)
                continue
            found = self._at_hand(due, run)
            if found is not None:
                run.done(due, self._keep(due, run.batch, found))
                continue
            try:
                task = self._task(due, run)
            except FileChangedError as error:
                run.batch.faulty.add(due.shelf)
                path = due.output.path
                self.problems.extend(diagnostics_of(error, path, self.holdings.span_of(path)))
                run.done(due, None)
                continue
            run.under_way[due.output.path] = due
            yield task

    def _at_hand(self, due: Due, run: Run) -> bytes | None:
        """Return what was rendered ahead, or is equal to what is due."""
        waiting = self.ready.get((due.output.path, due.fingerprint))
        if waiting is not None:
            return waiting.read_bytes()
        if not due.output.is_common:
            return None
        equal = run.line.equal_of(due)
        if equal is not None:
            return equal.waiting.read_bytes()
        record = self._common.get(due.fingerprint)
        if record is None or not stands(self.folder.build, record):
            return None
        return (self.folder.build / record.path).read_bytes()

    @cached_property
    def _common(self) -> Mapping[str, Record]:
        """Return what stands in `build/` and may be equal to what is due, by fingerprint."""
        return self.ledger.by_fingerprint(COPIES)

    def _task(self, due: Due, run: Run) -> Task:
        output = due.output
        return Task(
            output.path,
            output.render,
            output.subject,
            {asset.digest: self._read(asset) for asset in output.assets},
            {path: self.size_of(path) or 0 for path in output.needs},
            output.is_slow,
            {part.path: self._part(part.path, run) for part in output.parts},
        )

    def _read(self, asset: Asset) -> bytes:
        """Return a file beside a release; its copies follow one another, and share its bytes.

        Raises: `FileChangedError`.
        """
        if self.last_read[0] != asset.digest:
            self.last_read = (asset.digest, self.folder.read(asset))
        return self.last_read[1]

    def _part(self, path: str, run: Run) -> bytes:
        """Return what another output is made of, rendered in this run or published before."""
        there = run.line.there(path)
        return (there.waiting if there else self.folder.build / path).read_bytes()

    def _keep(self, due: Due, batch: Batch, data: bytes) -> Finished | None:
        output = due.output
        leak = self.lookout.find(output.path, data)
        if leak is not None:
            batch.faulty.add(due.shelf)
            self.problems.append(leak)
            return None
        self.sizes[output.path] = len(data)
        self.reasons.append((output.path, due.reason))
        finished = self.work.keep(output.path, due.shelf, output.stage, due.fingerprint, data)
        batch.finished.append(finished)
        return finished

    def _fail(self, due: Due, batch: Batch, rendered: Rendered) -> None:
        batch.faulty.add(due.shelf)
        span = self.holdings.span_of(rendered.path)
        self.problems.extend(diagnostics_of(rendered.error, rendered.path, span))

    def _publish(self, batch: Batch, gone: Iterable[str]) -> None:
        """Replace files, and remove what is no longer published.

        A shelf is as planned only when what it no longer has is gone too: else a build that is
        killed in between would leave it for ever.
        """
        replace_files(self.folder.build, batch.finished, batch.shelves, self.ledger)
        self.published.extend(each.path for each in batch.finished)
        records = self.leaving(batch, gone)
        remove_files(self.folder.build, records, self.ledger)
        self.removed.extend(record.path for record in records)
        self.ledger.forget((), gone)
        self.ledger.settle(
            (name, fingerprint)
            for name, fingerprint in batch.shelves.items()
            if name not in batch.faulty
        )

    def leaving(self, batch: Batch, gone: Iterable[str]) -> list[Record]:
        """Return the files that go, unless another shelf takes over their path."""
        records = [
            *batch.vanished,
            *(record for name in gone for record in self.ledger.of_shelf(name).values()),
        ]
        taken = {each.path for each in batch.finished}
        return [record for record in records if record.path not in taken]

    def _find_unknown(self, batch: Batch, verify: bool) -> None:
        """Look for files that are not ours: everywhere, or where this run has been."""
        build = self.folder.build
        owes_search = self.ledger.owes_search()
        if verify or owes_search:
            folders = {build, *(path for path in build.rglob("*") if path.is_dir())}
        else:
            touched = [*(each.path for each in batch.finished), *self.removed]
            taken = (build / path for path in self.removed)  # a folder may stand there now
            folders = {build, *((build / path).parent for path in touched), *taken}
        self.unknown = unknown_files(build, sorted(folders), self.ledger)
        if owes_search:
            self._set_aside()

    def _set_aside(self) -> None:
        """Move out of `build/` what may be of a release that is no longer public."""
        names = (name for name in self.holdings.layouts.files if name.startswith("phrases/"))
        languages = {name.removeprefix("phrases/").partition(".")[0] for name in names}
        claimed = [path for path in self.unknown if claims(path, self.holdings.newsroom, languages)]
        if not claimed:
            return
        place = set_aside(self.folder.build, claimed, self.folder.private / ASIDE)
        self.aside = {path: place / path for path in claimed}
        self.unknown = tuple(path for path in self.unknown if path not in self.aside)


def _in_turns(changed: Iterable[Changed]) -> tuple[list[Changed], list[Changed], list[Changed]]:
    """Part shelves: most, those that state the sizes of others, those that follow."""
    turns: tuple[list[Changed], list[Changed], list[Changed]] = ([], [], [])
    for each in changed:
        turns[2 if each.shelf.follows else int(each.shelf.states_sizes)].append(each)
    return turns


def _of_files(changed: Changed, files: Bundle) -> Changed:
    outputs = [output_of(path, stage, data) for path, stage, data in files]
    return Changed(changed.shelf._replace(outputs=lambda: outputs), changed.fingerprint)


def _no_search(error: IndexingError) -> Diagnostic:
    return Diagnostic(
        "search-failed",
        f"the search cannot be made: {error}",
        Span.of_file("newsroom.yaml"),
        help="everything else was published; install this program again, and build again; "
        "`formats` without `search` does without it",
    )


def _look(shelves: Iterable[Changed], yardstick: Yardstick) -> Iterator[tuple[Changed, Work]]:
    return ((changed, look_at(changed.shelf, yardstick)) for changed in shelves)


def _now(
    shelves: Iterable[Changed], yardstick: Yardstick, stated: set[str], archive: list[Changed]
) -> Iterator[tuple[Changed, Work]]:
    """Yield what cannot wait; put aside PDFs that are only to be made anew in another look.

    The older version stands in the meantime, and no feed states its size. What is made of one that
    is put aside follows with it.
    """
    for changed, work in _look(shelves, yardstick):
        later: set[str] = set()
        for due in work.due:
            output = due.output
            is_late = output.stage is Stage.PDF and due.is_restyled and output.path not in stated
            if is_late or any(part.path in later for part in output.parts):
                later.add(output.path)
        now = tuple(due for due in work.due if due.output.path not in later)
        if len(now) < len(work.due):
            archive.append(changed)
            yield changed, Work(now, work.vanished, is_whole=False)
        else:
            yield changed, work


def _obstructions(build: Path, finished: Sequence[Finished]) -> Iterator[Diagnostic]:
    """Report what stands in `build/` where a file or folder of ours must go."""
    for path in obstacles(build, (each.path for each in finished)):
        place = "build" if path == "." else f"build/{path}"
        yield Diagnostic(
            "build-obstructed",
            f"`{place}` stands where this newsroom has something to publish",
            Span.of_file(place),
            help="no build has made it: move it elsewhere, then build again",
        )
