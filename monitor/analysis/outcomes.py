"""Which outcome word of a sentence a counted noun phrase belongs to: the one behind it, or the one before."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Word
from monitor.analysis.phrases import Mention, coordinated

PEOPLE = frozenset({"killed", "injured", "captured", "missing", "displaced"})
THINGS = frozenset({"captured", "destroyed"})
DAMAGE, OWN_LOSS = "damage", "own_loss"
SVO = frozenset({"en"})
TOLL_REACH = 9
# The same where the subject is long: "the death toll from air strikes in the provinces of N and N has risen to 47".
_TOLL_FAR = 26
_TOLL_REACH_BACK = 7
# So many tokens at most has an object without a number, it begins with one of these, and has none of those.
_FIRST_OBJECT = 7
_OBJECT = frozenset({"article", "own", "possessive"})
_NO_OBJECT = frozenset({"comma", "clause", "stop", "colon", "preposition"})
_BEFORE = frozenset("clitic article own partitive others toll_verb determiner joined dash quote possessive".split())
_REACH = {"en": 16}
_REACH_VERB_LAST = 32
_PREPOSED = frozenset({"en", "fa"})
_ADJACENT = frozenset({"auxiliary", "others"})
BARRIERS = frozenset({"clause", "stop", "colon"})
_TOLL_ENDS = frozenset({"comma", "clause", "stop"})
_DIES = 14
_COUNTED_ON, _NO_LIST = 4, frozenset({"comma", "clause", "stop", "colon", "agent", "relative"})
_LISTING = frozenset({"and", "comma", "preposition", "locative", "genitive"})
_NOT_OF_IT = BARRIERS | {"negation"}


def fits(outcome: Span, mention: Mention) -> bool:
    """Whether the outcome can befall what is counted."""
    word = outcome.entry
    assert isinstance(word, Word)
    if mention.things:
        return word.means in THINGS
    if word.means == "displaced" and mention.quantity.value == 1:
        return False  # one who was driven out tells of it
    return word.means in PEOPLE and word.side not in ("things", DAMAGE)


def outcome_before(view: View, mention: Mention, outcomes: Sequence[Span], used: set[int]) -> Span | None:
    """The outcome the number follows as its object: "killed 12 …", "the deaths of 12 …", "the toll rose to 12"."""
    for outcome in reversed(outcomes):
        gap = mention.first - outcome.last
        if gap < 0:
            continue
        if mention.bare and gap <= TOLL_REACH and _is_toll(view, outcome, mention):
            _take_thing(view, mention, outcome)
        if not fits(outcome, mention):
            continue
        given = view.has("toll_verb", mention.first - 1, mention.first)
        if gap > TOLL_REACH and not (given and gap <= _TOLL_FAR and not _tells(view, outcome.last, mention.first)):
            return None
        given = given or (mention.head is not None and mention.head.last <= mention.quantity.first)
        given = given or (view.language in SVO and _are_those(view, outcome, mention))
        plain = mention.head is None and (view.language not in SVO or mention.bare or mention.others)
        if (given or plain or _says_people_only(mention)) and _is_toll(view, outcome, mention):
            return outcome
        if view.language not in SVO and not view.has("verbal_noun", outcome.last - 1, outcome.last):
            continue
        if outcome.first not in used and gap <= 3 and view.only(_BEFORE, outcome.last, mention.first):
            return outcome
        if outcome.first not in used and view.language in SVO and _is_second_object(view, outcome, mention):
            return outcome
    return None


def _tells(view: View, first: int, last: int) -> bool:
    return any(first <= span.first < last for span in view.of("verb"))


def _take_thing(view: View, mention: Mention, outcome: Span) -> None:
    """Give a number the things it is the number of: "the number of captured posts at 19"."""
    for span in view.of("object"):
        before = view.language == "fa" and span.last == outcome.first
        if before or (outcome.last <= span.first and span.last <= mention.first):
            mention.head, mention.bare = span, False


def _is_toll(view: View, outcome: Span, mention: Mention) -> bool:
    """Whether a word like "toll", "number" makes the number that of an outcome: "the number of dead rose to"."""
    first = mention.quantity.first
    if any(view.roles[at] & _TOLL_ENDS and "toll_verb" not in view.roles[at] for at in range(outcome.last, first)):
        return False
    if view.has("toll", outcome.first - 2, first):
        return True
    if view.language in SVO and view.has("recount", outcome.first, outcome.last):
        return True  # "raised the toll to"
    given = "toll_verb" in view.roles[first - 1] or "copula" in view.roles[first - 1]
    if view.language in SVO and given and _is_numbered(view, outcome.first):
        return True
    begins = next((o.first for o in view.of("object") if o.last == outcome.first), outcome.first)
    begins -= view.has("genitive", begins - 1, begins) and view.language == "ps"
    listed = view.has("and", begins - 1, begins) and view.language not in SVO
    return listed and view.has("toll", 0, outcome.first)


def _is_second_object(view: View, outcome: Span, mention: Mention) -> bool:
    """Whether a number follows a first object without one: "killed its crew and 30 fighters"."""
    low, high = outcome.last, mention.first - 1
    if not 0 < high - low <= _FIRST_OBJECT or "and" not in view.roles[high] or not view.roles[low] & _OBJECT:
        return False
    if view.has("auxiliary", outcome.first - 1, outcome.last) or any(
        view.roles[at] & _NO_OBJECT for at in range(low, high)
    ):
        return False
    kinds = view.of("verb", "outcome", "number", "event")
    return not any(low <= span.first < high for span in kinds)


def _are_those(view: View, outcome: Span, mention: Mention) -> bool:
    """Whether English people are said to be the dead or the hurt: "the dead were 18 civilians"."""
    near = outcome.last + 1 == mention.first and view.has("copula", outcome.last, mention.first)
    return near and view.words[outcome.first - 1 : outcome.first] == ["the"]


def _is_numbered(view: View, at: int) -> bool:
    """Whether an English outcome is one whose number is given: "put the number of N soldiers killed in … at"."""
    for place in range(at - 1, max(at - _TOLL_REACH_BACK, -1), -1):
        if view.roles[place] & {"toll", "recount"}:
            return view.has("partitive", place + 1, place + 2)
        if view.roles[place] & _TOLL_ENDS:
            return False
    return False


def _says_people_only(mention: Mention) -> bool:
    word = mention.head.entry if mention.head else None
    return isinstance(word, Word) and word.side == "none"


def outcome_after(
    view: View, counted: Sequence[Mention], number: int, outcomes: Sequence[Span]
) -> tuple[Span | None, bool]:
    """The outcome that follows the number in its clause, and whether it follows at once."""
    mention = counted[number]
    at = mention.last
    reach = at + _REACH.get(view.language, _REACH_VERB_LAST)
    tip = mention
    rest = list(counted[number + 1 :])
    verbs = {span.first for span in view.of("verb") if not _is_aside(view, span)}
    starts: dict[int, Span] = {}
    for span in outcomes:
        if span.first not in starts or not fits(starts[span.first], mention):
            starts[span.first] = span
    while at < min(reach, len(view.words)):
        outcome = starts.get(at)
        if outcome is not None:
            if not _blocks(view, mention, outcome, counted):
                if fits(outcome, mention):
                    if _was_hurt(view, outcome, mention):
                        later = _died_of_it(view, outcome, outcomes, rest)
                        if later is not None:
                            return later, True
                    apart = view.language != "en" and view.has("and", mention.last, outcome.first)
                    return outcome, view.only(_ADJACENT, mention.last, outcome.first) and not apart
                at = outcome.last
                if mention.bare:
                    return None, False
                continue
            return None, False
        following = next((other for other in rest if other.first == at), None)
        if following is not None:
            if not following.part:
                if (
                    coordinated(view, tip, following)
                    or _is_listed(view, tip, following)
                    or _is_counted_on(view, tip, following)
                ):
                    tip = following
                elif mention.things or not _is_place(view, following):
                    return None, False
            at = following.last
            continue
        if at in verbs or view.roles[at] & BARRIERS or (mention.bare and not mention.others and at - mention.last >= 3):
            return None, False
        at += 1
    return None, False


def _is_counted_on(view: View, left: Mention, right: Mention) -> bool:
    """Whether a bare number shares noun and verb of the next: "33 and the next night 14 gunmen were killed"."""
    if view.language in SVO or not left.bare or right.bare or not 1 < right.first - left.last <= _COUNTED_ON:
        return False
    if "and" not in view.roles[left.last] or any(view.roles[at] & _NO_LIST for at in range(left.last, right.first)):
        return False
    kinds = view.of("outcome", "verb", "party", "event", "object")
    return not any(left.last <= span.first < right.first for span in kinds)


def _is_listed(view: View, left: Mention, right: Mention) -> bool:
    """Whether a number goes on a list that names places: "in N three men and in M two were killed"."""
    if view.language in SVO or not any(
        "and" in view.roles[at] or "comma" in view.roles[at] for at in range(left.last, right.first)
    ):
        return False
    named = {at for span in view.of("place") for at in range(span.first, span.last)}
    between = range(left.last, right.first)
    return bool(named & set(between)) and all(at in named or view.roles[at] & _LISTING for at in between)


def _is_place(view: View, mention: Mention) -> bool:
    """Whether the things counted are where something happens: "in four camps"."""
    if not mention.things:
        return False
    if view.language in _PREPOSED:
        return view.has("preposition", mention.first - 1, mention.first)
    return view.has("locative", mention.last, mention.last + 1)


def _was_hurt(view: View, outcome: Span, mention: Mention) -> bool:
    """Whether those counted are described as hurt: "a soldier wounded in the firing"."""
    word = outcome.entry
    injured = isinstance(word, Word) and word.means == "injured"
    return (
        injured
        and view.language in SVO
        and outcome.first == mention.last
        and not view.has("be", outcome.first, outcome.last)
    )


def _died_of_it(view: View, hurt: Span, outcomes: Sequence[Span], rest: Sequence[Mention]) -> Span | None:
    """The death that the sentence goes on to tell of those described as hurt."""
    later = [span for span in outcomes if hurt.last <= span.first <= hurt.last + _DIES]
    for span in later:
        if any(hurt.last <= other.first < span.first for other in rest) or _tells(view, hurt.last, span.first):
            return None
        if any(view.roles[at] & _NOT_OF_IT for at in range(hurt.last, span.first)):
            return None
        if (
            isinstance(span.entry, Word)
            and span.entry.means == "killed"
            and not view.has("be", span.first - 1, span.first)
        ):
            return span
    return None


def is_passive(view: View, verb: Span) -> bool:
    """Whether a verb of saying only hedges: "are reported killed", "is said to have died"."""
    return view.language in SVO and view.has("be", verb.first - 1, verb.first)


def _is_aside(view: View, verb: Span) -> bool:
    """Whether a verb of saying does not end the clause: "according to", "are said to be", "whom it says"."""
    if isinstance(verb.entry, Word) and verb.entry.means == "according_to":
        return True
    return is_passive(view, verb) or (view.language in SVO and view.has("pronoun", verb.first - 1, verb.first))


def _blocks(view: View, mention: Mention, outcome: Span, counted: Sequence[Mention]) -> bool:
    """Whether the outcome is the deed of those counted, not what befell them: "two gunmen killed five"."""
    if view.language not in SVO:
        if not view.has("verbal_noun", outcome.last - 1, outcome.last):
            return False
        return any(
            0 <= other.first - outcome.last <= 1 and not view.has("and", outcome.last, other.first)
            for other in counted
            if not other.part
        )
    word = outcome.entry
    assert isinstance(word, Word)
    if word.side == OWN_LOSS:
        return not view.has("be", mention.last, outcome.first)
    if view.has("participle", outcome.first, outcome.first + 1):
        return True
    passive = view.has("be", outcome.first, outcome.last)
    if (
        passive
        or view.has("auxiliary", mention.last, outcome.first)
        or view.has("adjective", outcome.first, outcome.first + 1)
    ):
        return False
    following = next((other for other in counted if 0 <= other.first - outcome.last <= 1), None)
    if following is None or not view.only(_BEFORE, outcome.last, following.first):
        return False
    starts = {span.first for span in view.of("outcome")}
    return not (following.bare and following.last in starts)


def is_deed(view: View, outcome: Span) -> bool:
    """Whether a verb at the end of its clause tells a deed: "they killed five", not "five were killed"."""
    if view.language in SVO:
        return False
    last = outcome.last - 1
    if view.has("verbal_noun", outcome.first, outcome.last):
        return False
    if view.has("passive", outcome.first, min(outcome.last + 2, len(view.words))):
        return False
    return view.has("active", outcome.first, min(last + 3, len(view.words)))
