"""One stalled host never holds up a run: a total time per host, and no more requests to one that does not answer."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

# After so many requests in a row that got no answer, a host is left alone for the rest of the run.
_SILENCE = 3


class HostExhausted(IgnoreRequest):
    """The host has had its time in this run, or does not answer; what is left waits for the next run."""


class PatienceMiddleware:
    """Downloader middleware that stops asking a host that is too slow or too silent."""

    def __init__(self, crawler: Crawler, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.crawler = crawler
        self.seconds = seconds
        self.clock = clock
        self.begun: dict[str, float] = {}
        self.unanswered: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PatienceMiddleware:
        return cls(crawler, crawler.settings.getfloat("HOST_SECONDS"))

    def process_request(self, request: Request) -> None:
        error = self._exhausted(request)
        if error:
            raise error

    def process_response(self, request: Request, response: Response) -> Response:
        self.unanswered[urlparse_cached(request).netloc] = 0
        self._empty_queue(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if not isinstance(exception, IgnoreRequest):
            self.unanswered[urlparse_cached(request).netloc] += 1
            self._empty_queue(request)

    def _exhausted(self, request: Request) -> HostExhausted | None:
        host = urlparse_cached(request).netloc
        begun = self.begun.setdefault(host, self.clock())
        if self.unanswered[host] >= _SILENCE:
            return HostExhausted("the host does not answer; what is left waits for the next run")
        if self.clock() - begun > self.seconds:
            return HostExhausted("the host's time in this run is used up; what is left waits for the next run")
        return None

    def _empty_queue(self, request: Request) -> None:
        """Refuse what already waits in the downloader for a host that is exhausted."""
        error = self._exhausted(request)
        downloader = self.crawler.engine.downloader
        slot = downloader.slots.get(downloader.get_slot_key(request))
        while error and slot and slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(error)
