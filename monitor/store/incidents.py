"""Incidents in the store: which stories are still to be linked, what an incident was last read as, and its history."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from monitor.incident import Change, Fatalities, Figure, Incident, LedgerLine, status_at
from monitor.items import Place, isoformat, moment
from monitor.store.filters import actors_named, places_in


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided: ``kind`` merge, split, rename, move or reject; ``detail`` is what it needs."""

    pk: int
    kind: str
    incident: str | None
    detail: Mapping[str, Any]
    decided_by: str
    reason: str
    decided_at: datetime


# Clash stories whose event, or publication where no event is dated, is of the days ?1 to ?2. The indexes are named:
# left to itself, SQLite takes all stories without a dated event for the second part.
_OF_DAYS = (
    "select pk, id, incident_id from stories indexed by stories_event"
    " where is_clash = 1 and event_date between ?1 and ?2"
    " union all select pk, id, incident_id from stories indexed by stories_clash"
    " where is_clash = 1 and event_date is null and published_at >= ?1 and published_at < date(?2, '+1 day')"
)
# So many of the stories that share a figure or a place with one are looked at, the newest.
_NEWEST = 1000


# ---- stories waiting to be linked, and those they are to be compared with


def unlinked(conn: sqlite3.Connection) -> list[tuple[str, str | None]]:
    """``(id, day)`` of the stories whose place among the incidents has to be found, the earliest day first."""
    # A cross join is done in the order it is written in: left to itself, SQLite goes through all stories.
    return [
        (str(identifier), day)
        for identifier, day in conn.execute(
            "select s.id, coalesce(s.event_date, substr(s.published_at, 1, 10)) as day from unlinked u"
            " cross join stories s on s.id = u.story order by day is null, day, s.id"
        )
    ]


