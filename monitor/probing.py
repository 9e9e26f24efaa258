"""Running a task that asks for some addresses, in one Scrapy process, with the manners and guards of a crawl."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from scrapy.crawler import AsyncCrawlerProcess

from monitor.config import Config
from monitor.crawl import settings_for
from monitor.errors import MonitorError
from monitor.guard import read_networks
from monitor.store.database import open_store
from monitor.waysin import Fetch
from monitor.workspace import Workspace

if TYPE_CHECKING:
    from scrapy.statscollectors import StatsCollector

T = TypeVar("T")


class ScratchWorkspace(Workspace):
    """A workspace that keeps what it must (rules of robots.txt) in a store of its own, thrown away when it closes."""

    def __init__(self, config: Config, stats: StatsCollector) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="border-monitor-")
        self.config = replace(config, db=Path(self.folder.name) / "scratch.db")
        self.stats = stats
        self.conn = open_store(self.config.db)
        self.sources = {}

    def close(self) -> None:
        super().close()
        self.folder.cleanup()


def run_probe(
    config: Config,
    task: Callable[[Fetch], Awaitable[T]],
    addresses: Iterable[str],
    *,
    allow_private_hosts: bool = False,
) -> T:
    """Run ``task`` with a function that asks for addresses, and return what it returns.

    ``addresses`` are those it begins with. Nothing is written to the database. Can be called once in a process: a
    Twisted reactor cannot be started twice. Raises what the task raises.
    """
    read_networks(config.allow_addresses)
    settings = settings_for(config, addresses, allow_private_hosts, progress=False)
    settings.setdict(
        {
            "EXTENSIONS": {"monitor.guard.AddressGuard": 50, "monitor.probing.ScratchWorkspace": 100},
            "ITEM_PIPELINES": {},
            "CLOSESPIDER_TIMEOUT": 0,  # the task ends by itself
        },
        priority="cmdline",
    )
    done: list[T] = []
    failed: list[Exception] = []

    async def run(fetch: Fetch) -> None:
        try:
            done.append(await task(fetch))
        except Exception as error:  # noqa: BLE001 - handed on to the caller, outside the event loop
            failed.append(error)

    process = AsyncCrawlerProcess(settings)
    process.crawl("probe", task=run)
    process.start()
    if failed:
        raise failed[0]
    if not done:
        raise MonitorError("stopped before the end; 'monitor -vv' shows why")
    return done[0]
