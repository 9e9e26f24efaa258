"""Who says so: verbs of saying with their speakers, and which of them a number stands under."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from monitor.analysis.actors import Actor
from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Word
from monitor.analysis.losses import is_passive
from monitor.analysis.mentions import Mention
from monitor.analysis.speakers import Known, Speaker, is_possessed, of_place, speaker_of, speakers_in

STANCES = frozenset({"claimed", "confirmed", "denied"})
NOBODY = Speaker("unknown", None)
_REFERENCE = "according_to"
# Nouns like "version", "count": they say something only as somebody's.
_ACCOUNT = "account"
# In these languages "according to" comes before the name; elsewhere behind it.
_REFERENCE_FIRST = frozenset({"en", "fa"})
_REACH_BEFORE = {"en": 18}
_REACH_BEFORE_VERB_LAST = 40
_NEAR, _BEHIND = 7, 6
# So many tokens at most stand between people who speak and their verb: a name and what goes with it.
_LONGEST_NAME = 6
_ADDRESSED = 3


class Frame(NamedTuple):
    """A verb of saying: where it and its speaker stand; ``speaker`` None goes on with the one before."""

    first: int
    last: int
    verb: int
    stance: str
    speaker: Speaker | None
    reference: bool


def frames(view: View, known: Known, counted: Sequence[Mention] = ()) -> list[Frame]:
    """All verbs of saying of a sentence with their speakers, and names set off by a colon or a comma.

    ``known`` is what the story has told of speakers so far; ``counted`` are the noun phrases that are
    counted: the dead do not speak.
    """
    found: list[Frame] = []
    if not counted and any(_word(span).side == "unverified" for span in view.of("verb")):
        return found  # "none of the claims could be verified" is said of all, by nobody
    candidates = [
        span
        for span in speakers_in(view, known.topic)
        if not any(m.first <= span.first < m.last for m in counted if not m.quantity.article)
    ]
    floor = 0
    told: list[Frame] = []
    for span in _verbs(view):
        word = _word(span)
        if _is_noun(view, span, candidates):
            continue
        continues = _continues(view, span, word)
        owner = is_possessed(view, span) if word.means in ("claimed", _ACCOUNT) else None
        if owner is not None and any(m.first <= owner < m.last for m in counted):
            owner = None
        if owner is not None:
            candidate = next((other for other in candidates if other.first <= owner < other.last), None)
        else:
            candidate = None if continues else _speaker(view, span, word, candidates, floor)
        if candidate is not None:
            speaker: Speaker | None = speaker_of(view, candidate, known)
            first, last = min(span.first, candidate.first), max(span.last, candidate.last)
        elif word.means == _REFERENCE and view.language == "en":
            speaker = known.named(view, span.last + 4) or (NOBODY if _names_after(view, span) else None)
            if speaker is None:
                continue
            first, last = span.first, span.last
        else:
            speaker = _same_speaker(view, span, told, candidates, known, continues)
            if speaker is None and not continues:
                speaker = of_place(view, span, known)
            first, last = span.first, span.last
        stance = word.side if word.side in STANCES else "claimed"
        found.append(Frame(first, last, span.first, stance, speaker, word.means == _REFERENCE))
        told += found[-1:] if owner is None else []
        floor = span.last
    return _with_set_off(view, found, _set_off(view, candidates, known))


def _with_set_off(view: View, found: list[Frame], apart: list[Frame]) -> list[Frame]:
    """Verbs of saying together with the speakers set off: these give verbs without a speaker theirs."""
    if apart and all(frame.speaker is None or frame.speaker is NOBODY for frame in found):
        return [frame._replace(speaker=apart[0].speaker) for frame in found] or apart
    taken = {_clause(view, frame.first) for frame in found}
    return sorted([*found, *(frame for frame in apart if _clause(view, frame.first) not in taken)])


def _is_noun(view: View, verb: Span, candidates: Sequence[Span]) -> bool:
    """Whether what looks like a verb is a noun that speaks itself: "reports from N say"."""
    same = any((span.first, span.last) == (verb.first, verb.last) for span in view.of("speaker"))
    return same and not any(0 <= verb.first - span.last <= 3 for span in candidates)


def _word(span: Span) -> Word:
    assert isinstance(span.entry, Word)
    return span.entry


def _verbs(view: View) -> list[Span]:
    """The verbs of saying that tell something: not denied themselves, no hedges, no "X's claim that"."""
    found: list[Span] = []
    for span in view.of("verb"):
        word = _word(span)
        if not _tells(view, span) or (found and span.first < found[-1].last) or is_passive(view, span):
            continue
        if word.side == "confirmed" and _is_negated(view, span):
            continue
        if word.means == _ACCOUNT and is_possessed(view, span) is None:
            continue
        if word.means == "claimed" and is_possessed(view, span) is not None and _is_denying(view):
            continue
        if found and view.language != "en" and _is_judged(view, found[-1], span):
            found.pop()  # "the claim was rejected" is one verb
        if found and view.language != "en" and _word(found[-1]).side == "denied" and span.first - found[-1].last <= 1:
            continue  # "called it a lie"
        found.append(span)
    return found


def _tells(view: View, span: Span) -> bool:
    """Whether a verb says something of its own: accusing does, in its verb forms."""
    if view.has("no_telling", span.first, span.last):
        return False
    return _word(span).side in STANCES or view.has("accusing", span.first, span.last)


def _is_denying(view: View) -> bool:
    return any(_word(span).side == "denied" for span in view.of("verb"))


def _is_judged(view: View, claim: Span, verb: Span) -> bool:
    """Whether a claim is what a verb of denying, close behind it, denies."""
    close = verb.first - claim.last <= 3 and not view.has("clause", claim.last, verb.first)
    return _word(claim).means == "claimed" and _word(verb).side == "denied" and close


def _is_negated(view: View, verb: Span) -> bool:
    return view.has("negation", verb.first - 4, verb.first) or view.has("negation", verb.last, verb.last + 1)


def _speaker(view: View, verb: Span, word: Word, candidates: Sequence[Span], floor: int) -> Span | None:
    if word.means == _REFERENCE:
        if view.language in _REFERENCE_FIRST and view.has("pronoun", verb.last, verb.last + 1):
            return None
        whole = next((span for span in candidates if span.first <= verb.first and verb.last < span.last), None)
        if whole is not None:
            return whole
        if view.language in _REFERENCE_FIRST:
            return _first_behind(view, verb, candidates)
        near = [span for span in candidates if span.last <= verb.last and verb.first - span.last <= _NEAR]
        return next((span for span in reversed(near) if span.last > floor), None)
    reach = _REACH_BEFORE.get(view.language, _REACH_BEFORE_VERB_LAST)
    floor = max(floor, _after_semicolon(view, verb.first))
    before = [
        span
        for span in candidates
        if floor <= span.first < verb.first and verb.first - span.last <= reach
        if not _is_addressed(view, span, verb) and _may_speak(view, span, verb)
    ]
    if view.language == "en":
        subjects = [span for span in before if not view.has("clause", span.last, verb.first)]
        if view.has("comma", verb.first - 1, verb.first):
            ending = next((span for span in candidates if span.first == verb.last), None)
            if ending is not None and not _is_country(ending) and _ends(view, ending):
                return ending  # "…, said the ministry."
        return subjects[-1] if subjects else _first_behind(view, verb, candidates)
    before = [span for span in before if not view.has("clause", span.last, verb.first)] or before
    if before and view.has("of_verb", verb.first, verb.last):
        return before[0]
    near = [span for span in before if verb.first - span.last <= _NEAR and not _counts(view, span.last, verb.first)]
    return near[-1] if near else before[0] if before else None


def _ends(view: View, span: Span) -> bool:
    return span.last >= len(view.words) or bool(view.roles[span.last] & _ENDINGS)


_ENDINGS = frozenset({"stop", "comma", "clause", "open", "quote"})


def _after_semicolon(view: View, before: int) -> int:
    return next((at + 1 for at in range(before - 1, -1, -1) if "semicolon" in view.roles[at]), 0)


def _first_behind(view: View, verb: Span, candidates: Sequence[Span]) -> Span | None:
    if view.has("told", verb.first, verb.last):
        return None
    inverted = verb.first == 0 or view.roles[verb.first - 1] & {"comma", "quote"}
    for span in candidates:
        gap = span.first - verb.last
        if 0 <= gap <= _BEHIND and (inverted or _word(verb).means == _REFERENCE):
            if _is_country(span) and span.last < len(view.words) and not view.roles[span.last]:
                return None  # "says N soil is …"
            near = gap == 0 or (span.kind != "place" and not view.has("addressing", span.first - 1, span.first))
            return span if near else None
    return None


def _is_addressed(view: View, span: Span, verb: Span) -> bool:
    """Whether the name is the one spoken to, or the place it is said in."""
    if view.has("dative", span.last, span.last + 1):
        return True
    if view.language == "fa" and span.last == verb.first and _is_after_to(view, span.first):
        return True
    at = span.first - 1
    while at > 0 and (
        view.words[at] == "/"
        or any(o.first <= at < o.last for o in view.of("speaker", "actor") if o.kind != "actor" or _is_medium(o))
    ):
        at -= 1  # "to radio A / radio B"
    return view.has("addressing", at, at + 1) or (span.kind == "party" and view.has("preposition", at, at + 1))


def _is_after_to(view: View, first: int) -> bool:
    """Whether "to" stands up to three plain words before a token: "to the newspaper N" said …"""
    for at in range(first - 1, max(first - _ADDRESSED - 1, -1), -1):
        if "to" in view.roles[at]:
            return True
        if view.roles[at]:
            return False
    return False


def _is_medium(span: Span) -> bool:
    return getattr(span.entry, "actor_kind", "") == "media"


def _may_speak(view: View, span: Span, verb: Span) -> bool:
    """Countries, capitals and troops speak only right before the verb, or as the subject that opens the sentence."""
    entry = span.entry
    gap = verb.first - span.last
    if isinstance(entry, Word):
        return entry.category != "party" or _is_subject(view, span, verb)
    opens = span.first == 0 or view.roles[span.first - 1] & {"clause", "colon", "semicolon"}
    if opens and view.has("comma", span.last, span.last + 1) and view.has("comma", verb.first - 1, verb.first):
        return True  # "N, which has …, says"
    if isinstance(entry, Actor) and entry.actor_kind == "force" and view.language != "en":
        return bool(opens) or gap <= 3 or view.has("agent", span.last, span.last + 1)
    if isinstance(entry, Actor) and entry.actor_kind != "country":
        return True
    if gap <= 3 and not _counts(view, span.last, verb.first):
        return view.only(_BETWEEN, span.last, verb.first)
    if gap <= 4 and span.kind == "actor" and _is_adjective(view, span.last, verb.first):
        return True  # "the N intelligence service says"
    return bool(opens) and view.language != "en" and not view.has("locative", span.last, span.last + 1)


def _is_subject(view: View, span: Span, verb: Span) -> bool:
    """Whether nothing but a name, set off or not, stands between people and their verb."""
    first, last = span.last, verb.first
    if last - first > _LONGEST_NAME:
        return False
    commas = ["comma" in view.roles[at] for at in range(first, last)]
    if any(commas) and not (commas[0] and commas[-1]):
        return False
    kinds = view.of("outcome", "event", "verb", "number", "party", "object")
    return not any(first <= other.first < last for other in kinds)


def _is_adjective(view: View, first: int, last: int) -> bool:
    """Whether only plain words stand between a country and a verb: the office that speaks, unknown by name."""
    if any(view.roles[at] - _OFFICE for at in range(first, last)):
        return False
    return view.language != "en" or not any(view.text[view.starts[at]].isupper() for at in range(first, last))


_OFFICE = frozenset({"auxiliary", "agent", "genitive", "own", "pronoun", "quote", "partitive", "of_date"})
_BETWEEN = frozenset({"auxiliary", "agent", "genitive", "own", "pronoun", "others"})


def _counts(view: View, first: int, last: int) -> bool:
    return any(first <= span.first < last for span in view.of("number", "vague"))


def _continues(view: View, verb: Span, word: Word) -> bool:
    """Whether the verb goes on with the subject before: "he said", "… and claimed", "…, adding that"."""
    if view.language != "en" or word.means == _REFERENCE:
        return False
    at = verb.first - 1
    while at > 0 and "auxiliary" in view.roles[at]:
        at -= 1
    if at < 0:
        return False
    return bool(view.roles[at] & {"pronoun", "and", "clause"}) or view.has("saying", verb.first, verb.last)


def _same_speaker(
    view: View, verb: Span, found: Sequence[Frame], candidates: Sequence[Span], known: Known, continues: bool
) -> Speaker | None:
    """The speaker of a verb without one of its own: that of the verb before, or of the sentences before (None)."""
    named = known.named(view, verb.first)
    if named is not None:
        return named
    pronoun = view.has("pronoun", verb.first - 3, verb.first)
    if found and (continues or pronoun or view.language != "en"):
        return found[-1].speaker
    if view.language != "en" or (pronoun and not view.has("saying", verb.first, verb.last)):
        return None
    if continues:
        subject = next((span for span in candidates if span.last <= verb.first and span.kind != "place"), None)
        return speaker_of(view, subject, known) if subject else None
    return NOBODY if _is_named(view, verb) else None


def _names_after(view: View, verb: Span) -> bool:
    """Whether a name follows a verb: "according to N"."""
    return verb.last < len(view.words) and view.text[view.starts[verb.last]].isupper()


def _is_named(view: View, verb: Span) -> bool:
    """Whether a name that is not known stands before or behind an English verb."""
    if verb.first == 0:
        return False
    return view.text[view.starts[verb.first - 1]].isupper() or (
        verb.last < len(view.words)
        and view.text[view.starts[verb.last]].isupper()
        and view.words[verb.first - 1] == ","
    )


def _set_off(view: View, candidates: Sequence[Span], known: Known) -> list[Frame]:
    """Speakers without a verb: "Ten killed: the ministry", "the ministry: ten killed", "…، the ministry"."""
    found = []
    for span in candidates:
        ends = all("stop" in roles for roles in view.roles[span.last :])
        colon = view.has("colon", span.last, span.last + (1 if view.part == "title" else 3))
        begins = span.first <= 1 or view.has("clause", span.first - 1, span.first)
        named = view.part == "title" and (span.kind != "place" or _is_capital(span))
        opens = colon and begins and (named or not _is_dateline(view, span))
        behind = ends and view.has("colon", span.first - 1, span.first)
        apart = ends and view.language != "en" and view.has("comma", span.first - 1, span.first)
        if opens or behind or apart:
            found.append(Frame(span.first, span.last, span.first, "claimed", speaker_of(view, span, known), False))
    return found


def _is_dateline(view: View, span: Span) -> bool:
    """Whether a name before a colon is that of the town a story is sent from."""
    return span.kind == "place" or (_is_country(span) and view.text[span.start : span.end].isupper())


def _is_country(span: Span) -> bool:
    return isinstance(span.entry, Actor) and span.entry.actor_kind == "country"


def _is_capital(span: Span) -> bool:
    return getattr(span.entry, "kind", "") == "capital"


def frame_of(view: View, found: Sequence[Frame], at: int) -> Frame | None:
    """The verb of saying that the number at token ``at`` stands under; None when the sentence has none for it."""
    begin, end = _clause(view, at)
    here = [frame for frame in found if begin <= frame.first < end]
    before = [frame for frame in here if frame.first < at]
    behind = [frame for frame in here if frame.first >= at]
    chosen = before[-1] if before else behind[0] if behind else None
    if chosen is None:
        earlier = [frame for frame in found if frame.first < begin]
        later = [frame for frame in found if frame.first >= end and not view.has("semicolon", end, frame.first)]
        chosen = earlier[-1] if earlier else later[0] if later else None
    if chosen is None or chosen.reference:
        return chosen
    if chosen.speaker is None or chosen.speaker.hearsay or chosen.speaker is NOBODY:
        cited = next(
            (frame for frame in found if frame.reference and frame.speaker and not frame.speaker.hearsay), None
        )
        return cited or chosen
    return chosen


def _clause(view: View, at: int) -> tuple[int, int]:
    """The tokens around ``at`` between words that begin another clause."""
    begin = next((place + 1 for place in range(at - 1, -1, -1) if "clause" in view.roles[place]), 0)
    end = next((place for place in range(at, len(view.words)) if "clause" in view.roles[place]), len(view.words))
    return begin, end


def denied_claimant(view: View, known: Known, denier: str) -> Speaker | None:
    """The side whose claim a sentence denies, where it is named: "rejected the other's claim that …"."""
    for span in view.of("verb"):
        owner = is_possessed(view, span) if _word(span).means == "claimed" else None
        if owner is None:
            continue
        for candidate in speakers_in(view, known.topic):
            if candidate.first <= owner < candidate.last:
                speaker = speaker_of(view, candidate, known)
                if speaker.side in known.topic.sides and speaker.side != denier:
                    return speaker
    return None
