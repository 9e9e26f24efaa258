"""Rules on saved searches: each new match is told once, with the evidence that the rule asks for."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.delivery import deliver
from monitor.alerts.outbox import queue_alerts, queue_new_stories
from monitor.errors import ConfigError
from monitor.incident import Change, Incident, Update
from monitor.store import searches
from monitor.store.search import Filters
from tests.alerting import GATE, NOW, Desk, incident, kinds, line, minutes, new

FILE = '[alerts]\ngroup_interval = "0s"\n[[channel]]\nname = "file"\nkind = "file"\npath = "alerts.jsonl"\n'
RULE = '[[rule]]\nname = "fire"\non = "search"\nsearch = "fire"\nchannels = "file"\n'


def desk_with(folder: Path, rules: str = RULE, query: str | None = "shelling", **filters: object) -> Desk:
    desk = Desk(folder, FILE + rules)
    searches.save(desk.conn, "fire", query, Filters(**filters), across=False, now=NOW)  # type: ignore[arg-type]
    return desk


def arrive(desk: Desk, *names: str, title: str = "Shelling at the Karst Gate", at: float = 0, **more: object) -> int:
    """Stories come in; what is due is delivered. Returns how many alerts are new."""
    for name in names:
        desk.story(name, title=title, places=[GATE], **more)
    added = queue_new_stories(desk.conn, desk.book(check=False), NOW + minutes(at))
    deliver(desk.conn, desk.book(check=False).channels, NOW + minutes(at))
    return added


def told(desk: Desk) -> list[list[str]]:
    return [[alert["stories"][0]["id"] for alert in message["alerts"]] for message in desk.lines()]


def test_each_new_match_is_told_once(tmp_path: Path) -> None:
    desk = desk_with(tmp_path)
    assert arrive(desk, "s1") == 1
    assert arrive(desk, "s2", title="A quiet day at the Gate", at=1) == 0
    assert arrive(desk, "s3", "s4", at=2) == 2
    for again in (3, 4):
        assert arrive(desk, at=again) == 0
    assert told(desk) == [["s1"], ["s3", "s4"]]
    assert desk.lines()[0]["title"] == ("Search fire: Shelling at the Karst Gate; Karst Gate; single source: gazette")
    assert "https://gazette.example/s1" in desk.lines()[0]["text"]


def test_what_was_there_before_the_rule_is_not_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path, FILE)
    arrive(desk, "s1")
    searches.save(desk.conn, "fire", "shelling", Filters(), across=False, now=NOW)
    desk.file.write_text(FILE + RULE, encoding="utf-8")
    assert arrive(desk, "s2", at=1) == 1
    assert told(desk) == [["s2"]]


def test_a_reprint_and_a_second_rule_tell_nothing_twice(tmp_path: Path) -> None:
    second = RULE.replace('name = "fire"', 'name = "urgent"') + 'severity = "critical"\n'
    desk = desk_with(tmp_path, RULE + second)
    assert arrive(desk, "s1") == 1
    assert arrive(desk, "s2", duplicate_of="s1", at=1) == 0
    assert told(desk) == [["s1"]] and desk.lines()[0]["severity"] == "critical"


def test_filters_of_the_search_and_matchers_of_the_rule_both_hold(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, RULE + "min_relevance = 0.5\n", language="en")
    assert arrive(desk, "s1", language="fr") == 0
    assert arrive(desk, "s2", relevance=0.4, at=1) == 0
    assert arrive(desk, "s3", at=2) == 1


def test_old_stories_of_an_archive_are_no_news(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, RULE + 'max_age = "2d"\n')
    assert arrive(desk, "s1", published_at=NOW - timedelta(days=3)) == 0
    assert arrive(desk, "s2", published_at=NOW - timedelta(days=1)) == 1


def of(desk: Desk, found: Incident, *names: str) -> None:
    desk.store(found)
    marks = ", ".join("?" * len(names))
    desk.conn.execute(f"update stories set incident_id = ? where id in ({marks})", (found.id, *names))


@pytest.mark.parametrize("bound", ["min_origins = 2", "min_outlets = 2"])
def test_a_match_without_enough_evidence_waits_for_it(tmp_path: Path, bound: str) -> None:
    desk = desk_with(tmp_path, f"{RULE}{bound}\n")
    desk.story("s1", title="Shelling", places=[GATE])
    desk.story("s2", title="Another thing", places=[GATE])
    first = incident("i1", line("south", "south_forces", 12), story_ids=("s1", "s2"))
    of(desk, first, "s1", "s2")
    assert queue_alerts(desk.conn, [new(first)], desk.book(check=False), NOW) == 0
    assert arrive(desk) == 0 and desk.lines() == []
    more = replace(first, story_ids=("s1", "s2", "s3"), outlet_count=2, origin_count=2)
    desk.story("s3", title="More shelling", places=[GATE])
    of(desk, more, "s3")
    update = Update(first, more, (Change("confirmed", text="2"),))
    queue_alerts(desk.conn, [update], desk.book(check=False), NOW + minutes(1))
    assert arrive(desk, at=1) + arrive(desk, at=2) == 0, "the third was found as a story of the incident already"
    assert queue_alerts(desk.conn, [update], desk.book(check=False), NOW + minutes(3)) == 0
    arrive(desk, at=3)
    assert told(desk) == [["s1", "s3"]] and kinds(desk.lines()) == [["search", "search"]]
    assert "2 independent origins, 2 outlets" in desk.lines()[0]["title"]


def test_a_story_of_no_incident_is_one_origin_and_no_dead(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, RULE + "min_fatalities = 5\n")
    assert arrive(desk, "s1") == 0
    desk.story("s2", title="Shelling", places=[GATE])
    of(desk, incident("i1", story_ids=("s2",)), "s2")
    assert arrive(desk, at=1) == 1


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        (RULE.replace('search = "fire"', 'search = "fires"'), r"toml:10: search: there is no saved search 'fires'; did you"),
        (RULE.replace('search = "fire"', 'search = "x"'), r"saved search 'x'; keep one with 'monitor search --save'"),
        (RULE.replace('search = "fire"\n', ""), r"search: is missing: the name of a saved search"),
        (RULE.replace('on = "search"', 'on = "new"'), r"toml:10: search: goes with search"),
    ],
)  # fmt: skip
def test_a_wrong_search_is_one_line_at_the_start(tmp_path: Path, rule: str, complaint: str) -> None:
    desk = desk_with(tmp_path, rule)
    with pytest.raises(ConfigError, match=complaint) as error:
        desk.book()
    assert "\n" not in str(error.value)


def test_without_a_database_no_search_is_known(tmp_path: Path) -> None:
    desk = desk_with(tmp_path)
    desk.db = tmp_path / "other.db"
    with pytest.raises(ConfigError, match="no saved search 'fire'"):
        desk.book()
    assert not desk.db.exists()


def test_a_search_that_goes_while_a_crawl_runs_breaks_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    other = '[[rule]]\nname = "all"\non = "story"\nsources = ["gazette"]\nchannels = "file"\n'
    desk = desk_with(tmp_path, RULE + other)
    book = desk.book(check=False)
    searches.remove(desk.conn, "fire")
    desk.story("s1", title="Shelling")
    with caplog.at_level(logging.WARNING):
        assert queue_new_stories(desk.conn, book, NOW) == 1
    assert "there is no saved search 'fire'" in caplog.text
