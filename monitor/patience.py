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

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self.clock = clock
        self.begun: dict[str, float] = {}
        self.unanswered: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PatienceMiddleware:
        return cls(crawler.settings.getfloat("HOST_SECONDS"))

    def process_request(self, request: Request) -> None:
        host = urlparse_cached(request).netloc
        if self.unanswered[host] >= _SILENCE:
            raise HostExhausted("the host does not answer; what is left waits for the next run")
        if self.clock() - self.begun.setdefault(host, self.clock()) > self.seconds:
            raise HostExhausted("the host's time in this run is used up; what is left waits for the next run")

    def process_response(self, request: Request, response: Response) -> Response:
        self.unanswered[urlparse_cached(request).netloc] = 0
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if not isinstance(exception, IgnoreRequest):
            self.unanswered[urlparse_cached(request).netloc] += 1
