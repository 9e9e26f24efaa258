"""Numbers in a sentence: digits and words put together, ranges, qualifiers; what is no count is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Number, Word

_SCALES = (10_000_000, 1_000_000, 100_000, 1000, 100)
_MOST = 1_000_000
_YEARS = (range(1840, 2100), range(1280, 1460))
# Signs and small words that may stand between a number and the month or unit it belongs to.
_LINK = frozenset({"dash", "partitive", "genitive", "of_date", "article"})
_QUALIFIES = frozenset({"at_least", "more_than", "about", "up_to", "exact"})


@dataclass(slots=True)
class Quantity:
    """A count: tokens ``first`` up to ``last`` with its qualifier, ``low`` and ``high`` as a Claim has them.

    ``vague`` counts are words like "dozens" under the value a convention gives them; ``article`` ones are an
    indefinite article.
    """

    first: int
    last: int
    low: int | None
    high: int | None
    qualifier: str = "exact"
    vague: bool = False
    article: bool = False

    @property
    def value(self) -> int:
        """The figure itself."""
        return self.low if self.low is not None else self.high or 0


def quantities(view: View) -> list[Quantity]:
    """The counts of a sentence in order. Dates, ages, distances, durations, sums, shares and times are left out."""
    found = []
    for quantity in _ranges(view, list(_put_together(view))):
        if quantity.low and quantity.low <= _MOST and not _is_no_count(view, quantity):
            _qualify(view, quantity)
            found.append(quantity)
    return found


def _atoms(view: View) -> Iterator[tuple[Span, int, str]]:
    """Numbers and words that stand for one, the longest at each place: (span, value, qualifier; "" when plain)."""
    covered = 0
    for span in view.of("number", "vague"):
        if span.first < covered or _is_homonym(view, span) or _is_another(view, span):
            continue
        entry = span.entry
        if isinstance(entry, Number) and view.roles[span.first] & _PRONOUNS and view.cites(span) not in entry.forms:
            continue  # "they", spelt almost like "two"
        if isinstance(entry, Number):
            yield span, entry.value, ""
        elif isinstance(entry, Word) and entry.means.isdecimal():
            yield span, int(entry.means), entry.side or "about"
        else:
            continue
        covered = span.last


_PRONOUNS = frozenset({"pronoun", "own"})


def _is_another(view: View, span: Span) -> bool:
    """Whether a number follows a word that else counts one: "another four", "a further four"."""
    if not view.has("article", span.first, span.last):
        return False
    behind = view.has("others", span.last, span.last + 1)
    if not behind and not view.has("others", span.first, span.last):
        return False
    return any(other.first == span.last + behind for other in view.of("number", "vague"))


def _is_homonym(view: View, span: Span) -> bool:
    """Whether a number is written like a common word and no noun or classifier follows at once."""
    if span.last != span.first + 1 or "homonym" not in view.roles[span.first]:
        return False
    if view.has("from_after", span.first, span.last) and span.first and not view.roles[span.first - 1]:
        return True  # behind a noun it is a postposition
    noun = any(other.first == span.last for other in view.of("party", "object"))
    return not noun and not view.has("classifier", span.last, span.last + 1) and not _is_first_of_two(view, span)


def _is_first_of_two(view: View, span: Span) -> bool:
    """Whether a number is one of two with their outcomes: "nine dead and sixteen wounded"."""
    outcome = next((other for other in view.of("outcome") if other.first == span.last), None)
    if outcome is None:
        return False
    if view.has("and", span.first - 1, span.first) and any(o.last == span.first - 1 for o in view.of("outcome")):
        return True
    return view.has("and", outcome.last, outcome.last + 1) and any(
        other.first == outcome.last + 1 for other in view.of("number")
    )


def _put_together(view: View) -> Iterator[Quantity]:
    """Adjacent numbers that make one: "two hundred and twenty", "5 thousand", "three dozen"."""
    current: Quantity | None = None
    for span, value, qualifier in _atoms(view):
        vague = qualifier == "about"
        if current is not None:
            joined = _joined(view, current, span, value, qualifier)
            if joined is not None:
                current.last, current.low = span.last, joined
                current.article = False
                current.vague = vague
                continue
            yield current
        current = Quantity(span.first, span.last, value, value, "exact" if qualifier in ("", "exact") else qualifier)
        current.vague = vague
        current.article = span.last == span.first + 1 and "article" in view.roles[span.first]
    if current is not None:
        yield current


def _joined(view: View, left: Quantity, span: Span, value: int, qualifier: str) -> int | None:
    """The value of ``left`` together with the number at ``span``; None when they are two numbers."""
    if left.low is None or left.vague:
        return None
    gap = span.first - left.last
    if qualifier and gap == 0 and value == 12 and left.low < 12:
        return left.low * value
    if qualifier:
        return None
    if gap == 0 and value in _SCALES and left.low < value:
        return left.low * value
    linked = gap == 1 and "and" in view.roles[left.last]
    if gap == 0 or linked:
        scale = next((scale for scale in _SCALES if left.low % scale == 0), 0)
        if value < scale and not view.words[left.first].isdigit() and not view.words[span.first].isdigit():
            return left.low + value
    return None


def _ranges(view: View, numbers: list[Quantity]) -> Iterator[Quantity]:
    """The numbers with "15 to 20", "two or three", "between 15 and 20" made one."""
    at = 0
    while at < len(numbers):
        left = numbers[at]
        right = numbers[at + 1] if at + 1 < len(numbers) else None
        if right is not None and _is_range(view, left, right):
            yield Quantity(left.first, right.last, left.low, right.low, "exact")
            at += 1
        else:
            yield left
        at += 1


def _is_range(view: View, left: Quantity, right: Quantity) -> bool:
    if left.low is None or right.low is None or left.low >= right.low or left.vague or right.vague or left.article:
        return False
    gap = range(left.last, right.first)
    if not gap:  # "two three men": only neighbours below ten are said so
        return right.low == left.low + 1 <= 10 and not view.words[left.first].isdigit()
    if len(gap) == 2 and "from_after" in view.roles[left.last]:  # "from 15 on up to 20"
        return "range" in view.roles[left.last + 1]
    if len(gap) > 1:
        return False
    roles = view.roles[left.last]
    if "and" in roles:
        return view.has("between", left.first - 1, left.first)
    return bool(roles & {"range", "dash"})


def _is_no_count(view: View, quantity: Quantity) -> bool:
    first, last = quantity.first, quantity.last
    if any(span.first <= first and span.last >= last for span in view.of("trap")):
        return True
    if any(_is_both_sides(span) and span.first <= first and span.last > last for span in view.of("context")):
        return True
    for span in view.of("actor", "place", "speaker", "event", "elsewhere", "relative_day", "unit", "object"):
        if span.first <= first and span.last >= last and span.last - span.first > last - first:
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
    if view.has("unit_before", first - 1, first) or view.words[first - 1 : first] in (["$"], ["€"], ["£"]):
        return True
    # an age set off: "Sepoy N, 32, was …", "(28)"
    before = view.roles[first - 1] if first else frozenset()
    behind = view.roles[last] if last < len(view.words) else frozenset()
    if "open" in before and "close" in behind:
        return True
    return "comma" in before and "comma" in behind and not quantity.article and view.words[first].isdigit()


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


def _qualify(view: View, quantity: Quantity) -> None:
    """Read "at least", "more than", "about" around the number, and take their tokens in.

    In English and Persian they stand before the number, in the other languages on either side.
    """
    behind = view.language not in _BEFORE_ONLY
    for span in view.of("qualifier"):
        word = span.entry
        if not isinstance(word, Word) or word.means not in _QUALIFIES or "toll" in view.roles[span.first]:
            continue
        before = 0 <= quantity.first - span.last <= 1 and view.only(_QUALIFIER_GAP, span.last, quantity.first)
        before = before and not (behind and word.means in _BEHIND_ONLY)
        after = behind and 0 <= span.first - quantity.last <= 1
        if not before and not (after and view.only(_QUALIFIER_GAP, quantity.last, span.first)):
            continue
        quantity.first, quantity.last = min(quantity.first, span.first), max(quantity.last, span.last)
        if not quantity.vague:
            _apply(quantity, word.means)
    if quantity.qualifier in ("at_least", "more_than") and quantity.high == quantity.low:
        quantity.high = None
    if quantity.vague:
        quantity.qualifier, quantity.high = "about", None


_BEFORE_ONLY = frozenset({"en", "fa"})
# Where "more than" and "up to" follow the number, the same words before it belong to something else.
_BEHIND_ONLY = frozenset({"more_than", "up_to"})
_QUALIFIER_GAP = frozenset({"article", "partitive", "genitive", "from"})


def _apply(quantity: Quantity, qualifier: str) -> None:
    if qualifier == "exact" or (qualifier == "up_to" and quantity.low != quantity.high):
        return
    quantity.qualifier = qualifier
    if qualifier == "up_to":
        quantity.low = None
