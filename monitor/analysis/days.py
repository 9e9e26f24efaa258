"""The days a sentence names: by date, by weekday, or by words like "yesterday", each with where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.lexicon import Number, Word
from monitor.analysis.reading import Match, Reading
from monitor.analysis.roles import is_armed
from monitor.dates import parse_date

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# A day and its month stand no further apart than this, in characters; nor do two days of one night.
_NEAR, _NEAR_NIGHT = 12, 22
# Reports of an event come within days: an older date in a story is that of another event.
_OLDEST = timedelta(days=21)
_AGO = frozenset({"0", "-1", "-2", "-3"})
_DATELINE = re.compile(r"[^\n:]{2,60}?(?:\([^)\n]{0,40}\))?\s*[:—–-](?=\s)")
# Full dates stand above a story within so many characters, on a line of their own no longer than this.
_HEAD, _LINE = 400, 90
_DAY = timedelta(days=1)
# Where the year is not known, days are those of a leap year: a date without a year is read as one of the last months.
_SOME_DAY, _HALF_A_YEAR = date(2000, 12, 31), timedelta(days=184)


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is named, or some, from ``first`` to ``last``; ``kind`` is ``date``, ``weekday`` or ``relative``."""

    first: date
    last: date
    kind: str
    part: str
    start: int
    end: int


def days_of(reading: Reading, matches: Sequence[Match], published: date | None, *, loosely: bool = False) -> list[Day]:
    """The days a sentence names, in order; without ``published`` only full dates. A dateline's are left out.

    ``loosely``, other days are given as those of some year: weekdays, and dates without their year.
    """
    found = list(_dates(reading, matches, published, loosely=loosely))
    if loosely:
        found += _weekdays(reading, matches, _SOME_DAY)
        weekends = (match for match in matches if isinstance(match.entry, Word) and match.entry.side == "weekend")
        found += (replace(day, kind="weekday") for day in _relative(list(weekends), _SOME_DAY))
    elif published is not None:
        found += _weekdays(reading, matches, published)
        found += _relative(matches, published)
        found += _of_this_month(matches, published)
    head = dateline_end(reading, matches)
    return sorted((day for day in found if day.part == "title" or day.start >= head), key=lambda day: day.start)


def standing_date(reading: Reading) -> date | None:
    """The full date that stands by itself above the text, or in its dateline; None where there is none."""
    for matches in reading.by_sentence[:6]:
        head = dateline_end(reading, matches)
        for day in _dates(reading, matches, None):
            if day.part == "text" and day.start < _HEAD and (day.start < head or _is_alone(reading, matches, day)):
                return day.first
    return None


def _is_alone(reading: Reading, matches: Sequence[Match], day: Day) -> bool:
    """Whether a date stands on a short line that tells of nothing."""
    start = reading.text.rfind("\n", 0, day.start) + 1
    end = reading.text.find("\n", day.end)
    if end < 0 or end - start > _LINE:
        return False
    return not any(start <= match.start < end and match.kind in ("event", "outcome") for match in matches)


def dateline_end(reading: Reading, matches: Sequence[Match]) -> int:
    """Where the text begins behind its dateline (a place, often a date, then a dash or colon); 0 where it has none."""
    first = next((match for match in matches if match.part == "text"), None)
    if first is None or first.start > 60:
        return 0
    found = _DATELINE.match(reading.text)
    if found is None:
        return 0
    inside = [match for match in matches if match.part == "text" and match.start < found.end()]
    if any(match.kind in ("event", "outcome", "verb", "cue") for match in inside):
        return 0
    begins = reading.text[: found.end()].split(maxsplit=1)
    named = any(isinstance(match.entry, GazetteerPlace) for match in inside) or bool(begins and begins[0].isupper())
    return found.end() if named else 0


def _weekdays(reading: Reading, matches: Sequence[Match], published: date) -> Iterator[Day]:
    for match in matches:
        means = _means(match)
        if match.kind != "weekday" or means not in WEEKDAYS or _is_of_another(reading, matches, match):
            continue
        day = last_weekday(published, WEEKDAYS.index(means))
        night = _night(matches, match)
        # "the night of Friday" is the one before it to some and the one after it to others
        first = day - _DAY if night is not None and _is_eve(night, match) else day
        yield Day(first, day, "weekday", match.part, match.start, match.end)


def _is_of_another(reading: Reading, matches: Sequence[Match], day: Match) -> bool:
    """Whether a day is that of something else: "Monday's match", not "Monday's clash"."""
    text = reading.title if day.part == "title" else reading.text
    if text[day.end : day.end + 2] not in ("'s", "’s"):
        return False
    armed = (match for match in matches if is_armed(match) or match.kind == "outcome")
    return not any(match.part == day.part and 0 <= match.start - day.end <= _NEAR_NIGHT for match in armed)


