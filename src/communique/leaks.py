"""The last look at what is about to be published: no word of what is not public may be in it.

What comes in: a finished file. What goes out: a diagnostic if it shows something of a release that
is a draft, under embargo, scheduled or withdrawn. Nothing here trusts the edition: what is public
is told from the cards alone, so that a fault on the way of a release is found at its end.

A secret is searched for by its reference, the names and bytes of its files, its title, and every
`WINDOW` words in a row of its text. What the public may read elsewhere, in another release, in the
look or in `newsroom.yaml`, is no secret: a paragraph that an office puts under each release must
not stop the next one.
"""

from __future__ import annotations

import datetime as dt
import gzip
import html
import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import cached_property
from io import BytesIO
from itertools import chain
from urllib.parse import unquote
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from babel.core import Locale

from communique.addresses import short_addresses
from communique.cards import Card
from communique.catalogue import Catalogue
from communique.diagnostics import Diagnostic
from communique.digest import digest_of
from communique.instants import Microseconds, microseconds
from communique.layouts import Layouts
from communique.moments import start_of
from communique.newsroom import Newsroom
from communique.picture_metadata import said_in
from communique.pictures import form_of
from communique.release import Image, Release
from communique.site import sites_of

WINDOW = 5
"""How many words in a row are a secret's own."""
TITLE_WORDS = 2
"""From so many words on, a title is searched for as a whole."""
TELLING = 4
"""From so many bytes on, a word tells something."""
TELLING_WORDS = 2
"""How many such words a window must have: rows of figures and dates are nobody's own."""
APART = bytes(
    byte if byte > 127 or chr(byte).isalnum() or byte == 45 else 32 for byte in range(256)
)
"""Turns all of ASCII but letters, digits and the hyphen into spaces."""
TEXTS = (
    *("_redirects", ".map", ".conf", ".html", ".xml", ".txt", ".json", ".css", ".svg", ".csv"),
    *(".ics", ".opml"),
)
INDEXED = (".pf_fragment", ".pf_filter", ".pf_meta")
"""What the search has of a release's text, compressed."""

PDF = ".pdf"
WITHIN_A_LINE = re.compile(
    r"</?(?:abbr|b|cite|code|em|i|mark|q|s|small|strong|sub|sup|time|u)>|</(?:a|span)>"
)
"""Tags that stand within a sentence, or a word."""

Run = bytes
"""Words in a row, in small letters, with a space on either side of each."""


