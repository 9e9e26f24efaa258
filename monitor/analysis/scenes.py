"""Which of the places a story names are the scene of what it tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.reading import Match, Reading
from monitor.analysis.signals import opening_signals
from monitor.analysis.text import boundaries, fold
from monitor.analysis.ties import Tie, tie_sentences
from monitor.analysis.topic import Topic
from monitor.analysis.weights import weights
from monitor.analysis.whereabouts import mentions_of_places

# A place known no better than this is no spot.
_WIDE = frozenset({"line", "province", "state", "capital"})
_PROVINCES = frozenset({"province", "state"})
_CITIES = frozenset({"city", "capital"})
# A story longer than this many sentences is a list of stories.
_SENTENCES = 150
_MANY = 4
# A place is a scene from this chance on; where none has it, those nearly as likely as the likeliest are.
_SCENE, _PERHAPS, _NEARLY = 0.45, 0.3, 0.75
# A sentence with this link is about the border, whoever strikes in it.
_SURE = 0.7
# Kinds of places that their other signs mean another thing for.
_KINDS = frozenset({"province", "state", "capital", "city", "crossing"})
_WITH = frozenset("voice office incident lead title untold locative dateline".split()) | {"plain told", "another told"}


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place a story names, how often, and the chance that what is told happened there."""

    place: GazetteerPlace
    count: int
    prominence: float


@dataclass(slots=True)
class Candidate:
    """A place a story names: how often, every sign of how, and the places it is listed right behind."""

    place: GazetteerPlace
    count: int
    signs: set[str]
    behind: list[str]


def scenes(topic: Topic, reading: Reading) -> list[PlaceMention]:
    """The places where what a story tells happened, the likeliest first; all it names if it tells of no incident.

    Every sign of how and where a place is named adds its weight (``weights.toml``) to the log-odds that it is a
    scene. The line is one where an incident is told and nothing closer than a province is named.
    """
    ties = {tie.signals.index: tie for tie in tie_sentences(topic, opening_signals(topic, reading))}
    found = candidates(topic, reading, ties)
    chances = _chances(found)
    if any(tie.incident and not tie.signals.background for tie in ties.values()):
        likeliest = max(chances.values(), default=0.0)
        if likeliest < _SCENE and any(tie.incident and "line" in tie.signals.cues for tie in ties.values()):
            found = []
        least = min(_SCENE, max(_PERHAPS, _NEARLY * likeliest))
        found = [one for one in found if chances[one.place.id] >= least]
    found.sort(key=lambda one: -chances[one.place.id])
    told = [PlaceMention(one.place, one.count, round(chances[one.place.id], 3)) for one in found]
    return told + _line(topic, reading, told, list(ties.values()))


def _chances(found: Sequence[Candidate]) -> dict[str, float]:
    """The chance of each place to be a scene; what is listed behind a scene may well be one too."""
    weighed = weights("scene")
    chances: dict[str, float] = {}
    for one in found:
        before = [chances[name] for name in one.behind if name in chances]
        chance = weighed.chance(one.signs)
        chances[one.place.id] = max(chance, *before, 0.0) if chance >= _PERHAPS else chance
    return chances


def candidates(topic: Topic, reading: Reading, ties: Mapping[int, Tie]) -> list[Candidate]:
    """The places a story names, in order, with the signs of all their mentions and of how they lie to each other."""
    found: dict[str, Candidate] = {}
    towns: dict[str, list[GazetteerPlace]] = {}
    for index, matches in enumerate(reading.by_sentence[:_SENTENCES]):
        before = ""
        for match, signs in mentions_of_places(reading, ties, index, matches):
            place = _side_named(topic, reading, match, towns)
            one = found.setdefault(place.id, Candidate(place, 0, set(), []))
            one.count += 1
            one.signs |= signs
            if "listed" in signs and before not in ("", place.id):
                one.behind.append(before)
            before = place.id
    everywhere = list(found.values())
    leading = any(one.place.border and "lead" in one.signs for one in everywhere)
    related = [_of_others(one, everywhere) | _of_itself(one, len(everywhere), leading) for one in everywhere]
    for number, (one, more) in enumerate(zip(everywhere, related, strict=True)):
        one.signs |= more
        if number == 0:
            one.signs.add("first")
        if one.place.kind in _KINDS:
            one.signs |= {f"{one.place.kind} & {sign}" for sign in one.signs & _WITH}
    return everywhere


