"""docs/schema.md says what the database is: it is written from it, and every table is described."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from monitor.store.database import open_store
from monitor.store.describe import describe, described, page, tables
from tests.paths import ROOT


def test_the_page_is_current() -> None:
    have = (ROOT / "docs" / "schema.md").read_text(encoding="utf-8")
    assert have == page(), "run: python -m monitor.store.describe > docs/schema.md"


def test_every_table_is_described(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "m.db")) as conn:
        unknown = [name for name in sorted(tables(conn)) if not described(name)]
    assert not unknown, "write what they hold into OWN_TABLES of monitor/store/describe.py"


def test_comments_of_the_schema_and_references_are_told() -> None:
    text = page()
    assert "| `band` | integer | **PK**; 64-bit key of one band of the MinHash signature |" in text
    assert "| `story` | integer | → stories.pk; *required*" in text
    assert "Indexes: `(claimant, story)`" in text
    assert "sqlite_sequence" not in text and "story_search_data" not in text


def test_a_table_that_nobody_placed_is_shown_last(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as conn:
        conn.execute("create table extra (a text not null)")
        lines = list(describe(conn))
    assert lines[lines.index("## Other tables") :][:3] == ["## Other tables", "", "### extra"]
