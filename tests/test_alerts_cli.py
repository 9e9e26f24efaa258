"""``monitor alerts`` by the command itself: list, show, test, deliver, retry, silence; health and clock alerts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.alerts.after import after_run
from monitor.alerts.book import load_book
from monitor.alerts.outbox import queue_alerts, queue_clock_alerts, queue_health_alerts
from monitor.alerts.quiet import quiet_sentence
from monitor.config import load_config
from monitor.health import Health, LanguageHealth, RunHealth, SourceHealth
from tests.alerting import NOW, Desk, incident, line, minutes, new
from tests.paths import ROOT
from tests.receivers import SECRET, Hook

FILE = '[[channel]]\nname = "file"\nkind = "file"\npath = "alerts.jsonl"\n'
NEW = '[[rule]]\nname = "all"\non = "new"\nchannels = "file"\n'


def monitor(desk: Desk, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    options = ["--config", str(desk.file), "--db", str(desk.db), "--seeds", str(desk.seeds)]
    return subprocess.run(
        [sys.executable, "-m", "monitor", *words, *options],
        cwd=desk.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_from_queued_to_sent(tmp_path: Path) -> None:
    desk = Desk(tmp_path, FILE + NEW)
    first = incident("i1", line("south", "south_forces", 23))
    desk.store(first)
    queue_alerts(desk.conn, [new(first)], desk.book(), NOW)
    (alert,) = json.loads(monitor(desk, "alerts", "list", "--format", "json").stdout)
    assert alert["dedupe_key"] == "incident:i1:new" and alert["deliveries"][0]["state"] == "waiting"
    sent = monitor(desk, "alerts", "deliver")
    assert sent.returncode == 0 and "file: 1 message sent" in sent.stderr
    assert "file: nothing to send" in monitor(desk, "alerts", "deliver").stderr
    assert len(desk.lines()) == 1
    shown = monitor(desk, "alerts", "show", alert["id"]).stdout
    assert shown.startswith("New armed clash: Karst Gate") and "file: sent, 20" in shown
    assert "Key: incident:i1:new" in shown
    table = monitor(desk, "alerts", "list", "--state", "sent").stdout
    assert "file sent" in table and "file sent" not in monitor(desk, "alerts", "list", "--state", "dead").stdout
    assert monitor(desk, "alerts", "show", "nothing").returncode == 1


def test_test_proves_each_channel(tmp_path: Path) -> None:
    with Hook() as hook:
        channel = f'[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "{hook.url}"\nsecret = "${{S}}"\n'
        desk = Desk(tmp_path, FILE + channel + '[[channel]]\nname = "out"\nkind = "stdout"\n')
        good = monitor(desk, "alerts", "test", S=SECRET)
        assert good.returncode == 0 and "file: sent" in good.stdout and "hook: sent" in good.stdout
        assert "this channel works" in good.stdout and len(hook.received) == len(desk.lines()) == 1
        wrong = monitor(desk, "alerts", "test", "hook", S="wrong-secret")
        assert wrong.returncode == 1 and wrong.stderr == "hook: failed: the receiver answered with status 401\n"
        assert hook.forged == 1
        assert monitor(desk, "alerts", "test", "fax", S=SECRET).returncode == 2
        assert desk.deliveries() == []


def test_failures_are_said_and_tried_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "[alerts]\nattempts = 1\n" + FILE.replace("alerts.jsonl", "folder") + NEW, ROOT / "seeds")
    (tmp_path / "folder").mkdir()
    first = incident("i1")
    desk.store(first)
    queue_alerts(desk.conn, [new(first)], desk.book(), NOW)
    failed = monitor(desk, "alerts", "deliver")
    assert failed.returncode == 1 and "1 failed" in failed.stderr and "1 given up" in failed.stderr
    assert "Is a directory" in monitor(desk, "alerts", "list", "--state", "dead", "--format", "csv").stdout
    status = monitor(desk, "status")
    assert "Alerts given up at file: 1; 'monitor alerts list --state dead' says why" in status.stdout
    (tmp_path / "folder").rmdir()
    assert "1 delivery will be tried again" in monitor(desk, "alerts", "retry").stderr
    assert monitor(desk, "alerts", "deliver").returncode == 0 and len(desk.lines("folder")) == 1


def test_what_waits_for_a_channel_that_is_gone_is_given_up(tmp_path: Path) -> None:
    desk = Desk(tmp_path, FILE + NEW)
    first = incident("i1")
    desk.store(first)
    queue_alerts(desk.conn, [new(first)], desk.book(), NOW)
    desk.file.write_text(
        (FILE + NEW).replace('"file"\nkind', '"other"\nkind').replace('channels = "file"', 'channels = "other"')
    )
    assert monitor(desk, "alerts", "deliver").returncode == 0
    assert desk.deliveries("state", "reason") == [("dead", "the channel is no longer declared in monitor.toml")]


def test_silences_by_command(tmp_path: Path) -> None:
    desk = Desk(tmp_path, FILE + NEW)
    made = monitor(desk, "alerts", "silence", "--place", "Karst Gate", "--for", "6h", "--comment", "exercise")
    assert made.returncode == 0 and "silence 1 holds until" in made.stderr
    assert "place Karst Gate" in monitor(desk, "alerts", "silence").stdout
    first = incident("i1")
    desk.store(first)
    queue_alerts(desk.conn, [new(first)], desk.book(), datetime.now(UTC))
    assert "1 alert kept still" in monitor(desk, "alerts", "deliver").stderr
    assert "silence 1: exercise" in monitor(desk, "alerts", "list", "--state", "muted", "--format", "csv").stdout
    assert monitor(desk, "alerts", "silence", "--end", "1").returncode == 0
    assert monitor(desk, "alerts", "silence", "--end", "1").returncode == 1
    for words in (
        ["--place", "x"],
        ["--for", "6h"],
        ["--place", "x", "--for", "soon"],
        ["--place", "x", "--until", "2d"],
    ):
        assert monitor(desk, "alerts", "silence", *words).returncode == 2, words


# Ourselves, and by the clock


def health(at: datetime, **states: str) -> Health:
    sources = tuple(
        SourceHealth(name, name.title(), ("en",), state, ("status 500",) if state == "sick" else ())  # type: ignore[arg-type]
        for name, state in states.items()
    )
    return Health(at, RunHealth("healthy"), sources, (LanguageHealth("ps", "Pashto", "healthy"),))


def test_health_tells_changes_reminds_and_says_when_it_is_well(tmp_path: Path) -> None:
    rule = '[[rule]]\nname = "us"\non = ["source", "language", "run"]\nchannels = "file"\nrepeat_interval = "1d"\n'
    desk = Desk(tmp_path, FILE + rule)
    book = desk.book()

    def judged(hours: float, **states: str) -> int:
        at = NOW + timedelta(hours=hours)
        return queue_health_alerts(desk.conn, health(at, **states), book, at)

    assert judged(0, gazette="healthy", herald="healthy") == 0
    assert judged(1, gazette="sick", herald="healthy") == 1
    assert [judged(h, gazette="sick", herald="healthy") for h in (2, 12, 24)] == [0, 0, 0]
    assert judged(25.5, gazette="sick", herald="healthy") == 1, "a day later it is said again"
    assert judged(26, gazette="healthy", herald="off") == 1
    assert judged(27, gazette="healthy", herald="new") == 0
    titles = [row["payload"]["state"] for row in json.loads(monitor(desk, "alerts", "list", "--format", "json").stdout)]
    assert titles == ["healthy", "sick", "sick"]


def test_a_sentence_that_can_be_trusted(tmp_path: Path) -> None:
    desk = Desk(tmp_path, FILE + NEW)
    sound = health(NOW, gazette="healthy")
    assert quiet_sentence(desk.conn, NOW, NOW - minutes(30), sound) == (
        "no new clash since 06:00; nothing is known to be missing: 1 source as usual"
    )
    assert quiet_sentence(desk.conn, NOW, NOW - timedelta(hours=24), sound).startswith(
        f"no new clash since {NOW.day - 1} {NOW:%b %H:%M};"  # a bare time would be taken for today's
    )
    desk.store(incident("i1"))
    quiet = LanguageHealth("ps", "Pashto", "quiet", share=0.4)
    blind = replace(health(NOW, gazette="sick", herald="healthy"), languages=(quiet,))
    assert quiet_sentence(desk.conn, NOW, NOW - timedelta(days=2), blind) == (
        "1 new clash since 10 Oct 06:30; 1 of 2 sources could not be seen properly (gazette);"
        " Pashto at 40% of its usual volume"
    )


def test_messages_by_the_clock_come_once_a_day(tmp_path: Path) -> None:
    rule = '[[rule]]\nname = "m"\non = ["brief", "all_clear"]\nat = "23:30"\nchannels = "file"\n'
    desk = Desk(tmp_path, '[alerts]\ntimezone = "Asia/Tokyo"\n' + FILE + rule)
    book = desk.book()
    compose = {kind: (lambda kind=kind: {"kind": kind, "title": kind, "text": ""}) for kind in ("brief", "all_clear")}
    day = datetime(2025, 10, 12, tzinfo=UTC)
    made = [
        queue_clock_alerts(desk.conn, book, day + timedelta(hours=h), compose) for h in (14, 14.5, 15, 16, 23, 38.6)
    ]
    assert made == [0, 2, 0, 0, 0, 2], "23:30 in Tokyo is 14:30 UTC; after midnight it is still that evening's"


def test_the_end_of_a_run_makes_brief_and_all_clear(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    rule = f'[[rule]]\nname = "m"\non = ["brief", "all_clear", "run"]\nat = "{now:%H:%M}"\nchannels = "file"\n'
    desk = Desk(tmp_path, FILE + rule.replace(', "run"', "") + NEW, ROOT / "seeds")
    config = load_config(desk.file, environ={}, db=desk.db, seeds=desk.seeds)
    report = after_run(desk.conn, config, load_book(config, {}), now)
    assert report.channels["file"].messages == 1
    (message,) = desk.lines()
    assert [alert["kind"] for alert in message["alerts"]] == ["all_clear", "brief"]
    clear, brief = message["alerts"]
    assert clear["title"].startswith("Not all clear: no new clash since ") and "no crawl has run" in clear["title"]
    assert brief["title"].startswith("Brief: 0 new, 0 changed, 0 contested; no new clash since")
    assert "<h2>Not seen</h2>" in brief["html"] and "## Not seen" in message["text"]
