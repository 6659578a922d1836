"""A build renders what changed, publishes it in order, and leaves `build/` whole at any moment."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import stat
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from communique.build import BuildReport, Settings, build
from communique.diagnostics import Checked
from communique.disk import NewsroomFolder
from communique.production import hidden
from communique.publishing import only_one
from communique.rendering import PressHere
from communique.source import Source
from tests.disks import other_disk
from tests.office import NEWSROOM, NOON, Office, never_waits
from tests.sampling import few_first


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return a newsroom with three releases; the second is related to the first."""
    office = Office.open(tmp_path / "office")
    office.write_release("E-001/26", "topics: [quays]")
    office.write_release("E-002/26", "related: [E-001/26]", "topics: [ferries]")
    office.write_release("C-001/26", "topics: [quays]")
    return office


def edit(office: Office, reference: str, old: str, new: str) -> None:
    path = office.root / f"releases/{reference.replace('/', '-')}.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_build_without_a_change_renders_nothing(office: Office) -> None:
    first = office.build()

    second = office.build()
    assert first.published
    assert second.published == ()
    assert second.kept == len(first.published)


def test_edited_text_touches_its_page_and_the_feeds_that_carry_it(office: Office) -> None:
    office.build()
    edit(office, "E-001/26", "The council met.", "The council met.\n\nIt then dined.")

    assert set(office.build().published) == {
        "E-001/26/index.html",
        "en/feed.xml",
        "en/topics/quays/feed.xml",
    }


def test_edited_title_touches_every_page_that_shows_it(office: Office) -> None:
    office.build()
    edit(office, "E-001/26", "Title of E-001/26", "A better title")

    assert set(office.build().published) == {
        "E-001/26/index.html",
        "E-002/26/index.html",  # names it as related
        "C-001/26/index.html",  # is its translation
        "en/index.html",
        "en/2026/index.html",
        "en/topics/quays/index.html",
        "en/topics/quays/2026/index.html",
        "en/kinds/release/index.html",
        "en/kinds/release/2026/index.html",
        "en/feed.xml",
        "en/topics/quays/feed.xml",
    }


def test_page_says_which_translation_is_in_preparation_until_that_is_public(
    office: Office,
) -> None:
    text = (office.root / "newsroom.yaml").read_text(encoding="utf-8")
    office.write("newsroom.yaml", f"{text}pending_translations: {{es: 2026-01-01}}\n")
    office.write_release("E-008/26")
    office.build()
    page = office.root / "build/E-008/26/index.html"
    before = page.read_bytes()
    office.write_release("C-008/26", "embargo: 2026-03-02 09:00")

    office.build()
    embargoed = page.read_bytes()
    office.build(NOON + dt.timedelta(days=1))

    assert b"Translation in preparation" in before
    assert embargoed == before
    assert b"Translation in preparation" not in page.read_bytes()


def test_comment_in_a_release_touches_nothing(office: Office) -> None:
    edit(office, "E-001/26", "The council met.", "See [the other](E-002/26).")
    edit(office, "E-002/26", "date: 2026-03-01", "date: 2026-02-28")
    office.build()
    edit(office, "E-001/26", "title:", "# a comment\ntitle:")

    assert office.build().published == ()


def test_pdf_is_rendered_only_for_the_release_that_changed(office: Office) -> None:
    office.build(offers_pdf=True)
    edit(office, "E-001/26", "The council met.", "The council met.\n\nIt then dined.")

    assert set(office.build(offers_pdf=True).published) == {
        "E-001/26/E-001-26.pdf",
        "E-001/26/index.html",
        "en/feed.xml",
        "en/topics/quays/feed.xml",
    }
    assert set(office.build(offers_pdf=False).removed) == {
        f"{reference}/{slug}.pdf"
        for reference, slug in [
            ("E-001/26", "E-001-26"),
            ("E-002/26", "E-002-26"),
            ("C-001/26", "C-001-26"),
        ]
    }


