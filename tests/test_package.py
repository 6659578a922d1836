"""The wheel works on its own, in a folder that has nothing to do with this repository."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, cwd=ROOT)
    (wheel,) = folder.iterdir()
    return wheel


@pytest.fixture(scope="module")
def communique(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an environment of its own and give its ``communique`` command.

    The libraries it depends on are borrowed from the environment of the tests, by path: nothing is
    downloaded. (Python ignores a borrowed folder's ``.pth`` files: the editable install stays out.)
    """
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, symlinks=True)
    run(
        *(sys.executable, "-m", "pip", "--python", home / "bin/python", "install"),
        *("--no-deps", "--no-index", "--quiet", "--disable-pip-version-check", wheel),
        cwd=home,
    )
    (packages,) = home.glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    return home / "bin/communique"


@pytest.fixture(scope="module")
def newsroom(communique: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    outside = tmp_path_factory.mktemp("outside")
    run(communique, "init", "my-newsroom", cwd=outside)
    run(communique, "build", cwd=outside / "my-newsroom")
    return outside / "my-newsroom"


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command without Python's settings of this environment; give what it prints.

    Raises:
        AssertionError: it exits with anything but 0; the message is all it said.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_wheel_carries_every_file_of_the_layouts(wheel: Path) -> None:
    prefix = "communique/_layouts/"
    shipped = {name for name in ZipFile(wheel).namelist() if name.startswith(prefix)}

    layouts = ROOT / "layouts"
    files = {path.relative_to(layouts) for path in layouts.rglob("*") if path.is_file()}
    assert shipped == {f"{prefix}{path.as_posix()}" for path in files}


def test_wheel_is_typed_and_licensed(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()

    assert "communique/py.typed" in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_help_names_the_commands(communique: Path, tmp_path: Path) -> None:
    text = run(communique, "--help", cwd=tmp_path)

    assert {"build", "init", "new", "serve"} <= set(text.split())


def test_new_newsroom_is_published(newsroom: Path) -> None:
    build = newsroom / "build"

    assert (build / "index.html").is_file()
    assert list(build.rglob("feed.xml"))
    assert {path.read_bytes()[:5] for path in build.rglob("*.pdf")} == {b"%PDF-"}
