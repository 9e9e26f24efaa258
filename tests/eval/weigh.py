"""``python -m tests.eval.weigh``: fit what every sign of a story weighs to our labelled sets; writes weights.toml anew.

A logistic regression with a ridge penalty, by Newton's method: Hastie, Tibshirani and Friedman, The Elements of
Statistical Learning, 4.4. Articles held out and the set ``years`` are left out, the stories of the replay taken in. Files of further
stories, in the form of relevance_own.jsonl, may be named.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from monitor.analysis.reading import read
from monitor.analysis.scenes import candidates
from monitor.analysis.signals import opening_signals
from monitor.analysis.signs import story_signs
from monitor.analysis.ties import tie_sentences
from monitor.analysis.topic import Topic
from monitor.analysis.weights import PATH
from monitor.language import detect_language
from tests.eval.background import BACKGROUND
from tests.eval.measures import place_names, plain
from tests.eval.sets import Article, articles_of, load_sets
from tests.paths import ROOT
from tests.replay_truth import read_days, read_lines

# The penalty on a weight; the articles a sign must stand in; the smallest weight kept.
RIDGE, LEAST_SEEN, LEAST_WEIGHT = 1.5, 8, 0.05
# Renditions of published coverage, which no writer of rules has thought up, count for more.
COUNTS = {"shared": 3.0, "long": 2.0}
# What an irrelevant story counts for to which a paragraph of background is added.
WITH_BACKGROUND = 0.1
_STEPS = 30
_HEAD = """\
# What each sign of a story (signs.py) weighs, in log-odds, for being about the border and, if it is, for reporting a
# clash. Fitted to the labelled sets of tests/eval by `python -m tests.eval.weigh`; not written by hand.
"""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A story to learn from: its signs, its labels, and how much it counts."""

    signs: frozenset[str]
    relevant: bool
    clash: bool
    counts: float = 1.0


def examples(topic: Topic, articles: Sequence[Article], counts: float = 1.0) -> list[Example]:
    """Every article not held out; irrelevant ones once more with each paragraph of background."""
    found = []
    for article in articles:
        if article.held_out or article.relevant is None:
            continue
        found.append(Example(_signs(topic, article), article.relevant, bool(article.clash), counts))
        if not article.relevant:
            for paragraph in BACKGROUND.get(article.language, ()):
                found.append(Example(_signs(topic, article, f" {paragraph}"), False, False, WITH_BACKGROUND))
    return found


def replayed() -> tuple[Article, ...]:
    """The stories of the replay, by their labels; they name no places."""
    truth = {label["url"]: label for label in read_lines("truth.jsonl")}
    return tuple(
        Article(
            story["url"],
            detect_language(f"{story['title']} {story['text']}").language,
            story["title"],
            story["text"],
            truth[story["url"]]["relevant"],
            truth[story["url"]]["clash"],
        )
        for _, stories in read_days()
        for story in stories
    )


def _signs(topic: Topic, article: Article, more: str = "") -> frozenset[str]:
    reading = read(topic, article.title, article.text + more, article.language)
    return frozenset(story_signs(opening_signals(topic, reading)))


def scene_examples(topic: Topic, articles: Sequence[Article], counts: float = 1.0) -> list[Example]:
    """Every place that an article about a clash names, and whether it is labelled as one of its places."""
    found = []
    names = place_names(topic)
    for article in articles:
        if article.held_out or not article.clash or not article.places:
            continue
        reading = read(topic, article.title, article.text, article.language)
        ties = {tie.signals.index: tie for tie in tie_sentences(topic, opening_signals(topic, reading))}
        labelled = {plain(name) for name in article.places}
        for one in candidates(topic, reading, ties):
            happened = bool(names[one.place.id] & labelled)
            found.append(Example(frozenset(one.signs), happened, happened, counts))
    return found


def fit(rows: Sequence[Example], labels: Sequence[bool]) -> dict[str, float]:
    """The weight of every sign that is not rare, and of ``bias``, which every story has."""
    seen = Counter(name for row in rows if row.counts >= 1 for name in row.signs)
    names = sorted(name for name, count in seen.items() if count >= LEAST_SEEN)
    at = {name: number for number, name in enumerate(names)}
    shown = np.zeros((len(rows), len(names) + 1))
    shown[:, -1] = 1
    for number, row in enumerate(rows):
        shown[number, [at[name] for name in row.signs if name in at]] = 1
    weights = _newton(shown, np.array(labels, float), np.array([row.counts for row in rows]))
    fitted = {name: round(float(weight), 2) for name, weight in zip([*names, "bias"], weights, strict=True)}
    return {name: weight for name, weight in fitted.items() if abs(weight) >= LEAST_WEIGHT}


def _newton(shown: Floats, labels: Floats, counts: Floats) -> Floats:
    weights = np.zeros(shown.shape[1])
    penalty = np.eye(len(weights)) * RIDGE
    penalty[-1, -1] = 0
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-shown @ weights))
        slope = shown.T @ ((chance - labels) * counts) + penalty @ weights
        curve = (shown * (chance * (1 - chance) * counts)[:, None]).T @ shown + penalty
        weights -= np.linalg.solve(curve, slope)
    return weights


def written(tables: dict[str, dict[str, float]]) -> str:
    """The tables as TOML."""
    lines = [_HEAD]
    for table, weights in tables.items():
        lines.append(f"[{table}]")
        lines += [f'"{name}" = {weight}' for name, weight in sorted(weights.items())]
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Fit both judgements and write their weights."""
    topic = Topic.load(ROOT / "seeds")
    sets = {chosen.name: chosen.articles for chosen in load_sets() if "relevance" in chosen.tasks}
    del sets["years"]  # kept to measure with: fitted to it, nothing gets better that is measured on other stories
    sets["replay"] = replayed()
    known = {article.id for articles in sets.values() for article in articles}
    for path in sys.argv[1:]:
        sets[path] = tuple(article for article in articles_of(Path(path)) if article.id not in known)
    rows = [row for name, articles in sets.items() for row in examples(topic, articles, COUNTS.get(name, 1.0))]
    relevant = [row for row in rows if row.relevant]
    places = [row for name, arts in sets.items() for row in scene_examples(topic, arts, COUNTS.get(name, 1.0))]
    tables = {
        "relevance": fit(rows, [row.relevant for row in rows]),
        "clash": fit(relevant, [row.clash for row in relevant]),
        "scene": fit(places, [row.relevant for row in places]),
    }
    PATH.write_text(written(tables), encoding="utf-8")
    print(
        f"{len(rows)} examples, {', '.join(f'{len(weights)} weights for {name}' for name, weights in tables.items())}"
    )


if __name__ == "__main__":
    main()
