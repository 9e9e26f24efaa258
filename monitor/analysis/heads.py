"""The nouns around a number: what its phrase holds, and which of them is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.analysis.actors import Actor
from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Word

if TYPE_CHECKING:
    from monitor.analysis.phrases import Mention

# Party words that say nothing about the party: people, persons.
ANYBODY = "none"
# How many tokens of a noun phrase are looked at, and the roles of tokens that end one.
_REACH = 8
_ENDS = frozenset("comma stop clause colon open close preposition auxiliary agent dative copula relative".split())
_ENDS_NOT_FOR = {"en": frozenset({"partitive"}), "fa": frozenset({"partitive"})}
# In these languages the noun comes first and what belongs to it follows; elsewhere the noun comes last.
_NOUN_FIRST = frozenset({"fa"})
# "We have lost two men; we killed ten of their soldiers": theirs are the enemy's where somebody is quoted.
_WE = frozenset({"we", "quote"})
_MARKS = '"“”«»'
_DEFINITE = 3


def read_nouns(view: View, mention: Mention, floor: int, limit: int) -> list[Span]:
    """Set the nouns of a number's phrase and the one counted; return those that follow the number.

    ``floor`` is the token at which the phrase before ends, ``limit`` the one at which the next begins.
    """
    nouns, objects, events = _forward(view, mention, limit)
    said = any(span.kind == "party" and _weight(span)[0] == _DEFINITE for span in nouns)
    before = [] if said else _backward(view, mention, floor)
    _choose_head(view, mention, nouns, objects, events, before)
    mention.nouns = nouns + before
    return nouns


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
        another = at == mention.quantity.last and mention.quantity.value == 1 and "others" in roles  # also for "and"
        if not spans and not another and ("and" in roles or (nouns and _is_another_side(view, at))):
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
            mention.foe = "their" in roles and view.all_roles >= _WE and _is_quoted(view, at)
            mention.own = mention.own or not mention.foe
        at = longest
        mention.last = at
    hurt = next((span for span in view.of("outcome") if span.first == at), None)
    if hurt and view.language == "en" and "partitive" in view.roles[at - 1]:
        died = any(span.first == hurt.last for span in view.of("outcome"))
        mention.part = not died  # "three of the wounded", but "two of the wounded died"
        mention.last = hurt.last if died else mention.last
    while mention.last > mention.quantity.last and view.roles[mention.last - 1] & {"partitive", "article", "genitive"}:
        mention.last -= 1
    return nouns, objects, events


def _is_quoted(view: View, at: int) -> bool:
    """Whether a token stands in a quotation, as far as double quotes tell: not behind one that is closed."""
    marks = [place for place in range(len(view.words)) if view.text[view.starts[place]] in _MARKS]
    return len(marks) < 2 or sum(place < at for place in marks) % 2 == 1


def _is_another_side(view: View, at: int) -> bool:
    """Whether English words begin that tell of the speaker's own: "12 soldiers | for the loss of three"."""
    return view.language == "en" and any(
        "own" in roles and last - first > 2 for roles, first, last in view.phrases if first == at
    )


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
        says = any(span.first < verb.first < span.last for verb in view.of("verb"))
        if span.last == reach and not says and span.first >= floor and (linked or _has_genitive(view, span)):
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
