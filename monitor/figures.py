"""How claims are put in words: whose losses, which number, what was said before."""

from __future__ import annotations

from pathlib import Path

from monitor.analysis.actors import load_actors
from monitor.incident import Figure, LedgerLine

_QUALIFIERS = {"at_least": "at least ", "more_than": "more than ", "about": "about ", "up_to": "up to "}


class Names:
    """The names of sides and parties as the seeds folder has them."""

    def __init__(self, seeds: Path) -> None:
        sides, parties, _ = load_actors(seeds / "actors.toml")
        self.sides = {side.id: side.name for side in sides.values()}
        self.parties = {party.id: party.name for party in parties.values()}

    def claimant(self, identifier: str) -> str:
        """Who says it."""
        return "nobody named" if identifier == "unknown" else self.sides.get(identifier, identifier)

    def losses(self, party: str, outcome: str, what: str | None) -> str:
        """Whose losses of what kind: "A forces killed", "posts captured"."""
        known = "" if party == "unknown" else self.parties.get(party, party)
        return " ".join(filter(None, (known, (what or "").replace("_", " "), outcome)))


def number(figure: Figure) -> str:
    """A figure as people write it: "more than 200", "12–15"."""
    low, high = figure.count_low, figure.count_high
    text = str(low if high is None or high == low else high if low is None else f"{low}–{high}")
    return _QUALIFIERS.get(figure.qualifier, "") + text


def path_of(line: LedgerLine) -> str:
    """The current figure, with those that were told before it: "12 → 23"."""
    before = [figure for figure in line.history if figure.reported_at < line.current.reported_at]
    return " → ".join([number(figure) for figure in before[-3:] if figure is not line.current] + [number(line.current)])
