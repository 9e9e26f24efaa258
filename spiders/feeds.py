"""Spider of feeds: RSS, Atom, RDF and JSON Feed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import scrapy
from scrapy.http import Response

from monitor.entries import Entry
from monitor.errors import FeedError
from monitor.feeds import parse_feed
from monitor.sources import Source
from monitor.workspace import now
from spiders.base import ListingSpider


class FeedsSpider(ListingSpider):
    """Reads the feeds of each source and follows their entries."""

    name = "feeds"
    way_in = "feed"

    def addresses(self, source: Source) -> Sequence[str]:
        return source.feeds

    def entries(self, response: Response, source: Source) -> Iterator[scrapy.Request | Sequence[Entry] | timedelta]:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        feed = parse_feed(response.body, response.url, content_type, now(), zone=self.workspace.timezone_of(source.id))
        if feed.problem and not feed.entries:
            raise FeedError(f"{response.url}: lists nothing: {feed.problem}")
        if feed.ttl_minutes:
            yield timedelta(minutes=feed.ttl_minutes)
        yield feed.entries
