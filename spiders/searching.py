"""What the spiders share that look for stories elsewhere than at their sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from monitor.entries import Entry
from monitor.owners import find_owner
from monitor.sources import Source
from monitor.store.ledger import Listing
from spiders.base import ListingSpider


class SearchSpider(ListingSpider):
    """A spider that asks one service; what it finds counts for the outlet that published it, if that is declared.

    What no declared outlet published counts for the service itself, under the spider's name. Outlets that are switched
    off are left alone, whoever points at them.
    """

    service: ClassVar[str]
    homepage: ClassVar[str]

    def chosen(self) -> list[Source]:
        own = Source(
            id=self.name,
            name=self.service,
            country="ZZ",
            languages=(),
            homepage=self.homepage,
            affiliation="international",
        )
        return [self.workspace.sources.setdefault(self.name, own)]

    def left_over(self, sources: Sequence[str]) -> list[Listing]:
        return super().left_over(list(self.workspace.sources))

    def owner_of(self, entry: Entry, source: Source) -> Source | None:
        """The source that a story counts for; None when it is to be left alone."""
        owner = find_owner(entry.url, self.workspace.sources.values()) or source
        return owner if owner.enabled else None

    def note(self, entries: Sequence[Entry], source: Source) -> list[Listing]:
        """As for any spider, for each outlet on its own; the search has found that what it lists matches."""
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            owner = self.owner_of(entry, source)
            if owner is None:
                self.crawler.stats.inc_value(f"search/{self.name}/switched_off")
            else:
                found[owner.id].append(entry)
        listings = []
        for name, group in found.items():
            listings += super().note(group, replace(self.workspace.sources[name], fetch="all"))
        return listings
