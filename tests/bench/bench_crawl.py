"""Rows 1 and 2: what ``monitor crawl`` takes beside an empty spider, and beside extraction alone."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from trafilatura import bare_extraction

from tests.bench.pages import BenchPage, load_pages, with_relevant
from tests.bench.processes import Ended, run_python
from tests.bench.report import Budget, Report, say
from tests.bench.server import Log, Resource, Server, usable_addresses
from tests.bench.sites import feed, page_path, site_of, write_seeds

ONE_IN_TWENTY = Budget(0.5)
ALL_RELEVANT = Budget(1.6)
# A server that is busy for more of the time than this may be what is measured.
_BUSY = 0.5


@dataclass(frozen=True)
class Crawl:
    """One crawl seen from outside: pages a second from the first request to the end, and from the start to the end."""

    rate: float
    whole_rate: float
    server_busy: float
    # Processor milliseconds a page: of the main process, and of all its processes.
    own_cpu: float
    all_cpu: float


@dataclass
class Setup:
    """Pages on a running server, and the seeds folder that leads to them."""

    pages: Sequence[BenchPage]
    server: Server
    seeds: Path
    sources: int

    @property
    def paths(self) -> set[str]:
        """Where the pages stand."""
        return {page_path(number, page, self.sources) for number, page in enumerate(self.pages)}


def bench_sparse(report: Report, rounds: int, quick: bool) -> None:
    """Row 1: pages of which one in twenty is relevant, against an empty spider on the same pages."""
    pages, about = load_pages(60 if quick else None)
    pages = with_relevant(pages, 1 if quick else 4)
    marked = sum(page.relevant for page in pages)
    for hosts in [1] if quick else [1, 8]:
        addresses = usable_addresses(hosts)
        sources = max(4, len(addresses))
        group = f"Crawl, one page in twenty relevant, {_hosts(addresses)}"
        say(f"{group}: {len(pages)} pages ({about}), {marked} relevant")
        with tempfile.TemporaryDirectory() as name, Server(site_of(pages, sources), addresses) as server:
            folder = Path(name)
            setup = Setup(
                pages, server, write_seeds(folder / "seeds", _feeds(server, pages, addresses, sources)), sources
            )
            ours, empty = [], []
            stored: Counter[str] = Counter()
            for number in range(rounds + 1):
                fetched = _timed(setup, _empty_spider(setup, folder))
                crawled = _timed(setup, _monitor_crawl(setup, folder, number))
                states = _accounted(setup, folder, number)
                if number:  # the first round warms the disk's and Python's caches
                    empty.append(fetched)
                    ours.append(crawled)
                    stored = states
            _compare(report, group, ours, empty)
            _add_accounts(report, group, len(pages), marked, stored)


def bench_full(report: Report, rounds: int, quick: bool) -> None:
    """Row 2: the same pages, all relevant, against plain trafilatura on one core with the pages in memory."""
    pages, about = load_pages(40 if quick else None)
    addresses, sources = usable_addresses(1), 1
    group = "Crawl, all pages relevant"
    say(f"{group}: {about}")
    with tempfile.TemporaryDirectory() as name, Server(site_of(pages, sources), addresses) as server:
        folder = Path(name)
        feeds = _feeds(server, pages, addresses, sources)
        setup = Setup(pages, server, write_seeds(folder / "seeds", feeds, everything=True), sources)
        ours, plain, cpu = [], [], []
        states: Counter[str] = Counter()
        for number in range(rounds):
            rate, used = _trafilatura_rate(pages)
            plain.append(rate)
            cpu.append(used)
            ours.append(_timed(setup, _monitor_crawl(setup, folder, number)))
            states = _accounted(setup, folder, number)
    _ratio(report, group, "ratio: crawl / trafilatura", [c.rate for c in ours], plain, ALL_RELEVANT)
    _ratio(report, group, "same, whole command with start-up", [c.whole_rate for c in ours], plain)
    report.add(group, "monitor crawl", [c.rate for c in ours], "pages/s")
    report.add(
        group, "trafilatura, one core, pages in memory", plain, "pages/s", note="bare_extraction, with_metadata=True"
    )
    _add_cpu(report, group, ours)
    report.add(group, "trafilatura: processor time", cpu, "ms a page")
    # With two cores of its own, a crawl is as fast as its main process, or as all it does on both.
    possible = [2 * t / max(2 * c.own_cpu, c.all_cpu) for t, c in zip(cpu, ours, strict=True)]
    note = "trafilatura's processor time over that of the crawl; includes start-up"
    report.add(group, "ratio that two free cores allow", possible, "×", note=note)
    _add_accounts(report, group, len(pages), len(pages), states)


def _hosts(addresses: Sequence[str]) -> str:
    return "one host" if len(addresses) == 1 else f"{len(addresses)} hosts"


def _feeds(server: Server, pages: Sequence[BenchPage], addresses: Sequence[str], sources: int) -> list[str]:
    """Put a feed for each source on the server; return their addresses."""
    found = []
    for source in range(sources):
        base = f"http://{addresses[source % len(addresses)]}:{server.port}"
        links = {
            base + page_path(number, page, sources): page.title
            for number, page in enumerate(pages)
            if number % sources == source
        }
        server.put({f"/{source}/feed.xml": Resource(feed(links), "application/rss+xml; charset=utf-8")})
        found.append(f"{base}/{source}/feed.xml")
    return found


def _empty_spider(setup: Setup, folder: Path) -> Ended:
    setup.server.forget()
    return run_python(
        ["-m", "tests.bench.empty_spider", str(setup.seeds)], folder, SCRAPY_SETTINGS_MODULE="monitor.settings"
    )


def _monitor_crawl(setup: Setup, folder: Path, number: int) -> Ended:
    setup.server.forget()
    words = ["-m", "monitor", "crawl", "--allow-private-hosts", "--db", f"{number}.db", "--seeds", str(setup.seeds)]
    return run_python(words, folder, MONITOR_MAX_PAGES=str(len(setup.pages)))


def _timed(setup: Setup, process: Ended) -> Crawl:
    """What the crawl that has just ended did, once it is sure that it fetched every page once."""
    log: Log = setup.server.log()
    missing = setup.paths - set(log.paths)
    if missing or log.first is None:
        raise SystemExit(f"bench: {len(missing)} pages were never asked for, such as {sorted(missing)[:3]}")
    seconds = process.ended - log.first
    pages = len(setup.pages)
    cpu = process.own_cpu / pages * 1000, process.all_cpu / pages * 1000
    return Crawl(pages / seconds, pages / process.seconds, log.cpu / seconds, *cpu)


def _accounted(setup: Setup, folder: Path, number: int) -> Counter[str]:
    """How the pages of the run ended by the ledger; the database is removed."""
    database = folder / f"{number}.db"
    with closing(sqlite3.connect(database)) as conn:
        states = Counter(str(state) for (state,) in conn.execute("select state from pages"))
        states["copy"] = int(conn.execute("select count(*) from stories where duplicate_of is not null").fetchone()[0])
        states["failed as"] = 0
        for (reason,) in conn.execute("select reason from pages where state = 'failed'"):
            states[f"failed as {reason}"] += 1
    for leftover in folder.glob(f"{number}.db*"):
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    return states


def _add_cpu(report: Report, group: str, ours: Sequence[Crawl]) -> None:
    """What the crawl used of the processor, start-up included: less is said by it of other work on the machine."""
    report.add(group, "monitor crawl: processor time, main process", [c.own_cpu for c in ours], "ms a page")
    report.add(group, "monitor crawl: processor time, all processes", [c.all_cpu for c in ours], "ms a page")


def _trafilatura_rate(pages: Sequence[BenchPage]) -> tuple[float, float]:
    """Pages a second by the clock, and processor milliseconds a page."""
    texts = [page.html.decode("utf-8", "replace") for page in pages]
    started, used = time.perf_counter(), time.process_time()
    for text in texts:
        bare_extraction(text, with_metadata=True)
    cpu = (time.process_time() - used) / len(texts) * 1000
    return len(texts) / (time.perf_counter() - started), cpu


def _compare(report: Report, group: str, ours: Sequence[Crawl], empty: Sequence[Crawl]) -> None:
    _ratio(report, group, "ratio: crawl / empty spider", [c.rate for c in ours], [c.rate for c in empty], ONE_IN_TWENTY)
    whole = [c.whole_rate for c in ours], [c.whole_rate for c in empty]
    _ratio(report, group, "same, whole command with start-up", *whole)
    report.add(group, "monitor crawl", [c.rate for c in ours], "pages/s")
    report.add(group, "empty spider", [c.rate for c in empty], "pages/s")
    _add_cpu(report, group, ours)
    report.add(group, "empty spider: processor time", [c.all_cpu for c in empty], "ms a page")
    busy = [c.server_busy for c in empty]
    report.add(group, "server's share of a core, empty spider", busy, "", note="the server is the limit near 1")
    if max(busy) > _BUSY:
        report.note(
            f"{group}: the server was busy {max(busy):.0%} of the time; the empty spider may have waited for it"
        )


def _ratio(
    report: Report, group: str, name: str, ours: Sequence[float], other: Sequence[float], budget: Budget | None = None
) -> None:
    """The ratio of each round: both sides of it were measured one right after the other."""
    report.add(group, name, [a / b for a, b in zip(ours, other, strict=True)], "×", budget)


def _add_accounts(report: Report, group: str, served: int, expected: int, states: Counter[str]) -> None:
    ends = {state: count for state, count in states.items() if count and state != "copy" and " as " not in state}
    lost = served - sum(ends.values())
    why = "; ".join(f"{count} {state}" for state, count in states.items() if " as " in state and count)
    told = ", ".join(f"{count} {state}" for state, count in sorted(ends.items()))
    told += f" ({states['copy']} of the stored are linked as copies)" if states["copy"] else ""
    report.add(
        group, "pages lost", [lost], f"of {served}", Budget(0, at_most=True), f"{told}{'; ' + why if why else ''}"
    )
    report.add(group, "relevant pages stored", [states["stored"] + states["duplicate"]], f"of {expected}")
