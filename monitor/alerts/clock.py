"""Messages at a time of day: the brief, and the all-clear that says what was looked at."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from sqlite3 import Connection
from typing import Any

from monitor.alerts.quiet import quiet_sentence
from monitor.config import Config
from monitor.health import Health, unseen

_DAY = timedelta(days=1)


def all_clear(conn: Connection, now: datetime, health: Health, zone: tzinfo) -> dict[str, Any]:
    """The payload of an all-clear; it says so where it is none."""
    sentence = quiet_sentence(conn, now, now - _DAY, health, zone)
    calm = sentence.startswith("no ") and health.healthy
    return {"kind": "all_clear", "title": f"{'All clear' if calm else 'Not all clear'}: {sentence}", "text": ""}


def brief(conn: Connection, config: Config, now: datetime, health: Health, zone: tzinfo) -> dict[str, Any]:
    """The payload of a brief of the last day, as ``monitor brief`` makes it."""
    from monitor.analysis.topic import Topic
    from monitor.brief import make_brief
    from monitor.briefing import html, markdown
    from monitor.figures import Names
    from monitor.followup import load_origins

    topic = Topic.load(config.seeds)
    classes = load_origins(config, topic).classes
    made = make_brief(conn, topic, now - _DAY, now, classes=classes, unseen=unseen(health))
    names = Names.load(config.seeds)
    counts = f"{len(made.new)} new, {len(made.changed)} changed, {len(made.contested)} contested"
    page = html(made, names).partition("<body>")[2].rpartition("</body>")[0]
    title = f"Brief: {counts}; {quiet_sentence(conn, now, now - _DAY, health, zone)}"
    return {"kind": "brief", "title": title, "text": markdown(made, names), "html": page}
