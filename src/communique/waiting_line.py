"""The order of rendering within one run: what is made of other files waits until these are there.

What comes in: what is due, shelf by shelf, and the news of what was rendered. What goes out: what
can be rendered now. A file that is equal to one under way waits for that one, to be its copy.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence

from communique.changes import Due
from communique.publishing import Finished


class WaitingLine:
    """What is due and may not be rendered yet."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._free: deque[Due] = deque()
        self._missing: dict[str, set[str]] = {}
        """Path of what waits → paths of what it waits for."""
        self._held: defaultdict[str, list[Due]] = defaultdict(list)
        """Path → what waits for it."""
        self._first: dict[str, str] = {}
        """Fingerprint → path of the first of those that are equal."""
        self._there: dict[str, Finished] = {}
        """What others are made of, by path, as long as the run goes on."""
        self._failed: set[str] = set()

    def add(self, dues: Sequence[Due]) -> None:
        """Take what is due on a shelf."""
        paths = {due.output.path for due in dues}
        for due in dues:
            output = due.output
            awaited = {part.path for part in output.parts} & paths
            if output.is_common:
                first = self._first.setdefault(due.fingerprint, output.path)
                awaited |= {first} - {output.path}
            awaited -= self._there.keys() | self._failed
            if not awaited:
                self._free.append(due)
                continue
            self._missing[output.path] = awaited
            for path in awaited:
                self._held[path].append(due)

    def free(self) -> Iterator[Due]:
        """Yield and forget what waits for nothing."""
        while self._free:
            yield self._free.popleft()

    def arrived(self, due: Due, finished: Finished | None) -> None:
        """Hear that a file was rendered, or could not be."""
        path = due.output.path
        held = self._held.pop(path, ())
        if finished is None:
            self._failed.add(path)
        elif due.output.is_common or held:
            self._there[path] = finished
        for each in held:
            missing = self._missing[each.output.path]
            missing.discard(path)
            if not missing:
                del self._missing[each.output.path]
                self._free.append(each)

    def there(self, path: str) -> Finished | None:
        """Return a file that was rendered in this run and that others are made of."""
        return self._there.get(path)

    def equal_of(self, due: Due) -> Finished | None:
        """Return a file that is equal to what is due, if there is one in this run."""
        return self._there.get(self._first.get(due.fingerprint, ""))

    def is_hopeless(self, due: Due) -> bool:
        """Tell whether something is missing that a file is made of."""
        return any(part.path in self._failed for part in due.output.parts)
