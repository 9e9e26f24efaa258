"""Which numbers of a sentence belong to another event than the story's: what happened before, elsewhere, all year."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Number, Word

# A mark of time before a number governs it to the end of the sentence; one behind it, only within its own phrase.
_BREAKS = frozenset({"comma", "clause", "stop", "relative"})
_YEARS = (range(1840, 2100), range(1280, 1460))
_OPENS = 4
# In these languages the past perfect tells what was before; in the others it is no more than the past.
_PAST_PERFECT = frozenset({"fa", "ps"})
_PAST_DAYS = frozenset({"month", "-7"})


def is_background(view: View, first: int, last: int) -> bool:
    """Whether the loss told at tokens ``first`` up to ``last`` belongs to another event."""
    if view.language in _PAST_PERFECT and view.has("past_perfect", last - 1, last + 4):
        return True
    for begin, end in _marks(view):
        if end <= first and not _is_closed(view, end, first):
            return True
        if begin >= last and not any(view.roles[at] & _BREAKS for at in range(last, begin)):
            return True
        if first <= begin < last:
            return True
    return False


def opens_background(view: View) -> bool:
    """Whether a sentence begins with a mark of another time, so that those after it go on about it."""
    return any(begin <= _OPENS for begin, _ in _marks(view))


def is_current(view: View) -> bool:
    """Whether a sentence names a day of the present: a weekday, "today", "last night"."""
    days = [
        span for span in view.of("relative_day") if isinstance(span.entry, Word) and span.entry.means not in _PAST_DAYS
    ]
    return bool(days or view.of("weekday") or any("current" in roles for roles, _, _ in view.phrases))


def _is_closed(view: View, end: int, first: int) -> bool:
    """Whether a present day stands between the mark and the number: "since 2021 …; on Tuesday five were killed"."""
    return any(end <= span.first < first for span in view.of("weekday"))


def _marks(view: View) -> Iterator[tuple[int, int]]:
    """The words that speak of another time or place, as (first, last)."""
    for roles, first, last in view.phrases:
        if "background" in roles or "separate" in roles:
            yield first, last
    for span in view.of("number"):
        if _is_bare_year(view, span):
            yield span.first, span.last
    for span in view.of("month"):
        if _is_bare_month(view, span):
            yield span.first, span.last


def _is_bare_year(view: View, span: Span) -> bool:
    """A year that is not the end of a full date: such a date may be that of the event itself."""
    entry = span.entry
    if not isinstance(entry, Number) or span.last != span.first + 1 or len(view.words[span.first]) != 4:
        return False
    if not view.words[span.first].isdigit() or not any(entry.value in years for years in _YEARS):
        return False
    if any(abs(other.first - span.last) <= 1 for other in view.of("party", "unit") if other.first >= span.last):
        return False
    return not any(_has_day(view, month) for month in view.of("month") if -3 <= month.first - span.first <= 3)


def _is_bare_month(view: View, span: Span) -> bool:
    if view.language == "en" and (not view.cites(span)[0].isupper() or span.first == 0):
        return False
    if view.language == "en" and not view.has("in_month", span.first - 1, span.first):
        return False
    if view.language != "en" and not view.has("in_month", span.first - 1, span.last + 2):
        return False
    return not _has_day(view, span)


def _has_day(view: View, month: Span) -> bool:
    """Whether a day's number stands beside the month's name."""
    for span in view.of("number"):
        if isinstance(span.entry, Number) and 1 <= span.entry.value <= 32 and view.words[span.first].isdigit():
            behind = 0 <= span.first - month.last <= 2 and view.only(_DATE_LINK, month.last, span.first)
            before = 0 <= month.first - span.last <= 2 and view.only(_DATE_LINK, span.last, month.first)
            if behind or before:
                return True
    return False


_DATE_LINK = frozenset({"of_date", "genitive", "partitive", "article", "dash", "ordinal"})
