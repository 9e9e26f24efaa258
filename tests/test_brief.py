"""The brief: what it takes for new, changed, contested and quiet, and how it is written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.brief import Brief, make_brief
from monitor.briefing import html, markdown, terse
from monitor.figures import Names
from monitor.store.database import open_store
from tests.borderland import DAY, TOPIC, link, put, said, story
from tests.paths import ROOT

NAMES = Names.load(ROOT / "tests" / "second_topic")
MORNING = datetime.fromisoformat("2031-05-04T06:00:00Z")


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(open_store(tmp_path / "m.db")) as conn:
        yield conn


def brief(conn: sqlite3.Connection, days: int = 0) -> Brief:
    until = MORNING + timedelta(days=days)
    return make_brief(
        conn, TOPIC, until - timedelta(days=1), until, classes={}, unseen="Nothing is known to be missing."
    )


def told(conn: sqlite3.Connection) -> None:
    """A fight with a toll of 12; the next day 23, and 58 by the other side; a denial; then silence."""
    next_day = MORNING + timedelta(hours=5)
    put(
        conn,
        [
            story("one", said(12, claimant="ostmark")),
            story("repeats", said(12, claimant="ostmark"), minute=9),
            story("other", said(23, claimant="ostmark"), said(58), published_at=next_day),
            story("denies", said(58, claimant="ostmark", stance="denied"), published_at=next_day + timedelta(hours=1)),
            story("truce", event_type="ceasefire", is_clash=False, published_at=next_day, title="A truce"),
            story(
                "truce2", event_type="ceasefire", is_clash=False, published_at=next_day, title="Truce", origin="truce"
            ),
        ],
    )
    link(conn)


def test_new_then_changed_then_quiet(conn: sqlite3.Connection) -> None:
    told(conn)
    first, second, third, fourth = (brief(conn, day) for day in range(4))
    assert [len(part) for part in (first.new, first.changed, first.contested)] == [1, 0, 0]
    assert [len(part) for part in (second.new, second.changed, second.contested)] == [0, 1, 1]
    kinds = [change.kind for change in second.changed[0].changes]
    assert kinds.count("claim") == 2 and "denial" in kinds
    assert (third.changed, third.quiet) == ((), ())
    assert len(fourth.quiet) == 1 and not brief(conn, 4).quiet
    assert (first.story_count, second.story_count, third.story_count) == (2, 4, 0)


def test_what_was_read_late_is_in_the_next_brief(conn: sqlite3.Connection) -> None:
    told(conn)
    conn.execute("update stories set stored_at = '2031-05-05T02:00:00Z'")  # the sources could not be read for a day
    (item,) = brief(conn, 1).new
    assert {line.current.count_low for line in item.incident.claims} >= {23, 58}
    assert not brief(conn, 2).new


def test_what_comes_later_does_not_change_an_earlier_brief(conn: sqlite3.Connection) -> None:
    put(conn, [story("one", said(12, claimant="ostmark"))])
    link(conn)
    before = json.dumps(brief(conn).record())
    put(conn, [story("other", said(58), published_at=MORNING + timedelta(hours=3))])
    link(conn)
    assert json.dumps(brief(conn).record()) == before


def test_a_truce_is_told_once_whoever_prints_it(conn: sqlite3.Connection) -> None:
    told(conn)
    assert [item.source for item in brief(conn, 1).stories] == ["truce"]


def test_both_sides_stand_on_one_line_with_what_is_new(conn: sqlite3.Connection) -> None:
    told(conn)
    text = markdown(brief(conn, 1), NAMES)
    (line,) = [line for line in text.splitlines() if line.startswith("  - Ostmark forces killed")]
    assert "Ostmark 12 → 23" in line and "Veldria 58 (new, now denied)" in line
    assert line.count("](https://") == 2
    assert "Ostmark forces killed: Veldria 58" in text[text.index("## Contested") :]


def test_only_those_who_contradict_each_other_stand_against_each_other(conn: sqlite3.Connection) -> None:
    tanks = {"party": "unknown", "outcome": "destroyed", "what": "tanks"}
    hurt = {"party": "civilians", "outcome": "injured"}
    put(
        conn,
        [
            story("one", said(6, claimant="ostmark", **tanks), said(100, claimant="veldria", **hurt)),
            story("two", said(2, claimant="other", **tanks), said(4, claimant="ostmark", **hurt)),
            story("three", said(6, claimant="veldria", stance="denied", **tanks), said(346, claimant="other", **hurt)),
        ],
    )
    link(conn)
    text = markdown(brief(conn), NAMES)
    contested = text[text.index("## Contested") : text.index("## Went quiet")]
    assert "civilians injured: Veldria 100 against another source 346;" in contested
    assert "tanks destroyed: Ostmark 6 (denied)" in contested and "another source 2" not in contested


def test_silence_is_said(conn: sqlite3.Connection) -> None:
    text = markdown(brief(conn, 9), NAMES)
    quiet = "No new clash since 12 May 06:00; nothing is known to be missing."
    for words in ("No new incident.", "No claim changed.", quiet):
        assert words in text
    assert terse(brief(conn, 9), NAMES).count("\n") == 1


def test_the_page_escapes_what_stories_say(conn: sqlite3.Connection) -> None:
    evil = '<script>alert("x")</script> [a](javascript:x) ‏سرحد'
    put(conn, [story("truce", event_type="talks", is_clash=False, title=evil)])
    page = html(brief(conn), NAMES)
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert 'dir="auto"' in page and page.startswith("<!doctype html>")
    assert evil.split("[")[0].strip() in markdown(brief(conn), NAMES)


def test_a_link_that_is_none_is_left_out(conn: sqlite3.Connection) -> None:
    item = story("truce", event_type="talks", is_clash=False)
    item.url = 'javascript:alert("x")'
    put(conn, [item])
    assert "javascript:" not in html(brief(conn), NAMES)


def test_one_page_however_much_happened(conn: sqlite3.Connection) -> None:
    put(conn, [story(f"s{day}", said(30 + day), day=DAY - timedelta(days=9 * day), published_at=MORNING - timedelta(hours=1))
               for day in range(12)])  # fmt: skip
    link(conn)
    found = brief(conn)
    assert len(found.new) == 12
    text = markdown(found, NAMES)
    assert "and 4 more: monitor incidents" in text and len(text.splitlines()) < 60
