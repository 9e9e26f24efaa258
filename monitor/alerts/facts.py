"""What an alert tells: one fact about an incident, under a key that stays the same however often it is found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from monitor.incident import Figure, Incident, LedgerLine, Update
from monitor.items import Place, isoformat

# So many lines of the ledger and links go into a message; the rest is counted.
_MOST_LINES, _MOST_LINKS = 14, 6
_QUOTE = 300


@dataclass(frozen=True, slots=True)
class StoryFacts:
    """What rules and messages need to know of a story; ``root`` is the story whose text it repeats, or itself."""

    id: str
    root: str
    url: str
    title: str
    source: str
    language: str
    event_type: str
    relevance: float
    published_at: datetime | None
    incident_id: str | None
    keywords: Mapping[str, int] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    actors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to tell of an incident. ``key`` names it within the incident; ``before`` is the figure it replaces."""

    kind: str
    key: str
    line: LedgerLine | None = None
    before: Figure | None = None


def changed(update: Update) -> Iterator[Fact]:
    """The facts that the changes of ``update`` are; of a new incident, all there is."""
    if update.before is None:
        yield from standing(update)
        return
    for change in update.changes:
        if change.kind == "new":
            yield Fact("new", "new")
        elif change.line is None:
            continue
        elif change.kind == "claim":
            yield _claim(change.line, change.was)
        elif change.kind == "contradiction" and change.other:
            yield _contradiction(change.line, change.other)
        elif change.kind == "denial":
            yield _denial(change.line)


def standing(update: Update) -> Iterator[Fact]:
    """All facts about the incident as it is now, for a rule that only now has the evidence it asks for."""
    yield Fact("new", "new")
    old = {line.key: line.current for line in update.before.claims} if update.before else {}
    for line in update.after.claims:
        yield _claim(line, old.get(line.key))
        for other in line.contradicted_by:
            yield _contradiction(line, other)
        if line.denials:
            yield _denial(line)


def _claim(line: LedgerLine, was: Figure | None) -> Fact:
    same = was is not None and _number(was) == _number(line.current)
    return Fact("claim", f"claim:{_line(line)}:{_number(line.current)}", line, None if same else was)


def _contradiction(line: LedgerLine, other: str) -> Fact:
    """The same fact from both sides: each claimant's line is contradicted by the other."""
    sides = "+".join(sorted((line.claimant, other)))
    return Fact("contradiction", f"contradiction:{line.party}/{line.outcome}/{line.what or ''}:{sides}", line)


def _denial(line: LedgerLine) -> Fact:
    return Fact("denial", f"denial:{_line(line)}:{_number(line.current)}", line)


def _line(line: LedgerLine) -> str:
    return "/".join((line.claimant, line.party, line.outcome, line.what or ""))


def _number(figure: Figure) -> str:
    low, high = figure.count_low, figure.count_high
    return f"{'' if low is None else low}-{'' if high is None else high}"


# What is written down with an alert: all that a message needs, so that it tells what was known when it was found.


def payload(fact: Fact, incident: Incident, stories: Mapping[str, StoryFacts]) -> dict[str, Any]:
    """``fact`` and its incident as a JSON-ready object."""
    told = [stories[name] for name in incident.story_ids if name in stories]
    line = fact.line
    return {
        "kind": fact.kind,
        "line": None if line is None else _line_record(line),
        "before": None if fact.before is None else _figure(fact.before),
        "incident": _incident(incident),
        "stories": [story_record(story) for story in _chosen(told)],
    }


def story_record(story: StoryFacts) -> dict[str, Any]:
    """A story as messages link to it."""
    return {
        "id": story.id,
        "title": story.title,
        "url": story.url,
        "source": story.source,
        "language": story.language,
        "published_at": isoformat(story.published_at),
    }


def place_record(place: Place) -> dict[str, Any]:
    """A place as messages name it and rules compare it."""
    return {"id": place.id, "name": place.name, "admin1": place.admin1, "precision": place.geo_precision}


def _chosen(stories: list[StoryFacts]) -> list[StoryFacts]:
    """The first story and the newest ones, each text once."""
    once = list({story.root: story for story in reversed(stories)}.values())[::-1]
    return once if len(once) <= _MOST_LINKS else [once[0], *once[-(_MOST_LINKS - 1) :]]


def _incident(incident: Incident) -> dict[str, Any]:
    return {
        "id": incident.id,
        "title": incident.title,
        "event_type": incident.event_type,
        "date_start": incident.date_start.isoformat() if incident.date_start else None,
        "date_end": incident.date_end.isoformat() if incident.date_end else None,
        "status": incident.status,
        "revision": incident.revision,
        "places": [place_record(place) for place in incident.places],
        "actors": list(incident.actors),
        "languages": list(incident.languages),
        "outlet_count": incident.outlet_count,
        "origin_count": incident.origin_count,
        "story_count": len(incident.story_ids),
        "fatalities": [incident.fatalities.best, incident.fatalities.low, incident.fatalities.high],
        "claims": [_line_record(line) for line in incident.claims[:_MOST_LINES]],
        "more_claims": max(0, len(incident.claims) - _MOST_LINES),
        "first_reported_at": isoformat(incident.first_reported_at),
        "last_reported_at": isoformat(incident.last_reported_at),
    }


def _line_record(line: LedgerLine) -> dict[str, Any]:
    return {
        "claimant": line.claimant,
        "party": line.party,
        "outcome": line.outcome,
        "what": line.what,
        **_figure(line.current),
        "denials": [{"speaker": figure.speaker, "quote": figure.quote[:_QUOTE]} for figure in line.denials[:3]],
        "contradicted_by": list(line.contradicted_by),
        "confirmed_by": list(line.confirmed_by),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "low": figure.count_low,
        "high": figure.count_high,
        "qualifier": figure.qualifier,
        "stance": figure.stance,
        "speaker": figure.speaker,
        "quote": figure.quote[:_QUOTE],
        "source": figure.source,
        "url": figure.url,
        "language": figure.language,
        "origins": len(figure.origins),
    }
