"""An entry more, and not another byte: whatever way an officer writes the keys of a release."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.diagnostics import Span
from communique.insertion import NoPlaceError, with_entry, with_mapping
from communique.manuscript import FENCE
from communique.release import Manuscript, Release
from communique.source import LINE_BREAK
from tests.harbour import desk, read

DESK = desk()
WHEN, NOTE = "2026-03-06 12:00", 'It was "No. 7": #7, not 70% — d’accord'
ENTRY = {"when": WHEN, "note": NOTE}
REASON = {"when": WHEN, "reason": NOTE}

OLD = "{when: 2026-03-04, note: Earlier}"
LISTS = {
    "absent": "",
    "empty": "corrections:\n",
    "empty, with a remark": "corrections:   # none so far\n",
    "indented": "corrections:\n  - when: 2026-03-04\n    note: Earlier\n",
    "not indented": "corrections:\n- when: 2026-03-04\n  note: Earlier\n",
    "far apart": "corrections:\n    -   when: 2026-03-04\n        note: Earlier\n",
    "dash alone": "corrections:\n  -\n    when: 2026-03-04\n    note: Earlier\n",
    "several lines": "corrections:\n  - note: Ear\n      lier\n    when: 2026-03-04   # so late\n",
    "folded": "corrections:\n  - when: 2026-03-04\n    note: >-\n      Ear\n      lier\n\n",
    "kept": "corrections:\n  - when: 2026-03-04\n    note: |+\n      Earlier\n\n\n",
    "in quotation marks": '"corrections":\n  - {"when": 2026-03-04, note: "Ear\n     lier"} # x\n',
    "flow": f"corrections: [{OLD}]\n",
    "empty flow": "corrections: [ ]  # none\n",
    "flow with a comma": f"corrections: [{OLD}, ]\n",
    "flow on lines": f"corrections: [\n  {OLD}, # a\n  {OLD}   # b\n  ]\n",
    "flow of flow": f"corrections:\n  - {OLD}\n",
    "single": "corrections:\n  when: 2026-03-04\n  note: |\n    Earlier\n\n      indented\n",
    "single flow": f"corrections: {OLD}\n",
}
OTHERS = (
    "title: Boats\n",
    "date: 2026-03-03   # Tuesday\n",
    "summary: >\n  Boats go\n  later.\n\n",
    "topics: [fisheries]\n",
    "embargo: 2026-03-03 10:00 Europe/Lisbon\n",
    "subtitle: 'It’s late'\n",
    "\n# a remark: with a colon\n",
)
BODIES = (
    "The council met.\n",
    "",
    "---\n\n- a\n- b",
    "corrections:\n  - when: no\n",
    "\n\n  Text  \n",
)


@st.composite
def files(draw: st.DrawFn, forms: tuple[str, ...]) -> bytes:
    """Draw a release file whose keys stand in any order, set in, and with any line endings."""
    parts = draw(st.permutations(["reference: E-007/26\n", *OTHERS, *forms]))
    margin = draw(st.sampled_from(["", " ", "   "]))
    keys = "".join(
        f"{margin}{line}" if line.strip() else line
        for part in parts
        for line in part.splitlines(keepends=True)
    )
    closing = draw(st.sampled_from(["---", "...", "--- "]))
    text = f"---\n{keys}{closing}\n{draw(st.sampled_from(BODIES))}"
    ending = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    return (draw(st.sampled_from(["", "\ufeff"])) + text.replace("\n", ending)).encode()


def parts_of(data: bytes) -> tuple[str, int, int]:
    text = data.decode("utf-8-sig")
    opening = FENCE.search(text)
    assert opening is not None
    closing = FENCE.search(text, opening.end())
    assert closing is not None
    return text, opening.end(), closing.start()


def sound(manuscript: Manuscript) -> Release:
    assert manuscript.diagnostics == ()
    assert manuscript.release is not None
    return manuscript.release


def bare(release: Release) -> Release:
    """Leave out where things stand in the file."""
    return replace(release, span=Span.of_file(""))


def is_inserted(before: str, after: str) -> bool:
    """Tell whether `after` is `before` with one stretch more."""
    same = next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), None)
    at = len(before) if same is None else same
    # The stretch may begin with what follows it, so that it can be seen at several places.
    return any(
        before == after[:begin] + after[begin + len(after) - len(before) :]
        for begin in range(at, -1, -1)
    )


def is_within(before: str, after: str) -> bool:
    rest = iter(after)
    return all(letter in rest for letter in before)


@pytest.mark.parametrize("form", LISTS)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_correction_is_added_and_every_other_byte_stays(form: str, data: st.DataObject) -> None:
    before = data.draw(files((LISTS[form],)))
    known = sound(read(before, DESK))

    text, start, end = parts_of(before)
    after = with_entry(text, start, end, "corrections", ENTRY)

    new = sound(read(after.encode(), DESK))
    added = new.corrections[-1]
    assert (added.when.isoformat(), added.note) == (
        "2026-03-06T12:00:00-05:00",
        "It was “No. 7”: #7, not 70% — d’accord",
    )
    assert bare(new) == bare(replace(known, corrections=(*known.corrections, added)))
    assert set(LINE_BREAK.findall(after)) == set(LINE_BREAK.findall(text))
    assert (is_within if form.startswith("single") else is_inserted)(text, after)


@pytest.mark.parametrize("form", ["", "withdrawn:\n", "withdrawn:  # not yet\n"])
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_withdrawal_is_added_and_every_other_byte_stays(form: str, data: st.DataObject) -> None:
    before = data.draw(files((form,)))
    known = sound(read(before, DESK))

    text, start, end = parts_of(before)
    after = with_mapping(text, start, end, "withdrawn", REASON)

    new = sound(read(after.encode(), DESK))
    assert new.withdrawn is not None
    assert bare(replace(new, withdrawn=None)) == bare(known)
    assert is_inserted(text, after)


def corrected(keys: str) -> str:
    text = f"---\n{keys}---\n"
    _, start, end = parts_of(text.encode())
    return with_entry(text, start, end, "corrections", {"when": WHEN, "note": "Boats."})[4:-4]


@pytest.mark.parametrize(
    ("keys", "changed"),
    [
        ("a: b\n", "a: b\ncorrections:\n  - when: 2026-03-06 12:00\n    note: Boats.\n"),
        (
            "corrections:\n-   when: 1\n    note: x # y\n# z\na: b\n",
            "corrections:\n-   when: 1\n    note: x # y\n"
            "-   when: 2026-03-06 12:00\n    note: Boats.\n# z\na: b\n",
        ),
        (
            "corrections:\n  when: 1\n  note: x\na: b\n",
            "corrections:\n  - when: 1\n    note: x\n"
            "  - when: 2026-03-06 12:00\n    note: Boats.\na: b\n",
        ),
        (
            "corrections: [\n  {a: 1},\n  {b: 2}\n]\n",
            'corrections: [\n  {a: 1},\n  {b: 2},\n  {when: 2026-03-06 12:00, note: "Boats."}\n]\n',
        ),
        (
            "{a: b}\n",
            '{a: b, corrections: [{when: 2026-03-06 12:00, note: "Boats."}]}\n',
        ),
    ],
)
def test_entry_is_written_as_the_officer_writes(keys: str, changed: str) -> None:
    assert corrected(keys) == changed


@pytest.mark.parametrize("keys", ['corrections: ""\n', "{corrections: , a: b}\n", "# nothing\n"])
def test_what_cannot_be_added_to_is_refused(keys: str) -> None:
    with pytest.raises(NoPlaceError):
        corrected(keys)
