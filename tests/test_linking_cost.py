"""Linking costs the same in a large store: no query walks a whole table, and a portion is compared with so many only."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from monitor import linking
from monitor.analysis.topic import Topic
from monitor.linking import link_stories
from monitor.stages import link_duplicate
from monitor.store import stories
from monitor.store.database import open_store, transaction
from tests.bench.war import War
from tests.paths import ROOT

NOW = datetime(2025, 10, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def topic() -> Topic:
    return Topic.load(ROOT / "seeds")


def test_no_query_of_linking_walks_a_whole_table(tmp_path: Path, topic: Topic) -> None:
    conn, war = open_store(tmp_path / "m.db"), War(topic)
    with transaction(conn):
        for day in range(3):
            for story in war.tell(date(2025, 10, 10) + timedelta(days=day), 3, 12):
                if story.event_date is None:
                    story.published_at, story.published_precision = None, "unknown"
                link_duplicate(story, conn)
                stories.add_story(conn, story)
    asked: dict[str, str] = {}
    # One statement of each shape is enough.
    conn.set_trace_callback(lambda sql: asked.setdefault(re.sub(r"'[^']*'|\d+", "?", sql)[:300], sql))
    link_stories(conn, topic, NOW)
    conn.set_trace_callback(None)
    selects = [sql for sql in asked.values() if sql.lstrip().lower().startswith("select")]
    assert len(selects) > 8
    for sql in selects:
        plan = [row[3] for row in conn.execute(f"explain query plan {sql}")]
        # The few stories of no known day have an index of their own; its newest end is walked.
        walked = {
            found[1] for step in plan if (found := re.match(r"SCAN (\w+)\b(?! USING INDEX stories_undated)", step))
        }
        tables = walked & {"s", "c", "sp", "stories", "claims", "story_places", "signatures", "incidents", "places"}
        assert not [table for table in tables if not _is_subquery(table, plan)], (sql[:200], plan)


def _is_subquery(name: str, plan: list[str]) -> bool:
    """Whether ``name`` is what a part of the query found, not a table: SQLite calls walking through that a scan too."""
    made = ("CO-ROUTINE", "MATERIALIZE", "COMPOUND QUERY")
    return name in {"s", "c", "sp"} and any(step.startswith(made) for step in plan)


def test_a_day_of_war_is_compared_with_a_bounded_number_of_stories(
    tmp_path: Path, topic: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []
    cluster = linking.cluster
    monkeypatch.setattr(linking, "cluster", lambda seen, *rest: compared.append(len(seen)) or cluster(seen, *rest))
    monkeypatch.setattr(linking, "_PORTION", 20)
    monkeypatch.setattr(linking, "_AHEAD", 30)
    monkeypatch.setattr(linking, "_ALL_WITNESSES", 40)
    monkeypatch.setattr(linking, "_FEWEST_WITNESSES", 2)
    conn, war = open_store(tmp_path / "m.db"), War(topic)
    with transaction(conn):
        for story in war.tell(date(2025, 10, 12), 3, 200):
            link_duplicate(story, conn)
            stories.add_story(conn, story)
    link_stories(conn, topic, NOW)
    assert compared and max(compared) <= 20 + 30 + 40 + 2 * 10
    found = conn.execute("select count(*), count(incident_id) from stories").fetchone()
    assert tuple(found) == (200, 200), "every story has its incident all the same"
