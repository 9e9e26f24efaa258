"""Explaining a text: the marks are the text, nothing is added, and nothing in a text can break the page."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from lxml.html import fromstring

from monitor.analysis.explain import explain
from monitor.analysis.topic import Topic
from monitor.cli.explain import html_page
from monitor.figures import PLAIN
from tests.paths import ROOT
from tests.test_cli import STORIES, monitor

TOPIC = Topic.load(ROOT / "tests" / "second_topic")
TEXT = "Three Ostmark soldiers were killed in a clash at the Karst Gate, the Veldrian army said."


def test_marks_say_what_is_recognised() -> None:
    found = explain(TOPIC, "", TEXT, "en")
    marked = {TEXT[mark.start : mark.end]: mark.group for mark in found.marks}
    assert marked["Karst Gate"] == "place" and marked["clash"] == "event" and marked["Veldrian army"] == "actor"


@given(st.text(max_size=300), st.text(max_size=60))
def test_pieces_are_the_text(text: str, title: str) -> None:
    found = explain(TOPIC, title, f"{text} Karst Gate {text} clash", "en")
    assert "".join(piece for piece, _ in found.pieces("text")) == found.text
    assert "".join(piece for piece, _ in found.pieces("title")) == title


def test_html_escapes_everything_and_loads_nothing() -> None:
    evil = '<script>alert(1)</script><img src=x onerror="alert(2)"> & Karst Gate "clash"'
    page = html_page(explain(TOPIC, evil, evil + TEXT, "en"), PLAIN)
    tree = fromstring(page)
    assert not tree.xpath("//script | //img | //link | //*[@src] | //*[@onerror]")
    assert tree.xpath("string(//h1)") == evil


def test_right_to_left_page(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORIES[1]["text"], encoding="utf-8")
    page = monitor(tmp_path, "explain", "a.txt", "--format", "html").stdout
    assert fromstring(page).xpath("//article/@dir") == ["rtl"] and 'lang="ur"' in page


def test_command_on_files_and_stories(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORIES[0]["text"])
    shown = monitor(tmp_path, "explain", "a.txt").stdout
    assert "Torkham[place: Torkham]" in shown and "judged" in shown and "relevant (" in shown
    monitor(tmp_path, "import", "-", stdin=json.dumps(STORIES[0]))
    record = json.loads(monitor(tmp_path, "explain", STORIES[0]["url"], "--format", "json").stdout)
    assert record["judgement"]["relevant"] and record["claims"]
    assert monitor(tmp_path, "explain", "-", stdin="").returncode == 2
    assert "neither a file nor" in monitor(tmp_path, "explain", "nothing").stderr
