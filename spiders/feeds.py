"""Spider of feeds: RSS, Atom, RDF and JSON Feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import scrapy
from scrapy.http import Response

from monitor.entries import Entry, Feed
from monitor.errors import FeedError
from monitor.feeds import parse_feed
from monitor.sources import Source
from monitor.workspace import now
from spiders.base import declared_type
from spiders.documents import DocumentSpider


class FeedsSpider(DocumentSpider):
    """Reads the feeds of each source and follows their entries."""

    name = "feeds"
    way_in = "feed"

    def addresses(self, source: Source) -> Sequence[str]:
        return source.feeds

    def parser(self, response: Response, source: Source) -> tuple[Callable[..., Feed], tuple[Any, ...]]:
        zone = self.workspace.timezone_of(source.id)
        return parse_feed, (response.body, response.url, declared_type(response), now(), zone)

    def listed(
        self, document: Feed, response: Response, source: Source
    ) -> Iterator[scrapy.Request | Sequence[Entry] | timedelta]:
        if document.problem and not document.entries:
            raise FeedError(f"{response.url}: lists nothing: {document.problem}")
        if document.ttl_minutes:
            yield timedelta(minutes=document.ttl_minutes)
        yield document.entries
