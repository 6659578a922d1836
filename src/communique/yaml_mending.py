"""Lines that are no YAML, reported in plain words and mended as the officer plainly meant them.

What comes in: a `Proof`, and what PyYAML says of it. What goes out: a diagnostic on the proof, and
its text changed, so that reading goes on and one missing pair of quotation marks does not hide the
other mistakes.
"""

from __future__ import annotations

import re

import yaml

from communique.proof import QUOTED, Line, Proof, quoted

COLON = re.compile(r":(?=\s|$)")
CLOSING = {"[": "]", "{": "}"}


def mend(proof: Proof, error: yaml.MarkedYAMLError) -> bool:
    """Report what an error of PyYAML is about, and mend it; tell whether anything was changed."""
    before, reported = proof.text, len(proof.found)
    tabbed = _line_of(proof, error.problem_mark)
    if "\t" in tabbed.text[: len(tabbed.text) - len(tabbed.text.lstrip())]:
        _mend_tabs(proof)
        if proof.text != before:
            return True
    context = error.context or ""
    begins = ("quoted scalar", "simple key", "flow", "block scalar")
    at_context = any(word in context for word in begins)
    line = _line_of(proof, error.context_mark if at_context else error.problem_mark)
    _mend_line(proof, line, error.problem or "")
    if proof.text != before:
        return True
    if len(proof.found) == reported:
        end = line.start + len(line.text.rstrip())
        advice = "write it as `key: value`, with quotation marks around texts with unusual signs"
        proof.report("yaml-syntax", "this line cannot be read", line.start, end, advice)
    return False


def mend_property(proof: Proof, start: int, end: int) -> None:
    """Report and mend an anchor, alias or tag: ``&``, ``*`` or ``!`` at the beginning of a text."""
    line = proof.line_at(start)
    if start == line.value_start:
        _mend_value(proof, line, line.value_end, line.value, "")
        return
    text = proof.text[start:end]
    message = f"`{text[0]}` has a meaning of its own at the beginning of a text"
    proof.report("yaml-special-character", message, start, end, f"write `{quoted(text)}`")
    proof.replace(start, end, quoted(text))


def _line_of(proof: Proof, mark: yaml.Mark | None) -> Line:
    return proof.line_at(mark.index if mark is not None else 0)


def _mend_tabs(proof: Proof) -> None:
    """Report every tab before a key at once: an editor that made one made all."""
    for line in reversed(list(proof.entries())):
        before = line.text[: len(line.text) - len(line.text.lstrip())]
        if "\t" not in before:
            continue
        start = line.start + before.index("\t")
        end = line.start + before.rindex("\t") + 1
        proof.report(
            "yaml-tab", "a tab stands where only spaces may", start, end, "write two spaces instead"
        )
        proof.replace(line.start, line.start + len(before), before.replace("\t", "  "))


def _mend_line(proof: Proof, line: Line, problem: str) -> None:
    above = proof.before(line)
    end_mark = next((each for each in (line, above) if each and each.text in ("---", "...")), None)
    if end_mark is not None:
        message = f"`{end_mark.text}` would end the file here"
        end = end_mark.start + len(end_mark.text)
        proof.report("yaml-syntax", message, end_mark.start, end, "delete this line")
        proof.leave_out([end_mark])
    elif above is not None and _is_inside(line, above):
        _mend_going_on(proof, line, above)
    elif (line.key or line.is_item) and line.value:
        under = proof.under(line)
        whole = " ".join([line.value, *(each.text.strip() for each in under)])
        end = under[-1].start + len(under[-1].text.rstrip()) if under else line.value_end
        if not _mend_value(proof, line, end, whole, problem):
            _mend_indentation(proof, line, above)
    elif line.key or line.is_item:
        _mend_indentation(proof, line, above)
    else:
        _mend_keyless(proof, line, above)


