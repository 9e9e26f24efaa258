"""Running a crawl: the spiders one after the other in one Scrapy process, and the account of what they did."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from monitor import archive
from monitor.config import Config
from monitor.errors import MonitorError
from monitor.followup import follow_up
from monitor.guard import is_loopback, read_networks
from monitor.incident import Update
from monitor.language import languages_of
from monitor.lock import crawl_lock
from monitor.reader import get_ready, topic_at
from monitor.sources import Source, load_sources, select_sources
from monitor.store import collection
from monitor.store.collection import SourceCounts, merge_counts
from monitor.store.database import open_store
from monitor.store.vocabulary import refresh_vocabulary
from monitor.workers import TaskFailed, WorkerPool
from monitor.workspace import counts_from_stats, now, workers_for

# The spiders of one run, in order. They run one after the other, so that two of them never ask the same host at the
# same time. These read what sources declare, each the field of its name …
SPIDERS = ("feeds", "sitemaps", "sections", "telegram")
# … and these look for stories elsewhere, each when the setting named here says so.
SEARCHES = {"gdelt": "gdelt", "reliefweb": "reliefweb_appname"}

# Without any delay, Scrapy 2.19 starts all requests that wait for a host at once, whatever its concurrency: it counts
# those under way only when they have started.
SHORTEST_DELAY = 0.001


@dataclass
class CrawlReport:
    """What a crawl did: per source, and for the documents that list links (feeds, sitemaps)."""

    started_at: datetime
    finished_at: datetime
    sources: dict[str, SourceCounts] = field(default_factory=dict)
    listings_read: int = 0
    listings_failed: int = 0
    revised: int = 0
    interrupted: bool = False
    updates: list[Update] = field(default_factory=list)
    # Cause of a failed listing -> the sources it was seen at.
    causes: dict[str, list[str]] = field(default_factory=dict)

    @property
    def duration(self) -> timedelta:
        """How long it took."""
        return self.finished_at - self.started_at

    @property
    def totals(self) -> SourceCounts:
        """The counts of all sources together."""
        total = SourceCounts()
        for counts in self.sources.values():
            merge_counts(total, counts)
        return total

    @property
    def reached_nothing(self) -> bool:
        """Whether no listing document at all could be read: no network, or every source is down."""
        return self.listings_failed > 0 and self.listings_read == 0


def run_crawl(
    config: Config,
    names: Sequence[str] = (),
    *,
    poll_all: bool = False,
    allow_private_hosts: bool = False,
    progress: bool = False,
) -> CrawlReport:
    """Crawl the sources ``names`` (all when empty) into the store of ``config``; return what was done.

    Only feeds that are due are polled, all of them with ``poll_all``.

    Holds the crawl lock. Records the run in the store, also when it ends in an exception. Can be called once in a
    process: a Twisted reactor cannot be started twice. Raises LockHeld, ConfigError, SeedsError or StoreError.
    """
    sources = select_sources(load_sources(config.seeds / "sources"), names)
    read_networks(config.allow_addresses)
    addresses = [address for source in sources for address in source.ways_in]
    settings = settings_for(config, addresses, allow_private_hosts, progress)
    with crawl_lock(config.db), closing(open_store(config.db)) as conn:
        # The worker processes get ready on the other cores meanwhile.
        pool = workers_for(config.seeds, config.workers, config.extract_seconds)
        pool.start()
        get_ready(config.seeds)
        refresh_vocabulary(conn, config.seeds)
        archive.prune(conn, config.db, config.archive_days, now().date())
        started_at = now()
        run = collection.begin_run(conn, " ".join(("crawl", *names)), started_at)
        outcome, note, report = "failed", None, CrawlReport(started_at, started_at)
        try:
            report = _report(started_at, _run_spiders(settings, sources, names, poll_all))
            report.updates = follow_up(conn, config, now(), topic=topic_at(config.seeds))
            outcome = "stopped" if report.interrupted else "failed" if report.reached_nothing else "done"
        except BaseException as error:
            note = f"{type(error).__name__}: {error}"
            raise
        finally:
            collection.finish_run(conn, run, now(), outcome, note, report.sources, partial(_languages, pool))
    return report


def _languages(pool: WorkerPool, texts: Sequence[str]) -> list[str]:
    """The languages of ``texts``, told by the workers, which have the profiles of languages at hand."""
    try:
        return pool.share(languages_of, texts)
    except TaskFailed:
        return languages_of(texts)


def _run_spiders(settings: Settings, sources: Sequence[Source], names: Sequence[str], poll_all: bool) -> list[Crawler]:
    """Run the spiders one after the other; return their crawlers, whose stats tell what happened."""
    process = AsyncCrawlerProcess(settings)
    waiting = choose_spiders(settings["MONITOR_CONFIGURATION"], sources, names)
    done: list[Crawler] = []

    def start_next(finished: asyncio.Task[None] | None = None) -> None:
        # Called by the event loop before it looks whether a crawl is left to wait for.
        interrupted = bool(done) and done[-1].stats.get_value("finish_reason") == "shutdown"
        failed = finished is not None and not finished.cancelled() and finished.exception() is not None
        if waiting and not interrupted and not failed:
            crawler = process.create_crawler(waiting.pop(0))
            done.append(crawler)
            process.crawl(crawler, sources=",".join(names), all="all" if poll_all else "").add_done_callback(start_next)

    start_next()
    process.start()
    if process.bootstrap_failed:
        raise MonitorError("the crawl could not be started; 'monitor -vv crawl' shows why")
    return done


def choose_spiders(config: Config, sources: Sequence[Source], names: Sequence[str]) -> list[str]:
    """The spiders that have something to do: those ``sources`` declare a way in for, and, unless sources were named
    (``names``), the searches that are switched on.
    """
    searches = [] if names else [spider for spider, setting in SEARCHES.items() if getattr(config, setting)]
    return [name for name in SPIDERS if any(getattr(source, name) for source in sources)] + searches


def settings_for(config: Config, addresses: Iterable[str], allow_private_hosts: bool, progress: bool) -> Settings:
    """The project's settings with what a run was told: configuration, private hosts, progress.

    ``addresses`` are those it begins with.
    """
    settings = Settings()
    settings.setmodule("monitor.settings", priority="project")
    settings.setdict(
        {
            "MONITOR_CONFIGURATION": config,
            "MONITOR_DB": str(config.db),
            "MONITOR_SEEDS": str(config.seeds),
            "USER_AGENT": config.user_agent,
            "CONCURRENT_REQUESTS": config.concurrency,
            "DOWNLOAD_DELAY": max(config.delay, SHORTEST_DELAY),
            "DOWNLOAD_TIMEOUT": config.timeout,
            "HOST_SECONDS": config.host_minutes * 60,
            "CLOSESPIDER_TIMEOUT": config.run_minutes * 60,
            "DOWNLOAD_MAXSIZE": int(config.max_page_mib * 1024 * 1024),
            "ALLOW_PRIVATE_HOSTS": allow_private_hosts,
            "ALLOW_ADDRESSES": config.allow_addresses,
            "PROGRESS_ENABLED": progress,
            "LOG_INSTALL_ROOT_HANDLER": False,  # the command line shows the log
            "DOWNLOAD_SLOTS": _loopback_slots(addresses) if allow_private_hosts else {},
        },
        priority="cmdline",
    )
    return settings


def _loopback_slots(addresses: Iterable[str]) -> dict[str, dict[str, float]]:
    """No pause between requests to this very machine: there is no webmaster to be polite to."""
    own = {url for url in addresses if is_loopback(url)}
    return {urlsplit(url).hostname or "": {"concurrency": 1, "delay": SHORTEST_DELAY, "jitter": 0.0} for url in own}


def _report(started_at: datetime, crawlers: Sequence[Crawler]) -> CrawlReport:
    report = CrawlReport(started_at, now())
    causes: dict[str, set[str]] = {}
    for crawler in crawlers:
        stats = crawler.stats.get_stats()
        for source, counts in counts_from_stats(stats).items():
            merge_counts(report.sources.setdefault(source, SourceCounts()), counts)
        report.revised += sum(value for key, value in stats.items() if key.endswith("/revised"))
        report.listings_read += stats.get("listing/read", 0)
        report.listings_failed += stats.get("listing/failed", 0)
        report.interrupted |= stats.get("finish_reason") == "shutdown"
        for key in stats:
            if key.startswith("listing/reason/"):
                reason, _, source = key.removeprefix("listing/reason/").rpartition("/")
                causes.setdefault(reason, set()).add(source)
    report.causes = {reason: sorted(found) for reason, found in sorted(causes.items())}
    return report
