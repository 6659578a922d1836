"""Tell when something of the newsroom was saved.

What comes in: the newsroom's folder. What goes out: a call for each change, many at once as one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anyio
from anyio.abc import TaskGroup, TaskStatus
from watchfiles import Change, awatch

from communique.disk import NewsroomFolder
from communique.premises import NEWSROOM_FILE

FOLDERS = ("releases", "layouts")
LOOK_UP_MS = 200
"""A watch that is cancelled ends when it next looks up; watchfiles means 5 seconds by default."""


async def watch(
    folder: NewsroomFolder,
    changed: Callable[[], None],
    *,
    task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED,
) -> None:
    """Call `changed` at each change of what is published from `folder`, until cancelled.

    The folders may come and go: it happens when git switches branches. It has started once nothing
    is missed any more.
    """
    while True:
        async with anyio.create_task_group() as group:
            group.start_soon(_follow, folder.root, False, _is_at_the_root, changed, group)
            for name in FOLDERS:
                if (folder.root / name).is_dir():
                    group.start_soon(_follow, folder.root / name, True, _is_ours, changed, group)
            await anyio.sleep(0)  # each task runs until it waits: by then it watches
            task_status.started()
            task_status = anyio.TASK_STATUS_IGNORED
            changed()  # what was saved before is in the next reading


async def _follow(
    path: Path,
    recursive: bool,
    counts: Callable[[Change, str], bool],
    changed: Callable[[], None],
    group: TaskGroup,
) -> None:
    """Watch one folder, and end the group as soon as other folders have to be watched."""
    try:
        async for found in awatch(
            path, recursive=recursive, watch_filter=counts, rust_timeout=LOOK_UP_MS
        ):
            changed()
            if not recursive and any(Path(each).name in FOLDERS for _, each in found):
                break
    except* (FileNotFoundError, RuntimeError):
        # The folder went away just now, or watchfiles met a file name that is not UTF-8.
        pass
    group.cancel_scope.cancel()


def _is_at_the_root(_: Change, path: str) -> bool:
    """Tell whether it is `newsroom.yaml` or one of the folders.

    It is their folder that is watched: a program that saves by renaming would take a watch on the
    file itself along.
    """
    return Path(path).name in (NEWSROOM_FILE, *FOLDERS)


def _is_ours(_: Change, path: str) -> bool:
    """Pass over what editors leave for a moment; hidden files are not read either."""
    name = Path(path).name
    return not (name.startswith(".") or name.endswith("~"))
