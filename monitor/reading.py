"""From the stories of an incident to the incident: when, where, what, how many died, and what to call it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from monitor.analysis.fatalities import fatalities
from monitor.analysis.ground import Ground, kilometres
from monitor.analysis.incidents import days_of, is_along_the_line
from monitor.analysis.ledger import ledger
from monitor.analysis.origins import SIDE
from monitor.analysis.sightings import Sighting
from monitor.analysis.tally import Report
from monitor.analysis.topic import Topic
from monitor.incident import Incident, status_at
from monitor.items import Claim, Place, Story

# What names a claim when a person rejects it: story, party, outcome, what, count.
Rejection = tuple[str, str, str, str | None, int | None]
# A place belongs to an incident when this share of its stories names it (the first place of a story counts twice), and
# more than one does, or it is the one most of them name; fighting along the whole line has many places.
_PLACE_SHARE, _PLACE_SHARE_OF_LINE, _FEWEST = 0.1, 0.03, 2
_ACTOR_SHARE = 0.2
_MOST_PLACES = 12
_TITLE_PLACES = 3
# Points farther apart than this, in kilometres, are no one point on a map.
_ONE_POINT_KM = 80.0


def reported_at(story: Story) -> datetime:
    """When a story was published; where that is not known, the day after its event, or when it was fetched."""
    if story.published_at is not None and story.published_precision != "unknown":
        return story.published_at
    happened = story.event_date_end or story.event_date
    if happened is None:
        return story.fetched_at
    return min(story.fetched_at, datetime.combine(happened + timedelta(days=1), time.min, UTC))


def event_days(story: Story) -> list[date]:
    """The days a story's event is of, or the day it was published; none when neither is known."""
    if story.event_date is not None:
        return [story.event_date, story.event_date_end or story.event_date]
    known = story.published_at is not None and story.published_precision != "unknown"
    return [story.published_at.date()] if known and story.published_at else []


def read_incident(
    identifier: str,
    stories: Sequence[Story],
    reports: Sequence[Report],
    sightings: Mapping[str, Sighting],
    topic: Topic,
    ground: Ground,
    *,
    classes: Mapping[str, str],
    title: str | None = None,
    now: datetime,
) -> Incident:
    """The incident that ``stories`` (not empty) tell of, with what ``reports`` claim of it.

    ``classes`` gives, for an origin that is not independent of others, the one they all count as; ``title`` is one that
    a person gave.
    """
    ordered = sorted(stories, key=lambda story: (reported_at(story), story.id))
    seen = [sightings[story.id] for story in ordered]
    days = days_of(seen)
    kind = _event_type(ordered)
    places = _places(ordered, seen, ground)
    spot = _point(places, ground)
    side_of = {party.id: party.side for party in topic.parties.values()}
    everywhere = [party for party, side in side_of.items() if side == "unknown"]
    lines = ledger(reports, topic.sides, everywhere)
    last = max(map(reported_at, ordered))
    return Incident(
        id=identifier,
        title=title or _title(kind, places, days, seen, topic, ground),
        event_type=kind,
        date_start=days[0] if days else None,
        date_end=days[1] if days else None,
        time_precision="unknown" if days is None else "day" if days[0] == days[1] else "range",
        places=places,
        lat=spot.lat if spot else None,
        lon=spot.lon if spot else None,
        geo_precision=spot.geo_precision if spot else None,
        status=status_at(now, last, lines),
        story_ids=tuple(story.id for story in ordered),
        outlet_count=len({story.source for story in ordered}),
        origin_count=len({class_of(story, classes) for story in ordered}),
        languages=tuple(language for language, _ in Counter(story.language for story in ordered).most_common()),
        actors=_actors(ordered),
        claims=lines,
        fatalities=fatalities(lines, side_of, topic.sides),
        first_reported_at=reported_at(ordered[0]),
        last_reported_at=last,
    )


def class_of(story: Story, classes: Mapping[str, str]) -> str:
    """The independent origin that a story counts for."""
    origin = story.origin or story.source
    return classes.get(origin, origin)


