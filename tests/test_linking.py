"""Stories find their incidents in the store: whatever the order, once and for all, and as people decide."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from monitor.analysis.topic import Topic
from monitor.decisions import Desk, NoDecision
from monitor.errors import NotFound
from monitor.incident import Incident
from monitor.incident_ids import incident_id
from monitor.items import Story
from monitor.linking import link_stories, read_until
from monitor.reprocess import reprocess
from monitor.store import decisions as decided
from monitor.store import incidents, waiting
from monitor.store.database import open_store, transaction
from monitor.store.stories import load_story, replace_reading
from tests.borderland import DAY, NOW, TOPIC, incidents_by_source, link, place, put, said, story


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_store(tmp_path / "m.db")) as conn:
        yield conn


def get(conn: sqlite3.Connection, identifier: str | None) -> Incident:
    assert identifier is not None
    found = incidents.load_incident(conn, identifier)
    assert found is not None
    return found


def dump(conn: sqlite3.Connection) -> list[tuple[object, ...]]:
    """All that is known of incidents."""
    tables = ("incidents", "incident_changes", "incident_places")
    return [tuple(row) for table in tables for row in conn.execute(f"select * from {table}")]


def night() -> list[Story]:
    """Three reports of one fight, one of another, and one that reports no clash."""
    return [
        story("one", said(12)),
        story("two", said(23), said(58, "veldrian_forces"), minute=10),
        story("three", said(23), language="fa", minute=20),
        story("elsewhere", said(4), at=["far-pass"]),
        story("talks", is_clash=False, event_type="talks"),
    ]


def test_stories_of_one_fight_are_one_incident(conn: sqlite3.Connection) -> None:
    put(conn, night())
    updates = link(conn)
    where = incidents_by_source(conn)
    assert where["one"] == where["two"] == where["three"] != where["elsewhere"]
    assert where["talks"] is None
    assert [update.before for update in updates] == [None, None]
    found = get(conn, where["one"])
    assert len(found.story_ids) == 3 and found.outlet_count == 3 and found.origin_count == 3
    assert [figure.best for line in found.claims for figure in line.history] == [12, 23, 58]
    assert found.date_start == found.date_end == DAY
    assert found.languages == ("en", "fa")


def test_no_story_is_in_two_incidents_and_every_claim_has_its_sentence(conn: sqlite3.Connection) -> None:
    put(conn, night())
    link(conn)
    told: list[str] = []
    for found in list(incidents.iterate(conn)):
        told += found.story_ids
        for line in found.claims:
            for figure in (*line.history, *line.denials):
                text = load_story(conn, figure.story)
                assert text is not None and text.text[figure.start : figure.end] == figure.quote
                assert figure.story in found.story_ids
    assert len(told) == len(set(told)) == 4


def test_linking_again_changes_nothing(conn: sqlite3.Connection) -> None:
    put(conn, night())
    link(conn)
    before = dump(conn)
    assert link(conn) == []
    with transaction(conn):
        conn.execute("insert into unlinked select id from stories")
    assert link(conn) == []
    assert dump(conn) == before


def test_ids_are_the_same_in_another_store_and_follow_the_first_story(tmp_path: Path) -> None:
    found = []
    for name in ("a", "b"):
        with closing(open_store(tmp_path / f"{name}.db")) as conn:
            put(conn, night())
            link(conn)
            found.append(incidents_by_source(conn))
    assert found[0] == found[1]
    assert found[0]["one"] == incident_id(story("one").id)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_stories_within_a_day_does_not_matter(tmp_path: Path, seed: int) -> None:
    """Neither how many come at a time: the groups are the same, only an id may be another founder's."""
    partitions = []
    for portion in (1, 2, 5):
        with closing(open_store(tmp_path / f"{portion}.db")) as conn:
            stories = random.Random(seed).sample(night(), 5)
            for begin in range(0, 5, portion):
                put(conn, stories[begin : begin + portion])
                link(conn)
            where = incidents_by_source(conn)
            partitions.append({frozenset(s for s in where if where[s] == i) for i in set(where.values())})
    assert partitions[0] == partitions[1] == partitions[2]


