"""Reading stored stories again out of the archive, with the reader of the crawl, in worker processes."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import UTC, tzinfo
from types import TracebackType

from monitor.archive import load_page
from monitor.config import Config
from monitor.errors import NotFound
from monitor.items import Story
from monitor.phrases import many
from monitor.reader import read_page
from monitor.readers import reading_pool
from monitor.workers import TaskFailed


class PageReader:
    """Reads pages of the archive of ``config``; a context that ends the worker processes. Counts what it meets.

    ``missing`` stories have no copy that can be read from the disk, of ``unreadable`` copies nothing could be made.
    """

    def __init__(self, conn: sqlite3.Connection, config: Config, zones: Mapping[str, tzinfo]) -> None:
        self.conn, self.config, self.zones = conn, config, zones
        self.pool = reading_pool(config.seeds, config.workers, config.extract_seconds)
        self.found = self.missing = self.unreadable = 0

    def __enter__(self) -> PageReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pool.close()

    def read(self, portion: Sequence[Story]) -> dict[str, Story]:
        """What the pages of these stories say now, by the id of the story; without those that cannot be read."""
        return asyncio.run(self._read(portion))

    async def _read(self, portion: Sequence[Story]) -> dict[str, Story]:
        read = await asyncio.gather(*(self._read_one(story) for story in portion))
        return {story.id: found for story, found in zip(portion, read, strict=True) if found is not None}

    async def _read_one(self, story: Story) -> Story | None:
        try:
            page = load_page(self.conn, self.config.db, story).as_page(story.source, story.canonical_url)
        except NotFound:
            self.missing += 1
            return None
        page.recheck = story.id  # stored already: all stages are done, whatever comes out
        try:
            found = await self.pool.run(read_page, page, self.config.seeds, self.zones.get(story.source, UTC))
        except TaskFailed:
            found = None
        self.found += found is not None
        self.unreadable += found is None
        return found

    def told(self) -> str:
        """What was met, in words."""
        return (
            f"{many(self.found, 'page')} read again, {many(self.unreadable, 'page')} could not be,"
            f" {many(self.missing, 'story', 'stories')} without a copy"
        )
