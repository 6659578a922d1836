"""Instants as numbers: quicker to keep and to compare than a `datetime`."""

from __future__ import annotations

import datetime as dt

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)
Microseconds = int
"""An instant, counted from 1970 in UTC."""


def microseconds(moment: dt.datetime) -> Microseconds:
    """Count an aware instant from 1970."""
    return (moment - EPOCH) // MICROSECOND


def instant_at(count: Microseconds, zone: dt.tzinfo) -> dt.datetime:
    """Return the instant that was counted, in `zone`."""
    return (EPOCH + count * MICROSECOND).astimezone(zone)
