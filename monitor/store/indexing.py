"""The full-text index kept compact: what storing leaves to be merged is merged after a run, a little at a time."""

from __future__ import annotations

import sqlite3

from monitor.store.database import transaction

# Pages of the database that are written at most: 8 MB in a tenth of a second.
_PAGES = 2000


def compact(conn: sqlite3.Connection) -> bool:
    """Merge parts of the index where there are four or more of a size; returns whether some may be left to be merged.

    Each story is a part of its own at first, and every part is looked into for every word of a question: a question in
    many languages has a hundred of them. All that a million stories ever leave is merged in a hundred calls.
    """
    before = conn.total_changes
    with transaction(conn):
        conn.execute("insert into story_search (story_search, rank) values ('merge', ?)", (_PAGES,))
    return conn.total_changes - before > 1  # a call that finds nothing to merge changes no more than one row
