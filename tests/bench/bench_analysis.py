"""What understanding a story costs after extraction, per 700 words: the one pass of the automaton, and all of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from monitor.analysis.text import boundaries, normalise
from monitor.analysis.topic import Topic
from monitor.items import Story
from monitor.stages import assess, find_claims, first_line, tag_story
from tests.bench.report import Budget, Report
from tests.eval.sets import Article, load_sets
from tests.paths import ROOT

_GROUP = "Analysis after extraction, one core, per 700 words"
_WORDS = 700
_PASS, _ALL = Budget(2, at_most=True), Budget(10, at_most=True)
_READ_AT = datetime(2026, 11, 22, tzinfo=UTC)
_LANGUAGES = ("en", "ur", "ps", "fa")


def bench_analysis(report: Report, rounds: int, quick: bool) -> None:
    """Milliseconds a story, each language by itself: articles of the long set, lengthened to 700 words by the next."""
    topic = Topic.load(ROOT / "seeds")
    articles = [article for chosen in load_sets() if chosen.name == "long" for article in chosen.articles]
    for language in _LANGUAGES:
        chosen = _lengthened([article for article in articles if article.language == language][: 8 if quick else None])
        words = sum(len(f"{article.title} {article.text}".split()) for article in chosen)
        share = _WORDS / words * 1000
        folded = [boundaries(normalise(f"{article.title}\n{article.text}").text) for article in chosen]

        def one_pass(texts: list[str] = folded, code: str = language) -> None:
            for text in texts:
                topic.matcher.find(text, code)

        def all_of_it(stories: list[Article] = chosen) -> None:
            for article in stories:
                _analyse(topic, article)

        times = max(rounds, 3)
        report.add(_GROUP, f"{language}: the pass for words and names", _timed(one_pass, times, share), "ms", _PASS)
        report.add(_GROUP, f"{language}: judged, tagged, claims read", _timed(all_of_it, times, share), "ms", _ALL)


def _lengthened(articles: Sequence[Article]) -> list[Article]:
    """Every article with as many of those behind it as make it 700 words long."""
    found = []
    for number, article in enumerate(articles):
        text = article.text
        for more in (*articles[number + 1 :], *articles[:number]):
            if len(text.split()) >= _WORDS:
                break
            text = f"{text}\n{more.text}"
        found.append(replace(article, text=text))
    return found


def _analyse(topic: Topic, article: Article) -> None:
    story = Story("", "", "bench", article.title or first_line(article.text), article.text, _READ_AT)
    story.language = article.language
    assess(story, topic)
    tag_story(story, topic)
    find_claims(story, topic)


def _timed(work: Callable[[], None], rounds: int, share: float) -> list[float]:
    """Milliseconds per 700 words of every round, after one to warm up."""
    work()
    found = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        found.append((time.perf_counter() - started) * share)
    return found
