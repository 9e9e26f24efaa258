"""Telegram channels: the preview as it is built, what a message lists or is, and whole crawls on loopback."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.errors import FeedError
from monitor.htmltext import html_text
from monitor.telegram import as_story, headline, listed, message_of, parse_channel, preview_url
from tests.services import problems, run_with
from tests.site import Reply, Site
from tests.test_crawl import article, ledger, run, seeds_for, stored

URL = "https://t.me/s/gazette"


def message(number: int, text: str, *, sent: str = "2025-10-12T01:02:03+00:00", extra: str = "") -> str:
    """One message as the preview shows it: avatar, name, text, extras, views and date."""
    inside = f'<div class="tgme_widget_message_text js-message_text" dir="auto">{text}</div>' if text else ""
    return f"""<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="tgme_widget_message
     text_not_supported_wrap js-widget_message" data-post="gazette/{number}" data-view="eyJ">
    <div class="tgme_widget_message_user"><a href="https://t.me/gazette"><i class="tgme_widget_message_user_photo"></i></a></div>
    <div class="tgme_widget_message_bubble"><div class="tgme_widget_message_author accent_color">
    <a class="tgme_widget_message_owner_name" href="https://t.me/gazette"><span dir="auto">Gazette</span></a></div>{extra}
    {inside}<div class="tgme_widget_message_footer compact js-message_footer"><span class="tgme_widget_message_views">1.2K</span>
    <span class="tgme_widget_message_meta"><a class="tgme_widget_message_date" href="https://t.me/gazette/{number}">
    <time datetime="{sent}" class="time">01:02</time></a></span></div></div></div></div>"""


def preview(*messages: str) -> str:
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Gazette – Telegram</title></head><body>
    <div class="tgme_channel_info"><div class="tgme_channel_info_header_title"><span>Gazette</span></div></div>
    <main class="tgme_main"><section class="tgme_channel_history js-message_history">{"".join(messages)}</section></main>
    </body></html>"""


def test_messages_are_read_with_text_links_and_time() -> None:
    reply = (
        '<a class="tgme_widget_message_reply" href="https://t.me/gazette/40"><div class="tgme_widget_message_text'
        ' js-message_reply_text">What was said before</div></a>'
    )
    card = '<a class="tgme_widget_message_link_preview" href="https://gazette.example/card"><div>Card</div></a>'
    text = (
        '<b>Gate closed</b><br/><br/>The crossing is shut.<br/><a href="https://gazette.example/a" target="_blank">More</a> '
        '<a href="?q=%23gate">#gate</a> <a href="https://t.me/other/7">other</a> <i class="emoji"><b>🔴</b></i>'
    )
    page = preview(message(42, text, extra=reply + card), message(41, "First"), message(43, ""))
    first, second = parse_channel(page.encode(), URL)
    assert (first.id, first.text) == (41, "First"), "oldest first; a message without text is left out"
    assert second.text == "Gate closed\nThe crossing is shut.\nMore #gate other 🔴"
    assert second.links == ("https://gazette.example/a", "https://gazette.example/card")
    assert second.published_at == datetime(2025, 10, 12, 1, 2, 3, tzinfo=UTC)
    assert second.url == "https://t.me/gazette/42" and message_of(second.url) == ("gazette", 42)


@pytest.mark.parametrize("sent", ["", "yesterday", "2025-10-12T01:02:03", "2025-99-12T01:02:03+00:00"])
def test_time_that_is_no_full_time_is_unknown(sent: str) -> None:
    (found,) = parse_channel(preview(message(1, "Some words", sent=sent)).encode(), URL)
    assert found.published_at is None and as_story(found).published_precision == "unknown"


def test_page_without_preview_is_refused() -> None:
    page = b"<html><body><div class='tgme_page'><div class='tgme_page_title'>Gazette</div></div></body></html>"
    with pytest.raises(FeedError, match=r"^https://t\.me/s/gazette: shows no messages; the channel may be private"):
        parse_channel(page, URL)
    assert parse_channel(preview().encode(), URL) == (), "an empty channel is no fault"
    with pytest.raises(FeedError, match="is empty"):
        parse_channel(b"", URL)


