"""What the web page asks of the store: incidents, their changes and stories; only queries that an index answers."""

from __future__ import annotations

import heapq
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from monitor.incident import status_at
from monitor.items import moment
from monitor.store.incident_json import incident_from
from monitor.store.rows import batches, marks

_FIELDS = (
    "id, title, source, language, variant, published_at, published_precision, fetched_at, event_type, is_clash,"
    " duplicate_of, origin, incident_id, url"
)


@dataclass(frozen=True)
class StoryRow:
    """What is needed to list a story."""

    id: str
    title: str
    source: str
    language: str
    variant: str | None
    published_at: str | None
    published_precision: str
    fetched_at: str
    event_type: str
    is_clash: int
    duplicate_of: str | None
    origin: str | None
    incident_id: str | None
    url: str


def recent_incidents(
    conn: sqlite3.Connection, now: datetime, limit: int, offset: int = 0, status: str | None = None
) -> list[dict[str, Any]]:
    """Records of incidents as they are ``now``, the newest event first; of one ``status`` only when it is given.

    One whose day is not known stands where it was first reported.
    """
    if status in ("developing", "contested"):
        found = islice(_live(conn, now, status), limit + offset)
        return sorted(found, key=_day, reverse=True)[offset : offset + limit]
    rows = heapq.merge(_dated(conn), _undated(conn), key=lambda row: row["day"] or "", reverse=True)
    if status is None:
        return [_record(row, now) for row in islice(rows, offset, offset + limit)]
    records = (record for row in rows if (record := _record(row, now))["status"] == status)
    return list(islice(records, offset, offset + limit))


def _dated(conn: sqlite3.Connection) -> Iterator[sqlite3.Row]:
    return conn.execute(
        "select record, date_start as day from incidents where forward_to is null and story_count > 0"
        " and date_start is not null order by date_start desc"
    )


def _undated(conn: sqlite3.Connection) -> Iterator[sqlite3.Row]:
    return conn.execute(
        "select record, substr(first_reported_at, 1, 10) as day from incidents where forward_to is null"
        " and story_count > 0 and date_start is null order by first_reported_at desc"
    )


def _live(conn: sqlite3.Connection, now: datetime, status: str) -> Iterator[dict[str, Any]]:
    """Incidents of a status that only what was reported lately can have: one that is quiet ends the search."""
    rows = conn.execute(
        "select record from incidents where forward_to is null and story_count > 0 order by last_reported_at desc"
    )
    for row in rows:
        record = _record(row, now)
        if record["status"] == "quiet":
            return
        if record["status"] == status:
            yield record


def _day(record: Mapping[str, Any]) -> str:
    return str(record["date_start"] or record["first_reported_at"])


def incidents_between(
    conn: sqlite3.Connection, now: datetime, first: str, last: str, limit: int
) -> list[dict[str, Any]]:
    """Records of the incidents that began from day ``first`` to day ``last`` (ISO dates), newest first."""
    rows = conn.execute(
        "select record from incidents where forward_to is null and story_count > 0 and date_start between ? and ?"
        " order by date_start desc limit ?",
        (first, last, limit),
    )
    return [_record(row, now) for row in rows]


def days_of_incidents(conn: sqlite3.Connection) -> tuple[str, str] | None:
    """The first and the last day on which an incident began; None when there is none."""
    found = []
    for order in ("asc", "desc"):
        row = conn.execute(
            "select date_start from incidents where forward_to is null and story_count > 0"  # noqa: S608
            f" and date_start is not null order by date_start {order} limit 1"
        ).fetchone()
        if row is None:
            return None
        found.append(str(row[0]))
    return found[0], found[1]


def _record(row: sqlite3.Row, now: datetime) -> dict[str, Any]:
    """The record of an incident as it is now; one that is quiet whatever is claimed need not be read line by line."""
    record: dict[str, Any] = json.loads(row["record"])
    last = moment(record["last_reported_at"])
    if last is not None and status_at(now, last, ()) == "quiet":
        return {**record, "status": "quiet"}
    return incident_from(record, now).record()


