"""Reading dates that count from the time of reading: two hours ago, yesterday, Sunday."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from monitor.dates.clocks import read_clock
from monitor.dates.values import Dated, in_minute, on_day
from monitor.dates.words import Piece, short_units

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
_MANY = 10  # pieces; more are a sentence


def read_relative(found: list[Piece], here: datetime) -> Dated | None:
    """The moment or day that ``found`` names relative to ``here``, the time of reading in the page's zone.

    Seconds, minutes and hours ago give a moment, days and weeks a day; months and years are too vague for either. A
    word such as "today" or a weekday counts only where nothing but a time of day stands beside it.
    """
    if not found or len(found) > _MANY:
        return None
    return _ago(found, here) or _named_day(found, here)


def _ago(found: list[Piece], here: datetime) -> Dated | None:
    for index, piece in enumerate(found):
        if "ago" not in piece.means:
            continue
        before, behind = found[:index], found[index + 1 :]
        for span in (_span(before[-2:]), _span(before[-1:]), _span(behind[:2]), _span(behind[:1])):
            if span:
                return _back(*span, here)
    return None


def _span(pair: list[Piece]) -> tuple[int, str] | None:
    """How many of which unit: a number or its word with a unit, or a word for two of it."""
    if len(pair) == 1 and "pair" in pair[0].means:
        return 2, pair[0].means["pair"]
    if len(pair) != 2:
        return None
    count, unit = pair
    number = count.number if count.number is not None else count.means.get("count")
    name = unit.means.get("unit") or (short_units().get(unit.text) if count.end == unit.start else None)
    return (number, name) if number is not None and name and number < 1000 else None


def _back(number: int, unit: str, here: datetime) -> Dated | None:
    if unit not in _SECONDS:
        return None
    moment = here - timedelta(seconds=number * _SECONDS[unit])
    return on_day(moment.date()) if unit in ("day", "week") else in_minute(moment)


def _named_day(found: list[Piece], here: datetime) -> Dated | None:
    words = [piece for piece in found if (piece.number is None and piece.text.isalpha()) or " " in piece.text]
    if len(words) == len(found) == 1 and "now" in words[0].means:
        return in_minute(here)
    days = [piece for piece in words if "days" in piece.means or "weekday" in piece.means]
    if len(days) != 1 or not all(_may_stand_beside(piece) for piece in words):
        return None
    means = days[0].means
    back = means["days"] if "days" in means else (here.weekday() - means["weekday"]) % 7
    day = here.date() - timedelta(days=back)
    zone = here.tzinfo or UTC
    clock = read_clock([piece for piece in found if piece is not days[0]], datetime.combine(day, time()), zone)
    if clock is None:
        return on_day(day) if all(piece.number is None for piece in found) else None
    return in_minute(datetime.combine(day, clock.time, clock.zone or zone))


def _may_stand_beside(piece: Piece) -> bool:
    return any(kind in piece.means for kind in ("days", "weekday", "glue", "half", "oclock", "published", "count"))
