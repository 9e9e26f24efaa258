"""Trustworthy quiet: what was not seen to happen, said together with what could not be seen."""

from __future__ import annotations

from datetime import datetime, tzinfo
from sqlite3 import Connection

from monitor import phrases
from monitor.health import Health, unseen
from monitor.store.alertable import count_new_clashes


def quiet_sentence(conn: Connection, now: datetime, since: datetime, health: Health, zone: tzinfo | None = None) -> str:
    """One sentence: how many new clashes ``since`` then, and what could not be seen (from ``health`` at ``now``).

    Times are told in ``zone`` (UTC when None).
    """
    return phrases.quiet_sentence(count_new_clashes(conn, since), since, now, unseen(health), zone)
