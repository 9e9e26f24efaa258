"""October 2025 once more: imported and delivered in portions, with restarts, a re-import and clocks that jump."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import feedparser
import pytest

from monitor.alerts.book import load_book
from monitor.alerts.delivery import deliver
from monitor.analysis.topic import Topic
from monitor.config import Config, load_config
from monitor.demo.replay import NewsDay, news_days, write_seeds
from monitor.followup import follow_up, load_origins
from monitor.imports import import_lines
from monitor.sources import time_zones
from monitor.store.alerts import kin
from monitor.store.database import open_store
from tests.paths import ROOT
from tests.receivers import Hook, Mail

pytestmark = pytest.mark.slow
PORTIONS = 4
SETTINGS = """
[alerts]
group_interval = "0s"
rate = "1000/h"
[[channel]]
name = "mail"
url = "{mail}"
[[channel]]
name = "hook"
kind = "webhook"
url = "{hook}"
secret = "hook-secret-0815"
[[channel]]
name = "file"
kind = "file"
path = "alerts.jsonl"
[[channel]]
name = "feed"
kind = "atom"
path = "alerts.atom"
[[rule]]
name = "all"
on = ["new", "claim", "contradiction", "denial"]
channels = ["mail", "hook", "file", "feed"]
"""


class Replay:
    """A database that takes in portions of the replay; it is opened anew for each, as by another process."""

    def __init__(self, folder: Path, mail: Mail, hook: Hook) -> None:
        self.folder = folder
        file = folder / "monitor.toml"
        file.write_text(SETTINGS.format(mail=mail.url, hook=hook.url))
        file.chmod(0o600)
        seeds = write_seeds(ROOT / "seeds", folder / "seeds")
        self.config: Config = load_config(file, environ={}, db=folder / "m.db", seeds=seeds)
        self.topic = Topic.load(seeds)
        self.origins = load_origins(self.config, self.topic)
        self.zones = time_zones(seeds)
        self.bad: list[str] = []

    def take_in(self, lines: list[bytes], now: datetime) -> None:
        with closing(open_store(self.config.db)) as conn:
            import_lines(lines, conn, self.topic, lambda n, text: self.bad.append(text), self.zones, self.origins)
            follow_up(conn, self.config, now, topic=self.topic)

    def deliver(self, now: datetime) -> None:
        with closing(open_store(self.config.db)) as conn:
            report = deliver(conn, load_book(self.config, {}).channels, now)
        assert not report.failed, report

    def file(self) -> list[dict[str, object]]:
        return [json.loads(row) for row in (self.folder / "alerts.jsonl").read_text("utf-8").splitlines()]


def portions(day: NewsDay) -> list[tuple[list[bytes], datetime]]:
    lines = day.path.read_bytes().splitlines()
    size = -(-len(lines) // PORTIONS)
    length = timedelta(days=1) / PORTIONS
    return [
        (lines[begin : begin + size], day.begin + length * (number + 1))
        for number, begin in enumerate(range(0, len(lines), size))
    ]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory):
    with Mail() as mail, Hook() as hook:
        replay = Replay(tmp_path_factory.mktemp("replay"), mail, hook)
        days = news_days(ROOT / "seeds")
        for day in days:
            for lines, now in portions(day):
                replay.take_in(lines, now)
                replay.deliver(now)
        before = len(hook.ids), len(mail.messages), len(replay.file())
        yield replay, mail, hook, days, before


def test_few_messages_and_none_missing(played) -> None:
    replay = played[0]
    with closing(open_store(replay.config.db)) as conn:
        incidents = conn.execute("select id, revision, forward_to from incidents").fetchall()
        revisions = sum(row["revision"] for row in incidents)
        messages = [row["alerts"] for row in replay.file()]
        print(f"{len(incidents)} incidents, {revisions} revisions, {len(messages)} messages")
        assert 5 <= len(messages) <= 1.2 * revisions
        told = {row[0] for row in conn.execute("select dedupe_key from alerts")}
        for row in incidents:
            names = kin(conn, row["id"])
            if row["forward_to"] is None:
                assert any(f"incident:{name}:new" in told for name in names), row["id"]
        for change in conn.execute(
            "select c.incident, c.detail from incident_changes c where kind = 'claim' order by c.pk"
        ).fetchall():
            detail = json.loads(change["detail"])
            figure = detail["figure"]
            number = "-".join("" if figure[end] is None else str(figure[end]) for end in ("count_low", "count_high"))
            line = "/".join(str(detail[name] or "") for name in ("claimant", "party", "outcome", "what"))
            names = kin(conn, change["incident"])
            assert any(f"incident:{name}:claim:{line}:{number}" in told for name in names), (change["incident"], line)
        assert {state for (state,) in conn.execute("select state from deliveries")} == {"sent"}
    assert not replay.bad


def test_every_channel_got_everything_once(played) -> None:
    replay, mail, hook, _, _ = played
    facts = Counter(alert["id"] for row in replay.file() for alert in row["alerts"])  # type: ignore[attr-defined]
    assert set(facts.values()) == {1}
    assert len(mail.messages) == len(hook.ids) == len(replay.file())
    assert Counter(alert["id"] for row in hook.received for alert in row["alerts"]) == facts
    assert max(Counter(mail.ids()).values()) == 1 and hook.forged == 0
    feed = feedparser.parse((replay.folder / "alerts.atom").read_bytes())
    assert len(feed.entries) == min(100, len(hook.ids)) and not feed.bozo


def test_restarts_a_reimport_and_clocks_that_jump_send_nothing(played) -> None:
    replay, mail, hook, days, before = played
    end = days[-1].morning
    for _ in range(3):
        replay.deliver(end)
    for now in (end + timedelta(days=400), end - timedelta(days=2), end + timedelta(hours=1)):
        for day in days:
            lines = day.path.read_bytes().splitlines()
            touched = [json.dumps({**json.loads(line), "published": now.isoformat()}).encode() for line in lines]
            replay.take_in(touched, now)
        replay.deliver(now)
    with closing(open_store(replay.config.db)) as conn:
        conn.execute("insert or ignore into unlinked select id from stories where is_clash = 1")
        follow_up(conn, replay.config, end + timedelta(hours=2), topic=replay.topic)
    replay.deliver(end + timedelta(hours=2))
    extra = [alert for row in replay.file()[before[2] :] for alert in row["alerts"]]  # type: ignore[attr-defined]
    assert extra == [], "what reading all anew finds was told before"
    assert (len(hook.ids), len(mail.messages), len(replay.file())) == before