def _is_inside(line: Line, above: Line) -> bool:
    """Tell whether a line stands so far right that it goes on with the text above it."""
    plain = above.value and not above.opens_block and above.rest[0] not in "\"'[{"
    return bool(plain and (above.key or above.is_item) and line.indentation > above.column)


def _mend_going_on(proof: Proof, line: Line, above: Line) -> None:
    """Report a colon in the second line of a text, or a key that stands too far right."""
    if not line.key and not line.is_item:
        under = proof.under(above)
        whole = " ".join([above.value, *(each.text.strip() for each in under)])
        end = under[-1].start + len(under[-1].text.rstrip())
        _mend_value(proof, above, end, whole, "")
        return
    name, owner = line.key or "-", above.key or "-"
    start = line.start + len(line.lead) if line.key else line.start + line.column
    proof.report(
        "yaml-indentation",
        f"`{name}` begins farther right than `{owner}`, as if it belonged to the text there",
        start,
        start + len(name),
        f"begin it right under `{owner}`; if it belongs to that text, put the whole text into "
        f"quotation marks; if it is a part of `{owner}`, write nothing after `{owner}:`",
    )
    inside = [line]
    for each in proof.after(line):
        if each.indentation <= above.column:
            break
        inside.append(each)
    proof.leave_out(inside)


def _mend_value(proof: Proof, line: Line, end: int, whole: str, problem: str) -> bool:
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


def _mend_indentation(proof: Proof, line: Line, above: Line | None) -> None:
    """Report an entry that begins under no other."""
    name = line.key or "-"
    start = line.start + (len(line.lead) if line.key else line.column)
    items = [each for each in proof.entries() if each.start < line.start and each.is_item]
    if line.is_item and items and items[-1].indentation != line.indentation:
        message = "this `-` does not begin right under the one above it"
        advice = f"begin it right under that of line {proof.line_number(items[-1])}"
        proof.report("yaml-indentation", message, start, start + 1, advice)
        spaces = " " * items[-1].indentation
        proof.replace(line.start, line.start + line.indentation, spaces)
        return
    keyed = [each for each in proof.entries() if each.start < line.start and each.key]
    near = min(keyed, key=lambda each: (abs(each.column - line.column), -each.start), default=None)
    if line.is_item or near is None or near.column == line.column:
        message = f"`{name}` belongs to no key or list above it"
        advice = "a list stands under a key with nothing after its colon, as in `topics:`"
        proof.report("yaml-indentation", message, start, start + len(name), advice)
        proof.leave_out([line])
        return
    message = f"`{name}` does not begin right under another key"
    advice = f"begin it right under `{near.key}` (line {proof.line_number(near)})"
    proof.report("yaml-indentation", message, start, start + len(name), advice)
    proof.replace(line.start, line.start + len(line.lead), " " * near.column)


def _mend_keyless(proof: Proof, line: Line, above: Line | None) -> None:
    """Report a line of text that belongs to nothing."""
    start = line.start + line.indentation
    end = line.start + len(line.text.rstrip())
    text = proof.text[start:end]
    if match := re.match(r"([\w.-]+):(?!//)(?=\S)", text):
        advice = f"write `{match[1]}: {text[match.end() :]}`"
        message = f"a space is missing after `{match[0]}`"
        proof.report("yaml-colon", message, start, start + match.end(), advice)
        proof.replace(start + match.end() - 1, start + match.end(), ": ")
        return
    if above is not None and above.opens_block:
        message = f"the text of `{above.key}` begins too far left"
        advice = "begin each of its lines with two spaces"
        proof.report("yaml-indentation", message, start, end, advice)
    else:
        advice = (
            "put a colon after its key, as in `title: …`; or begin the line with two spaces if it "
            "goes on with the text above"
        )
        proof.report("yaml-syntax", "this line has no key with a colon", start, end, advice)
    keyless = [line]
    for each in proof.after(line):
        if each.key or each.is_item or each.is_remark:
            break
        keyless.append(each)
    proof.leave_out(keyless)
