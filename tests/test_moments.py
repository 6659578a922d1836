from __future__ import annotations

import datetime as dt
from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from communique.moments import read_moment, read_time_zone, start_of

NEW_YORK = ZoneInfo("America/New_York")
ZONES = (
    "America/New_York",
    "America/Bogota",
    "America/Sao_Paulo",
    "Europe/Lisbon",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Asia/Kathmandu",
    "Africa/Casablanca",  # sets its clocks back for Ramadan
    "Pacific/Apia",  # skipped the whole of 2011-12-30
    "UTC",
)
days = st.dates(dt.date(1900, 1, 1), dt.date(2037, 12, 31))
minutes = st.times().map(lambda time: time.replace(second=0, microsecond=0))
local_times = st.builds(dt.datetime.combine, days, minutes)


def fault_of(text: str) -> PydanticCustomError:
    with pytest.raises(PydanticCustomError) as caught:
        read_moment(text, NEW_YORK)
    return caught.value


@given(local=local_times, zone=st.sampled_from(ZONES))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_a_time_is_the_only_one_that_clocks_show_so_or_is_refused(
    local: dt.datetime, zone: str
) -> None:
    text = f"{local:%Y-%m-%d %H:%M} {zone}"
    # Every instant of three days around that a clock in the zone would show as this time.
    middle = local.replace(tzinfo=dt.UTC)
    around = (middle + dt.timedelta(minutes=minutes) for minutes in range(-1560, 1561, 30))
    offsets = {each.astimezone(ZoneInfo(zone)).utcoffset() or dt.timedelta() for each in around}
    shown = {
        middle - offset
        for offset in offsets
        if (middle - offset).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local
    }

    if len(shown) == 1:
        assert {start_of(read_moment(text, None), dt.UTC)} == shown
    else:
        code = (fault_of(text).context or {})["code"]
        assert code == ("time-repeated" if shown else "time-skipped")


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Lisbon", "Australia/Lord_Howe"])
def test_proposals_for_a_repeated_time_are_its_two_instants(zone: str) -> None:
    repeated = {
        "America/New_York": "2014-11-02 01:30",
        "Europe/Lisbon": "2014-10-26 01:30",
        "Australia/Lord_Howe": "2014-04-06 01:45",
    }[zone]
    advice = (fault_of(f"{repeated} {zone}").context or {})["advice"]

    first, second = (read_moment(each, None) for each in advice.split("`")[1::2])

    assert isinstance(first, dt.datetime)
    assert isinstance(second, dt.datetime)
    assert first < second
    assert {f"{each.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" for each in (first, second)} == {
        repeated
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2014-11-18", dt.date(2014, 11, 18)),
        ("2014-3-7", dt.date(2014, 3, 7)),
        ("2014-11-18 10:00", dt.datetime(2014, 11, 18, 10, tzinfo=NEW_YORK)),
        ("2014-11-18T10:00", dt.datetime(2014, 11, 18, 10, tzinfo=NEW_YORK)),
        ("2026-11-23T22:38:00.000Z", dt.datetime(2026, 11, 23, 22, 38, tzinfo=dt.UTC)),
        ("2026-11-23T23:10", dt.datetime(2026, 11, 23, 23, 10, tzinfo=NEW_YORK)),
        ("2014-11-18 10:00 America/Bogota", dt.datetime(2014, 11, 18, 15, tzinfo=dt.UTC)),
        ("2014-11-18 10:00 -05:00", dt.datetime(2014, 11, 18, 15, tzinfo=dt.UTC)),
        ("2014-11-18T10:00-0500", dt.datetime(2014, 11, 18, 15, tzinfo=dt.UTC)),
        ("2014-11-18 10:00 GMT+05:30", dt.datetime(2014, 11, 18, 4, 30, tzinfo=dt.UTC)),
        ("2014-11-18 10:00 utc", dt.datetime(2014, 11, 18, 10, tzinfo=dt.UTC)),
        ("2014-11-18  9:05:30 gmt", dt.datetime(2014, 11, 18, 9, 5, 30, tzinfo=dt.UTC)),
    ],
)
def test_dates_as_officers_and_their_programs_write_them(
    text: str, expected: dt.date | dt.datetime
) -> None:
    assert read_moment(text, NEW_YORK) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-value"),
        ("soon", "date-malformed"),
        ("2014-02-30", "date-impossible"),
        ("2014-13-01", "date-impossible"),
        ("2014-11-00", "date-impossible"),
        ("0000-01-01", "date-impossible"),
        ("9999-12-31 23:59 -12:00", "date-impossible"),
        ("2014-11-18 24:00", "date-impossible"),
        ("\u0662\u0660\u0661\u0664-11-18", "date-malformed"),
        ("2014-11-18 10:00 +25:00", "unknown-time-zone"),
        ("2014-11-18 10:00 -05:75", "unknown-time-zone"),
        ("2014-11-18 10:00 EST", "unknown-time-zone"),
        ("2014-11-18 10:00 america/bogota", "unknown-time-zone"),
        ("2014-11-18 10:00 America", "unknown-time-zone"),
        ("2014-11-18 10:00 ../../etc/passwd", "unknown-time-zone"),
        ("2014-11-18 10:00 posix/America/Bogota", "unknown-time-zone"),
    ],
)
def test_what_is_no_moment_is_refused(text: str, code: str) -> None:
    assert (fault_of(text).context or {})["code"] == code


@pytest.mark.parametrize("name", ["EST", "EDT", "CET", "BST", "est", "EST5EDT"])
def test_abbreviated_zone_gets_no_neighbour_proposed(name: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        read_time_zone(name)

    assert (caught.value.context or {})["advice"] == "write a place, as in `America/New_York`"


@pytest.mark.parametrize(
    ("written", "proposed"),
    [
        ("Bogotá", "America/Bogota"),
        ("america/bogota", "America/Bogota"),
        ("New York", "America/New_York"),
        ("America/New York", "America/New_York"),
        ("Europe/Lisboa", "Europe/Lisbon"),
    ],
)
def test_zone_is_proposed_as_the_database_writes_it(written: str, proposed: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        read_time_zone(written)

    assert (caught.value.context or {})["advice"] == f"write `{proposed}`"


@given(st.text(alphabet="0123456789-:T Z+./apmhAmericaNw_Yok", max_size=30))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_any_text_is_a_moment_or_explained(text: str) -> None:
    with suppress(PydanticCustomError):
        moment = read_moment(text, NEW_YORK)
        assert not isinstance(moment, dt.datetime) or moment.tzinfo is not None
