"""What comes after a run: alerts about ourselves and by the clock are queued, all is delivered, the ping is sent."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from sqlite3 import Connection

from monitor.alerts.book import Book
from monitor.alerts.clock import all_clear, brief
from monitor.alerts.delivery import Report, deliver
from monitor.alerts.outbox import queue_clock_alerts, queue_health_alerts, queue_reminders
from monitor.alerts.rules import CLOCK_KINDS, HEALTH_KINDS
from monitor.alerts.secrets import scrubbed
from monitor.config import Config
from monitor.errors import LockHeld
from monitor.figures import Names
from monitor.health import Health, judge
from monitor.lock import delivery_lock
from monitor.sources import load_sources
from monitor.store.alerts import give_up_undeclared
from monitor.store.health import read_history
from monitor.store.incidents import load_incident

_log = logging.getLogger(__name__)
# How long to wait for another process that is delivering: what it does not know of yet is sent after it.
_WAIT_SECONDS = 120.0
_PING_SECONDS = 10.0


def after_run(conn: Connection, config: Config, book: Book, now: datetime) -> Report:
    """Queue what rules ask for about our health and by the clock, then deliver all that is due. Never raises LockHeld.

    Called at the end of a crawl, and by ``monitor alerts deliver``.
    """
    kinds = {kind for rule in book.rules for kind in rule.on}
    if kinds & (HEALTH_KINDS | CLOCK_KINDS):
        health = judge_now(conn, config, now)
        queue_health_alerts(conn, health, book, now)
        queue_clock_alerts(
            conn,
            book,
            now,
            {
                "all_clear": lambda: all_clear(conn, now, health, book.zone),
                "brief": lambda: brief(conn, config, now, health, book.zone),
            },
        )
    queue_reminders(conn, book, now, lambda conn, name: load_incident(conn, name, now))
    try:
        with delivery_lock(config.db, _WAIT_SECONDS):
            if gone := give_up_undeclared(conn, {channel.name for channel in book.channels}):
                _log.warning("%d alerts are given up: their channels are no longer declared", gone)
            return deliver(conn, book.channels, now, names=Names.load(config.seeds), link=book.link)
    except LockHeld as error:
        _log.warning("%s; what waits goes out with the next", error)
        return Report()


def judge_now(conn: Connection, config: Config, now: datetime) -> Health:
    """The health of the crawl, the sources and the languages at ``now``."""
    sources = load_sources(config.seeds / "sources")
    return judge(read_history(conn, sources, now), sources, now, timedelta(hours=config.stale_hours))


def ping(book: Book) -> str:
    """Tell the dead man's switch that a run went well; returns what went wrong, or nothing."""
    if not book.ping:
        return ""
    import requests

    try:
        with requests.Session() as session:
            session.trust_env = False
            status = session.get(book.ping, timeout=_PING_SECONDS, allow_redirects=False, stream=True).status_code
    except requests.RequestException as error:
        return f"the dead man's switch could not be reached: {scrubbed(type(error).__name__, book.hidden)}"
    return "" if status < 400 else f"the dead man's switch answered with status {status}"
