"""Searches that were given a name: kept with their filters, run again, and asked what is new."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from monitor.errors import ConfigError, NotFound
from monitor.items import isoformat, moment
from monitor.store.database import transaction
from monitor.store.search import Filters, Hit, hits_at, matches_since, understand

_NAME = re.compile(r"\w[\w .-]{0,63}")
_TIMES = ("since", "until")


@dataclass(frozen=True)
class SavedSearch:
    """A query (None: the filters alone) with its filters, under a name."""

    name: str
    query: str | None
    filters: Filters
    across: bool
    created_at: str


def save(
    conn: sqlite3.Connection, name: str, query: str | None, filters: Filters, *, across: bool, now: datetime
) -> None:
    """Keep a search under ``name``, in the place of an older one of that name.

    Raises ConfigError for a name that cannot be typed on a command line and for a query that cannot be understood.
    """
    if not _NAME.fullmatch(name):
        raise ConfigError(f"search: {name!r} is no name for a search; use letters, digits, spaces, '.', '-' and '_'")
    if query is not None:
        understand(conn, query, across)
    options = {key: value for key, value in asdict(filters).items() if value}
    for key in _TIMES:
        if key in options:
            options[key] = isoformat(options[key])
    if across:
        options["across"] = True
    with transaction(conn):
        conn.execute(
            "insert or replace into searches (name, query, options, created_at) values (?, ?, ?, ?)",
            (name, query, json.dumps(options, ensure_ascii=False), isoformat(now)),
        )


def all_searches(conn: sqlite3.Connection) -> list[SavedSearch]:
    """Every saved search, by name."""
    return [_read(row) for row in conn.execute("select name, query, options, created_at from searches order by name")]


def load(conn: sqlite3.Connection, name: str) -> SavedSearch | None:
    """The search of this name, or None."""
    row = conn.execute("select name, query, options, created_at from searches where name = ?", (name,)).fetchone()
    return None if row is None else _read(row)


def remove(conn: sqlite3.Connection, name: str) -> bool:
    """Forget the search of this name; return whether there was one."""
    with transaction(conn):
        return conn.execute("delete from searches where name = ?", (name,)).rowcount > 0


def new_matches(conn: sqlite3.Connection, name: str, since_pk: int) -> tuple[int, list[Hit]]:
    """What the search ``name`` finds among the stories stored after row ``since_pk``, in the order stored.

    Returns with them the number to pass the next time, 0 being the first; it moves on also when nothing was found.
    Raises NotFound when there is no such search.
    """
    saved = load(conn, name)
    if saved is None:
        raise NotFound(f"there is no saved search {name!r}; 'monitor searches list' shows them")
    (last,) = conn.execute("select coalesce(max(pk), 0) from stories").fetchone()
    pks = matches_since(conn, saved.query, saved.filters, since_pk, across=saved.across)
    return max(int(last), since_pk), hits_at(conn, [pk for pk in pks if pk <= last])


def matches_among(conn: sqlite3.Connection, name: str, stories: Sequence[str]) -> list[str]:
    """Which of ``stories`` (ids) the search ``name`` finds, in the order stored. Raises NotFound as ``new_matches``."""
    saved = load(conn, name)
    if saved is None:
        raise NotFound(f"there is no saved search {name!r}; 'monitor searches list' shows them")
    wanted = json.dumps(list(stories))
    rows = conn.execute(
        "select pk, id from stories where id in (select value from json_each(?)) order by pk", (wanted,)
    )
    known = {int(pk): str(identifier) for pk, identifier in rows}
    if not known:
        return []
    found = set(matches_since(conn, saved.query, saved.filters, min(known) - 1, across=saved.across))
    return [identifier for pk, identifier in known.items() if pk in found]


def _read(row: sqlite3.Row) -> SavedSearch:
    options = json.loads(row["options"])
    across = bool(options.pop("across", False))
    for key in _TIMES:
        if key in options:
            options[key] = moment(options[key])
    return SavedSearch(row["name"], row["query"], Filters(**options), across, row["created_at"])
