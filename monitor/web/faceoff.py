"""Both sides' figures face to face: the ledger of an incident as a table with one column for each who claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from monitor.figures import Names, number

# In what order losses are read: people first, the worst first.
_OUTCOMES = ("killed", "injured", "captured", "missing", "displaced", "destroyed")


@dataclass(frozen=True)
class Row:
    """One kind of loss: whose and what, and for each column the lines of the ledger that speak of it.

    ``disputed`` tells that those who claim do not agree: another figure, or a denial.
    """

    label: str
    cells: tuple[tuple[dict[str, Any], ...], ...]
    disputed: bool


def face_to_face(lines: Sequence[Mapping[str, Any]], sides: Sequence[str], names: Names) -> list[Row]:
    """The ``lines`` of an incident's record as rows with a column for each of ``sides`` and one for all others.

    ``names`` has those whose losses are counted in the order to show.
    """
    order = list(names.parties)
    groups: dict[tuple[str, str, str | None], list[Mapping[str, Any]]] = {}
    for line in lines:
        groups.setdefault((line["party"], line["outcome"], line["what"]), []).append(line)

    def rank(key: tuple[str, str, str | None]) -> tuple[Any, ...]:
        party, outcome, what = key
        return (
            what is not None,
            _OUTCOMES.index(outcome) if outcome in _OUTCOMES else len(_OUTCOMES),
            order.index(party) if party in order else len(order),
            what or "",
        )

    rows: list[Row] = []
    for key in sorted(groups, key=rank):
        cells: list[list[dict[str, Any]]] = [[] for _ in range(len(sides) + 1)]
        for line in groups[key]:
            column = sides.index(line["claimant"]) if line["claimant"] in sides else len(sides)
            cells[column].append({**line, "figure": number(line), "before": before(line)})
        disputed = any(line["denials"] or line["contradicted_by"] for line in groups[key])
        rows.append(Row(names.losses(*key), tuple(map(tuple, cells)), disputed))
    return rows


def before(line: Mapping[str, Any]) -> list[str]:
    """The other figures that were given before the current one, the latest first."""
    current = number(line)
    earlier = list(takewhile(lambda told: told != current, map(number, line["history"])))
    return list(dict.fromkeys(reversed(earlier)))


def claimed_deaths(lines: Sequence[Mapping[str, Any]], sides: Sequence[str]) -> dict[str, int]:
    """Deaths that each of ``sides`` claims of others, and that anybody claims, per claimant: for a chart of days.

    A claimant's figures for several parties add up; several figures of one line do not.
    """
    totals: dict[str, int] = {}
    for line in lines:
        if line["outcome"] != "killed" or line["what"] is not None or line["stance"] == "denied":
            continue
        low, high = line["count_low"], line["count_high"]
        who = line["claimant"] if line["claimant"] in sides else "other"
        totals[who] = totals.get(who, 0) + int(low if low is not None else high or 0)
    return totals