def test_heavy_modules_are_not_imported_where_nothing_is_rendered(office: Office) -> None:
    office.build()
    script = textwrap.dedent(f"""
        import sys
        from communique.cli import run
        assert run(["build", "--no-pdf", "--now", "{NOON:%Y-%m-%d %H:%M} UTC"]) == 0
        print({{"weasyprint", "feedgen", "PIL", "lxml", "starlette"}} & set(sys.modules))
        """)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=office.root, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"published 0 files to build/, {len(office.published())} unchanged, 0 removed",
        "set()",
    ]


@pytest.mark.parametrize(
    "tamper",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b"defaced"),
        lambda path: os.utime(path, ns=(0, 0)),
        lambda path: path.write_bytes(path.read_bytes()),
    ],
    ids=["deleted", "changed", "touched", "written again"],
)
def test_file_that_is_not_as_it_was_left_is_rendered_again(office: Office, tamper: object) -> None:
    office.build()
    before = office.published()
    assert callable(tamper)
    tamper(office.folder.build / "E-001/26/index.html")

    report = office.build(verify=True)
    assert report.published == ("E-001/26/index.html",)
    assert report.reasons == (("E-001/26/index.html", "the file in build/ was changed or removed"),)
    assert office.published() == before


def test_release_that_is_taken_back_is_removed_with_its_empty_folders(office: Office) -> None:
    office.build()
    edit(office, "E-002/26", "topics: [ferries]", "draft: yes")

    report = office.build()
    assert set(report.removed) == {
        "en/topics/ferries/feed.xml",
        "en/topics/ferries/index.html",
        "en/topics/ferries/2026/index.html",
        "E-002/26/index.html",
    }
    assert not (office.folder.build / "E-002").exists()
    assert not (office.folder.build / "en/topics/ferries").exists()
    assert "E-002" not in repr(office.published())


def test_strangers_files_are_reported_and_left_alone(office: Office) -> None:
    office.build()
    office.write("build/E-002/26/notes.txt", "mine")
    office.write("build/.well-known/security.txt", "Contact: desk@example.org")
    edit(office, "E-002/26", "title:", "draft: yes\ntitle:")

    assert office.build().unknown == ("E-002/26/notes.txt",)
    assert office.build(verify=True).unknown == (".well-known/security.txt", "E-002/26/notes.txt")
    assert office.page("E-002/26/notes.txt") == "mine"
    said = office.run("build", "--no-pdf", "--verify").err.splitlines()
    assert said[0] == ("left alone, because no build has made it: build/.well-known/security.txt")


def test_error_leaves_what_is_published_as_it_was(office: Office) -> None:
    office.build()
    before = office.published()
    office.write_release("E-003/26", "topics: [unheard-of]")
    edit(office, "E-001/26", "The council met.", "The council dined.")

    report = office.build()
    assert report.stopped
    assert office.published() == before


class FolderInOtherHands(NewsroomFolder):
    """A newsroom in which somebody edits or deletes a release just before it is read."""

    def release_source(self, path: str) -> Checked[Source]:
        file = self.root / path
        if file.name == "E-004-26.md":
            file.unlink()
        elif file.name == "E-005-26.md":
            file.write_text(file.read_text().replace("Title of", "New title of"), encoding="utf-8")
        return super().release_source(path)


def test_release_that_is_deleted_while_it_is_read_stops_the_build_and_the_next_is_whole(
    office: Office, tmp_path: Path
) -> None:
    office.build()
    before = office.published()
    office.write_release("E-004/26")

    report = run_in(FolderInOtherHands(office.root))
    stands = office.published()

    assert [(each.code, each.span.path) for each in report.diagnostics] == [
        ("file-unreadable", "releases/E-004-26.md")
    ]
    assert stands == before
    assert office.build().diagnostics == ()
    assert office.published() == before


