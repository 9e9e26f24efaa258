"""A store that grows in bulk: stories in five languages with their sketches, years of clashes in their incidents."""

from __future__ import annotations

import random
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.analysis.gazetteer import load_gazetteer
from monitor.dedup import sketch
from monitor.incident import Fatalities, Incident
from monitor.items import isoformat
from monitor.store import incidents
from monitor.store.database import open_store
from monitor.store.indexing import compact
from tests.bench.million import LANGUAGES, SEEDS, _add_names, _insert, _keywords, _Maker, _Row, _tongue
from tests.bench.report import say

_EPOCH = datetime(2023, 1, 1, tzinfo=UTC)
_A_DAY = 1000
_BLOCK = 5000
# One story in so many reports a clash, one in so many has the sketch of its text; the others have as many keys that
# nothing shares, which costs the same and is made faster.
_CLASH, _SKETCHED = 20, 50
_KEYS = 30
_SENTENCES = 20_000


@dataclass
class Stock:
    """The store at ``path``, filled up to what is asked for: a thousand stories a day, one in twenty of a clash."""

    path: Path
    size: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def __post_init__(self) -> None:
        keywords = _keywords()
        tongues = {code: _tongue(code, self.chance, keywords, _SENTENCES) for code in LANGUAGES}
        self.places = [place for place in load_gazetteer(SEEDS / "gazetteer.csv") if place.lat is not None]
        self.maker = _Maker(tongues, list(keywords), len(self.places), 10_000_000, self.chance)
        with closing(open_store(self.path)) as conn, conn:
            conn.execute("begin")
            _add_names(conn, list(keywords), self.places)

    def fill(self, size: int) -> None:
        """Add stories until the store was given ``size`` of them."""
        started = time.monotonic()
        with closing(open_store(self.path)) as conn:
            for pragma in ("synchronous = off", "foreign_keys = off", "cache_size = -800000"):
                conn.execute(f"pragma {pragma}")
            conn.execute("begin")
            base = int(conn.execute("select coalesce(max(pk), 0) from stories").fetchone()[0])
            for begin in range(self.size, size, _BLOCK):
                count = min(_BLOCK, size - begin)
                self._add([self._story(base + 1 + k, begin + k) for k in range(count)], conn)
                base += count
                if begin % 100_000 == 0:
                    say(f"  {begin:,} stories, {time.monotonic() - started:.0f} s")
            conn.execute("delete from unlinked")
            conn.execute("commit")
            while compact(conn):  # as the runs would have done that stored the stories
                continue
            conn.execute("pragma wal_checkpoint(truncate)")
            conn.execute("analyze")
        self.size = size

    def _story(self, pk: int, number: int) -> _Row:
        row = self.maker.story(pk)
        values = list(row.values)
        at = isoformat(_EPOCH + timedelta(minutes=number * 24 * 60 // _A_DAY))
        clash = number % _CLASH == 0
        # As in million.py: published_at, fetched_at, event_type, is_clash; what hangs on a story comes later.
        values[9:12] = [at, "minute", at]
        values[14:16] = ["armed_clash" if clash else "statement", int(clash)]
        row.values, row.claim = tuple(values), clash
        return row

    def _add(self, rows: list[_Row], conn: sqlite3.Connection) -> None:
        _insert(conn, rows)
        keys = []
        for row in rows:
            pk, text = int(str(row.values[0])), str(row.values[7])
            known = sketch(text) if pk % _SKETCHED == 0 else [self.chance.getrandbits(63) for _ in range(_KEYS)]
            keys += [(key, pk) for key in known]
        conn.executemany("insert or ignore into signatures values (?, ?)", sorted(keys))
        clashes = [row for row in rows if row.values[15]]
        self._put_incidents(conn, clashes)

    def _put_incidents(self, conn: sqlite3.Connection, clashes: list[_Row]) -> None:
        """Ten clash stories an incident; two in three give its day."""
        for begin in range(0, len(clashes), 10):
            group = clashes[begin : begin + 10]
            at = datetime.fromisoformat(str(group[0].values[9]))
            ids = [str(row.values[1]) for row in group]
            incidents.put(conn, _incident(f"i{int(str(group[0].values[0])):07d}", at, ids), [], at)
            conn.executemany(
                "update stories set event_date = ?, event_date_end = ? where id = ?",
                [(str(at.date()), str(at.date()), identifier) for n, identifier in enumerate(ids) if n % 3],
            )


def _incident(identifier: str, at: datetime, ids: list[str]) -> Incident:
    return Incident(
        id=identifier,
        title="Armed clash",
        event_type="armed_clash",
        date_start=at.date(),
        date_end=at.date(),
        time_precision="day",
        places=(),
        lat=None,
        lon=None,
        geo_precision=None,
        status="quiet",
        story_ids=tuple(ids),
        outlet_count=len(ids),
        origin_count=len(ids),
        languages=("en",),
        actors=(),
        claims=(),
        fatalities=Fatalities(None, None, None),
        first_reported_at=at,
        last_reported_at=at,
        revision=1,
    )
