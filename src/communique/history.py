"""Earlier versions of a file, where the office keeps its folder in git.

What comes in: a folder and the path of a file in it. What goes out: the file as it was. git is only
asked what it has on this machine, by commands that run nothing else: whatever the repository's own
settings say of hooks, filters, monitors, pagers and servers.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

VERSIONS = 200
"""How far back is looked: so many commits that changed the file."""
TIMEOUT_S = 20
QUIET = (
    *("--no-pager", "--literal-pathspecs", "--no-optional-locks", "--no-replace-objects"),
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.pager=cat"),
    *("-c", "diff.external="),
    *("-c", "log.showSignature=false"),
    *("-c", "protocol.allow=never"),
)
KEPT = ("PATH", "HOME", "XDG_CONFIG_HOME")
"""What git is told of the environment: where its programs are, and what its owner trusts."""


class HistoryError(Exception):
    """There is no history to look into; the message says why, in the officer's words."""


class GitMissingError(HistoryError):
    """git is not installed."""


class Version(NamedTuple):
    """A file as it was committed."""

    commit: str
    committed: dt.datetime
    data: bytes


def versions(folder: Path, path: str) -> Iterator[Version]:
    """Yield each committed version of a file, the newest first; it was called the same then.

    Raises: `HistoryError` where git is not installed, the folder is in no repository, nothing was
    committed there, or git does not answer.
    """
    listed = _git(folder, "rev-list", "--timestamp", f"--max-count={VERSIONS}", "HEAD", "--", path)
    for line in listed.decode().splitlines():
        seconds, commit = line.split()
        try:
            data = _git(folder, "cat-file", "blob", f"{commit}:./{path}")
        except HistoryError:
            continue  # it was removed in this commit, or has not been fetched
        yield Version(commit, dt.datetime.fromtimestamp(int(seconds), dt.UTC), data)


def _git(folder: Path, *arguments: str) -> bytes:
    program = shutil.which("git")
    if program is None:
        raise GitMissingError("git is not installed, which would know the earlier versions")
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment |= {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"}
    try:
        ran = subprocess.run(
            [program, *QUIET, *arguments],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise HistoryError(f"git did not answer within {TIMEOUT_S} seconds") from None
    if ran.returncode != 0:
        raise HistoryError(_reason(ran.stderr.decode("utf-8", "replace")))
    return ran.stdout


def _reason(said: str) -> str:
    if "dubious ownership" in said:
        return "the folder belongs to somebody else, and git does not trust it: " + said.strip()
    if "not a git repository" in said:
        return "this folder is not kept in git, which would know the earlier versions"
    if "bad revision" in said or "unknown revision" in said:
        return "nothing has been committed to git yet"
    return f"git says: {said.strip()}"
