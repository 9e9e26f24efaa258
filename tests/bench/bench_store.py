"""What it costs to recognise copies of a story and to store it, in a small store and in a large one."""

from __future__ import annotations

import itertools
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from monitor.items import Story
from monitor.stages import link_duplicate
from monitor.store.database import open_store, transaction
from monitor.store.stories import add_story, find_same
from tests.bench.bench_query import measure_queries
from tests.bench.report import Budget, Report, say
from tests.bench.synthetic import stories

SMALL, LARGE, DEFAULT = 10_000, 1_000_000, 30_000
RATE = Budget(500)
GROWTH = Budget(1.3, at_most=True)
_GROUP = "Deduplicate and store one story"
# While a store is filled, so many stories share a transaction; when it is measured, each has its own, as in a crawl.
_FILL = 500


def bench_store(report: Report, rounds: int, quick: bool, full: bool) -> None:
    """Stories a second at ten thousand stories and at the largest size built; then queries on that store."""
    sizes = [1000, 3000] if quick else [SMALL, LARGE if full else DEFAULT]
    source = stories()
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "store.db"
        with closing(open_store(path)) as conn:
            rates = {}
            for size in sizes:
                _fill(conn, source, size)
                rates[size] = [_measure(conn, source, 300 if quick else 2000) for _ in range(rounds)]
                report.add(_GROUP, f"at {size:,} stories", rates[size], "stories/s", RATE)
            _summarise(report, conn, path, rates)
        measure_queries(report, path, sizes[-1], 3 if quick else max(10, rounds))
    if not full:
        report.note(f"Store and queries: up to {sizes[-1]:,} stories only; --full builds a million.")


def _fill(conn: sqlite3.Connection, source: Iterator[Story], size: int) -> None:
    have = int(conn.execute("select count(*) from stories").fetchone()[0])
    started = time.monotonic()
    for block in range(have, size, _FILL):
        with transaction(conn):
            for story in itertools.islice(source, min(_FILL, size - block)):
                _take_in(conn, story)
        if block % 20_000 < _FILL and block > have:
            say(f"  {block:,} stories, {(block - have) / (time.monotonic() - started):.0f} a second")


def _measure(conn: sqlite3.Connection, source: Iterator[Story], sample: int) -> float:
    """Stories a second, each in a transaction of its own; making the stories is not counted."""
    ready = list(itertools.islice(source, sample))
    started = time.perf_counter()
    for story in ready:
        _take_in(conn, story)
    return sample / (time.perf_counter() - started)


def _take_in(conn: sqlite3.Connection, story: Story) -> None:
    # What the pipelines deduplicate and store do.
    if find_same(conn, story) is None:
        link_duplicate(story, conn)
        add_story(conn, story)


def _summarise(report: Report, conn: sqlite3.Connection, path: Path, rates: dict[int, list[float]]) -> None:
    small, large = min(rates), max(rates)
    growth = [few / many for few, many in zip(rates[small], rates[large], strict=True)]
    report.add(_GROUP, f"cost at {large:,} / cost at {small:,}", growth, "×", GROWTH)
    copies = conn.execute("select count(*) from stories where duplicate_of is not null").fetchone()[0]
    total = conn.execute("select count(*) from stories").fetchone()[0]
    note = f"{copies / total:.1%} linked as copies (one in ten was made from an earlier one)"
    report.add(_GROUP, "database", [path.stat().st_size / total / 1000], "kB a story", note=note)
