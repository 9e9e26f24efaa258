"""Spider of listing pages: links to new stories, told by structure, for outlets without a feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import scrapy
from scrapy.http import Response

from monitor.entries import Entry
from monitor.sections import Section, parse_section
from monitor.sources import Source
from spiders.base import declared_type
from spiders.documents import DocumentSpider


class SectionsSpider(DocumentSpider):
    """Reads the listing pages of each source and follows the links to stories that it has not seen before."""

    name = "sections"
    way_in = "listing page"

    def addresses(self, source: Source) -> Sequence[str]:
        return source.sections

    def parser(self, response: Response, source: Source) -> tuple[Callable[..., Section], tuple[Any, ...]]:
        return parse_section, (response.body, response.url, declared_type(response))

    def listed(
        self, document: Section, response: Response, source: Source
    ) -> Iterator[scrapy.Request | Sequence[Entry] | timedelta]:
        yield document.entries
