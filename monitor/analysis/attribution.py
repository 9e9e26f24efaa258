"""Who says so: verbs of saying with their speakers, and which of them a number stands under."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.analysis.framing import NOBODY, Frame, clause_of
from monitor.analysis.grammar import Span, View
from monitor.analysis.offices import speaker_of
from monitor.analysis.phrases import Mention
from monitor.analysis.saying import (
    CLAIMS,
    REFERENCE,
    STANCES,
    find_speaker,
    goes_on,
    is_country,
    is_person,
    verbs_of_saying,
    word_of,
)
from monitor.analysis.setoff import hospitals, set_off, without_verb
from monitor.analysis.speakers import Known, Speaker, is_possessed, speakers_in
from monitor.analysis.titles import of_place

_VERB_LAST = frozenset({"ur", "ps", "hi", "fa"})
# So many tokens behind a denial, an auxiliary among them, "and" ends it.
_SOON_AND = 3
# The subject of a sentence begins with one of its first tokens.
_OPENING = 2
_BY = frozenset({"agent_by", "origin", "partitive"})


def frames(view: View, known: Known, counted: Sequence[Mention] = ()) -> list[Frame]:
    """All verbs of saying of a sentence with their speakers, and names set off by a colon or a comma.

    ``known`` is what the story has told of speakers so far; ``counted`` are the noun phrases that are
    counted: the dead do not speak.
    """
    found: list[Frame] = []
    if not counted and any(word_of(span).side == "unverified" for span in view.of("verb")):
        return found  # "none of the claims could be verified" is said of all, by nobody
    candidates = [
        span
        for span in speakers_in(view, known.topic)
        if not any(m.first <= span.first < m.last for m in counted if not m.quantity.article)
        and not _is_victim(view, span)
    ]
    floor = 0
    told: list[Frame] = []
    silent = view.language == "en" and not counted  # "N has not confirmed it. It said …"
    for span in verbs_of_saying(view, silent):
        if _is_noun(view, span, candidates):
            continue
        owner = _owner(view, span, counted)
        frame = _frame(view, span, owner, candidates, floor, told, known)
        if frame is None:
            continue
        found.append(frame)
        told += [frame] if owner is None else []
        floor = span.last
    found += hospitals(view, found, candidates, known)
    found += without_verb(view, found, candidates, counted, known)
    return _with_set_off(view, sorted(found), set_off(view, candidates, known))


def _is_victim(view: View, span: Span) -> bool:
    """Whether people are called the dead or wounded right before: "three killed persons"; they do not speak."""
    if span.kind != "party" or view.language == "en":
        return False
    return any(outcome.first < span.first <= outcome.last for outcome in view.of("outcome"))


def _owner(view: View, verb: Span, counted: Sequence[Mention]) -> int | None:
    """The token of the one a claim, a version belongs to; the dead make none."""
    owner = is_possessed(view, verb) if word_of(verb).means in CLAIMS else None
    return None if owner is not None and any(m.first <= owner < m.last for m in counted) else owner


def _frame(
    view: View,
    verb: Span,
    owner: int | None,
    candidates: Sequence[Span],
    floor: int,
    told: Sequence[Frame],
    known: Known,
) -> Frame | None:
    """A verb of saying with its speaker; None for "according to" nobody."""
    word = word_of(verb)
    continues = goes_on(view, verb, word)
    if owner is not None:
        candidate = next((other for other in candidates if other.first <= owner < other.last), None)
    else:
        others = _without_accused(view, candidates) if word.side == "denied" else candidates
        candidate = None if continues else find_speaker(view, verb, word, others, floor)
    first, last = verb.first, verb.last
    if candidate is not None and view.language == "en":
        candidate = _behind_statement(view, candidate, candidates)
    if candidate is not None:
        speaker: Speaker | None = speaker_of(view, candidate, known)
        if told and view.language == "en" and view.has("own", candidate.first - 1, candidate.first):
            before = told[-1].speaker  # "N reported ten dead, and its command claimed"
            sided = before is not None and before.side in known.topic.sides
            speaker = before._replace(words=view.cites(candidate)) if before and sided else speaker
        first, last = min(first, candidate.first), max(last, candidate.last)
    elif word.means == REFERENCE and view.language == "en":
        speaker = known.named(view, last + 4) or (NOBODY if _names_after(view, verb) else None)
        if speaker is None:
            return None
    else:
        speaker = _same_speaker(view, verb, told, candidates, known, continues)
        if speaker is None and not continues:
            speaker = of_place(view, verb, known)
    stance = word.side if word.side in STANCES else "claimed"
    return Frame(first, last, verb.first, stance, speaker, word.means == REFERENCE)


def _behind_statement(view: View, candidate: Span, candidates: Sequence[Span]) -> Span:
    """Whose statement, report or account it is that says so, where this is told behind it: "a statement by N"."""
    at = candidate.last
    if not view.has("pronoun", candidate.first - 1, at) or not view.roles[at : at + 1] or not view.roles[at] & _BY:
        return candidate
    return next((span for span in candidates if at < span.first <= at + 2), candidate)


def _without_accused(view: View, candidates: Sequence[Span]) -> list[Span]:
    """Who may deny: not the one whose claim it is that is denied."""
    claims = [span for span in view.of("verb") if word_of(span).means in CLAIMS]
    owners = [at for at in (is_possessed(view, span) for span in claims) if at is not None]
    return [span for span in candidates if not any(span.first <= at < span.last for at in owners)]


def _with_set_off(view: View, found: list[Frame], apart: list[Frame]) -> list[Frame]:
    """Verbs of saying together with the speakers set off: these give verbs without a speaker theirs."""
    if apart and all(frame.speaker is None or frame.speaker is NOBODY for frame in found):
        return [frame._replace(speaker=apart[0].speaker) for frame in found] or apart
    taken = {clause_of(view, frame.first) for frame in found}
    return sorted([*found, *(frame for frame in apart if clause_of(view, frame.first) not in taken)])


def _is_noun(view: View, verb: Span, candidates: Sequence[Span]) -> bool:
    """Whether what looks like a verb is a noun that speaks itself: "reports from N say"."""
    same = any((span.first, span.last) == (verb.first, verb.last) for span in view.of("speaker"))
    return same and not any(0 <= verb.first - span.last <= 3 for span in candidates)


def _same_speaker(
    view: View, verb: Span, found: Sequence[Frame], candidates: Sequence[Span], known: Known, continues: bool
) -> Speaker | None:
    """The speaker of a verb without one of its own: that of the verb before, or of the sentences before (None)."""
    named = known.named(view, verb.first)
    if named is not None:
        return named
    after = next((at + 1 for at in range(verb.first - 1, verb.first - 4, -1) if view.has("and", at, at + 1)), 0)
    pronoun = view.has("pronoun", max(verb.first - 3, after), verb.first)
    if found and (continues or pronoun or view.language != "en"):
        return found[-1].speaker
    if pronoun and not found and (_is_inserted(view, verb) or _is_person_before(view, verb, candidates)):
        opening = next((span for span in candidates if span.first <= _OPENING and not is_country(span)), None)
        if opening is not None and opening.kind in ("speaker", "actor"):
            return speaker_of(view, opening, known)
    if view.language != "en" or (pronoun and not view.has("saying", verb.first, verb.last)):
        return None
    if continues:
        subject = next((span for span in candidates if span.last <= verb.first and span.kind != "place"), None)
        return speaker_of(view, subject, known) if subject else None
    if _is_named(view, verb):
        return NOBODY
    return found[-1].speaker if found else None


def _is_person_before(view: View, verb: Span, candidates: Sequence[Span]) -> bool:
    """Whether an English verb of "he" comes after a person named at the opening of the sentence, who says it."""
    if view.language != "en" or not view.has("person_pronoun", verb.first - 2, verb.first):
        return False
    before = [span for span in candidates if span.last <= verb.first and not is_country(span)]
    return bool(before) and before[0].first <= _OPENING and is_person(before[0])


def _is_inserted(view: View, verb: Span) -> bool:
    """Whether an English pronoun and its verb are put in between commas: "shelling in which, it says, six died"."""
    if view.language != "en" or not view.has("comma", verb.last, verb.last + 1):
        return False
    return view.has("comma", verb.first - 2, verb.first - 1)


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


def frame_of(view: View, found: Sequence[Frame], at: int) -> Frame | None:
    """The verb of saying that the number at token ``at`` stands under; None when the sentence has none for it."""
    begin, end = clause_of(view, at)
    here = [frame for frame in found if begin <= frame.first < end]
    before = [frame for frame in here if frame.first < at]
    behind = [frame for frame in here if frame.first >= at]
    chosen = before[-1] if before else behind[0] if behind else None
    if chosen is None:
        earlier = [frame for frame in found if frame.first < begin]
        later = [frame for frame in found if frame.first >= end and not view.has("semicolon", end, frame.first)]
        chosen = earlier[-1] if earlier else later[0] if later else None
    if chosen is not None and chosen.stance == "denied" and _is_over(view, chosen, at):
        chosen = chosen._replace(stance="claimed")
    if chosen is not None and chosen.reference and chosen.speaker is not None and chosen.speaker.hearsay:
        sided = (frame for frame in found if not frame.reference and frame.speaker and not frame.speaker.hearsay)
        return next((frame for frame in sided if frame.speaker is not NOBODY and frame.first > chosen.last), chosen)
    if chosen is None or chosen.reference:
        return chosen
    if chosen.speaker is None or chosen.speaker.hearsay or chosen.speaker is NOBODY:
        cited = next(
            (frame for frame in found if frame.reference and frame.speaker and not frame.speaker.hearsay), None
        )
        return cited or chosen
    return chosen


def _is_over(view: View, denial: Frame, at: int) -> bool:
    """Whether a denial is ended by "and" before a number: "called it a lie and …"; what is denied stands before it."""
    if not denial.last <= at:
        return False
    if view.has("colon", denial.last, at):
        return True  # "dismissed the number: two were killed"
    if view.language not in _VERB_LAST:
        return False
    return any("and" in view.roles[place] for place in range(denial.last, min(denial.last + _SOON_AND, at)))


def denied_claimant(view: View, known: Known, denier: str) -> Speaker | None:
    """The side whose claim a sentence denies, where it is named: "rejected the other's claim that …"."""
    for span in view.of("verb"):
        owner = is_possessed(view, span) if word_of(span).means in CLAIMS else None
        if owner is None:
            continue
        for candidate in speakers_in(view, known.topic):
            if candidate.first <= owner < candidate.last:
                speaker = speaker_of(view, candidate, known)
                if speaker.side in known.topic.sides and speaker.side != denier:
                    return speaker
    return None
