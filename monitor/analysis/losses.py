"""What became of those counted: which outcome word each number of a sentence belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Word
from monitor.analysis.outcomes import (
    BARRIERS,
    DAMAGE,
    SVO,
    THINGS,
    TOLL_REACH,
    fits,
    is_deed,
    outcome_after,
    outcome_before,
)
from monitor.analysis.phrases import Mention, coordinated

# Outcome words that say less than an outcome: killed and injured together.
_MIXED, _NO_COUNT = "ambiguous", "no_count"
# So many tokens at most lie between an outcome and a second subject behind it, between a verb and the new figure.
_TRAILS, _RECOUNTS = 8, 3
# So many tokens behind those counted tell that they came together.
_GATHERS = 6
_JOINS, _CLOSES = frozenset({"and", "joined"}), frozenset({"stop", "clause", "comma", "relative"})
_KILLED = Word("outcome", "killed", "", ())
_OWN_DEAD = "honorific_own"
_SAYS = frozenset({"claimed", "confirmed"})


@dataclass(slots=True)
class Loss:
    """A number with its outcome. ``active`` losses are told as somebody's deed: "killed five"."""

    mention: Mention
    outcome: Span
    active: bool = False
    chained: bool = False

    @property
    def word(self) -> Word:
        """The outcome as the lexicon has it."""
        assert isinstance(self.outcome.entry, Word)
        return self.outcome.entry


def losses(view: View, counted: Sequence[Mention]) -> list[Loss]:
    """All losses of a sentence in order, of its counted noun phrases; parts of others are left out."""
    outcomes = [span for span in view.of("outcome") if isinstance(span.entry, Word) and span.entry.side != _NO_COUNT]
    found: list[Loss] = []
    used: set[int] = set()
    for number, mention in enumerate(counted):
        if mention.part:
            continue
        loss = _loss(view, counted, number, outcomes, used, found)
        if loss is not None:
            if mention.agent and loss.word.side != _OWN_DEAD:  # "five men embraced martyrdom" has an agent
                continue
            used.add(loss.outcome.first)
            found.append(loss)
    for loss in found:
        _name_losses(view, loss)
    return [loss for loss in found if loss.word.side not in (_MIXED, DAMAGE)]


def _name_losses(view: View, loss: Loss) -> None:
    """Take English losses that are put at a number for deaths: "puts its losses at nine", "the loss as 19 soldiers"."""
    outcome, at = loss.outcome, loss.mention.first - 1
    if view.language == "en" and view.has("losses", outcome.first, outcome.last) and view.has("toll_verb", at, at + 1):
        loss.outcome = outcome._replace(entry=_KILLED)


def _comes_together(view: View, mention: Mention, outcome: Span | None) -> bool:
    """Whether those counted come together for others: "thousands attended the funeral of those killed"."""
    first = mention.quantity.last
    return view.has("gathering", first, outcome.last if outcome is not None else first + _GATHERS)


def _loss(
    view: View, counted: Sequence[Mention], number: int, outcomes: Sequence[Span], used: set[int], found: list[Loss]
) -> Loss | None:
    mention = counted[number]
    last = found[-1] if found else None
    if last is not None and last.mention.things and mention.bare:
        more = _more_things(view, mention, last, outcomes)
        if more is not None:
            return more
    taken = _taken_life(view, mention)
    if taken is not None:
        return Loss(mention, taken)
    after, adjacent = outcome_after(view, counted, number, outcomes)
    if mention.quantity.vague and _comes_together(view, mention, after):
        return None
    before = outcome_before(view, mention, outcomes, used)
    if after is not None and before is not None and _describes(view, after, mention):
        after = None
        mention.head = next((span for span in view.of("party") if span.first <= mention.last + 1 < span.last + 1), None)
    if after is not None and (adjacent or before is None):
        return Loss(mention, after, active=is_deed(view, after))
    if before is not None:
        noun = view.has("verbal_noun", before.first, before.last)
        return Loss(mention, before, active=view.language in SVO and not noun)
    return _chained(view, last, mention) if last is not None else None


