"""YAML as officers type it: plain values, each with its place, and mistakes in plain words.

What comes in: a stretch of a `Source`. What goes out: `YamlDocument`, a mapping of texts, lists and
mappings. Every scalar stays the text it was (``no`` is not False, ``0502`` not 322): the reader of
a field decides what it means. Aliases, anchors and tags are refused, so nothing can explode.

A line that is no YAML is reported, read as what the officer plainly meant, and reading goes on, so
that one missing pair of quotation marks does not hide the other mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

from communique.diagnostics import Checked, Diagnostic
from communique.source import Source

Value = str | list["Value"] | dict[str, "Value"]
Path = tuple[str | int, ...]

KEY_LINE = re.compile(r"(?P<lead>[ ]*(?:- +)?)(?P<key>[\w.-]+):[ \t]+(?P<value>\S.*?)[ \t]*$")
PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))
MAX_REPAIRS = 50
MAX_DEPTH = 20
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True, slots=True)
class Place:
    """Offsets of a value in its source, and of the key before it where it has one."""

    start: int
    end: int
    key_start: int
    key_end: int


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A mapping with the place of every value in it."""

    value: dict[str, Value]
    places: Mapping[Path, Place]


@dataclass(slots=True)
class _Reading:
    """What is known so far while one stretch of YAML is read."""

    source: Source
    offset: int
    text: str
    meant: dict[int, str] = field(default_factory=dict)
    """Offset in `text` of a value that could not be read → what the officer meant."""
    found: list[Diagnostic] = field(default_factory=list)
    places: dict[Path, Place] = field(default_factory=dict)

    def report(self, code: str, message: str, start: int, end: int, advice: str | None) -> None:
        """Note a problem at offsets of `text`."""
        span = self.source.span(self.offset + start, self.offset + end)
        self.found.append(Diagnostic(code, message, span, help=advice))


def read_yaml(source: Source, start: int, end: int) -> Checked[YamlDocument]:
    """Read the mapping that stands between two offsets of `source`.

    Diagnostics: `yaml-colon`, `yaml-quotes`, `yaml-bracket`, `yaml-special-character`,
    `yaml-lost-text` (a ``#`` that would cut off the rest), `yaml-tab`, `yaml-duplicate-key`,
    `yaml-alias`, `yaml-tag`, `yaml-depth`, `yaml-not-a-mapping`, and `yaml-syntax` for the rest.
    """
    reading = _Reading(source, start, source.text[start:end])
    node = _compose(reading)
    if node is None:
        return Checked(None, tuple(reading.found))
    if not isinstance(node, yaml.MappingNode):
        reading.report(
            "yaml-not-a-mapping",
            "here should stand lines like `title: Council adopts new rules`",
            node.start_mark.index,
            node.start_mark.index,
            "begin each line with a key and a colon",
        )
        return Checked(None, tuple(reading.found))
    value = _mapping(reading, node, ())
    return Checked(YamlDocument(value, reading.places), tuple(reading.found))


def quoted(text: str) -> str:
    """Write a text as a YAML scalar in quotation marks."""
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def _compose(reading: _Reading) -> yaml.Node | None:
    """Turn the text into nodes, mending and reporting one faulty line after the other."""
    for _ in range(MAX_REPAIRS):
        try:
            if _refuses_aliases(reading):
                return None
            return yaml.compose(reading.text, Loader=_Loader) or yaml.MappingNode(
                "tag:yaml.org,2002:map", [], yaml.Mark("", 0, 0, 0, "", 0), None
            )
        except yaml.MarkedYAMLError as error:
            if not _mend_line(reading, error):
                return None
        except yaml.reader.ReaderError:
            # A character that no YAML may contain; `read_source` has reported it in its place.
            reading.text = re.sub(
                r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]",
                " ",
                reading.text,
            )
        except RecursionError:
            reading.report("yaml-depth", "lists within lists go too deep here", 0, 0, None)
            return None
    return None


