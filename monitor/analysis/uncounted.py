"""Which numbers of a sentence count nobody: dates, ages, distances, sums, shares, times, parts of names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Number, Word

if TYPE_CHECKING:
    from monitor.analysis.numbers import Quantity

_YEARS = (range(1840, 2100), range(1280, 1460))
# Signs and small words that may stand between a number and the month or unit it belongs to.
_LINK = frozenset({"dash", "partitive", "genitive", "of_date", "article"})


def is_no_count(view: View, quantity: Quantity) -> bool:
    """Whether a number is a date, an age, a measure, a sum, or a part of a name or a set phrase."""
    first, last = quantity.first, quantity.last
    if any(span.first <= first and span.last >= last for span in view.of("trap")):
        return True
    if any(_is_both_sides(span) and span.first <= first and span.last > last for span in view.of("context")):
        return True
    for span in view.of("actor", "place", "speaker", "event", "elsewhere", "relative_day", "unit", "object"):
        if span.first <= first and span.last >= last and span.last - span.first > last - first:
            if span.kind == "event" and any(span.first <= other.first < first for other in view.of("outcome")):
                continue  # "seized three posts"
            if span.kind == "speaker" and quantity.article and any(o.first == last for o in view.of("party")):
                continue  # "a shopkeeper was killed"
            return True
    if any(span.first < first and span.last >= last for span in view.of("party")):
        return True  # "members of one family"
    return _is_dated(view, quantity) or _is_measured(view, quantity) or _is_part_of_a_name(view, first, last)


def _is_both_sides(span: Span) -> bool:
    return isinstance(span.entry, Word) and span.entry.means == "both_sides"


def _is_dated(view: View, quantity: Quantity) -> bool:
    """Whether the number is a day of a month, a year or a clock time."""
    first, last = quantity.first, quantity.last
    if view.has("ordinal", last, last + 1) or (
        view.has("dash", last, last + 1) and view.has("ordinal", last, last + 2)
    ):
        return True
    digits = view.words[first].isdigit()
    if view.has("year", last, last + 1) or view.has("year", first - 1, first):
        return True
    if digits and any(quantity.value in years for years in _YEARS) and len(view.words[first]) == 4:
        return not (view.of("party") and _next_is(view, last, "party"))
    if quantity.value <= 32:
        for span in view.of("month"):
            if view.language == "en" and not view.cites(span)[0].isupper():  # "may have"
                continue
            after = 0 <= span.first - last <= 2 and view.only(_LINK, last, span.first)
            before = 0 <= first - span.last <= 2 and view.only(_LINK | {"comma"}, span.last, first)
            if after or (before and not any(other.first == last for other in view.of("party"))):
                return True
    if digits and quantity.value <= 32 and _is_dated_with(view, first, last):
        return True
    if digits and view.has("colon", last, last + 1) and view.words[last + 1 : last + 2][:1] != []:
        return view.words[last + 1].isdigit()
    return digits and view.has("colon", first - 1, first) and first > 1 and view.words[first - 2].isdigit()


def _is_dated_with(view: View, first: int, last: int) -> bool:
    """Whether a number stands beside a day of a month: "on the 25th and 26", "25 and 26 April"."""
    for span in view.of("number"):
        if not isinstance(span.entry, Number) or span.entry.value > 32 or not view.words[span.first].isdigit():
            continue
        behind = span.first - last == 1 and view.roles[last] & _DAY_LINK
        before = first - span.last == 1 and view.roles[span.last] & _DAY_LINK
        if behind or before:
            for month in view.of("month"):
                after = 0 <= month.first - span.last <= 2 and view.only(_LINK, span.last, month.first)
                ahead = 0 <= span.first - month.last <= 2 and view.only(_LINK, month.last, span.first)
                if after or ahead:
                    return True
    return False


_DAY_LINK = frozenset({"and", "range", "dash"})


def _is_measured(view: View, quantity: Quantity) -> bool:
    """Whether the number counts years, kilometres, money, hours, shares or other things that are no losses."""
    first, last = quantity.first, quantity.last
    after = last + 1 if view.has("dash", last, last + 1) else last
    if after < len(view.words) and view.words[after] == "%":
        return True
    if any(span.first == after for span in view.of("unit")):
        return not _next_is(view, after, "party") and not _next_is(view, after, "object")
    if (
        view.has("unit_before", first - 1, first)
        or _is_second_age(view, first)
        or _is_age_of(view, quantity)
        or view.words[first - 1 : first] in (["$"], ["€"], ["£"])
    ):
        return True
    # an age set off: "Sepoy N, 32, was …", "(28)"
    before = view.roles[first - 1] if first else frozenset()
    behind = view.roles[last] if last < len(view.words) else frozenset()
    if "open" in before and "close" in behind:
        return True
    return "comma" in before and "comma" in behind and not quantity.article and view.words[first].isdigit()


def _is_age_of(view: View, quantity: Quantity) -> bool:
    """Whether a number is the age of a person in English: "a boy of ten"."""
    at = quantity.first - 1
    if view.language != "en" or not view.has("partitive", at, at + 1) or _next_is(view, quantity.last, "party"):
        return False
    people = [span for span in view.of("party") if span.last == at]
    return any(view.has("article", span.first - 1, span.first) for span in people)


def _is_second_age(view: View, first: int) -> bool:
    """Whether a number follows another that is an age: "aged seven and nine"."""
    return view.has("and", first - 1, first) and view.has("unit_before", first - 3, first - 2)


def _is_part_of_a_name(view: View, first: int, last: int) -> bool:
    """Whether the number is glued to letters by a dash, a full stop or a slash: F-16, G-11, 7.62."""
    starts, ends, words = view.starts, view.ends, view.words
    if (
        first >= 2
        and words[first - 1] in ("-", ".", "/", ",")
        and starts[first] == ends[first - 1] == ends[first - 2] + 1
    ):
        return not (words[first - 1] == "," and not words[first - 2].isdigit())
    if first >= 1 and words[first].isdigit() and starts[first] == ends[first - 1] and words[first - 1].isascii():
        return words[first - 1].isalpha()
    if last < len(words) and words[last - 1].isdigit() and starts[last] == ends[last - 1]:
        return words[last].isascii() and words[last].isalpha()
    return False


def _next_is(view: View, at: int, kind: str) -> bool:
    """Whether a span of ``kind`` begins at token ``at`` or behind one linking word."""
    return any(span.first == at or (span.first == at + 1 and view.only(_LINK, at, at + 1)) for span in view.of(kind))
