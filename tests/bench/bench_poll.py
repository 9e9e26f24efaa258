"""The run that happens most: many feeds, nothing new in any of them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.bench.processes import memory_of_python, run_python
from tests.bench.report import Budget, Report
from tests.bench.server import Resource, Server, usable_addresses
from tests.bench.sites import ROBOTS, feed, write_seeds

FEEDS = 100
SECONDS, MEMORY = Budget(5, at_most=True), Budget(250, at_most=True)
_GROUP = f"Poll {FEEDS} feeds that have not changed"


def bench_poll(report: Report, rounds: int, quick: bool) -> None:
    """A crawl of 100 feeds with an ETag, each on a host of its own, after one that has read them; robots.txt included."""
    addresses = usable_addresses(FEEDS)
    hosts = "each on a host of its own" if len(addresses) == FEEDS else f"on {len(addresses)} hosts"
    with tempfile.TemporaryDirectory() as name, Server(dict(ROBOTS), addresses) as server:
        folder = Path(name)
        feeds = []
        for number in range(FEEDS):
            base = f"http://{addresses[number % len(addresses)]}:{server.port}"
            # Pages that are gone: the first crawl settles them, and no later one asks for them again.
            links = {f"{base}/gone/{number}/{item}": f"Story {item}" for item in range(3)}
            body = feed(links).replace(b"</channel>", b"<!--" + b"x" * 20_000 + b"--></channel>")
            server.put({f"/{number}.xml": Resource(body, "application/rss+xml", etag=f'"v{number}"')})
            feeds.append(f"{base}/{number}.xml")
        words = ["-m", "monitor", "crawl", "--allow-private-hosts", "--db", "poll.db"]
        words += ["--seeds", str(write_seeds(folder / "seeds", feeds))]
        run_python(words, folder)
        runs, unchanged = [], 0
        for _ in range(rounds):
            server.forget()
            runs.append(run_python(words, folder))
            unchanged = server.log().statuses.get(304, 0)
        memory = [memory_of_python(words, folder) for _ in range(rounds)]
    if unchanged != FEEDS:
        raise SystemExit(f"bench: {unchanged} of {FEEDS} feeds were asked for conditionally; the measurement is void")
    report.add(_GROUP, "whole command", [run.seconds for run in runs], "s", SECONDS, hosts)
    report.add(_GROUP, "memory", memory, "MB", MEMORY, "of the largest of its processes")