def _refuses_aliases(reading: _Reading) -> bool:
    """Report the first anchor or alias: composing would expand it."""
    if "&" not in reading.text and "*" not in reading.text:
        return False
    for event in yaml.parse(reading.text, Loader=_Loader):
        if getattr(event, "anchor", None) is None:
            continue
        start, end = _marks(event)
        line = _line_at(reading, start)
        if (match := KEY_LINE.match(line.text)) and match["value"][0] in "&*":
            _mend_value(reading, line, match)
            return _refuses_aliases(reading)
        reading.report(
            "yaml-alias",
            "`&` and `*` have a meaning of their own at the beginning of a text",
            start,
            end,
            "put the text into quotation marks",
        )
        return True
    return False


def _marks(event: yaml.Event) -> tuple[int, int]:
    """Return the offsets of an event; PyYAML always sets its marks, whatever its types say."""
    assert event.start_mark is not None
    assert event.end_mark is not None
    return event.start_mark.index, event.end_mark.index


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str


def _line_at(reading: _Reading, index: int) -> _Line:
    start = max(reading.text.rfind("\n", 0, index), reading.text.rfind("\r", 0, index)) + 1
    ends = [at for at in (reading.text.find(mark, start) for mark in "\r\n") if at >= 0]
    return _Line(start, reading.text[start : min(ends, default=len(reading.text))])


def _mend_line(reading: _Reading, error: yaml.MarkedYAMLError) -> bool:
    """Report the line an error is about; read it as it was meant, if that is plain."""
    # The error shows where an unclosed quotation begins as its context, and ends at the file's end.
    in_quotation = "quoted scalar" in (error.context or "")
    mark = error.context_mark if in_quotation else error.problem_mark
    index = mark.index if mark is not None else 0
    line = _line_at(reading, index)
    match = KEY_LINE.match(line.text)
    if match is not None and line.start + match.start("value") not in reading.meant:
        _mend_value(reading, line, match)
        return True
    if "\t" in line.text[: len(line.text) - len(line.text.lstrip())]:
        tab = line.start + line.text.index("\t")
        reading.report(
            "yaml-tab",
            "a tab stands where only spaces may",
            tab,
            tab + 1,
            "replace it by two spaces",
        )
        reading.text = reading.text[:tab] + " " + reading.text[tab + 1 :]
        return True
    if match is None and re.fullmatch(r"[\w.-]+:\S.*", line.text):
        key, _, value = line.text.partition(":")
        advice = f"write `{key}: {value}`"
        reading.report(
            "yaml-colon",
            f"a space is missing after `{key}:`",
            line.start,
            line.start + len(key) + 1,
            advice,
        )
        return False
    reading.report(
        "yaml-syntax",
        "this line cannot be read",
        line.start,
        line.start + len(line.text),
        "write `key: value`, and put texts with unusual characters into quotation marks; "
        "lines that belong together begin under one another",
    )
    return False


def _mend_value(reading: _Reading, line: _Line, match: re.Match[str]) -> None:
    """Report a value that is no YAML and put a harmless text of the same length in its place."""
    key, value = match["key"], match["value"]
    code, message = _cause(key, value)
    start, end = line.start + match.start("value"), line.start + match.end("value")
    meant = value.strip('"') if value.startswith('"') and value.count('"') == 1 else value
    lead = match["lead"] if "-" in match["lead"] else ""
    reading.report(code, message, start, end, f"write `{lead}{key}: {quoted(meant)}`")
    reading.meant[start] = meant
    reading.text = reading.text[:start] + "x" * (end - start) + reading.text[end:]