def test_message_lists_the_own_stories_it_links_to() -> None:
    def is_own(link: str) -> bool:
        return "gazette.example" in link

    one = '🔴 Gate closed for the third day <a href="https://gazette.example/1">x</a> <a href="https://other.example/2">y</a>'
    two = 'The day <a href="https://gazette.example/1">a</a> <a href="https://gazette.example/2">b</a>'
    single, several = parse_channel(preview(message(1, one), message(2, two)).encode(), URL)
    (entry,) = listed(single, is_own)
    assert (entry.url, entry.title) == ("https://gazette.example/1", "Gate closed for the third day x y")
    assert entry.published_at == single.published_at and entry.summary.startswith("🔴 Gate closed")
    assert [(entry.url, entry.title) for entry in listed(several, is_own)] == [
        ("https://gazette.example/1", ""),
        ("https://gazette.example/2", ""),
    ]
    assert listed(single, lambda link: False) == ()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("🔴🔴 BREAKING\nGate closed after night of fire\nMore follows.", "Gate closed after night of fire"),
        ("#Border #Gate Clashes at the gate | ", "Clashes at the gate"),
        ("فوری\n📌 طورخم سرحد تیسرے روز بھی بند ہے۔\nمزید تفصیلات", "طورخم سرحد تیسرے روز بھی بند ہے۔"),
        ("Short", "Short"),
        ("🔴", ""),
        ("The gate is closed. " + "It has been closed before and will be again. " * 9, "The gate is closed."),
    ],
)
def test_headline(text: str, title: str) -> None:
    assert headline(text) == title


def test_headline_without_a_sentence_is_cut_between_words() -> None:
    title = headline("word " * 100)
    assert len(title) <= 160 and title.endswith("word…")


def test_text_of_html_has_a_line_for_each_block() -> None:
    markup = (
        "<p>One&nbsp;two<br>three</p><script>no()</script><ul><li>a</li><li>b <b>c</b>d</li></ul>tail<!-- x --> end"
    )
    assert html_text(markup) == "One two\nthree\na\nb cd\ntail end"
    assert html_text("") == html_text("  ") == ""


def test_preview_address() -> None:
    assert preview_url("https://t.me/", "gazette") == URL
    assert preview_url("https://t.me", "gazette", 42) == f"{URL}?before=42"


# Whole crawls

CLASH = "Soldiers of Veldria and Ostmark exchanged fire across the Grenz Line near the Karst Gate. Three were killed."


