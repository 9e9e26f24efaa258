"""Every page is accounted for: what became of it goes into the ledger and the counts (a Scrapy extension)."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import TYPE_CHECKING

from scrapy import signals

from monitor.drops import DuplicateStory, IrrelevantStory, UnchangedStory, UnreadablePage
from monitor.store import ledger
from monitor.workspace import Workspace, now

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

    from monitor.items import Page, Story

logger = logging.getLogger(__name__)


class Bookkeeping:
    """Listens to what becomes of items. Stored stories are settled by the store pipeline, in their transaction."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @cached_property
    def workspace(self) -> Workspace:
        """What the crawl shares."""
        return Workspace.of(self.crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Bookkeeping:
        books = cls(crawler)
        crawler.signals.connect(books.stored, signal=signals.item_scraped)
        crawler.signals.connect(books.dropped, signal=signals.item_dropped)
        crawler.signals.connect(books.failed, signal=signals.item_error)
        return books

    def stored(self, item: Story) -> None:
        """A story is in the store."""
        workspace = self.workspace
        workspace.count(item.source, "revised" if item.recheck else "stored")
        if not item.recheck:
            workspace.count(item.source, f"language/{item.language}")

    def dropped(self, item: Page, exception: Exception) -> None:
        """A pipeline dropped a page: duplicate, irrelevant, or unreadable."""
        workspace = self.workspace
        if isinstance(exception, DuplicateStory):
            ledger.settle(workspace.conn, item.listing_url, "duplicate", str(exception), now(), exception.story_id)
            workspace.count(item.source, "duplicate")
        elif isinstance(exception, UnchangedStory):
            ledger.rechecked(workspace.conn, item.listing_url, now())
        elif isinstance(exception, IrrelevantStory):
            ledger.settle(workspace.conn, item.listing_url, "irrelevant", str(exception), now())
            workspace.count(item.source, "irrelevant")
        else:
            if isinstance(exception, UnreadablePage):
                workspace.count(item.source, "empty")
            self._failed(item, str(exception))

    def failed(self, item: Page, failure: Failure) -> None:
        """A pipeline raised: one page's fault must not stop the others, but it must be seen."""
        self._failed(item, f"{type(failure.value).__name__}: {failure.value}")

    def _failed(self, item: Page, reason: str) -> None:
        workspace = self.workspace
        if item.recheck:
            ledger.rechecked(workspace.conn, item.listing_url, now())
        else:
            ledger.fail(workspace.conn, item.listing_url, reason, now(), workspace.config.max_attempts)
        workspace.count(item.source, "failed", reason)
        logger.info("%s: %s", item.url, reason)