class Lookout:
    """Looks for secrets of one instant; without any, a look costs nothing."""

    def __init__(self, catalogue: Catalogue, layouts: Layouts, instant: dt.datetime) -> None:
        """Gather what is not public at `instant`."""
        self._catalogue = catalogue
        self._layouts = layouts
        self._moment = microseconds(instant)
        self._zone = catalogue.newsroom.time_zone
        self._secrets: defaultdict[bytes, dict[Run, Card]] = defaultdict(dict)
        """By the longest word of each, without which a file needs no second look."""
        self._clean: set[str] = set()
        """Digests of PDFs in which there was nothing: packs hold them again."""
        for card in (*catalogue.cards, *catalogue.spare):
            if _hides_something(card, self._moment):
                self._keep_in_mind(card)

    def find(self, path: str, data: bytes) -> Diagnostic | None:
        """Return what is wrong with a file that is to be published as `path`, if anything is.

        Diagnostics: `embargo-broken`.
        """
        if not self._secrets:
            return None
        texts = _texts_of(path, data, self._clean)
        found = {run for text in texts for run in self._secrets_in(_words(text))}
        if not found:
            if path.endswith(PDF):
                self._clean.add(digest_of(data))
            return None
        for run in sorted(found - self._forgiven(found, path)):
            return self._report(path, run, self._secrets[_longest(run)][run])
        return None

    def _secrets_in(self, words: Sequence[bytes]) -> Iterator[Run]:
        if self._secrets.keys().isdisjoint(words):
            return
        line = _run_of(words)
        for word in self._secrets.keys() & set(words):
            yield from (run for run in self._secrets[word] if run in line)

    def _keep_in_mind(self, card: Card) -> None:
        release = self._catalogue.open(card.path)
        runs = [_run_of(_words(name)) for name in self._names(release, card, secret=True)]
        for text in self._texts(release, card, secret=True):
            runs.extend(_windows(_words(text)))
        title = _words(release.title)
        if len(title) >= TITLE_WORDS and not self._shows_title(card):
            runs.append(_run_of(title))
        for run in filter(bytes.strip, runs):
            self._secrets[_longest(run)][run] = card

    def _forgiven(self, found: set[Run], path: str) -> set[Run]:
        """Return those of some secrets that the public may read elsewhere, and forget them.

        The release that the file belongs to is asked first, then the look, then all others.
        """
        forgiven: set[Run] = set()
        cards = [card for card in self._catalogue.cards if not self._is_hidden(card)]
        cards.sort(key=lambda card: (path.startswith(card.address), card.public_from), reverse=True)
        said = chain(
            map(self._said_by, cards[:1]), [self._said_anyway], map(self._said_by, cards[1:])
        )
        while forgiven < found and (line := next(said, None)) is not None:
            forgiven.update(run for run in found if run in line)
        for run in forgiven:
            del self._secrets[_longest(run)][run]
        return forgiven

    def _said_by(self, card: Card) -> bytes:
        """Return all that the public may read of a release, and what that names."""
        release = self._catalogue.open(card.path)
        texts = self._texts(release, card, secret=False)
        names = self._names(release, card, secret=False)
        return b"|".join(_run_of(_words(text)) for text in (*texts, *names))

    @cached_property
    def _said_anyway(self) -> bytes:
        """What any page may say: the words of the newsroom and of the look."""
        texts = _texts_of_the_look(self._catalogue.newsroom, self._layouts)
        return b"|".join(_run_of(_words(text)) for text in texts)

    def _texts(self, release: Release, card: Card, *, secret: bool) -> Iterator[str]:
        """Yield those texts of a release that are secret, or those that are not."""
        hidden, withdrawn = self._is_hidden(card), self._is_withdrawn(card)
        if (hidden or withdrawn) is secret:
            yield from _own_texts(release)
        for correction in release.corrections:
            lies_ahead = microseconds(start_of(correction.when, self._zone)) > self._moment
            if (hidden or withdrawn or lies_ahead) is secret:
                yield correction.note
        if release.withdrawn is not None and (hidden or not withdrawn) is secret:
            yield release.withdrawn.reason

    def _names(self, release: Release, card: Card, *, secret: bool) -> Iterator[str]:
        """Yield reference, slug, and addresses and digests of files, if secret or if not.

        A reference of digits alone is none to look for: any number might be it.
        """
        hidden = self._is_hidden(card)
        if hidden is secret and any(map(str.isalpha, card.reference)):
            yield from (card.reference, card.slug, *short_addresses(card.slug, card.address))
        if hidden is secret:
            yield from filter(None, map(_telling, card.aliases)) if secret else card.aliases
        if (hidden or self._is_withdrawn(card)) is secret:
            files = [image.asset for image in _images(release)]
            files += (attachment.asset for attachment in release.attachments)
            for file in files:
                yield from (card.address + file.name, file.digest)
        if not secret:
            yield from (each.reference for each in (*release.related, *release.body.mentions))

    def _shows_title(self, card: Card) -> bool:
        return not self._is_hidden(card) and not self._is_withdrawn(card)

    def _is_hidden(self, card: Card) -> bool:
        return card.draft or card.public_from > self._moment

    def _is_withdrawn(self, card: Card) -> bool:
        return card.withdrawn is not None and card.withdrawn <= self._moment

    def _report(self, path: str, run: Run, card: Card) -> Diagnostic:
        shown = run.strip().decode(errors="replace")
        return Diagnostic(
            "embargo-broken",
            f"`build/{path}` would show `{shown}` of `{card.reference}`, which is not public",
            self._catalogue.open(card.path).span,
            help="nothing of it was published; look for these words in the layouts, "
            "and tell whoever looks after this program",
        )


def _hides_something(card: Card, moment: Microseconds) -> bool:
    """Tell whether there is anything in a release that the public may not see at `moment`."""
    if card.draft or card.public_from > moment or card.withdrawn is not None:
        return True
    return any(each > moment for each in card.corrections)


