"""What people see of the outbox: lists of alerts and their ways out; and silences."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from monitor.alerts.plan import Silence
from monitor.items import isoformat
from monitor.store.database import transaction
from monitor.store.vocabulary import ids_named, within

_DELIVERY = (
    "select channel, rule, severity, state, attempts, found_at, next_at, sent_at, notification, reason from deliveries"
    " where alert = ? order by channel"
)


def list_alerts(
    conn: sqlite3.Connection, *, state: str | None = None, since: datetime | None = None, limit: int = 50
) -> list[dict[str, Any]]:
    """Alerts with their deliveries, newest first; ``state`` keeps those with a delivery in that state."""
    rows = conn.execute(
        "select id, rule, kind, severity, incident_id, dedupe_key, payload, created_at from alerts a"
        " where created_at >= ? and (?2 is null or exists"
        " (select 1 from deliveries d where d.alert = a.id and d.state = ?2))"
        " order by created_at desc, rowid desc limit ?3",
        (isoformat(since) or "", state, limit),
    ).fetchall()
    return [_alert(conn, row) for row in rows]


def load_alert(conn: sqlite3.Connection, identifier: str) -> dict[str, Any] | None:
    """One alert with its deliveries, or None."""
    row = conn.execute(
        "select id, rule, kind, severity, incident_id, dedupe_key, payload, created_at from alerts where id = ?",
        (identifier,),
    ).fetchone()
    return None if row is None else _alert(conn, row)


def _alert(conn: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    alert = dict(row)
    alert["payload"] = json.loads(alert["payload"])
    alert["deliveries"] = [dict(found) for found in conn.execute(_DELIVERY, (alert["id"],))]
    return alert


def counts(conn: sqlite3.Connection) -> dict[str, dict[str, int]]:
    """For each channel, the number of deliveries in each state."""
    found: dict[str, dict[str, int]] = {}
    for channel, state, count in conn.execute("select channel, state, count(*) from deliveries group by 1, 2"):
        found.setdefault(str(channel), {})[str(state)] = int(count)
    return found


def add_silence(conn: sqlite3.Connection, silence: Mapping[str, str | None], until: datetime, now: datetime) -> int:
    """Keep alerts still ``until`` then: those that match place, actor, incident and rule, as far as given."""
    with transaction(conn):
        cursor = conn.execute(
            "insert into silences (place, actor, incident, rule, until, comment, created_at)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            (
                *(silence.get(name) for name in ("place", "actor", "incident", "rule")),
                *(isoformat(until), silence.get("comment") or "", isoformat(now)),
            ),
        )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def end_silence(conn: sqlite3.Connection, identifier: int, now: datetime) -> bool:
    """End a silence at once; False when there is none of that id that still holds."""
    with transaction(conn):
        cursor = conn.execute(
            "update silences set until = ?1 where id = ?2 and until > ?1", (isoformat(now), identifier)
        )
    return cursor.rowcount > 0


def silences(conn: sqlite3.Connection, now: datetime) -> list[Silence]:
    """The silences that hold at ``now``."""
    rows = conn.execute(
        "select id, place, actor, incident, rule, until, comment from silences where until > ? order by id",
        (isoformat(now),),
    )
    return [_silence(conn, row) for row in rows.fetchall()]


def _silence(conn: sqlite3.Connection, row: sqlite3.Row) -> Silence:
    place, actor = row["place"], row["actor"]
    return Silence(
        **{**dict(row), "until": datetime.fromisoformat(row["until"])},
        places=frozenset(within(conn, ids_named(conn, "place", place))) if place else frozenset(),
        actors=frozenset(ids_named(conn, "actor", actor)) if actor else frozenset(),
    )
