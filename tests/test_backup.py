"""``monitor backup``: a whole copy while others write; never over another file; nothing half-made is left."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import cli
from monitor.errors import StoreError
from monitor.items import Story
from monitor.store import stories
from monitor.store.backup import _faults, back_up_to
from monitor.store.database import open_reader, open_store
from monitor.store.vocabulary import refresh_vocabulary
from tests.paths import ROOT


def fill(db: Path, begin: int, count: int) -> None:
    with closing(open_store(db)) as conn:
        for number in range(begin, begin + count):
            url = f"https://gazette.example/{number}"
            at = datetime(2025, 10, 12, tzinfo=UTC)
            stories.add_story(
                conn,
                Story(url=url, canonical_url=url, source="gazette", title="T", text=f"Text {number}.", fetched_at=at),
            )


def count(db: Path) -> int:
    with closing(open_reader(db)) as conn:
        return stories.count(conn)


def test_the_copy_is_whole_and_opens_like_the_database(tmp_path: Path) -> None:
    db, copy = tmp_path / "m.db", tmp_path / "copy.db"
    fill(db, 0, 20)
    shares: list[float] = []
    assert back_up_to(db, copy, shares.append) == copy.stat().st_size > 0
    assert shares[-1] == 1 and count(copy) == 20
    assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy.db"]


def test_a_database_with_every_kind_of_table_in_use_is_no_damaged_one(tmp_path: Path) -> None:
    """SQLite 3.40 calls values of some tables NULL that are not; see ``_faults``."""
    db = tmp_path / "m.db"
    fill(db, 0, 1)
    with closing(open_store(db)) as conn:
        refresh_vocabulary(conn, ROOT / "tests" / "second_topic")
        assert conn.execute("select count(*) from vocabulary").fetchone()[0] > 10
    assert back_up_to(db, tmp_path / "copy.db") > 0


def test_a_value_that_is_missing_is_still_a_fault() -> None:
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.execute("create table t (a text, b text not null, primary key (a)) without rowid")
        conn.execute("insert into t values ('x', 'y')")
        assert _faults(conn) == []
        conn.execute("drop table t")
        conn.execute("create table t (a text, b text)")
        conn.execute("insert into t values ('x', null)")
        conn.execute("pragma writable_schema = on")
        conn.execute("update sqlite_master set sql = 'CREATE TABLE t (a text, b text not null)' where name = 't'")
        conn.execute("pragma writable_schema = reset")
        assert _faults(conn) == ["NULL value in t.b"]


def test_a_copy_made_while_others_write_is_of_one_moment(tmp_path: Path) -> None:
    db = tmp_path / "m.db"
    fill(db, 0, 50)
    writer = threading.Thread(target=fill, args=(db, 50, 200))
    writer.start()
    back_up_to(db, tmp_path / "copy.db")
    writer.join()
    with closing(sqlite3.connect(tmp_path / "copy.db")) as conn:
        assert conn.execute("pragma integrity_check").fetchone() == ("ok",)
        (all_,), (searched,) = (
            conn.execute(f"select count(*) from {table}").fetchone() for table in ("stories", "story_search")
        )
    assert 50 <= all_ == searched <= 250 and count(db) == 250


def test_a_file_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    db, copy = tmp_path / "m.db", tmp_path / "copy.db"
    fill(db, 0, 1)
    copy.write_text("mine")
    with pytest.raises(StoreError, match="not overwritten"):
        back_up_to(db, copy)
    assert copy.read_text() == "mine"


def test_a_damaged_database_gives_no_backup(tmp_path: Path) -> None:
    db, copy = tmp_path / "m.db", tmp_path / "copy.db"
    fill(db, 0, 300)
    with closing(sqlite3.connect(db)) as conn:
        conn.execute("pragma wal_checkpoint(truncate)")
        (root,) = conn.execute("select rootpage from sqlite_master where name = 'stories_text'").fetchone()
        (size,) = conn.execute("pragma page_size").fetchone()
    with db.open("r+b") as stream:
        stream.seek((root - 1) * size)
        stream.write(b"\xff" * size)
    with pytest.raises(StoreError):
        back_up_to(db, copy)
    assert not list(tmp_path.glob("copy*"))


def test_the_command(tmp_path: Path) -> None:
    db, copy = tmp_path / "m.db", tmp_path / "copy.db"
    fill(db, 0, 3)
    said = CliRunner().invoke(cli, ["--db", str(db), "backup", str(copy)])
    assert said.exit_code == 0 and "checked" in said.stderr and said.stdout == "" and count(copy) == 3
    for target, words in ((copy, "not overwritten"), (tmp_path / "no" / "copy.db", "no such folder")):
        said = CliRunner().invoke(cli, ["--db", str(db), "backup", str(target)])
        assert said.exit_code == 1 and words in str(said.exception)
