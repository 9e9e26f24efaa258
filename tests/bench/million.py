"""A store of a million stories nobody wrote, in five languages and three scripts, filled in bulk with SQL."""

from __future__ import annotations

import itertools
import json
import random
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.analysis.gazetteer import GazetteerPlace, load_gazetteer
from monitor.analysis.lexicon import load_words
from monitor.analysis.text import fold
from monitor.items import isoformat
from monitor.store.database import open_store
from monitor.store.indexing import compact
from tests.bench.report import say
from tests.paths import ROOT

SEEDS = ROOT / "seeds"
# Share of each language, and the letters its invented words are made of (already in the spelling of the index).
LANGUAGES = {
    "en": (0.55, "bcdfghklmnprstvw", "aeiou"),
    "ur": (0.18, "بپتجچدرزسشفقکگلمنو", "ایےو"),
    "fa": (0.12, "بپتجدرزسشفکگلمنخ", "ایو"),
    "ps": (0.08, "بپتټجدډرړزسښکلمنڼ", "ایو"),
    "hi": (0.07, "कगचजटडतदनपबमरलवसह", "ािीुेो"),
}
_EPOCH = datetime(2023, 1, 1, tzinfo=UTC)
_MINUTES_OF_THREE_YEARS = 3 * 365 * 24 * 60
_BLOCK = 5000
_COLUMNS = (
    "pk id url canonical_url source title key_points text language published_at published_precision fetched_at"
    " relevance relevant event_type is_clash text_sha256 stored_at"
).split()


@dataclass
class Tongue:
    """A language: its words by frequency, ready sentences as printed and as indexed, and the words of the topic."""

    words: list[str]
    weights: list[float]
    sentences: list[tuple[str, str]]
    forms: dict[str, list[str]]


def build(path: Path, size: int, seed: int = 3) -> None:
    """Fill a new database at ``path`` with ``size`` stories: full text, keywords, places, actors and claims."""
    chance = random.Random(seed)
    keywords = _keywords()
    # Each sentence stands in many stories, as in any bulk; in a small store fewer are enough.
    sentences = min(20_000, size)
    tongues = {code: _tongue(code, chance, keywords, sentences) for code in LANGUAGES}
    places = [place for place in load_gazetteer(SEEDS / "gazetteer.csv") if place.lat is not None]
    started = time.monotonic()
    with closing(open_store(path)) as conn:
        for pragma in ("journal_mode = off", "synchronous = off", "foreign_keys = off", "cache_size = -800000"):
            conn.execute(f"pragma {pragma}")
        conn.execute("begin")
        _add_names(conn, list(keywords), places)
        maker = _Maker(tongues, list(keywords), len(places), size, chance)
        for begin in range(1, size + 1, _BLOCK):
            _insert(conn, [maker.story(pk) for pk in range(begin, min(begin + _BLOCK, size + 1))])
            if begin % 100_000 == 1:
                say(f"  {begin - 1:,} stories after {time.monotonic() - started:.0f} s")
        conn.execute("delete from unlinked")
        conn.execute("commit")
        conn.execute("analyze")
        while compact(conn):  # as the runs would have done that stored the stories
            continue
        conn.execute("pragma journal_mode = wal")
    say(f"  {size:,} stories built in {time.monotonic() - started:.0f} s, {path.stat().st_size / 1e9:.1f} GB")


def _keywords() -> dict[str, dict[str, list[str]]]:
    """Keyword -> language -> its forms in the lexicon; those with most forms first."""
    found: dict[str, dict[str, list[str]]] = {}
    for file in sorted((SEEDS / "lexicon").glob("*.toml")):
        for word in load_words(file, file.stem[:2]):
            if word.keyword:
                found.setdefault(word.keyword, {}).setdefault(word.language, []).extend(word.forms)
    return dict(sorted(found.items(), key=lambda item: -sum(map(len, item[1].values()))))


def _tongue(code: str, chance: random.Random, keywords: dict[str, dict[str, list[str]]], sentences: int) -> Tongue:
    _, onsets, vowels = LANGUAGES[code]
    words: dict[str, None] = {}
    while len(words) < 60_000:
        parts = chance.choices((1, 2, 3, 4), (1, 5, 5, 2))[0]
        words["".join(chance.choice(onsets) + chance.choice(vowels) for _ in range(parts))] = None
    weights = list(itertools.accumulate(1 / (rank + 2.7) ** 1.05 for rank in range(len(words))))
    names = list(words)
    ready = []
    for _ in range(sentences):
        text = " ".join(chance.choices(names, cum_weights=weights, k=chance.randint(8, 28)))
        ready.append((text.capitalize() + ("." if code == "en" else "۔"), fold(text)))
    forms = {keyword: found[code] for keyword, found in keywords.items() if code in found}
    return Tongue(names, weights, ready, forms)


