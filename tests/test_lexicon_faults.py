"""The lexicon that ships has no form that is written twice with two meanings, never found, or in the wrong script."""

from __future__ import annotations

from monitor.analysis.lint import check_lexicon
from monitor.analysis.topic import Topic
from tests.paths import ROOT


def test_the_shipped_lexicon_has_no_serious_fault() -> None:
    seeds = ROOT / "seeds"
    problems = check_lexicon(Topic.load(seeds), seeds)
    assert [f"{one.path.name}:{one.line} {one.form}: {one.message}" for one in problems if one.serious] == []
    assert len(problems) <= 20
