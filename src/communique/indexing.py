"""The search index of one language, made by Pagefind, which is another process.

What comes in: `Record`s. What goes out: the files from which a browser searches them. Pagefind
crawls no folder here: it sees what it is given, through a pipe, and nothing else.

Pagefind writes the values of a filter in an order of the moment, so that the same records give
other bytes each time. Here they are put in order, and what is named by its digest is named anew.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Thread
from typing import Any, TypeAlias

from communique.digest import digest_of

ENTRY = "pagefind-entry.json"
"""The file that a browser reads first, and that leads to all others."""
PROGRAMS = ("pagefind.js", "pagefind-worker.js")
"""What of Pagefind runs in the browser; its own user interfaces are left out."""
DATA = ("fragment", "index", "filter")
"""The folders of what is found: the text of each record, the words, and the filters."""
MAGIC = b"pagefind_dcd"
"""What Pagefind puts before its data, within the compression."""
NAME_LENGTH = 10
PIECE = 1 << 20
"""How many bytes are read at a time."""

Cbor: TypeAlias = int | str | list["Cbor"]
"""Of RFC 8949 all that Pagefind uses in its filters and its overview."""


class IndexingError(Exception):
    """Pagefind cannot be used, or did something else than was expected of it."""


@dataclass(frozen=True, slots=True)
class Record:
    """One text that can be found."""

    url: str
    content: str
    meta: Mapping[str, str]
    """What is shown with a result and searched as well, by name; `title` counts most."""
    filters: Mapping[str, Sequence[str]]
    sort: Mapping[str, str]


def make_index(records: Iterable[Record], language: str) -> dict[str, bytes]:
    """Return the files of an index, by their path in its folder: equal records, equal bytes.

    `language` is an ISO 639 code, which decides how words are brought to their stems.
    Raises: `IndexingError`.
    """
    files = {path: data for path, data in _answer(records, language).items() if _is_used(path)}
    try:
        return _in_order(files)
    except (KeyError, ValueError, TypeError, IndexError, OSError, EOFError) as error:
        raise IndexingError(f"Pagefind wrote something unknown: {error!r}") from error


def _answer(records: Iterable[Record], language: str) -> dict[str, bytes]:
    """Have Pagefind make an index, through its service: messages in Base64, parted by commas."""
    payloads: list[dict[str, object]] = [{"type": "NewIndex", "config": {}}]
    payloads += (
        {
            "type": "AddRecord",
            "index_id": 0,
            "url": record.url,
            "content": record.content,
            "language": language,
            "meta": dict(record.meta),
            "filters": {name: list(values) for name, values in record.filters.items()},
            "sort": dict(record.sort),
        }
        for record in records
    )
    payloads.append({"type": "GetFiles", "index_id": 0})
    messages = [
        b64encode(json.dumps({"message_id": at, "payload": payload}).encode()) + b","
        for at, payload in enumerate(payloads, 1)
    ]
    with _pagefind() as service:
        for each in _exchange(service, messages):
            answer = json.loads(b64decode(each))["payload"]
            if answer["type"] == "Error":
                raise IndexingError(f"Pagefind says: {answer['message']}")
            if answer["type"] == "GetFiles":
                return {file["path"]: b64decode(file["content"]) for file in answer["files"]}
    raise IndexingError("Pagefind ended before it had made the index")


@contextmanager
def _pagefind() -> Iterator[subprocess.Popen[bytes]]:
    """Run Pagefind, and end it.

    It would take settings from the folder and the environment that it runs in: it has neither.
    """
    try:
        from pagefind_bin import get_executable  # only where there is something to index

        program = get_executable()
        service = subprocess.Popen(
            [program, "--service"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(program).parent,
            env={},
        )
    except (ImportError, OSError) as error:
        raise IndexingError(f"Pagefind cannot be run: {error}") from error
    with service:
        try:
            yield service
        finally:
            service.kill()
            assert service.stdin is not None
            with suppress(OSError):  # some of its input may still wait
                service.stdin.close()


def _exchange(service: subprocess.Popen[bytes], messages: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the answers to messages, which are sent by another thread meanwhile."""
    stdin, stdout = service.stdin, service.stdout
    assert stdin is not None
    assert stdout is not None

    def send() -> None:
        with suppress(OSError):  # it has ended, which shows in what it did not answer
            for each in messages:
                stdin.write(each)
            stdin.flush()

    sender = Thread(target=send, daemon=True)
    sender.start()
    waiting: list[bytes] = []
    while data := os.read(stdout.fileno(), PIECE):
        first, *others = data.split(b",")
        waiting.append(first)
        for each in others:
            yield b"".join(waiting)
            waiting = [each]


