"""What is counted: the noun phrase of every number of a sentence, and whether it is only a part of another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from monitor.analysis.actors import Actor
from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Word
from monitor.analysis.numbers import Quantity, quantities

# How many tokens of a noun phrase are looked at, and the roles of tokens that end one.
_REACH = 8
_ENDS = frozenset("comma stop clause colon open close preposition auxiliary agent dative copula relative".split())
_SIGNS = frozenset("comma stop clause colon open close agent".split())
_ENDS_NOT_FOR = {"en": frozenset({"partitive"}), "fa": frozenset({"partitive"})}
# In these languages the noun comes first and what belongs to it follows; elsewhere the noun comes last.
_NOUN_FIRST = frozenset({"fa"})
_NAMES = 14
_LONGEST_NAME = 4
# In these languages the total comes before its parts.
_TOTAL_FIRST = frozenset({"en", "fa"})
# "We have lost two men; we killed ten of their soldiers": theirs are the enemy's where somebody is quoted.
_WE = frozenset({"we", "quote"})
_COORDINATING = frozenset({"and", "comma", "article", "others", "own", "possessive", "joined"})
# Party words that say nothing about the party: people, persons.
ANYBODY = "none"


@dataclass(slots=True)
class Mention:
    """A number with its noun phrase, tokens ``first`` up to ``last``.

    ``head`` is the noun counted, a party or object span; ``nouns`` are the names of parties, actors and countries
    in the phrase; ``bare`` phrases have no noun at all. ``part`` marks a number that is a part of another number,
    ``theirs`` one "of them"; ``beside`` is a second noun under the same number: "200 soldiers and militants".
    """

    quantity: Quantity
    first: int
    last: int
    head: Span | None = None
    nouns: list[Span] = field(default_factory=list)
    bare: bool = False
    others: bool = False
    own: bool = False
    own_before: bool = False
    foe: bool = False
    clitic: bool = False
    part: bool = False
    agent: bool = False
    useless: bool = False
    theirs: bool = False
    named: bool = False
    beside: Span | None = None
    after_comma: bool = False

    @property
    def things(self) -> bool:
        """Whether things are counted, not people."""
        return self.head is not None and self.head.kind == "object"


def mentions(view: View) -> list[Mention]:
    """The counted noun phrases of a sentence, in order."""
    counts = quantities(view)
    found = []
    for number, quantity in enumerate(counts):
        limit = counts[number + 1].first if number + 1 < len(counts) else len(view.words)
        floor = counts[number - 1].last if number else 0
        found.append(_phrase(view, quantity, floor, limit))
    found = _without_brackets(view, found)
    _mark_parts(view, found)
    found = [mention for mention in found if not mention.useless]
    return sorted([*found, *_named(view, found)], key=lambda mention: mention.first)


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
    """Single persons told by name: "Sepoy N N, 32, was …"; each counts one."""
    for span in view.of("party"):
        if "singular" not in view.roles[span.last - 1] or span.last >= len(view.words):
            continue
        if any(other.first <= span.first and span.last < other.last for other in view.of("speaker", "actor")):
            continue
        if any(m.first <= span.first < m.last for m in found) or view.has("article", span.first - 1, span.first):
            continue
        if any(m.quantity.value == 1 and m.last == span.first - 1 for m in found):  # "an officer, Major N, was"
            continue
        end = _end_of_name(view, span.last)
        if end > span.last or _is_single(view, span.last):
            quantity = Quantity(span.first, span.first, 1, 1)
            yield Mention(quantity, span.first, end, head=span, nouns=[span], named=True)


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
    if view.roles[at] or any(span.first == at for span in view.of("outcome", "verb", "party")):
        return False
    return view.language != "en" or view.text[view.starts[at]].isupper()


def coordinated(view: View, left: Mention, right: Mention) -> bool:
    """Whether only "and", a comma or the like stands between two noun phrases."""
    gap = range(left.last, right.first)
    if 0 < len(gap) <= 3 and view.only(_COORDINATING, left.last, right.first):
        return True
    return view.language == "en" and 0 < len(gap) <= _NAMES and all(_is_name(view, at) for at in gap)


def _is_name(view: View, at: int) -> bool:
    """Whether a token is a name or stands between names."""
    return bool(view.roles[at] & _COORDINATING) or view.text[view.starts[at]].isupper()


def _phrase(view: View, quantity: Quantity, floor: int, limit: int) -> Mention:
    mention = Mention(quantity, quantity.first, quantity.last)
    mention.after_comma = view.has("comma", quantity.first - 1, quantity.first)
    mention.others = _is_other(view, quantity.first - 1)
    mention.others = mention.others or (quantity.article and "others" in view.roles[quantity.first])
    nouns, objects, events = _forward(view, mention, limit)
    said = any(span.kind == "party" and _weight(span)[0] == _DEFINITE for span in nouns)
    before = [] if said else _backward(view, mention, floor)
    _choose_head(view, mention, nouns, objects, events, before)
    mention.nouns = nouns + before
    if mention.head is None and view.language != "fa":
        mention.head = _noun_behind(view, mention)
    if view.has("negation", quantity.first - 1, quantity.first):
        mention.useless = True
    if mention.head is None and mention.last > quantity.last and view.has("both", quantity.first, quantity.last):
        mention.useless = True  # "both districts"
    mention.bare = mention.head is None and not nouns and mention.last <= quantity.last + mention.others
    if quantity.article and not _is_one(view, mention):
        mention.useless = True
    mention.beside = _second_noun(view, mention, limit)
    following = view.roles[mention.last] if mention.last < len(view.words) else frozenset()
    mention.agent = "agent" in following
    return mention


def _is_other(view: View, at: int) -> bool:
    if at < 0 or "others" not in view.roles[at] or "and" in view.roles[at]:
        return False
    return view.language != "en" or "article" in view.roles[at]


def _noun_behind(view: View, mention: Mention) -> Span | None:
    """The noun behind an outcome that stands before it as an adjective: "55 dead soldiers"."""
    for outcome in view.of("outcome"):
        if outcome.first == mention.last:
            return next((span for span in view.of("party") if span.first == outcome.last), None)
    return None


def _is_one(view: View, mention: Mention) -> bool:
    """Whether an article counts one: "a soldier", "another", in other languages than English also "one wounded"."""
    if mention.head is not None:
        return view.language != "en" or _is_article_of(view, mention)
    at = mention.last
    if at > mention.quantity.last and not mention.others:
        return False
    while at < len(view.words) and view.roles[at] & {"own", "clitic", "auxiliary"}:
        at += 1
    return mention.others or (view.language != "en" and any(span.first == at for span in view.of("outcome")))


def _is_article_of(view: View, mention: Mention) -> bool:
    """Whether the article goes with a person, not with a number of them: "a group of gunmen"."""
    first, last = mention.quantity.last, mention.last
    of = next((at for at in range(first, last) if "partitive" in view.roles[at]), last)
    return any(first <= span.first and span.last <= of for span in view.of("party", "object"))


def _second_noun(view: View, mention: Mention, limit: int) -> Span | None:
    """The noun behind "and" that goes under the same number."""
    at = mention.last
    if at >= len(view.words) or "and" not in view.roles[at]:
        return None
    for span in view.of("party"):
        if at < span.first <= at + 5 and span.last <= limit and not _crosses(view, at + 1, span.first):
            return span
    return None


def _crosses(view: View, first: int, last: int) -> bool:
    """Whether an outcome, a verb or a sign stands between two tokens."""
    if any(view.roles[at] & _SIGNS for at in range(first, last)):
        return True
    return any(first <= span.first < last for span in view.of("outcome", "verb"))


def _forward(view: View, mention: Mention, limit: int) -> tuple[list[Span], list[Span], list[Span]]:
    """Read the words after the number; return the people, the things and the happenings among them."""
    nouns: list[Span] = []
    objects: list[Span] = []
    events: list[Span] = []
    starts = _by_start(view)
    stop = {span.first for span in view.of("outcome", "verb")}
    at = mention.quantity.last
    end = min(limit, at + _REACH, len(view.words))
    ends = _ENDS - _ENDS_NOT_FOR.get(view.language, frozenset())
    while at < end:
        spans = starts.get(at, ())
        longest = max((span.last for span in spans), default=at + 1)
        roles = view.roles[at]
        happens = all(span.kind == "event" for span in spans)
        if (happens and roles & ends) or (at in stop and not spans):
            break
        if "subset_before" in roles and at <= mention.quantity.last + 2:
            break
        if not spans and "and" in roles:
            break
        for inside in range(at + 1, longest):  # a name may run on into the noun: "the N border | police | men"
            runs_on = [span for span in starts.get(inside, ()) if span.last > longest]
            overlapping = [span for span in runs_on if stop.isdisjoint(range(inside, span.last))]
            spans = [*spans, *overlapping]
        longest = max((span.last for span in spans), default=at + 1)
        for span in spans:
            (objects if span.kind == "object" else events if span.kind == "event" else nouns).append(span)
        mention.others = mention.others or "others" in roles
        if "own" in roles:
            mention.foe = "their" in roles and view.all_roles >= _WE
            mention.own = mention.own or not mention.foe
        at = longest
        mention.last = at
    if at < len(view.words) and at in stop and view.language == "en" and "partitive" in view.roles[at - 1]:
        mention.part = True  # "three of the wounded"
    while mention.last > mention.quantity.last and view.roles[mention.last - 1] & {"partitive", "article", "genitive"}:
        mention.last -= 1
    return nouns, objects, events


def _by_start(view: View) -> dict[int, list[Span]]:
    """Spans that can be nouns by their first token; a shorter one inside a longer one of the same kind is left out."""
    found: dict[int, list[Span]] = {}
    outcomes = view.of("outcome")
    for span in view.of("party", "object", "event", "actor"):
        if span.kind == "actor" and isinstance(span.entry, Actor) and span.entry.actor_kind in ("media", "person"):
            continue
        if span.kind == "event" and any(o.first <= span.first and span.last <= o.last for o in outcomes):
            continue
        found.setdefault(span.first, []).append(span)
    return found


def _backward(view: View, mention: Mention, floor: int) -> list[Span]:
    """Nouns before the number that belong to it: "of the border police five men"."""
    at = mention.first
    nouns: list[Span] = []
    mention.own_before = view.has("own", at - 2, at)
    mention.clitic = view.has("clitic", at - 2, at)
    if view.roles[at - 1] & {"own", "clitic"} if at else False:
        at -= 1
    if view.language in ("en", "fa"):
        return nouns
    linked = at > floor and "genitive" in view.roles[at - 1]
    reach = at - 1 if linked else at
    for span in reversed(view.of("party", "actor")):
        if span.last == reach and span.first >= floor and (linked or _has_genitive(view, span)):
            nouns.append(span)
            mention.first = min(mention.first, span.first)
    return nouns


def _has_genitive(view: View, span: Span) -> bool:
    return view.has("genitive", span.first - 2, span.first + 1)


def _choose_head(
    view: View, mention: Mention, nouns: list[Span], objects: list[Span], events: list[Span], before: list[Span]
) -> None:
    parties = [span for span in nouns if span.kind == "party"]
    if mention.others:
        parties = [span for span in parties if not view.has("others", span.first, span.last)]
        nouns[:] = [span for span in nouns if not view.has("others", span.first, span.last)]
    people = parties + [span for span in before if span.kind == "party"]
    content = sorted([*parties, *objects, *events], key=lambda span: span.first)
    if not content:
        mention.head = _strongest(people)
        return
    first = content[0] if view.language in _NOUN_FIRST or view.has("partitive", *_inside(content[0], mention)) else None
    decisive = first or max(content, key=lambda span: (span.last, span.kind == "party"))
    if decisive.kind == "object":
        mention.head = decisive
    elif decisive.kind == "event":
        mention.useless = True
    else:
        mention.head = _strongest(people)


def _inside(span: Span, mention: Mention) -> tuple[int, int]:
    return span.last, min(span.last + 2, mention.last)


def _strongest(spans: list[Span]) -> Span | None:
    """The noun that tells most about who is counted."""
    return max(spans, key=_weight, default=None)


_DEFINITE = 3


def _weight(span: Span) -> tuple[int, int]:
    word = span.entry
    side = word.side if isinstance(word, Word) else ""
    means = word.means if isinstance(word, Word) else ""
    rank = 0 if side == ANYBODY else 1 if means == "ambiguous" else 2 if side == "context" else _DEFINITE
    return rank, span.last - span.first


def _mark_parts(view: View, found: list[Mention]) -> None:
    """Mark the numbers that are parts of another: after "including", before "of them", in "who were" clauses."""
    for roles, first, last in view.phrases:
        both = "subset_before" in roles and any(mention.last == first for mention in found)
        marked = not both and "subset_after" in roles and _mark_after(view, found, last)
        if "subset_before" in roles and not marked:
            _mark_before(view, found, first)
            _close_inserted(view, found, first, last)
    for left, right in pairwise(found):
        if left.head is None and left.nouns and right.head is not None and coordinated(view, left, right):
            left.head = right.head  # "nine N and six M soldiers"
    for number, mention in enumerate(found):
        _mark_listed(view, found, number)
        if number and _is_described(view, found[number - 1], mention):
            mention.part = True


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
            total.last = parts[-1].last + view.has("comma", parts[-1].last, parts[-1].last + 1)
            return


def _mark_after(view: View, found: list[Mention], at: int) -> bool:
    """Mark the numbers that follow token ``at``; whether there is one."""
    previous: Mention | None = None
    for mention in found:
        if mention.first < at:
            continue
        if previous is None:
            if view.language in ("ur", "hi") and _has_own_outcome(view, mention, True):
                return False  # "in which five were killed"
            if mention.first - at > 4 or any(at <= span.first < mention.first for span in view.of("outcome")):
                return False
        elif not coordinated(view, previous, mention) or _has_own_outcome(view, mention):
            return True
        mention.part = True
        previous = mention
    return previous is not None


def _has_own_outcome(view: View, mention: Mention, headed: bool = False) -> bool:
    """Whether an outcome follows the phrase at once, as in "and 16 wounded"."""
    at = mention.last
    while at < len(view.words) and "auxiliary" in view.roles[at]:
        at += 1
    follows = any(span.first == at for span in view.of("outcome"))
    return follows and (headed or mention.bare or at > mention.last)


def _mark_before(view: View, found: list[Mention], at: int) -> None:
    """Mark the number that ends before token ``at``, and in languages that put the parts first its fellows too."""
    following: Mention | None = None
    for mention in reversed(found):
        if mention.first >= at:
            continue
        if following is None:
            end = mention.head.last if mention.head else mention.last
            if at - end > (view.language in _TOTAL_FIRST) or view.has("clause", end, at):
                return
        elif view.language in _TOTAL_FIRST or not coordinated(view, mention, following):
            return
        mention.theirs = view.has("theirs", at, at + 1) and mention is found[0]
        mention.part = not mention.theirs
        following = mention


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
    if mention.head is None and not mention.nouns:
        return False
    for at in range(mention.last, min(mention.last + 6, len(view.words))):
        if any(span.first == at for span in view.of("outcome")):
            return False
        if "copula" in view.roles[at]:
            return True
    return False
