"""Spider of sitemaps: plain ones, Google News sitemaps, and indexes of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import scrapy
from scrapy.http import Response

from monitor.entries import Entry
from monitor.sitemaps import Child, Sitemap, parse_sitemap
from monitor.sources import Source
from monitor.workspace import now
from spiders.base import ListingSpider

# An index may point at indexes; deeper than this is a trap.
_MAX_DEPTH = 3
# A sitemap may hold an archive of decades. What is older than its newest entry by more than this is not news …
_NEWS_SPAN = timedelta(days=3)
# … and of what carries no date, so many are looked at, as listed.
_MOST_UNDATED = 100
# Parts of an index that are read in one run, the newest first.
_MOST_CHILDREN = 8


class SitemapsSpider(ListingSpider):
    """Reads the sitemaps of each source, the newest part of each, and follows their entries."""

    name = "sitemaps"
    way_in = "sitemap"

    def addresses(self, source: Source) -> Sequence[str]:
        return source.sitemaps

    def entries(self, response: Response, source: Source) -> Iterator[scrapy.Request | Sequence[Entry] | timedelta]:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        sitemap = parse_sitemap(
            response.body, response.url, content_type, now(), zone=self.workspace.timezone_of(source.id)
        )
        depth = response.cb_kwargs["depth"]
        if depth < _MAX_DEPTH:
            for child in recent_children(sitemap):
                yield self.listing_request(child.url, source, depth + 1)
        yield recent_entries(sitemap)


def recent_children(sitemap: Sitemap) -> list[Child]:
    """The parts of an index that were changed last; those without a date as listed, after the dated ones."""
    oldest = datetime.min.replace(tzinfo=UTC)
    return sorted(sitemap.children, key=lambda child: child.lastmod or oldest, reverse=True)[:_MOST_CHILDREN]


def recent_entries(sitemap: Sitemap) -> list[Entry]:
    """The entries of a sitemap that are news, newest first, then a bounded number of those without a date."""
    dated = [(entry.published_at, entry) for entry in sitemap.entries if entry.published_at is not None]
    undated = [entry for entry in sitemap.entries if entry.published_at is None]
    newest = max((at for at, _ in dated), default=None)
    recent = sorted((at, n) for n, (at, _) in enumerate(dated) if newest and at >= newest - _NEWS_SPAN)
    return [dated[n][1] for _, n in reversed(recent)] + undated[:_MOST_UNDATED]
