"""How claims are scored against labels: micro precision and recall of multisets, people and things apart."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.analysis.claims import extract_claims, is_vague
from monitor.analysis.reading import read
from monitor.analysis.topic import Topic
from monitor.items import Claim

PEOPLE = frozenset({"killed", "injured", "captured", "missing", "displaced"})
Key = tuple[object, ...]


@dataclass
class Score:
    """True positives, claims found and claims labelled."""

    right: int = 0
    found: int = 0
    labelled: int = 0

    def add(self, found: Counter[Key], labelled: Counter[Key]) -> None:
        """Count one story."""
        self.right += (found & labelled).total()
        self.found += found.total()
        self.labelled += labelled.total()

    @property
    def precision(self) -> float:
        """Share of the claims found that are labelled."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the labelled claims that are found."""
        return self.right / self.labelled if self.labelled else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where there was nothing to find and nothing was found."""
        return 2 * self.right / (self.found + self.labelled) if self.found + self.labelled else 1.0

    def __str__(self) -> str:
        return f"P {self.precision:.3f}  R {self.recall:.3f}  ({self.right} right, {self.found} found, {self.labelled} labelled)"


def count_of(claim: Claim) -> int | None:
    """The figure a claim is scored by: the lower bound, or the only one."""
    return claim.count_low if claim.count_low is not None else claim.count_high


def people_found(claims: Iterable[Claim]) -> Counter[Key]:
    """Claims about people as labels have them. Vague words and denials carry no label and are left out."""
    return Counter(
        (count_of(claim), claim.party, claim.outcome, claim.claimant)
        for claim in claims
        if claim.what is None and claim.outcome in PEOPLE and claim.stance != "denied" and not is_vague(claim)
    )


def people_labelled(row: Mapping[str, Any]) -> Counter[Key]:
    """The labels of a row about people."""
    return Counter((c["count"], c["victims"], c["outcome"], c["claimant"]) for c in row.get("claims", []))


# Labels call every place that was held a post.
_POSTS = {"positions": "posts", "bases": "posts", "camps": "posts", "bunkers": "posts"}
_BUILDINGS = {"public_buildings": "buildings", "houses": "buildings", "shops": "buildings"}


def _kind(what: str) -> str:
    return _POSTS.get(what, _BUILDINGS.get(what, what))


def things_found(claims: Iterable[Claim]) -> Counter[Key]:
    """Claims about things as labels have them."""
    return Counter(
        (count_of(claim), _kind(claim.what), claim.outcome, claim.claimant)
        for claim in claims
        if claim.what is not None and claim.stance != "denied" and not is_vague(claim)
    )


def things_labelled(row: Mapping[str, Any]) -> Counter[Key]:
    """The labels of a row about things: ``posts_captured``, ``tanks_destroyed`` …"""
    found: Counter[Key] = Counter()
    for claim in row.get("other_claims", []):
        what, _, outcome = claim["what"].rpartition("_")
        found[(claim["count"], _kind(what), outcome, claim["claimant"])] += 1
    return found


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The labelled stories of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def evaluate(topic: Topic, rows: Iterable[Mapping[str, Any]]) -> tuple[dict[str, Score], dict[str, Score]]:
    """Scores of claims about people and about things, by language and under ``all``.

    ``rows`` have ``lang``, ``text`` and may have ``title``, ``claims``, ``other_claims``.
    """
    people: dict[str, Score] = {"all": Score()}
    things: dict[str, Score] = {"all": Score()}
    for row in rows:
        reading = read(topic, row.get("title") or "", row["text"], row["lang"])
        claims = extract_claims(topic, reading, row["lang"])
        for name in ("all", row["lang"]):
            people.setdefault(name, Score()).add(people_found(claims), people_labelled(row))
            things.setdefault(name, Score()).add(things_found(claims), things_labelled(row))
    return people, things
