"""Finding stories: full text in any script's spelling, and filters."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.analysis.text import fold
from monitor.errors import ConfigError
from monitor.items import Story, isoformat
from monitor.store.stories import all_stories

_TOKEN = re.compile(r'"(?P<phrase>[^"]*)"?(?P<prefix>\*)?|(?P<paren>[()])|(?P<word>[^\s()"]+)')
_OPERATORS = {"AND", "OR", "NOT"}
# When a story happened for the purpose of filters and order: as published, else as fetched.
_WHEN = "coalesce(published_at, fetched_at)"


@dataclass(frozen=True)
class Filters:
    """What stories must meet besides the words; None or False leaves a filter out."""

    since: datetime | None = None
    until: datetime | None = None
    language: str | None = None
    source: str | None = None
    place: str | None = None
    actor: str | None = None
    keyword: str | None = None
    clash: bool = False


@dataclass(frozen=True)
class Hit:
    """One story found: enough to list it."""

    id: str
    title: str
    source: str
    language: str
    published_at: str | None
    fetched_at: str
    event_type: str
    is_clash: bool
    duplicate_of: str | None
    url: str


def match_expression(query: str) -> str:
    """The FTS5 expression for what a person typed: words, "phrases", prefix*, AND, OR, NOT and parentheses.

    Words are folded as the stored text is, so that every spelling finds every spelling. Raises ConfigError when
    nothing is left to look for or an operator has nothing to work on.
    """
    parts: list[str] = []
    for token in _TOKEN.finditer(query):
        if token["paren"] or token["word"] in _OPERATORS:
            parts.append(token[0])
            continue
        text = token["phrase"] if token["word"] is None else token["word"]
        prefix = token["prefix"] or ("*" if text.endswith("*") else "")
        words = " ".join(re.findall(r"\w+", fold(text)))
        if words:
            parts.append(f'"{words}"{prefix}')
    if not any(part.startswith('"') for part in parts):
        raise ConfigError(f"search: {query!r} has no word to look for")
    return " ".join(parts)


def find(conn: sqlite3.Connection, query: str | None, filters: Filters, limit: int | None) -> list[Hit]:
    """Stories that match ``query`` (all when None) and ``filters``: best first for a query, else newest first."""
    where, values = _conditions(filters)
    columns = (
        "id, stories.title as title, source, language, published_at, fetched_at, event_type, is_clash,"
        " duplicate_of, url"
    )
    tail = "" if limit is None else " limit ?"
    values = [*values, *([] if limit is None else [limit])]
    if query is None:
        sql = f"select {columns} from stories where {where} order by {_WHEN} desc, pk desc{tail}"  # noqa: S608
    else:
        sql = (
            f"select {columns} from story_search join stories on pk = story_search.rowid"  # noqa: S608
            f" where story_search match ? and {where} order by bm25(story_search, 8.0, 4.0, 1.0), {_WHEN} desc{tail}"
        )
        values = [match_expression(query), *values]
    try:
        rows = conn.execute(sql, values).fetchall()
    except sqlite3.OperationalError as error:
        if query is None or "fts5" not in str(error):
            raise
        raise ConfigError(
            f'search: {query!r} cannot be read ({error}); use words, "phrases", prefix*, AND, OR, NOT, parentheses'
        ) from error
    return [Hit(**{**row, "is_clash": bool(row["is_clash"])}) for row in map(dict, rows)]


def stories_where(conn: sqlite3.Connection, filters: Filters) -> Iterator[Story]:
    """Every whole story that meets ``filters``, one at a time, in the order stored."""
    return all_stories(conn, *_conditions(filters))


def _conditions(filters: Filters) -> tuple[str, Sequence[object]]:
    parts, values = ["1"], []

    def add(sql: str, value: object) -> None:
        parts.append(sql)
        values.append(value)

    if filters.since:
        add(f"{_WHEN} >= ?", isoformat(filters.since))
    if filters.until:
        add(f"{_WHEN} < ?", isoformat(filters.until))
    if filters.language:
        add("language = ?", filters.language)
    if filters.source:
        add("source = ?", filters.source)
    if filters.place:
        add(
            "pk in (select story from story_places sp join places p on p.pk = sp.place"
            " where ? in (p.id, lower(p.name), lower(p.admin1)))",
            filters.place.lower(),
        )
    if filters.actor:
        add("pk in (select story from story_actors where actor = ?)", filters.actor)
    if filters.keyword:
        add(
            "pk in (select sk.story from story_keywords sk join keywords k on k.pk = sk.keyword"
            " where k.keyword = ? collate nocase)",
            filters.keyword,
        )
    if filters.clash:
        parts.append("is_clash = 1")
    return " and ".join(parts), values
