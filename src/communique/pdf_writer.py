"""The PDF step: finished HTML becomes the bytes of a PDF that anyone can read, for ever.

What comes in: a release's HTML, the print stylesheet with its fonts, and the release's images. What
goes out: a file that is both PDF/UA-1 (accessible) and PDF/A-2a (archivable), the same to the last
byte for the same input. This is the only module that imports WeasyPrint, and only when the first
`PdfWriter` is made: importing this module costs nothing. What the standards ask for beyond
WeasyPrint stands in `pdf_standard`; what must be installed, in `pdf_libraries`.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import unicodedata
import warnings
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any
from xml.sax.saxutils import escape

from communique.pdf_libraries import require_libraries
from communique.pdf_standard import VARIANT, DocumentInfo, complete, describe

NOTHING = '<html lang="en"><title>1</title><h1>1</h1><p>1'
"""A document for nobody."""
LAYOUT_ORIGIN = "https://press.invalid/"
"""Where stylesheets find fonts and logo: an address that nothing can fetch (RFC 6761 §6.4), and the
same on every machine, since WeasyPrint writes addresses into the file."""

NO_FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><cachedir>{folder}/cache</cachedir></fontconfig>
"""

RECORD_SENTENCES = {
    "Failed to load image at %r: %s": "the image `{0}` cannot be read: it is damaged or no picture",
    "Failed to render SVG image %s": "the drawing `{0}` cannot be drawn: its SVG is damaged",
    'Image "%s" has no required alt description': "the image `{0}` has no description (`alt`)",
    "Font-face %r cannot be loaded": "the font `{0}` cannot be loaded",
}
"""WeasyPrint's words (the pattern of a log record) → an officer's."""


class PdfError(Exception):
    """The document cannot be printed as it is: `problems` says why, in an officer's words."""

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep each problem once, in the order in which they were met."""
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__(self.problems)  # what pickle gives back to `__init__`

    def __str__(self) -> str:
        """Join the problems on one line."""
        return "; ".join(self.problems)


class PdfWriter:
    """Write PDFs in one look. Fonts and stylesheet are read once, at the start.

    Close it, or use it as a context manager: its fonts lie in a temporary folder. A process forked
    from the one that made it may write, too; only the maker removes the folder.
    """

    def __init__(self, stylesheet: str, resources: Mapping[str, bytes]) -> None:
        """Read the look: `resources` are the files that `stylesheet` names, relative to itself.

        Raises: `PdfUnavailableError` if WeasyPrint cannot be loaded; `PdfError` if a resource is
        missing or a font broken.
        """
        folder = tempfile.mkdtemp(prefix="communique-pdf-")
        self.close = weakref.finalize(self, _remove_own, folder, os.getpid())
        """Remove the temporary folder; nothing can be written afterwards."""
        self._resources = {LAYOUT_ORIGIN + name: data for name, data in resources.items()}
        with _only_our_fonts(folder), _problems_gathered() as problems:
            if "@font-face" not in stylesheet:  # without any font, Pango crashes
                problems.append("the print stylesheet names no font (`@font-face`)")
            self._weasyprint = load_weasyprint()
            from weasyprint.text.fonts import FontConfiguration

            self._fonts = FontConfiguration()
            fetcher = _declared_only(self._resources, problems)
            self._stylesheet = self._weasyprint.CSS(
                string=stylesheet,
                base_url=LAYOUT_ORIGIN,
                url_fetcher=fetcher,
                font_config=self._fonts,
            )

    def __enter__(self) -> PdfWriter:
        """Return the writer itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the writer."""
        self.close()

    def warm_up(self) -> None:
        """Write a document for nobody: WeasyPrint's first takes some times as long as another."""
        with _problems_gathered(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "unclosed file", ResourceWarning)
            html = self._weasyprint.HTML(string=NOTHING)
            html.render(
                font_config=self._fonts, stylesheets=[self._stylesheet], pdf_variant=VARIANT
            ).write_pdf(pdf_variant=VARIANT)

    def write(
        self, html: str, base_url: str, info: DocumentInfo, files: Mapping[str, bytes]
    ) -> bytes:
        """Turn a whole HTML document into a PDF.

        `files` (absolute address → content) are the only ones besides the look's that the document
        may show; pictures must be RGB or grey, PDF/A allows no CMYK here. `base_url` is the
        document's own address, from which its relative links start.

        Raises: `PdfError` at a character that no font has, a file that was not declared, a
        picture that cannot be read or has no description, blocks nested too deeply.
        """
        if not self.close.alive:
            raise ValueError("the writer is closed")
        if damaged := tuple(_picture_problems(files)):
            raise PdfError(damaged)
        with _problems_gathered() as problems, warnings.catch_warnings():
            # WeasyPrint 70 leaves the file of its colour profile to the garbage collector.
            warnings.filterwarnings("ignore", "unclosed file", ResourceWarning)
            fetcher = _declared_only({**self._resources, **files}, problems)
            try:
                document = self._weasyprint.HTML(
                    string=html, base_url=base_url, url_fetcher=fetcher
                ).render(
                    font_config=self._fonts,
                    stylesheets=[self._stylesheet],
                    pdf_variant=VARIANT,
                )
                describe(document.metadata, info)
                data: bytes = document.write_pdf(
                    pdf_variant=VARIANT, finisher=lambda _, pdf: complete(pdf, info)
                )
            except RecursionError:
                problems.append("lists or quotations are nested too deeply to be printed")
            else:
                missing = {code for font in document.fonts.values() for code in font.missing}
                problems += map(_no_glyph, sorted(missing))
        return data


