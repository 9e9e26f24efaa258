"""How groups and sets are measured against labelled ones: B-cubed F1, precision and recall."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import mean
from typing import Any

from tests.eval.scoring import Score

Groups = Mapping[str, str]  # item -> its group


class Rate(Score):
    """How much of what was found is right, and of what is right was found, with the counts beside each."""

    def __str__(self) -> str:
        return f"precision {self.precision:.3f} ({self.right}/{self.found}), recall {self.recall:.3f} ({self.right}/{self.labelled})"


def b_cubed(found: Groups, gold: Groups) -> float:
    """B-cubed F1 (Bagga and Baldwin 1998) over the items of ``gold``; an item that is in no group stands alone."""
    mine, theirs = _members(found, gold), _members(gold, gold)
    precision = mean(len(mine[x] & theirs[x]) / len(mine[x]) for x in gold)
    recall = mean(len(mine[x] & theirs[x]) / len(theirs[x]) for x in gold)
    return 2 * precision * recall / (precision + recall)


def _members(groups: Groups, items: Iterable[str]) -> dict[str, set[str]]:
    every = list(items)
    by_group: dict[str, set[str]] = defaultdict(set)
    for item in every:
        by_group[groups.get(item, f"alone {item}")].add(item)
    return {item: by_group[groups.get(item, f"alone {item}")] for item in every}


def pairs(groups: Groups) -> set[tuple[str, str]]:
    """All pairs of items of one group."""
    by_group: dict[str, list[str]] = defaultdict(list)
    for item in sorted(groups):
        by_group[groups[item]].append(item)
    return {(a, b) for members in by_group.values() for i, a in enumerate(members) for b in members[i + 1 :]}


def rate(found: set[Any], labelled: set[Any]) -> Rate:
    """How ``found`` agrees with ``labelled``."""
    return Rate(len(found & labelled), len(found), len(labelled))