@dataclass
class _Row:
    values: tuple[object, ...]
    search: tuple[object, ...]
    keywords: list[int]
    places: list[int]
    actors: list[str]
    claim: bool


class _Maker:
    def __init__(
        self, tongues: dict[str, Tongue], keywords: list[str], places: int, size: int, chance: random.Random
    ) -> None:
        self.tongues, self.keywords, self.size, self.chance = tongues, keywords, size, chance
        self.shares = list(itertools.accumulate(share for share, *_ in LANGUAGES.values()))
        self.codes = list(LANGUAGES)
        self.keyword_weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(keywords))))
        self.place_weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(places)))

    def story(self, pk: int) -> _Row:
        chance = self.chance
        code = chance.choices(self.codes, cum_weights=self.shares)[0]
        tongue = self.tongues[code]
        keywords = set(chance.choices(range(len(self.keywords)), cum_weights=self.keyword_weights, k=5))
        said = [chance.choice(f) for k in keywords if (f := tongue.forms.get(self.keywords[k]))]
        fresh = " ".join(chance.choices(tongue.words, cum_weights=tongue.weights, k=14))
        title = " ".join([*said[:2], *chance.choices(tongue.words, cum_weights=tongue.weights, k=6)])
        topic = " ".join(said)
        chosen = chance.choices(tongue.sentences, k=chance.randint(4, 9))
        text = "\n".join([f"{topic} {fresh}.", *(printed for printed, _ in chosen)])
        indexed = "\n".join([fold(topic), fresh, *(folded for _, folded in chosen)])
        points = [printed for printed, _ in chosen[:3]]
        minutes = pk * _MINUTES_OF_THREE_YEARS // self.size
        fetched = isoformat(_EPOCH + timedelta(minutes=minutes))
        published = isoformat(_EPOCH + timedelta(minutes=minutes - chance.randint(1, 600))) if pk % 40 else None
        url = f"https://outlet{pk % 120}.example/{pk}"
        clash = chance.random() < 0.2
        values = (
            *(pk, f"s{pk:011d}", url, url, f"outlet-{pk % 120}", title, json.dumps(points, ensure_ascii=False), text),
            *(code, published, "minute" if published else "unknown", fetched, 0.9, 1),
            *("armed_clash" if clash else "statement", int(clash), f"{pk:x}", fetched),
        )
        search = (pk, fold(title), "\n".join(folded for _, folded in chosen[:3]), indexed)
        places = list(
            dict.fromkeys(chance.choices(range(1, len(self.place_weights) + 1), cum_weights=self.place_weights, k=2))
        )
        actors = list({f"actor-{int(40 * chance.random() ** 2)}", f"actor-{int(40 * chance.random() ** 2)}"})
        return _Row(values, search, [k + 1 for k in keywords], places, actors, clash and chance.random() < 0.6)


def _add_names(conn: sqlite3.Connection, keywords: Sequence[str], places: Sequence[GazetteerPlace]) -> None:
    conn.executemany(
        "insert into keywords (pk, keyword, category) values (?, ?, 'event')",
        [(number, keyword) for number, keyword in enumerate(keywords, 1)],
    )
    conn.executemany(
        "insert into places (pk, id, name, admin1, country, lat, lon, geo_precision) values (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (number, p.id, p.name, "; ".join(p.admin1) or None, ",".join(p.countries), p.lat, p.lon, p.geo_precision)
            for number, p in enumerate(places, 1)
        ],
    )


def _insert(conn: sqlite3.Connection, rows: list[_Row]) -> None:
    conn.executemany(
        f"insert into stories ({', '.join(_COLUMNS)}) values ({', '.join('?' * len(_COLUMNS))})",
        [row.values for row in rows],
    )
    conn.executemany(
        "insert into story_search (rowid, title, key_points, text) values (?, ?, ?, ?)", [row.search for row in rows]
    )
    conn.executemany("insert into story_keywords values (?, ?, 2)", _pairs(rows, "keywords"))
    conn.executemany(
        "insert into story_places values (?, ?, ?)",
        [(row.values[0], place, rank) for row in rows for rank, place in enumerate(row.places)],
    )
    conn.executemany("insert into story_actors values (?, ?, 0)", _pairs(rows, "actors"))
    conn.executemany(
        "insert into claims (story, claimant, party, outcome, count_low, qualifier, stance, quote, start, end)"
        " values (?, ?, 'civilians', 'killed', 3, 'exact', 'claimed', 'Three were killed.', 0, 18)",
        [(row.values[0], ("other", "unknown")[int(str(row.values[0])) % 2]) for row in rows if row.claim],
    )


def _pairs(rows: list[_Row], name: str) -> Iterator[tuple[object, object]]:
    return ((row.values[0], value) for row in rows for value in getattr(row, name))
