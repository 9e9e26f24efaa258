"""How each sentence of a story's opening is tied to the border."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.analysis.beyond import hits, is_at_line, is_bombed_beyond, is_other, is_raid, strikes_beyond
from monitor.analysis.roles import ARMED, BOMBARDED
from monitor.analysis.signals import Signals
from monitor.analysis.topic import Topic

# Signs that a sentence is about this border whatever else it names.
_OVER = frozenset({"line", "across!"})
# How far a sentence is tied to the border in which a side strikes on its own ground.
_AT_HOME = 0.4
# ... in which somebody else strikes people of a side at the line.
_STRUCK = 0.9
# What follows a crossing that is named, within so many sentences, happens there.
_SOON = 2
# ... in which somebody strikes away from the border, and both sides are named.
_INLAND = 0.5


@dataclass(frozen=True, slots=True)
class Tie:
    """How surely a sentence is about the border, from 0 to 1."""

    signals: Signals
    link: float

    @property
    def incident(self) -> bool:
        """Whether the sentence tells of fighting or losses."""
        return self.signals.incident


@lru_cache(maxsize=4)  # judging and tagging both ask for those of one story
def tie_sentences(topic: Topic, opening: tuple[Signals, ...]) -> tuple[Tie, ...]:
    """The tie of every sentence of an opening to the border, in order."""
    everywhere = set[str]().union(*(signals.named for signals in _news(opening)))
    return tuple(_tie(topic, opening, number, everywhere) for number in range(len(opening)))


def _tie(topic: Topic, opening: Sequence[Signals], number: int, everywhere: set[str]) -> Tie:
    here = opening[number]
    link = _link(opening, number, everywhere)
    if is_at_line(here):
        link = max(link, _STRUCK) if here.outsiders and (here.victims or here.firm) else link
    elif (here.foreign or here.third) and len(here.named) < 2:
        link *= 0.3
    elif here.foreign and len(here.firm) < 2 and not (here.victims and "line?" in here.cues):
        link *= 0.4
    elif (
        len(here.named) < 2 and not here.crossing and not here.cues.keys() & _OVER and is_other(here) and not hits(here)
    ):
        link *= 0.3
    elif here.at_home and not here.crossing and not here.cues.keys() & (_OVER | {"line?", "near"}):
        link = min(link, _AT_HOME)
    elif here.inland and len(here.named) == 2 and not here.cues and not here.crossing and _is_internal(here):
        link = min(link, _INLAND)
    return Tie(here, link)


def _is_internal(here: Signals) -> bool:
    """Whether an attack away from the border is told, and the other side only named."""
    bombs = here.has(BOMBARDED) or here.has(ARMED, strong=True)
    return here.has(ARMED) is not None and bombs is None and not here.victims


def _link(opening: Sequence[Signals], number: int, everywhere: set[str]) -> float:
    """How surely a sentence is about this border; ``everywhere``: the sides the news names."""
    here = opening[number]
    cues = here.cues
    if "line" in cues or here.crossing or len(here.firm) == 2:
        return 1.0
    if len(here.named) == 2:
        return 0.9
    if here.on_border and "across" in cues:
        return 0.75
    if here.has(ARMED, strong=True) and not here.named and 0 < number <= _SOON and opening[number - 1].crossing:
        return 0.6  # "the crossing was closed; there was an exchange of fire"
    if len(everywhere) < 2:
        return 0.0
    if "across!" in cues:
        return 0.9
    if cues.keys() & {"line?", "across"}:
        return 0.75
    around = opening[max(0, number - 1)].named | opening[min(len(opening) - 1, number + 1)].named
    if here.agents or (here.on_border and here.has(("infiltration",), strong=True)):
        return 0.8
    if strikes_beyond(opening, here) or is_bombed_beyond(opening, number):
        return 0.8
    if (here.has(("ied",)) and is_raid(opening)) or _places_beyond(opening, number):
        return 0.75
    if here.named and (here.named | around) == everywhere:
        return 0.75 if cues.keys() & {"border", "crossing"} else 0.5
    if cues.keys() & {"border", "crossing"}:
        return 0.6
    if here.named or "near" in cues:
        return 0.35
    return 0.25 if around == everywhere else 0.1


def _news(opening: Sequence[Signals]) -> list[Signals]:
    """The sentences that tell the news: all but those further down that only recall what stands behind it."""
    if any(signals.explaining for signals in opening[:2]):
        return list(opening)
    return [signals for at, signals in enumerate(opening) if at < 1 or not signals.standing]


def _places_beyond(opening: Sequence[Signals], number: int) -> bool:
    """Whether a sentence that tells where it is near has, within two sentences, scenes on the other side."""
    here = opening[number]
    if "near" not in here.cues:
        return False
    beside = opening[max(0, number - 2) : number + 3]
    return any(other.places and other.named - here.named for other in beside)
