"""Alerts about states and times of day: crossings, sources, languages, the crawl; briefs and the all-clear. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from monitor.alerts.decide import Alert, Draft, routes, story_fits, story_payload
from monitor.alerts.facts import StoryFacts
from monitor.alerts.rules import Rule
from monitor.health import Health
from monitor.items import isoformat

# A message at a time of day comes so late at most: the machine may have been asleep.
_LATEST = timedelta(hours=6)
_PRECISE = 2


@dataclass(frozen=True, slots=True)
class State:
    """The last known state of ``subject``, since when, and when it was last told."""

    subject: str
    state: str
    since: datetime
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A source, a language or the crawl as health judges it."""

    subject: str
    kind: str
    name: str
    bad: bool
    state: str
    reasons: tuple[str, ...]


def decide_crossings(
    stories: Iterable[StoryFacts],
    rules: Sequence[Rule],
    known: Mapping[str, State],
    words: Mapping[str, str],
    now: datetime,
) -> tuple[list[Alert], list[State]]:
    """Alerts about crossings that were closed or opened again, and their new states.

    Only a change of state is told, and only by a story published after the one that told the last: an old story read
    again changes nothing. A story without a time tells nothing. ``words`` are the keywords of crossings, and what each
    tells: closed or reopened.
    """
    states, drafts = dict(known), dict[tuple[str, str], Draft]()
    dated = [story for story in stories if story.event_type == "crossing_closed" and story.published_at is not None]
    for story in sorted(dated, key=lambda story: (story.published_at, story.id)):
        place = next((p for p in story.places if p.geo_precision is not None and p.geo_precision <= _PRECISE), None)
        if place is None or story.published_at is None:
            continue
        kind = _said(story.keywords, words)
        subject = f"crossing:{place.id or place.name}"
        last = states.get(subject)
        if last is not None and (last.state == kind or story.published_at <= last.since):
            continue
        fitting = [rule for rule in rules if kind in rule.on and story_fits(story, rule, now)]
        states[subject] = State(subject, kind, story.published_at, now if fitting else None)
        fact = f"{kind}:{isoformat(story.published_at)}"
        for rule in fitting:
            draft = drafts.setdefault((subject, fact), Draft(kind, story_payload(story, kind, place=place.name)))
            draft.add(routes(rule, subject, fact, story.places))
    alerts = [
        Alert(subject, fact, draft.kind, draft.payload, tuple(draft.routes.values()))
        for (subject, fact), draft in drafts.items()
    ]
    return alerts, [state for subject, state in states.items() if state != known.get(subject)]


def _said(found: Mapping[str, int], words: Mapping[str, str]) -> str:
    """Whether a story tells more of a reopening than of a closure."""
    counts = {"closed": 0, "reopened": 0}
    for name, count in found.items():
        if name in words:
            counts[words[name]] += count
    return "reopened" if counts["reopened"] > counts["closed"] else "closed"


def judged(health: Health) -> list[Judged]:
    """Everything that ``health`` judges, as states."""
    bad = {"sick", "quiet"}
    return [
        Judged("run", "run", "the crawl", health.run.state in bad, health.run.state, health.run.reasons),
        *(
            Judged(f"language:{x.language}", "language", x.name, x.state in bad, x.state, x.reasons)
            for x in health.languages
        ),
        *(
            Judged(f"source:{x.id}", "source", x.id, x.state in bad, x.state, x.reasons)
            for x in health.sources
            if x.state != "off"
        ),
    ]


def decide_health(
    found: Iterable[Judged], rules: Sequence[Rule], known: Mapping[str, State], now: datetime
) -> tuple[list[Alert], list[State]]:
    """Alerts about what became unhealthy, still is after ``repeat_interval``, or is well again; and the new states."""
    alerts, states = [], []
    for item in found:
        asking = [rule for rule in rules if item.kind in rule.on and _about(item, rule)]
        last = known.get(item.subject)
        state = "bad" if item.bad else "well"
        if last is None and not item.bad:
            continue
        turned = last is None or last.state != state
        since = now if turned or last is None else last.since
        told_at = None if last is None else last.told_at
        if not turned:
            again = [rule for rule in asking if item.bad and rule.repeat_interval and _again(rule, told_at, now)]
        else:
            again = [rule for rule in asking if item.bad or rule.resolved]
        if again:
            fact = f"{state}:{isoformat(since)}" + ("" if turned else f":{isoformat(now)}")
            alerts.append(_health_alert(item, fact, again, since))
        if turned or again:
            states.append(State(item.subject, state, since, now if again else told_at))
    return alerts, states


def _about(item: Judged, rule: Rule) -> bool:
    names = {"source": rule.sources, "language": rule.languages}.get(item.kind, frozenset())
    return not names or item.subject.partition(":")[2].casefold() in names


def _again(rule: Rule, told_at: datetime | None, now: datetime) -> bool:
    return told_at is None or not told_at <= now < told_at + rule.repeat_interval


def _health_alert(item: Judged, fact: str, rules: Sequence[Rule], since: datetime) -> Alert:
    payload = {
        "kind": item.kind,
        "subject": item.name,
        "state": item.state,
        "bad": item.bad,
        "since": isoformat(since),
        "reasons": list(item.reasons),
    }
    draft = Draft(item.kind, payload)
    for rule in rules:
        draft.add(routes(rule, f"health:{item.kind}", fact, ()))
    return Alert(item.subject, fact, item.kind, payload, tuple(draft.routes.values()))


def decide_clock(
    rules: Sequence[Rule], zone: tzinfo, now: datetime, compose: Mapping[str, Callable[[], Mapping[str, Any] | None]]
) -> list[Alert]:
    """The messages of rules with a time of day that has come; ``compose`` makes the payload of each kind."""
    alerts = []
    local = now.astimezone(zone)
    for rule in rules:
        for day in (local.date(), local.date() - timedelta(days=1)) if rule.at else ():
            due = datetime.combine(day, rule.at or time(), zone)
            if not due <= local < due + _LATEST:
                continue
            for kind in sorted(rule.on & compose.keys()):
                if (payload := compose[kind]()) is not None:
                    fact = f"{kind}:{day.isoformat()}"
                    found = routes(rule, f"rule:{rule.name}", fact, ())
                    alerts.append(Alert(f"rule:{rule.name}", fact, kind, payload, tuple(found)))
    return alerts
