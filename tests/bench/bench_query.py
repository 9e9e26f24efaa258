"""How long a person waits for ``monitor search`` and ``monitor show``, and how long full-text search itself takes."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from monitor.store.database import open_reader
from monitor.store.search import Filters, find
from tests.bench.processes import run_python
from tests.bench.report import Budget, Report
from tests.bench.synthetic import Vocabulary

ANSWER = Budget(0.4, at_most=True)
P95 = Budget(30, at_most=True)


def measure_queries(report: Report, path: Path, size: int, times: int) -> None:
    """Start to answer of the two commands, and the p95 of searches, on the store at ``path``; the disk is warm."""
    group = f"Queries, {size:,} stories"
    vocabulary, chance = Vocabulary(), random.Random(5)
    with closing(open_reader(path)) as conn:
        (identifier,) = conn.execute("select id from stories order by pk desc limit 1").fetchone()
        word = vocabulary.word_of_share(0.8)
        commands = {
            "monitor search WORD": ["search", word],
            "monitor search WORD --format json": ["search", word, "--format", "json"],
            "monitor show ID": ["show", str(identifier)],
            "python -c pass": [],
        }
        for name, words in commands.items():
            line = ["-m", "monitor", *words, "--db", str(path)] if words else ["-c", "pass"]
            run_python(line, path.parent)
            seconds = [run_python(line, path.parent).seconds for _ in range(times)]
            note = "starting Python, for comparison" if not words else ""
            report.add(group, name, seconds, "s", ANSWER if words else None, note)
        for kind, make in _queries(vocabulary).items():
            queries = [make(chance) for _ in range(40 if size < 10_000 else 100)]
            find(conn, queries[0], Filters(), 20)
            found = [_milliseconds(lambda query=query: find(conn, query, Filters(), 20)) for query in queries]  # type: ignore[misc]
            p95 = statistics.quantiles(found, n=20)[-1]
            report.add(
                group, f"full-text search, {kind}: p95", [p95], "ms", P95, f"median {statistics.median(found):.2g} ms"
            )


def _queries(vocabulary: Vocabulary) -> dict[str, Callable[[random.Random], str]]:
    """Kinds of searches; the share of all text that commoner words make up says how common a word is."""

    def word(chance: random.Random, low: float, high: float) -> str:
        return vocabulary.word_of_share(chance.uniform(low, high))

    return {
        "one rare word": lambda chance: word(chance, 0.9, 1),
        "one word of the daily news": lambda chance: word(chance, 0.6, 0.9),
        "two words": lambda chance: f"{word(chance, 0.5, 0.9)} {word(chance, 0.6, 1)}",
        "a phrase": lambda chance: f'"{word(chance, 0, 0.5)} {word(chance, 0.3, 0.9)}"',
        "the start of a word": lambda chance: f"{word(chance, 0.6, 1)[:4]}*",
    }


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
