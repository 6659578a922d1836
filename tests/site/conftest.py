"""Each newsroom is published once for all tests and all workers."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.site.newsrooms import (
    Published,
    lay_out_archive,
    lay_out_harbour,
    lay_out_quay,
    lay_out_sample,
    publish,
)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return a folder that all workers of this run have in common."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session")
def sample(shared_folder: Path) -> Published:
    folder = _published_once(shared_folder / "sample", lay_out_sample)
    return Published(folder, "https://press.example.org/", "Letter")


@pytest.fixture(scope="session")
def harbour(shared_folder: Path) -> Published:
    folder = _published_once(shared_folder / "harbour", lay_out_harbour)
    return Published(folder, "https://www.example.org/press/", "A4")


@pytest.fixture(scope="session")
def quay(shared_folder: Path) -> Published:
    folder = _published_once(shared_folder / "quay", lay_out_quay)
    return Published(folder, "https://www.example.org/press/", "A4")


@pytest.fixture(scope="session")
def archive(shared_folder: Path) -> Published:
    folder = _published_once(shared_folder / "archive", lay_out_archive, offers_pdf=False)
    return Published(folder, "https://www.example.org/press/", "A4")


@pytest.fixture(params=["sample", "harbour"])
def site(request: pytest.FixtureRequest) -> Published:
    """Return one newsroom after the other."""
    published: Published = request.getfixturevalue(request.param)
    return published


@pytest.fixture(params=["sample", "harbour", "archive"])
def any_site(request: pytest.FixtureRequest) -> Published:
    """Return one newsroom after the other, and the one without PDFs."""
    published: Published = request.getfixturevalue(request.param)
    return published


@pytest.fixture
def harbour_copy(harbour: Published, tmp_path: Path) -> Path:
    """Return a copy of the published Harbour Council, to go on with."""
    return shutil.copytree(harbour.folder, tmp_path / "harbour")


@pytest.fixture
def quay_copy(quay: Published, tmp_path: Path) -> Path:
    """Return a copy of its quick part, published."""
    return shutil.copytree(quay.folder, tmp_path / "quay")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    assert program, f"these tests need a browser: install one of {', '.join(names)}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def _published_once(
    folder: Path, lay_out: Callable[[Path], None], *, offers_pdf: bool = True
) -> Path:
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = folder.with_suffix(".unfinished")
            unfinished.mkdir()
            lay_out(unfinished)
            publish(unfinished, offers_pdf=offers_pdf)
            unfinished.rename(folder)
    return folder
