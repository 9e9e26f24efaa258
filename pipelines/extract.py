"""Stage 1: from a page to a story, in a pool of processes; pages that cannot be relevant are not paid for."""

from __future__ import annotations

import asyncio
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING

from monitor.drops import IrrelevantStory, UnreadablePage
from monitor.extract import Extracted, extract_bounded
from monitor.items import Page, Story
from monitor.stages import story_from_page
from monitor.workspace import Workspace, worker_pool

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class ExtractPipeline:
    """Turns a Page into a Story; drops pages that cannot be relevant and pages without article text.

    What came as a Story, because no page stands behind it (a message, a report), goes on as it is.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.pool: ProcessPoolExecutor | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ExtractPipeline:
        return cls(Workspace.of(crawler))

    async def process_item(self, page: Page | Story) -> Story:
        if isinstance(page, Story):
            return page
        self._start_pool()
        if page.recheck is None and not self.workspace.screen.may_be_relevant(page.body, page.encoding):
            raise IrrelevantStory("no word of the topic on the page")
        extracted = await self._extract(page)
        if extracted is None:
            raise UnreadablePage("no article text found")
        self.workspace.count(page.source, "extracted")
        return story_from_page(page, extracted, self.workspace.timezone_of(page.source))

    def _start_pool(self) -> ProcessPoolExecutor:
        """The pool, begun with the first page of a crawl: its processes start while pages are still on their way."""
        if self.pool is None:
            self.pool = worker_pool(self.workspace.config.workers)
            self.pool.submit(extract_bounded, b"", "")
        return self.pool

    async def _extract(self, page: Page) -> Extracted | None:
        for last in (False, True):
            pool = self._start_pool()
            try:
                return await asyncio.get_running_loop().run_in_executor(
                    pool, extract_bounded, page.body, page.url, page.encoding
                )
            except BrokenProcessPool:
                # A worker was killed: by this page, which took too long or too much memory, or by another one in
                # flight. So every page in flight is given a second try, in a new pool.
                if self.pool is pool:
                    self.pool = None
                    pool.shutdown(wait=False)
                if last:
                    raise UnreadablePage("extraction took too long or too much memory") from None
        raise AssertionError("unreachable")

    def close_spider(self) -> None:
        if self.pool:
            self.pool.shutdown(wait=True, cancel_futures=True)
