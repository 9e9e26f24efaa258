"""Where in the files of the archive each page stands."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from monitor.items import isoformat
from monitor.store.database import transaction


@dataclass(frozen=True, slots=True)
class Kept:
    """The place of a page: ``length`` bytes from ``offset`` of ``file``; fetched from ``url`` at ``fetched_at``."""

    page_sha256: str
    url: str
    fetched_at: str
    file: str
    offset: int
    length: int


def add(conn: sqlite3.Connection, kept: Kept) -> None:
    """Note where a page stands; call it in the transaction that stores its story."""
    conn.execute(
        "insert into archive values (?, ?, ?, ?, ?, ?)",
        (kept.page_sha256, kept.url, kept.fetched_at, kept.file, kept.offset, kept.length),
    )


def is_kept(conn: sqlite3.Connection, page_sha256: str, url: str) -> bool:
    """Whether just this page of just this address is in the archive."""
    query = "select 1 from archive where page_sha256 = ? and url = ?"
    return conn.execute(query, (page_sha256, url)).fetchone() is not None


def find(conn: sqlite3.Connection, page_sha256: str | None, url: str) -> Kept | None:
    """Where the page with this hash stands: as fetched from ``url``, else from any address; None when nowhere."""
    row = conn.execute(
        "select page_sha256, url, fetched_at, file, offset, length from archive where page_sha256 = ?"
        " order by url = ? desc, url limit 1",
        (page_sha256, url),
    ).fetchone()
    return None if row is None else Kept(*row)


def page_of_revision(conn: sqlite3.Connection, story: str, revision: int) -> str | None:
    """The hash of the page that the story with this id was read from when it was at this revision."""
    row = conn.execute(
        "select r.page_sha256 from revisions r join stories s on s.pk = r.story where s.id = ? and r.revision = ?",
        (story, revision),
    ).fetchone()
    return None if row is None else row[0]


def kept_revisions(conn: sqlite3.Connection, story: str) -> dict[int, str]:
    """The revisions of the story with this id whose pages are kept, and when these were fetched."""
    rows = conn.execute(
        "select revision, min(a.fetched_at) from (select revision, page_sha256 from stories where id = ?1 union all"
        " select r.revision, r.page_sha256 from revisions r join stories s on s.pk = r.story where s.id = ?1) v"
        " join archive a on a.page_sha256 = v.page_sha256 group by revision order by revision",
        (story,),
    )
    return {int(revision): str(fetched_at) for revision, fetched_at in rows}


def end_of(conn: sqlite3.Connection, file: str) -> int:
    """Where the last page that is known of in ``file`` ends; 0 when none is."""
    row = conn.execute(
        "select offset + length from archive where file = ? order by offset desc limit 1", (file,)
    ).fetchone()
    return 0 if row is None else int(row[0])


def forget(conn: sqlite3.Connection, file: str) -> int:
    """Forget all pages in ``file``; returns how many they were."""
    with transaction(conn):
        return conn.execute("delete from archive where file = ?", (file,)).rowcount


def kept_at(moment: datetime) -> str:
    """A time as the table has it."""
    return isoformat(moment) or ""
