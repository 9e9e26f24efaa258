"""Spider of listing pages: links to new stories, told by structure, for outlets without a feed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import scrapy
from scrapy.http import Response

from monitor.entries import Entry
from monitor.sections import parse_section
from monitor.sources import Source
from spiders.base import ListingSpider


class SectionsSpider(ListingSpider):
    """Reads the listing pages of each source and follows the links to stories that it has not seen before."""

    name = "sections"
    way_in = "listing page"

    def addresses(self, source: Source) -> Sequence[str]:
        return source.sections

    def entries(self, response: Response, source: Source) -> Iterator[scrapy.Request | Sequence[Entry] | timedelta]:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        yield parse_section(response.body, response.url, content_type).entries
