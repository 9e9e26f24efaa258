"""What the spiders share: from a document that lists links to pages, with every outcome in the ledger."""

from __future__ import annotations

import asyncio
import hashlib
import random
from abc import abstractmethod
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar

import scrapy
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from w3lib.encoding import http_content_type_encoding

from monitor.drops import RobotsForbidden, RobotsUnreachable
from monitor.entries import Entry
from monitor.errors import FeedError, MonitorError
from monitor.failures import describe, retry_after, status_of
from monitor.guard import is_loopback
from monitor.items import Page, Story
from monitor.pagekind import EMPTY, refusal
from monitor.patience import SHORT_WAIT, HostExhausted
from monitor.polling import FeedState, Polled, after_poll, asked_pause, conditions, is_due
from monitor.sources import Source
from monitor.store import collection, ledger
from monitor.store.ledger import Listing
from monitor.urls import canonical_url, is_fetchable
from monitor.workspace import Workspace, now

if TYPE_CHECKING:
    from twisted.python.failure import Failure

# Documents that list links are few and tell what to fetch: they go first.
LISTING_PRIORITY = 10
# Stories seen before are looked at again when nothing new is left to fetch, within this share of a source's budget.
_RECHECK_PRIORITY = -10
_RECHECK_SHARE = 0.1
_GONE = {404, 410}


