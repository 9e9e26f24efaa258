"""A story may give numbers of two fights: each stands in the ledger of its own."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.analysis.ground import Ground
from monitor.analysis.origins import Origins
from monitor.analysis.topic import Topic
from monitor.belonging import places_of_claims
from monitor.decisions import Desk
from monitor.errors import NotFound
from monitor.imports import import_lines
from monitor.incident import Incident
from monitor.linking import link_stories, read_until
from monitor.store import incidents
from monitor.store.database import open_store
from monitor.store.stories import load_many
from tests.paths import ROOT

NOW = datetime(2025, 10, 17, tzinfo=UTC)
TOWN = (
    "SPIN BOLDAK: Clashes broke out between Pakistani and Afghan Taliban forces at Spin Boldak in Kandahar on Wednesday 15 October."
    " {who} said 15 civilians were killed and 80 wounded in the town."
)
VALLEY = (
    "PARACHINAR: Afghan Taliban and Pakistani forces exchanged heavy fire on the border in Kurram on Tuesday 14 October,"
    " security officials of Pakistan said. {more} the officials said."
)
BOTH = """RAWALPINDI: The Afghan Taliban attacked at Spin Boldak on 15 October 2025 and were thrown back, Pakistan's army said.

In the fight 18 Afghan Taliban were killed, the army said.

The night before, Afghan Taliban had attacked in the Kurram sector as well. There 27 Taliban fighters were killed, it said.
"""
NOON = datetime(2025, 10, 15, 12, tzinfo=UTC)
TWO_FIGHTS = {
    "one": (TOWN.format(who="A Taliban official"), NOON),
    "two": (TOWN.format(who="The Taliban spokesman"), NOON + timedelta(hours=1)),
    "valley": (VALLEY.format(more="Two posts were destroyed,"), NOON - timedelta(hours=8)),
    "both": (BOTH, NOON + timedelta(hours=2)),
}


@pytest.fixture(scope="module")
def topic() -> Topic:
    return Topic.load(ROOT / "seeds")


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_store(tmp_path / "m.db")) as conn:
        yield conn


def take_in(conn: sqlite3.Connection, topic: Topic, texts: dict[str, tuple[str, datetime]]) -> dict[str, str | None]:
    """Import and link stories; the incident of each."""
    lines = [
        json.dumps({"url": f"https://{name}.example/a", "text": text, "published": at.isoformat(), "language": "en"})
        for name, (text, at) in texts.items()
    ]
    import_lines([line.encode() for line in lines], conn, topic, lambda n, fault: None, {}, Origins(topic, (), {}))
    link_stories(conn, topic, NOW)
    rows = conn.execute("select url, incident_id from stories")
    return {row["url"].split("/")[2].split(".")[0]: row["incident_id"] for row in rows}


def numbers(incident: Incident | None) -> set[tuple[str, str, int]]:
    assert incident is not None
    return {(line.party, line.outcome, figure.best) for line in incident.claims for figure in line.history}


def test_a_number_of_the_fight_told_beside_stands_in_that_fights_ledger(conn: sqlite3.Connection, topic: Topic) -> None:
    dale = {"dale": (VALLEY.format(more="A tank and two posts were destroyed,"), NOON - timedelta(hours=6))}
    where = take_in(conn, topic, TWO_FIGHTS | dale)
    assert where["one"] == where["two"] == where["both"] != where["valley"] == where["dale"]
    town = incidents.load_incident(conn, str(where["one"]))
    valley = incidents.load_incident(conn, str(where["valley"]))
    assert ("afghan_forces", "killed", 18) in numbers(town) and ("afghan_forces", "killed", 27) not in numbers(town)
    assert ("afghan_forces", "killed", 27) in numbers(valley) and ("afghan_forces", "killed", 18) not in numbers(valley)
    assert valley is not None and town is not None
    assert set(valley.story_ids).isdisjoint(town.story_ids), "a story belongs to one incident all the same"
    early = read_until(conn, topic, [valley.id, town.id], NOON, {})
    assert ("afghan_forces", "killed", 27) not in numbers(early[valley.id]), "not told yet"
    late = read_until(conn, topic, [valley.id, town.id], NOW, {})
    assert numbers(late[valley.id]) == numbers(valley)


def test_a_number_told_beside_can_be_rejected_where_it_stands(conn: sqlite3.Connection, topic: Topic) -> None:
    where = take_in(conn, topic, TWO_FIGHTS)
    story = conn.execute("select id from stories where url like '%both%'").fetchone()[0]
    (read,) = load_many(conn, [story])
    place = next(number for number, claim in enumerate(read.claims, 1) if claim.count_low == 27)
    valley = str(where["valley"])
    assert ("afghan_forces", "killed", 27) in numbers(incidents.load_incident(conn, valley))
    Desk(conn, topic, {}, "ada", "a toll of the week", NOW).reject(valley, story, place)
    assert ("afghan_forces", "killed", 27) not in numbers(incidents.load_incident(conn, valley))
    assert ("afghan_forces", "killed", 27) not in numbers(incidents.load_incident(conn, str(where["one"])))
    with pytest.raises(NotFound):
        Desk(conn, topic, {}, "ada", "again", NOW).reject(valley, story, place)


def test_a_number_stays_where_no_other_fight_is_known(conn: sqlite3.Connection, topic: Topic) -> None:
    where = take_in(conn, topic, {"one": (TOWN.format(who="A Taliban official"), NOON), "both": (BOTH, NOON)})
    assert where["one"] == where["both"]
    assert ("afghan_forces", "killed", 27) in numbers(incidents.load_incident(conn, str(where["one"])))


def test_where_a_claim_is_told_of(conn: sqlite3.Connection, topic: Topic) -> None:
    take_in(conn, topic, {"both": (BOTH, NOON)})
    (story,) = load_many(conn, [row["id"] for row in conn.execute("select id from stories")])
    by_count = dict(
        zip(
            [claim.count_low for claim in story.claims],
            places_of_claims(topic, Ground(topic.places), story),
            strict=True,
        )
    )
    assert by_count == {18: (), 27: ("kurram",)}, "the first stands in a paragraph that names no place"