def _night(matches: Sequence[Match], day: Match) -> Match | None:
    for match in matches:
        beside = match.part == day.part and gap(match.start, match.end, day.start, day.end) <= _NEAR_NIGHT
        if beside and match.kind == "relative_day" and _means(match) == "night_of":
            return match
    return None


def _is_eve(night: Match, day: Match) -> bool:
    word = night.entry
    if not isinstance(word, Word) or word.side != "eve":
        return False
    return word.language == "ps" or night.end <= day.start


def last_weekday(published: date, weekday: int) -> date:
    """The last such weekday up to the day of publication, or the day after it: clocks and time zones differ."""
    ago = (published.weekday() - weekday) % 7
    return published + _DAY if ago == 6 else published - timedelta(days=ago)


def _relative(matches: Sequence[Match], published: date) -> Iterator[Day]:
    for match in matches:
        word = match.entry
        if match.kind != "relative_day" or not isinstance(word, Word):
            continue
        span = _span(word, published)
        if span is not None:
            yield Day(*span, "relative", match.part, match.start, match.end)


def _span(word: Word, published: date) -> tuple[date, date] | None:
    """The days of a word like "yesterday"; None for a word that says no day, or counts from another day."""
    if word.means in _AGO and word.side != "told":
        first = published + timedelta(days=int(word.means))
        # a night goes on into the next day
        return first, first + _DAY if word.side == "night" else first
    if word.means == "range" and word.side.isdigit():
        return published - timedelta(days=int(word.side)), published
    if word.means == "range" and word.side == "weekend":
        saturday = published - timedelta(days=(published.weekday() - 5) % 7)
        return saturday, min(saturday + _DAY, max(published, saturday))
    return None


def _dates(
    reading: Reading, matches: Sequence[Match], published: date | None, *, loosely: bool = False
) -> Iterator[Day]:
    """The dates of a sentence that can be those of the event: with month and day, near the day of publication."""
    numbers = [match for match in matches if isinstance(match.entry, Number)]
    for month in (match for match in matches if match.kind == "month"):
        near = [n for n in numbers if n.part == month.part and gap(n.start, n.end, month.start, month.end) <= _NEAR]
        year = next((n for n in near if _value(n) > 1300), None)
        days = [n for n in near if 1 <= _value(n) <= 31]
        for day in _of_month(days, month):
            written = f"{_value(day)} {reading.words(month)}" + (f" {_value(year)}" if year is not None else "")
            if loosely and year is None:
                read = _read(written, reading.language, _SOME_DAY, False, _HALF_A_YEAR) or _read(
                    written, reading.language, _SOME_DAY - _HALF_A_YEAR, False, _HALF_A_YEAR
                )
            else:
                read = _read(written, reading.language, published, year is not None)
            if read is not None:
                span = [one for one in (day, month, year) if one is not None]
                start, end = min(one.start for one in span), max(one.end for one in span)
                yield Day(read, read, "date", month.part, start, end)


def _of_this_month(matches: Sequence[Match], published: date) -> Iterator[Day]:
    """The days told as "the 7th of this month"."""
    for month in matches:
        word = month.entry
        if month.kind != "relative_day" or not isinstance(word, Word) or (word.means, word.side) != ("month", "this"):
            continue
        for number in matches:
            beside = number.part == month.part and gap(number.start, number.end, month.start, month.end) <= _NEAR
            if beside and 1 <= _value(number) <= published.day:
                day = published.replace(day=_value(number))
                yield Day(day, day, "date", month.part, min(number.start, month.start), max(number.end, month.end))


def _of_month(days: Sequence[Match], month: Match) -> Sequence[Match]:
    """The numbers that are days of a month: up to two on one side of it."""
    before = [day for day in days if day.end <= month.start]
    after = [day for day in days if day.start >= month.end]
    return (before or after)[-2:] if before else after[:2]


def _value(number: Match | None) -> int:
    return number.entry.value if number is not None and isinstance(number.entry, Number) else 0


def _read(written: str, language: str, published: date | None, full: bool, oldest: timedelta = _OLDEST) -> date | None:
    if published is None and not full:
        return None
    now = datetime.combine(published or datetime.now(UTC).date(), time(23, 59), UTC)
    dated = parse_date(written, (language,), UTC, now=now)
    if dated.at is None:
        return None
    day = dated.at.date()
    return day if published is None or timedelta() <= published - day <= oldest else None


def gap(start: int, end: int, other_start: int, other_end: int) -> int:
    """The characters between two spans; 0 where they touch or overlap."""
    return max(start - other_end, other_start - end, 0)


def _means(match: Match) -> str:
    return match.entry.means if isinstance(match.entry, Word) else ""
