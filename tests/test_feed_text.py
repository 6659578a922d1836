"""Whatever a release says, its feed is well-formed, and says all of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from communique.edition import Contact, Topic
from communique.holdings import read_furnishings
from communique.release import Body
from communique.rendering import Workbench
from communique.renditions.channels import Channel, FeedSubject
from communique.renditions.rss import render
from communique.site import Site, sites_of
from tests.office import Office
from tests.test_print_layout import RELEASE

ROUNDS = 60
HOSTILE = [
    "]]>",
    "<![CDATA[ ]]> &amp; &#0; &lt;/title&gt; </title></item>",
    "<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>&y;",
    "\0 \x01 \x08 \x0b \x1f \x7f \x85 \x9f",
    "\ufffe \uffff \ufdd0 \U0001fffe \U0010ffff",
    "\ud800 \udfff \udc80",
    "👩‍🚀 🇨🇴 🖖🏿",
    "\u202eيمين إلى يسار\u202c שלום \u2066x\u2069 \u200b\u200f",
    "a\rb\nc\td\u2028e",
    "very long " * 20_000,
]
TEXTS = st.text(st.characters(codec=None), min_size=1, max_size=40) | st.sampled_from(HOSTILE)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workbench, Site]:
    office = Office.open(tmp_path_factory.mktemp("office"))
    furnishings = read_furnishings(office.folder).value
    assert furnishings is not None
    return Workbench(furnishings.layouts), sites_of(furnishings.newsroom)["en"]


def feed_of(desk: tuple[Workbench, Site], text: str, other: str) -> bytes:
    """Return the feed of a release that says two texts wherever it can."""
    bench, site = desk
    release = replace(
        RELEASE,
        title=text,
        subtitle=other,
        summary=text,
        place=other,
        body=Body(html="<p>First words.</p>", print_html=""),
        topics=(Topic("quays", other),),
        contacts=(Contact(text, other, text, other, text),),
        images=(),
        attachments=(),
        links=(),
    )
    site = replace(site, organization=other)
    subject = FeedSubject(site, Channel("en/", Topic("quays", text)), (release,), False)
    return bench.make(render, subject, {}, {})


def as_xml(text: str) -> str:
    """Return a text in which nothing is left that XML 1.0 §2.2 has no place for."""
    return "".join(
        each
        if each in "\t\n\r"
        or " " <= each <= "\ud7ff"
        or "\ue000" <= each <= "\ufffd"
        or each > "\uffff"
        else "\ufffd"
        for each in text
    )


@given(text=TEXTS, other=TEXTS)
@settings(max_examples=ROUNDS, deadline=None)
def test_feed_is_well_formed_and_complete_whatever_a_release_says(
    desk: tuple[Workbench, Site], text: str, other: str
) -> None:
    data = feed_of(desk, text, other)

    ElementTree.fromstring(data)
    strict: Any = etree.fromstring(data, etree.XMLParser(resolve_entities=False, huge_tree=True))
    (item,) = strict.findall("channel/item")
    assert item.findtext("title") == as_xml(text)
    assert item.findtext("category") == as_xml(other)
    assert item.findtext("guid") == RELEASE.guid


@pytest.mark.parametrize("text", HOSTILE)
def test_feed_reader_takes_a_hostile_text(desk: tuple[Workbench, Site], text: str) -> None:
    feed = feedparser.parse(feed_of(desk, text, text))

    assert feed.bozo is False, feed.get("bozo_exception")
    assert [entry.guid for entry in feed.entries] == [RELEASE.guid]


def test_control_characters_that_yaml_spells_out_break_no_feed(tmp_path: Path) -> None:
    office = Office.open(tmp_path)
    escapes = (r"\0", r"\x01", r"\b", r"\uFFFE", r"\uFFFF", r"\e", r"\x9f")
    for number, escape in enumerate(escapes, 1):
        office.write_release(f"E-{number:03}/26", f'title: "Toll {escape} lowered"')

    report = office.build()

    # Either a diagnostic names each of them, or the feed holds all.
    if report.diagnostics:
        assert len(report.diagnostics) == len(escapes)
    else:
        feed = etree.fromstring((office.folder.build / "en/feed.xml").read_bytes())
        assert len(feed.findall("channel/item")) == len(escapes)
