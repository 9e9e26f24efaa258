"""What people decided against our reading, with who and why."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.items import isoformat


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided: ``kind`` merge, split, rename, move or reject; ``detail`` is what it needs."""

    pk: int
    kind: str
    incident: str | None
    detail: Mapping[str, Any]
    decided_by: str
    reason: str
    decided_at: datetime


def decide(
    conn: sqlite3.Connection,
    kind: str,
    incident: str | None,
    detail: Mapping[str, Any],
    by: str,
    reason: str,
    now: datetime,
) -> None:
    """Keep a decision."""
    conn.execute(
        "insert into decisions (kind, incident, detail, decided_by, reason, decided_at) values (?, ?, ?, ?, ?, ?)",
        (kind, incident, json.dumps(detail, ensure_ascii=False, sort_keys=True), by, reason, isoformat(now)),
    )


def decisions(conn: sqlite3.Connection) -> list[Decision]:
    """All decisions, the oldest first."""
    return [
        Decision(pk, kind, incident, json.loads(detail), by, reason, datetime.fromisoformat(at))
        for pk, kind, incident, detail, by, reason, at in conn.execute(
            "select pk, kind, incident, detail, decided_by, reason, decided_at from decisions order by pk"
        )
    ]
