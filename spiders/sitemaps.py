"""Spider of sitemaps: plain ones, Google News sitemaps, and indexes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import scrapy
from scrapy.http import Response

from monitor.entries import Entry
from monitor.errors import FeedError
from monitor.sitemaps import Sitemap, parse_sitemap, recent_children, recent_entries
from monitor.sources import Source
from monitor.workspace import now
from spiders.base import declared_type
from spiders.documents import DocumentSpider

# An index may point at indexes; deeper than this, or more parts of a source in one run, is a trap.
_MAX_DEPTH = 3
_MOST_PARTS = 25
# Of a sitemap without any date (it may be an archive of decades) so many entries are looked at, as listed.
_MOST_UNDATED = 100


class SitemapsSpider(DocumentSpider):
    """Reads the sitemaps of each source, the newest part of each, and follows their entries."""

    name = "sitemaps"
    way_in = "sitemap"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts: Counter[str] = Counter()

    def addresses(self, source: Source) -> Sequence[str]:
        return source.sitemaps

    def parser(self, response: Response, source: Source) -> tuple[Callable[..., Sitemap], tuple[Any, ...]]:
        zone = self.workspace.timezone_of(source.id)
        return parse_sitemap, (response.body, response.url, declared_type(response), now(), zone)

    def listed(
        self, document: Sitemap, response: Response, source: Source
    ) -> Iterator[scrapy.Request | Sequence[Entry] | timedelta]:
        if document.problem and not (document.entries or document.children):
            raise FeedError(f"{response.url}: lists nothing: {document.problem}")
        depth = response.cb_kwargs["depth"]
        for child in recent_children(document):
            if depth < _MAX_DEPTH and self.parts[source.id] < _MOST_PARTS:
                self.parts[source.id] += 1
                yield self.listing_request(child.url, source, depth + 1)
        dated = any(entry.published_at or entry.modified_at for entry in document.entries)
        yield recent_entries(document) if dated else recent_entries(document, _MOST_UNDATED)
