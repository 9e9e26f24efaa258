"""Queueing alerts: what the rules ask for becomes rows, in the transaction that found the cause."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from sqlite3 import Connection
from typing import Any

from monitor.alerts.book import Book
from monitor.alerts.decide import Alert, decide, decide_stories, routes
from monitor.alerts.facts import Fact, payload
from monitor.alerts.matches import come_to_evidence, decide_matches
from monitor.alerts.rules import CROSSING_KINDS, INCIDENT_KINDS, Rule
from monitor.alerts.states import decide_clock, decide_crossings, decide_health, judged
from monitor.errors import MonitorError
from monitor.health import Health
from monitor.incident import Incident, Update
from monitor.items import isoformat
from monitor.store import alertable
from monitor.store import alerts as store
from monitor.store.database import transaction
from monitor.store.incidents import load_incident
from monitor.store.searches import matches_among, new_matches

_log = logging.getLogger(__name__)

# So many of an incident's stories are looked at for a message, and for the matchers that stories have.
_FOR_LINKS, _FOR_MATCHERS = 12, 400


def queue_alerts(
    conn: Connection, updates: Sequence[Update], book: Book, now: datetime, *, decided: bool = False
) -> int:
    """Queue what the rules of ``book`` ask for about ``updates``; return how many alerts are new.

    Call it inside the transaction that stored the updates: alert and cause are then there together or not at all. What
    was told before is not told again, whatever becomes of the incidents: the key of an alert is the incident's id, the
    kind and the fact, and ids that were merged or split count as one (for a split, up to the time of it).

    ``decided`` says that people put stories together otherwise: nobody changed a figure then, so none is told as
    having been another before, and a figure told of the incident that a story was in is not told of the one it is in.
    """
    with transaction(conn):
        for incident, other, until in kinships(updates, now):
            store.note_kin(conn, incident, other, until)
        held_back = _queue_held_back(conn, updates, book, now)
        if not any(rule.on & INCIDENT_KINDS for rule in book.rules):
            return held_back
        stories = alertable.story_facts(conn, _wanted(updates, book))
        alerts = decide(updates, book.rules, stories, now)
        if decided:
            alerts = [replace(alert, payload={**alert.payload, "before": None}) for alert in alerts]
        return held_back + store.add_alerts(conn, alerts, now, _donors(updates) if decided else None)


def _donors(updates: Sequence[Update]) -> dict[str, set[str]]:
    """For each incident that ``updates`` gave a story, the incidents that it was in."""
    was = {story: update.before.id for update in updates if update.before for story in update.before.story_ids}
    return {
        update.after.id: {was[story] for story in update.after.story_ids if story in was} - {update.after.id}
        for update in updates
    }


def kinships(updates: Sequence[Update], now: datetime) -> Iterator[tuple[str, str, datetime | None]]:
    """The incidents that mergers and splits make kin, and up to when what was told of the one counts for the other.

    One that took only few of its stories from another is news of its own, not what was told before.
    """
    before = {update.after.id: frozenset(update.before.story_ids) for update in updates if update.before}
    for update in updates:
        for change in update.changes:
            if change.kind == "merged" and change.other:
                yield update.after.id, change.other, None
            elif change.kind == "split" and change.other:
                own = update.after.story_ids
                taken = sum(story in before.get(change.other, own) for story in own)
                if taken * 2 >= len(own):
                    yield update.after.id, change.other, now


def _wanted(updates: Sequence[Update], book: Book) -> list[str]:
    """The stories to look at: all, within bounds, where a rule asks for what they tell; else those to link to."""
    most = _FOR_MATCHERS if any(rule.reads_stories for rule in book.rules) else _FOR_LINKS
    found: dict[str, None] = {}
    for update in updates:
        ids = update.after.story_ids
        found |= dict.fromkeys(ids if len(ids) <= most else (*ids[:2], *ids[-(most - 2) :]))
    return list(found)


def queue_story_alerts(conn: Connection, story_ids: Iterable[str], book: Book, now: datetime) -> int:
    """Queue what the rules ask for about single stories: crossings closed or reopened, matches outside of incidents."""
    if not any(rule.on & (CROSSING_KINDS | {"story"}) for rule in book.rules):
        return 0
    with transaction(conn):
        stories = list(alertable.story_facts(conn, list(story_ids)).values())
        alerts = decide_stories(stories, book.rules, now)
        crossings, states = decide_crossings(
            stories, book.rules, alertable.states(conn, "crossing:"), book.crossing_words, now
        )
        alertable.save_states(conn, states)
        return store.add_alerts(conn, [*alerts, *crossings], now)


def queue_new_stories(conn: Connection, book: Book, now: datetime) -> int:
    """``queue_story_alerts`` for every story stored since this was last called. One transaction."""
    with transaction(conn):
        looked = alertable.looked_at(conn)
        ids, last = alertable.stories_since_looked(conn)
        alertable.note_looked(conn, last)
        added = queue_story_alerts(conn, ids, book, now) if ids else 0
        return added + (queue_matches(conn, looked, book, now) if last > looked else 0)


def queue_matches(conn: Connection, since_pk: int, book: Book, now: datetime) -> int:
    """Queue what saved searches that rules name find among the stories stored after row ``since_pk``.

    A search that is gone or cannot be understood any more is told in the log, and is nothing to fail of: the next
    start refuses it.
    """
    asking = [rule for rule in book.rules if rule.search]
    found = {}
    for name in dict.fromkeys(rule.search for rule in asking):
        try:
            found[name] = [hit.id for hit in new_matches(conn, name, since_pk)[1]]
        except MonitorError as error:
            _log.warning("alerts on the search %r: %s", name, error)
    return _add_matches(conn, found, asking, now)


def _queue_held_back(conn: Connection, updates: Sequence[Update], book: Book, now: datetime) -> int:
    """Queue the matches that were held back until their incident had the evidence that a rule asks for."""
    added = 0
    for rule in book.rules:
        grown = [story for one in come_to_evidence(updates, rule) for story in one.story_ids] if rule.search else []
        if grown:
            try:
                added += _add_matches(conn, {rule.search: matches_among(conn, rule.search, grown)}, [rule], now)
            except MonitorError as error:
                _log.warning("alerts on the search %r: %s", rule.search, error)
    return added


def _add_matches(conn: Connection, found: Mapping[str, Sequence[str]], rules: Sequence[Rule], now: datetime) -> int:
    stories = alertable.story_facts(conn, list({story for ids in found.values() for story in ids}))
    names = {story.incident_id for story in stories.values() if story.incident_id}
    incidents = {name: one for name in sorted(names) if (one := load_incident(conn, name, now)) is not None}
    matches = {name: [stories[story] for story in ids] for name, ids in found.items()}
    return store.add_alerts(conn, decide_matches(matches, rules, incidents, now), now)


def queue_health_alerts(conn: Connection, health: Health, book: Book, now: datetime) -> int:
    """Queue what the rules ask for about the health of sources, languages and the crawl."""
    with transaction(conn):
        alerts, states = decide_health(judged(health), book.rules, alertable.states(conn), now)
        alertable.save_states(conn, states)
        return store.add_alerts(conn, alerts, now)


def queue_clock_alerts(
    conn: Connection, book: Book, now: datetime, compose: Mapping[str, Callable[[], Mapping[str, Any] | None]]
) -> int:
    """Queue the briefs and all-clears whose time of day has come; ``compose`` makes the payload of each kind."""
    return store.add_alerts(conn, decide_clock(book.rules, book.zone, now, compose), now)


def queue_reminders(
    conn: Connection, book: Book, now: datetime, load: Callable[[Connection, str], Incident | None]
) -> int:
    """Queue a reminder of each incident that goes on and was last told of longer ago than ``repeat_interval``."""
    rules = [rule for rule in book.rules if rule.repeat_interval and rule.on & INCIDENT_KINDS]
    alerts: list[Alert] = []
    with transaction(conn):
        for rule in rules:
            for name in store.untold_since(conn, rule.name, now - rule.repeat_interval, now):
                incident = load(conn, name)
                if incident is not None and incident.status != "quiet":
                    alerts.append(_reminder(conn, incident, book, rule.name, now))
        return store.add_alerts(conn, alerts, now)


def _reminder(conn: Connection, incident: Incident, book: Book, rule: str, now: datetime) -> Alert:
    asking = next(one for one in book.rules if one.name == rule)
    fact = Fact("repeat", f"repeat:{rule}:{isoformat(now)}")
    subject = f"incident:{incident.id}"
    stories = alertable.story_facts(conn, incident.story_ids[-_FOR_LINKS:])
    told = payload(fact, incident, stories)
    return Alert(
        subject, fact.key, "repeat", told, tuple(routes(asking, subject, fact.key, incident.places)), incident.id
    )
