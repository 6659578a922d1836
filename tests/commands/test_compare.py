"""`communique compare`: what git has of a release, word by word; git itself is kept on a lead."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from communique.history import versions
from tests.office import Office

COMMITTED = "2026-03-01T15:00:00+00:00"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = Office.open(tmp_path / "office")
    office.write_release("E-007/26", body="The last boat leaves at 23:00 from the new quay.")
    return office


def git(folder: Path, *arguments: str) -> None:
    names = {
        f"GIT_{who}_{what}": "officer@example.org"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    dates = {"GIT_AUTHOR_DATE": COMMITTED, "GIT_COMMITTER_DATE": COMMITTED}
    environment = {**os.environ, **names, **dates, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True
    )


def commit(office: Office) -> None:
    if not (office.root / ".git").exists():
        git(office.root, "init", "--initial-branch=main")
    git(office.root, "add", "releases", "newsroom.yaml")
    git(office.root, "commit", "-m", "Write releases")


def rewrite(office: Office, old: str, new: str) -> None:
    path = office.root / "releases/E-007-26.md"
    path.write_text(path.read_text().replace(old, new))


def test_change_since_the_last_commit_is_shown(office: Office) -> None:
    commit(office)
    rewrite(office, "23:00", "23:30")

    ran = office.run("compare", "e-7/26")
    assert (ran.code, ran.err) == (0, "")
    head, _, differences = ran.out.partition("\n\n")
    assert head.startswith("releases/E-007-26.md, since 2026-03-01 10:00 EST (commit ")
    assert differences == ("… The last boat leaves at [-23:00-] {+23:30+} from the new quay. …\n\n")


def test_officer_who_corrects_can_look_first_and_nothing_is_changed(office: Office) -> None:
    commit(office)
    rewrite(office, "23:00", "23:30")
    before = (office.root / "releases/E-007-26.md").read_bytes()

    looked, with_words, without = (
        office.run("correct", "E-007/26", *rest)
        for rest in (["--compare"], ["--compare", "The hour."], [])
    )

    assert (looked.code, looked.out) == (0, office.run("compare", "E-007/26").out)
    assert (with_words.code, without.code) == (2, 2)
    assert "say in a sentence what was wrong" in without.err
    assert (office.root / "releases/E-007-26.md").read_bytes() == before


def test_version_before_the_last_commit_is_taken_where_nothing_changed_since(
    office: Office,
) -> None:
    commit(office)
    rewrite(office, "23:00", "23:30")
    commit(office)

    assert "[-23:00-] {+23:30+}" in office.run("compare", "E-007/26").out


def test_what_was_announced_is_found_by_its_digest(office: Office) -> None:
    commit(office)
    assert office.run("remember").code == 0
    for old, new in (("23:00", "23:15"), ("23:15", "23:30")):
        rewrite(office, old, new)
        commit(office)

    assert "[-23:15-] {+23:30+}" in office.run("compare", "E-007/26").out
    assert "[-23:00-] {+23:30+}" in office.run("compare", "E-007/26", "--announced").out


def test_correction_offers_the_comparison(office: Office) -> None:
    before = office.run("correct", "E-007/26", "The hour was wrong.").out
    commit(office)
    after = office.run("correct", "E-007/26", "So was the quay.").out

    assert "compare" not in before
    assert after.endswith(
        "what changed, word by word: `communique compare E-007/26 --language en`\n"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "error: this folder is not kept in git, which would know the earlier versions\n"),
        (("--announced",), "error: E-007/26 (en) is not in announced.csv; see `communique "),
        (("--language", "es"), "error: E-007/26 is not there in es, only in en\n"),
    ],
)
def test_what_cannot_be_compared_is_said_in_a_sentence(
    office: Office, arguments: tuple[str, ...], words: str
) -> None:
    ran = office.run("compare", "E-007/26", *arguments)

    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(words)


def test_repository_without_a_commit_or_without_the_file_is_no_fault(office: Office) -> None:
    git(office.root, "init")
    assert office.run("compare", "E-007/26").err == "error: nothing has been committed to git yet\n"

    git(office.root, "add", "newsroom.yaml")
    git(office.root, "commit", "-m", "Begin")
    assert office.run("compare", "E-007/26").out == (
        "git has no other version of releases/E-007-26.md\n"
    )


def test_missing_git_is_what_the_machine_lacks(office: Office, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "communique", "compare", "E-007/26"],
        cwd=office.root,
        env={**os.environ, "PATH": str(tmp_path / "nothing")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (
        3,
        "error: git is not installed, which would know the earlier versions\n",
    )


def test_hostile_repository_runs_nothing_and_fetches_nothing(
    office: Office, tmp_path: Path
) -> None:
    commit(office)
    rewrite(office, "23:00", "23:30")
    commit(office)
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    trap.chmod(0o755)
    for name in ("post-index-change", "reference-transaction", "pre-auto-gc"):
        hook = office.root / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(trap.read_text())
        hook.chmod(0o755)
    office.write(".gitattributes", "*.md diff=trap filter=trap\n")
    settings = {
        "core.fsmonitor": str(trap),
        "core.pager": str(trap),
        "core.sshCommand": str(trap),
        "core.askPass": str(trap),
        "diff.external": str(trap),
        "diff.trap.command": str(trap),
        "diff.trap.textconv": str(trap),
        "filter.trap.smudge": str(trap),
        "filter.trap.clean": str(trap),
        "gpg.program": str(trap),
        "log.showSignature": "true",
        "pager.rev-list": str(trap),
        "pager.cat-file": str(trap),
        "remote.origin.url": f"ext::{trap}",
        "remote.origin.promisor": "true",
        "protocol.ext.allow": "always",
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
    }
    for name, value in settings.items():
        git(office.root, "config", name, value)
    blob = subprocess.run(
        ["git", "rev-parse", "HEAD:releases/E-007-26.md"],
        cwd=office.root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    (office.root / ".git/objects" / blob[:2] / blob[2:]).unlink()  # to be fetched, if it could
    (tmp_path / "sprung").unlink(missing_ok=True)

    found = list(versions(office.root, "releases/E-007-26.md"))
    ran = office.run("compare", "E-007/26")

    assert not (tmp_path / "sprung").exists()
    assert [b"23:00" in version.data for version in found] == [True]
    assert "[-23:00-] {+23:30+}" in ran.out
