"""How claims are put in words, wherever they are shown: who says it, whose losses, which number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.incident import Figure, LedgerLine

if TYPE_CHECKING:
    from monitor.analysis.topic import Topic
    from monitor.items import Claim

_QUALIFIERS = {"at_least": "at least ", "more_than": "more than ", "about": "about ", "up_to": "up to "}
# What happens to people and to things has one word in the record; captured people and captured posts read differently.
_OF_PEOPLE = {"captured": "taken captive"}


@dataclass(frozen=True)
class Names:
    """The names of sides and parties, by their ids; an id without a name stands for itself."""

    sides: Mapping[str, str] = field(default_factory=dict)
    parties: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, seeds: Path) -> Names:
        """The names as the folder ``seeds`` has them, none where there is no such folder; raises SeedsError."""
        from monitor.analysis.actors import load_actors

        if not (seeds / "actors.toml").exists():
            return cls()
        sides, parties, _ = load_actors(seeds / "actors.toml")
        return cls(
            {side.id: side.name for side in sides.values()}, {party.id: party.name for party in parties.values()}
        )

    @classmethod
    def of(cls, topic: Topic) -> Names:
        """The names in ``topic``."""
        return cls(
            {side.id: side.name for side in topic.all_sides.values()},
            {party.id: party.name for party in topic.parties.values()},
        )

    def claimant(self, identifier: str) -> str:
        """Who says it."""
        if identifier == "unknown":
            return "nobody named"
        return self.sides.get(identifier) or _begun(words(identifier))

    def losses(self, party: str | None, outcome: str | None, what: str | None) -> str:
        """Whose losses of what kind, so that people are not taken for things.

        "A forces killed", "A forces taken captive", "posts captured (of A forces)", "people killed (not said whose)".
        """
        known = party not in (None, "", "unknown")
        whose = self.parties.get(party, words(party)) if known and party else ""
        if what:
            return f"{words(what)} {words(outcome or '')}{f' (of {whose})' if whose else ''}".strip()
        happened = _OF_PEOPLE.get(outcome or "", words(outcome or ""))
        return f"{whose} {happened}" if whose else f"people {happened} (not said whose)"


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def words(identifier: str) -> str:
    """An id as words."""
    return identifier.replace("_", " ")


# Ids as words, for where the names are not at hand.
PLAIN = Names()


def number(figure: Figure | Claim | Mapping[str, Any]) -> str:
    """A figure or claim, or its record, as people write it: "1,200", "more than 200", "12–15"; "some" for no number."""
    names = ("count_low", "count_high", "qualifier")
    record = figure if isinstance(figure, Mapping) else {name: getattr(figure, name) for name in names}
    low, high = record["count_low"], record["count_high"]
    if low is None and high is None:
        return "some"
    text = f"{low:,}–{high:,}" if low is not None and high is not None and low != high else f"{low or high or 0:,}"
    return _QUALIFIERS.get(record["qualifier"] or "", "") + text


def path_of(line: LedgerLine) -> str:
    """The current figure, with those that were told before it: "12 → 23"."""
    before = [figure for figure in line.history if figure.reported_at < line.current.reported_at]
    return " → ".join([number(figure) for figure in before[-3:] if figure is not line.current] + [number(line.current)])


def claim_in_words(claim: Mapping[str, Any], names: Names = PLAIN) -> str:
    """A claim's record, without its sentence: "A (a spokesman): about 30 B forces injured (confirmed)"."""
    speaker = f" ({claim['speaker']})" if claim["speaker"] else ""
    stance = "" if claim["stance"] == "claimed" else f" ({claim['stance']})"
    losses = names.losses(claim["party"], claim["outcome"], claim["what"])
    return f"{names.claimant(claim['claimant'])}{speaker}: {number(claim)} {losses}{stance}"
