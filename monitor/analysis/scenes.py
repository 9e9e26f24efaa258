"""Which of the places a story names are the scene of what it tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.analysis.days import dateline_end
from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.lexicon import Word
from monitor.analysis.offstage import is_aftermath, is_answered, is_earlier, is_surname, is_taken_to, is_voice
from monitor.analysis.reading import Match, Reading
from monitor.analysis.roles import BOMBARDED, is_armed
from monitor.analysis.signals import opening_signals
from monitor.analysis.text import boundaries, fold
from monitor.analysis.ties import Tie, tie_sentences
from monitor.analysis.topic import Topic

# Countries and rivers are the scene of nothing in particular; states only where nothing within them is named.
_NO_SCENE = frozenset({"country", "river"})
_WIDE = frozenset({"line", "province", "state", "capital"})
_DATELINE = re.compile(r"\s*(?:,[^.:\n]{0,30})?\s*(?:\([^)]{0,40}\))?\s*[:—–-](?=\s)")
# "CITY (Agency) It was said": the bracket alone ends it.
_AGENCY = re.compile(r"\s*\([^)\n]{2,40}\)\s")
# "N's … on", where the word for "in" or "on" comes last, and "of N in …": a part of a place, not who speaks for it.
_PART_OF = {
    "ur": re.compile(
        r"(?!.{0,60}\sکے\s(?:جواب|ردعمل|بدلے)\sمیں)\s(?:کے|کی)(?:\s(?!نے\s)[^\s،۔,.]+){1,4}\s(?:پر|میں)(?=[\s،۔])"
    ),
    "hi": re.compile(r"\s(?:के|की)(?:\s(?!ने\s)[^\s,।]+){1,4}\s(?:पर|में)(?=[\s,।])"),
    "ps": re.compile(r"\s(?:په|پر)\s"),
}
_CITIES = frozenset({"city", "capital"})
_STOPS = ";:؛."
# The first sentences of the text, which with the title say where the story is.
_LEADING = 2
# A story longer than this many sentences is a list of stories.
_SENTENCES = 150
# Above a dateline stands a headline at most.
_DATELINE_WITHIN = 240
_TITLE, _INCIDENT, _BESIDE, _ELSE, _VOICE = 4.0, 3.0, 1.0, 0.6, 0.5
# What is less in view than this is left out where an incident has a scene.
_SEEN = 1.2
# A sentence with this link is about the border, whoever strikes in it.
_SURE = 0.7
# Characters within which a place belongs to what happened, to the place named before it, or to what caused it.
_NEAR_EVENT, _NEXT_PLACE, _LISTED, _NEAR_CAUSE = 90, 30, 6, 60


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place a story names, how often, and how much it is in view."""

    place: GazetteerPlace
    count: int
    prominence: float


def scenes(topic: Topic, reading: Reading) -> list[PlaceMention]:
    """The places where what a story tells happened, the most prominent first; all it names if it tells of no incident.

    A capital counts only where something happens in it, because its name stands for the government; a dateline
    tells where the reporter sits; places of earlier and other incidents, of offices and of hospitals are left
    out beside those of the incident.
    """
    ties = {tie.signals.index: tie for tie in tie_sentences(topic, opening_signals(topic, reading))}
    counts: dict[str, int] = {}
    weight: dict[str, float] = {}
    towns: dict[str, list[GazetteerPlace]] = {}
    leading: set[str] = set()
    voices: dict[str, None] = {}
    top = _LEADING + any(sentence.part == "title" for sentence in reading.sentences[:1])
    for index, matches in enumerate(reading.by_sentence[:_SENTENCES]):
        for match, view in _views(reading, ties, index, matches):
            place = _side_named(topic, reading, match, towns)
            if view == _VOICE:
                voices[place.id] = None
            if index < top or _is_bombed(ties.get(index)):
                leading.add(place.id)
            counts[place.id] = counts.get(place.id, 0) + 1
            weight[place.id] = weight.get(place.id, 0.0) + view
    for name in voices:  # the first to speak is nearest to what is told
        if _speaks_for(topic, name, weight):
            weight[name] += _INCIDENT
    if any(weight.values()):
        weight = {name: value for name, value in weight.items() if value}
    if max(weight.values(), default=0.0) >= _INCIDENT:
        weight = {name: value for name, value in weight.items() if value >= _SEEN}
        if any(topic.places[name].border for name in weight.keys() & leading):
            weight = {name: value for name, value in weight.items() if name in leading or not _is_far(topic, name)}
    weight = _narrow(topic, weight, list(ties.values()))
    order = sorted(weight, key=lambda name: -weight[name])
    return [PlaceMention(topic.places[name], counts.get(name, 1), weight[name]) for name in order]


