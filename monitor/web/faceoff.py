"""Both sides' figures face to face: the ledger of an incident as a table with one column for each who claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

# In what order losses are read: people first, the worst first.
_OUTCOMES = ("killed", "injured", "captured", "missing", "displaced", "destroyed")
_QUALIFIERS = {"at_least": "at least ", "more_than": "more than ", "about": "about ", "up_to": "up to "}


@dataclass(frozen=True)
class Row:
    """One kind of loss: whose and what, and for each column the lines of the ledger that speak of it.

    ``disputed`` tells that those who claim do not agree: another figure, or a denial.
    """

    label: str
    cells: tuple[tuple[dict[str, Any], ...], ...]
    disputed: bool


def face_to_face(lines: Sequence[Mapping[str, Any]], sides: Sequence[str], parties: Mapping[str, str]) -> list[Row]:
    """The ``lines`` of an incident's record as rows with a column for each of ``sides`` and one for all others.

    ``parties`` gives the names of those whose losses are counted, in the order to show.
    """
    order = list(parties)
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
            cells[column].append({**line, "figure": figure(line), "before": before(line)})
        disputed = any(line["denials"] or line["contradicted_by"] for line in groups[key])
        rows.append(Row(_label(key, parties), tuple(map(tuple, cells)), disputed))
    return rows


def _label(key: tuple[str, str, str | None], parties: Mapping[str, str]) -> str:
    """Whose losses, in words: ``militants killed``, ``posts captured (name of the party)``."""
    party, outcome, what = key
    whose = parties.get(party, party.replace("_", " "))
    if what is None:
        return f"{whose} {outcome}" if party != "unknown" else f"{outcome} (whose: {whose})"
    return f"{what.replace('_', ' ')} {outcome}" + (f" ({whose})" if party != "unknown" else "")


def losses(line: Mapping[str, Any], parties: Mapping[str, str]) -> str:
    """What a claim, a line of a ledger or a change is about, in words."""
    return _label((line["party"] or "unknown", line["outcome"] or "", line["what"]), parties)


def before(line: Mapping[str, Any]) -> list[str]:
    """The other figures that were given before the current one, the latest first."""
    current = figure(line)
    earlier = list(takewhile(lambda told: told != current, map(figure, line["history"])))
    return list(dict.fromkeys(reversed(earlier)))


def figure(line: Mapping[str, Any]) -> str:
    """The number of a claim as a reader writes it: ``58``, ``19–21``, ``more than 200``, ``some`` for none given."""
    low, high = line["count_low"], line["count_high"]
    if low is None and high is None:
        return "some"
    number = f"{low:,}–{high:,}" if low is not None and high is not None and low != high else f"{low or high or 0:,}"
    return _QUALIFIERS.get(line["qualifier"], "") + number


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
