"""A proof of a stretch of YAML: its lines, on which mistakes are marked, and mended.

What comes in: two offsets of a `Source`. What goes out: a `Proof`, a copy that may be changed while
every character keeps its place in the source. `communique.yaml_mending` knows what to mend.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from communique.diagnostics import Diagnostic
from communique.source import Source

LINE = re.compile(r"(?P<lead> *(?:- +)*)(?:(?P<key>[\w.-]+):(?:[ \t]+|$))?(?P<rest>.*)")
MOST = 100
"""How many mistakes are marked on one proof: looking for the next takes longer each time."""
QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'")
BLOCK_HEADER = re.compile(r"[|>][-+1-9]{0,2}")
REMARK = re.compile(r"(?:^|[ \t])#(?=[ \t#]|$)")
BLANK = re.compile(r"^[ \t]+$", re.MULTILINE)
CARRIAGE_RETURN = re.compile(r"\r(?=\n)")
# YAML forbids most of these and takes the others for line breaks; no officer sees any of them.
UNSEEN = re.compile(
    r"[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a proof, taken apart as far as its own characters tell."""

    start: int
    text: str
    lead: str
    """The spaces and hyphens it begins with."""
    key: str
    """Empty where there is none."""
    rest: str
    """What comes after the key, with a remark."""

    @classmethod
    def of_text(cls, start: int, text: str) -> Line:
        """Take a line apart that begins at offset `start`."""
        match = LINE.fullmatch(text)
        assert match is not None
        return cls(start, text, match["lead"], match["key"] or "", match["rest"])

    @property
    def value(self) -> str:
        """Return the text after the key or the hyphen, without a remark."""
        quotation = QUOTED.match(self.rest)
        remark = REMARK.search(self.rest, quotation.end() if quotation else 0)
        return self.rest[: remark.start() if remark else None].rstrip()

    @property
    def value_start(self) -> int:
        """Return the offset of the value."""
        return self.start + len(self.text) - len(self.rest)

    @property
    def value_end(self) -> int:
        """Return the offset after the value."""
        return self.value_start + len(self.value)

    @property
    def column(self) -> int:
        """Return how far right the entry begins: its key, or else its hyphen or first letter."""
        return len(self.lead) if self.key else max(self.lead.rfind("-"), self.indentation)

    @property
    def indentation(self) -> int:
        """Return the number of spaces before anything else."""
        return len(self.text) - len(self.text.lstrip(" "))

    @property
    def is_item(self) -> bool:
        """Tell whether it is the item of a list."""
        return "-" in self.lead

    @property
    def is_remark(self) -> bool:
        """Tell whether YAML passes over the whole line."""
        return self.text.lstrip().startswith("#")

    @property
    def opens_block(self) -> bool:
        """Tell whether the lines under it are its text as they stand: ``summary: >-``."""
        return BLOCK_HEADER.fullmatch(self.value) is not None

    @property
    def opens_quotation(self) -> bool:
        """Tell whether a quotation mark stands before its text that does not end on this line."""
        return self.rest.startswith(('"', "'")) and QUOTED.match(self.rest) is None

    def follows(self, opening: Line) -> bool:
        """Tell whether it is an entry of its own, and not the next line of a quotation."""
        return bool(self.key or self.is_item) and self.indentation <= opening.column

    def goes_on_in(self, below: Iterable[Line]) -> list[Line]:
        """Return those of the entries below by which its plain value goes on."""
        if not self.value or self.opens_block or self.rest[0] in "\"'[{":
            return []
        going_on = []
        for other in below:
            if other.indentation <= self.column or other.key or other.is_item:
                break
            going_on.append(other)
        return going_on

    def written(self, value: str) -> str:
        """Write the line anew, to be pasted, with another value."""
        hyphen = self.lead.lstrip(" ")
        return f"{hyphen}{self.key}: {value}" if self.key else f"{hyphen}{value}"


