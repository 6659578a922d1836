"""The search index: equal records make equal bytes, and Pagefind sees nothing but the records."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from communique.indexing import ENTRY, MAGIC, IndexingError, Record, make_index


def record(number: int, **meta: str) -> Record:
    return Record(
        url=f"/E-{number}/",
        content=f"The council met for the {number}th time.",
        meta={"title": f"Meeting {number}", **meta},
        filters={
            "year": [str(2000 + number)],
            "topic": ["quays", "ferries"],
            "kind": ["release" if number % 2 else "advisory"],
        },
        sort={"date": str(number)},
    )


def test_equal_records_make_equal_bytes() -> None:
    # Pagefind itself orders the values of a filter anew each time: nine, in one of 362,880 ways.
    records = [record(number) for number in range(1, 10)]

    first, second = make_index(records, "en"), make_index(records, "en")

    assert first == second
    assert sum(path.startswith("filter/") for path in first) == 3


def test_index_leads_from_its_entry_to_files_that_are_there() -> None:
    files = make_index([record(1), record(2)], "en")
    entry = json.loads(files[ENTRY])
    overview = gzip.decompress(files[f"pagefind.{entry['languages']['en']['hash']}.pf_meta"])
    named = [path for path in files if path.startswith(("fragment/", "index/", "filter/"))]

    assert overview.startswith(MAGIC)
    assert [path for path in named if Path(path).stem.encode() not in overview] == []
    assert {"pagefind.js", "pagefind-worker.js", "wasm.en.pagefind"} <= files.keys()
    assert [path for path in files if "-ui" in path] == []


def test_language_without_stems_is_indexed_by_its_words() -> None:
    files = make_index([record(1)], "xx")

    assert "wasm.unknown.pagefind" in files


def test_what_pagefind_does_not_take_is_said() -> None:
    with pytest.raises(IndexingError, match="Pagefind"):
        make_index([record(1, note="\ud800")], "en")
