"""Whether a build has anything to do: answered without opening a single file.

What comes in: the newsroom's folder and the instant. What goes out: yes or no, from what the last
build noted. This module imports next to nothing, and it must stay so: a scheduled job asks every
minute.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from communique.census import Census
from communique.digest import digest_of
from communique.instants import Microseconds, microseconds
from communique.ledger import LEDGER, Ledger, glance
from communique.premises import Premises
from communique.program import installed_versions


def state_of(census: Census, offers_pdf: bool) -> str:
    """Return what stands for everything that an edition's files depend on, but the instant."""
    parts = [census.digest(), str(offers_pdf), sys.version, *installed_versions()]
    return digest_of("\n".join(parts).encode())


def note_standing(
    ledger: Ledger,
    build: Path,
    state: str,
    since: Microseconds | None,
    until: Microseconds | None,
) -> None:
    """Note that `build/` shows what `state` says, from one instant until before another."""
    ledger.stand(
        {
            "state": state,
            "build": identity_of(build),
            "files": str(ledger.count()),
            "since": "" if since is None else str(since),
            "until": "" if until is None else str(until),
        }
    )


def files_standing(premises: Premises, instant: dt.datetime, offers_pdf: bool) -> int | None:
    """Return the number of files in `build/` if all of them are as they must be at `instant`.

    None says that a build has to find out. Files below `build/` are not looked at one by one; that
    is what `communique build --verify` does.
    """
    standing = glance(premises.private / LEDGER)
    if not standing or not _covers(standing, microseconds(instant)):
        return None
    if standing["build"] != identity_of(premises.build):
        return None
    if standing["state"] != state_of(premises.census(), offers_pdf):
        return None
    return int(standing["files"])


def _covers(standing: dict[str, str], moment: Microseconds) -> bool:
    since, until = standing["since"], standing["until"]
    return (not since or int(since) <= moment) and (not until or moment < int(until))


def identity_of(build: Path) -> str:
    """Tell a folder from any other; what comes or goes directly in it shows as well."""
    try:
        found = build.stat()
    except OSError:
        return ""
    return f"{found.st_dev} {found.st_ino} {found.st_mtime_ns}"
