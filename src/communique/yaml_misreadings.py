"""What YAML would read otherwise than it was meant, without a word: reported, and mended.

What comes in: a `Proof`. What goes out: diagnostics on it, and its text changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from communique.proof import QUOTED, REMARK, Line, Proof, quoted

LOST = re.compile(r"(?:^|(?<=[ \t]))#[^\s#]")


def mend_misreadings(proof: Proof) -> None:
    """Report and mend what YAML would read otherwise than it was meant, without a word.

    A ``#`` right before a letter or digit would make a remark of the rest (one with a space after
    it is a remark as officers write them); an unclosed quotation would run into the next lines.
    """
    if '"' in proof.text or "'" in proof.text:
        for line in reversed(list(proof.entries())):
            after = proof.line_at(line.start + len(line.text) + 1)
            if proof.is_full:
                return
            if line.opens_quotation and (after.start == line.start or after.follows(line)):
                _mend_quotation(proof, line)
    if LOST.search(proof.text):
        entries = list(proof.entries())
        for at in reversed(range(len(entries))):
            line = entries[at]
            if proof.is_full:
                return
            if not line.is_remark and (line.key or line.is_item):
                _mend_lost(proof, line, (entries[each] for each in range(at + 1, len(entries))))


def _mend_quotation(proof: Proof, line: Line) -> None:
    """Report a quotation mark that is never closed; before a year or word it was an apostrophe."""
    name, value = proof.name_of(line), line.value
    single = value.startswith("'")
    message = f"the quotation mark before the text of `{name}` is never closed"
    meant = quoted(value if single else value[1:])
    advice = f"write `{line.written(meant)}`"
    proof.report("yaml-quotes", message, line.value_start, line.value_end, advice)
    proof.replace(line.value_start, line.value_end, meant)


def _mend_lost(proof: Proof, line: Line, below: Iterable[Line]) -> None:
    """Report what a ``#`` would cut off a value, on its first line or on those under it.

    `below` are the entries below the line, as they were before any of this was mended: those that
    its text goes on with are as they were.
    """
    if line.opens_block or line.opens_quotation:
        return
    is_list = line.rest.startswith(("[", "{"))
    searched = line.rest
    if is_list or line.rest.startswith(('"', "'")):
        searched = QUOTED.sub(lambda match: "x" * len(match[0]), line.rest)
    lines = [(line.value_start, searched)]
    lines += [(each.start, each.text) for each in line.goes_on_in(below)]
    for start, text in lines:
        remark, lost = REMARK.search(text), LOST.search(text)
        if lost is None or (remark is not None and remark.start() < lost.start()):
            continue
        first, end = start + lost.start(), start + len(text.rstrip())
        last_start, last = lines[-1]
        value_end = last_start + len(last.rstrip())
        whole = quoted(" ".join(proof.text[line.value_start : value_end].split()))
        word = proof.text[first:end].split()[0]
        message = f"all from `{word}` on would be lost: `#` after a space begins a remark"
        advice = f"write `# {word[1:]}` if it is a remark"
        if not is_list:
            advice = (
                f"write `{line.written(whole)}` if it belongs to the text, or `# {word[1:]}` if not"
            )
        proof.report("yaml-lost-text", message, first, end, advice)
        if first == line.value_start and not proof.within(line, line.column):
            proof.replace(line.value_start, value_end, whole)
        else:
            proof.replace(first, end, " " * (end - first))
        return
