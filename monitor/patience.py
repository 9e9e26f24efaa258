"""One host never holds up a run, and is left alone when it asks for it: a total time per host, silence, Retry-After."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from monitor.failures import asked_wait

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

# After so many requests in a row that got no answer, or were refused for their number, a host is left alone for the
# rest of the run.
_SILENCE = 3
_REFUSALS = {429, 503}
# A host that asks for no longer a pause than this is waited for in the same run.
SHORT_WAIT = timedelta(seconds=30)
_LEFT = "what is left waits for the next run"


class HostExhausted(IgnoreRequest):
    """The host has had its time in this run, does not answer, or asks for a ``pause``; what is left waits."""

    def __init__(self, message: str, pause: timedelta = timedelta()) -> None:
        super().__init__(message)
        self.pause = pause


class PatienceMiddleware:
    """Downloader middleware that stops asking a host that is too slow or too silent, and pauses when it asks for it."""

    def __init__(self, crawler: Crawler, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.crawler = crawler
        self.seconds = seconds
        self.clock = clock
        self.begun: dict[str, float] = {}
        self.unanswered: Counter[str] = Counter()
        self.refused: set[str] = set()
        self.resting: dict[str, timedelta] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PatienceMiddleware:
        patience = cls(crawler, crawler.settings.getfloat("HOST_SECONDS"))
        crawler.signals.connect(patience.listen, signal=signals.response_downloaded)
        return patience

    def process_request(self, request: Request) -> None:
        error = self._exhausted(request)
        if error:
            raise error

    def listen(self, request: Request, response: Response) -> None:
        """Keep the pause that an answer asks for; called before the next request to its host is sent."""
        host = urlparse_cached(request).netloc
        if response.status not in _REFUSALS:
            self.unanswered[host] = 0
            return
        self.unanswered[host] += 1
        self.refused.add(host)
        wait = asked_wait(response.headers.get("Retry-After"))
        downloader = self.crawler.engine.downloader
        slot = downloader.slots.get(downloader.get_slot_key(request))
        if wait is not None and slot:
            slot.lastseen = self.clock() + wait.total_seconds()
            if wait > SHORT_WAIT:
                self.resting[host] = wait

    def process_response(self, request: Request, response: Response) -> Response:
        self._empty_queue(request)
        # A redirect takes the metadata along, but must wait in the line of its own host.
        request.meta.pop("download_slot", None)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        if not isinstance(exception, IgnoreRequest):
            self.unanswered[urlparse_cached(request).netloc] += 1
            self._empty_queue(request)

    def _exhausted(self, request: Request) -> HostExhausted | None:
        host = urlparse_cached(request).netloc
        begun = self.begun.setdefault(host, self.clock())
        if host in self.resting:
            pause = self.resting[host]
            minutes = max(1, round(pause.total_seconds() / 60))
            return HostExhausted(f"the host asked for a pause of {minutes} min; {_LEFT}", pause)
        if self.unanswered[host] >= _SILENCE:
            wants = "asks for fewer requests" if host in self.refused else "does not answer"
            return HostExhausted(f"the host {wants}; {_LEFT}")
        if self.clock() - begun > self.seconds:
            return HostExhausted(f"the host's time in this run is used up; {_LEFT}")
        return None

    def _empty_queue(self, request: Request) -> None:
        """Refuse what already waits in the downloader for a host that is exhausted."""
        error = self._exhausted(request)
        downloader = self.crawler.engine.downloader
        slot = downloader.slots.get(downloader.get_slot_key(request))
        while error and slot and slot.queue:
            _, waiting = slot.queue.popleft()
            waiting.errback(error)
