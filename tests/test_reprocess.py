"""Reading stored stories again: a change of the seeds takes effect, and without a change nothing happens."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.paths import ROOT
from tests.test_cli import STORIES, monitor


def test_unchanged_seeds_change_nothing_and_changed_ones_take_effect(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(ROOT / "tests" / "second_topic", seeds)
    story = {
        "url": "https://gazette.example/1",
        "title": "Clash at the Karst Gate between Veldria and Ostmark",
        "text": "Three Ostmark soldiers were killed in a clash at the Karst Gate on Saturday, the Veldrian army said. Zeppelins were seen over Highmoor.",
    }
    words = ("--seeds", str(seeds), "--db", str(tmp_path / "m.db"))
    assert monitor(tmp_path, "import", "-", *words, stdin=json.dumps(story)).returncode == 0
    before = (monitor(tmp_path, "export", "stories", *words).stdout, (tmp_path / "m.db").read_bytes())
    assert "1 stories read again, 0 changed" in monitor(tmp_path, "reprocess", *words).stderr
    assert monitor(tmp_path, "export", "stories", *words).stdout == before[0]
    with (seeds / "lexicon" / "en.toml").open("a") as stream:
        stream.write(
            '\n[[word]]\ncategory = "event"\nmeans = "air_strike"\nkeyword = "zeppelin"\nforms = "zeppelin | zeppelins"\n'
        )
    assert "1 would change" in monitor(tmp_path, "reprocess", "--dry-run", *words).stderr
    assert monitor(tmp_path, "export", "stories", *words).stdout == before[0]
    assert "1 changed" in monitor(tmp_path, "reprocess", *words).stderr
    record = json.loads(monitor(tmp_path, "export", "stories", *words).stdout)
    assert "zeppelin" in {keyword["keyword"] for keyword in record["keywords"]}
    assert record["text"] == story["text"]
    assert "0 changed" in monitor(tmp_path, "reprocess", *words).stderr
    with closing(sqlite3.connect(tmp_path / "m.db")) as conn:
        assert conn.execute("select count(*) from story_search where story_search match 'zeppelins'").fetchone()[0] == 1
        conn.execute("insert into story_search (story_search) values ('integrity-check')")


def test_reprocess_keeps_the_points_a_page_gave_itself(tmp_path: Path) -> None:
    text = f"A headline\n- Soldiers of two sides died.\n- The gate was shut.\n{STORIES[0]['text']}"
    monitor(tmp_path, "import", "-", stdin=json.dumps({"url": "https://a.example/1", "text": text}))
    assert "0 changed" in monitor(tmp_path, "reprocess").stderr
    record = json.loads(monitor(tmp_path, "export", "stories").stdout)
    assert record["key_points"] == ["Soldiers of two sides died.", "The gate was shut."]


def test_reprocess_without_a_database_says_so(tmp_path: Path) -> None:
    result = monitor(tmp_path, "reprocess")
    assert result.returncode == 1 and "there is no database yet" in result.stderr
