"""Noun phrases of numbers: what is counted, and the words that go with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.analysis.actors import Actor
from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Word
from monitor.analysis.numbers import Quantity

# How many tokens of a noun phrase are looked at, and the roles of tokens that end one.
_REACH = 8
_ENDS = frozenset("comma stop clause colon open close preposition auxiliary agent dative copula relative".split())
_SIGNS = frozenset("comma stop clause colon open close agent".split())
_ENDS_NOT_FOR = {"en": frozenset({"partitive"}), "fa": frozenset({"partitive"})}
# In these languages the noun comes first and what belongs to it follows; elsewhere the noun comes last.
_NOUN_FIRST = frozenset({"fa"})
_NAMES = 14
# "We have lost two men; we killed ten of their soldiers": theirs are the enemy's where somebody is quoted.
_WE = frozenset({"we", "quote"})
_COORDINATING = frozenset({"and", "comma", "article", "others", "own", "possessive", "joined"})
# Party words that say nothing about the party: people, persons.
ANYBODY = "none"
_DEFINITE = 3
_GROUP = frozenset({"group"})
# What stands between one and what became of him: "of one the wounding".
_BEFORE_OUTCOME = frozenset({"own", "clitic", "auxiliary", "genitive"})


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


def coordinated(view: View, left: Mention, right: Mention) -> bool:
    """Whether only "and", a comma or the like stands between two noun phrases."""
    gap = range(left.last, right.first)
    if 0 < len(gap) <= 3 and view.only(_COORDINATING, left.last, right.first):
        return True
    return view.language == "en" and 0 < len(gap) <= _NAMES and all(_is_name(view, at) for at in gap)


def _is_name(view: View, at: int) -> bool:
    """Whether a token is a name or stands between names."""
    return bool(view.roles[at] & _COORDINATING) or view.text[view.starts[at]].isupper()


def phrase(view: View, quantity: Quantity, floor: int, limit: int) -> Mention:
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
    head = mention.head
    if view.has("group", quantity.last, quantity.last + 1) or (
        head is not None and head.first >= quantity.first and view.only(_GROUP, head.first, head.last)
    ):
        mention.useless = True  # families are no persons
    if mention.head is None and mention.last > quantity.last and view.has("both", quantity.first, quantity.last):
        mention.useless = True  # "both districts"
    mention.bare = mention.head is None and not nouns and mention.last <= quantity.last + mention.others
    if quantity.article and (not _is_one(view, mention) or _runs_into_speaker(view, mention)):
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
    while at < len(view.words) and view.roles[at] & _BEFORE_OUTCOME:
        at += 1
    return mention.others or (view.language != "en" and any(span.first == at for span in view.of("outcome")))


def _runs_into_speaker(view: View, mention: Mention) -> bool:
    """Whether the noun behind an article only tells of whom an office is: "a N official"."""
    if view.language != "en":
        return False
    ends = {mention.last, mention.head.last if mention.head else mention.last}
    apart = view.has("comma", mention.quantity.first - 1, mention.quantity.first)
    if not apart or any(span.first >= mention.last for span in view.of("outcome")):
        return any(span.first == mention.last and span.last > mention.last for span in view.of("speaker"))
    return any(span.first in ends for span in view.of("speaker"))


def _is_article_of(view: View, mention: Mention) -> bool:
    """Whether the article goes with a person, not with a number of them: "a group of gunmen"."""
    first, last = mention.quantity.last, mention.last
    of = next((at for at in range(first, last) if "partitive" in view.roles[at]), last)
    return any(first <= span.first and span.last <= of for span in view.of("party", "object"))


def _second_noun(view: View, mention: Mention, limit: int) -> Span | None:
    """The noun behind "and" that goes under the same number."""
    at, apposed = mention.last, None
    if view.language == "en" and view.has("comma", at, at + 1):  # "13 people, soldiers and civilians, were"
        apposed = next((span for span in view.of("party") if span.first == at + 1 and span.last < limit), None)
        at = apposed.last if apposed is not None else at
    if at >= len(view.words) or "and" not in view.roles[at]:
        return None
    for span in view.of("party"):
        if at < span.first <= at + 5 and span.last <= limit and not _crosses(view, at + 1, span.first):
            mention.head = apposed or mention.head
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
        if ("subset_before" in roles and at <= mention.quantity.last + 2) or ("subset_after" in roles and nouns):
            break
        if nouns and spans and all(span.kind == "event" for span in spans) and _is_clause(view, at, nouns[-1]):
            break  # "54 gunmen trying to cross"
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


def _is_clause(view: View, at: int, noun: Span) -> bool:
    """Whether what happens is told of a noun, in English: after a plural, or with a participle."""
    if view.language != "en":
        return False
    return view.words[at].endswith("ing") or (
        view.words[noun.last - 1].endswith("s") or view.has("people", noun.first, noun.last)
    )


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
    if view.language == "fa":
        return _of_whom(view, at, floor)
    if view.language == "en":
        return nouns
    linked = at > floor and "genitive" in view.roles[at - 1]
    reach = at - 1 if linked else at
    for span in reversed(view.of("party", "actor")):
        if span.last == reach and span.first >= floor and (linked or _has_genitive(view, span)):
            nouns.append(span)
            mention.first = min(mention.first, span.first)
    return nouns


def _of_whom(view: View, at: int, floor: int) -> list[Span]:
    """The noun behind "of" right before a number: "of the soldiers twelve men"; not that of a verb of saying."""
    found = [span for span in view.of("party", "actor") if span.last == at and span.first > floor]
    verbs = view.of("verb")
    return [
        span
        for span in found
        if view.has("partitive", span.first - 1, span.first)
        and not any(verb.first < span.first <= verb.last for verb in verbs)
    ]


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


def _weight(span: Span) -> tuple[int, int]:
    word = span.entry
    side = word.side if isinstance(word, Word) else ""
    means = word.means if isinstance(word, Word) else ""
    rank = 0 if side == ANYBODY else 1 if means == "ambiguous" else 2 if side == "context" else _DEFINITE
    return rank, span.last - span.first
