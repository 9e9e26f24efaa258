"""What the parts of a crawl share: configuration, sources, topic, the open store, the counts (a Scrapy extension)."""

from __future__ import annotations

import atexit
from datetime import UTC, datetime, tzinfo
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scrapy import signals

from monitor.analysis.origins import Origins
from monitor.analysis.screen import Screen
from monitor.analysis.topic import Topic
from monitor.config import Config, load_config
from monitor.reader import screen_at, topic_at
from monitor.readers import reading_pool
from monitor.sources import Source, load_sources, select_sources, voices
from monitor.store.collection import COUNTS, SourceCounts
from monitor.store.database import open_store
from monitor.store.ledger import Unread
from monitor.workers import WorkerPool

if TYPE_CHECKING:
    from collections.abc import Mapping
    from sqlite3 import Connection

    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector


class Workspace:
    """Extension that every spider and pipeline asks for what it needs; get it with ``Workspace.of(crawler)``."""

    def __init__(self, config: Config, stats: StatsCollector) -> None:
        self.config = config
        self.stats = stats
        self.conn: Connection = open_store(config.db)
        self.sources: dict[str, Source] = {source.id: source for source in load_sources(config.seeds / "sources")}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Workspace:
        # A run by the command line brings its configuration along; ``scrapy crawl`` does not.
        config = crawler.settings.get("MONITOR_CONFIGURATION") or load_config(
            db=_path(crawler, "MONITOR_DB"), seeds=_path(crawler, "MONITOR_SEEDS")
        )
        workspace = cls(config, crawler.stats)
        crawler.signals.connect(workspace.close, signal=signals.engine_stopped)
        return workspace

    @classmethod
    def of(cls, crawler: Crawler) -> Workspace:
        """The workspace of a running crawl."""
        found = crawler.get_extension(cls)
        if found is None:
            raise RuntimeError("the extension monitor.workspace.Workspace is not enabled in EXTENSIONS")
        return found

    @cached_property
    def topic(self) -> Topic:
        """The topic, loaded when first asked for."""
        return topic_at(self.config.seeds)

    @cached_property
    def origins(self) -> Origins:
        """Finds whom a story's text goes back to."""
        return Origins.load(self.config.seeds, self.topic, voices(self.sources.values()))

    @cached_property
    def screen(self) -> Screen:
        """The cheap look at a raw page that decides whether it can be relevant at all."""
        return screen_at(self.config.seeds)

    @cached_property
    def unread(self) -> Unread:
        """Notes which pages were looked at and left."""
        return Unread(self.conn, "no word of the topic on the page")

    @cached_property
    def pool(self) -> WorkerPool:
        """Processes for what may take for ever, or worse: the reading of pages."""
        return workers_for(self.config.seeds, self.config.workers, self.config.extract_seconds)

    def expect_pages(self) -> None:
        """Get ready what the first page needs, while nothing waits for it: worker processes and screen."""
        self.pool.start()
        self.screen.get_ready()

    def mentions_topic(self, *texts: str | None) -> bool:
        """Whether one of ``texts`` (a feed's title, a summary) has a word without which nothing is relevant."""
        return self.screen.mentions("\n".join(text for text in texts if text))

    def chosen(self, names: str) -> tuple[Source, ...]:
        """The enabled sources with the given ids (separated by commas); all of them when none is named."""
        wanted = [name for name in names.split(",") if name]
        return select_sources(tuple(self.sources.values()), wanted)

    def timezone_of(self, source: str) -> tzinfo:
        """The time zone a source writes its dates in; UTC for one that is not declared."""
        declared = self.sources.get(source)
        return ZoneInfo(declared.timezone) if declared else UTC

    def count(self, source: str, outcome: str, reason: str | None = None) -> None:
        """Count one page of ``source``: listed, fetched, stored, duplicate, irrelevant or failed (with the reason)."""
        self.stats.inc_value(f"source/{source}/{outcome}")
        if reason:
            self.stats.inc_value(f"source/{source}/reason/{reason}")

    def close(self) -> None:
        """Close the store when the crawl is over."""
        try:
            self.unread.write()
        finally:
            self.conn.close()


@cache
def workers_for(seeds: Path, workers: int, seconds: float) -> WorkerPool:
    """The worker processes, one set for all spiders of a run; they end when the program does."""
    pool = reading_pool(seeds, workers, seconds)
    atexit.register(pool.close)
    return pool


def counts_from_stats(stats: Mapping[str, object]) -> dict[str, SourceCounts]:
    """The counts per source that ``Workspace.count`` wrote into Scrapy's stats."""
    found: dict[str, SourceCounts] = {}
    for key, value in stats.items():
        head, _, rest = key.partition("/")
        source, _, outcome = rest.partition("/")
        if head != "source" or not isinstance(value, int):
            continue
        counts = found.setdefault(source, SourceCounts())
        if outcome.startswith("reason/"):
            counts.reasons[outcome.removeprefix("reason/")] = value
        elif outcome.startswith("language/"):
            counts.languages[outcome.removeprefix("language/")] = value
        elif outcome in COUNTS:
            setattr(counts, outcome, value)
    return found


def now() -> datetime:
    """The time, aware and in UTC."""
    return datetime.now(UTC)


def _path(crawler: Crawler, name: str) -> Path | None:
    value = crawler.settings.get(name)
    return Path(value) if value else None
