"""Taking in archived pages: each goes through the stages of the crawl, as of the time it was fetched."""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.analysis.origins import Origins
from monitor.analysis.screen import Screen
from monitor.archive import keep_page
from monitor.items import Page, Story
from monitor.reader import read_page
from monitor.sources import Source
from monitor.stages import is_unchanged, link_duplicate, revise_story, trace_origin
from monitor.store import ledger, revisions, stories
from monitor.store.database import transaction
from monitor.urls import canonical_url, host_of
from monitor.warc import ArchivedPage, Report, read_pages
from monitor.workers import TaskFailed, WorkerPool

# How pages from archives stand in the ledger; no spider of this name looks at them again.
SPIDER = "backfill"


@dataclass
class BackfillResult:
    """How many pages were read, and what became of them; ``bad`` counts records that could not be read."""

    pages: int = 0
    stored: int = 0
    linked: int = 0
    revised: int = 0
    duplicate: int = 0
    irrelevant: int = 0
    failed: int = 0
    known: int = 0
    bad: int = 0


@dataclass(frozen=True)
class Backfill:
    """What taking in a file needs; ``sources`` are those of the seeds, ``most_bytes`` the largest page accepted.

    ``archive_of`` is the database in whose archive the pages of stored stories are kept, if they are.
    """

    conn: sqlite3.Connection
    seeds: Path
    screen: Screen
    origins: Origins
    pool: WorkerPool
    sources: tuple[Source, ...]
    most_bytes: int
    archive_of: Path | None = None

    def take_in(self, file: Path, report: Report, progress: Callable[[BackfillResult], None]) -> BackfillResult:
        """Take in all pages of the WARC ``file``; ``report`` gets the position and fault of each bad record.

        Each page is one transaction with its entry in the ledger, so a run that was killed goes on where it was: pages
        that the ledger knows are passed over. Raises OSError when the file cannot be opened.
        """
        return asyncio.run(self._take_in(file, report, progress))

    async def _take_in(self, file: Path, report: Report, progress: Callable[[BackfillResult], None]) -> BackfillResult:
        result = BackfillResult()
        names = names_of_hosts(self.sources)
        zones: dict[str, tzinfo] = {source.id: ZoneInfo(source.timezone) for source in self.sources}

        def bad(position: int, fault: str) -> None:
            result.bad += 1
            report(position, fault)

        under_way: deque[tuple[Page, asyncio.Task[Story | None]]] = deque()
        seen: set[str] = set()
        with file.open("rb") as stream:
            for page in self._wanted(read_pages(stream, self.most_bytes, bad), names, seen, result):
                zone = zones.get(page.source, UTC)
                keep = self.archive_of is not None
                task = asyncio.create_task(self.pool.run(read_page, page, self.seeds, zone, keep))
                under_way.append((page, task))
                # A page waits at hand for every worker; results are stored in the order of the file.
                if len(under_way) >= 2 * self.pool.size:
                    await self._finish(*under_way.popleft(), result, report)
                    progress(result)
            while under_way:
                await self._finish(*under_way.popleft(), result, report)
        progress(result)
        return result

    def _wanted(
        self, pages: Iterator[ArchivedPage], names: Mapping[str, str], seen: set[str], result: BackfillResult
    ) -> Iterator[Page]:
        """Those pages that may be relevant and that the ledger does not know."""
        for archived in pages:
            result.pages += 1
            url = canonical_url(archived.url)
            host = host_of(archived.url).removeprefix("www.")
            page = archived.as_page(names.get(host, host), url)
            if page.recheck is None and not self.screen.may_be_relevant(page.body, page.encoding):
                result.irrelevant += 1
            elif self._is_known(page, url, seen):
                result.known += 1
            else:
                seen.add(url)
                yield page

    def _is_known(self, page: Page, url: str, seen: set[str]) -> bool:
        """Whether the page was taken in before; a changed version of one that was, as our archive has them, was not."""
        if page.recheck is not None:
            return revisions.has_page(self.conn, page.recheck, hashlib.sha256(page.body).hexdigest())
        if url in seen or ledger.known(self.conn, [url, page.listing_url]):
            return True
        return stories.find_url(self.conn, url) is not None

    async def _finish(
        self, page: Page, task: asyncio.Task[Story | None], result: BackfillResult, report: Report
    ) -> None:
        """Store what was read, and write down what became of the page."""
        try:
            story = await task
        except TaskFailed as error:
            self._settle(page, "failed", f"reading the page {error}")
            result.failed += 1
            report(-1, f"{page.url}: {error}; skipped")
            return
        if story is not None and self._is_revision(page):
            self._revise(story, result)
        elif story is None:
            self._settle(page, "failed", "no article text found")
            result.failed += 1
        elif not story.relevant:
            self._settle(page, "irrelevant", f"relevance {story.relevance:.2f} is below the threshold")
            result.irrelevant += 1
        elif (same := stories.find_same(self.conn, story)) is not None:
            self._settle(page, "duplicate", f"is story {same} again", same)
            result.duplicate += 1
        else:
            link_duplicate(story, self.conn)
            trace_origin(story, self.conn, self.origins)
            with transaction(self.conn):
                self._settle(page, "stored", None, stories.add_story(self.conn, story))
                self._keep(story)
            result.stored += 1
            result.linked += story.duplicate_of is not None

    def _is_revision(self, page: Page) -> bool:
        """Whether the page is a changed version of a stored one of the same host: a file may say what it likes."""
        old = stories.load_story(self.conn, page.recheck) if page.recheck is not None else None
        return old is not None and host_of(old.url) == host_of(page.url)

    def _revise(self, story: Story, result: BackfillResult) -> None:
        """Put a changed version in the place of the one that was taken in before."""
        if is_unchanged(story, self.conn):
            result.duplicate += 1
            return
        with transaction(self.conn):
            revise_story(story, self.conn, story.fetched_at)
            self._keep(story)
        result.revised += 1

    def _keep(self, story: Story) -> None:
        if self.archive_of is not None:
            keep_page(self.conn, self.archive_of, story)

    def _settle(self, page: Page, state: ledger.State, reason: str | None, story: str | None = None) -> None:
        listing = ledger.Listing(page.listing_url, page.url, page.source, SPIDER)
        ledger.settle_archived(self.conn, listing, state, reason, datetime.now(UTC), story)


def names_of_hosts(sources: tuple[Source, ...]) -> dict[str, str]:
    """Host -> id of the source whose home page or feed is there, where that is one source only."""
    found: dict[str, set[str]] = {}
    for source in sources:
        for url in (source.homepage, *source.feeds, *source.sitemaps):
            found.setdefault(host_of(url).removeprefix("www."), set()).add(source.id)
    return {host: ids.pop() for host, ids in found.items() if host and len(ids) == 1}