def test_release_that_is_edited_while_it_is_read_is_read_again(office: Office) -> None:
    office.write_release("E-005/26")

    assert run_in(FolderInOtherHands(office.root)).diagnostics == ()
    office.build()

    assert "New title of E-005/26" in office.page("E-005/26/index.html")


def run_in(folder: NewsroomFolder) -> BuildReport:
    return build(
        folder,
        NOON,
        Settings(offers_pdf=False),
        press_of=PressHere,
        progress=hidden,
        on_wait=never_waits,
    )


def test_what_a_killed_build_was_making_ready_goes_when_nothing_lies_ahead(
    office: Office,
) -> None:
    office.build()
    left = office.write(".communique/ahead-new/1", "half an edition")
    office.write_release("E-001/26", "title: Edited")

    office.build()

    assert not left.parent.exists()


@pytest.mark.parametrize("how", ["changed", "deleted"])
def test_picture_that_changes_while_the_build_goes_on_stops_it(office: Office, how: str) -> None:
    office.write_release(
        "E-003/26",
        "attachments: [{file: plan.txt, title: Plan}]",
    )
    attachment = office.write("releases/plan.txt", "plan")

    @contextmanager
    def change_it(total: int) -> Iterator[Callable[[str], None]]:
        if how == "deleted":
            attachment.unlink()
        else:
            attachment.write_text("another plan")
        yield lambda name: None

    report = build(
        office.folder,
        NOON,
        Settings(offers_pdf=False),
        press_of=PressHere,
        progress=change_it,
        on_wait=never_waits,
    )
    assert [(each.code, each.span.path) for each in report.diagnostics] == [
        ("file-changed", "releases/E-003-26.md")
    ]
    assert not office.folder.build.exists()


def test_private_folder_is_its_owners_alone(office: Office) -> None:
    office.build()

    assert stat.S_IMODE(office.folder.private.stat().st_mode) == 0o700
    assert sorted(path.name for path in office.folder.private.iterdir()) == [
        "build.lock",
        "ledger.sqlite",
        "look",
        "manuscripts.left",
        "manuscripts.sqlite",
    ]


def test_published_files_can_be_read_by_a_web_server_whatever_the_umask(office: Office) -> None:
    before = os.umask(0o077)
    try:
        office.build()
    finally:
        os.umask(before)

    paths = [office.folder.build, *office.folder.build.rglob("*")]
    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in paths}
    assert modes == {(True, 0o755), (False, 0o644)}


@pytest.mark.parametrize(
    "ledger",
    [
        b"",
        b"this is no ledger at all, but a text of some length" * 100,
        None,
    ],
    ids=["empty", "damaged", "missing"],
)
def test_lost_ledger_costs_time_and_nothing_else(office: Office, ledger: bytes | None) -> None:
    everything = office.build().published
    before = office.published()
    path = office.folder.private / "ledger.sqlite"
    path.unlink()
    if ledger is not None:
        path.write_bytes(ledger)

    assert office.build().published == everything
    assert office.published() == before
    assert office.build().published == ()


@pytest.mark.parametrize("lost", ["ledger.sqlite", "."])
def test_release_that_was_put_back_under_embargo_goes_though_the_ledger_is_lost(
    office: Office, lost: str
) -> None:
    office.write("releases/plan.txt", "The plan.")
    office.write_release(
        "E-003/26", "topics: [ferries]", "attachments: [{file: plan.txt, title: Plan}]"
    )
    edit(office, "E-002/26", "topics: [ferries]", "topics: [quays]")
    office.build()
    office.write("build/mine.txt", "mine")
    office.write("build/old/E-003.html", "mine")
    edit(office, "E-003/26", "reference:", "embargo: 2026-03-09 09:00\nreference:")
    path = office.folder.private / lost
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.write_bytes(b"no ledger")

    ran = office.run("build", "--no-pdf")
    assert (ran.code, ran.err.splitlines()) == (
        0,
        [
            "left alone, because no build has made it: build/mine.txt",
            "left alone, because no build has made it: build/old/E-003.html",
        ],
    )
    assert [line.split(": ")[0] for line in ran.out.splitlines()[:-1]] == [
        f"moved build/{path} to .communique/aside/1/{path}"
        for path in (
            "E-003/26/index.html",
            "E-003/26/plan.txt",
            "en/topics/ferries/feed.xml",
            "en/topics/ferries/index.html",
            "en/topics/ferries/2026/index.html",
        )
    ]
    assert (office.folder.private / "aside/1/E-003/26/plan.txt").read_text() == "The plan."
    assert not (office.folder.build / "E-003").exists()
    assert office.page("mine.txt") == office.page("old/E-003.html") == "mine"
    assert office.run("build", "--no-pdf").out.startswith("published 0 files")


