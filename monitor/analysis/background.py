"""Which numbers of a sentence belong to another event than the story's: what happened before, elsewhere, all year."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Number, Word
from monitor.analysis.roles import ARMED

# A mark of time before a number governs it to the end of the sentence; one behind it, only within its own phrase.
_BREAKS = frozenset({"comma", "clause", "stop", "relative"})
_YEARS = (range(1840, 2100), range(1280, 1460))
_OPENS = 4
# So many tokens behind an inserted mark of time the verb stands to whose subject it belongs.
_INSERTED = 3
# In these languages the past perfect tells what was before; in the others it is no more than the past.
_PAST_PERFECT = frozenset({"fa", "ps"})
_PAST_DAYS = frozenset({"month", "-7", "-3"})
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OTHER_DAYS = frozenset({3, 4})
_ANSWERED = 4
_LINKS = frozenset({"genitive", "of_date"})


def is_background(view: View, first: int, last: int, day: int | None = None) -> bool:
    """Whether the loss told at tokens ``first`` up to ``last`` belongs to another event.

    ``day`` is the weekday of the story, Monday being 0: what happened three or four days before it is told of another.
    """
    if day is not None and any((day - other) % 7 in _OTHER_DAYS for other in weekdays(view, first)):
        return day not in set(weekdays(view))
    if day is not None and any(day != other for other in _last_weekdays(view)):
        return True
    if is_cause(view, first, last):
        return True
    if view.language == "en" and "day_before" in view.all_roles:
        # "A day earlier, six soldiers were killed …"; elsewhere in a sentence the past perfect says as much.
        opening = any("day_before" in roles and begin <= 1 for roles, begin, _ in view.phrases)
        if view.has("had", first - 1, last) or (opening and view.index and not view.has("had", 0, first)):
            return True
    told_before = view.language in _PAST_PERFECT and _told_before(view)
    if view.language in _PAST_PERFECT and not told_before and view.has("past_perfect", last - 1, last + 4):
        return True
    if not days_of_the_week(view) and _is_dated(view):
        return True
    if any("separate" in roles and end <= first for roles, _, end in view.phrases):
        return True
    for begin, end in _marks(view):
        if told_before and view.has("earlier", begin, end):
            continue
        if end <= first and not _is_closed(view, begin, end, first):
            return True
        if begin >= last and not any(view.roles[at] & _BREAKS for at in range(last, begin)):
            return True
        if first <= begin < last:
            return True
    return False


def _last_weekdays(view: View) -> Iterator[int]:
    """The weekdays a sentence calls the last: "last Sunday"."""
    for span in view.of("weekday"):
        if isinstance(span.entry, Word) and span.entry.means in _DAYS and view.has("past", span.first - 1, span.first):
            yield _DAYS.index(span.entry.means)


def _told_before(view: View) -> bool:
    """Whether it is who speaks that did so earlier, not what is told: "they had earlier given 15"."""
    if "earlier" not in view.all_roles:
        return False
    return any(view.has("past_perfect", verb.first, verb.last) for verb in view.of("verb"))


def opens_background(view: View) -> bool:
    """Whether a sentence begins with a mark of another time, or is dated by one, so that those after it go on so."""
    if view.language in _PAST_PERFECT and _told_before(view):
        return _is_dated(view)
    marks = [(begin, end) for begin, end in _marks(view) if not _introduces(view, begin, end)]
    return any(begin <= _OPENS for begin, _ in marks) or _is_dated(view)


def _introduces(view: View, begin: int, end: int) -> bool:
    """Whether a mark opens a sentence with what went before, up to a comma: "a day after the raid, the toll …"."""
    after = [span.last for span in view.of("context") if isinstance(span.entry, Word) and span.entry.means == "after"]
    return view.language == "en" and begin <= 1 and end in after and view.has("comma", end, len(view.words))


def days_of_the_week(view: View) -> list[Span]:
    """The names of weekdays in a sentence; where Saturday is called as the week is, a counted one is a week."""
    spans = view.of("weekday")
    return [
        span
        for span in spans
        if not any(other.last == span.first for other in view.of("number", "vague"))
        and not view.has("this_or_last", span.first - 1, span.first)
    ]


def weekdays(view: View, before: int | None = None) -> Iterator[int]:
    """The weekdays a sentence names, or the one nearest before a token: Monday is 0."""
    spans = days_of_the_week(view)
    if before is not None:
        spans = [span for span in spans if span.last <= before][-1:]
    for span in spans:
        if isinstance(span.entry, Word) and span.entry.means in _DAYS:
            yield _DAYS.index(span.entry.means)


def is_cause(view: View, first: int, last: int) -> bool:
    """Whether a loss is that of what is answered: "in response to an attack in which seven were killed"."""
    for span in view.of("context"):
        if not isinstance(span.entry, Word) or span.entry.means != "cause":
            continue
        if span.entry.side == "answer":
            if span.last <= first and _begins_with_event(view, span.first):
                return True
        elif span.entry.side == "before":
            if span.last <= first and any(_describes(view, at) for at in range(span.last, first)):
                return True
        elif last <= span.first <= last + _ANSWERED and view.only(_LINKS, last, span.first):
            return True
    for roles, begin, end in view.phrases:
        if "group_that" in roles and (
            0 <= first - end <= 2 or (view.language == "ur" and 0 <= begin - last <= _ANSWERED)
        ):
            return True
    return False


def _begins_with_event(view: View, at: int) -> bool:
    """Whether a sentence has begun with an attack when it comes to token ``at``: "the raids came hours after …"."""
    return at <= _OPENS + 1 and any(at - 1 <= span.last <= at for span in _attacks(view))


def _attacks(view: View) -> Iterator[Span]:
    return (span for span in view.of("event") if isinstance(span.entry, Word) and span.entry.means in ARMED)


def _describes(view: View, at: int) -> bool:
    """Whether a token begins a clause that describes the noun before it: "in which", "that left", "that had killed"."""
    if "relative" in view.roles[at]:
        return True
    return "the_same" in view.roles[at] and (
        view.has("auxiliary", at + 1, at + 2) or any(span.first == at + 1 for span in view.of("outcome"))
    )


def is_current(view: View) -> bool:
    """Whether a sentence names a day of the present: a weekday, "today", "last night"."""
    days = [
        span
        for span in view.of("relative_day")
        if isinstance(span.entry, Word) and span.entry.means not in _PAST_DAYS and not _is_anniversary(view, span)
    ]
    return bool(days or days_of_the_week(view) or any("current" in roles for roles, _, _ in view.phrases))


def _is_anniversary(view: View, day: Span) -> bool:
    """Whether a day of the present is only counted from: "ten years ago today"."""
    return any(end == day.first for _, end in _marks(view))


def _is_dated(view: View) -> bool:
    """Whether a month or year without a day dates the whole sentence."""
    return any(_rules(view, span) for span in (*view.of("number"), *view.of("month")))


def _rules(view: View, span: Span) -> bool:
    """Whether a month or year is the time of the whole sentence: it ends the sentence or a clause of it."""
    dated = _is_bare_year(view, span) if span.kind == "number" else _is_bare_month(view, span)
    if not dated or view.has("since", span.first - 1, span.first):
        return False
    ends = span.last >= len(view.words) or bool(view.roles[span.last] & _BREAKS)
    return ends and view.has("in_month", span.first - 2, span.first) and not view.has("relative", 0, span.first)


def _is_closed(view: View, begin: int, end: int, first: int) -> bool:
    """Whether something ends the rule of a mark before the number.

    A present day does, and a verb of saying unless the mark opens the sentence: "N, in power since 2021, said …".
    """
    if any(end <= span.first < first for span in days_of_the_week(view)):
        return True
    if _introduces(view, begin, end) and view.has("comma", end, first):
        return True
    inserted = begin > _OPENS and view.has("comma", end, end + 1)
    return inserted and any(end < span.first <= end + _INSERTED and span.first < first for span in view.of("verb"))


def _marks(view: View) -> Iterator[tuple[int, int]]:
    """The words that speak of another time or place, as (first, last)."""
    for roles, first, last in view.phrases:
        if "then" in roles and view.has("relative", last, last + _INSERTED):
            continue  # "at that time … when"
        if "lately_after" in roles and not _tells_before(view, first):
            continue  # "the visit came a day after two were killed"
        if ("background" in roles and not _is_counted_from(view, first)) or "separate" in roles:
            yield first, last
    for span in view.of("number"):
        for at in range(span.last, min(span.last + 2, len(view.words))):
            if "long_time" in view.roles[at] and view.has("past", span.first - 2, at + 2):
                yield span.first, at + 1  # "in the past four years"
        if _is_bare_year(view, span):
            yield span.first, span.last
    for span in view.of("month"):
        if _is_bare_month(view, span) or view.has("past", span.first - 1, span.last + 1):
            yield span.first, span.last


def _tells_before(view: View, at: int) -> bool:
    """Whether a sentence has told of an attack or of losses before token ``at``, or "which came" stands before it."""
    if view.has("relative", at - _INSERTED, at):
        return True
    return any(span.first < at for span in (*_attacks(view), *view.of("outcome")))


def _is_counted_from(view: View, first: int) -> bool:
    """Whether a time before is that before a holiday or the like, not before what is told: "a day before N"."""
    if view.language not in ("ur", "hi") or first < 2 or "range" not in view.roles[first - 1]:
        return False
    events = view.of("event", "outcome")
    return not view.roles[first - 2] and not any(span.first <= first - 2 < span.last for span in events)


def _is_bare_year(view: View, span: Span) -> bool:
    """A year that is not the end of a full date: such a date may be that of the event itself."""
    entry = span.entry
    if not isinstance(entry, Number) or span.last != span.first + 1 or len(view.words[span.first]) != 4:
        return False
    if not view.words[span.first].isdigit() or not any(entry.value in years for years in _YEARS):
        return False
    if not view.has("year", span.last, span.last + 1) and any(
        other.first == span.last or (other.first == span.last + 1 and not view.has("comma", span.last, span.last + 1))
        for other in view.of("party", "unit")
    ):
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
