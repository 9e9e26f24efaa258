"""Who says so: verbs of saying with their speakers, and which of them a number stands under."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from monitor.analysis.grammar import Span, View
from monitor.analysis.lexicon import Word
from monitor.analysis.losses import is_passive
from monitor.analysis.speakers import Speaker, speaker_of, speakers_in
from monitor.analysis.topic import Topic

STANCES = frozenset({"claimed", "confirmed", "denied"})
_REFERENCE, _CLAIM = "according_to", "claimed"
# In these languages "according to" comes before the name; elsewhere behind it.
_REFERENCE_FIRST = frozenset({"en", "fa"})
_REACH_BEFORE = {"en": 18}
_REACH_BEFORE_VERB_LAST = 40
_NEAR, _BEHIND = 7, 4
_NOBODY = Speaker("unknown", None)


class Frame(NamedTuple):
    """A verb of saying: where it and its speaker stand; ``speaker`` None goes on with the one before."""

    first: int
    last: int
    verb: int
    stance: str
    speaker: Speaker | None
    reference: bool


def frames(view: View, topic: Topic, home: str = "", counted: Sequence[tuple[int, int]] = ()) -> list[Frame]:
    """All verbs of saying of a sentence with their speakers, and a name set off by a colon or a comma.

    ``home`` is the side on which the story happens; ``counted`` are the tokens of noun phrases that are counted:
    the dead do not speak.
    """
    found: list[Frame] = []
    candidates = [
        span for span in speakers_in(view, topic) if not any(first <= span.first < last for first, last in counted)
    ]
    floor = 0
    for span in _verbs(view):
        word = span.entry
        assert isinstance(word, Word)
        if (word.side == "confirmed" and _is_negated(view, span)) or is_passive(view, span):
            continue
        candidate = None if _continues(view, span, word) else _speaker(view, span, word, candidates, floor)
        if candidate is None and word.means == _REFERENCE and view.language == "en":
            continue
        if candidate is not None:
            speaker: Speaker | None = speaker_of(view, candidate, topic, home)
            first, last = min(span.first, candidate.first), max(span.last, candidate.last)
        else:
            speaker = _same_speaker(view, span, found, candidates, topic, home)
            first, last = span.first, span.last
        found.append(Frame(first, last, span.first, word.side, speaker, word.means == _REFERENCE))
        floor = span.last
    return found or _set_off(view, candidates, topic, home)


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
    view: View, verb: Span, found: Sequence[Frame], candidates: Sequence[Span], topic: Topic, home: str
) -> Speaker | None:
    """The speaker of a verb without one of its own: that of the verb before, or of the sentences before (None)."""
    if found and (view.language != "en" or not view.has("pronoun", verb.first - 3, verb.first) or found[-1].speaker):
        return found[-1].speaker
    if view.language != "en" or view.has("pronoun", verb.first - 3, verb.first):
        return None
    if _continues(view, verb, _word(verb)):
        subject = next((span for span in candidates if span.last <= verb.first and span.kind != "place"), None)
        return speaker_of(view, subject, topic, home) if subject else None
    return None if _goes_on(view, verb) else _NOBODY


def _word(span: Span) -> Word:
    assert isinstance(span.entry, Word)
    return span.entry


def _verbs(view: View) -> list[Span]:
    found: list[Span] = []
    for span in view.of("verb"):
        if isinstance(span.entry, Word) and span.entry.side in STANCES and (not found or span.first >= found[-1].last):
            found.append(span)
    return found


def _is_negated(view: View, verb: Span) -> bool:
    return view.has("negation", verb.first - 4, verb.first) or view.has("negation", verb.last, verb.last + 1)


def _speaker(view: View, verb: Span, word: Word, candidates: Sequence[Span], floor: int) -> Span | None:
    if word.means == _REFERENCE:
        if view.language in _REFERENCE_FIRST:
            return _first_behind(view, verb, candidates)
        near = [span for span in candidates if span.last <= verb.last and verb.first - span.last <= _NEAR]
        return next((span for span in reversed(near) if span.last > floor), None)
    before = [
        span
        for span in candidates
        if floor <= span.first and span.first < verb.first and not _is_addressed(view, span, verb)
    ]
    reach = _REACH_BEFORE.get(view.language, _REACH_BEFORE_VERB_LAST)
    before = [span for span in before if verb.first - span.last <= reach and _may_speak(view, span, verb)]
    if view.language == "en":
        subjects = [span for span in before if not view.has("clause", span.last, verb.first)]
        if subjects:
            return subjects[-1]
        return _first_behind(view, verb, candidates) if _is_inverted(view, verb) else None
    near = [span for span in before if verb.first - span.last <= _NEAR and not _counts(view, span.last, verb.first)]
    if near:
        return near[-1]
    return before[0] if before else None


def _first_behind(view: View, verb: Span, candidates: Sequence[Span]) -> Span | None:
    for span in candidates:
        if 0 <= span.first - verb.last <= _BEHIND:
            near = span.kind != "place" or span.first == verb.last
            return span if near and not view.has("addressing", span.first - 1, span.first) else None
    return None


def _is_inverted(view: View, verb: Span) -> bool:
    """Whether the verb comes before its subject: "…, said the governor", "… dead, says the capital"."""
    return verb.first > 0 and not view.has("pronoun", verb.first - 2, verb.first)


def _is_addressed(view: View, span: Span, verb: Span) -> bool:
    """Whether the name is the one spoken to, or the place it is said in."""
    if view.has("dative", span.last, span.last + 1):
        return True
    return view.has("addressing", span.first - 1, span.first)


def _may_speak(view: View, span: Span, verb: Span) -> bool:
    """A country or a capital speaks only right before the verb, or as the subject that opens the sentence."""
    if span.kind != "place" and not (span.kind == "actor" and getattr(span.entry, "actor_kind", "") == "country"):
        return True
    gap = verb.first - span.last
    if gap <= 3 and not _counts(view, span.last, verb.first):
        return view.only(_BETWEEN, span.last, verb.first)
    opens = span.first == 0 or view.roles[span.first - 1] & {"clause", "and", "comma", "colon"}
    return bool(opens) and (view.language != "en" and view.only(_SUBJECT, span.last, span.last + 1))


_BETWEEN = frozenset({"auxiliary", "agent", "genitive", "own", "pronoun", "others"})
_SUBJECT = frozenset({"agent", "preposition", "partitive", "genitive"})


def _counts(view: View, first: int, last: int) -> bool:
    return any(first <= span.first < last for span in view.of("number", "vague"))


def _goes_on(view: View, verb: Span) -> bool:
    """Whether a verb without a known speaker goes on with the one before: "he said", "the statement added"."""
    if view.language != "en":
        return True
    if view.has("pronoun", verb.first - 4, verb.first) or view.has("pronoun", verb.last, verb.last + 1):
        return True
    before = view.starts[max(verb.first - 2, 0)] if verb.first else 0
    named = view.text[before : view.starts[verb.first]].strip()
    return not named[:1].isupper() or verb.first == 0


def _set_off(view: View, candidates: Sequence[Span], topic: Topic, home: str) -> list[Frame]:
    """A speaker without a verb: "Ten killed: the ministry", "the ministry: ten killed", "…، the ministry"."""
    for span in candidates:
        ends = all("stop" in roles for roles in view.roles[span.last :])
        colon = next((at for at in range(span.last, span.last + 3) if view.has("colon", at, at + 1)), None)
        opens = span.first <= 1 and colon is not None and (span.kind != "place" or view.part == "title")
        behind = ends and view.has("colon", span.first - 1, span.first)
        apart = ends and view.language != "en" and view.has("comma", span.first - 1, span.first)
        if opens or behind or apart:
            return [Frame(span.first, span.last, span.first, "claimed", speaker_of(view, span, topic, home), False)]
    return []


def frame_of(view: View, found: Sequence[Frame], at: int) -> Frame | None:
    """The verb of saying that the number at token ``at`` stands under; None when the sentence has none for it."""
    begin, end = _clause(view, at)
    here = [frame for frame in found if begin <= frame.first < end]
    before = [frame for frame in here if frame.first < at]
    behind = [frame for frame in here if frame.first >= at]
    chosen = before[-1] if before else behind[0] if behind else None
    if chosen is None:
        earlier = [frame for frame in found if frame.first < begin]
        later = [frame for frame in found if frame.first >= end]
        chosen = earlier[-1] if earlier else later[0] if later else None
    if chosen is None or chosen.reference:
        return chosen
    if chosen.speaker is None or chosen.speaker.hearsay:
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


def denied_claimant(view: View, topic: Topic, denier: str) -> Speaker | None:
    """The side whose claim a sentence denies, where it is named: "rejected the other's claim that …"."""
    for span in view.of("verb"):
        if not isinstance(span.entry, Word) or span.entry.means != _CLAIM:
            continue
        for candidate in speakers_in(view, topic):
            before = 0 <= span.first - candidate.last <= 2
            after = view.language == "fa" and 0 <= candidate.first - span.last <= 1
            if before or after:
                speaker = speaker_of(view, candidate, topic)
                if speaker.side in topic.sides and speaker.side != denier:
                    return speaker
    return None
