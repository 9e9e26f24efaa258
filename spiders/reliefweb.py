"""Spider of ReliefWeb's reports; off until ``discovery.reliefweb_appname`` names an approved application."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import scrapy
from scrapy.http import Response

from monitor.entries import Entry
from monitor.errors import ConfigError
from monitor.reliefweb import country_codes, parse_reports, reports_url
from monitor.sources import Source
from monitor.stages import story_from_text
from monitor.store import ledger
from monitor.store.ledger import Listing
from monitor.urls import canonical_url
from monitor.workspace import now
from spiders.searching import SearchSpider


class ReliefwebSpider(SearchSpider):
    """Asks for the newest reports about the countries of the topic; the answer holds their text."""

    name = "reliefweb"
    way_in = "ReliefWeb"
    service = "ReliefWeb"
    homepage = "https://reliefweb.int/"

    def chosen(self) -> list[Source]:
        if not self.workspace.config.reliefweb_appname:
            raise ConfigError("discovery.reliefweb_appname: names no application; ReliefWeb answers approved ones only")
        if not country_codes(self.workspace.topic):
            raise ConfigError("reliefweb: no side of the topic has a country that ReliefWeb knows")
        return super().chosen()

    def addresses(self, source: Source) -> Sequence[str]:
        appname, countries = self.workspace.config.reliefweb_appname, country_codes(self.workspace.topic)
        return [reports_url(self.settings["RELIEFWEB_URL"], appname, countries)]

    def listing_request(self, url: str, source: Source, depth: int = 0) -> scrapy.Request:
        """The request for the reports; a refusal is read, for it says why."""
        request = super().listing_request(url, source, depth)
        return request.replace(meta={**request.meta, "handle_httpstatus_list": [304, 400, 403, 410]})

    def entries(self, response: Response, source: Source) -> Iterator[scrapy.Request | Sequence[Entry] | timedelta]:
        reports = parse_reports(response.body, response.url)
        for report in reports:
            owner = self.owner_of(report.entry, source)
            if owner is not None:
                zone = self.workspace.timezone_of(owner.id)
                story = story_from_text(report.entry, report.text, owner.id, fetched_at=now(), timezone=zone)
                self.whole[canonical_url(report.entry.url)] = story
        yield [report.entry for report in reports]

    def left_over(self, sources: Sequence[str]) -> list[Listing]:
        """Pages that an earlier run left. Stored reports are not looked at again: they came without their page."""
        conn, most = self.workspace.conn, self.workspace.config.max_pages
        return [one for source in self.workspace.sources for one in ledger.due(conn, source, self.name, now(), most)]
