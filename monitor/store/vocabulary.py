"""The seeds' names of keywords, places, actors and sources in the database, so that a query need not load the seeds."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Container, Iterator, Sequence
from pathlib import Path

from monitor.querytree import Words, words_of
from monitor.store.database import transaction
from monitor.store.rows import marks

_STAMP = "vocabulary"
_FILES = ("lexicon/*.toml", "sources/*.toml", "gazetteer.csv", "actors.toml")
# Raised when these tables are to be filled differently from the same files.
_FORM = 1
# Places of these kinds hold what names them as its province or district.
_PROVINCES, _DISTRICTS = ("province", "state"), ("district", "agency")
_Row = tuple[str, str, str, str]


def refresh_vocabulary(conn: sqlite3.Connection, seeds: Path, wait_seconds: float | None = None) -> bool:
    """Bring the tables in step with the folder ``seeds``; return whether they were not. One transaction.

    Costs next to nothing when no file has changed. ``wait_seconds`` is how long to wait for another writer, where that
    is to be shorter than usual. Raises SeedsError when a file cannot be read, StoreError when the database is busy.
    """
    stamp = _stamp_of(seeds)
    if not is_stale(conn, seeds):
        return False
    rows, within, facts = list(_forms(seeds)), list(_within(seeds)), list(_facts(seeds))
    if wait_seconds is not None:
        conn.execute(f"pragma busy_timeout = {int(wait_seconds * 1000)}")
    with transaction(conn):
        for table in ("vocabulary", "place_within"):
            conn.execute(f"delete from {table}")  # noqa: S608
        conn.executemany("insert or ignore into vocabulary values (?, ?, ?, ?, ?)", rows)
        conn.executemany("insert or ignore into place_within values (?, ?)", within)
        # What is known of sources that are not declared any more stays: their stories do too.
        conn.executemany("insert or replace into source_facts values (?, ?, ?, ?, ?)", facts)
        conn.execute("insert or replace into settings values (?, ?)", (_STAMP, stamp))
    return True


def is_stale(conn: sqlite3.Connection, seeds: Path) -> bool:
    """Whether the tables are not those of the folder ``seeds``; never when there is no such folder."""
    if not (seeds / "lexicon").is_dir():
        return False
    row = conn.execute("select value from settings where name = ?", (_STAMP,)).fetchone()
    return row is None or str(row[0]) != _stamp_of(seeds)


def _stamp_of(seeds: Path) -> str:
    """Changes whenever a file does: names, sizes and times, so that no file has to be read."""
    state = [str(_FORM)]
    for pattern in _FILES:
        for path in sorted(seeds.glob(pattern)):
            about = path.stat()
            state.append(f"{path.relative_to(seeds)} {about.st_size} {about.st_mtime_ns}")
    return hashlib.sha256("\n".join(state).encode()).hexdigest()[:32]


def names_in_seeds(seeds: Path) -> Iterator[tuple[str, str]]:
    """Kind (keyword, place, actor) and folded name of everything that the tables would have of the folder ``seeds``."""
    yield from ((kind, folded) for kind, _, _, _, folded in _forms(seeds))


def _forms(seeds: Path) -> Iterator[tuple[str, str, str, str, str]]:
    for kind, identifier, language, form in _named(seeds):
        if folded := " ".join(words_of(form)):
            yield kind, identifier, language, form, folded


def _named(seeds: Path) -> Iterator[_Row]:
    """Kind, id, language and form of everything that has a name."""
    from monitor.analysis.actors import load_actors
    from monitor.analysis.gazetteer import load_gazetteer
    from monitor.analysis.lexicon import load_words

    for path in sorted((seeds / "lexicon").glob("*.toml")):
        for word in load_words(path, path.stem.partition("-")[0]):
            if word.keyword:
                yield "keyword", word.keyword, "", word.keyword
                yield from (("keyword", word.keyword, word.language, form) for form in word.forms)
    for place in load_gazetteer(seeds / "gazetteer.csv"):
        for name in (place.id, place.name):
            yield "place", place.id, "", name
        for language, names in place.names.items():
            yield from (("place", place.id, language, name) for name in names)
    _, _, actors = load_actors(seeds / "actors.toml")
    for actor in actors:
        filed = actor.filed_as or actor.id
        for name in (actor.id, *([actor.keyword] if actor.keyword else [])):
            yield "actor", filed, "", name
        for language, names in actor.names.items():
            yield from (("actor", filed, language, name) for name in names)
            if actor.keyword:
                yield from (("keyword", actor.keyword, language, name) for name in names)


def _within(seeds: Path) -> Iterator[tuple[str, str]]:
    """Each place with what it lies in: itself, its districts, provinces and countries."""
    from monitor.analysis.gazetteer import load_gazetteer

    places = load_gazetteer(seeds / "gazetteer.csv")
    countries = {code: p.id for p in places if p.kind == "country" for code in p.countries}
    provinces = {
        (code, name): p.id for p in places if p.kind in _PROVINCES for code in p.countries for name in p.admin1
    }
    districts: dict[tuple[str, str], set[str]] = {}
    for place in places:
        # A town whose district goes by its name stands for the district too.
        names = set(place.admin2) if place.kind in _DISTRICTS else {place.name} & set(place.admin2)
        for code in place.countries:
            for name in names:
                districts.setdefault((code, name), set()).add(place.id)
    for place in places:
        yield place.id, place.id
        for code in place.countries:
            holders = {countries.get(code)} | {provinces.get((code, name)) for name in place.admin1}
            for name in place.admin2 if place.kind not in _PROVINCES else ():
                holders |= districts.get((code, name), set())
            yield from ((place.id, holder) for holder in holders if holder)


def _facts(seeds: Path) -> Iterator[tuple[str, str, str, str, str | None]]:
    from monitor.sources import load_sources

    for source in load_sources(seeds / "sources") if (seeds / "sources").is_dir() else ():
        yield source.id, source.name, source.country, source.affiliation, source.speaks_for


def ids_named(conn: sqlite3.Connection, kind: str, value: str) -> list[str]:
    """The ids of the keywords, places or actors (``kind``) that ``value`` names, in any language and spelling."""
    rows = conn.execute(
        "select distinct id from vocabulary where folded = ? and kind = ? order by id",
        (" ".join(words_of(value)), kind),
    )
    return [str(identifier) for (identifier,) in rows]


def within(conn: sqlite3.Connection, places: Sequence[str]) -> list[str]:
    """The ids of ``places`` and of everything that lies in them."""
    rows = conn.execute(
        f"select distinct place from place_within where within in ({marks(places)}) order by place",  # noqa: S608
        places,
    )
    return [str(identifier) for (identifier,) in rows]


def forms_of(conn: sqlite3.Connection, words: Words) -> Sequence[Words]:
    """All names, in all languages, of the keywords, places and actors that ``words`` name; none when they name none.

    A word that is the canonical form of a keyword stands for that keyword alone; another for all that have it.
    """
    folded = " ".join(words)
    found = conn.execute(
        "select distinct kind, id, language = '' as canonical from vocabulary where folded = ?", (folded,)
    ).fetchall()
    chosen = {(kind, identifier) for kind, identifier, canonical in found if canonical} or {
        (kind, identifier) for kind, identifier, _ in found
    }
    forms: dict[Words, None] = {}
    for kind, identifier in sorted(chosen):
        for (form,) in conn.execute(
            "select distinct folded from vocabulary where kind = ? and id = ? order by folded", (kind, identifier)
        ):
            forms[tuple(str(form).split())] = None
    return [form for form in forms if form == words or not _holds_another(form, forms)]


def _holds_another(form: Words, forms: Container[Words]) -> bool:
    """Whether a shorter one of ``forms`` stands in ``form``: then what has this has that, and it need not be asked."""
    return any(
        form[start:end] in forms
        for start in range(len(form))
        for end in range(start + 1, len(form) + 1)
        if end - start < len(form)
    )
