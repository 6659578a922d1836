"""The only way to the office's files: everything that is read is read here.

What comes in: the newsroom's folder. What goes out: `Source`s, `LayoutFile`s, and the files beside
releases. `communique.publishing` is its counterpart and writes `build/`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path, PurePosixPath

from communique.census import Census, take_census
from communique.companions import FileFault, PictureFile
from communique.diagnostics import Checked, Diagnostic, Span, nearest
from communique.digest import digest_of
from communique.file_names import unfit
from communique.limits import LARGEST_FILE, LIMITS, Limits
from communique.opening import TooLargeError, read_file
from communique.picture_metadata import SILENT, Hull
from communique.pictures import FORMATS, TooManyPixelsError, measure
from communique.premises import ANNOUNCED_FILE, NEWSROOM_FILE, Premises, shipped_layouts
from communique.release import Asset
from communique.source import LayoutFile, Source, read_source

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif")
DOCUMENT_SUFFIXES = (
    *PICTURE_SUFFIXES,
    *(".pdf", ".csv", ".txt", ".zip", ".doc", ".docx", ".odt", ".rtf", ".epub"),
    *(".xls", ".xlsx", ".ods", ".ppt", ".pptx", ".odp", ".mp3", ".mp4", ".webm", ".ics"),
)
"""What may be published beside a release: nothing that a browser would run in the site's name."""
NEIGHBOURS = 2_000
"""How many files beside a release are looked through for one that may have been meant."""


class FileChangedError(Exception):
    """A file is no longer what it was when the build began."""


