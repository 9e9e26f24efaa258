"""Ten questions a desk asks, on a store of up to a million stories in five languages: p50 and p95 of each and of all."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from monitor.store.database import open_reader, open_store
from monitor.store.search import Filters, find, snippets
from monitor.store.vocabulary import refresh_vocabulary
from tests.bench.million import SEEDS, build
from tests.bench.processes import run_python
from tests.bench.report import Budget, Report, say

P95 = Budget(30, at_most=True)
ANSWER = Budget(0.4, at_most=True)
FULL, DEFAULT, QUICK = 1_000_000, 100_000, 5_000


@dataclass(frozen=True)
class Question:
    """What is asked, in words for the report and in values for the search."""

    name: str
    query: str | None
    filters: Filters = field(default_factory=Filters)
    across: bool = False


_OCTOBER = Filters(since=datetime(2025, 10, 11, tzinfo=UTC), until=datetime(2025, 10, 13, tzinfo=UTC))
QUESTIONS = (
    Question("border", "border"),
    Question('"cross border"', '"cross border"'),
    Question("ceasefire talks", "ceasefire talks"),
    Question("گولہ باری", "گولہ باری"),
    Question("--across shelling", "shelling", across=True),
    Question("gunf*", "gunf*"),
    Question("title:(clash OR talks) NOT border", "title:(clash OR talks) NOT border"),
    Question("border --place Torkham", "border", Filters(place="Torkham")),
    Question("border, two days of October 2025", "border", _OCTOBER),
    Question("--place Nangarhar --clash, no words", None, Filters(place="Nangarhar", clash=True)),
)


def bench_search(report: Report, rounds: int, quick: bool, full: bool) -> None:
    """Build a store, then ask each question many times; and what the command takes from start to answer."""
    size = QUICK if quick else FULL if full else DEFAULT
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "store.db"
        build(path, size)
        measure(report, path, 5 if quick else 40, 2 if quick else max(5, rounds))
    if not full:
        report.note(f"Search: {size:,} stories only; --full builds a million.")


def measure(report: Report, path: Path, times: int, starts: int) -> None:
    """Ask each question ``times`` times on the store at ``path``, and start the command ``starts`` times."""
    with closing(open_store(path, create=False)) as conn:
        refresh_vocabulary(conn, SEEDS)
        size = conn.execute("select count(*) from stories").fetchone()[0]
    group = f"Questions, {size:,} stories"
    everything: list[float] = []
    with closing(open_reader(path)) as conn:
        for question in QUESTIONS:
            hits = find(conn, question.query, question.filters, 20, across=question.across)
            found = []
            for _ in range(times):
                started = time.perf_counter()
                find(conn, question.query, question.filters, 20, across=question.across)
                found.append((time.perf_counter() - started) * 1000)
            everything += found
            _add(report, group, question.name, found, None, f"{len(hits)} shown")
            if not hits:
                say(f"  {question.name}: finds nothing")
        _add(report, group, "all ten", everything, P95, f"with snippets {_with_snippets(conn):.3g} ms at the median")
    _measure_starts(report, group, path, starts)


def _add(report: Report, group: str, name: str, found: list[float], budget: Budget | None, note: str) -> None:
    p95 = statistics.quantiles(found, n=20)[-1]
    report.add(group, f"{name}: p95", [p95], "ms", budget, f"p50 {statistics.median(found):.3g} ms; {note}")


def _with_snippets(conn: object) -> float:
    """Milliseconds to find and to mark, as the command and the web page do, at the median of the questions."""
    found = []
    for question in QUESTIONS:
        if question.query:
            started = time.perf_counter()
            hits = find(conn, question.query, question.filters, 20, across=question.across)  # type: ignore[arg-type]
            snippets(conn, question.query, hits, across=question.across)  # type: ignore[arg-type]
            found.append((time.perf_counter() - started) * 1000)
    return statistics.median(found)


def _measure_starts(report: Report, group: str, path: Path, starts: int) -> None:
    commands: Mapping[str, list[str]] = {
        "monitor search border": ["search", "border"],
        "monitor search --across shelling": ["search", "--across", "shelling"],
        "monitor search border --place Torkham": ["search", "border", "--place", "Torkham"],
    }
    for name, words in commands.items():
        line = ["-m", "monitor", *words, "--db", str(path), "--seeds", str(SEEDS)]
        run_python(line, path.parent)
        report.add(group, name, [run_python(line, path.parent).seconds for _ in range(starts)], "s", ANSWER)
