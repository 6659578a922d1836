"""The manual says what the program does: its sessions are run, its tables come from the models.

`python -m tests.manual` (`make docs`) rewrites the pages; `tests/test_docs.py` compares them. In a
page, these are made anew, and everything else is left as it was written:

- what stands under each command of a block marked `console`. `now="2026-03-02 09:00"` beside it
  sets the clock (UTC) for this block and those after it. Other blocks tell what an officer does
  between the commands: `markdown file=PATH` writes a file, `yaml top=PATH` replaces all keys of a
  release, `yaml in=PATH` only those it names, and the comment `<!-- picture PATH -->` puts a
  photograph there, `<!-- word PATH -->` the Word file of `tests/word.py`.
- the table of the keys under NAME, between `<!-- keys NAME -->` and `<!-- end -->`; without a name
  that of the whole file.
- what every check looks for, between `<!-- checks -->` and `<!-- end -->`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import shlex
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from click.testing import CliRunner
from PIL import Image
from pydantic import BaseModel

from communique.checks import RULES
from communique.cli import communique
from communique.commands.common import Machine
from communique.front_matter import FrontMatter
from communique.newsroom_fields import NewsroomFields
from tests.word import boats

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
MODELS: Mapping[str, type[BaseModel]] = {
    "front-matter.md": FrontMatter,
    "newsroom.md": NewsroomFields,
}
"""Page → the keys that it explains."""

STEP = re.compile(
    r"^```(?P<language>\w+)(?P<options>[^\n]*)\n(?P<text>.*?)^```$"
    r"|^<!-- picture (?P<picture>\S+) -->$"
    r"|^<!-- word (?P<word>\S+) -->$",
    re.MULTILINE | re.DOTALL,
)
CHECKS = re.compile(r"^<!-- checks -->\n.*?^<!-- end -->$", re.MULTILINE | re.DOTALL)
KEYS = re.compile(r"^<!-- keys ?(?P<name>\w*) -->\n.*?^<!-- end -->$", re.MULTILINE | re.DOTALL)


def refresh(page: Path, folder: Path) -> str:
    """Return a page as it should be; its session is run in `folder`, which is empty."""
    text = page.read_text(encoding="utf-8")
    session = Session(folder)
    text = STEP.sub(session.follow, text)
    text = CHECKS.sub(lambda _: f"<!-- checks -->\n{every_check()}<!-- end -->", text)
    return KEYS.sub(
        lambda match: (
            f"<!-- keys{' ' * bool(match['name'])}{match['name']} -->\n"
            f"{table_of(MODELS[page.name], match['name'])}<!-- end -->"
        ),
        text,
    )


def every_check() -> str:
    """Return a section for each check, the families in the order of the program's table."""
    parts, family = [], None
    for rule in RULES:
        if rule.family != family:
            family = rule.family
            parts.append(f"## {family}\n")
        severity = rule.severity.value if rule.severity else "off"
        parts.append(
            f"### {rule.code}\n\n{rule.what}\n\n*Why:* {rule.why}\n\n"
            f"*Severity:* `{severity}`\n\n"
            f"```text\n{rule.fails}\n```\n\nbetter:\n\n```text\n{rule.passes}\n```\n"
        )
    return "\n".join(parts)


class Session:
    """An officer at work, as a page tells it."""

    def __init__(self, folder: Path) -> None:
        """Begin in an empty folder; the page's first block has to set the clock if it matters."""
        self._folder = folder
        self._now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

    def follow(self, step: re.Match[str]) -> str:
        """Do what a block says, and return the block with the outputs there are now."""
        if step["picture"]:
            self._put_picture(step["picture"])
            return step[0]
        if step["word"]:
            (self._folder / step["word"]).write_bytes(boats())
            return step[0]
        options = dict(word.split("=", 1) for word in shlex.split(step["options"]) if "=" in word)
        if "file" in options:
            (self._folder / options["file"]).write_text(step["text"], encoding="utf-8")
        elif "top" in options:
            path = self._folder / options["top"]
            body = path.read_text(encoding="utf-8").split("---\n", 2)[2]
            path.write_text(f"---\n{step['text']}---\n{body}", encoding="utf-8")
        elif "in" in options:
            path = self._folder / options["in"]
            changed = with_keys(path.read_text(encoding="utf-8"), step["text"])
            path.write_text(changed, encoding="utf-8")
        elif step["language"] == "console":
            if "now" in options:
                self._now = dt.datetime.fromisoformat(options["now"]).replace(tzinfo=dt.UTC)
            commands = [line for line in step["text"].splitlines() if line.startswith("$ ")]
            shown = "".join(f"{command}\n{self._run(command[2:])}" for command in commands)
            return f"```console{step['options']}\n{shown}```"
        return step[0]

    def _run(self, command: str) -> str:
        program, *arguments = shlex.split(command)
        if program == "cd":
            self._folder /= arguments[0]
            return ""
        assert program == "communique", f"only communique and cd can be run here, not {program}"
        with contextlib.chdir(self._folder):
            result = CliRunner().invoke(
                communique, arguments, prog_name="communique", obj=Machine(self._now)
            )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        lines = [line.rstrip() for line in result.output.strip().splitlines()]
        return "".join(f"{line}\n" for line in lines)

    def _put_picture(self, path: str) -> None:
        Image.new("RGB", (1600, 1000), "#4477aa").save(self._folder / path)


