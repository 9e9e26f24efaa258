"""Finding stories: full text in any script's spelling, and filters."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.errors import ConfigError
from monitor.items import Story, isoformat
from monitor.queries import parse_query
from monitor.querytree import Node, Term, terms_of, widen
from monitor.snippets import Marker, Snippet
from monitor.store.filters import WHEN, Filters, bounds, conditions
from monitor.store.stories import all_stories
from monitor.store.vocabulary import forms_of

__all__ = [
    "Filters",
    "Hit",
    "Shown",
    "find",
    "hits_at",
    "match_expression",
    "matches_since",
    "snippets",
    "stories_where",
    "understand",
]

# So many of the newest stories that match are ranked; to weigh every story that has a common word would take seconds.
RANKED = 1000
# Fewer where it takes longer to find them: among the stories of a filter, and for a query widened to many forms, which
# is ranked by titles.
RANKED_FILTERED, RANKED_WIDE, _WIDE = 500, 300, 24
# How much a word weighs in the title, the key points and the text.
_WEIGHTS = "8.0, 4.0, 1.0"
# The newest story found counts double; one older by so many days half as much more.
_HALF_DAYS = 30.0
_COLUMNS = (
    "s.id, s.title, s.source, s.language, s.published_at, s.fetched_at, s.event_type, s.is_clash, s.duplicate_of, s.url"
)


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


@dataclass(frozen=True)
class Shown:
    """A story found as it is shown: its title, and the stretch of its text with most of the words, both marked."""

    title: Snippet
    text: Snippet


def understand(conn: sqlite3.Connection, query: str, across: bool = False) -> Node:
    """The query as a tree; with ``across``, words that name a keyword, place or actor stand for it in all languages.

    Raises QueryError (a ConfigError) that names the place of a fault and how to mend it.
    """
    node = parse_query(query)
    return widen(node, lambda words: forms_of(conn, words)) if across else node


def match_expression(query: str) -> str:
    """The FTS5 expression for what a person typed; raises QueryError as ``parse_query`` does."""
    return parse_query(query).expression()


def find(
    conn: sqlite3.Connection, query: str | None, filters: Filters, limit: int | None, *, across: bool = False
) -> list[Hit]:
    """Stories that match ``query`` (all when None) and ``filters``: best first for a query, else newest first.

    Best is BM25 (Robertson and Zaragoza 2009) as FTS5 computes it, raised for stories that are newer. Only the 1,000
    stories stored last of those that match are ranked (500 with filters; more when ``limit`` is more, all when it is
    None); a query that ``across`` makes very wide is ranked by titles. Raises ConfigError for a query or a filter that
    cannot be understood.
    """
    if query is None:
        pks = _newest(conn, filters, limit)
    else:
        pks = _best(conn, understand(conn, query, across), filters, limit)
    return hits_at(conn, pks)


def hits_at(conn: sqlite3.Connection, pks: Sequence[int]) -> list[Hit]:
    """The stories in the rows ``pks``, in that order."""
    rows = conn.execute(
        f"select {_COLUMNS} from json_each(?) wanted cross join stories s on s.pk = wanted.value order by wanted.key",  # noqa: S608
        (json.dumps(pks),),
    )
    return [Hit(**{**row, "is_clash": bool(row["is_clash"])}) for row in map(dict, rows)]


def matches_since(
    conn: sqlite3.Connection, query: str | None, filters: Filters, since_pk: int, *, across: bool = False
) -> list[int]:
    """Row numbers of the stories stored after row ``since_pk`` that match, in the order stored."""
    where, values = conditions(conn, filters).sql("pk")
    if query is None:
        rows = conn.execute(f"select pk from stories where pk > ? and {where} order by pk", (since_pk, *values))  # noqa: S608
        return [int(pk) for (pk,) in rows]
    where, values = conditions(conn, filters).sql("story_search.rowid")
    rows = conn.execute(
        "select rowid from story_search where story_search match ? and rowid > ?"  # noqa: S608
        f" and {where} order by rowid",
        (understand(conn, query, across).expression(), since_pk, *values),
    )
    return [int(pk) for (pk,) in rows]


def snippets(conn: sqlite3.Connection, query: str, hits: Sequence[Hit], *, across: bool = False) -> list[Shown]:
    """How to show each of ``hits``, found by ``query``: title and text with the words that were looked for."""
    marker = Marker(terms_of(understand(conn, query, across)))
    rows = conn.execute(
        "select s.text from json_each(?) wanted cross join stories s on s.id = wanted.value order by wanted.key",
        (json.dumps([hit.id for hit in hits]),),
    )
    return [Shown(marker.mark(hit.title), marker.snippet(str(text))) for hit, (text,) in zip(hits, rows, strict=True)]


def stories_where(conn: sqlite3.Connection, filters: Filters) -> Iterator[Story]:
    """Every whole story that meets ``filters``, one at a time, in the order stored."""
    return all_stories(conn, *conditions(conn, filters).sql("stories.pk"))


def _newest(conn: sqlite3.Connection, filters: Filters, limit: int | None) -> list[int]:
    found = conditions(conn, filters)
    where, values = found.sql("s.pk")
    if found.listed:  # a short list is sorted …
        where, order, index = where.removeprefix("+"), f"+{WHEN}", "stories_facets"
    else:  # … otherwise the index is read from the newest on until there are enough
        order, index = WHEN, "stories_when"
        for sign, moment in ((">=", filters.since), ("<", filters.until)):
            if moment:
                where, values = f"{where} and {WHEN} {sign} ?", [*values, isoformat(moment)]
    sql = f"select pk from stories s indexed by {index} where {where} order by {order} desc, pk desc limit ?"  # noqa: S608
    return [int(pk) for (pk,) in conn.execute(sql, (*values, -1 if limit is None else limit))]


def _best(conn: sqlite3.Connection, node: Node, filters: Filters, limit: int | None) -> list[int]:
    """The row numbers of what matches, best first."""
    terms = set(terms_of(node))
    wide = len(terms) > _WIDE
    most = RANKED_WIDE if wide else RANKED if filters == Filters() else RANKED_FILTERED
    ranked = -1 if limit is None else max(limit, most)
    scored = _scored(conn, node, filters, "0.0" if wide else f"bm25(story_search, {_WEIGHTS})", ranked)
    if wide:
        scored = _scored_by_title(conn, terms, scored)
    days = _days(conn, scored)
    newest = max(days.values(), default=0.0)
    worth = {pk: score * (1 + 0.5 ** ((newest - days[pk]) / _HALF_DAYS)) for pk, score in scored.items()}
    best = sorted(worth, key=lambda pk: (-worth[pk], -days[pk], -pk))
    return best if limit is None else best[:limit]


def _scored(conn: sqlite3.Connection, node: Node, filters: Filters, score: str, ranked: int) -> dict[int, float]:
    """The newest ``ranked`` rows that match, each with its score, which is higher for better ones."""
    where, values = conditions(conn, filters).sql("story_search.rowid")
    span = bounds(conn, filters)
    within = "" if span is None else " and story_search.rowid between ? and ?"
    try:
        rows = conn.execute(
            f"select rowid, -{score} from story_search where story_search match ?{within}"  # noqa: S608
            f" and {where} order by rowid desc limit ?",
            (node.expression(), *(span or ()), *values, ranked),
        ).fetchall()
    except sqlite3.OperationalError as error:
        if "fts5" not in str(error):
            raise
        raise ConfigError(f"search: this query cannot be read ({error}); use fewer words or parentheses") from error
    return {int(pk): float(found) for pk, found in rows}


def _scored_by_title(conn: sqlite3.Connection, terms: Iterable[Term], pks: Iterable[int]) -> dict[int, float]:
    """The rows with how much of their titles ``terms`` make up: instead of BM25, whose cost grows with each term."""
    marker = Marker(terms)
    rows = conn.execute(
        "select s.pk, s.title from json_each(?) wanted cross join stories s on s.pk = wanted.value",
        (json.dumps(list(pks)),),
    )
    return {int(pk): 1.0 + marker.kinds(str(title)) for pk, title in rows}


def _days(conn: sqlite3.Connection, pks: Iterable[int]) -> dict[int, float]:
    """When each story happened, in days of the Julian calendar."""
    rows = conn.execute(
        f"select pk, julianday({WHEN}) from json_each(?) wanted"  # noqa: S608
        " cross join stories indexed by stories_facets on pk = wanted.value",
        (json.dumps(list(pks)),),
    )
    return {int(pk): float(day or 0) for pk, day in rows}
