"""The ledger of pages: what was listed, what became of it, when to try again. It survives runs and kills."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from monitor.items import Precision, isoformat, moment
from monitor.store.database import transaction

State = Literal["listed", "stored", "duplicate", "irrelevant", "forbidden", "failed", "gone"]

# How long after a failed attempt a page is due again; doubled with every further attempt.
RETRY_AFTER = timedelta(minutes=10)
# A page whose host's rules could not be had (no such host, no answer) is looked at again after this long …
UNREACHABLE_AGAIN = timedelta(hours=1)
# … and given up when it has waited for so long (RFC 9309, 2.3.1.4, names the same 30 days).
GIVEN_UP_AFTER = timedelta(days=30)
# A page that robots.txt forbids is looked at again after this long: the file may have changed.
FORBIDDEN_AGAIN = timedelta(days=7)
# A story's page is looked at again at these ages: most corrections and toll updates come in its first two days.
RECHECK_AGES = tuple(timedelta(hours=hours) for hours in (1, 4, 12, 24, 48))

# So many pages that were looked at and left are written down together, unless the first of them has waited too long.
_AT_ONCE, _SOON = 50, timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Listing:
    """A link that a feed or sitemap listed: ``url`` is its canonical form, ``fetch_url`` what is asked for."""

    url: str
    fetch_url: str
    source: str
    spider: str
    title: str | None = None
    summary: str | None = None
    published_at: datetime | None = None
    published_precision: Precision = "unknown"
    story_id: str | None = None  # set when the page of a stored story is looked at again


def note(conn: sqlite3.Connection, listings: Sequence[Listing], now: datetime) -> list[Listing]:
    """Write down ``listings``; return those never seen before. One transaction."""
    fresh = []
    with transaction(conn):
        for item in listings:
            cursor = conn.execute(
                "insert or ignore into pages (url, fetch_url, source, spider, state, title, summary, published_at,"
                " published_precision, listed_at, next_at) values (?, ?, ?, ?, 'listed', ?, ?, ?, ?, ?, ?)",
                (
                    *(item.url, item.fetch_url, item.source, item.spider, item.title, item.summary),
                    *(isoformat(item.published_at), item.published_precision, isoformat(now), isoformat(now)),
                ),
            )
            if cursor.rowcount:
                fresh.append(item)
    return fresh


def known(conn: sqlite3.Connection, urls: Sequence[str]) -> bool:
    """Whether any of ``urls``, in canonical form, was listed before."""
    query = "select 1 from pages where url = ?"
    return any(conn.execute(query, (url,)).fetchone() is not None for url in urls)


def due(conn: sqlite3.Connection, source: str, spider: str, now: datetime, limit: int) -> list[Listing]:
    """Pages of ``source`` that wait to be fetched (again) by ``spider``: left by an earlier run, or failed then."""
    rows = conn.execute(
        "select url, fetch_url, source, spider, title, summary, published_at, published_precision from pages"
        " where source = ? and spider = ? and state <> 'stored' and next_at <= ? order by next_at, url limit ?",
        (source, spider, isoformat(now), limit),
    )
    return [Listing(**{**row, "published_at": moment(row["published_at"])}) for row in map(dict, rows)]


def young(conn: sqlite3.Connection, source: str, spider: str, now: datetime, limit: int) -> list[Listing]:
    """Pages of stored stories of ``source`` that are to be looked at again for changes, the longest due first."""
    rows = conn.execute(
        "select url, fetch_url, source, spider, title, summary, published_at, published_precision, story_id from pages"
        " where source = ? and spider = ? and state = 'stored' and next_at <= ? order by next_at, url limit ?",
        (source, spider, isoformat(now), limit),
    )
    return [Listing(**{**row, "published_at": moment(row["published_at"])}) for row in map(dict, rows)]


def store_page(conn: sqlite3.Connection, url: str, story: str, now: datetime) -> None:
    """Record that page ``url`` is stored as ``story``, and plan when it is looked at again."""
    with transaction(conn):
        settle(conn, url, "stored", None, now, story)
        conn.execute("update pages set next_at = ? where url = ?", (isoformat(now + RECHECK_AGES[0]), url))


def rechecked(conn: sqlite3.Connection, url: str, now: datetime, gone: str | None = None) -> None:
    """Record that the page of a stored story was looked at again; plan the next time, none if it is ``gone``."""
    with transaction(conn):
        row = conn.execute("select rechecks, settled_at from pages where url = ?", (url,)).fetchone()
        done, stored_at = row["rechecks"] + 1, moment(row["settled_at"])
        again = None
        if gone is None and done < len(RECHECK_AGES) and stored_at is not None:
            again = isoformat(max(stored_at + RECHECK_AGES[done], now + RECHECK_AGES[0]))
        conn.execute("update pages set rechecks = ?, next_at = ?, reason = ? where url = ?", (done, again, gone, url))


def settle(
    conn: sqlite3.Connection, url: str, state: State, reason: str | None, now: datetime, story: str | None = None
) -> None:
    """Record that page ``url`` needs no further fetch, and why; ``forbidden`` ones are looked at again later."""
    again = isoformat(now + FORBIDDEN_AGAIN) if state == "forbidden" else None
    with transaction(conn):
        conn.execute(
            "update pages set state = ?, reason = ?, story_id = ?, settled_at = ?, attempts = attempts + 1, next_at = ?"
            " where url = ?",
            (state, reason, story, isoformat(now), again, url),
        )


class Unread:
    """Pages that need no reading, for a ``reason``: written down many at a time, as each by itself would cost more.

    A page waits for the next one, and no longer than a second for it to be noted; a run that is killed fetches those
    again that were waiting.
    """

    def __init__(self, conn: sqlite3.Connection, reason: str) -> None:
        self._conn, self._reason = conn, reason
        self._waiting: list[tuple[str, datetime]] = []

    def note(self, url: str, now: datetime) -> None:
        """Record that page ``url`` is irrelevant."""
        self._waiting.append((url, now))
        if len(self._waiting) >= _AT_ONCE or now - self._waiting[0][1] >= _SOON:
            self.write()

    def write(self) -> None:
        """Write down those that wait. One transaction."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            with transaction(self._conn):
                for url, now in waiting:
                    settle(self._conn, url, "irrelevant", self._reason, now)


