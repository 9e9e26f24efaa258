"""Which of the places a story names are the scene of what it tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.lexicon import Word
from monitor.analysis.reading import Match, Reading
from monitor.analysis.signals import opening_signals
from monitor.analysis.ties import Tie, tie_sentences
from monitor.analysis.topic import Topic

# Countries and rivers are the scene of nothing in particular.
_NO_SCENE = frozenset({"country", "river"})
_WIDE = frozenset({"line", "province", "post_area"})
_DATELINE = re.compile(r"\s*(?:,[^.:\n]{0,30})?\s*(?:\([^)]{0,40}\))?\s*[:—–-](?=\s)")
_TITLE, _INCIDENT, _BESIDE, _ELSE = 4.0, 3.0, 1.2, 0.6
# A place told in passing is left out when another is this much more in view.
_IN_VIEW = 0.4


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place a story names, how often, and how much it is in view."""

    place: GazetteerPlace
    count: int
    prominence: float


def scenes(topic: Topic, reading: Reading) -> list[PlaceMention]:
    """The places where what a story tells happened, the most prominent first; all it names if it tells of no incident.

    A capital counts only where something happens in it, because its name stands for the government; a dateline
    tells where the reporter sits; places of earlier and other incidents are left out beside those of this one.
    """
    opening = opening_signals(topic, reading)
    ties = {tie.signals.index: tie for tie in tie_sentences(topic, opening)}
    counts: dict[str, int] = {}
    weight: dict[str, float] = {}
    for match in _named(reading):
        place = match.entry
        assert isinstance(place, GazetteerPlace)
        counts[place.id] = counts.get(place.id, 0) + 1
        weight[place.id] = weight.get(place.id, 0.0) + _view(ties, match)
    most = max(weight.values(), default=0.0)
    if most >= _INCIDENT:
        weight = {name: value for name, value in weight.items() if value >= _INCIDENT * _IN_VIEW}
    weight = _narrow(topic, weight, list(ties.values()))
    order = sorted(weight, key=lambda name: -weight[name])
    return [PlaceMention(topic.places[name], counts.get(name, 1), weight[name]) for name in order]


def _named(reading: Reading) -> Iterable[Match]:
    """The matches of places that may be scenes."""
    for match in reading.matches:
        place = match.entry
        if not isinstance(place, GazetteerPlace) or place.kind in _NO_SCENE or _is_dateline(reading, match):
            continue
        if place.kind != "capital" or _is_located(reading, match):
            yield match


def _view(ties: dict[int, Tie], match: Match) -> float:
    """How much a place is in view where it is named."""
    tie = ties.get(match.sentence)
    if tie is None:
        return _ELSE
    if tie.signals.background or tie.signals.aside:
        return 0.0
    if match.part == "title":
        return _TITLE
    if tie.incident and tie.link >= 0.3:
        return _INCIDENT
    before = ties.get(match.sentence - 1)
    return _BESIDE if before is not None and before.incident and not before.signals.background else _ELSE


def _narrow(topic: Topic, weight: dict[str, float], ties: Sequence[Tie]) -> dict[str, float]:
    """Leave the line out where places on it are named; put it in where an incident names no place but the border."""
    line = next((place for place in topic.places.values() if place.kind == "line"), None)
    if line is None:
        return weight
    if any(topic.places[name].kind not in _WIDE for name in weight):
        return {name: value for name, value in weight.items() if name != line.id}
    told = any(tie.incident and tie.link >= 0.7 and tie.signals.cues.keys() & _BORDER for tie in ties)
    if told and line.id not in weight:
        return weight | {line.id: _BESIDE}
    return weight


_BORDER = frozenset({"line", "line?", "border", "across", "across!"})


def _is_located(reading: Reading, match: Match) -> bool:
    """Whether the words beside a place say that something is in it, over it or done to it."""
    words = reading.title if match.part == "title" else reading.text
    if words[match.end : match.end + 2] in ("'s", "’s"):
        return False
    for other in reading.by_sentence[match.sentence]:
        word = other.entry
        if isinstance(word, Word) and word.means == "locative" and other.part == match.part:
            gap = match.start - other.end if word.side == "before" else other.start - match.end
            if 0 <= gap <= 1:
                return True
    return False


def _is_dateline(reading: Reading, match: Match) -> bool:
    """Whether the name opens the text and is set off from it by a colon, a dash, a bracket or a date."""
    if match.part != "text" or reading.text[: match.start].strip():
        return False
    return _DATELINE.match(reading.text, match.end) is not None
