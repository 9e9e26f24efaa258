"""What follows when stories have come in, however they came: they are linked to incidents, alerts are queued."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from monitor.alerts.book import Book, load_book
from monitor.alerts.outbox import queue_alerts, queue_new_stories
from monitor.analysis.origins import Origins
from monitor.analysis.topic import Topic
from monitor.config import Config
from monitor.incident import Update
from monitor.linking import link_stories
from monitor.sources import load_sources, voices
from monitor.store import alertable, waiting
from monitor.store.indexing import compact


def follow_up(
    conn: sqlite3.Connection,
    config: Config,
    now: datetime,
    *,
    topic: Topic | None = None,
    progress: Callable[[int], None] = lambda count: None,
) -> list[Update]:
    """Link every story that waits; return what became of the incidents. Nothing is loaded when no story waits.

    With stories stored the full-text index has grown new parts, of which some are merged.

    Alerts that the rules of ``monitor.toml`` ask for are queued in the transactions that find their cause; they are
    sent by ``monitor.alerts.delivery``. Raises ConfigError for a rule or channel that cannot be used.
    """
    book = standing_book(conn, config)
    updates: list[Update] = []
    if waiting.unlinked(conn):
        topic = topic or Topic.load(config.seeds)
        updates = link_stories(
            conn,
            topic,
            now,
            classes=load_origins(config, topic).classes,
            on_updates=lambda conn, found: queue_alerts(conn, found, book, now),
            progress=progress,
        )
        compact(conn)
    queue_new_stories(conn, book, now)
    return updates


def standing_book(conn: sqlite3.Connection, config: Config) -> Book:
    """The rules and channels of ``monitor.toml``, names in rules looked up in the vocabulary of the database."""
    book = load_book(config, check=False)
    return replace(book, rules=alertable.named(conn, book.rules))


def load_origins(config: Config, topic: Topic) -> Origins:
    """What finds the origin of a story: agencies and outlets of the seeds folder."""
    folder = config.seeds / "sources"
    return Origins.load(config.seeds, topic, voices(load_sources(folder)) if folder.is_dir() else {})


def told(updates: list[Update]) -> str:
    """How many incidents are new and changed, in words."""
    new = sum(update.before is None for update in updates)
    changed = len({u.after.id for u in updates if u.before is not None and u.after.revision != u.before.revision})
    return f"{new} new incident{'' if new == 1 else 's'}, {changed} changed"