def test_an_incident_keeps_its_id_as_stories_come_in(conn: sqlite3.Connection) -> None:
    one, two, three, *_ = night()
    put(conn, [two])
    link(conn)
    identifier = incidents_by_source(conn)["two"]
    put(conn, [one, three])
    (update,) = link(conn)
    assert set(incidents_by_source(conn).values()) == {identifier}
    assert update.before is not None and update.after.id == identifier
    assert "new" not in [change.kind for change in update.changes]


def test_revision_counts_real_changes_only(conn: sqlite3.Connection) -> None:
    put(conn, [story("one", said(12))])
    link(conn)
    put(conn, [story("repeats", said(12), origin="one")])
    link(conn)
    identifier = incidents_by_source(conn)["one"]
    assert get(conn, identifier).revision == 1
    put(conn, [story("higher", said(23))])
    link(conn)
    assert get(conn, identifier).revision == 2
    kinds = [row["kind"] for row in incidents.changes_of(conn, str(identifier))]
    assert kinds[:2] == ["new", "claim"] and kinds.count("claim") == 2


def test_a_late_story_joins_the_incident_of_its_day(conn: sqlite3.Connection) -> None:
    put(conn, [story("one", said(58)), story("later", said(3), day=DAY + timedelta(days=9))])
    link(conn)
    put(conn, [story("late", said(58), published_at=NOW)])
    link(conn)
    where = incidents_by_source(conn)
    assert where["late"] == where["one"] != where["later"]


def test_an_undated_story_joins_what_it_is_like_or_stands_alone(conn: sqlite3.Connection) -> None:
    undated = {"day": None, "published_at": None, "published_precision": "unknown"}
    put(conn, [story("one", said(58), said(23, claimant="ostmark"))])
    link(conn)
    put(
        conn,
        [
            story("like", said(58), said(23, claimant="ostmark"), **undated),
            story("unlike", said(3), at=["capital"], **undated),
        ],
    )
    link(conn)
    where = incidents_by_source(conn)
    assert where["like"] == where["one"] and where["unlike"] not in (None, where["one"])


UNDATED = {"day": None, "published_at": None, "published_precision": "unknown", "language": "fa"}


@pytest.mark.parametrize("first", ["dated", "undated"])
def test_a_weekday_leads_to_the_incident_of_that_day_whichever_comes_first(
    conn: sqlite3.Connection, first: str
) -> None:
    later = DAY + timedelta(days=33)
    dated = [story("saturday", said(6)), story("thursday", said(7), day=later)]
    undated = [
        story("on-saturday", said(4), partial_date="-W-6", **UNDATED),
        story("on-thursday", said(5), partial_date=f"--{later:%m-%d}", **UNDATED),
        story("on-tuesday", said(3), partial_date="-W-2", **UNDATED),
    ]
    for part in (dated, undated) if first == "dated" else (undated, dated):
        put(conn, part)
        link(conn)
    where = incidents_by_source(conn)
    assert where["on-saturday"] == where["saturday"] != where["thursday"] == where["on-thursday"]
    assert where["on-tuesday"] not in (None, where["saturday"], where["thursday"])


def test_stories_of_no_known_day_never_bridge_what_is_weeks_apart(conn: sqlite3.Connection) -> None:
    put(conn, [story("one", said(58)), story("other", said(58), day=DAY + timedelta(days=140))])
    put(conn, [story(f"between{i}", said(58), partial_date="-W-6", **UNDATED) for i in range(8)])
    link(conn)
    where = incidents_by_source(conn)
    assert where["one"] != where["other"]
    assert len(set(where.values())) == 2