def _cause(key: str, value: str) -> tuple[str, str]:
    """Say why the value of a line is no YAML."""
    first = value[0]
    if first in "\"'":
        if value.count(first) == 1:
            return "yaml-quotes", f"the quotation mark before the text of `{key}` is never closed"
        return "yaml-quotes", f"in `{key}`, text goes on after the closing quotation mark"
    if first in "[{":
        return "yaml-bracket", f"`{first}` at the beginning of `{key}` would open a list"
    if first in "@`%&*!|>,]}?-":
        return "yaml-special-character", f"`{first}` cannot begin the text of `{key}`"
    if ": " in value or value.endswith(":"):
        return "yaml-colon", f"the colon within `{key}` needs quotation marks around the text"
    return "yaml-syntax", f"the text of `{key}` cannot be read"


def _plain(reading: _Reading, node: yaml.Node, path: Path) -> Value:
    if node.tag not in PLAIN_TAGS:
        reading.report(
            "yaml-tag",
            "`!` has a meaning of its own at the beginning of a text",
            node.start_mark.index,
            node.end_mark.index,
            "put the text into quotation marks",
        )
    if len(path) > MAX_DEPTH:
        reading.report("yaml-depth", "lists within lists go too deep here", 0, 0, None)
        return ""
    if isinstance(node, yaml.MappingNode):
        return _mapping(reading, node, path)
    if isinstance(node, yaml.SequenceNode):
        return [_sequence_item(reading, item, (*path, at)) for at, item in enumerate(node.value)]
    start = node.start_mark.index
    if start in reading.meant:
        return reading.meant[start]
    _report_lost_text(reading, node, path)
    text: str = node.value
    return text


def _sequence_item(reading: _Reading, node: yaml.Node, path: Path) -> Value:
    start, end = _extent(reading, node)
    reading.places[path] = Place(start, end, start, end)
    return _plain(reading, node, path)


def _mapping(reading: _Reading, node: yaml.MappingNode, path: Path) -> dict[str, Value]:
    value: dict[str, Value] = {}
    for key_node, value_node in _pairs(node):
        key_start, key_end = _extent(reading, key_node)
        if not isinstance(key_node, yaml.ScalarNode):
            reading.report("yaml-syntax", "a key must be one word", key_start, key_end, None)
            continue
        key: str = key_node.value
        here = (*path, key)
        if key in value:
            first = reading.places[here]
            line = reading.source.span(first.key_start, first.key_end).line
            reading.report(
                "yaml-duplicate-key",
                f"`{key}` stands here a second time; it is first on line {line}",
                key_start - reading.offset,
                key_end - reading.offset,
                "keep one of the two",
            )
            continue
        start, end = _extent(reading, value_node)
        reading.places[here] = Place(start, end, key_start, key_end)
        value[key] = _plain(reading, value_node, here)
    return value


def _pairs(node: yaml.MappingNode) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    yield from node.value


def _extent(reading: _Reading, node: yaml.Node) -> tuple[int, int]:
    """Return where a node stands in the source; a block ends with its last character."""
    start, end = node.start_mark.index, node.end_mark.index
    text = reading.text[start:end]
    end = start + len(text.rstrip())
    return reading.offset + start, reading.offset + max(end, start)


def _report_lost_text(reading: _Reading, node: yaml.Node, path: Path) -> None:
    """Report a ``#`` right before a character: YAML takes it, and the rest, for a comment.

    A ``#`` with a space after it is a comment as officers write them, and stays one.
    """
    if getattr(node, "style", None) is not None:
        return
    end = node.end_mark.index
    line = _line_at(reading, node.start_mark.index)
    if not line.start <= end <= line.start + len(line.text):
        return
    rest = line.text[end - line.start :]
    match = re.fullmatch(r"[ \t]*(?P<lost>#[^\s#].*?)[ \t]*", rest)
    if match is None or (node.value and not rest[0].isspace()):
        return
    key = next((part for part in reversed(path) if isinstance(part, str)), "")
    whole = f"{node.value} {match['lost']}".strip()
    reading.report(
        "yaml-lost-text",
        f"`{match['lost']}` would be lost: after a space, `#` begins a remark",
        end + match.start("lost"),
        end + match.end("lost"),
        f"write `{key}: {quoted(whole)}`",
    )
