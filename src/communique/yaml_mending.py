"""Lines that are no YAML, reported in plain words and mended as the officer plainly meant them.

What comes in: a `Proof`, and what PyYAML says of it. What goes out: a diagnostic on the proof, and
its text changed, so that reading goes on and one missing pair of quotation marks does not hide the
other mistakes.
"""

from __future__ import annotations

import re

import yaml

from communique.proof import Line, Proof, quoted
from communique.yaml_quoting import mend_value


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
        mend_value(proof, line, line.value_end, line.value, "")
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
        if proof.is_full:
            return
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
    elif above is not None and _is_orphan(proof, above, line):
        _mend_keyless(proof, above, proof.before(above))
    elif above is not None and _is_inside(line, above):
        _mend_going_on(proof, line, above)
    elif (line.key or line.is_item) and line.value:
        under = proof.under(line)
        whole = " ".join([line.value, *(each.text.strip() for each in under)])
        end = under[-1].start + len(under[-1].text.rstrip()) if under else line.value_end
        if not mend_value(proof, line, end, whole, problem):
            _mend_indentation(proof, line)
    elif line.key or line.is_item:
        _mend_indentation(proof, line)
    else:
        _mend_keyless(proof, line, above)


def _is_orphan(proof: Proof, line: Line, below: Line) -> bool:
    """Tell whether a line lacks its key, so that YAML reads the entry below it into its text."""
    if line.key or not below.key:
        return False
    if line.is_item:
        return below.indentation == len(line.lead)
    entries = [each for each in proof.entries() if each.start < line.start]
    owners = [each for each in entries if each.key or each.is_item]
    if not owners or line.indentation <= owners[-1].column:
        return True
    return not owners[-1].value and line.indentation <= below.indentation


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
        mend_value(proof, above, end, whole, "")
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
    if above.is_item or line.column == above.column + 1:  # a slip: it is an entry of its own
        _set_under(proof, line, above.column)
    else:
        proof.leave_out([line, *proof.within(line, above.column)])


def _mend_indentation(proof: Proof, line: Line) -> None:
    """Report an entry that begins under no other."""
    name = line.key or "-"
    start = line.start + (len(line.lead) if line.key else line.column)
    above = [each for each in proof.entries() if each.start < line.start]
    items = [each for each in above if each.is_item]
    keyed = [each for each in above if each.key]
    is_like_an_item = not line.key or any(each.key == line.key for each in items)
    if (
        line.is_item
        and not is_like_an_item
        and any(each.column == line.indentation for each in keyed)
    ):
        message = f"`{name}` is no item of a list"
        hyphen = line.start + line.indentation
        proof.report("yaml-indentation", message, hyphen, hyphen + 1, "take the hyphen away")
        proof.replace(line.start, line.start + len(line.lead), " " * line.indentation)
    elif line.is_item and items and items[-1].indentation != line.indentation:
        message = "this `-` does not begin right under the one above it"
        advice = f"begin it right under that of line {proof.line_number(items[-1])}"
        proof.report("yaml-indentation", message, start, start + 1, advice)
        _set_under(proof, line, items[-1].indentation)
    elif not line.is_item and keyed and all(each.column > line.column for each in keyed):
        first = keyed[0]
        begin = first.start + first.column
        message = f"`{first.key}` begins farther right than the keys under it"
        advice = f"begin it right above `{name}`"
        proof.report("yaml-indentation", message, begin, begin + len(first.key), advice)
        proof.replace(first.start, first.start + len(first.lead), " " * line.column)
    elif line.is_item or all(each.column == line.column for each in keyed):
        message = f"`{name}` belongs to no key or list above it"
        advice = "a list stands under a key with nothing after its colon, as in `topics:`"
        proof.report("yaml-indentation", message, start, start + len(name), advice)
        proof.leave_out([line, *proof.within(line, line.column - 1)])
    else:
        near = min(keyed, key=lambda each: (abs(each.column - line.column), -each.start))
        message = f"`{name}` does not begin right under another key"
        advice = f"begin it right under `{near.key}` (line {proof.line_number(near)})"
        proof.report("yaml-indentation", message, start, start + len(name), advice)
        _set_under(proof, line, near.column)


def _set_under(proof: Proof, line: Line, column: int) -> None:
    """Move an entry to a column, and with it those below that begin right under it."""
    together = [line]
    for each in proof.within(line, line.indentation - 1):
        if each.indentation == line.indentation:
            together.append(each)
    for each in reversed(together):
        proof.replace(each.start, each.start + each.indentation, " " * column)


def _mend_keyless(proof: Proof, line: Line, above: Line | None) -> None:
    """Report a line of text that belongs to nothing."""
    start, end = line.value_start, line.start + len(line.text.rstrip())
    text = proof.text[start:end]
    if re.fullmatch(r"[\w-]+", text) and not line.is_item:
        message = f"the colon after `{text}` is missing"
        proof.report("yaml-colon", message, start, end, f"write `{text}:`")
        proof.replace(end, end, ":")
        return
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
    if line.is_item:
        proof.is_partial = True
        proof.replace(start, end, " " * (end - start))  # its other keys stand under the hyphen
        return
    keyless = [line]
    for each in proof.after(line):
        if each.key or each.is_item or each.is_remark:
            break
        keyless.append(each)
    proof.leave_out(keyless)
