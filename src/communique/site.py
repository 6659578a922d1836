"""The newsroom as a reader of one language meets it, around every release.

What comes in: the `Newsroom`. What goes out: a `Site` per language, for the templates.
"""

from __future__ import annotations

from dataclasses import dataclass

from babel.core import Locale

from communique.addresses import forms_of
from communique.newsroom import Localized, Newsroom


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """A language of the newsroom, named in itself."""

    language: str
    name: str
    home: str
    """The address of its front page, below the root."""

    @property
    def address(self) -> str:
        """Return the front page's address: it is a translation of the others."""
        return self.home


@dataclass(frozen=True, slots=True)
class SiteLink:
    """A link at the foot of every page."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Site:
    """Everything of the newsroom that a template may show, in one language."""

    language: str
    direction: str
    """``ltr`` or ``rtl``."""
    organization: str
    short_name: str
    organization_url: str | None
    address: str | None
    """Postal, on one line."""
    root: str
    """``/``, or the folder of the host that the newsroom lives in: ``/press/``."""
    url: str
    """Absolute, with a slash at the end."""
    home: str
    """The front page of this language, below the root: ``en/``."""
    feed: str
    """The feed of this language, below the root: ``en/feed.xml``."""
    languages: tuple[LanguageLink, ...]
    boilerplate: tuple[str, ...]
    """The paragraphs about the organization, plain text."""
    links: tuple[SiteLink, ...]
    notice: str | None
    paper: str
    """``A4`` or ``Letter``."""
    time_zone: str
    formats: tuple[str, ...] = ()
    """What is made beside pages, PDFs and RSS (`communique.newsroom.FORMATS`)."""
    hub: str | None = None
    """The WebSub hub that the feeds name."""
    picture_forms: tuple[str, ...] = ()
    """The formats in which pages offer pictures besides their own."""
    has_contacts: bool = False
    """Whether the front page names whom journalists can call."""
    references: str = ""
    """How reference numbers are written, for the search (`communique.addresses.forms_of`)."""

    @property
    def search(self) -> str:
        """Return the address of the page for searching, below the root."""
        return f"{self.home}search/"

    @property
    def search_index(self) -> str:
        """Return the folder of what is searched, below the root."""
        return f"{self.search}index/"

    @property
    def feeds_page(self) -> str:
        """Return the address of the page that lists all feeds, below the root."""
        return f"{self.home}feeds/"

    @property
    def opml(self) -> str:
        """Return the address of the list of all feeds for feed readers, below the root."""
        return f"{self.home}feeds.opml"

    @property
    def calendar(self) -> str:
        """Return the address of the calendar of events, below the root."""
        return f"{self.home}events.ics"

    @property
    def corrections(self) -> str:
        """Return the address of what was corrected and withdrawn, below the root."""
        return corrections_of(self.home)

    @property
    def corrections_feed(self) -> str:
        """Return the address of the feed of corrections, below the root."""
        return f"{self.corrections}feed.xml"


def sites_of(newsroom: Newsroom) -> dict[str, Site]:
    """Return the newsroom's `Site` for each of its languages, in their order."""
    languages = tuple(
        LanguageLink(language, autonym(language), home_of(language))
        for language in newsroom.languages
    )
    return {language: _site(newsroom, language, languages) for language in newsroom.languages}


def autonym(language: str) -> str:
    """Return a language's name in itself, as in ``Español``."""
    locale = Locale.parse(language, sep="-")
    name = locale.get_display_name(locale) or language
    return name[:1].upper() + name[1:]


def home_of(language: str) -> str:
    """Return the address of a language's front page, below the root."""
    return f"{language}/"


def corrections_of(home: str) -> str:
    """Return the address of a language's corrections; `home` is that of its front page."""
    return f"{home}corrections/"


def _site(newsroom: Newsroom, language: str, languages: tuple[LanguageLink, ...]) -> Site:
    def local(text: Localized | None) -> str | None:
        return text.in_language(language) if text else None

    organization = newsroom.organization
    boilerplate = local(newsroom.boilerplate) or ""
    rtl = Locale.parse(language, sep="-").character_order == "right-to-left"
    return Site(
        language=language,
        direction="rtl" if rtl else "ltr",
        organization=organization.name.in_language(language),
        short_name=organization.short_name.in_language(language),
        organization_url=organization.url,
        address=local(organization.address),
        root=newsroom.root,
        url=newsroom.url,
        home=home_of(language),
        feed=f"{home_of(language)}feed.xml",
        languages=languages,
        boilerplate=tuple(
            " ".join(paragraph.split())
            for paragraph in boilerplate.split("\n\n")
            if paragraph.strip()
        ),
        links=tuple(
            SiteLink(link.label.in_language(language), link.url) for link in newsroom.links
        ),
        notice=local(newsroom.notice),
        paper=newsroom.paper,
        time_zone=str(newsroom.time_zone),
        formats=newsroom.formats,
        hub=newsroom.hub,
        has_contacts=bool(newsroom.default_contacts),
        references=forms_of(newsroom) if "search" in newsroom.formats else "",
    )