def linked(conn: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Note that the stories ``ids`` have their place."""
    conn.executemany("delete from unlinked where story = ?", [(identifier,) for identifier in ids])


def clashes_between(conn: sqlite3.Connection, first: date, last: date) -> list[str]:
    """Ids of the clash stories whose event, or publication where no event is dated, is of these days."""
    days = (first.isoformat(), last.isoformat())
    return _ids(
        conn,
        f"select id from ({_OF_DAYS}) order by id",  # noqa: S608
        days,
    )


def members(conn: sqlite3.Connection, incidents: Collection[str]) -> dict[str, list[str]]:
    """The story ids of each of ``incidents``, in order of publication."""
    found: dict[str, list[str]] = {}
    for some in _batches(sorted(incidents)):
        for incident, story in conn.execute(
            f"select incident_id, id from stories where incident_id in ({_marks(some)})"  # noqa: S608
            " order by coalesce(published_at, fetched_at), id",
            some,
        ):
            found.setdefault(str(incident), []).append(str(story))
    return found


def incidents_of(conn: sqlite3.Connection, stories: Collection[str]) -> dict[str, str]:
    """The incident of each of ``stories`` that has one."""
    found: dict[str, str] = {}
    for some in _batches(sorted(stories)):
        found.update(
            conn.execute(
                f"select id, incident_id from stories where id in ({_marks(some)}) and incident_id is not null",  # noqa: S608
                some,
            ).fetchall()
        )
    return found


def alike(conn: sqlite3.Connection, figures: Iterable[tuple[str, int]], places: Iterable[str], limit: int) -> list[str]:
    """Incidents whose stories share most of ``figures`` (outcome, count), then those of the newest at ``places``.

    Only the newest of the stories that share a figure or a place are looked at.
    """
    found: dict[str, int] = {}
    for outcome, count in figures:
        for (incident,) in conn.execute(
            "select distinct s.incident_id from (select story from claims where count_low = ? and outcome = ?"
            " order by pk desc limit ?) c join stories s on s.pk = c.story where s.incident_id is not null",
            (count, outcome, _NEWEST),
        ):
            found[incident] = found.get(incident, 0) + 1
    best = sorted(found, key=lambda incident: (-found[incident], incident))[:limit]
    for place in places:
        best += _ids(
            conn,
            "select incident_id from (select s.incident_id, max(s.pk) as newest from (select story from story_places"
            " where place = (select pk from places where id = ?) order by story desc limit ?) sp"
            " join stories s on s.pk = sp.story where s.incident_id is not null group by s.incident_id)"
            " order by newest desc limit 5",
            (place, _NEWEST),
        )
    return list(dict.fromkeys(best))


def told_elsewhere(
    conn: sqlite3.Connection, incident: str, span: tuple[date, date]
) -> dict[tuple[str, str, str | None, int], int]:
    """What claimants say in stories of other incidents of these days: (claimant, outcome, what, count).

    With it, how many stories of the one of them that most tell it of have it.
    """
    rows = conn.execute(
        "select claimant, outcome, what, count_low, max(told) from (select c.claimant, c.outcome, c.what, c.count_low,"  # noqa: S608
        f" count(distinct c.story) as told from ({_OF_DAYS}) s cross join claims c on c.story = s.pk"
        " where s.incident_id <> ?3 and c.count_low is not null"
        " group by s.incident_id, c.claimant, c.outcome, c.what, c.count_low)"
        " group by claimant, outcome, what, count_low",
        (span[0].isoformat(), span[1].isoformat(), incident),
    )
    return {(claimant, outcome, what, count): told for claimant, outcome, what, count, told in rows}


# ---- what is written


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
        f" values (?, ?, {_marks(columns)}) on conflict (id) do update set"
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
    for some in _batches(group):
        conn.execute(
            f"update stories set incident_id = ? where id in ({_marks(some)}) and incident_id is not ?",  # noqa: S608
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
    for some in _batches(sorted(founders)):
        for identifier, leads_to in conn.execute(
            f"select id, forward_to from incidents where forward_to is not null and id in ({_marks(some)})",  # noqa: S608
            some,
        ).fetchall():
            if founders[identifier] not in (leads_to, identifier):
                forward(conn, identifier, founders[identifier], now)


def leave(conn: sqlite3.Connection, stories: Iterable[str]) -> None:
    """Take ``stories`` out of their incidents: they report no clash any more."""
    conn.executemany(
        "update stories set incident_id = null where id = ? and incident_id is not null", [(s,) for s in stories]
    )


# ---- what is read


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


def list_incidents(
    conn: sqlite3.Connection,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    place: str | None = None,
    actor: str | None = None,
    status: str | None = None,
    limit: int | None = None,
    now: datetime | None = None,
) -> list[Incident]:
    """Incidents last reported ``since``, first reported before ``until``, the latest event first.

    ``place`` stands for everything inside it; it and ``actor`` are ids, or names in any language and spelling;
    ``status`` is that of ``now``.
    """
    return list(iterate(conn, since=since, until=until, place=place, actor=actor, status=status, limit=limit, now=now))


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
    """``list_incidents``, one at a time."""
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


# ---- what people decided


def decide(
    conn: sqlite3.Connection,
    kind: str,
    incident: str | None,
    detail: Mapping[str, Any],
    by: str,
    reason: str,
    now: datetime,
) -> None:
    """Keep a decision."""
    conn.execute(
        "insert into decisions (kind, incident, detail, decided_by, reason, decided_at) values (?, ?, ?, ?, ?, ?)",
        (kind, incident, json.dumps(detail, ensure_ascii=False, sort_keys=True), by, reason, isoformat(now)),
    )


def decisions(conn: sqlite3.Connection) -> list[Decision]:
    """All decisions, the oldest first."""
    return [
        Decision(pk, kind, incident, json.loads(detail), by, reason, datetime.fromisoformat(at))
        for pk, kind, incident, detail, by, reason, at in conn.execute(
            "select pk, kind, incident, detail, decided_by, reason, decided_at from decisions order by pk"
        )
    ]


# ---- JSON and back


def incident_from(record: Mapping[str, Any], now: datetime | None = None) -> Incident:
    """The incident that ``Incident.record`` wrote; with ``now``, its status at this time."""
    first, last = _moment(record["first_reported_at"]), _moment(record["last_reported_at"])
    lines = tuple(_line(line) for line in record["claims"])
    return Incident(
        id=record["id"],
        title=record["title"],
        event_type=record["event_type"],
        date_start=_day(record["date_start"]),
        date_end=_day(record["date_end"]),
        time_precision=record["time_precision"],
        places=tuple(Place(**place) for place in record["places"]),
        lat=record["lat"],
        lon=record["lon"],
        geo_precision=record["geo_precision"],
        status=record["status"] if now is None else status_at(now, last, lines),
        story_ids=tuple(record["story_ids"]),
        outlet_count=record["outlet_count"],
        origin_count=record["origin_count"],
        languages=tuple(record["languages"]),
        actors=tuple(record["actors"]),
        claims=lines,
        fatalities=Fatalities(**record["fatalities"]),
        first_reported_at=first,
        last_reported_at=last,
        revision=record["revision"],
    )


def _line(record: Mapping[str, Any]) -> LedgerLine:
    history = tuple(_figure(figure) for figure in record["history"])
    current = _figure({name: record[name] for name in record["history"][0]})
    return LedgerLine(
        claimant=record["claimant"],
        party=record["party"],
        outcome=record["outcome"],
        what=record["what"],
        current=current,
        history=history,
        denials=tuple(_figure(figure) for figure in record["denials"]),
        contradicted_by=tuple(record["contradicted_by"]),
        confirmed_by=tuple(record["confirmed_by"]),
    )


def _figure(record: Mapping[str, Any]) -> Figure:
    return Figure(**{**record, "reported_at": _moment(record["reported_at"]), "origins": tuple(record["origins"])})


def _moment(text: str) -> datetime:
    found = moment(text)
    assert found is not None
    return found


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _ids(conn: sqlite3.Connection, query: str, values: Sequence[object]) -> list[str]:
    return [str(row[0]) for row in conn.execute(query, values)]


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def _batches(values: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    for begin in range(0, len(values), size):
        yield values[begin : begin + size]
