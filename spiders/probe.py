"""Spider that asks for what a task wants, with all the manners of a crawl; ``monitor sources`` runs its tasks so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.exceptions import (
    CannotResolveHostError,
    CloseSpider,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from monitor.drops import RobotsForbidden, RobotsUnreachable
from monitor.failures import describe
from monitor.waysin import Answer, Fetch

_FAILURES = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
    OSError,
    ValueError,
)
_FOR_GOOD = {301, 308}


class ProbeSpider(scrapy.Spider):
    """Gives ``task`` a function that asks for an address: robots.txt, pauses, guard and bounds are those of a crawl."""

    name = "probe"

    def __init__(self, task: Callable[[Fetch], Awaitable[None]] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.task = task

    async def start(self) -> AsyncIterator[scrapy.Request]:
        if self.task is None:
            self.logger.error("this spider is run by 'monitor sources check' and 'monitor sources discover'")
            raise CloseSpider("wrong usage")
        await self.task(self.fetch)
        for request in list[scrapy.Request]():  # what is asked for is asked for by the task
            yield request

    async def fetch(self, url: str) -> Answer:
        """Ask for ``url`` and say what came of it."""
        # robots.txt itself may always be asked for.
        meta = {"dont_obey_robotstxt": True} if urlsplit(url).path == "/robots.txt" else {}
        try:
            response = await self.crawler.engine.download_async(scrapy.Request(url, dont_filter=True, meta=meta))
        except RobotsForbidden as error:
            return Answer(url, url, robots="forbidden", problem=str(error))
        except RobotsUnreachable as error:
            return Answer(url, url, robots="unreachable", problem=str(error))
        except _FAILURES as error:
            return Answer(url, url, problem=describe(error))
        reasons = (response.request.meta if response.request else {}).get("redirect_reasons", [])
        return Answer(
            url=url,
            final_url=response.url,
            status=response.status,
            body=response.body,
            content_type=(response.headers.get("Content-Type") or b"").decode("latin-1"),
            moved=bool(reasons) and all(reason in _FOR_GOOD for reason in reasons),
            problem=f"status {response.status}" if response.status >= 400 else None,
        )