def _is_used(path: str) -> bool:
    pure = PurePosixPath(path)
    if pure.parts[0] in DATA or path in (ENTRY, *PROGRAMS):
        return True
    return pure.suffix == ".pf_meta" or pure.name.startswith("wasm.")


def _in_order(files: dict[str, bytes]) -> dict[str, bytes]:
    """Put filters in order, and name them, and what names them, by their new digests."""
    kept = {path: data for path, data in files.items() if not path.startswith("filter/")}
    names: dict[str, str] = {}
    for path in sorted(files.keys() - kept.keys()):
        name, values = _unpack(files[path])
        data = _pack([name, sorted(values)])
        old = PurePosixPath(path)
        names[old.stem] = _name_of(data, old.stem)
        kept[f"filter/{names[old.stem]}{old.suffix}"] = data
    entry = json.loads(kept.pop(ENTRY))
    for language in entry["languages"].values():
        old_name = language["hash"]
        version, pages, words, filters, sorts, fields = _unpack(
            kept.pop(f"pagefind.{old_name}.pf_meta")
        )
        filters = sorted([name, names[digest]] for name, digest in filters)
        data = _pack([version, pages, words, filters, sorted(sorts), fields])
        language["hash"] = _name_of(data, old_name)
        kept[f"pagefind.{language['hash']}.pf_meta"] = data
        for other in [path for path in kept if path.startswith("wasm.")]:
            if other != f"wasm.{language['wasm'] or 'unknown'}.pagefind":
                del kept[other]
    kept[ENTRY] = json.dumps(entry, sort_keys=True).encode()
    return dict(sorted(kept.items()))


def _name_of(data: bytes, old: str) -> str:
    return f"{old.partition('_')[0]}_{digest_of(data)[:NAME_LENGTH]}"


def _unpack(data: bytes) -> Any:
    """Read what Pagefind wrote. Raises: `ValueError` if it cannot be written again as it was."""
    plain = gzip.decompress(data)
    value, end = _decode(plain, len(MAGIC))
    if not plain.startswith(MAGIC) or end != len(plain) or _encoded(value) != plain[len(MAGIC) :]:
        raise ValueError("another format of its data")
    return value


def _pack(value: Cbor) -> bytes:
    return gzip.compress(MAGIC + _encoded(value), mtime=0)


def _decode(data: bytes, at: int) -> tuple[Cbor, int]:
    """Read a value of CBOR (RFC 8949 §3) and return where the next one begins."""
    kind, size = data[at] >> 5, data[at] & 31
    at += 1
    if size > 23:
        width = 1 << (size - 24)
        size, at = int.from_bytes(data[at : at + width]), at + width
    if kind == 0:
        return size, at
    if kind == 3:
        return data[at : at + size].decode(), at + size
    if kind == 4:
        items = []
        for _ in range(size):
            item, at = _decode(data, at)
            items.append(item)
        return items, at
    raise ValueError(f"a value of kind {kind}")


def _encoded(value: Cbor) -> bytes:
    return b"".join(_encode(value))


def _encode(value: Cbor) -> Iterator[bytes]:
    if isinstance(value, int):
        yield _head(0, value)
    elif isinstance(value, str):
        text = value.encode()
        yield _head(3, len(text))
        yield text
    else:
        yield _head(4, len(value))
        for each in value:
            yield from _encode(each)


def _head(kind: int, size: int) -> bytes:
    if size < 24:
        return bytes([kind << 5 | size])
    width = next(width for width in (1, 2, 4, 8) if size < 1 << 8 * width)
    return bytes([kind << 5 | 23 + width.bit_length()]) + size.to_bytes(width)
