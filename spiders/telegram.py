"""Spider of public Telegram channels: their web previews, no account and no app."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import scrapy
from scrapy.http import Response

from monitor.entries import Entry
from monitor.errors import FeedError
from monitor.failures import describe
from monitor.items import Story
from monitor.sources import Source
from monitor.stages import story_from_text
from monitor.store import ledger
from monitor.store.ledger import Listing
from monitor.storyshape import shape_of
from monitor.telegram import Message, as_story, listed, message_of, parse_channel, preview_url
from monitor.urls import canonical_url, same_site
from monitor.workspace import now
from spiders.base import LISTING_PRIORITY, ListingSpider, declared_type

if TYPE_CHECKING:
    from twisted.python.failure import Failure

# A preview shows some twenty messages. When all are new, earlier ones are asked for, so many times at most.
_MOST_BACK = 5


class TelegramSpider(ListingSpider):
    """Reads the channels of each source: messages that link to its stories list them, others are stories themselves."""

    name = "telegram"
    way_in = "Telegram channel"

    def addresses(self, source: Source) -> Sequence[str]:
        return [preview_url(self.settings["TELEGRAM_BASE"], channel) for channel in source.telegram]

    def entries(self, response: Response, source: Source) -> Iterator[scrapy.Request | Sequence[Entry] | timedelta]:
        # A channel read for the first time begins today: its history is not news.
        back = 0 if response.cb_kwargs["state"].whole_at is None else _MOST_BACK
        yield from self._messages(response, source, back)

    def _messages(self, response: Response, source: Source, back: int) -> Iterator[scrapy.Request | Sequence[Entry]]:
        """The entries on one preview page, and a request for the page before when all of them are new."""
        messages = parse_channel(response.body, response.url, declared_type(response))
        found = [entry for message in messages for entry in self._entries(message, source)]
        known = ledger.known(self.workspace.conn, [canonical_url(entry.url) for entry in found])
        yield found
        if messages and back and not known:
            base, first = self.settings["TELEGRAM_BASE"], messages[0]
            yield scrapy.Request(
                preview_url(base, first.channel, first.id),
                callback=self.read_back,
                errback=partial(self.back_failed, source=source),
                priority=LISTING_PRIORITY,
                dont_filter=True,
                cb_kwargs={"source": source, "back": back - 1},
            )

    def _entries(self, message: Message, source: Source) -> Sequence[Entry]:
        own = (source.homepage, *source.feeds, *source.sitemaps, *source.sections)
        stories = listed(
            message, lambda link: shape_of(link).score >= 0 and any(same_site(link, address) for address in own)
        )
        if stories:
            return stories
        entry = as_story(message)
        self.whole[canonical_url(entry.url)] = self._story(message, source.id)
        return [entry]

    def _story(self, message: Message, source: str, recheck: str | None = None) -> Story:
        zone = self.workspace.timezone_of(source)
        return story_from_text(
            as_story(message), message.text, source, fetched_at=now(), timezone=zone, recheck=recheck
        )

    # Earlier messages

    def read_back(self, response: Response, source: Source, back: int) -> Iterator[scrapy.Request | Story]:
        """Note the messages of an earlier page of a channel."""
        try:
            for found in self._messages(response, source, back):
                if isinstance(found, scrapy.Request):
                    yield found
                else:
                    yield from self.page_requests(self.note(found, source))
        except FeedError as error:
            self.count_listing(source, "failed", str(error))

    def back_failed(self, failure: Failure, source: Source) -> None:
        """An earlier page could not be had: some messages may be missing, and that is said."""
        self.count_listing(source, "failed", describe(failure.value))

    # Messages looked at again, or left over from a run that was stopped

    def page_request(self, listing: Listing, waited: bool = False) -> scrapy.Request:
        """A message has no page of its own that could be read: the preview that ends with it is asked for."""
        request = super().page_request(listing, waited)
        message = message_of(listing.url)
        if message is None:
            return request
        channel, number = message
        url = preview_url(self.settings["TELEGRAM_BASE"], channel, number + 1)
        return request.replace(url=url, callback=self.read_message)

    def read_message(self, response: Response, listing: Listing) -> Iterator[Story]:
        """Hand on the message that ``listing`` stands for."""
        self.workspace.count(listing.source, "rechecked" if listing.story_id else "fetched")
        try:
            messages = parse_channel(response.body, response.url)
        except FeedError as error:
            self.settle_missing(listing, str(error))
            return
        message = next((message for message in messages if message.url == listing.fetch_url), None)
        if message is None:
            self.settle_missing(listing, "the message is no longer there")
            return
        yield self._story(message, listing.source, listing.story_id)

    def settle_missing(self, listing: Listing, reason: str) -> None:
        """The message was deleted, or its channel closed."""
        if listing.story_id:
            ledger.rechecked(self.workspace.conn, listing.url, now(), reason)
        else:
            ledger.settle(self.workspace.conn, listing.url, "gone", reason, now())
        self.workspace.count(listing.source, "failed", reason)
