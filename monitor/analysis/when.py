"""When the event of a story happened: the day its text gives, against the day it was published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise

from monitor.analysis.days import Day, days_of, gap, standing_date
from monitor.analysis.lexicon import Word
from monitor.analysis.partialdates import PartialDate
from monitor.analysis.reading import Match, Reading
from monitor.analysis.roles import is_armed

# Sentences after so many tell the background more often than the event.
_SENTENCES = 14
# What is reported happened within so many days; only the first sentences may give an older date.
_LEAD, _RECENT, _TOLD_SOON = 2, timedelta(days=7), timedelta(days=1)
# A day belongs to the word it stands nearest to: what happened, or who said so and what else came of it.
_NEAR_SAYING, _SAID_AFTER = 24, 34
# Days named so close together are those of one event, which lasted no longer than so many days.
_TOGETHER, _LONGEST = 30, timedelta(days=4)
# In these scripts the verb stands at the end: a day behind a verb of saying is a day of what was said.
_VERB_LAST = frozenset({"ur", "ps", "fa", "hi"})
_SAYING = frozenset({"claimed", "confirmed", "denied"})
# The surest kinds of days first.
_KINDS = ("date", "weekday", "relative")
_THAT = (" that ", "“", '"', "«")


@dataclass(frozen=True)
class EventDate:
    """The days of an event: ``start`` and ``end`` are the same but for a night or a longer fight over several days.

    ``precision`` is ``day``, ``range`` or ``unknown``; with the last, both days are None, and ``partial`` may tell the
    weekday, or day and month.
    """

    start: date | None
    end: date | None
    precision: str
    partial: PartialDate | None = None


UNDATED = EventDate(None, None, "unknown")


def event_date(reading: Reading, published_at: datetime | None, zone: tzinfo) -> EventDate:
    """The day of the event that a story reports.

    Takes the first sentence that tells of fighting or losses and names a day: a date, a weekday, or a word like
    "yesterday", the latter two counted from ``published_at`` (aware, or None) in the outlet's time ``zone``, or from
    a full date that stands by itself above the story. A night that spans two dates is dated by its evening, with the
    second as the end. Where only the day is given on which it was told, the event is of that day or the one before.
    What is not given is not guessed: of a story without a day of publication that names a weekday, or a date without
    a year, that much is kept.
    """
    published = published_at.astimezone(zone).date() if published_at else standing_date(reading)
    found = _found(reading, published)
    if published is not None or found[0].start is not None:
        return found[0]
    event, kind = _found(reading, None, loosely=True)
    if event.start is None or event.end is None:
        return UNDATED
    make = PartialDate.of_dates if kind == "date" else PartialDate.of_weekdays
    return replace(UNDATED, partial=make(event.start, event.end))


def _found(reading: Reading, published: date | None, *, loosely: bool = False) -> tuple[EventDate, str]:
    """The days of the event and the kind of day that gave them; ``loosely``, years are whatever they may be."""
    told: Day | None = None
    for index, matches in enumerate(reading.by_sentence[:_SENTENCES]):
        happened = [match for match in matches if _happens(match)]
        if not happened or any(_means(match) == "background" for match in matches if match.kind == "context"):
            continue
        days = days_of(reading, matches, published, loosely=loosely)
        firm = [day for day in days if not _is_told(reading, matches, happened, day)]
        here = next((day for day in days if day not in firm and not _goes_on_since(matches, day)), None)
        if index > _LEAD and published is not None:  # further down, an older date is that of an earlier event
            firm = [day for day in firm if published - day.first <= _RECENT]
            if told is not None:  # ... nor is it days before the day the news is told on
                firm = [day for day in firm if told.last - day.first <= _TOLD_SOON]
        elif index > _LEAD and loosely:
            firm = []
        if firm:
            if here is not None and all(day.kind == "relative" for day in firm):  # "overnight" before it was told
                firm = [day for day in days_of(reading, matches, here.last) if day.kind == "relative"]
                return _of(firm, matches, published), here.kind
            return _of(firm, matches, published), _kind_of(firm)
        told = told or here
    if told is None:
        return UNDATED, ""
    # Of a story of no known day, nothing tells how soon after the event it was told.
    return EventDate(told.last - timedelta(days=2 if loosely else 1), told.last, "range"), told.kind


def _goes_on_since(matches: Sequence[Match], day: Day) -> bool:
    """Whether a day is that since which something goes on, such as the closure of a crossing."""
    for match in matches:
        if match.part == day.part and _means(match) == "since" and isinstance(match.entry, Word):
            before = match.entry.side != "after" and 0 <= day.start - match.end <= 1
            if before or (match.entry.side == "after" and 0 <= match.start - day.end <= 1):
                return True
    return False


def _kind_of(days: Sequence[Day]) -> str:
    kinds = {day.kind for day in days}
    return next(kind for kind in _KINDS if kind in kinds)


def _of(days: Sequence[Day], matches: Sequence[Match], published: date | None) -> EventDate:
    """The days of an event by those named beside it: by date, else by weekday, else by words like "yesterday"."""
    kind = _kind_of(days)
    chosen = [day for day in days if day.kind == kind]
    first, last = chosen[0].first, chosen[0].last
    for before, day in pairwise(chosen):
        near = day.part == before.part and day.start - before.end <= _TOGETHER
        if near and timedelta() < day.last - first <= _LONGEST:
            last = max(last, day.last)
        else:
            break
    if chosen[0].kind == "weekday" and len(chosen) == 1:
        first, last = _stretched(chosen[0], days, matches, published)
    return EventDate(first, last, "day" if first == last else "range")


def _stretched(day: Day, days: Sequence[Day], matches: Sequence[Match], published: date | None) -> tuple[date, date]:
    """The days of what began on a weekday: on into the next day "overnight", and to the day of the report "since"."""
    for match in matches:
        if published is None or match.part != day.part:
            continue
        beside = gap(match.start, match.end, day.start, day.end)
        if _means(match) == "since" and beside <= 1 and day.first <= published <= day.first + _LONGEST:
            return day.first, published
    if any(one.kind == "relative" and one.last - one.first == timedelta(days=1) for one in days):
        return day.first, min(day.last + timedelta(days=1), published or day.last)
    return day.first, day.last


def _is_told(reading: Reading, matches: Sequence[Match], happened: Sequence[Match], day: Day) -> bool:
    """Whether a day is that on which something was said, or that of what came of the event, not of the event."""
    text = reading.title if day.part == "title" else reading.text
    here = [match for match in happened if match.part == day.part]
    nearest = min((gap(match.start, match.end, day.start, day.end) for match in here), default=1000)
    for match in matches:
        if match.part != day.part or not (_is_saying(match) or _is_aftermath(match)):
            continue
        behind = match.start >= day.end
        if not behind and match.kind == "verb" and reading.language in _VERB_LAST:
            continue
        apart = gap(match.start, match.end, day.start, day.end)
        between = text[day.end : match.start] if behind else text[match.end : day.start]
        if apart < nearest and apart <= (_SAID_AFTER if behind else _NEAR_SAYING) and not _parted(between, behind):
            return True
    return False


def _parted(between: str, behind: bool) -> bool:
    """Whether what was said begins between a verb of saying and a day, or ends there."""
    if behind:
        return "," in between or "،" in between
    return any(mark in f"{between} " for mark in _THAT)


def _is_saying(match: Match) -> bool:
    word = match.entry
    if match.kind != "verb" or not isinstance(word, Word):
        return False
    return word.side in _SAYING and word.means not in ("according_to", "account")


def _happens(match: Match) -> bool:
    """Whether a match tells of fighting or losses, or that "the incident" happened."""
    return is_armed(match) or match.kind == "outcome" or (match.kind == "context" and _means(match) == "happened")


def _is_aftermath(match: Match) -> bool:
    return (match.kind == "event" and not is_armed(match)) or (match.kind == "context" and _means(match) == "aftermath")


def _means(match: Match) -> str:
    return match.entry.means if isinstance(match.entry, Word) else ""
