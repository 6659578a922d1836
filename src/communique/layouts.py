"""The look: Jinja2 templates and what they may call.

What comes in: the files of `layouts/`, the office's own before the program's. What goes out: text.
Dates, sizes and addresses are put into words here, so that a template holds no logic of its own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import jinja2
import jinja2.meta
from jinja2 import nodes
from jinja2.bccache import Bucket
from markupsafe import Markup

from communique.confinement import ConfinedEnvironment
from communique.diagnostics import Diagnostic, Span
from communique.digest import digest_of, seal, unseal
from communique.headers import PAGE_POLICY, REFERRER_POLICY, SEARCH_POLICY
from communique.phrases import Phrases, phrases_path
from communique.site import Site
from communique.source import LayoutFile
from communique.wording import FILTERS, FUNCTIONS

DRAWING_IN = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
DIGESTS = "digests.json"
TEMPLATE_FAULTS = (
    jinja2.TemplateError,
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What a template may raise that parses: it can call and compute."""


class LayoutError(Exception):
    """A template cannot be used: a mistake of whoever wrote it, not of an officer."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        """Carry the problem, with the layout's file and line."""
        self.diagnostic = diagnostic
        super().__init__(diagnostic)  # what pickle gives back to `__init__`


@dataclass(frozen=True)
class Layouts:
    """All files of the look, and the phrases of each language."""

    files: Mapping[str, LayoutFile]
    """Name below `layouts/` → file; the office's own has replaced the program's."""
    phrases: Mapping[str, Phrases]
    memory: Path | None = field(default=None, repr=False, compare=False)
    """A private folder in which compiled templates and digests are kept for the next time."""
    _digests: dict[str, str] = field(default_factory=dict, repr=False, compare=False)
    _digests_of_all: dict[tuple[str, ...], str] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __reduce__(self) -> tuple[type[Layouts], tuple[dict[str, LayoutFile], dict[str, Phrases]]]:
        """Travel as files and phrases alone: what is kept for the next time stays here."""
        return Layouts, (dict(self.files), dict(self.phrases))

    def render(self, template: str, site: Site, **variables: object) -> str:
        """Fill in a template.

        Raises: `LayoutError` if it does not exist, cannot be parsed or names what is not there.
        """
        try:
            chosen = self.environment.get_template(template)
            return chosen.render(site=site, phrases=self.phrases[site.language], **variables)
        except jinja2.TemplateNotFound as error:
            raise self.problem(template, 1, f"there is no template `{error.message}`") from error
        except jinja2.TemplateSyntaxError as error:
            raise self.problem(error.name or template, error.lineno, str(error.message)) from error
        except TEMPLATE_FAULTS as error:
            name, line = self._innermost_template(error, template)
            raise self.problem(name, line, f"{type(error).__name__}: {error}") from error

    def data(self, name: str) -> bytes:
        """Return the bytes of one file.

        Raises: `LayoutError` if it does not exist.
        """
        if name not in self.files:
            raise self.problem(name, 1, f"there is no file `layouts/{name}`")
        return self.files[name].data

    def below(self, folder: str) -> Mapping[str, bytes]:
        """Return the files of a folder, by their name below it."""
        prefix = f"{folder}/"
        return {
            name.removeprefix(prefix): file.data
            for name, file in sorted(self.files.items())
            if name.startswith(prefix)
        }

    def digest(self, name: str) -> str:
        """Return the digest of a file and, if it is a template, of all that it draws in.

        A name that ends with a slash stands for a whole folder.
        """
        if name not in self._digests:
            self._digests[name] = self._compute_digest(name)
        return self._digests[name]

    def digest_of_all(self, names: tuple[str, ...]) -> str:
        """Return one digest for several files, as `digest` has it for each."""
        if names not in self._digests_of_all:
            self._digests_of_all[names] = digest_of("\n".join(map(self.digest, names)).encode())
        return self._digests_of_all[names]

    def recall(self) -> None:
        """Take over the digests that `note` kept, if no file of the look has changed since.

        To find out what the templates draw in takes longer than to compare all files.
        """
        if self.memory is None:
            return
        with suppress(OSError, ValueError, TypeError, KeyError):  # no note, or a damaged one
            kept = json.loads((self.memory / DIGESTS).read_text(encoding="utf-8"))
            if kept["look"] == self._digest_of_files():
                self._digests.update(kept["digests"])

    def note(self) -> None:
        """Keep the digests for the next time."""
        if self.memory is None:
            return
        kept = {"look": self._digest_of_files(), "digests": self._digests}
        with suppress(OSError):  # without them, they are computed each time
            (self.memory / DIGESTS).write_text(json.dumps(kept), encoding="utf-8")

    def _digest_of_files(self) -> str:
        parts = [f"{name} {digest_of(file.data)}" for name, file in sorted(self.files.items())]
        return digest_of("\n".join(parts).encode())

    def _compute_digest(self, name: str) -> str:
        if name.endswith("/"):
            names = sorted(each for each in self.files if each.startswith(name))
        elif name.endswith(".j2"):
            names = sorted(self._closure(name))
        else:
            names = [name]
        parts = [f"{each} {digest_of(self.data(each))}" for each in names]
        return digest_of("\n".join(parts).encode())

    def _closure(self, template: str) -> set[str]:
        closure: set[str] = set()
        waiting = [template]
        while waiting:
            name = waiting.pop()
            if name in closure:
                continue
            closure.add(name)
            waiting.extend(self._drawn_in_by(name))
        return closure

    def _drawn_in_by(self, template: str) -> Iterator[str]:
        """Yield the templates that one extends, includes or imports from."""
        for found in self.drawn_in_by(template, self.parse(template)):
            if isinstance(found, LayoutError):
                raise found
            yield found

    def drawn_in_by(self, template: str, parsed: nodes.Template) -> Iterator[str | LayoutError]:
        """Yield the templates that one extends, includes or imports from, and what is amiss."""
        for node in parsed.find_all(DRAWING_IN):
            # One node at a time, because the names alone do not tell their lines.
            for name in jinja2.meta.find_referenced_templates(nodes.Template([node])):
                if name is None:
                    message = "a template that is drawn in must be named in quotation marks"
                    yield self.problem(template, node.lineno, message)
                elif name in self.files:
                    yield name
                elif not (isinstance(node, nodes.Include) and node.ignore_missing):
                    message = f"there is no template `{name}`"
                    yield self.problem(template, node.lineno, message)

    def parse(self, template: str) -> nodes.Template:
        """Read a template without filling it in.

        Raises: `LayoutError` if it does not exist, or is no template.
        """
        try:
            return self.environment.parse(self.data(template).decode(), template)
        except jinja2.TemplateSyntaxError as error:
            raise self.problem(template, error.lineno, str(error.message)) from error
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise self.problem(template, line, "the template is not saved as UTF-8") from error

    @cached_property
    def environment(self) -> jinja2.Environment:
        """What templates are read with."""
        environment = ConfinedEnvironment(
            loader=jinja2.FunctionLoader(self._load),
            autoescape=True,  # `select_autoescape` does not know the suffix .html.j2
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=_Compiled(self.memory) if self.memory else None,
        )
        environment.filters.update(FILTERS)
        environment.globals.update(FUNCTIONS)
        # Markup, because its apostrophes can stand in an attribute.
        environment.globals["content_policy"] = Markup(PAGE_POLICY)
        environment.globals["search_policy"] = Markup(SEARCH_POLICY)
        environment.globals["referrer_policy"] = REFERRER_POLICY
        return environment

    def _load(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        if name not in self.files:
            return None
        # The name serves as file name, so that tracebacks name the template and not `<template>`.
        return self.files[name].data.decode(), name, lambda: True

    def _innermost_template(self, error: BaseException, template: str) -> tuple[str, int]:
        """Find the line of a template that an error arose in: the error itself hides it."""
        place = (template, 1)
        traceback = error.__traceback__
        while traceback is not None:
            name = traceback.tb_frame.f_code.co_filename
            if name in self.files:
                place = (name, traceback.tb_lineno)
            traceback = traceback.tb_next
        return place

    def problem(self, name: str, line: int, message: str) -> LayoutError:
        """Say what is wrong in a line of a file of the look."""
        file = self.files.get(name)
        path = file.path if file else f"layouts/{name}"
        lines = file.data.decode("utf-8", "replace").splitlines() if file else []
        text = lines[line - 1] if 0 < line <= len(lines) else ""
        span = Span(path, line, 1, line, len(text) + 1, text)
        return LayoutError(Diagnostic("layout-broken", message, span))


class _Compiled(jinja2.BytecodeCache):
    """Compiled templates in a folder of ours, sealed; what is damaged there is compiled anew."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket with what was compiled before, if it can be read."""
        with suppress(OSError, ValueError):
            bucket.bytecode_from_string(unseal(self._place_of(bucket).read_bytes()))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, if it can be: another program may have removed the folder."""
        place = self._place_of(bucket)
        beside = place.with_name(f"{place.name}.{os.getpid()}")
        with suppress(OSError):
            beside.write_bytes(seal(bucket.bytecode_to_string()))
            beside.replace(place)

    def _place_of(self, bucket: Bucket) -> Path:
        return self._folder / f"{bucket.key}.cache"


def templates_of(site: Site, *names: str) -> tuple[str, ...]:
    """Return what an output in a site's language is made with: templates, and the phrases."""
    return (*names, phrases_path(site.language))
