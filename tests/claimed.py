"""What is claimed in a text, in short: for the tests of claims."""

from __future__ import annotations

from monitor.analysis.claims import extract_claims
from monitor.analysis.reading import read
from monitor.analysis.topic import Topic
from monitor.items import Claim
from tests.paths import ROOT

TOPIC = Topic.load(ROOT / "seeds")
_SHORT = {"pakistani_forces": "pk", "afghan_forces": "af", "pakistan": "PK", "afghanistan": "AF"}


def claims(language: str, text: str, title: str = "") -> list[Claim]:
    """The claims of a story."""
    return extract_claims(TOPIC, read(TOPIC, title, text, language), language)


def count(claim: Claim) -> str:
    """The figure as one reads it: 5, ≥5, >5, ~5, ≤5, 5-7."""
    low, high = claim.count_low, claim.count_high
    if low is not None and high is not None and low != high:
        return f"{low}-{high}"
    sign = {"exact": "", "at_least": "≥", "more_than": ">", "about": "~", "up_to": "≤"}[claim.qualifier]
    return f"{sign}{low if low is not None else high}"


def claimed(language: str, text: str, title: str = "") -> set[str]:
    """The claims of a story as "count party outcome claimant", with the thing for the party where things are lost."""
    return {
        " ".join(
            (
                count(claim),
                claim.what or _SHORT.get(claim.party, claim.party),
                claim.outcome,
                _SHORT.get(claim.claimant, claim.claimant),
            )
        )
        for claim in claims(language, text, title)
    }
