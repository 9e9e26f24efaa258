"""Whether a story is about the border, how surely, and what it tells; every judgement with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.analysis.lexicon import Word
from monitor.analysis.reading import Match, Reading
from monitor.analysis.roles import ARMED, BOMBARDED
from monitor.analysis.signals import OPENING, Signals, opening_signals
from monitor.analysis.ties import Tie, tie_sentences
from monitor.analysis.topic import Topic

# Sentences that begin this far into the text count fully, then less and less.
_LEAD = 500
_LEAST_POSITION = 0.5
_TOP = 6
# A story that is about the border names it within this many characters.
_NAMED_WITHIN = 20_000
# A lead this much about the border makes the rest count fully; standing blame and what is past count less there.
_ENOUGH, _STANDING = 0.45, 0.5
# What a word counts for, of those that tell the type of an event, where it is recalled, told with a toll, or a charge.
_RECALLED, _COUNTED, _ALLEGED = 0.2, 1.5, 0.1
# A sentence that matters less than this has not come to the subject.
_TELLING = 0.3
# What another subject counts for in a sentence that tells of losses at the border, and a weak one in an explainer.
_BESIDE_LOSSES = 0.3
# Days told one after the other, from so many on, make a chronology; fewer where the story says that it explains.
_CHRONICLE, _EXPLAINED_DAYS = 5, 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """A reason of a judgement: its kind, the words of the story, and what they weigh (below 0 when against)."""

    kind: str
    words: str
    part: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """The judgement on a story. ``relevance`` runs from 0 to 1; ``event_type`` is one of ``items.EVENT_TYPES``."""

    relevance: float
    relevant: bool
    event_type: str
    is_clash: bool
    evidence: tuple[Evidence, ...] = field(repr=False)


def judge(topic: Topic, reading: Reading) -> Judgement:
    """Judge a story by its title and the first 2,000 characters of its text.

    A sentence speaks for the story as far as it is tied to the border (both sides, the line, a crossing) and
    tells a security matter (fighting, losses, closures, talks, statements); other borders and other subjects
    speak against it. The weights are those of ``topic.toml``. A story that names neither both sides nor the
    line (``topic.anchors``) has a relevance of 0: the screen of raw pages relies on that.
    """
    opening = opening_signals(topic, reading)
    ties = tie_sentences(topic, opening)
    internal = _is_internal(ties)
    doubt = _distraction(topic, opening, ties)
    factor, lead = _lead_factor(topic, ties), len(_leads(ties))
    standing = 1.0 if any(tie.signals.explaining for tie in ties[:2]) else _STANDING
    after = [None if at < lead else factor * (standing if tie.signals.standing else 1) for at, tie in enumerate(ties)]
    scored = sorted(
        ((_score(topic, tie, internal, weight), tie) for tie, weight in zip(ties, after, strict=True)),
        key=lambda row: -row[0],
    )
    missing = 1.0
    for score, _ in scored[:_TOP]:
        missing *= 1 - score
    relevance = round((1 - missing) * (1 - doubt), 3) if topic.anchors.hold(reading.plain[:_NAMED_WITHIN]) else 0.0
    relevant = relevance >= topic.threshold
    clash = relevant and _is_clash(ties)
    evidence = _evidence(reading, scored, opening, doubt)
    return Judgement(relevance, relevant, _event_type(topic, ties, clash) if relevant else "other", clash, evidence)


def _is_internal(ties: Sequence[Tie]) -> bool:
    """Whether the story leads with an incident that nothing ties to the border, and tells no other that is."""
    for tie in ties[:4]:
        if tie.link >= 0.75 and (tie.matter >= 0.5 or tie.incident):
            return False
        if tie.link >= 0.5 and tie.kind == "ceasefire":
            return False
        if tie.incident and not tie.signals.background:
            return not any(_is_tied_incident(other) for other in ties)
    return False


def _is_tied_incident(tie: Tie) -> bool:
    """Whether a sentence tells of fighting over the border, not only of an attack and of both sides."""
    here = tie.signals
    if tie.link < 0.7 or here.background:
        return False
    if here.has(ARMED, strong=True):
        return True
    if here.blames:
        return False
    over = (
        (here.agents and not here.militants)
        or here.crossing
        or here.cues.keys() & {"across!", "line"}
        or ((here.victims or here.on_border) and len(here.firm) == 2)
        or tie.beyond
    )
    told = here.has(ARMED) or here.counted
    return bool(told and here.incident and (over or (here.toll and here.has(ARMED))))


def _leads(ties: Sequence[Tie]) -> Sequence[Tie]:
    """The title, if there is one, and the first two sentences of the text: what the story is about.

    The second is none where it only recalls what stands behind the news, as in a story of one sentence.
    """
    count = 2 if ties and ties[0].signals.part == "title" else 1
    later = count
    while later < len(ties) and ties[later].signals.start < _LEAD and all(map(_sets_scene, ties[:later])):
        later += 1
    if later < len(ties) and _names_the_line(ties[later - 1]):
        count = later  # a story that opens with people and weather comes to the border later
    return ties[: count + 1] if len(ties) > count and not ties[count].signals.standing else ties[:count]


def _names_the_line(tie: Tie) -> bool:
    return bool(tie.signals.crossing or "line" in tie.signals.cues)


def _sets_scene(tie: Tie) -> bool:
    """Whether a sentence says nothing of any subject yet."""
    return not (tie.incident or tie.matter >= _TELLING or tie.signals.elsewhere)


def _lead_factor(topic: Topic, ties: Sequence[Tie]) -> float:
    """What the rest of a story counts for, by how much its lead is about the border.

    News puts its subject on top; what explains need not.
    """
    if any(tie.signals.explaining for tie in ties[:2]):
        return 1.0
    strongest = max((tie.link * tie.matter for tie in _leads(ties) if tie.kind != "toll"), default=0.0)
    aside = topic.weights["aside"]
    return aside + (1 - aside) * min(1.0, strongest / _ENOUGH)


def _score(topic: Topic, tie: Tie, internal: bool, after_lead: float | None) -> float:
    """What a sentence adds; ``after_lead`` is what the rest of the story counts for, None for the lead itself."""
    start = tie.signals.start if tie.signals.part == "text" else 0
    late = max(0, start - _LEAD) / (OPENING - _LEAD)
    weight = 1 - (1 - _LEAST_POSITION) * late
    if internal:
        weight *= topic.weights["aside"]
    if after_lead is not None:
        weight *= after_lead
    return min(1.0, tie.link * tie.matter * weight * topic.weights["sentence"])


def _distraction(topic: Topic, opening: Sequence[Signals], ties: Sequence[Tie]) -> float:
    """How much other borders and other subjects take away, from 0 to 0.95."""
    doubt = 0.0
    seen: set[str] = set()
    explains = any(signals.explaining for signals in opening[:2])
    for number, signals in enumerate(opening):
        leading = number < 3
        for match in signals.elsewhere:
            word = match.entry
            assert isinstance(word, Word)
            if word.means in seen:
                continue
            seen.add(word.means)
            weight = topic.weights["elsewhere_strong" if word.strong else "elsewhere_weak"]
            if (signals.toll and signals.on_border) or (explains and not word.strong):  # "a player killed in X"
                weight *= _BESIDE_LOSSES
            doubt += weight if leading else weight * 0.4
    sure = sum(_certainty(tie) for tie in ties)
    if sure:
        doubt *= 0.5 if sure == 1 else 0.2
    return min(0.95, doubt)


def _certainty(tie: Tie) -> int:
    """How surely a sentence tells a fight over the border: 0, 1, or 2 when bombs or shells killed."""
    if tie.link < 0.8 or tie.matter < 0.8 or tie.signals.background:
        return 0
    if tie.kind != "armed":
        return int(tie.kind == "ceasefire" and len(tie.signals.firm) == 2)
    return 2 if tie.signals.toll and tie.signals.has(BOMBARDED, strong=True) else 1


def _is_clash(ties: Sequence[Tie]) -> bool:
    """Whether an incident of these days is told, with a place and with both sides or a toll."""
    told = []
    for number, tie in enumerate(ties):
        tied = tie.link >= 0.35 or (
            tie.signals.toll and any(one.incident and one.link >= 0.5 for one in ties[:number][-2:])
        )
        if tie.incident and tied and not tie.signals.background and not _is_total(number, tie):
            told.append(tie.signals)
    if not any(tie.incident and tie.link >= 0.5 and not tie.signals.background for tie in ties):
        return False
    if _is_chronicle(ties):
        return False
    toll, recent = any(one.toll for one in told), any(one.recent for one in told)
    if not recent and any(tie.signals.explaining for tie in _first(ties)):
        return False
    leading = any(one is tie.signals and one.has(ARMED, strong=True) for one in told for tie in _first(ties))
    if not (toll or recent or leading or any(one.losses or one.unhurt for one in told)):
        return False
    points = 0.4 * any(one.places or one.crossing or one.cues.keys() & {"line", "line?"} for one in told)
    points += 0.4 * any(one.has(ARMED, strong=True) for one in told) + 0.2 * any(one.has(ARMED) for one in told)
    points += 0.3 * toll + 0.2 * any(one.toll and one.counted for one in told) + 0.2 * recent
    points += 0.2 * (len(set[str]().union(*(one.named for one in told))) == 2)
    points += 0.2 * any(one.victims and len(one.firm) == 2 for one in told)
    points -= 0.5 * any(tie.signals.explaining for tie in ties[:2])
    return points >= 1.0


def _is_total(number: int, tie: Tie) -> bool:
    """Whether a sentence sums up what happened over a long time, or, behind the lead, since some day."""
    return tie.signals.spanned or (number > 1 and tie.signals.totals)


def _is_chronicle(ties: Sequence[Tie]) -> bool:
    """Whether a story goes through many days one by one."""
    days = sum(tie.signals.dated for tie in ties)
    return days >= (_EXPLAINED_DAYS if any(tie.signals.explaining for tie in _first(ties)) else _CHRONICLE)


def _first(ties: Sequence[Tie]) -> Sequence[Tie]:
    """The title, if there is one, and the first sentence of the text."""
    return ties[: 2 if ties and ties[0].signals.part == "title" else 1]


def _event_type(topic: Topic, ties: Sequence[Tie], clash: bool) -> str:
    """The type most spoken of, by sentences tied to the border and the earlier the more."""
    votes: dict[str, float] = {}
    for number, tie in enumerate(ties):
        weight = max(tie.link, 0.1) / (1 + 0.25 * number) * (2 if tie.signals.part == "title" else 1)
        if clash:  # what is told with its toll is the event; what is recalled is another
            weight *= _RECALLED if tie.signals.background else _COUNTED if tie.signals.toll else 1
        for match in tie.signals.events:
            word = match.entry
            assert isinstance(word, Word)
            if clash and word.means not in ARMED:
                continue
            share = weight * (1 if word.strong else 0.4) * (_ALLEGED if word.side == "violation" else 1)
            if not clash and word.means in ARMED:
                share *= 0.2
            votes[word.means] = votes.get(word.means, 0.0) + share
    if not votes:
        return "attack" if clash else "statement"
    return max(votes, key=lambda name: votes[name])


def _evidence(
    reading: Reading, scored: Sequence[tuple[float, Tie]], opening: Sequence[Signals], doubt: float
) -> tuple[Evidence, ...]:
    found = []
    for score, tie in scored[:_TOP]:
        if score < 0.05:
            continue
        for match in tie.because:
            found.append(_piece(reading, tie.kind or "border", match, round(score, 3)))
    against = [match for signals in opening for match in signals.elsewhere]
    for match in against[:_TOP]:
        assert isinstance(match.entry, Word)
        found.append(_piece(reading, match.entry.means, match, -round(doubt / len(against), 3)))
    return tuple(found)


def _piece(reading: Reading, kind: str, match: Match, weight: float) -> Evidence:
    return Evidence(kind, reading.words(match), match.part, match.start, match.end, weight)