@dataclass(frozen=True, slots=True)
class NewsroomFolder(Premises):
    """The newsroom's folder, and what is read of it."""

    limits: Limits = LIMITS

    def store_path(self) -> Path:
        """Return where manuscripts that were read are kept."""
        with suppress(OSError):  # a folder that cannot be written to can be checked all the same
            self.private.mkdir(mode=0o700, exist_ok=True)
        return self.private / "manuscripts.sqlite"

    def look_memory(self, program: str) -> Path | None:
        """Return where is kept what `program` made of the look; None if nothing can be kept."""
        folder = self.private / "look"
        memory = folder / program
        if memory.is_dir():
            return memory
        shutil.rmtree(folder, ignore_errors=True)  # another program's
        try:
            for each in (self.private, folder, memory):  # `parents=True` would open them to others
                each.mkdir(mode=0o700, exist_ok=True)
        except OSError:
            return None
        return memory

    def newsroom_source(self) -> Checked[Source]:
        """Read `newsroom.yaml`, which may lie elsewhere: nothing of it is published as it is."""
        return self._source(NEWSROOM_FILE, (self.root / NEWSROOM_FILE).resolve())

    def misplaced(self, census: Census) -> Iterator[Diagnostic]:
        """Report links to folders, which are not followed: they may lead anywhere, or in a circle.

        Diagnostics: `folder-link`, and `file-outside` for `releases` itself.
        """
        releases = self.releases.name
        if not self.releases.resolve().is_relative_to(self.root.resolve()):
            yield Diagnostic(
                "file-outside",
                f"the folder `{releases}` is a link that leads out of the newsroom",
                Span.of_file(releases),
                help="put the folder itself in its place",
            )
        for path in sorted(census.links):
            yield Diagnostic(
                "folder-link",
                f"`{path}` is a link to a folder, and is not followed",
                Span.of_file(path),
                help="put the folder itself in its place, or delete the link",
            )

    def announced_source(self) -> Checked[Source] | None:
        """Read the register of what was announced, if the office keeps one."""
        path = self.root / ANNOUNCED_FILE
        if not path.exists():
            return None
        return self._source(ANNOUNCED_FILE, path.resolve(), LARGEST_FILE)

    def release_paths(self) -> list[str]:
        """Return every release file, in the order of their paths; hidden ones are passed over."""
        census = take_census({"releases": self.releases})
        return sorted(path for path in census.files if path.endswith(".md"))

    def release_source(self, path: str) -> Checked[Source]:
        """Read a release file.

        Diagnostics: those of `read_source`; `file-unreadable`, `file-outside`, `release-too-large`.
        """
        written = self.root / path
        if not written.is_symlink():
            return self._source(path, written)
        try:
            real = written.resolve()
        except (OSError, RuntimeError):  # a circle of links
            real = written
        if real == written or real.is_relative_to(self.root.resolve()):
            return self._source(path, real)
        found = Diagnostic(
            "file-outside",
            f"`{path}` is a link to a file outside the newsroom",
            Span.of_file(path),
            help="put the file itself in its place",
        )
        return Checked(None, (found,))

    def companions_of(self, release_path: str) -> CompanionsOnDisk:
        """Return the files beside a release."""
        return CompanionsOnDisk(self, (self.root / release_path).parent)

    def has_own_look(self) -> bool:
        """Tell whether the office has files of its own for the look, or may have."""
        return (self.root / "layouts").is_dir()

    def layout_files(self) -> Mapping[str, tuple[LayoutFile, ...]]:
        """Read the look: for each name below `layouts/`, the program's file, then the office's."""
        found: dict[str, tuple[LayoutFile, ...]] = {}
        shipped, own = shipped_layouts(), self.root / "layouts"
        folders = [(shipped, "layouts")]
        if own.is_dir() and own.resolve() != shipped.resolve():
            folders = [(shipped, "communique/layouts"), (own, "layouts")]
        for folder, shown_as in folders:
            for path in sorted(folder.rglob("*")):
                name = path.relative_to(folder).as_posix()
                if path.is_file() and not any(part.startswith(".") for part in name.split("/")):
                    file = LayoutFile(f"{shown_as}/{name}", path.read_bytes())
                    found[name] = (*found.get(name, ()), file)
        return found

    def read(self, asset: Asset) -> bytes:
        """Return the bytes of a file beside a release.

        Raises: `FileChangedError` if it is not what it was when the release was read.
        """
        try:
            data = read_file(self.root / asset.path, LARGEST_FILE)
        except TooLargeError as error:
            raise FileChangedError(f"`{asset.path}` has become too large") from error
        except OSError as error:
            raise FileChangedError(
                f"`{asset.path}` can no longer be read: {error.strerror}"
            ) from error
        if digest_of(data) != asset.digest:
            raise FileChangedError(f"`{asset.path}` was changed while the build went on")
        return data

    def _source(self, name: str, path: Path, most: int | None = None) -> Checked[Source]:
        try:
            return read_source(name, read_file(path, most or self.limits.release_size))
        except OSError as error:
            message = f"the file cannot be read: {error.strerror}"
            found = Diagnostic("file-unreadable", message, Span.of_file(name))
        except TooLargeError as error:
            found = Diagnostic(
                "release-too-large",
                f"the file has {error.size:,} bytes; {self.limits.release_size:,} are read at most",
                Span.of_file(name),
                help="offer long documents as `attachments`, or set `release_size` under `limits` "
                "in `newsroom.yaml`",
            )
        return Checked(None, (found,))


