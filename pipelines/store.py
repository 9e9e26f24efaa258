"""Stage 7: the story, what hangs on it, and its page in archive and ledger are stored in one transaction."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from monitor.archive import keep_page
from monitor.drops import DuplicateStory
from monitor.items import Story
from monitor.stages import revise_story
from monitor.store import ledger, stories
from monitor.store.database import transaction
from monitor.workspace import Workspace

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class StorePipeline:
    """Stores a story, or the new state of a stored one; the UNIQUE index on its canonical URL is the final judge."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        return cls(Workspace.of(crawler))

    def process_item(self, story: Story) -> Story:
        conn = self.workspace.conn
        if story.recheck is not None:
            with transaction(conn):
                story.revision = revise_story(story, conn, story.fetched_at)
                keep_page(conn, self.workspace.config.db, story)
                ledger.rechecked(conn, story.listing_url, story.fetched_at)
            return story
        try:
            with transaction(conn):
                identifier = stories.add_story(conn, story)
                keep_page(conn, self.workspace.config.db, story)
                ledger.store_page(conn, story.listing_url, identifier, story.fetched_at)
        except sqlite3.IntegrityError as error:
            same = stories.find_same(conn, story)
            if same is None:
                raise
            raise DuplicateStory(f"is story {same} again", same) from error
        return story
