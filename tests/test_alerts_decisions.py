"""People's decisions and alerts: what was sent does not fire again, and nothing new is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.alerts.delivery import deliver
from monitor.alerts.outbox import queue_alerts, queue_reminders
from monitor.decisions import Desk as Decider
from monitor.incident import Change, Update
from monitor.items import Story
from monitor.linking import link_stories
from monitor.store.incidents import load_incident
from tests.alerting import PASS, Desk, incident, kinds, line, new
from tests.borderland import DAY, TOPIC, incidents_by_source, put, said, story

FILE = '[alerts]\nmax_age = "0s"\ngroup_interval = "0s"\n[[channel]]\nname = "file"\nkind = "file"\npath = "alerts.jsonl"\n'
RULE = '[[rule]]\nname = "all"\non = ["new", "claim", "contradiction", "denial", "confirmed"]\nmin_origins = 2\nchannels = "file"\n'
EVERY = RULE.replace(', "confirmed"', "").replace("min_origins = 2\n", "")


NOW = datetime(DAY.year, DAY.month, DAY.day, 20, tzinfo=UTC)


class Night:
    """A desk at which stories come in and people decide, so many minutes after each other."""

    def __init__(self, folder: Path, rules: str = EVERY) -> None:
        self.desk = Desk(folder, FILE + rules)
        self.conn, self.book, self.minute = self.desk.conn, self.desk.book(check=False), 0

    def come(self, *stories: Story) -> list[list[str]]:
        put(self.conn, stories)
        now = self._next()
        link_stories(self.conn, TOPIC, now, on_updates=lambda c, found: queue_alerts(c, found, self.book, now))
        return self._sent(now)

    def again(self) -> list[list[str]]:
        """Have every story find its incident anew."""
        self.conn.execute("insert or ignore into unlinked select id from stories")
        return self.come()

    def decide(self, kind: str, *what: object) -> list[list[str]]:
        now = self._next()
        made = Decider(
            self.conn, TOPIC, {}, "ada", "the map shows it", now,
            lambda c, found: queue_alerts(c, found, self.book, now, decided=True),
        )  # fmt: skip
        getattr(made, kind)(*what)
        return self._sent(now)

    def of(self, source: str) -> str:
        return str(incidents_by_source(self.conn)[source])

    def _next(self) -> datetime:
        self.minute += 10
        return NOW + timedelta(minutes=self.minute)

    def _sent(self, now: datetime) -> list[list[str]]:
        before = len(self.desk.lines())
        deliver(self.conn, self.book.channels, now)
        return kinds(self.desk.lines()[before:])


def ids(*names: str) -> list[str]:
    return [story(name).id for name in names]


def test_a_part_that_was_told_with_the_whole_is_not_told_as_new(tmp_path: Path) -> None:
    night = Night(tmp_path)
    assert night.come(story("one", said(12)), story("two", said(12), minute=5), story("three", said(12), minute=9)) == [
        ["new", "claim"]
    ]
    assert night.decide("split", night.of("one"), ids("two", "three")) == []
    assert night.of("one") != night.of("two")
    assert night.again() == []
    # What comes to the one and the other afterwards is news of each, though the figure be the same.
    assert night.come(story("four", said(30), said(5, "veldrian_forces"), minute=20)) != []


def test_a_figure_that_the_whole_hid_is_told_of_the_part(tmp_path: Path) -> None:
    night = Night(tmp_path)
    night.come(story("one", said(23)), story("two", said(12), minute=-5))
    whole = night.of("one")
    told = len(night.desk.lines())
    sent = night.decide("split", whole, ids("two"))
    assert sent == [["claim"]], "12 was never told; the incident itself was"
    message = night.desk.lines()[told]["title"]
    assert "says 12" in message and "now" not in message and "before" not in message, "nobody changed a figure"
    assert night.again() == []


def test_a_merger_tells_what_only_both_together_make(tmp_path: Path) -> None:
    night = Night(tmp_path, RULE)
    east = story("east", said(58), at=["east-gate"])
    far = story("far", said(23, claimant="ostmark"), at=["far-pass"])
    assert night.come(east, far) == [], "each has one origin only"
    sent = night.decide("merge", night.of("east"), night.of("far"))
    assert sorted(sent[0]) == ["claim", "claim", "confirmed", "contradiction", "new"]
    assert night.again() == []


def test_a_merger_of_what_was_told_tells_the_contradiction_only(tmp_path: Path) -> None:
    night = Night(tmp_path)
    night.come(story("east", said(58), at=["east-gate"]), story("far", said(23, claimant="ostmark"), at=["far-pass"]))
    assert night.decide("merge", night.of("east"), night.of("far")) == [["contradiction"]]
    assert night.again() == []
    assert night.decide("split", night.of("east"), ids("far")) == [], "apart again: both were told"
    assert night.again() == []


def test_a_story_that_is_moved_takes_its_figure_along(tmp_path: Path) -> None:
    night = Night(tmp_path)
    night.come(
        story("one", said(12)),
        story("two", said(23, outcome="injured"), minute=5),
        story("far", said(4), at=["far-pass"]),
    )
    assert night.decide("move", story("two").id, night.of("far")) == []
    assert night.again() == []
    assert night.come(story("later", said(12), at=["far-pass"], minute=30)) == [["claim"]], "told of the other only"


def test_another_channel_hears_of_the_part_as_it_is(tmp_path: Path) -> None:
    """Who was not told of the whole is told of the part, not of what the whole was."""
    near = EVERY + 'places = ["Karst Gate"]\n'
    far = near.replace('"file"', '"other"').replace('"all"', '"far"').replace("Karst Gate", "Salt Pass")
    desk = Desk(tmp_path, FILE + near + far + '[[channel]]\nname = "other"\nkind = "file"\npath = "other.jsonl"\n')
    book = desk.book(check=False)
    whole = incident("i1", line("south", "south_forces", 12), story_ids=("s1", "s2"))
    part = incident("i2", line("south", "south_forces", 12), story_ids=("s2",), places=(PASS,))
    desk.store(whole, part)
    queue_alerts(desk.conn, [new(whole)], book, NOW)
    split = Update(None, part, (*new(part).changes, Change("split", other="i1")))
    updates = [Update(whole, replace(whole, story_ids=("s1",)), ()), split]
    for _ in range(2):
        queue_alerts(desk.conn, updates, book, NOW + timedelta(minutes=5), decided=True)
        deliver(desk.conn, book.channels, NOW + timedelta(minutes=5))
    assert [{alert["incident"]["id"] for alert in message["alerts"]} for message in desk.lines()] == [{"i1"}]
    (message,) = desk.lines("other.jsonl")
    assert {alert["incident"]["id"] for alert in message["alerts"]} == {"i2"}
    assert kinds([message]) == [["new", "claim"]]


def test_reminders_of_a_merged_incident_come_once_in_their_time(tmp_path: Path) -> None:
    night = Night(tmp_path, EVERY + 'repeat_interval = "1h"\n')
    night.come(story("east", said(58), at=["east-gate"]))
    night.come(story("far", said(4), at=["far-pass"]))
    night.decide("merge", night.of("east"), night.of("far"))

    def remind(minute: int) -> int:
        at = NOW + timedelta(minutes=minute)
        made = queue_reminders(night.conn, night.book, at, lambda conn, name: load_incident(conn, name))
        deliver(night.conn, night.book.channels, at)
        return made

    assert [remind(minute) for minute in (30, 75, 85, 100, 145)] == [0, 0, 1, 0, 1]
