"""Incidents, updates and a desk with rules and channels, for the tests of alerts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.alerts.book import Book, load_book
from monitor.config import load_config
from monitor.incident import Change, Fatalities, Figure, Incident, LedgerLine, Update
from monitor.items import Keyword, Place, Story, isoformat
from monitor.store import stories
from monitor.store.database import open_store
from tests.paths import ROOT

NOW = datetime(2025, 10, 12, 6, 30, tzinfo=UTC)
TOPIC = ROOT / "tests" / "second_topic"
GATE = Place("Karst Gate", "Lower Valley", "XA", 40.0, 20.0, 1, "karst-gate")
PASS = Place("Salt Pass", "Lower Valley", "XA", 41.0, 20.0, 1, "salt-pass")
VALLEY = Place("Lower Valley", "Lower Valley", "XA", 40.5, 20.2, 3, "lower-valley")


def figure(count: int | None, *, story: str = "s1", speaker: str = "army spokesman", **more: Any) -> Figure:
    values: dict[str, Any] = {
        "count_low": count,
        "count_high": count,
        "qualifier": "exact",
        "stance": "claimed",
        "speaker": speaker,
        "quote": f"The army said {count} soldiers were killed.",
        "start": 0,
        "end": 10,
        "story": story,
        "source": "gazette",
        "url": f"https://gazette.example/{story}",
        "language": "en",
        "reported_at": NOW,
        "origins": ("gazette",),
    }
    return Figure(**{**values, **more})


def line(claimant: str, party: str, count: int, outcome: str = "killed", **more: Any) -> LedgerLine:
    current = more.pop("current", None) or figure(count)
    return LedgerLine(claimant, party, outcome, more.pop("what", None), current, (current,), **more)


def incident(identifier: str = "i1", *claims: LedgerLine, **more: Any) -> Incident:
    values: dict[str, Any] = {
        "id": identifier,
        "title": "Soldiers killed in clash at the Karst Gate",
        "event_type": "armed_clash",
        "date_start": date(2025, 10, 11),
        "date_end": date(2025, 10, 12),
        "time_precision": "range",
        "places": (GATE,),
        "lat": 40.0,
        "lon": 20.0,
        "geo_precision": 1,
        "status": "developing",
        "story_ids": ("s1",),
        "outlet_count": 1,
        "origin_count": 1,
        "languages": ("en",),
        "actors": ("veldria-army",),
        "claims": claims,
        "fatalities": Fatalities(12, 12, 12),
        "first_reported_at": NOW,
        "last_reported_at": NOW,
    }
    return Incident(**{**values, **more})


def new(after: Incident) -> Update:
    return Update(None, after, (Change("new"), *(Change("claim", line=one) for one in after.claims)))


def change(before: Incident, *claims: LedgerLine, kind: str = "claim", other: str | None = None, **more: Any) -> Update:
    """``before`` with other claims: each of them changed in the way of ``kind``."""
    keys = {one.key for one in claims}
    after = replace(
        before,
        claims=(*(old for old in before.claims if old.key not in keys), *claims),
        revision=before.revision + 1,
        **more,
    )
    old = {one.key: one.current for one in before.claims}
    found = tuple(
        Change(kind, line=one, was=old.get(one.key) if kind == "claim" else None, other=other)  # type: ignore[arg-type]
        for one in claims
    )
    return Update(before, after, found)


class Desk:
    """A folder with ``monitor.toml`` and a database of incidents."""

    def __init__(self, folder: Path, text: str, seeds: Path = TOPIC) -> None:
        self.folder, self.seeds = folder, seeds
        self.file = folder / "monitor.toml"
        self.file.write_text(text, encoding="utf-8")
        self.file.chmod(0o600)
        self.db = folder / "m.db"
        self.conn: sqlite3.Connection = open_store(self.db)

    def book(self, environ: dict[str, str] | None = None, *, check: bool = True) -> Book:
        config = load_config(self.file, environ={}, db=self.db, seeds=self.seeds)
        return load_book(config, environ or {}, check=check)

    def store(self, *found: Incident) -> None:
        """Have ``found`` and their stories in the store, as linking does."""
        for one in found:
            for story in one.story_ids:
                if not self.conn.execute("select 1 from stories where id = ?", (story,)).fetchone():
                    self.story(story, places=list(one.places))
            self.conn.execute(
                "insert or replace into incidents (id, title, event_type, status, created_at, updated_at, last_reported_at,"
                " record) values (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7)",
                (
                    *(one.id, one.title, one.event_type, one.status, isoformat(NOW)),
                    *(isoformat(one.last_reported_at), json.dumps(one.record())),
                ),
            )

    def story(self, identifier: str, **more: Any) -> str:
        values: dict[str, Any] = {
            "url": f"https://gazette.example/{identifier}",
            "canonical_url": f"https://gazette.example/{identifier}",
            "source": "gazette",
            "title": f"Report {identifier} from the Karst Gate",
            "text": f"Report {identifier} of the fighting.",
            "fetched_at": NOW,
            "language": "en",
            "published_at": NOW,
            "published_precision": "minute",
            "relevance": 0.9,
            "relevant": True,
            "event_type": "armed_clash",
            "id": identifier,
        }
        return stories.add_story(self.conn, Story(**{**values, **more}))

    def deliveries(self, *columns: str) -> list[tuple[Any, ...]]:
        names = ", ".join(columns or ("alert", "channel", "state"))
        return [tuple(row) for row in self.conn.execute(f"select {names} from deliveries order by pk")]

    def lines(self, name: str = "alerts.jsonl") -> list[dict[str, Any]]:
        path = self.folder / name
        return [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def keywords(*names: str) -> list[Keyword]:
    return [Keyword(name, "event", 1) for name in names]


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def kinds(messages: Sequence[dict[str, Any]]) -> list[list[str]]:
    return [[alert["kind"] for alert in message["alerts"]] for message in messages]
