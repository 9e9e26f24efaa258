"""Which rules have something to say about what was found: pure decisions, no store and no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from monitor.alerts.facts import Fact, StoryFacts, changed, payload, place_record, standing, story_record
from monitor.alerts.rules import INCIDENT_KINDS, SEVERITIES, Rule
from monitor.incident import Incident, Update
from monitor.items import Place


@dataclass(frozen=True, slots=True)
class Route:
    """The way of an alert to one channel, as the rule that asked for it says."""

    channel: str
    rule: str
    severity: str
    group: str
    wait: timedelta = timedelta()
    interval: timedelta = timedelta()
    muted_by: tuple[str, ...] = ()
    mute_for: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Alert:
    """Something to tell. ``subject`` and ``fact`` together are its dedupe key; ``routes`` has each channel once."""

    subject: str
    fact: str
    kind: str
    payload: Mapping[str, Any]
    routes: tuple[Route, ...]
    incident_id: str | None = None

    @property
    def severity(self) -> str:
        """The most urgent severity that a rule gave it."""
        return max((route.severity for route in self.routes), key=SEVERITIES.index)


@dataclass
class Draft:
    """An alert while rules are asked one after the other."""

    kind: str
    payload: Mapping[str, Any]
    incident_id: str | None = None
    routes: dict[str, Route] = field(default_factory=dict)

    def add(self, routes: Iterable[Route]) -> None:
        """Take in ``routes``; where two rules name one channel, the more urgent is kept."""
        for route in routes:
            known = self.routes.get(route.channel)
            if known is None or SEVERITIES.index(route.severity) > SEVERITIES.index(known.severity):
                self.routes[route.channel] = route


def decide(
    updates: Sequence[Update], rules: Sequence[Rule], stories: Mapping[str, StoryFacts], now: datetime
) -> list[Alert]:
    """The alerts that ``rules`` ask for about ``updates``; ``stories`` are those of the incidents, by id.

    A rule speaks of what changed; and, when an incident comes to meet its matchers or its minimum of evidence only
    now, of all that it had to keep back.
    """
    drafts: dict[tuple[str, str], Draft] = {}
    for update in updates:
        for rule in rules:
            for fact in _facts(update, rule, stories, now):
                drafts.setdefault(
                    (update.after.id, fact.key),
                    Draft(fact.kind, payload(fact, update.after, stories), update.after.id),
                ).add(routes(rule, f"incident:{update.after.id}", fact.key, update.after.places))
    return [
        Alert(f"incident:{incident}", key, draft.kind, draft.payload, tuple(draft.routes.values()), draft.incident_id)
        for (incident, key), draft in drafts.items()
    ]


def routes(rule: Rule, subject: str, fact: str, places: Sequence[Place]) -> list[Route]:
    """The routes of an alert about ``subject`` to each channel of ``rule``."""
    group = {
        "incident": subject,
        "place": f"place:{places[0].name if places else ''}",
        "rule": f"rule:{rule.name}",
        "alert": f"{subject}:{fact}",
    }[rule.group_by]
    return [
        Route(
            channel=channel,
            rule=rule.name,
            severity=rule.severity,
            group=group,
            wait=rule.group_wait,
            interval=rule.group_interval,
            muted_by=rule.muted_by,
            mute_for=rule.mute_for,
        )
        for channel in rule.channels
    ]


def _facts(update: Update, rule: Rule, stories: Mapping[str, StoryFacts], now: datetime) -> Iterator[Fact]:
    if not rule.on & INCIDENT_KINDS or _too_old(update.after, rule, now) or not meets(update.after, rule, stories):
        return
    before = update.before is not None and meets(update.before, rule, stories)
    kept_back = update.before is not None and not before
    found = {fact.key: fact for fact in changed(update)}
    if kept_back:
        found |= {fact.key: fact for fact in standing(update) if fact.key not in found}
    for fact in found.values():
        if fact.kind in rule.on:
            yield fact
    if not before and "confirmed" in rule.on:
        yield Fact("confirmed", f"confirmed:{rule.min_origins}")
    if not before and "story" in rule.on:
        yield Fact("story", f"story:{rule.name}")


def _too_old(incident: Incident, rule: Rule, now: datetime) -> bool:
    if not rule.max_age:
        return False
    ended = incident.date_end or incident.date_start
    last = datetime.combine(ended, time.max, UTC) if ended else incident.last_reported_at
    return last < now - rule.max_age


def meets(incident: Incident, rule: Rule, stories: Mapping[str, StoryFacts]) -> bool:
    """Whether ``incident`` meets every matcher of ``rule`` and its minimum of evidence."""
    if incident.origin_count < rule.min_origins or incident.outlet_count < rule.min_outlets:
        return False
    if (incident.fatalities.best or 0) < rule.min_fatalities:
        return False
    if rule.event_types and incident.event_type not in rule.event_types:
        return False
    if not _names(rule.places, place_names(incident.places)) or not _names(rule.actors, incident.actors):
        return False
    if not rule.reads_stories:
        return True
    told = [stories[name] for name in incident.story_ids if name in stories]
    return any(_story_meets(story, rule) for story in told)


def _story_meets(story: StoryFacts, rule: Rule) -> bool:
    return (
        _names(rule.sources, [story.source])
        and _names(rule.languages, [story.language])
        and _names(rule.keywords, story.keywords)
        and story.relevance >= rule.min_relevance
    )


def _names(wanted: frozenset[str], found: Iterable[str]) -> bool:
    return not wanted or any(name.casefold() in wanted for name in found)


def place_names(places: Iterable[Place]) -> list[str]:
    """The names under which a rule or a silence may speak of ``places``: their ids, names and provinces."""
    return [name for place in places for name in (place.id, place.name, place.admin1) if name]


def decide_stories(stories: Iterable[StoryFacts], rules: Sequence[Rule], now: datetime) -> list[Alert]:
    """The alerts that rules on ``story`` ask for about stories that belong to no incident, each text once."""
    drafts: dict[tuple[str, str], Draft] = {}
    for story in stories:
        for rule in rules:
            if "story" in rule.on and story.incident_id is None and story_fits(story, rule, now):
                draft = drafts.setdefault((story.root, rule.name), Draft("story", story_payload(story, "story")))
                draft.add(routes(rule, f"story:{story.root}", rule.name, story.places))
    return [
        Alert(f"story:{root}", f"story:{rule}", draft.kind, draft.payload, tuple(draft.routes.values()))
        for (root, rule), draft in drafts.items()
    ]


def story_fits(story: StoryFacts, rule: Rule, now: datetime, incident: Incident | None = None) -> bool:
    """Whether a single story meets every matcher of ``rule``; one source is one origin, unless an incident has more."""
    if rule.max_age and (story.published_at is None or story.published_at < now - rule.max_age):
        return False
    return (
        _story_meets(story, rule)
        and rule.min_origins <= (incident.origin_count if incident else 1)
        and rule.min_outlets <= (incident.outlet_count if incident else 1)
        and (not rule.event_types or story.event_type in rule.event_types)
        and _names(rule.places, place_names(story.places))
        and _names(rule.actors, story.actors)
    )


def story_payload(story: StoryFacts, kind: str, **more: Any) -> dict[str, Any]:
    """What is written down with an alert about a single story."""
    return {
        "kind": kind,
        "places": [place_record(place) for place in story.places[:5]],
        "actors": list(story.actors),
        "event_type": story.event_type,
        "stories": [story_record(story)],
        **more,
    }
