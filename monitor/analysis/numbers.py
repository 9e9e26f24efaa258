"""Numbers in a sentence: digits and words put together, ranges, qualifiers; what is no count is left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Number, Word
from monitor.analysis.uncounted import is_no_count

_SCALES = (10_000_000, 1_000_000, 100_000, 1000, 100)
_MOST = 1_000_000
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
        if quantity.low and quantity.low <= _MOST and not is_no_count(view, quantity):
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