@dataclass(frozen=True, slots=True)
class CompanionsOnDisk:
    """The files beside one release (see `communique.companions.Companions`)."""

    newsroom: NewsroomFolder
    folder: Path
    pictures: dict[str, PictureFile | FileFault] = field(default_factory=dict)
    """What was found of each picture: a text may name one a thousand times."""

    def picture(self, file: str) -> PictureFile | FileFault:
        """Find an image and measure it."""
        if file not in self.pictures:
            wanted = "save it as JPEG, PNG, WebP or GIF"
            found = self._find(file, PICTURE_SUFFIXES, wanted)
            self.pictures[file] = (
                found if isinstance(found, FileFault) else self._measured(file, *found)
            )
        return self.pictures[file]

    def document(self, file: str) -> Asset | FileFault:
        """Find an attachment; a picture among them has to be one."""
        if file.lower().endswith(PICTURE_SUFFIXES):
            picture = self.picture(file)
            return picture if isinstance(picture, FileFault) else picture.asset
        found = self._find(
            file,
            DOCUMENT_SUFFIXES,
            "offer a document, a table, a picture or an archive, for example a PDF",
        )
        return found if isinstance(found, FileFault) else found[0]

    def _measured(self, file: str, asset: Asset, data: bytes) -> PictureFile | FileFault:
        limit = self.newsroom.limits.picture_pixels
        try:
            width, height, name = measure(data, limit)
            hull = Hull.of(data, name)
        except TooManyPixelsError:
            return FileFault(
                "picture-too-large",
                f"`{file}` has more than {limit:,} pixels",
                "save it smaller, or set `picture_pixels` under `limits` in `newsroom.yaml`",
            )
        except ValueError:
            return FileFault(
                "image-broken",
                f"`{file}` is damaged, or no picture",
                "save it again from a program that shows it",
            )
        suffix = PurePosixPath(file).suffix.lower().lstrip(".").replace("jpeg", "jpg")
        if FORMATS[name] != suffix:
            return FileFault(
                "image-broken",
                f"`{file}` is named like a {suffix.upper()} file but is {name}",
                f"rename it so that it ends with `.{FORMATS[name]}`",
            )
        published = replace(asset, size=hull.size_with(SILENT))
        return PictureFile(published, width, height, hull)

    def _find(
        self, file: str, suffixes: tuple[str, ...], wanted: str
    ) -> tuple[Asset, bytes] | FileFault:
        name = PurePosixPath(file).name
        if not name:
            advice = "write the name of a file beside the release"
            return FileFault("file-missing", "no file is named here", advice)
        if not name.lower().endswith(suffixes):
            return FileFault(
                "file-type",
                f"`{file}` is of a kind that cannot be published here",
                wanted,
            )
        try:
            return self._read(file, suffixes)
        except (OSError, ValueError, RuntimeError) as error:
            # A name too long or with U+0000 (ValueError), a circle of links (RuntimeError).
            reason = getattr(error, "strerror", None) or "no file can have this name"
            return FileFault("file-missing", f"`{file}` cannot be read: {reason}")

    def _read(self, file: str, suffixes: tuple[str, ...]) -> tuple[Asset, bytes] | FileFault:
        path = self.folder / file
        real = path.resolve()
        if PurePosixPath(file).is_absolute() or not real.is_relative_to(
            self.newsroom.releases.resolve()
        ):
            return FileFault(
                "file-outside",
                f"`{file}` lies outside the folder `releases`",
                "copy it beside the release and write its file name",
            )
        if not path.exists():
            return FileFault(
                "file-missing", f"there is no file `{file}`", self._advice(path, suffixes)
            )
        if (reason := unfit(path.name)) is not None:
            advice = "rename the file: letters, digits, spaces, hyphens and dots are safe"
            return FileFault("file-name", f"`{file}` cannot be published: {reason}", advice)
        is_picture = suffixes is PICTURE_SUFFIXES
        key = "picture_size" if is_picture else "attachment_size"
        limit: int = getattr(self.newsroom.limits, key)
        try:
            data = read_file(real, limit)
        except TooLargeError as error:
            return FileFault(
                "picture-too-large" if is_picture else "attachment-too-large",
                f"`{file}` has {error.size:,} bytes; {limit:,} are read at most",
                f"save it smaller, or set `{key}` under `limits` in `newsroom.yaml`",
            )
        where = real.relative_to(self.newsroom.root.resolve()).as_posix()
        return Asset(where, path.name, digest_of(data), len(data)), data

    def _advice(self, path: Path, suffixes: tuple[str, ...]) -> str:
        folder = path.parent
        names = (each.name for each in folder.iterdir()) if folder.is_dir() else iter(())
        beside = sorted(islice(names, NEIGHBOURS))
        likely = nearest(path.name, (name for name in beside if name.lower().endswith(suffixes)))
        return f"write `{likely}`" if likely else "put it into the folder of the release"