def test_file_of_ones_own_below_a_release_stays_while_there_is_a_ledger(office: Office) -> None:
    office.build()
    mine = office.write("build/E-001/26/mine.txt", "mine")

    assert office.build(verify=True).aside == ()
    assert mine.read_text() == "mine"


def test_build_may_be_a_link_to_a_folder(office: Office, tmp_path: Path) -> None:
    elsewhere = tmp_path / "htdocs"
    elsewhere.mkdir()
    office.folder.build.symlink_to(elsewhere)

    assert office.run("build", "--no-pdf").code == 0
    assert (elsewhere / "E-001/26/index.html").is_file()
    assert office.folder.build.is_symlink()
    assert office.build().published == ()


def test_build_may_lie_on_another_disk(office: Office) -> None:
    with TemporaryDirectory(dir=other_disk()) as elsewhere:
        office.folder.build.symlink_to(elsewhere)
        assert Path(elsewhere).stat().st_dev != office.root.stat().st_dev
        office.write(f"{elsewhere}/E-001/26/.communique-index.html", "left by a kill")

        office.build()
        there = office.published()
        assert office.build().published == ()
        office.folder.build.unlink()
        office.build()
        assert office.published() == there


def folder_at(path: Path) -> None:
    path.mkdir(parents=True)


def file_at(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")


def link_at(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(path.parents[2], target_is_directory=True)


def dangling_link_at(path: Path) -> None:
    path.symlink_to("nowhere")


@pytest.mark.parametrize(
    ("put", "path"),
    [
        (folder_at, "build/en/feed.xml"),
        (file_at, "build/E-001"),
        (link_at, "build/en/topics"),
        (file_at, "build"),
        (dangling_link_at, "build"),
    ],
)
def test_what_stands_in_the_way_is_named_before_anything_is_published(
    office: Office, put: object, path: str
) -> None:
    assert callable(put)
    put(office.root / path)

    ran = office.run("build", "--no-pdf", "--format", "short")
    assert ran.code == 1
    assert ran.err.splitlines() == [
        f"{path}:1:1: error[build-obstructed]: `{path}` stands where this newsroom has something "
        "to publish",
        "nothing was published: 1 error",
    ]
    assert not (office.folder.build / "index.html").exists()


def test_link_in_place_of_a_file_is_replaced_and_its_target_kept(office: Office) -> None:
    office.build()
    page = office.folder.build / "E-001/26/index.html"
    mine = office.write("mine.html", "mine")
    page.unlink()
    page.symlink_to(mine)

    assert office.build(verify=True).published == ("E-001/26/index.html",)
    assert not page.is_symlink()
    assert mine.read_text() == "mine"


def test_what_took_the_place_of_a_removed_file_stays(office: Office) -> None:
    office.build()
    page = office.folder.build / "E-002/26/index.html"
    page.unlink()
    office.write("build/E-002/26/index.html/mine.txt", "mine")
    edit(office, "E-002/26", "title:", "draft: yes\ntitle:")

    assert office.build().unknown == ("E-002/26/index.html/mine.txt",)


def test_nothing_is_removed_behind_a_link(office: Office) -> None:
    office.build()
    folder = office.folder.build / "E-002"
    folder.rename(office.root / "moved")
    folder.symlink_to(office.root / "moved", target_is_directory=True)
    edit(office, "E-002/26", "title:", "draft: yes\ntitle:")

    assert office.build().unknown == ("E-002",)
    assert (office.root / "moved/26/index.html").is_file()


def test_disk_that_refuses_is_a_sentence(office: Office) -> None:
    office.folder.private.mkdir(exist_ok=True)
    (office.folder.private / "work").write_text("in the way")

    ran = office.run("build", "--no-pdf")
    assert ran.code == 1
    assert ran.err == f"error: file exists: {office.folder.private / 'work'}\n"


KILLED = """
import datetime as dt, os, signal, sys
from pathlib import Path
from communique import publishing
from communique.build import BuildReport, Settings, build
from communique.diagnostics import Checked
from communique.disk import NewsroomFolder
from communique.disk import NewsroomFolder
from communique.production import hidden
from communique.rendering import PressHere
from communique.source import Source

count = 0
def on_event(event, arguments):
    # Python tells of every file before it is replaced or removed: die when the time has come.
    global count
    if event in ("os.rename", "os.remove") and "/build/" in str(arguments[:2]):
        if count == int(sys.argv[1]):
            os.kill(os.getpid(), signal.SIGKILL)
        count += 1

sys.addaudithook(on_event)
now = dt.datetime.fromisoformat(sys.argv[2])
build(
    NewsroomFolder(Path.cwd()),
    now,
    Settings(offers_pdf=False),
    press_of=PressHere,
    progress=hidden,
    on_wait=print,
)
"""


@pytest.mark.parametrize("files", few_first([8, 21, 0, 23, 1, 15, 20, 22], 1))
def test_killed_build_is_completed_by_the_next(office: Office, files: int) -> None:
    office.write("releases/plan.txt", "The plan.")
    office.write_release("E-003/26", "attachments: [{file: plan.txt, title: Plan}]")
    office.build()
    office.write_release("E-003/26")
    edit(office, "E-002/26", "title:", "draft: yes\ntitle:")
    edit(office, "E-001/26", "title: Title of E-001/26", "title: Another title")
    office.write("newsroom.yaml", NEWSROOM.replace("Harbour Council", "Council of the Harbour"))
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(files), NOON.isoformat()],
        cwd=office.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert (office.folder.build / "en/index.html").is_file()

    assert office.build().unknown == ()
    assert office.build().published == ()
    completed = office.published()
    shutil.rmtree(office.folder.build)
    office.build()
    assert office.published() == completed


def test_second_build_says_that_it_waits_and_then_publishes_what_is_there_now(
    office: Office,
) -> None:
    waiting = threading.Event()
    reports = []

    def second() -> None:
        reports.append(
            build(
                office.folder,
                NOON,
                Settings(offers_pdf=False),
                press_of=PressHere,
                progress=hidden,
                on_wait=waiting.set,
            )
        )

    with only_one(office.folder.private / "build.lock", lambda: None):
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(timeout=30)
        edit(office, "E-001/26", "Title of E-001/26", "Written while it waited")
    thread.join(timeout=60)
    assert len(reports) == 1
    assert "Written while it waited" in office.page("E-001/26/index.html")


def test_embargo_ends_by_itself(office: Office) -> None:
    office.write_release("E-003/26", "embargo: 2026-03-02 09:00")
    nine = dt.datetime(2026, 3, 2, 14, tzinfo=dt.UTC)

    office.build(nine - dt.timedelta(microseconds=1))
    before = office.published()
    assert "E-003" not in repr(before)
    assert "E-003/26/index.html" in office.build(nine).published
    office.build(nine - dt.timedelta(microseconds=1))
    assert office.published() == before
