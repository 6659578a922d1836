"""An entry is added to the keys of a release file, and not another character of it changes.

What comes in: the text of a sound release file. What goes out: the same text with something put in
between. How an officer writes lists, indents, quotes and ends lines is followed, and whatever
stands there stays: remarks, blank lines, order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import yaml

from communique.proof import quoted
from communique.source import LINE_BREAK
from communique.yaml_text import compose

Insertion = tuple[int, str]
"""Where in the text, and what."""

PLAIN = re.compile(r"[^\W\d_][\w ,.;()%/’“”–—-]*(?::[\w/][\w ,.;()%/’“”–—-]*)*", re.ASCII)
"""A text that needs no quotation marks, to be on the safe side."""
STEP = 2
"""How many spaces what belongs to a key is set in where the file has no example of it."""


class NoPlaceError(Exception):
    """The keys are written in a way that nothing can be added to."""


def with_entry(text: str, start: int, end: int, key: str, entry: Mapping[str, str]) -> str:
    """Return `text` with an entry at the end of the list `key`, which is begun where it is missing.

    The keys stand between the offsets `start` and `end`, the latter at the beginning of a line.
    Raises: `NoPlaceError`.
    """
    keys = _Keys(text, start, _root(text[start:end]))
    return _insert(text, keys.into_list(key, entry, end))


def with_mapping(text: str, start: int, end: int, key: str, entry: Mapping[str, str]) -> str:
    """Return `text` with `key`, which it does not have or which is empty; else as `with_entry`."""
    keys = _Keys(text, start, _root(text[start:end]))
    return _insert(text, keys.as_mapping(key, entry, end))


def _root(head: str) -> yaml.MappingNode:
    root = compose(head)
    if not isinstance(root, yaml.MappingNode) or not root.value:
        raise NoPlaceError
    return root


def _insert(text: str, insertions: Iterable[Insertion]) -> str:
    parts, done = [], 0
    for at, what in sorted(insertions, key=lambda each: each[0]):
        parts += [text[done:at], what]
        done = at
    return "".join((*parts, text[done:]))


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of a release file, with where they stand."""

    text: str
    offset: int
    """Where in the text the nodes' own offsets begin."""
    root: yaml.MappingNode

    def into_list(self, key: str, entry: Mapping[str, str], end: int) -> list[Insertion]:
        value = self._value_of(key)
        if value is None:
            if self.root.flow_style:
                return [(self._end(self.root.value[-1][1]), f", {key}: [{_flow(entry)}]")]
            margin = self._margin(self.root)
            lines = [f"{margin}{key}:", *_item(margin + " " * STEP, " ", entry)]
            return [self._lines(end, lines)]
        if isinstance(value, yaml.SequenceNode):
            return [self._after_items(value, entry)]
        if isinstance(value, yaml.MappingNode):
            return self._after_single(value, entry)
        margin = self._under(value)
        return [self._lines(self._next_line(value), _item(margin, " ", entry))]

    def as_mapping(self, key: str, entry: Mapping[str, str], end: int) -> list[Insertion]:
        value = self._value_of(key)
        if value is None:
            if self.root.flow_style:
                return [(self._end(self.root.value[-1][1]), f", {key}: {_flow(entry)}")]
            margin = self._margin(self.root)
            return [self._lines(end, [f"{margin}{key}:", *_pairs(margin + " " * STEP, entry)])]
        margin = self._under(value)
        return [self._lines(self._next_line(value), _pairs(margin, entry))]

    def _after_items(self, items: yaml.SequenceNode, entry: Mapping[str, str]) -> Insertion:
        if items.flow_style and not items.value:
            return self._at(items.start_mark) + 1, _flow(entry)
        last = items.value[-1]
        if items.flow_style:
            begin = self._at(last.start_mark)
            line = self.text[self._line_start(begin) : begin]
            if line.strip():
                return self._end(last), f", {_flow(entry)}"
            return self._end(last), f",{self._break_before(begin)}{line}{_flow(entry)}"
        if isinstance(last, yaml.MappingNode) and last.flow_style:
            lines = [f"{self._margin(items)}- {_flow(entry)}"]
        else:
            dash = self._line_start(self._at(last.start_mark)) + items.start_mark.column
            between = self.text[dash + 1 : self._at(last.start_mark)]
            on_one_line = self.text[dash : dash + 1] == "-" and between and not between.strip(" ")
            lines = _item(self._margin(items), between if on_one_line else " ", entry)
        return self._lines(self._next_line(items), lines)

    def _after_single(self, single: yaml.MappingNode, entry: Mapping[str, str]) -> list[Insertion]:
        """Make a list of the one entry that stands there without being one."""
        begin, end = self._at(single.start_mark), self._end(single)
        if single.flow_style:
            return [(begin, "["), (end, f", {_flow(entry)}]")]
        starts = [match.end() for match in LINE_BREAK.finditer(self.text, begin, end)]
        within = [at for at in starts if at < end and self.text[at] not in "\r\n"]
        margin = self._margin(single)
        return [
            (begin, "- "),
            *((at, "  ") for at in within),
            self._lines(self._next_line(single), _item(margin, " ", entry)),
        ]

    def _value_of(self, key: str) -> yaml.Node | None:
        return next((value for name, value in self.root.value if name.value == key), None)

    def _under(self, value: yaml.Node) -> str:
        """Return how far lines under a key are set in whose value is empty."""
        is_empty = value.start_mark.index == value.end_mark.index
        if not is_empty or self.root.flow_style:
            raise NoPlaceError
        return self._margin(self.root) + " " * STEP

    def _lines(self, at: int, lines: Iterable[str]) -> Insertion:
        ending = self._break_before(at)
        return at, "".join(f"{line}{ending}" for line in lines)

    def _at(self, mark: yaml.Mark) -> int:
        return self.offset + int(mark.index)

    def _end(self, node: yaml.Node) -> int:
        """Return where the last character of a node ends; marks of blocks lie behind remarks."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style:
            last = node.value[-1]
            return self._end(last[1] if isinstance(node, yaml.MappingNode) else last)
        return self._at(node.end_mark)

    def _next_line(self, node: yaml.Node) -> int:
        end = self._end(node)
        if self.text[end - 1] in "\r\n":  # a block of text ends with its line
            return end
        found = LINE_BREAK.search(self.text, end)
        if found is None:
            raise NoPlaceError
        return found.end()

    def _margin(self, node: yaml.CollectionNode) -> str:
        return " " * int(node.start_mark.column)

    def _line_start(self, at: int) -> int:
        return max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1

    def _break_before(self, at: int) -> str:
        """Return how the line before an offset ends."""
        start = self._line_start(at)
        return "\r\n" if self.text[:start].endswith("\r\n") else self.text[start - 1]


def _item(margin: str, gap: str, entry: Mapping[str, str]) -> list[str]:
    first, *others = _pairs("", entry)
    return [f"{margin}-{gap}{first}", *(f"{margin} {' ' * len(gap)}{other}" for other in others)]


def _pairs(margin: str, entry: Mapping[str, str]) -> list[str]:
    return [f"{margin}{key}: {_scalar(text)}" for key, text in entry.items()]


def _flow(entry: Mapping[str, str]) -> str:
    """Write an entry on one line; moments, which come first, need no quotation marks."""
    when, *words = entry.items()
    pairs = [f"{when[0]}: {when[1]}", *(f"{key}: {quoted(text)}" for key, text in words)]
    return f"{{{', '.join(pairs)}}}"


def _scalar(text: str) -> str:
    is_moment = text[:1].isdigit() and re.fullmatch(r"[0-9 :+-]+", text)
    return text if is_moment or PLAIN.fullmatch(text) else quoted(text)
