"""The page that documents the database, written from the database itself: ``python -m monitor.store.describe``."""

from __future__ import annotations

import re
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from monitor.store.cookbook import COLUMNS, TABLES
from monitor.store.database import open_store
from monitor.store.names import MIGRATIONS

# Families in the order of the page, with their tables; what stands in none of them comes last.
FAMILIES = {
    "Stories and what hangs on them": (
        "stories claims story_keywords keywords story_places places story_actors revisions".split()
    ),
    "Incidents": "incidents incident_places incident_changes decisions unlinked".split(),
    "Searching": "story_search vocabulary place_within source_facts searches".split(),
    "Collecting": "sources feeds pages archive runs run_sources robots signatures".split(),
    "Health": "source_hours language_hours source_news ways_in".split(),
    "Alerts": "alerts deliveries silences alert_kin alert_states".split(),
    "Bookkeeping": "settings _sqlite_migrations".split(),
}
# What is no matter of the page for readers of tables, and is told here alone.
OWN_TABLES = {
    "story_search": "Full-text index (FTS5) of title, key points and text, folded: one spelling for letters, digits and"
    " signs. Its rowid is stories.pk. It keeps no text; ask it with monitor search, which folds the query too.",
    "vocabulary": "What the seeds call keywords, places and actors, in every language; kept in step with the seeds.",
    "place_within": "Each place of the gazetteer and everything it lies in, itself included.",
    "source_facts": "What the declarations say of each source.",
    "searches": "Searches that were given a name with monitor search --save.",
    "unlinked": "Stories whose place among the incidents has to be found, again or for the first time.",
    "archive": "Where in the WARC files of the archive the page of each story, and of each revision, stands.",
    "robots": "The robots.txt of each host as last read.",
    "signatures": "MinHash bands of each story's text: stories that share one may repeat each other.",
    "source_news": "When each source last listed something that was not known before.",
    "ways_in": "Each feed, sitemap, section and channel: how often it was asked, and what it gave.",
    "alerts": "What was found to tell, once for each fact.",
    "deliveries": "The way of each alert out through each channel.",
    "silences": "What keeps alerts still until a time.",
    "alert_kin": "Incidents that were merged or split: what was told of one counts for the other.",
    "alert_states": "States whose change is told: of sources, languages, the crawl, crossings.",
    "settings": "Values the program keeps for itself.",
    "_sqlite_migrations": "Which migrations were applied, and when.",
}
_COLUMN = re.compile(r"^\s+(?P<name>\w+)\s[^\n]*?--\s*(?P<about>[^\n]+)$", re.M)
_HEAD = """# The database

One SQLite file (`var/monitor.db` unless `--db` says otherwise), in WAL mode, with `application_id` 0x424D4F4E. It may
be read by anything while a crawl writes; write to it with `monitor` alone. [The cookbook](cookbook.md) has queries to
begin with.

This page is written by `python -m monitor.store.describe > docs/schema.md` from the database as its {count} migrations
make it (the last is `{last}`). Times are ISO 8601 in UTC, lists and objects are JSON. **PK** is the primary key; → is
what a column refers to; *required* columns are never empty.
"""


def describe(conn: sqlite3.Connection) -> Iterator[str]:
    """The page, line by line."""
    yield from _HEAD.format(count=len(MIGRATIONS), last=MIGRATIONS[-1]).splitlines()
    present = tables(conn)
    placed = {table for family in FAMILIES.values() for table in family}
    for family, names in {**FAMILIES, "Other tables": sorted(present - placed)}.items():
        shown = [name for name in names if name in present]
        yield from ("", f"## {family}") if shown else ()
        for name in shown:
            yield from ("", f"### {name}", "", described(name), "")
            yield from _columns(conn, name)
            yield from _indexes(conn, name)


def described(table: str) -> str:
    """What ``table`` holds; empty when nobody has written it down, here or for the web page."""
    return OWN_TABLES.get(table) or TABLES.get(table, "")


def tables(conn: sqlite3.Connection) -> set[str]:
    """The tables of the database, without those that SQLite keeps for itself or for a full-text index."""
    rows = conn.execute("select name from pragma_table_list where schema = 'main' and type in ('table', 'virtual')")
    return {str(name) for (name,) in rows if not str(name).startswith("sqlite_")}


def _columns(conn: sqlite3.Connection, table: str) -> Iterator[str]:
    (statement,) = conn.execute("select sql from sqlite_master where name = ?", (table,)).fetchone()
    told = {match["name"]: match["about"].strip() for match in _COLUMN.finditer(statement)}
    told |= COLUMNS.get(table, {})
    refers = {
        str(row[0]): f"{row[1]}.{row[2] or 'pk'}"
        for row in conn.execute('select "from", "table", "to" from pragma_foreign_key_list(?)', (table,))
    }
    yield "| column | type | |"
    yield "|---|---|---|"
    rows = conn.execute('select name, type, "notnull", dflt_value, pk from pragma_table_info(?)', (table,))
    for name, kind, required, default, key in rows:
        notes = [
            "**PK**" if key else "",
            f"→ {refers[name]}" if name in refers else "",
            "*required*" if required and not key and default is None else "",
            told.get(name, ""),
        ]
        yield f"| `{name}` | {str(kind).lower()} | {'; '.join(filter(None, notes)).replace('|', chr(92) + '|')} |"


def _indexes(conn: sqlite3.Connection, table: str) -> Iterator[str]:
    rows = conn.execute(
        "select sql from sqlite_master where type = 'index' and tbl_name = ? and sql is not null order by name",
        (table,),
    ).fetchall()
    found = [re.sub(r"\s+", " ", str(sql).partition(" on ")[2]).removeprefix(table) for (sql,) in rows]
    if found:
        yield ""
        yield f"Indexes: {', '.join(f'`{columns}`' for columns in found)}."


def page() -> str:
    """The whole page for a new database."""
    with tempfile.TemporaryDirectory() as folder, closing(open_store(Path(folder) / "schema.db")) as conn:
        return "\n".join(describe(conn)) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
