"""Revisions: what a story said before its page was changed."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from monitor.items import Story, isoformat
from monitor.store.database import transaction
from monitor.store.stories import PARTS, add_parts, load_story, row_values, search_row

# What a revision replaces; identity, first fetch and links to other stories stay.
_REPLACED = tuple(
    "title key_points text summary byline language variant published_at published_precision relevance relevant"
    " event_type is_clash event_date event_date_end time_precision partial_date evidence text_sha256"
    " page_sha256".split()
)


@dataclass(frozen=True)
class Revision:
    """An earlier state of a story: its number, what it said, and when it was found replaced."""

    revision: int
    title: str
    text: str
    replaced_at: str


def revise(conn: sqlite3.Connection, identifier: str, story: Story, old_bands: list[int], now: datetime) -> int:
    """Put what ``story`` says in the place of the stored story ``identifier``; the old text is kept as a revision.

    ``old_bands`` is the signature of the old text. Returns the new revision number. One transaction.
    """
    old = load_story(conn, identifier)
    if old is None:
        raise LookupError(f"no story {identifier}")
    values = row_values(story)
    with transaction(conn):
        (pk,) = conn.execute("select pk from stories where id = ?", (identifier,)).fetchone()
        conn.execute(
            "insert into revisions (story, revision, title, text, page_sha256, replaced_at) values (?, ?, ?, ?, ?, ?)",
            (pk, old.revision, old.title, old.text, old.page_sha256, isoformat(now)),
        )
        conn.execute(
            "insert into story_search (story_search, rowid, title, key_points, text) values ('delete', ?, ?, ?, ?)",
            (pk, *search_row(old)),
        )
        conn.executemany("delete from signatures where band = ? and story = ?", [(band, pk) for band in old_bands])
        for table in PARTS:
            conn.execute(f"delete from {table} where story = ?", (pk,))  # noqa: S608
        conn.execute(
            f"update stories set {', '.join(f'{name} = ?' for name in _REPLACED)}, revision = ? where pk = ?",  # noqa: S608
            (*(values[name] for name in _REPLACED), old.revision + 1, pk),
        )
        add_parts(conn, pk, story)
    return old.revision + 1


def has_page(conn: sqlite3.Connection, identifier: str, page_sha256: str) -> bool:
    """Whether the story ``identifier`` was read from the page with this hash, now or at an earlier revision."""
    row = conn.execute(
        "select 1 from stories s where s.id = ?1 and (s.page_sha256 = ?2"
        " or exists (select 1 from revisions r where r.story = s.pk and r.page_sha256 = ?2))",
        (identifier, page_sha256),
    ).fetchone()
    return row is not None


def revisions_of(conn: sqlite3.Connection, identifier: str) -> list[Revision]:
    """The earlier states of a story, oldest first."""
    rows = conn.execute(
        "select r.revision as revision, r.title as title, r.text as text, replaced_at from revisions r"
        " join stories s on s.pk = r.story where s.id = ? order by r.revision",
        (identifier,),
    )
    return [Revision(**dict(row)) for row in rows]
