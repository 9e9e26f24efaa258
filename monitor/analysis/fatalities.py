"""How many died: a cautious reading of the ledger with its bounds, by a stated rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from monitor.incident import Fatalities, LedgerLine


def fatalities(lines: Sequence[LedgerLine], side_of: Mapping[str, str], sides: Sequence[str]) -> Fatalities:
    """Best, low and high number of deaths; all None when no death is claimed.

    ``side_of`` gives the side each party belongs to. After UCDP (best, low and high kept apart) and ACLED (where
    reports differ, the lower figure): the dead of each side and the civilian dead are estimated by themselves, then
    added. For a side's own forces: ``best`` is what that side admits, else the lowest figure anybody gives; ``low`` and
    ``high`` are the lowest and highest anybody gives. Armed groups of neither side count with the forces of the side
    that a claimant fights, since each side's word for its enemy covers both. For civilians ``best`` is the figure with
    most independent origins, the lower where two have as many; where both sides give one, each counts those on its own
    side, and the smaller is added. Deaths whose party is not told count only where they are
    more than all others together. A figure that nobody is named for counts only where nobody named gives one for the
    same losses. The sides' figures are never averaged and never merged.
    """
    dead = _stood_for([line for line in lines if line.outcome == "killed" and line.what is None])
    parts = [_of_side(dead, side, side_of, sides) for side in sides]
    parts.append(_of_others(dead, side_of, sides))
    civilians = [line for line in dead if _belongs(line, side_of, "unknown") and line.party != "unknown"]
    parts.append(_of_civilians(civilians, sides))
    known = [part for part in parts if part.best is not None]
    told = _sum(known)
    untold = _spread([line.current.best for line in dead if line.party == "unknown"], min)
    if untold.high is None:
        return told
    if told.high is None:
        return untold
    return Fatalities(told.best, told.low, max(told.high, untold.high))


def _stood_for(dead: Sequence[LedgerLine]) -> list[LedgerLine]:
    """The lines without those of nobody named, where somebody gives a figure of the same losses."""
    known = {line.party for line in dead if line.claimant != "unknown"}
    if known:
        known.add("unknown")
    return [line for line in dead if line.claimant != "unknown" or line.party not in known]


def _belongs(line: LedgerLine, side_of: Mapping[str, str], side: str) -> bool:
    return side_of.get(line.party, "unknown") == side


def _of_side(dead: Sequence[LedgerLine], side: str, side_of: Mapping[str, str], sides: Sequence[str]) -> Fatalities:
    """The dead of one side's forces, with the armed groups that its enemy counts among them."""
    totals: dict[str, int] = {}
    for line in dead:
        others = _belongs(line, side_of, "other") and line.claimant in sides and line.claimant != side
        if _belongs(line, side_of, side) or others:
            totals[line.claimant] = totals.get(line.claimant, 0) + line.current.best
    if side in totals:
        own = totals[side]
        return Fatalities(own, min(totals.values()), max(totals.values()))
    return _spread(list(totals.values()), min)


def _of_others(dead: Sequence[LedgerLine], side_of: Mapping[str, str], sides: Sequence[str]) -> Fatalities:
    """The dead of armed groups, where neither side has counted them with its enemy."""
    lines = [line for line in dead if _belongs(line, side_of, "other")]
    if any(line.claimant in sides for line in lines):
        return Fatalities()
    return _spread([line.current.best for line in lines], min)


def _of_civilians(lines: Sequence[LedgerLine], sides: Sequence[str]) -> Fatalities:
    """The dead civilians: the smaller count of the two sides is of its own, and is added to what the others give."""
    if not lines:
        return Fatalities()
    counts = [line.current.best for line in lines]
    own = [line for line in lines if line.claimant in sides]
    apart = min(own, key=lambda line: line.current.best) if len({line.claimant for line in own}) > 1 else None
    more = apart.current.best if apart else 0
    rest = [line for line in lines if line is not apart]
    best = max(rest, key=lambda line: (len(line.current.origins), -line.current.best)).current.best
    return Fatalities(best + more, min(counts), max(line.current.best for line in rest) + more)


def _spread(counts: Sequence[int], best: Callable[[Sequence[int]], int]) -> Fatalities:
    return Fatalities(best(counts), min(counts), max(counts)) if counts else Fatalities()


def _sum(parts: Sequence[Fatalities]) -> Fatalities:
    if not parts:
        return Fatalities()
    return Fatalities(
        sum(part.best or 0 for part in parts),
        sum(part.low or 0 for part in parts),
        sum(part.high or 0 for part in parts),
    )
