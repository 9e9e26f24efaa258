"""What became of those counted: which outcome word each number of a sentence belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Word
from monitor.analysis.phrases import Mention, coordinated

PEOPLE = frozenset({"killed", "injured", "captured", "missing", "displaced"})
THINGS = frozenset({"captured", "destroyed"})
# Outcome words that say less than an outcome: killed and injured together, damage.
_MIXED, _DAMAGE, _OWN_LOSS, _NO_COUNT = "ambiguous", "damage", "own_loss", "no_count"
_KILLED = Word("outcome", "killed", "", ())
_BEFORE = frozenset("clitic article own partitive others toll_verb determiner joined dash".split())
_OWN_DEAD = "honorific_own"
_REACH = {"en": 16}
_REACH_VERB_LAST = 32
_TOLL_REACH = 9
# The same where the subject is long: "the death toll from air strikes in the provinces of N and N has risen to 47".
_TOLL_FAR = 26
_SVO = frozenset({"en"})
# So many tokens at most lie between an outcome and a second subject behind it, between a verb and the new figure.
_TRAILS, _RECOUNTS = 8, 3
_JOINS, _CLOSES = frozenset({"and", "joined"}), frozenset({"stop", "clause", "comma", "relative"})


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
    return [loss for loss in found if loss.word.side not in (_MIXED, _DAMAGE)]


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
    after, adjacent = _after(view, counted, number, outcomes)
    before = _before(view, mention, outcomes, used)
    if after is not None and before is not None and _describes(view, after, mention):
        after = None
        mention.head = next((span for span in view.of("party") if span.first <= mention.last + 1 < span.last + 1), None)
    if after is not None and (adjacent or before is None):
        return Loss(mention, after, active=_is_deed(view, after))
    if before is not None:
        noun = view.has("verbal_noun", before.first, before.last)
        return Loss(mention, before, active=view.language in _SVO and not noun)
    if last is not None and not mention.bare and _trails(view, last, mention):
        return Loss(mention, last.outcome, last.active, chained=True)
    if last is not None and mention.bare and not mention.things and _is_said(view, mention):
        return Loss(mention, last.outcome, last.active, chained=True)
    if last is not None and mention.others and view.language in _SVO:
        return Loss(mention, last.outcome, last.active, chained=True) if _fits(last.outcome, mention) else None
    if (
        last is not None
        and not mention.bare
        and coordinated(view, last.mention, mention)
        and _fits(last.outcome, mention)
    ):
        return Loss(mention, last.outcome, last.active, chained=True)
    return None


def _is_said(view: View, mention: Mention) -> bool:
    """Whether a bare number is the object of a verb of saying: "N killed, they say; the ministry admits five"."""
    for span in view.of("verb"):
        word = span.entry
        before = 0 <= mention.first - span.last <= 1 and view.language == "en"
        behind = 0 <= span.first - mention.last <= 1 and view.language != "en"
        if (before or behind) and isinstance(word, Word) and word.side in _SAYS:
            return True
    return False


_SAYS = frozenset({"claimed", "confirmed"})


def _trails(view: View, last: Loss, mention: Mention) -> bool:
    """Whether a number ends a clause as a second subject: "five were hurt in the attack and over 40 gunmen"."""
    low = max(last.outcome.last, last.mention.last)
    if view.language not in _SVO or not 0 < mention.first - low <= _TRAILS or not _fits(last.outcome, mention):
        return False
    if not view.roles[mention.first - 1] & _JOINS or any(
        view.roles[at] & _BARRIERS for at in range(low, mention.first)
    ):
        return False
    if any(low <= span.first < mention.first for span in view.of("verb", "outcome")):
        return False
    return mention.last >= len(view.words) or bool(view.roles[mention.last] & _CLOSES)


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
    if not view.has("life", at, at + 1) or not view.has("taken", mention.quantity.last, mention.last + _TOLL_REACH):
        return None
    return Span("outcome", _KILLED, at, mention.first, view.starts[at], view.ends[at])


def _describes(view: View, outcome: Span, mention: Mention) -> bool:
    """Whether an outcome is an adjective of the noun behind it: "killing eight fleeing gunmen"."""
    if view.language not in _SVO or outcome.first != mention.quantity.last or outcome.last != outcome.first + 1:
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


def _fits(outcome: Span, mention: Mention) -> bool:
    """Whether the outcome can befall what is counted."""
    word = outcome.entry
    assert isinstance(word, Word)
    if mention.things:
        return word.means in THINGS
    return word.means in PEOPLE and word.side not in ("things", _DAMAGE)


def _before(view: View, mention: Mention, outcomes: Sequence[Span], used: set[int]) -> Span | None:
    """The outcome the number follows as its object: "killed 12 …", "the deaths of 12 …", "the toll rose to 12"."""
    for outcome in reversed(outcomes):
        gap = mention.first - outcome.last
        if gap < 0:
            continue
        if mention.bare and gap <= _TOLL_REACH and _is_toll(view, outcome, mention):
            _take_thing(view, mention, outcome)
        if not _fits(outcome, mention):
            continue
        given = view.has("toll_verb", mention.first - 1, mention.first)
        if gap > _TOLL_REACH and not (given and gap <= _TOLL_FAR and not _tells(view, outcome.last, mention.first)):
            return None
        given = given or (mention.head is not None and mention.head.last <= mention.quantity.first)
        if (given or mention.head is None or _says_people_only(mention)) and _is_toll(view, outcome, mention):
            return outcome
        if view.language not in _SVO and not view.has("verbal_noun", outcome.last - 1, outcome.last):
            continue
        if outcome.first not in used and gap <= 3 and view.only(_BEFORE, outcome.last, mention.first):
            return outcome
    return None


def _tells(view: View, first: int, last: int) -> bool:
    return any(first <= span.first < last for span in view.of("verb"))


def _take_thing(view: View, mention: Mention, outcome: Span) -> None:
    """Give a number the things it is the number of: "the number of captured posts at 19"."""
    for span in view.of("object"):
        if outcome.last <= span.first and span.last <= mention.first:
            mention.head, mention.bare = span, False


def _is_toll(view: View, outcome: Span, mention: Mention) -> bool:
    """Whether a word like "toll", "number" makes the number that of an outcome: "the number of dead rose to"."""
    first = mention.quantity.first
    if any(view.roles[at] & _TOLL_ENDS for at in range(outcome.last, first)):
        return False
    if view.has("toll", outcome.first - 2, first):
        return True
    listed = view.has("and", outcome.first - 1, outcome.first) and view.language not in _SVO
    return listed and view.has("toll", 0, outcome.first)


_TOLL_ENDS = frozenset({"comma", "clause", "stop"})


def _says_people_only(mention: Mention) -> bool:
    word = mention.head.entry if mention.head else None
    return isinstance(word, Word) and word.side == "none"


def _after(view: View, counted: Sequence[Mention], number: int, outcomes: Sequence[Span]) -> tuple[Span | None, bool]:
    """The outcome that follows the number in its clause, and whether it follows at once."""
    mention = counted[number]
    at = mention.last
    reach = at + _REACH.get(view.language, _REACH_VERB_LAST)
    tip = mention
    rest = list(counted[number + 1 :])
    verbs = {span.first for span in view.of("verb") if not _is_aside(view, span)}
    starts: dict[int, Span] = {}
    for span in outcomes:
        if span.first not in starts or not _fits(starts[span.first], mention):
            starts[span.first] = span
    while at < min(reach, len(view.words)):
        outcome = starts.get(at)
        if outcome is not None:
            if not _blocks(view, mention, outcome, counted):
                if _fits(outcome, mention):
                    if _was_hurt(view, outcome, mention):
                        later = _died_of_it(view, outcome, outcomes, rest)
                        if later is not None:
                            return later, True
                    return outcome, view.only(_ADJACENT, mention.last, outcome.first)
                at = outcome.last
                if mention.bare:
                    return None, False
                continue
            return None, False
        following = next((other for other in rest if other.first == at), None)
        if following is not None:
            if not following.part:
                if coordinated(view, tip, following):
                    tip = following
                elif mention.things or not _is_place(view, following):
                    return None, False
            at = following.last
            continue
        if (
            at in verbs
            or view.roles[at] & _BARRIERS
            or (mention.bare and not mention.others and at - mention.last >= 3)
        ):
            return None, False
        at += 1
    return None, False


def _is_place(view: View, mention: Mention) -> bool:
    """Whether the things counted are where something happens: "in four camps"."""
    if not mention.things:
        return False
    if view.language in _PREPOSED:
        return view.has("preposition", mention.first - 1, mention.first)
    return view.has("locative", mention.last, mention.last + 1)


_PREPOSED = frozenset({"en", "fa"})


def _was_hurt(view: View, outcome: Span, mention: Mention) -> bool:
    """Whether those counted are described as hurt: "a soldier wounded in the firing"."""
    word = outcome.entry
    injured = isinstance(word, Word) and word.means == "injured"
    return (
        injured
        and view.language in _SVO
        and outcome.first == mention.last
        and not view.has("be", outcome.first, outcome.last)
    )


def _died_of_it(view: View, hurt: Span, outcomes: Sequence[Span], rest: Sequence[Mention]) -> Span | None:
    """The death that the sentence goes on to tell of those described as hurt."""
    later = [span for span in outcomes if hurt.last <= span.first <= hurt.last + _DIES]
    for span in later:
        if any(hurt.last <= other.first < span.first for other in rest) or _tells(view, hurt.last, span.first):
            return None
        if any(view.roles[at] & _BARRIERS for at in range(hurt.last, span.first)):
            return None
        if (
            isinstance(span.entry, Word)
            and span.entry.means == "killed"
            and not view.has("be", span.first - 1, span.first)
        ):
            return span
    return None


_DIES = 14
_ADJACENT = frozenset({"auxiliary", "others"})
_BARRIERS = frozenset({"clause", "stop", "colon"})


def is_passive(view: View, verb: Span) -> bool:
    """Whether a verb of saying only hedges: "are reported killed", "is said to have died"."""
    return view.language in _SVO and view.has("be", verb.first - 1, verb.first)


def _is_aside(view: View, verb: Span) -> bool:
    """Whether a verb of saying does not end the clause: "according to", "are said to be", "whom it says"."""
    if isinstance(verb.entry, Word) and verb.entry.means == "according_to":
        return True
    return is_passive(view, verb) or (view.language in _SVO and view.has("pronoun", verb.first - 1, verb.first))


def _blocks(view: View, mention: Mention, outcome: Span, counted: Sequence[Mention]) -> bool:
    """Whether the outcome is the deed of those counted, not what befell them: "two gunmen killed five"."""
    if view.language not in _SVO:
        if not view.has("verbal_noun", outcome.last - 1, outcome.last):
            return False
        return any(
            0 <= other.first - outcome.last <= 1 and not view.has("and", outcome.last, other.first)
            for other in counted
            if not other.part
        )
    word = outcome.entry
    assert isinstance(word, Word)
    if word.side == _OWN_LOSS:
        return not view.has("be", mention.last, outcome.first)
    if view.has("participle", outcome.first, outcome.first + 1):
        return True
    if view.has("auxiliary", mention.last, outcome.first) or view.has("adjective", outcome.first, outcome.last):
        return False
    following = next((other for other in counted if 0 <= other.first - outcome.last <= 1), None)
    if following is None or not view.only(_BEFORE, outcome.last, following.first):
        return False
    starts = {span.first for span in view.of("outcome")}
    return not (following.bare and following.last in starts)


def _is_deed(view: View, outcome: Span) -> bool:
    """Whether a verb at the end of its clause tells a deed: "they killed five", not "five were killed"."""
    if view.language in _SVO:
        return False
    last = outcome.last - 1
    if view.has("verbal_noun", outcome.first, outcome.last):
        return False
    if view.has("passive", outcome.first, min(outcome.last + 2, len(view.words))):
        return False
    return view.has("active", outcome.first, min(last + 3, len(view.words)))