def test_a_story_that_turns_out_to_be_no_clash_leaves_and_an_empty_incident_ends(conn: sqlite3.Connection) -> None:
    one, two = put(conn, [story("one", said(58)), story("two", said(58), minute=5)])
    link(conn)
    identifier = str(incidents_by_source(conn)["one"])
    with transaction(conn):
        replace_reading(conn, one, replace(one, is_clash=False, claims=[]))
    link(conn)
    assert incidents_by_source(conn) == {"one": None, "two": identifier}
    assert get(conn, identifier).story_ids == (two.id,)
    with transaction(conn):
        replace_reading(conn, two, replace(two, is_clash=False, claims=[]))
    link(conn)
    assert incidents.load_incident(conn, identifier) is None
    assert list(incidents.iterate(conn)) == []


def test_a_correction_moves_a_story_to_another_incident(conn: sqlite3.Connection) -> None:
    stories = put(
        conn, [story("one", said(58)), story("two", said(58), minute=5), story("far", said(7), at=["far-pass"])]
    )
    link(conn)
    where = incidents_by_source(conn)
    moved = replace(
        stories[1], places=stories[2].places, claims=stories[2].claims, text=stories[2].text, incident_id=where["two"]
    )
    with transaction(conn):
        replace_reading(conn, stories[1], moved)
    link(conn)
    assert incidents_by_source(conn) == {"one": where["one"], "two": where["far"], "far": where["far"]}


def test_a_bridge_merges_two_incidents_and_the_old_id_leads_on(conn: sqlite3.Connection) -> None:
    stories = [story(f"east{i}", said(58), at=["east-gate"]) for i in range(3)]
    stories += [story(f"west{i}", said(4), at=["far-pass"]) for i in range(2)]
    put(conn, stories)
    link(conn)
    where = incidents_by_source(conn)
    assert len(set(where.values())) == 2
    wide = {"at": ["east-gate", "far-pass", "last-ford"]}
    put(conn, [story(f"wide{i}", said(58), said(4), **wide) for i in range(4)])
    updates = link(conn)
    now = incidents_by_source(conn)
    assert set(now.values()) == {where["east0"]}
    assert incidents.resolve(conn, str(where["west0"])) == where["east0"]
    assert get(conn, where["west0"]).id == where["east0"]
    assert [(c.kind, c.other) for u in updates for c in u.changes if c.kind == "merged"] == [("merged", where["west0"])]


def test_an_interrupted_run_goes_on_where_it_was(conn: sqlite3.Connection) -> None:
    first = story("one", said(58))
    put(conn, [first, story("month", said(3), day=DAY + timedelta(days=40))])
    calls = []

    def break_the_second(conn: sqlite3.Connection, updates: object) -> None:
        calls.append(updates)
        if len(calls) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        link_stories(conn, TOPIC, NOW, on_updates=break_the_second)
    where = incidents_by_source(conn)
    assert where["one"] == incident_id(first.id) and where["month"] is None
    assert len(list(incidents.iterate(conn))) == 1, "what was not told is not stored"
    assert [update.after.story_ids for update in link(conn)] == [(story("month").id,)]
    assert waiting.unlinked(conn) == []


def test_what_was_known_at_a_time(conn: sqlite3.Connection) -> None:
    one = story("one", said(12))
    put(conn, [one, story("two", said(23), published_at=NOW)])
    link(conn)
    identifier = str(incidents_by_source(conn)["one"])
    then = read_until(conn, TOPIC, [identifier], NOW - timedelta(hours=1), {})
    assert then[identifier].story_ids == (one.id,) and then[identifier].claims[0].current.best == 12
    assert one.published_at is not None
    assert read_until(conn, TOPIC, [identifier], one.published_at, {}) == {}


def test_a_number_of_another_incident_told_as_background_is_left_out(conn: sqlite3.Connection) -> None:
    before = DAY - timedelta(days=6)
    put(conn, [story(f"old{i}", said(58), day=before) for i in range(4)])
    put(conn, [story(f"new{i}", said(7), at=["far-pass"]) for i in range(3)])
    put(conn, [story("recalls", said(7), said(58), at=["far-pass"])])
    link(conn)
    where = incidents_by_source(conn)
    assert where["recalls"] == where["new0"]
    assert [figure.best for line in get(conn, where["new0"]).claims for figure in line.history] == [7]


