"""The store: stories in one transaction, migrations with a backup, and databases that are refused."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from monitor.errors import ForeignStore, NewerStore, StoreError
from monitor.items import Claim, Keyword, Place, Story, isoformat
from monitor.polling import FeedState
from monitor.store import collection, ledger, stories
from monitor.store.database import open_reader, open_store, transaction
from monitor.store.ledger import Listing
from monitor.store.migrations import migrations
from monitor.store.names import APPLICATION_ID, MIGRATIONS
from monitor.store.search import Filters, find

NOW = datetime(2025, 10, 12, 6, 0, tzinfo=UTC)


def make_story(number: int = 1, **values: object) -> Story:
    defaults = {
        "url": f"https://gazette.example/{number}",
        "canonical_url": f"https://gazette.example/{number}",
        "source": "gazette",
        "title": f"Shelling reported at the northern gate, day {number}",
        "text": f"Shells fell near the gate on day {number}.\nNobody was hurt.",
        "fetched_at": NOW,
        "language": "en",
        "published_at": NOW - timedelta(hours=number),
        "published_precision": "minute",
        "keywords": [Keyword("shelling", "event", 2)],
        "places": [Place("Northgate", "North", "XA", 1.5, 2.5, 1, "northgate")],
        "actors": ["alpha-army"],
        "claims": [Claim("alpha", "army", "civilians", "killed", None, 3, 3, "exact", "claimed", "Nobody", 0, 6)],
        "key_points": ["Shells fell near the gate."],
        "bands": [1, 2, 3],
        "evidence": [{"kind": "event", "text": "shelling"}],
    }
    return Story(**{**defaults, **values})  # type: ignore[arg-type]


@pytest.fixture
def conn(tmp_path: Path):
    with closing(open_store(tmp_path / "m.db")) as opened:
        yield opened


def test_story_comes_back_as_it_was_stored(conn: sqlite3.Connection) -> None:
    story = make_story()
    identifier = stories.add_story(conn, story)
    loaded = stories.load_story(conn, identifier)
    assert loaded is not None
    assert loaded.record() == story.record()
    assert loaded.evidence == story.evidence
    assert stories.load_story(conn, story.url) == loaded


def test_id_depends_on_the_canonical_url_alone() -> None:
    assert stories.story_id("https://gazette.example/1") == stories.story_id("https://gazette.example/1")
    assert stories.story_id("https://gazette.example/1") != stories.story_id("https://gazette.example/2")


def test_failed_story_leaves_nothing_behind(conn: sqlite3.Connection) -> None:
    broken = make_story(claims=[Claim("a", None, "p", "o", None, 1, 1, "exact", None, "q", 0, 1)])  # type: ignore[arg-type]
    with pytest.raises(sqlite3.IntegrityError):
        stories.add_story(conn, broken)
    for table in ("stories", "story_keywords", "claims", "signatures", "story_search"):
        assert conn.execute(f"select count(*) from {table}").fetchone()[0] == 0


def test_same_canonical_url_is_refused_and_found(conn: sqlite3.Connection) -> None:
    identifier = stories.add_story(conn, make_story())
    with pytest.raises(sqlite3.IntegrityError):
        stories.add_story(conn, make_story())
    assert stories.find_same(conn, make_story(text="quite another text")) == identifier


def test_same_text_is_the_same_story_only_within_one_source(conn: sqlite3.Connection) -> None:
    first = make_story()
    identifier = stories.add_story(conn, first)
    twin = make_story(2, text=first.text)
    assert stories.find_same(conn, twin) == identifier
    assert stories.find_same(conn, make_story(2, text=first.text, source="other")) is None


def test_unknown_date_is_null_whatever_the_value(conn: sqlite3.Connection) -> None:
    stories.add_story(conn, make_story(published_precision="unknown"))
    assert conn.execute("select published_at from stories").fetchone()[0] is None


def test_search_folds_letters_and_digits(conn: sqlite3.Connection) -> None:
    stories.add_story(conn, make_story(title="طورخم پر فائرنگ", text="۲۳ اہلکار زخمی", language="ur"))
    for query in ("طورخم", "فائرنگ", "23", "٢٣", "اهلكار"):
        assert [hit.language for hit in find(conn, query, Filters(), 5)] == ["ur"], query


def test_search_filters(conn: sqlite3.Connection) -> None:
    stories.add_story(conn, make_story(1))
    stories.add_story(
        conn, make_story(2, language="ur", is_clash=True, source="other", places=[], actors=[], keywords=[])
    )

    def ids(**values: object) -> list[int]:
        return [int(hit.url[-1]) for hit in find(conn, None, Filters(**values), None)]  # type: ignore[arg-type]

    assert ids() == [1, 2]
    assert ids(language="ur") == [2]
    assert ids(clash=True) == [2]
    assert ids(source="gazette") == [1]
    assert ids(place="northgate") == ids(place="Northgate") == ids(place="North") == [1]
    assert ids(actor="alpha-army") == ids(keyword="Shelling") == [1]
    assert ids(since=NOW - timedelta(minutes=90)) == [1]
    assert ids(until=NOW - timedelta(minutes=90)) == [2]


def test_wrong_query_explains_itself(conn: sqlite3.Connection) -> None:
    for query in ("AND AND", "(shelling", "NOT", '"', "shelling OR"):
        with pytest.raises(Exception, match=r"search: .*, character \d+: .*; "):
            find(conn, query, Filters(), 5)


def test_near_candidates_and_root(conn: sqlite3.Connection) -> None:
    first = stories.add_story(conn, make_story(1))
    second = stories.add_story(conn, make_story(2, bands=[3, 4], duplicate_of=first))
    assert [found[0] for found in stories.near_candidates(conn, [2, 3, 4])] == [first, second]
    assert stories.root_of(conn, second) == first == stories.root_of(conn, first)


# Databases that are not ours, too new, too old


def test_foreign_database_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("create table mine (a)")
    before = path.read_bytes()
    for opening in (open_store, open_reader):
        with pytest.raises(ForeignStore, match="another program"):
            opening(path)
    assert path.read_bytes() == before


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are my notes, please keep them\n" * 50)
    with pytest.raises(ForeignStore, match="not a usable SQLite database"):
        open_store(path)
    assert path.read_text().startswith("these are my notes")


def test_newer_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    with closing(open_store(path)) as conn:
        conn.execute(
            "insert into _sqlite_migrations (migration_set, name, applied_at) values ('border-monitor', '9999_future', '')"
        )
    for opening in (open_store, open_reader):
        with pytest.raises(NewerStore, match="9999_future.*update the program"):
            opening(path)


def test_older_database_is_backed_up_then_migrated(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute(f"pragma application_id = {APPLICATION_ID}")
        migrations.apply(Database(conn), stop_before=MIGRATIONS[-1])
        conn.execute("insert into runs (command, started_at) values ('crawl', '2025-10-12T06:00:00Z')")
    with closing(open_reader(path)) as conn:
        assert conn.execute("select count(*) from runs").fetchone()[0] == 1
        names = {name for (name,) in conn.execute("select name from _sqlite_migrations")}
        assert names == set(MIGRATIONS)
    (backup,) = tmp_path.glob(f"m.db.before-{MIGRATIONS[-1]}-*")
    with closing(sqlite3.connect(backup)) as old:
        assert old.execute("select count(*) from runs").fetchone()[0] == 1
        assert MIGRATIONS[-1] not in {name for (name,) in old.execute("select name from _sqlite_migrations")}


def test_the_rebuilt_search_index_holds_what_the_old_one_did(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    then = tuple(name for name in stories.COLUMNS if name != "partial_date")
    with pytest.MonkeyPatch.context() as patch, closing(sqlite3.connect(path, isolation_level=None)) as conn:
        conn.execute(f"pragma application_id = {APPLICATION_ID}")
        migrations.apply(Database(conn), stop_before="0009_search")
        story = make_story(title="Émission نِشرات", key_points=["First point.", 'Second "point".'])
        patch.setattr(stories, "COLUMNS", then)
        stories.add_story(conn, story)
    with closing(open_store(path)) as conn:
        for word in ("emission", "نشرات", "second", "hurt"):
            found = conn.execute("select rowid from story_search where story_search match ?", (word,)).fetchall()
            assert [tuple(row) for row in found] == [(1,)], word
        stories.replace_reading(conn, story, story)
        conn.execute("insert into story_search (story_search) values ('integrity-check')")


def test_missing_database_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="monitor demo"):
        open_reader(tmp_path / "none.db")


def test_place_that_cannot_be_written_is_one_clear_line() -> None:
    with pytest.raises(StoreError, match="choose another place with --db"):
        open_store(Path("/proc/none/m.db"))


def test_full_disk_is_one_clear_line_and_loses_nothing(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "m.db")) as conn:
        stories.add_story(conn, make_story(1))
        pages = conn.execute("pragma page_count").fetchone()[0]
        conn.execute(f"pragma max_page_count = {pages}")  # SQLite answers as on a full disk
        with pytest.raises(StoreError, match="disk is full.*nothing stored so far is lost"):
            for number in range(2, 300):
                stories.add_story(conn, make_story(number, text=f"word{number} " * 500))
        stored = conn.execute("select count(*) from stories").fetchone()[0]
    with closing(open_reader(tmp_path / "m.db")) as conn:
        assert conn.execute("select count(*) from stories").fetchone()[0] == stored >= 1
        assert conn.execute("pragma integrity_check").fetchone()[0] == "ok"


# The ledger


def listing(number: int = 1, **values: object) -> Listing:
    url = f"https://gazette.example/{number}"
    return Listing(**{"url": url, "fetch_url": url + "?utm=1", "source": "gazette", "spider": "feeds", **values})  # type: ignore[arg-type]


def test_ledger_returns_only_what_it_never_saw(conn: sqlite3.Connection) -> None:
    assert ledger.note(conn, [listing(1), listing(2), listing(1)], NOW) == [listing(1), listing(2)]
    assert ledger.note(conn, [listing(2), listing(3)], NOW) == [listing(3)]


def test_unread_pages_are_written_down_together_and_soon(conn: sqlite3.Connection) -> None:
    pages = [listing(number) for number in range(62)]
    ledger.note(conn, pages, NOW)
    unread = ledger.Unread(conn, "no word of the topic on the page")

    def written() -> int:
        rows = conn.execute("select state, reason, settled_at from pages where state <> 'listed'").fetchall()
        assert all(tuple(row) == ("irrelevant", "no word of the topic on the page", isoformat(NOW)) for row in rows)
        return len(rows)

    for page in pages[:49]:
        unread.note(page.url, NOW)
    assert written() == 0
    unread.note(pages[49].url, NOW)
    assert written() == 50
    for page in pages[50:60]:
        unread.note(page.url, NOW)
    assert written() == 50 and not conn.in_transaction
    unread.write()
    assert written() == 60
    unread.write()
    unread.note(pages[60].url, NOW)
    unread.note(pages[61].url, NOW + timedelta(seconds=2))
    assert conn.execute("select count(*) from pages where state = 'irrelevant'").fetchone()[0] == 62


def test_listed_pages_wait_until_settled(conn: sqlite3.Connection) -> None:
    given = listing(1, title="A title", summary="Its summary", published_at=NOW, published_precision="day")
    ledger.note(conn, [given], NOW)
    assert ledger.due(conn, "gazette", "feeds", NOW, 10) == [given]
    assert ledger.due(conn, "gazette", "sitemaps", NOW, 10) == []
    ledger.settle(conn, given.url, "irrelevant", "no word", NOW)
    assert ledger.due(conn, "gazette", "feeds", NOW + timedelta(days=400), 10) == []


def test_failures_wait_longer_each_time_and_end(conn: sqlite3.Connection) -> None:
    ledger.note(conn, [listing()], NOW)
    when, pauses = NOW, []
    for _ in range(3):
        ledger.fail(conn, listing().url, "timed out", when, max_attempts=4)
        step = 0
        while not ledger.due(conn, "gazette", "feeds", when, 1):
            when, step = when + timedelta(minutes=5), step + 5
        pauses.append(step)
    assert pauses == [10, 20, 40]
    ledger.fail(conn, listing().url, "timed out", when, max_attempts=4)
    assert ledger.due(conn, "gazette", "feeds", when + timedelta(days=400), 1) == []


def test_retry_after_lengthens_the_pause(conn: sqlite3.Connection) -> None:
    ledger.note(conn, [listing()], NOW)
    ledger.fail(conn, listing().url, "status 503", NOW, 4, wait=timedelta(hours=2))
    assert not ledger.due(conn, "gazette", "feeds", NOW + timedelta(minutes=119), 1)
    assert ledger.due(conn, "gazette", "feeds", NOW + timedelta(hours=2), 1)


def test_forbidden_is_looked_at_again_after_a_week(conn: sqlite3.Connection) -> None:
    ledger.note(conn, [listing()], NOW)
    ledger.settle(conn, listing().url, "forbidden", "robots", NOW)
    assert not ledger.due(conn, "gazette", "feeds", NOW + timedelta(days=6), 1)
    assert ledger.due(conn, "gazette", "feeds", NOW + timedelta(days=7), 1)


# Runs


def test_run_left_open_is_marked_killed(conn: sqlite3.Connection) -> None:
    first = collection.begin_run(conn, "crawl", NOW)
    second = collection.begin_run(conn, "crawl", NOW + timedelta(hours=1))
    counts = {"gazette": collection.SourceCounts(listed=3, failed=1, reasons={"timed out": 1})}
    collection.finish_run(conn, second, NOW + timedelta(hours=2), "done", None, counts)
    assert conn.execute("select outcome from runs where id = ?", (first,)).fetchone()[0] == "killed"
    found = collection.last_run(conn)
    assert found is not None and found[0]["outcome"] == "done" and found[1] == counts


def test_lists_and_hosts_that_are_not_asked_any_more_are_forgotten(conn: sqlite3.Connection) -> None:
    """An index that names new parts in every run must not fill the database."""
    for day in (0, 20, 40):
        now = NOW + timedelta(days=day)
        run = collection.begin_run(conn, "crawl", now)
        url = f"https://gazette.example/part-{day}.xml"
        collection.save_feed(conn, FeedState(url, "gazette", fetched_at=isoformat(now)))
        collection.save_robots(conn, f"{day}.example", b"", now)
        collection.finish_run(conn, run, now, "done", None, {})
    left = [url for (url,) in conn.execute("select url from feeds order by url")]
    assert left == ["https://gazette.example/part-20.xml", "https://gazette.example/part-40.xml"]
    assert [url for (url,) in conn.execute("select url from ways_in order by url")] == left
    assert [host for (host,) in conn.execute("select host from robots")] == ["40.example"]


def test_transaction_rolls_back_whole(conn: sqlite3.Connection) -> None:
    with pytest.raises(RuntimeError), transaction(conn):
        ledger.note(conn, [listing()], NOW)
        raise RuntimeError("power cut")
    assert ledger.counts(conn) == {}
