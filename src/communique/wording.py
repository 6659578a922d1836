"""What templates may call: dates, times, sizes and addresses, put into a reader's words.

Jinja2 hands its context to those that need the site's language or address.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast
from urllib.parse import quote
from zoneinfo import ZoneInfo

import jinja2
from babel.core import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from jinja2.runtime import Context
from markupsafe import Markup

from communique.edition import PublicRelease
from communique.phrases import Phrases, phrase, phrase_group
from communique.release import SITE_ROOT, Event, Image
from communique.site import Site, autonym


@jinja2.pass_context
def link(context: Context, address: str) -> str:
    """Return a link for pages to an address below the newsroom's root."""
    return _site(context).root + _quoted(address)


@jinja2.pass_context
def absolute(context: Context, address: str) -> str:
    """Return the whole web address of an address below the newsroom's root."""
    return _site(context).url + _quoted(address)


@jinja2.pass_context
def web_html(context: Context, html: str) -> Markup:
    """Return a body's HTML for a page."""
    return Markup(html.replace(SITE_ROOT, _site(context).root))


@jinja2.pass_context
def in_widths(context: Context, shown: str, image: Image, address: str) -> Markup:
    """Return an ``<img>`` with what browsers may show instead: other formats, other widths.

    `address` is that of the picture's release. A picture is shown no larger than it is.
    """
    site = _site(context)
    sources = ""
    for form in site.picture_forms if image.widths else ():
        copies = ", ".join(
            f"{link(context, address + image.name_in(width, form))} {width}w"
            for width in image.widths
        )
        most = f"{image.web_width}px"
        sizes = f"(min-width: 60rem) min(42rem, {most}), min(92vw, {most})"
        sources += f'<source type="image/{form}" srcset="{copies}" sizes="{sizes}">'
    return Markup(f"<picture>{sources}{shown.strip()}</picture>" if sources else shown)


@jinja2.pass_context
def in_all_widths(context: Context, html: str, images: Sequence[Image], address: str) -> Markup:
    """Return a body's HTML for a page, as `web_html` does, its pictures as `in_widths` has them."""
    by_address = {f"{SITE_ROOT}{quote(address + image.web_name)}": image for image in images}

    def shown(match: re.Match[str]) -> str:
        image = by_address.get(match[1])
        return match[0] if image is None else in_widths(context, match[0], image, address)

    return web_html(context, OWN_PICTURE.sub(shown, html) if images else html)


@jinja2.pass_context
def absolute_html(context: Context, html: str) -> Markup:
    """Return a body's HTML for print and feeds, with absolute addresses."""
    return Markup(html.replace(SITE_ROOT, _site(context).url))


@jinja2.pass_context
def feed_html(context: Context, html: str, url: str) -> Markup:
    """Return a body's HTML for a feed: the links within it, to footnotes, are absolute as well.

    A quotation mark in an officer's text is written ``&quot;``, so only attributes match.
    """
    # Before it becomes markup, whose own `replace` would escape the quotation mark.
    return absolute_html(context, html.replace('href="#', f'href="{url}#'))


@jinja2.pass_context
def long_date(context: Context, moment: dt.date | dt.datetime) -> str:
    """Write a date in the site's language: ``November 18, 2014``."""
    return _date_in_words(context, moment, "long")


@jinja2.pass_context
def month_name(context: Context, day: dt.date) -> str:
    """Write a month in the site's language: ``March 2014``."""
    text = format_skeleton("yMMMM", day, locale=_locale(context))
    return text[:1].upper() + text[1:]


@jinja2.pass_context
def replacement(context: Context, release: PublicRelease) -> str:
    """Say when a release was last corrected, and which version this one takes the place of.

    ``Corrected on November 19, 2014, replaces the version of November 18``; on one and the same
    day, with the time of the correction if it has one.
    """
    phrases, zone = _phrases(context), ZoneInfo(_site(context).time_zone)
    *earlier, last = release.corrections
    when = last.when.astimezone(zone) if isinstance(last.when, dt.datetime) else last.when
    before = earlier[-1].when if earlier else release.published
    day, day_before = _day_of(when, zone), _day_of(before, zone)
    date = _day_in_words(context, day, "long")
    if day_before >= day:
        if isinstance(when, dt.datetime):
            words = phrase(phrases, "date_time")
            date = words.format(date=date, time=f"{when:%H:%M}", zone=_zone_name(when))
        return phrase(phrases, "replaces_same_day").format(date=date)
    style = "MMMMd" if day_before.year == day.year else "long"
    version = _day_in_words(context, day_before, style)
    return phrase(phrases, "replaces_version").format(date=date, earlier=version)


