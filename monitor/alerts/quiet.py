"""Trustworthy quiet: what was not seen to happen, said together with what could not be seen."""

from __future__ import annotations

from datetime import datetime, tzinfo
from sqlite3 import Connection

from monitor.health import Health, unseen
from monitor.phrases import many
from monitor.store.alertable import count_new_clashes


def quiet_sentence(conn: Connection, now: datetime, since: datetime, health: Health, zone: tzinfo | None = None) -> str:
    """One sentence: how many new clashes ``since`` then, and what could not be seen (from ``health`` at ``now``).

    ``no new clash since 06:00; 5 of 97 sources silent (…), one language at 40% of its usual volume``. Times are told in
    ``zone`` (UTC when None).
    """
    count = count_new_clashes(conn, since)
    clashes = "no new clash" if not count else many(count, "new clash", "new clashes")
    blind = unseen(health).rstrip(".")
    return f"{clashes} since {_clock(now, since, zone)}; {blind[:1].lower()}{blind[1:]}"


def _clock(now: datetime, since: datetime, zone: tzinfo | None) -> str:
    """A time of today as ``06:00``, an earlier one with its date: a bare time would be taken for today's."""
    local, today = since.astimezone(zone or now.tzinfo), now.astimezone(zone or now.tzinfo).date()
    clock = f"{local:%H:%M}"
    return clock if local.date() == today else f"{local.day} {local:%b} {clock}"
