"""Reference numbers such as ``E-502/14``: a release's name, its address and its place in order.

What comes in: the newsroom's pattern, and text. What goes out: `Reference`. Offices number in
different ways (``E-502/14``, ``IP/14/1234``, ``SC/11234``); a `ReferencePattern` knows one way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from communique.appearance import as_it_looks
from communique.diagnostics import Checked, Diagnostic, Span

FIELD = re.compile(r"\{(series|number|year)(?::([1-9]))?\}")
LITERAL = re.compile(r"[-/._]*")
SERIES = re.compile(r"[A-Z]{1,12}")
LOOKALIKE = "holds characters that only look like those of a reference, or do not show"
DEFAULT_PATTERN = "{series}-{number:3}/{year:2}"


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """One reference number, taken apart; ordered by year, number and series."""

    year: int
    """In four digits."""
    number: int
    series: str
    text: str
    """As it is written: ``E-502/14``. Two references are the same if this is."""

    @property
    def slug(self) -> str:
        """Return the stem of file names: ``E-502-14``."""
        return re.sub(r"[^A-Za-z0-9]+", "-", self.text)

    def __str__(self) -> str:
        """Return the reference as it is written."""
        return self.text


@dataclass(frozen=True, slots=True)
class ReferencePattern:
    """How an office writes its reference numbers, for example ``{series}-{number:3}/{year:2}``.

    `{series}` is capital letters; `{number:3}` is padded with zeros to three digits, and may be
    longer; `{year:2}` has two digits, `{year:4}` or `{year}` four. A pattern may do without the
    year. Between the fields stand ``-``, ``/``, ``.`` or ``_``.
    """

    template: str
    number_width: int
    year_width: int
    """2, 4, or 0 where references carry no year."""

    @classmethod
    def of_template(cls, template: str) -> ReferencePattern:
        """Read a pattern.

        Raises: `ValueError`, in the officer's words, where `template` names a field twice, lacks
        `{series}` or `{number}`, gives a year other than two or four digits, or puts anything but
        ``- / . _`` between fields, a dot beside a slash, or a slash at either end.
        """
        fields = FIELD.findall(template)
        names = [name for name, _ in fields]
        widths = {name: int(width or 0) for name, width in fields}
        if len(set(names)) != len(names) or not {"series", "number"} <= set(names):
            raise ValueError("name `{series}` and `{number}` once each, and `{year}` at most once")
        literals = FIELD.split(template)[::3]
        if not all(LITERAL.fullmatch(literal) for literal in literals):
            raise ValueError("between the fields only `-`, `/`, `.` and `_` may stand")
        if literals[0] or literals[-1]:
            raise ValueError("begin and end with a field")
        if any(not literal for literal in literals[1:-1]) and names != ["series", "number"]:
            raise ValueError("put `-`, `/`, `.` or `_` between the fields")
        if any("//" in literal for literal in literals):
            raise ValueError("write one `/` at a time")
        if any("/." in literal or "./" in literal for literal in literals):
            raise ValueError("beside a `/` no `.` may stand: the reference is an address")
        year_width = (widths["year"] or 4) if "year" in widths else 0
        if year_width not in (0, 2, 4):
            raise ValueError("a year has two digits (`{year:2}`) or four (`{year:4}`)")
        if widths["series"]:
            raise ValueError("only `{number}` and `{year}` have a width")
        return cls(template, widths["number"] or 1, year_width)

    def compose(self, series: str, number: int, year: int) -> Reference:
        """Write the reference of a series, a number and a four-digit year."""
        digits = f"{year % 100:02}" if self.year_width == 2 else f"{year:04}"
        values = {
            "series": series,
            "number": f"{number:0{self.number_width}}",
            "year": digits,
        }
        text = FIELD.sub(lambda field: values[field[1]], self.template)
        return Reference(year, number, series, text)

    def parse(self, text: str, year: int | None, span: Span) -> Checked[Reference]:
        """Read a reference number such as ``E-502/14``.

        `year` is that of the release's date: it gives the century of a two-digit year, and the
        year itself where the pattern has none. It is None where the date cannot be read.

        Diagnostics: `reference-malformed` if the text does not follow the pattern,
        `reference-lookalike` if it only looks as if it did, `reference-doubled` if its letters are
        there twice, `reference-number-zero`, `reference-padding` if only zeros or capitals are
        amiss, `reference-year` if its year is not `year` (the reference is made all the same).
        """
        match = self._loose_expression().fullmatch(text.strip())
        if match is None and (meant := self.meant(text)) is not None:
            message = f"`{text}` {LOOKALIKE}"
            return self._fault("reference-lookalike", message, span, f"write `{meant.text}`")
        if match is None and (single := self._without_echo(text.strip())):
            return self._fault(
                "reference-doubled",
                f"`{text}` has its letters twice",
                span,
                f"write `{single}`",
            )
        if match is None:
            example = self.compose("E", 502, year or 2014).text
            return self._fault(
                "reference-malformed",
                f"`{text}` is not a reference number of this newsroom",
                span,
                f"write it like `{example}`",
            )
        series, number = match["series"].upper(), int(match["number"])
        if number == 0:
            advice = "numbers begin with 1; `communique new` knows the next one"
            message = f"`{text}` has the number zero"
            return self._fault("reference-number-zero", message, span, advice)
        written_year = self._complete_year(match, year or 2014)
        reference = self.compose(series, number, written_year)
        found = []
        if reference.text != text.strip():
            found.append(
                Diagnostic(
                    "reference-padding",
                    f"`{text}` is not written as this newsroom writes it",
                    span,
                    help=f"write `{reference.text}`",
                )
            )
        if year is not None and written_year != year:
            meant = self.compose(series, number, year)
            found.append(
                Diagnostic(
                    "reference-year",
                    f"the year of `{reference.text}` is not the year of the date, {year}",
                    span,
                    help=f"write `{meant.text}`, or correct `date`",
                )
            )
        return Checked(reference, tuple(found))

    def recognize(self, text: str) -> Reference | None:
        """Return the reference that `text` is, zeros and capitals put right, or None.

        The century does not show in the text and is of no matter here.
        """
        match = self._loose_expression().fullmatch(text.strip())
        if match is None or int(match["number"]) == 0:
            return None
        year = self._complete_year(match, 2014)
        return self.compose(match["series"].upper(), int(match["number"]), year)

    def recognize_short(self, text: str) -> Reference | None:
        """Return the reference that a text without slashes is: ``E-502-14``, ``e502-14``."""
        parts = FIELD.split(self.template)[::3]
        fields = [match[0] for match in FIELD.finditer(self.template)]
        joined = fields[0] + "".join(
            ("-" if literal else "") + field
            for literal, field in zip(parts[1:], fields[1:], strict=False)
        )
        plain = replace(self, template=joined)
        bare = replace(self, template=joined.replace("-", "", 1))
        for form in (plain, bare):
            if match := form._loose_expression().fullmatch(text):
                return self.recognize(
                    self.compose(
                        match["series"].upper(),
                        int(match["number"]),
                        self._complete_year(match, 2014),
                    ).text
                )
        return None

    def meant(self, text: str) -> Reference | None:
        """Return the reference that `text` looks like without being it, or None.

        Some of its letters are another script's, or it holds characters that do not show.
        """
        if text.isascii():
            return None
        return self.recognize(as_it_looks(text))

    def _without_echo(self, text: str) -> str | None:
        """Return a reference without letters that were written twice: ``C-C-259/07``."""
        match = re.match(r"([A-Za-z]{1,12})([-/._ ]+)\1(?![A-Za-z])", text)
        if match is None:
            return None
        single = text[match.end(2) :]
        return single if self._loose_expression().fullmatch(single) else None

    def _complete_year(self, match: re.Match[str], near: int) -> int:
        if not self.year_width:
            return near
        written = int(match["year"])
        if self.year_width == 4:
            return written
        century = near - near % 100
        candidates = (century - 100 + written, century + written, century + 100 + written)
        return min(candidates, key=lambda candidate: abs(candidate - near))

    def _loose_expression(self) -> re.Pattern[str]:
        """Match what follows the pattern, zeros and capitals aside."""
        groups = {
            "series": r"(?P<series>[A-Za-z]{1,12})",
            "number": r"(?P<number>[0-9]{1,9})",
            "year": rf"(?P<year>[0-9]{{{self.year_width or 4}}})",
        }
        parts = re.split(r"(\{[^}]*\})", self.template)
        expression = "".join(
            groups[part.strip("{}").partition(":")[0]] if part.startswith("{") else re.escape(part)
            for part in parts
        )
        return re.compile(expression)

    @staticmethod
    def _fault(code: str, message: str, span: Span, advice: str | None) -> Checked[Reference]:
        return Checked(None, (Diagnostic(code, message, span, help=advice),))