def test_a_number_of_a_title_is_no_background(conn: sqlite3.Connection) -> None:
    before = DAY - timedelta(days=6)
    put(conn, [story(f"old{i}", said(58), day=before) for i in range(4)])
    headed = story("headed", said(7), said(58), at=["far-pass"])
    headed.claims = [headed.claims[0], replace(headed.claims[1], start=-1, end=-1)]
    put(conn, [*(story(f"new{i}", said(7), at=["far-pass"]) for i in range(3)), headed])
    link(conn)
    found = get(conn, incidents_by_source(conn)["headed"])
    assert sorted(figure.best for line in found.claims for figure in line.history) == [7, 58]


def test_what_others_told_later_is_no_background_yet(conn: sqlite3.Connection) -> None:
    put(conn, [*(story(f"new{i}", said(7), at=["far-pass"]) for i in range(3))])
    put(conn, [story("recalls", said(7), said(58), at=["far-pass"])])
    later = DAY + timedelta(days=6)
    put(conn, [story(f"late{i}", said(58), day=later) for i in range(4)])
    link(conn)
    identifier = str(incidents_by_source(conn)["recalls"])

    def told(until: datetime) -> list[int]:
        (found,) = read_until(conn, TOPIC, [identifier], until, {}).values()
        return sorted(figure.best for line in found.claims for figure in line.history)

    assert told(NOW) == [7]
    assert told(datetime.combine(later, time.min, UTC)) == [7, 58], "a brief is the same whenever it is made"


# ---- what people decide


def desk(conn: sqlite3.Connection, topic: Topic = TOPIC) -> Desk:
    return Desk(conn, topic, {}, "ada", "the map shows it", NOW)


def again(conn: sqlite3.Connection) -> None:
    """Have every story find its incident anew."""
    with transaction(conn):
        conn.execute("insert or ignore into unlinked select id from stories")
    link(conn)


def test_merge_and_split_last(conn: sqlite3.Connection) -> None:
    put(conn, night())
    link(conn)
    where = incidents_by_source(conn)
    words = desk(conn).merge(str(where["one"]), str(where["elsewhere"]))
    assert str(where["elsewhere"]) in words
    again(conn)
    assert set(incidents_by_source(conn).values()) == {where["one"], None}
    assert get(conn, where["elsewhere"]).id == where["one"]
    three = story("three").id
    desk(conn).split(str(where["one"]), [three])
    again(conn)
    now = incidents_by_source(conn)
    assert now["one"] == now["two"] == now["elsewhere"] == where["one"]
    assert now["three"] not in (where["one"], None)
    kept = decided.decisions(conn)
    assert [(d.kind, d.decided_by, d.reason) for d in kept] == [
        ("merge", "ada", "the map shows it"),
        ("split", "ada", "the map shows it"),
    ]


@pytest.mark.parametrize("off", [("one",), ("two", "three"), ("one", "two"), ("three",)])
def test_whatever_is_split_off_is_apart_and_no_story_is_lost(conn: sqlite3.Connection, off: tuple[str, ...]) -> None:
    """Also where the story that the incident is named after is left alone, and the others keep its id."""
    names = {"one", "two", "three"}
    put(conn, [story(name, said(12), minute=place) for place, name in enumerate(sorted(names))])
    link(conn)
    whole = str(incidents_by_source(conn)["one"])
    desk(conn).split(whole, [story(name).id for name in off])
    for _ in range(2):
        now = incidents_by_source(conn)
        parts = {frozenset(name for name in names if now[name] == part) for part in now.values()}
        assert parts == {frozenset(off), frozenset(names - set(off))} and whole in now.values()
        assert {s for one in list(incidents.iterate(conn)) for s in one.story_ids} == {story(n).id for n in names}
        again(conn)


