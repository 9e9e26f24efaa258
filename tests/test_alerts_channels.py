"""Channels with real receivers on loopback: mail, a signed webhook, a feed, a file, standard output; and their faults."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import feedparser
import pytest

from monitor.alerts.delivery import deliver
from monitor.alerts.outbox import queue_alerts
from monitor.alerts.senders import sign
from monitor.figures import PLAIN
from monitor.store import alerts as store
from monitor.store.database import open_store
from tests.alerting import GATE, NOW, Desk, change, figure, incident, line, minutes, new
from tests.paths import ROOT
from tests.receivers import SECRET, Hook, Mail, reference, text_of

RULE = '[[rule]]\nname = "all"\non = ["new", "claim", "denial"]\nchannels = ["mail", "hook", "feed", "file"]\n'
FILES = (
    '[[channel]]\nname = "feed"\nkind = "atom"\npath = "alerts.atom"\n'
    '[[channel]]\nname = "file"\nkind = "file"\npath = "alerts.jsonl"\n'
)


def toml(mail: Mail, hook: Hook) -> str:
    return (
        f'[alerts]\ngroup_interval = "0s"\n[[channel]]\nname = "mail"\nurl = "{mail.url}"\n'
        f'[[channel]]\nname = "hook"\nkind = "webhook"\nurl = "{hook.url}"\nsecret = "${{HOOK_SECRET}}"\n{FILES}{RULE}'
    )


def queue(desk: Desk, *found: Any, at: float = 0) -> None:
    desk.store(*found)
    queue_alerts(desk.conn, [new(one) for one in found], desk.book({"HOOK_SECRET": SECRET}), NOW + minutes(at))


def send(desk: Desk, at: float = 0) -> Any:
    return deliver(desk.conn, desk.book({"HOOK_SECRET": SECRET}).channels, NOW + minutes(at))


def test_every_channel_tells_the_same_once(tmp_path: Path) -> None:
    with Mail() as mail, Hook() as hook:
        desk = Desk(tmp_path, toml(mail, hook))
        first = incident("i1", line("north", "south_forces", 58), line("south", "south_forces", 23))
        queue(desk, first)
        for at in (0, 15, 30):
            report = send(desk, at)
            assert not report.failed, report
        assert len(mail.messages) == len(hook.received) == len(desk.lines()) == 1
        feed = feedparser.parse((tmp_path / "alerts.atom").read_bytes())
        assert not feed.bozo and len(feed.entries) == 1
        assert hook.ids == [hook.received[0]["id"]] == [reference(hook.received[0]["text"])]
        title = "New armed clash: Karst Gate, 11–12 Oct 2025; South forces killed: North 58, South 23; single source"
        assert mail.subjects() == [title] == [feed.entries[0].title] == [hook.received[0]["title"]]
        text = text_of(mail.messages[0])
        assert "https://gazette.example/s1" in text and "Evidence: single source" in text
        assert "<table" in text_of(mail.messages[0], "html")
        assert hook.received[0]["alerts"][0]["incident"]["id"] == "i1" and hook.forged == 0


def test_right_to_left_text_stays_in_its_place_and_nothing_is_markup(tmp_path: Path) -> None:
    urdu, quote = "طورخم پر جھڑپ میں 12 فوجی ہلاک", "ترجمان نے کہا کہ 12 فوجی ہلاک ہوئے۔"
    evil = 'Clash <script>alert(1)</script> "x" & @everyone \u202egnp.exe\u2066\nBcc: all@desk.example'
    with Mail() as mail, Hook() as hook:
        desk = Desk(tmp_path, toml(mail, hook))
        desk.story("s1", title=urdu, language="ur")
        desk.story("s2", title=evil, url="https://gazette.example/s2?a=1&b=%22")
        place = replace(GATE, name="درہ <b>نمک</b>")
        spoken = line("north", "south_forces", 12, current=figure(12, quote=quote, speaker="ترجمان", language="ur"))
        queue(desk, incident("i1", spoken, story_ids=("s1", "s2"), places=(place,), languages=("ur", "en")))
        send(desk)
        message = mail.messages[0]
        text, html = text_of(message), text_of(message, "html")
        assert "Bcc" not in message and len(mail.subjects()[0].splitlines()) == 1
        assert (
            f"\u2068{quote}\u2069" in hook.received[0]["text"] and f'<bdi dir="auto">\u2068{quote}\u2069</bdi>' in html
        )
        assert f'<bdi dir="auto">\u2068gazette, {urdu}\u2069</bdi></a>' in html
        assert "<script>" not in html and "<b>نمک" not in html and "&lt;script&gt;" in html
        assert 'href="https://gazette.example/s2?a=1&amp;b=%22"' in html
        for shown in (text, html, mail.subjects()[0], hook.received[0]["text"]):
            assert "\u202e" not in shown and "\u2066" not in shown and "@everyone" not in shown
        assert "Told in: Urdu and English" in text
        entry = feedparser.parse((tmp_path / "alerts.atom").read_bytes()).entries[0]
        assert "نمک" in entry.title and "<script>" not in entry.content[0].value


def test_figures_stand_face_to_face() -> None:
    from monitor.alerts.facts import Fact, payload
    from monitor.alerts.messages import Item, compose

    about = line("south", "north_forces", 200, current=figure(200, qualifier="more_than", stance="confirmed"))
    north = line("north", "south_forces", 58, contradicted_by=("south",), denials=(figure(58),))
    posts = line("north", "south_forces", 25, "captured", what="posts")
    found = incident("i1", about, posts, north, line("south", "south_forces", 23, contradicted_by=("north",)))
    text = compose("x", [Item("a", "info", "", payload(Fact("new", "new"), found, {}))], names=PLAIN).text
    rows = [row.strip() for row in text.splitlines()]
    told = rows.index("What each side says:")
    assert rows[told + 1 : told + 4] == [
        "South forces killed: North 58 (denied) · South 23",
        "North forces killed: South more than 200 (confirmed)",
        "Posts captured (of south forces): North 25",
    ]


def test_a_dead_channel_delays_no_other_and_gets_all_later(tmp_path: Path) -> None:
    with Mail() as mail, Hook() as hook:
        desk = Desk(tmp_path, toml(mail, hook))
        stuck = threading.Event()
        hook.wait, mail.refuse = lambda: stuck.wait(20), True
        queue(desk, *(incident(f"i{n}") for n in range(3)))
        book = desk.book({"HOOK_SECRET": SECRET})
        channels = [replace(channel, seconds=1.0) for channel in book.channels]
        began = time.monotonic()
        report = deliver(desk.conn, channels, NOW)
        assert time.monotonic() - began < 10
        stuck.set()
        assert len(desk.lines()) == 3 and report.channels["file"].messages == 3
        assert report.channels["hook"].problem == "no answer within 1 s"
        assert "451" in report.channels["mail"].problem or report.channels["mail"].problem
        hook.wait, mail.refuse = None, False
        assert send(desk, 0.5).channels["hook"].held == {"retry": 1}, "those not tried yet go out, this one waits"
        send(desk, 10)
        assert len(mail.messages) == 3 and len(set(hook.ids)) == 3
        assert len(desk.lines()) == 3
        assert {state for (state,) in desk.deliveries("state")} == {"sent"}


def test_a_message_is_given_up_with_the_reason_and_can_be_tried_again(tmp_path: Path) -> None:
    with Mail() as mail, Hook() as hook:
        desk = Desk(tmp_path, toml(mail, hook).replace("[alerts]", "[alerts]\nattempts = 3"))
        hook.status = 500
        queue(desk, incident("i1"))
        for at in range(0, 600, 60):
            send(desk, at)
        state, attempts, reason = desk.deliveries("state", "attempts", "reason")[1]
        assert (state, attempts, reason) == ("dead", 3, "the receiver answered with status 500")
        hook.status = 204
        assert store.retry(desk.conn, (), "hook", NOW) == 1
        send(desk, 601)
        assert len(hook.ids) == 1 and len(mail.messages) == 1


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    with Mail() as mail, Hook() as hook:
        desk = Desk(tmp_path, toml(mail, hook))
        hook.status = 302
        queue(desk, incident("i1"))
        assert send(desk).channels["hook"].problem == "the receiver answered with status 302"
        assert hook.received == []


def test_signatures() -> None:
    # Computed with the openssl command over "id.1700000000.{}", with keys "k" and the bytes 1 2 3.
    assert sign("k", "id", 1700000000, b"{}") == "v1,35bYbA6IgNcTvbmw7MvHGtfDGMc6HpldG0KkUbXcBKY="
    assert sign("whsec_AQID", "id", 1700000000, b"{}") == "v1,kVIPjiQxenr85RMYgKQZ1UdUl/A5LRQShrOqW+XNz2Y="


@pytest.mark.parametrize("place", ["database", "log", "error", "report", "repr"])
def test_secrets_show_up_nowhere(tmp_path: Path, place: str) -> None:
    """Channels that all fail, with secrets in user names, passwords, paths, queries and tokens."""
    password = "p@ss/word+9 77"
    logged = io.StringIO()
    handler = logging.StreamHandler(logged)
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    text = (
        '[[channel]]\nname = "m"\nurl = "mailto://night:${PW}@127.0.0.1:9?to=a@desk.example&from=m@desk.example"\n'
        '[[channel]]\nname = "j"\nurl = "json://user:${PW}@127.0.0.1:9/${TOKEN}?+X-Token=${TOKEN}"\n'
        '[[channel]]\nname = "n"\nurl = "ntfy://${TOKEN}@127.0.0.1:9/topic"\n'
        '[[channel]]\nname = "w"\nkind = "webhook"\nurl = "http://127.0.0.1:9/${TOKEN}?key=${TOKEN}"\nsecret = "${PW}"\n'
        '[[rule]]\nname = "r"\non = "new"\nchannels = ["m", "j", "n", "w"]\n'
    )
    desk = Desk(tmp_path, text)
    environ = {"PW": password, "TOKEN": "tk-0123456789"}
    book = desk.book(environ)
    one = incident("i1")
    desk.store(one)
    queue_alerts(desk.conn, [new(one)], book, NOW)
    try:
        report = deliver(desk.conn, book.channels, NOW)
    finally:
        logging.getLogger().removeHandler(handler)
    assert report.failed == 4
    dump = "\n".join(desk.conn.iterdump())
    shown = {
        "database": dump,
        "log": logged.getvalue(),
        "error": "\n".join(str(reason) for (reason,) in desk.deliveries("reason")),
        "report": repr(report),
        "repr": repr(book),
    }[place]
    assert shown
    for secret in (password, "p%40ss", "p@ss", "word+9", "tk-0123456789"):
        assert secret not in shown


def test_stdout_is_for_cron_to_mail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk(
        tmp_path,
        '[[channel]]\nname = "out"\nkind = "stdout"\n[[rule]]\nname = "r"\non = "new"\nchannels = "out"\n',
    )
    queue(desk, incident("i1", line("south", "south_forces", 23)))
    send(desk)
    out = capsys.readouterr().out
    assert out.startswith("New armed clash: Karst Gate") and "South forces killed: South 23" in out
    send(desk, 1)
    assert capsys.readouterr().out == ""


def test_a_message_calls_an_incident_what_it_is_by_now(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk(
        tmp_path,
        '[[channel]]\nname = "out"\nkind = "stdout"\n[[rule]]\nname = "r"\non = ["new", "claim"]\nchannels = "out"\n',
    )
    first = incident("i1", event_type="ied")
    queue(desk, first)
    raid = change(first, line("south", "south_forces", 23), event_type="air_strike")
    desk.store(raid.after)
    queue_alerts(desk.conn, [raid], desk.book(), NOW)
    send(desk)
    out = capsys.readouterr().out
    assert out.startswith("New air strike: Karst Gate") and "- South forces killed: South says 23" in out
    assert "ied" not in out.split() and "explosion" not in out and out.count("New") == 1
    queue(desk, incident("i2", event_type="ied"))
    send(desk)
    assert capsys.readouterr().out.startswith("New explosion: Karst Gate")


def test_a_crash_between_sending_and_marking_repeats_one_message_a_channel(tmp_path: Path, monkeypatch: Any) -> None:
    with Mail() as mail, Hook() as hook:
        desk = Desk(tmp_path, toml(mail, hook))
        queue(desk, *(incident(f"i{n}") for n in range(4)))

        class Killed(BaseException):
            pass

        marked: list[Any] = []
        real = store.mark_sent

        def mark(conn: Any, pks: Any, now: Any) -> None:
            marked.append(pks)
            if len(marked) == 5:
                raise Killed
            real(conn, pks, now)

        monkeypatch.setattr(store, "mark_sent", mark)
        with pytest.raises(Killed):
            send(desk)
        monkeypatch.setattr(store, "mark_sent", real)
        time.sleep(0.3)
        with closing(open_store(desk.db)) as conn:
            deliver(conn, desk.book({"HOOK_SECRET": SECRET}).channels, NOW + minutes(5))
        for ids in (mail.ids(), hook.ids, [row["id"] for row in desk.lines()]):
            assert len(set(ids)) == 4 and len(ids) <= 5
        assert len(feedparser.parse((tmp_path / "alerts.atom").read_bytes()).entries) == 4
        assert {state for (state,) in desk.deliveries("state")} == {"sent"}


def test_a_feed_that_is_none_is_left_alone(tmp_path: Path) -> None:
    with Mail() as mail, Hook() as hook:
        desk = Desk(tmp_path, toml(mail, hook))
        (tmp_path / "alerts.atom").write_text("dear diary")
        queue(desk, incident("i1"))
        assert "is no feed of ours" in send(desk).channels["feed"].problem
        assert (tmp_path / "alerts.atom").read_text() == "dear diary"


def test_the_feed_keeps_the_newest(tmp_path: Path) -> None:
    from monitor.alerts.atom import add_entry
    from monitor.alerts.messages import Message

    path = tmp_path / "a" / "alerts.atom"
    for number in range(130):
        add_entry(path, "Desk", Message(f"n{number}", "info", f"t{number}\x0b", "", "<p>x</p>", {}), NOW)
    feed = feedparser.parse(path.read_bytes())
    assert not feed.bozo and feed.feed.title == "Desk"
    assert [entry.title for entry in feed.entries] == [f"t{number}" for number in range(129, 29, -1)]


def test_a_query_starts_without_apprise() -> None:
    code = (
        "import sys; from monitor.cli import cli; import monitor.cli.query, monitor.cli.alerts;"
        "sys.exit(bool({'apprise', 'crontab', 'requests'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
