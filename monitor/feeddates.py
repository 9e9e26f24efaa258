"""The dates of feeds and sitemaps: the two standard forms at once, all others by the general reader of dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from monitor.dates import UNKNOWN, Dated, parse_date
from monitor.dates.values import in_minute, on_day, plausible

_MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_ZONE = r"(z|gmt|utc?|(?:gmt|utc)?[+-]\d\d:?\d\d)?"
# RFC 822 and 2822 with the liberties taken: full names, hyphens, one-digit hours, a colon in the offset.
_RFC822 = re.compile(
    r"(?:[a-z]{3,9},?\s+)?(?P<day>\d{1,2})[\s-]+(?P<month>[a-z]{3})[a-z]{0,6}[\s-]+(?P<year>\d{4})"
    r"(?:\s+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d{1,9})?)?\s*(?P<zone>" + _ZONE + "))?",
    re.I,
)
# RFC 3339 and W3C-DTF, with a blank for the T.
_ISO8601 = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?:[T ]\s*(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?\s*(?P<zone>" + _ZONE + "))?",
    re.I,
)


def read_date(text: object, now: datetime, zone: tzinfo = UTC, languages: Sequence[str] = ()) -> Dated:
    """When the date ``text`` of a feed says something was published or changed.

    ``now`` is the aware time of reading; clocks that name no zone are taken to be in ``zone``. A date without a time
    has precision ``day``; one that cannot be read, is no text, is relative ("yesterday") or lies ahead of ``now`` is
    unknown. Never raises.
    """
    if not isinstance(text, str):
        return UNKNOWN
    text = text.strip()
    found = _ISO8601.fullmatch(text) or _RFC822.fullmatch(text)
    dated = _standard(found, zone) if found else None
    if dated is not None:
        return plausible(dated, now)
    dated = parse_date(text, languages, zone, now=now)
    # "Yesterday" counts from when the feed was written, which may be long ago: only what means the same on another
    # day is a date.
    return dated if dated == parse_date(text, languages, zone, now=now + timedelta(days=9)) else UNKNOWN


def _standard(found: re.Match[str], zone: tzinfo) -> Dated | None:
    month = found["month"].lower()
    number = _MONTHS.get(month) if month.isalpha() else int(month)
    try:
        day = date(int(found["year"]), number or 0, int(found["day"]))
        if found["hour"] is None:
            return on_day(day)
        moment = datetime(day.year, day.month, day.day, int(found["hour"]), int(found["minute"]), tzinfo=zone)
        moment += timedelta(seconds=min(int(found["second"] or 0), 59))
        named = _offset(found["zone"])
        return in_minute(moment if named is None else moment.replace(tzinfo=named))
    except (ValueError, OverflowError):
        return None


def _offset(name: str) -> tzinfo | None:
    if not name:
        return None
    sign = max(name.find("+"), name.find("-"))
    if sign < 0:
        return UTC
    digits = name[sign + 1 :].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(offset if name[sign] == "+" else -offset)
