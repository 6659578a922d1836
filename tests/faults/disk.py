"""Build on a disk that is small, or that may not be written to: `python -m tests.faults.disk`.

It runs where it may mount file systems: ``unshare -rm`` gives that to anybody, where it is allowed.
It prints, as JSON, what each build said, and whether the one after the trouble was as a clean one.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.office import Office

SIZES_KB = (0, 60, 200, 330, 600)
"""How much room there is beside what lies on the disk already."""


def main() -> None:
    """Play what the first argument names, in the folder that the second one does."""
    play = {"full": full, "read-only": read_only}[sys.argv[1]]
    json.dump(play(Path(sys.argv[2])), sys.stdout)


def full(folder: Path) -> list[object]:
    """Build where there is less and more room; return exit code, sentence, and what came then."""
    found: list[object] = []
    for room_kb in SIZES_KB:
        disk = folder / f"disk-{room_kb}"
        disk.mkdir()
        mount("-t", "tmpfs", "-o", "size=8m", "none", str(disk))
        office = _office(disk)
        before = dict(office.published())
        _change(office)
        filler = disk / "filler"
        with filler.open("wb") as file:
            file.write(b"x" * (shutil.disk_usage(disk).free - room_kb * 1024))
        ran = office.run("build", "--no-pdf")
        stands = dict(office.published())
        wanted = _clean(office, folder / f"twin-{room_kb}")
        whole = all(data in (before.get(path), wanted.get(path)) for path, data in stands.items())
        filler.unlink()
        after = office.run("build", "--no-pdf")
        found.append([ran.code, ran.err, whole, after.code, office.published() == wanted])
    return found


def read_only(folder: Path) -> list[object]:
    """Build where `build/` may not be written to."""
    office = _office(folder / "office")
    before = dict(office.published())
    _change(office)
    build = str(office.folder.build)
    mount("--bind", build, build)
    mount("-o", "remount,bind,ro", build)
    ran = office.run("build", "--no-pdf")
    whole = office.published() == before
    mount("-o", "remount,bind,rw", build)
    after = office.run("build", "--no-pdf")
    wanted = _clean(office, folder / "twin")
    return [[ran.code, ran.err, whole, after.code, office.published() == wanted]]


def mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _office(root: Path) -> Office:
    office = Office.open(root / "newsroom")
    for number in range(1, 6):
        office.write_release(f"E-00{number}/26", "topics: [quays]")
    office.build()
    return office


def _change(office: Office) -> None:
    office.write_release("E-006/26", "topics: [ferries]")
    office.write_release("E-001/26", "title: Edited", body="\n\n".join(["Long. " * 500] * 6))
    office.write_release("E-002/26", "draft: yes")


def _clean(office: Office, root: Path) -> dict[str, bytes]:
    twin = Office(root)
    ignored = shutil.ignore_patterns("build", ".communique", "filler")
    shutil.copytree(office.root, twin.root, ignore=ignored)
    twin.build()
    return dict(twin.published())


if __name__ == "__main__":
    main()
