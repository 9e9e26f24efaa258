"""Spider that finds stories through GDELT's index of the world's news; off unless ``discovery.gdelt`` says so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import scrapy
from scrapy.http import Response

from monitor.entries import Entry
from monitor.failures import status_of
from monitor.gdelt import TooManyRequests, article_list_url, build_queries, parse_article_list
from monitor.items import Story
from monitor.polling import FeedState
from monitor.sources import Source
from spiders.searching import SearchSpider

if TYPE_CHECKING:
    from twisted.python.failure import Failure


class GdeltSpider(SearchSpider):
    """Asks one query for each language of the topic, one after the other and none after a refusal."""

    name = "gdelt"
    way_in = "GDELT"
    service = "GDELT"
    homepage = "https://www.gdeltproject.org/"

    def addresses(self, source: Source) -> Sequence[str]:
        return [article_list_url(self.settings["GDELT_URL"], query) for query in build_queries(self.workspace.topic)]

    async def start(self) -> AsyncIterator[scrapy.Request | Story]:
        # One request every five seconds is what the service allows; its robots.txt counts as one.
        host = urlsplit(self.settings["GDELT_URL"]).hostname
        pause = {"concurrency": 1, "delay": self.settings.getfloat("GDELT_PAUSE"), "jitter": 0.0}
        self.crawler.engine.downloader.per_slot_settings[host] = pause
        self.waiting: list[scrapy.Request] = []
        self.refused = False
        async for request in super().start():
            if isinstance(request, scrapy.Request) and "state" in request.cb_kwargs:
                self.waiting.append(request)
            else:
                yield request
        for request in self.next_query():
            yield request

    def next_query(self) -> Iterator[scrapy.Request]:
        """The request for the next query; none when the service has had enough of us in this run."""
        if self.refused and self.waiting:
            self.logger.info("GDELT asks for fewer requests; %d queries wait for the next run", len(self.waiting))
            self.waiting.clear()
        if self.waiting:
            yield self.waiting.pop(0)

    def entries(self, response: Response, source: Source) -> Iterator[scrapy.Request | Sequence[Entry] | timedelta]:
        try:
            yield parse_article_list(response.body, response.url)
        except TooManyRequests:
            self.refused = True
            raise

    def read_listing(
        self, response: Response, source: Source, state: FeedState, depth: int
    ) -> Iterator[scrapy.Request | Story]:
        yield from super().read_listing(response, source, state, depth)
        yield from self.next_query()

    def listing_failed(self, failure: Failure, state: FeedState) -> None:
        super().listing_failed(failure, state)
        self.refused |= status_of(failure.value) == 429
        for request in self.next_query():
            self.crawler.engine.crawl(request)
