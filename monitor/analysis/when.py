"""When the event of a story happened: the day its text gives, against the day it was published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from monitor.analysis.lexicon import Number, Word
from monitor.analysis.reading import Match, Reading
from monitor.dates import parse_date

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# Sentences after so many tell the background more often than the event.
_SENTENCES = 14
# A day and its month stand no further apart than this, in characters; nor do two days of one night.
_NEAR = 12
# Reports of an event come within days: an older date in a story is that of another event.
_OLDEST = timedelta(days=21)


@dataclass(frozen=True)
class EventDate:
    """The days of an event: ``start`` and ``end`` are the same but for a night or a longer fight over several days.

    ``precision`` is ``day``, ``range`` or ``unknown``; with the last, both days are None.
    """

    start: date | None
    end: date | None
    precision: str


UNDATED = EventDate(None, None, "unknown")


def event_date(reading: Reading, published_at: datetime | None, zone: tzinfo) -> EventDate:
    """The day of the event that a story reports.

    Takes the first sentence that tells of the event or its losses and names a day: a date, a weekday, or a word like
    "yesterday", the latter two counted from ``published_at`` (aware, or None) in the outlet's time ``zone``. A night
    that spans two dates is dated by its evening, with the second as the end. What is not given is not guessed.
    """
    published = published_at.astimezone(zone).date() if published_at else None
    for index, matches in enumerate(reading.by_sentence[:_SENTENCES]):
        if not any(match.kind in ("event", "outcome") for match in matches):
            continue
        if any(match.kind == "context" and _means(match) == "background" for match in matches):
            continue
        days = sorted(_days(reading, index, matches, published))
        if days:
            last = days[-1] if days[-1] - days[0] <= timedelta(days=4) else days[0]
            return EventDate(days[0], last, "day" if last == days[0] else "range")
    return UNDATED


def _days(reading: Reading, index: int, matches: tuple[Match, ...], published: date | None) -> set[date]:
    """The days a sentence names: by date, else by weekday, else by words like "yesterday"."""
    dated = set(_dates(reading, matches, published))
    if dated or published is None:
        return dated
    weekdays = {_last(published, _WEEKDAYS.index(_means(match))) for match in matches if match.kind == "weekday"}
    if weekdays:
        return {max(weekdays)}
    return {
        published + timedelta(days=int(_means(match)))
        for match in matches
        if match.kind == "relative_day" and _means(match) in ("0", "-1", "-2", "-3")
    }


def _means(match: Match) -> str:
    return match.entry.means if isinstance(match.entry, Word) else ""


def _last(published: date, weekday: int) -> date:
    """The last such weekday up to the day of publication, or the day after it: clocks and time zones differ."""
    ago = (published.weekday() - weekday) % 7
    return published + timedelta(days=1) if ago == 6 else published - timedelta(days=ago)


def _dates(reading: Reading, matches: tuple[Match, ...], published: date | None) -> Iterator[date]:
    """The dates of a sentence that can be those of the event: with month and day, near the day of publication."""
    numbers = [m for m in matches if m.kind == "number" and isinstance(m.entry, Number)]
    for month in (match for match in matches if match.kind == "month"):
        text = reading.title if month.part == "title" else reading.text
        near = [n for n in numbers if n.part == month.part and _gap(n, month) <= _NEAR]
        year = next((n for n in near if isinstance(n.entry, Number) and n.entry.value > 1300), None)
        days = [n for n in near if isinstance(n.entry, Number) and 1 <= n.entry.value <= 31]
        for day in days[:2]:
            written = f"{text[day.start : day.end]} {text[month.start : month.end]}"
            if year is not None:
                written += f" {text[year.start : year.end]}"
            found = _read(written, reading.language, published)
            if found is not None:
                yield found


def _gap(first: Match, second: Match) -> int:
    return max(first.start - second.end, second.start - first.end, 0)


def _read(written: str, language: str, published: date | None) -> date | None:
    now = datetime.combine(published or datetime.now(UTC).date(), time(23, 59), UTC)
    dated = parse_date(written, (language,), UTC, now=now)
    if dated.at is None:
        return None
    day = dated.at.date()
    if published is None:
        return day if any(char.isdigit() for char in written.split()[-1]) else None
    return day if timedelta() <= published - day <= _OLDEST else None
