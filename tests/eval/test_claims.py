"""The set of short texts about claims: labels are known ones, names unique, every language well represented."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.eval.scoring import rows_of
from tests.eval.sets import HERE
from tests.eval.test_articles import CLAIMANTS, OUTCOMES, VICTIMS

ROWS = rows_of(HERE / "claims_own.jsonl")


def test_labels_are_known() -> None:
    for row in ROWS:
        for claim in row["claims"]:
            assert claim["victims"] in VICTIMS, row["id"]
            assert claim["outcome"] in OUTCOMES and claim["claimant"] in CLAIMANTS and claim["count"] > 0, row["id"]
        for claim in row["other_claims"]:
            assert claim["what"].endswith(("_captured", "_destroyed")), row["id"]
            assert claim["claimant"] in CLAIMANTS and claim["count"] > 0, row["id"]


def test_names_and_texts_are_unique() -> None:
    assert max(Counter(row["id"] for row in ROWS).values()) == 1
    assert max(Counter(row["text"] for row in ROWS).values()) == 1


@pytest.mark.parametrize("language", ["en", "ur", "ps", "fa"])
def test_every_language_has_its_share(language: str) -> None:
    mine = [row for row in ROWS if row["lang"] == language]
    assert len(mine) >= 60
    assert sum(row["set"] == "held" for row in mine) >= 10
    assert sum(len(row["text"]) > 500 for row in mine) >= 3


def test_some_texts_tell_of_no_losses_that_count() -> None:
    assert sum(not row["claims"] and not row["other_claims"] for row in ROWS) >= 5
