"""What rules need to know of the store: stories, the states whose change is told, how many clashes are new."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.alerts.facts import StoryFacts
from monitor.alerts.rules import Rule
from monitor.alerts.states import State
from monitor.items import Place, isoformat, moment
from monitor.store.database import transaction
from monitor.store.rows import batches, marks
from monitor.store.vocabulary import ids_named, within

# An incident that nobody has told of for so long is none of these days.
_STALE = timedelta(days=4)


def story_facts(conn: sqlite3.Connection, ids: Collection[str]) -> dict[str, StoryFacts]:
    """The stories with these ids as rules and messages know them."""
    found: dict[str, StoryFacts] = {}
    for part in batches(list(ids)):
        rows = conn.execute(
            "select pk, id, coalesce(duplicate_of, id) as root, url, title, source, language, event_type, relevance,"  # noqa: S608
            f" published_at, incident_id from stories where id in ({marks(part)})",
            part,
        )
        for row in rows:
            found[row["id"]] = _story_facts(conn, row)
    return found


def _story_facts(conn: sqlite3.Connection, row: sqlite3.Row) -> StoryFacts:
    values = dict(row)
    pk = values.pop("pk")
    values["published_at"] = moment(values["published_at"])
    keywords = conn.execute(
        "select k.keyword, sum(sk.count) from story_keywords sk join keywords k on k.pk = sk.keyword where sk.story = ?"
        " group by k.keyword order by 2 desc, 1",
        (pk,),
    )
    places = conn.execute(
        "select name, admin1, country, lat, lon, geo_precision, id from story_places join places on places.pk = place"
        " where story = ? order by rank",
        (pk,),
    )
    actors = conn.execute("select actor from story_actors where story = ? order by rank", (pk,))
    return StoryFacts(
        **values,
        keywords={str(name): int(count) for name, count in keywords},
        places=tuple(Place(*place) for place in places),
        actors=tuple(str(actor) for (actor,) in actors),
    )


def named(conn: sqlite3.Connection, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """``rules`` with all that their words for places, actors and keywords mean, in any language and spelling.

    A place stands for everything inside it. What the vocabulary does not know stays as it is written.
    """
    return tuple(
        replace(
            rule,
            places=rule.places | set(within(conn, _named(conn, "place", rule.places))),
            actors=rule.actors | set(_named(conn, "actor", rule.actors)),
            keywords=rule.keywords | _keywords_named(conn, rule.keywords),
        )
        for rule in rules
    )


def _named(conn: sqlite3.Connection, kind: str, names: Collection[str]) -> list[str]:
    return [identifier for name in sorted(names) for identifier in ids_named(conn, kind, name)]


def _keywords_named(conn: sqlite3.Connection, names: Collection[str]) -> frozenset[str]:
    """Keywords, names of places among them, in small letters."""
    places = _named(conn, "place", names)
    rows = conn.execute(f"select name from places where id in ({marks(places)})", places)  # noqa: S608
    return frozenset(name.casefold() for name in (*_named(conn, "keyword", names), *(name for (name,) in rows)))


def stories_since_looked(conn: sqlite3.Connection) -> tuple[list[str], int]:
    """The relevant stories stored since rules about stories last looked, and up to where they are looked at now."""
    looked = looked_at(conn)
    (last,) = conn.execute("select coalesce(max(pk), 0) from stories").fetchone()
    rows = conn.execute("select id from stories where pk > ? and pk <= ? and relevant = 1 order by pk", (looked, last))
    return [str(identifier) for (identifier,) in rows], int(last)


def looked_at(conn: sqlite3.Connection) -> int:
    """Up to which story (its row number) rules have looked."""
    row = conn.execute("select value from settings where name = 'alerts.story'").fetchone()
    return int(row[0]) if row else 0


def note_looked(conn: sqlite3.Connection, pk: int) -> None:
    """Remember up to which story rules have looked."""
    conn.execute("insert or replace into settings (name, value) values ('alerts.story', ?)", (pk,))


def states(conn: sqlite3.Connection, prefix: str = "") -> dict[str, State]:
    """The last known states of all subjects that begin with ``prefix``."""
    rows = conn.execute("select subject, state, since, told_at from alert_states")
    return {
        str(subject): State(subject, state, datetime.fromisoformat(since), moment(told))
        for subject, state, since, told in rows
        if str(subject).startswith(prefix)
    }


def save_states(conn: sqlite3.Connection, found: Iterable[State]) -> None:
    """Remember states in the place of those known before."""
    with transaction(conn):
        conn.executemany(
            "insert or replace into alert_states (subject, state, since, told_at) values (?, ?, ?, ?)",
            [(item.subject, item.state, isoformat(item.since), isoformat(item.told_at)) for item in found],
        )


def count_new_clashes(conn: sqlite3.Connection, since: datetime) -> int:
    """How many incidents were first seen at or after ``since``.

    Those merged into others do not count, nor those last told of long before: an archive taken in is no news.
    """
    row = conn.execute(
        "select count(*) from incidents where created_at >= ? and last_reported_at >= ? and forward_to is null",
        (isoformat(since), isoformat(since - _STALE)),
    ).fetchone()
    return int(row[0])