def report(story: Story, claims: Sequence[Claim], classes: Mapping[str, str]) -> Report:
    """``story`` as a source of ``claims``, which are all or some of its own.

    What a voice of one side tells and says nobody else told it is that side's word.
    """
    origin = class_of(story, classes)
    if origin.startswith(SIDE):
        side = origin.removeprefix(SIDE)
        claims = [replace(claim, claimant=side) if claim.claimant == "unknown" else claim for claim in claims]
    return Report(
        story=story.id,
        source=story.source,
        url=story.url,
        language=story.language,
        reported_at=reported_at(story),
        origin=origin,
        claims=claims,
    )


def rejection(story: str, claim: Claim) -> Rejection:
    """What names a claim when a person rejects it: it survives that the story is read again."""
    count = claim.count_low if claim.count_low is not None else claim.count_high
    return story, claim.party, claim.outcome, claim.what, count


def _event_type(stories: Sequence[Story]) -> str:
    """The type most stories give, a near-duplicate counting once; ties go to the type told first."""
    counts: Counter[str] = Counter()
    for story in stories:
        if story.duplicate_of is None:
            counts[story.event_type] += 1
    return counts.most_common(1)[0][0] if counts else stories[0].event_type


def _places(stories: Sequence[Story], seen: Sequence[Sighting], ground: Ground) -> tuple[Place, ...]:
    """The places that enough stories name as where it happened, those named most first."""
    counts: Counter[str] = Counter()
    for sighting in seen:
        counts.update(dict.fromkeys(sighting.spots or sighting.areas, 1))
        # The first place of a story is its scene.
        counts.update((sighting.spots or sighting.areas)[:1])
    items = {place.id: place for story in stories for place in story.places}
    ranked = sorted((p for p in counts if p in items), key=lambda p: (-counts[p], p))
    share = _PLACE_SHARE_OF_LINE if is_along_the_line(seen, ground) else _PLACE_SHARE
    kept = [p for p in ranked if counts[p] >= max(_FEWEST, share * len(stories))] or ranked[:1]
    if not kept:
        kept = [place.id for story in stories for place in story.places if ground.is_line(place.id)][:1]
    return tuple(items[place] for place in kept[:_MOST_PLACES])


def _point(places: Sequence[Place], ground: Ground) -> Place | None:
    """The place that stands for the incident on a map; None when its places lie too far apart for one point."""
    known = [
        place
        for place in places
        if place.geo_precision is not None and place.lat is not None and place.id in ground.places
    ]
    if not known:
        return None
    best = min(known, key=lambda place: (place.geo_precision or 9, known.index(place)))
    here = ground.places[best.id]
    far = [p for p in known if (kilometres(here, ground.places[p.id]) or 0.0) > _ONE_POINT_KM]
    return None if len(far) * 2 >= len(known) else best


def _actors(stories: Sequence[Story]) -> tuple[str, ...]:
    counts = Counter(actor for story in stories for actor in story.actors)
    return tuple(actor for actor, count in counts.most_common() if count >= _ACTOR_SHARE * len(stories))


def _title(
    kind: str,
    places: Sequence[Place],
    days: tuple[date, date] | None,
    seen: Sequence[Sighting],
    topic: Topic,
    ground: Ground,
) -> str:
    """What it is, where and when: "Armed clash at A and B, 3 May 2021"."""
    names = [place.name for place in places]
    wide = is_along_the_line(seen, ground)
    what = kind.replace("_", " ").capitalize()
    if what.lower() in ("other", "attack", "ied", "statement"):
        what = {"ied": "Explosion", "attack": "Attack"}.get(kind, "Incident")
    where = (
        f"along the border ({', '.join(names[:_TITLE_PLACES])})" if wide and names else _listed(names[:_TITLE_PLACES])
    )
    when = _dates(days)
    return "".join((what, f" {where}" if wide else f" at {where}" if where else "", f", {when}" if when else ""))


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _dates(days: tuple[date, date] | None) -> str:
    """The days for a title: "3 May 2021", "11–12 October 2025"."""
    if days is None:
        return ""
    first, last = days
    end = f"{last.day} {last:%B} {last.year}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{first.day} {first:%B}{'' if first.year == last.year else f' {first.year}'} – {end}"
