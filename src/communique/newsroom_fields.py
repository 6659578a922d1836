"""The keys of `newsroom.yaml`: one table for reading, the JSON Schema and the manual."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from babel.core import Locale, UnknownLocaleError
from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema

from communique.checks import CODES
from communique.faults import fault, shape_of
from communique.limits import HIGHEST, LIMITS
from communique.moments import read_moment, read_time_zone
from communique.newsroom import FORMATS, ON_REQUEST, USUAL_FORMATS, Format
from communique.reference import DEFAULT_PATTERN, ReferencePattern
from communique.values import (
    DOMAIN,
    TEXT,
    AsList,
    Fields,
    OptionalText,
    Paragraphs,
    Reader,
    Switch,
    Text,
    absent_if_empty,
    entries_like,
    fault_of_address,
    mail_address,
    web_address,
)


def _by_language(value: object) -> object:
    return value if isinstance(value, dict) else {"": value}


def _folder_address(value: object) -> object:
    text = web_address(value)
    if "?" in text or "#" in text:
        raise fault(
            "url-malformed",
            f"`{text}` is one page's address: pages cannot lie below it",
            "end it before the `?` or `#`",
        )
    return text


def _language_tag(value: object) -> object:
    text = value.strip() if isinstance(value, str) else ""
    try:
        proper = str(Locale.parse(text.replace("_", "-"), sep="-")).replace("_", "-")
    except (ValueError, UnknownLocaleError, TypeError):
        advice = "write a code such as `en` or `pt`"
        raise fault("unknown-language", f"`{text}` is not a language", advice) from None
    if text != proper and text.replace("_", "-").casefold() == proper.casefold():
        message = f"`{text}` is not written as languages are on the web"
        raise fault("unknown-language", message, f"write `{proper}`")
    return text


def _pattern(value: object) -> object:
    try:
        return ReferencePattern.of_template(value if isinstance(value, str) else "")
    except ValueError as error:
        raise fault(
            "reference-pattern", str(error), f'write a pattern such as "{DEFAULT_PATTERN}"'
        ) from None


def _series(value: object) -> object:
    return {"kind": value} if isinstance(value, str) else value


def _organization(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


def _limit(value: object, info: ValidationInfo) -> object:
    key = info.field_name or ""
    highest = getattr(HIGHEST, key)
    text = re.sub(r"(?<=[0-9])[ _,](?=[0-9])", "", value) if isinstance(value, str) else ""
    if not re.fullmatch(r"[0-9]{1,12}", text) or not 1 <= int(text) <= highest:
        shown = f"`{value}`" if isinstance(value, str) else shape_of(value)
        advice = f"write a number alone, as in `{getattr(LIMITS, key)}`"
        raise fault("limit-unknown", f"{shown} is no number from 1 to {highest:,}", advice)
    return int(text)


def _limit_field(key: str, description: str) -> Any:
    """Describe a limit, with what holds without it."""
    value = getattr(LIMITS, key)
    return Field(value, description=f"{description} Without it, {value:,}.")


_LOCALIZED_SCHEMA = WithJsonSchema(
    {
        "anyOf": [
            {"type": "string"},
            {"type": "object", "additionalProperties": {"type": "string"}},
        ]
    }
)
LocalText = Annotated[dict[str, Text], BeforeValidator(_by_language), _LOCALIZED_SCHEMA]
LocalParagraphs = Annotated[dict[str, Paragraphs], BeforeValidator(_by_language), _LOCALIZED_SCHEMA]
WebAddress = Annotated[str, BeforeValidator(web_address)]
FolderAddress = Annotated[str, BeforeValidator(_folder_address)]
LanguageTag = Annotated[str, BeforeValidator(_language_tag)]
TextSchema = WithJsonSchema(TEXT)


class OrganizationFields(Fields):
    """Who publishes."""

    name: LocalText = Field(description="The organization's full name.")
    short_name: LocalText | None = Field(None, description="Its abbreviation, as in `OAS`.")
    address: LocalText | None = Field(None, description="Its postal address, on one line.")
    url: WebAddress | None = Field(None, description="Its own website.")


class SeriesFields(Fields):
    """One run of numbers."""

    kind: Text = Field(description="`release`, `advisory`, or any kind that the phrases name.")
    language: OptionalText = Field(
        None,
        description="The language of the series; `all` if one number serves every language. "
        "Without it, the newsroom's first language.",
    )


class ContactFields(Fields):
    """Whom journalists call."""

    name: LocalText = Field(description="A person or an office.")
    role: LocalText | None = Field(None, description="Their function.")
    phone: OptionalText = Field(None, description="With the country's code: `+1-202-555-0140`.")
    email: OptionalText = Field(None, description="An e-mail address.")
    hours: LocalText | None = Field(None, description="When they can be reached.")


class LinkFields(Fields):
    """A link at the foot of every page."""

    label: LocalText = Field(description="What the link says.")
    url: WebAddress = Field(description="Where it leads.")


def _name(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


def _day(value: object) -> object:
    moment = read_moment(value, None) if value != "" else None
    return moment.date() if isinstance(moment, dt.datetime) else moment


Day = Annotated[
    Any, BeforeValidator(_day), WithJsonSchema({"anyOf": [{**TEXT, "examples": ["2014-11-18"]}]})
]


class NameFields(Fields):
    """How a name is spelt."""

    name: LocalText = Field(description="The name, as it is to be spelt.")
    title: LocalText | None = Field(None, description="What its bearer is called.")
    since: Day | None = Field(None, description="The first day on which the title is right.")
    until: Day | None = Field(None, description="The last.")


Limit = Annotated[
    int,
    BeforeValidator(_limit),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string"}]}),
]


class LimitsFields(Fields):
    """How much is read of anything."""

    release_size: Limit = _limit_field("release_size", "Bytes of a release's file.")
    keys_size: Limit = _limit_field("keys_size", "Characters of the keys at the top of a release.")
    paragraph: Limit = _limit_field(
        "paragraph", "Characters of one paragraph, heading, cell or line of code."
    )
    elements: Limit = _limit_field(
        "elements", "Paragraphs, items, cells, links and emphases of one text."
    )
    nesting: Limit = _limit_field(
        "nesting", "How many quotations, lists and emphases may stand within one another."
    )
    files: Limit = _limit_field("files", "Pictures and attachments that one release names.")
    picture_size: Limit = _limit_field("picture_size", "Bytes of a picture's file.")
    picture_pixels: Limit = _limit_field(
        "picture_pixels", "Width times height of a picture; reading it takes four bytes for each."
    )
    attachment_size: Limit = _limit_field("attachment_size", "Bytes of an attachment.")


def _list_id(value: object) -> object:
    text = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(DOMAIN, text):
        advice = "write letters, digits and hyphens with dots between, as in `news.example.org`"
        raise fault("list-id-malformed", f"`{text}` cannot be the name of a mailing list", advice)
    return text


def _way_out(value: object) -> object:
    text = value.strip() if isinstance(value, str) else ""
    scheme, _, rest = text.partition(":")
    is_mail = scheme == "mailto" and fault_of_address(rest.partition("?")[0]) is None
    is_page = scheme == "https" and rest.startswith("//") and len(rest) > 2
    if not (is_mail or is_page) or not WAY_OUT.fullmatch(text):
        advice = (
            "write it like `mailto:press@example.org?subject=unsubscribe`, or like "
            "`https://www.example.org/leave?who={address}`"
        )
        raise fault("unsubscribe-malformed", f"`{text}` is no way to unsubscribe", advice)
    return text


def _whole_number(value: object, info: ValidationInfo) -> object:
    highest = {"port": 65_535}.get(info.field_name or "", 100_000)
    text = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= highest:
        shown = f"`{value}`" if isinstance(value, str) else shape_of(value)
        words = f"{shown} is no number from 1 to {highest:,}"
        raise fault("number-unknown", words, "write a number alone, as in `30`")
    return int(text)


WAY_OUT = re.compile(r"(?:[!-;=?-z~]|\{address\})+")
"""An address of the web or for mail in which nothing has to be escaped (RFC 3986)."""
WholeNumber = Annotated[
    int,
    BeforeValidator(_whole_number),
    WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string"}]}),
]
MailAddress = Annotated[str, BeforeValidator(mail_address)]


class MailFields(Fields):
    """How releases go out by mail."""

    sender: MailAddress = Field(description="The address that the messages come from.")
    sender_name: LocalText | None = Field(
        None, description="The name beside it; without one, the organization's."
    )
    reply_to: MailAddress | None = Field(None, description="Where answers go, if elsewhere.")
    list_id: Annotated[str, BeforeValidator(_list_id)] | None = Field(
        None,
        description="A lasting name of the list, by which readers sort: `news.press.example.org`. "
        "Without it, `releases` before the host of `url`.",
    )
    unsubscribe: Annotated[list[Annotated[str, BeforeValidator(_way_out)]], AsList] = Field(
        [],
        description="How somebody leaves the list: `mailto:…`, a page `https://…`, or both. "
        "`{address}` stands for the address of whoever gets the message.",
    )
    unsubscribed: OptionalText = Field(
        None, description="A file with the addresses that get nothing, whatever a list says."
    )
    host: OptionalText = Field(None, description="The mail server that takes the messages.")
    port: WholeNumber | None = Field(
        None, description="Its port. Without it, 587 for `starttls`, 465 for `tls`, 25 for `none`."
    )
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection is encrypted."
    )
    user: OptionalText = Field(
        None, description="Who you are to the server. The password is [never here](email.md)."
    )
    per_minute: WholeNumber | None = Field(
        None, description="How many messages go out in a minute at most."
    )


class NewsroomFields(Fields):
    """What holds for every release of the office."""

    organization: Annotated[OrganizationFields, Reader(_organization, (TEXT,))] = Field(
        description="Who publishes: a name, or `name`, `short_name`, `address` and `url`. "
        "Each text may be given per language."
    )
    url: FolderAddress = Field(description="The web address where the newsroom is published.")
    time_zone: Annotated[Any, BeforeValidator(read_time_zone), TextSchema] = Field(
        description="The office's time zone, as in `America/New_York`."
    )
    languages: Annotated[list[LanguageTag], AsList] = Field(
        min_length=1, description="The languages of the newsroom; the first is the default."
    )
    series: Annotated[
        dict[Text, Annotated[SeriesFields, Reader(_series, (TEXT,))]],
        entries_like("E: {kind: release, language: en}"),
    ] = Field(
        min_length=1,
        description="The letters of each run of numbers, with its kind and language.",
    )
    reference: Annotated[Any, BeforeValidator(_pattern), TextSchema] = Field(
        ReferencePattern.of_template(DEFAULT_PATTERN),
        description="How reference numbers are written: `{series}`, `{number:3}` (padded to three "
        "digits), `{year:2}` or `{year:4}`.",
        json_schema_extra={"default": DEFAULT_PATTERN},
    )
    topics: Annotated[dict[Text, LocalText], entries_like("elections: Elections")] = Field(
        {}, description="Subjects that readers can follow."
    )
    contacts: Annotated[
        dict[Text, ContactFields],
        entries_like("press: {name: Press Office, email: press@example.org}"),
    ] = Field({}, description="Whom journalists call.")
    default_contacts: Annotated[list[Text], AsList] | None = Field(
        None, description="Shown where a release names none; without it, the first contact."
    )
    boilerplate: LocalParagraphs | None = Field(
        None, description="The paragraph about the organization under every release."
    )
    links: Annotated[list[LinkFields], AsList] = Field(
        [], description="Links at the foot of every page."
    )
    notice: LocalText | None = Field(None, description="A line at the foot of each page and PDF.")
    paper: Literal["A4", "Letter"] = Field("A4", description="The paper of the PDFs.")
    limits: Annotated[LimitsFields | None, BeforeValidator(absent_if_empty)] = Field(
        None, description="How much is read of anything; what is larger is an error."
    )
    headers: Switch = Field(
        False,
        description="`yes` publishes `_headers`, the settings for Netlify and Cloudflare Pages.",
    )
    checks: Annotated[
        dict[Text, Literal["off", "note", "warning", "error"]], entries_like("doubled-word: off")
    ] = Field(
        {},
        description="What is made of what a [check](checks.md) finds: `off`, `note`, `warning` or "
        "`error`.",
        json_schema_extra={"propertyNames": {"enum": [*CODES]}},
    )
    legacy_addresses: Annotated[list[Text], AsList] = Field(
        [],
        description="Where an older site had its releases, below `url`: "
        "`press_release.asp?sCodigo={reference}`. They lead to the new pages, if `redirects` "
        "names your server.",
    )
    redirects: Annotated[list[Literal["netlify", "nginx", "apache", "pages"]], AsList] = Field(
        [],
        description="Publishes [other addresses](publishing.md#other-addresses) of the releases: "
        "as a file for a server, or as a page at each short address.",
    )
    unused_numbers: Annotated[list[Text], AsList] = Field(
        [], description="References that no release has and none will have: `E-101/26`."
    )
    formats: Annotated[list[Format], AsList] = Field(
        [*USUAL_FORMATS],
        description="What is made beside pages, PDFs and RSS: "
        f"{', '.join(f'`{name}` ({what})' for name, what in FORMATS.items())}. "
        f"Without it, all but {' and '.join(f'`{name}`' for name in ON_REQUEST)}.",
    )
    hub: WebAddress | None = Field(
        None,
        description="The address of a WebSub hub. The feeds name it, and it is told which of them "
        "changed, so that subscribers hear of a release at once.",
    )
    names: Annotated[list[Annotated[NameFields, Reader(_name, (TEXT,))]], AsList] = Field(
        [], description="How names are spelt, for the [checks](checks.md#names): a text, or keys."
    )
    pending_translations: Annotated[dict[Text, Day], entries_like("es: 2026-01-01")] = Field(
        {},
        description="Languages into which releases are translated, each with the first day: until "
        "there is one, the page of a release that is dated then or later says that its translation "
        "is in preparation.",
    )
    mail: Annotated[MailFields | None, BeforeValidator(absent_if_empty)] = Field(
        None, description="How releases [go out by mail](email.md)."
    )
    tag_authority: OptionalText = Field(
        None,
        description="The host name inside the feeds' identifiers. When the newsroom moves to "
        "another host, write the old one here, so that no feed reader shows old releases as new.",
    )