def test_move_rename_and_reject_last(conn: sqlite3.Connection) -> None:
    put(conn, night())
    link(conn)
    where = incidents_by_source(conn)
    one, far = str(where["one"]), str(where["elsewhere"])
    desk(conn).move(story("three").id, far)
    desk(conn).rename(one, "  The night of   the gate ")
    desk(conn).reject(one, story("two").id, 2)
    for _ in range(2):
        now = incidents_by_source(conn)
        assert now["three"] == far and now["two"] == one
        assert get(conn, one).title == "The night of the gate"
        assert [line.party for line in get(conn, one).claims] == ["ostmark_forces"]
        again(conn)
    kept = load_story(conn, story("two").id)
    assert kept is not None and len(kept.claims) == 2, "a rejected claim stays with its story"


def test_decisions_survive_reprocess(tmp_path: Path) -> None:
    """The whole way: stories are read again from their texts, then linked again."""
    from monitor.analysis.origins import Origins
    from monitor.imports import import_lines

    topic = replace(TOPIC, places={**TOPIC.places, "karst-gate": place("karst-gate", "crossing", 1.5, 2.5)})
    lines = [
        b'{"url": "https://a.example/1", "published": "2025-05-04", "title": "Clash at the Karst Gate between Veldria and Ostmark",'
        b' "text": "Three Ostmark soldiers were killed in a clash at the Karst Gate on Saturday, the Veldrian army said."}',
        b'{"url": "https://b.example/1", "published": "2025-05-04", "title": "Ostmark soldiers die at Karst Gate",'
        b' "text": "Three Ostmark soldiers were killed in a clash with Veldrian forces at the Karst Gate, Veldria said."}',
    ]
    with closing(open_store(tmp_path / "m.db")) as conn:
        import_lines(lines, conn, topic, lambda number, fault: pytest.fail(fault), {})
        link_stories(conn, topic, NOW)
        where = dict(conn.execute("select url, incident_id from stories").fetchall())
        assert len(set(where.values())) == 1
        identifier = where["https://a.example/1"]
        split_off = conn.execute("select id from stories where url = 'https://b.example/1'").fetchone()[0]
        desk(conn, topic).split(identifier, [split_off])
        desk(conn, topic).rename(identifier, "At the gate")
        before = dump(conn)
        result = reprocess(conn, topic, {}, origins=Origins(topic, (), {}))
        assert result.changed == 0
        assert link_stories(conn, topic, NOW) == []
        assert dump(conn) == before
        with transaction(conn):
            conn.execute("insert or ignore into unlinked select id from stories")
        link_stories(conn, topic, NOW)
        assert dump(conn) == before


@pytest.mark.parametrize(
    ("decide", "error", "words"),
    [
        (lambda d, one, far: d.merge(one, one), NoDecision, "one incident already"),
        (lambda d, one, far: d.merge(one, "inowhere"), NotFound, "no incident 'inowhere'"),
        (lambda d, one, far: d.split(one, [story("elsewhere").id]), NotFound, "no story of incident"),
        (lambda d, one, far: d.split(far, [story("elsewhere").id]), NoDecision, "nothing would be left"),
        (lambda d, one, far: d.rename(one, "  "), NoDecision, "at least one letter"),
        (lambda d, one, far: d.move(story("talks").id, one), NoDecision, "reports no clash"),
        (lambda d, one, far: d.move(story("one").id, one), NoDecision, "already"),
        (lambda d, one, far: d.move("nothing", one), NotFound, "no story with id"),
        (lambda d, one, far: d.reject(one, story("one").id, 9), NotFound, "no number 9"),
        (lambda d, one, far: d.reject(far, story("one").id, 1), NotFound, "no story of incident"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_changes_nothing(conn: sqlite3.Connection, decide, error, words) -> None:  # type: ignore[no-untyped-def]
    put(conn, night())
    link(conn)
    where, before = incidents_by_source(conn), dump(conn)
    with pytest.raises(error, match=words):
        decide(desk(conn), str(where["one"]), str(where["elsewhere"]))
    assert dump(conn) == before and decided.decisions(conn) == []
