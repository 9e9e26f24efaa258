"""What is counted in a sentence: its noun phrases with numbers, and which of them are only parts of others."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from monitor.analysis.grammar import Span, View
from monitor.analysis.heads import ANYBODY
from monitor.analysis.lexicon import Word
from monitor.analysis.numbers import Quantity, quantities
from monitor.analysis.phrases import Mention, coordinated, phrase

_LONGEST_NAME = 4
# In these languages whose mother it is stands behind "mother", in one form: "two children and their mother".
_OWNED_BEHIND = frozenset({"fa", "ps"})
# In these languages the total comes before its parts.
_TOTAL_FIRST = frozenset({"en", "fa"})


def mentions(view: View) -> list[Mention]:
    """The counted noun phrases of a sentence, in order."""
    counts = quantities(view)
    found = []
    for number, quantity in enumerate(counts):
        limit = counts[number + 1].first if number + 1 < len(counts) else len(view.words)
        floor = counts[number - 1].last if number else 0
        found.append(phrase(view, quantity, floor, limit))
    found = _without_brackets(view, found)
    _mark_parts(view, found)
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


def _mark_parts(view: View, found: list[Mention]) -> None:
    """Mark the numbers that are parts of another: after "including", before "of them", in "who were" clauses."""
    for roles, first, last in view.phrases:
        end = first - (view.language == "en" and view.has("copula", first - 1, first))
        both = "subset_before" in roles and any(mention.last == end for mention in found)
        marked = not both and "subset_after" in roles and _mark_after(view, found, last)
        if "subset_before" in roles and not marked and not view.has("toll_verb", last, last + 1):
            _mark_before(view, found, first)
            _close_inserted(view, found, first, last)
    for left, right in pairwise(found):
        told = right.head is not None and not _is_anybody(right.head)
        if left.head is None and left.nouns and told and coordinated(view, left, right):
            left.head = right.head  # "nine N and six M soldiers"
        elif view.language == "en" and _shares_name(view, left, right):
            right.nouns += left.nouns  # "a N captain and four soldiers"
    for number, mention in enumerate(found):
        _mark_listed(view, found, number)
        if number and _is_described(view, found[number - 1], mention):
            mention.part = True


def _shares_name(view: View, left: Mention, right: Mention) -> bool:
    """Whether the soldiers counted second are of the side the first are called by."""
    if left.head is None or right.head is None or not coordinated(view, left, right) or len(right.nouns) > 1:
        return False
    first, second = left.head.entry, right.head.entry
    if not isinstance(first, Word) or not isinstance(second, Word) or left.head.kind != right.head.kind:
        return False
    return second.side == "context" and second.means != "ambiguous" and first.means == second.means


def _is_anybody(noun: Span) -> bool:
    return isinstance(noun.entry, Word) and noun.entry.side == ANYBODY


def _close_inserted(view: View, found: list[Mention], first: int, last: int) -> None:
    """Let a total reach over a part set off behind it: "four soldiers, a captain among them, and 25 gunmen"."""
    for total, part in pairwise(found):
        if part.part and part.last == first and total.last == part.first - 1 and view.has("comma", last, last + 1):
            total.last = last + 1


def _mark_listed(view: View, found: list[Mention], number: int) -> None:
    """Mark the parts of a total that are set beside it: "eight people, five women and three children"."""
    total = found[number]
    parts: list[Mention] = []
    for before, mention in pairwise(found[number:]):
        if not coordinated(view, before, mention) or (not parts and not mention.after_comma):
            break
        parts.append(mention)
        if len(parts) > 1 and sum(part.quantity.value for part in parts) == total.quantity.value:
            for part in parts:
                part.part = True
            _name_by_parts(total, parts)
            total.last = parts[-1].last + view.has("comma", parts[-1].last, parts[-1].last + 1)
            return


def _name_by_parts(total: Mention, parts: list[Mention]) -> None:
    """Give people the noun of their parts, where these are all of one party: "three people, a captain and two N"."""
    entries = [part.head.entry if part.head is not None else None for part in parts]
    words = [entry for entry in entries if isinstance(entry, Word)]
    plain = total.head is None or getattr(total.head.entry, "side", "") == ANYBODY
    if plain and len(words) == len(parts) and len({word.means for word in words}) == 1:
        total.head = parts[0].head


def _mark_after(view: View, found: list[Mention], at: int) -> bool:
    """Mark the numbers that follow token ``at``; whether there is one."""
    previous: Mention | None = None
    for mention in found:
        if mention.first < at:
            continue
        if previous is None:
            alone = view.language == "ps" and mention is found[0]
            if (alone or view.language in ("ur", "hi")) and _have_own_outcome(view, found, mention):
                return False  # "in which five were killed"
            if mention.first - at > 4 or any(at <= span.first < mention.first for span in view.of("outcome")):
                return False
        elif not coordinated(view, previous, mention) or _has_own_outcome(view, mention):
            return True
        mention.part = True
        previous = mention
    return previous is not None


def _have_own_outcome(view: View, found: list[Mention], first: Mention) -> bool:
    """Whether an outcome follows a phrase, or the last of those listed with it, at once."""
    last = first
    for mention in found:
        if mention.first >= last.last and coordinated(view, last, mention):
            last = mention
    return _has_own_outcome(view, last, True)


def _has_own_outcome(view: View, mention: Mention, headed: bool = False) -> bool:
    """Whether an outcome follows the phrase at once, as in "and 16 wounded"."""
    at = mention.last
    starts = {span.first for span in view.of("outcome")}
    while at < len(view.words) and at not in starts and "auxiliary" in view.roles[at]:
        at += 1
    verb = at > mention.last or view.has("auxiliary", at, at + 1)
    return at in starts and (headed or mention.bare or verb)


def _mark_before(view: View, found: list[Mention], at: int) -> None:
    """Mark the number that ends before token ``at``, and in languages that put the parts first its fellows too."""
    following: Mention | None = None
    for mention in reversed(found):
        if mention.first >= at:
            continue
        if following is None:
            if view.language == "ps" and _counts_people(view, mention):
                return
            end = mention.head.last if mention.head else mention.last
            if at - end > (view.language in _TOTAL_FIRST) or view.has("clause", end, at):
                return
            if view.language == "en" and view.has("and", end, at):
                return  # "at 12, and of the dead attackers at 40"
        elif not coordinated(view, mention, following) or (
            view.language in _TOTAL_FIRST and not view.has("among_the_dead", at, at + 1)
        ):
            return
        first = next((other for other in found if _may_be_total(other, mention)), mention)
        mention.theirs = view.has("theirs", at, at + 1) and mention is first
        mention.part = not mention.theirs
        following = mention


def _may_be_total(total: Mention, part: Mention) -> bool:
    """Whether "of them" may point to a number: people, and more of them."""
    if total is part:
        return True
    return not total.useless and not total.things and total.quantity.value > part.quantity.value


def _counts_people(view: View, mention: Mention) -> bool:
    """Whether people are counted, and what is a part of them follows without a number; it is cut off the phrase."""
    people = next((noun for noun in mention.nouns if isinstance(noun.entry, Word) and noun.entry.side == ANYBODY), None)
    if people is None or mention.head is None or mention.head.first <= people.last:
        return False
    if not view.has("genitive", people.last, mention.head.first):
        return False
    mention.last, mention.head = people.last, people
    return True


def _is_described(view: View, before: Mention, mention: Mention) -> bool:
    """Whether the number stands in a clause that describes the people counted before: "of whom five were women"."""
    relative = next(
        (
            at
            for at in range(mention.first - 1, max(mention.first - 4, before.last - 1), -1)
            if "relative" in view.roles[at]
        ),
        None,
    )
    if relative is None or any(span.last >= relative - 1 and span.last <= relative for span in view.of("verb")):
        return False
    of_them = view.language == "ps" and view.has("clitic", mention.quantity.last, mention.quantity.last + 1)
    if mention.head is None and not mention.nouns and not of_them:
        return False
    for at in range(mention.last, min(mention.last + 6, len(view.words))):
        if any(span.first == at for span in view.of("outcome")):
            return False
        if "copula" in view.roles[at]:
            return True
    return False
