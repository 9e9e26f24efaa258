"""What each sentence of a story's opening says: whom it names, what happens, how it is tied to the border."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from monitor.analysis.actors import Actor
from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.lexicon import Number, Word
from monitor.analysis.reading import Match, Reading
from monitor.analysis.roles import (
    follows,
    gap,
    is_armed,
    is_dated,
    is_within,
    outsiders,
    side_of,
    strikers,
    third_beside,
    third_strikes,
    victims,
)
from monitor.analysis.text import fold
from monitor.analysis.topic import Topic

# Stories are judged by their opening, as readers and labellers do.
OPENING = 2000
_RECENT = frozenset({"0", "-1", "-2", "-3", "range", "night_of"})
_PAST = frozenset({"-7", "month"})
# Characters within which a word for an earlier time, or for what is not so, belongs to what happened.
_NEAR_PAST, _NEAR_UNREAL = 70, 45
# ... within which what is denied stands beside the word for denying it.
_NEAR_DENIED = 45
_WIDE = frozenset({"capital", "state", "province"})
# A word for an earlier time that opens a sentence governs all of it.
_FIRST_WORDS = 12
_YEARS = range(1800, 2200)


@dataclass(eq=False)
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
    days: list[Match] = field(default_factory=list)
    after: list[Match] = field(default_factory=list)
    unreal: list[Match] = field(default_factory=list)
    years: list[Match] = field(default_factory=list)
    months: list[Match] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    victims: set[str] = field(default_factory=set)
    on_border: bool = False
    at_home: bool = False
    inland: bool = False
    foreign: bool = False
    third: bool = False
    outsiders: bool = False
    unhurt: bool = False
    aside: bool = False
    spanned: bool = False
    plotted: bool = False
    recent: bool = False
    dated: bool = False
    daytime: bool = False
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

    @cached_property
    def toll(self) -> Match | None:
        """Where it is said that people were killed or injured."""
        for match in self.losses:
            word = match.entry
            if isinstance(word, Word) and word.means in ("killed", "injured") and word.side != "own_loss":
                return match
        return None

    @cached_property
    def seized(self) -> Match | None:
        """Where it is said that things, such as posts, were taken or destroyed."""
        for match in self.losses:
            word = match.entry
            if isinstance(word, Word) and (
                word.means == "destroyed" or (word.means, word.side) == ("captured", "things")
            ):
                return match
        return None

    @cached_property
    def background(self) -> bool:
        """Whether nothing new happens here: it is told as past, as feared or asked for, or as what went before."""
        return self.recalled or (self._unreal and self.toll is None)

    @cached_property
    def recalled(self) -> bool:
        """Whether what happens here is told as past, or as what went before the news."""
        if any(past.start - self.start <= _FIRST_WORDS for past in self.past):
            return True
        told = [one for one in self._told if not self._is_unreal(one)] or self._told
        if not told:
            return False
        if all(map(self._is_past, told)):
            return True
        # "a truce after fighting": what the sentence tells is the truce; but not so "after the truce, fighting"
        others = [event for event in self.events if not is_armed(event)]
        return (self.toll is None and bool(others)) and all(
            any(
                follows(one, after) and not any(after.end <= other.start < one.start for other in others)
                for after in self.after
            )
            for one in told
        )

    def _is_past(self, told: Match) -> bool:
        """Whether a word for an earlier time is near, and nearer than a day of these."""
        near = min((abs(told.start - past.start) for past in self.past), default=_NEAR_PAST)
        return near < _NEAR_PAST and all(abs(told.start - day.start) >= near for day in self.days)

    @cached_property
    def _told(self) -> list[Match]:
        return [*filter(is_armed, self.events), *([self.toll] if self.toll else [])]

    @property
    def _unreal(self) -> bool:
        return bool(self._told) and all(map(self._is_unreal, self._told))

    def _is_unreal(self, told: Match) -> bool:
        if any(abs(told.start - word.start) < _NEAR_UNREAL for word in self.unreal):
            return True
        denied = self.accusing if self.accusing is not None and side_of(self.accusing) == "denied" else None
        return denied is not None and gap(told, denied) < _NEAR_DENIED

    @property
    def totals(self) -> bool:
        """Whether losses are counted up to now ("since Monday"), not those of one incident."""
        return self.toll is not None and any(getattr(match.entry, "means", "") == "since" for match in self.after)

    @property
    def blames(self) -> bool:
        """Whether a side is accused over an armed group: standing blame, which is no news of a fight."""
        accused = self.accusing is not None and getattr(self.accusing.entry, "means", "") == "accused"
        return self.plotted or (self.militants and accused)

    @cached_property
    def standing(self) -> bool:
        """Whether the sentence only recalls what stands behind the news: an earlier time, or standing blame.

        What is demanded or threatened is news.
        """
        return self.recalled or self.blames

    @cached_property
    def incident(self) -> bool:
        """Whether fighting or losses are told, of people or things, now or as past."""
        return self.toll is not None or self.seized is not None or any(map(is_armed, self.events))


@lru_cache(maxsize=4)  # judging, tagging and choosing key points all ask for those of one story
def opening_signals(topic: Topic, reading: Reading) -> tuple[Signals, ...]:
    """The signals of the title and of every sentence that begins within the opening."""
    found: list[Signals] = []
    groups: dict[str, str] = {}
    for index, sentence in enumerate(reading.sentences):
        if sentence.part == "text" and sentence.start >= OPENING:
            break
        signals = Signals(index, sentence.part, sentence.start)
        _collect(topic, reading, reading.by_sentence[index], signals, groups)
        found.append(signals)
    return tuple(found)


def _collect(
    topic: Topic, reading: Reading, matches: tuple[Match, ...], signals: Signals, earlier: dict[str, str]
) -> None:
    """Fill in the signals of a sentence; ``earlier`` are the groups named before it with their words, and grows."""
    actors = [match.entry for match in matches if isinstance(match.entry, Actor)]
    groups = {actor.id for actor in actors if actor.actor_kind == "group"}
    near = [match for match in matches if isinstance(match.entry, Word) and match.entry.means == "near"]
    past = [match for match in matches if match.kind == "context" and getattr(match.entry, "means", "") == "background"]
    for match in matches:
        entry = match.entry
        only_near = is_within(match, near)
        if isinstance(entry, Word):
            if entry.category != "relative_day" or not is_within(match, past):  # "the last ten days"
                _take_word(topic, match, entry, signals)
        elif isinstance(entry, Number):
            _take_number(match, entry, signals)
        elif isinstance(entry, Actor):
            signals.militants = signals.militants or entry.actor_kind == "group"
            if entry.side in topic.sides and not only_near and _means_itself(entry, actors, groups, earlier):
                signals.named.add(entry.side)
                if entry.actor_kind != "country":
                    signals.firm.add(entry.side)
        elif isinstance(entry, GazetteerPlace):
            _take_place(topic, match, entry, signals, only_near)

    for match in matches:
        if isinstance(match.entry, Actor) and match.entry.actor_kind == "group":
            earlier[match.entry.id] = f"{earlier.get(match.entry.id, '')} {fold(reading.words(match))}"
    if is_dated(matches):
        signals.recent = signals.dated = True
    else:  # a month or year without a day is a time gone by
        signals.past += signals.years + signals.months
        signals.recent = signals.recent or bool(signals.daytime and not signals.years)
    signals.victims = victims(topic, matches, signals.losses)
    signals.outsiders = bool(outsiders(matches))
    signals.third = len(signals.named) == 1 and third_beside(topic, matches)
    if not any(side_of(match) == "reaction" for match in signals.events):
        signals.agents = strikers(topic, matches, signals.events)
        signals.foreign = not signals.agents and third_strikes(matches, signals.events)
    sides = {topic.side_of(match.entry) for match in signals.places if isinstance(match.entry, GazetteerPlace)}
    signals.at_home = bool(signals.agents) and sides == signals.agents == signals.named and not signals.on_border
    beside = any(match.entry.border for match in signals.places if isinstance(match.entry, GazetteerPlace))
    signals.inland = len(sides) == 1 and not (beside or signals.agents or signals.firm)


def _means_itself(actor: Actor, beside: list[Actor], groups: set[str], earlier: Mapping[str, str]) -> bool:
    """Whether a name that may be cut down from another's is its own.

    It is where the other is told apart here, was not named before, or only by initials that do not hold this name.
    """
    if actor.confused_with not in earlier or actor.confused_with in groups:
        return True
    longer = earlier[actor.confused_with]
    if not any(fold(name) in longer for names in actor.names.values() for name in names):
        return True
    return any(other.side == actor.side and other is not actor for other in beside)


def _take_number(match: Match, number: Number, signals: Signals) -> None:
    if number.value in _YEARS and not number.language:
        signals.years.append(match)
    else:
        signals.counted = True


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
        if means in _RECENT:
            signals.days.append(match)
        elif means in _PAST:
            signals.past.append(match)
    elif category == "weekday":
        signals.recent = True
        signals.days.append(match)
    elif category == "daytime":
        signals.daytime = True
    elif category == "month":
        signals.months.append(match)
    elif category == "elsewhere":
        signals.elsewhere.append(match)


def _take_context(match: Match, means: str, signals: Signals) -> None:
    if means == "background":
        signals.past.append(match)
    elif means in ("after", "since"):
        signals.after.append(match)
    elif means == "unreal":
        signals.unreal.append(match)
    signals.explaining = signals.explaining or means == "explainer"
    signals.unhurt = signals.unhurt or means == "negated"
    signals.aside = signals.aside or means == "another"
    signals.spanned = signals.spanned or means == "span"
    signals.plotted = signals.plotted or means == "plotted"
