"""Stage 1: from a page to a story, in a pool of processes.

The process that reads a page also does what stages 2 to 5 do (``monitor.reader``, the same functions in the same
order), so that all cores work and one process is left to fetch and to store. Those stages then only pass the story on,
or drop it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from monitor.drops import UnreadablePage
from monitor.items import Page, Story
from monitor.reader import read_page
from monitor.workers import TaskFailed, TaskLost
from monitor.workspace import Workspace

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# After so many pages of a source that cost a worker process, no more of its pages are tried in this run.
_PATIENCE = 3


class ExtractPipeline:
    """Turns a Page into a Story; drops pages without article text.

    A page that takes too long or too much memory to read is given up; no other page is touched by that. What came as a
    Story, because no page stands behind it (a message, a report), goes on as it is.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        # A page waits at hand for every worker, so that none of them does.
        self.turns = asyncio.Semaphore(workspace.pool.size * 2)
        self.lost: Counter[str] = Counter()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ExtractPipeline:
        return cls(Workspace.of(crawler))

    async def process_item(self, page: Page | Story) -> Story:
        if isinstance(page, Story):
            return page
        story = await self._read(page)
        if story is None:
            raise UnreadablePage("no article text found")
        self.workspace.count(page.source, "extracted")
        return story

    async def _read(self, page: Page) -> Story | None:
        workspace = self.workspace
        async with self.turns:
            if self.lost[page.source] >= _PATIENCE:
                raise UnreadablePage("not read: too many pages of the source could not be read in this run")
            try:
                zone, config = workspace.timezone_of(page.source), workspace.config
                return await workspace.pool.run(read_page, page, config.seeds, zone, config.archive)
            except TaskLost as error:
                self.lost[page.source] += 1
                raise UnreadablePage(f"reading the page {error}") from None
            except TaskFailed as error:
                raise UnreadablePage(f"the page cannot be read ({error})") from None
