"""What the fonts of the PDFs have is found out once, and again when they change."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from communique.glyphs import unprintable

ROOT = Path(__file__).parents[1]
FONTS = {
    path.name: path.read_bytes() for path in sorted((ROOT / "layouts/print/fonts").glob("*.ttf"))
}


def missing(text: str, fonts: dict[str, bytes], memory: Path | None = None) -> list[str]:
    return unprintable(fonts, memory).findall(text)


def test_what_no_font_has_is_found_and_what_needs_no_glyph_is_not() -> None:
    assert missing("Łódź, Београд, 東京 and ⵣ", FONTS) == ["東", "京", "ⵣ"]
    assert missing("a\u00a0b\u202fc\u200bd\u00ade\u0301\n\t\ufe0f", FONTS) == []


def test_without_a_font_no_letter_can_be_printed() -> None:
    assert missing("a b", {"OFL.txt": b"The licence."}) == ["a", "b"]


def test_fonts_are_read_once_and_again_when_they_change(tmp_path: Path) -> None:
    assert missing("東", FONTS, tmp_path) == ["東"]
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from tests.test_glyphs import FONTS, missing\n"
        "assert missing('東', FONTS, Path(sys.argv[1])) == ['東']\n"
        "sys.exit('fontTools' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, check=True)

    assert missing("a", {}, tmp_path) == ["a"]


def test_damaged_note_is_made_anew(tmp_path: Path) -> None:
    missing("", FONTS, tmp_path)
    (note,) = tmp_path.iterdir()
    sound = note.read_bytes()
    note.write_bytes(sound[:-9] + b"0-ffff" + sound[-3:])

    assert missing("東", FONTS, tmp_path) == ["東"]
    assert note.read_bytes() == sound
