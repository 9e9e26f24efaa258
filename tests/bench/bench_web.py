"""The pages of the web page on a store of up to a million stories and 20,000 incidents: p50 and p95 of each."""

from __future__ import annotations

import random
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx

from monitor.config import load_config
from monitor.store import incidents
from monitor.store.database import open_reader, open_store, transaction
from monitor.store.vocabulary import refresh_vocabulary
from tests.bench.million import SEEDS, build
from tests.bench.report import Budget, Report, say
from tests.browser import served
from tests.webworld import NOW, incident, sides_of, story

PAGE = Budget(200, at_most=True)
FULL, DEFAULT, QUICK = 1_000_000, 100_000, 5_000
# One incident for so many stories; twenty of them on each day.
_STORIES_EACH, _A_DAY, _AT_ONCE = 50, 20, 500


def bench_web(report: Report, rounds: int, quick: bool, full: bool) -> None:
    """Build a store, then ask for each page ``rounds`` times ten."""
    size = QUICK if quick else FULL if full else DEFAULT
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "store.db"
        build(path, size)
        with closing(open_store(path, create=False)) as conn:
            refresh_vocabulary(conn, SEEDS)
            add_incidents(conn, size // _STORIES_EACH)
        measure(report, path, 3 if quick else rounds * 10)
    if not full:
        report.note(f"Web pages: {size:,} stories only; --full builds a million.")


def add_incidents(conn: sqlite3.Connection, count: int) -> None:
    """Store ``count`` incidents of one to forty of the newest clash stories each, back through the days."""
    chance = random.Random(1)
    sides = sides_of(load_config(environ={}, seeds=SEEDS))
    rows = conn.execute("select id from stories where is_clash = 1 order by pk desc limit 200000").fetchall()
    known = [identifier for (identifier,) in rows]
    for begin in range(0, count, _AT_ONCE):
        with transaction(conn):
            for number in range(begin, min(begin + _AT_ONCE, count)):
                at = NOW - timedelta(days=number // _A_DAY)
                told = [story(k, id=chance.choice(known)) for k in range(chance.choice((1, 3, 10, 40)))]
                made = incident(
                    f"b{number}", told, sides, title=f"Armed clash number {number}", date_start=at.date(),
                    date_end=at.date(), first_reported_at=at, last_reported_at=at, geo_precision=chance.choice((1, 2, 3)),
                    lat=chance.uniform(30, 36), lon=chance.uniform(62, 72),
                )  # fmt: skip
                incidents.put(conn, made, [], at)
    say(f"  {count:,} incidents stored")


def measure(report: Report, path: Path, times: int) -> None:
    """Serve the store at ``path`` and ask for each page ``times`` times; the first answer of all stands by itself."""
    with closing(open_reader(path)) as conn:
        size = conn.execute("select count(*) from stories").fetchone()[0]
        newest, source = conn.execute("select id, source from stories where is_clash = 1 order by pk desc").fetchone()
        (widest,) = conn.execute("select id from incidents order by story_count desc, id limit 1").fetchone()
    group = f"Web pages, {size:,} stories"
    config = load_config(environ={}, db=path, seeds=SEEDS)
    with served(config, clock=lambda: NOW) as base, httpx.Client(base_url=base, timeout=60) as client:
        report.add(group, "first page after the start", [_asked(client, "/")], "ms", PAGE, "with health judged")
        pages = {
            "situation": "/", "situation, page 50": "/?page=50", "incident": f"/incident/{widest}", "story": f"/story/{newest}",
            "map": "/map", "timeline": "/timeline", "search: border": "/search?q=border",
            "search: filters": "/search?clash=1&lang=ur", "search: shelling in all languages": "/search?q=shelling&across=1",
            "sources": "/sources", "source": f"/source/{source}", "table of stories": "/data/stories",
        }  # fmt: skip
        for name, address in pages.items():
            found = [_asked(client, address) for _ in range(max(times, 2))]
            p95 = statistics.quantiles(found, n=20)[-1]
            report.add(group, f"{name}: p95", [p95], "ms", PAGE, f"p50 {statistics.median(found):.3g} ms")


def _asked(client: httpx.Client, address: str) -> float:
    started = time.perf_counter()
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return (time.perf_counter() - started) * 1000
