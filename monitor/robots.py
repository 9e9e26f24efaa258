"""robots.txt: Scrapy's middleware, but a robots.txt that cannot be had means wait, not go (RFC 9309, 2.3.1.4)."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached
from scrapy.utils.misc import build_from_crawler

from monitor.drops import RobotsForbidden, RobotsUnreachable
from monitor.failures import describe
from monitor.store import collection
from monitor.workspace import Workspace, now

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser


# Rules are kept from run to run for so long at most (RFC 9309, 2.4), and so much of a file is read (2.5).
KEPT = timedelta(hours=24)
MOST_BYTES = 512 * 1024
# As the parser reads such a line, with and without a colon.
_AGENT = re.compile(r"\s*user[- ]?agent\b\s*:?([^#]*)", re.I)
_OTHERS = "User-agent: somebody-else"
# A longer Crawl-delay would keep a host from ever being read; it is taken for this.
LONGEST_DELAY = 120.0


class RobotsMiddleware(RobotsTxtMiddleware):
    """Refuses requests with RobotsForbidden, or with RobotsUnreachable where a host's rules could not be had."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unreachable: dict[str, str] = {}
        self._asking: dict[str, asyncio.Lock] = {}
        self._delayed: set[str] = set()
        self._default_delay = crawler.settings.getfloat("DOWNLOAD_DELAY")

    async def robot_parser(self, request: Request) -> RobotParser | None:
        netloc = urlparse_cached(request).netloc
        if netloc not in self._parsers:
            body = collection.saved_robots(Workspace.of(self.crawler).conn, netloc, now() - KEPT)
            if body is not None:
                self._parsers[netloc] = build_from_crawler(self._parserimpl, self.crawler, body)
        # One request at a time: of several that wait for the same rules Scrapy 2.19 gives them to the first only, and
        # None, which means "go", to the others.
        async with self._asking.setdefault(netloc, asyncio.Lock()):
            rules = await super().robot_parser(request)
        reason = self._unreachable.get(netloc)
        if reason:
            self._stats.inc_value("robotstxt/unreachable")
            raise RobotsUnreachable(f"robots.txt could not be had ({reason}); waiting")
        if rules is not None:
            self._keep_crawl_delay(rules, request)
        return rules

    def _keep_crawl_delay(self, rules: RobotParser, request: Request) -> None:
        """Make the pause between requests to the host at least what its robots.txt asks for."""
        asked = min(rules.crawl_delay(self._robotstxt_useragent or self._default_useragent) or 0.0, LONGEST_DELAY)
        downloader = self.crawler.engine.downloader
        host = downloader.get_slot_key(request)
        if not asked or host in self._delayed:
            return
        self._delayed.add(host)
        # The usual pause is made shorter and longer by chance; what a host asks for is the least.
        delay = max(asked, downloader.per_slot_settings.get(host, {}).get("delay", self._default_delay))
        downloader.per_slot_settings[host] = {"concurrency": 1, "delay": delay, "jitter": 0.0}
        if slot := downloader.slots.get(host):
            slot.delay, slot.jitter = delay, 0.0

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise RobotsForbidden("forbidden by robots.txt") from error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self._unreachable[netloc] = f"status {response.status}"
        elif response.status >= 400:  # what came is an error page, not rules
            response = response.replace(body=b"")
        rules = relevant_rules(response.body[:MOST_BYTES], self._robotstxt_useragent or self._default_useragent)
        await super()._parse_robots(response.replace(body=rules), netloc, request)
        if netloc not in self._unreachable:
            collection.save_robots(Workspace.of(self.crawler).conn, netloc, rules, now())

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._unreachable[netloc] = describe(exc)
        super()._robots_error(exc, netloc)


def relevant_rules(body: bytes, agent: str) -> bytes:
    """The robots.txt ``body`` with all crawlers but ours made one, so that their rules are kept once.

    The parser keeps a copy of every rule for every crawler named before it: a file of 500 KB can fill the memory.
    """
    ours = agent.lower()
    kept = []
    for line in body.decode("utf-8-sig", "ignore").splitlines():
        found = _AGENT.match(line)
        name = found[1].strip().lower().replace("*", "") if found else ""
        kept.append(_OTHERS if name and name not in ours else line)
    return "\n".join(kept).encode()
