"""What exports read: counts to show progress by, claims with the story they stand in, the time of the last change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from monitor.store.filters import WHEN, Filters, conditions
from monitor.store.stories import all_stories

# Of the story, on each line of its claims.
_STORY = ("id", "url", "source", "language", "published_at", "event_type", "incident_id")


def count_stories(conn: sqlite3.Connection, filters: Filters) -> int:
    """How many stories meet ``filters``."""
    where, values = conditions(conn, filters).sql("stories.pk")
    return int(conn.execute(f"select count(*) from stories where {where}", values).fetchone()[0])  # noqa: S608


def last_change(conn: sqlite3.Connection, filters: Filters) -> str | None:
    """When the newest story that meets ``filters`` was published or fetched (ISO 8601 UTC)."""
    where, values = conditions(conn, filters).sql("stories.pk")
    row = conn.execute(f"select max({WHEN}) from stories where {where}", values).fetchone()  # noqa: S608
    return None if row[0] is None else str(row[0])


def claims_where(conn: sqlite3.Connection, filters: Filters) -> Iterator[dict[str, Any]]:
    """Every claim of the stories that meet ``filters``, one record each, with the story it stands in."""
    where, values = conditions(conn, filters).sql("stories.pk")
    told = f"exists (select 1 from claims where story = stories.pk) and {where}"  # noqa: S608
    for story in all_stories(conn, told, values):
        record = story.record()
        about = {f"story_{name}" if name == "id" else name: record[name] for name in _STORY}
        yield from ({**about, **asdict(claim)} for claim in story.claims)
