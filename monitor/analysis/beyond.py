"""Attacks that a story tells from both ends: hit at the line, or struck on one side by the other."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.analysis.lexicon import Word
from monitor.analysis.roles import ARMED, BOMBARDED, side_of
from monitor.analysis.signals import Signals

# Signs that what happens, happens at the line.
_BESIDE = frozenset({"line", "line?", "across!"})
_AIMED = ARMED - {"ied", "infiltration"}


def is_at_line(here: Signals) -> bool:
    """Whether people were hit at the line itself, whoever struck, and no other border or subject is named."""
    if not here.on_border or (here.toll is None and here.has(ARMED, strong=True) is None):
        return False
    beside = here.cues.keys() & _BESIDE or ("near" in here.cues and here.firm)
    return bool(beside) and not (is_other(here) or here.militants)


def hits(here: Signals) -> bool:
    """Whether losses are told at a place on the border."""
    return here.toll is not None and here.on_border


def is_raid(opening: Sequence[Signals]) -> bool:
    """Whether aircraft were heard, so that a blast may be a raid of the other side."""
    return any(side_of(match) == "heard" for one in opening for match in one.events)


def is_bombed_beyond(opening: Sequence[Signals], number: int) -> bool:
    """Whether bombs or shells killed on the border of one side, and the other side's forces are named elsewhere.

    For shells, and for bombs called by a word that may mean something else, the other side has to be accused of them.
    """
    here = opening[number]
    if not hits(here) or here.has(BOMBARDED) is None or len(here.named) != 1 or here.agents:
        return False
    others = [other for other in opening if other.firm and not other.firm & here.named]
    return any(here.has(("air_strike",), strong=True) or (other.accusing and not other.militants) for other in others)


def strikes_beyond(opening: Sequence[Signals], here: Signals) -> bool:
    """Whether a sentence tells of an attack and names only one side, and losses beside it are on the other's border."""
    number = opening.index(here)
    if here.has(_AIMED) is None or len(here.named) != 1 or here.militants or here.accusing or here.background:
        return False
    beside = (*opening[max(0, number - 1) : number], *opening[number + 1 : number + 2])
    return any(hits(other) and len(other.named) == 1 and not other.named & here.named for other in beside)


def is_other(here: Signals) -> bool:
    """Whether a sentence names another border or another subject by a word that is sure."""
    return any(isinstance(match.entry, Word) and match.entry.strong for match in here.elsewhere)
