"""Crawls of the hostile web: the real command in a process of its own, watched from outside, and what it left behind."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.hostile import Asked, HostileWeb, Outlet
from tests.paths import ROOT
from tests.test_crawl import TOPIC, command

# Short, so that the tests are; the time of a run is bounded by what a host may take.
SETTINGS = {
    "MONITOR_TIMEOUT": "4",
    "MONITOR_EXTRACT_SECONDS": "8",
    "MONITOR_HOST_MINUTES": "0.5",
    "MONITOR_RUN_MINUTES": "3",
    "MONITOR_WORKERS": "2",
}
# A run that takes longer hangs.
MOST_SECONDS = 400


@dataclass(frozen=True)
class Page:
    """A row of the ledger."""

    source: str
    state: str
    reason: str
    wait: float  # seconds until it is due, from when it was last dealt with


@dataclass(frozen=True)
class Way:
    """A row of the feeds table."""

    source: str
    problem: str
    status: int | None
    wait: float


@dataclass
class Run:
    """One crawl: what it said, cost and asked for, and what the database holds after it."""

    code: int
    out: str
    seconds: float
    main_mib: float
    all_mib: float
    asked: list[Asked]
    pages: dict[str, Page] = field(default_factory=dict)
    ways: dict[str, Way] = field(default_factory=dict)
    stories: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict, repr=False)

    def paths(self, outlet: Outlet) -> Counter[str]:
        """How often each path of ``outlet`` was asked for."""
        return Counter(asked.path for asked in self.asked if asked.host == outlet.host)

    def measured(self) -> str:
        """Its cost in words."""
        per_host = Counter(asked.host for asked in self.asked)
        return (
            f"{self.seconds:.1f} s, {len(self.asked)} requests ({len(self.asked) / max(len(per_host), 1):.1f} a host),"
            f" {self.main_mib:.0f} MiB in the crawler, {self.all_mib:.0f} MiB with all its workers"
        )


def seeds_of(folder: Path, outlets: Sequence[Outlet], topic: Path = TOPIC) -> Path:
    """A seeds folder that knows ``topic`` and declares ``outlets``."""
    seeds = folder / "seeds"
    (seeds / "sources").mkdir(parents=True)
    for item in topic.iterdir():
        if item.name != "sources":
            (seeds / item.name).symlink_to(item)
    (seeds / "sources" / "all.toml").write_text("\n".join(outlet.declaration() for outlet in outlets))
    return seeds


def crawl(folder: Path, seeds: Path, web: HostileWeb) -> Run:
    """Run ``monitor crawl``; fails the test when it does not end by itself."""
    web.asked.clear()
    env = {**os.environ, "PYTHONPATH": str(ROOT), **SETTINGS}
    output = folder / "output.txt"
    begun = time.monotonic()
    with output.open("w") as stream:
        words = command(folder, seeds, "crawl", "--allow-private-hosts")
        process = subprocess.Popen(words, cwd=folder, env=env, stdout=stream, stderr=subprocess.STDOUT)
        watch = _Watch(process.pid)
        try:
            code = process.wait(MOST_SECONDS)
        finally:
            process.kill()
            watch.end()
    run = Run(code, output.read_text(), time.monotonic() - begun, watch.main, watch.all, list(web.asked))
    _read_database(run, folder / "m.db")
    return run


def _read_database(run: Run, path: Path) -> None:
    seconds = "(julianday(next_at) - julianday({})) * 86400"
    with closing(sqlite3.connect(path)) as conn:
        for url, *row in conn.execute(
            "select fetch_url, source, state, coalesce(reason, ''),"
            f" coalesce({seconds.format('coalesce(settled_at, listed_at)')}, 1e9) from pages"
        ):
            run.pages[url] = Page(*row)
        for url, *row in conn.execute(
            f"select url, source, coalesce(problem, ''), status, coalesce({seconds.format('fetched_at')}, 0) from feeds"
        ):
            run.ways[url] = Way(*row)
        run.stories = dict(conn.execute("select url, revision from stories").fetchall())
        run.texts = dict(conn.execute("select url, title || ' ' || text from stories").fetchall())


def make_due(path: Path, urls: Sequence[str]) -> None:
    """As if the time had come to look at the pages ``urls`` again."""
    with closing(sqlite3.connect(path)) as conn:
        conn.executemany("update pages set next_at = '2020-01-01T00:00:00Z' where fetch_url = ?", [(u,) for u in urls])
        conn.commit()


def forget_whole(path: Path, url: str) -> None:
    """As if the list at ``url`` had last been asked for without conditions yesterday."""
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("update feeds set whole_at = '2020-01-01T00:00:00Z' where url = ?", (url,))
        conn.commit()


class _Watch:
    """Looks at the memory of a process and its children five times a second, in MiB: its peak, and that of all."""

    def __init__(self, pid: int) -> None:
        self.pid, self.main, self.all = pid, 0.0, 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Stop looking."""
        self._over.set()
        self._thread.join(5)

    def _look(self) -> None:
        while not self._over.wait(0.2):
            self.main = max(self.main, _memory(self.pid, "VmHWM"))
            self.all = max(self.all, sum(_memory(pid, "VmRSS") for pid in _family(self.pid)))


def _memory(pid: int, which: str) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:  # it has ended
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith(which)) / 1024


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        children = []
    return [pid, *(member for child in children for member in _family(int(child)))]
