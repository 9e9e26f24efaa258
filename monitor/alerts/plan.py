"""What goes out now: grouping, waiting, silences, inhibition, quiet hours, storms and rates. Pure; times are given.

Every "not yet" holds only while the clock stands between a time noted and the time waited for, so that a clock that
was wrong for a while keeps nothing back for ever.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from monitor.alerts.channels import Channel
from monitor.alerts.decide import place_names
from monitor.alerts.rules import SEVERITIES
from monitor.items import Place

# A closure is kept still by a clash at the same place; sharing a province is not enough.
_PRECISE = 2


@dataclass(frozen=True, slots=True)
class Pending:
    """A delivery that has not been made: of which alert, to whom, since when, how soon."""

    pk: int
    alert: str
    channel: str
    rule: str
    severity: str
    group: str
    group_wait: timedelta
    group_interval: timedelta
    muted_by: tuple[str, ...]
    mute_for: timedelta
    state: str
    notification: str | None
    attempts: int
    found_at: datetime
    next_at: datetime
    payload: Mapping[str, Any]
    incident_id: str | None = None


@dataclass(frozen=True, slots=True)
class Silence:
    """What is kept still until a time; None matches anything.

    ``places`` and ``actors`` are the ids that ``place`` and ``actor`` name, with every place inside.
    """

    id: int
    place: str | None
    actor: str | None
    incident: str | None
    rule: str | None
    until: datetime
    comment: str = ""
    places: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Told:
    """An alert that may keep others still: by which rule, about what, when."""

    rule: str
    payload: Mapping[str, Any]
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Notification:
    """One message to be sent: groups of deliveries, more than one when it is a digest; ``again`` after a crash."""

    id: str
    groups: tuple[tuple[Pending, ...], ...]
    again: bool = False

    @property
    def deliveries(self) -> tuple[Pending, ...]:
        """All deliveries in it."""
        return tuple(item for group in self.groups for item in group)


@dataclass(frozen=True)
class Plan:
    """What to send to one channel, in order; ``held`` counts the deliveries that wait, by the reason."""

    notifications: tuple[Notification, ...] = ()
    held: Mapping[str, int] = field(default_factory=dict)


def muted(pending: Sequence[Pending], silences: Sequence[Silence], told: Sequence[Told]) -> list[tuple[int, str]]:
    """Deliveries that are not to be made, and why: a silence holds, or another alert keeps them still."""
    found = []
    for item in pending:
        if item.state == "sending":
            continue
        silence = next((one for one in silences if _silenced(item, one)), None)
        if silence is not None:
            found.append((item.pk, f"silence {silence.id}" + (f": {silence.comment}" if silence.comment else "")))
        elif loud := next((one for one in told if _inhibits(one, item)), None):
            found.append((item.pk, f"kept still by an alert of rule {loud.rule} at the same place"))
    return found


def _silenced(item: Pending, silence: Silence) -> bool:
    places, actors = _places(item.payload), _actors(item.payload)
    return (
        (silence.place is None or _named(silence.place, silence.places, _names(places)))
        and (silence.actor is None or _named(silence.actor, silence.actors, actors))
        and silence.incident in (None, item.incident_id)
        and silence.rule in (None, item.rule)
    )


def _named(said: str, ids: frozenset[str], names: Collection[str]) -> bool:
    return said.casefold() in {name.casefold() for name in names} or not ids.isdisjoint(names)


def _inhibits(loud: Told, item: Pending) -> bool:
    if loud.rule not in item.muted_by or not abs(item.found_at - loud.found_at) < item.mute_for:
        return False
    exact = [{p["id"] or p["name"] for p in _places(x) if _exact(p)} for x in (loud.payload, item.payload)]
    return bool(exact[0] & exact[1])


def _exact(place: Mapping[str, Any]) -> bool:
    return place.get("precision") is not None and place["precision"] <= _PRECISE


def _places(payload: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = (payload.get("incident") or payload).get("places") or ()
    return found


def _actors(payload: Mapping[str, Any]) -> Collection[str]:
    found: Collection[str] = (payload.get("incident") or payload).get("actors") or ()
    return found


def _names(places: Sequence[Mapping[str, Any]]) -> list[str]:
    return place_names(Place(p["name"], p.get("admin1"), None, None, None, None, p.get("id") or "") for p in places)


def plan(
    channel: Channel, pending: Sequence[Pending], last_sent: Mapping[str, datetime], sent_lately: int, now: datetime
) -> Plan:
    """What to send to ``channel`` now, of its ``pending`` deliveries.

    ``last_sent`` tells when each group was last told, ``sent_lately`` how many messages went out within the time of
    the channel's rate. What a killed process had begun to send comes first, exactly as it was.
    """
    begun: dict[str, list[Pending]] = {}
    waiting: dict[str, list[Pending]] = {}
    for item in pending:
        if item.state == "sending" and item.notification:
            begun.setdefault(item.notification, []).append(item)
        else:
            waiting.setdefault(item.group, []).append(item)
    first = [Notification(identifier, _regrouped(items), again=True) for identifier, items in begun.items()]
    held: dict[str, int] = {}
    due = []
    for group, items in waiting.items():
        if why := _held(channel, items, last_sent.get(group), now):
            held[why] = held.get(why, 0) + len(items)
        else:
            due.append(tuple(items))
    left = channel.rate.count - sent_lately - len(first)
    if due and left <= 0:
        held["rate"] = held.get("rate", 0) + sum(map(len, due))
        due = []
    if len(due) > min(channel.storm, left):
        return Plan((*first, Notification(identity(channel, due), tuple(due))), held)
    due.sort(key=lambda items: -max(SEVERITIES.index(item.severity) for item in items))
    return Plan((*first, *(Notification(identity(channel, [items]), (items,)) for items in due)), held)


def _held(channel: Channel, items: Sequence[Pending], last: datetime | None, now: datetime) -> str:
    """Why a group waits, in a word; empty when it is due."""
    retried = [item for item in items if item.attempts]
    if retried and all(item.found_at <= now < item.next_at for item in retried) and len(retried) == len(items):
        return "retry"
    # The first alert of a group opens it; the most impatient rule says how long it stays open.
    if all(item.found_at <= now < item.found_at + item.group_wait for item in items):
        return "group_wait"
    interval = min(item.group_interval for item in items)
    if last is not None and last <= now < last + interval:
        return "group_interval"
    urgent = any(SEVERITIES.index(item.severity) >= SEVERITIES.index(channel.pierce) for item in items)
    if channel.quiet_hours and channel.quiet_hours.hold(now) and not urgent:
        return "quiet_hours"
    return ""


def _regrouped(items: Sequence[Pending]) -> tuple[tuple[Pending, ...], ...]:
    groups: dict[str, list[Pending]] = {}
    for item in items:
        groups.setdefault(item.group, []).append(item)
    return tuple(tuple(group) for group in groups.values())


def identity(channel: Channel, groups: Sequence[Sequence[Pending]]) -> str:
    """The id of a message: the same deliveries to the same channel have the same, so that receivers can tell."""
    names = " ".join(item.alert for group in groups for item in group)
    return hashlib.blake2b(f"{channel.name} {names}".encode(), digest_size=8).hexdigest()


# How long after the first failed attempt it is tried again; doubled each time, up to the longest.
_FIRST_RETRY, _LONGEST_RETRY = timedelta(minutes=1), timedelta(hours=6)


def retry_at(attempts: int, now: datetime) -> datetime:
    """When to try again after so many attempts."""
    return now + min(_LONGEST_RETRY, timedelta(seconds=_FIRST_RETRY.total_seconds() * 2 ** min(attempts - 1, 12)))