def settle_archived(
    conn: sqlite3.Connection, listing: Listing, state: State, reason: str | None, now: datetime, story: str | None
) -> None:
    """Write down a page out of an archive with what became of it. It is no news that its source has just listed."""
    with transaction(conn):
        note(conn, [listing], now)
        settle(conn, listing.url, state, reason, now, story)
        conn.execute("update pages set counted = 1 where url = ?", (listing.url,))


def fail(
    conn: sqlite3.Connection, url: str, reason: str, now: datetime, max_attempts: int, wait: timedelta | None = None
) -> None:
    """Record a failed attempt on ``url``: due again after a growing pause, or given up after ``max_attempts``.

    ``wait`` is what the server asked for (Retry-After); it only lengthens the pause.
    """
    with transaction(conn):
        row = conn.execute("select attempts from pages where url = ?", (url,)).fetchone()
        attempts = (row[0] if row else 0) + 1
        pause = max(RETRY_AFTER * 2 ** (attempts - 1), wait or timedelta())
        again = None if attempts >= max_attempts else isoformat(now + pause)
        conn.execute(
            "update pages set state = 'failed', reason = ?, attempts = ?, settled_at = ?, next_at = ? where url = ?",
            (reason, attempts, isoformat(now), again, url),
        )


def postpone(conn: sqlite3.Connection, url: str, reason: str, now: datetime, pause: timedelta = timedelta()) -> None:
    """Leave ``url`` waiting for ``pause``, with the reason: nothing was asked of its server, no attempt is counted.

    What has waited for ``GIVEN_UP_AFTER`` since it was listed has failed.
    """
    with transaction(conn):
        conn.execute(
            "update pages set reason = ?, next_at = case when listed_at < ? then null else ? end,"
            " state = case when listed_at < ? then 'failed' else state end where url = ?",
            (reason, isoformat(now - GIVEN_UP_AFTER), isoformat(now + pause), isoformat(now - GIVEN_UP_AFTER), url),
        )


def counts(conn: sqlite3.Connection) -> dict[str, int]:
    """Number of pages in each state."""
    return dict(conn.execute("select state, count(*) from pages group by state").fetchall())
