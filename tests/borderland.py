"""An invented border with places along and behind it, and stories of it: for the tests of incidents."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from monitor.analysis.gazetteer import GazetteerPlace
from monitor.analysis.ground import Ground
from monitor.analysis.sightings import Sighting, sighting
from monitor.analysis.topic import Topic
from monitor.incident import Update
from monitor.items import Claim, Story
from monitor.linking import link_stories
from monitor.store.stories import add_story, story_id
from tests.paths import ROOT

NOW = datetime(2031, 5, 20, 12, tzinfo=UTC)
DAY = date(2031, 5, 3)


def place(identifier: str, kind: str, lat: float | None, lon: float | None, **changed: Any) -> GazetteerPlace:
    values: dict[str, Any] = {
        "name": identifier.replace("-", " ").title(), "countries": ("XB",), "admin1": (), "admin2": (),
        "geo_precision": 1, "faces": "", "border": True, "names": {}, "ambiguous": frozenset(), "context": (),
    }  # fmt: skip
    return GazetteerPlace(id=identifier, kind=kind, lat=lat, lon=lon, **{**values, **changed})


# The line runs from west to east; a degree is some 111 kilometres.
PLACES = {
    item.id: item
    for item in (
        place("ostmark", "country", None, None, geo_precision=None, border=False),
        place("the-line", "line", None, None, geo_precision=None, countries=("XA", "XB")),
        place("highmoor", "province", 0.3, 0.5, geo_precision=3, admin1=("Highmoor",)),
        place("east-gate", "crossing", 0.0, 0.0, admin1=("Highmoor",), admin2=("Eastdale",), faces="west-gate"),
        place("west-gate", "crossing", 0.01, 0.4, countries=("XA",), admin1=("Lowland",), admin2=("Westdale",)),
        place("eastdale", "district", 0.05, 0.1, geo_precision=2, admin1=("Highmoor",)),
        place("eastdale-village", "village", 0.05, 0.12, admin1=("Highmoor",), admin2=("Eastdale",)),
        place("far-pass", "pass", 0.0, 2.0, admin1=("Faraway",), admin2=("Passdale",)),
        place("last-ford", "ford", 0.0, 4.0, admin1=("Lastland",), admin2=("Forddale",)),
        place("capital", "city", 1.5, 1.0, admin1=("Central",), border=False),
    )
}  # fmt: skip
GROUND = Ground(PLACES)
TOPIC = replace(Topic.load(ROOT / "tests" / "second_topic"), places=PLACES)


def said(
    count: int, party: str = "ostmark_forces", claimant: str = "veldria", outcome: str = "killed", **changed: Any
) -> Claim:
    """A claim that stands in the text of a ``story``."""
    quote = f"{claimant.title()} said {count} of the {party} were {outcome}."
    values: dict[str, Any] = {
        "claimant": claimant, "speaker": f"{claimant.title()} spokesman", "party": party, "outcome": outcome,
        "what": None, "count_low": count, "count_high": count, "qualifier": "exact", "stance": "claimed",
        "quote": quote, "start": 0, "end": len(quote),
    }  # fmt: skip
    return Claim(**{**values, **changed})


def story(
    name: str,
    *claims: Claim,
    at: Sequence[str] = ("east-gate",),
    day: date | None = DAY,
    minute: int = 0,
    **changed: Any,
) -> Story:
    """A story that reports a clash at places (ids) on a day, published that evening, so many minutes after six."""
    published = datetime(DAY.year, DAY.month, DAY.day, 18, tzinfo=UTC) + timedelta(minutes=minute)
    if day is not None:
        published += day - DAY
    url = f"https://{name}.example/story"
    text = " ".join([*(claim.quote for claim in claims), f"Told by {name} in words of its own."])
    found = [replace(c, start=text.index(c.quote), end=text.index(c.quote) + len(c.quote)) for c in claims]
    values: dict[str, Any] = {
        "source": name, "title": f"Fighting, says {name}", "text": text, "fetched_at": NOW, "language": "en",
        "published_at": published, "published_precision": "minute", "relevance": 0.9, "relevant": True,
        "event_type": "armed_clash", "is_clash": True, "event_date": day, "event_date_end": day,
        "time_precision": "day", "places": [PLACES[p].item() for p in at], "claims": found,
        "actors": ["veldrian-army"], "origin": name,
    }  # fmt: skip
    return Story(url=url, canonical_url=url, id=story_id(url), **{**values, **changed})


def seen(item: Story) -> Sighting:
    """A story as a witness."""
    return sighting(item, GROUND, frozenset())


def put(conn: sqlite3.Connection, stories: Iterable[Story]) -> list[Story]:
    """Store stories."""
    found = list(stories)
    for item in found:
        add_story(conn, item)
    return found


def link(conn: sqlite3.Connection, now: datetime = NOW) -> list[Update]:
    """Link what waits in the store."""
    return link_stories(conn, TOPIC, now)


def incidents_by_source(conn: sqlite3.Connection) -> dict[str, str | None]:
    """The incident of each story, by the name of its outlet."""
    return dict(conn.execute("select source, incident_id from stories").fetchall())
