"""What is counted in a sentence: its noun phrases with numbers, and which of them are only parts of others."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.analysis.grammar import View
from monitor.analysis.numbers import Quantity, quantities
from monitor.analysis.parts import mark_parts
from monitor.analysis.phrases import Mention, phrase

_LONGEST_NAME = 4
# In these languages whose mother it is stands behind "mother", in one form: "two children and their mother".
_OWNED_BEHIND = frozenset({"fa", "ps"})


def mentions(view: View) -> list[Mention]:
    """The counted noun phrases of a sentence, in order."""
    counts = quantities(view)
    found = []
    for number, quantity in enumerate(counts):
        limit = counts[number + 1].first if number + 1 < len(counts) else len(view.words)
        floor = counts[number - 1].last if number else 0
        found.append(phrase(view, quantity, floor, limit))
    found = _without_brackets(view, found)
    mark_parts(view, found)
    found = [mention for mention in found if not mention.useless and not _is_told_of(view, mention)]
    return sorted([*found, *_named(view, found)], key=lambda mention: mention.first)


def _is_told_of(view: View, mention: Mention) -> bool:
    """Whether an English number only points to those counted before: "one of the 13 died"."""
    at = mention.first
    if view.language != "en" or not mention.bare or at < 1 or view.words[at - 1] != "the":
        return False
    return view.has("partitive", at - 2, at - 1) or view.has("copula", mention.last, mention.last + 1)


def _without_brackets(view: View, found: list[Mention]) -> list[Mention]:
    """The phrases without those in brackets or between dashes, which tell the parts of the one before them.

    "9 children (5 boys, 4 girls)", "12 people — ten villagers and two guards — were killed".
    """
    kept: list[Mention] = []
    for mention in found:
        if kept and mention.first < kept[-1].last:
            continue
        if kept and _is_dash(view, kept[-1].last):
            closed = next((at for at in range(mention.last, len(view.words)) if _is_dash(view, at)), None)
            if closed is not None:
                kept[-1].last = closed + 1
                continue
        opened = next((at for at in range(mention.first - 1, -1, -1) if view.roles[at] & {"open", "close"}), None)
        if kept and opened is not None and "open" in view.roles[opened] and opened <= kept[-1].last + 1:
            closed = next((at for at in range(mention.last, len(view.words)) if "close" in view.roles[at]), None)
            if closed is not None:
                kept[-1].last = closed + 1
                continue
        kept.append(mention)
    return kept


def _is_dash(view: View, at: int) -> bool:
    """Whether a dash that sets words off stands at a token."""
    if not view.has("dash", at, at + 1) or at + 1 >= len(view.words):
        return False
    return (
        view.text[view.starts[at]] in "—–" or view.starts[at + 1] > view.ends[at] > view.starts[at] > view.ends[at - 1]
    )


def _named(view: View, found: list[Mention]) -> Iterator[Mention]:
    """Single persons told by name: "Sepoy N N, 32, was …"; each counts one, a couple two."""
    couples: set[int] = set()
    for span in view.of("party"):
        listed = view.language in _OWNED_BEHIND and view.has("and", span.first - 1, span.first)
        owned = listed or view.has("possessive", span.first - 2, span.first)
        kin = "kin" in view.roles[span.first] and owned
        kin = kin or "couple" in view.roles[span.first]
        if span.last >= len(view.words) or not (kin or "singular" in view.roles[span.last - 1]):
            continue
        if any(other.first <= span.first and span.last < other.last for other in view.of("speaker", "actor")):
            continue
        if any(m.first <= span.first < m.last for m in found) or view.has("article", span.first - 1, span.first):
            continue
        if any(vague.last == span.first for vague in view.of("vague")):  # "several soldiers"
            continue
        if any(m.quantity.value == 1 and m.last == span.first - 1 for m in found):  # "an officer, Major N, was"
            continue
        if _names_those_counted(view, found, span.first):
            continue
        end = _end_of_name(view, span.last)
        if "couple" in view.roles[span.first]:
            if span.first in couples:
                continue
            couples.add(span.first)
            yield Mention(Quantity(span.first, span.last, 2, 2), span.first, span.last, head=span, nouns=[span])
        elif kin:
            yield Mention(Quantity(span.first, span.first, 1, 1), span.first, span.last, head=span, nouns=[span])
        elif end > span.last or _is_single(view, span.last):
            quantity = Quantity(span.first, span.first, 1, 1)
            yield Mention(quantity, span.first, end, head=span, nouns=[span], named=True)


def _names_those_counted(view: View, found: list[Mention], at: int) -> bool:
    """Whether names follow, set off by a comma, the number of those who bear them: "two men, N and M, were"."""
    total = next((m for m in reversed(found) if m.last <= at), None)
    if total is None or total.quantity.value < 2 or not view.has("comma", total.last, total.last + 1):
        return False
    kinds = view.of("outcome", "verb")
    return not any(total.last <= span.first < at for span in kinds) and not view.has("stop", total.last, at)


def _end_of_name(view: View, first: int) -> int:
    """Where the name that begins at token ``first`` ends, with an age that follows it."""
    at = first
    while at < len(view.words) and at - first < _LONGEST_NAME and _is_part_of_name(view, at):
        at += 1
    if at > first and view.has("comma", at, at + 1) and at + 1 < len(view.words) and view.words[at + 1].isdigit():
        return at + 3 if view.has("comma", at + 2, at + 3) else at + 2
    return at


def _is_single(view: View, at: int) -> bool:
    """Whether an outcome in the singular follows: where nouns have one form for both, the verb tells one."""
    return any(span.first == at and view.has("single_verb", span.last - 1, span.last) for span in view.of("outcome"))


def _is_part_of_name(view: View, at: int) -> bool:
    if view.roles[at] or any(span.first == at for span in view.of("outcome", "verb", "party", "object")):
        return False
    return view.language != "en" or view.text[view.starts[at]].isupper()
