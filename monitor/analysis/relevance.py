"""Whether a story is about the border, how surely, and what it tells; every judgement with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.analysis.lexicon import Word
from monitor.analysis.reading import Match, Reading
from monitor.analysis.roles import ARMED
from monitor.analysis.signals import opening_signals
from monitor.analysis.signs import Signs, story_signs
from monitor.analysis.ties import Tie, tie_sentences
from monitor.analysis.topic import Topic
from monitor.analysis.weights import Weights, weights

# A story that is about the border names it within this many characters.
_NAMED_WITHIN = 20_000
# So many pieces of evidence are told, and none that weighs less than this.
_TOP, _LEAST = 12, 0.1
# What a word counts for, of those that tell the type of an event, where it is recalled, told with a toll, or a charge.
_RECALLED, _COUNTED, _ALLEGED = 0.2, 1.5, 0.1
# ... and a word for an attack of any kind, which says less than one for its kind.
_GENERIC = 0.5
# Things that fly, named within so many sentences.
_FLYING, _OPENING = frozenset({"aircraft", "drones"}), 6


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

    Every sign the opening shows (``signs.py``) adds its weight (``weights.toml``) to the log-odds that the story is
    about security on the border; ``relevance`` is the chance that comes of them, and what is relevant is judged a
    clash or not in the same way. A story that names neither both sides nor the line (``topic.anchors``) has a
    relevance of 0: the screen of raw pages relies on that.
    """
    opening = opening_signals(topic, reading)
    signs = story_signs(opening)
    weighed = weights("relevance")
    held = topic.anchors.hold(reading.plain[:_NAMED_WITHIN])
    relevance = round(weighed.chance(signs), 3) if held else 0.0
    relevant = relevance >= topic.threshold
    clash = relevant and weights("clash").chance(signs) >= 0.5
    event_type = _event_type(tie_sentences(topic, opening), clash, _flies(reading)) if relevant else "other"
    return Judgement(relevance, relevant, event_type, clash, _evidence(reading, signs, weighed))


def _flies(reading: Reading) -> bool:
    """Whether aircraft or drones are named in the first sentences."""
    opening = (match for matches in reading.by_sentence[:_OPENING] for match in matches)
    return any(match.kind == "object" and _kind(match) in _FLYING for match in opening)


def _event_type(ties: Sequence[Tie], clash: bool, flies: bool) -> str:
    """The type most spoken of, by sentences tied to the border and the earlier the more.

    A bombardment by who knows what is an air strike where aircraft or drones are named (``flies``).
    """
    votes: dict[str, float] = {}
    for number, tie in enumerate(ties):
        weight = max(tie.link, 0.1) / (1 + 0.25 * number) * (2 if tie.signals.part == "title" else 1)
        if clash:  # what is told with its toll is the event; what is recalled is another
            weight *= _RECALLED if tie.signals.background else _COUNTED if tie.signals.toll else 1
        for match in tie.signals.events:
            word = match.entry
            assert isinstance(word, Word)
            if clash is not (word.means in ARMED):
                continue
            share = weight * (1 if word.strong else 0.4) * (_ALLEGED if word.side == "violation" else 1)
            if word.means == "attack":
                share *= _GENERIC
            means = "air_strike" if flies and word.side == "either" else word.means
            votes[means] = votes.get(means, 0.0) + share
    if not votes:
        return "attack" if clash else "statement"
    return max(votes, key=lambda name: votes[name])


def _evidence(reading: Reading, signs: Signs, weighed: Weights) -> tuple[Evidence, ...]:
    """The words of a story that weigh most, each with all the signs that it shows first."""
    by_words: dict[Match, dict[str, float]] = {}
    for name, match in signs.items():
        if match is not None and name in weighed.of:
            by_words.setdefault(match, {})[name] = weighed.of[name]
    found = []
    for match, shown in by_words.items():
        weight = round(sum(shown.values()), 2)
        if abs(weight) >= _LEAST:
            told = reading.words(match), match.part, match.start, match.end
            found.append(Evidence(_kind(match), *told, weight))
    return tuple(sorted(found, key=lambda piece: -abs(piece.weight))[:_TOP])


def _kind(match: Match) -> str:
    """What a match stands for, in a word."""
    return match.entry.means if isinstance(match.entry, Word) else match.kind
