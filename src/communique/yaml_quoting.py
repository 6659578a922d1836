"""A value that is no YAML: why, in plain words, and how it reads in quotation marks.

What comes in: a line of a `Proof`. What goes out: a diagnostic on the proof, and the value quoted.
"""

from __future__ import annotations

import re

from communique.proof import QUOTED, Line, Proof, quoted

COLON = re.compile(r":(?=\s|$)")
CLOSING = {"[": "]", "{": "}"}


def mend_value(proof: Proof, line: Line, end: int, whole: str, problem: str) -> bool:
    """Report a value that is no YAML and put it into quotation marks; tell if it is at fault.

    `end` is the offset after the value, and `whole` is all of it in one line.
    """
    if whole[0] in CLOSING:
        _mend_list(proof, line)
        return True
    cause = _cause_of(whole, problem, proof.name_of(line))
    if cause is None:
        return False
    code, message, meant = cause
    advice = f"write `{line.written(quoted(meant))}`"
    if whole.startswith("-"):
        item = f"[{whole[1:].strip()}]"
        advice = f"write `{line.written(item)}` for a list, or {advice[6:]} for a text"
    shown_start, shown_end = line.value_start, end
    if code == "yaml-colon" and not COLON.search(line.value):
        below = next(each for each in proof.under(line) if COLON.search(each.text))
        shown_start = below.start + below.indentation
        shown_end = below.start + len(below.text.rstrip())
    proof.report(code, message, shown_start, shown_end, advice)
    proof.replace(line.value_start, end, quoted(meant))
    return True


def _cause_of(text: str, problem: str, name: str) -> tuple[str, str, str] | None:
    """Say why a value is no YAML: a code, a message, and the text that was meant."""
    first = text[0]
    if first in "\"'" and "escape" in problem:
        message = 'a backslash has a meaning of its own within `"`'
        return "yaml-quotes", message, text.strip('"')
    if first in "\"'" and QUOTED.fullmatch(text) is None:
        message = f"the text of `{name}` goes on after its closing quotation mark"
        return "yaml-quotes", message, text
    if first == "*":
        message = f"`*` cannot begin the text of `{name}`, which takes no bold or italics"
        return "yaml-special-character", message, text.replace("*", "").strip() or text
    if first in "@`%&!|>,]}" or text[:2] in ("- ", "? ", "-", "?"):
        message = f"`{first}` cannot begin the text of `{name}`"
        return "yaml-special-character", message, text
    if COLON.search(text):
        message = f"the colon within `{name}` needs quotation marks around the text"
        return "yaml-colon", message, text
    return None


def _mend_list(proof: Proof, line: Line) -> None:
    """Report a text that begins like a list, or a list that cannot be read."""
    name, first = proof.name_of(line), line.value[0]
    closing = CLOSING[first]
    lines, whole = [line], line.value
    for under in proof.after(line):
        bare = QUOTED.sub("", whole)
        if under.follows(line) or bare.count(first) <= bare.count(closing):
            break
        lines.append(under)
        whole = f"{whole} {under.text.strip()}"
    text = f"`{line.written(quoted(whole))}`"
    end = lines[-1].value_end
    after = _after_list(whole)
    if after is None:
        message = f"`{first}` at the beginning of `{name}` is never closed"
        advice = f"write `{line.written(whole + closing)}` for a list, or {text} for a text"
    elif after:
        message = f"`{first}` at the beginning of `{name}` would open a list"
        proof.report("yaml-bracket", message, line.value_start, end, f"write {text}")
        proof.replace(line.value_start, end, quoted(whole))
        return
    else:
        message = f"the list of `{name}` cannot be read"
        advice = "put commas between its entries, and entries with other signs into quotation marks"
    proof.report("yaml-bracket", message, line.value_start, end, advice)
    proof.leave_out(lines)


def _after_list(text: str) -> str | None:
    """Return what comes after the bracket that closes a text's first; None if nothing does."""
    bare = QUOTED.sub(lambda match: "x" * len(match[0]), text)
    opening, depth = text[0], 0
    for at, sign in enumerate(bare):
        depth += (sign == opening) - (sign == CLOSING[opening])
        if depth == 0:
            return text[at + 1 :]
    return None