def _speaks_for(topic: Topic, name: str, weight: dict[str, float]) -> bool:
    """Whether what is told in a place happened there: in the province of a scene, or where nothing closer is named."""
    place = topic.places[name]
    there = [topic.places[other] for other, value in weight.items() if value >= _INCIDENT and other != name]
    there = [other for other in there if other.kind != "line"]
    if place.kind == "province":
        inside = (other for other in there if other.kind != "crossing")
        return not there or any(place.name in other.admin1 for other in inside)
    return place.border and all(other.kind == "province" and other.name in place.admin1 for other in there)


def _is_bombed(tie: Tie | None) -> bool:
    return tie is not None and tie.signals.has(BOMBARDED, strong=True) is not None


def _is_far(topic: Topic, name: str) -> bool:
    """Whether a place is a city away from the border, where officials and hospitals are."""
    place = topic.places[name]
    return place.kind in _CITIES and not place.border


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


def _views(
    reading: Reading, ties: dict[int, Tie], index: int, matches: Sequence[Match]
) -> Iterator[tuple[Match, float]]:
    """The places of one sentence, each with how much it is in view there."""
    tie = ties.get(index)
    happened = [match for match in matches if is_armed(match) or match.kind == "outcome"]
    words = [match for match in matches if match.kind == "context"]
    around = [one for one in (ties.get(index - 1), ties.get(index + 1)) if one is not None]
    tied = tie is not None and tie.incident and max(one.link for one in (tie, *around)) >= 0.3
    later = _is_later(reading, index)
    if later and is_earlier(matches):
        return
    head = dateline_end(reading, matches) if index < 2 else 0
    last: int | None = None
    out_view, out = 0.0, -_NEXT_PLACE  # where the last place that is no scene ended: "from X and Y"
    for match in matches:
        place = match.entry
        if not isinstance(place, GazetteerPlace) or place.kind in _NO_SCENE:
            continue
        stands = last is not None and _is_listed(reading, match, last)  # "over X and the capital"
        beside = (match, *(one for one in matches if _is_next(match, one)))
        stands = stands or any(
            _has_beside(reading, words, one, means) for one in beside for means in ("locative", "clinic")
        )
        stands = stands or _stands_within(reading, match)
        if place.kind == "capital" and not stands:
            if _has_beside(reading, words, match, "on_the_spot"):
                yield match, _BESIDE
            continue
        near = any(max(one.start - match.end, match.start - one.end) <= _NEAR_EVENT for one in happened)
        near = near or last is None or 0 <= match.start - last <= _NEXT_PLACE
        listed = 0 < match.start - out <= _LISTED
        if is_surname(reading, matches, match):
            continue
        office = _has_beside(reading, words, match, "office")
        off = listed or office or _is_cause(words, match)
        if off or is_taken_to(matches, match) or is_aftermath(matches, match) or is_answered(matches, match):
            if not listed:
                out_view = _VOICE if place.kind == "province" or (office and place.border) else 0.0
            out = match.end
            yield match, out_view
        elif match.part == "text" and is_voice(reading, matches, match):
            yield match, _VOICE
        elif _is_dateline(reading, match, head):
            yield match, _ELSE * place.border
        elif near and tied:
            last = match.end
            closed = later and _is_closed(matches, match)
            yield match, _BESIDE if closed else _view(ties, tie, match)
        else:
            yield match, _view(ties, tie, match) if match.part == "title" else min(_view(ties, tie, match), _BESIDE)


def _stands_within(reading: Reading, place: Match) -> bool:
    """Whether a word puts something into a part of a place: "on a hospital of N", "in N's district M"."""
    text = reading.title if place.part == "title" else reading.text
    pattern = _PART_OF.get(reading.language)
    return pattern is not None and pattern.match(text, place.end) is not None


def _is_listed(reading: Reading, place: Match, last: int) -> bool:
    """Whether a place stands right behind another that ended at ``last``, with no stop between them."""
    between = (reading.title if place.part == "title" else reading.text)[last : place.start]
    return 0 < len(between) <= _LISTED and not any(stop in between for stop in _STOPS)


def _is_next(capital: Match, other: Match) -> bool:
    """Whether another place that is no capital is listed right behind: "in the capital and X"."""
    place = other.entry
    return isinstance(place, GazetteerPlace) and place.kind != "capital" and 0 < other.start - capital.end <= _LISTED


