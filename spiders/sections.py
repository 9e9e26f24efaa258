"""Spider of listing pages: links to new stories, told by structure, for outlets without a feed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import timedelta
from typing import Any

import scrapy
from scrapy.http import Response

from monitor.entries import Entry
from monitor.errors import FeedError
from monitor.items import Story
from monitor.polling import FeedState
from monitor.sections import Section, parse_section
from monitor.sources import Source
from monitor.workers import TaskFailed, TaskLost
from spiders.base import ListingSpider


class SectionsSpider(ListingSpider):
    """Reads the listing pages of each source and follows the links to stories that it has not seen before.

    A listing page is HTML, which can keep a parser busy for ever: workers read it.
    """

    name = "sections"
    way_in = "listing page"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.read: dict[str, Section | FeedError] = {}

    def addresses(self, source: Source) -> Sequence[str]:
        return source.sections

    def entries(self, response: Response, source: Source) -> Iterator[scrapy.Request | Sequence[Entry] | timedelta]:
        section = self.read.pop(response.url)
        if isinstance(section, FeedError):
            raise section
        yield section.entries

    def listing_request(self, url: str, source: Source, depth: int = 0) -> scrapy.Request:
        return super().listing_request(url, source, depth).replace(callback=self.read_page_of_links)

    async def read_page_of_links(
        self, response: Response, source: Source, state: FeedState, depth: int
    ) -> AsyncIterator[scrapy.Request | Story]:
        """Have the document read, then go on with what it lists."""
        if response.status != 304:
            self.read[response.url] = await self._parsed(response)
        for found in self.read_listing(response, source, state, depth):
            yield found
        self.read.pop(response.url, None)

    async def _parsed(self, response: Response) -> Section | FeedError:
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        try:
            return await self.workspace.pool.run(parse_section, response.body, response.url, content_type)
        except TaskLost as error:
            return FeedError(f"{response.url}: reading the page {error}")
        except TaskFailed as error:
            return FeedError(str(error))