def monitor(telegram: Site, folder: Path, seeds: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """``monitor`` with ``telegram`` in the place of Telegram."""
    return run_with({"TELEGRAM_BASE": telegram.url}, folder, seeds, *words)


def states(folder: Path) -> dict[str, str]:
    with closing(sqlite3.connect(folder / "m.db")) as conn:
        return dict(conn.execute("select url, state from pages"))


def test_channel_is_crawled(tmp_path: Path) -> None:
    with Site() as site, Site() as telegram:
        site.replies = {"/robots.txt": "", "/2025/10/12/fire-at-the-gate?utm_source=tg": article(1)}
        link = (
            f'Soldiers killed at the Karst Gate <a href="{site.url}/2025/10/12/fire-at-the-gate?utm_source=tg">read</a>'
        )
        telegram.replies = {
            "/s/gazette": preview(
                message(10, CLASH, sent="2025-10-11T23:30:00+02:00"),
                message(11, "The cup final ended with six goals and a broken goal post. The home side won."),
                message(12, link),
                message(
                    13, f'Read our front page <a href="{site.url}/">here</a>: {CLASH} Or so the army of Ostmark says.'
                ),
            )
        }
        seeds = seeds_for(tmp_path, site, feeds=[], telegram=["gazette"])
        first = monitor(telegram, tmp_path, seeds, "crawl", "--allow-private-hosts", "-v")
        assert first.returncode == 0, first.stderr
        assert states(tmp_path) == {
            "https://t.me/gazette/10": "stored",
            "https://t.me/gazette/11": "irrelevant",
            f"{site.url}/2025/10/12/fire-at-the-gate": "stored",
            "https://t.me/gazette/13": "stored",
        }
        exported = run(tmp_path, seeds, "export", "stories").stdout.splitlines()
        record = next(record for record in map(json.loads, exported) if record["url"] == "https://t.me/gazette/10")
        assert record["source"] == "gazette" and record["text"] == CLASH and record["title"] == CLASH
        assert (record["published_at"], record["published_precision"]) == ("2025-10-11T21:30:00Z", "minute")
        assert record["is_clash"] and record["language"] == "en"
        telegram.asked.clear()
        site.asked.clear()
        assert monitor(telegram, tmp_path, seeds, "crawl", "--allow-private-hosts").returncode == 0
        assert telegram.paths() == ["/s/gazette"] and site.paths() == [], "what is known is not asked for again"


def unrelated(numbers: Sequence[int]) -> str:
    return preview(
        *(message(n, f"Weather report number {n}: sunny with some clouds in the afternoon.") for n in numbers)
    )


def test_messages_missed_between_two_runs_are_read(tmp_path: Path) -> None:
    with Site() as site, Site() as telegram:
        telegram.replies = {"/s/gazette": unrelated([1, 2]), "/s/gazette?before=1": unrelated([0])}
        seeds = seeds_for(tmp_path, site, feeds=[], telegram=["gazette"])
        assert monitor(telegram, tmp_path, seeds, "crawl", "--allow-private-hosts").returncode == 0
        assert telegram.paths() == ["/s/gazette"], "the history of a channel is no news"
        telegram.replies = {
            "/s/gazette": unrelated([7, 8]),
            "/s/gazette?before=7": unrelated([5, 6]),
            "/s/gazette?before=5": unrelated([2, 3, 4]),
        }
        telegram.asked.clear()
        assert monitor(telegram, tmp_path, seeds, "crawl", "--allow-private-hosts").returncode == 0
        assert telegram.paths() == list(telegram.replies)
        assert set(ledger(tmp_path)) == {str(n) for n in range(1, 9)}


def test_channel_without_preview_is_reported(tmp_path: Path) -> None:
    with Site() as site, Site() as telegram:
        telegram.replies = {
            "/s/gazette": Reply(status=302, headers={"Location": "/gazette"}),
            "/gazette": "<html><p>Join</p></html>",
        }
        seeds = seeds_for(tmp_path, site, feeds=[], telegram=["gazette"])
        monitor(telegram, tmp_path, seeds, "crawl", "--allow-private-hosts")
    assert "shows no messages; the channel may be private" in problems(tmp_path)


def test_message_that_changes_becomes_a_revision_and_a_deleted_one_is_let_go(tmp_path: Path) -> None:
    with Site() as site, Site() as telegram:
        other = f"{CLASH} The gate was closed, traders said in the evening."
        telegram.replies = {"/s/gazette": preview(message(10, CLASH), message(11, other))}
        seeds = seeds_for(tmp_path, site, feeds=[], telegram=["gazette"])
        assert monitor(telegram, tmp_path, seeds, "crawl", "--allow-private-hosts").returncode == 0
        assert stored(tmp_path) == ["10", "11"]
        with closing(sqlite3.connect(tmp_path / "m.db")) as conn:
            conn.execute("update pages set next_at = '2020-01-01T00:00:00Z'")
            conn.commit()
        edited = preview(message(10, CLASH.replace("Three", "Five")))
        telegram.replies = {"/s/gazette": preview(), "/s/gazette?before=11": edited, "/s/gazette?before=12": edited}
        assert monitor(telegram, tmp_path, seeds, "crawl", "--allow-private-hosts").returncode == 0
        with closing(sqlite3.connect(tmp_path / "m.db")) as conn:
            revisions = conn.execute("select url, revision from stories order by url").fetchall()
            reason, next_at = conn.execute("select reason, next_at from pages where url like '%/11'").fetchone()
    assert revisions == [("https://t.me/gazette/10", 2), ("https://t.me/gazette/11", 1)]
    assert reason == "the message is no longer there" and next_at is None
