"""The up to three sentences that carry a story."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.analysis.lexicon import Word
from monitor.analysis.reading import Reading
from monitor.analysis.signals import OPENING, Signals, opening_signals
from monitor.analysis.text import boundaries, fold
from monitor.analysis.topic import Topic

_MOST = 3
_SHORTEST, _LONGEST = 25, 480
_SAME = 0.6
# A sentence ends in a stop; what ends in none is a caption, a byline, a heading or a link.
_COMPLETE = re.compile(r"""[.!?؟۔।॥…]["'”’»)\]]*$""")
_FURNITURE = re.compile(r"https?://|www\.|@\w|©|^\W*[\w ]{0,30}:\s*$|^\(|\|")


@dataclass(frozen=True, slots=True)
class _Candidate:
    sentence: str
    words: frozenset[str]
    happening: float
    claiming: float
    following: float
    place: float


def choose_key_points(topic: Topic, reading: Reading, language: str, highlights: Sequence[str] = ()) -> list[str]:
    """Up to three whole sentences of a story: what happened and the toll, the claims, and what follows.

    ``highlights`` are the page's own key points; they are taken as they stand when there are any. ``language``
    is that of the story. Sentences stand in the text as they are returned, but for white space.
    """
    own = _distinct((" ".join(point.split()) for point in highlights), _content(reading.title))
    if own:
        return own[:_MOST]
    candidates = _candidates(topic, reading)
    if not candidates:
        return []
    chosen: list[_Candidate] = []
    title = _content(reading.title)
    for quality in ("happening", "claiming", "following"):
        ranked = sorted(candidates, key=lambda one: -(getattr(one, quality) + one.place))
        for one in ranked:
            if getattr(one, quality) > 0 and not _repeats(one, chosen, title):
                chosen.append(one)
                break
    for one in candidates:  # in the story's order, where a quality is missing
        if len(chosen) >= _MOST:
            break
        if not _repeats(one, chosen, title):
            chosen.append(one)
    return [one.sentence for one in chosen]


def _candidates(topic: Topic, reading: Reading) -> list[_Candidate]:
    signals = {one.index: one for one in opening_signals(topic, reading) if one.part == "text"}
    found = []
    for index in signals:
        sentence = " ".join(reading.sentence_text(index).split())
        if _fits(sentence):
            found.append(_weigh(signals[index], sentence))
    return found


def _fits(sentence: str) -> bool:
    """Whether it is a whole sentence of running text."""
    if not _SHORTEST <= len(sentence) <= _LONGEST:
        return False
    return _COMPLETE.search(sentence) is not None and _FURNITURE.search(sentence) is None and len(sentence.split()) > 4


def _weigh(here: Signals, sentence: str) -> _Candidate:
    armed = sum(1.0 if isinstance(match.entry, Word) and match.entry.strong else 0.5 for match in here.events)
    toll = here.toll is not None
    spoken = len(here.named)
    happening = min(armed, 2.0) + 1.5 * toll + here.counted * toll + 0.5 * bool(here.places) - 1.5 * here.background
    claiming = (0.7 * spoken + 1.2 * (here.accusing is not None) + 0.8 * toll) if spoken or here.accusing else 0.0
    diplomatic = here.has(("talks", "ceasefire", "crossing_closed", "statement"))
    following = (
        (1.5 if diplomatic else 0.0) + 0.5 * bool(here.topics) - 0.5 * toll if diplomatic or here.topics else 0.0
    )
    place = 1.0 - here.start / OPENING
    return _Candidate(sentence, _content(sentence), happening, claiming, following, place)


def _content(text: str) -> frozenset[str]:
    """The words of a text that tell sentences apart."""
    return frozenset(word for word in boundaries(fold(text)).split() if len(word) > 2 or word.isdigit())


def _repeats(one: _Candidate, chosen: Iterable[_Candidate], title: frozenset[str]) -> bool:
    """Whether a sentence says again what was chosen, or no more than the title."""
    if any(_overlap(one.words, other.words) > _SAME for other in chosen):
        return True
    return bool(title) and _overlap(one.words, title) > 0.8 and len(one.words) < 1.6 * len(title)


def _overlap(first: frozenset[str], second: frozenset[str]) -> float:
    """The share of the smaller set that the two have in common."""
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 1.0


def _distinct(points: Iterable[str], title: frozenset[str]) -> list[str]:
    kept: list[tuple[str, frozenset[str]]] = []
    for point in points:
        words = _content(point)
        if len(words) > 1 and words != title and all(_overlap(words, other) <= 0.8 for _, other in kept):
            kept.append((point, words))
    return [point for point, _ in kept]