def _view(ties: dict[int, Tie], tie: Tie | None, match: Match) -> float:
    """How much a place is in view where it is named."""
    if tie is None:
        return _ELSE
    if tie.signals.foreign and match.part == "text" and tie.link < _SURE:
        return _ELSE
    if tie.signals.aside or (tie.signals.background and tie.signals.past):
        return 0.0
    if match.part == "title":
        return _TITLE
    if tie.incident:
        return _INCIDENT
    before = ties.get(match.sentence - 1)
    return _BESIDE if before is not None and before.incident and not before.signals.background else _ELSE


def _is_closed(matches: Sequence[Match], place: Match) -> bool:
    """Whether a crossing is named for being closed, not for being fought at."""
    entry = place.entry
    if not isinstance(entry, GazetteerPlace) or not (entry.kind == "crossing" or len(entry.countries) == 2):
        return False
    events = [match for match in matches if match.kind == "event" and match.part == place.part]
    nearest = min(events, key=lambda one: max(one.start - place.end, place.start - one.end), default=None)
    return nearest is not None and not is_armed(nearest)


def _is_cause(words: Sequence[Match], place: Match) -> bool:
    """Whether a place belongs to what is answered, not to the answer."""
    for match in words:
        word = match.entry
        if isinstance(word, Word) and word.means == "cause":
            gap = place.start - match.end if word.side == "before" else match.start - place.end
            if 0 <= gap <= _NEAR_CAUSE:
                return True
    return False


def _narrow(topic: Topic, weight: dict[str, float], ties: Sequence[Tie]) -> dict[str, float]:
    """Leave out what is too wide beside its parts; put the line in where an incident names no place but the border."""
    told = any(tie.incident and tie.link >= 0.7 and _is_at_line(tie) for tie in ties)
    if told and max(weight.values(), default=0.0) < _ELSE:
        weight = {}
    places = [topic.places[name] for name in weight]
    inside = {name for place in places if place.kind not in _WIDE for name in place.admin1}
    weight = {
        name: value
        for name, value in weight.items()
        if topic.places[name].kind != "state" or topic.places[name].name not in inside
    }
    towns = {place.name for place in places if place.kind != "crossing"}
    weight = {name: value for name, value in weight.items() if not _is_called_by(topic.places[name], towns)}
    line = next((place for place in topic.places.values() if place.kind == "line"), None)
    if line is None:
        return weight
    if any(place.kind not in _WIDE and place.lat is not None for place in places):
        return {name: value for name, value in weight.items() if name != line.id}
    if told and line.id not in weight and all(place.lat is None for place in places):
        return weight | {line.id: _BESIDE}
    return weight


def _is_at_line(tie: Tie) -> bool:
    """Whether a sentence tells of a fight at the line: it is named, or both sides are, and they fight on the ground."""
    if tie.signals.cues.keys() & _BORDER:
        return True
    air = tie.signals.has(_FROM_THE_AIR) is not None
    fought = tie.signals.has(_ON_THE_GROUND) is not None or tie.signals.seized is not None
    return len(tie.signals.named) == 2 and not air and fought


def _is_called_by(place: GazetteerPlace, towns: set[str]) -> bool:
    """Whether a crossing is called by a town that is a scene itself: its gate is shut, the fighting is in the town."""
    return place.kind == "crossing" and place.name not in towns and any(town in place.name for town in towns)


_ON_THE_GROUND, _FROM_THE_AIR = frozenset({"armed_clash", "shelling"}), frozenset({"air_strike", "drone_strike"})
_BORDER = frozenset({"line", "line?", "border", "across", "across!"})


def _has_beside(reading: Reading, words: Sequence[Match], match: Match, means: str) -> bool:
    """Whether a word of a kind stands right beside a place, on the side where that language puts it."""
    text = reading.title if match.part == "title" else reading.text
    if means == "locative" and text[match.end : match.end + 2] in ("'s", "’s"):
        return False
    for other in words:
        word = other.entry
        if isinstance(word, Word) and word.means == means and other.part == match.part:
            gap = match.start - other.end if word.side == "before" else other.start - match.end
            if 0 <= gap <= 1:
                return True
    return False


def _is_later(reading: Reading, index: int) -> bool:
    """Whether a sentence stands behind the lead."""
    return index >= _LEADING + any(sentence.part == "title" for sentence in reading.sentences[:1])


def _is_dateline(reading: Reading, match: Match, head: int) -> bool:
    """Whether the name opens the text or a line near its top, set off by a colon, a dash, a bracket or a date."""
    if match.part == "text" and match.end <= head:
        return True
    if match.part != "text" or match.start > _DATELINE_WITHIN:
        return False
    before = reading.text[: match.start].rstrip(" \t")
    if before and not before.endswith("\n"):
        return False
    return _DATELINE.match(reading.text, match.end) is not None or _AGENCY.match(reading.text, match.end) is not None