def _of_itself(one: Candidate, count: int, leading: bool) -> set[str]:
    """What a place is; ``count``: of all places named, ``leading``: whether the lead names one on the border."""
    shown = {
        f"kind {one.place.kind}": True,
        "border": one.place.border,
        "far city": one.place.kind in _CITIES and not one.place.border,
        "far city beside border": one.place.kind in _CITIES and not one.place.border and leading,
        "twice": one.count > 1,
        "only": count == 1,
        "many": count >= _MANY,
    }
    return {name for name, holds in shown.items() if holds}


def _of_others(one: Candidate, everywhere: Sequence[Candidate]) -> set[str]:
    """How a place lies to the others named: around them, inside them, across the line from them."""
    place = one.place
    others = [other for other in everywhere if other is not one]
    wide = place.kind in _PROVINCES
    inside = [o for o in others if wide and place.name in o.place.admin1 and o.place.kind not in _PROVINCES]
    shown = {
        "holds another": bool(inside),
        "holds told": any("plain told" in other.signs for other in inside),
        "holds crossing": any(other.place.kind == "crossing" for other in inside),
        "state holds": bool(inside) and place.kind == "state",
        "district holds": any(place.name in other.place.admin2 for other in others),
        "inside another": any(o.place.kind == "province" and o.place.name in place.admin1 for o in others),
        "another told": any("plain told" in other.signs for other in others),
        "called by town": place.kind == "crossing" and any(o.place.name in place.name for o in others),
        "faces": any(place.faces == other.place.id or other.place.faces == place.id for other in others),
    }
    return {name for name, holds in shown.items() if holds}


def _line(topic: Topic, reading: Reading, told: Sequence[PlaceMention], ties: Sequence[Tie]) -> list[PlaceMention]:
    """The line itself, where an incident is told at it and no spot is named."""
    line = next((place for place in topic.places.values() if place.kind == "line"), None)
    if line is None or any(one.place.kind not in _WIDE and one.place.lat is not None for one in told):
        return []
    count = sum(match.entry is line for match in reading.of("place"))
    named = count and (not told or any(tie.incident and "line" in tie.signals.cues for tie in ties))
    at_line = any(tie.incident and tie.link >= _SURE and _is_at_line(tie) for tie in ties)
    if not named and not (at_line and all(one.place.lat is None for one in told)):
        return []
    return [PlaceMention(line, max(count, 1), 0.5)]


def _is_at_line(tie: Tie) -> bool:
    """Whether a sentence tells of a fight at the line: it is named, or both sides are, and they fight on the ground."""
    if tie.signals.cues.keys() & _BORDER:
        return True
    air = tie.signals.has(_FROM_THE_AIR) is not None
    fought = tie.signals.has(_ON_THE_GROUND) is not None or tie.signals.seized is not None
    return len(tie.signals.named) == 2 and not air and fought


_ON_THE_GROUND, _FROM_THE_AIR = frozenset({"armed_clash", "shelling"}), frozenset({"air_strike", "drone_strike"})
_BORDER = frozenset({"line", "line?", "border", "across", "across!"})


def _side_named(topic: Topic, reading: Reading, match: Match, towns: dict[str, list[GazetteerPlace]]) -> GazetteerPlace:
    """The place itself, or, for a crossing called by the town on one of its sides, that town."""
    place = match.entry
    assert isinstance(place, GazetteerPlace)
    if place.kind == "crossing":
        if place.id not in towns:
            towns[place.id] = [other for other in topic.places.values() if other.name in place.admin2]
        words = f" {_plain(reading.words(match))} "
        for town in towns[place.id]:
            if any(f" {name} " in words for name in _names(town)):
                return town
    return place


@lru_cache(maxsize=512)
def _names(place: GazetteerPlace) -> frozenset[str]:
    return frozenset(_plain(name) for names in ((place.name,), *place.names.values()) for name in names)


def _plain(text: str) -> str:
    return " ".join(boundaries(fold(text)).split())