@dataclass(slots=True)
class Proof:
    """A copy of a stretch of a source on which mistakes are marked, and mended.

    Its line breaks are line feeds, and characters that nobody sees are spaces.
    """

    source: Source
    text: str
    origins: Sequence[int]
    """The offset in the source of each character of `text`, and of its end."""
    found: list[Diagnostic] = field(default_factory=list)
    is_partial: bool = False
    """Whether a line had to be left out."""

    @classmethod
    def of_source(cls, source: Source, start: int, end: int) -> Proof:
        """Copy what stands between two offsets."""
        text = source.text[start:end]
        origins: Sequence[int] = range(start, end + 1)
        if "\r" in text:
            dropped = {match.start() for match in CARRIAGE_RETURN.finditer(text)}
            origins = [start + at for at in range(len(text) + 1) if at not in dropped]
            text = CARRIAGE_RETURN.sub("", text).replace("\r", "\n")
        text = UNSEEN.sub(" ", text)
        if "\t" in text:
            text = BLANK.sub(lambda match: " " * len(match[0]), text)
        return cls(source, text, origins)

    @property
    def is_full(self) -> bool:
        """Tell whether so much was found that the rest can wait until it is put right."""
        return len(self.found) >= MOST

    def extent(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the source of a stretch of the proof, the end excluded."""
        first = self.origins[min(start, len(self.text))]
        return first, self.origins[end - 1] + 1 if end > start else first

    def report(self, code: str, message: str, start: int, end: int, advice: str | None) -> None:
        """Mark a problem at offsets of the proof."""
        span = self.source.span(*self.extent(start, end))
        if code == "yaml-indentation" and any(each.span.line == span.line for each in self.found):
            return  # a tab that was mended, say, leaves its line where it does not belong
        self.found.append(Diagnostic(code, message, span, help=advice))

    def replace(self, start: int, end: int, new: str) -> None:
        """Put `new` in the place of a stretch; it counts as standing where the old text stood."""
        origins = list(self.origins)
        first, last = origins[start], origins[max(start, end - 1)]
        self.origins = [
            *origins[:start],
            *([first] * (len(new) - 1)),
            *([last] if new else []),
            *origins[end:],
        ]
        self.text = self.text[:start] + new + self.text[end:]

    def leave_out(self, lines: Sequence[Line]) -> None:
        """Blank lines that cannot be read."""
        self.is_partial = True
        for line in lines:
            self.replace(line.start, line.start + len(line.text), " " * len(line.text))

    def line_number(self, line: Line) -> int:
        """Return a line's number in the source."""
        return self.source.span(*self.extent(line.start, line.start)).line

    def line_at(self, index: int) -> Line:
        """Return the line around an offset; at the end, the last line that says anything."""
        if index >= len(self.text):
            index = max(len(self.text.rstrip()) - 1, 0)
        start = self.text.rfind("\n", 0, index) + 1
        end = self.text.find("\n", start)
        return Line.of_text(start, self.text[start : end if end >= 0 else None])

    def entries(self) -> Iterator[Line]:
        """Yield the lines with keys, items, remarks and plain text.

        Passed over: blank lines, and those within ``|`` and ``>`` texts and within quotations of
        several lines.
        """
        lines = [line for line in self._lines() if line.text.strip()]
        at = 0
        while at < len(lines):
            line = lines[at]
            yield line
            at += 1
            if line.opens_block:
                while at < len(lines) and lines[at].indentation > line.column:
                    at += 1
            elif line.opens_quotation and at < len(lines) and not lines[at].follows(line):
                mark = line.rest[0]
                while at < len(lines) and mark not in lines[at].text:
                    at += 1
                at += 1

    def under(self, line: Line) -> list[Line]:
        """Return the lines of text by which a plain value goes on below its first line."""
        return line.goes_on_in(self.after(line))

    def after(self, line: Line) -> list[Line]:
        """Return the entries below a line."""
        return [each for each in self.entries() if each.start > line.start]

    def within(self, line: Line, column: int) -> list[Line]:
        """Return the entries below a line that all begin farther right than `column`."""
        entries = []
        for each in self.after(line):
            if each.indentation <= column:
                break
            entries.append(each)
        return entries

    def before(self, line: Line) -> Line | None:
        """Return the entry above a line, remarks passed over."""
        above = [each for each in self.entries() if each.start < line.start and not each.is_remark]
        return above[-1] if above else None

    def name_of(self, line: Line) -> str:
        """Return the key whose value stands in a line, or that of the list around its item."""
        if line.key:
            return line.key
        above = [each for each in self.entries() if each.start < line.start and each.key]
        around = [each.key for each in above if each.column <= line.column]
        return around[-1] if around else ""

    def _lines(self) -> Iterator[Line]:
        start = 0
        for text in self.text.split("\n"):
            yield Line.of_text(start, text)
            start += len(text) + 1


def quoted(text: str) -> str:
    """Write a text as a YAML scalar in quotation marks."""
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'
