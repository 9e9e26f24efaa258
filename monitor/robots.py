"""robots.txt: Scrapy's middleware, but a robots.txt that cannot be had means wait, not go (RFC 9309, 2.3.1.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from monitor.drops import RobotsForbidden, RobotsUnreachable
from monitor.failures import describe

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser


class RobotsMiddleware(RobotsTxtMiddleware):
    """Refuses requests with RobotsForbidden, or with RobotsUnreachable where a host's rules could not be had."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unreachable: dict[str, str] = {}

    async def robot_parser(self, request: Request) -> RobotParser | None:
        rules = await super().robot_parser(request)
        reason = self._unreachable.get(urlparse_cached(request).netloc)
        if reason:
            self._stats.inc_value("robotstxt/unreachable")
            raise RobotsUnreachable(f"robots.txt could not be had ({reason}); waiting")
        return rules

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise RobotsForbidden("forbidden by robots.txt") from error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            self._unreachable[netloc] = f"status {response.status}"
        if response.status >= 400:  # what came is an error page, not rules
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._unreachable[netloc] = describe(exc)
        super()._robots_error(exc, netloc)
