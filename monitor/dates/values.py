"""A published date as read, and a place on a page or in a feed that claims to give one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from monitor.items import Precision

Source = Literal["feed", "jsonld", "meta", "time", "visible", "url"]

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
CLOCK_SKEW = timedelta(minutes=15)  # clocks of servers differ by so much
ZONES = timedelta(hours=14)  # the clocks of the world's zones differ from UTC by no more


@dataclass(frozen=True, slots=True)
class Dated:
    """When something was published: ``at`` (aware, UTC) is None exactly when ``precision`` is ``unknown``.

    ``day`` means that only the calendar day is known: ``at`` is then 00:00 UTC of the day as printed, a label and no
    instant, so that no conversion turns it into the day before.
    """

    at: datetime | None
    precision: Precision


UNKNOWN = Dated(None, "unknown")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A date that ``source`` gives a story: as ``text`` to be read, or as the moment ``at`` of known ``precision``."""

    source: Source
    text: str = ""
    at: datetime | None = None
    precision: Precision = "minute"


def on_day(day: date) -> Dated:
    """Only the calendar day is known."""
    return Dated(datetime.combine(day, time(), UTC), "day")


def in_minute(moment: datetime) -> Dated:
    """The aware ``moment`` is known; it keeps its zone until ``plausible`` has judged it."""
    return Dated(moment, "minute")


def plausible(dated: Dated, now: datetime) -> Dated:
    """``dated`` if it can be a published date at the time ``now``, else unknown; never ``now`` itself instead.

    Nothing was published before 1990, or on a day that has not begun anywhere: more than 14 hours ahead. A moment less
    far ahead is a clock in the wrong time zone: its day, as printed, is kept and its time dropped.
    """
    if dated.at is None or dated.precision == "unknown" or not EARLIEST <= dated.at <= now + ZONES:
        return UNKNOWN
    if dated.precision == "minute" and dated.at > now + CLOCK_SKEW:
        return on_day(dated.at.date())
    return replace(dated, at=dated.at.astimezone(UTC))
