"""How each sentence of a story's opening is tied to the border, and how much of a security matter it tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from monitor.analysis.beyond import hits, is_at_line, is_bombed_beyond, is_other, is_raid, strikes_beyond
from monitor.analysis.lexicon import Word
from monitor.analysis.reading import Match
from monitor.analysis.roles import ARMED, BOMBARDED, is_armed
from monitor.analysis.signals import Signals
from monitor.analysis.topic import Topic

# Signs that a sentence is about this border whatever else it names.
_OVER = frozenset({"line", "across!"})
# How far a sentence is tied to the border in which a side strikes on its own ground.
_AT_HOME = 0.4
# ... in which somebody else strikes people of a side at the line.
_STRUCK = 0.9
# What the line named by an office or a force, or in a story that explains, is worth more than the line alone.
_SPOKEN = 0.2
# What follows a crossing that is named, within so many sentences, happens there.
_SOON = 2
# ... in which somebody strikes away from the border, and both sides are named.
_INLAND = 0.5
# Topics that are a security matter, and the weight each has.
_TOPICS = {"security": "security", "dispute": "dispute", "border": "dispute", "diplomacy": "diplomacy"}


@dataclass(frozen=True, slots=True)
class Tie:
    """How a sentence is tied to the border, what matter it tells, and the matches that say so.

    ``beyond`` is whether one side strikes the other's ground in it, as it and the sentences around it tell.
    """

    signals: Signals
    link: float
    matter: float
    kind: str
    because: tuple[Match, ...]
    beyond: bool = False

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
    link, why = _link(opening, number, everywhere)
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
    matter, kind, what = _matter(topic, opening, here)
    beyond = strikes_beyond(opening, here) or is_bombed_beyond(opening, number)
    return Tie(here, link, matter, kind, tuple(match for match in (why, what) if match is not None), beyond)


def _is_internal(here: Signals) -> bool:
    """Whether an attack away from the border is told, and the other side only named."""
    bombs = here.has(BOMBARDED) or here.has(ARMED, strong=True)
    return here.has(ARMED) is not None and bombs is None and not here.victims


def _link(opening: Sequence[Signals], number: int, everywhere: set[str]) -> tuple[float, Match | None]:
    """How surely a sentence is about this border, and the match that says so; ``everywhere``: sides the news names."""
    here = opening[number]
    both = len(everywhere) == 2
    cues = here.cues
    if "line" in cues:
        return 1.0, cues["line"]
    if here.crossing:
        return 1.0, here.crossing
    if len(here.firm) == 2:
        return 1.0, None
    if len(here.named) == 2:
        return 0.9, None
    if here.on_border and "across" in cues:
        return 0.75, cues["across"]
    if (
        (fought := here.has(ARMED, strong=True))
        and not here.named
        and 0 < number <= _SOON
        and opening[number - 1].crossing
    ):
        return 0.6, fought  # "the crossing was closed; there was an exchange of fire"
    if not both:
        return 0.0, None
    if "across!" in cues:
        return 0.9, cues["across!"]
    for cue, weight in (("line?", 0.75), ("across", 0.75)):
        if cue in cues:
            return weight, cues[cue]
    around = opening[max(0, number - 1)].named | opening[min(len(opening) - 1, number + 1)].named
    if here.agents:
        return 0.8, None
    if here.on_border and (crossed := here.has(("infiltration",), strong=True)):
        return 0.8, crossed
    if strikes_beyond(opening, here) or is_bombed_beyond(opening, number):
        return 0.8, here.has(ARMED)
    if (blast := here.has(("ied",))) and is_raid(opening):
        return 0.75, blast
    if _places_beyond(opening, number):
        return 0.75, cues["near"]
    if here.named and (here.named | around) == everywhere:
        return (0.75 if "border" in cues or "crossing" in cues else 0.5), cues.get("border")
    if "border" in cues or "crossing" in cues:
        return 0.6, cues.get("border") or cues.get("crossing")
    if here.named or "near" in cues:
        return 0.35, cues.get("near")
    return (0.25 if around == everywhere else 0.1), None


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


def _matter(topic: Topic, opening: Sequence[Signals], here: Signals) -> tuple[float, str, Match | None]:
    """How much of a security matter a sentence tells, of which kind, and the match that says so."""
    weights = topic.weights
    options: list[tuple[float, str, Match | None]] = [(0.0, "", None)]
    hard, soft, toll = here.has(ARMED, strong=True), here.has(ARMED), here.toll
    if hard and not _is_sport(here):
        options.append((weights["armed"], "armed", hard))
    if soft:
        several = 0.15 * (sum(map(is_armed, here.events)) > 1)
        sure = weights["toll"] if toll or "across!" in here.cues or strikes_beyond(opening, here) else several
        options.append((weights["attack"] + sure, "armed", soft))
    if toll and (
        ({"across!", "line"} & here.cues.keys() and (soft or here.counted))
        or (here.victims and here.firm - here.victims and not here.blames)
        or (here.crossing and here.firm and len(here.named) == 2)
        or _is_answered(opening, here)
        or (here.counted and "border" in here.cues and here.firm and len(here.named) == 2 and not here.militants)
    ):
        options.append((weights["attack"] + weights["toll"], "armed", toll))
    if toll and here.counted and is_at_line(here):
        options.append((weights["attack"] + weights["toll"], "armed", toll))
    if len(here.firm) == 2 and not here.blames and (seized := _seized(here)):
        options.append((weights["attack"] + weights["toll"], "armed", seized))
    if toll:
        options.append((weights["toll"] + (0.1 if here.counted else 0), "toll", toll))
    if "line" in here.cues:
        more = _SPOKEN * bool(
            here.firm or here.crossing or (any(one.explaining for one in opening[:2]) and len(_sides(opening)) == 2)
        )
        options.append((weights["line"] + more, "statement", here.cues["line"]))
    if ceasefire := here.has(("ceasefire",)):
        options.append((weights["ceasefire"], "ceasefire", ceasefire))
    if talks := here.has(("talks",)):
        weight = weights["talks"] * (1 if here.has(("talks",), strong=True) or _is_plain(opening, here) else 0.7)
        options.append((weight * (0.5 if _is_trade(opening) else 1), "talks", talks))
    if closing := _closing(here):
        tense = any(
            one.has(ARMED)
            or one.has(("ceasefire",))
            or _topic(one, "security")
            or (one.firm and (one.has(("talks",)) or (one.militants and len(one.named) == 2)))
            for one in opening
        )
        options.append((weights["closing"] * (1 if tense else 0.45), "crossing_closed", closing))
    for tag, weighed_as in _TOPICS.items():
        if found := _topic(here, tag):
            options.append((weights[weighed_as], "statement", found))
    if len(here.firm) == 2 and not here.incident and not is_other(here):
        if here.militants:
            options.append((weights["dispute"], "statement", None))
        elif _is_plain(opening, here):
            options.append((weights["line"], "statement", None))
    if here.has(("statement",)) or here.accusing:
        weight = weights["statement"] * (0.5 if _is_relief(opening) else 1)
        options.append((weight, "statement", here.has(("statement",)) or here.accusing))
    return max(options, key=lambda option: option[0])


def _is_answered(opening: Sequence[Signals], here: Signals) -> bool:
    """Whether one side tells the other's losses, and the other's forces or offices speak in a sentence beside it."""
    if not here.victims or here.militants or not here.counted or len(here.named) != 2 or len(here.victims) != 1:
        return False
    number = opening.index(here)
    beside = (*opening[max(0, number - 1) : number], *opening[number + 1 : number + 2])
    return any(other.firm & here.victims and (other.toll or _seized(other)) for other in beside)


def _sides(opening: Sequence[Signals]) -> set[str]:
    return set[str]().union(*(one.named for one in opening))


def _seized(here: Signals) -> Match | None:
    """Where it is said that things, such as posts, were taken or destroyed."""
    for match in here.losses:
        word = match.entry
        if isinstance(word, Word) and (word.means == "destroyed" or (word.means, word.side) == ("captured", "things")):
            return match
    return None


def _is_sport(here: Signals) -> bool:
    """Whether the fight of a sentence may be a match: a strong word of another subject, and no more than a clash."""
    other = any(isinstance(match.entry, Word) and match.entry.strong for match in here.elsewhere)
    return other and here.toll is None and here.has(ARMED - {"armed_clash", "attack"}) is None


def _is_tense(opening: Sequence[Signals]) -> bool:
    """Whether the news holds fighting, a truce or another matter of security."""
    return any(one.has(ARMED) or one.has(("ceasefire",)) or _topic(one, "security") for one in _news(opening))


def _is_plain(opening: Sequence[Signals], here: Signals) -> bool:
    """Whether both sides are named, one by its office or force, and no other subject anywhere."""
    if len(here.named) < 2 or not here.firm:
        return False
    return not any(one.elsewhere or _topic(one, "trade") or _topic(one, "humanitarian") for one in opening)


def _is_trade(opening: Sequence[Signals]) -> bool:
    """Whether talks are about trade: the story says so, and says nothing about security."""
    return not _is_tense(opening) and any(_topic(one, "trade") is not None for one in opening)


def _is_relief(opening: Sequence[Signals]) -> bool:
    """Whether statements are about people in need: the story says so, and says nothing about security."""
    return not _is_tense(opening) and any(_topic(one, "humanitarian") is not None for one in opening)


def _closing(here: Signals) -> Match | None:
    """A word for a closed or opened crossing; vague ones count only beside a crossing or the border."""
    strong = here.has(("crossing_closed",), strong=True)
    if strong or here.crossing or {"line", "line?", "crossing", "border"} & here.cues.keys():
        return strong or here.has(("crossing_closed",))
    return None


def _topic(here: Signals, tag: str) -> Match | None:
    for match in here.topics:
        if isinstance(match.entry, Word) and match.entry.tag == tag:
            return match
    return None
