"""Why a filter finds nothing: what it names is not known at all, and what was perhaps meant."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from difflib import get_close_matches

from monitor.querytree import words_of
from monitor.store.filters import Filters
from monitor.store.vocabulary import ids_named

# How alike a name must be to be offered (difflib's ratio).
_ALIKE = 0.7
# What stories carry under a name that the seeds do not know any more.
_STORED = {
    "place": "select 1 from places where ?1 in (id, lower(name), lower(admin1))",
    "actor": "select 1 from story_actors where actor = ?1",
    "keyword": "select 1 from keywords where keyword collate nocase = ?1",
}
# What names of each kind may also name.
_KINDS = {"place": ("place",), "actor": ("actor",), "keyword": ("keyword", "place")}


def unknown_names(conn: sqlite3.Connection, filters: Filters) -> list[str]:
    """One sentence for each of ``filters`` that can find nothing because nothing goes by what it names.

    To be asked when nothing was found: "no story" about a misspelt place must not be taken for quiet there.
    """
    asked = (
        _named(conn, "place", filters.place),
        _named(conn, "actor", filters.actor),
        _named(conn, "keyword", filters.keyword),
        _declared(conn, "source", "source_facts", "source", filters.source),
        _declared(conn, "incident", "incidents", "id", filters.incident),
        _present(conn, "lang", "language", "stories", filters.language),
        _present(conn, "claimant", "claimant", "claims", filters.claimant),
    )
    return [sentence for sentence in asked if sentence]


def _named(conn: sqlite3.Connection, kind: str, value: str | None) -> str:
    if not value or any(ids_named(conn, each, value) for each in _KINDS[kind]):
        return ""
    if conn.execute(_STORED[kind], (value.strip().lower(),)).fetchone():
        return ""
    names = {}
    for each in _KINDS[kind]:
        rows = conn.execute("select folded, form from vocabulary where kind = ? order by form", (each,))
        names.update({str(folded): str(form) for folded, form in rows})
    if not names:  # no seeds were read into this database yet: nothing can be told
        return ""
    near = get_close_matches(" ".join(words_of(value)), names, n=1, cutoff=_ALIKE)
    return f"--{kind}: no {kind} is called {value!r}{_meant(names[found] for found in near)}"


def _declared(conn: sqlite3.Connection, kind: str, table: str, column: str, value: str | None) -> str:
    if not value:
        return ""
    known = [str(name) for (name,) in conn.execute(f"select {column} from {table} order by 1")]  # noqa: S608
    wanted = value.strip().lower()
    if wanted in known or (kind == "source" and _has(conn, "stories", "source", wanted)):
        return ""
    return f"--{kind}: no {kind} has the id {value!r}{_meant(get_close_matches(wanted, known, n=1, cutoff=_ALIKE))}"


def _present(conn: sqlite3.Connection, option: str, column: str, table: str, value: str | None) -> str:
    if not value or _has(conn, table, column, value.strip().lower()):
        return ""
    known = [str(name) for (name,) in conn.execute(f"select distinct {column} from {table} order by 1")]  # noqa: S608
    there = f"; there are {', '.join(known)}" if known else ""
    return f"--{option}: no story has the {column} {value!r}{there}"


def _has(conn: sqlite3.Connection, table: str, column: str, value: str) -> bool:
    return conn.execute(f"select 1 from {table} where {column} = ? limit 1", (value,)).fetchone() is not None  # noqa: S608


def _meant(near: Iterable[str]) -> str:
    return "".join(f"; did you mean {name!r}?" for name in near)