def load_weasyprint() -> ModuleType:
    """Import WeasyPrint, without its remarks on fonts and on a library that `doctor` asks for.

    Raises: `PdfUnavailableError` if the machine lacks what it loads.
    """
    require_libraries()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "No fonts configured in FontConfig")
        warnings.filterwarnings("ignore", "HarfBuzz-Subset will be required")
        import weasyprint
    from PIL import ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint makes all of Pillow accept half a photo
    return weasyprint  # type: ignore[no-any-return]  # WeasyPrint comes without types


@contextmanager
def _only_our_fonts(folder: str) -> Iterator[None]:
    """Hide the system's fonts from fontconfig, and have temporary files written to `folder`.

    A character that our fonts lack then is a problem on every machine, instead of being drawn with
    whatever font this machine happens to have.
    """
    config = Path(folder, "fonts.conf")
    config.write_text(NO_FONTS.format(folder=escape(folder)), encoding="utf-8")
    before, temporary = os.environ.get("FONTCONFIG_FILE"), tempfile.tempdir
    os.environ["FONTCONFIG_FILE"], tempfile.tempdir = str(config), folder
    try:
        yield
    finally:
        tempfile.tempdir = temporary
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@contextmanager
def _problems_gathered() -> Iterator[list[str]]:
    """Gather what is added to the list and what WeasyPrint only logs, then raise `PdfError`."""
    problems: list[str] = []

    class Gather(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            from weasyprint.urls import URLFetchingError

            arguments = record.args if isinstance(record.args, tuple) else (record.args,)
            if any(isinstance(argument, URLFetchingError) for argument in arguments):
                return  # our own refusal, which stands in the list
            if record.msg in RECORD_SENTENCES:
                problems.append(RECORD_SENTENCES[record.msg].format(*arguments))
            elif record.levelno >= logging.ERROR:
                problems.append(record.getMessage())

    handler = Gather()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    try:
        yield problems
    finally:
        logger.removeHandler(handler)
    if problems:
        raise PdfError(problems)


def _declared_only(files: Mapping[str, bytes], problems: list[str]) -> Any:
    """Make a fetcher that serves `files` and refuses all else: no network, no disk."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class DeclaredOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint comes without types
        def fetch(self, url: str, headers: object = None) -> Any:
            if url not in files:
                shown = url if len(url) <= 100 else f"{url[:100]}…"
                problems.append(f"`{shown}` is no file of this release or of the print layout")
                raise ValueError(url)
            return URLFetcherResponse(url, files[url])

    return DeclaredOnly()


def _picture_problems(files: Mapping[str, bytes]) -> Iterator[str]:
    """Find pictures that WeasyPrint would embed as they are, damaged or in CMYK."""
    from PIL import Image, UnidentifiedImageError

    for address, data in files.items():
        try:
            with Image.open(BytesIO(data)) as picture:
                picture.load()
                if picture.mode == "CMYK":
                    yield f"the image `{address}` is made for presses (CMYK): save it as RGB"
        except UnidentifiedImageError:
            continue  # a drawing in SVG, or something that WeasyPrint complains about itself
        except (OSError, SyntaxError, ValueError):
            yield f"the image `{address}` cannot be read: it is damaged"


def _no_glyph(code: int) -> str:
    character = chr(code)
    shown = f"`{character}` " if character.isprintable() else ""
    name = unicodedata.name(character, "without a name")
    return f"the character {shown}(U+{code:04X}, {name}) is in none of the fonts"


def _remove_own(folder: str, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
