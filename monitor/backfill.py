"""Taking in archived pages: each goes through the stages of the crawl, as of the time it was fetched."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.analysis.origins import Origins
from monitor.analysis.screen import Screen
from monitor.items import Page, Story
from monitor.reader import read_page
from monitor.sources import Source
from monitor.stages import link_duplicate, trace_origin
from monitor.store import ledger, stories
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
    duplicate: int = 0
    irrelevant: int = 0
    failed: int = 0
    known: int = 0
    bad: int = 0


@dataclass(frozen=True)
class Backfill:
    """What taking in a file needs; ``sources`` are those of the seeds, ``most_bytes`` the largest page accepted."""

    conn: sqlite3.Connection
    seeds: Path
    screen: Screen
    origins: Origins
    pool: WorkerPool
    sources: tuple[Source, ...]
    most_bytes: int

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
                task = asyncio.create_task(self.pool.run(read_page, page, self.seeds, zone))
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
            if not self.screen.may_be_relevant(archived.body, archived.encoding):
                result.irrelevant += 1
            elif url in seen or ledger.known(self.conn, [url]) or stories.find_url(self.conn, url) is not None:
                result.known += 1
            else:
                seen.add(url)
                host = host_of(archived.url).removeprefix("www.")
                yield Page(
                    url=archived.url,
                    source=names.get(host, host),
                    body=archived.body,
                    fetched_at=archived.fetched_at,
                    encoding=archived.encoding,
                    listing_url=url,
                )

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
        if story is None:
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
            result.stored += 1
            result.linked += story.duplicate_of is not None

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
