"""The yardstick of a crawl: a Scrapy spider that fetches what the feeds list and does nothing with it.

Run as ``python -m tests.bench.empty_spider SEEDS``: the settings are those of ``monitor crawl`` on that seeds folder
(concurrency, delays, timeouts, sizes, robots.txt, reactor), less everything of ours that is plugged in.
"""

from __future__ import annotations

import re
import sys
from collections.abc import AsyncIterator, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

from monitor.config import load_config
from monitor.crawl import settings_for
from monitor.sources import load_sources

_LINK = re.compile(r"<link>([^<]+)</link>")
_PLUGGED_IN = ("EXTENSIONS", "ITEM_PIPELINES", "DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "DOWNLOAD_HANDLERS")


class EmptySpider(scrapy.Spider):
    """Asks for every feed, then for every link in them."""

    name = "empty"

    async def start(self) -> AsyncIterator[Any]:
        for address in self.feeds:
            yield scrapy.Request(address, callback=self.read_feed, dont_filter=True)

    def read_feed(self, response: Response) -> Iterator[scrapy.Request]:
        for link in _LINK.findall(response.text):
            yield scrapy.Request(unescape(link), dont_filter=True)

    def parse(self, response: Response) -> None:
        """Nothing."""


def main(seeds: str) -> None:
    config = load_config(seeds=Path(seeds))
    sources = load_sources(config.seeds / "sources")
    addresses = [address for source in sources for address in source.feeds]
    settings = settings_for(config, addresses, True, False)
    for name in _PLUGGED_IN:
        settings.set(name, {}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    process.crawl(EmptySpider, feeds=addresses)
    process.start()


if __name__ == "__main__":
    main(sys.argv[1])
