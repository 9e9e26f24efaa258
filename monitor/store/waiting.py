"""Stories that wait for their incident, and what they are to be compared with."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date, datetime

from monitor.items import isoformat
from monitor.store.rows import ids_found, marks

# Clash stories whose event, or publication where no event is dated, is of the days ?1 to ?2. The indexes are named:
# left to itself, SQLite takes all stories without a dated event for the second part.
_OF_DAYS = (
    "select pk, id, incident_id, published_at from stories indexed by stories_event"
    " where is_clash = 1 and event_date between ?1 and ?2"
    " union all select pk, id, incident_id, published_at from stories indexed by stories_clash"
    " where is_clash = 1 and event_date is null and published_at >= ?1 and published_at < date(?2, '+1 day')"
)
# So many of the stories that share a figure or a place with one are looked at, the newest.
_NEWEST = 1000


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
    return ids_found(
        conn,
        f"select id from ({_OF_DAYS}) order by id",  # noqa: S608
        days,
    )


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
        best += ids_found(
            conn,
            "select incident_id from (select s.incident_id, max(s.pk) as newest from (select story from story_places"
            " where place = (select pk from places where id = ?) order by story desc limit ?) sp"
            " join stories s on s.pk = sp.story where s.incident_id is not null group by s.incident_id)"
            " order by newest desc limit 5",
            (place, _NEWEST),
        )
    return list(dict.fromkeys(best))


def undated_alike(
    conn: sqlite3.Connection, figures: Iterable[tuple[str, int]], places: Iterable[str], limit: int
) -> list[str]:
    """Ids of up to ``limit`` clash stories of no known day that share a figure (outcome, count) or a place: the newest.

    Only the newest such stories are looked at.
    """
    counts, names = list(figures), list(places)
    if not counts and not names:
        return []
    one_of = " or ".join(["(c.outcome = ? and c.count_low = ?)"] * len(counts)) or "0"
    return ids_found(
        conn,
        f"select id from (select pk, id from stories indexed by stories_undated"  # noqa: S608
        " where is_clash = 1 and event_date is null and published_at is null order by pk desc limit ?) u"
        f" where exists (select 1 from claims c where c.story = u.pk and ({one_of}))"
        f" or exists (select 1 from story_places sp join places p on p.pk = sp.place"
        f" where sp.story = u.pk and p.id in ({marks(names)})) order by pk desc limit ?",
        (_NEWEST, *(value for outcome, count in counts for value in (outcome, count)), *names, limit),
    )


def told_elsewhere(
    conn: sqlite3.Connection, incident: str, span: tuple[date, date], until: datetime
) -> dict[tuple[str, str, str | None, int], int]:
    """What claimants say in stories of other incidents of these days: (claimant, outcome, what, count).

    With it, how many stories published before ``until`` of the one of them that most tell it of have it.
    """
    rows = conn.execute(
        "select claimant, outcome, what, count_low, max(told) from (select c.claimant, c.outcome, c.what, c.count_low,"  # noqa: S608
        f" count(distinct c.story) as told from ({_OF_DAYS}) s cross join claims c on c.story = s.pk"
        " where s.incident_id <> ?3 and c.count_low is not null and coalesce(s.published_at, '') < ?4"
        " group by s.incident_id, c.claimant, c.outcome, c.what, c.count_low)"
        " group by claimant, outcome, what, count_low",
        (span[0].isoformat(), span[1].isoformat(), incident, isoformat(until)),
    )
    return {(claimant, outcome, what, count): told for claimant, outcome, what, count, told in rows}
