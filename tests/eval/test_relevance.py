"""How often relevance, clash and places are right: on the shared articles, and on our own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from monitor.analysis.reading import read
from monitor.analysis.relevance import judge
from monitor.analysis.tags import tag
from monitor.analysis.text import boundaries, fold
from monitor.analysis.topic import Topic
from tests.eval.background import BACKGROUND
from tests.paths import ROOT, SHARED

OWN = ROOT / "tests" / "eval" / "relevance_own.jsonl"
ARTICLES = SHARED / "eval" / "articles.jsonl"
TOPIC = Topic.load(ROOT / "seeds")
# Floors: they may be raised, never lowered. The targets are 0.95, 0.93, 0.90 and 0.90.
FLOORS = {
    "shared": {"relevance": 0.98, "clash": 0.97, "precision": 0.93, "recall": 0.91},
    "own": {"relevance": 0.98, "clash": 0.97, "precision": 0.93, "recall": 0.93},
}


@dataclass
class Score:
    """Hits, false alarms and misses."""

    hits: int = 0
    extra: int = 0
    missed: int = 0

    def count(self, got: bool, wanted: bool) -> None:
        self.hits += got and wanted
        self.extra += got and not wanted
        self.missed += wanted and not got

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.extra)

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.hits / (2 * self.hits + self.extra + self.missed)


@pytest.fixture(params=["shared", "own"])
def articles(request: pytest.FixtureRequest) -> tuple[str, list[dict[str, Any]]]:
    path: Path = ARTICLES if request.param == "shared" else OWN
    if not path.exists():
        pytest.skip("the shared articles are not part of the project")
    return request.param, [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_relevance_and_clash(articles: tuple[str, list[dict[str, Any]]]) -> None:
    name, rows = articles
    relevance, clash, wrong = Score(), Score(), []
    for row in rows:
        judgement = judge(TOPIC, read(TOPIC, row.get("title") or "", row["text"], row["lang"]))
        relevance.count(judgement.relevant, row["relevant"])
        clash.count(judgement.is_clash, row["clash"])
        if (judgement.relevant, judgement.is_clash) != (row["relevant"], row["clash"]):
            wrong.append(row["id"])
    print(f"{name}: relevance F1 {relevance.f1:.3f}, clash F1 {clash.f1:.3f}; wrong: {' '.join(wrong) or 'none'}")
    assert relevance.f1 >= FLOORS[name]["relevance"]
    assert clash.f1 >= FLOORS[name]["clash"]


def test_places_of_clashes(articles: tuple[str, list[dict[str, Any]]]) -> None:
    name, rows = articles
    score = Score()
    for row in rows:
        if row["clash"] and "places" in row:
            found = tag(TOPIC, read(TOPIC, row.get("title") or "", row["text"], row["lang"])).places
            compare(score, [place.id for place in found], row["places"])
    print(f"{name}: places precision {score.precision:.3f}, recall {score.recall:.3f}")
    assert score.precision >= FLOORS[name]["precision"]
    assert score.recall >= FLOORS[name]["recall"]


def compare(score: Score, found: list[str], labelled: Iterable[str]) -> None:
    """Places are the same when a name of the one found is the label, however it is transliterated."""
    used: set[str] = set()
    for label in labelled:
        same = {place for place in found if plain(label) in NAMES[place]}
        score.hits += bool(same)
        score.missed += not same
        used |= same
    score.extra += len(set(found) - used)


def plain(name: str) -> str:
    return boundaries(fold(name)).strip()


NAMES = {
    place.id: {plain(name) for name in (place.name, place.name.split(" (")[0], *sum(place.names.values(), ()))}
    for place in TOPIC.places.values()
}


def test_our_own_set_is_large_and_mixed() -> None:
    rows = [json.loads(line) for line in OWN.read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 150
    assert len({row["id"] for row in rows}) == len(rows)
    for language in ("en", "ur", "ps", "fa"):
        labels = {(row["relevant"], row["clash"]) for row in rows if row["lang"] == language}
        assert labels == {(True, True), (True, False), (False, False)}


MOST_MISLED = 0.09


def test_a_background_paragraph_misleads_seldom(articles: tuple[str, list[dict[str, Any]]]) -> None:
    name, rows = articles
    tried, misled = 0, []
    for row in rows:
        if row["relevant"]:
            continue
        for paragraph in BACKGROUND.get(row["lang"], ()):
            tried += 1
            judgement = judge(TOPIC, read(TOPIC, row.get("title") or "", f"{row['text']} {paragraph}", row["lang"]))
            if judgement.relevant:
                misled.append(row["id"])
    print(f"{name}: {len(misled)} of {tried} misled: {' '.join(misled) or 'none'}")
    assert tried > 40
    assert len(misled) / tried <= MOST_MISLED
