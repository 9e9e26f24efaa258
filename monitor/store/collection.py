"""Runs, sources and feeds: what each crawl did, source by source, and the validators of each feed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta

from monitor.items import isoformat
from monitor.language import languages_of
from monitor.polling import FeedState
from monitor.store import health
from monitor.store.database import transaction

COUNTS = (
    *("listed", "fetched", "stored", "duplicate", "irrelevant", "failed"),
    *("unfetched", "extracted", "empty"),  # pages that could not be had, had article text, had none
)


@dataclass
class SourceCounts:
    """What one run did for one source; ``reasons`` counts failures by cause, ``languages`` stories by language."""

    listed: int = 0
    fetched: int = 0
    stored: int = 0
    duplicate: int = 0
    irrelevant: int = 0
    failed: int = 0
    unfetched: int = 0
    extracted: int = 0
    empty: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)


def merge_counts(total: SourceCounts, more: SourceCounts) -> None:
    """Add ``more`` to ``total``."""
    for name in COUNTS:
        setattr(total, name, getattr(total, name) + getattr(more, name))
    for have, add in ((total.reasons, more.reasons), (total.languages, more.languages)):
        for key, count in add.items():
            have[key] = have.get(key, 0) + count


# How long feeds, parts of sitemaps and rules of hosts are kept without being asked for again. Feeds are polled once a
# day or more often, and rules are trusted for a day.
_FEEDS, _ROBOTS = timedelta(days=30), timedelta(days=2)
_FEED_COLUMNS = tuple(item.name for item in fields(FeedState))


def begin_run(conn: sqlite3.Connection, command: str, now: datetime) -> int:
    """Record the start of a run; return its id. Runs left open by a killed process are marked so."""
    with transaction(conn):
        conn.execute("update runs set outcome = 'killed' where finished_at is null and outcome = 'running'")
        cursor = conn.execute("insert into runs (command, started_at) values (?, ?)", (command, isoformat(now)))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def finish_run(
    conn: sqlite3.Connection,
    run: int,
    now: datetime,
    outcome: str,
    note: str | None,
    sources: Mapping[str, SourceCounts],
    tell: Callable[[Sequence[str]], Sequence[str]] = languages_of,
) -> None:
    """Record the end of a run, what it did for each source, and what that says of their health. One transaction.

    ``tell`` tells the languages of what was listed.
    """
    with transaction(conn):
        conn.execute(
            "update runs set finished_at = ?, outcome = ?, note = ? where id = ?", (isoformat(now), outcome, note, run)
        )
        conn.executemany(
            f"insert into run_sources (run, source, {', '.join(COUNTS)}, reasons)"  # noqa: S608
            f" values ({', '.join('?' * (len(COUNTS) + 3))})",
            [
                (run, source, *(getattr(c, name) for name in COUNTS), json.dumps(c.reasons, ensure_ascii=False))
                for source, c in sources.items()
            ],
        )
        health.record(conn, run, now, sources, tell)
        _forget(conn, now)


def _forget(conn: sqlite3.Connection, now: datetime) -> None:
    """Drop what is remembered of lists and hosts not asked for any more: hostile ones name new ones in every run."""
    for table, column, kept in (
        ("feeds", "fetched_at", _FEEDS),
        ("ways_in", "polled_at", _FEEDS),
        ("robots", "fetched_at", _ROBOTS),
    ):
        conn.execute(f"delete from {table} where {column} < ?", (isoformat(now - kept),))  # noqa: S608


def last_run(conn: sqlite3.Connection) -> tuple[dict[str, object], dict[str, SourceCounts]] | None:
    """The newest run (id, command, started_at, finished_at, outcome, note) and its counts per source."""
    row = conn.execute(
        "select id, command, started_at, finished_at, outcome, note from runs order by id desc limit 1"
    ).fetchone()
    if row is None:
        return None
    run = dict(row)
    counts = {}
    for found in conn.execute(
        f"select source, {', '.join(COUNTS)}, reasons from run_sources where run = ? order by source",  # noqa: S608
        (run["id"],),
    ):
        values = {name: found[name] for name in COUNTS}
        counts[str(found["source"])] = SourceCounts(**values, reasons=json.loads(found["reasons"]))
    return run, counts


def note_sources(conn: sqlite3.Connection, sources: Iterable[tuple[str, str]], now: datetime) -> None:
    """Record sources ``(id, name)`` the first time a run knows them, so that a jump in volume can be explained."""
    with transaction(conn):
        conn.executemany(
            "insert into sources values (?, ?, ?) on conflict (id) do update set name = excluded.name",
            [(identifier, name, isoformat(now)) for identifier, name in sources],
        )


def stories_per_source(conn: sqlite3.Connection) -> dict[str, int]:
    """For each source: number of stories stored."""
    return {
        str(source): int(count) for source, count in conn.execute("select source, count(*) from stories group by 1")
    }


def feed_state(conn: sqlite3.Connection, url: str, source: str) -> FeedState:
    """What is remembered of the feed at ``url``; empty when it was never fetched."""
    row = conn.execute(f"select {', '.join(_FEED_COLUMNS)} from feeds where url = ?", (url,)).fetchone()  # noqa: S608
    return FeedState(url, source) if row is None else FeedState(**dict(row))


def save_feed(conn: sqlite3.Connection, state: FeedState) -> None:
    """Remember ``state`` of its feed."""
    marks = ", ".join("?" * len(_FEED_COLUMNS))
    with transaction(conn):
        conn.execute(
            f"insert or replace into feeds ({', '.join(_FEED_COLUMNS)}) values ({marks})",  # noqa: S608
            [getattr(state, name) for name in _FEED_COLUMNS],
        )


def saved_robots(conn: sqlite3.Connection, host: str, since: datetime) -> bytes | None:
    """The robots.txt of ``host`` as fetched at or after ``since``, or None."""
    row = conn.execute(
        "select body from robots where host = ? and fetched_at >= ?", (host, isoformat(since))
    ).fetchone()
    return None if row is None else bytes(row[0])


def save_robots(conn: sqlite3.Connection, host: str, body: bytes, now: datetime) -> None:
    """Remember the robots.txt of ``host``."""
    with transaction(conn):
        conn.execute("insert or replace into robots values (?, ?, ?)", (host, body, isoformat(now)))
