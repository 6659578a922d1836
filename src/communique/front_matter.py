"""The keys at the top of a release file: one table for reading, the JSON Schema and the manual."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from communique.checks import CODES
from communique.values import (
    TEXT,
    AsList,
    Fields,
    Moment,
    OptionalMoment,
    OptionalText,
    Reader,
    Switch,
    Text,
    absent_if_empty,
    entries_like,
    web_address,
)


def _as_file(value: object) -> object:
    return {"file": value} if isinstance(value, str) else value


class ImageFields(Fields):
    """A photograph or drawing, beside the release's file."""

    file: Text = Field(description="The image's file: JPEG, PNG, WebP or GIF.")
    alt: OptionalText = Field(
        None, description="What it shows, for those who cannot see it; every image needs one."
    )
    caption: OptionalText = Field(None, description="The line under it.")
    credit: OptionalText = Field(None, description="Who took it.")
    rights: OptionalText = Field(None, description="What newspapers may do with it.")


class AttachmentFields(Fields):
    """A document offered beside the text."""

    file: Text = Field(description="The file, beside the release's.")
    title: OptionalText = Field(None, description="What it is; without it, its file name.")


class LinkFields(Fields):
    """A photo gallery, video or audio kept elsewhere."""

    kind: Literal["gallery", "video", "audio"] = Field(description="What it is.")
    url: Annotated[str, BeforeValidator(web_address)] = Field(description="Where it is.")
    title: OptionalText = Field(None, description="What it shows.")


class EventFields(Fields):
    """What an advisory announces."""

    what: OptionalText = Field(None, description="What takes place.")
    when: Moment = Field(description="When it begins, as in `2014-03-10 10:00`.")
    until: OptionalMoment = Field(None, description="When it ends.")
    where: OptionalText = Field(None, description="Where it takes place.")


class CorrectionFields(Fields):
    """What was put right after publication."""

    when: Moment = Field(description="When it was put right.")
    note: Text = Field(description="What was wrong, and what is right.")


class WithdrawnFields(Fields):
    """That the release was taken back."""

    when: Moment = Field(description="When it was taken back.")
    reason: Text = Field(description="Why; this is published.")


class FrontMatter(Fields):
    """The keys at the top of a release file."""

    reference: Text = Field(description="The reference number, as in `E-502/14`.")
    title: Text = Field(description="The headline.")
    date: Moment = Field(
        description="The date of the release. One in the future, or one with a time, is when it "
        "becomes public."
    )
    language: OptionalText = Field(
        None, description="Only where the series serves several languages: this one's."
    )
    subtitle: OptionalText = Field(None, description="A second line under the headline.")
    summary: OptionalText = Field(
        None, description="One or two sentences for lists, feeds and previews."
    )
    place: OptionalText = Field(None, description="The place in the dateline.")
    embargo: Moment | None = Field(
        None,
        description="Nothing is published before: `2014-11-18 10:00 America/Bogota`. Without a "
        "zone, the newsroom's.",
    )
    topics: Annotated[list[Text], AsList] = Field([], description="Topics of `newsroom.yaml`.")
    countries: Annotated[list[Text], AsList] = Field(
        [], description="Countries concerned, by their ISO 3166 codes: `CO`."
    )
    contacts: Annotated[list[Text], AsList] = Field(
        [], description="Contacts of `newsroom.yaml`; without any, its default contacts."
    )
    images: Annotated[list[Annotated[ImageFields, Reader(_as_file, (TEXT,))]], AsList] = Field(
        [], description="Photographs: `file`, `alt`, `caption`, `credit`, `rights`."
    )
    attachments: Annotated[list[Annotated[AttachmentFields, Reader(_as_file, (TEXT,))]], AsList] = (
        Field([], description="Documents: `file`, `title`.")
    )
    links: Annotated[list[LinkFields], AsList] = Field(
        [], description="Galleries, videos and audio elsewhere: `kind`, `url`, `title`."
    )
    event: Annotated[EventFields | None, BeforeValidator(absent_if_empty)] = Field(
        None, description="For an advisory: `what`, `when`, `until`, `where`."
    )
    related: Annotated[list[Text], AsList] = Field(
        [], description="References of releases on the same matter."
    )
    aliases: Annotated[list[Text], AsList] = Field(
        [],
        description="Older addresses of the release, below the newsroom's: `2014/quay.html`. They "
        "lead to it.",
    )
    corrections: Annotated[list[CorrectionFields], AsList] = Field(
        [], description="What was put right after publication: `when`, `note`."
    )
    withdrawn: Annotated[WithdrawnFields | None, BeforeValidator(absent_if_empty)] = Field(
        None, description="That the release was taken back: `when`, `reason`."
    )
    silence: Annotated[dict[Text, Text], entries_like('doubled-word: "the song is called so"')] = (
        Field(
            {},
            description="Checks that are to say nothing of this release, each with the reason: "
            "`doubled-word: the song is called so`.",
            json_schema_extra={"propertyNames": {"enum": [*CODES]}},
        )
    )
    import_notes: Annotated[list[Text], AsList] = Field(
        [],
        description="What `communique import` was not sure of; `check` repeats each until you "
        "delete it.",
    )
    draft: Switch = Field(False, description="`yes` keeps the release unpublished.")
