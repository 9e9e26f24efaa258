"""The outbox: alerts, their ways to the channels, silences and the states whose change is told."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from base64 import b32encode
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from monitor.alerts.decide import Alert, Route
from monitor.alerts.plan import Pending, Told
from monitor.items import isoformat
from monitor.store.database import transaction
from monitor.store.rows import batches, marks


def alert_id(key: str) -> str:
    """The id of the alert with this dedupe key: 12 letters and digits, the same on every machine."""
    return b32encode(hashlib.blake2b(key.encode(), digest_size=8).digest()).decode().lower()[:12]


# Writing alerts


def add_alerts(
    conn: sqlite3.Connection,
    alerts: Iterable[Alert],
    now: datetime,
    donors: Mapping[str, Collection[str]] | None = None,
) -> int:
    """Store what of ``alerts`` has not been told yet, each with its ways to the channels; return how many are new.

    An alert known under its own key, or under that of an incident that was merged into its or split from it, does not
    go again to a channel that it has gone to; to any other it goes as it is now. ``donors`` gives, for an incident,
    others whose figures count as told of it this once. Part of the transaction that found them.
    """
    added = 0
    with transaction(conn):
        for alert in alerts:
            known = alert_id(f"{alert.subject}:{alert.fact}")
            own, told = _told(conn, alert, (donors or {}).get(alert.incident_id or "", ()))
            left = [route for route in alert.routes if route.channel not in told]
            if not left:
                continue
            if not own:
                conn.execute(
                    "insert into alerts (id, rule, incident_id, dedupe_key, payload, created_at, kind, severity)"
                    " values (?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        *(known, alert.routes[0].rule, alert.incident_id, f"{alert.subject}:{alert.fact}"),
                        *(json.dumps(alert.payload, ensure_ascii=False), isoformat(now), alert.kind, alert.severity),
                    ),
                )
                added += 1
            for route in left:
                _add_delivery(conn, known, route, now)
    return added


def _told(conn: sqlite3.Connection, alert: Alert, donors: Collection[str]) -> tuple[bool, set[str]]:
    """Whether ``alert`` was stored before under its own key, and the channels it goes to under any that counts."""
    roots = kin(conn, alert.incident_id) if alert.incident_id else {}
    if alert.kind in ("claim", "denial"):
        roots |= dict.fromkeys(set(donors) - set(roots))
    subjects = {f"incident:{incident}": until for incident, until in roots.items()} | {alert.subject: None}
    own, told = False, set()
    for subject, until in subjects.items():
        rows = conn.execute(
            "select channel from alerts a left join deliveries d on d.alert = a.id"
            " where dedupe_key = ? and created_at <= ?",
            (f"{subject}:{alert.fact}", until or "9999"),
        ).fetchall()
        own |= bool(rows) and subject == alert.subject
        told |= {str(channel) for (channel,) in rows}
    return own, told


def kin(conn: sqlite3.Connection, incident: str) -> dict[str, str | None]:
    """The incidents whose alerts count for ``incident`` too, each with the time up to which they do (None: always)."""
    found: dict[str, str | None] = {}
    waiting: list[tuple[str, str | None]] = [(incident, None)]
    while waiting:
        identifier, until = waiting.pop()
        if identifier in found:
            continue
        found[identifier] = until
        rows = conn.execute(
            "select id, null from incidents where forward_to = ?1"
            " union all select other, until from alert_kin where incident = ?1",
            (identifier,),
        )
        waiting += [(str(other), min(filter(None, (until, limit)), default=None)) for other, limit in rows]
    return found


def note_kin(conn: sqlite3.Connection, incident: str, other: str, until: datetime | None) -> None:
    """Remember that what was told of ``other`` (up to ``until``) counts for ``incident``, and the other way round."""
    conn.executemany(
        "insert or ignore into alert_kin (incident, other, until) values (?, ?, ?)",
        [(incident, other, isoformat(until)), (other, incident, isoformat(until))],
    )


def _add_delivery(conn: sqlite3.Connection, alert: str, route: Route, now: datetime) -> None:
    conn.execute(
        "insert or ignore into deliveries (alert, channel, rule, severity, group_key, group_wait, group_interval,"
        " muted_by, mute_seconds, found_at, next_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(alert, route.channel, route.rule, route.severity, route.group),
            *(int(route.wait.total_seconds()), int(route.interval.total_seconds())),
            *(json.dumps(route.muted_by), int(route.mute_for.total_seconds()), isoformat(now), isoformat(now)),
        ),
    )


# Delivering

_PENDING = (
    "select d.pk, d.alert, d.channel, d.rule, d.severity, d.group_key, d.group_wait, d.group_interval, d.muted_by,"
    " d.mute_seconds, d.state, d.notification, d.attempts, d.found_at, d.next_at, a.payload, a.incident_id"
    " from deliveries d join alerts a on a.id = d.alert"
)


def pending(conn: sqlite3.Connection) -> list[Pending]:
    """Everything that is waiting or on its way, in the order in which it was found."""
    rows = conn.execute(f"{_PENDING} where d.state in ('waiting', 'sending') order by d.pk")
    return [_pending(row) for row in rows]


def _pending(row: sqlite3.Row) -> Pending:
    values = dict(row)
    for name in ("found_at", "next_at"):
        values[name] = datetime.fromisoformat(values[name])
    for name in ("group_wait", "group_interval"):
        values[name] = timedelta(seconds=values[name])
    values["mute_for"] = timedelta(seconds=values.pop("mute_seconds"))
    values["muted_by"] = tuple(json.loads(values["muted_by"]))
    values["payload"] = json.loads(values["payload"])
    values["group"] = values.pop("group_key")
    return Pending(**values)


def last_sent(conn: sqlite3.Connection, groups: Collection[str]) -> dict[tuple[str, str], datetime]:
    """When each channel was last told of each of ``groups``."""
    found: dict[tuple[str, str], datetime] = {}
    for part in batches(list(set(groups))):
        rows = conn.execute(
            "select channel, group_key, max(sent_at) from deliveries where state = 'sent'"  # noqa: S608
            f" and group_key in ({marks(part)}) group by 1, 2",
            part,
        )
        found |= {(str(channel), str(group)): datetime.fromisoformat(sent) for channel, group, sent in rows}
    return found


def sent_since(conn: sqlite3.Connection, channel: str, since: datetime, now: datetime) -> int:
    """How many messages ``channel`` was sent after ``since`` and not later than ``now``."""
    row = conn.execute(
        "select count(distinct notification) from deliveries where channel = ? and state = 'sent'"
        " and sent_at > ? and sent_at <= ?",
        (channel, isoformat(since), isoformat(now)),
    ).fetchone()
    return int(row[0])


def told_by(conn: sqlite3.Connection, rules: Collection[str]) -> list[Told]:
    """The alerts of ``rules``, newest first, that may keep others still: where and when they were found."""
    if not rules:
        return []
    rows = conn.execute(
        "select d.rule, a.payload, max(d.found_at) from deliveries d join alerts a on a.id = d.alert"  # noqa: S608
        f" where d.rule in ({marks(rules)}) and d.state <> 'muted' group by d.rule, a.id"
        " order by a.created_at desc limit 2000",
        list(rules),
    )
    return [Told(str(rule), json.loads(payload), datetime.fromisoformat(at)) for rule, payload, at in rows]


def begin_sending(conn: sqlite3.Connection, pks: Sequence[int], notification: str) -> None:
    """Mark deliveries as on their way with ``notification``: after a crash these are sent again, and no others."""
    with transaction(conn):
        conn.executemany(
            "update deliveries set state = 'sending', notification = ?, attempts = attempts + 1 where pk = ?",
            [(notification, pk) for pk in pks],
        )


def mark_sent(conn: sqlite3.Connection, pks: Sequence[int], now: datetime) -> None:
    """Mark deliveries as sent."""
    with transaction(conn):
        conn.executemany(
            "update deliveries set state = 'sent', sent_at = ?, reason = null where pk = ?",
            [(isoformat(now), pk) for pk in pks],
        )


def mark_failed(conn: sqlite3.Connection, pks: Sequence[int], next_at: datetime | None, reason: str) -> None:
    """Note why deliveries were not made; they are tried again at ``next_at``, or never when that is None."""
    with transaction(conn):
        conn.executemany(
            "update deliveries set state = ?, next_at = coalesce(?, next_at), reason = ? where pk = ?",
            [("waiting" if next_at else "dead", isoformat(next_at), reason, pk) for pk in pks],
        )


def mark_muted(conn: sqlite3.Connection, muted: Iterable[tuple[int, str]]) -> None:
    """Note deliveries that are not made, and why."""
    with transaction(conn):
        conn.executemany(
            "update deliveries set state = 'muted', reason = ? where pk = ?", [(why, pk) for pk, why in muted]
        )


def give_up_undeclared(conn: sqlite3.Connection, channels: Collection[str]) -> int:
    """Give up what waits for a channel that is none of ``channels`` any more; return how many deliveries those are."""
    with transaction(conn):
        waiting = conn.execute("select pk, channel from deliveries where state in ('waiting', 'sending')").fetchall()
        gone = [pk for pk, channel in waiting if channel not in channels]
        mark_failed(conn, gone, None, "the channel is no longer declared in monitor.toml")
    return len(gone)


def retry(conn: sqlite3.Connection, ids: Collection[str], channel: str | None, now: datetime) -> int:
    """Have dead deliveries tried again, of alerts ``ids`` if any and to ``channel`` if given; return how many."""
    count = 0
    with transaction(conn):
        for pk, alert, name in conn.execute(
            "select pk, alert, channel from deliveries where state = 'dead'"
        ).fetchall():
            if (not ids or alert in ids) and channel in (None, name):
                conn.execute(
                    "update deliveries set state = 'waiting', attempts = 0, next_at = ?, reason = null where pk = ?",
                    (isoformat(now), pk),
                )
                count += 1
    return count


def durable(conn: sqlite3.Connection, whole: bool) -> None:
    """Have each commit outlive a power cut (``whole``), so that what was sent is not sent again; or as usual."""
    conn.execute(f"pragma synchronous = {'full' if whole else 'normal'}")


def untold_since(conn: sqlite3.Connection, rule: str, since: datetime, now: datetime) -> list[str]:
    """Incidents that ``rule`` told of, and last not after ``since``; what is still on its way counts as told now.

    What was told of an incident that became part of another was told of that one.
    """
    rows = conn.execute(
        "with recursive way(id, root) as ("
        " select distinct a.incident_id, a.incident_id from deliveries d join alerts a on a.id = d.alert"
        " where d.rule = ?1 and a.incident_id is not null"
        " union select way.id, i.forward_to from way join incidents i on i.id = way.root"
        " where i.forward_to is not null)"
        " select way.root from way join incidents i on i.id = way.root and i.forward_to is null"
        " join alerts a on a.incident_id = way.id join deliveries d on d.alert = a.id and d.rule = ?1"
        " group by 1 having sum(d.state in ('waiting', 'sending')) = 0 and sum(d.state = 'sent') > 0"
        " and max(case when d.sent_at <= ?3 then d.sent_at else '' end) <= ?2",
        (rule, isoformat(since), isoformat(now)),
    )
    return [str(incident) for (incident,) in rows]
