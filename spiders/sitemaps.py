"""Spider of sitemaps: plain ones, Google News sitemaps, and indexes of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import scrapy
from scrapy.http import Response

from monitor.feeds import Entry
from monitor.sitemaps import parse_sitemap, recent_children, recent_entries
from monitor.sources import Source
from spiders.base import ListingSpider

# An index may point at indexes; deeper than this is a trap.
_MAX_DEPTH = 3


class SitemapsSpider(ListingSpider):
    """Reads the sitemaps of each source, the newest part of each, and follows their entries."""

    name = "sitemaps"
    way_in = "sitemap"

    def addresses(self, source: Source) -> Sequence[str]:
        return source.sitemaps

    def entries(self, response: Response, source: Source) -> Iterator[scrapy.Request | Sequence[Entry]]:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        sitemap = parse_sitemap(response.body, response.url, content_type)
        depth = response.cb_kwargs["depth"]
        if depth < _MAX_DEPTH:
            for child in recent_children(sitemap):
                yield self.listing_request(child.url, source, depth + 1)
        yield recent_entries(sitemap)