@jinja2.pass_context
def moment(context: Context, instant: dt.datetime) -> str:
    """Write an instant as that of an embargo is said, with weekday, zone and GMT.

    ``Thursday, March 5, 2026, 10:00 EST (15:00 GMT)``
    """
    return _moment_in_words(context, instant)


@jinja2.pass_context
def event_time(context: Context, event: Event) -> str:
    """Write when an event takes place, with weekday, zone and GMT.

    ``Monday, March 10, 2014, 10:00 EDT (14:00 GMT)``; a whole day has no time, and an event of
    several days has its first and its last.
    """
    begin, end = event.when, event.until
    words = _moment_in_words(context, begin)
    if end is None or end == begin:
        return words
    if isinstance(begin, dt.datetime) and isinstance(end, dt.datetime):
        local_end = end.astimezone(begin.tzinfo)
        if local_end.date() == begin.date():
            return _moment_in_words(context, begin, local_end)
    return phrase(_phrases(context), "when_range").format(
        start=words, end=_moment_in_words(context, end)
    )


def day_in_words(site: Site, phrases: Phrases, moment: dt.date | dt.datetime) -> str:
    """Write a date for a rendition that has no template: ``November 18, 2014``."""
    return _date_in_words(_context_of(site, phrases), moment, "long")


def event_in_words(site: Site, phrases: Phrases, event: Event) -> str:
    """Write when an event is for a rendition that has no template, as `event_time` does."""
    written: str = event_time(_context_of(site, phrases), event)
    return written


def moment_in_words(site: Site, phrases: Phrases, instant: dt.datetime) -> str:
    """Write an instant for a rendition that has no template, as `moment` does."""
    written: str = moment(_context_of(site, phrases), instant)
    return written


def time_in_words(site: Site, phrases: Phrases, instant: dt.datetime) -> str:
    """Write an instant in few words: ``March 5, 2026, 10:00 EST``."""
    day = day_in_words(site, phrases, instant)
    words = phrase(phrases, "date_time")
    return words.format(date=day, time=f"{instant:%H:%M}", zone=_zone_name(instant))


def _context_of(site: Site, phrases: Phrases) -> Context:
    return cast(Context, {"site": site, "phrases": phrases})


def iso(moment: dt.date | dt.datetime) -> str:
    """Write a date or an instant as machines read it (RFC 3339)."""
    if isinstance(moment, dt.datetime):
        return moment.isoformat(timespec="seconds")
    return moment.isoformat()


@jinja2.pass_context
def file_size(context: Context, size: int) -> str:
    """Write a number of bytes as people do: ``84 KB``."""
    phrases = _phrases(context)["sizes"]
    assert isinstance(phrases, Mapping)
    if size < 1000:
        return phrase(phrases, "bytes").format(number=size)
    if size < 999_500:  # what would be rounded to 1000 KB is 1.0 MB
        return phrase(phrases, "kilobytes").format(number=round(size / 1000))
    number = format_decimal(size / 1_000_000, "0.0", locale=_locale(context))
    return phrase(phrases, "megabytes").format(number=number)


@jinja2.pass_context
def counted(context: Context, number: int) -> str:
    """Write a number of releases: ``1 release``, ``1,204 releases``.

    The phrases have a form for each plural category of the language (CLDR) that differs from
    ``other``.
    """
    forms = phrase_group(_phrases(context), "releases_count")
    category = Locale.parse(_locale(context)).plural_form(number)
    form = phrase(forms, category if category in forms else "other")
    return form.format(number=format_decimal(number, locale=_locale(context)))


