"""Alerts from the decision to the outbox and out of it: what is told, once, to whom, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from monitor.alerts.delivery import deliver
from monitor.alerts.outbox import queue_alerts, queue_reminders, queue_story_alerts
from monitor.incident import Change, Update
from monitor.store.alertable import named
from monitor.store.database import transaction
from monitor.store.incidents import load_incident
from monitor.store.outbox import add_silence, end_silence
from tests.alerting import GATE, NOW, PASS, VALLEY, Desk, change, figure, incident, keywords, kinds, line, minutes, new

FILE = '[[channel]]\nname = "file"\nkind = "file"\npath = "alerts.jsonl"\n'
ALL = 'on = ["new", "claim", "contradiction", "denial"]\nchannels = "file"\n'
DESK = f'{FILE}[[rule]]\nname = "all"\n{ALL}'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, DESK)


def test_one_message_for_an_incident_and_one_for_each_change(desk: Desk) -> None:
    book = desk.book()
    first = incident("i1", line("north", "south_forces", 58), line("south", "south_forces", 12))
    desk.store(first)
    assert queue_alerts(desk.conn, [new(first)], book, NOW) == 3
    report = deliver(desk.conn, book.channels, NOW)
    assert report.channels["file"].messages == 1
    later = change(first, line("south", "south_forces", 23))
    assert queue_alerts(desk.conn, [later], book, NOW + minutes(15)) == 1
    deliver(desk.conn, book.channels, NOW + minutes(15))
    deliver(desk.conn, book.channels, NOW + minutes(30))
    messages = desk.lines()
    assert kinds(messages) == [["new", "claim", "claim"], ["claim"]]
    assert "South now says 23, before 12" in messages[1]["title"]


def test_the_same_thing_found_again_is_not_told_again(desk: Desk) -> None:
    book = desk.book()
    first = incident("i1", line("south", "south_forces", 12))
    desk.store(first)
    queue_alerts(desk.conn, [new(first)], book, NOW)
    deliver(desk.conn, book.channels, NOW)
    # A re-import, a touched date, a reading of all stories anew: the same facts, even told as new ones.
    for hours in (1, 24, 999):
        again = replace(first, last_reported_at=NOW + timedelta(hours=hours))
        assert queue_alerts(desk.conn, [new(again)], book, NOW + timedelta(hours=hours)) == 0
    there = change(first, line("south", "south_forces", 23))
    back = change(there.after, line("south", "south_forces", 12))
    assert queue_alerts(desk.conn, [there], book, NOW) == 1
    assert queue_alerts(desk.conn, [back], book, NOW) == 0, "12 was told before"
    deliver(desk.conn, book.channels, NOW + minutes(15))
    assert len(desk.lines()) == 2


def test_more_stories_that_say_the_same_are_no_alert(desk: Desk) -> None:
    book = desk.book()
    first = incident("i1", line("south", "south_forces", 12))
    desk.store(first)
    queue_alerts(desk.conn, [new(first)], book, NOW)
    more = replace(first, story_ids=("s1", "s2", "s3"), outlet_count=3, origin_count=2)
    update = Update(first, more, (Change("confirmed", text="2"), Change("place", text="Salt Pass")))
    assert queue_alerts(desk.conn, [update], book, NOW) == 0


def test_merged_incidents_tell_nothing_twice(desk: Desk) -> None:
    book = desk.book()
    one, two = incident("i1", line("south", "south_forces", 12)), incident("i2", line("south", "south_forces", 23))
    desk.store(one, two)
    queue_alerts(desk.conn, [new(one), new(two)], book, NOW)
    both = change(one, line("south", "south_forces", 23), story_ids=("s1", "s2"))
    merged = Update(one, both.after, (*both.changes, Change("merged", other="i2")))
    assert queue_alerts(desk.conn, [merged], book, NOW) == 0, "23 was told of i2"
    third = change(merged.after, line("south", "south_forces", 25))
    assert queue_alerts(desk.conn, [third], book, NOW) == 1


def test_forwarded_incidents_count_without_word_of_the_merger(desk: Desk) -> None:
    book = desk.book()
    one, two, three = (incident(name, line("south", "south_forces", 23)) for name in ("i1", "i2", "i3"))
    desk.store(one, two, three)
    queue_alerts(desk.conn, [new(one)], book, NOW)
    desk.conn.execute("update incidents set forward_to = 'i2' where id = 'i1'")
    desk.conn.execute("update incidents set forward_to = 'i3' where id = 'i2'")
    assert queue_alerts(desk.conn, [new(three)], book, NOW) == 0


def test_a_split_tells_only_what_is_new_since(desk: Desk) -> None:
    book = desk.book()
    whole = incident("i1", line("south", "south_forces", 12), story_ids=("s1", "s2", "s3"))
    desk.store(whole)
    queue_alerts(desk.conn, [new(whole)], book, NOW)
    part = incident("i2", line("south", "south_forces", 12), story_ids=("s2", "s3"))
    desk.store(part)
    rest = replace(whole, story_ids=("s1",))
    updates = [Update(whole, rest, ()), Update(None, part, (*new(part).changes, Change("split", other="i1")))]
    assert queue_alerts(desk.conn, updates, book, NOW + minutes(5)) == 0
    grown = change(rest, line("south", "south_forces", 30))
    assert queue_alerts(desk.conn, [grown], book, NOW + minutes(10)) == 1
    other = change(part, line("south", "south_forces", 30))
    assert queue_alerts(desk.conn, [other], book, NOW + minutes(10)) == 1, "another clash with as many dead"


def test_a_new_incident_that_takes_a_few_old_stories_is_news(desk: Desk) -> None:
    book = desk.book()
    whole = incident("i1", story_ids=("s1", "s2", "s3"))
    part = incident("i2", story_ids=("s3", "s4", "s5", "s6"))
    desk.store(whole, part)
    queue_alerts(desk.conn, [new(whole)], book, NOW)
    rest = replace(whole, story_ids=("s1", "s2"))
    updates = [Update(whole, rest, ()), Update(None, part, (Change("new"), Change("split", other="i1")))]
    assert queue_alerts(desk.conn, updates, book, NOW + minutes(5)) == 1


def test_contradiction_and_denial_are_told_once_for_both_sides(desk: Desk) -> None:
    book = desk.book()
    first = incident("i1", line("north", "south_forces", 58))
    desk.store(first)
    queue_alerts(desk.conn, [new(first)], book, NOW)
    north = line("north", "south_forces", 58, contradicted_by=("south",), denials=(figure(58, story="s2"),))
    south = line("south", "south_forces", 23, contradicted_by=("north",))
    after = replace(first, claims=(north, south))
    changes = (
        Change("claim", line=south),
        Change("contradiction", line=north, other="south"),
        Change("contradiction", line=south, other="north"),
        Change("denial", line=north, text="It is false."),
    )
    assert queue_alerts(desk.conn, [Update(first, after, changes)], book, NOW) == 3
    deliver(desk.conn, book.channels, NOW)
    assert sorted(kinds(desk.lines())[0]) == ["claim", "claim", "contradiction", "denial", "new"]


def test_an_incident_contradicted_from_the_start_says_so(tmp_path: Path) -> None:
    desk = Desk(tmp_path, FILE + '[[rule]]\nname = "c"\non = "contradiction"\nchannels = "file"\n')
    first = incident(
        "i1",
        line("north", "south_forces", 58, contradicted_by=("south",)),
        line("south", "south_forces", 23, contradicted_by=("north",)),
    )
    desk.store(first)
    assert queue_alerts(desk.conn, [new(first)], desk.book(), NOW) == 1


def test_a_minimum_of_evidence_holds_an_alert_back_until_it_is_there(tmp_path: Path) -> None:
    desk = Desk(tmp_path, DESK.replace(ALL, ALL + "min_origins = 2\n"))
    book = desk.book()
    first = incident("i1", line("south", "south_forces", 12))
    desk.store(first)
    assert queue_alerts(desk.conn, [new(first)], book, NOW) == 0
    more = replace(first, origin_count=2, outlet_count=2)
    assert queue_alerts(desk.conn, [Update(first, more, (Change("confirmed", text="2"),))], book, NOW) == 2
    most = replace(more, origin_count=3)
    assert queue_alerts(desk.conn, [Update(more, most, (Change("confirmed", text="3"),))], book, NOW) == 0


def test_confirmed_by_so_many_origins_is_told_once(tmp_path: Path) -> None:
    rule = '[[rule]]\nname = "sure"\non = "confirmed"\nmin_origins = 3\nchannels = "file"\n'
    desk = Desk(tmp_path, FILE + rule)
    book = desk.book()
    states = [incident("i1", origin_count=count, outlet_count=count) for count in (1, 2, 3, 4, 2, 5)]
    desk.store(states[0])
    made = [
        queue_alerts(desk.conn, [Update(before, after, (Change("confirmed", text="x"),))], book, NOW)
        for before, after in pairwise(states)
    ]
    assert made == [0, 1, 0, 0, 0]
    deliver(desk.conn, book.channels, NOW)
    assert desk.lines()[0]["title"].startswith("Confirmed by 3 independent origins: Karst Gate")


@pytest.mark.parametrize(
    ("matcher", "fits", "differs"),
    [
        ('places = ["karst gate"]', {}, {"places": (PASS,)}),
        ('places = ["Lower Valley"]', {"places": (PASS,)}, {"places": ()}),
        ('actors = ["veldria-army"]', {}, {"actors": ("somebody",)}),
        ('event_types = ["armed_clash", "shelling"]', {}, {"event_type": "talks"}),
        ("min_fatalities = 10", {}, {"fatalities": replace(incident().fatalities, best=9)}),
        ("min_outlets = 2", {"outlet_count": 2}, {}),
    ],
)
def test_matchers(tmp_path: Path, matcher: str, fits: dict[str, object], differs: dict[str, object]) -> None:
    desk = Desk(tmp_path, f'{FILE}[[rule]]\nname = "r"\non = "new"\nchannels = "file"\n{matcher}\n')
    book = desk.book(check=False)
    yes, no = incident("i1", **fits), incident("i2", **differs)
    desk.store(yes, no)
    assert queue_alerts(desk.conn, [new(no)], book, NOW) == 0
    assert queue_alerts(desk.conn, [new(yes)], book, NOW) == 1


@pytest.mark.parametrize(
    ("matcher", "fits", "differs"),
    [
        ('sources = ["gazette"]', {}, {"source": "herald"}),
        ('keywords = ["artillery"]', {"keywords": keywords("artillery")}, {"keywords": keywords("talks")}),
        ('languages = ["ps"]', {"language": "ps"}, {}),
        ("min_relevance = 0.8", {}, {"relevance": 0.7}),
    ],
)
def test_matchers_of_stories(tmp_path: Path, matcher: str, fits: dict[str, object], differs: dict[str, object]) -> None:
    desk = Desk(tmp_path, f'{FILE}[[rule]]\nname = "r"\non = ["new", "story"]\nchannels = "file"\n{matcher}\n')
    book = desk.book(check=False)
    desk.story("s1", **fits)
    desk.story("s2", **differs)
    yes, no = incident("i1", story_ids=("s1",)), incident("i2", story_ids=("s2",))
    desk.store(yes, no)
    assert queue_alerts(desk.conn, [new(no)], book, NOW) == 0
    assert queue_alerts(desk.conn, [new(yes)], book, NOW) == 2
    assert queue_story_alerts(desk.conn, ["s1", "s2"], book, NOW) == 1, "s1 as a story outside of incidents"
    assert queue_story_alerts(desk.conn, ["s1", "s2"], book, NOW) == 0


def test_reprints_of_a_story_are_told_once(tmp_path: Path) -> None:
    rule = '[[rule]]\nname = "r"\non = "story"\nchannels = "file"\nsources = ["gazette"]\n'
    desk = Desk(tmp_path, FILE + rule)
    book = desk.book(check=False)
    desk.story("s1")
    desk.story("s2", duplicate_of="s1")
    assert queue_story_alerts(desk.conn, ["s1"], book, NOW) == 1
    assert queue_story_alerts(desk.conn, ["s2"], book, NOW) == 0


def test_crossings_tell_a_change_of_state_only(tmp_path: Path) -> None:
    rule = '[[rule]]\nname = "r"\non = ["closed", "reopened"]\nchannels = "file"\n'
    desk = Desk(tmp_path, FILE + rule)
    words = {"crossing closed": "closed", "crossing reopened": "reopened"}
    book = replace(desk.book(), crossing_words=words)

    def told(name: str, hours: float, *tags: str, **more: object) -> int:
        values: dict[str, object] = {"places": [GATE], "published_at": NOW + timedelta(hours=hours)}
        desk.story(name, event_type="crossing_closed", keywords=keywords(*tags), **{**values, **more})
        return queue_story_alerts(desk.conn, [name], book, NOW + timedelta(hours=hours))

    assert told("a", 0, "crossing closed") == 1
    assert told("b", 1, "crossing closed") == 0, "it still is"
    assert told("c", 20, "crossing reopened") == 1
    assert told("d", 10, "crossing closed") == 0, "older than what told of the reopening"
    assert told("e", 30, "crossing closed") == 1
    assert told("f", 31, "crossing closed", places=[PASS]) == 1
    assert told("g", 32, "crossing reopened", places=[VALLEY]) == 0, "a province is no crossing"
    assert told("h", 33, "crossing reopened", published_at=None, published_precision="unknown") == 0
    assert queue_story_alerts(desk.conn, list("abcdefgh"), book, NOW + timedelta(hours=40)) == 0
    deliver(desk.conn, book.channels, NOW + timedelta(hours=40))
    assert desk.lines()[0]["title"] == "Crossing closed: Karst Gate; single source: gazette (and 2 more)"


def test_old_news_is_not_alerted_where_a_rule_says_so(tmp_path: Path) -> None:
    desk = Desk(tmp_path, '[alerts]\nmax_age = "2d"\n' + DESK)
    book = desk.book()
    first = incident("i1")
    desk.store(first)
    assert queue_alerts(desk.conn, [new(first)], book, NOW + timedelta(days=30)) == 0
    assert queue_alerts(desk.conn, [new(first)], book, NOW + timedelta(days=1)) == 1


def test_two_rules_for_one_channel_make_one_message(tmp_path: Path) -> None:
    loud = '[[rule]]\nname = "loud"\non = "new"\nseverity = "critical"\nchannels = ["file", "other"]\n'
    other = FILE.replace('"file"\nkind', '"other"\nkind').replace("alerts.jsonl", "other.jsonl")
    desk = Desk(tmp_path, DESK + loud + other)
    book = desk.book()
    first = incident("i1")
    desk.store(first)
    assert queue_alerts(desk.conn, [new(first)], book, NOW) == 1
    assert desk.deliveries("channel", "rule", "severity") == [
        ("file", "loud", "critical"),
        ("other", "loud", "critical"),
    ]
    deliver(desk.conn, book.channels, NOW)
    assert len(desk.lines()) == len(desk.lines("other.jsonl")) == 1


def test_alerts_are_part_of_the_transaction_that_found_them(desk: Desk) -> None:
    book = desk.book()
    first = incident("i1")

    class Stop(Exception):
        pass

    with pytest.raises(Stop), transaction(desk.conn):
        desk.store(first)
        assert queue_alerts(desk.conn, [new(first)], book, NOW) == 1
        raise Stop
    assert desk.deliveries() == []
    desk.store(first)
    assert queue_alerts(desk.conn, [new(first)], book, NOW) == 1


# When they go out


def queued(desk: Desk, *names: str, at: float = 0, **more: object) -> None:
    found = [incident(name, **more) for name in names]
    desk.store(*found)
    queue_alerts(desk.conn, [new(one) for one in found], desk.book(), NOW + minutes(at))


def sent(desk: Desk, at: float) -> int:
    deliver(desk.conn, desk.book().channels, NOW + minutes(at))
    return len(desk.lines())


def test_group_wait_and_interval(tmp_path: Path) -> None:
    desk = Desk(tmp_path, '[alerts]\ngroup_wait = "10m"\ngroup_interval = "1h"\n' + DESK)
    book = desk.book()
    states = [incident("i1", line("south", "south_forces", 12))]
    queued(desk, "i1")
    assert sent(desk, 5) == 0
    for minute, count in ((8, 13), (20, 14), (40, 15)):
        update = change(states[-1], line("south", "south_forces", count))
        queue_alerts(desk.conn, [update], book, NOW + minutes(minute))
        states.append(update.after)
        assert sent(desk, minute + 3) == 1, "all of the first ten minutes at once, then nothing for an hour"
    assert sent(desk, 75) == 2
    assert kinds(desk.lines()) == [["new", "claim"], ["claim", "claim"]]


def test_a_clock_set_back_keeps_nothing_back(tmp_path: Path) -> None:
    desk = Desk(tmp_path, '[alerts]\ngroup_wait = "10m"\ngroup_interval = "1h"\nrate = "1/h"\n' + DESK)
    queued(desk, "i1", at=60 * 24 * 365)
    assert sent(desk, 60 * 24 * 365 + 11) == 1
    # The clock was a year ahead, and is set right.
    queued(desk, "i2")
    update = change(incident("i1"), line("south", "south_forces", 40))
    queue_alerts(desk.conn, [update], desk.book(), NOW)
    assert sent(desk, 11) == 2
    assert {state for (state,) in desk.deliveries("state")} == {"sent"}


def test_reminders_while_it_goes_on(tmp_path: Path) -> None:
    desk = Desk(tmp_path, DESK.replace(ALL, ALL + 'repeat_interval = "6h"\n'))
    book = desk.book()
    queued(desk, "i1")
    assert sent(desk, 0) == 1

    def remind(hours: float) -> int:
        at = NOW + timedelta(hours=hours)
        made = queue_reminders(desk.conn, book, at, lambda conn, name: load_incident(conn, name, at))
        sent(desk, hours * 60)
        return made

    assert [remind(hours) for hours in (1, 5, 6, 7, 11, 12.5, 60)] == [0, 0, 1, 0, 0, 1, 0], "quiet after two days"
    assert desk.lines()[1]["title"].startswith("Goes on: Karst Gate")


def test_silences_hold_until_their_time(desk: Desk) -> None:
    place = add_silence(desk.conn, {"place": "Karst Gate", "comment": "exercise"}, NOW + minutes(60), NOW)
    add_silence(desk.conn, {"actor": "VELDRIA-ARMY", "place": "salt-pass"}, NOW + minutes(60), NOW)
    add_silence(desk.conn, {"incident": "i9"}, NOW + minutes(60), NOW)
    queued(desk, "i1")
    queued(desk, "i2", places=(PASS,))
    queued(desk, "i3", places=(PASS,), actors=())
    queued(desk, "i9", places=(VALLEY,))
    assert sent(desk, 1) == 1
    assert desk.deliveries("state", "reason")[0] == ("muted", f"silence {place}: exercise")
    assert [state for (state,) in desk.deliveries("state")] == ["muted", "muted", "sent", "muted"]
    assert end_silence(desk.conn, place, NOW + minutes(2))
    assert not end_silence(desk.conn, place, NOW + minutes(3))
    queued(desk, "i4", at=4)
    assert sent(desk, 5) == 2
    queued(desk, "i5", at=61, places=(PASS,))
    assert sent(desk, 61) == 3


def test_a_silence_means_a_place_in_any_script_and_all_that_lies_in_it(desk: Desk) -> None:
    desk.conn.executemany(
        "insert into vocabulary values ('place', ?, ?, ?, ?)",
        [("karst-gate", "ur", "کارسٹ دروازہ", "کارسٹ دروازہ"), ("land", "en", "The Land", "the land")],
    )
    desk.conn.executemany(
        "insert into place_within values (?, ?)", [("karst-gate", "karst-gate"), ("salt-pass", "land")]
    )
    gate = add_silence(desk.conn, {"place": "كارسٹ دروازہ"}, NOW + minutes(60), NOW)
    land = add_silence(desk.conn, {"place": "the  LAND"}, NOW + minutes(60), NOW)
    queued(desk, "i1")
    queued(desk, "i2", places=(PASS,))
    queued(desk, "i3", places=(VALLEY,))
    assert sent(desk, 1) == 1
    told = [("muted", f"silence {gate}"), ("muted", f"silence {land}")]
    assert desk.deliveries("state", "reason")[:2] == told


@pytest.mark.parametrize(
    ("matcher", "told"),
    [
        ('places = ["كارسٹ دروازہ"]', {"i1"}),
        ('places = ["the  LAND"]', {"i2"}),
        ('places = ["Salt Pass"]', {"i2"}),
        ('actors = ["The Army"]', {"i1", "i2"}),
        ('keywords = ["توپ خانہ"]', {"i2"}),
    ],
)
def test_a_rule_names_things_in_any_language_and_a_place_with_all_in_it(
    tmp_path: Path, matcher: str, told: set[str]
) -> None:
    desk = Desk(tmp_path, f'{FILE}[[rule]]\nname = "all"\non = "new"\nchannels = "file"\n{matcher}\n')
    desk.conn.executemany(
        "insert into vocabulary values (?, ?, ?, ?, ?)",
        [
            ("place", "karst-gate", "ur", "کارسٹ دروازہ", "کارسٹ دروازہ"),
            ("place", "land", "en", "The Land", "the land"),
            ("actor", "veldria-army", "en", "The Army", "the army"),
            ("keyword", "Artillery", "ur", "توپ خانہ", "توپ خانہ"),
        ],
    )
    desk.conn.executemany(
        "insert into place_within values (?, ?)", [("karst-gate", "karst-gate"), ("salt-pass", "land")]
    )
    book = desk.book(check=False)
    book = replace(book, rules=named(desk.conn, book.rules))
    one, two = incident("i1", story_ids=("s1",)), incident("i2", story_ids=("s2",), places=(PASS,))
    desk.story("s2", places=[PASS], keywords=keywords("Artillery"))
    desk.store(one, two)
    queue_alerts(desk.conn, [new(one), new(two)], book, NOW)
    assert {found for (found,) in desk.conn.execute("select incident_id from alerts")} == told


def test_a_closure_is_kept_still_while_a_clash_at_the_crossing_is_told(tmp_path: Path) -> None:
    rules = '[[rule]]\nname = "shut"\non = "closed"\nchannels = "file"\nmuted_by = ["all"]\nmute_for = "6h"\n'
    desk = Desk(tmp_path, DESK + rules)
    book = replace(desk.book(), crossing_words={"crossing closed": "closed"})
    queued(desk, "i1", places=(GATE, VALLEY))
    for hours, place in ((1, GATE), (1, PASS), (7, replace(GATE, id="other-gate", name="Other Gate"))):
        at = NOW + timedelta(hours=hours)
        name = f"{place.id}{hours}"
        desk.story(name, event_type="crossing_closed", places=[place, VALLEY], published_at=at)
        assert queue_story_alerts(desk.conn, [name], book, at) == 1
    deliver(desk.conn, book.channels, NOW + timedelta(hours=8))
    assert [state for (state,) in desk.deliveries("state")] == ["sent", "muted", "sent", "sent"]
    assert "rule all" in desk.deliveries("reason")[1][0]


def test_quiet_hours_hold_all_but_what_pierces_them(tmp_path: Path) -> None:
    hours = '[alerts]\nquiet_hours = "22:00-07:00"\ntimezone = "Asia/Tokyo"\n'
    loud = '[[rule]]\nname = "loud"\non = "new"\nseverity = "critical"\nchannels = "file"\nmin_fatalities = 50\n'
    desk = Desk(tmp_path, hours + DESK + loud)
    queued(desk, "i1", at=8 * 60)  # 14:30 UTC, 23:30 in Tokyo
    assert sent(desk, 8 * 60) == 0
    queued(desk, "i2", at=9 * 60, fatalities=replace(incident().fatalities, best=80))
    assert sent(desk, 9 * 60) == 1
    assert sent(desk, 15 * 60) == 1
    assert sent(desk, 15 * 60 + 40) == 2


def test_a_storm_becomes_a_digest(desk: Desk) -> None:
    queued(desk, *(f"i{n}" for n in range(500)))
    assert sent(desk, 0) == 1
    message = desk.lines()[0]
    assert message["title"] == "Digest of 500 alerts: 500 × new"
    assert len(message["alerts"]) == 500
    assert len(message["text"]) < 20_000
    assert {state for (state,) in desk.deliveries("state")} == {"sent"}


def test_a_channel_gets_no_more_messages_than_its_rate(tmp_path: Path) -> None:
    desk = Desk(tmp_path, '[alerts]\nrate = "3/h"\n' + DESK)
    counts = []
    for number in range(12):
        queued(desk, f"i{number}", at=number * 5)
        counts.append(sent(desk, number * 5))
    assert counts == [1, 2, 3] + [3] * 9
    assert sent(desk, 61) == 4, "what waited comes in one digest"
    assert desk.lines()[3]["title"].startswith("Digest of 9 alerts")
