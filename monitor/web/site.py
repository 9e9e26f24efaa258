"""What every page needs beside the database: names from the seeds, outlines for the map, health kept for a while."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from datasette.utils import sqlite_timelimit

from monitor.analysis.origins import FILE as AGENCIES
from monitor.analysis.origins import Agency, load_agencies
from monitor.analysis.topic import Topic
from monitor.config import Config
from monitor.errors import SeedsError
from monitor.figures import Names
from monitor.health import Health, judge
from monitor.sources import Source, load_sources
from monitor.store.health import read_history

if TYPE_CHECKING:
    from sqlite3 import Connection

    from datasette.app import Datasette

T = TypeVar("T")

# The name of the database in addresses, whatever its file is called.
DATABASE = "data"
# Seconds a judgement of health is shown before it is made anew; the one before is shown meanwhile.
_FRESH = 60.0
# Milliseconds a query of a page may take.
_PATIENCE = 4000
_BORDERS = "borders.geojson"


@dataclass
class Site:
    """The web page of one database; ``of`` finds the one that belongs to a Datasette."""

    config: Config
    topic: Topic
    sources: Mapping[str, Source]
    borders: Mapping[str, Any]
    agencies: Mapping[str, Agency]
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC), repr=False)
    _health: Health | None = None
    _judged: float = 0.0
    _judging: asyncio.Task[Health] | None = field(default=None, repr=False)

    @classmethod
    def load(cls, config: Config) -> Site:
        """Read the seeds; raises SeedsError naming file, line and field."""
        topic = Topic.load(config.seeds)
        agencies = config.seeds / AGENCIES
        return cls(
            config=config,
            topic=topic,
            sources={source.id: source for source in load_sources(config.seeds / "sources")},
            borders=load_borders(config.seeds / _BORDERS, topic),
            agencies={item.id: item for item in load_agencies(agencies, topic)} if agencies.exists() else {},
        )

    @classmethod
    def of(cls, datasette: Datasette) -> Site:
        """The site that ``monitor serve`` attached to ``datasette``."""
        site: Site = datasette.border_site
        return site

    @property
    def side_names(self) -> list[str]:
        """The names of the two sides of the border, in the order of the topic."""
        return [self.topic.all_sides[side].name for side in self.topic.sides]

    @cached_property
    def names(self) -> Names:
        """The names of those who claim and of those whose losses are counted."""
        return Names.of(self.topic)

    def claimant(self, identifier: str) -> str:
        """The name of one who claims."""
        return self.names.claimant(identifier)

    def actor(self, identifier: str) -> str:
        """The name of an actor."""
        actor = self.topic.actors.get(identifier)
        return actor.name if actor else identifier

    def outlet(self, identifier: str) -> str:
        """The name of an outlet; one that is no longer declared is called by its id."""
        source = self.sources.get(identifier)
        return source.name if source else identifier

    def origin(self, identifier: str) -> str:
        """The name of what a text goes back to: an outlet, an agency, an actor, or a side alone."""
        if identifier in self.topic.all_sides:
            return f"the word of {self.claimant(identifier)}"
        for known in (self.sources, self.agencies, self.topic.actors):
            if identifier in known:
                return str(known[identifier].name)
        return identifier

    async def health(self, datasette: Datasette) -> Health:
        """How crawl, sources and languages are; at most a minute old, but never waited for except the first time."""
        if self._health is not None and time.monotonic() - self._judged < _FRESH:
            return self._health
        if self._judging is None or self._judging.done():
            self._judging = asyncio.create_task(self._judge(datasette))
        return self._health if self._health is not None else await self._judging

    async def _judge(self, datasette: Datasette) -> Health:
        now = self.clock()
        sources = tuple(self.sources.values())
        stale = timedelta(hours=self.config.stale_hours)
        history = await query(datasette, read_history, sources, now)
        self._health = judge(history, sources, now, stale)
        self._judged = time.monotonic()
        return self._health


async def query(datasette: Datasette, ask: Callable[..., T], *values: Any, **named: Any) -> T:
    """The result of ``ask(conn, *values, **named)`` on a read-only connection, within the patience of a page.

    Raises sqlite3.OperationalError ("interrupted") when it takes longer.
    """

    def patient(conn: Connection) -> T:
        with sqlite_timelimit(conn, _PATIENCE):
            return partial(ask, conn, *values, **named)()

    result: T = await datasette.get_database(DATABASE).execute_fn(patient)
    return result


def load_borders(path: Path, topic: Topic) -> Mapping[str, Any]:
    """The outlines to draw on the map, as GeoJSON with the names of the sides; empty where the seeds have none."""
    if not path.exists():
        return {"type": "FeatureCollection", "features": []}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise SeedsError(path, None, None, f"is no JSON: {error}") from error
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise SeedsError(path, None, "type", "must be a GeoJSON FeatureCollection")
    for feature in found["features"]:
        side = topic.side_of_country.get(feature["properties"].get("country", ""))
        if side:
            feature["properties"]["name"] = topic.all_sides[side].name
    return found