def changes_since(conn: sqlite3.Connection, since: str, limit: int) -> list[dict[str, Any]]:
    """Real changes of incidents found after ``since`` (ISO 8601 UTC), newest first, with the incident's title."""
    rows = conn.execute(
        "select c.incident as incident, c.kind as kind, c.detail as detail, c.found_at as found_at, i.title as title"
        " from incident_changes c join incidents i on i.id = c.incident where c.found_at > ?"
        " order by c.found_at desc, c.pk desc limit ?",
        (since, limit),
    )
    return [_change(row) for row in rows]


def changes_of(conn: sqlite3.Connection, identifier: str, limit: int = 200) -> list[dict[str, Any]]:
    """The real changes of one incident, newest first."""
    rows = conn.execute(
        "select incident, kind, detail, found_at, revision from incident_changes where incident = ?"
        " order by pk desc limit ?",
        (identifier, limit),
    )
    return [_change(row) for row in rows]


def _change(row: sqlite3.Row) -> dict[str, Any]:
    return {**dict(row), "detail": json.loads(row["detail"])}


def story_rows(conn: sqlite3.Connection, ids: Sequence[str]) -> list[StoryRow]:
    """The stories with these ids, in the order of ``ids``; unknown ids are left out."""
    found: dict[str, StoryRow] = {}
    for part in batches(ids):
        rows = conn.execute(f"select {_FIELDS} from stories where id in ({marks(part)})", part)  # noqa: S608
        found.update((row["id"], StoryRow(**dict(row))) for row in rows)
    return [found[identifier] for identifier in ids if identifier in found]


def newest_clashes(conn: sqlite3.Connection, limit: int) -> list[StoryRow]:
    """The newest stories that report a clash."""
    rows = conn.execute(
        f"select {_FIELDS} from stories where is_clash = 1 and published_at is not null"  # noqa: S608
        " order by published_at desc limit ?",
        (limit,),
    )
    return [StoryRow(**dict(row)) for row in rows]


def stories_of_source(conn: sqlite3.Connection, source: str, limit: int) -> list[StoryRow]:
    """The newest stories of one outlet."""
    rows = conn.execute(
        f"select {_FIELDS} from stories where source = ? order by published_at desc limit ?",  # noqa: S608
        (source, limit),
    )
    return [StoryRow(**dict(row)) for row in rows]


def copies_of(conn: sqlite3.Connection, identifier: str, limit: int = 50) -> list[StoryRow]:
    """Stories that repeat the text of this one, oldest first."""
    rows = conn.execute(
        f"select {_FIELDS} from stories where duplicate_of = ? order by published_at limit ?",  # noqa: S608
        (identifier, limit),
    )
    return [StoryRow(**dict(row)) for row in rows]


def sources_added(conn: sqlite3.Connection) -> list[tuple[str, str]]:
    """``(day, source)`` of each outlet's first run: what explains a jump in volume."""
    return [(day, source) for day, source in conn.execute("select substr(added_at, 1, 10), id from sources order by 1")]


def common(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Places, actors and keywords of these stories, and how many of the stories have each."""
    found: dict[str, dict[str, int]] = {"place": {}, "actor": {}, "keyword": {}}
    asked = {
        "place": "select p.name, count(*) from stories s join story_places x on x.story = s.pk"
        " join places p on p.pk = x.place where s.id in ({}) group by p.name",
        "actor": "select x.actor, count(*) from stories s join story_actors x on x.story = s.pk"
        " where s.id in ({}) group by x.actor",
        "keyword": "select k.keyword, count(*) from stories s join story_keywords x on x.story = s.pk"
        " join keywords k on k.pk = x.keyword where s.id in ({}) group by k.keyword",
    }
    for part in batches(ids):
        for name, sql in asked.items():
            for value, count in conn.execute(sql.format(marks(part)), part):
                found[name][value] = found[name].get(value, 0) + count
    return found


def quotes_of(conn: sqlite3.Connection, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The claims of these stories by the story's id, each as a record, in the order of the text."""
    found: dict[str, list[dict[str, Any]]] = {}
    for part in batches(ids):
        rows = conn.execute(
            "select s.id as story, c.claimant, c.party, c.outcome, c.what, c.count_low, c.count_high, c.qualifier,"  # noqa: S608
            " c.stance, c.quote from stories s join claims c on c.story = s.pk"
            f" where s.id in ({marks(part)}) order by c.pk",
            part,
        )
        for row in rows:
            found.setdefault(row["story"], []).append(dict(row))
    return found
