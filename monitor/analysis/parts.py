"""Which counted noun phrases are only parts of others: "including two officers", "of whom five", lists with a total."""

from __future__ import annotations

from itertools import pairwise

from monitor.analysis.grammar import Span, View
from monitor.analysis.heads import ANYBODY
from monitor.analysis.lexicon import Word
from monitor.analysis.phrases import Mention, coordinated

# In these languages the total comes before its parts.
_TOTAL_FIRST = frozenset({"en", "fa"})


def mark_parts(view: View, found: list[Mention]) -> None:
    """Mark the numbers that are parts of another: after "including", before "of them", in "who were" clauses."""
    for roles, first, last in view.phrases:
        end = first - (view.language == "en" and view.has("copula", first - 1, first))
        both = "subset_before" in roles and any(mention.last == end for mention in found)
        marked = not both and "subset_after" in roles and _mark_after(view, found, last)
        opens = view.language == "en" and "subset_after" in roles and view.has("comma", first - 1, first)
        if "subset_before" in roles and not marked and not opens and not view.has("toll_verb", last, last + 1):
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
        elif not coordinated(view, previous, mention) or (
            _has_own_outcome(view, mention) and not _ends_list(view, found, previous, mention, at)
        ):
            return True
        mention.part = True
        previous = mention
    return previous is not None


def _ends_list(view: View, found: list[Mention], previous: Mention, mention: Mention, at: int) -> bool:
    """Whether an English number is the last of the parts of a total whose outcome follows them.

    "Eleven men, including a colonel and a major, were killed", with or without the commas.
    """
    total = next((one for one in reversed(found) if one.last < at and one is not previous), None)
    if view.language != "en" or total is None or view.has("comma", previous.last, mention.first):
        return False
    told = any(total.first - 2 <= span.first < at for span in view.of("outcome"))
    return mention.quantity.article and not told


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
