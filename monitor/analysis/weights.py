"""What the signs of a story weigh: how sure each makes it that the story is about the border, or reports a clash."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import exp
from pathlib import Path

PATH = Path(__file__).with_name("weights.toml")
# Beyond these odds nothing is surer; they keep exp() within its range.
_SUREST = 30.0


@dataclass(frozen=True, slots=True)
class Weights:
    """The log-odds that each sign adds, for one judgement; those of ``bias`` every story has."""

    of: Mapping[str, float]

    def chance(self, signs: Iterable[str]) -> float:
        """The chance, 0 to 1, that the judgement holds of a story with these signs."""
        odds = self.of.get("bias", 0.0) + sum(self.of.get(name, 0.0) for name in signs)
        return 1 / (1 + exp(-max(-_SUREST, min(_SUREST, odds))))


@cache
def weights(judgement: str) -> Weights:
    """The weights of a judgement, ``relevance``, ``clash`` or ``scene``: fitted, knowing no topic."""
    return Weights(tomllib.loads(PATH.read_text(encoding="utf-8"))[judgement])