def with_keys(text: str, block: str) -> str:
    """Set the keys of `block` in a release's front matter, or in a file that is all YAML."""
    fence, head, rest = re.fullmatch(r"(---\n)?(.*?)(^---\n.*)?", text, re.M | re.S).groups()  # type: ignore[union-attr]
    for key, lines in re.findall(r"^([\w-]+)(:.*\n(?:(?: |\n ).*\n)*)", block, re.MULTILINE):
        old = re.compile(rf"^{key}:.*\n(?:(?: |\n ).*\n)*", re.MULTILINE)
        new = f"{key}{lines}"
        head = old.sub(lambda _, new=new: new, head) if old.search(head) else head + new
    return f"{fence or ''}{head}{rest or ''}"


def table_of(model: type[BaseModel], name: str) -> str:
    """Return the Markdown table of a model's keys, or of those under its key `name`."""
    schema = model.model_json_schema()
    keys = keys_under(schema)[name]
    needed = keys.get("required", ())
    rows = [
        f"| `{key}` | {'yes' if key in needed else ''} | {_written(value, schema)} "
        f"| {value['description'].replace('|', chr(92) + '|')} |\n"
        for key, value in keys["properties"].items()
    ]
    return "| key | needed | written as | what it says |\n|---|---|---|---|\n" + "".join(rows)


def keys_under(schema: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the schema of each mapping in a file: the whole under "", the others by their key."""
    found = {"": schema}
    for key, value in schema["properties"].items():
        if (inner := _mapping_in(value, schema)) is not None:
            found[key] = inner
    return found


def _mapping_in(value: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the schema of the mapping that a value is, or holds a list or a mapping of."""
    if "$ref" in value:
        found: Mapping[str, Any] = schema["$defs"][value["$ref"].rpartition("/")[2]]
        return found
    parts = (value.get("items"), value.get("additionalProperties"), *value.get("anyOf", ()))
    inner = (_mapping_in(part, schema) for part in parts if isinstance(part, dict))
    return next(filter(None, inner), None)


def _choices(value: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [each for each in value.get("anyOf", [value]) if each.get("type") != "null"]


def _written(value: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """Say how a value is written."""
    choices = _choices(value)
    first, kind = choices[0], choices[0].get("type")
    if kind == "string" and choices[1:] == [{"additionalProperties": first, "type": "object"}]:
        return "text, or one per language"
    if "enum" in first:
        return _alternatives(f"`{word}`" for word in first["enum"])
    if "examples" in first:
        return "date"
    if kind == "array":
        return "list of keys" if _mapping_in(first, schema) else "list"
    if kind == "object":
        return f"names of your own, each with {'keys' if _mapping_in(first, schema) else 'a text'}"
    if "$ref" in first:
        return "keys"
    return {"boolean": "`yes` or `no`", "integer": "number", "string": "text"}[str(kind)]


def _alternatives(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def rewrite() -> Iterator[str]:
    """Bring every page up to date; yield those that changed."""
    for page in PAGES:
        with TemporaryDirectory() as folder:
            text = refresh(page, Path(folder))
        if text != page.read_text(encoding="utf-8"):
            page.write_text(text, encoding="utf-8", newline="\n")
            yield page.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    for name in rewrite():
        sys.stdout.write(f"{name} was brought up to date\n")
