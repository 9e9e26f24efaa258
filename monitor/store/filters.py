"""What stories must meet besides words: each filter as SQL, chosen by how many stories it lets through."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.errors import ConfigError
from monitor.items import isoformat
from monitor.store.rows import marks
from monitor.store.vocabulary import ids_named

# When a story happened for the purpose of filters and order: as published, else as fetched.
WHEN = "coalesce(published_at, fetched_at)"
_LOOK_AT = "select 1 from stories f indexed by stories_facets"
# A filter that lets no more stories through is made a list first; for one with more, each story is looked at.
_LISTED = 30_000
# The numbers of the first and last story of a span of time are looked for when it is this short.
_SPAN_DAYS = 60
AFFILIATIONS = ("state", "party", "independent", "agency", "international")


@dataclass(frozen=True)
class Filters:
    """What stories must meet besides the words; None or False leaves a filter out.

    Places, actors and keywords can be named in any language and spelling. A place stands for everything inside it;
    ``affiliation`` is that of the source, ``claimant`` who says something of losses in the story.
    """

    since: datetime | None = None
    until: datetime | None = None
    language: str | None = None
    source: str | None = None
    place: str | None = None
    actor: str | None = None
    keyword: str | None = None
    clash: bool = False
    affiliation: str | None = None
    claimant: str | None = None
    incident: str | None = None


Values = Sequence[object]


@dataclass(frozen=True)
class _Members:
    """Stories that belong to something: ``listed`` selects their numbers; ``each`` asks whether story {pk} is one."""

    listed: str
    each: str
    values: Values


@dataclass(frozen=True)
class Conditions:
    """Filters as SQL; in ``listed`` and ``each``, {pk} stands for the column with the number of the story."""

    listed: tuple[tuple[str, Values], ...] = ()
    each: tuple[tuple[str, Values], ...] = ()

    def sql(self, pk: str) -> tuple[str, list[object]]:
        """Everything as one condition on the column ``pk``, and its values. The plus keeps an index from being used."""
        parts = [f"+{pk} in ({text})" for text, _ in self.listed] + [text.replace("{pk}", pk) for text, _ in self.each]
        return " and ".join(parts) or "1", [v for _, values in (*self.listed, *self.each) for v in values]


def conditions(conn: sqlite3.Connection, filters: Filters) -> Conditions:
    """The SQL of ``filters``. Raises ConfigError for a value that can never be met, with the ones that can."""
    listed: list[tuple[str, Values]] = []
    each: list[tuple[str, Values]] = []
    for members in _memberships(conn, filters):
        count = f"select count(*) from ({members.listed} limit {_LISTED + 1})"  # noqa: S608
        few = conn.execute(count, members.values).fetchone()[0] <= _LISTED
        (listed if few else each).append((members.listed if few else members.each, members.values))
    facets, values = _facets(filters)
    if facets:
        each.append((f"exists ({_LOOK_AT} where f.pk = {{pk}} and {' and '.join(facets)})", values))
    return Conditions(tuple(listed), tuple(each))


def bounds(conn: sqlite3.Connection, filters: Filters) -> tuple[int, int] | None:
    """The first and last number of the stories of a short span of time; None when it is long or open.

    Stories are numbered as they are stored, so those of one time stand together: a search need not look elsewhere.
    """
    if not (filters.since and filters.until) or (filters.until - filters.since).days > _SPAN_DAYS:
        return None
    row = conn.execute(
        f"select min(pk), max(pk) from stories where {WHEN} >= ? and {WHEN} < ?",  # noqa: S608
        (isoformat(filters.since), isoformat(filters.until)),
    ).fetchone()
    return (0, 0) if row[0] is None else (int(row[0]), int(row[1]))


def _facets(filters: Filters) -> tuple[list[str], list[object]]:
    """What is asked of the columns of a story, and the values."""
    asked: list[tuple[str, object]] = []
    if filters.since:
        asked.append(("coalesce(f.published_at, f.fetched_at) >= ?", isoformat(filters.since)))
    if filters.until:
        asked.append(("coalesce(f.published_at, f.fetched_at) < ?", isoformat(filters.until)))
    if filters.language:
        asked.append(("f.language = ?", filters.language.strip().lower()))
    if filters.clash:
        asked.append(("f.is_clash = ?", 1))
    return [text for text, _ in asked], [value for _, value in asked]


def _memberships(conn: sqlite3.Connection, filters: Filters) -> list[_Members]:
    found = []
    if filters.source:
        found.append(_of_column("source", [filters.source.strip().lower()]))
    if filters.affiliation:
        found.append(_affiliation(conn, filters.affiliation.strip().lower()))
    if filters.incident:
        found.append(_of_column("incident_id", _incidents(conn, filters.incident.strip().lower())))
    if filters.claimant:
        found.append(_of_table("claims", "claimant", [filters.claimant.strip().lower()]))
    if filters.actor:
        found.append(_of_table("story_actors", "actor", actors_named(conn, filters.actor)))
    if filters.keyword:
        found.append(_of_table("story_keywords", "keyword", _keywords(conn, filters.keyword)))
    if filters.place:
        found.append(_of_table("story_places", "place", places_in(conn, filters.place)))
    return found


def _of_column(name: str, values: Values) -> _Members:
    some = marks(values)
    return _Members(
        f"select pk from stories where {name} in ({some})",  # noqa: S608
        f"exists ({_LOOK_AT} where f.pk = {{pk}} and f.{name} in ({some}))",
        values,
    )


def _of_table(table: str, column: str, values: Values) -> _Members:
    some = marks(values)
    return _Members(
        f"select story from {table} where {column} in ({some})",  # noqa: S608
        f"exists (select 1 from {table} t where t.story = {{pk}} and +t.{column} in ({some}))",  # noqa: S608
        values,
    )


def actors_named(conn: sqlite3.Connection, value: str) -> list[str]:
    """The ids of the actors that ``value`` names in any language; an id names itself."""
    return list(dict.fromkeys([value.strip(), *ids_named(conn, "actor", value)]))


def _affiliation(conn: sqlite3.Connection, value: str) -> _Members:
    if value not in AFFILIATIONS:
        raise ConfigError(f"--affiliation: {value!r} is not one of {', '.join(AFFILIATIONS)}")
    rows = conn.execute("select source from source_facts where affiliation = ?", (value,))
    return _of_column("source", [source for (source,) in rows])


def _incidents(conn: sqlite3.Connection, identifier: str) -> list[object]:
    """The incident, or the one it was merged into."""
    rows = conn.execute(
        "with recursive way(id) as (select ?1 union select forward_to from incidents join way using (id)"
        " where forward_to is not null) select id from way",
        (identifier,),
    )
    return [found for (found,) in rows]


def _keywords(conn: sqlite3.Connection, value: str) -> list[object]:
    """Rows of ``keywords``: what ``value`` is a form of in any language, a place's name among them."""
    names = [value.strip(), *ids_named(conn, "keyword", value)]
    places = ids_named(conn, "place", value)
    rows = conn.execute(
        f"select pk from keywords where keyword collate nocase in ({marks(names)})"  # noqa: S608
        f" union select k.pk from keywords k join places p on p.name = k.keyword where p.id in ({marks(places)})",
        (*names, *places),
    )
    return [pk for (pk,) in rows]


def places_in(conn: sqlite3.Connection, value: str) -> list[object]:
    """Rows of ``places``: what ``value`` names in any language or spelling, and everything inside it."""
    named = ids_named(conn, "place", value)
    plain = value.strip().lower()
    rows = conn.execute(
        "select pk from places where id in"  # noqa: S608
        f" (select place from place_within where within in ({marks(named)}))"
        " or ? in (id, lower(name), lower(admin1))",
        (*named, plain),
    )
    return [pk for (pk,) in rows]
