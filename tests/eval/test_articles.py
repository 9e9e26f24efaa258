"""The full articles are what their README says: complete heads, known labels, and held out by the hash of their name."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.eval.sets import LONG, head_of, held_out, load_sets

PATHS = sorted(path for path in LONG.rglob("*.md") if path.name != "README.md")
VICTIMS = {"pakistani_forces", "afghan_forces", "militants", "civilians", "unknown"}
OUTCOMES = {"killed", "injured", "captured", "missing", "displaced"}
CLAIMANTS = {"afghanistan", "pakistan", "other", "unknown"}
FIELDS = set(
    "title outlet byline language published facts invented relevant clash incident also_incidents places claims"
    " other_claims held_out".split()
)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_head(path: Path) -> None:
    head, text = head_of(path)
    assert not set(head) - FIELDS
    assert head["title"] and head["outlet"].endswith(".example")
    assert head["language"] == path.parent.name
    assert ("facts" in head) != head.get("invented", False)
    assert head["held_out"] == held_out(path.stem)
    assert head["clash"] <= head["relevant"]
    assert head["clash"] == ("incident" in head) == ("places" in head)
    assert head["clash"] or not {"claims", "other_claims"} & set(head)
    assert 90 <= len(text.split()) <= 500 and text.count("\n\n") >= 3


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_labels(path: Path) -> None:
    head, _ = head_of(path)
    for claim in head.get("claims", []):
        assert (claim["victims"] in VICTIMS) and (claim["outcome"] in OUTCOMES) and (claim["claimant"] in CLAIMANTS)
        assert claim["count"] > 0
    for claim in head.get("other_claims", []):
        assert claim["what"].endswith(("_captured", "_destroyed")) and claim["claimant"] in CLAIMANTS
        assert claim["count"] > 0


def test_names_are_unique() -> None:
    assert max(Counter(path.stem for path in PATHS).values()) == 1


def test_our_own_sets_are_large_in_every_language() -> None:
    own = [article for chosen in load_sets() if chosen.name != "shared" for article in chosen.articles]
    full = [article for chosen in load_sets() if chosen.name in ("long", "newswire") for article in chosen.articles]
    assert len(PATHS) >= 140 and len(own) >= 81 + 150
    for language in ("en", "ur", "ps", "fa"):
        assert sum(article.language == language for article in own) >= 100
        assert sum(article.language == language for article in full) >= 40


def test_a_third_is_held_out() -> None:
    held = sum(head_of(path)[0]["held_out"] for path in PATHS)
    assert 0.25 <= held / len(PATHS) <= 0.42