def _texts_of_the_look(newsroom: Newsroom, layouts: Layouts) -> Iterator[str]:
    """Yield the texts that any page may show, phrases also with their gaps filled in."""
    yield repr(newsroom)
    for name, file in layouts.files.items():
        if name.endswith((".j2", ".yaml", *TEXTS)):
            yield file.data.decode("utf-8", "replace")
    for language, site in sites_of(newsroom).items():
        phrases = layouts.phrases[language]
        gaps = defaultdict(str, organization=site.organization, newsroom=str(phrases["newsroom"]))
        names = [topic.in_language(language) for topic in newsroom.topics.values()]
        countries = Locale.parse(language, sep="-").territories.values()
        yield from countries
        for words in filter(lambda each: isinstance(each, str), phrases.values()):
            yield str(words).format_map(gaps)
            if "{topic}" in str(words):
                yield from (str(words).format_map({**gaps, "topic": name}) for name in names)
            if "{country}" in str(words):
                yield from (str(words).format_map({**gaps, "country": name}) for name in countries)


def _own_texts(release: Release) -> Iterator[str]:
    body = release.body
    texts = [release.title, release.subtitle, release.summary, body.text, body.lead, release.place]
    for image in _images(release):
        texts += (image.alt, image.caption, image.credit, image.rights)
    texts += (attachment.title for attachment in release.attachments)
    texts += (link.title for link in release.links)
    if release.event is not None:
        texts += (release.event.what, release.event.where)
    yield from filter(None, texts)


def _telling(alias: str) -> str:
    """Return an older address if it is one's own: some could be words of any text."""
    words = _words(unquote(alias))
    has_digits = any(re.search(rb"[0-9]", word) and len(word) >= TELLING for word in words)
    return unquote(alias) if has_digits or len(words) > TITLE_WORDS else ""


def _images(release: Release) -> tuple[Image, ...]:
    return (*release.images, *release.body.images)


def _texts_of(path: str, data: bytes, clean: Container[str]) -> Iterator[str]:
    """Yield all that can be read in a file; of what is no text, its name and a digest.

    PDFs whose digest is one of `clean` were read before.
    """
    digest = digest_of(data)
    yield f"{path} {digest}"
    if path.endswith(PDF) and data.startswith(b"%PDF"):
        yield "" if digest in clean else _text_of_pdf(data)
    elif path.endswith(".zip"):
        yield from _texts_of_archive(data, clean)
    elif path.endswith(INDEXED):
        yield gzip.decompress(data).decode("utf-8", "replace").replace("\\n", " ")
    elif (form := form_of(path)) is not None:
        yield _text_of_picture(data, form)
    elif path.endswith(TEXTS):
        # Twice: in a feed, a release's HTML is the text of an element.
        text = html.unescape(html.unescape(_written_out(path, data.decode("utf-8", "replace"))))
        yield text
        yield WITHIN_A_LINE.sub("", text)


def _written_out(path: str, text: str) -> str:
    r"""Take back what a format does to words: iCalendar breaks lines, both write ``\n``."""
    if path.endswith(".ics"):
        text = text.replace("\r\n ", "")
    return text.replace("\\n", " ") if path.endswith((".ics", ".json")) else text


def _text_of_pdf(data: bytes) -> str:
    from pypdfium2 import PdfDocument  # only where a PDF is published and there is a secret

    with PdfDocument(BytesIO(data)) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
        return " ".join((*pages, *document.get_metadata_dict().values()))


def _texts_of_archive(data: bytes, clean: Container[str]) -> Iterator[str]:
    """Yield what can be read in the files of an archive; in none that is not ours, only its name.

    An office may offer one for download, whose files may be anything of any size.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            is_stored = all(each.compress_type == ZIP_STORED for each in entries)
            if not is_stored or sum(each.file_size for each in entries) > len(data):
                yield from archive.namelist()
                return
            for each in entries:
                yield from _texts_of(each.filename, archive.read(each), clean)
    except (BadZipFile, NotImplementedError, RuntimeError, ValueError):
        return  # no archive, or one that nobody can read


def _text_of_picture(data: bytes, form: str) -> str:
    """Return what a picture's file says beside its pixels."""
    try:
        return html.unescape(said_in(data, form).decode("utf-8", "replace"))
    except ValueError:
        return ""


def _words(text: str) -> list[bytes]:
    return text.casefold().encode("utf-8", "surrogatepass").translate(APART).split()


def _run_of(words: Iterable[bytes]) -> Run:
    return b" " + b" ".join(words) + b" "


def _windows(words: Sequence[bytes]) -> Iterator[Run]:
    for at in range(len(words) - WINDOW + 1):
        window = words[at : at + WINDOW]
        if sum(len(word) >= TELLING for word in window) >= TELLING_WORDS:
            yield _run_of(window)


def _longest(run: Run) -> bytes:
    return max(run.split(), key=len)
