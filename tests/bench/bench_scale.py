"""What a story costs as the store grows to a million: copies found, stored, linked; memory and size of the database.

Processor time, which other work on the machine hardly changes.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import re
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from monitor.analysis.topic import Topic
from monitor.dedup import sketch
from monitor.items import Story
from monitor.linking import link_stories
from monitor.stages import link_duplicate
from monitor.store.database import open_store, transaction
from monitor.store.stories import add_story, find_same
from tests.bench.bench_store import GROWTH, RATE
from tests.bench.plot import Panel, Series, draw
from tests.bench.report import Report, say
from tests.bench.stock import Stock
from tests.bench.synthetic import stories
from tests.bench.war import War
from tests.paths import ROOT

FULL, DEFAULT, QUICK = 1_000_000, 30_000, 3_000
_SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
_SMALL = 10_000
# Stories measured at each size, in batches so large that the log is written back to the database in each, after one that
# warms up; clash stories linked at each size, after the nine days before them.
_BATCHES, _BATCH = 4, 400
_DAYS, _A_DAY, _INCIDENTS = 10, 50, 5
_GROUP = "Cost of a story as the store grows"
PLOT = ROOT / "docs" / "scale.svg"


@dataclass(frozen=True)
class Measured:
    """What was measured at a size: milliseconds a story, memory in MB, the database in GB, copies found of those made."""

    size: int
    store: list[float]
    link: float
    memory: float
    database: float
    found: float


def bench_scale(report: Report, rounds: int, quick: bool, size: int | None, document: bool) -> None:
    """Grow one store step by step; at each size take in stories with the calls of a crawl, in a process of its own."""
    most = size or (QUICK if quick else DEFAULT)
    measured: list[Measured] = []
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "store.db"
        stock = Stock(path)
        for step in [s for s in _SIZES if (s >= _SMALL or most < _SMALL) and s <= most]:
            stock.fill(step)
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                measured.append(pool.apply(measure, (path, step)))
            say(f"  {measured[-1]}")
    for m in measured:
        report.add(_GROUP, f"copies looked for and stored, at {m.size:,}", [1000 / ms for ms in m.store], "/s", RATE)
    for m in measured:
        note = f"{m.found:.0%} of the reprints found; {m.memory:.0f} MB of memory, database {m.database:.2f} GB"
        report.add(_GROUP, f"a clash story linked, at {m.size:,}", [m.link], "ms", note=note)
    few, many = measured[0], measured[-1]
    ratio = statistics.median(many.store) / statistics.median(few.store)
    report.add(_GROUP, f"cost of storing at {many.size:,} / at {few.size:,}", [ratio], "×", GROWTH)
    report.add(_GROUP, f"cost of linking at {many.size:,} / at {few.size:,}", [many.link / few.link], "×", GROWTH)
    if document and most == FULL:
        PLOT.write_text(plot(measured), encoding="utf-8")


def measure(path: Path, size: int) -> Measured:
    """Take in stories at a size: fresh ones and reprints in transactions of their own, then a day of clashes."""
    with closing(open_store(path)) as conn:
        times, found = _store(conn, size)
        link = _link(conn, size)
        (pages,), (length,) = conn.execute("pragma page_count").fetchone(), conn.execute("pragma page_size").fetchone()
    return Measured(size, times, link, most_memory(), pages * length / 1e9, found)


def most_memory() -> float:
    """The most memory this process had, in MB; getrusage would tell that of the process it was made by."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = re.search(r"^VmHWM:\s*(\d+) kB", status.read_text(encoding="ascii"), re.M)
    return int(found[1]) / 1024 if found else 0.0


def _store(conn: sqlite3.Connection, size: int) -> tuple[list[float], float]:
    """Milliseconds a story of each batch, and the share of the reprints that were linked to what they repeat."""
    chance, made = random.Random(size), stories(seed=size)
    old = conn.execute("select pk, text from stories where pk % 50 = 0 order by random() limit 100").fetchall()
    times, reprints, linked = [], 0, 0
    for batch in range(_BATCHES + 1):
        ready = []
        for _ in range(_BATCH):
            story = next(made)
            url = f"https://fresh{size}.example/{batch}/{len(ready)}"
            words = chance.choice(old)[1].split() if chance.random() < 0.1 else []
            text = " ".join(w if chance.random() > 0.05 else "edit" for w in words) or f"{story.text} {url}"
            reprint = bool(words)
            story = replace(story, url=url, canonical_url=url, source=f"fresh-{size}", text=text)
            story.bands = sketch(text)  # done by the process that reads the page
            ready.append((story, reprint))
        started = time.process_time()
        for story, _ in ready:
            _take_in(conn, story)
        if batch:  # the first one warms up
            times.append((time.process_time() - started) * 1000 / _BATCH)
        reprints += sum(reprint for _, reprint in ready)
        linked += sum(reprint and story.duplicate_of is not None for story, reprint in ready)
    return times, linked / max(1, reprints)


def _take_in(conn: sqlite3.Connection, story: Story) -> None:
    if find_same(conn, story) is None:
        link_duplicate(story, conn)
        add_story(conn, story)


def _link(conn: sqlite3.Connection, size: int) -> float:
    """Milliseconds to link a clash story among those of the days around it, half a day's worth in a run."""
    topic = Topic.load(ROOT / "seeds")
    war, now = War(topic, size), datetime.now(UTC)
    newest = conn.execute("select max(published_at) from stories where is_clash = 1").fetchone()[0]
    first = date.fromisoformat(newest[:10]) + timedelta(days=1)
    spent = []
    for day in range(_DAYS):
        told = war.tell(first + timedelta(days=day), _INCIDENTS, _A_DAY)
        for half in (told[: _A_DAY // 2], told[_A_DAY // 2 :]):
            with transaction(conn):
                for story in half:
                    story = replace(story, url=f"{story.url}/{size}", canonical_url=f"{story.url}/{size}")
                    link_duplicate(story, conn)
                    add_story(conn, story)
            started = time.process_time()
            link_stories(conn, topic, now)
            spent.append((time.process_time() - started) * 1000 / len(half))
    return statistics.median(spent[-8:])


def plot(measured: Sequence[Measured]) -> str:
    """The measurements as an SVG picture."""
    sizes = [m.size for m in measured]
    store, link = [statistics.median(m.store) for m in measured], [m.link for m in measured]
    return draw(
        [
            Panel("ms a story", [Series("copies looked for, stored", sizes, store), Series("linked", sizes, link)]),
            Panel("memory, MB", [Series("memory", sizes, [m.memory for m in measured])]),
            Panel("database, GB", [Series("database", sizes, [m.database for m in measured])]),
        ],
        "stories in the store",
        json.dumps({m.size: [round(s, 2), round(li, 1)] for m, s, li in zip(measured, store, link, strict=True)}),
    )
