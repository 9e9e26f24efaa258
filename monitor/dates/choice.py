"""Choosing the published date among what a page, its address and a feed say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, tzinfo
from typing import NamedTuple

from monitor.dates.reading import read_date
from monitor.dates.values import UNKNOWN, ZONES, Candidate, Dated, on_day, plausible


class Reading(NamedTuple):
    """A date that one source gives, and the calendar days that a reader may have called it."""

    source: str
    dated: Dated
    days: frozenset[date]


# The most trusted first. Sources of one family say one thing twice: they do not confirm each other.
_TRUST = ("jsonld", "meta", "time", "feed", "url", "visible")
_FAMILY = {"jsonld": "machine", "meta": "machine", "time": "shown", "visible": "shown", "feed": "feed", "url": "url"}


def choose_published(
    candidates: Iterable[Candidate], now: datetime, timezone: tzinfo = UTC, languages: Sequence[str] = ()
) -> Dated:
    """The published date that ``candidates`` give; unknown if none gives one that can be, never ``now`` instead.

    1. Each is read in ``timezone`` (the source's) with ``languages`` (the page's). What cannot be read, lies before
       1990 or more than 14 hours after ``now`` counts for nothing. A moment of exactly midnight is a day that was put
       into a field for moments; a moment less far ahead is a clock in the wrong zone: only its day is kept.
    2. Two families that agree on the day beat one that stands alone: the page's metadata (JSON-LD, meta), what it shows
       (``<time>``, visible text), the feed, the address. Moments agree up to the widest mistake of zones, 14 hours.
    3. Otherwise JSON-LD is believed before meta, ``<time>``, feed, address and visible text, in this order.
    4. Of the sources that agree with the one believed, a moment beats a day; of moments the most trusted one stays.
    """
    read = [reading for candidate in candidates if (reading := _read(candidate, now, timezone, languages))]
    if not read:
        return UNKNOWN
    read.sort(key=lambda reading: _TRUST.index(reading.source))
    believed = max(read, key=lambda one: len({_FAMILY[other.source] for other in read if _agree(one, other)}))
    if believed.dated.precision == "minute":
        return believed.dated
    moments = (other.dated for other in read if other.dated.precision == "minute" and _agree(believed, other))
    return next(moments, believed.dated)


def _read(candidate: Candidate, now: datetime, zone: tzinfo, languages: Sequence[str]) -> Reading | None:
    if candidate.at is None:
        dated = read_date(candidate.text, languages, zone, now)
    else:
        dated = Dated(candidate.at, candidate.precision)
    if dated.at is None or plausible(dated, now).at is None:
        return None
    at, days = dated.at, frozenset({dated.at.date()})
    if dated.precision == "minute":
        midnight = _midnight(at, zone)
        if midnight:
            dated, days = on_day(midnight), frozenset({midnight})
        else:
            days |= {at.astimezone(zone).date(), at.astimezone(UTC).date()}
    judged = plausible(dated, now)
    return Reading(candidate.source, judged, days) if judged.at else None


def _midnight(moment: datetime, zone: tzinfo) -> date | None:
    """The day whose midnight ``moment`` is, in the zone it came in, in the source's or in UTC."""
    for local in (moment, moment.astimezone(zone), moment.astimezone(UTC)):
        if local.time() == time():
            return local.date()
    return None


def _agree(one: Reading, other: Reading) -> bool:
    if one.days & other.days:
        return True
    a, b = one.dated, other.dated
    both = a.precision == b.precision == "minute"
    return bool(both and a.at and b.at and abs(a.at - b.at) <= ZONES)