class ListingSpider(scrapy.Spider):
    """A spider that reads documents listing links (feeds, sitemaps …) and follows the links to pages.

    ``sources`` is a list of source ids separated by commas; empty means all that the spider has a way into.
    ``all`` (any text) polls what is not due as well.
    """

    way_in: ClassVar[str]

    def __init__(self, sources: str = "", all: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.wanted = sources
        self.poll_all = bool(all)
        self.asked: Counter[str] = Counter()
        # Stories that a listing document holds whole (messages, reports), by their key in the ledger.
        self.whole: dict[str, Story] = {}

    @cached_property
    def workspace(self) -> Workspace:
        """What the crawl shares."""
        return Workspace.of(self.crawler)

    @abstractmethod
    def addresses(self, source: Source) -> Sequence[str]:
        """The documents of ``source`` that this spider reads."""

    @abstractmethod
    def entries(self, response: Response, source: Source) -> Iterator[scrapy.Request | Sequence[Entry] | timedelta]:
        """Yield the entries a document lists, requests for further such documents, and the pause it asks for.

        Raises FeedError when the document is not what it should be.
        """

    async def start(self) -> AsyncIterator[scrapy.Request | Story]:
        try:
            sources = self.chosen()
        except MonitorError as error:
            self.logger.error("%s", error)
            raise CloseSpider("wrong usage") from error
        collection.note_sources(self.workspace.conn, [(source.id, source.name) for source in sources], now())
        # Looked up before anything is asked for: what this run lists is not left over from an earlier one.
        waiting = self.left_over([source.id for source in sources])
        for source in sources:
            for address in self.addresses(source):
                if self.is_due(address, source):
                    self.workspace.expect_pages()
                    yield self.listing_request(address, source)
        for request in self.page_requests(waiting):
            yield request

    def chosen(self) -> list[Source]:
        """The sources whose documents are read in this run; raises MonitorError for one that cannot be."""
        return [source for source in self.workspace.chosen(self.wanted) if self.addresses(source)]

    def left_over(self, sources: Sequence[str]) -> list[Listing]:
        """Pages of ``sources`` (ids) that an earlier run left to be fetched, or stored and wants looked at again."""
        conn, most = self.workspace.conn, self.workspace.config.max_pages
        waiting = [listing for source in sources for listing in ledger.due(conn, source, self.name, now(), most)]
        again = max(1, int(most * _RECHECK_SHARE))
        return waiting + [
            listing for source in sources for listing in ledger.young(conn, source, self.name, now(), again)
        ]

    # Documents that list links

    def is_due(self, address: str, source: Source) -> bool:
        """Whether it is time to ask for a listing document. On this very machine it always is."""
        if self.poll_all or (is_loopback(address) and self.settings.getbool("ALLOW_PRIVATE_HOSTS")):
            return True
        return is_due(collection.feed_state(self.workspace.conn, address, source.id), now())

    def listing_request(self, url: str, source: Source, depth: int = 0) -> scrapy.Request:
        """The request for a listing document, conditional on its having changed since it was last read."""
        state = collection.feed_state(self.workspace.conn, url, source.id)
        return scrapy.Request(
            url,
            callback=self.read_listing,
            errback=partial(self.listing_failed, state=state),
            headers=conditions(state, now()),
            priority=LISTING_PRIORITY,
            dont_filter=True,
            cb_kwargs={"source": source, "state": state, "depth": depth},
            meta={"handle_httpstatus_list": [304]},
        )

    def read_listing(
        self, response: Response, source: Source, state: FeedState, depth: int
    ) -> Iterator[scrapy.Request | Story]:
        """Note what the document lists, then ask for the pages not seen before."""
        headers = {str(name).lower(): str(value) for name, value in response.headers.to_unicode_dict().items()}
        self.count_listing(source, "read")
        conditional = response.request and {b"If-None-Match", b"If-Modified-Since"} & set(response.request.headers)
        if (response.status == 304 and conditional) or self.is_unchanged(response, state):
            self._remember(state, Polled(response.status, asked=asked_pause(headers, None, now())))
            return
        listed, fresh, index, asked = 0, 0, False, None
        try:
            for found in self._read(response, source):
                if isinstance(found, scrapy.Request):
                    index = True
                    yield found
                elif isinstance(found, timedelta):
                    asked = found
                else:
                    new = self.note(found, source)
                    listed, fresh = listed + len(found), fresh + len(new)
                    yield from self.page_requests(new)
        except FeedError as error:
            self.count_listing(source, "failed", str(error))
            self._remember(state, Polled(response.status, problem=str(error)))
            return
        asked = max(filter(None, (asked, asked_pause(headers, None, now()))), default=None)
        self._remember(
            state,
            Polled(
                response.status,
                headers.get("etag"),
                headers.get("last-modified"),
                _digest(response),
                entries=listed,
                fresh=fresh,
                asked=asked,
                index=index,
            ),
        )

    def is_unchanged(self, response: Response, state: FeedState) -> bool:
        """Whether the document is the very one that was read last time."""
        return state.problem is None and state.body_sha256 == _digest(response)

    def _read(self, response: Response, source: Source) -> Iterator[scrapy.Request | Sequence[Entry] | timedelta]:
        """``entries``, with every error a FeedError: a document that no reader was ready for costs only itself."""
        if response.status == 304:
            raise FeedError(f"{response.url}: is said not to have changed (304), but was never sent")
        try:
            yield from self.entries(response, source)
        except FeedError:
            raise
        except Exception as error:
            self.logger.exception("%s cannot be read; please report this", response.url)
            raise FeedError(f"{response.url}: cannot be read ({type(error).__name__}: {error})"[:500]) from error

    def _remember(self, state: FeedState, polled: Polled) -> None:
        collection.save_feed(self.workspace.conn, after_poll(state, polled, now(), random.uniform(-1, 1)))

    def listing_failed(self, failure: Failure, state: FeedState) -> None:
        """A listing document could not be had: remember why, so that the source's silence is explained."""
        reason = describe(failure.value)
        self.count_listing(self.workspace.sources[state.source], "failed", reason)
        wait = retry_after(failure.value)
        self._remember(state, Polled(status_of(failure.value), problem=reason, wait=wait))
        self.logger.info("%s: %s", state.url, reason)

    def count_listing(self, source: Source, outcome: str, reason: str | None = None) -> None:
        """Count a listing document of ``source`` as read or failed."""
        self.crawler.stats.inc_value(f"listing/{outcome}")
        if reason:
            self.workspace.count(source.id, "failed", f"{self.way_in}: {reason}")
            self.crawler.stats.inc_value(f"listing/reason/{reason}/{source.id}")

    def note(self, entries: Sequence[Entry], source: Source) -> list[Listing]:
        """Write the entries into the ledger; return those to fetch: never seen before, matching if so asked."""
        listings = [
            Listing(
                url=canonical_url(entry.url),
                fetch_url=entry.url,
                source=source.id,
                spider=self.name,
                title=entry.title or None,
                summary=entry.summary or None,
                published_at=entry.published_at,
                published_precision=entry.published_precision,
            )
            for entry in entries
            if is_fetchable(entry.url)
        ]
        fresh = ledger.note(self.workspace.conn, listings, now())
        for _ in fresh:
            self.workspace.count(source.id, "listed")
        if source.fetch == "matching":
            matching = [listing for listing in fresh if self.workspace.mentions_topic(listing.title, listing.summary)]
            for listing in fresh:
                if listing not in matching:
                    reason = "neither title nor summary mentions the topic"
                    ledger.settle(self.workspace.conn, listing.url, "irrelevant", reason, now())
                    self.workspace.count(source.id, "irrelevant")
            return matching
        return fresh

    # Pages

    def page_requests(self, listings: Sequence[Listing]) -> Iterator[scrapy.Request | Story]:
        """Requests for the pages of ``listings``, within the source's budget for this run; the rest waits."""
        for listing in listings:
            if self.asked[listing.source] >= self.workspace.config.max_pages:
                return
            self.asked[listing.source] += 1
            story = self.whole.pop(listing.url, None)
            if story is not None:
                story.recheck = listing.story_id
                self.workspace.count(listing.source, "rechecked" if listing.story_id else "fetched")
            yield story or self.page_request(listing)

    def page_request(self, listing: Listing, waited: bool = False) -> scrapy.Request:
        """The request for one page; ``waited`` once its server has asked for a pause and been given it."""
        return scrapy.Request(
            listing.fetch_url,
            callback=self.read_page,
            errback=partial(self.page_failed, listing=listing, waited=waited),
            dont_filter=True,
            cb_kwargs={"listing": listing},
            priority=_RECHECK_PRIORITY if listing.story_id else 0,
        )

    def read_page(self, response: Response, listing: Listing) -> Iterator[Page]:
        """Hand the page to the pipelines, unless a look at its bytes shows that no story of the topic can be on it."""
        self.workspace.count(listing.source, "rechecked" if listing.story_id else "fetched")
        content_type = declared_type(response)
        reason = refusal(response.body, content_type)
        if reason and not listing.story_id:
            # What is empty today may be a page tomorrow, a picture will not.
            attempts = self.workspace.config.max_attempts if reason == EMPTY else 1
            ledger.fail(self.workspace.conn, listing.url, reason, now(), attempts)
            self.workspace.count(listing.source, "failed", reason)
            return
        encoding = http_content_type_encoding(content_type)
        if not listing.story_id and not self.workspace.screen.may_be_relevant(response.body, encoding):
            self.workspace.unread.note(listing.url, now())
            self.workspace.count(listing.source, "irrelevant")
            return
        yield Page(
            url=response.url,
            source=listing.source,
            body=response.body,
            fetched_at=now(),
            encoding=encoding,
            listing_url=listing.url,
            recheck=listing.story_id,
            feed_title=listing.title,
            feed_summary=listing.summary,
            feed_published_at=listing.published_at,
            feed_published_precision=listing.published_precision,
        )

    async def page_failed(self, failure: Failure, listing: Listing, waited: bool) -> AsyncIterator[scrapy.Request]:
        """A page could not be had: gone for good, forbidden, to be waited for, or to be tried again."""
        reason = describe(failure.value)
        wait = retry_after(failure.value)
        if listing.story_id:
            gone = reason if (status_of(failure.value) or 0) in _GONE else None
            ledger.rechecked(self.workspace.conn, listing.url, now(), gone)
        elif isinstance(failure.value, (RobotsUnreachable, HostExhausted)):
            # What waits for a host that cannot be reached must not take the turn of other pages in every run.
            pause = getattr(failure.value, "pause", ledger.UNREACHABLE_AGAIN)
            ledger.postpone(self.workspace.conn, listing.url, reason, now(), pause)
        elif isinstance(failure.value, RobotsForbidden):
            ledger.settle(self.workspace.conn, listing.url, "forbidden", reason, now())
        elif (status_of(failure.value) or 0) in _GONE:
            ledger.settle(self.workspace.conn, listing.url, "gone", reason, now())
        elif wait is not None and wait <= SHORT_WAIT and not waited:
            await asyncio.sleep(wait.total_seconds())
            yield self.page_request(listing, waited=True)
            return
        else:
            ledger.fail(self.workspace.conn, listing.url, reason, now(), self.workspace.config.max_attempts, wait)
        self.workspace.count(listing.source, "failed", reason)
        if not isinstance(failure.value, HostExhausted):
            self.workspace.count(listing.source, "unfetched")
        self.logger.info("%s: %s", listing.fetch_url, reason)


def declared_type(response: Response) -> str:
    """What the server calls what it sent; "" when it says nothing."""
    return (response.headers.get("Content-Type") or b"").decode("latin-1")


def _digest(response: Response) -> str:
    return hashlib.sha256(response.body).hexdigest()
