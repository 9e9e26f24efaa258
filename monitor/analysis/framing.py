"""What a sentence says on whose word: a frame is a verb of saying, or what stands for one, with its speaker."""

from __future__ import annotations

from typing import NamedTuple

from monitor.analysis.grammar import View
from monitor.analysis.speakers import Speaker

NOBODY = Speaker("unknown", None)


class Frame(NamedTuple):
    """A verb of saying: where it and its speaker stand; ``speaker`` None goes on with the one before."""

    first: int
    last: int
    verb: int
    stance: str
    speaker: Speaker | None
    reference: bool


def clause_of(view: View, at: int) -> tuple[int, int]:
    """The tokens around ``at`` between words that begin another clause."""
    begin = next((place + 1 for place in range(at - 1, -1, -1) if "clause" in view.roles[place]), 0)
    end = next((place for place in range(at, len(view.words)) if "clause" in view.roles[place]), len(view.words))
    return begin, end
