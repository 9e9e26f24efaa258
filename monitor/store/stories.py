"""Stories and everything that hangs on them: stored in one transaction, read back as items."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from base64 import b32encode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from monitor.analysis.text import fold, fold_whole
from monitor.items import Claim, Keyword, Place, Story, isoformat, moment
from monitor.store.database import transaction
from monitor.store.rows import batches, marks

COLUMNS = tuple(
    "id url canonical_url source title key_points text summary byline language variant published_at"
    " published_precision fetched_at relevance relevant event_type is_clash event_date event_date_end time_precision"
    " partial_date evidence duplicate_of origin incident_id revision text_sha256 page_sha256".split()
)
# Tables of what hangs on a story and is read out of its text.
PARTS = ("story_keywords", "story_places", "story_actors", "claims")
# Columns of what is read out of its text.
_READ = tuple(
    "key_points language variant relevance relevant event_type is_clash event_date event_date_end time_precision"
    " partial_date evidence origin".split()
)
# Columns of what is read out of its page.
_OF_PAGE = tuple("title text byline published_at published_precision text_sha256".split())
# Copies are looked for among so many of the newest stories with a key, and so many of all that are found are compared;
# of those that share a single key, as strangers do that quote the same sentence, fewer.
_NEWEST, _CANDIDATES, _ONE_KEY = 64, 12, 4
_SELECT = f"select pk, {', '.join(COLUMNS)} from stories"  # noqa: S608


def story_id(canonical_url: str) -> str:
    """The id of the story at ``canonical_url``: 12 letters and digits, the same on every machine."""
    return b32encode(hashlib.blake2b(canonical_url.encode(), digest_size=8).digest()).decode().lower()[:12]


def text_sha256(text: str) -> str:
    """Hash of the text as a reader sees it: letter variants, case and white space do not count."""
    return hashlib.sha256(" ".join(fold_whole(text).split()).encode()).hexdigest()


def add_story(conn: sqlite3.Connection, story: Story) -> str:
    """Store ``story`` with its keywords, places, actors, claims, sketch and search entry; return its id.

    One transaction. Raises sqlite3.IntegrityError when a story with the same canonical URL is there already.
    """
    story.id = story.id or story_id(story.canonical_url)
    values = row_values(story)
    with transaction(conn):
        cursor = conn.execute(
            f"insert into stories ({', '.join(COLUMNS)}, stored_at)"  # noqa: S608
            f" values ({', '.join('?' * len(COLUMNS))}, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
            [values[name] for name in COLUMNS],
        )
        assert cursor.lastrowid is not None
        add_parts(conn, cursor.lastrowid, story)
    return story.id


def row_values(story: Story) -> dict[str, object]:
    """The columns of ``stories`` for a story, by name."""
    return {
        **{name: getattr(story, name) for name in COLUMNS if hasattr(story, name)},
        "key_points": json.dumps(story.key_points, ensure_ascii=False),
        "evidence": json.dumps(story.evidence, ensure_ascii=False),
        "published_at": None if story.published_precision == "unknown" else isoformat(story.published_at),
        "fetched_at": isoformat(story.fetched_at),
        "text_sha256": text_sha256(story.text),
        "event_date": story.event_date.isoformat() if story.event_date else None,
        "event_date_end": story.event_date_end.isoformat() if story.event_date_end else None,
    }


def search_row(story: Story) -> tuple[str, str, str]:
    """What the search index holds of a story: title, key points and text, folded."""
    return fold(story.title), fold("\n".join(story.key_points)), fold_whole(story.text)


def add_parts(conn: sqlite3.Connection, pk: int, story: Story) -> None:
    """Store what hangs on the story in row ``pk``: keywords, places, actors, claims, sketch, search entry."""
    conn.executemany(
        "insert or ignore into keywords (keyword, category) values (?, ?)",
        [(keyword.keyword, keyword.category) for keyword in story.keywords],
    )
    conn.executemany(
        "insert into story_keywords select ?, pk, ? from keywords where keyword = ? and category = ?",
        [(pk, keyword.count, keyword.keyword, keyword.category) for keyword in story.keywords],
    )
    conn.executemany(
        "insert into places (id, name, admin1, country, lat, lon, geo_precision) values (?, ?, ?, ?, ?, ?, ?)"
        " on conflict (id) do update set name = excluded.name, admin1 = excluded.admin1,"
        " country = excluded.country, lat = excluded.lat, lon = excluded.lon, geo_precision = excluded.geo_precision"
        " where (name, admin1, country, lat, lon, geo_precision) is not (excluded.name, excluded.admin1,"
        " excluded.country, excluded.lat, excluded.lon, excluded.geo_precision)",
        [(p.id or p.name, p.name, p.admin1, p.country, p.lat, p.lon, p.geo_precision) for p in story.places],
    )
    conn.executemany(
        "insert or ignore into story_places select ?, pk, ? from places where id = ?",
        [(pk, rank, place.id or place.name) for rank, place in enumerate(story.places)],
    )
    conn.executemany(
        "insert or ignore into story_actors values (?, ?, ?)",
        [(pk, actor, rank) for rank, actor in enumerate(story.actors)],
    )
    conn.executemany(
        "insert into claims (story, claimant, speaker, party, outcome, what, count_low, count_high, qualifier, stance,"
        " quote, start, end) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *(pk, c.claimant, c.speaker, c.party, c.outcome, c.what, c.count_low, c.count_high),
                *(c.qualifier, c.stance, c.quote, c.start, c.end),
            )
            for c in story.claims
        ],
    )
    conn.executemany("insert or ignore into signatures (band, story) values (?, ?)", [(b, pk) for b in story.bands])
    conn.execute(
        "insert into story_search (rowid, title, key_points, text) values (?, ?, ?, ?)", (pk, *search_row(story))
    )


def replace_reading(conn: sqlite3.Connection, old: Story, new: Story, old_bands: Sequence[int] | None = None) -> None:
    """Put what ``new`` reads out of the same story in the place of what ``old`` did. One transaction.

    With ``old_bands``, the sketch of the old text, also title, text, byline and date, read out of the same page.
    """
    values = row_values(new)
    columns = _READ if old_bands is None else _READ + _OF_PAGE
    with transaction(conn):
        (pk,) = conn.execute("select pk from stories where id = ?", (old.id,)).fetchone()
        conn.execute(
            "insert into story_search (story_search, rowid, title, key_points, text) values ('delete', ?, ?, ?, ?)",
            (pk, *search_row(old)),
        )
        for table in PARTS:
            conn.execute(f"delete from {table} where story = ?", (pk,))  # noqa: S608
        conn.execute(
            f"update stories set {', '.join(f'{name} = ?' for name in columns)} where pk = ?",  # noqa: S608
            (*(values[name] for name in columns), pk),
        )
        conn.executemany(
            "delete from signatures where band = ? and story = ?", [(band, pk) for band in old_bands or ()]
        )
        add_parts(conn, pk, new)


def all_ids(conn: sqlite3.Connection) -> list[str]:
    """The ids of all stories, oldest stored first."""
    return [str(identifier) for (identifier,) in conn.execute("select id from stories order by pk")]


def count(conn: sqlite3.Connection) -> int:
    """How many stories are stored."""
    return int(conn.execute("select count(*) from stories").fetchone()[0])


def find_url(conn: sqlite3.Connection, canonical_url: str) -> str | None:
    """Id of the story with this canonical URL, or None."""
    row = conn.execute("select id from stories where canonical_url = ?", (canonical_url,)).fetchone()
    return None if row is None else str(row[0])


def find_same(conn: sqlite3.Connection, story: Story) -> str | None:
    """Id of the story that this one is again: same canonical URL, or the same text from the same source.

    The second finds an outlet's AMP, print and other twins of a page that do not name their canonical URL.
    """
    found = find_url(conn, story.canonical_url)
    if found is None:
        row = conn.execute(
            "select id from stories where text_sha256 = ? and source = ? limit 1",
            (text_sha256(story.text), story.source),
        ).fetchone()
        found = None if row is None else str(row[0])
    return found


def near_candidates(conn: sqlite3.Connection, bands: Sequence[int]) -> Iterator[tuple[str, str]]:
    """``(id, text)`` of stored stories that share keys with a sketch, the likeliest copies first; a few at most.

    A key counts the more the fewer stories have it. Of those that have it only the newest are looked at, so that what
    an outlet prints under every story costs no more than anything else.
    """
    weights: dict[int, float] = {}
    shared: Counter[int] = Counter()
    rows = conn.execute(
        "select (select group_concat(story) from (select story from signatures where band = value"
        " order by story desc limit ?)) from json_each(?)",
        (_NEWEST, json.dumps(list(bands))),
    )
    for (found,) in rows:
        having = [int(pk) for pk in found.split(",")] if found else []
        for pk in having:
            weights[pk] = weights.get(pk, 0.0) + 1 / len(having)
            shared[pk] += 1
    left = _ONE_KEY
    for pk in sorted(weights, key=lambda pk: (-weights[pk], pk))[:_CANDIDATES]:
        left -= shared[pk] == 1
        if left >= 0 or shared[pk] > 1:
            identifier, text = conn.execute("select id, text from stories where pk = ?", (pk,)).fetchone()
            yield str(identifier), str(text)


def root_of(conn: sqlite3.Connection, identifier: str) -> str:
    """The first story of the chain of copies that ``identifier`` belongs to."""
    row = conn.execute("select duplicate_of from stories where id = ?", (identifier,)).fetchone()
    return identifier if row is None or row[0] is None else str(row[0])


def prints_of(conn: sqlite3.Connection, root: str) -> list[tuple[str, str | None]]:
    """``(id, origin)`` of the stories that print one text: ``root``, the first of them stored, and its copies."""
    # Two queries: of "either … or" SQLite makes a walk through all stories.
    first = conn.execute("select id, origin from stories where id = ?", (root,)).fetchall()
    copies = conn.execute("select id, origin from stories where duplicate_of = ? order by pk", (root,)).fetchall()
    return [(str(identifier), origin) for identifier, origin in (*first, *copies)]


def set_origin(conn: sqlite3.Connection, ids: Iterable[str], origin: str) -> None:
    """Note what the text of the stories ``ids`` goes back to; their incidents are read anew."""
    for identifier in ids:
        conn.execute("update stories set origin = ? where id = ?", (origin, identifier))
        conn.execute("insert or ignore into unlinked select id from stories where id = ? and is_clash", (identifier,))


def load_story(conn: sqlite3.Connection, identifier: str) -> Story | None:
    """The story with this id or URL, or None."""
    # One after the other: together they would read every story, as the address that was fetched has no index.
    for column in ("id", "canonical_url", "url") if "://" in identifier else ("id",):
        row = conn.execute(f"{_SELECT} where {column} = ?", (identifier,)).fetchone()
        if row is not None:
            return _story(conn, row)
    return None


def load_many(conn: sqlite3.Connection, ids: Sequence[str]) -> list[Story]:
    """The stories with these ids that there are, oldest stored first."""
    found: list[Story] = []
    for some in batches(ids):
        found += all_stories(conn, f"id in ({marks(some)})", some)
    return found


def stored_between(conn: sqlite3.Connection, ids: Sequence[str], since: datetime, until: datetime) -> set[str]:
    """Those of the stories ``ids`` that were stored from ``since`` to before ``until``."""
    rows = conn.execute(
        "select id from stories where id in (select value from json_each(?)) and stored_at >= ? and stored_at < ?",
        (json.dumps(list(ids)), isoformat(since), isoformat(until)),
    )
    return {str(identifier) for (identifier,) in rows}


def between(conn: sqlite3.Connection, since: datetime, until: datetime) -> list[Story]:
    """Relevant stories published in this time (fetched in it, where no date is known), oldest first."""
    times = (isoformat(since), isoformat(until))
    ids = conn.execute(
        "select id from stories where relevant = 1 and published_at >= ?1 and published_at < ?2 union"
        " select id from stories where relevant = 1 and published_at is null and fetched_at >= ?1 and fetched_at < ?2",
        times,
    )
    found = load_many(conn, [str(identifier) for (identifier,) in ids])
    return sorted(found, key=lambda story: (story.published_at or story.fetched_at, story.id))


def all_stories(conn: sqlite3.Connection, where: str = "1", values: Sequence[object] = ()) -> Iterator[Story]:
    """Every story that meets ``where`` (built by ``monitor.store.search`` only), oldest stored first, one at a time."""
    rows = conn.execute(f"{_SELECT} where {where} order by pk", values)
    for row in rows:
        yield _story(conn, row)


def _story(conn: sqlite3.Connection, row: sqlite3.Row) -> Story:
    values = dict(row)
    pk = values.pop("pk")
    del values["text_sha256"]
    for name in ("key_points", "evidence"):
        values[name] = json.loads(values[name])
    for name in ("published_at", "fetched_at"):
        values[name] = moment(values[name])
    for name in ("event_date", "event_date_end"):
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    for name in ("relevant", "is_clash"):
        values[name] = bool(values[name])
    story = Story(**values)
    story.keywords = [
        Keyword(*found)
        for found in conn.execute(
            "select k.keyword, k.category, sk.count from story_keywords sk join keywords k on k.pk = sk.keyword"
            " where sk.story = ? order by sk.count desc, k.keyword, k.category",
            (pk,),
        )
    ]
    story.places = [
        Place(*found)
        for found in conn.execute(
            "select name, admin1, country, lat, lon, geo_precision, id from story_places"
            " join places on places.pk = place where story = ? order by rank",
            (pk,),
        )
    ]
    story.actors = [
        str(a) for (a,) in conn.execute("select actor from story_actors where story = ? order by rank", (pk,))
    ]
    story.claims = [
        Claim(*found)
        for found in conn.execute(
            "select claimant, speaker, party, outcome, what, count_low, count_high, qualifier, stance, quote,"
            " start, end from claims where story = ? order by pk",
            (pk,),
        )
    ]
    return story
