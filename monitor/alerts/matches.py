"""Alerts about what saved searches find: each new match once, with the evidence that its incident has. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from monitor.alerts.decide import Alert, Draft, routes, story_fits, story_payload
from monitor.alerts.facts import StoryFacts
from monitor.alerts.rules import Rule
from monitor.incident import Incident, Update


def decide_matches(
    found: Mapping[str, Iterable[StoryFacts]],
    rules: Sequence[Rule],
    incidents: Mapping[str, Incident],
    now: datetime,
) -> list[Alert]:
    """The alerts that rules on ``search`` ask for about the stories that each search (by name) found.

    A text is told once for each search, however often it is reprinted and whichever rules ask. The evidence is that of
    the story's incident; a story of none is one origin and one outlet. Matches of an incident are told together with
    what else is told of it, the others of one search together.
    """
    drafts: dict[tuple[str, str], Draft] = {}
    for rule in rules:
        for story in found.get(rule.search, ()) if "search" in rule.on else ():
            incident = incidents.get(story.incident_id or "")
            if not story_fits(story, rule, now, incident) or _dead(incident) < rule.min_fatalities:
                continue
            draft = drafts.setdefault(
                (story.root, rule.search),
                Draft("search", _payload(story, rule.search, incident), incident.id if incident else None),
            )
            subject = f"incident:{incident.id}" if incident else f"search:{rule.search}"
            draft.add(routes(rule, subject, f"story:{story.root}", story.places))
    return [
        Alert(
            f"story:{root}", f"search:{name}", "search", draft.payload, tuple(draft.routes.values()), draft.incident_id
        )
        for (root, name), draft in drafts.items()
    ]


def come_to_evidence(updates: Iterable[Update], rule: Rule) -> list[Incident]:
    """The incidents that only now have the evidence that ``rule`` asks for: what was held back of them can be told."""
    return [u.after for u in updates if u.before is not None and not _enough(u.before, rule) and _enough(u.after, rule)]


def _enough(incident: Incident, rule: Rule) -> bool:
    return (
        incident.origin_count >= rule.min_origins
        and incident.outlet_count >= rule.min_outlets
        and _dead(incident) >= rule.min_fatalities
    )


def _dead(incident: Incident | None) -> int:
    return (incident.fatalities.best or 0) if incident else 0


def _payload(story: StoryFacts, name: str, incident: Incident | None) -> dict[str, object]:
    counts = (incident.origin_count, incident.outlet_count) if incident else (1, 1)
    return story_payload(story, "search", search=name, origin_count=counts[0], outlet_count=counts[1])