def phone_uri(number: str) -> str:
    """Write a telephone number as a link (RFC 3966): ``tel:+12025550140;ext=12``.

    A ``(0)`` after the country's code is dialled by nobody who dials the code.
    """
    main, _, extension = re.sub(r"(?<=\d)\s*\(0\)", "", number).lower().partition("x")
    digits = re.sub(r"[^0-9]", "", extension)
    uri = "tel:" + re.sub(r"[^+0-9]", "", main)
    return f"{uri};ext={digits}" if digits else uri


OWN_PICTURE = re.compile(rf'<img src="({SITE_ROOT}[^"]*)"[^>]*>')
"""A picture of the release in its body's HTML; in an attribute, ``>`` is written ``&gt;``."""
MINUS = "\u2212"
FUNCTIONS: dict[str, Callable[..., Any]] = {"link": link, "absolute": absolute}
FILTERS: dict[str, Callable[..., Any]] = {
    "web_html": web_html,
    "in_widths": in_widths,
    "in_all_widths": in_all_widths,
    "print_html": absolute_html,
    "feed_html": feed_html,
    "long_date": long_date,
    "month_name": month_name,
    "event_time": event_time,
    "moment": moment,
    "replacement": replacement,
    "iso": iso,
    "file_size": file_size,
    "counted": counted,
    "phone_uri": phone_uri,
    "language_name": autonym,
}


def _site(context: Context) -> Site:
    site = context["site"]
    assert isinstance(site, Site)
    return site


def _phrases(context: Context) -> Phrases:
    phrases: Phrases = context["phrases"]
    return phrases


def _locale(context: Context) -> str:
    return _site(context).language.replace("-", "_")


def _date_in_words(context: Context, moment: dt.date | dt.datetime, style: str) -> str:
    if isinstance(moment, dt.datetime):
        moment = _day_of(moment, ZoneInfo(_site(context).time_zone))
    return _day_in_words(context, moment, style)


def _day_of(moment: dt.date | dt.datetime, zone: dt.tzinfo) -> dt.date:
    return moment.astimezone(zone).date() if isinstance(moment, dt.datetime) else moment


# Every page shows the same addresses in its head and foot, and lists the same days over and over.
_quoted = lru_cache(maxsize=4096)(quote)
_formatted = lru_cache(maxsize=4096)(format_date)


def _day_in_words(context: Context, day: dt.date, style: str) -> str:
    if style in ("full", "long"):
        text = _formatted(day, style, locale=_locale(context))
    else:
        text = format_skeleton(style, day, locale=_locale(context))
    first = _phrases(context).get("first_of_month")
    if day.day == 1 and isinstance(first, str):
        # French and Portuguese write the first of a month as an ordinal; CLDR does not.
        text = re.sub(r"\b1\b", first, text, count=1)
    return text


def _moment_in_words(
    context: Context, moment: dt.date | dt.datetime, until: dt.datetime | None = None
) -> str:
    if not isinstance(moment, dt.datetime):
        return _day_in_words(context, moment, "full")
    times = [moment, *([until] if until else [])]
    greenwich = [each.astimezone(dt.UTC) for each in times]
    gmt = "–".join(f"{each:%H:%M}" for each in greenwich)
    if greenwich[0].date() != moment.date():
        gmt = f"{_day_in_words(context, greenwich[0].date(), 'long')}, {gmt}"
    zone = _zone_name(moment)
    return phrase(_phrases(context), "date_time").format(
        date=_day_in_words(context, moment.date(), "full"),
        time="–".join(f"{each:%H:%M}" for each in times),
        zone=f"{zone} ({gmt} GMT)" if zone != "GMT" else zone,
    )


def _zone_name(moment: dt.datetime) -> str:
    """Return a zone's common abbreviation; where it has none, its distance from GMT."""
    name = moment.tzname() or ""
    if name.isalpha():
        return "GMT" if name == "UTC" else name
    offset = moment.strftime("%z")
    return f"GMT{offset[0].replace('-', MINUS)}{int(offset[1:3])}" + (
        f":{offset[3:]}" if offset[3:5] != "00" else ""
    )
