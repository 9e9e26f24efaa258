"""Noun phrases of numbers: what is counted, and the words that go with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.analysis.grammar import Span, View
from monitor.analysis.heads import read_nouns
from monitor.analysis.numbers import Quantity

_SIGNS = frozenset("comma stop clause colon open close agent".split())
_NAMES = 14
_COORDINATING = frozenset({"and", "comma", "article", "others", "own", "possessive", "joined"})
_CLAIMED = "claimed"
_OTHERS = frozenset({"others"})
_GROUP = frozenset({"group"})
_SENTENCE_PARTS = frozenset({"clause", "stop", "colon"})
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
    nouns = read_nouns(view, mention, floor, limit)
    if view.language == "ps":
        mention.clitic = mention.clitic or view.has("clitic", mention.last, mention.last + 1)
    if mention.head is None:
        mention.head = _noun_behind(view, mention)
    if view.has("negation", quantity.first - 1, quantity.first) or _is_none(view, mention):
        mention.useless = True
    head = mention.head
    if view.has("group", quantity.last, quantity.last + 1) or (
        head is not None and head.first >= quantity.first and view.only(_GROUP, head.first, head.last)
    ):
        mention.useless = True  # families are no persons
    if mention.head is None and mention.last > quantity.last and view.has("both", quantity.first, quantity.last):
        mention.useless = True  # "both districts"
    mention.bare = mention.head is None and not nouns and mention.last <= quantity.last + mention.others
    if view.language == "en" and _says(view, mention):
        mention.useless = True
    if quantity.article and (not _is_one(view, mention) or _runs_into_speaker(view, mention)):
        mention.useless = True
    mention.beside = _second_noun(view, mention, limit)
    following = view.roles[mention.last] if mention.last < len(view.words) else frozenset()
    mention.agent = "agent" in following
    return mention


def _is_none(view: View, mention: Mention) -> bool:
    """Whether one is counted only to say that there was none: "not a single tank"; the negation may stand behind."""
    if mention.quantity.value != 1 or not view.has("even", mention.first - 1, mention.last + 1):
        return False
    ends = (at for at in range(mention.last, len(view.words)) if view.roles[at] & _SENTENCE_PARTS)
    return view.has("negation", mention.first - 2, next(ends, len(view.words)))


def _is_other(view: View, at: int) -> bool:
    if at < 0 or "others" not in view.roles[at] or "and" in view.roles[at]:
        return False
    return view.language != "en" or "article" in view.roles[at]


def _noun_behind(view: View, mention: Mention) -> Span | None:
    """The noun behind an outcome that stands before it as an adjective: "55 dead soldiers"."""
    for outcome in view.of("outcome"):
        if outcome.first == mention.last:
            at = outcome.last
            if view.language == "fa":  # "55 dead of the soldiers"
                if not view.has("partitive", at, at + 1):
                    return None
                at += 1
            return next((span for span in view.of("party") if span.first == at), None)
    return None


def _is_one(view: View, mention: Mention) -> bool:
    """Whether an article counts one: "a soldier", "another", in other languages than English also "one wounded"."""
    if mention.head is not None:
        return view.language != "en" or (_is_article_of(view, mention) and not _is_adjective(view, mention.head))
    at = mention.last
    if at > mention.quantity.last and not mention.others:
        return False
    if view.language == "en" and not view.only(_OTHERS, mention.quantity.last, at):
        return False  # "another group"
    if view.language == "en" and view.has("locative", mention.first - 1, mention.first):
        return False  # "… in one place and in another"
    while at < len(view.words) and view.roles[at] & _BEFORE_OUTCOME:
        at += 1
    counted_on = view.has("others", mention.quantity.last, mention.last)  # "a third was killed"
    befallen = (view.language != "en" or counted_on) and any(span.first == at for span in view.of("outcome"))
    return (mention.others and not counted_on) or befallen


def _is_adjective(view: View, rank: Span) -> bool:
    """Whether what is also a rank says how great the plain noun behind it is: "a major operation"."""
    at = rank.last
    if not view.has("rank_or_size", rank.first, at) or at >= len(view.words) or view.roles[at]:
        return False
    told = view.of("outcome", "verb", "weekday")
    return view.text[view.starts[at]].islower() and not any(span.first == at for span in told)


def _says(view: View, mention: Mention) -> bool:
    """Whether those counted are the ones who speak: "two officials told N", "an officer said"."""
    at = mention.last
    if view.has("pronoun", at - 1, at):
        return False  # "the 23 soldiers it says were killed"
    ends = {at, mention.head.last if mention.head else at}
    verbs = [span for span in view.of("verb") if span.first in ends and not view.has("to", span.last, span.last + 1)]
    return any(getattr(span.entry, "side", "") == _CLAIMED for span in verbs)


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
    if at >= len(view.words) or "and" not in view.roles[at] or "auxiliary" in view.roles[at]:
        return None
    if view.language == "en" and any(at < vague.first <= at + 2 for vague in view.of("vague")):
        return None  # "two soldiers and a number of civilians"
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
