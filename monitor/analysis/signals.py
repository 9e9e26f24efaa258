"""What each sentence of a story's opening says: whom it names, what happens, how it is tied to the border."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from monitor.analysis.actors import Actor
from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.lexicon import Number, Word
from monitor.analysis.reading import Match, Reading
from monitor.analysis.topic import Topic

# Stories are judged by their opening, as readers and labellers do.
OPENING = 2000
ARMED = frozenset({"armed_clash", "shelling", "air_strike", "drone_strike", "infiltration", "attack", "ied"})
_RECENT = frozenset({"0", "-1", "-2", "-3", "range", "night_of"})
_PAST = frozenset({"-7", "month"})
# Characters within which a word for an earlier time, or the name of who did it, belongs to what happened.
_NEAR_PAST, _NEAR_AGENT, _NEXT, _NEAR_FOREIGN, _NEAR_DAY, _NEAR_LOSS, _NEAR_AFTER, _NEAR_UNREAL = (
    70,
    5,
    1,
    22,
    4,
    60,
    45,
    45,
)
_WIDE = frozenset({"capital", "state", "province"})
# A word for an earlier time that opens a sentence governs all of it.
_FIRST_WORDS = 12
_YEARS = range(1800, 2200)


@dataclass(slots=True)
class Signals:
    """The signals of one sentence: sides are ``firm`` when a force, office or government is named, else ``named``."""

    index: int
    part: str
    start: int
    firm: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    cues: dict[str, Match] = field(default_factory=dict)
    crossing: Match | None = None
    places: list[Match] = field(default_factory=list)
    events: list[Match] = field(default_factory=list)
    losses: list[Match] = field(default_factory=list)
    topics: list[Match] = field(default_factory=list)
    accusing: Match | None = None
    counted: bool = False
    past: list[Match] = field(default_factory=list)
    after: list[Match] = field(default_factory=list)
    unreal: list[Match] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    victims: set[str] = field(default_factory=set)
    on_border: bool = False
    foreign: bool = False
    unhurt: bool = False
    aside: bool = False
    recent: bool = False
    explaining: bool = False
    elsewhere: list[Match] = field(default_factory=list)
    militants: bool = False

    def has(self, types: Iterable[str], strong: bool = False) -> Match | None:
        """The first event of one of ``types``; with ``strong`` only one that carries a judgement by itself."""
        for match in self.events:
            word = match.entry
            if isinstance(word, Word) and word.means in types and (word.strong or not strong):
                return match
        return None

    @property
    def toll(self) -> Match | None:
        """Where it is said that people were killed or injured."""
        for match in self.losses:
            word = match.entry
            if isinstance(word, Word) and word.means in ("killed", "injured") and word.side != "own_loss":
                return match
        return None

    @property
    def background(self) -> bool:
        """Whether nothing new happens here: it is told as past, as feared or asked for, or as what went before."""
        if any(past.start - self.start <= _FIRST_WORDS for past in self.past):
            return True
        told = [*filter(is_armed, self.events), *([self.toll] if self.toll else [])]
        if not told:
            return False
        if self.toll is None and all(
            any(abs(one.start - word.start) < _NEAR_UNREAL for word in self.unreal) for one in told
        ):
            return True
        if self.past and all(any(abs(one.start - past.start) < _NEAR_PAST for past in self.past) for one in told):
            return True
        # "a truce after fighting": what the sentence tells is the truce
        news = self.toll is None and any(not is_armed(event) for event in self.events)
        return news and all(any(_follows(one, after) for after in self.after) for one in told)

    @property
    def incident(self) -> bool:
        """Whether fighting or losses are told, now or as past."""
        return self.toll is not None or any(map(is_armed, self.events))


def _follows(event: Match, after: Match) -> bool:
    """Whether an event is what something comes after."""
    gap = event.start - after.end if _side(after) == "before" else after.start - event.end
    return 0 <= gap <= _NEAR_AFTER


def is_armed(match: Match) -> bool:
    """Whether a match is a word for fighting of any kind."""
    return isinstance(match.entry, Word) and match.entry.category == "event" and match.entry.means in ARMED


def opening_signals(topic: Topic, reading: Reading) -> list[Signals]:
    """The signals of the title and of every sentence that begins within the opening."""
    found = []
    for index, sentence in enumerate(reading.sentences):
        if sentence.part == "text" and sentence.start >= OPENING:
            break
        signals = Signals(index, sentence.part, sentence.start)
        _collect(topic, reading.by_sentence[index], signals)
        found.append(signals)
    return found


def _collect(topic: Topic, matches: tuple[Match, ...], signals: Signals) -> None:
    groups = {match.entry.id for match in matches if isinstance(match.entry, Actor)}
    near = [match for match in matches if isinstance(match.entry, Word) and match.entry.means == "near"]
    for match in matches:
        entry = match.entry
        only_near = any(other.start <= match.start and match.end <= other.end for other in near)
        if isinstance(entry, Word):
            _take_word(topic, match, entry, signals)
        elif isinstance(entry, Number):
            signals.counted = signals.counted or entry.value not in _YEARS
        elif isinstance(entry, Actor):
            signals.militants = signals.militants or entry.actor_kind == "group"
            if entry.side in topic.sides and not only_near and entry.confused_with not in groups:
                signals.named.add(entry.side)
                if entry.actor_kind != "country":
                    signals.firm.add(entry.side)
        elif isinstance(entry, GazetteerPlace):
            _take_place(topic, match, entry, signals, only_near)

    signals.recent = signals.recent or _dated(matches)
    signals.victims = {
        side
        for match in matches
        if match.kind == "party" and (side := _side(match)) in topic.sides and _near_any(match, signals.losses)
    }
    if not any(_side(match) == "reaction" for match in signals.events):
        signals.agents = _agents(topic, matches, signals)
        signals.foreign = not signals.agents and _foreign(matches, signals)


def _near_any(match: Match, others: list[Match]) -> bool:
    return any(max(other.start - match.end, match.start - other.end) <= _NEAR_LOSS for other in others)


def _dated(matches: tuple[Match, ...]) -> bool:
    """Whether a day of a month is named: the month alone may be another word."""
    days = [match for match in matches if isinstance(match.entry, Number) and 0 < match.entry.value <= 31]
    months = [match for match in matches if match.kind == "month"]
    return any(
        0 < day.start - month.end <= _NEAR_DAY or 0 < month.start - day.end <= _NEAR_DAY
        for day in days
        for month in months
    )


def _agents(topic: Topic, matches: tuple[Match, ...], signals: Signals) -> set[str]:
    """The sides named as those who strike: right before the word for it, or right after it."""
    found: set[str] = set()
    strikes = [event for event in filter(is_armed, signals.events) if _means(event) != "ied"]
    for match in matches:
        side = match.entry.side if isinstance(match.entry, Actor | Word) else ""
        if side in topic.sides and any(_beside(match, event) for event in strikes if event is not match):
            found.add(side)
    return found


def _foreign(matches: tuple[Match, ...], signals: Signals) -> bool:
    """Whether another country is named as the one who strikes."""
    others = [
        m for m in matches if isinstance(m.entry, Actor) and m.entry.side == "other" and m.entry.actor_kind == "country"
    ]
    strikes = list(filter(is_armed, signals.events))
    return any(0 <= event.start - other.end <= _NEAR_FOREIGN for event in strikes for other in others)


def _beside(agent: Match, event: Match) -> bool:
    return 0 <= event.start - agent.end <= _NEAR_AGENT or 0 <= agent.start - event.end <= _NEXT


def _side(match: Match) -> str:
    return match.entry.side if isinstance(match.entry, Word) else ""


def _means(match: Match) -> str:
    return match.entry.means if isinstance(match.entry, Word) else ""


def _take_place(topic: Topic, match: Match, place: GazetteerPlace, signals: Signals, only_near: bool) -> None:
    side = topic.side_of(place)
    if side in topic.sides and not only_near:
        signals.named.add(side)
        if place.kind == "capital":
            signals.firm.add(side)
    if place.kind == "line" and not only_near:
        signals.cues.setdefault("line", match)
    elif place.kind == "crossing" or (len(place.countries) == 2 and place.kind not in ("river", "line")):
        signals.crossing = signals.crossing or match
        signals.places.append(match)
    elif place.kind not in ("country", "line", "river"):
        signals.places.append(match)
        signals.on_border = signals.on_border or (place.border and place.kind not in _WIDE)


def _take_word(topic: Topic, match: Match, word: Word, signals: Signals) -> None:
    category, means = word.category, word.means
    if category == "event":
        signals.events.append(match)
    elif category == "outcome":
        signals.losses.append(match)
    elif category == "cue":
        signals.cues.setdefault(means if word.strong or means != "line" else "line?", match)
        if means == "across" and word.strong:
            signals.cues.setdefault("across!", match)
    elif category == "topic":
        signals.topics.append(match)
    elif category == "party":
        if word.side in topic.sides:
            signals.named.add(word.side)
            signals.firm.add(word.side)
        signals.militants = signals.militants or means == "militants"
    elif category == "speaker" and word.side in topic.sides:
        signals.named.add(word.side)
    elif category == "verb" and (means == "accused" or word.side == "denied"):
        signals.accusing = signals.accusing or match
    elif category == "context":
        _take_context(match, means, signals)
    elif category == "relative_day":
        signals.recent = signals.recent or means in _RECENT
        if means in _PAST:
            signals.past.append(match)
    elif category in ("weekday", "daytime"):
        signals.recent = True
    elif category == "elsewhere":
        signals.elsewhere.append(match)


def _take_context(match: Match, means: str, signals: Signals) -> None:
    if means == "background":
        signals.past.append(match)
    elif means == "after":
        signals.after.append(match)
    elif means == "unreal":
        signals.unreal.append(match)
    signals.explaining = signals.explaining or means == "explainer"
    signals.unhurt = signals.unhurt or means == "negated"
    signals.aside = signals.aside or means == "another"