def _chained(view: View, last: Loss, mention: Mention) -> Loss | None:
    """The loss of a number without an outcome of its own: it has that of the one before."""
    chained = Loss(mention, last.outcome, last.active, chained=True)
    if not mention.bare and _trails(view, last, mention):
        return chained
    if mention.bare and not mention.things and _is_said(view, mention):
        if last.mention.things:
            mention.head, mention.bare = last.mention.head, False
        return chained
    if mention.bare and (_is_put_too(view, last, mention) or _is_elsewhere(view, last, mention)):
        return chained
    against = view.language in SVO and mention.own and view.has("against", mention.first - 1, mention.first)
    if against and not mention.things:
        return chained
    if mention.others and view.language in SVO:
        return chained if fits(last.outcome, mention) else None
    if not mention.bare and coordinated(view, last.mention, mention) and fits(last.outcome, mention):
        return chained
    return None


def _is_put_too(view: View, last: Loss, mention: Mention) -> bool:
    """Whether an English number is put as the one before was: "N put the dead at six, M at 15"."""
    if view.language not in SVO or last.mention.things:
        return False
    return all(view.has("toll_verb", one.first - 1, one.first) for one in (last.mention, mention))


def _is_said(view: View, mention: Mention) -> bool:
    """Whether a bare number is the object of a verb of saying: "N killed, they say; the ministry admits five"."""
    for span in view.of("verb"):
        word = span.entry
        before = 0 <= mention.first - span.last <= 1 and view.language == "en"
        behind = 0 <= span.first - mention.last <= 1 and view.language != "en"
        if (before or behind) and isinstance(word, Word) and word.side in _SAYS:
            return True
    return False


def _trails(view: View, last: Loss, mention: Mention) -> bool:
    """Whether a number ends a clause as a second subject: "five were hurt in the attack and over 40 gunmen"."""
    low = max(last.outcome.last, last.mention.last)
    if view.language not in SVO or not 0 < mention.first - low <= _TRAILS or not fits(last.outcome, mention):
        return False
    if not view.roles[mention.first - 1] & _JOINS or any(view.roles[at] & BARRIERS for at in range(low, mention.first)):
        return False
    if any(low <= span.first < mention.first for span in view.of("verb", "outcome")):
        return False
    return mention.last >= len(view.words) or bool(view.roles[mention.last] & _CLOSES)


def _is_elsewhere(view: View, last: Loss, mention: Mention) -> bool:
    """Whether a bare number is the share of another time or place: "killed 41 on Saturday and 13 on Sunday"."""
    low = max(last.outcome.last, last.mention.last)
    if view.language not in SVO or last.mention.things or not 0 < mention.first - low <= _TRAILS:
        return False
    if not view.roles[mention.first - 1] & _JOINS or not view.has("preposition", mention.last, mention.last + 1):
        return False
    between = range(low, mention.first)
    if any(view.roles[at] & BARRIERS for at in between) or not view.has("preposition", low, mention.first):
        return False
    return not any(span.first in between for span in view.of("verb", "outcome"))


def recount(view: View, counted: Sequence[Mention], last: Loss | None) -> Loss | None:
    """The loss of the sentence before under another number: "the ministry put the figure at five"."""
    if last is None:
        return None
    for roles, _, end in view.phrases:
        for mention in counted if "recount" in roles else ():
            if mention.bare and 0 <= mention.first - end <= _RECOUNTS:
                mention.head, mention.bare = last.mention.head if last.mention.things else None, not last.mention.things
                return Loss(mention, Span("outcome", last.word, end - 1, end, view.starts[end - 1], view.ends[end - 1]))
    return None


def _taken_life(view: View, mention: Mention) -> Span | None:
    """The idiom of lives taken, whose words mean nothing apart: "cost 29 lives", "took the life of five"."""
    at = mention.first - 1
    if not view.has("life", at, at + 1) or not view.has("taken", mention.quantity.last, mention.last + TOLL_REACH):
        return None
    return Span("outcome", _KILLED, at, mention.first, view.starts[at], view.ends[at])


def _describes(view: View, outcome: Span, mention: Mention) -> bool:
    """Whether an outcome is an adjective of the noun behind it: "killing eight fleeing gunmen"."""
    if view.language not in SVO or outcome.first != mention.quantity.last or outcome.last != outcome.first + 1:
        return False
    return any(span.first == outcome.last for span in view.of("party"))


def _more_things(view: View, mention: Mention, last: Loss, outcomes: Sequence[Span]) -> Loss | None:
    """A number without a noun after things: "27 posts were destroyed and nine captured"."""
    for outcome in outcomes:
        near = 0 <= outcome.first - mention.last <= 3
        if near and isinstance(outcome.entry, Word) and outcome.entry.means in THINGS:
            mention.head, mention.bare = last.mention.head, False
            return Loss(mention, outcome, last.active)
    return None
