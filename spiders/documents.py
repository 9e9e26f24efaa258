"""What the spiders of feeds, sitemaps and listing pages share: worker processes parse the documents."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import scrapy
from scrapy.http import Response

from monitor.entries import Entry
from monitor.errors import FeedError
from monitor.items import Story
from monitor.polling import FeedState
from monitor.sources import Source
from monitor.workers import TaskFailed, TaskLost
from spiders.base import ListingSpider


class DocumentSpider(ListingSpider):
    """Has every document that changed parsed by a worker, which may die of it, while others are fetched."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parsed: dict[tuple[str, str], Any] = {}

    @abstractmethod
    def parser(self, response: Response, source: Source) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """The function that parses a document of ``source``, and its arguments; all of it must pickle."""

    @abstractmethod
    def listed(
        self, document: Any, response: Response, source: Source
    ) -> Iterator[scrapy.Request | Sequence[Entry] | timedelta]:
        """What the parsed ``document`` lists, as ``entries`` gives it."""

    def entries(self, response: Response, source: Source) -> Iterator[scrapy.Request | Sequence[Entry] | timedelta]:
        document = self.parsed.pop((source.id, response.url))
        if isinstance(document, FeedError):
            raise document
        yield from self.listed(document, response, source)

    def listing_request(self, url: str, source: Source, depth: int = 0) -> scrapy.Request:
        return super().listing_request(url, source, depth).replace(callback=self.read_document)

    async def read_document(
        self, response: Response, source: Source, state: FeedState, depth: int
    ) -> AsyncIterator[scrapy.Request | Story]:
        """Have the document parsed unless it is the one of last time, then go on with what it lists."""
        if response.status != 304 and not self.is_unchanged(response, state):
            self.parsed[source.id, response.url] = await self._parsed(response, source)
        for found in self.read_listing(response, source, state, depth):
            yield found

    async def _parsed(self, response: Response, source: Source) -> Any:
        function, args = self.parser(response, source)
        try:
            return await self.workspace.pool.run(function, *args)
        except TaskLost as error:
            return FeedError(f"{response.url}: reading it {error}")
        except TaskFailed as error:
            said = str(error)
            return FeedError(said if said.startswith(response.url) else f"{response.url}: cannot be read ({said})")
