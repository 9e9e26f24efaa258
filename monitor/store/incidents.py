"""Incidents in the store: what each was last read as, its stories, places and history."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from monitor.incident import Change, Incident
from monitor.items import isoformat
from monitor.store.filters import actors_named, places_in
from monitor.store.incident_json import incident_from
from monitor.store.rows import batches, marks


def members(conn: sqlite3.Connection, incidents: Collection[str]) -> dict[str, list[str]]:
    """The story ids of each of ``incidents``, in order of publication."""
    found: dict[str, list[str]] = {}
    for some in batches(sorted(incidents)):
        for incident, story in conn.execute(
            f"select incident_id, id from stories where incident_id in ({marks(some)})"  # noqa: S608
            " order by coalesce(published_at, fetched_at), id",
            some,
        ):
            found.setdefault(str(incident), []).append(str(story))
    return found


def incidents_of(conn: sqlite3.Connection, stories: Collection[str]) -> dict[str, str]:
    """The incident of each of ``stories`` that has one."""
    found: dict[str, str] = {}
    for some in batches(sorted(stories)):
        found.update(
            conn.execute(
                f"select id, incident_id from stories where id in ({marks(some)}) and incident_id is not null",  # noqa: S608
                some,
            ).fetchall()
        )
    return found


def put(conn: sqlite3.Connection, incident: Incident, changes: Sequence[Change], now: datetime) -> None:
    """Store an incident as it is read now, with the changes that led to it, and give its stories its id."""
    record = json.dumps(incident.record(), ensure_ascii=False)
    columns = {
        "title": incident.title,
        "event_type": incident.event_type,
        "date_start": incident.date_start.isoformat() if incident.date_start else None,
        "date_end": incident.date_end.isoformat() if incident.date_end else None,
        "time_precision": incident.time_precision,
        "status": incident.status,
        "revision": incident.revision,
        "lat": incident.lat,
        "lon": incident.lon,
        "geo_precision": incident.geo_precision,
        "story_count": len(incident.story_ids),
        "outlet_count": incident.outlet_count,
        "origin_count": incident.origin_count,
        "fatalities_best": incident.fatalities.best,
        "fatalities_low": incident.fatalities.low,
        "fatalities_high": incident.fatalities.high,
        "first_reported_at": isoformat(incident.first_reported_at),
        "last_reported_at": isoformat(incident.last_reported_at),
        "record": record,
        "updated_at": isoformat(now),
        "forward_to": None,
    }
    conn.execute(
        f"insert into incidents (id, created_at, {', '.join(columns)})"  # noqa: S608
        f" values (?, ?, {marks(columns)}) on conflict (id) do update set"
        f" {', '.join(f'{name} = excluded.{name}' for name in columns)}",
        (incident.id, isoformat(now), *columns.values()),
    )
    conn.execute("delete from incident_places where incident = ?", (incident.id,))
    conn.executemany(
        "insert into incident_places select ?, pk, ? from places where id = ?",
        [(incident.id, rank, place.id) for rank, place in enumerate(incident.places)],
    )
    _give(conn, incident.id, incident.story_ids)
    conn.executemany(
        "insert into incident_changes (incident, revision, kind, detail, found_at) values (?, ?, ?, ?, ?)",
        [
            (incident.id, incident.revision, c.kind, json.dumps(c.record(), ensure_ascii=False), isoformat(now))
            for c in changes
        ],
    )


def assign(conn: sqlite3.Connection, groups: Mapping[str, Collection[str]], now: datetime) -> None:
    """Give the stories of each group the id of their incident, which may be one that is still to be ``put``."""
    for identifier, group in groups.items():
        conn.execute(
            "insert into incidents (id, title, event_type, created_at, updated_at) values (?, '', 'other', ?, ?)"
            " on conflict (id) do nothing",
            (identifier, isoformat(now), isoformat(now)),
        )
        _give(conn, identifier, sorted(group))


def _give(conn: sqlite3.Connection, identifier: str, group: Sequence[str]) -> None:
    for some in batches(group):
        conn.execute(
            f"update stories set incident_id = ? where id in ({marks(some)}) and incident_id is not ?",  # noqa: S608
            (identifier, *some, identifier),
        )


def forward(conn: sqlite3.Connection, old: str, new: str | None, now: datetime) -> None:
    """Note that the incident ``old`` is now part of ``new``; with None, that no story tells of it any more.

    The latter is written as an incident that forwards to itself.
    """
    conn.execute(
        "update incidents set forward_to = ?, story_count = 0, updated_at = ? where id = ?",
        (new or old, isoformat(now), old),
    )
    conn.execute("delete from incident_places where incident = ?", (old,))


def follow(conn: sqlite3.Connection, founders: Mapping[str, str], now: datetime) -> None:
    """Let the ids of merged incidents lead to where their first stories are now: ``founders`` maps id to incident."""
    for some in batches(sorted(founders)):
        for identifier, leads_to in conn.execute(
            f"select id, forward_to from incidents where forward_to is not null and id in ({marks(some)})",  # noqa: S608
            some,
        ).fetchall():
            if founders[identifier] not in (leads_to, identifier):
                forward(conn, identifier, founders[identifier], now)


def leave(conn: sqlite3.Connection, stories: Iterable[str]) -> None:
    """Take ``stories`` out of their incidents: they report no clash any more."""
    conn.executemany(
        "update stories set incident_id = null where id = ? and incident_id is not null", [(s,) for s in stories]
    )


def is_free(conn: sqlite3.Connection, identifier: str) -> bool:
    """Whether no incident bears this id, or one that no story tells of any more."""
    row = conn.execute("select forward_to from incidents where id = ?", (identifier,)).fetchone()
    return row is None or row[0] is not None


def resolve(conn: sqlite3.Connection, identifier: str) -> str | None:
    """The id under which the incident ``identifier`` goes now, through all merges; None when there is none."""
    seen: set[str] = set()
    while True:
        row = conn.execute("select forward_to from incidents where id = ?", (identifier,)).fetchone()
        if row is None or identifier in seen:
            return None
        if row[0] is None:
            return identifier
        seen.add(identifier)
        identifier = str(row[0])


def load_incident(conn: sqlite3.Connection, identifier: str, now: datetime | None = None) -> Incident | None:
    """The incident with this id, or the one it was merged into; None when there is none.

    With ``now``, its status is that of this time.
    """
    current = resolve(conn, identifier)
    row = conn.execute("select record from incidents where id = ?", (current,)).fetchone()
    return None if row is None else incident_from(json.loads(row[0]), now)


def iterate(
    conn: sqlite3.Connection,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    place: str | None = None,
    actor: str | None = None,
    status: str | None = None,
    limit: int | None = None,
    now: datetime | None = None,
) -> Iterator[Incident]:
    """Incidents last reported ``since``, first reported before ``until``, the latest event first, one at a time.

    ``place`` stands for everything inside it; it and ``actor`` are ids, or names in any language and spelling;
    ``status`` is that of ``now``.
    """
    where, values = ["i.forward_to is null", "i.story_count > 0"], list[object]()
    if since is not None:
        where.append("i.last_reported_at >= ?")
        values.append(isoformat(since))
    if until is not None:
        where.append("i.first_reported_at < ?")
        values.append(isoformat(until))
    if place is not None:
        where.append("i.id in (select incident from incident_places where place in (select value from json_each(?)))")
        values.append(json.dumps(places_in(conn, place)))
    if actor is not None:
        where.append(
            "exists (select 1 from json_each(i.record, '$.actors') a where a.value in (select value from json_each(?)))"
        )
        values.append(json.dumps(actors_named(conn, actor)))
    rows = conn.execute(
        f"select record from incidents i where {' and '.join(where)}"  # noqa: S608
        " order by coalesce(i.date_start, i.first_reported_at) desc, i.first_reported_at desc, i.id",
        values,
    )
    count = 0
    for (record,) in rows:
        incident = incident_from(json.loads(record), now)
        if status is not None and incident.status != status:
            continue
        yield incident
        count += 1
        if count == limit:
            return


def changes_of(conn: sqlite3.Connection, identifier: str) -> list[dict[str, Any]]:
    """The history of an incident, oldest first: ``revision``, ``kind``, ``found_at`` and what is different."""
    return [
        {"revision": revision, "kind": kind, "found_at": found_at, **json.loads(detail)}
        for revision, kind, found_at, detail in conn.execute(
            "select revision, kind, found_at, detail from incident_changes where incident = ? order by pk",
            (identifier,),
        )
    ]
