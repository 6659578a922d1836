"""`communique schema`, as an editor applies it: it reads texts, lists, mappings and null."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from communique.cli import communique
from tests.harbour import NEWSROOM
from tests.test_manuscript import RELEASE
from tests.test_newsroom_file import FIVE_LINES

ROOT = Path(__file__).parents[1]
TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "array": list,
    "object": dict,
    "null": type(None),
    "boolean": bool,
    "integer": int,
}


def printed(what: str) -> dict[str, Any]:
    result = CliRunner().invoke(communique, ["schema", what])
    document: dict[str, Any] = json.loads(result.output)
    return document


def accepts(part: Mapping[str, Any], value: object, whole: Mapping[str, Any]) -> bool:
    """Apply as much of JSON Schema as ours uses."""
    if "$ref" in part:
        part = whole["$defs"][part["$ref"].rpartition("/")[2]]
    if "anyOf" in part and not any(accepts(each, value, whole) for each in part["anyOf"]):
        return False
    if "enum" in part and value not in part["enum"]:
        return False
    if "type" in part and not isinstance(value, TYPES[part["type"]]):
        return False
    if isinstance(value, list):
        return len(value) >= part.get("minItems", 0) and all(
            accepts(part["items"], each, whole) for each in value if "items" in part
        )
    if isinstance(value, dict):
        known, others = part.get("properties", {}), part.get("additionalProperties", True)
        return set(part.get("required", ())) <= set(value) and all(
            accepts(known[key], each, whole)
            if key in known
            else isinstance(others, dict) and accepts(others, each, whole)
            for key, each in value.items()
            if "anyOf" not in part
        )
    return True


def in_an_editor(text: str) -> object:
    """Read YAML with every scalar a text, an empty one null."""

    def plain(value: object) -> object:
        if isinstance(value, dict):
            return {key: plain(each) for key, each in value.items()}
        if isinstance(value, list):
            return [plain(each) for each in value]
        return value or None

    return plain(yaml.load(text, yaml.BaseLoader))


def front_matter(text: str) -> str:
    return text.split("---\n")[1]


def accepted(what: str, text: str) -> bool:
    document = printed(what)
    return accepts(document, in_an_editor(text), document)


@pytest.mark.parametrize("path", sorted(ROOT.glob("releases/**/*.md")), ids=lambda path: path.name)
def test_release_of_the_sample_is_accepted(path: Path) -> None:
    assert accepted("release", front_matter(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "text",
    [(ROOT / "newsroom.yaml").read_text(encoding="utf-8"), FIVE_LINES, NEWSROOM],
    ids=["sample", "five lines", "harbour"],
)
def test_newsroom_is_accepted(text: str) -> None:
    assert accepted("newsroom", text)


@pytest.mark.parametrize(
    "lines",
    [
        "topics: fisheries",
        "topics:",
        "summary:",
        "images: quay.png",
        "images: [quay.png]",
        "images: {file: quay.png, alt: A quay}",
        "attachments: plan.pdf",
        "event:",
        "draft: yes",
        "related: E-427/14",
    ],
)
def test_whatever_the_program_reads_is_accepted(lines: str) -> None:
    assert accepted("release", front_matter(RELEASE))
    assert accepted("release", f"reference: E-1/14\ntitle: A\ndate: 2014-11-18\n{lines}\n")


@pytest.mark.parametrize(
    "lines",
    [
        "sumary: x",
        "draft: maybe",
        "images: [{file: a.png, captoin: b}]",
        "links: [{kind: photos, url: https://www.example.org}]",
        "event: {what: x}",
        "place: [a]",
    ],
)
def test_mistake_shows_in_the_editor(lines: str) -> None:
    assert not accepted("release", f"reference: E-1/14\ntitle: A\ndate: 2014-11-18\n{lines}\n")


@pytest.mark.parametrize("text", ["", FIVE_LINES.replace("url:", "uri:"), FIVE_LINES + "paper: A5"])
def test_mistake_in_the_newsroom_shows_in_the_editor(text: str) -> None:
    assert not accepted("newsroom", text)
