"""Messages at a time of day: the brief, and the all-clear that says what was looked at."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from sqlite3 import Connection
from typing import Any

from monitor.alerts.facts import Fact, payload
from monitor.alerts.quiet import quiet_sentence
from monitor.alerts.wording import headline
from monitor.health import Health
from monitor.phrases import many
from monitor.store.alerts import story_facts
from monitor.store.incidents import list_incidents

_DAY = timedelta(days=1)
_MOST = 25


def all_clear(conn: Connection, now: datetime, health: Health, zone: tzinfo) -> dict[str, Any]:
    """The payload of an all-clear; it says so where it is none."""
    sentence = quiet_sentence(conn, now, now - _DAY, health, zone)
    calm = sentence.startswith("no ") and health.healthy
    return {"kind": "all_clear", "title": f"{'All clear' if calm else 'Not all clear'}: {sentence}", "text": ""}


def brief(conn: Connection, now: datetime, health: Health, zone: tzinfo) -> dict[str, Any]:
    """The payload of a brief: the incidents reported on in the last day, a line each, and what could not be seen."""
    found = list_incidents(conn, since=now - _DAY, now=now)
    lines = []
    for incident in found[:_MOST]:
        told = payload(Fact("brief", ""), incident, story_facts(conn, incident.story_ids[-1:]))
        lines += [f"• {headline({**told, 'kind': 'repeat'})}", *(f"  {story['url']}" for story in told["stories"])]
    if len(found) > _MOST:
        lines.append(f"… and {len(found) - _MOST} more: monitor incidents --since 24h")
    sentence = quiet_sentence(conn, now, now - _DAY, health, zone)
    title = f"Brief: {many(len(found), 'incident')} reported on in a day; {sentence}"
    return {"kind": "brief", "title": title, "text": "\n".join(lines)}
