"""A small database for tests of the web page, made without a crawl: stories, an incident, a run; and a client for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from monitor.config import Config, load_config
from monitor.incident import Change, Fatalities, Figure, Incident, LedgerLine
from monitor.items import Claim, Keyword, Place, Story
from monitor.store import incidents
from monitor.store.database import open_store, transaction
from monitor.store.stories import add_story
from monitor.web.gate import Gate
from monitor.web.server import build_app
from tests.paths import ROOT

NOW = datetime(2025, 10, 13, 12, 0, tzinfo=UTC)
ENGLISH = "Guards fought at the crossing.\nThe army said 23 soldiers were killed. Nobody else was seen."
URDU = "سرحد پر لڑائی ہوئی۔\nترجمان نے کہا کہ 58 اہلکار ہلاک ہوئے۔"


def story(number: int, **changed: Any) -> Story:
    """A story that reports a clash."""
    url = f"https://gazette.example/news/{number}"
    text = changed.get("text", ENGLISH)
    sentence = text.split("\n")[-1].split(". ")[0]
    start = text.index(sentence)
    values: dict[str, Any] = {
        "url": url,
        "canonical_url": url,
        "source": "gazette",
        "title": f"Fighting at the crossing, report {number}",
        "text": text,
        "fetched_at": NOW,
        "language": "en",
        "published_at": NOW - timedelta(hours=20 - number % 12),
        "published_precision": "minute",
        "relevance": 0.9,
        "relevant": True,
        "event_type": "armed_clash",
        "is_clash": True,
        "event_date": date(2025, 10, 12),
        "key_points": [text.split("\n")[0]],
        "keywords": [Keyword("clash", "event", 2)],
        "places": [Place("Ghara Pass", "Somewhere", "PK", 34.1, 71.1, 1, "ghara")],
        "actors": ["somebody"],
        "claims": [
            Claim(
                "other", "the army", "militants", "killed", None, 23, 23, "exact", "claimed", sentence,
                start, start + len(sentence),
            )
        ],
    }  # fmt: skip
    return Story(**{**values, **changed})


def incident(identifier: str, stories: Sequence[Story], sides: Sequence[str], **changed: Any) -> Incident:
    """An incident in which the two ``sides`` claim different things; ``claimed`` changes the figures' fields."""
    first = stories[0]

    def figure(count: int, **values: Any) -> Figure:
        told = {
            "speaker": "a spokesman", "quote": first.claims[0].quote, "story": first.id, "source": first.source,
            "url": first.url, "language": first.language, **changed.get("claimed", {}), **values,
        }  # fmt: skip
        return Figure(count, count, "exact", "claimed", start=0, end=9, reported_at=NOW, origins=("gazette",), **told)

    lines = (
        LedgerLine(
            sides[0], "militants", "killed", None, figure(58), (figure(40), figure(58)), (figure(0),), (sides[1],)
        ),
        LedgerLine(sides[1], "militants", "killed", None, figure(23), (figure(23),), (), (sides[0],)),
        LedgerLine("other", "unknown", "captured", "posts", figure(3), (figure(3),)),
    )
    values: dict[str, Any] = {
        "id": identifier,
        "title": "Armed clash at Ghara Pass, 12 October 2025",
        "event_type": "armed_clash",
        "date_start": date(2025, 10, 12),
        "date_end": date(2025, 10, 12),
        "time_precision": "day",
        "places": (Place("Ghara Pass", "Somewhere", "PK", 34.1, 71.1, 3, "ghara"),),
        "lat": 34.1,
        "lon": 71.1,
        "geo_precision": 3,
        "status": "contested",
        "story_ids": tuple(item.id for item in stories),
        "outlet_count": 1,
        "origin_count": 1,
        "languages": ("en",),
        "actors": ("somebody",),
        "claims": lines,
        "fatalities": Fatalities(23, 23, 58),
        "first_reported_at": NOW - timedelta(hours=20),
        "last_reported_at": NOW - timedelta(hours=2),
    }
    return Incident(**{**values, **{name: value for name, value in changed.items() if name != "claimed"}})


def sides_of(config: Config) -> tuple[str, str]:
    """The two sides of the seeds."""
    from monitor.analysis.topic import Topic

    return Topic.load(config.seeds).sides


def world(folder: Path, stories: Sequence[Story], found: Sequence[Incident] = ()) -> Config:
    """The configuration of a database in ``folder`` with these stories and incidents."""
    config = load_config(environ={}, db=folder / "m.db", seeds=ROOT / "seeds")
    with closing(open_store(config.db)) as conn:
        for item in stories:
            add_story(conn, item)
        with transaction(conn):
            for item in found:
                text = item.title
                incidents.put(conn, item, [Change("new"), Change("claim", line=item.claims[0], text=text)], NOW)
            conn.execute("insert into sources values ('gazette', 'Gazette', '2025-10-12T00:00:00Z')")
    return config


class Client:
    """Asks the web page of ``config`` without a server between."""

    def __init__(self, config: Config, token: str | None = None, clock: Callable[[], datetime] = lambda: NOW) -> None:
        self.app: Gate = build_app(config, token, clock)

    def get(self, path: str, **asked: Any) -> httpx.Response:
        """The answer to a GET of ``path``; redirects are not followed."""
        return self.ask("GET", path, **asked)

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, data: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """The answer to a request."""

        async def answer() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8001") as client:
                return await client.request(method, path, headers=dict(headers or {}), data=data)

        return asyncio.run(answer())
