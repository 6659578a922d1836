"""YAML as officers type it: plain values, each with its place, and mistakes in plain words.

What comes in: a stretch of a `Source`. What goes out: `YamlDocument`, a mapping of texts, lists and
mappings. Every scalar stays the text it was (``no`` is not False, ``0502`` not 322): the reader of
a field decides what it means. Aliases, anchors and tags are refused, so nothing can explode.

A line that is no YAML is reported, read as what the officer plainly meant
(`communique.yaml_mending`), and reading goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from communique.appearance import unseen_in
from communique.diagnostics import Checked
from communique.limits import LIMITS
from communique.proof import Proof
from communique.source import CONTROL, Source
from communique.yaml_mending import mend, mend_property
from communique.yaml_misreadings import mend_misreadings

Value = str | list["Value"] | dict[str, "Value"]
Path = tuple[str | int, ...]

MAX_REPAIRS = 50
GROWTH = 2
"""How many times as long as it was a text may be mended to: quoting what is in quotation marks
doubles it, and would do so again and again where it helps nothing."""
MAX_DEPTH = 20
ADVICE = "take some brackets or hyphens out"
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
    is_partial: bool = False
    """Whether something could not be read, so that a key may be missing for no other reason."""


def read_yaml(
    source: Source, start: int, end: int, longest: int = LIMITS.paragraph
) -> Checked[YamlDocument]:
    r"""Read the mapping that stands between two offsets of `source`.

    No text in it may have more than `longest` characters.

    Diagnostics: `control-character` and `unseen-character` at a value that has one written out, as
    in ``"\x01"``; `yaml-colon`, `yaml-quotes`, `yaml-bracket`, `yaml-special-character`,
    `yaml-lost-text` (a ``#`` that would cut off the rest), `yaml-tab`, `yaml-indentation`,
    `yaml-duplicate-key`, `yaml-depth`, `yaml-long-text`, `yaml-not-a-mapping`, and
    `yaml-syntax` for the rest.
    """
    proof = Proof.of_source(source, start, end)
    node = _compose(proof)
    if node is None:
        return Checked(None, tuple(proof.found))
    if not isinstance(node, yaml.MappingNode):
        begin = node.start_mark.index
        line = proof.line_at(begin)
        proof.report(
            "yaml-not-a-mapping",
            "here should stand lines like `title: Council adopts new rules`",
            begin,
            line.start + len(line.text.rstrip()),
            "begin each line with a key and a colon",
        )
        return Checked(None, tuple(proof.found))
    walk = _Walk(proof, {}, longest)
    value = walk.mapping(node, ())
    return Checked(YamlDocument(value, walk.places, proof.is_partial), tuple(proof.found))


def compose(text: str) -> yaml.Node | None:
    """Turn a text that is known to be sound into nodes, each with its place."""
    return yaml.compose(text, Loader=_Loader)


def _compose(proof: Proof) -> yaml.Node | None:
    """Turn the text into nodes, mending and reporting one mistake after the other."""
    longest = GROWTH * len(proof.text) + 1000
    for _ in range(MAX_REPAIRS):
        if proof.is_full or len(proof.text) > longest:
            break
        try:
            mend_misreadings(proof)
            if _mends_properties(proof):
                continue
            return yaml.compose(proof.text, Loader=_Loader) or yaml.MappingNode(
                "tag:yaml.org,2002:map", [], yaml.Mark("", 0, 0, 0, "", 0), None
            )
        except yaml.MarkedYAMLError as error:
            if not mend(proof, error):
                break
        except RecursionError:
            proof.report("yaml-depth", "lists within lists go too deep here", 0, 0, ADVICE)
            break
    return None


def _mends_properties(proof: Proof) -> bool:
    """Mend the first anchor, alias or tag, if there is one: composing would obey it."""
    if not any(sign in proof.text for sign in "&*!"):
        return False
    for event in yaml.parse(proof.text, Loader=_Loader):
        if getattr(event, "anchor", None) is None and getattr(event, "tag", None) is None:
            continue
        assert event.start_mark is not None
        assert event.end_mark is not None
        mend_property(proof, event.start_mark.index, event.end_mark.index)
        return True
    return False


@dataclass(slots=True)
class _Walk:
    """The way through the nodes of a proof, and the places met on it."""

    proof: Proof
    places: dict[Path, Place]
    longest: int

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Value]:
        value: dict[str, Value] = {}
        for key_node, value_node in node.value:
            key_start, key_end = self._extent(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                advice = "write a word before the colon, as in `title: …`"
                self._report("yaml-syntax", "a list cannot be a key", key_node, advice)
                continue
            key: str = key_node.value
            here = (*path, key)
            if key in value:
                first = self.places[here]
                line = self.proof.source.span(first.key_start, first.key_end).line
                message = f"`{key}` stands here a second time; it is first on line {line}"
                self._report("yaml-duplicate-key", message, key_node, "keep one of the two")
                continue
            start, end = self._extent(value_node)
            self.places[here] = Place(start, end, key_start, key_end)
            value[key] = self._plain(value_node, here)
        return value

    def _plain(self, node: yaml.Node, path: Path) -> Value:
        if len(path) > MAX_DEPTH:
            self._report("yaml-depth", "lists within lists go too deep here", node, ADVICE)
            return ""
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._item(item, (*path, at)) for at, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        text: str = node.value
        if len(text) > self.longest:
            message = f"a text has more than {self.longest:,} characters"
            self._report("yaml-long-text", message, node, "write it below the keys")
            return ""
        return self._without_written_out(text, node) if node.style == '"' else text

    def _without_written_out(self, text: str, node: yaml.ScalarNode) -> str:
        """Report what does not show and is written in letters; `read_source` reports the rest."""
        control = CONTROL.search(text)
        if control:
            message = f"a control character (U+{ord(control[0]):04X}) is written out"
            self._report("control-character", message, node, "delete it: no text may contain it")
        stretch = self.proof.text[node.start_mark.index : node.end_mark.index]
        for match in unseen_in(text):
            if match[0] not in stretch:
                message = f"a character that does not show (U+{ord(match[0]):04X}) is written out"
                self._report("unseen-character", message, node, "delete it: it can mislead readers")
                self.proof.found[-1] = self.proof.found[-1].as_warning()
                break
        return text

    def _item(self, node: yaml.Node, path: Path) -> Value:
        start, end = self._extent(node)
        self.places[path] = Place(start, end, start, end)
        return self._plain(node, path)

    def _extent(self, node: yaml.Node) -> tuple[int, int]:
        """Return where a node stands in the source; a block ends with its last character."""
        start, end = node.start_mark.index, node.end_mark.index
        return self.proof.extent(start, start + len(self.proof.text[start:end].rstrip()))

    def _report(self, code: str, message: str, node: yaml.Node, advice: str | None) -> None:
        self.proof.report(code, message, node.start_mark.index, node.end_mark.index, advice)
