"""robots.txt: Scrapy's middleware, but a robots.txt that cannot be had means wait, not go (RFC 9309, 2.3.1.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest

from monitor.drops import RobotsForbidden, RobotsUnreachable

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser


class _Unreachable:
    """Stands for the rules of a host whose robots.txt could not be had; forbids everything, for this run."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


class RobotsMiddleware(RobotsTxtMiddleware):
    """Refuses requests with RobotsForbidden, or RobotsUnreachable where the rules are not known."""

    def process_request_2(self, rp: RobotParser | _Unreachable | None, request: Request) -> None:
        if isinstance(rp, _Unreachable):
            self._stats.inc_value("robotstxt/unreachable")
            raise RobotsUnreachable(f"robots.txt could not be had ({rp.reason}); waiting")
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as error:
            raise RobotsForbidden("forbidden by robots.txt") from error

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        # Any other answer below 500 that is no file of rules means there are none (RFC 9309, 2.3.1.3).
        if response.status >= 500 or response.status == 429:
            self._release(netloc, _Unreachable(f"status {response.status}"))
        elif response.status >= 400:
            self._release(netloc, None)
        else:
            await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._release(netloc, _Unreachable(str(exc) or type(exc).__name__))

    def _release(self, netloc: str, rules: _Unreachable | None) -> None:
        waiting, self._parsers[netloc] = self._parsers[netloc], rules
        waiting.callback(rules)
